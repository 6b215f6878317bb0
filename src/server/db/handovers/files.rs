//! The files of families that change hands: who answers for a family is a field of its file, written by changesets as from any desk, so that it
//! has the history that every field has.

use serde_json::{Value, json};
use sync::{
    authority::Batch,
    id::Inc,
    record::{Record, Stored},
    rev::Rev,
    wire::{Base, Changeset, Op, PushAnswer, PushRequest, Verdict, VerdictState},
};
use uuid::Uuid;

use crate::{
    db::{
        Caller, DbError, NewHandover, SqlDatabase,
        group::Asked,
        push::{self, Door},
        rows::id,
        sql::{self, Tx},
        store,
    },
    tokens,
};

/// The field of a recipient's file that names who answers for the family.
const RESPONSIBLE: &str = "responsible";
const SCHEMA: u32 = 1;
/// Changesets that are judged together.
const BATCH_COUNT: usize = 250;

/// The families of a village.
pub(super) async fn of_village(tx: &mut Tx, area: Uuid) -> Result<Vec<Record>, DbError> {
    let rows =
        sql::query("SELECT body FROM record WHERE area = $1 AND kind = 'recipient' AND del = 0 ORDER BY e")
            .bind(id(area))
            .fetch_all(tx)
            .await?;
    rows.iter().map(store::record).collect()
}

/// Writes the other worker into each file. The transaction is of no use after an error.
pub(super) async fn hand_over(
    db: &SqlDatabase,
    tx: &mut Tx,
    who: &Caller,
    new: &NewHandover,
) -> Result<(), DbError> {
    let changed = || DbError::Refused("families_changed");
    let mut chosen = of_village(tx, new.area).await?;
    chosen.retain(|record| new.families.contains(&record.id));
    if chosen.len() != new.families.len() {
        return Err(changed());
    }
    let changesets: Vec<Changeset> =
        chosen.iter().filter_map(|record| changeset(who, record, new.to, new.now)).collect();
    let inc = Inc(tokens::random());
    let mut first_seq = 1;
    for batch in changesets.chunks(BATCH_COUNT) {
        let texts = batch.iter().map(serde_json::value::to_raw_value).collect::<Result<Vec<_>, _>>();
        let changesets = texts.map_err(|_| DbError::BadRequest("changeset"))?;
        let request = PushRequest { first_seq, prev_id: None, key: None, changesets, drafts: Vec::new() };
        let opened = Batch::open(&request, &**db.keys()).map_err(|_| DbError::BadRequest("push"))?;
        let asked =
            Asked { device: who.device, inc, batch: opened, now: new.now, door: Door::Line, by: None };
        let PushAnswer::Receipt(receipt) = push::judge(db, tx, &asked).await? else {
            return Err(DbError::Damaged("a new incarnation has numbers"));
        };
        if let Some(bad) = receipt.results.iter().find(|verdict| !is_written(verdict)) {
            tracing::warn!(why = ?bad.why, state = ?bad.st, "a family was not handed over");
            return Err(changed());
        }
        first_seq += batch.len() as u64;
    }
    Ok(())
}

/// The write of one family; nothing where it is his already.
fn changeset(who: &Caller, record: &Record, to: Uuid, now: i64) -> Option<Changeset> {
    let field = record.fields.get(RESPONSIBLE);
    if field.is_some_and(|field| field.value == Stored::Plain(Value::String(to.to_string()))) {
        return None;
    }
    let base = Base::Fv(field.map_or(Rev::ZERO, |field| field.fv));
    let op = Op::Set { e: record.id, f: RESPONSIBLE.to_owned(), v: json!(to), base };
    Some(Changeset {
        id: tokens::new_id(now),
        schema: SCHEMA,
        t: now,
        t_contact: now,
        author: who.account,
        ops: vec![op],
    })
}

fn is_written(verdict: &Verdict) -> bool {
    matches!(verdict.st, VerdictState::Applied | VerdictState::Merged)
}
