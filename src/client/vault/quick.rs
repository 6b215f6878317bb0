//! The quick copy of the DEK: between two times that the code is asked, a PIN of 4–6 digits opens it.
//!
//! It is wrapped by what the PIN is stretched to together with an answer of the browser's own key, which no script can read. On the disk it lies only as
//! long as the office's policy says; what it lies under there is the PIN alone for whoever copies the profile with the browser's key in it.

use crate::{
    platform::{clock, device_key::DeviceKey, entropy, worker},
    store::StoreError,
    vault_store::{QUICK, VaultStore},
};
use crypto::{
    Key, b64,
    code::quick_key,
    pin::Pin,
    vault::{Unlocked, wraps::Wrap},
};
use domain::policy::{Policy, RestartUnlock};
use serde::{Deserialize, Serialize};

/// Wrong PINs after which the code is asked.
const WRONG_MAX: u32 = 5;
/// The sealed setting that holds what the PIN is stretched to, so that each code makes a copy anew.
const PIN: &str = "pin";
/// In place of it, once somebody wanted none.
const DECLINED: &str = "no";

/// As it lies on the disk.
#[derive(Clone, Serialize, Deserialize)]
struct Copy {
    salt: String,
    wrap: Wrap,
    life: Life,
    wrong: u32,
}

/// From when to when a copy opens, by the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Life {
    /// When the code was given.
    code_at: i64,
    /// The latest that the clock was seen at since.
    latest: i64,
}

impl Life {
    /// Whether it is over: by its time, or because the clock was set back.
    fn is_over(self, now: i64, lasts_ms: i64) -> bool {
        now < self.latest || now - self.code_at > lasts_ms
    }
}

/// The copy, and the browser's key that belongs to it.
pub(crate) struct Quick {
    copy: Copy,
    key: DeviceKey,
    /// Whether it outlives the app.
    on_disk: bool,
}

