//! Where the engine's news become signals.

use super::{
    Lack, PurgeAsked, Readiness, StorageStatus, SyncProblem, SyncProgress, SyncStatus, Topic,
    album::{self, Filled},
    households::Doors,
    new_file::NewFileDraft,
    people::People,
    views::{self, Told},
};
use crate::{
    driver::Listener,
    platform::{clock, reserve, service_worker, storage},
    session::Session,
    vault_store::entry::Columns,
};
use domain::{day::Day, order::Gather, visit::PlanRules};
use futures::lock::Mutex;
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::{Rc, Weak},
};
use sync::replica::{Attention, Phase, Problem, Status};
use uuid::Uuid;

/// A photo as it is usually saved.
const PHOTO_BYTES_USUAL: u64 = 250 * 1024;
/// Below so many photos the readiness line warns.
const PHOTOS_MIN: u64 = 40;
const EVERYTHING: [Topic; 8] = [
    Topic::Recipients,
    Topic::Visits,
    Topic::Needs,
    Topic::Sponsors,
    Topic::Drafts,
    Topic::Outbox,
    Topic::Attention,
    Topic::Areas,
];
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Signals, caches and what is shared by all handles.
pub(crate) struct Hub {
    this: Weak<Hub>,
    session: Session,
    signals: RefCell<BTreeMap<Topic, RwSignal<u64>>>,
    owner: Option<Owner>,
    pub(super) status: RwSignal<SyncStatus>,
    pub(super) people: RefCell<People>,
    /// One write of drafts at a time: each reads, changes and writes the whole.
    pub(super) drafting: Mutex<()>,
    /// What was typed last of a new file; none while locked.
    pub(super) new_file: RefCell<Option<NewFileDraft>>,
    phase: Cell<Phase>,
    /// Records stored since the running sync began.
    progress: Cell<u32>,
    persist_asked: Cell<bool>,
    /// The purge that waits for somebody's word.
    purge: Cell<PurgeAsked>,
    storage_lost: Cell<bool>,
    diverged: Cell<bool>,
    /// Small pictures are being fetched.
    filling: Cell<bool>,
    /// And after a failure not before this moment.
    fill_from: Cell<i64>,
    /// Something may be missing among them.
    fill_due: Cell<bool>,
    /// One at a time notes or tells what was opened here.
    pub(super) viewing: Mutex<()>,
    /// Something that was opened may not be told yet.
    pub(super) views_due: Cell<bool>,
    /// And after a failure it is told not before this moment.
    views_from: Cell<i64>,
    /// The plan and the day that rows were last made by.
    made_by: Cell<(PlanRules, Day)>,
}

impl Hub {
    pub(super) fn new(session: Session) -> Rc<Hub> {
        Rc::new_cyclic(|this| Hub {
            this: this.clone(),
            session,
            signals: RefCell::default(),
            owner: Owner::current(),
            status: RwSignal::new(SyncStatus::default()),
            people: RefCell::default(),
            drafting: Mutex::new(()),
            new_file: RefCell::default(),
            phase: Cell::new(Phase::Closed),
            progress: Cell::new(0),
            persist_asked: Cell::new(false),
            purge: Cell::default(),
            storage_lost: Cell::new(false),
            diverged: Cell::new(false),
            filling: Cell::new(false),
            fill_from: Cell::new(0),
            fill_due: Cell::new(true),
            viewing: Mutex::new(()),
            views_due: Cell::new(true),
            views_from: Cell::new(0),
            made_by: Cell::new((PlanRules::default(), clock::today_day())),
        })
    }

    /// The signal of a topic. It belongs to the app, not to the page that asked first.
    pub(super) fn signal(&self, topic: Topic) -> RwSignal<u64> {
        *self.signals.borrow_mut().entry(topic).or_insert_with(|| match &self.owner {
            Some(owner) => owner.with(|| RwSignal::new(0)),
            None => RwSignal::new(0),
        })
    }

    /// What the engine is at.
    pub(super) fn phase(&self) -> Phase {
        self.phase.get()
    }

    /// Says that something of the topics changed.
    pub(super) fn bump(&self, topics: &[Topic]) {
        for topic in topics {
            self.signal(*topic).update(|count| *count += 1);
        }
    }

    /// Asks the browser to keep the storage, once, at the first save.
    pub(super) fn ask_persist(&self) {
        let shared = self.session.who_untracked().is_some_and(|who| who.shared_pc);
        if !self.persist_asked.replace(true) && !shared {
            let status = self.status;
            leptos::task::spawn_local(async move {
                let persisted = storage::persist().await;
                status.update(|status| status.storage.persisted = Some(persisted));
            });
        }
    }

