//! Who stands in for whom. It begins and ends by itself: at the first request of whoever stands in after the moment has come.

use serde_json::json;
use uuid::Uuid;

use super::{
    SqlDatabase, accounts, audit,
    rows::{count, id, parsed},
    sql::{self, Row, Tx},
};
use crate::db::{AuditEntry, DbError, Deputy};

/// Those that are not over at `now`.
pub(super) async fn open_at(tx: &mut Tx, now: i64) -> Result<Vec<Deputy>, DbError> {
    let rows = sql::query("SELECT * FROM deputy WHERE state <> 'over' AND to_at > $1 ORDER BY from_at, id")
        .bind(now)
        .fetch_all(tx)
        .await?;
    rows.iter().map(deputy).collect()
}

fn deputy(row: &Row) -> Result<Deputy, DbError> {
    Ok(Deputy {
        id: parsed(row, "id")?,
        account: parsed(row, "account")?,
        absent: parsed(row, "absent")?,
        from_at: row.try_get("from_at")?,
        to_at: row.try_get("to_at")?,
    })
}

/// The one of that id that is not over.
pub(super) async fn open_one(tx: &mut Tx, wanted: Uuid) -> Result<Deputy, DbError> {
    let row = sql::query("SELECT * FROM deputy WHERE id = $1 AND state <> 'over'")
        .bind(id(wanted))
        .fetch_optional(tx)
        .await?
        .ok_or(DbError::NotFound)?;
    deputy(&row)
}

/// Writes down that somebody will stand in; from the first request after that moment on he does.
pub(super) async fn insert(tx: &mut Tx, new: &Deputy) -> Result<(), DbError> {
    let row = sql::query(
        "SELECT count(*) AS n FROM deputy WHERE absent = $1 AND state <> 'over' AND from_at < $2 AND to_at > $3",
    )
    .bind(id(new.absent))
    .bind(new.to_at)
    .bind(new.from_at)
    .fetch_one(tx)
    .await?;
    if count(&row, "n")? > 0 {
        return Err(DbError::Refused("deputy_exists"));
    }
    sql::query(
        "INSERT INTO deputy (id, account, absent, from_at, to_at, state) VALUES ($1, $2, $3, $4, $5, 'planned')",
    )
    .bind(id(new.id))
    .bind(id(new.account))
    .bind(id(new.absent))
    .bind(new.from_at)
    .bind(new.to_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Begins what has begun and ends what is over of an account.
pub(super) async fn turn(db: &SqlDatabase, account: Uuid, now: i64) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let rows = sql::query(
        "SELECT * FROM deputy WHERE account = $1
         AND ((state = 'planned' AND from_at <= $2) OR (state = 'running' AND to_at <= $2)) ORDER BY id",
    )
    .bind(id(account))
    .bind(now)
    .fetch_all(&mut tx)
    .await?;
    for row in &rows {
        let one = deputy(row)?;
        let (state, action) =
            if one.to_at <= now { ("over", "deputy_ends") } else { ("running", "deputy_begins") };
        set_state(&mut tx, one.id, state).await?;
        let detail = json!({"deputy": one.id, "absent": one.absent});
        let entry = AuditEntry { at: now, account: Some(account), device: None, action, detail };
        audit::append(&mut tx, entry).await?;
    }
    if !rows.is_empty() {
        accounts::bump_scope(&mut tx, account, None).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Ends everything in which an account has a part, at once.
pub(super) async fn end_all_of(tx: &mut Tx, account: Uuid) -> Result<(), DbError> {
    let rows = sql::query(
        "SELECT * FROM deputy WHERE state <> 'over' AND (account = $1 OR absent = $1)
         ORDER BY id",
    )
    .bind(id(account))
    .fetch_all(tx)
    .await?;
    for row in &rows {
        end(tx, &deputy(row)?).await?;
    }
    Ok(())
}

/// Ends one at once; the one who stood in is told at his next sync.
pub(super) async fn end(tx: &mut Tx, deputy: &Deputy) -> Result<(), DbError> {
    set_state(tx, deputy.id, "over").await?;
    accounts::bump_scope(tx, deputy.account, None).await
}

async fn set_state(tx: &mut Tx, deputy: Uuid, state: &'static str) -> Result<(), DbError> {
    sql::query("UPDATE deputy SET state = $1 WHERE id = $2").bind(state).bind(id(deputy)).execute(tx).await?;
    Ok(())
}
