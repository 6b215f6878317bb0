//! `POST /api/v1/enrol`: a one-time code becomes a device with a grant. `POST /api/v1/grant`: the same device lost the grant's cookie.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use sync::wire::{EnrolAnswer, EnrolRequest, EnrolledUser};

use crate::{
    address::Address,
    auth::{self, CookieKind, GRANT_MS},
    body::{self, BodyLimits},
    db::{Account, AuditEntry, DbError, Enrolment, NewGrant},
    error::ApiError,
    state::App,
    tokens,
};

/// Enrols a device.
pub(crate) async fn enrol(
    State(app): State<App>,
    address: Address,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let vault = auth::vault(&headers)?;
    let request: EnrolRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    if request.vault != vault {
        return Err(ApiError::BadRequest("vault"));
    }
    let now = app.clock.now();
    app.wrong_logins.count(address, app.config.limits.wrong_logins, now)?;
    let grant = tokens::new_token();
    let enrolment = Enrolment {
        code_hash: app.keys.code_hash(&request.code),
        device: request.device,
        vault,
        grant_hash: tokens::token_hash(&grant),
        grant_until: now + GRANT_MS,
        now,
    };
    let enrolled = match app.db.enrol(enrolment).await {
        Err(DbError::Login) => {
            let detail = json!({});
            let entry = AuditEntry { at: now, account: None, device: None, action: "enrol_wrong", detail };
            app.db.note(entry).await?;
            return Err(ApiError::Login);
        }
        enrolled => enrolled?,
    };
    app.wrong_logins.forgive(&address);
    if let Some(kind) = device_kind(&headers) {
        let entry = AuditEntry {
            at: now,
            account: Some(enrolled.account.id),
            device: Some(request.device),
            action: "device_kind",
            detail: json!({"kind": kind}),
        };
        app.db.note(entry).await?;
    }
    let answer = EnrolAnswer {
        scope_rev: enrolled.account.scope_rev,
        user: user(&enrolled.account),
        t: now,
        epoch: enrolled.head.epoch,
        keys: app.keys.public(),
        areas: enrolled.areas,
    };
    let cookie = auth::set_cookie(CookieKind::Grant, vault, &grant, app.config.dev);
    Ok(([(header::SET_COOKIE, cookie)], Json(answer)).into_response())
}

/// Gives the grant again to a browser that died before its cookie was on the disk.
pub(crate) async fn renew_grant(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    let asking = auth::asking(&headers, app.config.dev)?;
    let (vault, now, token) = (asking.vault, app.clock.now(), tokens::new_token());
    let grant = NewGrant { hash: tokens::token_hash(&token), until: now + GRANT_MS };
    app.db.renew_grant(asking, grant, now).await?;
    let cookie = auth::set_cookie(CookieKind::Grant, vault, &token, app.config.dev);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// An account as phones see it.
pub(crate) fn user(account: &Account) -> EnrolledUser {
    EnrolledUser { id: account.id, name: account.name.clone(), role: account.role.word().to_owned() }
}

/// What the browser says it runs on, in one word; by it a person tells two phones of one worker apart.
fn device_kind(headers: &HeaderMap) -> Option<&'static str> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    // An Android names Linux too, and an iPhone names Mac OS.
    let known = [
        ("HarmonyOS", "harmony"),
        ("Android", "android"),
        ("iPhone", "ios"),
        ("iPad", "ios"),
        ("Windows", "windows"),
        ("Mac OS", "mac"),
        ("Linux", "linux"),
    ];
    known.into_iter().find_map(|(mark, kind)| agent.contains(mark).then_some(kind))
}
