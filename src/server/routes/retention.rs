//! `/api/v1/retention`: what has been kept for long enough.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    auth::Reader,
    body::{self, BodyLimits},
    error::ApiError,
    retention,
    state::App,
};

/// The report that was seen.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct ApplyRequest {
    digest: String,
}

/// What would be deleted today in the caller's areas, and why.
pub(crate) async fn report(State(app): State<App>, Reader(who): Reader) -> Result<Json<Value>, ApiError> {
    Ok(Json(retention::report(&app, &who).await?.to_json()))
}

/// Deletes it, if it is still what was seen.
pub(crate) async fn apply(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: ApplyRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let applied = retention::apply(&app, &who, &request.digest).await?;
    Ok(Json(json!({"records": applied.records, "photos": applied.photos, "stayed": applied.stayed})))
}
