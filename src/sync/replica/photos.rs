//! The photo lane: after the text, one file at a time, resumable, kept until the office has it for good.

use super::{
    Attention, BlobHead, BlobPhase, BlobStep, Effect, Replica, RequestFailure, Timer, Turn,
    disk::Disk,
    job::{Decision, Job, Plan},
};
use crate::{
    id::BlobHash,
    limits::{RETRY_HIDDEN_MS_MAX, RETRY_MS_START},
    wire::{BlobState, SyncAnswer},
};
use domain::order::Order;

/// A photo stays on the phone this long after it was verified, and longer until a verified backup of the office contains it too.
const VERIFIED_KEPT_MS: i64 = 14 * 24 * 60 * 60 * 1000;
/// Photos that the office has take at most this much, those that no backup contains apart; the oldest leave first.
const VERIFIED_KEPT_BYTES: u64 = 500 * 1024 * 1024;
/// Hashes asked for in one `hello`.
const ASK_MAX: usize = 100;
/// Of these, photos of which only a backup is still to be heard.
const ASK_BACKUP_MAX: usize = 25;
/// How often that is asked: an office backs itself up every 15 minutes, and the question weighs on a slow line.
const ASK_BACKUP_EVERY_MS: i64 = 15 * 60 * 1000;

/// What the driver says of a photo whose bytes are no longer here: they were freed when a backup of the office had them, and a restore went behind it.
pub const LOST: &str = "lost";

/// The upload under way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Photos {
    flight: Option<(u64, BlobHash)>,
    failures: u32,
    /// A failure is being waited out.
    waits: bool,
    /// The last round of the text lane went through: the line carries, and nothing of the text waits for it.
    pub(super) open: bool,
    /// The one that failed last: another goes before it, so that it holds up none.
    failed: Option<BlobHash>,
    /// When backups were asked about last, by the device's clock, and the last photo of that question.
    asked: (i64, Option<BlobHash>),
}

impl Replica {
    pub(super) fn photos_waiting(&self, disk: &Disk) -> u64 {
        disk.blobs.values().filter(|blob| blob.phase == BlobPhase::Waiting).count() as u64
    }

    /// Blobs whose last word is still out: whether they were verified, and now and then whether a backup contains them.
    pub(super) fn blobs_to_ask(&self, disk: &Disk, now: i64) -> Vec<BlobHash> {
        let of = |phase: BlobPhase| disk.blobs.values().filter(move |blob| blob.phase == phase);
        let mut ask: Vec<BlobHash> = of(BlobPhase::Sent).map(|blob| blob.hash).take(ASK_MAX).collect();
        let (asked_at, last) = self.photos.asked;
        if ask.is_empty() && (now - asked_at).abs() >= ASK_BACKUP_EVERY_MS {
            // In turn, so that one that no backup contains does not hide the others.
            let (after, before): (Vec<_>, Vec<_>) =
                of(BlobPhase::Verified).map(|blob| blob.hash).partition(|hash| Some(*hash) > last);
            ask = after.into_iter().chain(before).take(ASK_BACKUP_MAX).collect();
        }
        ask
    }

    /// Starts the next upload when the text lane is empty.
    fn start_photos(&mut self, turn: &mut Turn<'_, '_>) {
        let Some(disk) = &self.disk else { return };
        let is_busy = self.photos.flight.is_some()
            || self.line.flight.is_some()
            || self.line.round
            || self.is_working();
        if is_busy || !self.line.online || !self.line.elected || disk.unsent().next().is_some() {
            return;
        }
        let waiting = disk.blobs.values().filter(|blob| blob.phase == BlobPhase::Waiting);
        let Some(blob) = waiting.min_by_key(|blob| (self.photos.failed == Some(blob.hash), blob.t)) else {
            return;
        };
        let (hash, offset) = (blob.hash, blob.offset);
        let id = self.next_id();
        self.photos.flight = Some((id, hash));
        turn.effects.push(Effect::Upload { id, hash, offset });
    }

