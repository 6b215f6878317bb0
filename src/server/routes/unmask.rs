//! `POST /api/v1/unmask`: one number in full, for a reason.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use serde_json::{Value, json};

use crate::{
    auth::Reader,
    body::{self, BodyLimits},
    db::Unmasking,
    error::ApiError,
    state::App,
};

/// Letters that a reason has at least.
const REASON_LETTERS_MIN: usize = 2;

/// The text of one sealed field.
pub(crate) async fn unmask(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let asked: Unmasking = body::json(&headers, body, BodyLimits::SMALL).await?;
    if asked.reason.trim().chars().count() < REASON_LETTERS_MIN {
        return Err(ApiError::Refused("reason_missing", Value::Null));
    }
    let text = app.db.unmask(&who, &asked, &app.config.limits, app.clock.now()).await?;
    Ok(Json(json!({"text": text})))
}
