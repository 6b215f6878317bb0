//! `POST /api/v1/sponsors/sheet`: a sheet of sponsors goes in, what its rows hold and what is wrong with them comes out. Nothing of it is kept: a desk
//! writes sponsors as any record.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use domain::{
    day::Timestamp,
    headed::Fault,
    sponsor::{
        Agreement,
        sheet::{self, SponsorLine, SponsorWhy},
    },
};
use serde_json::{Value, json};

use super::imports::{self, columns_missing};
use crate::{auth::Reader, error::ApiError, state::App};

/// Judges the sheet.
pub(crate) async fn read_sheet(
    State(app): State<App>,
    Reader(_): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let book = imports::book(&app, &headers, body).await?;
    let today = Timestamp::from_ms(app.clock.now()).day();
    let judged = sheet::read(&book.grid, today).map_err(|lacks| columns_missing(&book.grid.sheet, &lacks))?;
    Ok(Json(json!({
        "sheet": book.grid.sheet,
        "lines": judged.lines.iter().map(line).collect::<Vec<_>>(),
        "faults": judged.faults.iter().map(fault).collect::<Vec<_>>(),
        "unread": judged.unread,
    })))
}

fn line(line: &SponsorLine) -> Value {
    json!({
        "row": line.row, "name": line.name, "kind": line.kind.word(),
        "credit_code": line.credit_code.as_ref().map(|code| code.as_str()),
        "contact": line.contact, "phone": line.phone, "agreement": line.agreement.as_ref().map(Agreement::value),
    })
}

fn fault(fault: &Fault<SponsorWhy>) -> Value {
    let why = fault.why;
    json!({
        "row": fault.row, "col": fault.column, "heading": fault.heading, "text": fault.text,
        "why": why.word(), "number": why.number(), "sign": why.sign(),
    })
}
