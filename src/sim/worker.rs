//! What people do with what they see: visits, corrections, office work, and nonsense.

use crate::{ledger::Seen, world::World};
use domain::access::Role;
use serde_json::{Value, json};
use std::{collections::BTreeMap, rc::Rc};
use sync::{
    id::{AreaId, made_alike, uuid_v7},
    local::{LocalRecord, View},
    replica::{DraftHead, Event, Save},
    rev::Rev,
    wire::{Base, DeleteBase, Op, Take},
};
use uuid::Uuid;

/// Fields that everybody may write, plain.
const PLAIN: &[&str] = &["mobile", "live_addr", "health"];

impl World {
    /// A worker or clerk does one piece of work, if the app is open.
    pub(crate) fn work(&mut self, n: usize) {
        let device = &self.devices[n];
        if device.replica.is_none() || !device.is_unlocked {
            return;
        }
        let rows: Vec<Rc<LocalRecord>> = device.disk.now.rep.values().cloned().collect();
        let (aliases, views): (Vec<View>, Vec<View>) = sorted(&rows);
        let recipients: Vec<&View> = views.iter().filter(|view| view.kind == "recipient").collect();
        let is_clerk = self.office.accounts[n].who.role != Role::VillageWorker;
        let mut draft = None;
        let ops = match (self.rng.below(100), recipients.is_empty()) {
            (0..=19, _) | (_, true) => self.register(n),
            (20..=39, _) => {
                draft = self.devices[n].disk.now.draft.keys().next().copied();
                self.visit(n, &recipients, draft)
            }
            (40..=45, _) => self.find_need(&recipients),
            (46..=47, _) => self.nonsense(n, &recipients),
            // What was made one is taken apart, now and then in the very next save.
            (48..=52, _) if is_clerk && !aliases.is_empty() => self.unmerge(&aliases),
            (48..=57, _) if is_clerk => self.office_work(&views, &recipients),
            (58..=62, _) => self.relocate(n, &recipients),
            _ => self.correct(&recipients, is_clerk),
        };
        if !ops.is_empty() {
            let behind = self.behind(&recipients, is_clerk, &ops);
            self.save(n, ops, behind, draft, &rows);
        }
    }

    /// What follows from a piece of work, judged alone: corrections of what nothing before them writes.
    fn behind(&mut self, recipients: &[&View], is_clerk: bool, ops: &[Op]) -> Vec<Vec<Op>> {
        let mut parts = vec![ops.to_vec()];
        while parts.len() < 3 && self.chance(120) {
            let mut part = self.correct(recipients, is_clerk);
            part.retain(|op| !parts.iter().flatten().any(|other| is_of_one_field(op, other)));
            if !part.is_empty() {
                self.tally.add("saves_behind_saves");
                parts.push(part);
            }
        }
        parts.split_off(1)
    }

    pub(crate) fn save(
        &mut self,
        n: usize,
        ops: Vec<Op>,
        behind: Vec<Vec<Op>>,
        draft: Option<Uuid>,
        rows: &[Rc<LocalRecord>],
    ) {
        let mut bases = BTreeMap::new();
        self.devices[n].token += 1;
        let token = self.devices[n].token;
        for (part, ops) in [&ops].into_iter().chain(&behind).enumerate() {
            self.tally.add_many("ops", ops.len() as u64);
            let mut seen = Vec::new();
            for op in ops {
                let Op::Set { e, f, .. } = op else { continue };
                let Some(row) = rows.iter().find(|row| row.id == *e) else { continue };
                bases.insert((*e, f.clone()), row.base(f));
                seen.push((*e, f.clone(), seen_in(row, f)));
            }
            self.devices[n].seen.insert((token, part), seen);
        }
        self.send(n, Event::Save(Save { token, ops, seen: bases, behind, draft }));
    }

