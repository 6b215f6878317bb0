//! What waits for a person, or was decided by one, found by the records that it names. A save that was kept for a person says in its ops what it is about
//! and a draft anywhere in its answers: both are searched as text.

use std::collections::BTreeSet;
use sync::{id::BlobHash, record::Record};
use uuid::Uuid;

use super::merged;
use crate::db::{
    DbError,
    sql::{self, Row, Tx},
    store,
};

const UUID_CHARS: usize = 36;
const HASH_CHARS: usize = 64;

/// The saves that are kept for a person, or were: read once in a transaction.
pub(super) struct Waiting(Vec<Kept>);

struct Kept {
    row: Row,
    /// Every id in it.
    names: BTreeSet<Uuid>,
}

impl Waiting {
    pub(super) async fn read(tx: &mut Tx) -> Result<Waiting, DbError> {
        let rows = sql::query("SELECT body FROM record WHERE held_by IS NOT NULL AND del = 0");
        let rows = rows.fetch_all(tx).await?.into_iter();
        let kept = |row: Row| Ok(Kept { names: ids_in(row.try_get("body")?), row });
        Ok(Waiting(rows.map(kept).collect::<Result<_, DbError>>()?))
    }

    /// Those that name any of these records.
    fn naming(&self, records: &BTreeSet<Uuid>) -> Result<Vec<(&Kept, Record)>, DbError> {
        let naming = self.0.iter().filter(|kept| !kept.names.is_disjoint(records));
        naming.map(|kept| Ok((kept, store::record(&kept.row)?))).collect()
    }

    /// Those of these records that an open one names. Conflicts and proposals about what is deleted nobody can decide any more.
    pub(super) fn spoken_of(&self, records: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>, DbError> {
        let open = self.naming(records)?.into_iter().filter(|(_, save)| save.is_open());
        Ok(open.flat_map(|(kept, _)| kept.names.intersection(records)).copied().collect())
    }

    /// Whether this save of the log is kept and open.
    pub(super) fn is_open(&self, changeset: Uuid) -> Result<bool, DbError> {
        let about = self.naming(&BTreeSet::from([changeset]))?;
        Ok(about.iter().any(|(_, save)| save.is_open() && save.id_in("changeset") == Some(changeset)))
    }

    /// The decided ones that name any of these records: they repeat values of theirs.
    pub(super) fn decided(&self, records: &BTreeSet<Uuid>) -> Result<Vec<Record>, DbError> {
        let named = self.naming(records)?.into_iter().map(|(_, save)| save);
        // The same save may be among those that are emptied.
        Ok(named.filter(|save| !save.is_open() && !records.contains(&save.id)).collect())
    }

    /// Everything that any of them names.
    pub(super) fn named(&self) -> BTreeSet<Uuid> {
        self.0.iter().flat_map(|kept| &kept.names).copied().collect()
    }

    /// Photos that open ones name.
    pub(super) fn wanted_photos(&self) -> Result<BTreeSet<BlobHash>, DbError> {
        let mut wanted = BTreeSet::new();
        for kept in &self.0 {
            let hashes = hashes_in(kept.row.try_get("body")?);
            if !hashes.is_empty() && store::record(&kept.row)?.is_open() {
                wanted.extend(hashes);
            }
        }
        Ok(wanted)
    }
}

/// The records that an open conflict, proposal or kept save names, wherever that lies, and what each of them became part of.
pub(super) async fn undecided(tx: &mut Tx, waiting: &Waiting) -> Result<BTreeSet<Uuid>, DbError> {
    let rows =
        sql::query("SELECT body FROM record WHERE about IS NOT NULL AND del = 0").fetch_all(tx).await?;
    named_by_open(tx, &rows, waiting, None).await
}

/// The same of what is about one family.
pub(super) async fn undecided_about(
    tx: &mut Tx,
    waiting: &Waiting,
    family: &BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>, DbError> {
    let rows =
        sql::query("SELECT body FROM record WHERE about IN (SELECT key FROM json_each($1)) AND del = 0")
            .bind(sql::keys(family))
            .fetch_all(tx)
            .await?;
    named_by_open(tx, &rows, waiting, Some(family)).await
}

async fn named_by_open(
    tx: &mut Tx,
    about: &[Row],
    waiting: &Waiting,
    family: Option<&BTreeSet<Uuid>>,
) -> Result<BTreeSet<Uuid>, DbError> {
    let mut named = BTreeSet::new();
    for row in about.iter().chain(waiting.0.iter().map(|kept| &kept.row)) {
        let ids = ids_in(row.try_get("body")?);
        let is_wanted = family.is_none_or(|family| !ids.is_disjoint(family));
        if is_wanted && store::record(row)?.is_open() {
            named.extend(ids);
        }
    }
    named.extend(merged::ends(tx, &named).await?.into_values());
    Ok(named)
}

/// Conflicts and proposals about these records, and decided saves that name any of them: all repeat values of theirs.
pub(super) async fn repeating(
    tx: &mut Tx,
    waiting: &Waiting,
    records: &BTreeSet<Uuid>,
) -> Result<Vec<Record>, DbError> {
    let rows = sql::query("SELECT body FROM record WHERE about IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(records))
        .fetch_all(tx)
        .await?;
    let mut found = rows.iter().map(store::record).collect::<Result<Vec<_>, _>>()?;
    found.extend(waiting.decided(records)?);
    Ok(found)
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
