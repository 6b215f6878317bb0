//! The door of a vault: code, PIN, what wrong ones cost, and when neither opens any more. Nothing here needs the office.

use super::{Credentials, Session, SessionError, Who, office};
use crate::{
    driver::Driver,
    platform::clock,
    store::StoreError,
    vault::{self, Attempts, Code, Ended, Kept, Names, PinError, Quick, Tried, VaultError, Wait},
};
use crypto::{pin::Pin, vault::Unlocked};
use leptos::prelude::*;
use std::rc::Rc;
use sync::wire::EnrolledUser;

/// What the page before the vault shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Door {
    attempts: Attempts,
    wait: Wait,
    /// Why the code opens nothing any more, so that user and password are asked and a new code is set; nothing while it does.
    pub(crate) ended: Option<Ended>,
    /// A PIN opens.
    pub(crate) has_pin: bool,
}

/// What a code opened.
struct Opened {
    keys: Unlocked,
    /// Who works here, where the office was asked.
    user: Option<EnrolledUser>,
}

impl Door {
    /// A door that no code opens.
    pub(super) fn ended(why: Ended) -> Door {
        Door { ended: Some(why), ..Door::default() }
    }

    /// How long the next code must wait.
    pub(crate) fn wait_ms(self) -> i64 {
        self.wait.left_ms(clock::moment())
    }

    /// How many codes may still be tried, where that is few enough to be said.
    pub(crate) fn tries_left(self) -> Option<u32> {
        self.attempts.left()
    }
}

impl Session {
    /// What the page before the vault shows, watched.
    pub(crate) fn door(self) -> Door {
        self.door.get()
    }

    /// The same, for code that is not watched.
    pub(crate) fn door_untracked(self) -> Door {
        self.door.get_untracked()
    }

    /// The app was started: what the disk says of the door.
    pub(super) async fn arrive(self, driver: &Rc<Driver>) -> Result<(), StoreError> {
        self.end_if_over(driver).await?;
        let attempts = vault::attempts(&driver.store).await?;
        let ended = vault::ended(&driver.store).await?;
        let quick = match ended {
            None => Quick::found(&driver.store, self.policy()).await?,
            Some(_) => None,
        };
        let wait = Wait::at_start(attempts, clock::moment());
        self.door.set(Door { attempts, wait, ended, has_pin: quick.is_some() });
        self.inner.update_value(|inner| inner.quick = quick);
        Ok(())
    }

    /// After too long without contact the code opens nothing any more.
    async fn end_if_over(self, driver: &Rc<Driver>) -> Result<bool, StoreError> {
        let contact = driver.with_replica(|replica| replica.meta().map(|meta| meta.t_contact_device));
        let contact = contact.unwrap_or_default();
        if driver.is_shared()
            || !vault::ends_its_life(&driver.store, contact, self.policy().offline_ms()).await?
        {
            return Ok(false);
        }
        self.inner.update_value(|inner| inner.quick = None);
        self.door.set(Door::ended(Ended::Lifetime));
        Ok(true)
    }

    /// Opens the vault with the code in place of a password; on a shared PC with the password, and with what the office asks beside it.
    pub(crate) async fn unlock(self, typed: &Credentials) -> Result<(), SessionError> {
        let driver = self.driver().ok_or(SessionError::OutOfOrder)?;
        if self.end_if_over(&driver).await.map_err(|_| SessionError::Storage)? {
            return Err(SessionError::Forgotten);
        }
        let opened = self.try_code(&driver, typed).await?;
        driver.store.take_keys(opened.keys);
        if let Some(user) = opened.user {
            vault::keep(&driver.store, &Kept { user, bearer: None }).await?;
        }
        self.code_given(&driver).await;
        self.enter(&driver).await
    }

