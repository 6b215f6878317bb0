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
use std::collections::{BTreeMap, btree_map::Entry};
use uuid::Uuid;

/// What lies below the records that the changeset in progress wrote beside.
type Families<'w> = BTreeMap<Uuid, Vec<&'w Record>>;

impl Fields for Record {
    fn field(&self, name: &str) -> Option<&Value> {
        self.plain(name)
    }
}

/// Judges every guarded field that the changeset in progress changed. Goes on behind one that waits, so that all that must be loaded is asked for at once.
pub(super) fn guard<O: Opener>(work: &Work<'_, O>, act: &Act) -> Result<(), Stop> {
    let mut waits = false;
    let mut families = Families::new();
    for record in work.written() {
        let Some(guard) = kind(&record.kind).and_then(|kind| kind.guard) else { continue };
        match judge(work, act, record, &guard, &mut families) {
            Err(Stop::Load) => waits = true,
            other => other?,
        }
    }
    if waits { Err(Stop::Load) } else { Ok(()) }
}

fn judge<'w, O: Opener>(
    work: &'w Work<'_, O>,
    act: &Act,
    record: &'w Record,
    guard: &Guard,
    families: &mut Families<'w>,
) -> Result<(), Stop> {
    let before = work.before(record.id)?;
    if before.and_then(|before| before.plain(guard.field)) == record.plain(guard.field) {
        return Ok(());
    }
    let beside = match record.parent {
        Some(parent) if guard.looks_around() => family(work, parent, families)?,
        _ => &[],
    };
    let named = |name: &&str| {
        let id = record.id_in(name)?;
        find(beside, id).map(|record| record as &dyn Fields)
    };
    let siblings = beside.iter().filter(|one| one.kind == guard.siblings && one.del.is_none());
    let mut turn = Turn {
        id: record.id,
        role: work.ctx.who.role,
        day: Timestamp::from_ms(act.t_eff).day(),
        is_decided: work.is_decided(record.id, guard.field),
        before: before.map(|before| before as &dyn Fields),
        after: record,
        named: guard.names.iter().map(named).collect(),
        siblings: siblings.map(|one| *one as &dyn Fields).collect(),
    };
    let is_allowed = work.ctx.roles().into_iter().all(|role| {
        turn.role = role;
        (guard.allows)(&turn)
    });
    if is_allowed { Ok(()) } else { Err(Stop::Hold(Why::Step)) }
}

/// The records below `parent`, put together once for all that hangs there.
fn family<'w, 'f, O: Opener>(
    work: &'w Work<'_, O>,
    parent: Uuid,
    families: &'f mut Families<'w>,
) -> Result<&'f [&'w Record], Stop> {
    match families.entry(parent) {
        Entry::Occupied(known) => Ok(known.into_mut()),
        Entry::Vacant(free) => {
            let ids = work.children(parent)?.into_iter();
            Ok(free.insert(ids.map(|id| work.known(id)).collect::<Result<_, _>>()?))
        }
    }
}

fn find<'r>(records: &[&'r Record], id: Uuid) -> Option<&'r Record> {
    records.iter().copied().find(|record| record.id == id && record.del.is_none())
}
