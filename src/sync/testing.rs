//! A small office for tests: two townships, four villages, one account of each kind.

pub(crate) mod mirror;

use crate::{
    authority::{Batch, PushOutcome, Standing},
    id::{AreaId, DeviceId, Inc, made_alike},
    memory::{Caller, ClearOpener, MemoryStore, Reader},
    rev::Rev,
    scope::{Area, AreaTree, Principal},
    wire::{PullAnswer, PullRequest, PushAnswer, PushRequest, SealedDraft, Verdict},
};
use domain::access::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(crate) const WORKER: &str = "worker";
pub(crate) const WORKER2: &str = "worker2";
pub(crate) const CLERK: &str = "clerk";
pub(crate) const FAR_CLERK: &str = "far_clerk";
pub(crate) const ADMIN: &str = "admin";

/// A UUIDv7 for a name: the same name, the same id.
pub(crate) fn id(name: &str) -> Uuid {
    let mut bytes = *made_alike("test", &[name]).as_bytes();
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    Uuid::from_bytes(bytes)
}

pub(crate) fn area(name: &str) -> AreaId {
    AreaId(id(name))
}

/// A sealed value for [`ClearOpener`].
pub(crate) fn sealed(text: &str) -> Value {
    let tail: String = text.chars().skip(text.chars().count().saturating_sub(4)).collect();
    json!({"kid": "k1", "alg": "intl-1", "enc": "e", "ct": text, "show": format!("**{tail}")})
}

pub(crate) struct World {
    pub(crate) store: MemoryStore,
    pub(crate) tree: AreaTree,
    /// The role that grants were given to, where it is not the user's own.
    pub(crate) granted: Option<Role>,
    pub(crate) standing: Standing,
    pub(crate) now: i64,
    pub(crate) durable: u64,
    pub(crate) scope_rev: u64,
    pub(crate) again: BTreeMap<AreaId, u64>,
    pub(crate) incs: BTreeMap<String, u8>,
}

impl World {
    /// County C; townships T (villages A, B; archives AA, BA) and U (village D). `worker` has A, `worker2` has A and B.
    pub(crate) fn new() -> World {
        let node = |name: &str, parent: Option<&str>, of: Option<&str>| Area {
            id: area(name),
            code: name.to_owned(),
            name: name.to_owned(),
            parent: parent.map(area),
            archive_of: of.map(area),
        };
        let tree = AreaTree::new([
            node("C", None, None),
            node("T", Some("C"), None),
            node("U", Some("C"), None),
            node("A", Some("T"), None),
            node("B", Some("T"), None),
            node("D", Some("U"), None),
            node("AA", Some("A"), Some("A")),
            node("BA", Some("B"), Some("B")),
        ]);
        World {
            store: MemoryStore::new(),
            tree,
            granted: None,
            standing: Standing::Active,
            now: 1_000_000,
            durable: 0,
            scope_rev: 1,
            again: BTreeMap::new(),
            incs: BTreeMap::new(),
        }
    }

    pub(crate) fn who(&self, user: &str) -> Principal {
        let (role, areas, home): (Role, &[&str], &str) = match user {
            WORKER => (Role::VillageWorker, &["A"], "T"),
            WORKER2 => (Role::VillageWorker, &["A", "B"], "T"),
            CLERK => (Role::TownshipClerk, &["T"], "T"),
            FAR_CLERK => (Role::TownshipClerk, &["U"], "U"),
            ADMIN => (Role::Admin, &["C"], "C"),
            other => panic!("no account {other}"),
        };
        let areas: Vec<AreaId> = areas.iter().map(|name| area(name)).collect();
        Principal { user: id(user), role, scope: self.tree.scope(&areas), home: area(home) }
    }

    fn device(user: &str) -> DeviceId {
        DeviceId(*id(user).as_bytes())
    }

    fn inc(&self, user: &str) -> Inc {
        Inc([self.incs.get(user).copied().unwrap_or(1); 8])
    }

    pub(crate) fn last(&self, user: &str) -> u64 {
        self.store.last(Self::device(user), self.inc(user)).map_or(0, |(seq, _)| seq)
    }

    /// A push section as it comes over the wire.
    pub(crate) fn push(&mut self, user: &str, request: Value) -> PushOutcome {
        let request: PushRequest = serde_json::from_str(&request.to_string()).unwrap();
        self.push_request(user, &request)
    }

    pub(crate) fn push_request(&mut self, user: &str, request: &PushRequest) -> PushOutcome {
        let who = self.who(user);
        let caller = Caller {
            who: &who,
            device: Self::device(user),
            inc: self.inc(user),
            granted: self.granted.unwrap_or(who.role),
            standing: self.standing,
            durable: self.durable,
            now: self.now,
            tree: &self.tree,
        };
        self.now += 1000;
        let batch = Batch::open(request, &ClearOpener).unwrap();
        self.store.push(&batch, &caller, &ClearOpener)
    }

