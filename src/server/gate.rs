//! One request of a device runs at a time.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use sync::{id::DeviceId, limits};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::error::ApiError;

/// What a device is told to wait after it asked twice at once.
const AFTER_MS: i64 = 1_000;

type Place = Arc<AsyncMutex<()>>;

/// A place for each device that asks.
#[derive(Default)]
pub struct DeviceGate {
    places: Mutex<BTreeMap<DeviceId, Place>>,
}

impl DeviceGate {
    /// Waits for the device's turn, at most five seconds. The turn ends when the guard is dropped.
    ///
    /// # Errors
    /// When another request of the device does not end in time.
    pub async fn enter(&self, device: DeviceId) -> Result<OwnedMutexGuard<()>, ApiError> {
        let place = self.place(device);
        let wait = Duration::from_millis(limits::DEVICE_WAIT_MS.unsigned_abs());
        tokio::time::timeout(wait, place.lock_owned())
            .await
            .map_err(|_| ApiError::SlowDown { wait_ms: AFTER_MS })
    }

    fn place(&self, device: DeviceId) -> Place {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|_, place| Arc::strong_count(place) > 1);
        Arc::clone(places.entry(device).or_default())
    }
}
