//! What the office reads across its whole scope, and the lists it keeps between preview and commit.

use serde::Deserialize;
use sync::{record::Record, wire::SealedValue};
use uuid::Uuid;

use super::{
    SqlDatabase, accounts,
    fence::{self, Beyond},
    rows::{id, parsed},
    scope, sql, store,
};
use crate::db::{Caller, DbError, KeptImport, ToldChecklist};
use domain::checklist::published::KIND;

/// All live records of these kinds in the caller's scope; of the office only, but for checklists.
pub(crate) async fn records(db: &SqlDatabase, who: &Caller, kinds: &[&str]) -> Result<Vec<Record>, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    // Records come with all their fields here; of checklists nobody is kept from any who is sent them.
    let is_open = |name: &&str| {
        *name == KIND && domain::kinds::kind(name).is_some_and(|kind| kind.is_pulled_by(at.who.role))
    };
    if !at.who.role.is_office() && !kinds.iter().all(is_open) {
        return Err(DbError::Forbidden);
    }
    let rows = sql::query(
        "SELECT body FROM record WHERE del = 0 AND kind IN (SELECT key FROM json_each($1))
         AND area IN (SELECT key FROM json_each($2)) ORDER BY e",
    )
    .bind(sql::keys(kinds))
    .bind(sql::keys(at.who.scope.areas().map(|area| area.0)))
    .fetch_all(&mut tx)
    .await?;
    rows.iter().map(store::record).collect()
}

/// Whether any checklist was published.
pub(crate) async fn has_checklists(db: &SqlDatabase) -> Result<bool, DbError> {
    let mut tx = db.read().await?;
    fence::lift(&mut tx, Beyond::Villages).await?;
    let row = sql::query("SELECT e FROM record WHERE del = 0 AND kind = $1 LIMIT 1")
        .bind(KIND)
        .fetch_optional(&mut tx)
        .await?;
    Ok(row.is_some())
}

/// What the audit chain tells of every checklist that was published.
pub(crate) async fn told_checklists(db: &SqlDatabase) -> Result<Vec<ToldChecklist>, DbError> {
    let mut tx = db.read().await?;
    let rows = sql::query("SELECT at, body FROM audit WHERE action = 'checklist_publish' ORDER BY n")
        .fetch_all(&mut tx)
        .await?;
    let mut told = Vec::new();
    for row in &rows {
        let Told { account, detail } =
            serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
        let areas = match (detail.areas, account) {
            (Some(areas), _) => areas,
            // Of before it was told for which areas: those of whoever published it.
            (None, Some(account)) => accounts::by_id(&mut tx, account).await?.areas,
            (None, None) => Vec::new(),
        };
        let ToldDetail { code, version, text, .. } = detail;
        told.push(ToldChecklist { code, version, areas, text, at: row.try_get("at")? });
    }
    Ok(told)
}

/// An entry of the chain.
#[derive(Deserialize)]
struct Told {
    account: Option<Uuid>,
    detail: ToldDetail,
}

#[derive(Deserialize)]
struct ToldDetail {
    code: String,
    version: u32,
    areas: Option<Vec<Uuid>>,
    text: Option<String>,
}

/// The areas that the caller may put families into.
pub(crate) async fn areas(db: &SqlDatabase, who: &Caller) -> Result<Vec<Uuid>, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    Ok(at.who.scope.areas().map(|area| area.0).collect())
}

/// Keeps a list between its preview and its commit.
pub(crate) async fn keep_import(
    db: &SqlDatabase,
    who: &Caller,
    kept: KeptImport,
    now: i64,
) -> Result<(), DbError> {
    /// A preview that nobody commits lapses.
    const KEPT_MS: i64 = 24 * 60 * 60 * 1000;
    let body = serde_json::to_string(&kept.sealed).map_err(|_| DbError::Damaged("import"))?;
    let mut tx = db.write().await?;
    scope::still(&mut tx, who).await?;
    fence::lift(&mut tx, Beyond::Retention).await?;
    sql::query("DELETE FROM import WHERE at < $1").bind(now - KEPT_MS).execute(&mut tx).await?;
    fence::own(&mut tx, who.account).await?;
    sql::query("INSERT INTO import (id, account, area, at, body) VALUES ($1, $2, $3, $4, $5)")
        .bind(id(kept.id))
        .bind(id(who.account))
        .bind(id(kept.area))
        .bind(now)
        .bind(body)
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// A list of the caller's own that waits for its commit.
pub(crate) async fn kept_import(db: &SqlDatabase, who: &Caller, import: Uuid) -> Result<KeptImport, DbError> {
    let mut tx = db.read().await?;
    scope::still(&mut tx, who).await?;
    fence::own(&mut tx, who.account).await?;
    let row =
        sql::query("SELECT area, body FROM import WHERE id = $1 AND account = $2 AND committed_at IS NULL")
            .bind(id(import))
            .bind(id(who.account))
            .fetch_optional(&mut tx)
            .await?
            .ok_or(DbError::NotFound)?;
    let sealed: SealedValue =
        serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("import"))?;
    Ok(KeptImport { id: import, area: parsed(&row, "area")?, sealed })
}

/// The same with what was said of it since.
pub(crate) async fn mend_import(
    db: &SqlDatabase,
    who: &Caller,
    import: Uuid,
    sealed: SealedValue,
) -> Result<(), DbError> {
    let body = serde_json::to_string(&sealed).map_err(|_| DbError::Damaged("import"))?;
    let mut tx = db.write().await?;
    scope::still(&mut tx, who).await?;
    fence::own(&mut tx, who.account).await?;
    let mended =
        sql::query("UPDATE import SET body = $1 WHERE id = $2 AND account = $3 AND committed_at IS NULL")
            .bind(body)
            .bind(id(import))
            .bind(id(who.account))
            .execute(&mut tx)
            .await?;
    if mended == 0 {
        return Err(DbError::NotFound);
    }
    tx.commit().await
}

/// What stays of the caller's own list that was written: its refused lines, until they lapse.
pub(crate) async fn left_import(
    db: &SqlDatabase,
    who: &Caller,
    import: Uuid,
) -> Result<SealedValue, DbError> {
    let mut tx = db.read().await?;
    scope::still(&mut tx, who).await?;
    fence::own(&mut tx, who.account).await?;
    let row = sql::query(
        "SELECT body FROM import WHERE id = $1 AND account = $2 AND committed_at IS NOT NULL AND body <> ''",
    )
    .bind(id(import))
    .bind(id(who.account))
    .fetch_optional(&mut tx)
    .await?
    .ok_or(DbError::NotFound)?;
    serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("import"))
}
