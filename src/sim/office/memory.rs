//! The real authority over its memory store, with backups around it.

use super::{Account, Chunk, Store, revoked, shelf::Shelf};
use domain::access::Role;
use sync::{
    authority::{Batch, HelloFacts, Opener, Standing, hello},
    id::{AreaId, BlobHash, DeviceId, Inc},
    memory::{Caller, MemoryStore, Reader},
    replica::{BlobHead, RequestFailure},
    scope::{Area, AreaTree},
    wire::{
        BlobState, Limits, PurgedAnswer, PushAnswer, PushKey, PushRequest, SealedBody, SealedValue,
        SyncAnswer, SyncRequest, WIRE_VERSION, Witness,
    },
};
use uuid::Uuid;

/// The key id of every simulated outbox key.
pub(crate) const KEY: Uuid = Uuid::from_u128(0x0ce7);

/// Opens what the simulated phones "seal": their ciphertext is the text.
#[derive(Clone, Copy, Debug)]
struct Glass;

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

/// A server whose disk is memory.
#[derive(Clone, Debug)]
pub struct MemoryOffice {
    store: MemoryStore,
    photos: Shelf,
    backup: Option<(MemoryStore, Shelf)>,
    rows_max: usize,
}

impl MemoryOffice {
    /// An empty one; `rows_max` rows are read at a time, few so that pulls take several pages.
    pub fn new(rows_max: usize) -> MemoryOffice {
        MemoryOffice { store: MemoryStore::new(), photos: Shelf::default(), backup: None, rows_max }
    }

    fn durable(&self, device: DeviceId, inc: Inc) -> Option<(u64, Uuid)> {
        self.backup.as_ref()?.0.last(device, inc)
    }

    fn facts(&self, account: &Account, inc: Inc, ask: &[BlobHash]) -> HelloFacts {
        HelloFacts {
            epoch: self.store.head().epoch,
            scope_rev: account.scope_rev,
            standing: account.standing,
            last: self.store.last(account.device, inc),
            durable: self.durable(account.device, inc),
            limits: Limits { batch_bytes: 256 * 1024, page_bytes: 1024 * 1024, wait_ms: 0 },
            keys: Vec::new(),
            audit: Witness { n: self.store.audit().len() as u64, h: String::new() },
            audit_at_seen: Some(String::new()),
            settings: std::collections::BTreeMap::new(),
            blobs: ask.iter().filter_map(|hash| Some((*hash, self.photos.state(*hash)?))).collect(),
        }
    }
}

impl Store for MemoryOffice {
    fn books(&self) -> &MemoryStore {
        &self.store
    }

    fn sync(
        &mut self,
        account: &Account,
        tree: &AreaTree,
        request: &SyncRequest,
        now: i64,
    ) -> Result<Result<SyncAnswer, RequestFailure>, String> {
        if account.standing == Standing::Revoked {
            return Ok(Err(revoked()));
        }
        let mut answer =
            SyncAnswer { v: WIRE_VERSION, t: now, hello: None, push: None, pull: None, purged: None };
        if let Some(section) = &request.hello {
            answer.hello = Some(hello(section, self.facts(account, request.inc, &section.ask)).answer);
        }
        if let Some(push) = &request.push {
            let batch = Batch::open(push, &Glass).map_err(|_| "a phone sent a malformed push".to_owned())?;
            let caller = Caller {
                who: &account.who,
                device: account.device,
                inc: request.inc,
                granted: account.granted,
                standing: account.standing,
                durable: self.durable(account.device, request.inc).map_or(0, |(seq, _)| seq),
                now,
                tree,
            };
            answer.push = Some(self.store.push(&batch, &caller, &Glass).answer);
        }
        if let Some(pull) = &request.pull {
            let reader = Reader {
                who: &account.who,
                device: account.device,
                session: account.granted == account.who.role,
                standing: account.standing,
                scope_rev: account.scope_rev,
                again: &account.again,
                tree,
            };
            answer.pull = Some(self.store.pull(pull, &reader, &Glass, self.rows_max));
        }
        answer.purged = request.purged.is_some().then_some(PurgedAnswer { ok: true });
        Ok(Ok(answer))
    }

