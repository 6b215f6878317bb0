//! A save: numbers, bases and overlay in one commit.

use super::{
    AreaState, Batch, Effect, Loaded, OutPut, OutboxHead, Replica, Save, SaveProblem, Turn,
    job::{Decision, Plan},
    shelf::{Place, Shelf, Shelves},
};
use crate::{
    id::AreaId,
    limits::CHANGESET_BYTES_CLIENT_MAX,
    local::{LocalRecord, Pending},
    planted::{Bug, planted},
    record::AREA,
    rev::Rev,
    wire::{Base, Changeset, Op, SCHEMA},
};
use domain::order::Gather;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

impl Replica {
    pub(super) fn save(
        &mut self,
        turn: &mut Turn<'_, '_>,
        save: &Save,
        ids: &[Uuid],
        loaded: &Loaded,
    ) -> Decision {
        let failed = |problem| Decision::Nothing(vec![Effect::SaveFailed { token: save.token, problem }]);
        let Some(disk) =
            self.disk.as_ref().filter(|disk| self.unlocked && !disk.meta.wiping && !disk.meta.revoked)
        else {
            return failed(SaveProblem::NotOpen);
        };
        let parts = || [&save.ops].into_iter().chain(&save.behind);
        if parts().any(|ops| ops.is_empty() || names_a_field_twice(ops)) {
            return failed(SaveProblem::Malformed);
        }
        let wanted: BTreeSet<Uuid> = parts().flat_map(|ops| wanted(ops, loaded)).gather();
        if !wanted.is_subset(&self.asked) {
            self.asked.extend(&wanted);
            return Decision::Load(wanted.into_iter().collect());
        }
        self.asked.clear();
        let mut meta = disk.meta.clone();
        let mut shelves = Shelves::new(loaded);
        let (mut puts, mut asked_after) = (Vec::new(), Vec::new());
        for (id, ops) in ids.iter().zip(parts()) {
            let ops = match based(ops, &save.seen, &shelves.rep) {
                Ok(ops) => ops,
                Err(e) => return failed(SaveProblem::MissingRecord { e }),
            };
            let changeset = Changeset {
                id: *id,
                schema: SCHEMA,
                t: turn.env.now,
                t_contact: meta.t_contact,
                author: meta.identity.author,
                ops,
            };
            let bytes = serde_json::to_vec(&changeset).map_or(usize::MAX, |text| text.len());
            if bytes > CHANGESET_BYTES_CLIENT_MAX {
                return failed(SaveProblem::TooLarge { bytes });
            }
            let seq = if planted(Bug::SharedNumber) { disk.meta.next_seq } else { meta.next_seq };
            let head = self.head_of(&changeset, bytes, meta.inc, seq);
            asked_after.extend(self.asked_after(&head.blobs));
            meta.next_seq = seq + 1;
            overlay(&mut shelves, &changeset, &meta.areas);
            puts.push(OutPut { head, changeset });
        }
        let mut plan = Plan::of(Batch::of(meta));
        let saved = puts.iter().map(|put| (put.head.id, put.head.seq));
        plan.after.extend(saved.map(|(id, seq)| Effect::Saved { token: save.token, id, seq }));
        let batch = &mut plan.batches[0];
        batch.out_put.append(&mut puts);
        batch.blob_put = asked_after;
        batch.draft_del.extend(save.draft);
        let mut meta = batch.meta.clone();
        shelves.finish(
            Place { meta: &mut meta, batch, changed: &mut plan.changed },
            &BTreeSet::new(),
            Vec::new(),
        );
        Decision::Write(Box::new(plan))
    }

    fn head_of(&self, changeset: &Changeset, bytes: usize, inc: crate::id::Inc, seq: u64) -> OutboxHead {
        let touched: BTreeSet<Uuid> = changeset.ops.iter().flat_map(entities).gather();
        let blobs = changeset.ops.iter().filter_map(|op| match op {
            Op::Attach { blob, .. } => Some(*blob),
            _ => None,
        });
        OutboxHead {
            inc,
            seq,
            id: changeset.id,
            t: changeset.t,
            bytes,
            key: self.key,
            touched: touched.into_iter().collect(),
            blobs: blobs.collect(),
            verdict: None,
            settled: false,
            t_acked: 0,
            dismissed: false,
        }
    }
}

/// The records an op writes.
fn entities(op: &Op) -> Vec<Uuid> {
    match op {
        Op::Merge { from, into, .. } | Op::Unmerge { from, into, .. } => vec![*from, *into],
        other => vec![entity(other)],
    }
}

fn entity(op: &Op) -> Uuid {
    match op {
        Op::Create { e, .. }
        | Op::Set { e, .. }
        | Op::Sealed { e, .. }
        | Op::Add { e, .. }
        | Op::Remove { e, .. }
        | Op::Append { e, .. }
        | Op::Attach { e, .. }
        | Op::Detach { e, .. }
        | Op::Move { e, .. }
        | Op::Delete { e, .. }
        | Op::Undelete { e, .. }
        | Op::Resolve { e, .. }
        | Op::Decide { e, .. } => *e,
        Op::Merge { from, .. } | Op::Unmerge { from, .. } => *from,
    }
}

