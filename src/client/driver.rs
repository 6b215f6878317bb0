//! The loop around the engine: performs its effects and feeds the answers back. It decides nothing.

mod photos;
mod request;

pub(crate) use request::refused;

use crate::{
    platform::{channel::Channel, clock, entropy, http::Abort, lifecycle, prefs, reserve, storage, timer},
    store::StoreError,
    vault_store::VaultStore,
};
use futures::channel::oneshot;
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};
use sync::{
    id::VaultId,
    replica::{
        Attention, Batch, CommitFailure, Effect, Env, Event, Generator, Identity, Opened, Replica, Save,
        SaveProblem, Sentinel, Status, StorageFacts, Timer, UnlockedFacts,
    },
};
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;

/// The version of the app, as `hello` names it.
pub(crate) const BUILD: &str = concat!(env!("CARGO_PKG_VERSION"), "-", env!("HUIFANG_BUILD_MS"));

/// When the app was built, milliseconds since 1970 UTC.
fn built_at() -> i64 {
    env!("HUIFANG_BUILD_MS").parse().unwrap_or_default()
}

/// What tabs say to each other: a batch was written, or a draft.
const COMMIT: &str = "commit";
const DRAFT: &str = "draft";
/// Another tab's batches are read after so long: a first sync writes many.
const CATCH_UP_MS: i64 = 1_000;

/// What the pages are told.
pub(crate) trait Listener {
    /// The counters or the state changed.
    fn status(&self, status: &Status);
    /// Records of these kinds changed.
    fn changed(&self, kinds: &BTreeSet<String>, records: &BTreeSet<Uuid>);
    /// A person should know.
    fn attention(&self, attention: &Attention);
    /// Another tab wrote drafts.
    fn drafts_changed(&self);
    /// Everything was read anew.
    fn reread(&self);
    /// The keys left memory.
    fn locked(&self);
    /// Every key was destroyed: revoked (`false`), or wiped with all that lay here (`true`).
    fn keys_destroyed(&self, wiped: bool);
}

/// One vault's engine with what it acts on.
pub(crate) struct Driver {
    replica: RefCell<Replica>,
    rng: RefCell<Generator>,
    pub(crate) store: VaultStore,
    pub(crate) vault: VaultId,
    identity: Identity,
    /// The session's token of an own device; a shared PC has a cookie.
    bearer: RefCell<Option<String>>,
    shared_pc: bool,
    listener: RefCell<Option<Rc<dyn Listener>>>,
    timers: RefCell<BTreeMap<Timer, timer::Timer>>,
    /// To the other tabs of the vault; none on a shared PC, whose stores no tab shares.
    tabs: RefCell<Option<Channel>>,
    /// Runs when another tab wrote.
    catch_up: RefCell<Option<timer::Timer>>,
    aborts: RefCell<BTreeMap<u64, Abort>>,
    saves: RefCell<BTreeMap<u64, oneshot::Sender<Result<Uuid, SaveProblem>>>>,
    last_token: Cell<u64>,
    /// Files opened here, with the day, that are not noted on the disk yet.
    pub(crate) opened: RefCell<BTreeSet<(Uuid, String)>>,
}

impl Driver {
    pub(crate) fn new(store: VaultStore, vault: VaultId, identity: Identity, shared_pc: bool) -> Rc<Driver> {
        Rc::new(Driver {
            replica: RefCell::new(Replica::new()),
            rng: RefCell::new(Generator::from_seed(entropy::bytes())),
            store,
            vault,
            identity,
            bearer: RefCell::new(None),
            shared_pc,
            listener: RefCell::new(None),
            timers: RefCell::default(),
            tabs: RefCell::default(),
            catch_up: RefCell::default(),
            aborts: RefCell::default(),
            saves: RefCell::default(),
            last_token: Cell::new(0),
            opened: RefCell::default(),
        })
    }

    /// Whether it is of a PC that several people use.
    pub(crate) fn is_shared(&self) -> bool {
        self.shared_pc
    }

    /// Whose vault it is.
    pub(crate) fn author(&self) -> Uuid {
        self.identity.author
    }

