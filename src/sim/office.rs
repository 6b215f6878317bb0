//! The office: accounts and areas, and behind them a store that works through what phones send.

#[cfg(feature = "sql")]
#[path = "../server/tests/support/postgres.rs"]
#[allow(clippy::unwrap_used, reason = "a cluster that does not start ends the run")]
mod cluster;
mod memory;
mod shelf;
#[cfg(feature = "sql")]
pub mod sql;

#[cfg(feature = "sql")]
use crate::world::START;
use domain::access::Role;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    authority::Standing,
    id::{AreaId, BlobHash, DeviceId, Inc},
    memory::MemoryStore,
    record::{HELD, Record},
    replica::{BlobHead, RequestFailure},
    rev::Rev,
    scope::{Area, AreaTree, Principal},
    wire::{BlobState, Incident, PushAnswer, PushKey, PushRequest, SealedBody, SyncAnswer, SyncRequest},
};
use uuid::Uuid;

pub(crate) use memory::KEY;
pub use memory::MemoryOffice;

/// What the office of a run stores in.
#[derive(Clone, Debug, Default)]
pub enum Engine {
    /// Memory.
    #[default]
    Memory,
    /// A database over SQL, with the server's own code around it.
    #[cfg(feature = "sql")]
    Sql(sql::Server),
}

impl Engine {
    /// The engine of that name. `postgres` brings `None`, said in one line, where PostgreSQL is not installed.
    ///
    /// # Errors
    /// When there is none of that name in this build.
    pub fn named(name: &str) -> anyhow::Result<Option<Engine>> {
        match name {
            "memory" => Ok(Some(Engine::Memory)),
            #[cfg(feature = "sql")]
            "sqlite" => Ok(Some(Engine::Sql(sql::Server::sqlite()))),
            #[cfg(feature = "sql")]
            "postgres" => Ok(sql::Server::postgres().map(Engine::Sql)),
            _ => anyhow::bail!(
                "no store is called {name}: memory, and with the feature `sql` sqlite and postgres"
            ),
        }
    }

    /// A new office of these people.
    ///
    /// # Errors
    /// When its store cannot be made.
    pub fn office(&self, roles: &[Role], rows_max: usize) -> anyhow::Result<Office> {
        let store: Box<dyn Store> = match self {
            Engine::Memory => Box::new(MemoryOffice::new(rows_max)),
            #[cfg(feature = "sql")]
            Engine::Sql(server) => Box::new(sql::SqlOffice::new(server, roles, rows_max, START)?),
        };
        Ok(Office::new(store, accounts(roles)))
    }
}

/// A revoked device is refused as a whole.
fn revoked() -> RequestFailure {
    refused(403, "revoked")
}

fn refused(status: u16, err: &str) -> RequestFailure {
    RequestFailure::Refused { status, err: err.to_owned(), wait_ms: None }
}

/// Codes of the township and its villages, by the last digit of their ids.
const CODES: [&str; 4] = ["339999100", "339999100201", "339999100202", "339999100203"];

/// A user with one device.
#[derive(Clone, Debug)]
pub struct Account {
    /// Who it is, with the scope as it is now.
    pub who: Principal,
    /// His areas as they were assigned.
    pub assigned: BTreeSet<AreaId>,
    /// The device.
    pub device: DeviceId,
    /// Grows with every new assignment.
    pub scope_rev: u64,
    /// Areas to be pulled again since a scope version.
    pub again: BTreeMap<AreaId, u64>,
    /// What was decided about the device.
    pub standing: Standing,
    /// The role that its grant was given to.
    pub granted: Role,
}

/// Bytes of a photo on their way.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Whose.
    pub hash: BlobHash,
    /// Where they begin.
    pub offset: u64,
    /// They.
    pub bytes: Vec<u8>,
    /// Their hash as the phone gave it.
    pub said: [u8; 32],
}

/// What the office works on: a store with the code that ships around it.
pub trait Store: std::fmt::Debug {
    /// What is stored, for the checkers.
    fn books(&self) -> &MemoryStore;

    /// Works through the sections of a request; says in words what is wrong with the store itself.
    ///
    /// # Errors
    /// When the store did not do what it must.
    fn sync(
        &mut self,
        account: &Account,
        tree: &AreaTree,
        request: &SyncRequest,
        now: i64,
    ) -> Result<Result<SyncAnswer, RequestFailure>, String>;

