//! What became of one file: who changed what, when, on which kind of device, and why.

use domain::{
    day::Day,
    kinds::{self, Kind, Seen},
    mask,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    authority::LoggedChangeset,
    id::{DeviceId, made_alike},
    record::{AREA, CONFLICT, PROPOSAL, Record, Stored},
    wire::{Changeset, Op},
};
use uuid::Uuid;

use super::{
    SqlDatabase, fence,
    rows::{id, parsed},
    scope::{self, Standpoint},
    sql::{self, Row, Tx},
    store,
};
use crate::db::{Caller, Database, DbError, HistoryLine, Merged, Outcome, Unmasking};

/// The newest changes of a recipient's file, newest first. That somebody read them stands in the audit chain.
pub(crate) async fn of(
    db: &SqlDatabase,
    who: &Caller,
    e: Uuid,
    now: i64,
) -> Result<Vec<HistoryLine>, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    let record = store::by_ids(&mut tx, &[e]).await?.pop().ok_or(DbError::NotFound)?;
    let kind = kinds::kind(&record.kind).ok_or(DbError::NotFound)?;
    if !at.who.scope.holds(record.area) || record.kind != "recipient" || !kind.is_pulled_by(at.who.role) {
        return Err(DbError::NotFound);
    }
    let lines = lines_of(&mut tx, &at, &record).await?;
    drop(tx);
    // Nobody else has to wait for the reading.
    db.note_of(who, "history", json!({ "e": e }), now).await?;
    Ok(lines)
}

/// What was done to a file that the caller may see, newest first.
pub(super) async fn lines_of(
    tx: &mut Tx,
    at: &Standpoint,
    record: &Record,
) -> Result<Vec<HistoryLine>, DbError> {
    let kind = kinds::kind(&record.kind).ok_or(DbError::NotFound)?;
    fence::open_log_of(tx, record.id).await?;
    let logged = logged(tx, record).await?;
    let looks = looks(tx, record).await?;
    let devices = logged.iter().map(|changeset| changeset.device);
    let devices = devices.chain(looks.iter().filter_map(|entry| entry.device)).collect();
    let shared = are_shared(tx, &devices).await?;
    let told = Told { record, kind, at, shared, aliases: aliases(tx, record).await? };
    let mut lines = told.changes(&logged);
    lines.extend(told.looks(looks));
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    Ok(lines)
}

/// Which of these devices are PCs in shared mode.
async fn are_shared(tx: &mut Tx, devices: &BTreeSet<DeviceId>) -> Result<BTreeMap<DeviceId, bool>, DbError> {
    let rows = sql::query("SELECT id, shared FROM device WHERE id IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(devices))
        .fetch_all(tx)
        .await?;
    rows.iter().map(|row| Ok((parsed(row, "id")?, row.try_get::<i64>("shared")? != 0))).collect()
}

/// The changesets that changed the record, oldest first.
async fn logged(tx: &mut Tx, record: &Record) -> Result<Vec<LoggedChangeset>, DbError> {
    let ids: Vec<Uuid> = record.changes.iter().map(|change| change.op).collect();
    let mut logged = store::changesets(tx, &ids).await?;
    logged.sort_by_key(|changeset| changeset.rev);
    Ok(logged)
}

/// What is a part of the file, and what the file is a part of: the other by the one.
async fn aliases(tx: &mut Tx, record: &Record) -> Result<BTreeMap<Uuid, Uuid>, DbError> {
    let rows =
        sql::query("SELECT e FROM record WHERE merged_into = $1").bind(id(record.id)).fetch_all(tx).await?;
    let into_it = rows.iter().map(|row| Ok((parsed(row, "e")?, record.id)));
    let own = record.del.as_ref().and_then(|tombstone| tombstone.into).map(|into| Ok((record.id, into)));
    into_it.chain(own).collect()
}

struct Told<'a> {
    record: &'a Record,
    kind: &'static Kind,
    at: &'a Standpoint,
    shared: BTreeMap<DeviceId, bool>,
    aliases: BTreeMap<Uuid, Uuid>,
}

/// What stood in the fields as far as the history has been told.
#[derive(Default)]
struct Known {
    /// None where two values clashed.
    fields: BTreeMap<String, Option<Value>>,
    /// The history began with the file, so that a field of which it said nothing was empty.
    is_whole: bool,
}

impl Known {
    fn before(&self, field: &str) -> Option<Value> {
        match self.fields.get(field) {
            Some(known) => known.clone(),
            None => self.is_whole.then_some(Value::Null),
        }
    }

    fn note(&mut self, field: &str, value: Option<Value>) {
        self.fields.insert(field.to_owned(), value);
    }
}

/// One op in the words of a history.
struct Written<'o> {
    word: &'static str,
    field: Option<&'o str>,
    value: Option<Value>,
    reason: Option<&'o str>,
    merged: Option<Merged>,
}

