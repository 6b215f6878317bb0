//! The server key changes hands: everything that is sealed to one of before is sealed to the present one, in one transaction. Until its commit the
//! database is the old key's, afterwards the new one's; the key file holds both meanwhile.

mod walk;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use sync::record::{CONFLICT, PROPOSAL};
use uuid::Uuid;

use super::{
    SqlDatabase, accounts, audit,
    fence::{self, Beyond},
    rows::{id, parsed},
    sql::{self, Row, Tx},
    store,
};
use crate::{
    db::{AuditEntry, DbError, KeyStanding, Rekeyed, StaleSeals},
    list_import, second_factor,
};
use walk::Walk;

/// Rows that are in memory at once.
const ROWS: i64 = 200;
/// The word in the audit chain by which a database knows its key.
const ACTION: &str = "key_exchange";

/// To which key the database is sealed, beside those at hand.
pub(crate) async fn standing(db: &SqlDatabase) -> Result<KeyStanding, DbError> {
    let mut tx = db.read().await?;
    standing_in(db, &mut tx).await
}

async fn standing_in(db: &SqlDatabase, tx: &mut Tx) -> Result<KeyStanding, DbError> {
    let keys = db.keys();
    let row = sql::query("SELECT body FROM audit WHERE action = $1 ORDER BY n DESC LIMIT 1")
        .bind(ACTION)
        .fetch_optional(tx)
        .await?;
    // Before the first exchange there was one key: the oldest.
    let kid = match row {
        None => keys.earlier_kids().next_back().unwrap_or(keys.kid()).to_owned(),
        Some(row) => {
            let said: Value =
                serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
            said["detail"]["to"].as_str().ok_or(DbError::Damaged("audit"))?.to_owned()
        }
    };
    Ok(if kid == keys.kid() {
        KeyStanding::Present
    } else if keys.earlier_kids().any(|earlier| earlier == kid) {
        KeyStanding::Earlier(kid)
    } else {
        KeyStanding::Unknown(kid)
    })
}

/// Seals everything to the present key. Phones take all files again, because the index has changed by which they know doubles.
pub(crate) async fn run(db: &SqlDatabase, now: i64) -> Result<Option<Rekeyed>, DbError> {
    let mut tx = db.write().await?;
    let KeyStanding::Earlier(from) = standing_in(db, &mut tx).await? else { return Ok(None) };
    let rekeyed = seal_all(db, &mut tx).await?;
    accounts::pull_anew(&mut tx).await?;
    // They are good for ten minutes, and the office gives another.
    sql::query("DELETE FROM enrol_code").execute(&mut tx).await?;
    note(db, &mut tx, &from, &rekeyed, now).await?;
    tx.commit().await?;
    Ok(Some(rekeyed))
}

/// The key that the database is sealed to is lost, as whoever has the machine says: from now on it is the present one's.
pub(crate) async fn give_up(db: &SqlDatabase, now: i64) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let KeyStanding::Unknown(from) = standing_in(db, &mut tx).await? else { return Ok(()) };
    let detail = json!({"from": from, "to": db.keys().kid(), "lost": true});
    audit::append(&mut tx, AuditEntry::operator(ACTION, detail, now)).await?;
    tx.commit().await
}

async fn note(db: &SqlDatabase, tx: &mut Tx, from: &str, rekeyed: &Rekeyed, now: i64) -> Result<(), DbError> {
    let to = db.keys().kid();
    if matches!(tx, Tx::Postgres(_)) {
        sql::query("UPDATE server_key SET kid = $1").bind(to).execute(tx).await?;
    }
    let detail = json!({"from": from, "to": to, "values": rekeyed.values, "unread": rekeyed.unread});
    audit::append(tx, AuditEntry::operator(ACTION, detail, now)).await
}

/// What phones have sealed to a key of before since it was exchanged, sealed to the present one too; and what stands in the way of forgetting it.
pub(crate) async fn clear_earlier(db: &SqlDatabase, now: i64) -> Result<StaleSeals, DbError> {
    let mut tx = db.write().await?;
    let rekeyed = seal_all(db, &mut tx).await?;
    let kid = db.keys().kid().to_owned();
    let stale = StaleSeals {
        devices: devices_sealing_to_others(&mut tx, &kid).await?,
        uploads: uploads_under_others(&mut tx, &kid).await?,
        unread: rekeyed.unread,
    };
    if stale.devices.is_empty() && stale.uploads == 0 {
        let forgotten: Vec<&str> = db.keys().earlier_kids().collect();
        let codes = sql::query("DELETE FROM recovery_code WHERE hash NOT LIKE $1")
            .bind(format!("{kid}.%"))
            .execute(&mut tx)
            .await?;
        let detail = json!({"forgotten": forgotten, "values": rekeyed.values, "recovery_codes": codes});
        audit::append(&mut tx, AuditEntry::operator("key_forgotten", detail, now)).await?;
    }
    tx.commit().await?;
    Ok(stale)
}

/// Devices in use whose own keys are sealed to another key than the present one, or that have not said to which.
async fn devices_sealing_to_others(tx: &mut Tx, kid: &str) -> Result<Vec<String>, DbError> {
    let rows = sql::query(
        "SELECT device.id, device.hello, account.name FROM device JOIN account ON account.id = device.account
         WHERE device.shared = 0 AND device.state <> 'revoked' ORDER BY account.name, device.id",
    )
    .fetch_all(tx)
    .await?;
    let mut devices = Vec::new();
    for row in &rows {
        let said = row.try_get::<Option<String>>("hello")?.unwrap_or_default();
        let said: Value = serde_json::from_str(&said).unwrap_or_default();
        if said["sealed_to"] != kid {
            devices.push(format!("{} {}", row.try_get::<&str>("name")?, row.try_get::<&str>("id")?));
        }
    }
    Ok(devices)
}

