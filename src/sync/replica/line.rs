//! When to talk to the office: rounds of requests, back-off, watchdogs.

use super::{
    Effect, Event, Problem, Replica, RequestFailure, RequestPlan, Timer, Turn,
    answer::{News, Reply},
    job::Job,
};
use crate::{
    id::AreaId,
    limits::{
        BATCH_BYTES_START, BATCH_FAST_MS, PAGE_BYTES_MAX, PAGE_BYTES_START, PAGE_FAST_MS,
        PUSH_INFLATED_BYTES_MAX, RETRY_HIDDEN_MS_MAX, RETRY_MS_START, RETRY_VISIBLE_MS_MAX, STEP_MS_MAX,
        STEP_STALL_MS, SYNC_AFTER_SAVE_MS,
    },
    wire::{AreaDigest, SyncAnswer},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Between syncs of a page in front, when nothing waits.
const POLL_VISIBLE_MS: i64 = 60_000;
/// A page that shows what others sent asks the office when it is opened, or so long after it was asked last.
const LOOK_AGAIN_MS: i64 = 5_000;
/// A batch is never halved below this, and one changeset always goes.
const BATCH_BYTES_MIN: usize = 1024;
/// Answers in one round that brought nothing although more was promised, after which the round is given up.
const IDLE_ANSWERS_MAX: u32 = 6;
/// A day of 30: a clock that is further off than this from the last contact is suspected (F14).
const CLOCK_SUSPECT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// The state of the connection. Nothing of it outlives the session.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) online: bool,
    pub(super) visible: bool,
    /// This tab holds the lock of the one that syncs.
    pub(super) elected: bool,
    pub(super) flight: Option<Flight>,
    /// Requests up to this id were made before the last login: what they are told of the session concerns another one.
    pub(super) logged_in_after: u64,
    /// A round of requests is under way.
    pub(super) round: bool,
    /// The worker asked for a sync while a round was under way: another one follows it.
    again: bool,
    /// When the last round ended, by the device's clock.
    ended_at: Option<i64>,
    pub(super) hello_due: bool,
    pub(super) failures: u32,
    /// The server named the wait that runs: only a tap ends it sooner.
    pub(super) wait_named: bool,
    /// The earliest next sync that the server named, for the idle timer.
    pub(super) wait_ms: i64,
    /// When the timer of the next sync fires, by the device's clock.
    next_try: Option<i64>,
    pub(super) batch_bytes: usize,
    pub(super) batch_bytes_max: usize,
    pub(super) page_bytes: usize,
    pub(super) page_bytes_max: usize,
    idle_answers: u32,
    /// A new scope waits until the outbox is empty.
    pub(super) scope_waits: bool,
    /// The last page said that there is more.
    pub(super) more: bool,
    pub(super) pulled: bool,
    pub(super) hand_over: BTreeSet<Uuid>,
    pub(super) hand_over_all: bool,
    /// Drafts written again after they were sent.
    pub(super) dirty_drafts: BTreeSet<Uuid>,
    pub(super) purge_confirmed: bool,
    pub(super) problem: Option<Problem>,
    pub(super) purge_refused: bool,
    pub(super) news: News,
    /// The last digests found equal.
    pub(super) equal: BTreeMap<AreaId, AreaDigest>,
}

/// What is on the wire.
#[derive(Clone, Debug)]
pub(super) enum Flight {
    Probe { id: u64 },
    Sync { id: u64, request: Box<RequestPlan> },
}

impl Flight {
    fn id(&self) -> u64 {
        match self {
            Flight::Probe { id } | Flight::Sync { id, .. } => *id,
        }
    }
}

impl Default for Line {
    fn default() -> Line {
        Line {
            online: true,
            visible: true,
            elected: true,
            flight: None,
            logged_in_after: 0,
            round: false,
            again: false,
            ended_at: None,
            hello_due: true,
            failures: 0,
            wait_named: false,
            wait_ms: 0,
            next_try: None,
            batch_bytes: BATCH_BYTES_START,
            batch_bytes_max: PUSH_INFLATED_BYTES_MAX / 2,
            page_bytes: PAGE_BYTES_START,
            page_bytes_max: PAGE_BYTES_MAX,
            idle_answers: 0,
            scope_waits: false,
            more: false,
            pulled: false,
            hand_over: BTreeSet::new(),
            hand_over_all: false,
            dirty_drafts: BTreeSet::new(),
            purge_confirmed: false,
            problem: None,
            purge_refused: false,
            news: News::default(),
            equal: BTreeMap::new(),
        }
    }
}