    /// Pushes one changeset under the next number and returns its verdict.
    pub(crate) fn save(&mut self, user: &str, name: &str, ops: Value) -> Verdict {
        let t = self.now;
        self.save_at(user, name, t, ops)
    }

    pub(crate) fn save_at(&mut self, user: &str, name: &str, t: i64, ops: Value) -> Verdict {
        let changeset =
            json!({"id": id(name), "schema": 1, "t": t, "t_contact": 0, "author": id(user), "ops": ops});
        self.send(user, changeset)
    }

    /// Pushes one changeset as it is.
    pub(crate) fn send(&mut self, user: &str, changeset: Value) -> Verdict {
        let request = json!({"first_seq": self.last(user) + 1, "changesets": [changeset]});
        match self.push(user, request).answer {
            PushAnswer::Receipt(mut receipt) => receipt.results.remove(0),
            PushAnswer::Error(error) => panic!("{error:?}"),
        }
    }

    /// Hands over a draft.
    pub(crate) fn hand_over(&mut self, user: &str, visit: Uuid, draft: &Value) -> PushOutcome {
        let sealed =
            json!({"id": visit, "sealed": {"key": id("key"), "nonce": "n", "ct": draft.to_string()}});
        let draft: SealedDraft = serde_json::from_value(sealed).unwrap();
        let first_seq = self.last(user) + 1;
        self.push(user, json!({"first_seq": first_seq, "changesets": [], "drafts": [draft], "key": key()}))
    }

    /// Creates a recipient in an area, as the clerk.
    pub(crate) fn recipient(&mut self, name: &str, place: &str, f: Value) {
        let op = json!({"op": "create", "e": id(name), "type": "recipient", "area": area(place), "f": f});
        let verdict = self.save(CLERK, &format!("create {name}"), json!([op]));
        assert_eq!(verdict.why, None, "{name} is created");
    }

    pub(crate) fn field(&self, name: &str, field: &str) -> Value {
        self.store.record(id(name)).unwrap().plain(field).cloned().unwrap_or(Value::Null)
    }

    pub(crate) fn fv(&self, name: &str, field: &str) -> Rev {
        self.store.record(id(name)).unwrap().fields[field].fv
    }

    pub(crate) fn try_pull(&self, user: &str, request: &PullRequest) -> PullAnswer {
        let who = self.who(user);
        let reader = Reader {
            who: &who,
            device: Self::device(user),
            session: true,
            standing: self.standing,
            scope_rev: self.scope_rev,
            again: &self.again,
            tree: &self.tree,
        };
        self.store.pull(request, &reader, &ClearOpener, 1000)
    }
}

pub(crate) fn key() -> Value {
    json!({"id": id("key"), "kid": "k1", "alg": "intl-1", "enc": "e", "ct": "k"})
}

/// `applied`, `held right`, `rejected bad_value`, `merged conflict`, `duplicate/held missing`.
pub(crate) fn said(verdict: &Verdict) -> String {
    let word = |value: Value| value.as_str().unwrap_or_default().to_owned();
    let mut text = word(json!(verdict.st));
    if let Some(was) = verdict.was {
        text = format!("{text}/{}", word(json!(was)));
    }
    for part in verdict.why.iter().map(|why| why.word().to_owned()) {
        text = format!("{text} {part}");
    }
    for made in verdict.made.iter().filter(|made| made.kind != "held") {
        text = format!("{text} {}", made.kind);
    }
    text
}

/// A world with people: `r` and `s` in A (`r` with visit `v`), `q` in B, `far` in D, `gone` deleted, `alias` merged into `s`.
pub(crate) fn village() -> World {
    let mut world = World::new();
    world.recipient(
        "r",
        "A",
        json!({"name": "张三", "mobile": "13800000001", "live_addr": "河边", "id_no": sealed("339999195001010019"),
               "account_no": sealed("6222000011112222")}),
    );
    world.recipient("s", "A", json!({"name": "李四"}));
    world.recipient("q", "B", json!({"name": "王五"}));
    world.recipient("gone", "A", json!({"name": "走"}));
    world.recipient("alias", "A", json!({"name": "又李四"}));
    let far = json!([{"op": "create", "e": id("far"), "type": "recipient", "area": area("D"), "f": {"name": "远"}}]);
    assert_eq!(said(&world.save(FAR_CLERK, "create far", far)), "applied");
    let visit = json!([{"op": "create", "e": id("v"), "type": "visit", "area": area("A"), "parent": id("r"),
                        "f": {"kind": "regular"}}]);
    assert_eq!(said(&world.save(WORKER, "create v", visit)), "applied");
    let rev = world.store.record(id("gone")).unwrap().rev;
    let end = json!([{"op": "delete", "e": id("gone"), "base": {"rev": rev}, "reason": "twice"},
                     {"op": "merge", "from": id("alias"), "into": id("s"), "reason": "same person"}]);
    assert_eq!(said(&world.save(CLERK, "end", end)), "applied");
    world
}
