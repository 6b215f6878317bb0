//! Who works here: no vault yet, locked, or unlocked.

mod door;
mod elected;
mod finger;
mod office;
mod shared;

pub(crate) use door::Door;
pub(crate) use finger::Finger;

use crate::{
    driver::{Driver, Listener},
    platform::{clock, lifecycle, timer},
    vault::{self, Code, Ended, Kept, Moment, Names, NewKeys, PinError, Quick, VaultError},
    vault_store::VaultStore,
};
use domain::{access::Role, policy::Policy};
use futures::channel::oneshot;
use leptos::prelude::*;
use std::rc::Rc;
use sync::{
    id::{DeviceId, VaultId},
    replica::{Event, Identity},
    wire::{EnrolledUser, KeyInfo},
};
use uuid::Uuid;

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
    #[error("the PIN is wrong, {left} more may be tried")]
    Pin { left: u32 },
    #[error("no PIN opens any more, the code is asked")]
    PinOver,
    #[error("the office does not know the device any more: a code of the office is needed")]
    Grant,
    #[error("the device was revoked")]
    Revoked,
    #[error("the steps came in another order")]
    OutOfOrder,
    #[error("the device's storage failed")]
    Storage,
    #[error("a newer version of the app sealed what is here")]
    Newer,
    #[error("the device had not the memory that the code needs")]
    Memory,
    #[error("nobody lifted a finger")]
    FingerLeft,
    #[error("the authenticator does not give the answer of before")]
    Estranged,
    #[error("the authenticator keeps no secrets")]
    FingerMute,
    #[error("work is unsent that leaving would lose")]
    Unsent,
    #[error("a checklist is written and not published")]
    Unpublished,
    #[error("a second factor must be set up first")]
    SecondFactor { secret: String, uri: String },
    #[error("the office refused: {err}")]
    Refused { err: String },
}

/// What somebody typed to log in; what was not asked for is empty.
#[derive(Clone, Default)]
pub(crate) struct Credentials {
    pub(crate) user: String,
    pub(crate) password: String,
    /// Of the second factor.
    pub(crate) code: String,
    /// In place of a one-time password.
    pub(crate) new_password: String,
}

impl From<crate::store::StoreError> for SessionError {
    fn from(error: crate::store::StoreError) -> SessionError {
        if error == crate::store::StoreError::Newer { SessionError::Newer } else { SessionError::Storage }
    }
}

impl From<VaultError> for SessionError {
    fn from(error: VaultError) -> SessionError {
        match error {
            VaultError::Wrong => SessionError::Wrong,
            VaultError::Forgotten => SessionError::Forgotten,
            VaultError::Worker => SessionError::Memory,
            VaultError::FingerLeft => SessionError::FingerLeft,
            VaultError::Estranged => SessionError::Estranged,
            VaultError::NoServerKey => SessionError::Refused { err: "no_key".to_owned() },
            VaultError::Store(error) => error.into(),
        }
    }
}

impl From<PinError> for SessionError {
    fn from(error: PinError) -> SessionError {
        match error {
            PinError::Wrong { left } => SessionError::Pin { left },
            PinError::Over => SessionError::PinOver,
            PinError::Worker => SessionError::Memory,
            PinError::Store(error) => error.into(),
        }
    }
}

/// An enrolment under way.
struct Enrolling {
    names: Names,
    user: EnrolledUser,
    keys: Vec<KeyInfo>,
    /// After the login: the session, and the code that was shown.
    login: Option<(String, Code)>,
    /// The vault exists and only its code was forgotten.
    renews: bool,
}

/// What is open at the moment.
#[derive(Default)]
struct Inner {
    driver: Option<Rc<Driver>>,
    enrolling: Option<Enrolling>,
    listener: Option<Rc<dyn Listener>>,
    last_used: Moment,
    /// What a PIN opens.
    quick: Option<Quick>,
    /// When the code of the open vault was given.
    code_at: i64,
    /// On a shared PC whose page was loaded again: what opens the vault once the office knows the password.
    resumed: Option<crypto::Key>,
    /// The vault whose lock this page holds.
    elected: Option<VaultId>,
    /// What waits for a tap before the authenticator is asked.
    tap: Option<oneshot::Sender<()>>,
}

