//! `GET /api/v1/me`: who is logged in and where he works.

use axum::{Json, extract::State};
use serde::Serialize;
use sync::wire::{AreaNode, EnrolledUser, KeyInfo};

use crate::{auth::Reader, error::ApiError, routes::enrol, state::App};

/// The answer.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Me {
    pub(crate) user: EnrolledUser,
    pub(crate) areas: Vec<AreaNode>,
    pub(crate) scope_rev: u64,
    pub(crate) keys: Vec<KeyInfo>,
}

/// Who is logged in.
pub(crate) async fn me(State(app): State<App>, Reader(who): Reader) -> Result<Json<Me>, ApiError> {
    let at = app.db.whereabouts(&who).await?;
    Ok(Json(Me {
        user: enrol::user(&at.account),
        scope_rev: at.account.scope_rev,
        areas: at.areas,
        keys: app.keys.public(),
    }))
}