/// A changeset names a field of a record at most once, counting `create.f`, `set` and `sealed`.
fn names_a_field_twice(ops: &[Op]) -> bool {
    let mut named = BTreeSet::new();
    ops.iter().any(|op| match op {
        Op::Create { e, f, .. } => f.keys().any(|field| !named.insert((*e, field.clone()))),
        Op::Set { e, f, .. } | Op::Sealed { e, f, .. } => !named.insert((*e, f.clone())),
        _ => false,
    })
}

/// The records that decide bases and areas: those written, parents, and what a conflict is about.
fn wanted(ops: &[Op], loaded: &Loaded) -> BTreeSet<Uuid> {
    let mut wanted: BTreeSet<Uuid> = ops.iter().flat_map(entities).gather();
    for op in ops {
        match op {
            Op::Create { parent: Some(parent), .. } => {
                wanted.insert(*parent);
            }
            Op::Resolve { e, .. } => wanted.extend(loaded.rep.get(e).and_then(disputed).map(|(of, _)| of)),
            _ => {}
        }
    }
    wanted
}

/// The record and field that a conflict is about.
fn disputed(conflict: &LocalRecord) -> Option<(Uuid, String)> {
    let f = &conflict.confirmed.as_ref()?.f;
    let of = Uuid::try_parse(f.get("of")?.as_str()?).ok()?;
    Some((of, f.get("field").and_then(Value::as_str)?.to_owned()))
}

/// Fills in every base, and the area of children.
fn based(ops: &[Op], seen: &BTreeMap<(Uuid, String), Base>, records: &Shelf<'_>) -> Result<Vec<Op>, Uuid> {
    let seen = |e: Uuid, field: &str| seen.get(&(e, field.to_owned())).cloned();
    let mut made: BTreeMap<Uuid, AreaId> = BTreeMap::new();
    let mut based = Vec::with_capacity(ops.len());
    for op in ops {
        let here = |e: Uuid| records.get(e);
        let mut op = op.clone();
        // A device that came after a merge was never sent what it made an alias.
        if !matches!(op, Op::Create { .. } | Op::Unmerge { .. }) {
            let e = entity(&op);
            if here(e).is_none() && !made.contains_key(&e) {
                return Err(e);
            }
        }
        match &mut op {
            Op::Create { e, area, parent, .. } => {
                if let Some(parent) = *parent {
                    let known = here(parent).map(|parent| parent.view().area).or(made.get(&parent).copied());
                    *area = known.unwrap_or(*area);
                }
                made.insert(*e, *area);
            }
            Op::Set { e, f, base, .. } | Op::Sealed { e, f, base, .. } => {
                let now = || here(*e).map_or(Base::Fv(Rev::ZERO), |record| record.base(f));
                *base = seen(*e, f).unwrap_or_else(now);
            }
            Op::Move { e, base, .. } => {
                let now = || here(*e).map_or(Base::Fv(Rev::ZERO), LocalRecord::base_of_area);
                *base = seen(*e, AREA).unwrap_or_else(now);
            }
            Op::Delete { e, base, .. } => {
                if let Some(record) = here(*e) {
                    *base = record.base_of_delete();
                }
            }
            Op::Resolve { e, base, .. } => {
                *base = here(*e).and_then(|conflict| base_of_resolve(conflict, records))
            }
            _ => {}
        }
        based.push(op);
    }
    Ok(based)
}

/// Deciding a conflict writes its field; a held record has no base.
fn base_of_resolve(conflict: &LocalRecord, records: &Shelf<'_>) -> Option<Base> {
    let (of, field) = disputed(conflict)?;
    let record = records.get(of)?;
    Some(if field == AREA { record.base_of_area() } else { record.base(&field) })
}

/// Puts the changeset's ops beside the records they write, in `rep` and on staged twins.
///
/// What is created in an area that is not of the scope lies under `own` until the office has judged it: no swap or purge would ever
/// reach it elsewhere, and no key is kept for such an area.
fn overlay(shelves: &mut Shelves<'_>, changeset: &Changeset, areas: &BTreeMap<AreaId, AreaState>) {
    let mut by_record: BTreeMap<Uuid, Vec<(u32, Op)>> = BTreeMap::new();
    for (index, op) in (0_u32..).zip(&changeset.ops) {
        for e in entities(op) {
            by_record.entry(e).or_default().push((index, op.clone()));
        }
    }
    for (e, ops) in by_record {
        let created = ops.iter().find_map(|(_, op)| match op {
            Op::Create { kind, area, .. } => Some((kind.clone(), *area)),
            _ => None,
        });
        let pending =
            Pending { changeset: changeset.id, author: changeset.author, t: changeset.t, ops, verdict: None };
        let write = |record: &mut LocalRecord| {
            record.write(pending.clone());
            if !areas.contains_key(&record.area) {
                record.area = AreaId::OWN;
            }
        };
        match (shelves.rep.get(e), created) {
            (Some(_), _) => shelves.rep.edit(e, write),
            (None, Some((kind, area))) => {
                let mut made = LocalRecord::unseen(e, area, &kind);
                write(&mut made);
                shelves.rep.put(made);
            }
            (None, None) => continue,
        }
        shelves.stage.edit(e, write);
    }
}