    pub(crate) fn listen(&self, listener: Rc<dyn Listener>) {
        *self.listener.borrow_mut() = Some(listener);
    }

    /// What the engine knows, for pages.
    pub(crate) fn with_replica<T>(&self, f: impl FnOnce(&Replica) -> T) -> T {
        f(&self.replica.borrow())
    }

    /// Reads the storage and starts the engine.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub(crate) async fn open(self: &Rc<Driver>) -> Result<(), StoreError> {
        // Before the database: another tab may write both meanwhile, and a sentinel that is ahead of what was read looks like a loss.
        let sentinel = if self.shared_pc { None } else { sentinel(self.vault) };
        let facts = self.store.facts().await?;
        let space = storage::facts().await;
        let opened = Opened {
            identity: self.identity,
            meta: facts.meta,
            outbox: facts.outbox,
            drafts: facts.drafts,
            blobs: facts.blobs,
            sentinel,
            storage: StorageFacts { persisted: space.persisted, free: space.free },
            build: BUILD.to_owned(),
            build_t: built_at(),
            online: lifecycle::is_online(),
            visible: lifecycle::is_visible(),
        };
        self.feed(Event::Opened(Box::new(opened)));
        if !self.shared_pc && self.tabs.borrow().is_none() {
            self.join_tabs();
        }
        Ok(())
    }

    /// Takes the vault's keys: records can be read from here on.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub(crate) async fn unlock(
        self: &Rc<Driver>,
        keys: crypto::vault::Unlocked,
        bearer: Option<String>,
    ) -> Result<(), StoreError> {
        self.store.take_keys(keys);
        self.unlock_again(bearer).await
    }

    /// Reads everything with the keys that the store has taken.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub(crate) async fn unlock_again(self: &Rc<Driver>, bearer: Option<String>) -> Result<(), StoreError> {
        let damaged = self.store.reread().await?.ok_or(StoreError::Broken)?;
        *self.bearer.borrow_mut() = bearer;
        self.feed_unlocked(damaged);
        Ok(())
    }

    fn feed_unlocked(self: &Rc<Driver>, damaged: Vec<(sync::id::Inc, u64)>) {
        let session = self.shared_pc || self.bearer.borrow().is_some();
        let facts = UnlockedFacts {
            key: self.store.out_key_id(),
            damaged,
            drafts: self.store.draft_heads(),
            session,
        };
        self.feed(Event::Unlocked(facts));
    }

    /// Takes a new session with the office, or none.
    pub(crate) fn set_session(self: &Rc<Driver>, bearer: Option<String>) {
        let open = bearer.is_some() || self.shared_pc;
        *self.bearer.borrow_mut() = bearer;
        self.feed(Event::Session { open });
    }

    /// Drops the keys.
    pub(crate) fn lock(self: &Rc<Driver>) {
        self.store.lock();
        self.bearer.borrow_mut().take();
        self.feed(Event::Locked);
        self.tell(|listener| listener.locked());
    }

    /// Saves; resolves with the changeset's id when it is on disk.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) async fn save(self: &Rc<Driver>, save: Save) -> Result<Uuid, SaveProblem> {
        let token = self.last_token.get() + 1;
        self.last_token.set(token);
        let (sender, receiver) = oneshot::channel();
        self.saves.borrow_mut().insert(token, sender);
        self.feed(Event::Save(Save { token, ..save }));
        receiver.await.unwrap_or(Err(SaveProblem::Broken))
    }

    /// Tells the engine what happened, and performs what it asks for.
    pub(crate) fn feed(self: &Rc<Driver>, event: Event) {
        let effects = {
            let mut rng = self.rng.borrow_mut();
            let mut env = Env { now: clock::now_ms(), rng: &mut rng };
            self.replica.borrow_mut().handle(&mut env, event)
        };
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(self: &Rc<Driver>, effect: Effect) {
        match effect {
            Effect::Commit { id, batch } => self.spawn(async move |driver| driver.commit(id, &batch).await),
            Effect::Load { id, entities } => {
                self.spawn(async move |driver| match driver.store.load(&entities).await {
                    Ok(loaded) if driver.store.is_unlocked() => driver.feed(Event::Loaded { id, loaded }),
                    _ => driver.feed(Event::LoadFailed { id }),
                })
            }
            Effect::Digest { id, areas } => {
                self.spawn(async move |driver| {
                    let digests = driver.store.digests(&areas);
                    driver.feed(Event::Digested { id, digests });
                });
            }
            Effect::Send { id, request } => self.spawn(async move |driver| driver.send(id, *request).await),
            Effect::Probe { id } => self.spawn(async move |driver| driver.probe(id).await),
            Effect::Abort { id } => {
                if let Some(abort) = self.aborts.borrow_mut().remove(&id) {
                    abort.abort();
                }
            }
            Effect::Upload { id, hash, offset } => {
                self.spawn(async move |driver| driver.upload(id, hash, offset).await);
            }
            Effect::SetTimer { timer, after_ms } => self.set_timer(timer, after_ms),
            Effect::ClearTimer(timer) => {
                self.timers.borrow_mut().remove(&timer);
            }
            Effect::Sentinel(sentinel) => self.put_sentinel(sentinel),
            Effect::Saved { token, id, .. } => self.saved(token, Ok(id)),
            Effect::SaveFailed { token, problem } => self.saved(token, Err(problem)),
            Effect::Changed { kinds, records, .. } => {
                self.tell(|listener| listener.changed(&kinds, &records))
            }
            Effect::Status(status) => self.tell(|listener| listener.status(&status)),
            Effect::Attention(attention) => self.tell(|listener| listener.attention(&attention)),
            Effect::Reload => self.spawn(async move |driver| driver.reload().await),
            Effect::FreeSpace { id, for_words } => self.spawn(async move |driver| {
                if for_words {
                    driver.free_for_text().await;
                } else {
                    driver.free_space().await;
                }
                driver.feed(Event::SpaceFreed { id });
            }),
            Effect::DestroyAreaKeys(areas) => self.spawn(async move |driver| {
                // A key whose deletion failed is tried again at the next purge; its rows are gone.
                let _ = driver.store.destroy_area_keys(&areas).await;
            }),
            Effect::DestroyKeys => self.spawn(async move |driver| {
                driver.destroy_keys().await;
                driver.tell(|listener| listener.keys_destroyed(false));
            }),
            Effect::Wipe => self.spawn(async move |driver| {
                driver.destroy_keys().await;
                let _ = driver.store.empty().await;
                driver.tell(|listener| listener.keys_destroyed(true));
            }),
        }
    }

    fn spawn(self: &Rc<Driver>, task: impl AsyncFnOnce(Rc<Driver>) + 'static) {
        let driver = self.clone();
        spawn_local(async move { task(driver).await });
    }

    fn tell(&self, call: impl FnOnce(&dyn Listener)) {
        let listener = self.listener.borrow().clone();
        if let Some(listener) = listener {
            call(listener.as_ref());
        }
    }

    fn join_tabs(self: &Rc<Driver>) {
        let driver = Rc::downgrade(self);
        let tabs = Channel::open(&format!("hf-{}", self.vault), move |word| {
            if let Some(driver) = driver.upgrade() {
                driver.other_tab_wrote(&word);
            }
        });
        *self.tabs.borrow_mut() = Some(tabs);
    }

    /// A draft is read again at once, so that this tab does not write an older one over it; all else after a while.
    fn other_tab_wrote(self: &Rc<Driver>, word: &str) {
        if word == DRAFT {
            self.spawn(async move |driver| {
                let _ = driver.store.reread_drafts().await;
                driver.tell(|listener| listener.drafts_changed());
            });
            return;
        }
        let driver = Rc::downgrade(self);
        let running = timer::after(CATCH_UP_MS, move || {
            if let Some(driver) = driver.upgrade() {
                driver.spawn(async move |driver| driver.reload().await);
            }
        });
        *self.catch_up.borrow_mut() = Some(running);
    }

    /// Tells the other tabs that a draft was written here.
    pub(crate) fn wrote_draft(&self) {
        self.tell_tabs(DRAFT);
    }

    fn tell_tabs(&self, word: &str) {
        if let Some(tabs) = self.tabs.borrow().as_ref() {
            tabs.tell(word);
        }
    }

    async fn commit(self: Rc<Driver>, id: u64, batch: &Batch) {
        let event = match self.store.commit(batch).await {
            Ok(()) => {
                self.tell_tabs(COMMIT);
                Event::Committed { id }
            }
            Err(StoreError::Stale) => Event::CommitFailed { id, failure: CommitFailure::Stale },
            Err(StoreError::Full) => Event::CommitFailed { id, failure: CommitFailure::Full },
            Err(_) => Event::CommitFailed { id, failure: CommitFailure::Broken },
        };
        self.feed(event);
    }

    /// Opens the database again and reads it anew, with the keys that are at hand.
    async fn reload(self: Rc<Driver>) {
        if self.store.reopen().await.is_err() {
            return;
        }
        // Read before the engine is told, so that it is never without its keys: somebody may save at any moment.
        let damaged = self.store.reread().await;
        if self.open().await.is_err() {
            return;
        }
        if let Ok(Some(damaged)) = damaged
            && self.store.is_unlocked()
        {
            self.feed_unlocked(damaged);
            self.tell(|listener| listener.reread());
        }
    }

    /// Frees space for a write of text that found none, to be tried once more.
    ///
    /// # Errors
    /// When the write failed for another reason.
    pub(crate) async fn free_after(&self, error: StoreError) -> Result<(), StoreError> {
        if error != StoreError::Full {
            return Err(error);
        }
        self.free_for_text().await;
        Ok(())
    }

    /// The reserve goes at once, and what is freed beside it makes room for the next one.
    async fn free_for_text(&self) {
        reserve::release().await;
        self.free_space().await;
    }

    /// Small pictures from earlier visits go first; when there are none, photos that the office has for good; and faces last.
    pub(crate) async fn free_space(&self) {
        if self.store.drop_old_small().await.is_ok_and(|count| count > 0) {
            return;
        }
        let spare = self.with_replica(Replica::spare_photos);
        // What could not be freed leaves the storage full, which the engine sees at the next write.
        if self.store.drop_chunks(&spare).await.is_ok_and(|count| count > 0) {
            return;
        }
        let _ = self.store.drop_faces().await;
    }

    async fn destroy_keys(self: &Rc<Driver>) {
        if let Ok(Some(wraps)) = self.store.wraps().await {
            let mut locked = crypto::vault::Locked::new(wraps);
            locked.destroy();
            let _ = self.store.put_wraps(locked.wraps()).await;
            let _ = self.store.remove_quick().await;
        }
        self.lock();
    }

    fn saved(&self, token: u64, outcome: Result<Uuid, SaveProblem>) {
        if let Some(sender) = self.saves.borrow_mut().remove(&token) {
            // A page that is gone needs no answer.
            let _ = sender.send(outcome);
        }
    }

    fn set_timer(self: &Rc<Driver>, name: Timer, after_ms: i64) {
        let driver = Rc::downgrade(self);
        let running = timer::after(after_ms, move || {
            if let Some(driver) = driver.upgrade() {
                driver.feed(Event::TimerFired(name));
            }
        });
        self.timers.borrow_mut().insert(name, running);
    }

    fn put_sentinel(&self, sentinel: Sentinel) {
        if self.shared_pc {
            return;
        }
        let text = serde_json::json!({ "inc": sentinel.inc, "last_seq": sentinel.last_seq }).to_string();
        prefs::set(&sentinel_name(self.vault), &text);
    }
}

fn sentinel_name(vault: VaultId) -> String {
    format!("hf.sentinel.{vault}")
}

fn sentinel(vault: VaultId) -> Option<Sentinel> {
    #[derive(serde::Deserialize)]
    struct Written {
        inc: sync::id::Inc,
        last_seq: u64,
    }
    let text = prefs::get(&sentinel_name(vault))?;
    let written: Written = domain::json::from_str(&text).ok()?;
    Some(Sentinel { inc: written.inc, last_seq: written.last_seq })
}
