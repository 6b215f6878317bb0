//! `POST /api/v1/unmask`: one number in full, for a reason.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use serde_json::{Value, json};

use crate::{
    asked,
    auth::Reader,
    body::{self, BodyLimits},
    db::Unmasking,
    error::ApiError,
    state::App,
};

/// The text of one sealed field.
pub(crate) async fn unmask(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let mut asked: Unmasking = body::json(&headers, body, BodyLimits::SMALL).await?;
    asked.reason = asked::reason(&asked.reason)?;
    let text = app.db.unmask(&who, &asked, &app.config.limits, app.clock.now()).await?;
    Ok(Json(json!({"text": text})))
}
