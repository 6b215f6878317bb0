//! `POST /api/v1/exports/{ledger}`: a ledger as a workbook, for whoever may have it; and what waits for a second person.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::ledgers::{LedgerQuery, Made, made};
use crate::{
    asked::{Named, reason},
    auth::Reader,
    body::{self, BodyLimits},
    commands::operator,
    day_text::{day_of_ms, minute_of_ms},
    db::{AskedExport, Caller},
    error::ApiError,
    ledger::{self, Heading, Ledger},
    state::App,
};

pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The ledger as a workbook, and what stands in it.
pub(crate) struct LedgerWorkbook {
    /// The area that it covers.
    pub(crate) unit: String,
    pub(crate) lines: usize,
    pub(crate) totals: Value,
    pub(crate) bytes: Vec<u8>,
}

/// Sends the ledger as a workbook; a long one only when a second person allowed it.
pub(crate) async fn export(
    State(app): State<App>,
    Named(ledger): Named<Ledger>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let query: LedgerQuery = body::json(&headers, body, BodyLimits::SMALL).await?;
    query.check_reason()?;
    let made = made(&app, &who, ledger, &query).await?;
    check_approved(&app, &who, &query, &made).await?;
    let bytes = workbook(&app, &who, &query, made).await?.bytes;
    let disposition = format!("attachment; filename=\"{}.xlsx\"", ledger.file_name());
    let heads = [(header::CONTENT_TYPE, XLSX.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((heads, bytes).into_response())
}

/// The ledger as a second person is told of it.
async fn check_approved(app: &App, who: &Caller, query: &LedgerQuery, made: &Made) -> Result<(), ApiError> {
    let (rows, limit) = (made.table.lines.len(), app.config.limits.export_rows as usize);
    if rows > limit && !query.says_why() {
        return Err(ApiError::Refused("reason_missing", json!({"rows": rows, "limit": limit})));
    }
    let text = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let wanted = json!({
        "ledger": made.ledger, "area": made.area, "unit": made.unit, "from": text(&query.from), "to": text(&query.to),
        "state": text(&query.state), "worker": text(&query.worker), "full": query.full, "reason": text(&query.reason), "rows": rows,
    });
    check_allowed(app, who, rows, wanted).await
}

/// What takes more lines out of the office than a desk needs is seen by two, masked or not, and the second is told why.
pub(super) async fn check_allowed(
    app: &App,
    who: &Caller,
    rows: usize,
    wanted: Value,
) -> Result<(), ApiError> {
    let limit = app.config.limits.export_rows as usize;
    if rows <= limit {
        return Ok(());
    }
    match app.db.take_or_ask_export(who, wanted, app.clock.now()).await? {
        None => Ok(()),
        Some(asked) => {
            let detail = json!({"asked": asked, "rows": rows, "limit": limit});
            Err(ApiError::Refused("approval_needed", detail))
        }
    }
}

/// `GET /api/v1/exports/approvals`: what waits for a second person, or was allowed and not fetched yet.
pub(crate) async fn list_asked(
    State(app): State<App>,
    Reader(who): Reader,
) -> Result<Json<Vec<AskedExport>>, ApiError> {
    Ok(Json(app.db.asked_exports(&who, app.clock.now()).await?))
}

/// `POST /api/v1/exports/approvals/{asked}`: allows what somebody else asked for.
pub(crate) async fn approve(
    State(app): State<App>,
    Reader(who): Reader,
    Named(asked): Named<u64>,
) -> Result<Json<Value>, ApiError> {
    app.db.approve_export(&who, asked, app.clock.now()).await?;
    Ok(Json(json!({"ok": true})))
}

/// Why somebody else's export is refused.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct RefuseRequest {
    reason: String,
}

/// `POST /api/v1/exports/approvals/{asked}/refuse`: refuses what somebody else asked for.
pub(crate) async fn refuse(
    State(app): State<App>,
    Reader(who): Reader,
    Named(asked): Named<u64>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: RefuseRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let why = reason(&request.reason)?;
    app.db.refuse_export(&who, asked, &why, app.clock.now()).await?;
    Ok(Json(json!({"ok": true})))
}

/// Makes a ledger for whoever has the machine, who needs nobody's approval: who has the database needs no export. Whole numbers, and more lines than leave the
/// office unasked, need a reason all the same.
pub(crate) async fn unasked_workbook(
    app: &App,
    who: &Caller,
    ledger: Ledger,
    query: &LedgerQuery,
) -> Result<LedgerWorkbook, ApiError> {
    query.check_reason()?;
    let made = made(app, who, ledger, query).await?;
    let (rows, limit) = (made.table.lines.len(), app.config.limits.export_rows as usize);
    if rows > limit && !query.says_why() {
        return Err(ApiError::Refused("reason_missing", json!({"rows": rows, "limit": limit})));
    }
    workbook(app, who, query, made).await
}

/// The lines as a workbook; the export stays on record.
async fn workbook(
    app: &App,
    who: &Caller,
    query: &LedgerQuery,
    made: Made,
) -> Result<LedgerWorkbook, ApiError> {
    let now = app.clock.now();
    let heading = Heading {
        unit: made.unit.clone(),
        period: made.period,
        filled_on: day_of_ms(now),
        made_by: who.name.clone(),
        made_at: minute_of_ms(now),
        full: query.full,
    };
    let bytes = ledger::sheet(made.ledger, &heading, &made.table).map_err(anyhow::Error::from)?;
    let lines = made.table.lines.len();
    let detail = json!({
        "ledger": made.ledger, "area": query.area, "rows": lines, "full": query.full, "reason": query.said_reason(), "operator": who.name == operator::NAME,
    });
    app.db.note_of(who, "export", detail, now).await?;
    Ok(LedgerWorkbook { unit: made.unit, lines, totals: made.table.counted(), bytes })
}