    fn some<'v>(&mut self, from: &[&'v View]) -> Option<&'v View> {
        from.get(self.rng.below(from.len() as u64) as usize).copied()
    }

    fn new_id(&mut self) -> Uuid {
        uuid_v7(self.now, self.rng.bytes())
    }

    fn village_of(&mut self, n: usize) -> Option<AreaId> {
        let meta = self.devices[n].disk.now.meta.clone()?;
        let here: Vec<AreaId> =
            self.office.villages.iter().copied().filter(|area| meta.areas.contains_key(area)).collect();
        here.get(self.rng.below(here.len() as u64) as usize).copied()
    }

    pub(crate) fn register(&mut self, n: usize) -> Vec<Op> {
        let Some(area) = self.village_of(n) else { return Vec::new() };
        let f = [("name", json!("李")), ("mobile", self.number())];
        let f = f.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        vec![Op::Create { e: self.new_id(), kind: "recipient".to_owned(), area, parent: None, f }]
    }

    fn number(&mut self) -> Value {
        json!(self.rng.below(10).to_string())
    }

    pub(crate) fn visit(&mut self, n: usize, recipients: &[&View], draft: Option<Uuid>) -> Vec<Op> {
        let Some(recipient) = self.some(recipients) else { return Vec::new() };
        let e = draft.unwrap_or_else(|| uuid_v7(self.now, self.rng.bytes()));
        let f = [("kind", json!("follow_up")), ("answers", json!({ "A1": self.number() }))];
        let f = f.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let (area, parent) = (recipient.area, Some(recipient.id));
        let mut ops = vec![Op::Create { e, kind: "visit".to_owned(), area, parent, f }];
        if self.chance(300) {
            ops.push(self.set(recipient.id, "mobile"));
        }
        if self.chance(300) {
            ops.extend(self.take_photo(n, e));
        }
        ops
    }

    fn set(&mut self, e: Uuid, f: &str) -> Op {
        Op::Set { e, f: f.to_owned(), v: self.number(), base: Base::Fv(Rev::ZERO) }
    }

    pub(crate) fn correct(&mut self, recipients: &[&View], is_clerk: bool) -> Vec<Op> {
        let Some(recipient) = self.some(recipients) else { return Vec::new() };
        let e = recipient.id;
        let mut fields: Vec<&str> = PLAIN.to_vec();
        fields.push("name");
        if is_clerk {
            fields.push("x_unknown");
        }
        let first = self.rng.below(fields.len() as u64) as usize;
        let count = 1 + self.rng.below(2) as usize;
        let mut ops: Vec<Op> = (0..count).map(|i| self.set(e, fields[(first + i) % fields.len()])).collect();
        for op in &mut ops {
            // What only a build of tomorrow knows need not be a text.
            if let Op::Set { f, v, .. } = op
                && f == "x_unknown"
            {
                *v = json!({ "z": [v.clone(), null], "a": { "é": "\u{1}" } });
            }
        }
        ops
    }

    /// Two workers find the same need under the same id.
    pub(crate) fn find_need(&mut self, recipients: &[&View]) -> Vec<Op> {
        let Some(recipient) = self.some(recipients) else { return Vec::new() };
        let e = made_alike("need", &[&recipient.id.to_string(), "N-MED"]);
        let f = [("kind".to_owned(), json!("medical")), ("state".to_owned(), json!("found"))].into();
        let (area, parent) = (recipient.area, Some(recipient.id));
        let mut ops = vec![Op::Create { e, kind: "need".to_owned(), area, parent, f }];
        if self.chance(500) {
            ops.push(Op::Add { e, f: "evidence".to_owned(), item: self.number() });
        }
        ops
    }

    fn nonsense(&mut self, n: usize, recipients: &[&View]) -> Vec<Op> {
        let f = BTreeMap::new();
        let Some(area) = self.village_of(n) else { return Vec::new() };
        let op = match (self.rng.below(2), self.some(recipients)) {
            (0, Some(recipient)) => {
                // Nobody in a village may write this, and the office not on a record that is gone.
                self.set(recipient.id, "standard")
            }
            _ => Op::Create { e: self.new_id(), kind: "unicorn".to_owned(), area, parent: None, f },
        };
        vec![op]
    }

    pub(crate) fn relocate(&mut self, n: usize, recipients: &[&View]) -> Vec<Op> {
        let Some(recipient) = self.some(recipients) else { return Vec::new() };
        let is_anywhere = self.chance(300);
        let area = if is_anywhere {
            Some(self.office.villages[self.rng.below(3) as usize])
        } else {
            self.village_of(n)
        };
        let Some(area) = area else { return Vec::new() };
        self.tally.add("moves");
        vec![Op::Move { e: recipient.id, area, base: Base::Fv(Rev::ZERO) }]
    }

    fn office_work(&mut self, views: &[View], recipients: &[&View]) -> Vec<Op> {
        let open = |kind: &str| -> Vec<&View> {
            views.iter().filter(|v| v.kind == kind && v.f.get("state") == Some(&json!("open"))).collect()
        };
        match self.rng.below(7) {
            0 => self.delete(recipients),
            1 | 6 => self.merge(recipients),
            2 => self.review(views),
            3 => self.decide(&open("proposal")),
            4 => self.resolve(&open("held")),
            _ => self.resolve(&open("conflict")),
        }
    }

    pub(crate) fn delete(&mut self, recipients: &[&View]) -> Vec<Op> {
        let Some(recipient) = self.some(recipients) else { return Vec::new() };
        self.tally.add("deletes");
        let base = DeleteBase { rev: Rev::ZERO, ops: Vec::new() };
        vec![Op::Delete { e: recipient.id, base, reason: "x".to_owned() }]
    }

    pub(crate) fn merge(&mut self, recipients: &[&View]) -> Vec<Op> {
        let (Some(from), Some(into)) = (self.some(recipients), self.some(recipients)) else {
            return Vec::new();
        };
        if from.id == into.id {
            return Vec::new();
        }
        self.tally.add("merges");
        vec![Op::Merge { from: from.id, into: into.id, reason: "same".to_owned() }]
    }

    pub(crate) fn unmerge(&mut self, aliases: &[View]) -> Vec<Op> {
        let aliases: Vec<&View> = aliases.iter().collect();
        let Some((from, into)) = self.some(&aliases).and_then(|alias| Some((alias.id, alias.into?))) else {
            return Vec::new();
        };
        self.tally.add("unmerges");
        vec![Op::Unmerge { from, into, reason: "two people".to_owned() }]
    }

    fn review(&mut self, views: &[View]) -> Vec<Op> {
        let visits: Vec<&View> = views.iter().filter(|view| view.kind == "visit").collect();
        let Some(visit) = self.some(&visits) else { return Vec::new() };
        vec![Op::Append { e: visit.id, f: "reviews".to_owned(), v: json!({ "state": "returned" }) }]
    }

    fn decide(&mut self, proposals: &[&View]) -> Vec<Op> {
        let Some(proposal) = self.some(proposals) else { return Vec::new() };
        let decide = |accept| Op::Decide { e: proposal.id, accept, reason: Some("x".to_owned()) };
        let of = proposal.f.get("recipient").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
        let field = proposal.f.get("field").and_then(Value::as_str);
        match (of, field, proposal.f.get("value")) {
            (Some(e), Some(f), Some(v)) if f != "area" && self.chance(500) => {
                let write = Op::Set { e, f: f.to_owned(), v: v.clone(), base: Base::Fv(Rev::ZERO) };
                vec![write, decide(true)]
            }
            _ => vec![decide(false)],
        }
    }

    fn resolve(&mut self, open: &[&View]) -> Vec<Op> {
        let Some(record) = self.some(open) else { return Vec::new() };
        let take = if self.chance(500) { Take::Current } else { Take::Other };
        self.tally.add("resolves");
        vec![Op::Resolve { e: record.id, take, v: None, base: None, reason: Some("x".to_owned()) }]
    }

    /// A visit begins; the store writes its draft past the engine.
    pub(crate) fn draft(&mut self, n: usize) {
        if self.devices[n].replica.is_none() || !self.devices[n].is_unlocked {
            return;
        }
        let Some(area) = self.village_of(n) else { return };
        let id = self.new_id();
        let head = DraftHead { id, area: Some(area), bytes: 100 };
        let disk = &mut self.devices[n].disk;
        disk.remember();
        disk.now.draft.insert(id, head);
        self.ledger.drafts.insert(id, false);
        self.tally.add("drafts_saved");
        self.send(n, Event::DraftSaved(head));
    }
}

