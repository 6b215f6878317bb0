//! Writes of single fields: what stands, what becomes a conflict, what becomes a proposal.

use crate::{
    authority::{
        Opener,
        work::{Act, Stop, Work},
    },
    id::AreaId,
    merge::{Merge, Write, base_matches, judge},
    planted::{Bug, planted},
    record::{AREA, CONFLICT, Change, FieldState, Origin, PROPOSAL, Record, Stored, VISIT},
    rev::Rev,
    wire::{Base, Made, Op, VerdictState, Why},
};
use domain::kinds::{FieldClass, Right};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many refused own changesets a base may lead through.
const BASES_MAX: usize = 64;

/// Two values of one field, the one that stands first.
pub(super) struct Clash<'a> {
    pub(super) of: Uuid,
    pub(super) field: &'a str,
    pub(super) class: &'static str,
    pub(super) values: [Stored; 2],
    pub(super) by: [Uuid; 2],
    pub(super) t: [i64; 2],
}

impl<O: Opener> Work<'_, O> {
    /// A `set` or `sealed` on a record that is alive: written, proposed or held by right.
    pub(super) fn set(
        &mut self,
        act: &Act,
        ops: &[Op],
        i: usize,
        (e, field): (Uuid, &str),
        value: Stored,
        base: &Base,
    ) -> Result<(), Stop> {
        // Behind a decision it is a write like any other.
        self.forget_decided(e, field);
        match self.right(e, field)? {
            Right::None => Err(Stop::Hold(Why::Right)),
            Right::Propose => self.propose(act, ops, i, (e, field), value),
            Right::Write => self.write(act, i, (e, field), value, base),
        }
    }

    fn write(
        &mut self,
        act: &Act,
        i: usize,
        (e, field): (Uuid, &str),
        value: Stored,
        base: &Base,
    ) -> Result<(), Stop> {
        let class = self.kind_of(e)?.class(field);
        let current = self.known(e)?.fields.get(field);
        let seen = match current {
            Some(state) => self.has_seen(base, state.fv, &state.origin.ops, (e, field))?,
            None => true,
        };
        let write = Write { value: &value, op: act.id, t_eff: act.t_eff, seen };
        let (merge, current) = (judge(class, current, &write), current.cloned());
        match (merge, current) {
            (Merge::Same, _) => {
                if let Some(state) = self.note(e)?.fields.get_mut(field) {
                    state.origin.repeat(act.id);
                }
                Ok(())
            }
            (Merge::Conflict { new_stands }, Some(current)) => {
                let class = class_word(class);
                self.clash_on_field(act, i, (e, field, class), current, value, new_stands)
            }
            _ => self.store(e, field, value, act),
        }
    }

    fn clash_on_field(
        &mut self,
        act: &Act,
        i: usize,
        (e, field, class): (Uuid, &str, &'static str),
        current: FieldState,
        value: Stored,
        new_stands: bool,
    ) -> Result<(), Stop> {
        let mut clash = Clash {
            of: e,
            field,
            class,
            values: [current.value, value.clone()],
            by: [current.origin.author, act.author],
            t: [current.origin.t_eff, act.t_eff],
        };
        if new_stands {
            clash.values.reverse();
            clash.by.reverse();
            clash.t.reverse();
            self.store(e, field, value, act)?;
        }
        self.conflict(act, i, clash)
    }

    /// Keeps two values of one field for a person.
    pub(super) fn conflict(&mut self, act: &Act, i: usize, clash: Clash<'_>) -> Result<(), Stop> {
        if planted(Bug::SilentOverwrite) {
            return Ok(());
        }
        let [current, other] = clash.values;
        let fields = [
            ("of", json!(clash.of)),
            ("field", json!(clash.field)),
            ("class", json!(clash.class)),
            ("by", json!(clash.by)),
            ("t", json!(clash.t)),
            ("state", json!("open")),
        ];
        let values = [("current", current), ("other", other)];
        self.make(act, CONFLICT, i, clash.of, fields, values)
    }

    /// A write of a field that the role may only propose. A newer proposal of the same author and field refuses the older.
    pub(super) fn propose(
        &mut self,
        act: &Act,
        ops: &[Op],
        i: usize,
        (e, field): (Uuid, &str),
        value: Stored,
    ) -> Result<(), Stop> {
        for older in self.open_proposals(e, field, act.author)? {
            self.close(older, "refused", act)?;
        }
        let visit = ops.iter().find_map(|op| match op {
            Op::Create { e: visit, kind, parent, .. } if kind == VISIT && *parent == Some(e) => Some(*visit),
            _ => None,
        });
        let fields = [
            ("recipient", json!(e)),
            ("field", json!(field)),
            ("by", json!(act.author)),
            ("t", json!(act.t_eff)),
            ("state", json!("open")),
        ];
        let visit = visit.map(|visit| ("visit", json!(visit)));
        self.make(act, PROPOSAL, i, e, fields.into_iter().chain(visit), [("value", value)])
    }

    /// Makes a conflict or proposal: a child of the record it speaks of.
    fn make<'f, const N: usize>(
        &mut self,
        act: &Act,
        kind: &str,
        i: usize,
        of: Uuid,
        fields: impl IntoIterator<Item = (&'f str, Value)>,
        values: [(&'f str, Stored); N],
    ) -> Result<(), Stop> {
        let id = self.made_id(kind, &[&act.id.to_string(), &i.to_string()])?;
        let target = self.known(of)?;
        let about = BTreeMap::from([(of, target.kind.clone())]);
        let area = self.place(target)?;
        let plain = fields.into_iter().map(|(name, value)| (name, Stored::Plain(value)));
        let record = server_record(act, (kind, id), area, Some(of), about, plain.chain(values));
        self.put(record);
        let at = self.at;
        self.made.push((at, Made { kind: kind.to_owned(), e: id }));
        Ok(())
    }

    /// Sets the state of a conflict, held record or proposal.
    pub(super) fn close(&mut self, e: Uuid, state: &str, act: &Act) -> Result<(), Stop> {
        self.store(e, "state", Stored::Plain(json!(state)), act)
    }

    /// Whether the author had seen what stands: by version, by own changeset, or, when the changeset he based his write on
    /// was held or rejected, by that one's own base (M2).
    pub(super) fn has_seen(
        &self,
        base: &Base,
        fv: Rev,
        set_by: &[Uuid],
        (e, field): (Uuid, &str),
    ) -> Result<bool, Stop> {
        let mut base = base.clone();
        for _ in 0..BASES_MAX {
            if base_matches(&base, fv, set_by) {
                return Ok(true);
            }
            let Base::Op(op) = base else { return Ok(false) };
            let Some(row) = self.changeset(op)? else { return Ok(false) };
            if !matches!(row.st, VerdictState::Held | VerdictState::Rejected) {
                return Ok(false);
            }
            let Some(own_base) = base_in(&row.body, e, field) else { return Ok(false) };
            base = own_base;
        }
        Ok(false)
    }
}

/// A record that the server makes.
pub(in crate::authority) fn server_record<'f>(
    act: &Act,
    (kind, id): (&str, Uuid),
    area: AreaId,
    parent: Option<Uuid>,
    about: BTreeMap<Uuid, String>,
    fields: impl IntoIterator<Item = (&'f str, Stored)>,
) -> Record {
    let origin = Origin { ops: vec![act.id], t_eff: act.t_eff, author: act.author };
    let state = |value| FieldState { value, fv: act.rev, origin: origin.clone() };
    Record {
        id,
        kind: kind.to_owned(),
        area,
        parent,
        rev: act.rev,
        entered: act.rev,
        placed: origin.clone(),
        del: None,
        fields: fields.into_iter().map(|(name, value)| (name.to_owned(), state(value))).collect(),
        changes: vec![Change { rev: act.rev, op: act.id }],
        about,
    }
}

fn class_word(class: FieldClass) -> &'static str {
    match class {
        FieldClass::Plain => "plain",
        FieldClass::Critical => "critical",
        FieldClass::Sealed => "sealed",
        FieldClass::Set => "set",
        FieldClass::Append => "append",
    }
}

/// The base that a refused changeset gave for a field. Read leniently: whatever it was refused for, its base stands.
fn base_in(body: &str, e: Uuid, field: &str) -> Option<Base> {
    let body: Value = serde_json::from_str(body).ok()?;
    let e = e.to_string();
    let names_it = |op: &&Value| match op["op"].as_str() {
        Some("set" | "sealed") => op["e"] == e.as_str() && op["f"] == field,
        Some("move") => op["e"] == e.as_str() && field == AREA,
        _ => false,
    };
    let op = body["ops"].as_array()?.iter().find(names_it)?;
    serde_json::from_value(op["base"].clone()).ok()
}