impl Told<'_> {
    fn changes(&self, logged: &[LoggedChangeset]) -> Vec<HistoryLine> {
        let mut known = Known::default();
        let mut lines = Vec::new();
        for changeset in logged {
            let is_judged = changeset.st.is_written();
            // What was held or rejected changed nothing here, and a text that cannot be read tells nothing.
            let Some(read) = read(changeset).filter(|_| is_judged) else { continue };
            for (index, op) in read.ops.iter().enumerate() {
                let is_merge = read.ops.iter().any(|op| matches!(op, Op::Merge { .. }));
                known.is_whole |= matches!(op, Op::Create { e, .. } if *e == self.record.id);
                let outcome = outcome(changeset, index);
                for written in self.written(op, &read.ops) {
                    let line = self.line(changeset, written, outcome, &mut known);
                    lines.push(HistoryLine { save: is_merge.then_some(changeset.id), ..line });
                }
            }
        }
        // Of two that were made one more than once, the last time counts.
        let mut newer = BTreeSet::new();
        for line in lines.iter_mut().rev() {
            if let Some(merged) = line.merged.as_ref().filter(|_| line.word == "merge") {
                line.is_current &= newer.insert(merged.from);
            }
        }
        lines
    }

    fn line(
        &self,
        changeset: &LoggedChangeset,
        written: Written<'_>,
        outcome: Outcome,
        known: &mut Known,
    ) -> HistoryLine {
        let written = self.without_numbers(written);
        let field = written.field.map(str::to_owned);
        let is_hidden = field.as_deref().is_some_and(|field| !self.is_shown(field));
        let before = field.as_ref().filter(|_| !is_hidden).and_then(|field| known.before(field));
        if let Some(field) = &field {
            match (outcome, &written.value) {
                (Outcome::Applied, Some(value)) => known.note(field, Some(value.clone())),
                // Which of two values stands is told by the conflict.
                (Outcome::Clashed, _) => known.note(field, None),
                _ => {}
            }
        }
        let origin =
            field.as_ref().and_then(|field| self.record.fields.get(field)).map(|state| &state.origin);
        HistoryLine {
            at: changeset.t_eff,
            by: Some(changeset.author),
            shared: self.shared.get(&changeset.device).copied(),
            device: None,
            word: written.word,
            is_current: outcome == Outcome::Applied
                && match &written.merged {
                    Some(Merged { from, into, .. }) => {
                        written.word == "merge" && self.aliases.get(from) == Some(into)
                    }
                    None => origin.is_some_and(|origin| origin.ops.contains(&changeset.id)),
                },
            save: None,
            merged: written.merged,
            field,
            value: written.value.filter(|_| !is_hidden),
            before,
            is_hidden,
            outcome,
            reason: written.reason.map(str::to_owned),
        }
    }

    /// Of rows with numbers the tails: who needs a number opens the file.
    fn without_numbers<'o>(&self, written: Written<'o>) -> Written<'o> {
        if !written.field.is_some_and(|field| self.kind.has_numbers_in_rows(field)) {
            return written;
        }
        let value = written.value.map(|value| mask::rows(&value, mask::TAIL_CHARS));
        Written { value, ..written }
    }

    fn is_shown(&self, field: &str) -> bool {
        let is_sealed =
            matches!(self.record.fields.get(field), Some(state) if matches!(state.value, Stored::Sealed(_)));
        !is_sealed && self.kind.seen(self.at.who.role, field) == Seen::Full
    }

    /// What an op did to this record; nothing if it is about another.
    fn written<'o>(&self, op: &'o Op, beside: &'o [Op]) -> Vec<Written<'o>> {
        let decided = beside.iter().find_map(|op| match op {
            Op::Decide { reason, .. } | Op::Resolve { reason, .. } => reason.as_deref(),
            _ => None,
        });
        let of = |word, field, value| {
            vec![Written { word, field: Some(field), value, reason: decided, merged: None }]
        };
        let whole = |word, reason: &'o str| {
            vec![Written {
                word,
                field: None,
                value: None,
                reason: Some(reason),
                merged: merged_by(op, beside),
            }]
        };
        let e = self.record.id;
        match op {
            Op::Create { e: on, f, .. } if *on == e => {
                let begun = Written { word: "create", field: None, value: None, reason: None, merged: None };
                let fields = f.iter().map(|(name, value)| Written {
                    word: "begin",
                    field: Some(name),
                    value: Some(value.clone()),
                    reason: None,
                    merged: None,
                });
                std::iter::once(begun).chain(fields).collect()
            }
            Op::Set { e: on, f, v, .. } if *on == e => of("set", f.as_str(), Some(v.clone())),
            Op::Sealed { e: on, f, .. } if *on == e => of("set", f.as_str(), None),
            Op::Add { e: on, f, item } if *on == e => of("add", f.as_str(), Some(item.clone())),
            Op::Remove { e: on, f, item } if *on == e => of("remove", f.as_str(), Some(item.clone())),
            Op::Move { e: on, area, .. } if *on == e => {
                let name = self.at.tree.get(*area).map(|node| node.name.clone());
                of("move", AREA, name.map(Value::from))
            }
            Op::Delete { e: on, reason, .. } if *on == e => whole("delete", reason),
            Op::Undelete { e: on, reason } if *on == e => whole("undelete", reason),
            Op::Merge { from, into, reason } if *from == e || *into == e => whole("merge", reason),
            Op::Unmerge { from, into, reason } if *from == e || *into == e => whole("unmerge", reason),
            _ => Vec::new(),
        }
    }

    fn looks(&self, looks: Vec<Look>) -> Vec<HistoryLine> {
        let mut shown = Shown::default();
        let mut lines = Vec::new();
        for Look { at, account, device, detail } in looks {
            let line = |word, field: Option<String>, value, reason| HistoryLine {
                at,
                by: account,
                shared: device.and_then(|device| self.shared.get(&device).copied()),
                device: device.filter(|_| word == "view"),
                word,
                is_hidden: field.is_some(),
                field,
                value,
                before: None,
                outcome: Outcome::Applied,
                is_current: false,
                save: None,
                merged: None,
                reason,
            };
            match detail {
                Looked::At { files } => {
                    let new = shown.new_days((account, device), &files, self.record.id);
                    lines.extend(new.into_iter().map(|on| line("view", None, Some(json!(on)), None)));
                }
                Looked::Unmasked(what) => lines.push(line("unmask", Some(what.f), None, Some(what.reason))),
            }
        }
        lines
    }
}

