//! The log of saves, searched by the records that they speak of: what changed nothing, was set aside or was overwritten stands in no record, and here
//! all the same.

use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use sync::{authority::LoggedChangeset, wire::VerdictState};
use uuid::Uuid;

use super::waiting::{Waiting, ids_in};
use crate::db::{
    DbError,
    rows::{id, parsed},
    sql::{self, Tx},
};

/// Members of a save that say nothing of anybody.
const ENVELOPE: [&str; 6] = ["id", "schema", "t", "t_contact", "author", "ops"];

/// The records that the ops of a save are about.
#[derive(Deserialize)]
struct Subjects {
    ops: Vec<Subject>,
}

#[derive(Deserialize)]
struct Subject {
    e: Option<Uuid>,
    from: Option<Uuid>,
    into: Option<Uuid>,
}

/// Keeps in mind what saves speak of.
pub(crate) async fn note(tx: &mut Tx, logged: &[LoggedChangeset]) -> Result<(), DbError> {
    let pairs_of = |save: &LoggedChangeset| {
        named_in(save).into_iter().map(|e| format!("{} {}", id(e), id(save.id))).collect::<Vec<_>>()
    };
    let pairs: Vec<String> = logged.iter().flat_map(pairs_of).collect();
    if pairs.is_empty() {
        return Ok(());
    }
    sql::query(
        "INSERT INTO mention (e, op_id) SELECT substr(key, 1, 36), substr(key, 38) FROM json_each($1)
         WHERE true ON CONFLICT (e, op_id) DO NOTHING",
    )
    .bind(sql::keys(pairs))
    .execute(tx)
    .await?;
    Ok(())
}

fn named_in(logged: &LoggedChangeset) -> BTreeSet<Uuid> {
    let took_effect = !matches!(logged.st, VerdictState::Held | VerdictState::Rejected);
    match serde_json::from_str::<Subjects>(&logged.body) {
        Ok(read) if took_effect => {
            read.ops.into_iter().flat_map(|op| [op.e, op.from, op.into]).flatten().collect()
        }
        _ => ids_in(&logged.body),
    }
}

/// Takes out of the log what it says of erased records, but for saves that still wait for a person.
pub(super) async fn silence(tx: &mut Tx, waiting: &Waiting, erased: &BTreeSet<Uuid>) -> Result<(), DbError> {
    let rows = sql::query(
        "SELECT op_id, st, body FROM changeset WHERE op_id IN
         (SELECT op_id FROM mention WHERE e IN (SELECT key FROM json_each($1)))",
    )
    .bind(sql::keys(erased))
    .fetch_all(tx)
    .await?;
    let mut done = BTreeSet::new();
    for row in &rows {
        let (op_id, body) = (parsed(row, "op_id")?, row.try_get::<&str>("body")?);
        let effect = Effect::of(row.try_get("st")?);
        if effect == Effect::Held && waiting.is_open(op_id)? {
            continue;
        }
        done.insert(op_id);
        if let Some(body) = blackened(body, effect, erased) {
            sql::query("UPDATE changeset SET body = $1 WHERE op_id = $2")
                .bind(body)
                .bind(id(op_id))
                .execute(tx)
                .await?;
        }
    }
    sql::query(
        "DELETE FROM mention WHERE e IN (SELECT key FROM json_each($1)) AND op_id IN (SELECT key FROM json_each($2))",
    )
    .bind(sql::keys(erased))
    .bind(sql::keys(&done))
    .execute(tx)
    .await?;
    Ok(())
}

/// Deleted records of which the log still speaks.
pub(super) async fn spoken_of(tx: &mut Tx) -> Result<Vec<Uuid>, DbError> {
    let rows = sql::query(
        "SELECT e FROM record WHERE del = 1 AND EXISTS (SELECT 1 FROM mention WHERE mention.e = record.e)",
    )
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| parsed(row, "e")).collect()
}

/// What became of a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Taken,
    Held,
    Rejected,
}

impl Effect {
    fn of(st: &str) -> Effect {
        match st {
            "held" => Effect::Held,
            "rejected" => Effect::Rejected,
            _ => Effect::Taken,
        }
    }
}

/// The save without the ops about these records; nothing where it has none. Another op stands in the place of each, so that what is told of the others
/// by their place stays true. Of a save that took no effect, what it would have made below them goes too, and of one that was rejected, which may be of
/// any shape, whatever names them.
fn blackened(body: &str, effect: Effect, erased: &BTreeSet<Uuid>) -> Option<String> {
    let is_about_erased = |text: &str| effect == Effect::Rejected && !ids_in(text).is_disjoint(erased);
    let empty = || is_about_erased(body).then(|| json!({"ops": []}).to_string());
    // What cannot be read is the ciphertext of a key that is gone, or was rejected for it.
    let Ok(mut save) = serde_json::from_str::<Value>(body) else { return empty() };
    let Some(ops) = save["ops"].as_array_mut() else { return empty() };
    let (mut erased, mut is_changed) = (erased.clone(), false);
    for op in ops.iter_mut() {
        let black = |e: Uuid| json!({"op": "remove", "e": e, "f": "erased", "item": null});
        let goes = subject(op, effect, &erased);
        let goes = goes.or_else(|| is_about_erased(&op.to_string()).then(Uuid::nil));
        if let Some(e) = goes {
            erased.insert(e);
            is_changed |= *op != black(e);
            *op = black(e);
        }
    }
    let is_all_black = ops.iter().all(|op| op["f"] == "erased");
    if let Some(members) = save.as_object_mut().filter(|_| is_all_black) {
        let before = members.len();
        members.retain(|name, _| ENVELOPE.contains(&name.as_str()));
        is_changed |= members.len() < before;
    }
    is_changed.then(|| save.to_string())
}

/// The record that an op is about, if what it says goes.
fn subject(op: &Value, effect: Effect, erased: &BTreeSet<Uuid>) -> Option<Uuid> {
    let of = |name: &str| op[name].as_str().and_then(|text| Uuid::try_parse(text).ok());
    let is_erased = |id: Option<Uuid>| id.is_some_and(|id| erased.contains(&id));
    let hangs_below = effect != Effect::Taken && is_erased(of("parent"));
    match (of("e"), of("from"), of("into")) {
        (Some(e), ..) => (hangs_below || erased.contains(&e)).then_some(e),
        // How the file that stays came about is kept with it.
        (None, Some(from), Some(into)) if effect == Effect::Taken => erased.contains(&into).then_some(from),
        (None, Some(from), into) => (is_erased(into) || erased.contains(&from)).then_some(from),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
