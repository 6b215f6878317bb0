//! `POST /api/v1/imports` and its commit: a list becomes records after a preview.

use axum::{
    Json,
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderName, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::exports::XLSX;
use crate::{
    asked::Named,
    auth::Reader,
    body::{self, BodyLimits},
    db::Touched,
    error::ApiError,
    list_file::{Book, FILE_BYTES_MAX, ListFileError},
    list_import::{self, Counts, Decisions, Mending, VillageChoice},
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
    let book = book(&app, &headers, body).await?;
    let answer = list_import::preview(&app, &who, &query.area, file_name(&headers), book.grid).await?;
    Ok(Json(with_other_lists(answer, book.other_lists)))
}

/// The workbook of a request, read by a worker.
pub(super) async fn book(app: &App, headers: &HeaderMap, body: Body) -> Result<Book, ApiError> {
    let bytes = body::bytes(headers, body, LIMITS).await?;
    app.workers.read_list(bytes.to_vec()).await.map_err(refused)
}

/// A sheet of which the headings say too little.
pub(super) fn columns_missing(sheet: &str, lacks: &[&'static str]) -> ApiError {
    ApiError::Refused("columns_missing", json!({ "sheet": sheet, "lacks": lacks }))
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

/// The lists that were written in the caller's areas, newest first.
pub(crate) async fn list(State(app): State<App>, Reader(who): Reader) -> Result<Json<Value>, ApiError> {
    Ok(Json(json!({ "rows": app.db.imports(&who).await? })))
}

/// Judges a kept list again; nothing is written into the files.
pub(crate) async fn judge(
    State(app): State<App>,
    Reader(who): Reader,
    Named(id): Named<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let mending: Mending = body::json(&headers, body, BodyLimits::COMMIT).await?;
    Ok(Json(list_import::judge_again(&app, &who, id, mending).await?))
}

/// The refused lines of a list, before it is written and for a day after.
pub(crate) async fn refused_lines(
    State(app): State<App>,
    Reader(who): Reader,
    Named(id): Named<Uuid>,
) -> Result<Response, ApiError> {
    let bytes = list_import::refused_workbook(&app, &who, id).await?;
    let disposition = "attachment; filename=\"refused.xlsx\"";
    Ok(([(header::CONTENT_TYPE, XLSX), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// Which families of a list are to be what they were.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct UndoRequest {
    /// Those on which nobody worked since; else all of them or none.
    #[serde(default)]
    only_untouched: bool,
}

/// What undoing did.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct UndoAnswer {
    /// How many families are what they were before the list.
    families: usize,
    /// Those that stayed as they are.
    kept: Vec<Touched>,
}

/// Undoes a list. Where somebody worked on one of its families since, that is told, and nothing is undone unless the others are asked for.
pub(crate) async fn undo(
    State(app): State<App>,
    Reader(who): Reader,
    Named(id): Named<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<UndoAnswer>, ApiError> {
    let UndoRequest { only_untouched } = body::json(&headers, body, BodyLimits::SMALL).await?;
    let undoing = app.db.undo_import(&who, id, only_untouched, app.clock.now()).await?;
    if undoing.is_done {
        return Ok(Json(UndoAnswer { families: undoing.families, kept: undoing.touched }));
    }
    let detail = json!({ "untouched": undoing.families, "touched": undoing.touched });
    Err(ApiError::Refused("touched", detail))
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
