//! For how long what is kept: rows among the settings, in months, where it is not as by default.

use serde_json::json;

use super::{
    SqlDatabase, audit,
    sql::{self, Tx},
};
use crate::{
    db::{AuditEntry, DbError},
    retention::Keeping,
};

pub(crate) async fn read(db: &SqlDatabase) -> Result<Keeping, DbError> {
    read_in(&mut db.read().await?).await
}

async fn read_in(tx: &mut Tx) -> Result<Keeping, DbError> {
    let rows = sql::query("SELECT name, value FROM setting").fetch_all(tx).await?;
    let mut keeping = Keeping::default();
    for row in &rows {
        // Settings of another sort, and values of a later version, are not for here.
        let _ = keeping.set(row.try_get("name")?, row.try_get("value")?);
    }
    Ok(keeping)
}

pub(crate) async fn put(db: &SqlDatabase, name: &'static str, months: u32, now: i64) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let before = read_in(&mut tx).await?;
    sql::query(
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2",
    )
    .bind(name)
    .bind(months.to_string())
    .execute(&mut tx)
    .await?;
    let after = read_in(&mut tx).await?;
    let detail = json!({"by": "command line", "before": before.members(), "after": after.members()});
    audit::append(&mut tx, AuditEntry::operator("keeping", detail, now)).await?;
    tx.commit().await
}
