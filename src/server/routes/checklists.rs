//! `/api/v1/checklists`: a form, an XLSForm workbook or our JSON, is judged and published; and since when which version is out.

use axum::{
    Json,
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    exports::XLSX,
    imports::{LIMITS, file_name, refused},
};
use crate::{
    auth::Reader,
    body,
    checklists::{self, PublishError},
    error::ApiError,
    form_file,
    state::App,
};

/// Whether anything is written.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChecklistQuery {
    /// Judge and write nothing.
    #[serde(default)]
    check: bool,
}

/// The versions that were published for the caller's areas.
pub(crate) async fn list(State(app): State<App>, Reader(who): Reader) -> Result<Json<Value>, ApiError> {
    Ok(Json(json!({ "rows": checklists::told(&app, &who).await? })))
}

/// Which checklist.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormQuery {
    code: String,
    /// The newest, if none is named.
    version: Option<u32>,
}

/// A checklist as an XLSForm workbook.
pub(crate) async fn form(
    State(app): State<App>,
    Reader(who): Reader,
    query: Result<Query<FormQuery>, QueryRejection>,
) -> Result<Response, ApiError> {
    let say = "write checklists/form?code=FOLLOWUP&version=1, or leave out the version";
    let Query(query) = query.map_err(|_| ApiError::Refused("code_missing", json!({ "say": say })))?;
    let mut known = checklists::all(&app, &who).await?;
    let mut versions = known.remove(&query.code).ok_or(ApiError::NotFound)?;
    let version = query.version.or(versions.keys().next_back().copied());
    let template = version.and_then(|version| versions.remove(&version)).ok_or(ApiError::NotFound)?;
    let bytes = form_file::write(&template).map_err(anyhow::Error::from)?;
    let disposition = "attachment; filename=\"checklist.xlsx\"";
    Ok(([(header::CONTENT_TYPE, XLSX), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// Judges a form, and publishes it as the next version unless it is only checked.
pub(crate) async fn publish(
    State(app): State<App>,
    Reader(who): Reader,
    query: Result<Query<ChecklistQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let say = "write checklists?check=true, or leave it out";
    let Query(query) = query.map_err(|_| ApiError::Refused("check_unknown", json!({ "say": say })))?;
    let bytes = body::bytes(&headers, body, LIMITS).await?;
    let name = file_name(&headers);
    let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
    let read = app.workers.read_form(&bytes, stem).await.map_err(refused)?;
    let Some(template) = read.template else {
        let detail = json!({"errors": read.errors, "warnings": read.warnings});
        return Err(ApiError::Refused("form_has_errors", detail));
    };
    if query.check {
        return Ok(Json(json!({"template": template, "warnings": read.warnings})));
    }
    let published = checklists::publish(&app, &who, template, &name).await?;
    Ok(Json(json!({"published": published, "warnings": read.warnings})))
}

impl From<PublishError> for ApiError {
    fn from(error: PublishError) -> ApiError {
        let detail = json!({ "say": error.to_string() });
        match error {
            PublishError::TooLarge { .. } => ApiError::Refused("checklist_too_large", detail),
            PublishError::NoVillage => ApiError::Refused("no_village", detail),
            PublishError::NotApplied => ApiError::Refused("not_applied", detail),
            PublishError::Db(error) => error.into(),
        }
    }
}
