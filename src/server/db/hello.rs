//! Where a device stands, and what it says of itself.

use domain::{notice::Notice, policy::Policy};
use serde_json::json;
use std::collections::BTreeMap;
use sync::{
    authority::{HelloFacts, HelloOutcome, Standing, hello},
    id::{BlobHash, Inc},
    limits,
    wire::{BlobState, DeviceState, Fields, Hello, HelloAnswer, Limits},
};

use super::{
    SqlDatabase, audit, blobs,
    fence::{self, Beyond},
    head, notices,
    push::{self, Numbers},
    scope, settings,
    sql::{self, Tx},
    store, supervision,
};
use crate::db::{AuditEntry, Caller, DbError};

/// A device's words are written down when they change, else at most this often.
const SEEN_MS: i64 = 10 * 60_000;
/// Blobs that one hello may ask for.
const ASK_MAX: usize = 200;
/// Differences that one hello may tell of.
const DIVERGED_MAX: usize = 16;

pub(crate) async fn run(
    db: &SqlDatabase,
    who: &Caller,
    inc: Inc,
    said: &Hello,
    now: i64,
) -> Result<HelloAnswer, DbError> {
    let words = supervision::words(inc, said, now);
    let (outcome, is_news) = {
        let mut tx = db.read().await?;
        let facts = facts(db, &mut tx, who, inc, said).await?;
        (hello(said, facts), is_news(&mut tx, who, &words, now).await?)
    };
    // The last contact before a wipe is what the office goes by.
    let is_last = outcome.answer.state == DeviceState::Wipe;
    let tells = outcome.incident.is_some() || outcome.witness_differs || !outcome.diverged.is_empty();
    if is_news || is_last || tells || !who.synced {
        record(db, who, inc, said, words, &outcome, now).await?;
    }
    Ok(outcome.answer)
}

async fn facts(
    db: &SqlDatabase,
    tx: &mut Tx,
    who: &Caller,
    inc: Inc,
    said: &Hello,
) -> Result<HelloFacts, DbError> {
    let at = scope::standpoint(db, tx, who.device).await?;
    // The request was let in before the decision fell.
    if at.standing == Standing::Revoked {
        return Err(DbError::Revoked);
    }
    let Numbers { last, durable } = push::numbers(tx, who.device, inc).await?;
    let last_id = store::id_at(tx, who.device, inc, last).await?;
    let durable_id = match durable {
        0 => None,
        _ if durable == last => last_id,
        _ => store::id_at(tx, who.device, inc, durable).await?,
    };
    let audit_at_seen = match &said.seen {
        Some(seen) => audit::hash_at(tx, seen.n).await?,
        None => None,
    };
    Ok(HelloFacts {
        epoch: head::read(tx).await?.epoch,
        scope_rev: at.scope_rev,
        standing: at.standing,
        last: last_id.map(|id| (last, id)),
        durable: durable_id.map(|id| (durable, id)),
        limits: Limits {
            batch_bytes: limits::PUSH_COMPRESSED_BYTES_MAX,
            page_bytes: limits::PAGE_BYTES_MAX,
            wait_ms: 0,
        },
        keys: db.keys().public(),
        audit: audit::head(tx).await?,
        audit_at_seen,
        blobs: blob_states(tx, &said.ask).await?,
        settings: settings(tx).await?,
    })
}

/// Nothing where all is as it is by default: that is what a phone takes silence for.
async fn settings(tx: &mut Tx) -> Result<Fields, DbError> {
    let policy = settings::read(tx).await?;
    let mut said =
        if policy == Policy::default() { Fields::new() } else { policy.members().into_iter().collect() };
    said.extend(notices::in_force(tx).await?.into_iter().flat_map(Notice::members));
    Ok(said)
}

async fn blob_states(tx: &mut Tx, ask: &[BlobHash]) -> Result<BTreeMap<BlobHash, BlobState>, DbError> {
    let mut states = BTreeMap::new();
    // A phone asks for what it uploads, before and after a record attaches it.
    fence::lift(tx, Beyond::Upload).await?;
    for hash in ask.iter().take(ASK_MAX) {
        states.insert(*hash, blobs::state(blobs::find_in(tx, *hash).await?.as_ref()));
    }
    Ok(states)
}

async fn is_news(tx: &mut Tx, who: &Caller, words: &str, now: i64) -> Result<bool, DbError> {
    let row = sql::query("SELECT hello, seen_at FROM device WHERE id = $1")
        .bind(who.device.to_string())
        .fetch_one(tx)
        .await?;
    let seen_at: Option<i64> = row.try_get("seen_at")?;
    Ok(row.try_get::<Option<String>>("hello")?.as_deref() != Some(words)
        || seen_at.is_none_or(|at| now - at > SEEN_MS))
}

async fn record(
    db: &SqlDatabase,
    who: &Caller,
    inc: Inc,
    said: &Hello,
    words: String,
    outcome: &HelloOutcome,
    now: i64,
) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    sql::query(
        "UPDATE device SET hello = $1, seen_at = $2, synced_at = coalesce(synced_at, $2) WHERE id = $3",
    )
    .bind(words)
    .bind(now)
    .bind(who.device.to_string())
    .execute(&mut tx)
    .await?;
    if let Some(incident) = &outcome.incident {
        audit::append(&mut tx, AuditEntry::of(who, "incident", json!(incident), now)).await?;
    }
    for diverged in outcome.diverged.iter().take(DIVERGED_MAX) {
        let mut detail = json!(diverged);
        detail["inc"] = json!(inc);
        audit::append(&mut tx, AuditEntry::of(who, "diverged", detail, now)).await?;
    }
    if outcome.witness_differs {
        audit::append(&mut tx, AuditEntry::of(who, "witness_differs", json!(said.seen), now)).await?;
    }
    tx.commit().await?;
    Ok(())
}
