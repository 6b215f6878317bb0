//! A shared PC: the same code on memory stores, a device that lives as long as the login.

use super::{Credentials, Session, SessionError, SessionState, office};
use crate::{
    data::FORM_DRAFT,
    platform::{entropy, prefs},
    store::{AnyStore, Memory},
    vault::{self, Code, Kept, Names},
    vault_store::VaultStore,
};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use sync::wire::{EnrolledUser, KeyInfo};

/// Names of the login, kept as long as the tab lives: the page may be loaded again.
const SHARED: &str = "hf.shared";

#[derive(Deserialize)]
struct Me {
    user: EnrolledUser,
    keys: Vec<KeyInfo>,
}

impl Session {
    /// Login on a shared PC: nothing outlives the login.
    pub(crate) async fn login_shared(self, with: &Credentials) -> Result<(), SessionError> {
        let mut names = Names::random();
        let answer = office::login(names, with).await?;
        self.interrupted.set(false);
        self.recovery.set(answer.recovery);
        names.device = answer.device.ok_or_else(|| SessionError::Refused { err: "no_device".to_owned() })?;
        let user = answer.user.ok_or_else(|| SessionError::Refused { err: "no_user".to_owned() })?;
        if let Ok(text) = serde_json::to_string(&names) {
            prefs::set_for_tab(SHARED, &text);
        }
        let salt = entropy::bytes();
        let wrapping = vault::code_key(&Code::password(&with.password), &salt).await?;
        self.open_shared(names, user, &answer.keys, (&wrapping, salt)).await
    }

    /// Goes on after the page was loaded again, if the login still holds.
    pub(super) async fn resume_shared(self) -> bool {
        let Some(names) =
            prefs::get_for_tab(SHARED).and_then(|text| domain::json::from_str::<Names>(&text).ok())
        else {
            return false;
        };
        let me = match office::get::<Me>("/api/v1/me", names.vault).await {
            Ok(me) => me,
            Err(error) => {
                prefs::remove_for_tab(SHARED);
                self.interrupted.set(error == SessionError::Offline);
                return false;
            }
        };
        // The password is not known here: when the vault has locked itself, the office is asked for it.
        let wrapping = crypto::Key::from_bytes(entropy::bytes());
        let opened = self.open_shared(names, me.user, &me.keys, (&wrapping, entropy::bytes())).await;
        self.inner.update_value(|inner| inner.resumed = opened.is_ok().then_some(wrapping));
        opened.is_ok()
    }

    async fn open_shared(
        self,
        names: Names,
        user: EnrolledUser,
        keys: &[KeyInfo],
        (wrapping, salt): (&crypto::Key, [u8; 16]),
    ) -> Result<(), SessionError> {
        let keys = vault::make_shared(names, keys, wrapping, salt)?;
        let store = VaultStore::new(AnyStore::Memory(Memory::default()), names.device);
        store.put_wraps(keys.wraps()).await.map_err(|_| SessionError::Storage)?;
        let driver = self.begin(store, names, user.id, true).await?;
        driver.unlock(keys, None).await.map_err(|_| SessionError::Storage)?;
        let kept = Kept { user: user.clone(), bearer: None };
        vault::keep(&driver.store, &kept).await.map_err(|_| SessionError::Storage)?;
        self.door.set(super::Door::default());
        self.is_open(user, true);
        Ok(())
    }

    /// Ends the login. What was not sent keeps it open, until somebody says that he has it in a file.
    pub(super) async fn logout_shared(self, has_file: bool) -> Result<(), SessionError> {
        let driver = self.driver().ok_or(SessionError::OutOfOrder)?;
        let status = driver.with_replica(sync::replica::Replica::status);
        if !has_file && status.on_phone + status.photos_waiting + status.drafts > 0 {
            return Err(SessionError::Unsent);
        }
        // No rescue file holds them.
        if driver.store.settings_of(FORM_DRAFT).await.is_ok_and(|forms| !forms.is_empty()) {
            return Err(SessionError::Unpublished);
        }
        let ended: Result<Value, _> = office::post("/api/v1/logout", driver.vault, &json!({})).await;
        prefs::remove_for_tab(SHARED);
        driver.lock();
        self.inner.update_value(|inner| {
            inner.driver = None;
            inner.resumed = None;
        });
        self.who.set(None);
        self.state.set(SessionState::NoVault);
        ended.map(|_| ())
    }
}
