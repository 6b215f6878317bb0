//! A phone for tests: its store answers at once, its requests wait to be answered by the test.

use crate::{
    digest::area_digest,
    id::{AreaId, BlobHash, DeviceId, Inc},
    local::LocalRecord,
    replica::{
        Attention, Batch, BlobHead, BlobPhase, CommitFailure, DraftHead, Effect, Env, Event, Generator,
        Identity, Loaded, Meta, Opened, OutboxHead, Replica, RequestPlan, Save, Sentinel, StorageFacts,
        Timer, UnlockedFacts,
    },
    rev::Rev,
    wire::{
        AreaDigest, AreaNode, Base, Changeset, DeviceState, Fields, HelloAnswer, Limits, Op, PullAnswer,
        PullError, PullPage, PushAnswer, PushReceipt, Row, SyncAnswer, Verdict, VerdictState, WIRE_VERSION,
        Witness,
    },
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use uuid::Uuid;

pub(super) const VILLAGE: AreaId = AreaId(Uuid::from_u128(0xa1));
pub(super) const OTHER: AreaId = AreaId(Uuid::from_u128(0xa2));

pub(super) fn identity() -> Identity {
    Identity { device: DeviceId([1; 16]), author: Uuid::from_u128(7) }
}

pub(super) fn e(n: u128) -> Uuid {
    Uuid::from_u128(0x01900000_0000_7000_8000_000000000000 + n)
}

pub(super) fn rev(n: u64) -> Rev {
    Rev::new(1, n)
}

#[derive(Default)]
pub(super) struct Phone {
    pub(super) replica: Replica,
    pub(super) rng: Option<Generator>,
    pub(super) now: i64,
    pub(super) meta: Option<Meta>,
    pub(super) out: BTreeMap<(Inc, u64), (OutboxHead, Option<Changeset>)>,
    pub(super) rep: BTreeMap<Uuid, LocalRecord>,
    pub(super) stage: BTreeMap<Uuid, LocalRecord>,
    pub(super) drafts: BTreeMap<Uuid, DraftHead>,
    pub(super) sentinel: Option<Sentinel>,
    /// Outcomes of the next commits, before they succeed again.
    pub(super) failures: VecDeque<CommitFailure>,
    /// Commits are left unanswered.
    pub(super) is_stuck: bool,
    /// So many of the next reads fail.
    pub(super) loads_failing: usize,
    pub(super) build_t: i64,
    pub(super) batches: Vec<Batch>,
    pub(super) sent: VecDeque<(u64, RequestPlan)>,
    pub(super) effects: Vec<Effect>,
}

impl Phone {
    /// A phone that holds two villages at rev 5 and has nothing to send.
    pub(super) fn settled() -> Phone {
        let mut phone = Phone { now: 1_790_000_000_000, ..Phone::default() };
        phone.start();
        phone.answer(|answer| answer.pull = Some(scope(1, &[VILLAGE, OTHER])));
        let rows = vec![
            full(1, VILLAGE, 3, &[("mobile", json!("1"))]),
            full(2, VILLAGE, 4, &[("mobile", json!("1"))]),
            full(3, OTHER, 5, &[("mobile", json!("1"))]),
        ];
        phone.page(rows, 5, false);
        assert!(phone.sent.is_empty(), "at rest: {:?}", phone.sent);
        phone.effects.clear();
        phone.batches.clear();
        phone
    }

    pub(super) fn start(&mut self) {
        self.replica = Replica::new();
        self.rng.get_or_insert_with(|| Generator::from_number(1));
        self.open();
        let waiting = self.sent.pop_front();
        let drafts = self.drafts.values().copied().collect();
        self.event(Event::Unlocked(UnlockedFacts { session: true, drafts, ..UnlockedFacts::default() }));
        // What a locked phone says on its own is answered at once.
        self.sent.extend(waiting);
        if self.sent.front().is_some_and(|(_, request)| request.pull.is_none() && request.push.is_none()) {
            self.answer(|_| {});
        }
    }

    pub(super) fn open(&mut self) {
        let opened = self.opened();
        self.event(Event::Opened(Box::new(opened)));
    }

    fn opened(&self) -> Opened {
        Opened {
            identity: identity(),
            meta: self.meta.clone(),
            outbox: self.out.values().map(|row| row.0.clone()).collect(),
            drafts: self.drafts.values().copied().collect(),
            blobs: Vec::new(),
            sentinel: self.sentinel,
            storage: StorageFacts::default(),
            build: "1".to_owned(),
            build_t: self.build_t,
            online: true,
            visible: true,
        }
    }

    pub(super) fn event(&mut self, event: Event) {
        let mut queue = VecDeque::from([event]);
        while let Some(event) = queue.pop_front() {
            let mut rng = self.rng.take().unwrap_or_else(|| Generator::from_number(1));
            let effects = self.replica.handle(&mut Env { now: self.now, rng: &mut rng }, event);
            self.rng = Some(rng);
            for effect in effects {
                queue.extend(self.perform(effect));
            }
        }
    }

    fn perform(&mut self, effect: Effect) -> Option<Event> {
        let event = match &effect {
            Effect::Commit { .. } if self.is_stuck => None,
            Effect::Commit { id, batch } => match self.failures.pop_front() {
                Some(failure) => Some(Event::CommitFailed { id: *id, failure }),
                None if batch.meta.generation != self.generation() + 1 => {
                    Some(Event::CommitFailed { id: *id, failure: CommitFailure::Stale })
                }
                None => {
                    self.write(batch);
                    Some(Event::Committed { id: *id })
                }
            },
            Effect::Load { id, .. } if self.loads_failing > 0 => {
                self.loads_failing -= 1;
                Some(Event::LoadFailed { id: *id })
            }
            Effect::Load { id, entities } => Some(Event::Loaded { id: *id, loaded: self.load(entities) }),
            Effect::Digest { id, areas } => {
                let digests = areas.iter().map(|area| (*area, self.digest(*area))).collect();
                Some(Event::Digested { id: *id, digests })
            }
            Effect::Send { id, request } => {
                self.sent.push_back((*id, (**request).clone()));
                None
            }
            Effect::FreeSpace { id, .. } => Some(Event::SpaceFreed { id: *id }),
            Effect::Reload => Some(Event::Opened(Box::new(self.opened()))),
            Effect::Sentinel(sentinel) => {
                self.sentinel = Some(*sentinel);
                None
            }
            _ => None,
        };
        self.effects.push(effect);
        event
    }

    fn load(&self, entities: &[Uuid]) -> Loaded {
        let pick = |from: &BTreeMap<Uuid, LocalRecord>| {
            entities.iter().filter_map(|e| Some((*e, from.get(e)?.clone()))).collect()
        };
        Loaded { rep: pick(&self.rep), stage: pick(&self.stage) }
    }

    pub(super) fn digest(&self, area: AreaId) -> AreaDigest {
        let rows = self.rep.values().filter(|record| record.area == area && record.is_counted());
        area_digest(rows.map(|record| (record.id, record.rev())))
    }

    /// Of the newest commit, whichever tab made it.
    fn generation(&self) -> u64 {
        self.meta.as_ref().map_or(0, |meta| meta.generation)
    }

    fn write(&mut self, batch: &Batch) {
        self.meta = Some(batch.meta.clone());
        batch.out_del.iter().for_each(|key| drop(self.out.remove(key)));
        let moved: Vec<_> =
            batch.out_move.iter().map(|m| (self.out.remove(&m.from), m.head.clone())).collect();
        for (old, head) in moved {
            self.out.insert((head.inc, head.seq), (head, old.and_then(|old| old.1)));
        }
        for put in &batch.out_put {
            self.out.insert((put.head.inc, put.head.seq), (put.head.clone(), Some(put.changeset.clone())));
        }
        self.drafts.retain(|id, _| !batch.draft_del.contains(id));
        self.rep.retain(|_, r| !batch.area_del.contains(&r.area));
        self.stage.retain(|_, r| !batch.area_del.contains(&r.area) && !batch.stage_clear.contains(&r.area));
        self.stage.extend(batch.stage_put.iter().map(|r| (r.id, r.clone())));
        batch.stage_del.iter().for_each(|e| drop(self.stage.remove(e)));
        batch.rep_del.iter().for_each(|e| drop(self.rep.remove(e)));
        if !batch.swap.is_empty() {
            self.rep.retain(|_, r| !batch.swap.contains(&r.area));
            self.rep.append(&mut self.stage);
        }
        self.rep.extend(batch.rep_put.iter().map(|r| (r.id, r.clone())));
        self.batches.push(batch.clone());
    }

    /// Answers the oldest request; `hello` is answered as the phone stands unless the test says otherwise.
    pub(super) fn answer(&mut self, fill: impl FnOnce(&mut SyncAnswer)) -> RequestPlan {
        let (id, request) = self.sent.pop_front().expect("a request waits");
        let hello = request.hello.as_ref().map(|hello| hello_at(hello.acked.min(hello.next_seq - 1)));
        let mut answer =
            SyncAnswer { v: WIRE_VERSION, t: self.now, hello, push: None, pull: None, purged: None };
        fill(&mut answer);
        self.event(Event::Answered { id, answer: Box::new(answer), took_ms: 100 });
        request
    }

    pub(super) fn page(&mut self, rows: Vec<Row>, head: u64, more: bool) -> RequestPlan {
        self.push_and_page(None, rows, head, more)
    }

    /// Answers with verdicts and a page whose digests fit what the phone will then hold, if it is right.
    pub(super) fn push_and_page(
        &mut self,
        push: Option<PushAnswer>,
        rows: Vec<Row>,
        head: u64,
        more: bool,
    ) -> RequestPlan {
        let cur = [VILLAGE, OTHER, AreaId::OWN].map(|area| (area, rev(head))).into();
        let digest = (!more).then(|| self.digest_after(&rows));
        let page = PullPage { epoch: 1, head: rev(head), cur, more, rows, digest };
        self.answer(|answer| {
            answer.push = push;
            answer.pull = Some(PullAnswer::Page(page));
        })
    }

    fn digest_after(&self, rows: &[Row]) -> BTreeMap<AreaId, AreaDigest> {
        let mut live: BTreeMap<Uuid, (AreaId, Rev)> = self
            .rep
            .values()
            .filter(|record| record.is_counted())
            .map(|record| (record.id, (record.area, record.rev())))
            .collect();
        live.extend(
            rows.iter().filter(|row| !row.del && row.x.is_none()).map(|row| (row.e, (row.area, row.rev))),
        );
        let digest =
            |area: AreaId| area_digest(live.iter().filter(|(_, at)| at.0 == area).map(|(e, at)| (*e, at.1)));
        [VILLAGE, OTHER, AreaId::OWN].into_iter().map(|area| (area, digest(area))).collect()
    }

    pub(super) fn fail(&mut self) {
        let (id, _) = self.sent.pop_front().expect("a request waits");
        let failure = crate::replica::RequestFailure::Network { at_once: false };
        self.event(Event::RequestFailed { id, failure });
    }

    pub(super) fn save(&mut self, entity: Uuid, field: &str, value: Value) {
        let op = Op::Set { e: entity, f: field.to_owned(), v: value, base: Base::Fv(Rev::ZERO) };
        self.event(Event::Save(Save { token: 1, ops: vec![op], ..Save::default() }));
    }

    pub(super) fn tap(&mut self) {
        self.event(Event::Tapped);
    }

    pub(super) fn saved_ids(&self) -> Vec<Uuid> {
        let ids = self.effects.iter().filter_map(|effect| match effect {
            Effect::Saved { id, .. } => Some(*id),
            _ => None,
        });
        ids.collect()
    }

    pub(super) fn attentions(&self) -> Vec<&Attention> {
        let all = self.effects.iter().filter_map(|effect| match effect {
            Effect::Attention(attention) => Some(attention),
            _ => None,
        });
        all.collect()
    }

    pub(super) fn last_timer(&self, timer: Timer) -> Option<i64> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::SetTimer { timer: set, after_ms } if *set == timer => Some(*after_ms),
            _ => None,
        })
    }

    pub(super) fn meta(&self) -> &Meta {
        self.meta.as_ref().expect("the storage has counters")
    }

    pub(super) fn last_changeset(&self) -> &Changeset {
        self.out.values().last().and_then(|row| row.1.as_ref()).expect("an outbox row with its body")
    }
}

