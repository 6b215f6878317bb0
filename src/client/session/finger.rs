//! The authenticator beside the code: asked until it answers, or until whoever stands at the door gives it up.

use super::{Session, SessionError};
use crate::{
    driver::Driver,
    platform::{
        authenticator::{self, Refusal},
        entropy,
    },
    vault::{self, Answered, VaultError},
};
use crypto::vault::wraps::Second;
use futures::channel::oneshot;
use leptos::prelude::*;
use std::rc::Rc;

/// What the page shows while the authenticator is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finger {
    /// The browser asks.
    Asked,
    /// The browser asks after a tap.
    Tap,
    /// No answer of one that answered before.
    Refused,
    /// None of one that is to begin.
    NotMade,
}

impl Session {
    /// What is asked of the finger, watched; nothing while nothing is.
    pub(crate) fn finger(self) -> Option<Finger> {
        self.finger.get()
    }

    /// The tap that the browser wanted, or another try.
    pub(crate) fn finger_again(self) {
        if let Some(tap) = self.inner.try_update_value(|inner| inner.tap.take()).flatten() {
            // Nobody waits any more: the vault was opened otherwise.
            let _ = tap.send(());
        }
    }

    /// Nobody goes on with the finger. What was stretched is dropped.
    pub(crate) fn finger_left(self) {
        authenticator::leave();
        self.finger.try_set(None);
        self.inner.try_update_value(|inner| inner.tap = None);
    }

    /// Whether the vault asks for the finger; nothing where it does not and the browser could not.
    pub(crate) async fn has_finger(self) -> Option<bool> {
        let driver = self.driver().filter(|driver| !driver.is_shared())?;
        let wraps = driver.store.wraps().await.ok().flatten()?;
        if wraps.code?.prf {
            return Some(true);
        }
        authenticator::is_there().await.then_some(false)
    }

    /// The vault asks for the finger beside the code from now on, or not any more. The code is asked first: a phone may lie open.
    ///
    /// # Errors
    /// When the code is wrong, the authenticator gave no answer, or nothing could be written.
    pub(crate) async fn set_finger(self, on: bool, typed: &str) -> Result<(), SessionError> {
        self.check_code(typed).await?;
        let driver = self.driver().ok_or(SessionError::OutOfOrder)?;
        let code = vault::read(&driver.store, typed).await?;
        let answered = if on { Some(self.first_answer().await?) } else { None };
        vault::change_code(&driver.store, &code, answered.as_ref()).await?;
        self.code_given(&driver).await;
        Ok(())
    }

    /// The answer for a vault that goes on asking for it.
    pub(super) async fn answer_again(self, driver: &Rc<Driver>) -> Result<Option<Answered>, VaultError> {
        let code = driver.store.wraps().await?.and_then(|wraps| wraps.code).ok_or(VaultError::Forgotten)?;
        match code.second {
            Some(second) => self.answer(second).await.map(Some),
            None => Ok(None),
        }
    }

    /// The answer of the authenticator that answered before.
    pub(super) async fn answer(self, second: Second) -> Result<Answered, VaultError> {
        let asked = async || authenticator::ask(&second.id, &second.salt).await;
        let answer = self.until_answered(asked, Finger::Refused).await?;
        Answered::again(second, answer)
    }

    /// A new credential, and its answer. It is asked as the door will ask: some answer only then, and one that cannot must not close a door.
    async fn first_answer(self) -> Result<Answered, SessionError> {
        let mute = |error: VaultError| {
            if error == VaultError::Estranged { SessionError::FingerMute } else { error.into() }
        };
        let salt: [u8; 32] = entropy::bytes();
        let enrol = async || authenticator::enrol(&salt).await;
        let id = self.until_answered(enrol, Finger::NotMade).await.map_err(mute)?;
        let ask = async || authenticator::ask(&id, &salt).await;
        let answer = self.until_answered(ask, Finger::NotMade).await.map_err(mute)?;
        Ok(Answered::first(id, salt, answer))
    }

    /// Asks again at each tap, until there is an answer or the page is left.
    async fn until_answered<T>(
        self,
        ask: impl AsyncFn() -> Result<T, Refusal>,
        refused: Finger,
    ) -> Result<T, VaultError> {
        loop {
            self.finger.set(Some(Finger::Asked));
            let given = ask().await;
            if self.finger.get_untracked().is_none() {
                return Err(VaultError::FingerLeft);
            }
            let shows = match given {
                Ok(answer) => {
                    self.finger.set(None);
                    return Ok(answer);
                }
                Err(Refusal::Mute) => {
                    self.finger.set(None);
                    return Err(VaultError::Estranged);
                }
                Err(Refusal::Tap) => Finger::Tap,
                Err(Refusal::Refused) => refused,
            };
            let (tap, tapped) = oneshot::channel();
            self.inner.update_value(|inner| inner.tap = Some(tap));
            self.finger.set(Some(shows));
            tapped.await.map_err(|_| VaultError::FingerLeft)?;
        }
    }
}
