//! `/api/v1/standards`: what a county pays conscripts' families and for awards. Its clerk enters rows, by hand or out of a sheet, and publishes them.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use domain::stipend::{self, Entered, Fault, ROWS_MAX, SheetError, Standard};
use serde::Deserialize;
use serde_json::{Value, json};
use std::cmp::Reverse;
use uuid::Uuid;

use super::imports;
use crate::{
    auth::Reader,
    body::{self, BodyLimits},
    db::{StandardRefused, StandardRow},
    error::ApiError,
    state::App,
    tokens,
};

/// Rows to be entered, each as texts.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct StandardsRequest {
    #[schema(value_type = Vec<Object>)]
    rows: Vec<Entered>,
    /// The published row that the one row corrects.
    supersedes: Option<Uuid>,
}

/// Rows that are not published yet.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct DraftsRequest {
    ids: Vec<Uuid>,
}

/// The published rows by what they are of, the newest first, and for the county's office those that are not published.
pub(crate) async fn list(State(app): State<App>, Reader(who): Reader) -> Result<Json<Value>, ApiError> {
    let mut rows = app.db.standards().await?;
    rows.sort_by_key(|row| (row.standard.item, Reverse(row.standard.from)));
    let is_shown = |row: &&StandardRow| row.published_at.is_some() || who.role.is_county();
    let rows: Vec<Value> = rows.iter().filter(is_shown).map(said).collect();
    Ok(Json(json!({ "rows": rows })))
}

/// Writes rows down; nobody goes by them before they are published.
pub(crate) async fn enter(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: StandardsRequest = body::json(&headers, body, BodyLimits::COMMIT).await?;
    let now = app.clock.now();
    let is_too_much =
        request.rows.len() > ROWS_MAX || (request.supersedes.is_some() && request.rows.len() > 1);
    if request.rows.is_empty() || is_too_much {
        return Err(ApiError::Refused("standards_count", json!({"max": ROWS_MAX})));
    }
    let rows = judged(&request, now)?;
    done(app.db.enter_standards(&who, &rows, now).await?, &rows)
}

/// Puts rows in force.
pub(crate) async fn publish(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: DraftsRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let known: Vec<Standard> = app.db.standards().await?.into_iter().map(|row| row.standard).collect();
    done(app.db.publish_standards(&who, &request.ids, app.clock.now()).await?, &known)
}

/// Deletes rows that were never published.
pub(crate) async fn discard(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: DraftsRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    done(app.db.discard_standards(&who, &request.ids, app.clock.now()).await?, &[])
}

/// Judges the rows of a workbook, and writes nothing.
pub(crate) async fn sheet(
    State(app): State<App>,
    Reader(_): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let book = imports::book(&app, &headers, body).await?;
    let sheet = stipend::read(&book.grid).map_err(|error| {
        let sheet = &book.grid.sheet;
        match error {
            SheetError::NoHeadings => ApiError::Refused("no_headings", json!({ "sheet": sheet })),
            SheetError::NoRows => ApiError::Refused("empty", json!({ "sheet": sheet })),
            SheetError::TooManyRows { rows } => {
                ApiError::Refused("too_many_rows", json!({"sheet": sheet, "rows": rows, "max": ROWS_MAX}))
            }
        }
    })?;
    Ok(Json(json!({"sheet": book.grid.sheet, "headings": sheet.headings, "rows": sheet.rows})))
}

/// All of the rows as standards, or what is wrong with each.
fn judged(request: &StandardsRequest, now: i64) -> Result<Vec<Standard>, ApiError> {
    let mut wrong: Vec<(usize, Vec<Fault>)> = Vec::new();
    let mut rows = Vec::new();
    for (index, said) in request.rows.iter().enumerate() {
        match said.judge(tokens::new_id(now), request.supersedes) {
            Ok(standard) => rows.push(standard),
            Err(faults) => wrong.push((index + 1, faults)),
        }
    }
    if wrong.is_empty() {
        return Ok(rows);
    }
    let wrong: Vec<Value> = wrong.iter().map(|(row, faults)| json!({"row": row, "faults": faults})).collect();
    Err(ApiError::Refused("standards_bad", json!({ "rows": wrong })))
}

fn done(done: Result<(), StandardRefused>, known: &[Standard]) -> Result<Json<Value>, ApiError> {
    let named = |id: Uuid| known.iter().find(|one| one.id == id).map(Entered::of);
    match done {
        Ok(()) => Ok(Json(json!({"ok": true}))),
        Err(StandardRefused::Gone(id)) => Err(ApiError::Refused("standard_gone", json!({ "id": id }))),
        Err(StandardRefused::Published(id)) => {
            Err(ApiError::Refused("standard_published", json!({"id": id, "said": named(id)})))
        }
        Err(StandardRefused::NotToCorrect(id)) => {
            Err(ApiError::Refused("standard_not_to_correct", json!({"id": id, "said": named(id)})))
        }
        Err(StandardRefused::Meets { standard, other }) => Err(ApiError::Refused(
            "standard_meets",
            json!({"id": standard, "said": named(standard), "other": named(other)}),
        )),
    }
}

fn said(row: &StandardRow) -> Value {
    let state = match row {
        row if row.is_in_force() => "in_force",
        row if row.published_at.is_some() => "superseded",
        _ => "draft",
    };
    json!({
        "id": row.standard.id, "said": Entered::of(&row.standard), "state": state, "supersedes": row.standard.supersedes,
        "entered_by": row.entered_by, "entered_at": row.entered_at,
        "published_by": row.published_by, "published_at": row.published_at,
    })
}
