//! `GET /api/v1/recipients/{id}/history`: who changed what in a file, when and why.

use axum::{Json, extract::State};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{asked::Named, auth::Reader, error::ApiError, state::App};

/// The newest changes of a file in the caller's scope, newest first.
pub(crate) async fn history(
    State(app): State<App>,
    Reader(who): Reader,
    Named(recipient): Named<Uuid>,
) -> Result<Json<Value>, ApiError> {
    let lines = app.db.history(&who, recipient, app.clock.now()).await?;
    Ok(Json(json!({ "rows": lines })))
}
