//! Judges and applies one op: the first reason in the order of V3 holds the changeset, else the op takes effect.

mod alias;
mod field;
mod office;
mod place;

pub(super) use field::server_record;

use crate::{
    authority::{
        Opener,
        check::value_of,
        work::{Act, Stop, Work},
    },
    id::AreaId,
    merge,
    record::{BLOBS, FieldState, Origin, Record, Stored, VISIT},
    wire::{Fields, Op, Why},
};
use domain::kinds::{Kind, Right, kind};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Applies op `i` of `ops`. What it made is in [`Work::made`].
pub(super) fn apply<O: Opener>(work: &mut Work<'_, O>, act: &Act, ops: &[Op], i: usize) -> Result<(), Stop> {
    match &ops[i] {
        Op::Create { e, kind, area, parent, f } => {
            let new = NewRecord { e: *e, kind, area: *area, parent: *parent, f };
            create(work, act, &new)
        }
        Op::Set { e, f, v, base } => {
            let kind = writable(work, *e)?;
            let value = value_of(work, kind, *e, f, v)?;
            work.set(act, ops, i, (*e, f), value, base)
        }
        Op::Sealed { e, f, v, base } => {
            writable(work, *e)?;
            let value = work.sealed(*e, f, v)?;
            work.set(act, ops, i, (*e, f), value, base)
        }
        Op::Add { e, f, item } => rewrite(work, act, *e, f, |old| merge::with_item(old, item)),
        Op::Remove { e, f, item } => rewrite(work, act, *e, f, |old| merge::without_item(old, item)),
        Op::Append { e, f, v } => {
            let origin = Origin { ops: vec![act.id], t_eff: act.t_eff, author: act.author };
            rewrite(work, act, *e, f, |old| merge::with_entry(old, v, &origin, i))
        }
        Op::Attach { e, blob, kind, bytes } => {
            rewrite(work, act, *e, BLOBS, |old| merge::with_blob(old, blob, kind, *bytes))
        }
        Op::Detach { e, blob } => rewrite(work, act, *e, BLOBS, |old| merge::without_blob(old, blob)),
        Op::Move { e, area, base } => work.move_to(act, ops, i, *e, *area, base),
        Op::Delete { e, base, .. } => work.delete(act, *e, base),
        Op::Undelete { e, .. } => work.undelete(act, *e),
        Op::Merge { from, into, .. } => work.merge(act, *from, *into),
        Op::Unmerge { from, into, .. } => work.unmerge(act, *from, *into),
        Op::Resolve { .. } => work.resolve(act, &ops[i]),
        Op::Decide { e, accept, reason } => work.decide(act, *e, *accept, reason.as_deref()),
    }
}

impl<O: Opener> Work<'_, O> {
    /// `missing`, `out_of_scope`, `merged_away` and `deleted` over the records that an op needs alive, in this order.
    pub(super) fn alive(&self, ids: &[Uuid]) -> Result<(), Stop> {
        self.within(ids)?;
        let mut is_deleted = false;
        for id in ids {
            match &self.known(*id)?.del {
                Some(tombstone) if tombstone.into.is_some() => return Err(Stop::Hold(Why::MergedAway)),
                Some(_) => is_deleted = true,
                None => {}
            }
        }
        if is_deleted { Err(Stop::Hold(Why::Deleted)) } else { Ok(()) }
    }

    /// `missing` and `out_of_scope` over the records that an op names, in this order.
    pub(super) fn within(&self, ids: &[Uuid]) -> Result<(), Stop> {
        // All of them are asked for before the first is waited for.
        let found: Vec<_> = ids.iter().map(|id| self.known(*id)).collect();
        let records = found.into_iter().collect::<Result<Vec<&Record>, Stop>>()?;
        let inside: Vec<_> = records.iter().map(|record| self.in_scope(record)).collect();
        let inside = inside.into_iter().collect::<Result<Vec<bool>, Stop>>()?;
        if inside.contains(&false) { Err(Stop::Hold(Why::OutOfScope)) } else { Ok(()) }
    }

    /// The kind of a record that is there.
    pub(super) fn kind_of(&self, e: Uuid) -> Result<&'static Kind, Stop> {
        kind(&self.known(e)?.kind).ok_or(Stop::Hold(Why::Right))
    }

    /// What the caller may do with a field.
    pub(super) fn right(&self, e: Uuid, field: &str) -> Result<Right, Stop> {
        Ok(self.right_of_kind(self.kind_of(e)?, field))
    }

    /// The same of a kind: the least that one of the roles may by which the push is judged.
    fn right_of_kind(&self, kind: &Kind, field: &str) -> Right {
        let [role, granted] = self.ctx.roles().map(|role| kind.right(role, field));
        role.max(granted)
    }

    /// Holds unless the caller works at an office and may write the kind at large (its default group).
    pub(super) fn office_may_write(&self, e: Uuid) -> Result<(), Stop> {
        self.office()?;
        if self.right(e, "*")? == Right::Write { Ok(()) } else { Err(Stop::Hold(Why::Right)) }
    }

    /// Holds unless the caller works at an office.
    pub(super) fn office(&self) -> Result<(), Stop> {
        if self.ctx.roles().iter().all(|role| role.is_office()) {
            Ok(())
        } else {
            Err(Stop::Hold(Why::Right))
        }
    }
}

