//! The network: loss, delay, duplication, reordering, answers lost after the office applied the request, or cut short.

use crate::{
    line::Packed,
    photos::{PhotoStep, Upload},
    world::World,
};
use std::rc::Rc;
use sync::{
    id::BlobHash,
    replica::{Batch, Event, RequestFailure, Timer},
    wire::{SyncAnswer, SyncRequest},
};

/// Something that will happen to a device or on the wire. `life` names the process it belongs to: a dead one hears nothing.
#[derive(Debug)]
pub enum Happening {
    /// A batch reaches the disk.
    #[expect(missing_docs, reason = "the names say it")]
    Commit { n: usize, life: u64, id: u64, batch: Box<Batch> },
    /// Something the device asked of itself is done.
    #[expect(missing_docs, reason = "the names say it")]
    Local { n: usize, life: u64, what: Local },
    /// A timer runs out, if it was not set again since.
    #[expect(missing_docs, reason = "the names say it")]
    Timer { n: usize, life: u64, timer: Timer, version: u64 },
    /// A request reaches the office.
    #[expect(missing_docs, reason = "the names say it")]
    Request { n: usize, life: u64, id: u64, sent: i64, request: Rc<SyncRequest>, fate: Fate },
    /// An answer reaches the device. `epoch` is the office's when it was made.
    #[expect(missing_docs, reason = "the names say it")]
    Answer { n: usize, life: u64, id: u64, sent: i64, epoch: u16, answer: Rc<SyncAnswer> },
    /// The device learns that nothing will come.
    #[expect(missing_docs, reason = "the names say it")]
    Failure { n: usize, life: u64, id: u64, failure: RequestFailure },
    /// A step of an upload reaches the office.
    #[expect(missing_docs, reason = "the names say it")]
    Photo { n: usize, life: u64, id: u64, hash: BlobHash, step: PhotoStep },
    /// A dead device is started again.
    #[expect(missing_docs, reason = "the names say it")]
    Wake { n: usize, life: u64 },
}

/// What a device asked of itself.
#[derive(Clone, Debug)]
pub enum Local {
    /// Read records.
    #[expect(missing_docs, reason = "the names say it")]
    Load { id: u64, entities: Vec<uuid::Uuid> },
    /// Compute digests.
    #[expect(missing_docs, reason = "the names say it")]
    Digest { id: u64, areas: Vec<sync::id::AreaId> },
    /// Open the database again.
    Reload,
    /// Free space.
    #[expect(missing_docs, reason = "the names say it")]
    FreeSpace { id: u64 },
    /// Unlock after a start or a lock.
    Unlock,
    /// Ask `/healthz`.
    #[expect(missing_docs, reason = "the names say it")]
    Probe { id: u64 },
    /// The worker lets a purge pass.
    ConfirmPurge,
}

/// No answer came, or one cut short.
pub(crate) const NO_ANSWER: RequestFailure = RequestFailure::Network { at_once: false };

/// What becomes of a request that reaches the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is answered.
    Answered,
    /// The office applies it, the answer is lost and nobody says so.
    AnswerLost,
    /// The office applies it, and what arrives of the answer ends somewhere.
    AnswerCut,
    /// It is answered, and the answer comes so late that a newer one overtakes it.
    AnswerLate,
    /// It is answered, and a bit of the answer flips on its way.
    AnswerFlipped,
    /// A bit of the request flips on its way: the office takes it as it was sent, or not at all.
    RequestFlipped,
    /// It is a late or second copy: what it brings is for nobody.
    Ghost,
}

