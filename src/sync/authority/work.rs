//! The records under decision: what is loaded, what earlier changesets of the batch made of it, what this one makes of it.

use crate::limits::RECORD_CHANGES_KEPT;
use crate::{
    authority::{Key, Loaded, LoggedChangeset, Missing, Opener, PushContext},
    id::{AreaId, made_alike},
    record::{Change, Exit, FieldState, HELD, Origin, PROPOSAL, Record, SealedStored, Stored},
    rev::Rev,
    wire::{Made, SealedValue, Why},
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};
use uuid::Uuid;

/// How deep records hang below each other: recipient, visit, conflict, held. A deeper chain is a loop.
const DEPTH_MAX: usize = 8;

/// Why a changeset does not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Something must be loaded first.
    Load,
    /// It is kept for a person.
    Hold(Why),
    /// It stays on the phone.
    Reject(Why),
}

/// In whose name ops are applied: the changeset that is pushed, or the held one that a resolver lets through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Act {
    pub(super) id: Uuid,
    pub(super) author: Uuid,
    pub(super) t_eff: i64,
    pub(super) rev: Rev,
}

#[derive(Default)]
struct Layer {
    records: BTreeMap<Uuid, Record>,
    exits: Vec<Exit>,
}

/// A batch in progress.
pub(super) struct Work<'a, O> {
    pub(super) ctx: &'a PushContext<'a>,
    pub(super) opener: &'a O,
    loaded: &'a Loaded,
    missing: RefCell<BTreeSet<Key>>,
    indexes: RefCell<BTreeMap<(Uuid, String, String), Option<String>>>,
    done: Layer,
    now: Layer,
    /// What the changeset in progress made, with the index of the op.
    pub(super) made: Vec<(usize, Made)>,
    /// Fields whose value a person at the office chose in this changeset.
    decided: BTreeSet<(Uuid, String)>,
    /// Index of the op in progress.
    pub(super) at: usize,
    /// How many held changesets are being let through inside each other.
    pub(super) nested: usize,
    /// Rows of the changeset log that this batch adds.
    pub(super) logged: Vec<LoggedChangeset>,
}

