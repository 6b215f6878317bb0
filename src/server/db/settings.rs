//! The office's settings for phones: one record, of which the table holds what is not as it is by default.

use domain::policy::{Policy, SettingRefused};
use serde_json::{Value, json};
use std::collections::BTreeMap;

use super::{
    SqlDatabase, accounts, audit, scope,
    sql::{self, Tx},
};
use crate::db::{AuditEntry, Caller, DbError};

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

/// Changes settings, read and written in one transaction so that two who change at once both have their way.
pub(crate) async fn change(
    db: &SqlDatabase,
    who: Option<&Caller>,
    changes: &BTreeMap<String, String>,
    now: i64,
) -> Result<Result<Policy, SettingRefused>, DbError> {
    let mut tx = db.write().await?;
    if let Some(who) = who {
        scope::still(&mut tx, who).await?;
    }
    let changes = changes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let old = read(&mut tx).await?;
    let policy = match old.changed(changes) {
        Ok(policy) => policy,
        Err(refused) => return Ok(Err(refused)),
    };
    put(&mut tx, who, old, policy, now).await?;
    tx.commit().await?;
    Ok(Ok(policy))
}

/// Writes the settings down. Phones hear of them at their next contact; where a phone is to show more or less than before, everything is pulled
/// again under the new mask.
async fn put(tx: &mut Tx, who: Option<&Caller>, old: Policy, new: Policy, now: i64) -> Result<(), DbError> {
    if new == old {
        return Ok(());
    }
    // How long what is kept stands in the same table.
    sql::query("DELETE FROM setting WHERE name IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(Policy::settings().map(|(name, _)| name)))
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
        accounts::pull_anew(tx).await?;
    }
    let mut detail = json!({"before": old.members(), "after": new.members()});
    let entry = match who {
        Some(who) => AuditEntry::of(who, "settings", detail, now),
        None => {
            detail["by"] = json!("command line");
            AuditEntry::operator("settings", detail, now)
        }
    };
    audit::append(tx, entry).await?;
    Ok(())
}
