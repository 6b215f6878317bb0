//! `GET /api/v1/lists/people`: who the accounts are that records name by id.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{auth::Reader, error::ApiError, near::near, state::App};

/// Names and roles of the accounts that work in the caller's areas, above or below.
pub(crate) async fn people(State(app): State<App>, Reader(who): Reader) -> Result<Json<Value>, ApiError> {
    let near = near(&app, &who).await?;
    let accounts = app.db.accounts().await?;
    let rows: Vec<Value> = accounts
        .iter()
        .filter(|account| account.areas.iter().any(|area| near.contains(area)))
        .map(|account| json!({"id": account.id, "name": account.name, "role": account.role}))
        .collect();
    Ok(Json(json!({ "rows": rows })))
}
