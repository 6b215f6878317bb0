//! `POST /api/v1/devices/code`: a one-time code for the next device of an account.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, header},
};
use domain::access::Role;
use serde::{Deserialize, Serialize};

use crate::{
    auth::Reader,
    body::{self, BodyLimits},
    commands::operator,
    db::{Caller, NewCode},
    error::ApiError,
    state::App,
    tokens,
};

/// A code is good for ten minutes.
const CODE_MS: i64 = 10 * 60_000;

/// Whose device it will be.
#[derive(Deserialize)]
pub(crate) struct CodeRequest {
    pub(crate) user: String,
}

/// A code as it is shown to the worker.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CodeAnswer {
    pub(crate) code: String,
    /// The page that takes the code, with the code behind `#`: it never reaches a log.
    pub(crate) link: String,
    pub(crate) until: i64,
}

/// Makes a code.
pub(crate) async fn add_code(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<CodeAnswer>, ApiError> {
    let request: CodeRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    if !who.role.is_office() && who.role != Role::Admin {
        return Err(ApiError::Forbidden);
    }
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Ok(Json(new_code(&app, request.user, Some(who), origin).await?))
}

/// Makes a code for `user`; the link begins with `origin`. The command line has no device.
pub(crate) async fn new_code(
    app: &App,
    user: String,
    by: Option<Caller>,
    origin: &str,
) -> Result<CodeAnswer, ApiError> {
    if user == operator::NAME {
        return Err(ApiError::NotFound);
    }
    let code = tokens::new_code();
    let now = app.clock.now();
    let until = now + CODE_MS;
    app.db.add_code(NewCode { user, hash: app.keys.code_hash(&code), until, by, now }).await?;
    Ok(CodeAnswer { link: format!("{origin}/enrol#{code}"), code, until })
}
