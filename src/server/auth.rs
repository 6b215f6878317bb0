//! Reads from a request who asks, and refuses what did not come from the app's own pages.

use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderName, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sync::id::VaultId;

use crate::{
    db::{Asking, Caller},
    error::ApiError,
    refusals::Asker,
    rights::Operation,
    state::App,
    tokens,
};

/// Chooses among the cookies, and is the custom header that no foreign page can send.
const VAULT_HEADER: HeaderName = HeaderName::from_static("huifang-vault");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const GRANT_SECONDS: i64 = 90 * 24 * 60 * 60;

/// How long a grant lives, in milliseconds.
pub const GRANT_MS: i64 = GRANT_SECONDS * 1000;

/// Names of the two cookies of a vault.
#[derive(Clone, Copy)]
pub enum CookieKind {
    /// The device grant.
    Grant,
    /// The session of a shared PC.
    Session,
}

/// A cookie's name; on a loopback address with `--dev` without the prefix that demands https.
fn cookie_name(kind: CookieKind, vault: VaultId, dev: bool) -> String {
    let letter = match kind {
        CookieKind::Grant => 'g',
        CookieKind::Session => 's',
    };
    let prefix = if dev { "" } else { "__Host-" };
    format!("{prefix}{letter}-{vault}")
}

/// A `Set-Cookie` value. A session's cookie ends with the browser.
pub fn set_cookie(kind: CookieKind, vault: VaultId, token: &str, dev: bool) -> String {
    let age = match kind {
        CookieKind::Grant => format!("; Max-Age={GRANT_SECONDS}"),
        CookieKind::Session => String::new(),
    };
    let secure = if dev { "" } else { "; Secure" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{age}", cookie_name(kind, vault, dev))
}

/// A `Set-Cookie` value that removes the cookie.
pub fn clear_cookie(kind: CookieKind, vault: VaultId, dev: bool) -> String {
    let secure = if dev { "" } else { "; Secure" };
    format!("{}=; Path=/; HttpOnly; SameSite=Strict{secure}; Max-Age=0", cookie_name(kind, vault, dev))
}

/// The vault of a request; a missing or malformed header is a bad request.
///
/// # Errors
/// When the header is missing or no vault id.
pub fn vault(headers: &HeaderMap) -> Result<VaultId, ApiError> {
    headers
        .get(VAULT_HEADER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok())
        .ok_or(ApiError::BadRequest("header Huifang-Vault"))
}

/// The tokens of a request, hashed.
///
/// # Errors
/// When the vault header is missing or malformed.
pub fn asking(headers: &HeaderMap, dev: bool) -> Result<Asking, ApiError> {
    let vault = vault(headers)?;
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Bearer "))
        .map(tokens::token_hash);
    let cookie = |kind| find_cookie(headers, &cookie_name(kind, vault, dev)).map(tokens::token_hash);
    Ok(Asking { vault, grant: cookie(CookieKind::Grant), bearer, shared: cookie(CookieKind::Session) })
}

fn find_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
}

/// Whoever came through the operation's door with a device: a grant is enough, a session may be missing. Not before somebody has logged in with the
/// device, for a code that was read over a shoulder is no password.
pub struct Holder(pub Caller);

impl FromRequestParts<App> for Holder {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Holder, ApiError> {
        let operation = *parts
            .extensions
            .get::<Operation>()
            .ok_or_else(|| anyhow::anyhow!("{} is no operation of the table of rights", parts.uri.path()))?;
        let asking = asking(&parts.headers, app.config.dev)?;
        let who = app.db.principal(asking, app.clock.now()).await?;
        if let Some(asker) = parts.extensions.get::<Asker>() {
            asker.is(&who);
        }
        if !who.session && !who.logged_in {
            return Err(ApiError::Login);
        }
        operation.admit(&who)?;
        Ok(Holder(who))
    }
}

/// Whoever is logged in on a device that is in use: all reading needs this.
pub struct Reader(pub Caller);

impl FromRequestParts<App> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Reader, ApiError> {
        let Holder(who) = Holder::from_request_parts(parts, app).await?;
        if who.may_read() { Ok(Reader(who)) } else { Err(ApiError::Login) }
    }
}

/// Refuses a change that another site's page has sent. The vault header and `SameSite=Strict` stand beside this.
pub async fn only_own_pages(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) || is_own_page(request.headers()) {
        next.run(request).await
    } else {
        ApiError::BadRequest("sent by another site").into_response()
    }
}

fn is_own_page(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let is_same_site = text(FETCH_SITE).is_none_or(|site| site == "same-origin" || site == "none");
    let host = text(header::HOST);
    let is_same_origin = text(header::ORIGIN).is_none_or(|origin| {
        let origin_host = origin.split_once("://").map(|(_, rest)| rest);
        origin_host.is_some() && (host.is_none() || origin_host == host)
    });
    is_same_site && is_same_origin
}
