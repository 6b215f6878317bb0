//! The server's own database code over SQLite or PostgreSQL: rights, push, merge, hello, pull, audit, backup and restore as they ship.
//!
//! What the checkers look at is read back from the tables after every request.

mod place;

use super::{Account, Chunk, Store, accounts, areas, memory::KEY, refused, revoked};
use crypto::{
    Key, SUITE, b64,
    hpke::{self, Info},
    seal::{self, NONCE_BYTES},
};
use domain::{access::Role, day::Timestamp};
use place::Place;
use server::{
    auth::GRANT_MS,
    db::{
        AccountChange, AreaMerge, AreaRename, Asking, Caller, Database, DbError, Enrolment, Factor,
        NewAccount, NewArea, NewCode, NewSession, Reopening, SqlDatabase,
        books::{Books, Known},
    },
    error::ApiError,
    exchange,
    intake::{self, Announcement},
    keys::Keys,
    state::App,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use sync::{
    authority::{SeqRow, Standing, WriteSet},
    id::{AreaId, BlobHash, DeviceId, Inc, VaultId},
    memory::MemoryStore,
    replica::{BlobHead, RequestFailure},
    scope::{Area, AreaTree},
    wire::{
        BlobState, DeviceState, PushAnswer, PushKey, PushRequest, SealedBody, SyncAnswer, SyncRequest, Why,
    },
};
use tokio::runtime::Runtime;
use uuid::Uuid;

pub use place::Server;

/// The outbox key of every simulated phone.
const OUT_KEY: [u8; 32] = [7; 32];

/// A server on a database of its own.
pub struct SqlOffice {
    runtime: Runtime,
    place: Place,
    db: Arc<SqlDatabase>,
    /// The server's parts around the database, for photos.
    app: App,
    keys: Arc<Keys>,
    rows_max: usize,
    devices: Vec<DeviceId>,
    books: MemoryStore,
    known: Known,
    backups: u32,
    /// To be revoked as soon as its next request has been let in.
    to_revoke: Option<DeviceId>,
}

impl std::fmt::Debug for SqlOffice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqlOffice").field("place", &self.place).finish_non_exhaustive()
    }
}

