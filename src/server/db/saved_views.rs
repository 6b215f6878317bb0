//! 常用查看: how somebody looks at tables again and again. They are of the account, whichever PC it sits at.

use serde_json::Value;
use std::collections::BTreeMap;

use super::{SqlDatabase, rows::id, scope, sql};
use crate::db::{Caller, DbError};

/// The caller's saved views of each table.
pub(crate) async fn list(db: &SqlDatabase, who: &Caller) -> Result<BTreeMap<String, Value>, DbError> {
    let mut tx = db.read().await?;
    scope::caller(db, &mut tx, who).await?;
    let rows = sql::query("SELECT shown, body FROM saved_view WHERE account = $1")
        .bind(id(who.account))
        .fetch_all(&mut tx)
        .await?;
    let views = |row: &sql::Row| -> Result<(String, Value), DbError> {
        let body = serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("saved_view"))?;
        Ok((row.try_get("shown")?, body))
    };
    rows.iter().map(views).collect()
}

/// Puts others in the place of the caller's saved views of a table.
pub(crate) async fn keep(db: &SqlDatabase, who: &Caller, table: &str, views: &Value) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    scope::caller(db, &mut tx, who).await?;
    sql::query("DELETE FROM saved_view WHERE account = $1 AND shown = $2")
        .bind(id(who.account))
        .bind(table)
        .execute(&mut tx)
        .await?;
    sql::query("INSERT INTO saved_view (account, shown, body) VALUES ($1, $2, $3)")
        .bind(id(who.account))
        .bind(table)
        .bind(views.to_string())
        .execute(&mut tx)
        .await?;
    tx.commit().await
}
