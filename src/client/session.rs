//! Who works here: no vault yet, locked, or unlocked.

use leptos::prelude::*;
use sync::wire::EnrolledUser;

/// How far the device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SessionState {
    /// The device's storage is being read.
    Starting,
    /// Nobody is enrolled on this device.
    NoVault,
    /// Somebody is, and the device code is asked.
    Locked,
    /// Records can be read.
    Unlocked,
}

/// Who works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    pub(crate) user: EnrolledUser,
    /// Whether everything is forgotten at logout.
    pub(crate) shared_pc: bool,
}

/// Why a step of enrolment, login or unlocking failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SessionError {
    #[error("the office cannot be reached")]
    Offline,
    #[error("the code or the password is wrong")]
    Wrong,
    #[error("too many attempts")]
    Wait { wait_ms: i64 },
    #[error("the vault's key was destroyed after ten wrong codes, or its lifetime is over: log in again")]
    Forgotten,
    #[error("the device was revoked")]
    Revoked,
    #[error("the steps came in another order")]
    OutOfOrder,
    #[error("the device's storage failed")]
    Storage,
    #[error("the office refused: {err}")]
    Refused { err: String },
}

/// The session; a context, cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    state: RwSignal<SessionState>,
    who: RwSignal<Option<Who>>,
}

/// The session of the app.
///
/// # Panics
/// Outside of `App`, which provides it.
pub(crate) fn use_session() -> Session {
    use_context().expect("App provides the session to everything below it")
}

impl Session {
    pub(crate) fn new() -> Session {
        Session { state: RwSignal::new(SessionState::Starting), who: RwSignal::new(None) }
    }

    /// Reads the device's storage and says what is there.
    pub(crate) fn start(self) {
        self.state.set(SessionState::NoVault);
    }

    /// How far the device is, watched.
    pub(crate) fn state(self) -> SessionState {
        self.state.get()
    }

    /// Who works here, watched. Known while locked too.
    pub(crate) fn who(self) -> Option<Who> {
        self.who.get()
    }

    /// Enrolment, step 1: the one-time code of the office.
    pub(crate) async fn enrol(self, _code: &str) -> Result<EnrolledUser, SessionError> {
        Err(SessionError::Offline)
    }

    /// Enrolment, step 2: user and password. Answers with the device code, to be shown once.
    pub(crate) async fn enrol_login(self, _user: &str, _password: &str) -> Result<String, SessionError> {
        Err(SessionError::Offline)
    }

    /// Enrolment, step 3: the device code, typed again. The vault exists afterwards, unlocked.
    pub(crate) async fn enrol_confirm(self, _device_code: &str) -> Result<(), SessionError> {
        Err(SessionError::Offline)
    }

    /// Login on a shared PC: nothing outlives the login.
    pub(crate) async fn login_shared(self, _user: &str, _password: &str) -> Result<(), SessionError> {
        Err(SessionError::Offline)
    }

    /// A new session with the office for the unlocked vault, after the old one lapsed.
    pub(crate) async fn login_again(self, _password: &str) -> Result<(), SessionError> {
        Err(SessionError::Offline)
    }

    /// Opens the vault.
    pub(crate) async fn unlock(self, _device_code: &str) -> Result<(), SessionError> {
        Err(SessionError::Wrong)
    }

    /// Closes the vault: keys and everything read are dropped.
    pub(crate) fn lock(self) {}

    /// On an own device only locks; on a shared PC ends the login and forgets everything that was sent.
    pub(crate) async fn logout(self) -> Result<(), SessionError> {
        Ok(())
    }
}
