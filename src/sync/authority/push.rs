//! `push`: one transaction for the whole batch.

use crate::{
    authority::{
        Batch, Loaded, LoggedChangeset, Missing, Opener, SeqRow, WriteSet,
        apply::apply,
        audit,
        batch::{Content, Parcel},
        check::check,
        guard::guard,
        work::{Act, Stop, Work},
    },
    id::{DeviceId, Inc},
    planted::{Bug, planted},
    rev::Rev,
    scope::{AreaTree, Principal},
    wire::{PushAnswer, PushError, PushReceipt, Verdict, VerdictState, Why},
};
use domain::access::Role;
use uuid::Uuid;

/// What the office decided about the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// In use.
    Active,
    /// Pulls are served, pushes held.
    Readonly,
    /// Its work is taken, pulls are refused.
    Wipe,
    /// Whoever it belonged to left: its work is held, pulls are refused, and then it forgets everything.
    Left,
    /// Refused at the door; what a supervisor imports from it is held.
    Revoked,
}

/// What is true of the caller inside the transaction.
#[derive(Clone, Copy, Debug)]
pub struct PushContext<'a> {
    /// The vault's user.
    pub who: &'a Principal,
    /// The device that pushes.
    pub device: DeviceId,
    /// Its incarnation.
    pub inc: Inc,
    /// The role that its grant was given to. Where the user has another one by now, what is pushed may do what both may, and nothing more (P11).
    pub granted: Role,
    /// What the office decided about it.
    pub standing: Standing,
    /// The highest accepted number of this incarnation, 0 if none.
    pub last: u64,
    /// The highest number of this incarnation that a verified backup contains.
    pub durable: u64,
    /// `sync_head`, locked by this transaction.
    pub head: Rev,
    /// The receipt.
    pub now: i64,
    /// The area tree.
    pub tree: &'a AreaTree,
}

impl PushContext<'_> {
    /// The roles by which a push is judged: each must be allowed what it does.
    pub(super) fn roles(&self) -> [Role; 2] {
        [self.who.role, if planted(Bug::LaterRole) { self.who.role } else { self.granted }]
    }
}

/// A decision on a whole push.
#[derive(Clone, Debug, PartialEq)]
pub struct PushOutcome {
    /// What the phone is told, after the commit.
    pub answer: PushAnswer,
    /// What is stored before.
    pub writes: WriteSet,
}

/// Judges a push: gap and fork of the whole batch first, then each changeset in turn, then drafts.
///
/// # Errors
/// When something must be loaded first.
pub fn push<O: Opener>(
    batch: &Batch,
    ctx: &PushContext<'_>,
    opener: &O,
    loaded: &Loaded,
) -> Result<PushOutcome, Missing> {
    let mut work = Work::new(ctx, opener, loaded);
    // What waits is asked for together: a decision on an unfinished reading is thrown away with all that followed from it.
    if let Ok(Some(error)) = refusal(batch, &work) {
        work.missing()?;
        let writes = WriteSet { head: ctx.head, last: ctx.last, ..WriteSet::default() };
        return Ok(PushOutcome { answer: PushAnswer::Error(error), writes });
    }
    let mut writes = WriteSet { head: ctx.head, last: ctx.last, ..WriteSet::default() };
    let mut results = Vec::with_capacity(batch.parcels.len());
    for (seq, parcel) in (batch.first_seq..).zip(&batch.parcels) {
        if let Ok(verdict) = settle(&mut work, &mut writes, seq, parcel) {
            results.push(verdict);
        }
    }
    let mut drafts = Vec::new();
    for draft in &batch.drafts {
        let act = Act { id: draft.visit, author: ctx.who.user, t_eff: ctx.now, rev: next_rev(&writes) };
        if let Ok(is_new) = work.hold_draft(&act, draft) {
            work.keep();
            drafts.push(draft.visit);
            if is_new {
                writes.head = act.rev;
                writes.audit.push(audit::draft(ctx, &act));
            }
        }
    }
    work.missing()?;
    let acked = acked(batch, &work, writes.last);
    work.missing()?;
    let (records, exits, changesets) = work.into_changes();
    let writes = WriteSet { records, exits, changesets, ..writes };
    let receipt = PushReceipt { acked, durable: acked.min(ctx.durable), results, drafts };
    Ok(PushOutcome { answer: PushAnswer::Receipt(receipt), writes })
}

