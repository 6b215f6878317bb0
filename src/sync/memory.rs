//! The server's store in memory: for the simulator, and for tests of what the SQL store must do too.

mod gap;

use crate::{
    authority::{
        AuditEntry, Batch, Key, Loaded, LoggedChangeset, Missing, Opener, PushContext, PushOutcome, Standing,
        VILLAGE_STEP_COUNT, VillageStep, WriteSet, move_village, push,
    },
    digest::area_digest,
    id::{AreaId, DeviceId, Inc},
    planted::{Bug, planted},
    pull::{PullContext, PullPlan, Window, page, plan},
    record::{Exit, PROPOSAL, Record},
    rev::Rev,
    scope::{AreaTree, Principal},
    wire::{AreaDigest, PullAnswer, PullError, PullRequest, PushKey, SealedBody, SealedValue},
};
use domain::{access::Role, policy::Policy};
use gap::Gap;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Everything a server stores. Cloning it is a backup.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    head: Rev,
    records: BTreeMap<Uuid, Record>,
    by_area: BTreeMap<AreaId, BTreeSet<(Rev, Uuid)>>,
    children: BTreeMap<Uuid, BTreeSet<Uuid>>,
    exits: BTreeSet<Exit>,
    log: BTreeMap<Uuid, LoggedChangeset>,
    effects: BTreeMap<Uuid, u32>,
    seqs: BTreeMap<(DeviceId, Inc), BTreeMap<u64, Uuid>>,
    audit: Vec<AuditEntry>,
    gap: Gap,
    /// The office's settings for phones.
    pub policy: Policy,
}

/// Opens what was never sealed: `ct` is the text itself. A text beginning with `!` does not open. For the simulator and tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClearOpener;

impl Opener for ClearOpener {
    type Key = ();

    fn open_key(&self, key: &PushKey) -> Option<()> {
        opens(&key.ct).map(drop)
    }

    fn open_body(&self, (): &(), _id: Uuid, body: &SealedBody) -> Option<Vec<u8>> {
        opens(&body.ct).map(|text| text.as_bytes().to_vec())
    }

    fn index(&self, _e: Uuid, field: &str, value: &SealedValue) -> Option<String> {
        opens(&value.ct).map(|text| format!("{field}:{text}"))
    }

    fn text(&self, _e: Uuid, _field: &str, value: &SealedValue) -> Option<String> {
        opens(&value.ct).map(str::to_owned)
    }
}

fn opens(ct: &str) -> Option<&str> {
    (!ct.starts_with('!')).then_some(ct)
}

/// Who pushes, without what the store knows of him itself.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The vault's user.
    pub who: &'a Principal,
    /// The device.
    pub device: DeviceId,
    /// Its incarnation.
    pub inc: Inc,
    /// The role that its grant was given to.
    pub granted: Role,
    /// What the office decided about it.
    pub standing: Standing,
    /// The highest number of this incarnation in a verified backup.
    pub durable: u64,
    /// The receipt.
    pub now: i64,
    /// The area tree.
    pub tree: &'a AreaTree,
}

/// What a pull depends on besides the store.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// Who asks.
    pub who: &'a Principal,
    /// His device.
    pub device: DeviceId,
    /// Whether a session stands behind the request.
    pub session: bool,
    /// What the office decided about the device.
    pub standing: Standing,
    /// Version of the user's scope.
    pub scope_rev: u64,
    /// Areas to be pulled again, with the scope version that said so last.
    pub again: &'a BTreeMap<AreaId, u64>,
    /// The area tree.
    pub tree: &'a AreaTree,
}

impl MemoryStore {
    /// An empty store of the first epoch.
    pub fn new() -> MemoryStore {
        MemoryStore {
            head: Rev::new(1, 0),
            records: BTreeMap::new(),
            by_area: BTreeMap::new(),
            children: BTreeMap::new(),
            exits: BTreeSet::new(),
            log: BTreeMap::new(),
            effects: BTreeMap::new(),
            seqs: BTreeMap::new(),
            audit: Vec::new(),
            gap: Gap::default(),
            policy: Policy::default(),
        }
    }

