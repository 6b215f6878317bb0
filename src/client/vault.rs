//! The keys of the vault on this device: made at enrolment, opened by the device code, forgotten after too many wrong ones.

use crate::{
    platform::{clock, entropy, keepsake, prefs, worker},
    store::{AnyStore, IndexedDb, StoreError},
    vault_store::VaultStore,
};
use crypto::{
    Key, b64,
    code::{DeviceCode, wrapping_key},
    hpke::PublicKey,
    vault::{CodeKey, Locked, NewVault, ServerKey, Unlocked},
};
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use sync::{
    id::{DeviceId, VaultId},
    wire::{EnrolledUser, KeyInfo},
};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Wrong codes after which the next one must wait, with the wait.
const WAITS_MS: [(u32, i64); 4] = [(5, 60_000), (6, 5 * 60_000), (7, 15 * 60_000), (8, 60 * 60_000)];
/// Wrong codes after which the keys are destroyed.
const WRONG_MAX: u32 = 10;
/// Without contact the code opens the vault for so long.
const OFFLINE_LIFETIME_MS: i64 = 14 * 24 * 60 * 60 * 1_000;

/// Before the vault's id in the name of its database.
const DATABASE: &str = "hf-";
const NAMES: &str = "hf.vault";
const PENDING: &str = "hf.enrol";
const ATTEMPTS: &str = "attempts";
const AUTHOR: &str = "author";
const WHO: &str = "who";
const SESSION: &str = "session";

/// What names the vault and its device; random, nothing personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Names {
    pub(crate) vault: VaultId,
    pub(crate) device: DeviceId,
}

impl Names {
    pub(crate) fn random() -> Names {
        Names { vault: VaultId(entropy::bytes()), device: DeviceId(entropy::bytes()) }
    }

    /// The database of the vault.
    pub(crate) fn database(&self) -> String {
        format!("{DATABASE}{}", self.vault)
    }

    /// The vault enrolled on this device.
    pub(crate) fn enrolled() -> Option<Names> {
        read(NAMES)
    }

    /// A vault whose database is here although its names are not: a setting reaches the disk seconds after the database does,
    /// and a cleaner of the phone may take it alone. Where both are gone the keepsake still tells that somebody was enrolled.
    pub(crate) async fn found() -> Option<Names> {
        for name in IndexedDb::names().await {
            let Some(vault) = name.strip_prefix(DATABASE).and_then(|id| id.parse().ok()) else { continue };
            if let Some(device) = device_in(&name).await {
                let names = Names { vault, device };
                names.set_enrolled();
                return Some(names);
            }
        }
        let names: Names = domain::json::from_str(&keepsake::get().await?).ok()?;
        names.set_enrolled();
        Some(names)
    }

    /// From now on the vault of this device.
    pub(crate) fn set_enrolled(&self) {
        write(NAMES, self);
        prefs::remove(PENDING);
        self.keep();
    }

    /// Keeps the names in another place too.
    pub(crate) fn keep(self) {
        spawn_local(async move {
            let Ok(text) = serde_json::to_string(&self) else { return };
            if keepsake::get().await.as_deref() != Some(&text) {
                keepsake::set(&text).await;
            }
        });
    }

    /// Names for an enrolment, the same until it is through: the office lets the same device repeat it. A vault whose database was lost is
    /// enrolled under its own, so that the loss is noticed.
    pub(crate) fn for_enrolment() -> Names {
        read(PENDING).or_else(Names::enrolled).unwrap_or_else(Names::anew)
    }

    /// Names that no enrolment had before.
    pub(crate) fn anew() -> Names {
        let names = Names::random();
        write(PENDING, &names);
        names
    }

    /// The device knows no vault any more.
    pub(crate) fn forget() {
        prefs::remove(NAMES);
        spawn_local(keepsake::remove());
    }
}

/// The device of a vault's database, if somebody is enrolled in it.
async fn device_in(database: &str) -> Option<DeviceId> {
    let rows = IndexedDb::open(database).await.ok()?;
    let store = VaultStore::new(AnyStore::IndexedDb(rows), DeviceId([0; 16]));
    author(&store).await.ok()??;
    store.facts().await.ok()?.meta.map(|meta| meta.identity.device)
}

fn read(name: &str) -> Option<Names> {
    domain::json::from_str(&prefs::get(name)?).ok()
}