impl SqlOffice {
    /// An office on a new, empty database, with its areas, accounts and enrolled devices.
    ///
    /// # Errors
    /// When the database cannot be made.
    pub fn new(engine: &Server, roles: &[Role], rows_max: usize, now: i64) -> anyhow::Result<SqlOffice> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let place = Place::new(engine)?;
        let keys = Arc::new(place.keys()?);
        let db = Arc::new(runtime.block_on(place.open(&keys))?.in_small_windows(rows_max));
        let app = place.app(&db, &keys)?;
        let mut office = SqlOffice {
            runtime,
            place,
            db,
            app,
            keys,
            rows_max,
            devices: accounts(roles).iter().map(|account| account.device).collect(),
            books: MemoryStore::new(),
            known: Known::default(),
            backups: 0,
            to_revoke: None,
        };
        office.furnish(roles, now)?;
        office.read_all().map_err(anyhow::Error::msg)?;
        Ok(office)
    }

    fn furnish(&mut self, roles: &[Role], now: i64) -> anyhow::Result<()> {
        for area in areas() {
            let (code, name, parent) = (area.code, area.name, area.parent.map(|parent| parent.0));
            let new = NewArea { id: area.id.0, code, name, parent, now };
            self.runtime.block_on(self.db.add_area(new))?;
        }
        for account in accounts(roles) {
            self.runtime.block_on(enrol(&self.db, &account, now))?;
        }
        Ok(())
    }

    fn wait<T>(&self, what: impl Future<Output = Result<T, DbError>>) -> Result<T, String> {
        self.runtime.block_on(what).map_err(|error| format!("the database fails: {error:?}"))
    }

    /// What came since the last look joins the books.
    fn read(&mut self, device: Option<DeviceId>) -> Result<(), String> {
        let news = self.wait(self.db.books(&self.known, device))?;
        self.known = news.known.clone();
        if let Some(n) = news.broken_audit_entry {
            return Err(format!("I20 the audit chain breaks at {n}"));
        }
        self.enter(device, news);
        Ok(())
    }

    fn read_all(&mut self) -> Result<(), String> {
        self.books = MemoryStore::new();
        self.known = Known::default();
        self.read(None)?;
        self.devices.clone().into_iter().try_for_each(|device| self.read(Some(device)))
    }

    fn enter(&mut self, device: Option<DeviceId>, news: Books) {
        let Books { head, records, audit, changesets, numbers, .. } = news;
        let log: BTreeMap<Uuid, _> = changesets.into_iter().map(|row| (row.id, row)).collect();
        // Every judgement left an entry for its first op, or one alone: twice the same is an effect twice.
        let judged = audit
            .iter()
            .filter(|entry| entry.i.unwrap_or(0) == 0 && entry.why != Some(Why::Draft))
            .filter_map(|entry| log.get(&entry.changeset).cloned());
        let writes = WriteSet { head, records, changesets: judged.collect(), audit, ..WriteSet::default() };
        self.books.write(DeviceId([0; 16]), Inc([0; 8]), writes);
        let Some(device) = device else { return };
        for (inc, seq, op_id) in numbers {
            let writes = WriteSet { head, seqs: vec![SeqRow { seq, op_id }], ..WriteSet::default() };
            self.books.write(device, inc, writes);
        }
    }

    fn answer(&self, device: DeviceId, request: &SyncRequest, now: i64) -> Result<SyncAnswer, DbError> {
        self.runtime.block_on(async {
            let who: Caller = self.db.principal(asking(device), now).await?;
            exchange::check(&who, request)?;
            if self.to_revoke == Some(device) {
                self.db.set_device(&device.to_string(), "revoked", now).await?;
            }
            exchange::answer(self.db.as_ref(), &who, request, now).await
        })
    }

    fn reopen(&mut self) -> Result<(), String> {
        let failed = |error: anyhow::Error| format!("the database does not open: {error:#}");
        let db = self.runtime.block_on(self.place.open(&self.keys)).map_err(failed)?;
        self.db = Arc::new(db.in_small_windows(self.rows_max));
        self.app = self.place.app(&self.db, &self.keys).map_err(failed)?;
        Ok(())
    }

    /// What the database says of an account.
    fn look_up(&self, account: &mut Account, tree: &AreaTree, now: i64) -> Result<(), String> {
        let found = self.wait(self.db.accounts())?.into_iter().find(|found| found.id == account.who.user);
        let found = found.ok_or("an account is gone")?;
        let areas: Vec<AreaId> = found.areas.into_iter().map(AreaId).collect();
        account.who.scope = tree.scope(&areas);
        account.assigned = areas.into_iter().collect();
        account.scope_rev = found.scope_rev;
        account.standing = match self.runtime.block_on(self.db.principal(asking(account.device), now)) {
            Ok(who) => match who.state {
                DeviceState::Active => Standing::Active,
                DeviceState::Readonly => Standing::Readonly,
                DeviceState::Wipe => Standing::Wipe,
            },
            Err(DbError::Revoked) => Standing::Revoked,
            Err(error) => return Err(format!("a device is gone: {error:?}")),
        };
        Ok(())
    }

    fn change(
        &self,
        account: &Account,
        areas: Option<&[AreaId]>,
        role: Role,
        now: i64,
    ) -> Result<u64, String> {
        let change = AccountChange {
            name: name(account),
            areas: areas.map(|areas| areas.iter().map(|area| area.0).collect()),
            role: Some(role),
            password_hash: None,
            now,
        };
        self.wait(self.db.change_account(change)).map(|account| account.scope_rev)
    }
}

impl Store for SqlOffice {
    fn books(&self) -> &MemoryStore {
        &self.books
    }

    fn sync(
        &mut self,
        account: &Account,
        _: &AreaTree,
        request: &SyncRequest,
        now: i64,
    ) -> Result<Result<SyncAnswer, RequestFailure>, String> {
        let answered = self.answer(account.device, request, now);
        self.to_revoke.take_if(|device| *device == account.device);
        let answer = match answered {
            Ok(answer) => answer,
            Err(DbError::Revoked) => {
                // The books must show that nothing of it was kept.
                self.read(Some(account.device))?;
                return Ok(Err(revoked()));
            }
            Err(error) => return Err(format!("the office fails: {error:?}")),
        };
        if request.push.is_some() || request.hello.is_some() || request.purged.is_some() {
            self.read(Some(account.device))?;
        }
        Ok(Ok(answer))
    }

    fn assign(&mut self, account: &mut Account, areas: &[AreaId], now: i64) -> Result<(), String> {
        account.scope_rev = self.change(account, Some(areas), account.who.role, now)?;
        Ok(())
    }

    /// Another role makes all areas look different; here the old one is given back at once.
    fn again(&mut self, account: &mut Account, _: AreaId, now: i64) -> Result<(), String> {
        let other = match account.who.role {
            Role::VillageWorker => Role::TownshipClerk,
            _ => Role::VillageWorker,
        };
        self.change(account, None, other, now)?;
        account.scope_rev = self.change(account, None, account.who.role, now)?;
        account.granted = account.who.role;
        // Another role ends the session and leaves the grant to push alone: the office gives a code, and he logs in again.
        match self.runtime.block_on(let_in(&self.db, account, now)) {
            Err(DbError::Revoked) => Ok(()),
            done => done.map_err(|error| format!("a device is not enrolled again: {error:?}")),
        }
    }

