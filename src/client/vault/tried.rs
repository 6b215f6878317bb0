//! A code on its way into the door: stretched, and with an authenticator's answer beside it where the vault asks for one.

use super::{ATTEMPTS, Code, VaultError, attempts, attempts::WRONG_MAX, attempts_text, forget, stretched};
use crate::{store::StoreError, vault::Attempts, vault_store::VaultStore};
use crypto::{
    Key,
    code::wrapping_key,
    vault::{CodeKey, Locked, Unlocked, wraps::Second},
};
use zeroize::Zeroizing;

/// An authenticator's answer, and what it was asked.
pub(crate) struct Answered {
    pub(super) second: Second,
    pub(super) answer: Zeroizing<[u8; 32]>,
}

impl Answered {
    /// The first answer of an authenticator.
    pub(crate) fn first(id: Vec<u8>, salt: [u8; 32], answer: Zeroizing<[u8; 32]>) -> Answered {
        Answered { second: Second::new(id, salt, &answer), answer }
    }

    /// A later one.
    ///
    /// # Errors
    /// When it is not the one of before: that is no wrong code.
    pub(crate) fn again(second: Second, answer: Zeroizing<[u8; 32]>) -> Result<Answered, VaultError> {
        if second.is_answer(&answer) { Ok(Answered { second, answer }) } else { Err(VaultError::Estranged) }
    }
}

/// A code that was typed and stretched, and not yet tried.
pub(crate) struct Tried {
    stretched: Key,
    salt: [u8; 16],
    /// What an authenticator is asked beside it.
    pub(crate) second: Option<Second>,
}

impl Tried {
    /// Stretches a code. Nothing is tried or counted.
    ///
    /// # Errors
    /// When no code opens the vault, or no authenticator can be asked although one must.
    pub(crate) async fn of(store: &VaultStore, code: &Code) -> Result<Tried, VaultError> {
        // What a newer build sealed is no attempt: no code opens it here, and the right one must not be counted as wrong.
        let locked = store.locked().await?.ok_or(VaultError::Forgotten)?;
        let wrap = locked.wraps().code.as_ref().ok_or(VaultError::Forgotten)?;
        let second = wrap.second.clone();
        if wrap.prf && second.is_none() {
            return Err(VaultError::Estranged);
        }
        let salt = wrap.salt().ok_or(VaultError::Forgotten)?;
        Ok(Tried { stretched: stretched(code, &salt).await?, salt, second })
    }

    /// Opens the vault. The attempt is counted on disk before the code is tried, and not before: as long as the authenticator has not answered
    /// nobody learns anything of a code, and whoever takes his finger away has not tried one.
    ///
    /// # Errors
    /// When it does not open; after ten wrong codes it never does again.
    pub(crate) async fn open(
        self,
        store: &VaultStore,
        answered: Option<&Answered>,
        now: i64,
    ) -> Result<Unlocked, VaultError> {
        if self.second.is_some() && answered.is_none() {
            return Err(VaultError::FingerLeft);
        }
        let answer = answered.map(|given| &*given.answer);
        let locked = Locked::new(store.wraps().await?.ok_or(VaultError::Forgotten)?);
        // While the finger was awaited another tab may have changed the code, or its time be over: then there is nothing to try.
        if locked.wraps().code.as_ref().ok_or(VaultError::Forgotten)?.salt() != Some(self.salt) {
            return Err(VaultError::Wrong);
        }
        let counted = attempts(store).await?.counted(now);
        store.put_meta(ATTEMPTS, &attempts_text(counted)).await?;
        match locked.unlock(&wrapping_key(&self.stretched, answer)) {
            Ok(keys) => {
                store.put_meta(ATTEMPTS, &attempts_text(Attempts::default())).await?;
                Ok(keys)
            }
            Err(refused) if counted.wrong >= WRONG_MAX => {
                forget(store, *refused.vault).await?;
                Err(VaultError::Forgotten)
            }
            Err(_) => Err(VaultError::Wrong),
        }
    }
}

/// Wraps the keys of the open store anew.
pub(super) async fn rewrap(
    store: &VaultStore,
    stretched: &Key,
    salt: [u8; 16],
    answered: Option<&Answered>,
    phrase: bool,
) -> Result<(), StoreError> {
    let wrapping = wrapping_key(stretched, answered.map(|given| &*given.answer));
    let second = answered.map(|given| &given.second);
    store.rewrap(CodeKey { wrapping: &wrapping, salt, second, phrase }).await
}

#[cfg(test)]
mod tests;