/// The kind of a record that the caller may write to.
fn writable<O: Opener>(work: &Work<'_, O>, e: Uuid) -> Result<&'static Kind, Stop> {
    work.alive(&[e])?;
    work.kind_of(e)
}

/// Adds to or takes from a list: never in conflict, and never a proposal.
fn rewrite<O: Opener>(
    work: &mut Work<'_, O>,
    act: &Act,
    e: Uuid,
    field: &str,
    change: impl FnOnce(Option<&Value>) -> Option<Value>,
) -> Result<(), Stop> {
    work.alive(&[e])?;
    if work.right(e, field)? != Right::Write {
        return Err(Stop::Hold(Why::Right));
    }
    match change(work.known(e)?.plain(field)) {
        Some(value) => work.store(e, field, Stored::Plain(value), act),
        None => Ok(()),
    }
}

struct NewRecord<'a> {
    e: Uuid,
    kind: &'a str,
    area: AreaId,
    parent: Option<Uuid>,
    f: &'a Fields,
}

fn create<O: Opener>(work: &mut Work<'_, O>, act: &Act, new: &NewRecord<'_>) -> Result<(), Stop> {
    let kind = kind(new.kind).ok_or(Stop::Reject(Why::UnknownKind))?;
    let draft = if new.kind == VISIT { work.open_draft(new.e) } else { Ok(None) };
    let existing = work.record(new.e).map(|record| record.is_some());
    let parents: Vec<Uuid> = new.parent.into_iter().collect();
    let inside = work.within(&parents);
    let existing = existing?;
    inside?;
    let area = match new.parent {
        Some(parent) => work.place(work.known(parent)?)?,
        None => new.area,
    };
    if !work.ctx.who.scope.holds(area) {
        return Err(Stop::Hold(Why::OutOfScope));
    }
    if existing {
        work.within(&[new.e])?;
    }
    work.alive(&parents)?;
    // Ids that two sides make alike: the record may be there already, and that is as it should be (O2).
    let is_made_alike = existing && new.e.get_version_num() == 8;
    if existing && !is_made_alike {
        work.alive(&[new.e])?;
        return Err(Stop::Hold(Why::Exists));
    }
    let may_create = work.ctx.roles().iter().all(|role| kind.may_create(*role));
    if !may_create || new.f.keys().any(|field| work.right_of_kind(kind, field) == Right::None) {
        return Err(Stop::Hold(Why::Right));
    }
    if is_made_alike {
        return Ok(());
    }
    let origin = Origin { ops: vec![act.id], t_eff: act.t_eff, author: act.author };
    let mut fields = BTreeMap::new();
    for (name, v) in new.f {
        let value = value_of(work, kind, new.e, name, v)?;
        fields.insert(name.clone(), FieldState { value, fv: act.rev, origin: origin.clone() });
    }
    work.put(Record {
        id: new.e,
        kind: new.kind.to_owned(),
        area,
        parent: new.parent,
        rev: act.rev,
        entered: act.rev,
        placed: origin,
        del: None,
        fields,
        changes: vec![crate::record::Change { rev: act.rev, op: act.id }],
        about: BTreeMap::new(),
    });
    match draft? {
        Some(draft) => work.close(draft, "other", act),
        None => Ok(()),
    }
}
