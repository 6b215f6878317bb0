//! `/api/v1/devices`: the devices that an office supervises, what it decides about them, and one-time codes for more.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, header},
};
use domain::access::Role;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use sync::id::DeviceId;
use uuid::Uuid;

use crate::{
    asked::{self, Named},
    auth::Reader,
    body::{self, BodyLimits},
    commands::operator,
    db::{Account, Caller, DeviceChange, DeviceRow, NewCode, Settlement},
    error::ApiError,
    state::App,
    tokens,
};

/// A code is good for ten minutes.
const CODE_MS: i64 = 10 * 60_000;

/// What the caller supervises.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Devices {
    /// The server's time, by which the others are read.
    t: i64,
    people: Vec<Person>,
    devices: Vec<OwnedDevice>,
}

/// Somebody to whom a device may be given.
#[derive(Serialize, utoipa::ToSchema)]
struct Person {
    id: Uuid,
    name: String,
    #[schema(value_type = String)]
    role: Role,
    areas: Vec<String>,
}

/// A device, and whether it is the one that asks.
#[derive(Serialize, utoipa::ToSchema)]
struct OwnedDevice {
    #[serde(flatten)]
    row: DeviceRow,
    own: bool,
}

/// A new state, with the reason that goes into the audit chain.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct StateRequest {
    state: String,
    reason: String,
}

/// What was done about an incident.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct SettleRequest {
    word: String,
}

/// Every device of the accounts that the caller supervises.
pub(crate) async fn list(State(app): State<App>, Reader(who): Reader) -> Result<Json<Devices>, ApiError> {
    let mut supervised = app.db.supervised(&who).await?;
    let areas: &mut BTreeMap<Uuid, Vec<String>> = &mut supervised.areas;
    let person = |account: Account| Person {
        areas: areas.remove(&account.id).unwrap_or_default(),
        id: account.id,
        name: account.name,
        role: account.role,
    };
    let people =
        supervised.people.into_iter().filter(|account| account.name != operator::NAME).map(person).collect();
    let own = |row: DeviceRow| OwnedDevice { own: row.id == who.device, row };
    let devices = supervised.devices.into_iter().map(own).collect();
    Ok(Json(Devices { t: app.clock.now(), people, devices }))
}

/// Sets the state of a device.
pub(crate) async fn set_state(
    State(app): State<App>,
    Reader(who): Reader,
    Named(device): Named<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: StateRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let reason = asked::reason(&request.reason)?;
    let change = DeviceChange { device: named(&device)?, state: request.state, reason, now: app.clock.now() };
    app.db.change_device(&who, change).await?;
    Ok(Json(json!({"ok": true})))
}

/// Writes down that an incident was dealt with.
pub(crate) async fn settle(
    State(app): State<App>,
    Reader(who): Reader,
    Named((device, incident)): Named<(String, u64)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: SettleRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let word = asked::reason(&request.word)?;
    let settlement = Settlement { device: named(&device)?, incident, word, now: app.clock.now() };
    app.db.settle_incident(&who, settlement).await?;
    Ok(Json(json!({"ok": true})))
}

/// What is no device id names no device.
pub(super) fn named(device: &str) -> Result<DeviceId, ApiError> {
    device.parse().map_err(|_| ApiError::NotFound)
}

/// Whose device it will be.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct CodeRequest {
    pub(crate) user: String,
}

/// A code as it is shown to the worker.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct CodeAnswer {
    pub(crate) code: String,
    /// The page that takes the code, with the code behind `#`: it never reaches a log.
    pub(crate) link: String,
    pub(crate) until: i64,
}

/// Makes a code.
pub(crate) async fn add_code(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<CodeAnswer>, ApiError> {
    let request: CodeRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Ok(Json(new_code(&app, request.user, Some(who), origin).await?))
}

/// Makes a code for `user`; the link begins with `origin`. The command line has no device.
pub(crate) async fn new_code(
    app: &App,
    user: String,
    by: Option<Caller>,
    origin: &str,
) -> Result<CodeAnswer, ApiError> {
    if user == operator::NAME {
        return Err(ApiError::NotFound);
    }
    let code = tokens::new_code();
    let now = app.clock.now();
    let until = now + CODE_MS;
    app.db.add_code(NewCode { user, hash: app.keys.code_hash(&code), until, by, now }).await?;
    Ok(CodeAnswer { link: format!("{origin}/enrol#{code}"), code, until })
}