    fn assign(&mut self, account: &mut Account, _: &[AreaId], _: i64) -> Result<(), String> {
        account.scope_rev += 1;
        Ok(())
    }

    fn again(&mut self, account: &mut Account, area: AreaId, _: i64) -> Result<(), String> {
        account.scope_rev += 1;
        account.again.insert(area, account.scope_rev);
        Ok(())
    }

    fn stand(&mut self, account: &mut Account, standing: Standing, _: i64) -> Result<(), String> {
        account.standing = standing;
        Ok(())
    }

    fn grant(&mut self, account: &mut Account, role: Role, _: i64) -> Result<(), String> {
        account.granted = role;
        Ok(())
    }

    fn revoke_in_midst(&mut self, account: &mut Account) {
        account.standing = Standing::Revoked;
    }

    fn import(
        &mut self,
        account: &Account,
        tree: &AreaTree,
        inc: Inc,
        request: &PushRequest,
        now: i64,
    ) -> Result<PushAnswer, String> {
        let batch = Batch::open(request, &Glass).map_err(|_| "a file holds a malformed push".to_owned())?;
        let caller = Caller {
            who: &account.who,
            device: account.device,
            inc,
            granted: account.granted,
            standing: account.standing,
            durable: self.durable(account.device, inc).map_or(0, |(seq, _)| seq),
            now,
            tree,
        };
        Ok(self.store.push(&batch, &caller, &Glass).answer)
    }

    fn merge_villages(
        &mut self,
        accounts: &mut [Account],
        tree: &AreaTree,
        (from, into): (AreaId, AreaId),
        now: i64,
    ) -> Result<(), String> {
        let job = Uuid::from_u128(0x10b << 64 | u128::from(now.unsigned_abs()));
        self.store.move_village((from, into), job, now, tree, &Glass);
        for account in accounts.iter_mut().filter(|account| account.assigned.contains(&from)) {
            account.assigned.remove(&from);
            account.assigned.insert(into);
            account.who.scope = tree.scope(&account.assigned.iter().copied().collect::<Vec<_>>());
            account.scope_rev += 1;
        }
        Ok(())
    }

    fn rename(&mut self, accounts: &mut [Account], _: &AreaTree, area: &Area, _: i64) -> Result<(), String> {
        for account in accounts.iter_mut().filter(|account| account.who.scope.holds(area.id)) {
            account.scope_rev += 1;
        }
        Ok(())
    }

    fn tree(&self) -> Option<AreaTree> {
        None
    }

    fn back_up(&mut self, _: i64) -> Result<(), String> {
        self.backup = Some((self.store.clone(), self.photos.backed_up()));
        Ok(())
    }

    fn restore(&mut self, _: &mut [Account], _: &AreaTree, epoch: u16, _: i64) -> Result<bool, String> {
        let Some((backup, photos)) = self.backup.clone() else { return Ok(false) };
        self.store = backup.restored(epoch);
        self.photos = photos;
        Ok(true)
    }

    fn catch_up(&mut self) {
        self.store.catch_up();
    }

    fn announce(
        &mut self,
        account: &Account,
        head: &BlobHead,
        _: i64,
    ) -> Result<Result<u64, RequestFailure>, String> {
        if account.standing == Standing::Revoked {
            return Ok(Err(revoked()));
        }
        Ok(Ok(self.photos.announce(head)))
    }

    fn put_chunk(&mut self, chunk: Chunk) -> Result<Result<u64, RequestFailure>, String> {
        Ok(self.photos.put(&chunk))
    }

    fn photo_state(&self, hash: BlobHash) -> Option<BlobState> {
        self.photos.state(hash)
    }

    fn photo_bytes(&self, hash: BlobHash) -> Option<Vec<u8>> {
        self.photos.bytes(hash)
    }

    fn push_key(&self) -> PushKey {
        PushKey {
            id: KEY,
            kid: "k".to_owned(),
            alg: "intl-1".to_owned(),
            enc: String::new(),
            ct: String::new(),
        }
    }

    fn seal(&self, _: Uuid, text: String) -> SealedBody {
        SealedBody { key: KEY, nonce: String::new(), ct: text }
    }
}
