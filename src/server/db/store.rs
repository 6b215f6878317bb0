//! Records, the changeset log and the numbers of devices: read as the authority asks, written as it says.

use serde_json::Value;
use std::collections::BTreeSet;
use sync::{
    authority::{Key, Loaded, LoggedChangeset, Missing, WriteSet},
    id::{DeviceId, Inc},
    planted::{Bug, planted},
    record::{BLOBS, Exit, HELD, PROPOSAL, Record, Stored},
    rev::Rev,
    wire::{VerdictState, Why},
};
use uuid::Uuid;

use super::{
    audit, erasing,
    rows::{id, parsed, rev_from_column, rev_to_column},
    sql::{self, Row, Tx},
};
use crate::db::DbError;

/// Reads what a decision misses.
pub(crate) async fn load(
    tx: &mut Tx,
    device: DeviceId,
    inc: Inc,
    missing: Missing,
    loaded: &mut Loaded,
) -> Result<(), DbError> {
    let (mut records, mut changesets) = (Vec::new(), Vec::new());
    for key in missing.0 {
        match key {
            Key::Seq(seq) => loaded.seq(seq, id_at(tx, device, inc, seq).await?),
            Key::Changeset(id) => changesets.push(id),
            Key::Record(id) => records.push(id),
            Key::Children(of) => {
                let children = children(tx, of).await?;
                loaded.children(of, children);
            }
            Key::Proposals { record, field, author } => {
                let open = open_proposals(tx, record, &field, author).await?;
                loaded.proposals(record, field, author, open);
            }
        }
    }
    load_changesets(tx, &changesets, loaded).await?;
    let mut absent: BTreeSet<Uuid> = records.iter().copied().collect();
    for record in by_ids(tx, &records).await? {
        absent.remove(&record.id);
        loaded.record(record.id, Some(record));
    }
    absent.into_iter().for_each(|id| loaded.record(id, None));
    Ok(())
}

/// The changeset that stands at a number.
pub(crate) async fn id_at(
    tx: &mut Tx,
    device: DeviceId,
    inc: Inc,
    seq: u64,
) -> Result<Option<Uuid>, DbError> {
    let row = sql::query("SELECT op_id FROM seq_id WHERE device = $1 AND inc = $2 AND seq = $3")
        .bind(device.to_string())
        .bind(inc.to_string())
        .bind(i64::try_from(seq).unwrap_or(i64::MAX))
        .fetch_optional(tx)
        .await?;
    row.map(|row| parsed(&row, "op_id")).transpose()
}

/// The records of these ids, deleted ones too; unknown ids give nothing.
pub(crate) async fn by_ids(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Record>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sql::query("SELECT body FROM record WHERE e IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(ids))
        .fetch_all(tx)
        .await?;
    rows.iter().map(record).collect()
}

/// The record of a row that has its body.
pub(crate) fn record(row: &Row) -> Result<Record, DbError> {
    serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("record"))
}

/// The direct children of a record, deleted ones too.
pub(crate) async fn children(tx: &mut Tx, of: Uuid) -> Result<Vec<Record>, DbError> {
    let rows = sql::query("SELECT body FROM record WHERE parent = $1").bind(id(of)).fetch_all(tx).await?;
    rows.iter().map(record).collect()
}

async fn open_proposals(tx: &mut Tx, of: Uuid, field: &str, author: Uuid) -> Result<Vec<Record>, DbError> {
    let rows =
        sql::query("SELECT body FROM record WHERE about = $1 AND kind = $2").bind(id(of)).bind(PROPOSAL);
    let proposals = rows.fetch_all(tx).await?.iter().map(record).collect::<Result<Vec<_>, _>>()?;
    let is_meant = |proposal: &Record| {
        proposal.is_open() && proposal.text("field") == Some(field) && proposal.id_in("by") == Some(author)
    };
    Ok(proposals.into_iter().filter(is_meant).collect())
}

async fn load_changesets(tx: &mut Tx, ids: &[Uuid], loaded: &mut Loaded) -> Result<(), DbError> {
    ids.iter().for_each(|id| loaded.changeset(*id, None));
    if planted(Bug::NoDedupe) {
        return Ok(());
    }
    for logged in changesets(tx, ids).await? {
        loaded.changeset(logged.id, Some(logged));
    }
    Ok(())
}