    fn measure_storage(&self) {
        let status = self.status;
        leptos::task::spawn_local(async move {
            let facts = storage::facts().await;
            reserve::restore(facts.free).await;
            status.try_update(|status| {
                status.storage = StorageStatus {
                    persisted: Some(facts.persisted),
                    free_bytes: facts.free,
                    used_bytes: facts.used,
                };
                status.readiness.photos_left = facts.free.map(|free| free / PHOTO_BYTES_USUAL);
                let few = status.readiness.photos_left.is_some_and(|left| left < PHOTOS_MIN);
                status.readiness.lacks.retain(|lack| *lack != Lack::Space);
                if few {
                    status.readiness.lacks.push(Lack::Space);
                }
            });
        });
    }

    /// Tells the office what was opened here once all else is done.
    fn tell_views(&self, engine: &Status) {
        let is_due = self.views_due.get() && album::is_line_free(engine);
        let Some(hub) = self.this.upgrade().filter(|_| is_due) else { return };
        let Some(driver) = self.session.driver().filter(|driver| driver.store.is_unlocked()) else { return };
        if clock::now_ms() < self.views_from.get() {
            return;
        }
        self.views_due.set(false);
        leptos::task::spawn_local(async move {
            let _one = hub.viewing.lock().await;
            let told = views::tell(&driver).await;
            if told == Told::Failed {
                hub.views_from.set(clock::now_ms() + views::PAUSE_MS);
            }
            if told != Told::All {
                hub.views_due.set(true);
            }
        });
    }

    /// Fetches small pictures once all else is done.
    fn fill_album(&self, engine: &Status) {
        let is_due = self.fill_due.get() && album::is_line_free(engine);
        let Some(hub) = self.this.upgrade().filter(|_| is_due) else { return };
        let Some(driver) =
            self.session.driver().filter(|driver| driver.store.is_unlocked() && !driver.is_shared())
        else {
            return;
        };
        if clock::now_ms() < self.fill_from.get() || self.filling.replace(true) {
            return;
        }
        leptos::task::spawn_local(async move {
            // What changes meanwhile makes it due again.
            hub.fill_due.set(false);
            let filled = album::fill(&driver).await;
            if filled != Filled::Whole {
                hub.fill_due.set(true);
            }
            if filled == Filled::Failed {
                hub.fill_from.set(clock::now_ms() + album::PAUSE_MS);
            }
            hub.filling.set(false);
        });
    }

    fn readiness(&self, engine: &Status) -> Readiness {
        let Some(driver) = self.session.driver() else { return Readiness::default() };
        let (areas, incomplete) = driver.with_replica(|replica| {
            let Some(meta) = replica.meta() else { return (BTreeSet::new(), 0) };
            let behind = meta
                .areas
                .values()
                .filter(|area| area.live.cur == sync::rev::Rev::ZERO || area.stage.is_some());
            (meta.areas.keys().copied().gather::<BTreeSet<_>>(), behind.count())
        });
        let index = driver.store.index();
        let mut villages = BTreeSet::new();
        let mut doors = Doors::default();
        for (area, entry) in index.all() {
            if let Some(Columns::Recipient(columns)) = &entry.columns
                && areas.contains(&area)
            {
                villages.insert(area);
                doors.count(columns.household);
            }
        }
        let mut lacks = Vec::new();
        if engine.last_contact.is_none() || !engine.complete {
            lacks.push(Lack::NeverSynced);
        } else if incomplete > 0 {
            lacks.push(Lack::AreasIncomplete { areas: incomplete });
        }
        if engine.last_contact.is_some_and(|at| clock::now_ms() - at > DAY_MS) {
            lacks.push(Lack::Stale);
        }
        if !service_worker::is_stored() {
            lacks.push(Lack::AppNotStored);
        }
        Readiness {
            villages: villages.len(),
            counted: doors.counted(),
            prepared_at: engine.last_contact,
            photos_left: None,
            lacks,
        }
    }
}

