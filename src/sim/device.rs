//! A device: the real replica and a driver as dull as it should be.

mod faults;

use crate::{
    disk::Disk,
    ledger::Seen,
    network::{Happening, Local, short},
    office::{Account, KEY, Store},
    world::World,
};
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    id::AreaId,
    replica::{
        Attention, Batch, CommitFailure, Effect, Env, Event, Generator, Identity, Opened, PushPlan, Replica,
        RequestPlan, Sentinel, StorageFacts, Timer, UnlockedFacts,
    },
    wire::{Changeset, PushRequest, SealedDraft, SyncRequest, WIRE_VERSION},
};
use uuid::Uuid;

/// What the author of a part of a save saw of each field that it sets.
pub(crate) type SeenFields = Vec<(Uuid, String, Seen)>;

/// One phone or desk.
#[derive(Debug)]
pub struct Device {
    /// The running engine; none between a crash and the next start.
    pub replica: Option<Replica>,
    /// Grows with every start: what an earlier process waited for finds nobody.
    pub life: u64,
    /// What survives.
    pub disk: Disk,
    /// Outside the database. It may be late, never ahead.
    pub sentinel: Option<Sentinel>,
    /// Written and not yet on disk.
    pub sentinel_late: Option<Sentinel>,
    /// Who it is.
    pub identity: Identity,
    /// How far its clock is off.
    pub skew: i64,
    /// Versions of the timers that are set.
    pub timers: BTreeMap<Timer, u64>,
    /// Whether its changesets go up sealed.
    pub is_sealing: bool,
    pub(crate) is_linked: bool,
    pub(crate) is_visible: bool,
    pub(crate) is_unlocked: bool,
    /// The highest id of a request that was answered in this life.
    pub(crate) newest_answer: u64,
    /// The office's epoch when it gave the newest answer that arrived.
    pub(crate) newest_epoch: u16,
    /// A build of tomorrow: it sends members that no office of today knows.
    pub(crate) is_newer: bool,
    /// Whether the vault's keys still exist.
    pub(crate) has_keys: bool,
    /// Areas of which the disk lost records, until their rows are the office's again.
    pub(crate) torn: BTreeSet<AreaId>,
    /// Every area that was ever torn.
    pub(crate) torn_ever: BTreeSet<AreaId>,
    /// Changesets that records which the disk lost showed.
    pub(crate) unshown: BTreeSet<Uuid>,
    pub(crate) rng: Generator,
    pub(crate) token: u64,
    /// What the author saw of each field of a save under way, by token and part.
    pub(crate) seen: BTreeMap<(u64, usize), SeenFields>,
}

impl Device {
    /// A new phone of an account.
    pub fn new(account: &Account, rng: &mut Generator) -> Device {
        let year = 31_536_000_000;
        let skew = match rng.below(5) {
            0 => -year,
            1 => year,
            2 => rng.below(1_200_000).cast_signed() - 600_000,
            _ => 0,
        };
        Device {
            replica: None,
            life: 0,
            disk: Disk::default(),
            sentinel: None,
            sentinel_late: None,
            identity: Identity { device: account.device, author: account.who.user },
            skew,
            timers: BTreeMap::new(),
            is_sealing: rng.below(2) == 0,
            is_linked: true,
            is_visible: true,
            is_unlocked: false,
            newest_answer: 0,
            newest_epoch: 1,
            is_newer: rng.below(4) == 0,
            has_keys: true,
            torn: BTreeSet::new(),
            torn_ever: BTreeSet::new(),
            unshown: BTreeSet::new(),
            rng: Generator::from_number(rng.next_u64()),
            token: 0,
            seen: BTreeMap::new(),
        }
    }

    fn opened(&self) -> Opened {
        let stores = &self.disk.now;
        Opened {
            identity: self.identity,
            meta: stores.meta.as_deref().cloned(),
            outbox: stores.out.values().map(|row| row.0.clone()).collect(),
            drafts: stores.draft.values().copied().collect(),
            blobs: stores.blobs.values().cloned().collect(),
            sentinel: self.sentinel,
            storage: StorageFacts { persisted: true, free: None },
            build: "sim".to_owned(),
            build_t: 0,
            online: self.is_linked,
            visible: self.is_visible,
        }
    }

