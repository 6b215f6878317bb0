//! The keys of the vault on this device: made at enrolment, opened by the device code, forgotten after too many wrong ones.

mod attempts;
mod names;
mod quick;
mod tried;

pub(crate) use attempts::{Attempts, Moment, Wait};
pub(crate) use names::Names;
pub(crate) use quick::{PinError, Quick, decline, is_undecided, set_pin};
pub(crate) use tried::{Answered, Tried};

use crate::{
    platform::{clock, entropy, worker},
    store::{AnyStore, IndexedDb, StoreError},
    vault_store::VaultStore,
};
use attempts::{Seen, WRONG_MAX};
use crypto::{
    Key, b64,
    code::{DeviceCode, wrapping_key},
    hpke::PublicKey,
    phrase::{Phrase, PhraseFault},
    vault::{CodeKey, Locked, NewVault, ServerKey, Unlocked},
};
use serde::de::DeserializeOwned;
use sync::wire::{EnrolledUser, KeyInfo};
use uuid::Uuid;
use zeroize::Zeroizing;

const ATTEMPTS: &str = "attempts";
const SEEN: &str = "clock";
const AUTHOR: &str = "author";
const WHO: &str = "who";
const SESSION: &str = "session";

/// A code in the one writing that is stretched: machine-made, a phrase of the user's own, or on a shared PC the password.
#[derive(Clone)]
pub(crate) struct Code {
    text: Zeroizing<String>,
    is_phrase: bool,
}

impl Code {
    /// A new machine-made one, and as it is shown.
    pub(crate) fn new() -> (Code, String) {
        let code = DeviceCode::from_bytes(entropy::bytes());
        let shown = code.shown().to_string();
        (Code { text: Zeroizing::new(code.as_str().to_owned()), is_phrase: false }, shown)
    }

    /// A phrase that is to be set.
    ///
    /// # Errors
    /// When it is too easy or too long.
    pub(crate) fn choose(typed: &str) -> Result<Code, PhraseFault> {
        Phrase::choose(typed).map(|phrase| Code::of(phrase.as_str(), true))
    }

    /// A password, which is taken as it was typed.
    pub(crate) fn password(typed: &str) -> Code {
        Code::of(typed, false)
    }

    /// What was typed at the door. What cannot be a code at all costs no attempt.
    fn read(typed: &str, is_phrase: bool) -> Result<Code, VaultError> {
        if is_phrase {
            return Ok(Code::of(Phrase::read(typed).as_str(), true));
        }
        DeviceCode::parse(typed).map(|code| Code::of(code.as_str(), false)).map_err(|_| VaultError::Wrong)
    }

    /// Whether it is a phrase of the user's own.
    pub(crate) fn is_phrase(&self) -> bool {
        self.is_phrase
    }

    /// Whether this was typed.
    pub(crate) fn is(&self, typed: &str) -> bool {
        Code::read(typed, self.is_phrase).is_ok_and(|code| code.text == self.text)
    }

    fn of(text: &str, is_phrase: bool) -> Code {
        Code { text: Zeroizing::new(text.to_owned()), is_phrase }
    }
}

/// Why no code opens a vault any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Ten wrong codes.
    Tries,
    /// Too long without contact.
    Lifetime,
    /// By the office.
    Destroyed,
}

/// Why a vault was not made or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum VaultError {
    #[error("the code is wrong")]
    Wrong,
    #[error("the code opens nothing any more")]
    Forgotten,
    #[error("the office named no key to seal to")]
    NoServerKey,
    #[error("the code could not be stretched")]
    Worker,
    #[error("nobody lifted a finger")]
    FingerLeft,
    #[error("the authenticator does not give the answer of before")]
    Estranged,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a code is stretched to, by way of the worker.
async fn stretched(code: &Code, salt: &[u8; 16]) -> Result<Key, VaultError> {
    worker::stretch(&code.text, salt).await.map(Key::from_bytes).map_err(|_| VaultError::Worker)
}

/// The key that a code makes alone.
pub(crate) async fn code_key(code: &Code, salt: &[u8; 16]) -> Result<Key, VaultError> {
    Ok(wrapping_key(&stretched(code, salt).await?, None))
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
    /// Whether the code is a phrase.
    pub(crate) is_phrase: bool,
    /// A vault whose code was forgotten: its own keys stay, sealed to the office.
    pub(crate) renews: Option<Locked>,
}

/// The key of the office to which this build can seal.
pub(crate) fn office_key(keys: &[KeyInfo]) -> Option<(&KeyInfo, PublicKey)> {
    let key = keys.iter().find(|key| key.alg == crypto::SUITE)?;
    Some((key, PublicKey::from_bytes(&b64::decode(&key.pk).ok()?).ok()?))
}

