//! `GET /api/v1/lists/{ledger}`: the lines of a ledger on screen, masked, page by page; and `POST …/paper`, all of them to be printed.
//!
//! Who was shown lines stands in the audit chain, once an hour for a ledger and an area; who printed them each time.

pub(crate) mod shelf;

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use domain::{
    day::{Day, Timestamp},
    stipend::Standard,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc};
use sync::{id::AreaId, wire::AreaNode};
use uuid::Uuid;

use crate::{
    asked::{self, Asked, Named},
    auth::Reader,
    body::{self, BodyLimits},
    db::{Account, AuditEntry, Caller, StandardRow, short_code},
    error::ApiError,
    ledger::{self, Given, Ledger, Line, Period, Source, Table, keyed},
    state::App,
};

/// The word for the families that nobody answers for.
const NOBODY: &str = "none";
const PAGE_ROWS: usize = 50;
const PAGE_ROWS_MAX: usize = 100;

/// Which lines.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, utoipa::IntoParams, utoipa::ToSchema)]
#[into_params(parameter_in = Query)]
pub(crate) struct LedgerQuery {
    pub(crate) area: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    /// A word of the ledger's own, such as `done due overdue`; all if absent, of the roster those on it today. The overview names such words.
    pub(crate) state: Option<String>,
    /// The account that answers for the families; `none` for those that nobody answers for.
    pub(crate) worker: Option<String>,
    #[serde(default)]
    pub(crate) full: bool,
    pub(crate) reason: Option<String>,
    /// The key of the column by which they are ordered; as they come if absent.
    pub(crate) sort: Option<String>,
    /// The last first.
    #[serde(default)]
    pub(crate) down: bool,
    #[serde(default)]
    pub(crate) page: usize,
    pub(crate) size: Option<usize>,
}

impl LedgerQuery {
    /// The days that are asked for. One that is none would silently hold no visit or every visit.
    pub(super) fn days(&self) -> Result<Period, ApiError> {
        let day = |text: &Option<String>, wrong: &'static str| -> Result<Option<Day>, ApiError> {
            let text = text.as_deref().filter(|text| !text.is_empty());
            text.map(|text| text.parse().map_err(|_| ApiError::BadRequest(wrong))).transpose()
        };
        let from = day(&self.from, "from is no day such as 2026-01-01")?;
        Ok(Period { from, to: day(&self.to, "to is no day such as 2026-12-31")? })
    }

    pub(super) fn said_reason(&self) -> &str {
        self.reason.as_deref().map(str::trim).unwrap_or_default()
    }

    pub(super) fn says_why(&self) -> bool {
        asked::reason(self.said_reason()).is_ok()
    }

    pub(super) fn check_reason(&self) -> Result<(), ApiError> {
        if self.full && !self.says_why() {
            return Err(ApiError::Refused("reason_missing", Value::Null));
        }
        Ok(())
    }
}

/// What a query finds in the caller's scope.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) ledger: Ledger,
    pub(super) table: Table,
    pub(super) period: Period,
    /// The area that was asked for; all of the caller's if none was.
    pub(super) area: Option<Uuid>,
    /// The name of what they cover.
    pub(super) unit: String,
}

/// Sends a page of a ledger. A page of no lines tells what is counted, and shows nobody anything.
pub(crate) async fn page(
    State(app): State<App>,
    Named(ledger): Named<Ledger>,
    Reader(who): Reader,
    Asked(query): Asked<LedgerQuery>,
) -> Result<Json<Value>, ApiError> {
    let query = LedgerQuery { full: false, ..query };
    let made = shelf::kept(&app, &who, ledger, &query).await?;
    let size = query.size.unwrap_or(PAGE_ROWS).min(PAGE_ROWS_MAX);
    let first = query.page.saturating_mul(size);
    if first < made.table.lines.len() && size > 0 {
        let detail = json!({"ledger": ledger, "area": made.area});
        app.db.note_hourly(&who, AuditEntry::of(&who, "list", detail, app.clock.now())).await?;
    }
    let mut said = said(&made, first, size);
    said["page"] = json!(query.page);
    said["pages"] = json!(made.table.lines.len().div_ceil(size.max(1)));
    Ok(Json(said))
}

/// Sends a ledger to be printed, with who prints it and when. What is too long for an export that nobody allows is too long for paper.
pub(crate) async fn paper(
    State(app): State<App>,
    Named(ledger): Named<Ledger>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let query: LedgerQuery = body::json(&headers, body, BodyLimits::SMALL).await?;
    let query = LedgerQuery { full: false, ..query };
    let made = shelf::kept(&app, &who, ledger, &query).await?;
    let (rows, limit) = (made.table.lines.len(), app.config.limits.export_rows as usize);
    if rows > limit {
        return Err(ApiError::Refused("paper_too_long", json!({"rows": rows, "limit": limit})));
    }
    let now = app.clock.now();
    if rows > 0 {
        let detail = json!({"ledger": ledger, "area": made.area, "rows": rows});
        app.db.note_of(&who, "list_print", detail, now).await?;
    }
    let mut said = said(&made, 0, rows);
    (said["page"], said["pages"]) = (json!(0), json!(1));
    (said["by"], said["at"]) = (json!(who.name), json!(now));
    Ok(Json(said))
}

