//! Saves that the server writes itself, in the name of whoever asked for it or of nobody: judged as any phone's.

use sync::{
    authority::Batch,
    id::Inc,
    wire::{Changeset, Op, PushAnswer, PushRequest, SCHEMA, Verdict},
};
use uuid::Uuid;

use super::{
    SqlDatabase,
    group::Asked,
    push::{self, Door},
    sql::Tx,
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
