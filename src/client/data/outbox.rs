//! The queue, save by save.

use super::{Data, OutboxItem, OutboxState, SaveError, Topic};
use crate::driver::Driver;
use domain::order::Order;
use sync::{
    replica::{Event, OutboxHead, Phase},
    wire::VerdictState,
};
use uuid::Uuid;

/// Digits of a hash that are shown: 64 bit.
const WITNESS_DIGITS: usize = 16;

impl Data {
    /// The newest entry of the office's audit chain that this device saw, as `huifang verify-audit --witness` takes it.
    pub(crate) fn witness(self) -> Option<String> {
        let seen = self.open_driver()?.with_replica(|replica| replica.meta()?.seen.clone())?;
        Some(format!("{}:{}", seen.n, seen.h.get(..WITNESS_DIGITS)?))
    }

    /// The queue, newest first.
    #[expect(clippy::unused_async, reason = "reads are alike")]
    pub(crate) async fn outbox(self) -> Vec<OutboxItem> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        let heads: Vec<OutboxHead> = driver.with_replica(|replica| replica.outbox().cloned().collect());
        let mut items: Vec<OutboxItem> = heads.iter().map(|head| self.outbox_item(&driver, head)).collect();
        items.order_by_key(|item| std::cmp::Reverse((item.saved_at, item.seq)));
        items
    }

    fn outbox_item(self, driver: &Driver, head: &OutboxHead) -> OutboxItem {
        let (kind, e, name) = self.about(driver, head);
        let hashes: Vec<String> = head.blobs.iter().map(ToString::to_string).collect();
        let sent = driver.store.phases(&hashes).into_iter();
        let sent = sent.filter(|phase| phase.is_at_office()).count();
        OutboxItem {
            id: head.id,
            seq: head.seq,
            saved_at: head.t,
            kind,
            e,
            name,
            state: self.outbox_state(driver, head),
            bytes: head.bytes,
            photos: u32::try_from(head.blobs.len()).unwrap_or(0),
            photos_at_office: u32::try_from(sent).unwrap_or(0),
        }
    }

    fn outbox_state(self, driver: &Driver, head: &OutboxHead) -> OutboxState {
        let durable = driver.with_replica(|replica| replica.meta().map_or(0, |meta| meta.durable));
        match &head.verdict {
            Some(verdict) if head.seq <= durable && !is_refused(verdict.st) => OutboxState::Durable,
            Some(verdict) => {
                OutboxState::Acked { st: verdict.was.unwrap_or(verdict.st), why: verdict.why.clone() }
            }
            None if self.hub().phase() == Phase::Push => OutboxState::InFlight,
            None => OutboxState::Queued,
        }
    }

    /// Kind and id of the first record written, and the name of the recipient it is about.
    pub(super) fn about(self, driver: &Driver, head: &OutboxHead) -> (String, Uuid, String) {
        let index = driver.store.index();
        let first = head.touched.iter().find_map(|id| index.get(*id)).cloned();
        drop(index);
        let Some(entry) = first else {
            return (String::new(), head.touched.first().copied().unwrap_or_default(), String::new());
        };
        let recipient = entry.parent.unwrap_or(entry.id);
        (entry.kind.clone(), entry.id, self.name_of(driver, recipient).0)
    }

    /// Takes a rejected save off the list, after a person read it. It stays on the device.
    #[expect(clippy::unused_async, reason = "writes are alike")]
    pub(crate) async fn dismiss_rejected(self, changeset: Uuid) -> Result<(), SaveError> {
        self.writer()?.feed(Event::Dismissed(changeset));
        self.hub().bump(&[Topic::Attention, Topic::Outbox]);
        Ok(())
    }
}

fn is_refused(st: VerdictState) -> bool {
    matches!(st, VerdictState::Held | VerdictState::Rejected)
}
