//! The area tree and the closure by which a scope reaches all that lies below its areas.

use domain::day::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

use super::{
    SqlDatabase, audit,
    rows::{id, parsed, parsed_option},
    scope,
    sql::{self, Row, Tx},
};
use crate::db::{Area, AuditEntry, Caller, DbError, NewArea};

pub(crate) async fn all(db: &SqlDatabase) -> Result<Vec<Area>, DbError> {
    let mut tx = db.read().await?;
    all_in(&mut tx).await
}

/// Every area, parents before children by code.
pub(crate) async fn all_in(tx: &mut Tx) -> Result<Vec<Area>, DbError> {
    let rows =
        sql::query("SELECT id, code, name, parent, archive_of, valid_from, valid_to FROM area ORDER BY length(code), code, id")
            .fetch_all(tx)
            .await?;
    rows.iter().map(area).collect()
}

fn area(row: &Row) -> Result<Area, DbError> {
    Ok(Area {
        id: parsed(row, "id")?,
        code: row.try_get("code")?,
        name: row.try_get("name")?,
        parent: parsed_option(row, "parent")?,
        archive_of: parsed_option(row, "archive_of")?,
        valid_from: row.try_get("valid_from")?,
        valid_to: row.try_get("valid_to")?,
    })
}

pub(crate) async fn add(db: &SqlDatabase, new: NewArea) -> Result<Area, DbError> {
    let mut tx = db.write().await?;
    let now = new.now;
    let area = add_in(&mut tx, new).await?;
    let detail = json!({"id": area.id, "code": area.code, "name": area.name});
    audit::append(&mut tx, AuditEntry::operator("area_add", detail, now)).await?;
    tx.commit().await?;
    Ok(area)
}

/// Adds an area in the transaction of something larger.
pub(super) async fn add_in(tx: &mut Tx, new: NewArea) -> Result<Area, DbError> {
    let known = all_in(tx).await?;
    let code = short_code(&new.code).to_owned();
    if !code.is_empty() && known.iter().any(|area| area.code == code) {
        return Err(DbError::Refused("area_exists"));
    }
    let parent = new.parent.or_else(|| parent_by_code(&known, &code));
    if code.is_empty() && parent.is_none() {
        return Err(DbError::Refused("area_without_parent"));
    }
    check_name(&known, new.id, parent, &new.name)?;
    let valid_from = Some(Timestamp::from_ms(new.now).day().to_string());
    let area =
        Area { id: new.id, code, name: new.name, parent, archive_of: None, valid_from, valid_to: None };
    insert(tx, &area).await?;
    bump_scopes_above(tx, area.id).await?;
    sql::query("UPDATE sync_head SET tree = tree + 1").execute(tx).await?;
    Ok(area)
}

/// Two villages of one township, or two townships of a county, are told apart by their names.
pub(super) fn check_name(
    known: &[Area],
    area: Uuid,
    parent: Option<Uuid>,
    name: &str,
) -> Result<(), DbError> {
    let is_alike = |other: &Area| {
        let is_open = other.archive_of.is_none() && other.valid_to.is_none();
        is_open && other.id != area && other.parent == parent && other.name == name
    };
    let is_taken = parent.is_some() && known.iter().any(is_alike);
    if is_taken { Err(DbError::Refused("area_name_exists")) } else { Ok(()) }
}

/// Adds areas for an administrator or for a list, all of them or none; each must lie below one of the caller's.
pub(crate) async fn add_for(db: &SqlDatabase, who: &Caller, new: Vec<NewArea>) -> Result<Vec<Area>, DbError> {
    let mut tx = db.write().await?;
    // Read before the tree changes: what is read of a tree that is then rolled back would stay in the cache.
    let at = scope::caller(db, &mut tx, who).await?;
    let mut reached: BTreeSet<Uuid> = at.who.scope.areas().map(|area| area.0).collect();
    let mut added = Vec::new();
    for new in new {
        let now = new.now;
        let area = add_in(&mut tx, new).await?;
        if !area.parent.is_some_and(|parent| reached.contains(&parent)) {
            return Err(DbError::NotFound);
        }
        reached.insert(area.id);
        let detail = json!({"id": area.id, "code": area.code, "name": area.name});
        audit::append(&mut tx, AuditEntry::of(who, "area_add", detail, now)).await?;
        added.push(area);
    }
    tx.commit().await?;
    Ok(added)
}

/// A code without the zeros that only pad it: `339999100000` is the township `339999100`.
pub fn short_code(code: &str) -> &str {
    let mut short = code;
    while short.len() > 6 && short.len().is_multiple_of(3) && short.ends_with("000") {
        short = &short[..short.len() - 3];
    }
    short
}

/// The area with the longest code that begins `code`.
fn parent_by_code(known: &[Area], code: &str) -> Option<Uuid> {
    let begins = |area: &&Area| !area.code.is_empty() && code.starts_with(&area.code);
    known.iter().filter(begins).max_by_key(|area| area.code.len()).map(|area| area.id)
}

async fn insert(tx: &mut Tx, area: &Area) -> Result<(), DbError> {
    sql::query(
        "INSERT INTO area (id, code, name, parent, archive_of, valid_from) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id(area.id))
    .bind(&area.code)
    .bind(&area.name)
    .bind(area.parent.map(id))
    .bind(area.archive_of.map(id))
    .bind(&area.valid_from)
    .execute(tx)
    .await?;
    sql::query("INSERT INTO area_closure (ancestor, area) VALUES ($1, $1)")
        .bind(id(area.id))
        .execute(tx)
        .await?;
    if let Some(parent) = area.parent {
        sql::query(
            "INSERT INTO area_closure (ancestor, area) SELECT ancestor, $1 FROM area_closure WHERE area = $2",
        )
        .bind(id(area.id))
        .bind(id(parent))
        .execute(tx)
        .await?;
    }
    Ok(())
}

/// A new area is new to everyone whose scope reaches it.
pub(super) async fn bump_scopes_above(tx: &mut Tx, area: Uuid) -> Result<(), DbError> {
    sql::query(
        "UPDATE account SET scope_rev = scope_rev + 1 WHERE id IN (
            SELECT reach.account FROM reach
            JOIN area_closure ON area_closure.ancestor = reach.area WHERE area_closure.area = $1)",
    )
    .bind(id(area))
    .execute(tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::short_code;

    #[test]
    fn padded_codes_are_read_as_the_level_they_name() {
        let check = |code, expected| assert_eq!(short_code(code), expected);
        check("339999000000", "339999");
        check("339999100000", "339999100");
        check("339999100201", "339999100201");
        check("339999", "339999");
        check("110000000000", "110000");
    }
}
