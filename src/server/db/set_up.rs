//! The set-up of a new office. It is open while nobody has an account, and never again: accounts end, and are not deleted.

use serde_json::json;

use super::{SqlDatabase, accounts, areas, audit, sql::Tx};
use crate::{
    commands::operator,
    db::{AuditEntry, DbError, NewAccount, NewArea, SetUp},
    tokens,
};

/// Whether nobody has an account yet; the command line's own is nobody's.
pub(crate) async fn is_open(db: &SqlDatabase) -> Result<bool, DbError> {
    is_open_in(&mut db.read().await?).await
}

async fn is_open_in(tx: &mut Tx) -> Result<bool, DbError> {
    Ok(accounts::all_in(tx).await?.iter().all(|account| account.name == operator::NAME))
}

/// Makes areas and administrator in one transaction. Areas that a command has made already stay as they are.
pub(crate) async fn run(db: &SqlDatabase, asked: SetUp) -> Result<(), DbError> {
    let now = asked.admin.now;
    let mut tx = db.write().await?;
    if !is_open_in(&mut tx).await? {
        return Err(DbError::Refused("setup_closed"));
    }
    let mut added = 0;
    for (code, name) in asked.areas {
        let new = NewArea { id: tokens::new_id(now), code, name, parent: None, now };
        match areas::add_in(&mut tx, new).await {
            Ok(_) => added += 1,
            Err(DbError::Refused("area_exists")) => {}
            Err(error) => return Err(error),
        }
    }
    let tops =
        areas::all_in(&mut tx).await?.into_iter().filter(|area| area.parent.is_none()).map(|area| area.id);
    let admin = NewAccount { areas: tops.collect(), ..asked.admin };
    let account = accounts::insert(&mut tx, &admin, None).await?;
    let entry = AuditEntry {
        at: now,
        account: Some(account.id),
        device: None,
        action: "set_up",
        detail: json!({"user": account.id, "areas": added}),
    };
    audit::append(&mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}
