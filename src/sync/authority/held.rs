//! What is kept for a person: held changesets, and drafts handed over by their phone.

use crate::{
    authority::{
        Opener,
        apply::server_record,
        batch::{Content, OpenedDraft},
        work::{Act, Stop, Work},
    },
    id::AreaId,
    record::{HELD, Record, Stored, VISIT},
    wire::{Made, Op, Why},
};
use domain::kinds::kind;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Members of a draft that say where it belongs; the others are fields of its visit.
const PLACE_OF_DRAFT: [&str; 2] = ["recipient", "area"];

impl<O: Opener> Work<'_, O> {
    /// Keeps a whole changeset for a person (H1).
    pub(super) fn hold(&mut self, act: &Act, content: &Content, why: &Why) -> Result<(), Stop> {
        let id = self.made_id(HELD, &[&act.id.to_string()])?;
        let (area, parent) = self.place_of_held(&content.ops)?;
        let about = self.kinds_named(&content.ops)?;
        let fields = [
            ("changeset", json!(act.id)),
            ("why", json!(why)),
            ("ops", content.raw_ops.clone()),
            ("by", json!(act.author)),
            ("t", json!(act.t_eff)),
            ("state", json!("open")),
        ];
        let fields = fields.map(|(name, value)| (name, Stored::Plain(value)));
        self.put(server_record(act, (HELD, id), area, parent, about, fields));
        self.made.push((0, Made { kind: HELD.to_owned(), e: id }));
        Ok(())
    }

    /// Keeps an unfinished visit: replaced by a newer draft, closed by the changeset that creates the visit (H4).
    pub(super) fn hold_draft(&mut self, act: &Act, draft: &OpenedDraft) -> Result<bool, Stop> {
        let id = self.made_id(HELD, &[&draft.visit.to_string()]);
        let visit_is_there = self.record(draft.visit).map(|visit| visit.is_some());
        let (id, visit_is_there) = (id?, visit_is_there?);
        let (raw_ops, rest) = ops_of_draft(draft, visit_is_there);
        let ops = crate::authority::batch::read_ops(&raw_ops).unwrap_or_default();
        let (mut area, mut parent) = self.place_of_held(&ops)?;
        if visit_is_there {
            let visit = self.known(draft.visit)?;
            (area, parent) = (self.place(visit)?, Some(draft.visit));
        }
        if let Some(kept) = self.record(id)?
            && kept.plain("ops") == Some(&raw_ops)
            && kept.plain("draft") == Some(&rest)
        {
            return Ok(false);
        }
        let about = self.kinds_named(&ops)?;
        let fields = [
            ("changeset", json!(draft.visit)),
            ("why", json!(Why::Draft)),
            ("ops", raw_ops),
            ("draft", rest),
            ("by", json!(act.author)),
            ("t", json!(act.t_eff)),
            ("state", json!("open")),
        ];
        if self.record(id)?.is_some() {
            for (name, value) in fields {
                self.store(id, name, Stored::Plain(value), act)?;
            }
            self.note(id)?.about = about;
        } else {
            let fields = fields.map(|(name, value)| (name, Stored::Plain(value)));
            self.put(server_record(act, (HELD, id), area, parent, about, fields));
        }
        Ok(true)
    }

    /// The current area of the first op's record, else of its parent, else the op's `area`, else the author's township (H2).
    fn place_of_held(&self, ops: &[Op]) -> Result<(AreaId, Option<Uuid>), Stop> {
        let home = (self.ctx.who.home, None);
        let Some(first) = ops.first() else { return Ok(home) };
        let (parent, area) = match first {
            Op::Create { parent, area, .. } => (*parent, Some(*area)),
            Op::Move { area, .. } => (None, Some(*area)),
            _ => (None, None),
        };
        for id in [Some(record_of(first)), parent].into_iter().flatten() {
            if let Some(record) = self.record(id)? {
                return Ok((self.place(record)?, Some(id)));
            }
        }
        let known = area.filter(|area| self.ctx.tree.get(*area).is_some());
        Ok(known.map_or(home, |area| (area, None)))
    }

    /// The kinds of the records that ops name, so that a held changeset is masked as they are.
    fn kinds_named(&self, ops: &[Op]) -> Result<BTreeMap<Uuid, String>, Stop> {
        let mut kinds = BTreeMap::new();
        for op in ops {
            if let Op::Create { e, kind, .. } = op {
                kinds.insert(*e, kind.clone());
            }
        }
        let named: BTreeSet<Uuid> = ops.iter().map(record_of).collect();
        let found: Vec<_> = named.into_iter().map(|id| self.record(id)).collect();
        for record in found {
            if let Some(Record { id, kind, .. }) = record? {
                kinds.insert(*id, kind.clone());
            }
        }
        Ok(kinds)
    }
}

/// The record that an op names first.
pub(super) fn record_of(op: &Op) -> Uuid {
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

/// What a draft would do: create its visit with the answers so far. What is no field of a visit stays beside it.
fn ops_of_draft(draft: &OpenedDraft, visit_is_there: bool) -> (Value, Value) {
    let text: Option<Value> = serde_json::from_str(&draft.text).ok();
    let Some(Value::Object(members)) = text else { return (json!([]), json!(draft.text)) };
    let recipient = members.get("recipient").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
    let area = members.get("area").and_then(Value::as_str).and_then(|id| id.parse::<AreaId>().ok());
    let (Some(recipient), Some(area), false) = (recipient, area, visit_is_there) else {
        return (json!([]), Value::Object(members));
    };
    let mut f = Map::new();
    let mut rest = Map::new();
    let visit = kind(VISIT);
    for (name, value) in members {
        let is_plain = |kind: &domain::kinds::Kind| {
            kind.field(&name).is_some_and(|field| field.class == domain::kinds::FieldClass::Plain)
        };
        if visit.is_some_and(is_plain) {
            f.insert(name, value);
        } else if !PLACE_OF_DRAFT.contains(&name.as_str()) {
            rest.insert(name, value);
        }
    }
    let create = json!({"op": "create", "e": draft.visit, "type": VISIT, "area": area.to_string(),
                        "parent": recipient, "f": f});
    (json!([create]), Value::Object(rest))
}
