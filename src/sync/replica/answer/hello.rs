//! Section `hello`: where the server stands. Ids are compared before anything is pruned.

use super::{Applying, Reply};
use crate::{
    planted::{Bug, planted},
    wire::{DeviceState, HelloAnswer, Incident, IncidentKind},
};

impl Applying<'_> {
    pub(super) fn hello(&mut self, reply: &Reply) {
        let (Some(sent), Some(answer)) = (&reply.request.hello, &reply.answer.hello) else { return };
        if reply.request.inc != self.meta.inc {
            return;
        }
        if self.meta.incident.is_some() && self.meta.incident == sent.storage.incident {
            self.meta.incident = None;
        }
        for one in &mut self.meta.diverged {
            one.told |= sent.diverged.contains(&one.what);
        }
        self.meta.wiping = answer.state == DeviceState::Wipe;
        self.meta.keys.clone_from(&answer.keys);
        self.meta.settings.clone_from(&answer.settings);
        self.meta.seen = Some(answer.audit.clone());
        if let Some(incident) = self.compare(answer) {
            self.renew = Some(Some(incident));
            return;
        }
        if self.meta.wiping && answer.epoch != self.meta.epoch {
            // A phone that empties itself pulls nothing: only here it hears that the office lost what it believed to be there.
            self.new_epoch(answer.epoch, answer.acked);
        }
        let states = || answer.blobs.iter().flatten();
        self.meta.backed_up |= answer.durable > 0 || states().any(|(_, state)| state.durable);
        self.meta.durable = self.meta.durable.max(answer.durable.min(self.meta.acked));
    }

    /// The server has a number that was never given here, or another changeset under one that was: the storage went back.
    fn compare(&self, answer: &HelloAnswer) -> Option<Incident> {
        if planted(Bug::SeqOnlyDedupe) || planted(Bug::NoSentinel) {
            return None;
        }
        let last = self.meta.next_seq - 1;
        let went_back = |lost| Incident { kind: IncidentKind::WentBack, inc: self.meta.inc, lost };
        if last < answer.acked {
            return Some(went_back(Some((last + 1, answer.acked))));
        }
        for (seq, id) in [(answer.acked, answer.id_at_acked), (answer.durable, answer.id_at_durable)] {
            let own = self.head(seq).map(|head| head.id);
            if own.zip(id).is_some_and(|(own, id)| own != id) {
                return Some(went_back(None));
            }
        }
        None
    }
}