impl World {
    /// Gives a request its fate.
    pub(crate) fn transmit(&mut self, n: usize, id: u64, request: SyncRequest) {
        let life = self.devices[n].life;
        let sent = self.now;
        if self.devices[n].is_newer {
            let carried = request.push.as_ref().map_or(0, |push| push.changesets.len());
            self.tally.add_many("changesets_of_tomorrow", carried as u64);
        }
        let request = Rc::new(request);
        let travel = self.between(40, 1_500);
        if !self.devices[n].is_linked {
            let after = self.between(1, 20_000);
            return self.later(after, Happening::Failure { n, life, id, failure: NO_ANSWER });
        }
        let copy = |fate| Happening::Request { n, life, id, sent, request: Rc::clone(&request), fate };
        let roll = if self.is_stormy { self.rng.below(1000) } else { 999 };
        match roll {
            0..=89 => {
                self.tally.add("requests_lost");
                if self.chance(500) {
                    self.later(travel, Happening::Failure { n, life, id, failure: NO_ANSWER });
                }
            }
            90..=159 => {
                self.tally.add("requests_delayed");
                let late = self.between(5_000, 200_000);
                self.later(late, copy(Fate::Ghost));
            }
            160..=239 => {
                self.tally.add("answers_lost");
                self.later(travel, copy(Fate::AnswerLost));
            }
            240..=279 => {
                self.tally.add("answers_truncated");
                self.later(travel, copy(Fate::AnswerCut));
            }
            280..=339 => {
                self.tally.add("requests_doubled");
                let (first, second) = (self.between(40, 4_000), self.between(40, 4_000));
                self.later(first, copy(Fate::Ghost));
                self.later(second, copy(Fate::Answered));
            }
            340..=379 => {
                self.tally.add("answers_late");
                self.later(travel, copy(Fate::AnswerLate));
            }
            380..=399 => {
                self.tally.add("answers_flipped");
                self.later(travel, copy(Fate::AnswerFlipped));
            }
            400..=419 => {
                self.tally.add("requests_flipped");
                self.later(travel, copy(Fate::RequestFlipped));
            }
            _ => self.later(travel, copy(Fate::Answered)),
        }
    }

    /// A request has reached the office.
    pub(crate) fn arrive(&mut self, happening: &Happening) {
        let Happening::Request { n, life, id, sent, request, fate } = happening else { return };
        let (n, life, id, sent) = (*n, *life, *id, *sent);
        if *fate == Fate::RequestFlipped && !self.is_taken_though_flipped(n, request) {
            let travel = self.between(40, 1_500);
            let failure = RequestFailure::Refused { status: 460, err: "damaged".to_owned(), wait_ms: None };
            return self.later(travel, Happening::Failure { n, life, id, failure });
        }
        let before = self.before_push(n, request);
        self.revoke_in_midst(n);
        let logged = self.office.books().log().len();
        let answered = self.office.sync(n, request, self.now);
        if let Some(what) = self.office.broken.take() {
            return self.fail(what);
        }
        self.tally.add("syncs");
        self.check_revoked(n, logged, answered.is_ok());
        let travel = self.between(40, 1_500);
        let answer = match answered {
            Ok(answer) => answer,
            Err(failure) => {
                self.trace.say(self.now, || format!("d{n} #{id} {fate:?} {} -> {failure:?}", told(request)));
                if matches!(fate, Fate::Answered | Fate::RequestFlipped) {
                    self.later(travel, Happening::Failure { n, life, id, failure });
                }
                return;
            }
        };
        self.trace.say(self.now, || format!("d{n} #{id} {fate:?} {} -> {}", told(request), heard(&answer)));
        self.after_sync(n, request, &answer, before);
        let epoch = self.office.epoch();
        match fate {
            Fate::Answered | Fate::RequestFlipped => {
                let answer = Rc::new(answer);
                self.later(travel, Happening::Answer { n, life, id, sent, epoch, answer });
            }
            Fate::AnswerCut | Fate::AnswerFlipped => match self.damaged(n, *fate, &answer) {
                Some(answer) => {
                    let answer = Rc::new(answer);
                    self.later(travel, Happening::Answer { n, life, id, sent, epoch, answer });
                }
                None => self.later(travel, Happening::Failure { n, life, id, failure: NO_ANSWER }),
            },
            Fate::AnswerLate => {
                let (late, answer) = (self.between(31_000, 240_000), Rc::new(answer));
                self.later(late, Happening::Answer { n, life, id, sent, epoch, answer });
            }
            Fate::AnswerLost | Fate::Ghost => {}
        }
    }

    /// An answer is damaged as it lies on the line; what the device reads of it, which is what was sent or nothing (E5).
    fn damaged(&mut self, n: usize, fate: Fate, answer: &SyncAnswer) -> Option<SyncAnswer> {
        let Ok(mut packed) = Packed::of(answer) else {
            self.fail(format!("an answer to d{n} has no text"));
            return None;
        };
        if packed.read_by_phone::<SyncAnswer>().as_ref() != Ok(answer) {
            self.fail(format!("an answer to d{n} does not come out of its text as it went in"));
        }
        if fate == Fate::AnswerCut {
            packed.cut(&mut self.rng)
        } else {
            packed.flip(&mut self.rng)
        }
        let read = packed.read_by_phone::<SyncAnswer>().ok();
        self.tally.add(if read.is_some() { "damage_harmless" } else { "damage_noticed" });
        if read.as_ref().is_some_and(|read| read != answer) {
            self.fail(format!("E5 d{n} takes a damaged answer for another one"));
        }
        read
    }

