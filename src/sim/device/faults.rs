//! Everything that can happen to a phone: crashes, storage that loses something, coverage, locks and clocks.

use crate::{
    network::{Happening, Local},
    world::World,
};
use std::collections::BTreeSet;
use sync::replica::Event;
use uuid::Uuid;

impl World {
    /// The process dies. What was not committed is gone; a late sentinel stays late.
    pub(crate) fn crash(&mut self, n: usize, what: &'static str) {
        self.tally.add(what);
        self.trace.say(self.now, || format!("d{n} dies"));
        let device = &mut self.devices[n];
        device.replica = None;
        device.life += 1;
        device.sentinel_late = None;
        device.seen.clear();
        let life = device.life;
        let after = if self.is_stormy { self.between(100, 30_000) } else { 100 };
        self.later(after, Happening::Wake { n, life });
    }

    /// The newest transactions vanish (seen in Chromium when the log is cut).
    pub(crate) fn roll_back(&mut self, n: usize) {
        let depth = self.devices[n].disk.depth();
        if depth == 0 {
            return;
        }
        let back = 1 + self.rng.below(depth as u64) as usize;
        self.flush_sentinel(n);
        // A sentinel that a crash left behind and a cut log at once are more than can be told apart.
        let device = &self.devices[n];
        if device.sentinel != device.disk.now.meta.as_ref().map(|meta| meta.sentinel()) {
            return;
        }
        let before = self.devices[n].disk.now.changesets();
        let drafts: BTreeSet<Uuid> = self.devices[n].disk.now.draft.keys().copied().collect();
        if self.devices[n].disk.roll_back(back) {
            self.tally.add("disks_rolled_back");
            // Perhaps to where it was torn.
            let torn = self.devices[n].torn_ever.clone();
            self.devices[n].torn.extend(torn);
            self.trace.say(self.now, || format!("d{n} rolled back {back}"));
            self.mourn(n, &before, &drafts, false);
            self.crash(n, "crashes");
        }
    }

    /// Of the newest transaction a part of the records is not there. What waits to be sent is whole, though no record shows it any more.
    pub(crate) fn tear(&mut self, n: usize) {
        let share = 1 + self.rng.below(1000);
        let (device, rng) = (&mut self.devices[n], &mut self.rng);
        let (lost, areas) = device.disk.tear(|| rng.below(1000) < share);
        if lost.is_empty() {
            return;
        }
        let waiting =
            device.disk.now.out.values().filter(|row| row.0.touched.iter().any(|e| lost.contains(e)));
        device.unshown.extend(waiting.map(|row| row.0.id));
        device.torn_ever.extend(areas.iter().copied());
        device.torn.extend(areas);
        self.tally.add("disks_torn");
        self.trace.say(self.now, || format!("d{n} lost {} records of a transaction", lost.len()));
        self.crash(n, "crashes");
    }

    /// The database is recreated empty; now and then the sentinel goes with it (eviction).
    pub(crate) fn empty(&mut self, n: usize) {
        self.flush_sentinel(n);
        let is_evicted = self.chance(100);
        let before = self.devices[n].disk.now.changesets();
        let drafts: BTreeSet<Uuid> = self.devices[n].disk.now.draft.keys().copied().collect();
        self.devices[n].disk.empty();
        if is_evicted {
            self.devices[n].sentinel = None;
        }
        self.tally.add("disks_emptied");
        self.trace.say(self.now, || format!("d{n} emptied, evicted {is_evicted}"));
        self.mourn(n, &before, &drafts, is_evicted);
        self.crash(n, "crashes");
    }

    /// A row of the outbox no longer authenticates.
    pub(crate) fn damage(&mut self, n: usize) {
        let Some(key) = self.some_row(n) else { return };
        let before = self.devices[n].disk.now.changesets();
        self.devices[n].disk.now.damaged.insert(key);
        self.tally.add("rows_damaged");
        self.mourn(n, &before, &BTreeSet::new(), false);
        self.crash(n, "crashes");
    }

    /// A row of the outbox is gone.
    pub(crate) fn lose_row(&mut self, n: usize) {
        let Some(key) = self.some_row(n) else { return };
        let before = self.devices[n].disk.now.changesets();
        self.devices[n].disk.now.out.remove(&key);
        self.tally.add("rows_missing");
        self.mourn(n, &before, &BTreeSet::new(), false);
        self.crash(n, "crashes");
    }

    fn some_row(&mut self, n: usize) -> Option<(sync::id::Inc, u64)> {
        let rows: Vec<_> = self.devices[n].disk.now.out.keys().copied().collect();
        rows.get(self.rng.below(rows.len() as u64) as usize).copied()
    }

    fn flush_sentinel(&mut self, n: usize) {
        let device = &mut self.devices[n];
        if let Some(late) = device.sentinel_late.take() {
            device.sentinel = Some(late);
        }
    }

    fn mourn(&mut self, n: usize, before: &BTreeSet<Uuid>, drafts: &BTreeSet<Uuid>, is_evicted: bool) {
        let stores = &self.devices[n].disk.now;
        let after = stores.changesets();
        for id in before.difference(&after) {
            self.tally.add("changesets_destroyed");
            self.ledger.destroyed.insert(*id, n);
        }
        if is_evicted {
            let own = self.ledger.destroyed.iter().filter(|(_, of)| **of == n).map(|(id, _)| *id);
            self.ledger.evicted.extend(own);
        }
        let stores = &self.devices[n].disk.now;
        for id in drafts.iter().filter(|id| !stores.draft.contains_key(id)) {
            self.ledger.drafts.insert(*id, true);
        }
        self.mourn_photos(n);
    }

    /// Coverage comes and goes.
    pub(crate) fn toggle_link(&mut self, n: usize) {
        let device = &mut self.devices[n];
        device.is_linked = !device.is_linked;
        let event = if device.is_linked { Event::Online } else { Event::Offline };
        if !device.is_linked {
            self.tally.add("offline_periods");
        }
        self.send(n, event);
    }

    /// The page goes to the back or comes to the front.
    pub(crate) fn toggle_front(&mut self, n: usize) {
        let device = &mut self.devices[n];
        device.is_visible = !device.is_visible;
        let event = if device.is_visible { Event::Visible } else { Event::Hidden };
        self.send(n, event);
    }

    /// The vault is locked for a while; what waits goes up all the same.
    pub(crate) fn lock(&mut self, n: usize) {
        if !self.devices[n].is_unlocked {
            return;
        }
        self.devices[n].is_unlocked = false;
        self.tally.add("locked_periods");
        self.send(n, Event::Locked);
        let after = self.between(5_000, 120_000);
        self.locally(n, after, Local::Unlock);
    }

    /// The clock is set, perhaps a year off.
    pub(crate) fn jump_clock(&mut self, n: usize) {
        let year = 31_536_000_000;
        self.tally.add("clock_jumps");
        self.devices[n].skew = [0, 0, -year, year, 600_000][self.rng.below(5) as usize];
    }

    /// Faults have stopped for this device.
    pub(crate) fn settle_device(&mut self, n: usize) {
        if self.ledger.wiped.contains_key(&n) {
            return;
        }
        let device = &mut self.devices[n];
        (device.is_linked, device.is_visible) = (true, true);
        if device.replica.is_none() {
            device.life += 1;
            return self.wake(n);
        }
        self.send(n, Event::Online);
        self.send(n, Event::Visible);
        if !self.devices[n].is_unlocked {
            self.locally(n, 100, Local::Unlock);
        }
        self.send(n, Event::Tapped);
    }
}
