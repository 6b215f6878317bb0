//! The office's settings for phones: one record, of which the table holds what is not as it is by default.

use domain::policy::{Policy, SettingFault};
use serde_json::{Value, json};

use super::{
    SqlDatabase, audit,
    sql::{self, Tx},
};
use crate::db::{AuditEntry, DbError};

/// The settings as this transaction sees them.
pub(crate) async fn read(tx: &mut Tx) -> Result<Policy, DbError> {
    let rows = sql::query("SELECT name, value FROM setting").fetch_all(tx).await?;
    let member = |row: &sql::Row| -> Result<(String, Value), DbError> {
        let (name, value): (String, String) = (row.try_get("name")?, row.try_get("value")?);
        Ok((name, value.into()))
    };
    Ok(Policy::read(&rows.iter().map(member).collect::<Result<_, _>>()?))
}

pub(crate) async fn policy(db: &SqlDatabase) -> Result<Policy, DbError> {
    read(&mut db.read().await?).await
}

/// Changes one setting, read and written in one transaction so that two who change at once both have their way.
pub(crate) async fn change(
    db: &SqlDatabase,
    name: &str,
    value: &str,
    now: i64,
) -> Result<Result<Policy, SettingFault>, DbError> {
    let mut tx = db.write().await?;
    let mut policy = read(&mut tx).await?;
    if let Err(fault) = policy.set(name, value) {
        return Ok(Err(fault));
    }
    put(&mut tx, policy, now).await?;
    tx.commit().await?;
    Ok(Ok(policy))
}

/// Writes the settings down. Phones hear of them at their next contact; where a phone is to show more or less than before, everything is pulled
/// again under the new mask.
async fn put(tx: &mut Tx, new: Policy, now: i64) -> Result<(), DbError> {
    let old = read(tx).await?;
    if new == old {
        return Ok(());
    }
    // How long what is kept stands in the same table.
    sql::query("DELETE FROM setting WHERE name IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(Policy::SETTINGS.map(|(name, _)| name)))
        .execute(tx)
        .await?;
    let defaults = Policy::default().members();
    for (name, value) in new.members() {
        if defaults.get(&name) == Some(&value) {
            continue;
        }
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        sql::query("INSERT INTO setting (name, value) VALUES ($1, $2)")
            .bind(name)
            .bind(text)
            .execute(tx)
            .await?;
    }
    if (new.id_tail, new.birth_shown) != (old.id_tail, old.birth_shown) {
        sql::query("UPDATE account SET scope_rev = scope_rev + 1, view_rev = scope_rev + 1")
            .execute(tx)
            .await?;
    }
    let detail = json!({"by": "command line", "before": old.members(), "after": new.members()});
    audit::append(tx, AuditEntry::operator("settings", detail, now)).await?;
    Ok(())
}
