//! `GET /api/v1/me`: who is logged in and where he works. `POST /api/v1/me/password`: another password of his own. `/api/v1/me/sessions`: on which
//! devices he is logged in.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sync::{
    id::DeviceId,
    wire::{AreaNode, EnrolledUser, KeyInfo},
};

use crate::{
    address::Address,
    asked::Named,
    auth::{self, CookieKind, Reader},
    body::{self, BodyLimits},
    db::{Caller, OwnPassword, OwnSession},
    error::ApiError,
    routes::{enrol, login},
    state::App,
    tokens,
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

/// Where the caller is logged in.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Sessions {
    /// The server's time, by which the others are read.
    t: i64,
    sessions: Vec<OwnSession>,
}

/// The caller's password: an unlocked screen alone logs nobody out.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct EndRequest {
    password: String,
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

/// Where the caller is logged in.
pub(crate) async fn sessions(
    State(app): State<App>,
    Reader(who): Reader,
) -> Result<Json<Sessions>, ApiError> {
    let now = app.clock.now();
    Ok(Json(Sessions { t: now, sessions: app.db.own_sessions(&who, now).await? }))
}

/// Logs the caller out on another device.
pub(crate) async fn end_session(
    State(app): State<App>,
    address: Address,
    Reader(who): Reader,
    Named(device): Named<DeviceId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: EndRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    check_own(&app, address, &who, &request.password).await?;
    app.db.end_own_session(&who, device, app.clock.now()).await?;
    Ok(Json(json!({"ok": true})))
}

/// A wrong password counts as at the login, so that an unlocked screen is no place to try it out.
async fn check_own(app: &App, address: Address, who: &Caller, password: &str) -> Result<(), ApiError> {
    match login::right_account(app, address, &who.name, password).await {
        Err(ApiError::Login) => return Err(ApiError::Refused("password_wrong", Value::Null)),
        checked => checked.map(drop)?,
    }
    Ok(app.db.note_right_password(&who.name).await?)
}

/// Changes the caller's own password. At a shared PC his session goes on under another cookie; the token of an own device lies in its vault, where this
/// answer does not reach.
pub(crate) async fn change_password(
    State(app): State<App>,
    address: Address,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let request: PasswordRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    check_own(&app, address, &who, &request.old).await?;
    login::check_new(&app, &who.name, &request.old, &request.new).await?;
    let next = who.shared.then(tokens::new_token);
    let change = OwnPassword {
        hash: app.passwords.hash(request.new).await,
        session_hash: who.session_hash,
        next_session_hash: next.as_deref().map(tokens::token_hash),
        device: Some(who.device),
        was_one_time: false,
        now: app.clock.now(),
    };
    app.db.change_password(who.account, change).await?;
    let mut response = Json(json!({"ok": true})).into_response();
    if let Some(token) = next {
        let cookie = auth::set_cookie(CookieKind::Session, who.vault, &token, app.config.dev);
        login::add_cookie(&mut response, &cookie);
    }
    Ok(response)
}