/// The session; a context, cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    state: RwSignal<SessionState>,
    who: RwSignal<Option<Who>>,
    door: RwSignal<Door>,
    finger: RwSignal<Option<Finger>>,
    lost: RwSignal<bool>,
    /// A shared PC's page was loaded again where the office was out of reach.
    interrupted: RwSignal<bool>,
    /// Recovery codes that the person has not said to have written down.
    recovery: RwSignal<Vec<String>>,
    inner: StoredValue<Inner, LocalStorage>,
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
        Session {
            state: RwSignal::new(SessionState::Starting),
            who: RwSignal::new(None),
            door: RwSignal::new(Door::default()),
            finger: RwSignal::new(None),
            lost: RwSignal::new(false),
            interrupted: RwSignal::new(false),
            recovery: RwSignal::new(Vec::new()),
            inner: StoredValue::new_local(Inner::default()),
        }
    }

    /// Reads the device's storage and says what is there.
    pub(crate) fn start(self) {
        lifecycle::on_happened(move |happened| self.happened(happened));
        self.watch_idle();
        leptos::task::spawn_local(async move {
            if self.resume_shared().await {
                return;
            }
            while let Some(names) = Names::to_open().await {
                match self.open_vault(names).await {
                    Ok(true) => {
                        names.keep();
                        return;
                    }
                    // Another user has a vault here.
                    Ok(false) if Names::forget().is_some() => {}
                    Ok(false) => break,
                    Err(_) => {
                        self.lost.set(true);
                        break;
                    }
                }
            }
            self.state.set(SessionState::NoVault);
        });
    }

    /// How far the device is, watched.
    pub(crate) fn state(self) -> SessionState {
        self.state.get()
    }

    /// Who works here, watched; known once unlocked.
    pub(crate) fn who(self) -> Option<Who> {
        self.who.get()
    }

    /// What who works here is, watched; nothing for a role of a later build.
    pub(crate) fn role(self) -> Option<Role> {
        self.who().and_then(|who| Role::from_word(&who.user.role))
    }

    /// Whether who works here does so at an office, watched.
    pub(crate) fn is_office(self) -> bool {
        self.role().is_some_and(Role::is_office)
    }

    /// Whether who works here makes accounts and areas, watched.
    pub(crate) fn is_admin(self) -> bool {
        self.role() == Some(Role::Admin)
    }

    /// Recovery codes to be written down, watched; empty for none.
    pub(crate) fn recovery(self) -> RwSignal<Vec<String>> {
        self.recovery
    }

    /// Who works here, for code that is not watched.
    pub(crate) fn who_untracked(self) -> Option<Who> {
        self.who.get_untracked()
    }

    /// Whether somebody was enrolled here and his database is gone or cannot be opened, watched.
    pub(crate) fn is_lost(self) -> bool {
        self.lost.get()
    }

    /// Whether a login could not be gone on with because the office was out of reach.
    pub(crate) fn is_interrupted(self) -> bool {
        self.interrupted.get_untracked()
    }

    /// Enrolment, step 1: the one-time code of the office. Where a vault was lost, or an enrolment left half done, and the code is
    /// another user's, the device begins anew.
    pub(crate) async fn enrol(self, code: &str) -> Result<EnrolledUser, SessionError> {
        let may_be_anothers = self.lost.get_untracked() || Names::is_begun();
        let mut names = Names::for_enrolment();
        let mut answer = office::enrol(names, code).await;
        if may_be_anothers && answer.as_ref().is_err_and(|error| *error == SessionError::Wrong) {
            let others = Names::random();
            let again = office::enrol(others, code).await;
            if again.is_ok() {
                others.begin();
                (names, answer) = (others, again);
            }
        }
        let answer = answer?;
        let user = answer.user.clone();
        let enrolling = Enrolling { names, user: answer.user, keys: answer.keys, login: None, renews: false };
        self.inner.update_value(|inner| inner.enrolling = Some(enrolling));
        Ok(user)
    }

    /// A code of the office for the device that is enrolled already, whose grant is gone. The vault stays, with all in it.
    pub(crate) async fn enrol_again(self, code: &str) -> Result<(), SessionError> {
        let names = Names::enrolled().ok_or(SessionError::OutOfOrder)?;
        office::enrol(names, code).await.map(|_| ())
    }

    /// Enrolment, step 2, and the first step after a forgotten code: user and password. Answers with the device code, to be shown once.
    pub(crate) async fn enrol_login(self, with: &Credentials) -> Result<String, SessionError> {
        let mut enrolling = match self.inner.try_update_value(|inner| inner.enrolling.take()).flatten() {
            Some(enrolling) => enrolling,
            None => self.renewing()?,
        };
        let answer = match office::login(enrolling.names, with).await {
            Ok(answer) => answer,
            Err(error) => {
                self.inner.update_value(|inner| inner.enrolling = Some(enrolling));
                return Err(error);
            }
        };
        let (code, shown) = Code::new();
        if let Some(user) = answer.user {
            enrolling.user = user;
        }
        if !answer.keys.is_empty() {
            enrolling.keys = answer.keys;
        }
        enrolling.login = Some((answer.session, code));
        self.inner.update_value(|inner| inner.enrolling = Some(enrolling));
        Ok(shown)
    }

    /// Enrolment, step 3: the device code, typed again. The vault exists afterwards, unlocked.
    pub(crate) async fn enrol_confirm(self, device_code: &str) -> Result<(), SessionError> {
        let enrolling = self.inner.try_update_value(|inner| inner.enrolling.take()).flatten();
        let enrolling = enrolling.ok_or(SessionError::OutOfOrder)?;
        let Some((_, code)) = &enrolling.login else { return Err(SessionError::OutOfOrder) };
        if !code.is(device_code) {
            self.inner.update_value(|inner| inner.enrolling = Some(enrolling));
            return Err(SessionError::Wrong);
        }
        self.enrol_end(enrolling).await
    }

    /// Enrolment, step 3 otherwise: a phrase of the user's own in place of the code that was shown.
    pub(crate) async fn enrol_phrase(self, phrase: Code) -> Result<(), SessionError> {
        let enrolling = self.inner.try_update_value(|inner| inner.enrolling.take()).flatten();
        let mut enrolling = enrolling.ok_or(SessionError::OutOfOrder)?;
        let Some((_, code)) = &mut enrolling.login else { return Err(SessionError::OutOfOrder) };
        *code = phrase;
        self.enrol_end(enrolling).await
    }

    async fn enrol_end(self, enrolling: Enrolling) -> Result<(), SessionError> {
        let made = self.make_vault(&enrolling).await;
        if made.is_err() {
            self.inner.update_value(|inner| inner.enrolling = Some(enrolling));
        }
        made
    }

    /// A new session with the office for the unlocked vault, after the old one lapsed.
    pub(crate) async fn login_again(self, with: Credentials) -> Result<(), SessionError> {
        let driver = self.driver().ok_or(SessionError::OutOfOrder)?;
        let who = self.who.get_untracked().ok_or(SessionError::OutOfOrder)?;
        let names = Names { vault: driver.vault, device: DeviceId([0; 16]) };
        // The device is known by its cookie; its name is not asked for.
        let with = Credentials { user: who.user.name.clone(), ..with };
        let answer = office::login(names, &with).await?;
        self.recovery.set(answer.recovery);
        let bearer = (!who.shared_pc).then_some(answer.session);
        // His role may be another since.
        let user = answer.user.unwrap_or_else(|| who.user.clone());
        let kept = Kept { user: user.clone(), bearer: bearer.clone() };
        vault::keep(&driver.store, &kept).await.map_err(|_| SessionError::Storage)?;
        if user != who.user {
            self.who.set(Some(Who { user, ..who }));
        }
        driver.set_session(bearer);
        Ok(())
    }

    /// Closes the vault: keys and everything read are dropped.
    pub(crate) fn lock(self) {
        let Some(driver) = self.driver() else { return };
        if self.state.get_untracked() == SessionState::Unlocked {
            if !driver.is_shared() {
                self.who.set(None);
            }
            self.state.set(SessionState::Locked);
            driver.lock();
        }
    }

    /// On an own device only locks; on a shared PC ends the login and forgets everything that was sent.
    /// `has_file` says that what is unsent was taken in a rescue file.
    pub(crate) async fn logout(self, has_file: bool) -> Result<(), SessionError> {
        if self.who.get_untracked().is_some_and(|who| who.shared_pc) {
            return self.logout_shared(has_file).await;
        }
        self.lock();
        Ok(())
    }

    /// The engine of the vault, locked or not.
    pub(crate) fn driver(self) -> Option<Rc<Driver>> {
        self.inner.with_value(|inner| inner.driver.clone())
    }

    /// The vault is left where it lies, with what is unsent in it, and the next enrolment makes another: for another user, or after a revocation.
    pub(crate) fn begin_anew(self) {
        // One that was begun is gone on with: its code was taken for its names.
        if !Names::is_begun() {
            Names::anew();
        }
        self.state.set(SessionState::NoVault);
    }

    /// Who is told what the engine does; at most one.
    pub(crate) fn listen(self, listener: Rc<dyn Listener>) {
        self.inner.update_value(|inner| inner.listener = Some(listener));
    }

    /// The keys were destroyed: by revocation, or with all that lay here.
    pub(crate) fn keys_destroyed(self, wiped: bool) {
        self.who.set(None);
        self.inner.update_value(|inner| inner.quick = None);
        if !wiped {
            self.door.set(Door::ended(Ended::Destroyed));
            self.state.set(SessionState::Locked);
        } else if Names::forget().is_some() {
            // Another user has a vault here.
            lifecycle::restart();
        } else {
            self.inner.update_value(|inner| inner.driver = None);
            self.state.set(SessionState::NoVault);
        }
    }

    fn renewing(self) -> Result<Enrolling, SessionError> {
        let names = Names::enrolled().ok_or(SessionError::OutOfOrder)?;
        let driver = self.driver().ok_or(SessionError::OutOfOrder)?;
        let keys =
            driver.with_replica(|replica| replica.meta().map(|meta| meta.keys.clone())).unwrap_or_default();
        let user = EnrolledUser { id: driver.author(), name: String::new(), role: String::new() };
        Ok(Enrolling { names, user, keys, login: None, renews: true })
    }

    async fn make_vault(self, enrolling: &Enrolling) -> Result<(), SessionError> {
        let (bearer, code) = enrolling.login.as_ref().ok_or(SessionError::OutOfOrder)?;
        let salt = crate::platform::entropy::bytes();
        let wrapping = vault::code_key(code, &salt).await?;
        let store = vault::open_stores(enrolling.names).await.map_err(|_| SessionError::Storage)?;
        let old = store.wraps().await.map_err(|_| SessionError::Storage)?;
        let renews = old.filter(|_| enrolling.renews).map(crypto::vault::Locked::new);
        let renewed = renews.is_some();
        let new = NewKeys {
            names: enrolling.names,
            keys: &enrolling.keys,
            wrapping: &wrapping,
            salt,
            is_phrase: code.is_phrase(),
            renews,
        };
        let keys = vault::make(new)?;
        if renewed {
            store.forget_records().await.map_err(|_| SessionError::Storage)?;
        }
        vault::store_new(&store, &keys, enrolling.user.id).await.map_err(|_| SessionError::Storage)?;
        let driver = self.begin(store, enrolling.names, enrolling.user.id, false).await?;
        driver.unlock(keys, Some(bearer.clone())).await.map_err(|_| SessionError::Storage)?;
        let kept = Kept { user: enrolling.user.clone(), bearer: Some(bearer.clone()) };
        vault::keep(&driver.store, &kept).await.map_err(|_| SessionError::Storage)?;
        enrolling.names.set_enrolled();
        if renewed {
            driver.feed(Event::HandOverDrafts);
        }
        self.code_given(&driver).await;
        self.is_open(enrolling.user.clone(), false);
        Ok(())
    }

    /// Opens a vault as far as it opens without a code. One that was wiped is none any more: `false`. A battery that died with the wipe may have kept
    /// its names, which reach the disk seconds after the database does.
    async fn open_vault(self, names: Names) -> Result<bool, SessionError> {
        let storage = |_| SessionError::Storage;
        let store = vault::open_stores(names).await.map_err(storage)?;
        if store.is_wiped().await.map_err(storage)? {
            return Ok(false);
        }
        let author = vault::author(&store).await.map_err(storage)?.ok_or(SessionError::Forgotten)?;
        let driver = self.begin(store, names, author, false).await?;
        self.arrive(&driver).await.map_err(storage)?;
        self.state.set(SessionState::Locked);
        Ok(true)
    }

    /// Starts the engine of a vault, in place of any before.
    async fn begin(
        self,
        store: VaultStore,
        names: Names,
        author: Uuid,
        shared_pc: bool,
    ) -> Result<Rc<Driver>, SessionError> {
        let identity = Identity { device: names.device, author };
        let driver = Driver::new(store, names.vault, identity, shared_pc);
        if let Some(listener) = self.inner.with_value(|inner| inner.listener.clone()) {
            driver.listen(listener);
        }
        driver.open().await.map_err(|_| SessionError::Storage)?;
        self.inner.update_value(|inner| inner.driver = Some(driver.clone()));
        if !shared_pc {
            self.elect(&driver);
        }
        Ok(driver)
    }

    fn is_open(self, user: EnrolledUser, shared_pc: bool) {
        self.used();
        self.who.set(Some(Who { user, shared_pc }));
        self.state.set(SessionState::Unlocked);
    }

    fn happened(self, happened: lifecycle::Happened) {
        use lifecycle::Happened;
        let event = match happened {
            Happened::Used => return self.used(),
            Happened::Online => Event::Online,
            Happened::Offline => Event::Offline,
            Happened::Hidden => Event::Hidden,
            Happened::Visible => {
                self.lock_if_idle();
                Event::Visible
            }
        };
        if let Some(driver) = self.driver() {
            driver.feed(event);
        }
    }

    /// Somebody works here: the lock for idleness waits anew.
    pub(crate) fn used(self) {
        self.inner.update_value(|inner| inner.last_used = clock::moment());
    }

    /// Either clock will do: one may have been set, the other stands still while a phone sleeps.
    fn lock_if_idle(self) {
        let (last, now) = (self.inner.with_value(|inner| inner.last_used), clock::moment());
        let idle = (now.wall - last.wall).max(now.steady - last.steady);
        if idle > self.policy().lock_after_ms() {
            self.lock();
        }
    }

    /// What the office decided about its workers' phones.
    pub(crate) fn policy(self) -> Policy {
        let said = self.driver().and_then(|driver| {
            driver.with_replica(|replica| replica.meta().map(|meta| Policy::read(&meta.settings)))
        });
        said.unwrap_or_default()
    }

    /// Looks from time to time; a page in the back looks when it comes to the front.
    fn watch_idle(self) {
        leptos::task::spawn_local(async move {
            loop {
                timer::sleep(15_000).await;
                self.lock_if_idle();
                self.drop_old_quick();
                self.take_over_if_late();
            }
        });
    }
}
