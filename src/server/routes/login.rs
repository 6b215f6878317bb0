//! `POST /api/v1/login` and `/logout`.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use sync::{
    id::DeviceId,
    wire::{LoginAnswer, LoginRequest},
};

use crate::{
    address::Address,
    auth::{self, CookieKind, Holder},
    body::{self, BodyLimits},
    db::NewSession,
    error::ApiError,
    routes::enrol,
    state::App,
    tokens,
};

/// What stands in `session` where the token is a cookie that no script reads.
const IN_COOKIE: &str = "cookie";

/// Opens a session: a bearer beside a valid grant, else a cookie and a device of a shared PC.
pub(crate) async fn login(
    State(app): State<App>,
    address: Address,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let asking = auth::asking(&headers, app.config.dev)?;
    let request: LoginRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let now = app.clock.now();
    app.wrong_logins.count(address, app.config.limits.wrong_logins, now)?;
    let facts = app.db.login_facts(&request.user, now).await?;
    let stored = facts.as_ref().map(|facts| facts.password_hash.as_str());
    let is_right = app.passwords.is_right(request.password, stored).await;
    let Some(facts) = facts.filter(|_| is_right) else {
        // The wait counts from the answer, not from before the hash.
        app.db.note_wrong_password(&request.user, app.clock.now()).await?;
        return Err(ApiError::Login);
    };
    app.wrong_logins.forgive(&address);
    let token = tokens::new_token();
    let new = NewSession {
        account: facts.account.id,
        vault: asking.vault,
        grant_hash: asking.grant,
        session_hash: tokens::token_hash(&token),
        device: DeviceId(tokens::random()),
        now,
    };
    let opened = match app.db.open_session(new).await {
        Err(kept_out) => {
            app.db.note_right_password(&request.user).await?;
            return Err(kept_out.into());
        }
        opened => opened?,
    };
    let is_shared = opened.shared_device.is_some();
    let answer = LoginAnswer {
        session: if is_shared { IN_COOKIE.to_owned() } else { token.clone() },
        until: opened.until,
        t: now,
        epoch: opened.epoch,
        device: opened.shared_device,
        user: Some(enrol::user(&opened.account)),
        keys: app.keys.public(),
    };
    let mut response = Json(answer).into_response();
    if is_shared {
        let cookie = auth::set_cookie(CookieKind::Session, asking.vault, &token, app.config.dev);
        add_cookie(&mut response, &cookie);
    }
    Ok(response)
}

/// Ends the session; a shared PC forgets everything.
pub(crate) async fn logout(State(app): State<App>, Holder(who): Holder) -> Result<Response, ApiError> {
    app.db.close_session(&who, app.clock.now()).await?;
    let mut response = Json(json!({"ok": true})).into_response();
    if who.shared {
        add_cookie(&mut response, &auth::clear_cookie(CookieKind::Session, who.vault, app.config.dev));
        // Not "storage": a shared PC keeps nothing there, and a vault enrolled in the same browser may hold unsent work.
        response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    }
    Ok(response)
}

fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