    fn stand(&mut self, account: &mut Account, standing: Standing, now: i64) -> Result<(), String> {
        let word = match standing {
            Standing::Active => "active",
            Standing::Readonly => "readonly",
            Standing::Wipe | Standing::Left => "wipe",
            Standing::Revoked => "revoked",
        };
        self.wait(self.db.set_device(&account.device.to_string(), word, now))?;
        account.standing = standing;
        Ok(())
    }

    /// For a moment the account has that role, and takes a code.
    fn grant(&mut self, account: &mut Account, role: Role, now: i64) -> Result<(), String> {
        account.granted = role;
        if account.standing == Standing::Revoked {
            return Ok(());
        }
        let own = account.who.role;
        if role != own {
            self.change(account, None, role, now)?;
        }
        match self.runtime.block_on(let_in(&self.db, account, now)) {
            Err(DbError::Revoked) => {}
            done => done.map_err(|error| format!("a device is not enrolled again: {error:?}"))?,
        }
        if role != own {
            account.scope_rev = self.change(account, None, own, now)?;
        }
        Ok(())
    }

    fn revoke_in_midst(&mut self, account: &mut Account) {
        account.standing = Standing::Revoked;
        self.to_revoke = Some(account.device);
    }

    fn import(
        &mut self,
        account: &Account,
        _: &AreaTree,
        inc: Inc,
        request: &PushRequest,
        now: i64,
    ) -> Result<PushAnswer, String> {
        let answer = self.wait(self.db.push_rescued(account.device, inc, request, None, now))?;
        self.read(Some(account.device))?;
        Ok(answer)
    }

    fn merge_villages(
        &mut self,
        accounts: &mut [Account],
        tree: &AreaTree,
        (from, into): (AreaId, AreaId),
        now: i64,
    ) -> Result<(), String> {
        let on = Timestamp::from_ms(now).day();
        self.wait(self.db.merge_areas(AreaMerge { from: from.0, into: into.0, by: None, on, now }))?;
        self.read_all()?;
        accounts.iter_mut().try_for_each(|account| self.look_up(account, tree, now))
    }

    fn rename(
        &mut self,
        accounts: &mut [Account],
        tree: &AreaTree,
        area: &Area,
        now: i64,
    ) -> Result<(), String> {
        let (code, name, on) = (area.code.clone(), area.name.clone(), Timestamp::from_ms(now).day());
        self.wait(self.db.rename_area(AreaRename { area: area.id.0, code, name, by: None, on, now }))?;
        accounts.iter_mut().try_for_each(|account| self.look_up(account, tree, now))
    }

    fn tree(&self) -> Option<AreaTree> {
        let nodes = self.wait(self.db.areas()).ok()?.into_iter().map(|area| Area {
            id: AreaId(area.id),
            code: area.code,
            name: area.name,
            parent: area.parent.map(AreaId),
            archive_of: area.archive_of.map(AreaId),
        });
        Some(AreaTree::new(nodes))
    }

    fn back_up(&mut self, now: i64) -> Result<(), String> {
        self.backups += 1;
        let name = format!("{:06}", self.backups);
        let failed = |error: anyhow::Error| format!("the backup fails: {error:#}");
        if !self.place.copies_while_open() {
            self.runtime.block_on(self.db.close());
        }
        let copied = self.runtime.block_on(self.place.back_up(&self.db, &name, now));
        if !self.place.copies_while_open() {
            self.reopen()?;
        }
        self.wait(self.db.note_backup(copied.map_err(failed)?))?;
        self.read(None)
    }

    fn restore(
        &mut self,
        accounts: &mut [Account],
        tree: &AreaTree,
        epoch: u16,
        now: i64,
    ) -> Result<bool, String> {
        if self.backups == 0 {
            return Ok(false);
        }
        self.runtime.block_on(self.db.close());
        self.place.restore().map_err(|error| format!("the restore fails: {error:#}"))?;
        self.reopen()?;
        let backup = format!("{:06}", self.backups);
        let lost_photos = BTreeSet::new();
        self.wait(self.db.reopen(Reopening { epoch, backup, lost_photos, now }))?;
        self.read_all()?;
        for account in accounts {
            self.look_up(account, tree, now)?;
        }
        Ok(true)
    }

    fn catch_up(&mut self) {
        self.db.catch_up();
    }

    fn announce(
        &mut self,
        account: &Account,
        head: &BlobHead,
        now: i64,
    ) -> Result<Result<u64, RequestFailure>, String> {
        let said =
            Announcement { bytes: head.bytes, kind: head.kind.clone(), e: head.e, key: None, seal: None };
        let done = self.runtime.block_on(async {
            let who = self.db.principal(asking(account.device), now).await?;
            intake::announce(&self.app, who.device, head.hash, said, None).await
        });
        photo_answer(done)
    }

