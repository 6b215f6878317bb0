//! Standards of stipends and rewards. A draft is discarded or published; what was published stays, and is corrected by a row that names it.

use domain::stipend::Standard;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

use super::{
    SqlDatabase, audit,
    rows::{id, parsed, parsed_option},
    scope,
    sql::{self, Row, Tx},
};
use crate::db::{Answer, AuditEntry, Caller, DbError, StandardRefused, StandardRow};

/// The part of the database that keeps what is paid.
pub trait StandardsDatabase {
    /// Every standard of stipends and rewards, in the order in which they were entered.
    fn standards(&self) -> Answer<'_, Vec<StandardRow>>;
    /// Writes standards down that nobody goes by yet, all of them or none.
    fn enter_standards<'a>(
        &'a self,
        who: &'a Caller,
        new: &'a [Standard],
        now: i64,
    ) -> Answer<'a, Result<(), StandardRefused>>;
    /// Puts standards in force that were entered, all of them or none: of an item one holds on a day.
    fn publish_standards<'a>(
        &'a self,
        who: &'a Caller,
        ids: &'a [Uuid],
        now: i64,
    ) -> Answer<'a, Result<(), StandardRefused>>;
    /// Deletes standards that were never published, all of them or none.
    fn discard_standards<'a>(
        &'a self,
        who: &'a Caller,
        ids: &'a [Uuid],
        now: i64,
    ) -> Answer<'a, Result<(), StandardRefused>>;
}

impl StandardsDatabase for SqlDatabase {
    fn standards(&self) -> Answer<'_, Vec<StandardRow>> {
        Box::pin(all(self))
    }

    fn enter_standards<'a>(
        &'a self,
        who: &'a Caller,
        new: &'a [Standard],
        now: i64,
    ) -> Answer<'a, Result<(), StandardRefused>> {
        Box::pin(enter(self, who, new, now))
    }

    fn publish_standards<'a>(
        &'a self,
        who: &'a Caller,
        ids: &'a [Uuid],
        now: i64,
    ) -> Answer<'a, Result<(), StandardRefused>> {
        Box::pin(publish(self, who, ids, now))
    }

    fn discard_standards<'a>(
        &'a self,
        who: &'a Caller,
        ids: &'a [Uuid],
        now: i64,
    ) -> Answer<'a, Result<(), StandardRefused>> {
        Box::pin(discard(self, who, ids, now))
    }
}

async fn all(db: &SqlDatabase) -> Result<Vec<StandardRow>, DbError> {
    read(&mut db.read().await?).await
}

async fn read(tx: &mut Tx) -> Result<Vec<StandardRow>, DbError> {
    let rows = sql::query("SELECT * FROM standard ORDER BY entered_at, id").fetch_all(tx).await?;
    let mut rows = rows.iter().map(standard).collect::<Result<Vec<_>, _>>()?;
    let published = rows.iter().filter(|row| row.published_at.is_some());
    let corrected: BTreeMap<Uuid, Uuid> =
        published.filter_map(|row| Some((row.standard.supersedes?, row.standard.id))).collect();
    for row in &mut rows {
        row.superseded_by = corrected.get(&row.standard.id).copied();
    }
    Ok(rows)
}

fn standard(row: &Row) -> Result<StandardRow, DbError> {
    let standard = serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("standard"))?;
    Ok(StandardRow {
        standard,
        entered_by: parsed(row, "entered_by")?,
        entered_at: row.try_get("entered_at")?,
        published_by: parsed_option(row, "published_by")?,
        published_at: row.try_get("published_at")?,
        superseded_by: None,
    })
}

