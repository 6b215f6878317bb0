//! What a request names: in its address, and the reason that it gives. Refused in the API's own words.

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::ApiError;

/// Letters that a reason which stays on record has at least, and at most.
const REASON_LETTERS: std::ops::RangeInclusive<usize> = 2..=500;

/// A reason without the blanks around it.
///
/// # Errors
/// When it says nothing, or is a book.
pub(crate) fn reason(text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    if REASON_LETTERS.contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(ApiError::Refused("reason_missing", Value::Null))
    }
}

/// What follows the `?`.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Asked<T>, ApiError> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(asked)| Asked(asked)).map_err(|_| ApiError::BadRequest("what follows the ?"))
    }
}

/// What the path names. What cannot be a name names nothing.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named<T>, ApiError> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(named)| Named(named)).map_err(|_| ApiError::NotFound)
    }
}
