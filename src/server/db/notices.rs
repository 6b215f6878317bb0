//! The versions of the notice. Whichever was approved last is in force, and goes to every phone with the settings.

use domain::notice::{DEFAULT_VERSION, Notice};
use serde_json::json;

use super::{
    SqlDatabase, audit,
    rows::{id, parsed_option},
    scope,
    sql::{self, Row, Tx},
};
use crate::db::{AuditEntry, Caller, DbError, NoticeRow};

/// Every version, the newest first; the text that came with the program last.
pub(crate) async fn all(db: &SqlDatabase) -> Result<Vec<NoticeRow>, DbError> {
    let mut tx = db.read().await?;
    let rows =
        sql::query("SELECT * FROM notice ORDER BY written_at DESC, version").fetch_all(&mut tx).await?;
    let mut notices = rows.iter().map(notice).collect::<Result<Vec<_>, _>>()?;
    if notices.iter().all(|one| one.version != DEFAULT_VERSION) {
        let Notice { version, text } = Notice::default();
        notices.push(NoticeRow {
            version,
            text,
            written_by: None,
            written_at: 0,
            approved_by: None,
            approved_at: Some(0),
            in_force: false,
        });
    }
    let newest = notices.iter().filter_map(|one| one.approved_at).max();
    if let Some(one) = notices.iter_mut().find(|one| one.approved_at == newest) {
        one.in_force = true;
    }
    Ok(notices)
}

fn notice(row: &Row) -> Result<NoticeRow, DbError> {
    Ok(NoticeRow {
        version: row.try_get("version")?,
        text: row.try_get("text")?,
        written_by: parsed_option(row, "written_by")?,
        written_at: row.try_get("written_at")?,
        approved_by: parsed_option(row, "approved_by")?,
        approved_at: row.try_get("approved_at")?,
        in_force: false,
    })
}

/// The office's own notice in force; nothing while the one of the program is.
pub(crate) async fn in_force(tx: &mut Tx) -> Result<Option<Notice>, DbError> {
    let row = sql::query(
        "SELECT version, text FROM notice WHERE approved_at IS NOT NULL ORDER BY approved_at DESC, written_at DESC, version LIMIT 1",
    )
    .fetch_optional(tx)
    .await?;
    row.map(|row| Ok(Notice { version: row.try_get("version")?, text: row.try_get("text")? })).transpose()
}

/// Writes a new version down. It is shown to nobody before it is approved. `notice_known` where the version is taken.
pub(crate) async fn write(
    db: &SqlDatabase,
    who: Option<&Caller>,
    new: &Notice,
    now: i64,
) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    if let Some(who) = who {
        scope::still(&mut tx, who).await?;
    }
    let known = sql::query("SELECT version FROM notice WHERE version = $1")
        .bind(&new.version)
        .fetch_optional(&mut tx)
        .await?;
    if known.is_some() || new.version == DEFAULT_VERSION {
        return Err(DbError::Refused("notice_known"));
    }
    sql::query("INSERT INTO notice (version, text, written_by, written_at) VALUES ($1, $2, $3, $4)")
        .bind(&new.version)
        .bind(&new.text)
        .bind(who.map(|who| id(who.account)))
        .bind(now)
        .execute(&mut tx)
        .await?;
    audit::append(&mut tx, entry(who, "notice_written", &new.version, now)).await?;
    tx.commit().await
}

/// Puts a version in force. One that is in force stays as it is.
pub(crate) async fn approve(
    db: &SqlDatabase,
    who: Option<&Caller>,
    version: &str,
    now: i64,
) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    if let Some(who) = who {
        scope::still(&mut tx, who).await?;
    }
    if in_force(&mut tx).await?.is_some_and(|notice| notice.version == version) {
        return Ok(());
    }
    if version == DEFAULT_VERSION {
        // The text that came with the program is called back: from now on it lies among the others.
        sql::query(
            "INSERT INTO notice (version, text, written_at) VALUES ($1, $2, 0) ON CONFLICT (version) DO NOTHING",
        )
        .bind(version)
        .bind(Notice::default().text)
        .execute(&mut tx)
        .await?;
    }
    let changed = sql::query("UPDATE notice SET approved_by = $1, approved_at = $2 WHERE version = $3")
        .bind(who.map(|who| id(who.account)))
        .bind(now)
        .bind(version)
        .execute(&mut tx)
        .await?;
    if changed == 0 {
        return Err(DbError::NotFound);
    }
    audit::append(&mut tx, entry(who, "notice_approved", version, now)).await?;
    tx.commit().await
}

fn entry(who: Option<&Caller>, action: &'static str, version: &str, now: i64) -> AuditEntry {
    let detail = json!({ "version": version });
    match who {
        Some(who) => AuditEntry::of(who, action, detail, now),
        None => AuditEntry::operator(action, detail, now),
    }
}