    /// Gives a user these areas, and counts his scope on.
    ///
    /// # Errors
    /// When the store did not do what it must.
    fn assign(&mut self, account: &mut Account, areas: &[AreaId], now: i64) -> Result<(), String>;

    /// Has a user pull an area, or all of his, again.
    ///
    /// # Errors
    /// When the store did not do what it must.
    fn again(&mut self, account: &mut Account, area: AreaId, now: i64) -> Result<(), String>;

    /// Decides about a device.
    ///
    /// # Errors
    /// When the store did not do what it must.
    fn stand(&mut self, account: &mut Account, standing: Standing, now: i64) -> Result<(), String>;

    /// The device's grant is one that was given to this role, whichever the user has now: with another it goes on to push, and reads nothing.
    ///
    /// # Errors
    /// When the store did not do what it must.
    fn grant(&mut self, account: &mut Account, role: Role, now: i64) -> Result<(), String>;

    /// Decides that a device is revoked after its next request has been let in.
    fn revoke_in_midst(&mut self, account: &mut Account);

    /// Takes a push that comes in a file instead of over the line.
    ///
    /// # Errors
    /// When the store did not do what it must.
    fn import(
        &mut self,
        account: &Account,
        tree: &AreaTree,
        inc: Inc,
        request: &PushRequest,
        now: i64,
    ) -> Result<PushAnswer, String>;

    /// Moves everything in a village, and its people, to another one.
    ///
    /// # Errors
    /// When the store did not do what it must.
    fn merge_villages(
        &mut self,
        accounts: &mut [Account],
        tree: &AreaTree,
        villages: (AreaId, AreaId),
        now: i64,
    ) -> Result<(), String>;

    /// Gives a village another code.
    ///
    /// # Errors
    /// When the store did not do what it must.
    fn rename(
        &mut self,
        accounts: &mut [Account],
        tree: &AreaTree,
        area: &Area,
        now: i64,
    ) -> Result<(), String>;

    /// Takes a verified backup.
    ///
    /// # Errors
    /// When the store did not do what it must.
    fn back_up(&mut self, now: i64) -> Result<(), String>;

    /// Restores the newest backup under this epoch. Returns false if there is none.
    ///
    /// # Errors
    /// When the store did not do what it must.
    fn restore(
        &mut self,
        accounts: &mut [Account],
        tree: &AreaTree,
        epoch: u16,
        now: i64,
    ) -> Result<bool, String>;

    /// The area tree, where the store keeps it.
    fn tree(&self) -> Option<AreaTree>;

    /// Every transaction is over: readers see all that was stored.
    fn catch_up(&mut self);

    /// A photo is named: where to go on, or why not.
    ///
    /// # Errors
    /// When the store did not do what it must.
    fn announce(
        &mut self,
        account: &Account,
        head: &BlobHead,
        now: i64,
    ) -> Result<Result<u64, RequestFailure>, String>;

    /// A chunk with the hash that the phone gave it: where to go on, or why not.
    ///
    /// # Errors
    /// When the store did not do what it must.
    fn put_chunk(&mut self, chunk: Chunk) -> Result<Result<u64, RequestFailure>, String>;

    /// How far a photo is.
    fn photo_state(&self, hash: BlobHash) -> Option<BlobState>;

    /// What would be served of a photo.
    fn photo_bytes(&self, hash: BlobHash) -> Option<Vec<u8>>;

    /// The outbox key of the phones, sealed to the office.
    fn push_key(&self) -> PushKey;

    /// Seals a body under that key.
    fn seal(&self, id: Uuid, text: String) -> SealedBody;
}

/// The server.
#[derive(Debug)]
pub struct Office {
    /// Where it all lies.
    pub store: Box<dyn Store>,
    /// The area tree: one township with its villages.
    pub tree: AreaTree,
    /// The villages.
    pub villages: Vec<AreaId>,
    /// The township.
    pub top: AreaId,
    /// Users by number of their device.
    pub accounts: Vec<Account>,
    epoch: u16,
    /// Incidents as they came, by device.
    pub incidents: Vec<(usize, Incident)>,
    /// Purges on record.
    pub purged: u64,
    /// What the store failed to do.
    pub broken: Option<String>,
}