/// Whether both set the same field of the same record.
fn is_of_one_field(op: &Op, other: &Op) -> bool {
    let place = |op: &Op| match op {
        Op::Set { e, f, .. } => Some((*e, f.clone())),
        _ => None,
    };
    place(op).is_some() && place(op) == place(other)
}

/// What is an alias of something else, and what is shown.
pub(crate) fn sorted(rows: &[Rc<LocalRecord>]) -> (Vec<View>, Vec<View>) {
    let views: Vec<View> = rows.iter().map(|row| row.view()).collect();
    let aliases = views.iter().filter(|view| view.into.is_some()).cloned().collect();
    (aliases, views.into_iter().filter(|view| !view.hidden).collect())
}

/// What the page shows of a field: an own waiting value, else the server's.
fn seen_in(row: &LocalRecord, field: &str) -> Seen {
    let writes = |op: &Op| match op {
        Op::Set { f, .. } => f == field,
        Op::Create { f, .. } => f.contains_key(field),
        _ => false,
    };
    let own = row.pending.iter().rev().find(|pending| pending.ops.iter().any(|(_, op)| writes(op)));
    match (own, &row.confirmed) {
        (Some(pending), _) => Seen::Own(pending.changeset),
        (None, Some(confirmed)) => Seen::Server(confirmed.version(field)),
        (None, None) => Seen::Server(Rev::ZERO),
    }
}
