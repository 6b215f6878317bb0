//! One line of the report, carried out in one transaction: it is judged again, its records become tombstones that phones take over, their values go, and
//! their photos are marked. A break-off leaves the line as it was, or wholly done.

use std::collections::BTreeSet;
use sync::wire::Changeset;
use uuid::Uuid;

use super::{Erasing, empty_and_mark, holds_values, judging, merged, waiting::Waiting};
use crate::{
    db::{
        DbError, Retired, Retiring, SqlDatabase,
        fence::{self, Beyond},
        own::{self, Numbered},
        sql::Tx,
        store,
    },
    retention,
};

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
    let author = asked.operator.account;
    let ops = asked.line.ops();
    let saves: Vec<Changeset> =
        ops.chunks(OPS_COUNT).map(|ops| own::changeset(author, ops.to_vec(), asked.now)).collect();
    let numbered = Numbered { who: asked.operator, inc: asked.inc, first_seq: asked.first_seq };
    let verdicts = own::push(db, &mut tx, numbered, &saves, asked.now).await?;
    if !verdicts.iter().all(|verdict| verdict.st.is_written()) {
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