    /// Once the disk knows the end of one file, the next goes at once; after a failure a timer has the word.
    pub(super) fn go_on_with_photos(&mut self, turn: &mut Turn<'_, '_>) {
        if self.photos.open && !self.photos.waits {
            self.start_photos(turn);
        }
    }

    /// Whatever failed before may go through now.
    pub(super) fn try_photos_again(&mut self) {
        self.photos.open = true;
        self.photos.waits = false;
    }

    pub(super) fn on_blob_saved(&mut self, blob: BlobHead) {
        if let Some(disk) = &mut self.disk {
            disk.blobs.insert(blob.hash, blob);
        }
    }

    pub(super) fn on_blob_step(&mut self, turn: &mut Turn<'_, '_>, id: u64, step: BlobStep) {
        let Some((flight, hash)) = self.photos.flight.filter(|(flight, _)| *flight == id) else { return };
        debug_assert_eq!(flight, id);
        match step {
            BlobStep::Offset { offset, .. } => {
                self.photos.failures = 0;
                self.change_blob(hash, |blob| blob.offset = offset);
            }
            BlobStep::State { state, .. } => {
                self.photos =
                    Photos { open: self.photos.open, asked: self.photos.asked, ..Photos::default() };
                self.blob_state(hash, &state);
            }
            BlobStep::Failed { failure, .. } => {
                self.photos.flight = None;
                self.photos.failed = Some(hash);
                self.photos.waits = true;
                self.photos.failures = (self.photos.failures + 1).min(16);
                let named = match failure {
                    RequestFailure::Refused { wait_ms, .. } => wait_ms.unwrap_or(0),
                    RequestFailure::Network { .. } => 0,
                };
                let delay = (RETRY_MS_START << self.photos.failures).min(RETRY_HIDDEN_MS_MAX);
                let after_ms = named + turn.env.rng.below(delay.unsigned_abs() + 1).cast_signed();
                turn.effects.push(Effect::SetTimer { timer: Timer::Blob, after_ms });
            }
        }
    }

    /// The states that `hello` asked for.
    pub(super) fn blob_states(&mut self, answer: &SyncAnswer, now: i64) {
        let states = answer.hello.iter().flat_map(|hello| hello.blobs.iter().flatten());
        for (hash, state) in states {
            if self.phase_of(*hash) == Some(&BlobPhase::Verified) {
                self.photos.asked = (now, Some(*hash));
            }
            self.blob_state(*hash, state);
        }
    }

    fn phase_of(&self, hash: BlobHash) -> Option<&BlobPhase> {
        Some(&self.disk.as_ref()?.blobs.get(&hash)?.phase)
    }

    fn blob_state(&mut self, hash: BlobHash, state: &BlobState) {
        if state.state == LOST {
            return self.remove_blobs(vec![hash]);
        }
        let now = self.disk.as_ref().map_or(0, |disk| disk.meta.t_contact);
        self.change_blob(hash, |blob| match state.state.as_str() {
            "verified" => {
                if !matches!(blob.phase, BlobPhase::Verified | BlobPhase::Durable) {
                    (blob.offset, blob.t) = (blob.bytes, now);
                }
                blob.phase = if state.durable { BlobPhase::Durable } else { BlobPhase::Verified };
            }
            "complete" => (blob.phase, blob.offset) = (BlobPhase::Sent, blob.bytes),
            "rejected" => blob.phase = BlobPhase::Rejected(state.why.clone().unwrap_or_default()),
            "partial" => (blob.phase, blob.offset) = (BlobPhase::Waiting, state.offset.unwrap_or(0)),
            "absent" => (blob.phase, blob.offset) = (BlobPhase::Waiting, 0),
            _ => {}
        });
    }

