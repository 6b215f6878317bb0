//! One line of the report, carried out in one transaction: it is judged again, its records become tombstones that phones take over, their values go, and
//! their photos are marked. A break-off leaves the line as it was, or wholly done.

use std::collections::BTreeSet;
use sync::{
    authority::Batch,
    wire::{Changeset, Op, PushAnswer, PushRequest, Verdict, VerdictState},
};
use uuid::Uuid;

use super::{Erasing, empty_and_mark, holds_values, judging, merged, waiting::Waiting};
use crate::{
    db::{
        Caller, DbError, Retired, Retiring, SqlDatabase,
        fence::{self, Beyond},
        group::Asked,
        push::{self, Door},
        sql::Tx,
        store,
    },
    retention, tokens,
};

const SCHEMA: u32 = 1;
/// Ops of one save; a save has a size.
const OPS_COUNT: usize = 50;

/// Carries a line out, unless anything in it is not as it was seen.
pub(crate) async fn retire(db: &SqlDatabase, asked: Retiring<'_>) -> Result<Retired, DbError> {
    let mut tx = db.write().await?;
    fence::lift(&mut tx, Beyond::Retention).await?;
    let waiting = Waiting::read(&mut tx).await?;
    if !is_still_due(&mut tx, &waiting, &asked).await? {
        return Ok(Retired::Changed);
    }
    let saves: Vec<Changeset> =
        asked.line.ops().chunks(OPS_COUNT).map(|ops| changeset(asked.operator, ops, asked.now)).collect();
    if !write(db, &mut tx, &asked, &saves).await? {
        return Ok(Retired::Changed);
    }
    fence::lift(&mut tx, Beyond::Retention).await?;
    let mut ids: BTreeSet<Uuid> = asked.line.records.iter().map(|(e, _)| *e).collect();
    ids.extend(merged::into(&mut tx, &ids).await?);
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut records = store::by_ids(&mut tx, &ids).await?;
    // What became part of it may have lost its values before.
    records.retain(holds_values);
    let detached = asked.line.detached.iter().map(|(_, blob)| *blob).collect();
    let erasing = Erasing { records, detached, ..Erasing::default() };
    let erased = empty_and_mark(&mut tx, &waiting, erasing, asked.now).await?;
    tx.commit().await?;
    Ok(Retired::Gone { saves: saves.len() as u64, erased })
}

/// Judges the family again, with what came since.
async fn is_still_due(tx: &mut Tx, waiting: &Waiting, asked: &Retiring<'_>) -> Result<bool, DbError> {
    let facts = judging::family(tx, waiting, asked.line.recipient).await?;
    let found = retention::due(&facts, asked.keeping, asked.today);
    Ok(found.due.iter().any(|line| line.is_same(asked.line)))
}

/// Whether all of it was taken.
async fn write(
    db: &SqlDatabase,
    tx: &mut Tx,
    asked: &Retiring<'_>,
    saves: &[Changeset],
) -> Result<bool, DbError> {
    let texts = saves.iter().map(serde_json::value::to_raw_value).collect::<Result<Vec<_>, _>>();
    let changesets = texts.map_err(|_| DbError::BadRequest("changeset"))?;
    let first_seq = asked.first_seq;
    let request = PushRequest { first_seq, prev_id: None, key: None, changesets, drafts: Vec::new() };
    let batch = Batch::open(&request, &**db.keys()).map_err(|_| DbError::BadRequest("push"))?;
    let (device, inc) = (asked.operator.device, asked.inc);
    let pushed = Asked { device, inc, batch, now: asked.now, door: Door::Line, by: None };
    let PushAnswer::Receipt(receipt) = push::judge(db, tx, &pushed).await? else {
        return Err(DbError::Damaged("a new incarnation has numbers"));
    };
    Ok(receipt.results.iter().all(is_taken))
}

fn is_taken(verdict: &Verdict) -> bool {
    matches!(verdict.st, VerdictState::Applied | VerdictState::Merged)
}

fn changeset(operator: &Caller, ops: &[Op], now: i64) -> Changeset {
    Changeset {
        id: tokens::new_id(now),
        schema: SCHEMA,
        t: now,
        t_contact: now,
        author: operator.account,
        ops: ops.to_vec(),
    }
}
