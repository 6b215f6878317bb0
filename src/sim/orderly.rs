//! A day without faults, on which nobody writes before he has seen what the others wrote (I15).

use crate::{
    check::Violation,
    office::Engine,
    worker::sorted,
    world::{Setup, World},
};
use domain::access::Role;
use serde_json::Value;
use std::collections::BTreeMap;
use sync::{
    id::AreaId,
    local::View,
    record::CONFLICT,
    replica::{Event, Generator},
};
use uuid::Uuid;

/// Kinds under ids that the author chose; ids of the others carry the time of a device's clock.
const KINDS: &[&str] = &["recipient", "visit", "need"];
/// Rounds within which everybody is up to date.
const ROUNDS_MAX: u32 = 20;
const ROUND_MS: i64 = 30_000;

/// What the office has of a record in the evening.
#[derive(Clone, Debug, PartialEq)]
pub struct Evening {
    kind: String,
    area: AreaId,
    is_deleted: bool,
    fields: BTreeMap<String, Option<Value>>,
}

/// Plays the day of a seed on devices whose clocks are off by `skews`, in turn.
///
/// # Errors
/// When an invariant breaks, or a write that followed all others left a conflict.
pub fn orderly_day(seed: u64, steps: u32, skews: &[i64]) -> Result<BTreeMap<Uuid, Evening>, Violation> {
    let setup = Setup { seed, engine: Engine::Memory, steps, bug: None, trace: false };
    let mut world = World::new(&setup).map_err(|error| Violation(format!("{error:#}")))?;
    world.is_stormy = false;
    for (n, device) in world.devices.iter_mut().enumerate() {
        device.skew = skews.get(n % skews.len().max(1)).copied().unwrap_or(0);
    }
    world.all_see_all();
    for step in 0..steps {
        // The work of a step depends on nothing that a clock could have changed before.
        world.rng = Generator::from_number(seed * 1_000 + u64::from(step));
        let n = world.rng.below(world.devices.len() as u64) as usize;
        world.orderly_work(n);
        world.all_see_all();
    }
    world.check_rest();
    let conflicts = world.office.books().records().filter(|record| record.kind == CONFLICT).count();
    if conflicts > 0 {
        world.fail(format!("I15 {conflicts} conflicts between writes that saw each other"));
    }
    world.violation.take().map_or_else(|| Ok(world.evening()), Err)
}

impl World {
    fn orderly_work(&mut self, n: usize) {
        let rows: Vec<_> = self.devices[n].disk.now.rep.values().cloned().collect();
        let (aliases, views) = sorted(&rows);
        let recipients: Vec<&View> = views.iter().filter(|view| view.kind == "recipient").collect();
        let is_clerk = self.office.accounts[n].who.role != Role::VillageWorker;
        let ops = match (self.rng.below(100), recipients.is_empty()) {
            (0..=19, _) | (_, true) => self.register(n),
            (20..=34, _) => self.visit(n, &recipients, None),
            (35..=44, _) => self.find_need(&recipients),
            (45..=49, _) if is_clerk => self.delete(&recipients),
            (50..=51, _) if is_clerk && !aliases.is_empty() => self.unmerge(&aliases),
            (50..=54, _) if is_clerk => self.merge(&recipients),
            (55..=64, _) => self.relocate(n, &recipients),
            _ => self.correct(&recipients, is_clerk),
        };
        if !ops.is_empty() {
            self.save(n, ops, Vec::new(), None, &rows);
        }
    }

    fn all_see_all(&mut self) {
        for _ in 0..ROUNDS_MAX {
            for n in 0..self.devices.len() {
                self.send(n, Event::Tapped);
            }
            self.pass(ROUND_MS);
            if self.is_at_rest() {
                return;
            }
        }
    }

    fn evening(&self) -> BTreeMap<Uuid, Evening> {
        let ours = self.office.books().records().filter(|record| KINDS.contains(&record.kind.as_str()));
        let evening = ours.map(|record| {
            let fields = record.fields.keys().map(|name| (name.clone(), record.plain(name).cloned()));
            let evening = Evening {
                kind: record.kind.clone(),
                area: record.area,
                is_deleted: record.del.is_some(),
                fields: fields.collect(),
            };
            (record.id, evening)
        });
        evening.collect()
    }
}
