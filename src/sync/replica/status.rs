//! What a page shows of the engine.

/// The three numbers and what stands in the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// What the engine is at.
    pub phase: Phase,
    /// Changesets on this phone that the office has not judged.
    pub on_phone: u64,
    /// Changesets of this device that are at the office.
    pub at_office: u64,
    /// Photos that are not wholly at the office.
    pub photos_waiting: u64,
    /// Drafts, which are never sent as they are.
    pub drafts: u64,
    /// Rejected changesets with which nobody has dealt.
    pub rejected: u64,
    /// When the oldest changeset in `on_phone` was saved, by the device's clock.
    pub oldest: Option<i64>,
    /// The last answer, by the device's clock; none before the first.
    pub last_contact: Option<i64>,
    /// Whether every area was pulled to the end at least once.
    pub complete: bool,
    /// Whether pulling waits for a login.
    pub needs_login: bool,
    /// What stands in the way.
    pub problem: Option<Problem>,
}

/// What the engine is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The storage is not open.
    #[default]
    Closed,
    /// Nothing runs. A locked vault may still push.
    Idle,
    /// A request with only `hello` or a probe is under way.
    Hello,
    /// Changesets are under way.
    Push,
    /// Rows are under way or being stored.
    Pull,
    /// Digests are compared.
    Digest,
    /// A new incarnation is being taken.
    Fork,
    /// The server was restored; everything is pulled again.
    Reset,
    /// Areas that were taken away are leaving.
    Purge,
    /// The device empties itself.
    Wipe,
    /// See [`Status::problem`].
    Blocked,
}

/// What stands in the way of a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// No network.
    Offline,
    /// The office does not answer, or says that it is busy.
    NoAnswer,
    /// The device's date seems wrong, so that the connection is refused.
    Clock,
    /// The grant is not accepted: log in or enrol again.
    Auth,
    /// The device is revoked.
    Revoked,
    /// The server's disk is full.
    ServerFull,
    /// This phone's storage is full.
    StorageFull,
    /// This phone's storage does not answer.
    StorageBroken,
    /// The server does not understand this app: update.
    BadRequest,
    /// A purge waits for a confirmation.
    PurgeRefused,
}

impl super::Replica {
    /// The three numbers, computed from the outbox and the receipts in it, never from "the request ended".
    pub fn status(&self) -> Status {
        let Some(disk) = &self.disk else { return Status::default() };
        let meta = &disk.meta;
        let waiting = || disk.outbox.values().filter(|head| head.verdict.is_none());
        let delivered = disk.outbox.values().filter(|head| head.is_delivered()).count() as u64;
        let problem = self.problem();
        Status {
            phase: self.phase(problem),
            on_phone: waiting().count() as u64,
            at_office: meta.delivered + delivered,
            photos_waiting: self.photos_waiting(disk),
            drafts: disk.drafts.len() as u64,
            rejected: disk.outbox.values().filter(|head| head.is_refused()).count() as u64,
            oldest: waiting().map(|head| head.t).min(),
            last_contact: (meta.t_contact > 0).then_some(meta.t_contact_device),
            complete: !meta.areas.is_empty()
                && meta.areas.values().all(|area| area.live.since > crate::rev::Rev::ZERO),
            needs_login: self.unlocked && !self.session,
            problem,
        }
    }

    fn problem(&self) -> Option<Problem> {
        let is_revoked = self.disk.as_ref().is_some_and(|disk| disk.meta.revoked);
        let revoked = is_revoked.then_some(Problem::Revoked);
        let refused = self.line.purge_refused.then_some(Problem::PurgeRefused);
        let offline = (!self.line.online).then_some(Problem::Offline);
        revoked.or(self.problem_storage).or(refused).or(offline).or(self.line.problem)
    }

    fn phase(&self, problem: Option<Problem>) -> Phase {
        use super::line::Flight;
        let Some(disk) = &self.disk else { return Phase::Closed };
        if disk.meta.wiping {
            return Phase::Wipe;
        }
        if self.is_renewing() {
            return Phase::Fork;
        }
        if self.is_digesting() {
            return Phase::Digest;
        }
        match &self.line.flight {
            _ if self.line.scope_waits => Phase::Purge,
            Some(Flight::Sync { request, .. }) if request.push.is_some() => Phase::Push,
            Some(Flight::Sync { request, .. }) if request.pull.is_some() => self.pulling_phase(disk),
            Some(_) => Phase::Hello,
            None if self.is_storing_answer() => self.pulling_phase(disk),
            None if problem.is_some() => Phase::Blocked,
            None => Phase::Idle,
        }
    }

    fn pulling_phase(&self, disk: &super::disk::Disk) -> Phase {
        let is_reset =
            !disk.meta.areas.is_empty() && disk.meta.areas.values().all(|area| area.stage.is_some());
        if is_reset { Phase::Reset } else { Phase::Pull }
    }
}
