//! `GET /api/v1/lists/people`: who the accounts are that records name by id.

use axum::{Json, extract::State};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

use crate::{auth::Reader, error::ApiError, state::App};

/// Names and roles of the accounts that work in the caller's areas, above or below.
pub(crate) async fn people(State(app): State<App>, Reader(who): Reader) -> Result<Json<Value>, ApiError> {
    let scope: BTreeSet<Uuid> = app.db.scope_areas(&who).await?.into_iter().collect();
    let areas = app.db.areas().await?;
    let parents: BTreeMap<Uuid, Uuid> =
        areas.iter().filter_map(|area| Some((area.id, area.parent?))).collect();
    let mut near = scope.clone();
    for area in &scope {
        let mut at = *area;
        while let Some(parent) = parents.get(&at) {
            near.insert(*parent);
            at = *parent;
        }
    }
    let accounts = app.db.accounts().await?;
    let rows: Vec<Value> = accounts
        .iter()
        .filter(|account| account.areas.iter().any(|area| near.contains(area)))
        .map(|account| json!({"id": account.id, "name": account.name, "role": account.role}))
        .collect();
    Ok(Json(json!({ "rows": rows })))
}