    fn unlocked(&self) -> UnlockedFacts {
        UnlockedFacts {
            key: self.is_sealing.then_some(KEY),
            damaged: self.disk.now.damaged.iter().copied().collect(),
            drafts: self.disk.now.draft.values().copied().collect(),
            session: true,
        }
    }

    /// Fills bodies into a request, sealed or in clear.
    fn fill(&self, plan: &RequestPlan, office: &dyn Store) -> SyncRequest {
        SyncRequest {
            v: WIRE_VERSION,
            device: plan.device,
            inc: plan.inc,
            hello: plan.hello.clone(),
            push: plan.push.as_ref().map(|push| self.fill_push(push, office)),
            pull: plan.pull.clone(),
            purged: plan.purged.clone(),
        }
    }

    /// A changeset as this device's build writes it.
    fn written(&self, changeset: &Changeset) -> serde_json::Value {
        let mut value = serde_json::to_value(changeset).unwrap_or_default();
        if !self.is_newer {
            return value;
        }
        let tomorrow: serde_json::Value = serde_json::from_str(TOMORROW).unwrap_or_default();
        value["x_tomorrow"] = tomorrow.clone();
        for op in value["ops"].as_array_mut().into_iter().flatten() {
            op["x_tomorrow"] = tomorrow.clone();
        }
        // Now and then it was made under a schema that the office does not know yet.
        if changeset.id.as_bytes()[15].is_multiple_of(64) {
            value["schema"] = serde_json::json!(sync::wire::SCHEMA + 1);
        }
        value
    }

    pub(crate) fn fill_push(&self, push: &PushPlan, office: &dyn Store) -> PushRequest {
        let bodies = push.changesets.iter().filter_map(|id| self.disk.now.changeset(*id));
        let texts = bodies.map(|cs| {
            let value = self.written(cs);
            if push.key.is_some() { sealed(cs.id, value, office) } else { value.to_string() }
        });
        let draft = |id: &Uuid| SealedDraft { id: *id, sealed: office.seal(*id, draft_text(*id)) };
        let drafts: Vec<SealedDraft> = push.drafts.iter().map(draft).collect();
        let key = (push.key.is_some() || !drafts.is_empty()).then(|| office.push_key());
        PushRequest {
            first_seq: push.first_seq,
            prev_id: push.prev_id,
            key,
            changesets: texts
                .filter_map(|text| serde_json::value::RawValue::from_string(text).ok())
                .collect(),
            drafts,
        }
    }
}

/// What a build of tomorrow adds to a changeset and to each op, byte for byte the same at each try.
pub(crate) const TOMORROW: &str = r#"{"z":[1,{"é":"\u0001"}],"a":null}"#;

fn sealed(id: Uuid, mut value: serde_json::Value, office: &dyn Store) -> String {
    if let Some(members) = value.as_object_mut() {
        members.remove("id");
    }
    let sealed = office.seal(id, value.to_string());
    serde_json::json!({ "id": id, "sealed": sealed }).to_string()
}

fn draft_text(visit: Uuid) -> String {
    let area = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002);
    serde_json::json!({ "recipient": visit, "area": area, "template": "FOLLOWUP", "answers": {} }).to_string()
}

/// A batch in a few words.
fn written(batch: &Batch) -> String {
    let ids = |ids: Vec<Uuid>| ids.iter().map(|id| short(&id.to_string())).collect::<Vec<_>>().join(" ");
    let areas = |areas: &[sync::id::AreaId]| ids(areas.iter().map(|area| area.0).collect());
    format!(
        "out +{} ~{} -{} rep +{} -{} stage +{} -{} del [{}] clear [{}] swap [{}]",
        ids(batch.out_put.iter().map(|put| put.head.id).collect()),
        batch.out_move.len(),
        batch.out_del.len(),
        ids(batch.rep_put.iter().map(|record| record.id).collect()),
        ids(batch.rep_del.clone()),
        ids(batch.stage_put.iter().map(|record| record.id).collect()),
        ids(batch.stage_del.clone()),
        areas(&batch.area_del),
        areas(&batch.stage_clear),
        areas(&batch.swap),
    )
}