    /// Tries a code; a wrong one is counted, and may have to wait.
    async fn try_code(self, driver: &Rc<Driver>, typed: &Credentials) -> Result<Opened, SessionError> {
        // Another tab may have tried meanwhile.
        let attempts = vault::attempts(&driver.store).await.map_err(|_| SessionError::Storage)?;
        if attempts != self.door.get_untracked().attempts {
            let wait = Wait::begun(attempts, clock::moment());
            self.door.update(|door| *door = Door { attempts, wait, ..*door });
        }
        let wait_ms = self.door.get_untracked().wait_ms();
        if wait_ms > 0 {
            return Err(SessionError::Wait { wait_ms });
        }
        let mut user = None;
        let opened = match (driver.is_shared(), self.resumed_key()) {
            (false, _) => self.open_by(driver, vault::read(&driver.store, &typed.password).await).await,
            (true, None) => self.open_by(driver, Ok(Code::password(&typed.password))).await,
            (true, Some(key)) => {
                let who = self.who.get_untracked().ok_or(SessionError::OutOfOrder)?;
                let names = Names { vault: driver.vault, device: sync::id::DeviceId([0; 16]) };
                let with = Credentials { user: who.user.name, ..typed.clone() };
                let answer = office::login(names, &with).await?;
                self.recovery.set(answer.recovery);
                user = answer.user;
                vault::open_with(&driver.store, &key).await
            }
        };
        if let Err(VaultError::Wrong | VaultError::Forgotten) = opened {
            let counted = vault::attempts(&driver.store).await.map_err(|_| SessionError::Storage)?;
            // What cannot be a code was not tried and begins no wait.
            let wait = if counted == attempts {
                self.door.get_untracked().wait
            } else {
                Wait::begun(counted, clock::moment())
            };
            let ended = vault::ended(&driver.store).await.map_err(|_| SessionError::Storage)?;
            self.door.update(|door| *door = Door { attempts: counted, wait, ended, ..*door });
        }
        Ok(Opened { keys: opened?, user })
    }

    /// Tries a code, with the authenticator's answer beside it where the vault asks for one.
    async fn open_by(
        self,
        driver: &Rc<Driver>,
        code: Result<Code, VaultError>,
    ) -> Result<Unlocked, VaultError> {
        let tried = Tried::of(&driver.store, &code?).await?;
        let answered = match &tried.second {
            Some(second) => Some(self.answer(second.clone()).await?),
            None => None,
        };
        tried.open(&driver.store, answered.as_ref(), clock::now_ms()).await
    }

    /// What the office says of who works here holds from now on: his role may be another than at the login.
    async fn is_known_as(self, driver: &Rc<Driver>, user: EnrolledUser) -> Result<(), SessionError> {
        vault::keep(&driver.store, &Kept { user: user.clone(), bearer: None }).await?;
        self.who.set(Some(Who { user, shared_pc: driver.is_shared() }));
        Ok(())
    }

    fn resumed_key(self) -> Option<crypto::Key> {
        self.inner
            .with_value(|inner| inner.resumed.as_ref().map(|key| crypto::Key::from_bytes(*key.expose())))
    }

    /// Opens the vault with the PIN.
    pub(crate) async fn unlock_pin(self, typed: &str) -> Result<(), SessionError> {
        let driver = self.driver().ok_or(SessionError::OutOfOrder)?;
        if self.end_if_over(&driver).await.map_err(|_| SessionError::Storage)? {
            return Err(SessionError::Forgotten);
        }
        let policy = self.policy();
        // Taken out meanwhile: nothing may be borrowed while the worker works.
        let quick = self.inner.try_update_value(|inner| inner.quick.take()).flatten();
        let mut quick = quick.ok_or(SessionError::PinOver)?;
        match quick.open(&driver.store, policy, typed).await {
            Ok(keys) => {
                let code_at = quick.code_at();
                self.inner.update_value(|inner| {
                    inner.quick = Some(quick);
                    inner.code_at = code_at;
                });
                driver.store.take_keys(keys);
                self.enter(&driver).await
            }
            Err(PinError::Over) => {
                self.end_quick(&driver).await;
                Err(SessionError::PinOver)
            }
            Err(error) => {
                self.inner.update_value(|inner| inner.quick = Some(quick));
                Err(error.into())
            }
        }
    }

