//! Work on the store, one piece at a time: load what it reads, decide, commit. So nothing is ever decided on a record that another piece is changing.

use super::{
    Attention, Batch, CommitFailure, Effect, Loaded, OutboxHead, Problem, Replica, Save, SaveProblem, Timer,
    Turn, answer::Reply, changed::Changed,
};
use crate::{
    id::{AreaId, Inc},
    limits::STEP_STALL_MS,
    wire::{AreaDigest, Incident},
};
use std::collections::{BTreeMap, VecDeque};
use uuid::Uuid;

/// How often a piece of work is tried again on a reopened database.
const REOPENED_MAX: u32 = 3;

/// A piece of work.
#[derive(Clone, Debug)]
pub(super) enum Job {
    /// A new database gets its counters, or a database that lost something a new incarnation.
    Renew { of: Inc, incident: Option<Incident>, damaged: Vec<(Inc, u64)> },
    /// The worker saved. The ids, one for each changeset, are chosen once, so that a second try is the same.
    Save { save: Save, ids: Vec<Uuid> },
    /// The office answered.
    Reply(Box<Reply>),
    /// Verdicts that came while the vault was locked.
    Settle,
    /// A rejected changeset was dealt with.
    Dismiss(Uuid),
    /// Blob heads changed.
    Blobs { put: Vec<super::BlobHead>, del: Vec<crate::id::BlobHash> },
    /// Areas that differ from the office's are pulled again.
    Restart(Vec<AreaId>),
    /// The office revoked the device.
    Revoked,
}

/// What a piece of work decided.
pub(super) enum Decision {
    /// More records are needed.
    Load(Vec<Uuid>),
    /// This is to be written.
    Write(Box<Plan>),
    /// Nothing is to be written.
    Nothing(Vec<Effect>),
}

/// A batch and what follows once it is on disk.
pub(super) struct Plan {
    /// One batch; more only where a bug is planted.
    pub(super) batches: VecDeque<Batch>,
    pub(super) changed: Changed,
    pub(super) after: Vec<Effect>,
    /// Digests that the office named, to be compared.
    pub(super) digests: BTreeMap<AreaId, AreaDigest>,
}

/// The piece of work that runs.
#[derive(Debug)]
pub(super) struct Running {
    job: Job,
    id: u64,
    stage: Stage,
    loaded: Loaded,
    reopened: u32,
    freed: bool,
}

enum Stage {
    Loading,
    Committing(Box<Plan>),
    Freeing,
    Digesting(BTreeMap<AreaId, AreaDigest>),
    /// The database is being opened again.
    Reopening,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Stage::Loading => "loading",
            Stage::Committing(_) => "committing",
            Stage::Freeing => "freeing",
            Stage::Digesting(_) => "digesting",
            Stage::Reopening => "reopening",
        })
    }
}

impl Plan {
    pub(super) fn of(batch: Batch) -> Plan {
        Plan {
            batches: VecDeque::from([batch]),
            changed: Changed::default(),
            after: Vec::new(),
            digests: BTreeMap::new(),
        }
    }
}

impl Replica {
    /// Starts the next piece of work, if none runs.
    pub(super) fn pump(&mut self, turn: &mut Turn<'_, '_>) {
        while self.running.is_none() && self.disk.is_some() {
            let Some(job) = self.jobs.pop_front() else { return };
            let id = self.next_id();
            self.asked.clear();
            self.running = Some(Running {
                job,
                id,
                stage: Stage::Loading,
                loaded: Loaded::default(),
                reopened: 0,
                freed: false,
            });
            self.decide(turn);
        }
    }

    /// Whether any work on the store runs or waits.
    pub(super) fn is_working(&self) -> bool {
        self.running.is_some() || !self.jobs.is_empty()
    }

    /// Whether an answer is being stored.
    pub(super) fn is_storing_answer(&self) -> bool {
        self.running.as_ref().is_some_and(|running| matches!(running.job, Job::Reply(_)))
    }

    /// Whether a new incarnation is being taken.
    pub(super) fn is_renewing(&self) -> bool {
        self.running.as_ref().is_some_and(|running| matches!(running.job, Job::Renew { .. }))
    }

    /// Whether digests are being compared.
    pub(super) fn is_digesting(&self) -> bool {
        self.running.as_ref().is_some_and(|running| matches!(running.stage, Stage::Digesting(_)))
    }