/// Why a PIN did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PinError {
    #[error("the PIN is wrong, {left} more may be tried")]
    Wrong { left: u32 },
    #[error("the code is asked")]
    Over,
    #[error("the PIN could not be stretched")]
    Worker,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Quick {
    /// What an earlier start of the app has left, unless its time is over.
    pub(crate) async fn found(store: &VaultStore, policy: Policy) -> Result<Option<Quick>, StoreError> {
        let copy: Option<Copy> = super::row(store, QUICK).await?;
        let found = match (copy, store.device_key().await?) {
            (Some(copy), Some(key)) => Some(Quick { copy, key, on_disk: true }),
            _ => None,
        };
        match found {
            Some(mut quick) if policy.restart_unlock != RestartUnlock::Strict && !quick.is_over(policy) => {
                quick.copy.life.latest = clock::now_ms();
                quick.write(store).await?;
                Ok(Some(quick))
            }
            _ => {
                store.remove_quick().await?;
                Ok(None)
            }
        }
    }

    /// A copy made after the code was given, if the user has a PIN. The store must be unlocked.
    pub(crate) async fn make(
        store: &VaultStore,
        policy: Policy,
        code_at: i64,
    ) -> Result<Option<Quick>, StoreError> {
        store.remove_quick().await?;
        let kept = store.setting(PIN).await?;
        let kept = kept.as_deref().and_then(|kept| kept.split_once(' '));
        let (Some((salt, stretched)), Some(key)) = (kept, DeviceKey::make().await) else { return Ok(None) };
        let bytes = |text: &str| b64::decode(text).map_err(|_| StoreError::Broken);
        let stretched = Key::from_slice(&bytes(stretched)?).ok_or(StoreError::Broken)?;
        let Some(answer) = key.answer(&bytes(salt)?).await else { return Ok(None) };
        let wrap = store.quick_wrap(&quick_key(&stretched, &answer), entropy::bytes())?;
        let life = Life { code_at, latest: clock::now_ms() };
        let copy = Copy { salt: salt.to_owned(), wrap, life, wrong: 0 };
        let quick = Quick { copy, key, on_disk: policy.restart_unlock != RestartUnlock::Strict };
        if quick.on_disk {
            store.keep_device_key(&quick.key).await?;
        }
        quick.write(store).await?;
        Ok(Some(quick))
    }

    /// Whether its time is over.
    pub(crate) fn is_over(&self, policy: Policy) -> bool {
        self.copy.life.is_over(clock::now_ms(), policy.code_lasts_ms())
    }

    /// When the code was given.
    pub(crate) fn code_at(&self) -> i64 {
        self.copy.life.code_at
    }

    /// Opens the vault. The attempt is counted on disk before the PIN is tried.
    ///
    /// # Errors
    /// When it does not open; after five wrong ones, or when its time is over, the code must.
    pub(crate) async fn open(
        &mut self,
        store: &VaultStore,
        policy: Policy,
        typed: &str,
    ) -> Result<Unlocked, PinError> {
        if self.is_over(policy) || self.copy.wrong >= WRONG_MAX {
            return Err(PinError::Over);
        }
        let locked = store.locked().await?.ok_or(PinError::Over)?;
        // What cannot be a PIN at all costs no attempt; nor did the right one above, where none opens anything.
        let left = WRONG_MAX - self.copy.wrong;
        let pin = Pin::parse(typed).map_err(|_| PinError::Wrong { left })?;
        self.copy.wrong += 1;
        self.copy.life.latest = clock::now_ms();
        self.write(store).await?;
        let salt: [u8; 16] =
            b64::decode(&self.copy.salt).ok().and_then(|salt| salt.try_into().ok()).ok_or(PinError::Over)?;
        let stretched = worker::stretch(pin.as_str(), &salt).await.map_err(|_| PinError::Worker)?;
        let answer = self.key.answer(&salt).await.ok_or(PinError::Over)?;
        let wrapping = quick_key(&Key::from_bytes(stretched), &answer);
        match locked.unlock_quick(&self.copy.wrap, &wrapping) {
            Ok(keys) => {
                self.copy.wrong = 0;
                self.write(store).await?;
                Ok(keys)
            }
            Err(_) if self.copy.wrong >= WRONG_MAX => Err(PinError::Over),
            Err(_) => Err(PinError::Wrong { left: WRONG_MAX - self.copy.wrong }),
        }
    }

    async fn write(&self, store: &VaultStore) -> Result<(), StoreError> {
        if !self.on_disk {
            return Ok(());
        }
        let text = serde_json::to_string(&self.copy).map_err(|_| StoreError::Broken)?;
        store.put_meta(QUICK, &text).await
    }
}

/// Keeps what a new PIN is stretched to. The store must be unlocked.
///
/// # Errors
/// When it cannot be stretched, or the storage fails.
pub(crate) async fn set_pin(store: &VaultStore, pin: &Pin) -> Result<(), PinError> {
    let salt = entropy::bytes();
    let stretched = worker::stretch(pin.as_str(), &salt).await.map_err(|_| PinError::Worker)?;
    let text = format!("{} {}", b64::encode(&salt), b64::encode(&stretched));
    Ok(store.put_setting(PIN, &text).await?)
}

/// No PIN any more, and none is offered again.
pub(crate) async fn decline(store: &VaultStore) -> Result<(), StoreError> {
    store.put_setting(PIN, DECLINED).await?;
    store.remove_quick().await
}

/// Whether a PIN was neither set nor declined. The store must be unlocked.
pub(crate) async fn is_undecided(store: &VaultStore) -> bool {
    matches!(store.setting(PIN).await, Ok(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * 60_000;

    #[test]
    fn a_copy_lasts_from_the_code_on_and_ends_when_the_clock_is_set_back() {
        let life = Life { code_at: 1_000, latest: 5_000 };
        let lasts = Policy::default().code_lasts_ms();
        assert_eq!(lasts, 12 * HOUR_MS);
        assert!(!life.is_over(5_000, lasts));
        assert!(!life.is_over(1_000 + lasts, lasts));
        assert!(life.is_over(1_001 + lasts, lasts));
        assert!(life.is_over(4_999, lasts), "set back");
        let relaxed = Policy { restart_unlock: RestartUnlock::Relaxed, ..Policy::default() };
        assert!(!life.is_over(6 * 24 * HOUR_MS, relaxed.code_lasts_ms()));
    }
}
