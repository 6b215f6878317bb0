//! What every handler can reach.

use std::{ops::Deref, sync::Arc};
use sync::id::DeviceId;
use tokio::sync::Semaphore;

use crate::{
    address::Address,
    blobs::BlobStore,
    clock::{Clock, Millis},
    config::Config,
    db::SharedDatabase,
    gate::DeviceGate,
    health::Noted,
    keys::Keys,
    pace::Pace,
    passwords::Passwords,
    routes::ledgers::shelf::Shelf,
    worker::Workers,
};

/// Requests that may be worked on or wait; a further one is told to come back.
const QUEUE_COUNT: usize = 256;

/// The server's parts; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts themselves.
pub struct Parts {
    pub config: Config,
    pub db: SharedDatabase,
    pub keys: Arc<Keys>,
    pub clock: Clock,
    pub started_at: Millis,
    pub noted: Noted,
    /// Ledgers that were made a moment ago.
    pub(crate) ledgers: Shelf,
    pub blobs: BlobStore,
    pub passwords: Passwords,
    pub gate: DeviceGate,
    pub queue: Semaphore,
    pub workers: Workers,
    /// Syncs of each device.
    pub syncs: Pace<DeviceId>,
    /// What each device tells of opened files: an entry of the chain each time, and none is ever taken out.
    pub views: Pace<DeviceId>,
    /// Wrong passwords and codes from each address.
    pub wrong_logins: Pace<Address>,
}

impl App {
    /// Puts the parts together.
    pub fn new(config: Config, db: SharedDatabase, keys: Arc<Keys>, clock: Clock, blobs: BlobStore) -> App {
        let started_at = clock.now();
        App(Arc::new(Parts {
            config,
            db,
            keys,
            clock,
            started_at,
            noted: Noted::default(),
            ledgers: Shelf::default(),
            blobs,
            passwords: Passwords::default(),
            gate: DeviceGate::default(),
            queue: Semaphore::new(QUEUE_COUNT),
            workers: Workers::default(),
            syncs: Pace::default(),
            views: Pace::default(),
            wrong_logins: Pace::default(),
        }))
    }
}

#[cfg(test)]
impl App {
    /// The same with other workers, before anybody else holds it.
    pub(crate) fn with_workers(self, workers: Workers) -> App {
        let parts = Arc::into_inner(self.0).expect("nobody else holds it");
        App(Arc::new(Parts { workers, ..parts }))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
