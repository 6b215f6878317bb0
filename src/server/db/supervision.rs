//! Devices and accounts as whoever supervises them sees them, and what he decides about them.

use domain::access::Role;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use sync::{
    id::{AreaId, DeviceId},
    wire::Hello,
};
use uuid::Uuid;

use super::{
    SqlDatabase, audit, devices,
    fence::{self, Beyond},
    rows::{count, id, parsed},
    scope::{self, Standpoint},
    sql::{self, Row, Tx},
};
use crate::commands::operator;
use crate::db::{
    Account, AuditEntry, Caller, DbError, DeviceChange, DeviceRow, IncidentRow, Settlement, StateWord,
    SupervisedDevices, Waiting, accounts,
};

/// What a `hello` left of itself, and what stands beside it since.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    inc: String,
    next_seq: u64,
    pending: u64,
    oldest: Option<i64>,
    drafts: u64,
    blobs: u64,
    build: String,
    schema: u32,
    persisted: Option<bool>,
    clock_off_min: i64,
}

/// What of a hello is worth a row: everything but the time, which counts only where it is doubtful.
pub(super) fn words(inc: sync::id::Inc, said: &Hello, now: i64) -> String {
    let off = said.t - now;
    let clock_off_min = if off.abs() > sync::limits::CLOCK_DOUBT_MS { off / MINUTE_MS } else { 0 };
    json!({
        "inc": inc, "next_seq": said.next_seq, "acked": said.acked, "pending": said.pending, "oldest": said.oldest,
        "drafts": said.drafts, "blobs": said.blobs, "build": said.build, "schema": said.schema,
        "persisted": said.storage.persisted, "clock_off_min": clock_off_min, "sealed_to": said.sealed_to,
    })
    .to_string()
}

const MINUTE_MS: i64 = 60_000;

/// The standpoint of an office, or of an administrator.
pub(super) async fn supervisor(db: &SqlDatabase, tx: &mut Tx, who: &Caller) -> Result<Standpoint, DbError> {
    let at = scope::caller(db, tx, who).await?;
    if at.who.role.is_office() || at.who.role == Role::Admin { Ok(at) } else { Err(DbError::Forbidden) }
}

/// The account is of no higher rank, and each of its areas lies in the scope, or the home of one without areas. That of the command line is nobody's.
pub(super) fn supervises(at: &Standpoint, account: &Account) -> bool {
    account.name != operator::NAME
        && at.who.role.looks_after(account.role)
        && account.belongs_to().next().is_some()
        && account.belongs_to().all(|area| at.who.scope.holds(AreaId(area)))
}

/// Every enrolled device that the caller supervises, and the accounts to which he may give another.
pub(crate) async fn list(db: &SqlDatabase, who: &Caller) -> Result<SupervisedDevices, DbError> {
    let mut tx = db.read().await?;
    let at = supervisor(db, &mut tx, who).await?;
    let mut people = accounts::all_in(&mut tx).await?;
    people.retain(|account| supervises(&at, account));
    let mut told = told(&mut tx).await?;
    let name_of = |area: &Uuid| at.tree.get(AreaId(*area)).map(|node| node.name.clone());
    fence::lift(&mut tx, Beyond::Supervision).await?;
    let rows = sql::query(
        "SELECT device.id, device.account, device.state, device.enrolled_at, device.seen_at, device.hello
         FROM device WHERE device.shared = 0 ORDER BY device.id",
    )
    .fetch_all(&mut tx)
    .await?;
    let mut devices = Vec::new();
    for row in &rows {
        let owner: Uuid = parsed(row, "account")?;
        if let Some(account) = people.iter().find(|account| account.id == owner) {
            let device: DeviceId = parsed(row, "id")?;
            let mut told = told.remove(&device.to_string()).unwrap_or_default();
            for incident in &mut told.incidents {
                incident.areas = incident.ids.iter().filter_map(|area| name_of(&area.0)).collect();
            }
            devices.push(device_row(&mut tx, row, device, account, told).await?);
        }
    }
    let areas = people
        .iter()
        .map(|account| (account.id, account.areas.iter().filter_map(name_of).collect::<Vec<_>>()))
        .collect();
    Ok(SupervisedDevices { areas, people, devices })
}

/// What the audit chain tells of a device.
#[derive(Default)]
struct Told {
    kind: Option<String>,
    set: Option<StateWord>,
    rescued_at: Option<i64>,
    incidents: Vec<IncidentRow>,
}

