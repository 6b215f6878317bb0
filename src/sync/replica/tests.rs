use super::*;
use crate::{
    id::{DeviceId, Inc},
    wire::{DeviceState, HelloAnswer, Limits, PullAnswer, PullError, SyncAnswer, Witness},
};
use std::collections::BTreeMap;

/// A replica with the store and the office that its effects ask for.
struct Bench {
    replica: Replica,
    rng: Generator,
    effects: Vec<Effect>,
}

impl Bench {
    /// A new device, unlocked and logged in.
    fn new() -> Bench {
        let mut bench = Bench { replica: Replica::new(), rng: Generator::from_number(1), effects: Vec::new() };
        bench.tell(Event::Opened(Box::new(Opened {
            identity: Identity { device: DeviceId([1; 16]), author: Uuid::nil() },
            meta: None,
            outbox: Vec::new(),
            drafts: Vec::new(),
            blobs: Vec::new(),
            sentinel: None,
            storage: StorageFacts::default(),
            build: "test".to_owned(),
            build_t: 0,
            online: true,
            visible: true,
        })));
        bench.tell(Event::Unlocked(UnlockedFacts { session: true, ..UnlockedFacts::default() }));
        bench
    }

    /// Tells an event; every commit succeeds at once.
    fn tell(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            let mut env = Env { now: 1_000, rng: &mut self.rng };
            for effect in self.replica.handle(&mut env, event) {
                match effect {
                    Effect::Commit { id, .. } => events.push(Event::Committed { id }),
                    other => self.effects.push(other),
                }
            }
        }
    }

    /// The request on the wire.
    fn request(&mut self) -> Option<(u64, RequestPlan)> {
        let sent = self.effects.drain(..).filter_map(|effect| match effect {
            Effect::Send { id, request } => Some((id, *request)),
            _ => None,
        });
        sent.last()
    }

    fn answer(&mut self, id: u64, hello: Option<HelloAnswer>, pull: Option<PullAnswer>) {
        let answer = Box::new(SyncAnswer { v: 1, t: 2_000, hello, push: None, pull, purged: None });
        self.tell(Event::Answered { id, answer, took_ms: 10 });
    }
}

fn hello(epoch: u16) -> HelloAnswer {
    HelloAnswer {
        epoch,
        scope_rev: 1,
        state: DeviceState::Active,
        acked: 0,
        id_at_acked: None,
        durable: 0,
        id_at_durable: None,
        schema: (1, 1),
        limits: Limits { batch_bytes: 262_144, page_bytes: 1_048_576, wait_ms: 0 },
        keys: Vec::new(),
        audit: Witness { n: 0, h: String::new() },
        blobs: None,
    }
}

#[test]
fn a_new_device_pulls_on_at_once_when_it_learns_the_epoch() {
    let mut bench = Bench::new();
    let (id, first) = bench.request().unwrap();
    assert_ne!(first.inc, Inc([0; 8]));
    bench.answer(id, Some(hello(1)), None);
    let (mut id, mut request) = bench.request().unwrap();
    if request.pull.as_ref().unwrap().epoch == 0 {
        bench.answer(id, None, Some(PullAnswer::Error(PullError::Epoch { epoch: 1, acked: BTreeMap::new() })));
        (id, request) = bench.request().unwrap();
    }
    assert_eq!(request.pull.unwrap().epoch, 1);
    assert!(id > 0);
}
