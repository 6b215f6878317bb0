//! Fields with a door of their own in the table of kinds: what a changeset made of them is judged when all its ops have taken effect (V10).

use crate::{
    authority::{
        Opener,
        work::{Act, Stop, Work},
    },
    record::Record,
    wire::Why,
};
use domain::{
    day::Timestamp,
    kinds::{Fields, Guard, Turn, kind},
};
use serde_json::Value;
use uuid::Uuid;

impl Fields for Record {
    fn field(&self, name: &str) -> Option<&Value> {
        self.plain(name)
    }
}

/// Judges every guarded field that the changeset in progress changed. Goes on behind one that waits, so that all that must be loaded is asked for at once.
pub(super) fn guard<O: Opener>(work: &Work<'_, O>, act: &Act) -> Result<(), Stop> {
    let mut waits = false;
    for record in work.written() {
        let Some(guard) = kind(&record.kind).and_then(|kind| kind.guard) else { continue };
        match judge(work, act, record, &guard) {
            Err(Stop::Load) => waits = true,
            other => other?,
        }
    }
    if waits { Err(Stop::Load) } else { Ok(()) }
}

fn judge<O: Opener>(work: &Work<'_, O>, act: &Act, record: &Record, guard: &Guard) -> Result<(), Stop> {
    let before = work.before(record.id)?;
    if before.is_some_and(|before| before.plain(guard.field) == record.plain(guard.field)) {
        return Ok(());
    }
    let beside = match record.parent {
        Some(parent) => work.children(parent)?,
        None => Vec::new(),
    };
    let beside = beside.into_iter().map(|id| work.known(id)).collect::<Result<Vec<_>, _>>()?;
    let named = |name: &&str| {
        let id = record.id_in(name)?;
        find(&beside, id).map(|record| record as &dyn Fields)
    };
    let siblings = beside.iter().filter(|one| one.kind == guard.siblings && one.del.is_none());
    let turn = Turn {
        id: record.id,
        role: work.ctx.who.role,
        day: Timestamp::from_ms(act.t_eff).day(),
        before: before.map(|before| before as &dyn Fields),
        after: record,
        named: guard.names.iter().map(named).collect(),
        siblings: siblings.map(|one| *one as &dyn Fields).collect(),
    };
    if (guard.allows)(&turn) { Ok(()) } else { Err(Stop::Hold(Why::Step)) }
}

fn find<'r>(records: &[&'r Record], id: Uuid) -> Option<&'r Record> {
    records.iter().copied().find(|record| record.id == id && record.del.is_none())
}
