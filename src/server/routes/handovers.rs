//! `/api/v1/handovers`: families that go from one worker to another.
//!
//! Who answers for a family is a field of its file, so a hand-over writes changesets like any desk and has the history that every field has. The
//! village moves after them. What the one who hands over has not sent yet goes up first, as his next sync keeps to *outbox first*.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sync::{
    record::{FieldState, Record, Stored},
    rev::Rev,
    wire::{Base, Changeset, Op, Verdict, VerdictState},
};
use uuid::Uuid;

use crate::{
    asked,
    auth::Reader,
    body::{self, BodyLimits},
    db::{Caller, NewHandover, Unsent},
    error::ApiError,
    plant,
    state::App,
    tokens,
};

/// The field of a recipient's file that names who answers for the family.
const RESPONSIBLE: &str = "responsible";
const SCHEMA: u32 = 1;

/// From whom to whom in which village.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = HandoverPreviewRequest)]
pub(crate) struct PreviewRequest {
    area: Uuid,
    from: Option<Uuid>,
}

/// What would change hands, and what the one who hands over still holds.
#[derive(Serialize)]
pub(crate) struct Preview {
    families: Vec<Family>,
    unsent: Unsent,
}

/// A family, and who answers for it.
#[derive(Serialize)]
struct Family {
    id: Uuid,
    name: String,
    responsible: Option<String>,
}

/// The hand-over itself.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct HandoverRequest {
    area: Uuid,
    from: Option<Uuid>,
    to: Uuid,
    families: Vec<Uuid>,
    keep_village: bool,
    reason: String,
}

/// The families of a village, and what the phone of the one who hands over has not sent.
pub(crate) async fn preview(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Preview>, ApiError> {
    let request: PreviewRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let records = app.db.families(&who, request.area).await?;
    let unsent = match request.from {
        Some(from) => unsent_of(&app, &who, from).await?,
        None => Unsent::default(),
    };
    let family = |record: &Record| Family {
        id: record.id,
        name: text(record, "name").unwrap_or_default(),
        responsible: text(record, RESPONSIBLE),
    };
    Ok(Json(Preview { families: records.iter().map(family).collect(), unsent }))
}

/// Of somebody whom the caller supervises.
async fn unsent_of(app: &App, who: &Caller, account: Uuid) -> Result<Unsent, ApiError> {
    let staff = app.db.staff(who, app.clock.now()).await?;
    if staff.people.iter().any(|person| person.id == account) {
        Ok(app.db.unsent(account).await?)
    } else {
        Err(ApiError::NotFound)
    }
}

/// Hands families over.
pub(crate) async fn hand_over(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: HandoverRequest = body::json(&headers, body, BodyLimits::COMMIT).await?;
    let reason = asked::reason(&request.reason)?;
    check_parties(&app, &who, &request).await?;
    let now = app.clock.now();
    let records = app.db.families(&who, request.area).await?;
    let chosen: Vec<&Record> =
        records.iter().filter(|record| request.families.contains(&record.id)).collect();
    if chosen.len() != request.families.len() {
        return Err(ApiError::Refused("families_changed", Value::Null));
    }
    let changesets: Vec<Changeset> =
        chosen.iter().filter_map(|record| changeset(&who, record, request.to, now)).collect();
    let verdicts = plant::plant(&app.db, &who, &changesets, now).await?;
    if let Some(bad) = verdicts.iter().find(|verdict| !is_written(verdict)) {
        tracing::warn!(why = ?bad.why, state = ?bad.st, "a family was not handed over");
        return Err(ApiError::Refused("families_changed", Value::Null));
    }
    let new = NewHandover {
        id: tokens::new_id(now),
        from: request.from,
        to: request.to,
        area: request.area,
        families: chosen.len() as u64,
        keeps_village: request.keep_village,
        reason,
        now,
    };
    Ok(Json(json!(app.db.close_handover(&who, &new).await?)))
}

/// Nothing is written before both are known to be the caller's people and the one who takes over is there.
async fn check_parties(app: &App, who: &Caller, request: &HandoverRequest) -> Result<(), ApiError> {
    if request.from == Some(request.to) {
        return Err(ApiError::Refused("handover_same", Value::Null));
    }
    if request.families.is_empty() && (request.keep_village || request.from.is_none()) {
        return Err(ApiError::Refused("families_missing", Value::Null));
    }
    let staff = app.db.staff(who, app.clock.now()).await?;
    let person = |id: Uuid| staff.people.iter().find(|person| person.id == id).ok_or(ApiError::NotFound);
    if let Some(from) = request.from {
        person(from)?;
    }
    let to = person(request.to)?;
    if to.role != domain::access::Role::VillageWorker {
        return Err(ApiError::Refused("not_a_worker", Value::Null));
    }
    if to.ended_at.is_some() {
        return Err(ApiError::Refused("account_ended", Value::Null));
    }
    Ok(())
}

/// What changed hands.
pub(crate) async fn list(State(app): State<App>, Reader(who): Reader) -> Result<Json<Value>, ApiError> {
    Ok(Json(json!({ "rows": app.db.handovers(&who).await? })))
}

fn text(record: &Record, field: &str) -> Option<String> {
    match record.fields.get(field).map(|state| &state.value) {
        Some(Stored::Plain(Value::String(text))) if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}

/// The write of one family; nothing where it is his already.
fn changeset(who: &Caller, record: &Record, to: Uuid, now: i64) -> Option<Changeset> {
    if text(record, RESPONSIBLE).as_deref() == Some(to.to_string().as_str()) {
        return None;
    }
    let version = |state: &FieldState| state.fv;
    let base = Base::Fv(record.fields.get(RESPONSIBLE).map_or(Rev::ZERO, version));
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