/// Gap, then another `prev_id`, then another id at a number the server has, then a key that does not open (P1–P3, P9).
fn refusal<O: Opener>(batch: &Batch, work: &Work<'_, O>) -> Result<Option<PushError>, Stop> {
    let last = work.ctx.last;
    if batch.first_seq > last.saturating_add(1) {
        return Ok(Some(PushError::Gap { last }));
    }
    // All numbers are asked for before the first is waited for.
    let end = last.min(batch.next_seq() - 1);
    let before = match batch.prev_id {
        Some(_) if batch.first_seq > 1 => work.seq(batch.first_seq - 1),
        _ => Ok(None),
    };
    let known: Vec<_> = (batch.first_seq..=end).map(|seq| work.seq(seq)).collect();
    let mut forked = batch.prev_id.is_some() && before? != batch.prev_id;
    for (known, parcel) in known.into_iter().zip(&batch.parcels) {
        forked |= known? != Some(parcel.id) && !planted(Bug::SeqOnlyDedupe);
    }
    if forked {
        let id_at_last = if last > 0 { work.seq(last)? } else { None };
        return Ok(Some(PushError::Fork { last, id_at_last }));
    }
    Ok((!batch.key_opens).then_some(PushError::Key))
}

/// The highest number whose id was compared in this request (P5). An empty batch acknowledges what `prev_id` stood for.
fn acked<O: Opener>(batch: &Batch, work: &Work<'_, O>, last: u64) -> u64 {
    if planted(Bug::AckBeyondRequest) {
        return last;
    }
    if !batch.parcels.is_empty() {
        return batch.next_seq() - 1;
    }
    let before = batch.first_seq - 1;
    let is_equal = batch.prev_id.is_some() && work.seq(before).is_ok_and(|id| id == batch.prev_id);
    if is_equal { before } else { 0 }
}

fn next_rev(writes: &WriteSet) -> Rev {
    Rev { n: writes.head.n + 1, ..writes.head }
}

/// One changeset: a duplicate with its first verdict, or judged now.
fn settle<O: Opener>(
    work: &mut Work<'_, O>,
    writes: &mut WriteSet,
    seq: u64,
    parcel: &Parcel,
) -> Result<Verdict, Stop> {
    let is_new_number = seq > work.ctx.last;
    let known_id = match (is_new_number, planted(Bug::SeqOnlyDedupe)) {
        (false, true) => work.seq(seq)?.unwrap_or(parcel.id),
        _ => parcel.id,
    };
    let first = work.changeset(known_id).map(|row| row.map(|row| duplicate(row, seq, parcel.id)));
    let verdict = match first {
        Ok(Some(duplicate)) if !planted(Bug::NoDedupe) => duplicate,
        Err(Stop::Load) => {
            // Judged all the same, so that what it needs is asked for in the same round.
            let _ = judge(work, &mut writes.clone(), seq, parcel);
            work.discard();
            return Err(Stop::Load);
        }
        _ => judge(work, writes, seq, parcel)?,
    };
    if is_new_number {
        writes.seqs.push(SeqRow { seq, op_id: parcel.id });
        writes.last = seq;
    }
    Ok(verdict)
}

fn duplicate(first: &LoggedChangeset, seq: u64, id: Uuid) -> Verdict {
    Verdict {
        id,
        seq,
        st: VerdictState::Duplicate,
        was: Some(first.st),
        rev: first.rev,
        why: first.why.clone(),
        made: first.made.clone(),
    }
}