impl Replica {
    /// Something calls for a sync: one begins unless one is under way.
    pub(super) fn start_round(&mut self, turn: &mut Turn<'_, '_>) {
        let is_revoked = self.disk.as_ref().is_none_or(|disk| disk.meta.revoked);
        if is_revoked || !self.line.elected || self.line.flight.is_some() || self.line.round {
            return;
        }
        if !self.line.online {
            return self.wait(turn, RETRY_HIDDEN_MS_MAX);
        }
        self.line.round = true;
        self.line.hello_due = true;
        self.line.pulled = false;
        self.line.idle_answers = 0;
    }

    /// The network, the page or the worker says "now": earlier failures count no longer.
    pub(super) fn start_afresh(&mut self, turn: &mut Turn<'_, '_>, tapped: bool) {
        self.line.failures = 0;
        if tapped || !self.line.wait_named {
            self.line.wait_named = false;
            self.line.purge_refused &= !tapped;
            self.line.again |= tapped && self.line.round;
            self.start_round(turn);
        }
    }

    /// A page was opened that shows what others sent: it should not wait for the next poll.
    pub(super) fn on_looked(&mut self, turn: &mut Turn<'_, '_>) {
        let age = self.line.ended_at.map(|at| turn.env.now.saturating_sub(at));
        match age {
            Some(age) if (0..LOOK_AGAIN_MS).contains(&age) => self.wait_at_most(turn, LOOK_AGAIN_MS - age),
            _ => self.start_afresh(turn, false),
        }
    }

    /// Sends the next request of the round, or ends the round.
    pub(super) fn step(&mut self, turn: &mut Turn<'_, '_>) {
        if !self.line.round || self.line.flight.is_some() || self.is_working() {
            return;
        }
        match self.next_request(turn) {
            Some(request) => self.send(turn, request),
            None => self.end_round(turn),
        }
        if !self.line.round && std::mem::take(&mut self.line.again) {
            self.start_round(turn);
            self.step(turn);
        }
    }

    fn send(&mut self, turn: &mut Turn<'_, '_>, request: RequestPlan) {
        let id = self.next_id();
        if let Some(push) = &request.push {
            self.line.dirty_drafts.retain(|draft| !push.drafts.contains(draft));
        }
        let request = Box::new(request);
        self.line.flight = Some(Flight::Sync { id, request: request.clone() });
        turn.effects.push(Effect::Send { id, request });
        watch(turn);
        turn.effects.push(Effect::SetTimer { timer: Timer::RequestEnd, after_ms: STEP_MS_MAX });
    }

    fn end_round(&mut self, turn: &mut Turn<'_, '_>) {
        self.line.round = false;
        self.line.ended_at = Some(turn.env.now);
        self.line.failures = 0;
        let after = if self.line.visible { POLL_VISIBLE_MS } else { RETRY_HIDDEN_MS_MAX };
        self.wait(turn, after.max(self.line.wait_ms));
        self.finish_wipe(turn);
        self.try_photos_again();
    }

    fn wait(&mut self, turn: &mut Turn<'_, '_>, after_ms: i64) {
        self.line.next_try = Some(turn.env.now + after_ms);
        turn.effects.push(Effect::SetTimer { timer: Timer::Sync, after_ms });
    }

    /// A save is sent soon, and sooner where sending failed before (R13).
    pub(super) fn sync_after_save(&mut self, turn: &mut Turn<'_, '_>) {
        let failing = self.line.visible && self.line.failures > 0;
        self.wait_at_most(turn, if failing { RETRY_VISIBLE_MS_MAX } else { SYNC_AFTER_SAVE_MS });
    }

    /// A try that is nearer stays, and so does a wait that the server named.
    fn wait_at_most(&mut self, turn: &mut Turn<'_, '_>, after_ms: i64) {
        let is_nearer = self.line.next_try.is_some_and(|at| at <= turn.env.now + after_ms);
        if !self.line.wait_named && !is_nearer {
            self.wait(turn, after_ms);
        }
    }

