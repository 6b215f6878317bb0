//! `/api/v1/notices`: what people are told before something about them is written down.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use domain::notice::{Notice, NoticeFault};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    asked::Named,
    auth::Reader,
    body::{self, BodyLimits},
    error::ApiError,
    state::App,
};

/// A version that waits for approval.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct NoticeRequest {
    version: String,
    text: String,
}

/// Every version, the newest first.
pub(crate) async fn list(State(app): State<App>, Reader(_): Reader) -> Result<Json<Value>, ApiError> {
    Ok(Json(json!({ "rows": app.db.notices().await? })))
}

/// Writes a version down.
pub(crate) async fn write(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: NoticeRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let notice = Notice::new(&request.version, &request.text).map_err(|fault| match fault {
        NoticeFault::Version => ApiError::Refused("notice_version", Value::Null),
        NoticeFault::Text => ApiError::Refused("notice_text", Value::Null),
    })?;
    app.db.write_notice(Some(&who), &notice, app.clock.now()).await?;
    Ok(Json(json!({"ok": true})))
}

/// Puts a version in force.
pub(crate) async fn approve(
    State(app): State<App>,
    Reader(who): Reader,
    Named(version): Named<String>,
) -> Result<Json<Value>, ApiError> {
    app.db.approve_notice(Some(&who), &version, app.clock.now()).await?;
    Ok(Json(json!({"ok": true})))
}
