//! What waits for a person, or was decided by one, found by the records that it names. A save that was kept for a person says in its ops what it is about
//! and a draft anywhere in its answers: both are searched as text.

use std::collections::BTreeSet;
use sync::{id::BlobHash, record::Record};
use uuid::Uuid;

use crate::db::{
    Caller, DbError, SqlDatabase,
    fence::{self, Beyond},
    rows::parsed,
    scope,
    sql::{self, Row, Tx},
    store,
};

/// Saves that were kept for a person.
const HELD_SAVES: &str = "SELECT body FROM record WHERE held_by IS NOT NULL AND del = 0";
const UUID_CHARS: usize = 36;
const HASH_CHARS: usize = 64;

/// The records that an open conflict, proposal or kept save names, wherever that lies.
pub(crate) async fn undecided(db: &SqlDatabase, who: &Caller) -> Result<BTreeSet<Uuid>, DbError> {
    let mut tx = db.read().await?;
    if !scope::caller(db, &mut tx, who).await?.who.role.is_office() {
        return Err(DbError::Forbidden);
    }
    fence::lift(&mut tx, Beyond::Retention).await?;
    let about = "SELECT body FROM record WHERE about IS NOT NULL AND del = 0";
    let mut rows = sql::query(about).fetch_all(&mut tx).await?;
    rows.extend(sql::query(HELD_SAVES).fetch_all(&mut tx).await?);
    named_by_open(&rows, None)
}

/// The same of what is about one family.
pub(super) async fn undecided_about(tx: &mut Tx, family: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>, DbError> {
    let mut rows =
        sql::query("SELECT body FROM record WHERE about IN (SELECT key FROM json_each($1)) AND del = 0")
            .bind(sql::keys(family))
            .fetch_all(tx)
            .await?;
    rows.extend(sql::query(HELD_SAVES).fetch_all(tx).await?);
    named_by_open(&rows, Some(family))
}

/// Those of these records that an open kept save names. Conflicts and proposals about what is deleted nobody can decide any more.
pub(super) async fn spoken_of(tx: &mut Tx, records: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>, DbError> {
    let rows = sql::query(HELD_SAVES).fetch_all(tx).await?;
    let named = named_by_open(&rows, Some(records))?;
    Ok(named.intersection(records).copied().collect())
}

fn named_by_open(rows: &[Row], wanted: Option<&BTreeSet<Uuid>>) -> Result<BTreeSet<Uuid>, DbError> {
    let mut named = BTreeSet::new();
    for row in rows {
        let ids = ids_in(row.try_get("body")?);
        let is_wanted = wanted.is_none_or(|wanted| !ids.is_disjoint(wanted));
        if is_wanted && store::record(row)?.is_open() {
            named.extend(ids);
        }
    }
    Ok(named)
}

/// Conflicts and proposals about these records, and decided saves that name any of them: all repeat values of theirs.
pub(super) async fn repeating(tx: &mut Tx, records: &BTreeSet<Uuid>) -> Result<Vec<Record>, DbError> {
    let rows = sql::query("SELECT body FROM record WHERE about IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(records))
        .fetch_all(tx)
        .await?;
    let mut found = rows.iter().map(store::record).collect::<Result<Vec<_>, _>>()?;
    for row in &sql::query(HELD_SAVES).fetch_all(tx).await? {
        if !ids_in(row.try_get("body")?).is_disjoint(records) {
            let held = store::record(row)?;
            // The same save may be among those that are emptied.
            found.extend(Some(held).filter(|held| !held.is_open() && !records.contains(&held.id)));
        }
    }
    Ok(found)
}

/// Saves that were kept for a person and decided, with what each names.
pub(super) async fn closed(tx: &mut Tx) -> Result<Vec<(Uuid, BTreeSet<Uuid>)>, DbError> {
    let mut closed = Vec::new();
    for row in &sql::query(HELD_SAVES).fetch_all(tx).await? {
        let held = store::record(row)?;
        if !held.is_open() {
            closed.push((held.id, ids_in(row.try_get("body")?)));
        }
    }
    Ok(closed)
}

/// Saves that stayed on their phones for a fault of theirs, and stand in the log, with what each names.
pub(super) async fn rejected(tx: &mut Tx) -> Result<Vec<(Uuid, BTreeSet<Uuid>)>, DbError> {
    let rows = sql::query("SELECT op_id, body FROM changeset WHERE st = 'rejected'").fetch_all(tx).await?;
    rows.iter().map(|row| Ok((parsed(row, "op_id")?, ids_in(row.try_get("body")?)))).collect()
}

/// Photos that open kept saves name.
pub(super) async fn wanted_photos(tx: &mut Tx) -> Result<BTreeSet<BlobHash>, DbError> {
    let mut wanted = BTreeSet::new();
    for row in &sql::query(HELD_SAVES).fetch_all(tx).await? {
        let hashes = hashes_in(row.try_get("body")?);
        if !hashes.is_empty() && store::record(row)?.is_open() {
            wanted.extend(hashes);
        }
    }
    Ok(wanted)
}

/// Every id in a text.
pub(super) fn ids_in(text: &str) -> BTreeSet<Uuid> {
    let has_hyphens = |part: &&[u8]| [8, 13, 18, 23].iter().all(|at| part[*at] == b'-');
    let parts = text.as_bytes().windows(UUID_CHARS).filter(has_hyphens);
    parts.filter_map(|part| Uuid::try_parse_ascii(part).ok()).collect()
}

/// Every hash of a photo in a text: a word of that many hexadecimal digits.
pub(super) fn hashes_in(text: &str) -> BTreeSet<BlobHash> {
    let words = text.split(|c: char| !c.is_ascii_hexdigit());
    words.filter(|word| word.len() == HASH_CHARS).filter_map(|word| word.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_hashes_are_found_wherever_they_stand() {
        let id = "01890af2-0000-7000-8000-00000000000a";
        let hash = "ab".repeat(32);
        let text = format!(r#"{{"e":"{id}","v":"见{id}，\"{hash}\"","h":"{hash}00"}}"#);
        assert_eq!(ids_in(&text).into_iter().collect::<Vec<_>>(), [Uuid::try_parse(id).unwrap()]);
        assert_eq!(hashes_in(&text).into_iter().collect::<Vec<_>>(), [hash.parse().unwrap()]);
        assert!(ids_in("01890af2-0000-7000-8000-0000000000").is_empty() && ids_in("").is_empty());
    }
}