    pub(super) fn on_sync_timer(&mut self, turn: &mut Turn<'_, '_>) {
        self.line.wait_named = false;
        self.line.next_try = None;
        let probes = self.line.failures > 0 && self.line.visible && self.has_waiting();
        let can = self.line.online && self.line.elected && self.line.flight.is_none() && !self.line.round;
        if probes && can && self.line.problem == Some(Problem::NoAnswer) {
            let id = self.next_id();
            self.line.flight = Some(Flight::Probe { id });
            turn.effects.push(Effect::Probe { id });
            watch(turn);
            return;
        }
        self.start_round(turn);
    }

    pub(super) fn on_probed(&mut self, turn: &mut Turn<'_, '_>, id: u64) {
        if self.line.flight.take_if(|flight| flight.id() == id).is_some() {
            turn.effects.push(Effect::ClearTimer(Timer::Request));
            self.start_round(turn);
        }
    }

    pub(super) fn on_progress(&self, turn: &mut Turn<'_, '_>, id: u64) {
        if self.line.flight.as_ref().is_some_and(|flight| flight.id() == id) {
            watch(turn);
        }
    }

    pub(super) fn on_answered(&mut self, turn: &mut Turn<'_, '_>, id: u64, answer: SyncAnswer, took_ms: i64) {
        let Some(Flight::Sync { request, .. }) = self.line.flight.take_if(|flight| flight.id() == id) else {
            return;
        };
        turn.effects.push(Effect::ClearTimer(Timer::Request));
        turn.effects.push(Effect::ClearTimer(Timer::RequestEnd));
        self.adapt(&request, &answer, took_ms);
        self.blob_states(&answer, turn.env.now);
        self.line.hello_due &= answer.hello.is_none();
        self.line.problem = None;
        self.jobs.push_back(Job::Reply(Box::new(Reply { id, request: *request, answer })));
    }

    fn adapt(&mut self, request: &RequestPlan, answer: &SyncAnswer, took_ms: i64) {
        if let Some(hello) = &answer.hello {
            self.line.batch_bytes_max = hello.limits.batch_bytes.min(PUSH_INFLATED_BYTES_MAX / 2);
            self.line.page_bytes_max = hello.limits.page_bytes.min(PAGE_BYTES_MAX);
            self.line.wait_ms = hello.limits.wait_ms;
        }
        if request.push.as_ref().is_some_and(|push| !push.changesets.is_empty()) && took_ms < BATCH_FAST_MS {
            self.line.batch_bytes *= 2;
        }
        if request.pull.is_some() && took_ms < PAGE_FAST_MS {
            self.line.page_bytes *= 2;
        }
        self.line.batch_bytes = self.line.batch_bytes.min(self.line.batch_bytes_max);
        self.line.page_bytes = self.line.page_bytes.min(self.line.page_bytes_max);
    }

    pub(super) fn on_request_failed(&mut self, turn: &mut Turn<'_, '_>, id: u64, failure: &RequestFailure) {
        if self.line.flight.take_if(|flight| flight.id() == id).is_none() {
            return;
        }
        turn.effects.push(Effect::ClearTimer(Timer::Request));
        turn.effects.push(Effect::ClearTimer(Timer::RequestEnd));
        self.line.batch_bytes = (self.line.batch_bytes / 2).max(BATCH_BYTES_MIN);
        self.line.page_bytes = (self.line.page_bytes / 2).max(PAGE_BYTES_START);
        let mut named = None;
        self.line.problem = Some(match failure {
            RequestFailure::Network { .. } if !self.line.online => Problem::Offline,
            RequestFailure::Network { at_once: true } if self.is_clock_suspect(turn.env.now) => {
                Problem::Clock
            }
            RequestFailure::Network { .. } => Problem::NoAnswer,
            RequestFailure::Refused { status, wait_ms, .. } => {
                named = *wait_ms;
                match status {
                    401 => Problem::Auth,
                    403 => Problem::Revoked,
                    400 | 415 => Problem::BadRequest,
                    507 => Problem::ServerFull,
                    _ => Problem::NoAnswer,
                }
            }
        });
        if self.line.problem == Some(Problem::Revoked) {
            self.jobs.push_back(Job::Revoked);
        }
        self.round_failed(turn, named);
    }

