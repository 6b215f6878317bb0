//! What stood in a field before the value that stands now, read out of the log.

use std::collections::{BTreeMap, BTreeSet};
use sync::{
    authority::LoggedChangeset,
    record::{FieldState, Record},
    wire::Op,
};
use uuid::Uuid;

use super::{history, sql::Tx, store};
use crate::{
    db::{DbError, Outcome},
    ledger::Dates,
};

/// Of each record, the texts that the fields of [`Dates::WITH_FORMER`] held before. What the log does not tell to this reader is absent.
pub(super) type Former = BTreeMap<Uuid, BTreeMap<String, String>>;

pub(super) async fn of(tx: &mut Tx, records: &[Record]) -> Result<Former, DbError> {
    let changed: Vec<&Record> = records.iter().filter(|record| rewritten(record).next().is_some()).collect();
    let ops = changed.iter().flat_map(|record| record.changes.iter().map(|change| change.op));
    let ids: BTreeSet<Uuid> = ops.collect();
    let mut logged = store::changesets(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    logged.retain(|changeset| changeset.st.is_written());
    logged.sort_by_key(|changeset| changeset.rev);
    let mut writes: BTreeMap<(Uuid, String), Vec<(Uuid, String)>> = BTreeMap::new();
    for changeset in &logged {
        note(changeset, &mut writes);
    }
    let mut former = Former::new();
    for record in changed {
        for (field, state) in rewritten(record) {
            let told = writes.get(&(record.id, field.to_owned()));
            if let Some(text) = told.and_then(|told| before(told, state)) {
                former.entry(record.id).or_default().insert(field.to_owned(), text);
            }
        }
    }
    Ok(former)
}

/// The fields whose value is not the one that the record began with.
fn rewritten(record: &Record) -> impl Iterator<Item = (&'static str, &FieldState)> {
    let began = record.changes.first().map(|change| change.op);
    let fields = Dates::WITH_FORMER.into_iter();
    fields.filter_map(move |field| {
        let state = record.fields.get(field)?;
        (state.origin.ops.first().copied() != began).then_some((field, state))
    })
}

fn note(changeset: &LoggedChangeset, writes: &mut BTreeMap<(Uuid, String), Vec<(Uuid, String)>>) {
    let Some(read) = history::read(changeset) else { return };
    for (index, op) in read.ops.iter().enumerate() {
        if history::outcome(changeset, index) != Outcome::Applied {
            continue;
        }
        let written: Vec<(Uuid, &str, &serde_json::Value)> = match op {
            Op::Create { e, f, .. } => f.iter().map(|(name, value)| (*e, name.as_str(), value)).collect(),
            Op::Set { e, f, v, .. } => vec![(*e, f.as_str(), v)],
            _ => Vec::new(),
        };
        for (e, field, value) in
            written.into_iter().filter(|(_, field, _)| Dates::WITH_FORMER.contains(field))
        {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            writes.entry((e, field.to_owned())).or_default().push((changeset.id, text));
        }
    }
}

/// The last value that was written before the one that stands.
fn before(told: &[(Uuid, String)], state: &FieldState) -> Option<String> {
    let stands = state.origin.ops.first()?;
    let earlier = told.iter().take_while(|(op, _)| op != stands);
    earlier.last().map(|(_, text)| text.clone()).filter(|text| text != "null" && !text.is_empty())
}
