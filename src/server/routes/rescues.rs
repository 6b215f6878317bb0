//! `/api/v1/rescues`: a rescue file that a clerk was brought, looked at and imported.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    auth::Reader,
    body::{self, BodyLimits},
    error::ApiError,
    rescue::{self, Preview, Report, RescueError, RescueFile},
    state::App,
};

/// Larger ones are for the command line.
const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
const LIMITS: BodyLimits = BodyLimits { sent_bytes_max: FILE_BYTES_MAX, inflated_bytes_max: FILE_BYTES_MAX };
/// What a clerk is told to wait when too many ask at once.
const BUSY_MS: i64 = 2_000;

/// Imports the file of a phone whose user the clerk supervises.
pub(crate) async fn import(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Report>, ApiError> {
    let file = sent(&app, &headers, body).await?;
    Ok(Json(rescue::import(&app, file, Some(&who)).await.map_err(refused)?))
}

/// What the file holds; nothing is imported.
pub(crate) async fn preview(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Preview>, ApiError> {
    let file = sent(&app, &headers, body).await?;
    Ok(Json(rescue::preview(&app, file, &who).await.map_err(refused)?))
}

/// The changesets and unfinished visits that files brought and that were held.
pub(crate) async fn held(State(app): State<App>, Reader(who): Reader) -> Result<Json<Vec<Uuid>>, ApiError> {
    Ok(Json(app.db.brought_by_file(&who).await?))
}

/// The file in a request of an office.
async fn sent(app: &App, headers: &HeaderMap, body: Body) -> Result<RescueFile, ApiError> {
    let _place = app.queue.try_acquire().map_err(|_| ApiError::Busy { wait_ms: BUSY_MS })?;
    let bytes = body::bytes(headers, body, LIMITS).await?;
    let read =
        tokio::task::spawn_blocking(move || rescue::read(&bytes)).await.map_err(anyhow::Error::from)?;
    read.map_err(refused)
}

/// A device out of the clerk's scope is not found, like one that does not exist.
fn refused(error: RescueError) -> ApiError {
    match error {
        RescueError::TooLarge(_) => ApiError::TooLarge,
        RescueError::NotOurs => ApiError::Refused("not_a_rescue_file", Value::Null),
        RescueError::Form(form) => ApiError::Refused("rescue_form_unknown", json!({"form": form})),
        RescueError::Newer(alg) => ApiError::Refused("rescue_form_unknown", json!({"form": alg})),
        RescueError::Damaged(_) => ApiError::Refused("rescue_damaged", Value::Null),
        RescueError::OtherKey { .. } => ApiError::Refused("rescue_other_key", Value::Null),
        RescueError::UnknownDevice(_) => ApiError::NotFound,
        RescueError::Api(error) => error,
    }
}
