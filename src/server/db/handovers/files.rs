//! The files of families that change hands: who answers for a family is a field of its file, written by changesets as from any desk, so that it
//! has the history that every field has.

use serde_json::{Value, json};
use sync::{
    id::Inc,
    record::{Record, Stored},
    rev::Rev,
    wire::{Base, Changeset, Op},
};
use uuid::Uuid;

use crate::{
    db::{
        Caller, DbError, NewHandover, SqlDatabase,
        own::{self, Numbered},
        rows::id,
        sql::{self, Tx},
        store,
    },
    tokens,
};

/// The field of a recipient's file that names who answers for the family.
const RESPONSIBLE: &str = "responsible";

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
    let numbered = Numbered { who, inc: Inc(tokens::random()), first_seq: 1 };
    let verdicts = own::push(db, tx, numbered, &changesets, new.now).await?;
    if let Some(bad) = verdicts.iter().find(|verdict| !verdict.st.is_written()) {
        tracing::warn!(why = ?bad.why, state = ?bad.st, "a family was not handed over");
        return Err(changed());
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
    Some(own::changeset(who.account, vec![op], now))
}