/// A photo that waits to be sent.
pub(super) fn photo(n: u8) -> BlobHead {
    BlobHead {
        hash: BlobHash([n; 32]),
        kind: "photo".to_owned(),
        bytes: 1000,
        e: Uuid::from_u128(u128::from(n)),
        offset: 0,
        phase: BlobPhase::Waiting,
        t: i64::from(n),
        noted: false,
    }
}

pub(super) fn scope(scope_rev: u64, areas: &[AreaId]) -> PullAnswer {
    let node = |id: &AreaId| AreaNode {
        id: *id,
        code: String::new(),
        name: String::new(),
        parent: None,
        again: false,
    };
    PullAnswer::Error(PullError::Scope { scope_rev, areas: areas.iter().map(node).collect() })
}

pub(super) fn full(n: u128, area: AreaId, at: u64, pairs: &[(&str, Value)]) -> Row {
    Row { full: true, kind: Some("recipient".to_owned()), entered: Some(rev(at)), ..part(n, area, at, pairs) }
}

pub(super) fn part(n: u128, area: AreaId, at: u64, pairs: &[(&str, Value)]) -> Row {
    let f: Fields = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Row { e: e(n), rev: rev(at), area, f: Some(f), ..Row::default() }
}

pub(super) fn hello_at(acked: u64) -> HelloAnswer {
    HelloAnswer {
        epoch: 1,
        scope_rev: 1,
        state: DeviceState::Active,
        acked,
        id_at_acked: None,
        durable: 0,
        id_at_durable: None,
        schema: (1, 1),
        limits: Limits { batch_bytes: 262_144, page_bytes: 1_048_576, wait_ms: 0 },
        keys: Vec::new(),
        audit: Witness { n: 0, h: String::new() },
        blobs: None,
        settings: Fields::new(),
    }
}

pub(super) fn verdict(id: Uuid, seq: u64, st: VerdictState, at: u64) -> Verdict {
    Verdict { id, seq, st, was: None, rev: Some(rev(at)), why: None, made: Vec::new() }
}

pub(super) fn receipt(acked: u64, durable: u64, results: Vec<Verdict>) -> PushAnswer {
    PushAnswer::Receipt(PushReceipt { acked, durable, results, drafts: Vec::new() })
}
