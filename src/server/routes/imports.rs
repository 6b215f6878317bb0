//! `POST /api/v1/imports` and its commit: a list becomes records after a preview.

use axum::{
    Json,
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderName},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::{
    asked::Named,
    auth::Reader,
    body::{self, BodyLimits},
    error::ApiError,
    list_file::{FILE_BYTES_MAX, ListFileError},
    list_import::{self, Counts, Decisions, VillageChoice},
    state::App,
};

/// What is told to wait while the files of others are read.
pub(super) const BUSY_MS: i64 = 10_000;

const FILE_NAME: HeaderName = HeaderName::from_static("file-name");
pub(crate) const LIMITS: BodyLimits =
    BodyLimits { sent_bytes_max: FILE_BYTES_MAX, inflated_bytes_max: FILE_BYTES_MAX };

/// Where the people of the list live.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportQuery {
    area: String,
}

/// What was decided in the preview.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct CommitRequest {
    /// What becomes of villages that the area tree lacks, by name.
    #[serde(default)]
    villages: BTreeMap<String, VillageChoice>,
    /// The rows of each proposed household that was confirmed.
    #[serde(default)]
    households: Vec<Vec<u32>>,
}

/// Judges a list and keeps it; nothing is written.
pub(crate) async fn preview(
    State(app): State<App>,
    Reader(who): Reader,
    query: Result<Query<ImportQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let Query(query) = query.map_err(|_| area_missing())?;
    list_import::check_area(&app, &who, &query.area).await?;
    let bytes = body::bytes(&headers, body, LIMITS).await?;
    let book = app.workers.read_list(bytes.to_vec()).await.map_err(refused)?;
    let answer = list_import::preview(&app, &who, &query.area, file_name(&headers), book.grid).await?;
    Ok(Json(with_other_lists(answer, book.other_lists)))
}

fn area_missing() -> ApiError {
    let say = "name the county or township of the list: imports?area=CODE";
    ApiError::Refused("area_missing", json!({ "say": say }))
}

/// Writes a list that was previewed.
pub(crate) async fn commit(
    State(app): State<App>,
    Reader(who): Reader,
    Named(id): Named<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Counts>, ApiError> {
    let request: CommitRequest = body::json(&headers, body, BodyLimits::COMMIT).await?;
    let CommitRequest { villages, households } = request;
    let decisions = Decisions { villages, create_others: false, households };
    Ok(Json(list_import::commit(&app, &who, id, decisions).await?))
}

fn with_other_lists(mut answer: Value, other_lists: Vec<String>) -> Value {
    answer["other_lists"] = json!(other_lists);
    answer
}

/// A file that gives no grid is the sender's to mend; the word says how.
pub(crate) fn refused(error: ListFileError) -> ApiError {
    let detail = serde_json::to_value(&error).unwrap_or(Value::Null);
    match error {
        ListFileError::Worker { why } => ApiError::Internal(anyhow::anyhow!("list worker: {why}")),
        ListFileError::Busy => ApiError::Busy { wait_ms: BUSY_MS },
        ListFileError::FileTooLarge { .. } => ApiError::TooLarge,
        ListFileError::NotAWorkbook => ApiError::Refused("not_xlsx", detail),
        ListFileError::Encrypted => ApiError::Refused("encrypted", detail),
        ListFileError::InflatesTooMuch
        | ListFileError::TooManyParts { .. }
        | ListFileError::TooManySheets { .. }
        | ListFileError::TooMuchMemory => ApiError::Refused("inflated_too_large", detail),
        ListFileError::TooManyRows { .. } => ApiError::Refused("too_many_rows", detail),
        ListFileError::Empty => ApiError::Refused("empty", detail),
        ListFileError::Damaged { .. } => ApiError::Refused("damaged", detail),
        ListFileError::TooLong => ApiError::Refused("too_long", detail),
    }
}

/// The name that the browser sent, percent-encoded.
pub(crate) fn file_name(headers: &HeaderMap) -> String {
    let sent = headers.get(FILE_NAME).map(|value| value.as_bytes()).unwrap_or_default();
    let mut bytes = Vec::new();
    let mut rest = sent;
    while let [first, tail @ ..] = rest {
        let hex = |at: usize| tail.get(at).and_then(|digit| (*digit as char).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    const NAME_CHARS_MAX: usize = 120;
    String::from_utf8_lossy(&bytes).chars().take(NAME_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_comes_percent_encoded() {
        let mut headers = HeaderMap::new();
        headers.insert(FILE_NAME, "%E5%90%8D%E5%8D%95 1.xlsx".parse().expect("ascii"));
        assert_eq!(file_name(&headers), "名单 1.xlsx");
        headers.insert(FILE_NAME, "100%.xlsx".parse().expect("ascii"));
        assert_eq!(file_name(&headers), "100%.xlsx");
    }
}
