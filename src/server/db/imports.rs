//! Lists that are written: each whole or not at all, and kept so that it can be undone.

mod marks;
mod undo;

use serde::{Deserialize, Serialize};
use serde_json::json;
use sync::{
    id::{AreaId, Inc},
    wire::{Changeset, Verdict, VerdictState},
};
use uuid::Uuid;

use super::{
    SqlDatabase, audit, fence,
    names::Names,
    own::{self, Numbered},
    rows::{id, parsed, parsed_option},
    scope::{self, Standpoint},
    sql::{self, Row, Tx},
};
use crate::{
    db::{AuditEntry, Caller, DbError, Imported, NewImport, Tally, Undone},
    tokens,
};
pub(crate) use undo::undo;

/// The newest that are shown.
const SHOWN_COUNT: i64 = 100;

/// The standpoint of an office, which alone takes lists into the files.
async fn office(db: &SqlDatabase, tx: &mut Tx, who: &Caller) -> Result<Standpoint, DbError> {
    let at = scope::caller(db, tx, who).await?;
    if at.who.role.is_office() { Ok(at) } else { Err(DbError::Forbidden) }
}

/// Writes a list in one transaction, with what it takes to undo it, and closes what was kept for it.
pub(crate) async fn write(
    db: &SqlDatabase,
    who: &Caller,
    new: NewImport,
    changesets: &[Changeset],
) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let at = office(db, &mut tx, who).await?;
    if !at.who.scope.holds(AreaId(new.area)) {
        return Err(DbError::NotFound);
    }
    let marks = marks::of(&mut tx, changesets).await?;
    let inc = Inc(tokens::random());
    let numbered = Numbered { who, inc, first_seq: 1 };
    let verdicts = own::push(db, &mut tx, numbered, changesets, new.now).await?;
    all_applied(&verdicts)?;
    insert(&mut tx, who, &new, inc).await?;
    marks::insert(&mut tx, new.id, &marks).await?;
    remember_columns(&mut tx, &new).await?;
    let detail = json!({"import": new.id, "area": new.area, "file": new.file, "counts": new.tally});
    audit::append(&mut tx, AuditEntry::of(who, "import_commit", detail, new.now)).await?;
    close(&mut tx, who, &new).await?;
    tx.commit().await
}

/// One save that was set aside would leave the list half written: then none of it is.
fn all_applied(verdicts: &[Verdict]) -> Result<(), DbError> {
    match verdicts.iter().find(|verdict| verdict.st != VerdictState::Applied) {
        Some(bad) => {
            tracing::warn!(why = ?bad.why, state = ?bad.st, "a changeset of an import was not applied");
            Err(DbError::Refused("not_applied"))
        }
        None => Ok(()),
    }
}

async fn insert(tx: &mut Tx, who: &Caller, new: &NewImport, inc: Inc) -> Result<(), DbError> {
    let tally = serde_json::to_string(&new.tally).map_err(|_| DbError::Damaged("tally"))?;
    sql::query(
        "INSERT INTO imported (id, account, area, at, file, device, inc, tally)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id(new.id))
    .bind(id(who.account))
    .bind(id(new.area))
    .bind(new.now)
    .bind(&new.file)
    .bind(who.device.to_string())
    .bind(inc.to_string())
    .bind(tally)
    .execute(tx)
    .await?;
    Ok(())
}

/// A list that was written is not written again, and of what was kept of it only the refused lines stay.
async fn close(tx: &mut Tx, who: &Caller, new: &NewImport) -> Result<(), DbError> {
    let left = new.left.as_ref().map(serde_json::to_string).transpose();
    let left = left.map_err(|_| DbError::Damaged("import"))?.unwrap_or_default();
    fence::own(tx, who.account).await?;
    sql::query("UPDATE import SET committed_at = $1, body = $2 WHERE id = $3 AND account = $4")
        .bind(new.now)
        .bind(left)
        .bind(id(new.id))
        .bind(id(who.account))
        .execute(tx)
        .await?;
    Ok(())
}

async fn remember_columns(tx: &mut Tx, new: &NewImport) -> Result<(), DbError> {
    let Some((header, body)) = &new.columns else { return Ok(()) };
    sql::query("DELETE FROM list_columns WHERE area = $1 AND header = $2")
        .bind(id(new.area))
        .bind(header)
        .execute(tx)
        .await?;
    if !body.is_empty() {
        sql::query("INSERT INTO list_columns (area, header, body) VALUES ($1, $2, $3)")
            .bind(id(new.area))
            .bind(header)
            .bind(body)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// What was said of the columns of lists with this header.
pub(crate) async fn columns(db: &SqlDatabase, area: Uuid, header: &str) -> Result<Option<String>, DbError> {
    let mut tx = db.read().await?;
    let row = sql::query("SELECT body FROM list_columns WHERE area = $1 AND header = $2")
        .bind(id(area))
        .bind(header)
        .fetch_optional(&mut tx)
        .await?;
    row.map(|row| row.try_get("body")).transpose()
}

/// The newest lists that were written in the caller's scope, newest first.
pub(crate) async fn list(db: &SqlDatabase, who: &Caller) -> Result<Vec<Imported>, DbError> {
    let mut tx = db.read().await?;
    let at = office(db, &mut tx, who).await?;
    let rows = sql::query(
        "SELECT * FROM imported WHERE area IN (SELECT key FROM json_each($1)) ORDER BY at DESC, id DESC LIMIT $2",
    )
    .bind(sql::keys(at.who.scope.areas().map(|area| area.0)))
    .bind(SHOWN_COUNT)
    .fetch_all(&mut tx)
    .await?;
    let names = Names::read(&mut tx).await?;
    rows.iter().map(|row| shown(row, &names)).collect()
}

/// What undoing did, as it is stored.
#[derive(Serialize, Deserialize)]
struct Undid {
    families: usize,
    kept: usize,
}

fn shown(row: &Row, names: &Names) -> Result<Imported, DbError> {
    let undone_at: Option<i64> = row.try_get("undone_at")?;
    let undone = match undone_at {
        Some(at) => {
            let text: Option<&str> = row.try_get("undone")?;
            let Undid { families, kept } = read(text.unwrap_or_default())?;
            let by = parsed_option(row, "undone_by")?.map(|by| names.of(by)).unwrap_or_default();
            Some(Undone { at, by, families, kept })
        }
        None => None,
    };
    let tally: Tally = read(row.try_get("tally")?)?;
    Ok(Imported {
        id: parsed(row, "id")?,
        at: row.try_get("at")?,
        by: names.of(parsed(row, "account")?),
        area: names.of(parsed(row, "area")?),
        file: row.try_get("file")?,
        tally,
        undone,
    })
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|_| DbError::Damaged("imported"))
}
