//! How a device ends: revoked, with its work kept as ciphertext for the office to import, or wiped once all is handed over (I13, I19).

use crate::world::World;
use std::collections::BTreeSet;
use sync::{
    authority::Standing,
    replica::{BlobPhase, PushPlan},
    wire::PushAnswer,
};
use uuid::Uuid;

impl World {
    /// At most one device of a run ends, so that the others have a day too.
    fn ending(&self) -> Option<usize> {
        let ends = |standing| matches!(standing, Standing::Revoked | Standing::Wipe);
        self.office.accounts.iter().position(|account| ends(account.standing))
    }

    /// The office revokes a device, now or in the midst of its next request.
    pub(crate) fn revoke(&mut self, n: usize) {
        if self.ending().is_some() || self.ledger.to_revoke.is_some() {
            return;
        }
        if self.chance(500) {
            self.ledger.to_revoke = Some(n);
            return;
        }
        self.tally.add("revocations");
        self.office.stand(n, Standing::Revoked, self.now);
    }

    /// A request of a device that is to be revoked is under way: the decision falls between its first and its second section.
    pub(crate) fn revoke_in_midst(&mut self, n: usize) {
        if self.ledger.to_revoke == Some(n) {
            self.ledger.to_revoke = None;
            self.tally.add("revocations_in_a_sync");
            self.office.revoke_in_midst(n);
        }
    }

    /// I19: nothing of a revoked device is stored from its own hand.
    pub(crate) fn check_revoked(&mut self, n: usize, was_logged: usize, is_answered: bool) {
        if self.office.accounts[n].standing != Standing::Revoked {
            return;
        }
        self.tally.add("requests_of_revoked");
        if is_answered || self.office.books().log().len() != was_logged {
            self.fail(format!("I19 d{n} is revoked, and its request was taken"));
        }
    }

    /// The office has the phone wipe itself.
    pub(crate) fn order_wipe(&mut self, n: usize) {
        if self.ending().is_some() || self.ledger.to_revoke.is_some() {
            return;
        }
        self.tally.add("wipes_ordered");
        self.office.stand(n, Standing::Wipe, self.now);
    }

    /// The keys are gone for good.
    pub(crate) fn lose_keys(&mut self, n: usize) {
        self.tally.add("keys_destroyed");
        self.trace.say(self.now, || format!("d{n} destroys its keys"));
        self.devices[n].has_keys = false;
        self.devices[n].is_unlocked = false;
    }

    /// I13: a phone empties itself only when everything is with the office. A restore after the office gave its last answer it can no more hear of than one that
    /// comes when it is empty.
    pub(crate) fn wipe(&mut self, n: usize) {
        if self.office.accounts[n].standing != Standing::Wipe {
            return self.fail(format!("I13 d{n} wipes itself unbidden"));
        }
        let stores = &self.devices[n].disk.now;
        let log = self.office.books().log();
        let unsent = stores
            .out
            .iter()
            .find(|(key, row)| !stores.damaged.contains(*key) && !log.contains_key(&row.0.id));
        let what = match (unsent, stores.draft.keys().next(), self.photo_not_there(n)) {
            (Some((_, row)), ..) => Some(format!("changeset {}", row.0.id)),
            (_, Some(draft), _) => Some(format!("draft {draft}")),
            (.., Some(photo)) => Some(format!("photo {photo}")),
            _ => None,
        };
        let heard = self.devices[n].newest_epoch;
        if let Some(what) = what.filter(|_| heard == self.office.epoch()) {
            return self.fail(format!("I13 d{n} wipes itself with its {what}"));
        }
        self.tally.add("wipes_done");
        self.trace.say(self.now, || format!("d{n} is wiped"));
        self.ledger.wiped.insert(n, heard);
        self.devices[n].disk.empty();
        self.devices[n].sentinel = None;
        self.devices[n].replica = None;
        self.devices[n].life += 1;
    }

    fn photo_not_there(&self, n: usize) -> Option<sync::id::BlobHash> {
        let is_there = |hash| self.office.photo_state(hash).is_some_and(|state| state.state == "verified");
        let refused = |phase: &BlobPhase| matches!(phase, BlobPhase::Rejected(_));
        let heads = self.devices[n].disk.now.blobs.values();
        heads.filter(|head| !refused(&head.phase)).map(|head| head.hash).find(|hash| !is_there(*hash))
    }

    /// Whether a device takes no part in the rest that follows.
    pub(crate) fn is_over(&self, n: usize) -> bool {
        self.ledger.wiped.contains_key(&n) || self.office.accounts[n].standing == Standing::Revoked
    }

    /// What a revoked phone still holds comes to the office in a file: all of it is held, nothing applied.
    pub(crate) fn rescue(&mut self) {
        let revoked = |n: &usize| self.office.accounts[*n].standing == Standing::Revoked;
        let Some(n) = (0..self.devices.len()).find(revoked) else { return };
        let device = &self.devices[n];
        let Some(meta) = device.disk.now.meta.clone() else { return };
        let rows = device.disk.now.out.iter().filter(|(key, _)| key.0 == meta.inc);
        let whole: Vec<(u64, Uuid)> = rows
            .take_while(|(key, _)| !device.disk.now.damaged.contains(*key))
            .map(|(key, row)| (key.1, row.0.id))
            .collect();
        let is_dense = whole.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0);
        let Some((first_seq, _)) = whole.first().copied().filter(|_| is_dense) else { return };
        let before: BTreeSet<Uuid> = self.office.books().log().keys().copied().collect();
        let keyed = device.is_sealing;
        let plan = PushPlan {
            first_seq,
            prev_id: None,
            key: keyed.then_some(crate::office::KEY),
            changesets: whole.iter().map(|(_, id)| *id).collect(),
            drafts: Vec::new(),
        };
        let request = device.fill_push(&plan, self.office.store.as_ref());
        let answer = self.office.import(n, meta.inc, &request, self.now);
        if let Some(PushAnswer::Receipt(receipt)) = answer {
            self.tally.add("rescues_imported");
            let applied = receipt
                .results
                .iter()
                .find(|verdict| !before.contains(&verdict.id) && verdict.st.is_written());
            if let Some(verdict) = applied {
                let what = format!("I19 {} of the revoked d{n} was applied from a file", verdict.id);
                self.fail(what);
            }
        }
    }
}
