//! The office: the real authority over its memory store, with accounts, backups and restores around it.

use domain::access::Role;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    authority::{Batch, HelloFacts, Opener, Standing, hello},
    id::{AreaId, DeviceId, Inc},
    memory::{Caller, MemoryStore, Reader},
    rev::Rev,
    scope::{Area, AreaTree, Principal},
    wire::{
        Incident, Limits, PullAnswer, PurgedAnswer, PushAnswer, PushKey, PushRequest, SealedBody,
        SealedValue, SyncAnswer, SyncRequest, WIRE_VERSION, Witness,
    },
};
use uuid::Uuid;

/// Opens what the simulated phones "seal": their ciphertext is the text.
#[derive(Clone, Copy, Debug)]
pub struct Glass;

impl Opener for Glass {
    type Key = ();

    fn open_key(&self, _: &PushKey) -> Option<()> {
        Some(())
    }

    fn open_body(&self, (): &(), _: Uuid, body: &SealedBody) -> Option<Vec<u8>> {
        Some(body.ct.clone().into_bytes())
    }

    fn index(&self, _: Uuid, _: &str, value: &SealedValue) -> Option<String> {
        Some(format!("i{}", value.ct))
    }

    fn text(&self, _: Uuid, _: &str, value: &SealedValue) -> Option<String> {
        Some(value.ct.clone())
    }
}

/// A user with one device.
#[derive(Clone, Debug)]
pub struct Account {
    /// Who it is, with the scope as it is now.
    pub who: Principal,
    /// The device.
    pub device: DeviceId,
    /// Grows with every new assignment.
    pub scope_rev: u64,
    /// Areas to be pulled again since a scope version.
    pub again: BTreeMap<AreaId, u64>,
    /// What was decided about the device.
    pub standing: Standing,
}

/// The server.
#[derive(Clone, Debug)]
pub struct Office {
    /// What is stored.
    pub store: MemoryStore,
    /// The area tree: one township with its villages.
    pub tree: AreaTree,
    /// The villages.
    pub villages: Vec<AreaId>,
    /// The township.
    pub top: AreaId,
    /// Users by number of their device.
    pub accounts: Vec<Account>,
    backup: Option<MemoryStore>,
    epoch: u16,
    /// Incidents as they came, by device.
    pub incidents: Vec<(usize, Incident)>,
    /// Purges on record.
    pub purged: u64,
    /// Rows read at a time, small so that pulls take several pages.
    pub rows_max: usize,
}