/// An entry of the chain that tells who opened the file, or read a number of it in full.
#[derive(Deserialize)]
struct Look {
    at: i64,
    account: Option<Uuid>,
    device: Option<DeviceId>,
    detail: Looked,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Looked {
    At { files: Vec<Viewed> },
    Unmasked(Unmasking),
}

/// A day on which a device showed a file. What it showed while it was out of reach is told at its next contact.
#[derive(Deserialize)]
pub(super) struct Viewed {
    pub(super) e: Uuid,
    pub(super) on: Day,
}

/// The days on which devices showed a file, as far as they have been told: each day of a device is one look, however often it was told.
#[derive(Default)]
pub(super) struct Shown(BTreeSet<(Option<Uuid>, Option<DeviceId>, Day)>);

impl Shown {
    /// The days that a device tells of `file` for the first time, of all that it told at once.
    pub(super) fn new_days(
        &mut self,
        (account, device): (Option<Uuid>, Option<DeviceId>),
        told: &[Viewed],
        file: Uuid,
    ) -> Vec<Day> {
        let days = told.iter().filter(|shown| shown.e == file).map(|shown| shown.on);
        days.filter(|on| self.0.insert((account, device, *on))).collect()
    }
}

/// Who opened the file, and who read numbers of it in full, and why; oldest first.
async fn looks(tx: &mut Tx, record: &Record) -> Result<Vec<Look>, DbError> {
    let rows =
        sql::query("SELECT body FROM audit WHERE action IN ('unmask', 'view') AND body LIKE $1 ORDER BY n")
            .bind(format!("%{}%", id(record.id)))
            .fetch_all(tx)
            .await?;
    let entry = |row: &Row| serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"));
    rows.iter().map(entry).collect()
}

/// What an op made one, or two again, and what beside it.
fn merged_by(op: &Op, beside: &[Op]) -> Option<Merged> {
    let pair = |op: &Op| match op {
        Op::Merge { from, into, .. } | Op::Unmerge { from, into, .. } => Some((*from, *into)),
        _ => None,
    };
    let (from, into) = pair(op)?;
    let others = beside.iter().filter_map(pair).filter(|other| other.0 != from);
    Some(Merged { from, into, beside: others.collect() })
}

pub(super) fn read(changeset: &LoggedChangeset) -> Option<Changeset> {
    let mut value: Value = serde_json::from_str(&changeset.body).ok()?;
    // What came sealed bears its id outside.
    value["id"] = json!(changeset.id);
    serde_json::from_value(value).ok()
}

pub(super) fn outcome(changeset: &LoggedChangeset, index: usize) -> Outcome {
    let made = |kind: &str| {
        let e = made_alike(kind, &[&changeset.id.to_string(), &index.to_string()]);
        changeset.made.iter().any(|made| made.e == e)
    };
    if made(PROPOSAL) {
        Outcome::Proposed
    } else if made(CONFLICT) {
        Outcome::Clashed
    } else {
        Outcome::Applied
    }
}