    fn decide(&mut self, turn: &mut Turn<'_, '_>) {
        let Some(mut running) = self.running.take() else { return };
        let decision = match &running.job {
            Job::Renew { of, incident, damaged } => self.renew(turn, *of, incident.as_ref(), damaged),
            Job::Save { save, ids } => self.save(turn, save, ids, &running.loaded),
            Job::Reply(reply) => self.apply(turn, reply, &running.loaded),
            Job::Settle => self.settle_all(&running.loaded),
            Job::Dismiss(id) => self.dismiss(*id),
            Job::Blobs { put, del } => self.write_blobs(put, del),
            Job::Restart(areas) => self.restart(areas, turn.env.now),
            Job::Revoked => self.revoke(),
        };
        match decision {
            Decision::Nothing(effects) => {
                turn.effects.extend(effects);
                turn.effects.push(Effect::ClearTimer(Timer::Storage));
            }
            Decision::Load(entities) => {
                running.id = self.next_id();
                running.stage = Stage::Loading;
                turn.effects.push(Effect::Load { id: running.id, entities });
                self.watch_storage(turn, running);
            }
            Decision::Write(plan) => self.commit(turn, running, plan),
        }
    }

    fn commit(&mut self, turn: &mut Turn<'_, '_>, mut running: Running, mut plan: Box<Plan>) {
        running.id = self.next_id();
        if let (Some(batch), Some(disk)) = (plan.batches.front_mut(), &self.disk) {
            batch.meta.generation = disk.meta.generation + 1;
            turn.effects.push(Effect::Commit { id: running.id, batch: Box::new(batch.clone()) });
        }
        running.stage = Stage::Committing(plan);
        self.watch_storage(turn, running);
    }

    fn watch_storage(&mut self, turn: &mut Turn<'_, '_>, running: Running) {
        self.running = Some(running);
        turn.effects.push(Effect::SetTimer { timer: Timer::Storage, after_ms: STEP_STALL_MS });
    }

    fn take_running(&mut self, id: u64, fits: impl Fn(&Stage) -> bool) -> Option<Running> {
        self.running.take_if(|running| running.id == id && fits(&running.stage))
    }

    pub(super) fn on_loaded(&mut self, turn: &mut Turn<'_, '_>, id: u64, loaded: Loaded) {
        let Some(mut running) = self.take_running(id, |stage| matches!(stage, Stage::Loading)) else {
            return;
        };
        running.loaded.rep.extend(loaded.rep);
        running.loaded.stage.extend(loaded.stage);
        let lost = |known: &mut crate::local::LocalRecord| {
            known.forget_lost(|op| self.disk.as_ref().is_some_and(|disk| disk.is_shown(op)));
        };
        running.loaded.rep.values_mut().for_each(lost);
        running.loaded.stage.values_mut().for_each(lost);
        self.running = Some(running);
        self.decide(turn);
    }

    pub(super) fn on_committed(&mut self, turn: &mut Turn<'_, '_>, id: u64) {
        let Some(mut running) = self.take_running(id, |stage| matches!(stage, Stage::Committing(_))) else {
            return;
        };
        let Stage::Committing(mut plan) = running.stage else { return };
        if let (Some(batch), Some(disk)) = (plan.batches.pop_front(), &mut self.disk) {
            disk.repeat(&batch);
            turn.effects.push(Effect::Sentinel(disk.meta.sentinel()));
            self.sentinel = Some(disk.meta.sentinel());
        }
        if !plan.batches.is_empty() {
            running.stage = Stage::Loading;
            return self.commit(turn, running, plan);
        }
        self.problem_storage = None;
        turn.effects.extend(plan.changed.effect());
        turn.effects.append(&mut plan.after);
        self.after_commit(turn, &running.job);
        if plan.digests.is_empty() {
            turn.effects.push(Effect::ClearTimer(Timer::Storage));
            return;
        }
        running.id = self.next_id();
        let areas = plan.digests.keys().copied().collect();
        turn.effects.push(Effect::Digest { id: running.id, areas });
        running.stage = Stage::Digesting(plan.digests);
        self.watch_storage(turn, running);
    }

    pub(super) fn on_digested(
        &mut self,
        turn: &mut Turn<'_, '_>,
        id: u64,
        own: &BTreeMap<AreaId, AreaDigest>,
    ) {
        let Some(running) = self.take_running(id, |stage| matches!(stage, Stage::Digesting(_))) else {
            return;
        };
        let Stage::Digesting(named) = running.stage else { return };
        turn.effects.push(Effect::ClearTimer(Timer::Storage));
        self.compare_digests(turn, &named, own);
    }