impl<'a, O: Opener> Work<'a, O> {
    pub(super) fn new(ctx: &'a PushContext<'a>, opener: &'a O, loaded: &'a Loaded) -> Work<'a, O> {
        Work {
            ctx,
            opener,
            loaded,
            missing: RefCell::default(),
            indexes: RefCell::default(),
            done: Layer::default(),
            now: Layer::default(),
            made: Vec::new(),
            decided: BTreeSet::new(),
            at: 0,
            nested: 0,
            logged: Vec::new(),
        }
    }

    /// Keeps what the changeset in progress did.
    pub(super) fn keep(&mut self) {
        self.done.records.append(&mut self.now.records);
        self.done.exits.append(&mut self.now.exits);
        self.made.clear();
        self.decided.clear();
    }

    /// Forgets what the changeset in progress did.
    pub(super) fn discard(&mut self) {
        self.now = Layer::default();
        self.made.clear();
        self.decided.clear();
        self.nested = 0;
    }

    /// Notes that a person at the office chose the value of a field.
    pub(super) fn note_decided(&mut self, e: Uuid, field: &str) {
        self.decided.insert((e, field.to_owned()));
    }

    /// What is written behind a decision is nobody's decision.
    pub(super) fn forget_decided(&mut self, e: Uuid, field: &str) {
        self.decided.remove(&(e, field.to_owned()));
    }

    /// Whether a person at the office chose the value of a field in the changeset in progress.
    pub(super) fn is_decided(&self, e: Uuid, field: &str) -> bool {
        self.decided.contains(&(e, field.to_owned()))
    }

    /// What the batch changed.
    pub(super) fn into_changes(self) -> (Vec<Record>, Vec<Exit>, Vec<LoggedChangeset>) {
        (self.done.records.into_values().collect(), self.done.exits, self.logged)
    }

    /// What must be loaded before the decision stands.
    pub(super) fn missing(&self) -> Result<(), Missing> {
        let missing = self.missing.borrow();
        if missing.is_empty() { Ok(()) } else { Err(Missing(missing.clone())) }
    }

    fn want<T>(&self, found: Option<T>, key: impl FnOnce() -> Key) -> Result<T, Stop> {
        found.ok_or_else(|| {
            self.missing.borrow_mut().insert(key());
            Stop::Load
        })
    }

    /// The id at a number of this incarnation.
    pub(super) fn seq(&self, seq: u64) -> Result<Option<Uuid>, Stop> {
        self.want(self.loaded.seqs.get(&seq).copied(), || Key::Seq(seq))
    }

    /// A changeset of the log, or one that this batch brought.
    pub(super) fn changeset(&self, id: Uuid) -> Result<Option<&LoggedChangeset>, Stop> {
        if let Some(row) = self.logged.iter().find(|row| row.id == id) {
            return Ok(Some(row));
        }
        self.want(self.loaded.changesets.get(&id).map(Option::as_ref), || Key::Changeset(id))
    }

    /// A record as this batch has made it so far.
    pub(super) fn record(&self, id: Uuid) -> Result<Option<&Record>, Stop> {
        match self.now.records.get(&id) {
            Some(record) => Ok(Some(record)),
            None => self.before(id),
        }
    }

    /// A record as it was before the changeset in progress.
    pub(super) fn before(&self, id: Uuid) -> Result<Option<&Record>, Stop> {
        if let Some(record) = self.done.records.get(&id) {
            return Ok(Some(record));
        }
        self.want(self.loaded.records.get(&id).map(Option::as_ref), || Key::Record(id))
    }

    /// The records that the changeset in progress has written so far.
    pub(super) fn written(&self) -> impl Iterator<Item = &Record> {
        self.now.records.values()
    }

    /// A record that is known to be there.
    pub(super) fn known(&self, id: Uuid) -> Result<&Record, Stop> {
        self.record(id)?.ok_or(Stop::Hold(Why::Missing))
    }

    /// All direct children, deleted ones too, as this batch has made them so far.
    pub(super) fn children(&self, of: Uuid) -> Result<Vec<Uuid>, Stop> {
        let stored = self.want(self.loaded.children.get(&of), || Key::Children(of))?;
        let mut ids: BTreeSet<Uuid> = stored.iter().copied().collect();
        ids.extend(self.changed().filter(|record| record.parent == Some(of)).map(|record| record.id));
        let mut children = Vec::new();
        for id in ids {
            if self.known(id)?.parent == Some(of) {
                children.push(id);
            }
        }
        Ok(children)
    }

    /// Asks for all that hangs below these records, each level at once: one by one, a family of many visits would need a round for each.
    pub(super) fn ask_below(&self, records: &[Uuid]) -> Result<(), Stop> {
        let mut level = records.to_vec();
        for _ in 0..DEPTH_MAX {
            let found: Vec<_> = level.iter().map(|id| self.children(*id)).collect();
            level = found.into_iter().collect::<Result<Vec<_>, Stop>>()?.concat();
        }
        Ok(())
    }

    /// The open proposals of one author for one field of one record.
    pub(super) fn open_proposals(&self, of: Uuid, field: &str, author: Uuid) -> Result<Vec<Uuid>, Stop> {
        let key = (of, field.to_owned(), author);
        let stored = self.want(self.loaded.proposals.get(&key), || Key::Proposals {
            record: of,
            field: field.to_owned(),
            author,
        })?;
        let is_it = |record: &Record| {
            record.kind == PROPOSAL
                && record.is_open()
                && record.id_in("recipient") == Some(of)
                && record.text("field") == Some(field)
                && record.id_in("by") == Some(author)
        };
        let mut ids: BTreeSet<Uuid> = stored.iter().copied().collect();
        ids.extend(self.changed().filter(|record| is_it(record)).map(|record| record.id));
        let mut open = Vec::new();
        for id in ids {
            if is_it(self.known(id)?) {
                open.push(id);
            }
        }
        Ok(open)
    }

    fn changed(&self) -> impl Iterator<Item = &Record> {
        self.now.records.values().chain(self.done.records.values())
    }

    /// Where a record lies for the question of scope: a child where its parent lies (A1).
    pub(super) fn place(&self, record: &Record) -> Result<AreaId, Stop> {
        let mut at = record;
        for _ in 0..DEPTH_MAX {
            let Some(parent) = at.parent else { break };
            let Some(above) = self.record(parent)? else { break };
            at = above;
        }
        Ok(at.area)
    }

    /// Whether the caller may read and write a record.
    pub(super) fn in_scope(&self, record: &Record) -> Result<bool, Stop> {
        Ok(self.ctx.who.scope.holds(self.place(record)?))
    }

    /// A record to be changed by the changeset in progress.
    pub(super) fn edit(&mut self, id: Uuid, act: &Act) -> Result<&mut Record, Stop> {
        let mut record = self.known(id)?.clone();
        record.rev = act.rev;
        let change = Change { rev: act.rev, op: act.id };
        if record.changes.last() != Some(&change) {
            record.changes.push(change);
            let surplus = record.changes.len().saturating_sub(RECORD_CHANGES_KEPT);
            record.changes.drain(..surplus);
        }
        Ok(self.now.records.entry(id).insert_entry(record).into_mut())
    }

    /// A record whose origins are completed without a change that anyone sees.
    pub(super) fn note(&mut self, id: Uuid) -> Result<&mut Record, Stop> {
        let record = self.known(id)?.clone();
        Ok(self.now.records.entry(id).insert_entry(record).into_mut())
    }

    /// Writes one field.
    pub(super) fn store(&mut self, id: Uuid, field: &str, value: Stored, act: &Act) -> Result<(), Stop> {
        let origin = Origin { ops: vec![act.id], t_eff: act.t_eff, author: act.author };
        let state = FieldState { value, fv: act.rev, origin };
        self.edit(id, act)?.fields.insert(field.to_owned(), state);
        Ok(())
    }

    /// Adds a new record.
    pub(super) fn put(&mut self, record: Record) {
        self.now.records.insert(record.id, record);
    }

    /// Writes that a record left an area.
    pub(super) fn exit(&mut self, exit: Exit) {
        if !crate::planted::planted(crate::planted::Bug::NoExits) {
            self.now.exits.push(exit);
        }
    }

    /// The id of a record that the server makes. Should a client have created a record under it, the next name is taken.
    pub(super) fn made_id(&self, kind: &str, names: &[&str]) -> Result<Uuid, Stop> {
        let mut names: Vec<&str> = names.to_vec();
        for _ in 0..DEPTH_MAX {
            let id = made_alike(kind, &names);
            match self.record(id)? {
                Some(taken) if taken.kind != kind => names.push("taken"),
                _ => return Ok(id),
            }
        }
        Err(Stop::Hold(Why::Exists))
    }

    /// The draft of a visit that its phone handed over, if it waits.
    pub(super) fn open_draft(&self, visit: Uuid) -> Result<Option<Uuid>, Stop> {
        let id = self.made_id(HELD, &[&visit.to_string()])?;
        let waits = |held: &&Record| held.is_open() && held.text("why") == Some(Why::Draft.word());
        Ok(self.record(id)?.filter(waits).map(|held| held.id))
    }

    /// A sealed value with its index; rejected when it does not open.
    pub(super) fn sealed(&self, e: Uuid, field: &str, value: &SealedValue) -> Result<Stored, Stop> {
        // All of it, or a value of another algorithm would pass under the name of one that opened.
        let whole = [&value.kid, &value.alg, &value.enc, &value.ct].map(String::as_str).join(" ");
        let key = (e, field.to_owned(), whole);
        let mut indexes = self.indexes.borrow_mut();
        let idx = indexes.entry(key).or_insert_with(|| self.opener.index(e, field, value));
        let idx = idx.clone().ok_or(Stop::Reject(Why::BadValue))?;
        Ok(Stored::Sealed(SealedStored { s: value.clone(), idx }))
    }
}
