//! `/api/v1/handovers`: families that go from one worker to another.
//!
//! Files, village and the word to both change in one transaction (`db/handovers`). What the one who hands over has not sent yet goes up first, as
//! his next sync keeps to *outbox first*.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sync::record::{Record, Stored};
use uuid::Uuid;

use crate::{
    asked,
    auth::Reader,
    body::{self, BodyLimits},
    db::{NewHandover, Unsent},
    error::ApiError,
    state::App,
    tokens,
};

/// The field of a recipient's file that names who answers for the family.
const RESPONSIBLE: &str = "responsible";

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
        Some(from) => app.db.unsent(&who, from).await?,
        None => Unsent::default(),
    };
    let family = |record: &Record| Family {
        id: record.id,
        name: text(record, "name").unwrap_or_default(),
        responsible: text(record, RESPONSIBLE),
    };
    Ok(Json(Preview { families: records.iter().map(family).collect(), unsent }))
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
    check(&request)?;
    let now = app.clock.now();
    let new = NewHandover {
        id: tokens::new_id(now),
        from: request.from,
        to: request.to,
        area: request.area,
        families: request.families,
        keeps_village: request.keep_village,
        reason,
        now,
    };
    Ok(Json(json!(app.db.hand_over(&who, &new).await?)))
}

/// What nobody has to look up to refuse.
fn check(request: &HandoverRequest) -> Result<(), ApiError> {
    if request.from == Some(request.to) {
        return Err(ApiError::Refused("handover_same", Value::Null));
    }
    if request.families.is_empty() && (request.keep_village || request.from.is_none()) {
        return Err(ApiError::Refused("families_missing", Value::Null));
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
