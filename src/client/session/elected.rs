//! Which tab syncs a vault: the one that holds its lock.

use super::Session;
use crate::{
    driver::Driver,
    platform::{clock, lifecycle, lock, timer},
};
use leptos::prelude::*;
use std::rc::Rc;
use sync::{id::VaultId, replica::Event};

/// A save that waited so long is sent by the tab in front, whichever tab holds the lock.
const LATE_MS: i64 = 40_000;
/// Before a lock that was lost is asked for again: a page that is going is refused each time at once, and would ask without end.
const LOCK_AGAIN_MS: i64 = 1_000;

impl Session {
    /// Only one tab syncs a vault. The lock is held as long as the page lives, whatever driver it has.
    pub(super) fn elect(self, driver: &Rc<Driver>) {
        let held = self.is_elected(driver.vault);
        driver.feed(Event::SyncLock { held });
        if !held {
            self.ask_for_lock(driver.vault, lock::Ask::Wait);
        }
    }

    fn is_elected(self, vault: VaultId) -> bool {
        self.inner.with_value(|inner| inner.elected == Some(vault))
    }

    fn ask_for_lock(self, vault: VaultId, ask: lock::Ask) {
        let told = move |held: bool| {
            self.inner.update_value(|inner| inner.elected = held.then_some(vault));
            if let Some(driver) = self.driver().filter(|driver| driver.vault == vault) {
                driver.feed(Event::SyncLock { held });
            }
            if !held {
                leptos::task::spawn_local(async move {
                    timer::sleep(LOCK_AGAIN_MS).await;
                    self.ask_for_lock(vault, lock::Ask::Wait);
                });
            }
        };
        lock::hold(&format!("hf-sync-{vault}"), ask, told);
    }

    /// This tab syncs from now on, whichever did before: one that a phone has frozen holds the lock and sends nothing.
    pub(crate) fn take_over(self) {
        let Some(driver) = self.driver().filter(|driver| !driver.is_shared()) else { return };
        if !self.is_elected(driver.vault) {
            self.ask_for_lock(driver.vault, lock::Ask::Steal);
        }
    }

    /// Own work that has waited in front of somebody for a while is not left to a tab that may be frozen.
    pub(super) fn take_over_if_late(self) {
        let Some(driver) = self.driver().filter(|_| lifecycle::is_visible()) else { return };
        let oldest = driver.with_replica(|replica| {
            replica.outbox().filter(|head| head.verdict.is_none()).map(|head| head.t).min()
        });
        if oldest.is_some_and(|at| clock::now_ms() - at > LATE_MS) {
            self.take_over();
        }
    }
}
