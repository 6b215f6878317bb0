//! I9, judged apart from the authority: from what each author saw, and from what stood before the push.

use crate::{ledger::Seen, world::World};
use domain::{
    access::Role,
    kinds::{FieldClass, Right, kind},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    id::made_alike,
    record::{Record, Stored},
    rev::Rev,
    wire::{Changeset, Op, PushReceipt, SyncRequest, VerdictState},
};
use uuid::Uuid;

/// What stood at the office before a push, and what the push says.
#[derive(Debug, Default)]
pub(crate) struct Before {
    changesets: Vec<Changeset>,
    records: BTreeMap<Uuid, Record>,
    fields: BTreeMap<(Uuid, String), Standing>,
}

/// A field as it stands.
#[derive(Clone, Debug)]
struct Standing {
    value: Value,
    fv: Rev,
    ops: Vec<Uuid>,
    /// Known until a clash or an office op whose outcome is not judged here.
    is_known: bool,
}

impl World {
    /// Remembers what the records of a push are before it.
    pub(crate) fn before_push(&self, _: usize, request: &SyncRequest) -> Before {
        let mut before = Before::default();
        if self.office.epoch() > 1 {
            return before;
        }
        let Some(push) = &request.push else { return before };
        let ids = push.changesets.iter().filter_map(|text| id_in(text.get()));
        before.changesets = ids.filter_map(|id| self.ledger.changesets.get(&id).cloned()).collect();
        for op in before.changesets.iter().flat_map(|changeset| &changeset.ops) {
            if let Op::Set { e, .. } | Op::Create { e, .. } = op
                && let Some(record) = self.office.books().record(*e)
            {
                before.records.entry(*e).or_insert_with(|| record.clone());
            }
        }
        before
    }

    /// A write over a value that its author had not seen leaves a conflict; one over a value that he saw does not.
    pub(crate) fn check_merge(&mut self, n: usize, receipt: &PushReceipt, mut before: Before) {
        let account = &self.office.accounts[n];
        let roles = [account.who.role, account.granted];
        if roles[0] != roles[1] {
            self.tally.add("pushes_of_another_role");
        }
        self.check_unknown_fields(&before);
        for changeset in std::mem::take(&mut before.changesets) {
            let Some(verdict) = receipt.results.iter().find(|verdict| verdict.id == changeset.id) else {
                continue;
            };
            if !verdict.st.is_written() {
                continue;
            }
            let rev = verdict.rev.unwrap_or(Rev::ZERO);
            for (index, op) in changeset.ops.iter().enumerate() {
                self.judge(roles, &mut before, &changeset, index, op, rev);
            }
            if changeset
                .ops
                .iter()
                .any(|op| matches!(op, Op::Resolve { .. } | Op::Decide { .. } | Op::Merge { .. }))
            {
                // Its outcome is the authority's: what it wrote is not known here.
                before.records.clear();
                before.fields.clear();
                return;
            }
        }
    }

    /// I22: a field that this build does not know stays as it is when nobody names it.
    fn check_unknown_fields(&mut self, before: &Before) {
        let names = |op: &Op, id: Uuid, field: &str| match op {
            Op::Set { e, f, .. } => *e == id && f == field,
            // Their outcome is the authority's.
            Op::Resolve { .. } | Op::Decide { .. } | Op::Merge { .. } => true,
            _ => false,
        };
        let all = || before.changesets.iter().flat_map(|changeset| &changeset.ops);
        for (id, old) in &before.records {
            for (field, state) in old.fields.iter().filter(|(field, _)| field.starts_with("x_")) {
                if all().any(|op| names(op, *id, field)) {
                    continue;
                }
                let now = self.office.books().record(*id).and_then(|record| record.fields.get(field));
                if now.map(|now| (&now.value, now.fv)) != Some((&state.value, state.fv)) {
                    let what =
                        format!("I22 {field} of {id} was {state:?} and is {now:?}, and nobody wrote it");
                    return self.fail(what);
                }
                self.tally.add("unknown_fields_kept");
            }
        }
    }

    fn judge(
        &mut self,
        roles: [Role; 2],
        before: &mut Before,
        cs: &Changeset,
        index: usize,
        op: &Op,
        rev: Rev,
    ) {
        match op {
            Op::Create { e, f, .. } if !before.records.contains_key(e) => {
                for (field, value) in f {
                    let now = Standing { value: value.clone(), fv: rev, ops: vec![cs.id], is_known: true };
                    before.fields.entry((*e, field.clone())).or_insert(now);
                }
            }
            Op::Set { e, f, v, .. } => {
                if self.is_overreach(roles, cs.id, (*e, f)) {
                    return self
                        .fail(format!("P11 {} wrote {f} of {e}, which one of {roles:?} may not", cs.id));
                }
                let Some(seen) = self.ledger.seen.get(&(cs.id, *e, f.clone())).copied() else {
                    return before.forget(*e, f);
                };
                let Some(record) = self.office.books().record(*e) else { return };
                let Some(kind) = kind(&record.kind) else { return };
                // What either role may only propose is no write (P11).
                if roles.iter().all(|role| kind.right(*role, f) == Right::Write) {
                    self.judge_set(before, cs, index, (*e, f), v, (seen, kind.class(f), rev));
                }
            }
            _ => {}
        }
    }

