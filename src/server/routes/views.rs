//! `POST /api/v1/views`: whose files were opened on a device, told when it is in reach; `POST /api/v1/views/copied`: lines that leave by the clipboard, told
//! before they do.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use domain::day::Day;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    auth::Reader,
    body::{self, BodyLimits},
    error::ApiError,
    state::App,
};

/// Files that a device tells of at once.
const FILES: std::ops::RangeInclusive<usize> = 1..=200;

/// What a device showed since it was last in reach.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct ViewsRequest {
    /// The files, each once a day.
    files: Vec<Viewed>,
}

#[derive(Deserialize, utoipa::ToSchema)]
struct Viewed {
    /// Whose file.
    e: Uuid,
    /// The device's day, at UTC+8.
    #[schema(value_type = String)]
    on: Day,
}

/// Takes down in the audit chain what a device says. Whether the file still lies in the caller's areas does not matter: it did when he opened it,
/// and what is told here he tells of himself.
pub(crate) async fn note(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let said: ViewsRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    if !FILES.contains(&said.files.len()) {
        let (least, most) = (FILES.start(), FILES.end());
        return Err(ApiError::Refused("views_count", json!({"least": least, "most": most})));
    }
    let now = app.clock.now();
    // A device tells when it syncs, and never more often.
    app.views.count(who.device, app.config.limits.syncs, now)?;
    let files: Vec<Value> = said.files.iter().map(|file| json!({"e": file.e, "on": file.on})).collect();
    app.db.note_of(&who, "view", json!({ "files": files }), now).await?;
    Ok(Json(json!({})))
}

/// Lines of a table that somebody is about to copy.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct CopyRequest {
    rows: usize,
    /// The areas that they are of.
    areas: Vec<Uuid>,
}

/// Takes it down in the audit chain. What is too much for an export that nobody allows is too much for the clipboard.
pub(crate) async fn copied(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let said: CopyRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let limit = app.config.limits.export_rows as usize;
    if !(1..=limit).contains(&said.rows) || said.areas.len() > said.rows {
        return Err(ApiError::Refused("copy_rows", json!({"rows": said.rows, "limit": limit})));
    }
    let detail = json!({"rows": said.rows, "areas": said.areas});
    app.db.note_of(&who, "list_copy", detail, app.clock.now()).await?;
    Ok(Json(json!({})))
}