    /// A certificate that is refused at once, and a date that cannot be right.
    fn is_clock_suspect(&self, now: i64) -> bool {
        let Some(disk) = &self.disk else { return false };
        let last = disk.meta.t_contact;
        now < self.build_t || (last > 0 && (now - last).abs() > CLOCK_SUSPECT_MS)
    }

    /// Ends the round and waits: 2 s · 2ⁿ with full jitter, on top of the wait that the server named.
    pub(super) fn round_failed(&mut self, turn: &mut Turn<'_, '_>, named: Option<i64>) {
        self.line.round = false;
        self.line.again = false;
        self.line.ended_at = Some(turn.env.now);
        self.photos.open = false;
        self.line.failures = (self.line.failures + 1).min(20);
        let is_final = matches!(self.line.problem, Some(Problem::Auth | Problem::BadRequest));
        let cap = match (self.line.visible, self.has_waiting()) {
            (false, _) => RETRY_HIDDEN_MS_MAX,
            (true, _) if is_final => POLL_VISIBLE_MS,
            (true, true) => RETRY_VISIBLE_MS_MAX,
            (true, false) => POLL_VISIBLE_MS,
        };
        let delay = (RETRY_MS_START << self.line.failures.min(16)).min(cap);
        let jitter = turn.env.rng.below(delay.unsigned_abs() + 1).cast_signed();
        self.line.wait_named = named.is_some();
        self.wait(turn, named.unwrap_or(0).max(0) + jitter);
    }

    /// What the applied answer asks of the line.
    pub(super) fn after_reply(&mut self, turn: &mut Turn<'_, '_>, reply: &Reply) {
        let news = std::mem::take(&mut self.line.news);
        if news.session_ended && reply.id > self.line.logged_in_after {
            self.session = false;
        }
        self.line.scope_waits = news.scope_waits;
        self.line.hand_over = news.hand_over;
        let drafts = self.disk.as_ref().map(|disk| &disk.drafts);
        self.line.hand_over_all &= drafts.is_some_and(|drafts| !drafts.is_empty());
        self.line.purge_refused = news.purge_refused;
        if reply.request.pull.is_some() {
            self.line.more = news.more;
            let is_whole = !news.more && !news.scope_waits && !news.session_ended;
            self.line.pulled = is_whole && reply.answer.pull.is_some();
            if !news.purge_refused && !news.scope_waits {
                self.line.purge_confirmed = false;
            }
        }
        self.line.idle_answers = if news.progress { 0 } else { self.line.idle_answers + 1 };
        if news.key_refused || self.line.idle_answers > IDLE_ANSWERS_MAX {
            self.round_failed(turn, None);
        }
    }

    /// Whether own work waits for the office.
    pub(super) fn has_waiting(&self) -> bool {
        self.disk.as_ref().is_some_and(|disk| disk.unsent().next().is_some() || self.photos_waiting(disk) > 0)
    }

    /// The request made no progress, or lasted too long.
    pub(super) fn on_request_stuck(&mut self, turn: &mut Turn<'_, '_>) {
        let Some(flight) = &self.line.flight else { return };
        let id = flight.id();
        turn.effects.push(Effect::Abort { id });
        self.on_request_failed(turn, id, &RequestFailure::Network { at_once: false });
    }

    /// Which tab syncs.
    pub(super) fn on_lock(&mut self, turn: &mut Turn<'_, '_>, held: bool) {
        self.line.elected = held;
        if held {
            return self.start_round(turn);
        }
        self.line.round = false;
        if let Some(flight) = self.line.flight.take() {
            turn.effects.push(Effect::Abort { id: flight.id() });
        }
    }

    pub(super) fn on_network(&mut self, turn: &mut Turn<'_, '_>, event: &Event) {
        match event {
            Event::Online => {
                self.line.online = true;
                self.start_afresh(turn, false);
            }
            Event::Offline => self.line.online = false,
            Event::Visible => {
                self.line.visible = true;
                self.start_afresh(turn, false);
            }
            Event::Hidden => self.line.visible = false,
            _ => {}
        }
    }
}

fn watch(turn: &mut Turn<'_, '_>) {
    turn.effects.push(Effect::SetTimer { timer: Timer::Request, after_ms: STEP_STALL_MS });
}
