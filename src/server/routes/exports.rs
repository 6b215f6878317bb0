//! `POST /api/v1/exports/follow_up_ledger` and the same ledger as a list on screen.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use domain::{
    day::{Day, Timestamp},
    visit::Plan,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    asked::{Asked, Named, reason},
    auth::Reader,
    body::{self, BodyLimits},
    day_text::{day_of_ms, minute_of_ms},
    db::{AskedExport, Caller},
    error::ApiError,
    ledger::{self, COLUMNS, Entry, Heading, LedgerWords, Period, Source, Totals},
    state::App,
};

pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const REASON_LETTERS_MIN: usize = 2;
const PAGE_ROWS: usize = 50;
const PAGE_ROWS_MAX: usize = 500;

/// Which lines.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams, utoipa::ToSchema)]
#[into_params(parameter_in = Query)]
pub(crate) struct LedgerQuery {
    pub(crate) area: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    /// `done due overdue`; all if absent.
    pub(crate) state: Option<String>,
    #[serde(default)]
    pub(crate) full: bool,
    pub(crate) reason: Option<String>,
    #[serde(default)]
    pub(crate) page: usize,
    pub(crate) size: Option<usize>,
}

/// The ledger as a workbook, and what stands in it.
pub(crate) struct LedgerWorkbook {
    pub(crate) title: &'static str,
    /// The area that it covers.
    pub(crate) unit: String,
    pub(crate) lines: usize,
    pub(crate) totals: Totals,
    pub(crate) bytes: Vec<u8>,
}

impl LedgerQuery {
    /// A day that is none would silently hold no visit or every visit.
    fn check_days(&self) -> Result<(), ApiError> {
        let is_day = |text: &Option<String>| {
            text.as_deref().is_none_or(|text| text.is_empty() || text.parse::<Day>().is_ok())
        };
        match (is_day(&self.from), is_day(&self.to)) {
            (false, _) => Err(ApiError::BadRequest("from is no day such as 2026-01-01")),
            (_, false) => Err(ApiError::BadRequest("to is no day such as 2026-12-31")),
            _ => Ok(()),
        }
    }

    fn said_reason(&self) -> &str {
        self.reason.as_deref().map(str::trim).unwrap_or_default()
    }

    fn says_why(&self) -> bool {
        self.said_reason().chars().count() >= REASON_LETTERS_MIN
    }

    fn check_reason(&self) -> Result<(), ApiError> {
        if self.full && !self.says_why() {
            return Err(ApiError::Refused("reason_missing", Value::Null));
        }
        Ok(())
    }

    fn period(&self) -> Period {
        Period { from: self.from.clone().unwrap_or_default(), to: self.to.clone().unwrap_or_default() }
    }
}