/// Writes drafts down, all of them or none.
async fn enter(
    db: &SqlDatabase,
    who: &Caller,
    new: &[Standard],
    now: i64,
) -> Result<Result<(), StandardRefused>, DbError> {
    let mut tx = db.write().await?;
    scope::still(&mut tx, who).await?;
    let known = read(&mut tx).await?;
    for standard in new {
        if let Some(refused) = refuses_to_correct(standard, &known) {
            return Ok(Err(refused));
        }
        let body = serde_json::to_string(standard).map_err(|_| DbError::Damaged("standard"))?;
        sql::query(
            "INSERT INTO standard (id, body, supersedes, entered_by, entered_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id(standard.id))
        .bind(body)
        .bind(standard.supersedes.map(id))
        .bind(id(who.account))
        .bind(now)
        .execute(&mut tx)
        .await?;
    }
    note(&mut tx, who, "standard_entered", new, now).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Puts drafts in force, all of them or none.
async fn publish(
    db: &SqlDatabase,
    who: &Caller,
    ids: &[Uuid],
    now: i64,
) -> Result<Result<(), StandardRefused>, DbError> {
    let mut tx = db.write().await?;
    scope::still(&mut tx, who).await?;
    let known = read(&mut tx).await?;
    let drafts = match drafts(&known, ids) {
        Ok(drafts) => drafts,
        Err(refused) => return Ok(Err(refused)),
    };
    if let Some(refused) = drafts.iter().find_map(|draft| refuses_to_correct(draft, &known)) {
        return Ok(Err(refused));
    }
    let mut in_force: Vec<&Standard> =
        known.iter().filter(|row| row.is_in_force()).map(|row| &row.standard).collect();
    // All that is corrected goes before anything is laid beside it, in whatever order the drafts come.
    for draft in &drafts {
        let Some(corrects) = draft.supersedes else { continue };
        let before = in_force.len();
        in_force.retain(|one| one.id != corrects);
        // Another of these drafts corrects it.
        if in_force.len() == before {
            return Ok(Err(StandardRefused::NotToCorrect(draft.id)));
        }
    }
    for draft in &drafts {
        if let Some(other) = in_force.iter().find(|one| one.meets(draft)) {
            return Ok(Err(StandardRefused::Meets { standard: draft.id, other: other.id }));
        }
        in_force.push(draft);
        sql::query("UPDATE standard SET published_by = $1, published_at = $2 WHERE id = $3")
            .bind(id(who.account))
            .bind(now)
            .bind(id(draft.id))
            .execute(&mut tx)
            .await?;
    }
    note(&mut tx, who, "standard_published", &drafts, now).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Deletes drafts, all of them or none.
async fn discard(
    db: &SqlDatabase,
    who: &Caller,
    ids: &[Uuid],
    now: i64,
) -> Result<Result<(), StandardRefused>, DbError> {
    let mut tx = db.write().await?;
    scope::still(&mut tx, who).await?;
    let drafts = match drafts(&read(&mut tx).await?, ids) {
        Ok(drafts) => drafts,
        Err(refused) => return Ok(Err(refused)),
    };
    for draft in &drafts {
        sql::query("DELETE FROM standard WHERE id = $1 AND published_at IS NULL")
            .bind(id(draft.id))
            .execute(&mut tx)
            .await?;
    }
    note(&mut tx, who, "standard_discarded", &drafts, now).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// The drafts of these ids, each once.
fn drafts(known: &[StandardRow], ids: &[Uuid]) -> Result<Vec<Standard>, StandardRefused> {
    let mut seen = BTreeSet::new();
    let draft = |wanted: &Uuid| match known.iter().find(|row| row.standard.id == *wanted) {
        None => Err(StandardRefused::Gone(*wanted)),
        Some(row) if row.published_at.is_some() => Err(StandardRefused::Published(*wanted)),
        Some(row) => Ok(row.standard.clone()),
    };
    ids.iter().filter(|id| seen.insert(**id)).map(draft).collect()
}

/// What it corrects has to be in force, and of its item.
fn refuses_to_correct(standard: &Standard, known: &[StandardRow]) -> Option<StandardRefused> {
    let corrects = standard.supersedes?;
    let may = known
        .iter()
        .any(|row| row.standard.id == corrects && row.is_in_force() && row.standard.item == standard.item);
    (!may).then_some(StandardRefused::NotToCorrect(standard.id))
}

/// What the office publishes is nobody's secret: the chain says which rows.
async fn note(
    tx: &mut Tx,
    who: &Caller,
    action: &'static str,
    standards: &[Standard],
    now: i64,
) -> Result<(), DbError> {
    let detail = json!({"rows": standards.len(), "standards": standards});
    audit::append(tx, AuditEntry::of(who, action, detail, now)).await
}