    /// Judges a push and stores what it writes, in one step.
    pub fn push<O: Opener>(&mut self, batch: &Batch, caller: &Caller<'_>, opener: &O) -> PushOutcome {
        let mut loaded = Loaded::new();
        let ctx = PushContext {
            who: caller.who,
            device: caller.device,
            inc: caller.inc,
            granted: caller.granted,
            standing: caller.standing,
            last: self.last(caller.device, caller.inc).map_or(0, |(seq, _)| seq),
            durable: caller.durable,
            head: self.head,
            now: caller.now,
            tree: caller.tree,
        };
        loop {
            match push(batch, &ctx, opener, &loaded) {
                Ok(outcome) => {
                    self.write(caller.device, caller.inc, outcome.writes.clone());
                    return outcome;
                }
                Err(missing) => self.load(&missing, caller.device, caller.inc, &mut loaded),
            }
        }
    }

    /// Moves everything that lies in a village to another one, step by step.
    pub fn move_village<O: Opener>(
        &mut self,
        (from, into): (AreaId, AreaId),
        job: Uuid,
        now: i64,
        tree: &AreaTree,
        opener: &O,
    ) {
        let (device, inc) = (DeviceId([0; 16]), Inc([0; 8]));
        loop {
            let here = self.records.values().filter(|record| record.area == from && record.parent.is_none());
            let records: Vec<Uuid> = here.map(|record| record.id).take(VILLAGE_STEP_COUNT).collect();
            if records.is_empty() {
                return;
            }
            let step = VillageStep { job, records: &records, into, head: self.head, now, tree };
            let mut loaded = Loaded::new();
            let writes = loop {
                match move_village(&step, opener, &loaded) {
                    Ok(writes) => break writes,
                    Err(missing) => self.load(&missing, device, inc, &mut loaded),
                }
            };
            self.write(device, inc, writes);
        }
    }

    /// One page for a reader, its digest included; `rows_max` rows are read at a time.
    pub fn pull<O: Opener>(
        &self,
        request: &PullRequest,
        reader: &Reader<'_>,
        opener: &O,
        rows_max: usize,
    ) -> PullAnswer {
        match self.try_pull(request, reader, opener, rows_max) {
            Ok(answer) => answer,
            Err(error) => PullAnswer::Error(error),
        }
    }

    fn try_pull<O: Opener>(
        &self,
        request: &PullRequest,
        reader: &Reader<'_>,
        opener: &O,
        rows_max: usize,
    ) -> Result<PullAnswer, PullError> {
        let acked = self.acked(reader.device);
        let ctx = PullContext {
            who: reader.who,
            session: reader.session,
            standing: reader.standing,
            scope_rev: reader.scope_rev,
            again: reader.again,
            head: self.visible_head(),
            acked: &acked,
            forgotten: &BTreeMap::new(),
            tree: reader.tree,
            policy: self.policy,
        };
        let plan = plan(request, &ctx)?;
        let mut rows_max = rows_max.max(1);
        loop {
            let window = self.window(&plan, rows_max);
            if let Some(mut page) = page(&plan, &ctx, opener, &window) {
                page.digest = (!page.more).then(|| self.digests(&plan));
                return Ok(PullAnswer::Page(page));
            }
            rows_max *= 2;
        }
    }