    fn change_blob(&mut self, hash: BlobHash, change: impl FnOnce(&mut BlobHead)) {
        let Some(blob) = self.disk.as_ref().and_then(|disk| disk.blobs.get(&hash)) else { return };
        let mut changed = blob.clone();
        change(&mut changed);
        if changed != *blob {
            self.jobs.push_back(Job::Blobs { put: vec![changed], del: Vec::new() });
        }
    }

    /// Photos past their time or beyond their space that the office has for good. Where it has no backups, what it verified counts as such, and
    /// the operator is warned by the server and a person here.
    pub(super) fn expire_photos(&mut self, turn: &mut Turn<'_, '_>) {
        let Some(disk) = &self.disk else { return };
        let mut del = self.past_their_time(disk, &BlobPhase::Durable);
        if !disk.meta.backed_up {
            let unsafe_ones = self.past_their_time(disk, &BlobPhase::Verified);
            if !unsafe_ones.is_empty() {
                turn.effects.push(Effect::Attention(Attention::PrunedWithoutBackup));
            }
            del.extend(unsafe_ones);
        }
        self.remove_blobs(del);
    }

    fn past_their_time(&self, disk: &Disk, phase: &BlobPhase) -> Vec<BlobHash> {
        let now = disk.meta.t_contact;
        let mut kept: Vec<&BlobHead> = free(disk).filter(|blob| blob.phase == *phase).collect();
        kept.order_by_key(|blob| blob.t);
        let mut bytes: u64 = kept.iter().map(|blob| blob.bytes).sum();
        let mut gone = Vec::new();
        for blob in kept {
            if now - blob.t > VERIFIED_KEPT_MS || bytes > VERIFIED_KEPT_BYTES {
                bytes -= blob.bytes;
                gone.push(blob.hash);
            }
        }
        gone
    }

    /// Photos that the office has for good and nothing here needs: their bytes may go when space is short.
    pub fn spare_photos(&self) -> Vec<BlobHash> {
        let spare = self.disk.iter().flat_map(free).filter(|blob| blob.phase == BlobPhase::Durable);
        spare.map(|blob| blob.hash).collect()
    }

    /// What a save attaches is noted no longer, and asked after again: the office lets go what lay in a draft or a note for very long.
    pub(super) fn asked_after(&self, attached: &[BlobHash]) -> Vec<BlobHead> {
        let known = attached.iter().filter_map(|hash| self.disk.as_ref()?.blobs.get(hash));
        let changed = known.filter(|blob| blob.noted || blob.phase == BlobPhase::Durable);
        let asked = changed.map(|blob| {
            let is_durable = blob.phase == BlobPhase::Durable;
            let phase = if is_durable { BlobPhase::Verified } else { blob.phase.clone() };
            BlobHead { phase, noted: false, ..blob.clone() }
        });
        asked.collect()
    }

    fn remove_blobs(&mut self, del: Vec<BlobHash>) {
        if !del.is_empty() {
            self.jobs.push_back(Job::Blobs { put: Vec::new(), del });
        }
    }

    pub(super) fn write_blobs(&self, put: &[BlobHead], del: &[BlobHash]) -> Decision {
        let Some(disk) = &self.disk else { return Decision::Nothing(Vec::new()) };
        let mut batch = super::Batch::of(disk.meta.clone());
        batch.blob_put = put.to_vec();
        batch.blob_del = del.to_vec();
        Decision::Write(Box::new(Plan::of(batch)))
    }
}

/// Those that no changeset of the outbox needs any more, no draft and no note: what nothing attaches lapses at the office.
fn free(disk: &Disk) -> impl Iterator<Item = &BlobHead> {
    let is_needed = |blob: &BlobHead| {
        blob.noted
            || disk.drafts.contains_key(&blob.e)
            || disk.outbox.values().any(|head| head.blobs.contains(&blob.hash))
    };
    disk.blobs.values().filter(move |blob| !is_needed(blob))
}
