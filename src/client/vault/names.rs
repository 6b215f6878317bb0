//! Which vaults are on this device: random names, nothing personal.

use crate::{
    platform::{entropy, keepsake, prefs},
    store::{AnyStore, IndexedDb},
    vault::author,
    vault_store::VaultStore,
};
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use sync::id::{DeviceId, VaultId};

/// Before the vault's id in the name of its database.
const DATABASE: &str = "hf-";
const NAMES: &str = "hf.vault";
/// All vaults of the device in the order of their enrolment.
const ALL: &str = "hf.vaults";
const PENDING: &str = "hf.enrol";

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

    /// The vault of this device that was used last.
    pub(crate) fn enrolled() -> Option<Names> {
        read(NAMES)
    }

    /// The vault that a start of the app opens.
    pub(crate) async fn to_open() -> Option<Names> {
        match Names::enrolled() {
            Some(names) => Some(names),
            None => Names::found().await,
        }
    }

    /// Every vault of this device. Its place in the list is its user's number on the device.
    pub(crate) fn all() -> Vec<Names> {
        let mut all: Vec<Names> =
            prefs::get(ALL).and_then(|text| domain::json::from_str(&text).ok()).unwrap_or_default();
        // The app of before had one vault, and no list.
        all.extend(Names::enrolled().filter(|names| !all.contains(names)));
        all
    }

    /// A vault whose database is here although its names are not: a setting reaches the disk seconds after the database does,
    /// and a cleaner of the phone may take it alone. Where both are gone the keepsake still tells that somebody was enrolled.
    async fn found() -> Option<Names> {
        let mut found = None;
        for name in IndexedDb::names().await {
            let Some(vault) = name.strip_prefix(DATABASE).and_then(|id| id.parse().ok()) else { continue };
            if let Some(device) = device_in(&name).await {
                let names = Names { vault, device };
                names.set_enrolled();
                found = Some(names);
            }
        }
        if found.is_some() {
            return found;
        }
        let names: Names = domain::json::from_str(&keepsake::get().await?).ok()?;
        names.set_enrolled();
        Some(names)
    }

    /// From now on the vault that this device opens.
    pub(crate) fn set_enrolled(&self) {
        let mut all = Names::all();
        if !all.contains(self) {
            all.push(*self);
        }
        write(ALL, &all);
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

    /// Whether an enrolment was begun and not gone through with.
    pub(crate) fn is_begun() -> bool {
        prefs::get(PENDING).is_some()
    }

    /// Names that no enrolment had before.
    pub(crate) fn anew() -> Names {
        let names = Names::random();
        names.begin();
        names
    }

    /// The next enrolment is under these.
    pub(crate) fn begin(&self) {
        write(PENDING, self);
    }

    /// The device does not know this vault any more; another that it has is the one it opens from now on.
    pub(crate) fn forget() -> Option<Names> {
        let gone = Names::enrolled();
        let all: Vec<Names> = Names::all().into_iter().filter(|names| Some(*names) != gone).collect();
        write(ALL, &all);
        // Who was the last to be used is in the list by that alone.
        prefs::remove(NAMES);
        let next = all.last().copied();
        match next {
            Some(names) => names.set_enrolled(),
            None => spawn_local(keepsake::remove()),
        }
        next
    }
}

/// The device of a vault's database, if somebody is enrolled in it and it was not wiped.
async fn device_in(database: &str) -> Option<DeviceId> {
    let rows = IndexedDb::open(database).await.ok()?;
    let store = VaultStore::new(AnyStore::IndexedDb(rows), DeviceId([0; 16]));
    if store.is_wiped().await.ok()? {
        return None;
    }
    author(&store).await.ok()??;
    store.facts().await.ok()?.meta.map(|meta| meta.identity.device)
}

fn read(name: &str) -> Option<Names> {
    domain::json::from_str(&prefs::get(name)?).ok()
}

fn write(name: &str, names: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(names) {
        prefs::set(name, &text);
    }
}