    /// Reads what a decision lacks.
    pub fn load(&self, missing: &Missing, device: DeviceId, inc: Inc, into: &mut Loaded) {
        for key in &missing.0 {
            match key {
                Key::Seq(seq) => into.seq(*seq, self.id_at(device, inc, *seq)),
                Key::Changeset(id) => into.changeset(*id, self.log.get(id).cloned()),
                Key::Record(id) => into.record(*id, self.records.get(id).cloned()),
                Key::Children(of) => into.children(*of, self.children_of(*of).cloned().collect()),
                Key::Proposals { record, field, author } => {
                    let open = self.children_of(*record).filter(|child| {
                        child.kind == PROPOSAL
                            && child.is_open()
                            && child.text("field") == Some(field)
                            && child.id_in("by") == Some(*author)
                    });
                    let open = open.cloned().collect();
                    into.proposals(*record, field.clone(), *author, open);
                }
            }
        }
    }

    /// Stores the outcome of a push, whole.
    pub fn write(&mut self, device: DeviceId, inc: Inc, writes: WriteSet) {
        self.head = writes.head;
        if writes.exits.is_empty() && !writes.records.is_empty() {
            let old = |record: &Record| (record.id, self.records.get(&record.id));
            self.gap.pass(writes.records.iter().map(old));
        }
        for record in writes.records {
            self.put(record);
        }
        self.exits.extend(writes.exits);
        for row in writes.changesets {
            *self.effects.entry(row.id).or_default() += 1;
            self.log.entry(row.id).or_insert(row);
        }
        let seqs = self.seqs.entry((device, inc)).or_default();
        seqs.extend(writes.seqs.into_iter().map(|row| (row.seq, row.op_id)));
        self.audit.extend(writes.audit);
    }

    /// Stores a record as a server job would, past the authority.
    pub fn put(&mut self, record: Record) {
        if let Some(old) = self.records.get(&record.id) {
            if let Some(rows) = self.by_area.get_mut(&old.area) {
                rows.remove(&(old.rev, old.id));
            }
            if let Some(siblings) = old.parent.and_then(|parent| self.children.get_mut(&parent)) {
                siblings.remove(&old.id);
            }
        }
        self.by_area.entry(record.area).or_default().insert((record.rev, record.id));
        if let Some(parent) = record.parent {
            self.children.entry(parent).or_default().insert(record.id);
        }
        self.records.insert(record.id, record);
    }

    /// The lowest revs above the cursors of a plan, about `rows_max` rows of them.
    pub fn window(&self, plan: &PullPlan, rows_max: usize) -> Window {
        let mut records: Vec<&Record> = self.planned(plan).collect();
        let is_above = |exit: &&Exit| plan.areas.get(&exit.area).is_some_and(|c| exit.rev > c.cur);
        let mut exits: Vec<Exit> = self.exits.iter().filter(is_above).copied().collect();
        let revs = records.iter().map(|record| record.rev);
        let mut revs: Vec<Rev> = revs.chain(exits.iter().map(|exit| exit.rev)).collect();
        revs.sort_unstable();
        let mut through = None;
        if let Some(beyond) = revs.get(rows_max) {
            // The rev at the edge may go on beyond it: the window reaches up to the one before.
            let last = revs.iter().rev().find(|rev| *rev < beyond).copied().unwrap_or_default();
            records.retain(|record| record.rev <= last);
            exits.retain(|exit| exit.rev <= last);
            through = Some(last);
        }
        Window { records: records.into_iter().cloned().collect(), exits, through }
    }

    fn planned<'s>(&'s self, plan: &'s PullPlan) -> impl Iterator<Item = &'s Record> {
        let areas = plan.areas.iter().filter(|(area, _)| **area != AreaId::OWN);
        let inside = areas.flat_map(|(area, cursor)| {
            let rows = self.by_area.get(area).into_iter().flatten();
            rows.filter(|(rev, _)| *rev > cursor.cur).filter_map(|(_, id)| self.records.get(id))
        });
        let own = plan.areas.get(&AreaId::OWN).copied().unwrap_or_default();
        let outside = self.own_held(plan).filter(move |record| record.rev > own.cur);
        inside.chain(outside).filter(|record| !self.gap.hides(record.id))
    }

    fn own_held<'s>(&'s self, plan: &'s PullPlan) -> impl Iterator<Item = &'s Record> {
        self.records.values().filter(|record| plan.area_of(record) == Some(AreaId::OWN))
    }

