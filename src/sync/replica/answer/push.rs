//! Section `push`: verdicts. Only what this request carried is acknowledged.

use super::{Applying, Reply};
use crate::{
    planted::{Bug, planted},
    replica::{Attention, Effect, OutboxHead, PushPlan},
    wire::{Incident, IncidentKind, PushAnswer, PushError, PushReceipt, Verdict, VerdictState},
};
use std::collections::BTreeSet;
use uuid::Uuid;

impl Applying<'_> {
    pub(super) fn push(&mut self, reply: &Reply, dirty_drafts: &BTreeSet<Uuid>) {
        let (Some(sent), Some(answer)) = (&reply.request.push, &reply.answer.push) else { return };
        if reply.request.inc != self.meta.inc {
            return;
        }
        match answer {
            PushAnswer::Receipt(receipt) => self.receipt(sent, receipt, dirty_drafts),
            PushAnswer::Error(PushError::Key) => {
                self.news.key_refused = true;
                self.after.push(Effect::Attention(Attention::KeyRefused));
            }
            PushAnswer::Error(PushError::Gap { last }) => self.gap(*last),
            PushAnswer::Error(PushError::Fork { .. }) => {
                let incident = Incident { kind: IncidentKind::WentBack, inc: self.meta.inc, lost: None };
                let is_blind = planted(Bug::NoSentinel) || planted(Bug::SeqOnlyDedupe);
                self.renew = Some((!is_blind).then_some(incident));
            }
        }
    }

    /// The server is behind (restore): go on from what it has, or, if that is no longer here, in a new incarnation.
    fn gap(&mut self, last: u64) {
        if last >= self.meta.acked || self.head(last + 1).is_none() {
            self.renew = Some(None);
            return;
        }
        self.news.progress = true;
        self.forget_verdicts_after(last);
    }

    /// The server has judged nothing after `last`: what lies there goes up again.
    pub(super) fn forget_verdicts_after(&mut self, last: u64) {
        self.meta.acked = self.meta.acked.min(last);
        self.meta.durable = self.meta.durable.min(last);
        let again: Vec<OutboxHead> =
            self.all_heads().filter(|head| head.seq > last && head.verdict.is_some()).cloned().collect();
        for head in again {
            for e in &head.touched {
                self.shelves.edit(*e, |record| record.unsettle(head.id));
            }
            self.heads.insert(head.seq, OutboxHead { verdict: None, settled: false, ..head });
        }
    }

    fn receipt(&mut self, sent: &PushPlan, receipt: &PushReceipt, dirty_drafts: &BTreeSet<Uuid>) {
        let handed =
            sent.drafts.iter().filter(|id| receipt.drafts.contains(id) && !dirty_drafts.contains(id));
        self.batch.draft_del.extend(handed);
        self.news.progress |= !self.batch.draft_del.is_empty();
        for verdict in &receipt.results {
            self.verdict(verdict);
        }
        if sent.first_seq <= self.meta.acked + 1 {
            let last_sent = sent.first_seq + sent.changesets.len() as u64 - 1;
            let mut acked = receipt.acked.min(last_sent);
            if planted(Bug::AckBeyondRequest) {
                acked = receipt.acked.min(self.meta.next_seq - 1);
            }
            while self.meta.acked < acked {
                let next = self.meta.acked + 1;
                let is_judged = self.head(next).is_some_and(OutboxHead::is_acked);
                if !is_judged && !planted(Bug::AckBeyondRequest) {
                    break;
                }
                self.meta.acked = next;
                self.news.progress = true;
            }
        }
        self.meta.backed_up |= receipt.durable > 0;
        self.meta.durable = self.meta.durable.max(receipt.durable.min(self.meta.acked));
    }

    /// A duplicate counts as the verdict it had first, so that a lost answer hides nothing.
    fn verdict(&mut self, verdict: &Verdict) {
        let Some(head) = self.head(verdict.seq).filter(|head| head.id == verdict.id) else { return };
        let mut verdict = verdict.clone();
        if verdict.st == VerdictState::Duplicate {
            verdict.st = verdict.was.take().unwrap_or(VerdictState::Applied);
        }
        if head.verdict.as_ref().is_some_and(|known| known.st == verdict.st && known.rev == verdict.rev) {
            return;
        }
        let t_acked = self.meta.t_contact;
        let head = OutboxHead { verdict: Some(verdict.clone()), settled: false, t_acked, ..head.clone() };
        self.settle(&head);
        self.heads.insert(head.seq, head);
        if matches!(verdict.st, VerdictState::Held | VerdictState::Rejected) {
            self.after.push(Effect::Attention(Attention::Refused(Box::new(verdict))));
        }
    }
}
