//! `/api/v1/plan-tasks`: tasks of the work plan, between an office and the contacts of units.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use domain::{day::Day, plan_task::PlanTaskState};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    asked::Named,
    auth::Reader,
    body::{self, BodyLimits},
    db::{NewPlanTask, PlanTaskChange, PlanTaskChanges, PlanTaskWord},
    error::ApiError,
    state::App,
    tokens,
};

/// Letters of a title, a unit and a word.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=500;

/// The most tasks that are changed at once.
const CHANGES_MAX: usize = 500;

/// A task, for whom and until when.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct GiveRequest {
    title: String,
    unit: String,
    responsible: Uuid,
    due_on: String,
}

/// How far it is: `not_started`, `in_progress` or `done`, in a word, with what proves it.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct TaskReport {
    state: String,
    word: String,
    evidence: Option<String>,
}

/// Tasks that get another day or another contact.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct ChangesRequest {
    changes: Vec<TaskChange>,
}

/// What becomes of one; what is absent stays.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct TaskChange {
    task: Uuid,
    due_on: Option<String>,
    responsible: Option<Uuid>,
}

/// The tasks of the caller's areas, or his own.
pub(crate) async fn list(State(app): State<App>, Reader(who): Reader) -> Result<Json<Value>, ApiError> {
    Ok(Json(json!(app.db.plan_tasks(&who, app.clock.now()).await?)))
}

/// Gives a task.
pub(crate) async fn give(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: GiveRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let now = app.clock.now();
    let due_on: Day = request.due_on.parse().map_err(|_| ApiError::Refused("due_missing", Value::Null))?;
    let new = NewPlanTask {
        id: tokens::new_id(now),
        title: words(&request.title, "title_missing")?,
        unit: words(&request.unit, "unit_missing")?,
        responsible: request.responsible,
        due_on: due_on.to_string(),
    };
    Ok(Json(json!(app.db.give_plan_task(&who, &new, now).await?)))
}

/// Gives several another day or another contact.
pub(crate) async fn change(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: ChangesRequest = body::json(&headers, body, BodyLimits::COMMIT).await?;
    if !(1..=CHANGES_MAX).contains(&request.changes.len()) {
        return Err(ApiError::BadRequest("changes: 1 to 500 of them"));
    }
    let mut changes = Vec::new();
    for TaskChange { task, due_on, responsible } in request.changes {
        let day = |day: String| day.parse::<Day>().map_err(|_| ApiError::Refused("due_missing", Value::Null));
        let due_on = due_on.map(day).transpose()?.map(|day| day.to_string());
        changes.push(PlanTaskChange { task, due_on, responsible });
    }
    let changed = changes.len();
    app.db.change_plan_tasks(&who, PlanTaskChanges { changes, now: app.clock.now() }).await?;
    Ok(Json(json!({ "changed": changed })))
}

/// Says how far a task is.
pub(crate) async fn report(
    State(app): State<App>,
    Reader(who): Reader,
    Named(task): Named<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: TaskReport = body::json(&headers, body, BodyLimits::SMALL).await?;
    let state = PlanTaskState::from_word(&request.state)
        .ok_or(ApiError::BadRequest("state: not_started, in_progress or done"))?;
    let evidence = request.evidence.filter(|text| !text.trim().is_empty());
    let said = PlanTaskWord {
        task,
        state,
        word: words(&request.word, "word_missing")?,
        evidence: evidence.map(|text| words(&text, "evidence_missing")).transpose()?,
        now: app.clock.now(),
    };
    Ok(Json(json!(app.db.report_plan_task(&who, &said).await?)))
}

fn words(text: &str, lack: &'static str) -> Result<String, ApiError> {
    let text = text.trim();
    let says = LETTERS.contains(&text.chars().count());
    if says { Ok(text.to_owned()) } else { Err(ApiError::Refused(lack, Value::Null)) }
}