impl Listener for Hub {
    fn status(&self, engine: &Status) {
        self.phase.set(engine.phase);
        let running =
            matches!(engine.phase, Phase::Hello | Phase::Push | Phase::Pull | Phase::Digest | Phase::Reset);
        if !running {
            self.progress.set(0);
        }
        let progress = (engine.phase == Phase::Pull || engine.phase == Phase::Reset)
            .then(|| SyncProgress { records: self.progress.get(), percent: None });
        let mut readiness = self.readiness(engine);
        let attention = u32::try_from(engine.rejected).unwrap_or(u32::MAX);
        let open =
            self.session.driver().map_or(0, |driver| super::attention::count_open(&driver.store.index()));
        self.status.update(|status| {
            readiness.photos_left = status.readiness.photos_left;
            *status = SyncStatus {
                on_phone: u32::try_from(engine.on_phone).unwrap_or(u32::MAX),
                at_office: u32::try_from(engine.at_office).unwrap_or(u32::MAX),
                photos_waiting: u32::try_from(engine.photos_waiting).unwrap_or(u32::MAX),
                last_contact: engine.last_contact,
                drafts: u32::try_from(engine.drafts).unwrap_or(u32::MAX),
                not_sent_since: engine.oldest,
                running,
                progress,
                problem: problem(engine, self.purge.get()),
                next_try: None,
                attention: attention + open + u32::from(self.storage_lost.get()),
                readiness,
                storage: status.storage.clone(),
                storage_lost: self.storage_lost.get(),
                diverged: self.diverged.get(),
            };
        });
        self.bump(&[Topic::Outbox, Topic::Areas]);
        let made_by = (self.session.policy().plan, clock::today_day());
        if self.made_by.replace(made_by) != made_by {
            self.bump(&[Topic::Recipients]);
        }
        if !running {
            self.measure_storage();
        }
        self.tell_views(engine);
        self.fill_album(engine);
    }

    fn changed(&self, kinds: &BTreeSet<String>, records: &BTreeSet<Uuid>) {
        self.progress.set(self.progress.get() + u32::try_from(records.len()).unwrap_or(0));
        let mut topics = vec![Topic::Recipients];
        for kind in kinds {
            match kind.as_str() {
                "visit" => {
                    self.fill_due.set(true);
                    topics.push(Topic::Visits);
                }
                "attachment" => self.fill_due.set(true),
                "need" | "measure" | "task" => topics.push(Topic::Needs),
                "sponsor" | "pledge" | "donation" => topics.push(Topic::Sponsors),
                "conflict" | "held" | "proposal" => topics.push(Topic::Attention),
                _ => {}
            }
        }
        self.bump(&topics);
    }

    fn attention(&self, attention: &Attention) {
        if matches!(attention, Attention::StorageLost(_)) && !self.storage_lost.replace(true) {
            self.status.update(|status| {
                status.storage_lost = true;
                status.attention += 1;
            });
        }
        if matches!(attention, Attention::DigestDiffers(_) | Attention::AreaTorn(_))
            && !self.diverged.replace(true)
        {
            self.status.update(|status| status.diverged = true);
        }
        if let Attention::PurgeRefused { rows, of, .. } = attention {
            let asked = PurgeAsked { rows: *rows, of: *of };
            self.purge.set(asked);
            // The engine's news of the standstill may have come first.
            self.status.update(|status| {
                if let Some(SyncProblem::Purge(shown)) = &mut status.problem {
                    *shown = asked;
                }
            });
        }
        self.bump(&[Topic::Attention, Topic::Outbox]);
    }

    fn keys_destroyed(&self, wiped: bool) {
        *self.people.borrow_mut() = People::default();
        self.session.keys_destroyed(wiped);
    }

    fn drafts_changed(&self) {
        self.bump(&[Topic::Drafts, Topic::Visits]);
    }

    fn reread(&self) {
        *self.people.borrow_mut() = People::default();
        self.bump(&EVERYTHING);
    }

    fn locked(&self) {
        // Another vault may be the next that opens.
        *self.new_file.borrow_mut() = None;
        self.fill_due.set(true);
        self.reread();
    }
}

fn problem(engine: &Status, purge: PurgeAsked) -> Option<SyncProblem> {
    let named = engine.problem.map(|problem| match problem {
        Problem::Offline => SyncProblem::Offline,
        Problem::NoAnswer | Problem::ServerFull => SyncProblem::Server,
        Problem::Clock => SyncProblem::Clock,
        Problem::Auth => SyncProblem::Login,
        Problem::Revoked => SyncProblem::Revoked,
        Problem::StorageFull => SyncProblem::Quota,
        Problem::StorageBroken => SyncProblem::Storage,
        Problem::BadRequest => SyncProblem::OtherBuild,
        Problem::PurgeRefused => SyncProblem::Purge(purge),
    });
    named.or(engine.needs_login.then_some(SyncProblem::Login))
}