    /// The store has its keys: everything is read.
    async fn enter(self, driver: &Rc<Driver>) -> Result<(), SessionError> {
        let kept = vault::kept(&driver.store).await?;
        driver.unlock_again(kept.bearer).await?;
        self.is_open(kept.user, driver.is_shared());
        Ok(())
    }

    /// The code was given just now: a PIN stands in for it from here on.
    pub(super) async fn code_given(self, driver: &Rc<Driver>) {
        self.inner.update_value(|inner| inner.code_at = clock::now_ms());
        self.door.set(Door::default());
        self.renew_quick(driver).await;
    }

    /// Makes the copy that a PIN opens; where that fails the code is asked.
    async fn renew_quick(self, driver: &Rc<Driver>) {
        if driver.is_shared() {
            return;
        }
        let code_at = self.inner.with_value(|inner| inner.code_at);
        let quick = Quick::make(&driver.store, self.policy(), code_at).await.ok().flatten();
        self.door.update(|door| door.has_pin = quick.is_some());
        self.inner.update_value(|inner| inner.quick = quick);
    }

    async fn end_quick(self, driver: &Rc<Driver>) {
        self.inner.update_value(|inner| inner.quick = None);
        self.door.update(|door| door.has_pin = false);
        // A copy that could not be deleted counts its wrong PINs, and is looked at again at the next start.
        let _ = driver.store.remove_quick().await;
    }

    /// A copy whose time is over is deleted while the app runs, too.
    pub(super) fn drop_old_quick(self) {
        let policy = self.policy();
        let is_over =
            self.inner.with_value(|inner| inner.quick.as_ref().is_some_and(|quick| quick.is_over(policy)));
        if let Some(driver) = self.driver().filter(|_| is_over) {
            leptos::task::spawn_local(async move { self.end_quick(&driver).await });
        }
    }

    /// Sets the PIN of the open vault.
    pub(crate) async fn set_pin(self, pin: &Pin) -> Result<(), SessionError> {
        let driver = self.driver().ok_or(SessionError::OutOfOrder)?;
        vault::set_pin(&driver.store, pin).await?;
        self.renew_quick(&driver).await;
        Ok(())
    }

    /// No PIN for the open vault, and none is offered any more.
    pub(crate) async fn decline_pin(self) {
        let Some(driver) = self.driver() else { return };
        // Offered once more, if it was not written down.
        let _ = vault::decline(&driver.store).await;
        self.end_quick(&driver).await;
    }

    /// Whether a PIN is to be offered.
    pub(crate) async fn offers_pin(self) -> bool {
        match self.driver() {
            Some(driver) if !driver.is_shared() => vault::is_undecided(&driver.store).await,
            _ => false,
        }
    }

    /// Whether this is the code of the open vault; a wrong one counts as at the door.
    pub(crate) async fn check_code(self, typed: &str) -> Result<(), SessionError> {
        let driver = self.driver().ok_or(SessionError::OutOfOrder)?;
        let typed = Credentials { password: typed.to_owned(), ..Credentials::default() };
        let opened = self.try_code(&driver, &typed).await;
        let checked = match opened {
            Ok(Opened { user: Some(user), .. }) => self.is_known_as(&driver, user).await,
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        match checked {
            Ok(()) => self.door.update(|door| *door = Door { has_pin: door.has_pin, ..Door::default() }),
            // What no code opens any more must not stay open.
            Err(SessionError::Forgotten) => self.lock(),
            Err(_) => {}
        }
        checked
    }

    /// Another code opens the vault from now on.
    pub(crate) async fn change_code(self, code: &Code) -> Result<(), SessionError> {
        let driver = self.driver().ok_or(SessionError::OutOfOrder)?;
        let answered = self.answer_again(&driver).await?;
        vault::change_code(&driver.store, code, answered.as_ref()).await?;
        self.code_given(&driver).await;
        Ok(())
    }
}