fn write(name: &str, names: &Names) {
    if let Ok(text) = serde_json::to_string(names) {
        prefs::set(name, &text);
    }
}

/// A new device code.
pub(crate) fn new_code() -> DeviceCode {
    DeviceCode::from_bytes(entropy::bytes())
}

/// Why a vault was not made or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum VaultError {
    #[error("the code is wrong")]
    Wrong,
    #[error("too many wrong codes")]
    Wait { wait_ms: i64 },
    #[error("the code opens nothing any more")]
    Forgotten,
    #[error("the office named no key to seal to")]
    NoServerKey,
    #[error("the code could not be stretched")]
    Worker,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A key made of a code by way of the worker.
pub(crate) async fn code_key(code: &DeviceCode, salt: &[u8; 16]) -> Result<Key, VaultError> {
    let stretched = worker::stretch(code.as_str(), salt).await.map_err(|_| VaultError::Worker)?;
    Ok(wrapping_key(&Key::from_bytes(stretched), None))
}

/// Who the vault's user is and the session with the office, as sealed settings.
pub(crate) struct Kept {
    pub(crate) user: EnrolledUser,
    pub(crate) bearer: Option<String>,
}

/// What a new vault is made of.
pub(crate) struct NewKeys<'a> {
    pub(crate) names: Names,
    pub(crate) keys: &'a [KeyInfo],
    pub(crate) wrapping: &'a Key,
    pub(crate) salt: [u8; 16],
    /// A vault whose code was forgotten: its own keys stay, sealed to the office.
    pub(crate) renews: Option<Locked>,
}

/// Makes the keys of a vault.
///
/// # Errors
/// When the office named no key that can be sealed to.
pub(crate) fn make(new: NewKeys<'_>) -> Result<Unlocked, VaultError> {
    let key = new.keys.iter().find(|key| key.alg == crypto::SUITE).ok_or(VaultError::NoServerKey)?;
    let public = b64::decode(&key.pk).ok().and_then(|bytes| PublicKey::from_bytes(&bytes).ok());
    let public = public.ok_or(VaultError::NoServerKey)?;
    let now = clock::now_ms();
    let (out_id, blob_id) = (entropy::uuid(now).to_string(), entropy::uuid(now).to_string());
    let vault = new.names.vault.to_string();
    let parts = NewVault {
        vault: &vault,
        code: CodeKey { wrapping: new.wrapping, salt: new.salt, prf: false },
        server: ServerKey { kid: &key.kid, public: &public },
        out_id: &out_id,
        blob_id: &blob_id,
        seed: entropy::bytes(),
    };
    let made = match new.renews {
        Some(old) => old.renew(parts),
        None => Unlocked::create(parts),
    };
    made.map_err(|_| VaultError::NoServerKey)
}

/// Writes a new vault: the wraps and who it belongs to.
pub(crate) async fn store_new(store: &VaultStore, keys: &Unlocked, author: Uuid) -> Result<(), StoreError> {
    store.put_wraps(keys.wraps()).await?;
    store.put_meta(AUTHOR, &author.to_string()).await?;
    store.put_meta(ATTEMPTS, &attempts_text(Attempts::default())).await
}

/// Whose vault it is; known while locked.
pub(crate) async fn author(store: &VaultStore) -> Result<Option<Uuid>, StoreError> {
    Ok(store.meta(AUTHOR).await?.and_then(|text| text.parse().ok()))
}

/// Keeps user and session, sealed. The store must be unlocked.
pub(crate) async fn keep(store: &VaultStore, kept: &Kept) -> Result<(), StoreError> {
    let user = serde_json::to_string(&kept.user).map_err(|_| StoreError::Broken)?;
    store.put_setting(WHO, &user).await?;
    match &kept.bearer {
        Some(bearer) => store.put_setting(SESSION, bearer).await,
        None => store.remove_setting(SESSION).await,
    }
}

/// User and session. The store must be unlocked.
pub(crate) async fn kept(store: &VaultStore) -> Result<Kept, StoreError> {
    let user = store.setting(WHO).await?.ok_or(StoreError::Broken)?;
    let user = domain::json::from_str(&user).map_err(|_| StoreError::Broken)?;
    Ok(Kept { user, bearer: store.setting(SESSION).await? })
}

/// Wrong codes so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Attempts {
    wrong: u32,
    /// When the last was, by the device's clock.
    at: i64,
}