/// What the chain tells of every device, in its order.
async fn told(tx: &mut Tx) -> Result<BTreeMap<String, Told>, DbError> {
    let rows = sql::query(
        "SELECT n, at, action, body FROM audit
         WHERE action IN ('incident', 'witness_differs', 'diverged', 'incident_settled', 'device_set', 'device_kind', 'rescue_import')
         ORDER BY n",
    )
    .fetch_all(tx)
    .await?;
    let mut told: BTreeMap<String, Told> = BTreeMap::new();
    for row in &rows {
        let body: Value =
            serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
        let (at, detail) = (row.try_get("at")?, &body["detail"]);
        let by = body["account"].as_str().and_then(|id| id.parse::<Uuid>().ok());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let action: &str = row.try_get("action")?;
        let of = if action == "device_kind" || !detail["device"].is_string() { &body } else { detail };
        let one = told.entry(text(&of["device"])).or_default();
        match action {
            "device_kind" => one.kind = Some(text(&detail["kind"])),
            "device_set" => {
                let left = detail["left"] == true;
                one.set = Some(StateWord { by, at, reason: text(&detail["reason"]), left });
            }
            "rescue_import" => one.rescued_at = Some(at),
            "incident_settled" => {
                let settled = |incident: &&mut IncidentRow| Some(incident.n) == detail["incident"].as_u64();
                if let Some(incident) = one.incidents.iter_mut().find(settled) {
                    incident.settled = Some(StateWord { by, at, reason: text(&detail["word"]), left: false });
                }
            }
            _ => {
                let is_witness = action == "witness_differs";
                let incident = IncidentRow {
                    n: count(row, "n")?,
                    at,
                    kind: if is_witness { "witness".to_owned() } else { text(&detail["kind"]) },
                    inc: text(&detail["inc"]),
                    lost: lost(detail),
                    t: detail["t"].as_i64(),
                    ids: areas(detail),
                    areas: Vec::new(),
                    settled: None,
                };
                // A phone that got no answer reports once more.
                if !one.incidents.iter().any(|known| known.is_same(&incident)) {
                    one.incidents.push(incident);
                }
            }
        }
    }
    Ok(told)
}

/// How many numbers an incident lost, where it says so.
fn lost(detail: &Value) -> Option<u64> {
    let (first, last) = (detail["lost"][0].as_u64()?, detail["lost"][1].as_u64()?);
    Some((last + 1).saturating_sub(first))
}

/// The areas that differed.
fn areas(detail: &Value) -> Vec<AreaId> {
    let named = detail["areas"].as_array().into_iter().flatten();
    named.filter_map(|area| area.as_str()?.parse().ok()).collect()
}

async fn device_row(
    tx: &mut Tx,
    row: &Row,
    device: DeviceId,
    account: &Account,
    told: Told,
) -> Result<DeviceRow, DbError> {
    let text: Option<String> = row.try_get("hello")?;
    let said: Option<Said> = text.and_then(|text| serde_json::from_str(&text).ok());
    let seen_at: Option<i64> = row.try_get("seen_at")?;
    let waiting = match (&said, seen_at) {
        (Some(said), Some(seen_at)) => Some(waiting(tx, device, said, seen_at).await?),
        _ => None,
    };
    let said = said.unwrap_or_default();
    Ok(DeviceRow {
        id: device,
        account: account.id,
        kind: told.kind,
        state: row.try_get("state")?,
        set: told.set,
        enrolled_at: row.try_get("enrolled_at")?,
        seen_at,
        waiting,
        build: said.build,
        schema: said.schema,
        persisted: said.persisted,
        clock_off_min: said.clock_off_min,
        rescued_at: told.rescued_at.filter(|at| seen_at.is_none_or(|seen| *at > seen)),
        incidents: told.incidents,
    })
}

/// What the device said that it holds, without what it has sent since.
pub(super) async fn waiting(
    tx: &mut Tx,
    device: DeviceId,
    said: &Said,
    seen_at: i64,
) -> Result<Waiting, DbError> {
    let last = sql::query("SELECT last FROM device_seq WHERE device = $1 AND inc = $2")
        .bind(device.to_string())
        .bind(&said.inc)
        .fetch_optional(tx)
        .await?
        .map_or(Ok(0), |row| count(&row, "last"))?;
    let sent = sql::query(
        "SELECT count(*) AS n FROM blob
         WHERE device = $1 AND started_at >= $2 AND state IN ('complete', 'verified', 'rejected')",
    )
    .bind(device.to_string())
    .bind(seen_at)
    .fetch_one(tx)
    .await?;
    let saves = said.pending.min(said.next_seq.saturating_sub(last + 1));
    Ok(Waiting {
        saves,
        photos: said.blobs.saturating_sub(count(&sent, "n")?),
        drafts: said.drafts,
        oldest: said.oldest.filter(|_| saves > 0),
    })
}