/// Makes the keys of a vault.
///
/// # Errors
/// When the office named no key that can be sealed to.
pub(crate) fn make(new: NewKeys<'_>) -> Result<Unlocked, VaultError> {
    let (key, public) = office_key(new.keys).ok_or(VaultError::NoServerKey)?;
    let now = clock::now_ms();
    let (out_id, blob_id) = (entropy::uuid(now).to_string(), entropy::uuid(now).to_string());
    let vault = new.names.vault.to_string();
    let parts = NewVault {
        vault: &vault,
        code: CodeKey { wrapping: new.wrapping, salt: new.salt, second: None, phrase: new.is_phrase },
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
    store.remove_quick().await?;
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

fn attempts_text(attempts: Attempts) -> String {
    serde_json::to_string(&attempts).expect("two numbers are JSON")
}

/// Wrong codes so far.
pub(crate) async fn attempts(store: &VaultStore) -> Result<Attempts, StoreError> {
    Ok(row(store, ATTEMPTS).await?.unwrap_or_default())
}

async fn row<T: DeserializeOwned>(store: &VaultStore, name: &str) -> Result<Option<T>, StoreError> {
    Ok(store.meta(name).await?.and_then(|text| domain::json::from_str(&text).ok()))
}

/// A code as it was typed for the vault.
///
/// # Errors
/// When it can be none, or none opens the vault.
pub(crate) async fn read(store: &VaultStore, typed: &str) -> Result<Code, VaultError> {
    let wraps = store.wraps().await?;
    let is_phrase = wraps.and_then(|wraps| wraps.code).ok_or(VaultError::Forgotten)?.phrase;
    Code::read(typed, is_phrase)
}

/// Opens the vault with a key that was kept in memory.
pub(crate) async fn open_with(store: &VaultStore, wrapping: &Key) -> Result<Unlocked, VaultError> {
    let locked = store.locked().await?.ok_or(VaultError::Forgotten)?;
    locked.unlock(wrapping).map_err(|_| VaultError::Forgotten)
}

/// Another code opens the vault from now on, or the same with another answer beside it, or with none. The store must be unlocked.
///
/// # Errors
/// When the code cannot be stretched, or the storage fails; then the old one opens it.
pub(crate) async fn change_code(
    store: &VaultStore,
    code: &Code,
    answered: Option<&Answered>,
) -> Result<(), VaultError> {
    let salt = entropy::bytes();
    let stretched = stretched(code, &salt).await?;
    Ok(tried::rewrap(store, &stretched, salt, answered, code.is_phrase).await?)
}

/// Deletes what the code could open, and the quick copy. What is sealed to the office stays.
async fn forget(store: &VaultStore, mut locked: Locked) -> Result<(), StoreError> {
    locked.forget_code();
    store.put_wraps(locked.wraps()).await?;
    store.remove_quick().await
}

/// Looks whether the last contact is longer ago than the office allows; then the code opens nothing any more.
pub(crate) async fn ends_its_life(
    store: &VaultStore,
    contact: i64,
    offline_ms: i64,
) -> Result<bool, StoreError> {
    let before: Seen = row(store, SEEN).await?.unwrap_or_default();
    let seen = before.at(contact, clock::now_ms());
    if seen != before {
        let text = serde_json::to_string(&seen).map_err(|_| StoreError::Broken)?;
        store.put_meta(SEEN, &text).await?;
    }
    let Some(wraps) = store.wraps().await?.filter(|wraps| wraps.code.is_some() && seen.is_over(offline_ms))
    else {
        return Ok(false);
    };
    forget(store, Locked::new(wraps)).await?;
    Ok(true)
}

/// Why the code opens nothing any more; nothing while it does.
pub(crate) async fn ended(store: &VaultStore) -> Result<Option<Ended>, StoreError> {
    let wraps = store.wraps().await?;
    if wraps.as_ref().is_some_and(|wraps| wraps.code.is_some()) {
        return Ok(None);
    }
    // A wipe and a revocation leave no key at all.
    Ok(Some(match wraps {
        Some(wraps) if wraps.kv.is_some() && attempts(store).await?.wrong >= WRONG_MAX => Ended::Tries,
        Some(wraps) if wraps.kv.is_some() => Ended::Lifetime,
        _ => Ended::Destroyed,
    }))
}

/// A vault of a shared PC, in memory.
pub(crate) fn make_shared(
    names: Names,
    keys: &[KeyInfo],
    wrapping: &Key,
    salt: [u8; 16],
) -> Result<Unlocked, VaultError> {
    make(NewKeys { names, keys, wrapping, salt, is_phrase: false, renews: None })
}

/// The stores of a vault on this device.
pub(crate) async fn open_stores(names: Names) -> Result<VaultStore, StoreError> {
    let rows = IndexedDb::open(&names.database()).await?;
    Ok(VaultStore::new(AnyStore::IndexedDb(rows), names.device))
}