/// What is said of a ledger, with so many of its lines.
fn said(made: &Made, first: usize, size: usize) -> Value {
    let Made { ledger, table, unit, period, .. } = made;
    let lines = table.lines.iter().enumerate().skip(first).take(size);
    let rows: Vec<Value> = lines.map(|(index, line)| row(*ledger, index + 1, line)).collect();
    let cols: Vec<&str> = ledger.columns().iter().map(|column| column.key).collect();
    json!({
        "total": table.lines.len(), "cols": cols, "rows": rows, "totals": table.counted(), "above": table.above, "unit": unit,
        "sums": table.sums.as_ref().map(|sums| keyed(ledger.columns(), sums)), "from": period.from, "to": period.to,
    })
}

fn row(ledger: Ledger, n: usize, line: &Line) -> Value {
    let mut row = keyed(ledger.columns(), &line.cells);
    row.insert("n".to_owned(), json!(n));
    row.insert("state".to_owned(), json!(line.state));
    row.insert("recipient".to_owned(), json!(line.recipient));
    row.insert("visit".to_owned(), json!(line.visit));
    Value::Object(row)
}

/// Makes a ledger of what the caller may see.
pub(super) async fn made(
    app: &App,
    who: &Caller,
    ledger: Ledger,
    query: &LedgerQuery,
) -> Result<Made, ApiError> {
    let today = Timestamp::from_ms(app.clock.now()).day();
    let period = ledger.period(query.days()?, today).map_err(|wrong| ApiError::BadRequest(wrong.says()))?;
    let sort = sort(ledger, query)?;
    let place = Place::of(app, who, query.area.as_deref()).await?;
    let (area, unit) = (place.id(), place.unit);
    let mut sources = app.db.sources(who, (ledger, area), query.full).await?;
    let accounts = app.db.accounts().await?;
    if let Some(worker) = query.worker.as_deref().filter(|worker| !worker.is_empty()) {
        keep_of(&mut sources.records, worker, &accounts);
    }
    if ledger.pays() {
        sources.standards = standards(app).await?;
    }
    sources.people = accounts.into_iter().map(|account| (account.id.to_string(), account.name)).collect();
    let rules = app.db.policy().await?.plan;
    let state = query.state.as_deref().unwrap_or_default();
    let given = Given { sources: &sources, period, rules, today, full: query.full, state };
    let mut table = ledger::table(ledger, &given);
    if let Some(column) = sort {
        table.order_by(column, query.down);
    }
    Ok(Made { ledger, table, period, area, unit })
}

/// The published standards that are in force.
async fn standards(app: &App) -> Result<Vec<Standard>, ApiError> {
    let rows = app.db.standards().await?.into_iter();
    Ok(rows.filter(StandardRow::is_in_force).map(|row| row.standard).collect())
}

/// The column by which the lines are ordered.
fn sort(ledger: Ledger, query: &LedgerQuery) -> Result<Option<usize>, ApiError> {
    let Some(key) = query.sort.as_deref().filter(|key| !key.is_empty()) else { return Ok(None) };
    let found = ledger.columns().iter().position(|column| column.key == key);
    found.map(Some).ok_or(ApiError::BadRequest("sort names no column of this list"))
}

/// The area that is asked for.
pub(super) struct Place {
    /// All of the caller's, by code.
    pub(super) areas: Vec<AreaNode>,
    /// The one that was named.
    named: Option<AreaId>,
    /// The name of what is covered.
    pub(super) unit: String,
}

impl Place {
    /// # Errors
    /// When the area is none of the caller's.
    pub(super) async fn of(app: &App, who: &Caller, asked: Option<&str>) -> Result<Place, ApiError> {
        let areas = app.db.whereabouts(who).await?.areas;
        let named = match asked.filter(|area| !area.is_empty()) {
            Some(text) => {
                let code = short_code(text);
                let found = areas.iter().find(|node| node.id.to_string() == text || node.code == code);
                Some(found.ok_or(ApiError::NotFound)?)
            }
            None => None,
        };
        let top = || areas.iter().find(|node| node.parent.is_none()).or(areas.first());
        let unit = named.or_else(top).map(|node| node.name.clone()).unwrap_or_default();
        let named = named.map(|node| node.id);
        Ok(Place { areas, named, unit })
    }

    pub(super) fn id(&self) -> Option<Uuid> {
        self.named.map(|area| area.0)
    }
}

/// Keeps the families that somebody answers for, with what lies below them. Who is no account answers for nobody.
fn keep_of(sources: &mut Vec<Arc<Source>>, worker: &str, accounts: &[Account]) {
    let answers = |source: &Source| {
        let named = source.fields.get("responsible").and_then(Value::as_str).unwrap_or_default();
        let is_known = accounts.iter().any(|account| account.id.to_string() == named);
        if worker == NOBODY { !is_known } else { named == worker }
    };
    let people = sources.iter().filter(|source| source.kind == "recipient");
    let kept: BTreeSet<Uuid> = people.filter(|source| answers(source)).map(|source| source.e).collect();
    sources.retain(|source| kept.contains(&source.parent.unwrap_or(source.e)));
}