/// The account of a device that the caller supervises.
pub(super) async fn owner(tx: &mut Tx, at: &Standpoint, device: DeviceId) -> Result<Account, DbError> {
    let row = sql::query("SELECT account FROM device WHERE id = $1 AND shared = 0")
        .bind(device.to_string())
        .fetch_optional(tx)
        .await?
        .ok_or(DbError::NotFound)?;
    let account = accounts::by_id(tx, parsed(&row, "account")?).await?;
    if supervises(at, &account) { Ok(account) } else { Err(DbError::NotFound) }
}

/// Sets the state of a supervised device. Nobody shuts himself out of the device in his hands, and what is revoked stays so.
pub(crate) async fn change(db: &SqlDatabase, who: &Caller, change: DeviceChange) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let at = supervisor(db, &mut tx, who).await?;
    owner(&mut tx, &at, change.device).await?;
    if change.device == who.device {
        return Err(DbError::Refused("own_device"));
    }
    let row = sql::query("SELECT state FROM device WHERE id = $1")
        .bind(change.device.to_string())
        .fetch_one(&mut tx)
        .await?;
    if row.try_get::<&str>("state")? == "revoked" {
        return Err(DbError::Refused("device_revoked"));
    }
    devices::write_state(&mut tx, &change.device.to_string(), &change.state).await?;
    let detail = json!({"device": change.device, "state": change.state, "reason": change.reason});
    audit::append(&mut tx, AuditEntry::of(who, "device_set", detail, change.now)).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down that an incident was dealt with; once is enough.
pub(crate) async fn settle(db: &SqlDatabase, who: &Caller, settlement: Settlement) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let at = supervisor(db, &mut tx, who).await?;
    owner(&mut tx, &at, settlement.device).await?;
    let told = told(&mut tx).await?.remove(&settlement.device.to_string()).unwrap_or_default();
    let incident =
        told.incidents.iter().find(|incident| incident.n == settlement.incident).ok_or(DbError::NotFound)?;
    if incident.settled.is_some() {
        return Ok(());
    }
    let detail =
        json!({"device": settlement.device, "incident": settlement.incident, "word": settlement.word});
    audit::append(&mut tx, AuditEntry::of(who, "incident_settled", detail, settlement.now)).await?;
    tx.commit().await?;
    Ok(())
}

/// Which of these changesets the office has, whatever became of them.
pub(crate) async fn known(db: &SqlDatabase, changesets: &[Uuid]) -> Result<Vec<Uuid>, DbError> {
    let mut tx = db.read().await?;
    fence::lift(&mut tx, Beyond::Supervision).await?;
    let rows = sql::query("SELECT op_id FROM changeset WHERE op_id IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(changesets.iter().map(|changeset| id(*changeset))))
        .fetch_all(&mut tx)
        .await?;
    rows.iter().map(|row| parsed(row, "op_id")).collect()
}

/// The changesets and unfinished visits that came by file and not over the line, from devices that the caller supervises.
pub(crate) async fn brought_by_file(db: &SqlDatabase, who: &Caller) -> Result<Vec<Uuid>, DbError> {
    let mut tx = db.read().await?;
    let at = supervisor(db, &mut tx, who).await?;
    let rows = sql::query("SELECT body FROM audit WHERE action = 'rescue_import' ORDER BY n")
        .fetch_all(&mut tx)
        .await?;
    let mut brought = Vec::new();
    let mut is_supervised: BTreeMap<String, bool> = BTreeMap::new();
    for row in &rows {
        let body: Value =
            serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
        let detail = &body["detail"];
        let name = detail["device"].as_str().unwrap_or_default();
        if !is_supervised.contains_key(name) {
            let device: DeviceId = name.parse().map_err(|_| DbError::Damaged("audit"))?;
            let found = match owner(&mut tx, &at, device).await {
                Ok(_) => true,
                Err(DbError::NotFound) => false,
                Err(error) => return Err(error),
            };
            is_supervised.insert(name.to_owned(), found);
        }
        if is_supervised[name] {
            let held = detail["held"].as_array().into_iter().flatten();
            brought.extend(held.filter_map(|id| id.as_str()?.parse::<Uuid>().ok()));
        }
    }
    brought.sort();
    brought.dedup();
    Ok(brought)
}
