//! `POST /api/v1/recipients/{id}/report`: all that is kept about one person, for the person (PIPL §45).

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::exports::XLSX;
use crate::{
    asked::{self, Named},
    auth::Reader,
    body::{self, BodyLimits},
    day_text::minute_of_ms,
    dossier,
    error::ApiError,
    state::App,
};

/// How the report is wanted.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct ReportRequest {
    /// Numbers in full; needs a reason.
    #[serde(default)]
    full: bool,
    reason: Option<String>,
}

/// Sends the report as a workbook, masked unless a reason is given.
pub(crate) async fn report(
    State(app): State<App>,
    Reader(who): Reader,
    Named(recipient): Named<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let request: ReportRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let reason = match request.full {
        true => Some(asked::reason(request.reason.as_deref().unwrap_or_default())?),
        false => None,
    };
    let now = app.clock.now();
    let dossier = app.db.dossier(&who, recipient, reason.as_deref(), &app.config.limits, now).await?;
    let keeping = app.db.keeping().await?;
    let made = dossier::Made { by: who.name, at: minute_of_ms(now), is_full: reason.is_some(), keeping };
    let bytes = dossier::workbook(&dossier, &made).map_err(anyhow::Error::from)?;
    let disposition = "attachment; filename=\"person.xlsx\"";
    Ok(([(header::CONTENT_TYPE, XLSX), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}
