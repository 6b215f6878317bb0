//! One error of the HTTP interface: a status, a stable code, and the id under which the log has the rest.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    blobs::BlobError,
    db::DbError,
    refusals::{Refusal, Weight},
    tokens,
};

/// What a device is told to wait while the database is away.
const AWAY_MS: i64 = 5_000;
/// The same while the bucket of the photos is; text does not wait for it.
const PHOTOS_AWAY_MS: i64 = 30_000;

/// Why a request was refused. What the caller learns is the code; causes are logged and never sent.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error("the request is not of the expected form: {0}")]
    BadRequest(&'static str),
    #[error("not logged in, or wrong user, password or code")]
    Login,
    #[error("user and password are right, but the device's grant is gone")]
    Grant,
    /// The password was right and more is asked, named by a stable word.
    #[error("the login lacks a step: {0}")]
    Step(&'static str, Value),
    #[error("the device is revoked")]
    Revoked,
    #[error("the role may not do this")]
    Forbidden,
    #[error("there is no such thing in the caller's scope")]
    NotFound,
    #[error("the body is too large")]
    TooLarge,
    #[error("the body did not come in time: send the request again")]
    TooSlow,
    #[error("the body was damaged on its way: send the request again")]
    Damaged,
    #[error("the content type is not the expected one")]
    NotJson,
    #[error("too many requests")]
    SlowDown { wait_ms: i64 },
    #[error(
        "the account's devices have sent what they may in a day (upload-mb): the photo stays on the device and is sent later"
    )]
    UploadQuota { wait_ms: i64 },
    #[error("busy")]
    Busy { wait_ms: i64 },
    #[error("the database is away: {0}")]
    Away(String),
    #[error("{0}")]
    PhotosAway(BlobError),
    #[error("the disk is full")]
    Full,
    #[error("the upload goes on at {offset}")]
    Offset { offset: u64 },
    #[error("the chunk does not match its hash, or runs over the end")]
    BadChunk,
    #[error("the upload lapsed")]
    Gone,
    /// The input was read and has errors of its own, named by a stable word.
    #[error("the input is refused: {0}")]
    Refused(&'static str, Value),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl ApiError {
    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            ApiError::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad_request"),
            ApiError::Login => (StatusCode::UNAUTHORIZED, "login"),
            ApiError::Grant => (StatusCode::UNAUTHORIZED, "grant"),
            ApiError::Step(code, _) => (StatusCode::UNAUTHORIZED, code),
            ApiError::Revoked => (StatusCode::FORBIDDEN, "revoked"),
            ApiError::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            ApiError::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            ApiError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            ApiError::TooSlow => (StatusCode::REQUEST_TIMEOUT, "too_slow"),
            ApiError::Damaged => (damaged_status(), "damaged"),
            ApiError::NotJson => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json"),
            ApiError::SlowDown { .. } => (StatusCode::TOO_MANY_REQUESTS, "slow_down"),
            ApiError::UploadQuota { .. } => (StatusCode::TOO_MANY_REQUESTS, "upload_quota"),
            ApiError::Busy { .. } => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            // For who asks it is the same: come back later.
            ApiError::Away(_) | ApiError::PhotosAway(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            ApiError::Full => (StatusCode::INSUFFICIENT_STORAGE, "full"),
            ApiError::Offset { .. } => (StatusCode::CONFLICT, "offset"),
            ApiError::BadChunk => (damaged_status(), "bad_chunk"),
            ApiError::Gone => (StatusCode::GONE, "expired"),
            ApiError::Refused(code, _) => (StatusCode::UNPROCESSABLE_ENTITY, code),
            ApiError::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    fn weight(&self) -> Weight {
        match self {
            ApiError::Internal(_) | ApiError::Away(_) | ApiError::PhotosAway(_) => Weight::Failed,
            ApiError::BadRequest(_)
            | ApiError::Login
            | ApiError::Grant
            | ApiError::Step(..)
            | ApiError::Revoked
            | ApiError::Forbidden
            | ApiError::NotFound
            | ApiError::TooLarge
            | ApiError::NotJson
            | ApiError::SlowDown { .. }
            | ApiError::UploadQuota { .. } => Weight::Tried,
            _ => Weight::Ordinary,
        }
    }

    fn wait_ms(&self) -> Option<i64> {
        match self {
            ApiError::SlowDown { wait_ms }
            | ApiError::UploadQuota { wait_ms }
            | ApiError::Busy { wait_ms } => Some(*wait_ms),
            ApiError::Away(_) => Some(AWAY_MS),
            ApiError::PhotosAway(_) => Some(PHOTOS_AWAY_MS),
            _ => None,
        }
    }
}

/// "Checksum mismatch", as uploads say it: no app takes it for anything but a line that failed.
fn damaged_status() -> StatusCode {
    StatusCode::from_u16(460).expect("460 lies between 100 and 999")
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> ApiError {
        match error {
            DbError::Login => ApiError::Login,
            DbError::Grant => ApiError::Grant,
            DbError::Revoked => ApiError::Revoked,
            DbError::Forbidden => ApiError::Forbidden,
            DbError::NotFound => ApiError::NotFound,
            DbError::BadRequest(what) => ApiError::BadRequest(what),
            DbError::SlowDown { wait_ms } => ApiError::SlowDown { wait_ms },
            DbError::Refused(what) => ApiError::Refused(what, Value::Null),
            DbError::Newer(_) => ApiError::Refused("sealed_by_newer", Value::Null),
            DbError::Full => ApiError::Full,
            DbError::Away(why) => ApiError::Away(why),
            DbError::Busy => ApiError::Busy { wait_ms: 2_000 },
            DbError::Storage(error) => ApiError::Internal(error.into()),
            DbError::Damaged(what) => ApiError::Internal(anyhow::anyhow!("damaged row: {what}")),
        }
    }
}

impl From<BlobError> for ApiError {
    fn from(error: BlobError) -> ApiError {
        match error {
            BlobError::Full(_) => ApiError::Full,
            BlobError::Away(_) => ApiError::PhotosAway(error),
            BlobError::Absent(_) | BlobError::Broken(_) => ApiError::Internal(error.into()),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let request = tokens::request_id();
        let cause = match &self {
            ApiError::Internal(error) => format!("{error:?}"),
            other => other.to_string(),
        };
        let refusal = Refusal { request: request.clone(), code, cause, weight: self.weight() };
        let mut body = json!({"err": code, "request": request});
        if let Some(wait_ms) = self.wait_ms() {
            body["wait_ms"] = wait_ms.into();
        }
        if let ApiError::Offset { offset } = &self {
            body["offset"] = (*offset).into();
        }
        if let ApiError::Refused(_, Value::Object(detail)) | ApiError::Step(_, Value::Object(detail)) = &self
        {
            for (name, value) in detail.iter().filter(|(name, _)| *name != "err") {
                body[name] = value.clone();
            }
        }
        let mut response = (status, Json(body)).into_response();
        if let Some(wait_ms) = self.wait_ms() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from((wait_ms / 1000).max(1)));
        }
        response.extensions_mut().insert(refusal);
        response
    }
}