/// Judges a changeset for the first time and writes down what becomes of it.
fn judge<O: Opener>(
    work: &mut Work<'_, O>,
    writes: &mut WriteSet,
    seq: u64,
    parcel: &Parcel,
) -> Result<Verdict, Stop> {
    let ctx = work.ctx;
    let content = parcel.content.as_ref();
    let (t_dev, t_contact) =
        content.map_or((0, ctx.now), |content| (content.t, content.t_contact.min(ctx.now)));
    let act = Act {
        id: parcel.id,
        author: ctx.who.user,
        t_eff: effective_time(t_dev, t_contact, ctx.now),
        rev: next_rev(writes),
    };
    let run = content.map_err(|why| Stop::Reject(why.clone())).and_then(|content| run(work, &act, content));
    let mut verdict = Verdict {
        id: parcel.id,
        seq,
        st: VerdictState::Applied,
        was: None,
        rev: None,
        why: None,
        made: vec![],
    };
    match run {
        Err(Stop::Load) => {
            work.discard();
            return Err(Stop::Load);
        }
        Ok(()) if !work.made.is_empty() => verdict.st = VerdictState::Merged,
        Ok(()) => {}
        Err(Stop::Hold(why)) => {
            work.discard();
            verdict.st = VerdictState::Held;
            if let Ok(content) = content
                && let Err(stop) = work.hold(&act, content, &why)
            {
                work.discard();
                return Err(stop);
            }
            verdict.why = Some(why);
        }
        Err(Stop::Reject(why)) => {
            work.discard();
            verdict.st = VerdictState::Rejected;
            verdict.why = Some(why);
        }
    }
    if verdict.st != VerdictState::Rejected {
        verdict.rev = Some(act.rev);
        writes.head = act.rev;
    }
    let made: Vec<(usize, Uuid)> = work.made.iter().map(|(at, made)| (*at, made.e)).collect();
    verdict.made = work.made.iter().map(|(_, made)| made.clone()).collect();
    let ops = content.ok().map(|content| content.ops.as_slice());
    writes.audit.extend(audit::entries(ctx, &verdict, ops, &made));
    work.keep();
    work.logged.push(log_row(ctx, parcel, &verdict, [t_dev, t_contact, act.t_eff]));
    Ok(verdict)
}

/// When a changeset counts as saved: by the phone's clock, bounded by its last contact and the receipt (P8).
fn effective_time(t_dev: i64, t_contact: i64, now: i64) -> i64 {
    if planted(Bug::RawClock) { t_dev } else { t_dev.clamp(t_contact, now) }
}

/// Every op in turn; the first that fails holds the whole.
fn run<O: Opener>(work: &mut Work<'_, O>, act: &Act, content: &Content) -> Result<(), Stop> {
    let checked = check(work, content);
    if !matches!(checked, Err(Stop::Load)) {
        checked.clone()?;
    }
    match work.ctx.standing {
        Standing::Left | Standing::Revoked => return checked.and(Err(Stop::Hold(Why::Revoked))),
        Standing::Readonly => return checked.and(Err(Stop::Hold(Why::Readonly))),
        Standing::Active | Standing::Wipe => {}
    }
    let mut waits = checked.is_err();
    for i in 0..content.ops.len() {
        work.at = i;
        match apply(work, act, &content.ops, i) {
            Err(Stop::Load) => waits = true,
            // Behind an op that waits nothing is decided: what it would have written may be what this one lacks.
            Err(_) if waits => {}
            other => other?,
        }
    }
    if waits { Err(Stop::Load) } else { guard(work, act) }
}

fn log_row(
    ctx: &PushContext<'_>,
    parcel: &Parcel,
    verdict: &Verdict,
    [t_dev, t_contact, t_eff]: [i64; 3],
) -> LoggedChangeset {
    LoggedChangeset {
        id: parcel.id,
        device: ctx.device,
        inc: ctx.inc,
        seq: verdict.seq,
        author: ctx.who.user,
        t_dev,
        t_contact,
        t_eff,
        t_recv: ctx.now,
        st: verdict.st,
        rev: verdict.rev,
        why: verdict.why.clone(),
        made: verdict.made.clone(),
        body: parcel.body.clone(),
    }
}
