//! `/api/v1/publications`: lists that hang in public for a time.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use domain::day::{Day, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::exports::XLSX;
use crate::{
    asked::{self, Named},
    auth::Reader,
    body::{self, BodyLimits},
    db::NewPublication,
    error::ApiError,
    publication,
    state::App,
    tokens,
};

/// Nothing hangs in public for longer.
const DAYS_MAX: i64 = 60;
/// Letters that say where objections go.
const OBJECTIONS_LETTERS: std::ops::RangeInclusive<usize> = 4..=200;

/// Which list, for how long, and where objections go.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct PublicationRequest {
    area: Uuid,
    from: String,
    to: String,
    objections: String,
}

/// Why it is taken down.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct WithdrawRequest {
    reason: String,
}

/// The lists of the caller's areas, without their lines.
pub(crate) async fn list(State(app): State<App>, Reader(who): Reader) -> Result<Json<Value>, ApiError> {
    Ok(Json(json!({ "rows": app.db.publications(&who, app.clock.now()).await? })))
}

/// Makes a list.
pub(crate) async fn publish(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: PublicationRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let now = app.clock.now();
    check_days(&request, Timestamp::from_ms(now).day())?;
    let objections = request.objections.trim().to_owned();
    if !OBJECTIONS_LETTERS.contains(&objections.chars().count()) {
        return Err(ApiError::Refused("objections_missing", Value::Null));
    }
    let new = NewPublication {
        id: tokens::new_id(now),
        area: request.area,
        from: request.from,
        to: request.to,
        objections,
        now,
    };
    Ok(Json(json!(app.db.publish(&who, &new).await?)))
}

/// The first day not after the last, the last not over, and no more days than a list may hang.
fn check_days(request: &PublicationRequest, today: Day) -> Result<(), ApiError> {
    let day = |text: &str| text.parse::<Day>().map_err(|_| ApiError::BadRequest("no day such as 2026-01-01"));
    let (from, to) = (day(&request.from)?, day(&request.to)?);
    let days = to.days_since(from) + 1;
    if !(1..=DAYS_MAX).contains(&days) || to < today {
        return Err(ApiError::Refused("publication_days", json!({ "most": DAYS_MAX })));
    }
    Ok(())
}

/// The list as a workbook to print, until its last day.
pub(crate) async fn read(
    State(app): State<App>,
    Reader(who): Reader,
    Named(id): Named<Uuid>,
) -> Result<Response, ApiError> {
    let (publication, lines) = app.db.publication(&who, id, app.clock.now()).await?;
    let bytes = publication::workbook(&publication, &lines).map_err(anyhow::Error::from)?;
    let disposition = "attachment; filename=\"publication.xlsx\"";
    Ok(([(header::CONTENT_TYPE, XLSX), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// Takes it down before its time.
pub(crate) async fn withdraw(
    State(app): State<App>,
    Reader(who): Reader,
    Named(id): Named<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: WithdrawRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let reason = asked::reason(&request.reason)?;
    app.db.withdraw_publication(&who, id, &reason, app.clock.now()).await?;
    Ok(Json(json!({"ok": true})))
}