/// The rows of the log of these ids; unknown ids give nothing.
pub(crate) async fn changesets(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<LoggedChangeset>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sql::query("SELECT * FROM changeset WHERE op_id IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(ids))
        .fetch_all(tx)
        .await?;
    rows.iter().map(changeset).collect()
}

fn changeset(row: &Row) -> Result<LoggedChangeset, DbError> {
    let why: Option<String> = row.try_get("why")?;
    let rev: Option<i64> = row.try_get("rev")?;
    let seq: i64 = row.try_get("seq")?;
    Ok(LoggedChangeset {
        id: parsed(row, "op_id")?,
        device: parsed(row, "device")?,
        inc: parsed(row, "inc")?,
        seq: u64::try_from(seq).map_err(|_| DbError::Damaged("seq"))?,
        author: parsed(row, "author")?,
        t_dev: row.try_get("t_dev")?,
        t_contact: row.try_get("t_contact")?,
        t_eff: row.try_get("t_eff")?,
        t_recv: row.try_get("t_recv")?,
        st: from_word(row.try_get("st")?)?,
        rev: rev.map(rev_from_column),
        why: why.map(|word| from_word::<Why>(&word)).transpose()?,
        made: serde_json::from_str(row.try_get("made")?).map_err(|_| DbError::Damaged("made"))?,
        body: row.try_get("body")?,
    })
}

fn from_word<T: serde::de::DeserializeOwned>(word: &str) -> Result<T, DbError> {
    serde_json::from_value(Value::String(word.to_owned())).map_err(|_| DbError::Damaged("word"))
}

fn to_word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Stores everything a decision writes, but for the commit.
pub(crate) async fn write(tx: &mut Tx, device: DeviceId, inc: Inc, writes: WriteSet) -> Result<(), DbError> {
    if writes.head != Rev::ZERO {
        sql::query("UPDATE sync_head SET n = $1 WHERE n < $1")
            .bind(i64::try_from(writes.head.n).map_err(|_| DbError::Damaged("n"))?)
            .execute(tx)
            .await?;
    }
    let received = writes.changesets.iter().map(|changeset| changeset.t_recv).max();
    for record in &writes.records {
        put_record(tx, record, received).await?;
    }
    for exit in &writes.exits {
        put_exit(tx, exit).await?;
    }
    for changeset in &writes.changesets {
        put_changeset(tx, changeset).await?;
    }
    erasing::note(tx, &writes.changesets).await?;
    put_numbers(tx, device, inc, &writes).await?;
    audit::append_all(tx, writes.audit).await
}

/// Writes a record with what is looked up by: its author if held, what it became part of, sealed values, attachments. `received` is when the save came
/// that writes it, if one does.
async fn put_record(tx: &mut Tx, record: &Record, received: Option<i64>) -> Result<(), DbError> {
    let body = serde_json::to_string(record).map_err(|_| DbError::Damaged("record"))?;
    let held_by = if record.kind == HELD { record.id_in("by") } else { None };
    let about = if record.kind == PROPOSAL { record.id_in("recipient") } else { record.id_in("of") };
    sql::query(
        "INSERT INTO record (e, kind, area, parent, rev, del, held_by, about, body, merged_into) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (e) DO UPDATE SET
            kind = $2, area = $3, parent = $4, rev = $5, del = $6, held_by = $7, about = $8, body = $9, merged_into = $10",
    )
    .bind(id(record.id))
    .bind(&record.kind)
    .bind(id(record.area.0))
    .bind(record.parent.map(id))
    .bind(rev_to_column(record.rev))
    .bind(i64::from(record.del.is_some()))
    .bind(held_by.map(id))
    .bind(about.map(id))
    .bind(body)
    .bind(record.del.as_ref().and_then(|tombstone| tombstone.into).map(id))
    .execute(tx)
    .await?;
    put_indexes(tx, record).await?;
    put_attachments(tx, record, received).await
}

/// What the record is found by: the indexes of its sealed values.
pub(super) async fn put_indexes(tx: &mut Tx, record: &Record) -> Result<(), DbError> {
    let sealed = record.fields.iter().filter_map(|(name, field)| match &field.value {
        Stored::Sealed(sealed) => Some((name, &sealed.idx)),
        Stored::Plain(_) => None,
    });
    let sealed: Vec<_> = sealed.collect();
    if sealed.is_empty() {
        return Ok(());
    }
    sql::query("DELETE FROM blind_index WHERE e = $1").bind(id(record.id)).execute(tx).await?;
    for (name, idx) in sealed {
        sql::query("INSERT INTO blind_index (field, idx, e) VALUES ($1, $2, $3)")
            .bind(name)
            .bind(idx)
            .bind(id(record.id))
            .execute(tx)
            .await?;
    }
    Ok(())
}

async fn put_attachments(tx: &mut Tx, record: &Record, received: Option<i64>) -> Result<(), DbError> {
    let Some(attached) = record.plain(BLOBS).and_then(Value::as_array) else { return Ok(()) };
    let attached: Vec<&str> = attached.iter().filter_map(|item| item["blob"].as_str()).collect();
    // While it is attached still, the fence lets it be seen.
    sql::query(
        "UPDATE blob SET let_go_at = $3 WHERE hash IN (SELECT blob FROM attachment WHERE e = $1)
         AND hash NOT IN (SELECT key FROM json_each($2))",
    )
    .bind(id(record.id))
    .bind(sql::keys(attached.iter().copied()))
    .bind(received)
    .execute(tx)
    .await?;
    sql::query("DELETE FROM attachment WHERE e = $1").bind(id(record.id)).execute(tx).await?;
    for blob in attached {
        sql::query("INSERT INTO attachment (blob, e) VALUES ($1, $2) ON CONFLICT (blob, e) DO NOTHING")
            .bind(blob)
            .bind(id(record.id))
            .execute(tx)
            .await?;
    }
    Ok(())
}

async fn put_exit(tx: &mut Tx, exit: &Exit) -> Result<(), DbError> {
    if planted(Bug::NoExits) {
        return Ok(());
    }
    sql::query(
        "INSERT INTO area_exit (area, rev, e) VALUES ($1, $2, $3) ON CONFLICT (area, rev, e) DO NOTHING",
    )
    .bind(id(exit.area.0))
    .bind(rev_to_column(exit.rev))
    .bind(id(exit.e))
    .execute(tx)
    .await?;
    Ok(())
}

async fn put_changeset(tx: &mut Tx, logged: &LoggedChangeset) -> Result<(), DbError> {
    if planted(Bug::NoDedupe) {
        // The table itself would refuse the second row, which is a line of defence of its own.
        sql::query("DELETE FROM changeset WHERE op_id = $1").bind(id(logged.id)).execute(tx).await?;
    }
    sql::query(
        "INSERT INTO changeset (op_id, device, inc, seq, author, t_dev, t_contact, t_eff, t_recv, st, rev, why, made, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(id(logged.id))
    .bind(logged.device.to_string())
    .bind(logged.inc.to_string())
    .bind(i64::try_from(logged.seq).unwrap_or(i64::MAX))
    .bind(id(logged.author))
    .bind(logged.t_dev)
    .bind(logged.t_contact)
    .bind(logged.t_eff)
    .bind(logged.t_recv)
    .bind(to_word::<VerdictState>(&logged.st))
    .bind(logged.rev.map(rev_to_column))
    .bind(logged.why.as_ref().map(to_word))
    .bind(serde_json::to_string(&logged.made).unwrap_or_default())
    .bind(&logged.body)
    .execute(tx)
    .await?;
    Ok(())
}

async fn put_numbers(tx: &mut Tx, device: DeviceId, inc: Inc, writes: &WriteSet) -> Result<(), DbError> {
    if writes.seqs.is_empty() {
        return Ok(());
    }
    for row in &writes.seqs {
        sql::query("INSERT INTO seq_id (device, inc, seq, op_id) VALUES ($1, $2, $3, $4)")
            .bind(device.to_string())
            .bind(inc.to_string())
            .bind(i64::try_from(row.seq).unwrap_or(i64::MAX))
            .bind(id(row.op_id))
            .execute(tx)
            .await?;
    }
    sql::query(
        "INSERT INTO device_seq (device, inc, last) VALUES ($1, $2, $3)
         ON CONFLICT (device, inc) DO UPDATE SET last = $3",
    )
    .bind(device.to_string())
    .bind(inc.to_string())
    .bind(i64::try_from(writes.last).unwrap_or(i64::MAX))
    .execute(tx)
    .await?;
    Ok(())
}

/// An exit of a row.
pub(crate) fn exit(row: &Row) -> Result<Exit, DbError> {
    Ok(Exit {
        area: sync::id::AreaId(parsed(row, "area")?),
        rev: rev_from_column(row.try_get("rev")?),
        e: parsed(row, "e")?,
    })
}