/// The areas of an office, its township first.
pub fn areas() -> Vec<Area> {
    let id = |n: usize| AreaId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001 + n as u128));
    let node = |(n, code): (usize, &&str)| Area {
        id: id(n),
        code: (*code).to_owned(),
        name: (*code).to_owned(),
        parent: (n > 0).then(|| id(0)),
        archive_of: None,
    };
    CODES.iter().enumerate().map(node).collect()
}

/// One account for each role; assignments follow.
pub fn accounts(roles: &[Role]) -> Vec<Account> {
    let account = |(n, role): (usize, &Role)| Account {
        who: Principal {
            user: Uuid::from_u128(0xa11ce + n as u128),
            role: *role,
            scope: sync::scope::Scope::default(),
            home: areas()[0].id,
        },
        assigned: BTreeSet::new(),
        device: DeviceId(std::array::from_fn(|_| n as u8 + 1)),
        scope_rev: 1,
        again: BTreeMap::new(),
        standing: Standing::Active,
        granted: *role,
    };
    roles.iter().enumerate().map(account).collect()
}

impl Office {
    /// An office of these accounts over this store.
    pub fn new(store: Box<dyn Store>, accounts: Vec<Account>) -> Office {
        let areas = areas();
        Office {
            store,
            top: areas[0].id,
            villages: areas[1..].iter().map(|area| area.id).collect(),
            tree: AreaTree::new(areas),
            accounts,
            epoch: 1,
            incidents: Vec::new(),
            purged: 0,
            broken: None,
        }
    }

    /// What is stored.
    pub fn books(&self) -> &MemoryStore {
        self.store.books()
    }

    /// Gives a user these areas.
    pub fn assign(&mut self, n: usize, areas: &[AreaId], now: i64) {
        let account = &mut self.accounts[n];
        account.assigned = areas.iter().copied().collect();
        account.who.scope = self.tree.scope(areas);
        let done = self.store.assign(account, areas, now);
        self.note(done);
    }

    /// Says that a user's area is to be pulled again.
    pub fn again(&mut self, n: usize, area: AreaId, now: i64) {
        let done = self.store.again(&mut self.accounts[n], area, now);
        self.note(done);
    }

    /// Decides about a device.
    pub fn stand(&mut self, n: usize, standing: Standing, now: i64) {
        let done = self.store.stand(&mut self.accounts[n], standing, now);
        self.note(done);
    }

    /// Gives the device of a user a grant of this role.
    pub fn grant(&mut self, n: usize, role: Role, now: i64) {
        let done = self.store.grant(&mut self.accounts[n], role, now);
        self.note(done);
    }

    /// Revokes a device after its next request has been let in.
    pub fn revoke_in_midst(&mut self, n: usize) {
        self.store.revoke_in_midst(&mut self.accounts[n]);
    }

    /// Takes a push that comes in a file.
    pub fn import(&mut self, n: usize, inc: Inc, request: &PushRequest, now: i64) -> Option<PushAnswer> {
        let done = self.store.import(&self.accounts[n], &self.tree, inc, request, now);
        self.note(done)
    }

    /// Two villages become one.
    pub fn merge_villages(&mut self, from: AreaId, into: AreaId, now: i64) {
        let done = self.store.merge_villages(&mut self.accounts, &self.tree, (from, into), now);
        self.note(done);
    }

    /// A village gets another code.
    pub fn rename(&mut self, village: AreaId, code: String, now: i64) {
        let Some(old) = self.tree.get(village).cloned() else { return };
        let new = Area { name: code.clone(), code, ..old };
        let all = std::iter::once(self.top).chain(self.villages.iter().copied());
        let nodes =
            all.filter_map(|id| if id == village { Some(new.clone()) } else { self.tree.get(id).cloned() });
        self.tree = AreaTree::new(nodes.collect::<Vec<_>>());
        let done = self.store.rename(&mut self.accounts, &self.tree, &new, now);
        self.note(done);
    }

    /// Takes a verified backup.
    pub fn back_up(&mut self, now: i64) {
        let done = self.store.back_up(now);
        self.note(done);
    }