/// Sends the ledger as a workbook; a long one only when a second person allowed it.
pub(crate) async fn follow_up_ledger(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let query: LedgerQuery = body::json(&headers, body, BodyLimits::SMALL).await?;
    query.check_reason()?;
    let lines = lines(&app, &who, &query).await?;
    check_approved(&app, &who, &query, &lines).await?;
    let bytes = workbook(&app, &who, &query, lines).await?.bytes;
    let disposition = "attachment; filename=\"follow_up_ledger.xlsx\"";
    Ok(([(header::CONTENT_TYPE, XLSX), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// What takes more lines out of the office than a desk needs is seen by two, masked or not, and the second is told why.
async fn check_approved(app: &App, who: &Caller, query: &LedgerQuery, lines: &Lines) -> Result<(), ApiError> {
    let (rows, limit) = (lines.entries.len(), app.config.limits.export_rows as usize);
    if rows <= limit {
        return Ok(());
    }
    if !query.says_why() {
        return Err(ApiError::Refused("reason_missing", json!({"rows": rows, "limit": limit})));
    }
    let text = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let wanted = json!({
        "ledger": "follow_up", "area": lines.area, "unit": lines.unit, "from": text(&query.from), "to": text(&query.to),
        "state": text(&query.state), "full": query.full, "reason": text(&query.reason), "rows": rows,
    });
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

/// Makes the ledger for whoever has the machine, who needs nobody's approval; whole numbers need a reason all the same.
pub(crate) async fn follow_up_workbook(
    app: &App,
    who: &Caller,
    query: &LedgerQuery,
) -> Result<LedgerWorkbook, ApiError> {
    query.check_reason()?;
    let lines = lines(app, who, query).await?;
    workbook(app, who, query, lines).await
}

/// The lines as a workbook; the export stays on record.
async fn workbook(
    app: &App,
    who: &Caller,
    query: &LedgerQuery,
    lines: Lines,
) -> Result<LedgerWorkbook, ApiError> {
    let Lines { entries, totals, unit, .. } = lines;
    let now = app.clock.now();
    let heading = Heading {
        unit: unit.clone(),
        from: query.from.clone().unwrap_or_default(),
        to: query.to.clone().unwrap_or_default(),
        filled_on: day_of_ms(now),
        made_by: who.name.clone(),
        made_at: minute_of_ms(now),
        full: query.full,
    };
    let bytes = ledger::sheet(&heading, &entries, &totals).map_err(anyhow::Error::from)?;
    let detail = json!({
        "ledger": "follow_up", "area": query.area, "rows": entries.len(), "full": query.full, "reason": query.said_reason(),
    });
    app.db.note_of(who, "export", detail, now).await?;
    Ok(LedgerWorkbook { title: ledger::TITLE, unit, lines: entries.len(), totals, bytes })
}

/// `GET /api/v1/lists/follow_up_ledger`: the same lines, masked, page by page.
pub(crate) async fn ledger_page(
    State(app): State<App>,
    Reader(who): Reader,
    Asked(query): Asked<LedgerQuery>,
) -> Result<Json<Value>, ApiError> {
    let query = LedgerQuery { full: false, ..query };
    let Lines { entries, totals, .. } = lines(&app, &who, &query).await?;
    let size = query.size.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX);
    let rows: Vec<Value> = entries
        .iter()
        .enumerate()
        .skip(query.page.saturating_mul(size))
        .take(size)
        .map(|(index, entry)| row(index + 1, entry))
        .collect();
    let cols: Vec<&str> = COLUMNS.iter().map(|(key, _)| *key).collect();
    Ok(Json(json!({
        "page": query.page, "pages": entries.len().div_ceil(size), "total": entries.len(), "cols": cols, "rows": rows,
        "totals": totals,
    })))
}

fn row(n: usize, entry: &Entry) -> Value {
    let cells = LedgerWords::cells(n, entry);
    let mut row: Map<String, Value> =
        COLUMNS.iter().zip(cells).map(|((key, _), cell)| ((*key).to_owned(), json!(cell))).collect();
    row.insert("state".to_owned(), json!(entry.state.word()));
    row.insert("recipient".to_owned(), json!(entry.recipient));
    row.insert("visit".to_owned(), json!(entry.visit));
    Value::Object(row)
}

/// What a query finds in the caller's scope.
struct Lines {
    entries: Vec<Entry>,
    totals: Totals,
    /// The area that was asked for; all of the caller's if none was.
    area: Option<Uuid>,
    /// The name of what they cover.
    unit: String,
}

async fn lines(app: &App, who: &Caller, query: &LedgerQuery) -> Result<Lines, ApiError> {
    query.check_days()?;
    let areas = app.db.whereabouts(who).await?.areas;
    let wanted = query.area.as_deref().filter(|area| !area.is_empty());
    let area = match wanted {
        Some(text) => {
            let code = crate::db::short_code(text);
            let found = areas.iter().find(|node| node.id.to_string() == text || node.code == code);
            Some(found.ok_or(ApiError::NotFound)?)
        }
        None => None,
    };
    let top = || areas.iter().find(|node| node.parent.is_none()).or(areas.first());
    let unit = area.or_else(top).map(|node| node.name.clone()).unwrap_or_default();
    let id: Option<Uuid> = area.map(|node| node.id.0);
    let mut sources = app.db.sources(who, id, query.full).await?;
    name_visitors(app, &mut sources).await?;
    let plan = Plan::new(app.db.policy().await?.plan, Timestamp::from_ms(app.clock.now()).day());
    let mut entries = ledger::entries(&sources, &query.period(), &plan, query.full);
    let totals = ledger::totals(&entries);
    if let Some(state) = query.state.as_deref().filter(|state| !state.is_empty()) {
        entries.retain(|entry| entry.state.word() == state);
    }
    Ok(Lines { entries, totals, area: id, unit })
}

/// Visits name their visitors by account; a ledger is read by people.
async fn name_visitors(app: &App, sources: &mut [Source]) -> Result<(), ApiError> {
    let accounts = app.db.accounts().await?;
    let name_of =
        |id: &str| accounts.iter().find(|account| account.id.to_string() == id).map(|account| &account.name);
    for visitor in
        sources.iter_mut().filter_map(|source| source.fields.get_mut("visitors")?.as_array_mut()).flatten()
    {
        if let Some(name) = visitor.as_str().and_then(name_of) {
            *visitor = json!(name);
        }
    }
    Ok(())
}