impl World {
    /// A dead device is started: its storage is read before anything is written.
    pub(crate) fn wake(&mut self, n: usize) {
        if self.ledger.wiped.contains_key(&n) {
            return;
        }
        let device = &mut self.devices[n];
        device.replica = Some(Replica::new());
        device.is_unlocked = false;
        device.newest_answer = 0;
        device.timers.clear();
        let opened = Event::Opened(Box::new(device.opened()));
        self.trace.say(self.now, || format!("d{n} opens"));
        self.send(n, opened);
        let after = if self.is_stormy { self.between(100, 60_000) } else { 100 };
        self.locally(n, after, Local::Unlock);
    }

    /// An event reaches the engine, if it runs; its effects are performed.
    pub(crate) fn send(&mut self, n: usize, event: Event) {
        let device = &mut self.devices[n];
        let Some(replica) = &mut device.replica else { return };
        let mut env = Env { now: self.now + device.skew, rng: &mut device.rng };
        let effects = replica.handle(&mut env, event);
        for effect in effects {
            self.perform(n, effect);
        }
    }

    fn locally(&mut self, n: usize, after: i64, what: Local) {
        let life = self.devices[n].life;
        self.later(after, Happening::Local { n, life, what });
    }

    fn perform(&mut self, n: usize, effect: Effect) {
        let soon = self.between(1, 30);
        let life = self.devices[n].life;
        match effect {
            Effect::Commit { id, batch } => self.later(soon, Happening::Commit { n, life, id, batch }),
            Effect::Load { id, entities } => self.locally(n, soon, Local::Load { id, entities }),
            Effect::Digest { id, areas } => self.locally(n, soon, Local::Digest { id, areas }),
            Effect::Send { id, request } => {
                let request = self.devices[n].fill(&request, self.office.store.as_ref());
                self.transmit(n, id, request);
            }
            Effect::Probe { id } => self.locally(n, 300, Local::Probe { id }),
            Effect::SetTimer { timer, after_ms } => {
                self.order += 1;
                let version = self.order;
                self.devices[n].timers.insert(timer, version);
                self.later(after_ms, Happening::Timer { n, life, timer, version });
            }
            Effect::ClearTimer(timer) => {
                self.devices[n].timers.remove(&timer);
            }
            Effect::Sentinel(sentinel) => self.write_sentinel(n, sentinel),
            Effect::Saved { id, .. } => self.on_saved(n, id),
            Effect::SaveFailed { token, problem } => {
                self.devices[n].seen.retain(|(of, _), _| *of != token);
                self.trace.say(self.now, || format!("d{n} save failed {problem:?}"));
            }
            Effect::Reload => self.locally(n, 50, Local::Reload),
            Effect::FreeSpace { id, .. } => self.locally(n, 50, Local::FreeSpace { id }),
            Effect::DestroyAreaKeys(areas) => self.check_purge(n, &areas),
            Effect::Attention(attention) => self.on_attention(n, &attention),
            Effect::Upload { id, hash, .. } => self.upload(n, id, hash),
            Effect::Abort { .. } | Effect::Changed { .. } | Effect::Status(_) => {}
            Effect::DestroyKeys => self.lose_keys(n),
            Effect::Wipe => {
                self.lose_keys(n);
                self.wipe(n);
            }
        }
    }

    /// The sentinel is written at once and reaches the disk then, or up to ten seconds later.
    fn write_sentinel(&mut self, n: usize, sentinel: Sentinel) {
        let is_late = self.is_stormy && self.chance(300);
        let device = &mut self.devices[n];
        if is_late {
            device.sentinel_late = Some(sentinel);
        } else {
            device.sentinel = Some(sentinel);
            device.sentinel_late = None;
        }
        self.check_sentinel(n);
    }

