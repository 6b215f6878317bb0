//! `GET /api/v1/me`: who is logged in and where he works. `POST /api/v1/me/password`: another password of his own.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sync::wire::{AreaNode, EnrolledUser, KeyInfo};

use crate::{
    address::Address,
    auth::Reader,
    body::{self, BodyLimits},
    db::OwnPassword,
    error::ApiError,
    routes::{enrol, login},
    state::App,
};

/// The answer.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Me {
    pub(crate) user: EnrolledUser,
    pub(crate) areas: Vec<AreaNode>,
    pub(crate) scope_rev: u64,
    pub(crate) keys: Vec<KeyInfo>,
}

/// The password of before, and the one to come.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct PasswordRequest {
    old: String,
    new: String,
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

/// Changes the caller's own password. A wrong old one counts as at the login, so that an unlocked screen is no place to try it out.
pub(crate) async fn change_password(
    State(app): State<App>,
    address: Address,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: PasswordRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    match login::right_account(&app, address, &who.name, &request.old).await {
        Err(ApiError::Login) => return Err(ApiError::Refused("password_wrong", Value::Null)),
        checked => checked.map(|_| ())?,
    }
    app.db.note_right_password(&who.name).await?;
    login::check_new(&request.old, &request.new)?;
    let change = OwnPassword {
        hash: app.passwords.hash(request.new).await,
        session_hash: who.session_hash,
        device: Some(who.device),
        was_one_time: false,
        now: app.clock.now(),
    };
    app.db.change_password(who.account, change).await?;
    Ok(Json(json!({"ok": true})))
}