    /// Whether the office takes a request of which a bit flipped: as it was sent, or not at all (E5).
    fn is_taken_though_flipped(&mut self, n: usize, request: &SyncRequest) -> bool {
        let Ok(mut packed) = Packed::of(request) else { return false };
        packed.flip(&mut self.rng);
        let Ok(read) = packed.read_by_office::<SyncRequest>() else { return false };
        let text = |request: &SyncRequest| serde_json::to_string(request).unwrap_or_default();
        if text(&read) != text(request) {
            self.fail(format!("E5 the office takes a damaged request of d{n} for another one"));
        }
        true
    }

    /// What is due happens.
    pub(crate) fn happen(&mut self, happening: &Happening) {
        match happening {
            Happening::Request { .. } => self.arrive(happening),
            Happening::Commit { n, life, id, batch } if self.is_alive(*n, *life) => {
                self.commit(*n, *id, batch)
            }
            Happening::Local { n, life, what } if self.is_alive(*n, *life) => self.local(*n, what.clone()),
            Happening::Timer { n, life, timer, version }
                if self.is_alive(*n, *life) && self.devices[*n].timers.get(timer) == Some(version) =>
            {
                self.send(*n, Event::TimerFired(*timer));
            }
            Happening::Answer { n, life, id, sent, epoch, answer } if self.is_alive(*n, *life) => {
                let device = &mut self.devices[*n];
                if *id < device.newest_answer {
                    self.tally.add("answers_reordered");
                } else {
                    (device.newest_answer, device.newest_epoch) = (*id, *epoch);
                }
                let took_ms = self.now - sent;
                let answer = Box::new(answer.as_ref().clone());
                self.send(*n, Event::Answered { id: *id, answer, took_ms });
            }
            Happening::Failure { n, life, id, failure } if self.is_alive(*n, *life) => {
                self.send(*n, Event::RequestFailed { id: *id, failure: failure.clone() });
            }
            Happening::Photo { n, life, id, hash, step } => {
                self.photo_step(Upload { n: *n, life: *life, id: *id, hash: *hash }, *step);
            }
            Happening::Wake { n, life } if self.devices[*n].life == *life => self.wake(*n),
            _ => {}
        }
    }

    pub(crate) fn is_alive(&self, n: usize, life: u64) -> bool {
        self.devices[n].life == life && self.devices[n].replica.is_some()
    }
}

/// A request in a few words.
fn told(request: &SyncRequest) -> String {
    let mut words = Vec::new();
    if let Some(hello) = &request.hello {
        words.push(format!("hello(next {} acked {})", hello.next_seq, hello.acked));
    }
    if let Some(push) = &request.push {
        words.push(format!(
            "push({}+{} drafts {})",
            push.first_seq,
            push.changesets.len(),
            push.drafts.len()
        ));
    }
    if let Some(pull) = &request.pull {
        let cur: Vec<String> =
            pull.cur.iter().map(|(a, r)| format!("{}:{r}", short(&a.to_string()))).collect();
        words.push(format!("pull({}/{} {})", pull.epoch, pull.scope_rev, cur.join(" ")));
    }
    words.join(" ")
}

/// An answer in a few words.
fn heard(answer: &SyncAnswer) -> String {
    use sync::wire::{PullAnswer, PushAnswer};
    let push = match &answer.push {
        Some(PushAnswer::Receipt(receipt)) => {
            let verdicts: Vec<String> = receipt
                .results
                .iter()
                .map(|v| format!("{}:{:?}{}", v.seq, v.st, v.why.as_ref().map_or("", |why| why.word())))
                .collect();
            format!("acked {} durable {} [{}]", receipt.acked, receipt.durable, verdicts.join(" "))
        }
        Some(PushAnswer::Error(error)) => format!("{error:?}"),
        None => String::new(),
    };
    let pull = match &answer.pull {
        Some(PullAnswer::Page(page)) => {
            let rows: Vec<String> = page
                .rows
                .iter()
                .map(|r| {
                    let mark = if r.x.is_some() {
                        "x"
                    } else if r.del {
                        "d"
                    } else if r.full {
                        "F"
                    } else {
                        "p"
                    };
                    format!("{mark}{}@{}", short(&r.e.to_string()), r.rev)
                })
                .collect();
            format!("head {} more {} {}", page.head, page.more, rows.join(" "))
        }
        Some(PullAnswer::Error(error)) => format!("{error:?}").chars().take(60).collect(),
        None => String::new(),
    };
    format!("{push} | {pull}")
}

/// The end of an id, enough to tell.
pub(crate) fn short(id: &str) -> String {
    id.chars().skip(id.len().saturating_sub(5)).collect()
}
