//! The course of one run: steps under faults, then rest.

use crate::{
    check::Violation,
    device::Device,
    ledger::Ledger,
    network::Happening,
    office::{Engine, Office},
    tally::Tally,
    trace::Trace,
};
use domain::access::Role;
use std::{collections::BTreeMap, rc::Rc};
use sync::{
    id::AreaId,
    planted::Bug,
    replica::{Event, Generator},
};

/// Virtual time within which everything must come to rest once faults stop (I23).
const REST_MS: i64 = 20 * 60_000;
/// Where the virtual clock starts.
pub(crate) const START: i64 = 1_790_000_000_000;

/// One run.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Decides everything.
    pub seed: u64,
    /// What the office stores in.
    pub engine: Engine,
    /// Steps under faults.
    pub steps: u32,
    /// A bug planted in the shipping functions.
    pub bug: Option<Bug>,
    /// Keep the last lines for a failure.
    pub trace: bool,
}

/// How a run went.
#[derive(Debug)]
pub struct Outcome {
    /// What it did.
    pub tally: Tally,
    /// The first invariant that failed.
    pub violation: Option<Violation>,
    /// The last lines before it, if asked for.
    pub trace: Vec<String>,
}

/// Everything that is simulated.
#[derive(Debug)]
pub struct World {
    pub(crate) rng: Generator,
    pub(crate) now: i64,
    pub(crate) office: Office,
    pub(crate) devices: Vec<Device>,
    pub(crate) queue: BTreeMap<(i64, u64), Rc<Happening>>,
    pub(crate) order: u64,
    pub(crate) ledger: Ledger,
    pub(crate) tally: Tally,
    pub(crate) trace: Trace,
    /// Whether things still go wrong.
    pub(crate) is_stormy: bool,
    pub(crate) violation: Option<Violation>,
}

/// Plays one seed.
pub fn run(setup: Setup) -> Outcome {
    sync::planted::plant(setup.bug);
    let made = World::new(&setup);
    let mut world = match made {
        Ok(world) => world,
        Err(error) => {
            let violation = Some(Violation(format!("there is no office: {error:#}")));
            return Outcome { tally: Tally::default(), violation, trace: Vec::new() };
        }
    };
    world.play(setup.steps);
    sync::planted::plant(None);
    Outcome { tally: world.tally, violation: world.violation, trace: world.trace.lines() }
}

impl World {
    pub(crate) fn new(setup: &Setup) -> anyhow::Result<World> {
        let mut rng = Generator::from_number(setup.seed);
        let n = 2 + rng.below(4) as usize;
        let roles: Vec<Role> = (0..n)
            .map(|_| if rng.below(2) == 0 { Role::VillageWorker } else { Role::TownshipClerk })
            .collect();
        let rows_max = [1, 3, 10, 30][rng.below(4) as usize];
        let mut world = World {
            now: START,
            office: setup.engine.office(&roles, rows_max)?,
            devices: Vec::new(),
            queue: BTreeMap::new(),
            order: 0,
            ledger: Ledger::default(),
            tally: Tally::default(),
            trace: Trace::new(setup.trace),
            is_stormy: true,
            violation: None,
            rng,
        };
        for number in 0..n {
            let areas = world.some_areas();
            world.office.assign(number, &areas, START);
            let device = Device::new(&world.office.accounts[number], &mut world.rng);
            world.devices.push(device);
            world.wake(number);
        }
        Ok(world)
    }

    fn play(&mut self, steps: u32) {
        for _ in 0..steps {
            let gap = match self.rng.below(20) {
                0 => 60_000 + self.rng.below(540_000),
                1..=9 => 5_000 + self.rng.below(55_000),
                _ => 200 + self.rng.below(4_800),
            };
            self.pass(gap.cast_signed());
            if self.violation.is_some() {
                return;
            }
            self.act();
            self.check_office();
        }
        self.calm();
        self.check_office();
        let until = self.now + REST_MS;
        while self.now < until && self.violation.is_none() {
            self.pass(60_000);
            if self.is_at_rest() && self.now > until - REST_MS + 300_000 {
                break;
            }
        }
        self.check_rest();
    }

    /// Lets time pass and everything due in it happen.
    pub(crate) fn pass(&mut self, ms: i64) {
        let until = self.now + ms;
        while self.violation.is_none() {
            let Some(entry) = self.queue.first_entry() else { break };
            if entry.key().0 > until {
                break;
            }
            let ((at, _), happening) = entry.remove_entry();
            self.now = self.now.max(at);
            self.happen(&happening);
        }
        self.now = until;
    }

    /// A store that fails to do what it must is a failure of its own.
    fn check_office(&mut self) {
        if let Some(what) = self.office.broken.take() {
            self.fail(what);
        }
    }

    /// Puts something into the future.
    pub(crate) fn later(&mut self, after_ms: i64, happening: Happening) {
        self.order += 1;
        self.queue.insert((self.now + after_ms.max(0), self.order), Rc::new(happening));
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.rng.below((high - low + 1).unsigned_abs()).cast_signed()
    }

    /// True in `n` of 1000 cases.
    pub(crate) fn chance(&mut self, n: u64) -> bool {
        self.rng.below(1000) < n
    }