    /// Restores the newest backup, if there is one.
    pub fn restore(&mut self, now: i64) -> bool {
        let before: Vec<Standing> = self.accounts.iter().map(|account| account.standing).collect();
        let done = self.store.restore(&mut self.accounts, &self.tree, self.epoch + 1, now);
        let is_done = self.note(done).unwrap_or(false);
        if let Some(tree) = self.store.tree().filter(|_| is_done) {
            self.tree = tree;
        }
        if is_done {
            self.epoch = self.books().head().epoch;
            // A backup knows nothing of what was decided after it: whoever restores decides it again.
            for (n, standing) in before.into_iter().enumerate() {
                if matches!(standing, Standing::Revoked | Standing::Wipe) {
                    self.stand(n, standing, now);
                }
                // The grants are those of the backup; each user has his own role.
                self.grant(n, self.accounts[n].who.role, now);
            }
        }
        is_done
    }

    /// The epoch: 1 as long as nothing was restored.
    pub fn epoch(&self) -> u16 {
        self.epoch
    }

    /// The areas a device's owner may see.
    pub fn scope(&self, n: usize) -> BTreeSet<AreaId> {
        self.accounts[n].who.scope.areas().collect()
    }

    /// Works through the sections of a request.
    ///
    /// # Errors
    /// When the office refuses the request as a whole.
    pub fn sync(&mut self, n: usize, request: &SyncRequest, now: i64) -> Result<SyncAnswer, RequestFailure> {
        let done = self.store.sync(&self.accounts[n], &self.tree, request, now);
        let Some(answer) = self.note(done) else {
            return Err(RequestFailure::Network { at_once: false });
        };
        let answer = answer?;
        let incident = request.hello.as_ref().and_then(|hello| hello.storage.incident.clone());
        self.incidents.extend(incident.map(|incident| (n, incident)));
        self.purged += u64::from(request.purged.is_some());
        Ok(answer)
    }

    /// A photo is named: where to go on.
    ///
    /// # Errors
    /// When the office refuses it.
    pub fn announce(&mut self, n: usize, head: &BlobHead, now: i64) -> Result<u64, RequestFailure> {
        let done = self.store.announce(&self.accounts[n], head, now);
        self.note(done).unwrap_or(Err(RequestFailure::Network { at_once: false }))
    }

    /// A chunk arrives: where to go on.
    ///
    /// # Errors
    /// When the office refuses it.
    pub fn put_chunk(
        &mut self,
        hash: BlobHash,
        offset: u64,
        bytes: Vec<u8>,
        said: [u8; 32],
    ) -> Result<u64, RequestFailure> {
        let done = self.store.put_chunk(Chunk { hash, offset, bytes, said });
        self.note(done).unwrap_or(Err(RequestFailure::Network { at_once: false }))
    }

    /// How far a photo is.
    pub fn photo_state(&self, hash: BlobHash) -> Option<BlobState> {
        self.store.photo_state(hash)
    }

    /// What would be served of a photo.
    pub fn photo_bytes(&self, hash: BlobHash) -> Option<Vec<u8>> {
        self.store.photo_bytes(hash)
    }

    fn note<T>(&mut self, done: Result<T, String>) -> Option<T> {
        match done {
            Ok(done) => Some(done),
            Err(what) => {
                self.broken.get_or_insert(what);
                None
            }
        }
    }

    /// What a device's owner should hold: records of his areas, and own held ones from outside, by id with rev.
    pub fn expected(&self, n: usize, area: AreaId) -> BTreeMap<Uuid, Rev> {
        let account = &self.accounts[n];
        let rows = self.books().records().filter(|record| record.del.is_none());
        let own = |record: &&Record| record.kind == HELD && record.id_in("by") == Some(account.who.user);
        let scope = &account.who.scope;
        let kind =
            |name: &str| domain::kinds::kind(name).is_some_and(|kind| kind.is_pulled_by(account.who.role));
        rows.filter(|record| {
            if area == AreaId::OWN {
                own(record) && !scope.holds(record.area)
            } else {
                record.area == area && (own(record) || kind(&record.kind))
            }
        })
        .map(|record| (record.id, record.rev))
        .collect()
    }
}