    pub(super) fn on_commit_failed(&mut self, turn: &mut Turn<'_, '_>, id: u64, failure: CommitFailure) {
        let Some(mut running) = self.take_running(id, |stage| matches!(stage, Stage::Committing(_))) else {
            return;
        };
        match failure {
            CommitFailure::Stale => self.reopen(turn, running),
            CommitFailure::Full if !running.freed => {
                running.freed = true;
                running.id = self.next_id();
                running.stage = Stage::Freeing;
                // Nothing can be saved before a new incarnation is written; what the office sent can be asked for again.
                let for_words = matches!(running.job, Job::Save { .. } | Job::Renew { .. });
                turn.effects.push(Effect::FreeSpace { id: running.id, for_words });
                self.watch_storage(turn, running);
            }
            CommitFailure::Full => {
                self.problem_storage = Some(Problem::StorageFull);
                turn.effects.push(Effect::ClearTimer(Timer::Storage));
                self.give_up(turn, running.job, SaveProblem::Full, Attention::StorageFull);
            }
            CommitFailure::Broken => self.reopen_counted(turn, running),
        }
    }

    pub(super) fn on_space_freed(&mut self, turn: &mut Turn<'_, '_>, id: u64) {
        let Some(running) = self.take_running(id, |stage| matches!(stage, Stage::Freeing)) else { return };
        self.running = Some(running);
        self.decide(turn);
    }

    pub(super) fn on_load_failed(&mut self, turn: &mut Turn<'_, '_>, id: u64) {
        if let Some(running) = self.take_running(id, |stage| matches!(stage, Stage::Loading)) {
            self.reopen_counted(turn, running);
        }
    }

    /// The store did not answer in time.
    pub(super) fn on_storage_stuck(&mut self, turn: &mut Turn<'_, '_>) {
        match self.running.take() {
            Some(running) => self.reopen_counted(turn, running),
            None if self.disk.is_none() => self.close(turn),
            None => {}
        }
    }

    /// The storage cannot be trusted with a write: it is opened and checked again until it can.
    fn close(&mut self, turn: &mut Turn<'_, '_>) {
        self.disk = None;
        self.jobs.retain(|job| matches!(job, Job::Save { .. }));
        turn.effects.push(Effect::Reload);
        turn.effects.push(Effect::SetTimer { timer: Timer::Storage, after_ms: STEP_STALL_MS });
    }

    fn reopen_counted(&mut self, turn: &mut Turn<'_, '_>, mut running: Running) {
        running.reopened += 1;
        if running.reopened <= REOPENED_MAX {
            return self.reopen(turn, running);
        }
        self.problem_storage = Some(Problem::StorageBroken);
        turn.effects.push(Effect::ClearTimer(Timer::Storage));
        self.give_up(turn, running.job, SaveProblem::Broken, Attention::StorageBroken);
    }

    fn reopen(&mut self, turn: &mut Turn<'_, '_>, mut running: Running) {
        running.stage = Stage::Reopening;
        running.loaded = Loaded::default();
        self.asked.clear();
        turn.effects.push(Effect::Reload);
        self.watch_storage(turn, running);
    }

    fn give_up(&mut self, turn: &mut Turn<'_, '_>, job: Job, problem: SaveProblem, attention: Attention) {
        match job {
            Job::Save { save, .. } => {
                turn.effects.push(Effect::SaveFailed { token: save.token, problem });
            }
            Job::Reply(_) => self.round_failed(turn, None),
            // Nothing may be written before it: a later sentinel would hide what was lost.
            Job::Renew { .. } => self.close(turn),
            _ => {}
        }
        turn.effects.push(Effect::Attention(attention));
    }

    /// The database was opened again in the middle of a piece of work: what it had written by then is not written twice.
    pub(super) fn resume(&mut self, turn: &mut Turn<'_, '_>) {
        let Some(mut running) = self.running.take() else { return };
        if let (Job::Save { save, ids }, Some(disk)) = (&running.job, &self.disk) {
            let written = disk.outbox.values().filter(|head| ids.contains(&head.id));
            let saved = |head: &OutboxHead| Effect::Saved { token: save.token, id: head.id, seq: head.seq };
            let saved: Vec<_> = written.map(saved).collect();
            if !saved.is_empty() {
                turn.effects.extend(saved);
                turn.effects.push(Effect::ClearTimer(Timer::Storage));
                return;
            }
        }
        running.stage = Stage::Loading;
        running.loaded = Loaded::default();
        self.asked.clear();
        self.running = Some(running);
        self.decide(turn);
    }
}