    /// Whether a value stands that one of the roles may not write.
    fn is_overreach(&self, roles: [Role; 2], id: Uuid, (e, f): (Uuid, &str)) -> bool {
        let Some(record) = self.office.books().record(e) else { return false };
        let Some(kind) = kind(&record.kind) else { return false };
        let may_write = roles.iter().all(|role| kind.right(*role, f) == Right::Write);
        !may_write && record.fields.get(f).is_some_and(|state| state.origin.ops.contains(&id))
    }

    fn judge_set(
        &mut self,
        before: &mut Before,
        cs: &Changeset,
        index: usize,
        (e, f): (Uuid, &str),
        v: &Value,
        (seen, class, rev): (Seen, FieldClass, Rev),
    ) {
        let standing = before.standing(e, f);
        if !standing.is_known {
            return;
        }
        let conflict = made_alike("conflict", &[&cs.id.to_string(), &index.to_string()]);
        let is_conflict = self.office.books().record(conflict).is_some();
        let is_same = standing.value == *v;
        let is_seen = self.has_seen(seen, &standing, (e, f), 0);
        if is_seen && is_conflict {
            return self.fail(format!("I9 {} conflicts on {f} with what its author saw ({seen:?})", cs.id));
        }
        if !is_seen && !is_same && !is_conflict {
            let what = format!("{} wrote {f} of {e} over an unseen value without a conflict", cs.id);
            return self.fail(format!("I9 {what}: saw {seen:?}, there stood {standing:?}"));
        }
        if let (Seen::Own(_), true) = (seen, is_seen) {
            self.tally.add("own_chains");
        }
        let mut now = standing;
        if is_same {
            now.ops.push(cs.id);
        } else if is_seen {
            now = Standing { value: v.clone(), fv: rev, ops: vec![cs.id], is_known: true };
        } else if class != FieldClass::Critical {
            now.is_known = false;
        }
        before.fields.insert((e, f.to_owned()), now);
    }

    /// Whether what the author saw is what stands. If that was an own write that was held, what he had seen then counts.
    fn has_seen(&self, seen: Seen, standing: &Standing, place: (Uuid, &str), depth: usize) -> bool {
        match seen {
            // What was never written holds no value that anybody could have missed (M1).
            _ if standing.fv == Rev::ZERO => true,
            Seen::Server(fv) => fv == standing.fv,
            Seen::Own(op) if standing.ops.contains(&op) => true,
            Seen::Own(op) => {
                let row = self.office.books().log().get(&op);
                let is_refused =
                    row.is_some_and(|row| matches!(row.st, VerdictState::Held | VerdictState::Rejected));
                let earlier = self.ledger.seen.get(&(op, place.0, place.1.to_owned()));
                is_refused
                    && depth < 32
                    && earlier.is_some_and(|earlier| self.has_seen(*earlier, standing, place, depth + 1))
            }
        }
    }
}

impl Before {
    /// A field of which nothing is known from here on.
    fn forget(&mut self, e: Uuid, f: &str) {
        let standing = Standing { is_known: false, ..self.standing(e, f) };
        self.fields.insert((e, f.to_owned()), standing);
    }

    fn standing(&mut self, e: Uuid, f: &str) -> Standing {
        if let Some(known) = self.fields.get(&(e, f.to_owned())) {
            return known.clone();
        }
        let unwritten = Standing { value: Value::Null, fv: Rev::ZERO, ops: Vec::new(), is_known: true };
        let Some(state) = self.records.get(&e).and_then(|record| record.fields.get(f)) else {
            return unwritten;
        };
        let Stored::Plain(value) = &state.value else { return Standing { is_known: false, ..unwritten } };
        Standing { value: value.clone(), fv: state.fv, ops: state.origin.ops.clone(), is_known: true }
    }
}

/// The id of a changeset as sent, in clear or sealed.
fn id_in(text: &str) -> Option<Uuid> {
    let value: Value = serde_json::from_str(text).ok()?;
    Uuid::try_parse(value.get("id")?.as_str()?).ok()
}

/// Ids of records by kind, for the counts of a run.
pub(crate) fn of_kind<'r>(records: impl Iterator<Item = &'r Record>, kind: &str) -> BTreeSet<Uuid> {
    records.filter(|record| record.kind == kind).map(|record| record.id).collect()
}
