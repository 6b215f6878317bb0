//! Saves that the server writes itself, in the name of whoever asked for it or of nobody: judged as any phone's.

use sync::{
    authority::{Batch, Loaded, PushContext, Standing, push as judge},
    id::{DeviceId, Inc},
    scope::{AreaTree, Principal},
    wire::{Changeset, Op, PushAnswer, PushRequest, SCHEMA, Verdict},
};
use uuid::Uuid;

use super::{
    SqlDatabase,
    fence::{self, Beyond},
    group::Asked,
    head,
    push::{self, Door, ROUNDS_MAX},
    sql::Tx,
    store,
};
use crate::{
    db::{Caller, DbError},
    tokens,
};

/// Saves that are judged together.
pub(crate) const TOGETHER_COUNT: usize = 250;

/// A save of this moment.
pub(crate) fn changeset(author: Uuid, ops: Vec<Op>, now: i64) -> Changeset {
    Changeset { id: tokens::new_id(now), schema: SCHEMA, t: now, t_contact: now, author, ops }
}

/// Saves as they would come from a device.
pub(crate) fn request(changesets: &[Changeset], first_seq: u64) -> Result<PushRequest, DbError> {
    let texts = changesets.iter().map(serde_json::value::to_raw_value).collect::<Result<Vec<_>, _>>();
    let changesets = texts.map_err(|_| DbError::BadRequest("changeset"))?;
    Ok(PushRequest { first_seq, prev_id: None, key: None, changesets, drafts: Vec::new() })
}

/// The same, opened.
pub(super) fn batch(db: &SqlDatabase, changesets: &[Changeset], first_seq: u64) -> Result<Batch, DbError> {
    let request = request(changesets, first_seq)?;
    Batch::open(&request, &**db.keys()).map_err(|_| DbError::BadRequest("push"))
}

/// What became of each, where numbers were free.
pub(crate) fn verdicts(answer: PushAnswer) -> Result<Vec<Verdict>, DbError> {
    match answer {
        PushAnswer::Receipt(receipt) => Ok(receipt.results),
        PushAnswer::Error(_) => Err(DbError::Damaged("a new incarnation has numbers")),
    }
}

/// The numbers under which somebody's saves are written.
pub(super) struct Numbered<'a> {
    pub(super) who: &'a Caller,
    pub(super) inc: Inc,
    pub(super) first_seq: u64,
}

/// Judges somebody's saves and stores what they write, but for the commit. The transaction sees what he may see afterwards.
pub(super) async fn push(
    db: &SqlDatabase,
    tx: &mut Tx,
    numbered: Numbered<'_>,
    changesets: &[Changeset],
    now: i64,
) -> Result<Vec<Verdict>, DbError> {
    let Numbered { who, inc, mut first_seq } = numbered;
    let mut all = Vec::new();
    for together in changesets.chunks(TOGETHER_COUNT) {
        let batch = batch(db, together, first_seq)?;
        let asked = Asked { device: who.device, inc, batch, now, door: Door::Line, by: None };
        all.extend(verdicts(push::judge(db, tx, &asked).await?)?);
        first_seq += together.len() as u64;
    }
    Ok(all)
}

/// In whose name, and under which numbers, the server writes what nobody's device sent.
pub(super) struct Written<'a> {
    pub(super) who: &'a Principal,
    pub(super) device: DeviceId,
    pub(super) inc: Inc,
}

/// Writes with the rights of that principal alone, whatever the device's account may. The transaction sees what he may see afterwards.
pub(super) async fn write(
    db: &SqlDatabase,
    tx: &mut Tx,
    written: &Written<'_>,
    tree: &AreaTree,
    changesets: &[Changeset],
    now: i64,
) -> Result<Vec<Verdict>, DbError> {
    let Written { who, device, inc } = *written;
    let numbers = push::numbers(tx, device, inc).await?;
    let batch = batch(db, changesets, numbers.last + 1)?;
    let context = PushContext {
        who,
        device,
        inc,
        granted: who.role,
        standing: Standing::Active,
        last: numbers.last,
        durable: numbers.durable,
        head: head::read(tx).await?,
        now,
        tree,
    };
    fence::lift(tx, Beyond::Judgement).await?;
    let mut loaded = Loaded::new();
    for _ in 0..ROUNDS_MAX {
        match judge(&batch, &context, &**db.keys(), &loaded) {
            Ok(outcome) => {
                let head = outcome.writes.head;
                fence::within_and_archives(tx, who, tree).await?;
                store::write(tx, device, inc, outcome.writes).await?;
                db.gap.pass(context.head, head);
                return verdicts(outcome.answer);
            }
            Err(missing) => store::load(tx, device, inc, missing, &mut loaded).await?,
        }
    }
    Err(DbError::Damaged("a decision never had enough"))
}