impl Attempts {
    /// How long the next code must wait.
    fn wait_ms(self, now: i64) -> i64 {
        let wait = WAITS_MS.iter().rev().find(|(wrong, _)| self.wrong >= *wrong).map_or(0, |(_, wait)| *wait);
        // A clock set back makes it longer, never shorter than nothing.
        (self.at + wait - now).clamp(0, wait)
    }
}

fn attempts_text(attempts: Attempts) -> String {
    serde_json::to_string(&attempts).expect("two numbers are JSON")
}

/// Opens the vault with a typed code. The attempt is counted on disk before the code is tried.
///
/// # Errors
/// When it does not open; after ten wrong codes, or 14 days without contact, it never does again.
pub(crate) async fn open(
    store: &VaultStore,
    typed: &str,
    last_contact: Option<i64>,
) -> Result<(Unlocked, Zeroizing<String>), VaultError> {
    let locked = Locked::new(store.wraps().await?.ok_or(VaultError::Forgotten)?);
    let now = clock::now_ms();
    if last_contact.is_some_and(|at| now - at > OFFLINE_LIFETIME_MS) {
        forget(store, locked).await?;
        return Err(VaultError::Forgotten);
    }
    let salt = locked.wraps().code.as_ref().and_then(|code| code.salt()).ok_or(VaultError::Forgotten)?;
    let attempts: Attempts =
        store.meta(ATTEMPTS).await?.and_then(|text| domain::json::from_str(&text).ok()).unwrap_or_default();
    let wait_ms = attempts.wait_ms(now);
    if wait_ms > 0 {
        return Err(VaultError::Wait { wait_ms });
    }
    // What cannot be a code at all costs no attempt.
    let code = DeviceCode::parse(typed).map_err(|_| VaultError::Wrong)?;
    let counted = Attempts { wrong: attempts.wrong + 1, at: now };
    store.put_meta(ATTEMPTS, &attempts_text(counted)).await?;
    let wrapping = code_key(&code, &salt).await?;
    match locked.unlock(&wrapping) {
        Ok(keys) => {
            store.put_meta(ATTEMPTS, &attempts_text(Attempts::default())).await?;
            Ok((keys, Zeroizing::new(code.as_str().to_owned())))
        }
        Err(refused) if counted.wrong >= WRONG_MAX => {
            forget(store, *refused.vault).await?;
            Err(VaultError::Forgotten)
        }
        Err(_) => match counted.wait_ms(now) {
            0 => Err(VaultError::Wrong),
            wait_ms => Err(VaultError::Wait { wait_ms }),
        },
    }
}

/// Deletes what the code could open. What is sealed to the office stays.
async fn forget(store: &VaultStore, locked: Locked) -> Result<(), StoreError> {
    let mut wraps = locked.wraps().clone();
    wraps.code = None;
    wraps.areas.clear();
    store.put_wraps(&wraps).await
}

/// Whether a code can still open the vault.
pub(crate) async fn is_forgotten(store: &VaultStore) -> Result<bool, StoreError> {
    Ok(store.wraps().await?.is_none_or(|wraps| wraps.code.is_none()))
}

/// A vault of a shared PC: keys that nothing can open again, in memory.
pub(crate) fn make_shared(names: Names, keys: &[KeyInfo]) -> Result<Unlocked, VaultError> {
    let wrapping = Key::from_bytes(entropy::bytes());
    make(NewKeys { names, keys, wrapping: &wrapping, salt: entropy::bytes(), renews: None })
}

/// The stores of a vault on this device.
pub(crate) async fn open_stores(names: Names) -> Result<VaultStore, StoreError> {
    let rows = IndexedDb::open(&names.database()).await?;
    Ok(VaultStore::new(AnyStore::IndexedDb(rows), names.device))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_codes_wait_longer_from_the_fifth_on() {
        let wait = |wrong, now| Attempts { wrong, at: 1_000 }.wait_ms(now);
        assert_eq!(wait(4, 1_000), 0);
        assert_eq!(wait(5, 1_000), 60_000);
        assert_eq!(wait(5, 61_000), 0);
        assert_eq!(wait(6, 1_000), 300_000);
        assert_eq!(wait(9, 1_000), 3_600_000);
        assert_eq!(wait(5, -5_000), 60_000);
    }
}