/// Photos under way that come sealed to another key.
async fn uploads_under_others(tx: &mut Tx, kid: &str) -> Result<u64, DbError> {
    fence::lift(tx, Beyond::Keys).await?;
    let rows = sql::query("SELECT blob_key, seal FROM blob WHERE state IN ('partial', 'complete')")
        .fetch_all(tx)
        .await?;
    let mut count = 0;
    for row in &rows {
        let seals = [row.try_get::<Option<String>>("blob_key")?, row.try_get("seal")?];
        let others = seals.into_iter().flatten().any(|text| {
            serde_json::from_str::<Value>(&text)
                .is_ok_and(|seal| seal["kid"].is_string() && seal["kid"] != kid)
        });
        count += u64::from(others);
    }
    Ok(count)
}

async fn seal_all(db: &SqlDatabase, tx: &mut Tx) -> Result<Rekeyed, DbError> {
    fence::lift(tx, Beyond::Keys).await?;
    let mut walk = Walk::new(db.keys(), subjects(tx).await?);
    records(tx, &mut walk).await?;
    saves(tx, &mut walk).await?;
    lists(tx, &mut walk).await?;
    factors(tx, &mut walk).await?;
    Ok(Rekeyed { values: walk.sealed, unread: walk.unread })
}

/// What conflicts and proposals are about.
async fn subjects(tx: &mut Tx) -> Result<BTreeMap<Uuid, Uuid>, DbError> {
    let rows = sql::query("SELECT e, about FROM record WHERE about IS NOT NULL AND kind IN ($1, $2)")
        .bind(CONFLICT)
        .bind(PROPOSAL)
        .fetch_all(tx)
        .await?;
    rows.iter().map(|row| Ok((parsed(row, "e")?, parsed(row, "about")?))).collect()
}

/// The rows of a table one part after the other: `$1` is the key of the last one, `$2` how many.
async fn part(tx: &mut Tx, text: &'static str, last: &str) -> Result<Vec<Row>, DbError> {
    sql::query(text).bind(last).bind(ROWS).fetch_all(tx).await
}

async fn records(tx: &mut Tx, walk: &mut Walk<'_>) -> Result<(), DbError> {
    let mut last = String::new();
    loop {
        let rows = part(
            tx,
            "SELECT e, body FROM record WHERE e > $1 AND body LIKE '%kid%' ORDER BY e LIMIT $2",
            &last,
        )
        .await?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = end.try_get("e")?;
        for row in &rows {
            let mut record = store::record(row)?;
            if walk.record(&mut record) {
                let body = serde_json::to_string(&record).map_err(|_| DbError::Damaged("record"))?;
                put(tx, "UPDATE record SET body = $1 WHERE e = $2", body, &id(record.id)).await?;
                store::put_indexes(tx, &record).await?;
            }
        }
    }
}

/// The log, as far as it can be read: what no key opened when it came is no JSON of ours.
async fn saves(tx: &mut Tx, walk: &mut Walk<'_>) -> Result<(), DbError> {
    let mut last = String::new();
    loop {
        let text = "SELECT op_id, body FROM changeset WHERE op_id > $1 AND body LIKE '%kid%' ORDER BY op_id LIMIT $2";
        let rows = part(tx, text, &last).await?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = end.try_get("op_id")?;
        for row in &rows {
            if let Some(body) = walk.text(row.try_get("body")?, &[]) {
                put(tx, "UPDATE changeset SET body = $1 WHERE op_id = $2", body, row.try_get("op_id")?)
                    .await?;
            }
        }
    }
}

/// Lists that wait, what stays of written ones, and what stood in the fields that they changed.
async fn lists(tx: &mut Tx, walk: &mut Walk<'_>) -> Result<(), DbError> {
    let rows = sql::query("SELECT id, body FROM import WHERE body <> ''").fetch_all(tx).await?;
    for row in &rows {
        let fields = [list_import::LIST, list_import::REFUSED];
        if let Some(body) = walk.value(row.try_get("body")?, parsed(row, "id")?, &fields) {
            put(tx, "UPDATE import SET body = $1 WHERE id = $2", body, row.try_get("id")?).await?;
        }
    }
    let rows =
        sql::query("SELECT import, e, body FROM import_file WHERE body LIKE '%kid%'").fetch_all(tx).await?;
    for row in &rows {
        let Some(body) = walk.text(row.try_get("body")?, &[parsed(row, "e")?]) else { continue };
        sql::query("UPDATE import_file SET body = $1 WHERE import = $2 AND e = $3")
            .bind(body)
            .bind(row.try_get::<&str>("import")?)
            .bind(row.try_get::<&str>("e")?)
            .execute(tx)
            .await?;
    }
    Ok(())
}

async fn factors(tx: &mut Tx, walk: &mut Walk<'_>) -> Result<(), DbError> {
    let rows = sql::query("SELECT account, secret FROM second_factor").fetch_all(tx).await?;
    for row in &rows {
        let text: &str = row.try_get("secret")?;
        if let Some(secret) = walk.value(text, parsed(row, "account")?, &[second_factor::FIELD]) {
            put(
                tx,
                "UPDATE second_factor SET secret = $1 WHERE account = $2",
                secret,
                row.try_get("account")?,
            )
            .await?;
        }
    }
    Ok(())
}

async fn put(tx: &mut Tx, text: &'static str, body: String, key: &str) -> Result<(), DbError> {
    sql::query(text).bind(body).bind(key).execute(tx).await?;
    Ok(())
}