    /// The digests of all planned areas.
    pub fn digests(&self, plan: &PullPlan) -> BTreeMap<AreaId, AreaDigest> {
        let digest = |area: &AreaId| {
            let mut seen: Vec<&Record> = if *area == AreaId::OWN {
                self.own_held(plan).collect()
            } else {
                let rows = self.by_area.get(area).into_iter().flatten();
                rows.filter_map(|(_, id)| self.records.get(id)).collect()
            };
            seen.retain(|record| !self.gap.hides(record.id));
            let counted = seen.into_iter().chain(self.gap.older()).filter(|r| plan.is_counted(*area, r));
            let mut live: Vec<(Uuid, Rev)> = counted.map(|record| (record.id, record.rev)).collect();
            live.sort_unstable();
            area_digest(live)
        };
        plan.areas.keys().map(|area| (*area, digest(area))).collect()
    }

    /// Opens a new epoch after a restore from backup.
    pub fn restored(mut self, epoch: u16) -> MemoryStore {
        if !planted(Bug::NoEpoch) {
            self.head.epoch = epoch;
        }
        self.gap.close();
        self
    }

    /// Every transaction is over: readers see all that was stored.
    pub fn catch_up(&mut self) {
        self.gap.close();
    }

    /// `sync_head`.
    pub fn head(&self) -> Rev {
        self.head
    }

    /// The head that a pull is told: with a commit gap, the highest rev that it can see.
    fn visible_head(&self) -> Rev {
        if self.gap.is_closed() {
            return self.head;
        }
        let seen = self.records.values().filter(|record| !self.gap.hides(record.id));
        seen.map(|record| record.rev).max().unwrap_or(Rev::new(self.head.epoch, 0))
    }

    /// The highest accepted number of an incarnation, with its id.
    pub fn last(&self, device: DeviceId, inc: Inc) -> Option<(u64, Uuid)> {
        self.seqs.get(&(device, inc))?.last_key_value().map(|(seq, id)| (*seq, *id))
    }

    /// The id at a number of an incarnation.
    pub fn id_at(&self, device: DeviceId, inc: Inc, seq: u64) -> Option<Uuid> {
        self.seqs.get(&(device, inc))?.get(&seq).copied()
    }

    /// The highest accepted number of every incarnation of a device.
    pub fn acked(&self, device: DeviceId) -> BTreeMap<Inc, u64> {
        let own = self.seqs.iter().filter(|((of, _), _)| *of == device);
        own.filter_map(|((_, inc), seqs)| Some((*inc, *seqs.last_key_value()?.0))).collect()
    }

    /// Accepted numbers by incarnation.
    pub fn seqs(&self) -> &BTreeMap<(DeviceId, Inc), BTreeMap<u64, Uuid>> {
        &self.seqs
    }

    /// A record.
    pub fn record(&self, id: Uuid) -> Option<&Record> {
        self.records.get(&id)
    }

    /// Every record.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    /// Direct children of a record.
    pub fn children_of(&self, of: Uuid) -> impl Iterator<Item = &Record> {
        self.children.get(&of).into_iter().flatten().filter_map(|id| self.records.get(id))
    }

    /// Every exit.
    pub fn exits(&self) -> impl Iterator<Item = &Exit> {
        self.exits.iter()
    }

    /// The changeset log.
    pub fn log(&self) -> &BTreeMap<Uuid, LoggedChangeset> {
        &self.log
    }

    /// How often each changeset was judged for the first time: more than once is the bug that dedupe prevents.
    pub fn effects(&self) -> &BTreeMap<Uuid, u32> {
        &self.effects
    }

    /// The audit log.
    pub fn audit(&self) -> &[AuditEntry] {
        &self.audit
    }
}

impl Default for MemoryStore {
    fn default() -> MemoryStore {
        MemoryStore::new()
    }
}
