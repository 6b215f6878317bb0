//! The device's engine: one door for events, a list of effects back. No clock, no storage, no network of its own.
//!
//! The driver performs effects and returns events; every decision of policy lies here. Rules are numbered in `SPEC.md`.

mod answer;
mod batch;
mod changed;
mod disk;
mod effect;
mod env;
mod event;
mod job;
mod line;
mod meta;
mod open;
mod outbox;
mod photos;
mod request;
mod save;
mod shelf;
mod status;
#[cfg(test)]
mod tests;
mod upkeep;

pub use batch::{Batch, OutMove, OutPut};
pub use effect::{Attention, Effect, PushPlan, RequestPlan, SaveProblem, Timer};
pub use env::{Env, Generator};
pub use event::{
    BlobStep, CommitFailure, Event, Loaded, Opened, RequestFailure, Save, StorageFacts, UnlockedFacts,
};
pub use meta::{AreaState, Diverged, Identity, Meta, Position, Sentinel};
pub use outbox::{BlobHead, BlobPhase, DraftHead, OutboxHead};
pub use photos::LOST;
pub use status::{Phase, Problem, Status};

use crate::id::uuid_v7;
use disk::Disk;
use job::{Job, Running};
use line::Line;
use photos::Photos;
use std::collections::{BTreeSet, VecDeque};
use uuid::Uuid;

/// One vault's engine. It lives as long as the page or worker that runs it and is rebuilt from the storage at any time.
#[derive(Debug, Default)]
pub struct Replica {
    disk: Option<Disk>,
    /// Rows of `out` that bear an older incarnation.
    strays: Vec<OutboxHead>,
    sentinel: Option<Sentinel>,
    storage: StorageFacts,
    build: String,
    build_t: i64,
    unlocked: bool,
    session: bool,
    key: Option<Uuid>,
    jobs: VecDeque<Job>,
    running: Option<Running>,
    /// Records that the running piece of work has asked for.
    asked: BTreeSet<Uuid>,
    line: Line,
    photos: Photos,
    problem_storage: Option<Problem>,
    told: Status,
    last_id: u64,
}

/// One event being handled.
struct Turn<'a, 'b> {
    env: &'a mut Env<'b>,
    effects: Vec<Effect>,
}

impl Replica {
    /// An engine that waits for [`Event::Opened`].
    pub fn new() -> Replica {
        Replica::default()
    }

    /// Takes an event and says what is to be done.
    pub fn handle(&mut self, env: &mut Env<'_>, event: Event) -> Vec<Effect> {
        let mut turn = Turn { env, effects: Vec::new() };
        self.take(&mut turn, event);
        self.pump(&mut turn);
        self.step(&mut turn);
        self.go_on_with_photos(&mut turn);
        let status = self.status();
        if status != self.told {
            self.told = status.clone();
            turn.effects.push(Effect::Status(Box::new(status)));
        }
        turn.effects
    }

    /// The counters as they lie on disk; none before the storage was read.
    pub fn meta(&self) -> Option<&Meta> {
        self.disk.as_ref().map(|disk| &disk.meta)
    }

    /// The outbox as it lies on disk, in order of numbers.
    pub fn outbox(&self) -> impl Iterator<Item = &OutboxHead> {
        self.disk.iter().flat_map(|disk| disk.outbox.values())
    }

    fn take(&mut self, turn: &mut Turn<'_, '_>, event: Event) {
        match event {
            Event::Opened(opened) => self.on_opened(turn, *opened),
            Event::Unlocked(facts) => self.on_unlocked(turn, facts),
            Event::Locked => self.on_locked(),
            Event::Session { open } => self.on_session(turn, open),
            Event::Save(save) => self.on_save(turn, save),
            Event::DraftSaved(draft) => self.on_draft_saved(draft),
            Event::DraftRemoved(id) => self.on_draft_removed(id),
            Event::HandOverDrafts => self.on_hand_over(turn),
            Event::Dismissed(id) => self.jobs.push_back(Job::Dismiss(id)),
            Event::PurgeConfirmed => self.on_purge_confirmed(turn),
            Event::Committed { id } => self.on_committed(turn, id),
            Event::CommitFailed { id, failure } => self.on_commit_failed(turn, id, failure),
            Event::SpaceFreed { id } => self.on_space_freed(turn, id),
            Event::Loaded { id, loaded } => self.on_loaded(turn, id, loaded),
            Event::LoadFailed { id } => self.on_load_failed(turn, id),
            Event::Digested { id, digests } => self.on_digested(turn, id, &digests),
            Event::Answered { id, answer, took_ms } => self.on_answered(turn, id, *answer, took_ms),
            Event::RequestFailed { id, failure } => self.on_request_failed(turn, id, &failure),
            Event::Probed { id } => self.on_probed(turn, id),
            Event::Progress { id } => self.on_progress(turn, id),
            event @ (Event::Online | Event::Offline | Event::Visible | Event::Hidden) => {
                self.on_network(turn, &event);
            }
            Event::Tapped => self.start_afresh(turn, true),
            Event::Looked => self.on_looked(turn),
            Event::TimerFired(timer) => self.on_timer(turn, timer),
            Event::SyncLock { held } => self.on_lock(turn, held),
            Event::BlobSaved(blob) => self.on_blob_saved(blob),
            Event::BlobStepped { id, step } => self.on_blob_step(turn, id, step),
        }
    }

    fn on_timer(&mut self, turn: &mut Turn<'_, '_>, timer: Timer) {
        match timer {
            Timer::Sync => self.on_sync_timer(turn),
            Timer::Request | Timer::RequestEnd => self.on_request_stuck(turn),
            Timer::Storage => self.on_storage_stuck(turn),
            Timer::Blob => self.try_photos_again(),
        }
    }

    fn on_save(&mut self, turn: &mut Turn<'_, '_>, save: Save) {
        let ids = (0..=save.behind.len()).map(|_| uuid_v7(turn.env.now, turn.env.rng.bytes())).collect();
        if self.disk.is_none() || !self.unlocked {
            let problem = SaveProblem::NotOpen;
            turn.effects.push(Effect::SaveFailed { token: save.token, problem });
            return;
        }
        self.jobs.push_back(Job::Save { save, ids });
    }

    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}
