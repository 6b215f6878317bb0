//! `POST /api/v1/devices/{device}/concerned`: whose files a device held when it was last in reach, as a workbook (PIPL §57).

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    devices::named,
    exports::{XLSX, check_allowed},
};
use crate::{
    asked::{self, Named},
    auth::Reader,
    body::{self, BodyLimits},
    concerned::{self, Made},
    day_text::minute_of_ms,
    error::ApiError,
    state::App,
};

/// The word by which the audit chain knows it among the ledgers.
const WORD: &str = "device_concerned";

/// Why the list is made.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct ConcernedRequest {
    reason: String,
}

/// Sends the list. It is an export like a ledger: with its reason in the chain, and a long one only when a second person allowed it.
pub(crate) async fn export(
    State(app): State<App>,
    Reader(who): Reader,
    Named(device): Named<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let request: ConcernedRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let device = named(&device)?;
    let concerned = app.db.concerned(&who, device).await?;
    let reason = asked::reason(&request.reason)?;
    let rows = concerned.families.len();
    let wanted = json!({
        "ledger": WORD, "device": device, "unit": concerned.unit, "reason": reason, "full": false, "rows": rows,
    });
    check_allowed(&app, &who, rows, wanted).await?;
    let now = app.clock.now();
    let made = Made { by: who.name.clone(), at: minute_of_ms(now), reason: reason.clone() };
    let bytes = concerned::workbook(&concerned, &made).map_err(anyhow::Error::from)?;
    let detail = json!({
        "ledger": WORD, "device": device, "areas": concerned.areas, "rows": rows, "full": false, "reason": reason,
    });
    app.db.note_of(&who, "export", detail, now).await?;
    let disposition = "attachment; filename=\"device-concerned.xlsx\"";
    Ok(([(header::CONTENT_TYPE, XLSX), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}