    fn put_chunk(&mut self, chunk: Chunk) -> Result<Result<u64, RequestFailure>, String> {
        let Chunk { hash, offset, bytes, said } = chunk;
        let bytes = bytes.into();
        if intake::check_hash(&bytes, &b64::encode(&said)).is_err() {
            return Ok(Err(refused(460, "bad_chunk")));
        }
        photo_answer(self.runtime.block_on(intake::add_chunk(&self.app, hash, offset, bytes)))
    }

    fn photo_state(&self, hash: BlobHash) -> Option<BlobState> {
        let row = self.runtime.block_on(self.db.blob_find(hash)).ok()?;
        Some(server::db::blob_state(row.as_ref()))
    }

    fn photo_bytes(&self, hash: BlobHash) -> Option<Vec<u8>> {
        self.runtime.block_on(self.app.blobs.file(hash)).ok()
    }

    fn push_key(&self) -> PushKey {
        let public = &self.keys.public()[0];
        let pk = b64::decode(&public.pk).ok().and_then(|pk| hpke::PublicKey::from_bytes(&pk).ok());
        let aad = KEY.to_string();
        let sealed = pk.and_then(|pk| hpke::seal_to(&pk, Info::Out, aad.as_bytes(), &OUT_KEY, [9; 32]).ok());
        let (enc, ct) = sealed
            .map_or_else(Default::default, |sealed| (b64::encode(&sealed.enc), b64::encode(&sealed.ct)));
        PushKey { id: KEY, kid: public.kid.clone(), alg: SUITE.to_owned(), enc, ct }
    }

    fn seal(&self, id: Uuid, text: String) -> SealedBody {
        let mut nonce = [0; NONCE_BYTES];
        nonce[..16].copy_from_slice(id.as_bytes());
        let ct = seal::seal(&Key::from_bytes(OUT_KEY), nonce, id.to_string().as_bytes(), text.as_bytes());
        SealedBody { key: KEY, nonce: b64::encode(&nonce), ct: b64::encode(&ct) }
    }
}

impl Drop for SqlOffice {
    fn drop(&mut self) {
        self.runtime.block_on(self.db.close());
    }
}

/// What the phone hears of a photo; what no phone can mend is a failure of the office.
fn photo_answer(done: Result<u64, ApiError>) -> Result<Result<u64, RequestFailure>, String> {
    Ok(Err(match done {
        Ok(offset) => return Ok(Ok(offset)),
        Err(ApiError::Revoked) => revoked(),
        Err(ApiError::Offset { .. }) => refused(409, "offset"),
        Err(ApiError::Gone) => refused(410, "expired"),
        Err(ApiError::BadChunk) => refused(460, "bad_chunk"),
        Err(error) => return Err(format!("the office fails with a photo: {error:?}")),
    }))
}

/// Makes an account with a device that has been logged in on.
async fn enrol(db: &SqlDatabase, account: &Account, now: i64) -> Result<(), DbError> {
    let new = NewAccount {
        id: account.who.user,
        name: name(account),
        role: account.who.role,
        password_hash: String::new(),
        areas: Vec::new(),
        now,
    };
    db.add_account(new, None).await?;
    let_in(db, account, now).await
}

/// How many codes were given in this process.
static CODES: AtomicU64 = AtomicU64::new(0);

/// Gives the account's device a grant and a session.
async fn let_in(db: &SqlDatabase, account: &Account, now: i64) -> Result<(), DbError> {
    let Asking { vault, grant, bearer, .. } = asking(account.device);
    let (grant_hash, session_hash) = (grant.unwrap_or_default(), bearer.unwrap_or_default());
    // Those of before lie there still; several are given in the same moment.
    let code = format!("{} {}", account.device, CODES.fetch_add(1, Ordering::Relaxed));
    let (user, until) = (name(account), now + GRANT_MS);
    db.add_code(NewCode { user, hash: code.clone(), until, by: None, now }).await?;
    let enrolment = Enrolment {
        code_hash: code,
        device: account.device,
        vault,
        grant_hash: grant_hash.clone(),
        grant_until: until,
        now,
    };
    db.enrol(enrolment).await?;
    let session = NewSession {
        account: account.who.user,
        vault,
        grant_hash: Some(grant_hash),
        session_hash,
        device: account.device,
        factors: vec![Factor::Password],
        now,
    };
    db.open_session(session).await?;
    Ok(())
}

fn name(account: &Account) -> String {
    account.who.user.to_string()
}

/// The tokens of a device, as hashes.
fn asking(device: DeviceId) -> Asking {
    let vault = VaultId(std::array::from_fn(|i| device.0[i]));
    Asking {
        vault,
        grant: Some(format!("grant {device}")),
        bearer: Some(format!("bearer {device}")),
        shared: None,
    }
}