impl Office {
    /// An office with `devices` accounts over villages of its tree; assignments follow.
    pub fn new(devices: usize, roles: &[Role]) -> Office {
        let id = |n: u128| AreaId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n));
        let top = id(1);
        let villages: Vec<AreaId> = (2..5).map(id).collect();
        let node = |id: AreaId, parent| Area {
            id,
            code: id.to_string(),
            name: id.to_string(),
            parent,
            archive_of: None,
        };
        let below = villages.iter().map(|village| node(*village, Some(top)));
        let tree = AreaTree::new(std::iter::once(node(top, None)).chain(below));
        let accounts = (0..devices).map(|n| Account {
            who: Principal {
                user: Uuid::from_u128(0xa11ce + n as u128),
                role: roles[n],
                scope: tree.scope(&[]),
                home: top,
            },
            device: DeviceId(std::array::from_fn(|_| n as u8 + 1)),
            scope_rev: 0,
            again: BTreeMap::new(),
            standing: Standing::Active,
        });
        Office {
            store: MemoryStore::new(),
            accounts: accounts.collect(),
            tree,
            villages,
            top,
            backup: None,
            epoch: 1,
            incidents: Vec::new(),
            purged: 0,
            rows_max: 1,
        }
    }

    /// Gives a user these areas.
    pub fn assign(&mut self, n: usize, areas: &[AreaId]) {
        let account = &mut self.accounts[n];
        account.who.scope = self.tree.scope(areas);
        account.scope_rev += 1;
    }

    /// Says that a user's area is to be pulled again.
    pub fn again(&mut self, n: usize, area: AreaId) {
        let account = &mut self.accounts[n];
        account.scope_rev += 1;
        account.again.insert(area, account.scope_rev);
    }

    /// Takes a verified backup.
    pub fn back_up(&mut self) {
        self.backup = Some(self.store.clone());
    }

    /// Restores the newest backup, if there is one.
    pub fn restore(&mut self) -> bool {
        let Some(backup) = self.backup.clone() else { return false };
        self.store = backup.restored(self.epoch + 1);
        self.epoch = self.store.head().epoch;
        true
    }

    /// The epoch: 1 as long as nothing was restored.
    pub fn epoch(&self) -> u16 {
        self.epoch
    }

    /// The areas a device's owner may see.
    pub fn scope(&self, n: usize) -> BTreeSet<AreaId> {
        self.accounts[n].who.scope.areas().collect()
    }

    fn durable(&self, device: DeviceId, inc: Inc) -> Option<(u64, Uuid)> {
        self.backup.as_ref()?.last(device, inc)
    }

    /// Works through the sections of a request.
    pub fn sync(&mut self, n: usize, request: &SyncRequest, now: i64) -> SyncAnswer {
        let mut answer =
            SyncAnswer { v: WIRE_VERSION, t: now, hello: None, push: None, pull: None, purged: None };
        if let Some(section) = &request.hello {
            let account = &self.accounts[n];
            let facts = HelloFacts {
                epoch: self.epoch,
                scope_rev: account.scope_rev,
                standing: account.standing,
                last: self.store.last(account.device, request.inc),
                durable: self.durable(account.device, request.inc),
                limits: Limits { batch_bytes: 256 * 1024, page_bytes: 1024 * 1024, wait_ms: 0 },
                keys: Vec::new(),
                audit: Witness { n: self.store.audit().len() as u64, h: String::new() },
                audit_at_seen: Some(String::new()),
                blobs: BTreeMap::new(),
            };
            let outcome = hello(section, facts);
            self.incidents.extend(outcome.incident.map(|incident| (n, incident)));
            answer.hello = Some(outcome.answer);
        }
        answer.push = request.push.as_ref().and_then(|push| self.push(n, request.inc, push, now));
        answer.pull = request.pull.as_ref().map(|pull| self.pull(n, pull));
        if request.purged.is_some() {
            self.purged += 1;
            answer.purged = Some(PurgedAnswer { ok: true });
        }
        answer
    }

    fn push(&mut self, n: usize, inc: Inc, request: &PushRequest, now: i64) -> Option<PushAnswer> {
        let account = &self.accounts[n];
        let batch = Batch::open(request, &Glass).ok()?;
        let caller = Caller {
            who: &account.who,
            device: account.device,
            inc,
            standing: account.standing,
            durable: self.durable(account.device, inc).map_or(0, |(seq, _)| seq),
            now,
            tree: &self.tree,
        };
        Some(self.store.push(&batch, &caller, &Glass).answer)
    }

    fn pull(&self, n: usize, request: &sync::wire::PullRequest) -> PullAnswer {
        let account = &self.accounts[n];
        let reader = Reader {
            who: &account.who,
            device: account.device,
            session: true,
            standing: account.standing,
            scope_rev: account.scope_rev,
            again: &account.again,
            tree: &self.tree,
        };
        self.store.pull(request, &reader, &Glass, self.rows_max)
    }

    /// What a device's owner should hold: records of his areas, and own held ones from outside, by id with rev.
    pub fn expected(&self, n: usize, area: AreaId) -> BTreeMap<Uuid, Rev> {
        let account = &self.accounts[n];
        let rows = self.store.records().filter(|record| record.del.is_none());
        let own = |record: &&sync::record::Record| {
            record.kind == sync::record::HELD && record.id_in("by") == Some(account.who.user)
        };
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