    /// What the author of a save saw is kept with its commit: a crash may hide that it was saved, and it goes up all the same.
    fn note_seen(&mut self, n: usize, batch: &Batch) {
        for put in &batch.out_put {
            self.ledger.changesets.insert(put.head.id, put.changeset.clone());
            // Saves are written in the order in which they were made.
            let Some((_, seen)) = self.devices[n].seen.pop_first() else { return };
            let place = |(e, field, seen): (Uuid, String, Seen)| ((put.head.id, e, field), seen);
            self.ledger.seen.extend(seen.into_iter().map(place));
        }
    }

    fn on_saved(&mut self, n: usize, id: Uuid) {
        self.tally.add("saves");
        self.ledger.saved.insert(id, n);
        self.trace.say(self.now, || format!("d{n} saved {}", short(&id.to_string())));
    }

    fn on_attention(&mut self, n: usize, attention: &Attention) {
        self.trace.say(self.now, || format!("d{n} attention {attention:?}"));
        match attention {
            Attention::PurgeRefused { .. } => {
                self.tally.add("purges_refused");
                let after = self.between(1_000, 60_000);
                self.locally(n, after, Local::ConfirmPurge);
            }
            Attention::DigestDiffers(area) if self.devices[n].torn.contains(area) => {
                self.tally.add("areas_mended");
            }
            Attention::DigestDiffers(area) => self.fail(format!("I7 d{n}: digest of {area} differs")),
            Attention::AreaTorn(_) => self.tally.add("areas_torn"),
            Attention::StorageLost(_) => self.tally.add("incidents_found"),
            _ => {}
        }
    }

    /// A batch reaches the disk, or does not.
    pub(crate) fn commit(&mut self, n: usize, id: u64, batch: &Batch) {
        if self.is_stormy && self.chance(4) {
            self.tally.add("crashes_before_commit");
            return self.crash(n, "crashes");
        }
        if self.is_stormy && self.chance(12) {
            self.tally.add("failed_commits");
            let failure = [CommitFailure::Full, CommitFailure::Broken][self.rng.below(2) as usize];
            return self.send(n, Event::CommitFailed { id, failure });
        }
        self.check_batch(n, batch);
        self.trace.say(self.now, || format!("d{n} commits {}", written(batch)));
        match self.devices[n].disk.commit(batch) {
            Ok(()) => {
                self.note_seen(n, batch);
                self.after_commit(n, batch);
                if self.is_stormy && self.chance(4) {
                    self.tally.add("crashes_after_commit");
                    return self.crash(n, "crashes");
                }
                self.send(n, Event::Committed { id });
            }
            Err(failure) => self.send(n, Event::CommitFailed { id, failure }),
        }
    }

    /// Something the device asked of itself is done.
    pub(crate) fn local(&mut self, n: usize, what: Local) {
        let device = &self.devices[n];
        let event = match what {
            Local::Load { id, entities } => Event::Loaded { id, loaded: device.disk.now.load(&entities) },
            Local::Digest { id, areas } => {
                let digests = areas.into_iter().map(|area| (area, device.disk.now.digest(area))).collect();
                Event::Digested { id, digests }
            }
            Local::Reload => Event::Opened(Box::new(device.opened())),
            Local::FreeSpace { id } => Event::SpaceFreed { id },
            Local::Probe { id } if device.is_linked => Event::Probed { id },
            Local::Probe { id } => {
                let failure = sync::replica::RequestFailure::Network { at_once: true };
                Event::RequestFailed { id, failure }
            }
            Local::ConfirmPurge => Event::PurgeConfirmed,
            Local::Unlock if !device.has_keys => return,
            Local::Unlock => {
                let facts = device.unlocked();
                self.devices[n].is_unlocked = true;
                Event::Unlocked(facts)
            }
        };
        self.send(n, event);
    }
}