    /// One or two villages, now and then the whole township.
    pub(crate) fn some_areas(&mut self) -> Vec<AreaId> {
        let villages = self.office.villages.clone();
        let first = self.rng.below(3) as usize;
        match self.rng.below(8) {
            0 => vec![self.office.top],
            1..=3 => vec![villages[first], villages[(first + 1) % 3]],
            _ => vec![villages[first]],
        }
    }

    /// Something outside the protocol happens: work, a fault, a decision of the office.
    fn act(&mut self) {
        let n = self.rng.below(self.devices.len() as u64) as usize;
        match self.rng.below(1000) {
            0..=479 => self.work(n),
            480..=569 => self.send(n, Event::Tapped),
            570..=599 => self.send(n, Event::Looked),
            600..=639 => self.crash(n, "crashes"),
            640..=659 => self.roll_back(n),
            660..=667 => self.empty(n),
            668..=673 => self.damage(n),
            674..=679 => self.lose_row(n),
            680..=704 => self.reassign(n),
            705..=714 => self.pull_again(n),
            715..=739 => self.backup(),
            740..=747 => self.restore(),
            748..=799 => self.toggle_link(n),
            800..=849 => self.toggle_front(n),
            850..=869 => self.lock(n),
            870..=889 => self.jump_clock(n),
            890..=899 => self.toggle_readonly(n),
            900..=939 => self.draft(n),
            940..=943 => self.merge_villages(),
            944..=949 => self.rename_village(),
            950..=951 => self.revoke(n),
            952..=954 => self.order_wipe(n),
            955..=969 => self.tear(n),
            970..=974 => self.regrant(n),
            _ => {}
        }
    }

    fn backup(&mut self) {
        self.office.back_up(self.now);
        self.tally.add("backups");
        self.trace.say(self.now, || "backup".to_owned());
    }

    fn restore(&mut self) {
        if self.office.restore(self.now) {
            self.tally.add("restores");
            self.forget_sent();
            let epoch = self.office.epoch();
            self.trace.say(self.now, || format!("restored, epoch {epoch}"));
        }
    }

    fn reassign(&mut self, n: usize) {
        let areas = self.some_areas();
        self.office.assign(n, &areas, self.now);
        self.tally.add("scope_changes");
        self.trace.say(self.now, || format!("d{n} assigned {}", areas.len()));
    }

    /// Two villages become one while work is under way.
    fn merge_villages(&mut self) {
        let from = self.rng.below(3) as usize;
        let into = (from + 1 + self.rng.below(2) as usize) % 3;
        let (from, into) = (self.office.villages[from], self.office.villages[into]);
        let moved = self.office.books().records().filter(|record| record.area == from).count() as u64;
        self.office.merge_villages(from, into, self.now);
        self.tally.add("villages_merged");
        self.tally.add_many("records_moved_with_a_village", moved);
        self.trace.say(self.now, || format!("village {from} becomes part of {into}"));
        if self.office.books().records().any(|record| record.area == from) {
            self.fail(format!("I12 records stayed in {from}, which became part of {into}"));
        }
    }

    /// A village gets another code; phones show it after their next sync.
    fn rename_village(&mut self) {
        let n = self.rng.below(3) as usize;
        let code = format!("3399991{:05}", 10_000 * (n as u64 + 1) + self.rng.below(10_000));
        self.office.rename(self.office.villages[n], code, self.now);
        self.tally.add("codes_changed");
    }

    fn pull_again(&mut self, n: usize) {
        let scope: Vec<AreaId> = self.office.scope(n).into_iter().collect();
        if let Some(area) = scope.get(self.rng.below(scope.len() as u64) as usize) {
            self.office.again(n, *area, self.now);
            self.tally.add("areas_pulled_again");
        }
    }

    fn toggle_readonly(&mut self, n: usize) {
        use sync::authority::Standing;
        use sync::authority::Standing::{Revoked, Wipe};
        if matches!(self.office.accounts[n].standing, Revoked | Wipe) {
            return;
        }
        let is_active = self.office.accounts[n].standing == Standing::Active;
        let standing = if is_active { Standing::Readonly } else { Standing::Active };
        self.office.stand(n, standing, self.now);
        self.tally.add("readonly_periods");
    }

    /// The user was something else when the office gave the device its grant; the next time it gives it anew.
    fn regrant(&mut self, n: usize) {
        let account = &self.office.accounts[n];
        let own = account.who.role;
        if account.granted != own {
            return self.let_in(n);
        }
        let other = if own == Role::VillageWorker { Role::TownshipClerk } else { Role::VillageWorker };
        self.office.grant(n, other, self.now);
        self.tally.add("grants_of_another_role");
    }

    /// The office gives the device a grant of its user's role, and he logs in.
    fn let_in(&mut self, n: usize) {
        self.office.grant(n, self.office.accounts[n].who.role, self.now);
        if self.devices[n].replica.is_some() {
            self.send(n, Event::Session { open: true });
        }
    }

    /// Faults stop: every device is awake, in front, online and unlocked.
    fn calm(&mut self) {
        self.is_stormy = false;
        self.trace.say(self.now, || "faults stop".to_owned());
        self.office.store.catch_up();
        self.ledger.to_revoke = None;
        self.rescue();
        for n in 0..self.devices.len() {
            if self.office.accounts[n].standing == sync::authority::Standing::Readonly {
                self.office.stand(n, sync::authority::Standing::Active, self.now);
            }
            self.let_in(n);
            self.settle_device(n);
        }
    }
}
