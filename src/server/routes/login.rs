//! `POST /api/v1/login` and `/logout`.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use sync::{
    id::DeviceId,
    wire::{LoginAnswer, LoginRequest},
};

use crate::{
    address::Address,
    auth::{self, CookieKind, Holder},
    body::{self, BodyLimits},
    db::{Account, BrowserStanding, Factor, NewSession, OwnPassword},
    error::ApiError,
    passwords,
    routes::enrol,
    second_factor::{self, Lack},
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
    let account = right_account(&app, address, &request.user, &request.password).await?;
    if account.ended_at.is_some() {
        return Err(ApiError::Step("account_ended", Value::Null));
    }
    let standing = app.db.browser_standing(&asking, account.id, app.clock.now()).await?;
    // Before the second factor: its code is good for one login only. A device without its grant is let in nowhere, so it changes nothing either.
    let replacement = match standing {
        BrowserStanding::LostGrant => None,
        _ => replacement(&app, &account, &request).await?,
    };
    let is_one_time = account.password_until.is_some();
    let mut factors = vec![if is_one_time { Factor::OneTimePassword } else { Factor::Password }];
    let (second, recovery) = check_factor(&app, standing, &account, &request).await?;
    factors.extend(second);
    if let Some(new) = replacement {
        replace_password(&app, &account, new).await?;
    }
    let (now, token) = (app.clock.now(), tokens::new_token());
    let new = NewSession {
        account: account.id,
        vault: asking.vault,
        grant_hash: asking.grant,
        session_hash: tokens::token_hash(&token),
        device: DeviceId(tokens::random()),
        factors,
        now,
    };
    let opened = match app.db.open_session(new).await {
        Err(kept_out) => {
            // Where a second factor was not asked for, a right password alone does not end the count of wrong codes.
            if !account.role.needs_second_factor() {
                app.db.note_right_password(&request.user).await?;
            }
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
        recovery,
    };
    let mut response = Json(answer).into_response();
    if is_shared {
        let cookie = auth::set_cookie(CookieKind::Session, asking.vault, &token, app.config.dev);
        add_cookie(&mut response, &cookie);
    }
    Ok(response)
}

/// The account whose password this is. A wrong one is counted, and after some the name has to wait, and the address after many.
pub(crate) async fn right_account(
    app: &App,
    address: Address,
    user: &str,
    password: &str,
) -> Result<Account, ApiError> {
    let now = app.clock.now();
    app.wrong_logins.count(address, app.config.limits.wrong_logins, now)?;
    let facts = app.db.login_facts(user, now).await?;
    let stored = facts.as_ref().map(|facts| facts.password_hash.as_str());
    let is_right = app.passwords.is_right(password.to_owned(), stored).await;
    match facts.filter(|_| is_right) {
        Some(facts) => {
            app.wrong_logins.forgive(&address);
            Ok(facts.account)
        }
        None => {
            // The wait counts from the answer, not from before the hash.
            app.db.note_wrong_password(user, app.clock.now()).await?;
            Err(ApiError::Login)
        }
    }
}

/// The second factor where it is needed: an enrolled device's grant, else a code, with what a set-up brings. A wrong code counts as a wrong password does.
async fn check_factor(
    app: &App,
    standing: BrowserStanding,
    account: &Account,
    request: &LoginRequest,
) -> Result<(Option<Factor>, Vec<String>), ApiError> {
    if !account.role.needs_second_factor() || standing != BrowserStanding::Stranger {
        return Ok((None, Vec::new()));
    }
    match second_factor::check(app, account.id, &account.name, request.totp.as_deref()).await {
        Ok((factor, recovery)) => Ok((Some(factor), recovery)),
        Err(Lack::Code) => Err(ApiError::Step("totp", Value::Null)),
        Err(Lack::WrongCode) => {
            app.db.note_wrong_password(&account.name, app.clock.now()).await?;
            Err(ApiError::Step("totp_wrong", Value::Null))
        }
        Err(Lack::SetUp { secret, uri }) => {
            Err(ApiError::Step("totp_setup", json!({"secret": secret, "uri": uri})))
        }
        Err(Lack::Db(error)) => Err(error.into()),
    }
}

/// A one-time password opens nothing but its own change; nor does one that is older than the office lets it become.
async fn replacement<'a>(
    app: &App,
    account: &Account,
    request: &'a LoginRequest,
) -> Result<Option<&'a str>, ApiError> {
    let now = app.clock.now();
    let asked = match account.password_until {
        Some(until) if now > until => return Err(ApiError::Step("password_over", Value::Null)),
        Some(_) => "password_change",
        None if app.db.policy().await?.is_password_over(now - account.password_at) => "password_old",
        None => return Ok(None),
    };
    let new = request.new_password.as_deref().ok_or(ApiError::Step(asked, Value::Null))?;
    check_new(app, &account.name, &request.password, new).await?;
    Ok(Some(new))
}

async fn replace_password(app: &App, account: &Account, new: &str) -> Result<(), ApiError> {
    let change = OwnPassword {
        hash: app.passwords.hash(new.to_owned()).await,
        session_hash: None,
        next_session_hash: None,
        device: None,
        was_one_time: account.password_until.is_some(),
        now: app.clock.now(),
    };
    Ok(app.db.change_password(account.id, change).await?)
}

/// Whether a password may take the place of `old`.
pub(crate) async fn check_new(app: &App, user: &str, old: &str, new: &str) -> Result<(), ApiError> {
    if old == new {
        return Err(ApiError::Refused("password_same", Value::Null));
    }
    let own = passwords::own_words(app, user).await?;
    passwords::check(app, new, &own).await?.map_err(|weak| ApiError::Refused(weak.code(), Value::Null))
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

pub(crate) fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
