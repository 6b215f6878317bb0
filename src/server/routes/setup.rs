//! `/api/v1/setup`: the first start of an office. Open while nobody has an account, to whoever has the code that the server printed at its start.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName},
};
use domain::{
    access::Role,
    area_list::{self, AreaList},
    list::grid::Cell,
    region::{AreaCode, Level},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    body::{self, BodyLimits},
    db::{NewAccount, SetUp},
    error::ApiError,
    passwords,
    routes::{accounts, areas, imports},
    state::App,
    tokens,
};

const SETUP_CODE: HeaderName = HeaderName::from_static("setup-code");
/// The name under which wrong codes are counted; nobody can have it for an account.
const COUNTED_AS: &str = "\u{1}setup";

/// The office to be.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct SetUpRequest {
    county_code: String,
    county_name: String,
    /// Townships and villages, one a line.
    text: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    password: String,
    /// Judge and write nothing.
    #[serde(default)]
    check: bool,
}

/// Whether the office waits to be set up.
pub(crate) async fn state(State(app): State<App>) -> Result<Json<Value>, ApiError> {
    Ok(Json(json!({"open": app.db.set_up_is_open().await?})))
}

/// Judges what was entered, or sets up the office.
pub(crate) async fn set_up(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    check_code(&app, &headers).await?;
    let request: SetUpRequest = body::json(&headers, body, BodyLimits::COMMIT).await?;
    let (county, name) = county(&request)?;
    let list = area_list::read(&request.text, &county, &[]);
    if request.check {
        return Ok(Json(areas::said(&list)));
    }
    areas::check_whole(&list)?;
    let user = accounts::user_name(&request.user)?;
    passwords::check(&app, &request.password, &[user.to_lowercase(), name.clone()])
        .await?
        .map_err(|weak| ApiError::Refused(weak.code(), Value::Null))?;
    let now = app.clock.now();
    let admin = NewAccount {
        id: tokens::new_id(now),
        name: user.clone(),
        role: Role::Admin,
        password_hash: app.passwords.hash(request.password).await,
        areas: Vec::new(),
        now,
    };
    app.db.set_up(SetUp { areas: with_county(&county, name, &list), admin }).await?;
    Ok(Json(json!({ "user": user })))
}

/// The rows of a workbook as a text of code and name.
pub(crate) async fn sheet(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    check_code(&app, &headers).await?;
    let book = imports::book(&app, &headers, body).await?;
    let rows = book.grid.rows.len();
    if rows > area_list::ROWS_MAX {
        let detail = json!({"sheet": book.grid.sheet, "rows": rows, "max": area_list::ROWS_MAX});
        return Err(ApiError::Refused("too_many_rows", detail));
    }
    let line = |row: &Vec<Cell>| row.iter().map(cell_text).collect::<Vec<_>>().join("\t");
    let text: Vec<String> = book.grid.rows.iter().map(line).collect();
    Ok(Json(json!({ "text": text.join("\n") })))
}

/// Codes come as numbers or as texts. Names are spread by blanks to the width of their cell, and a line break in one would make a row of its own.
fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Number(text) => text.split_whitespace().collect(),
        _ => String::new(),
    }
}

/// A new office belongs to whoever started its server, not to the first who finds it.
async fn check_code(app: &App, headers: &HeaderMap) -> Result<(), ApiError> {
    if !app.db.set_up_is_open().await? {
        return Err(ApiError::Refused("setup_closed", Value::Null));
    }
    // Only for the wait after wrong codes.
    app.db.login_facts(COUNTED_AS, app.clock.now()).await?;
    let typed = headers.get(SETUP_CODE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if app.keys.is_set_up_code(typed) {
        return Ok(app.db.note_right_password(COUNTED_AS).await?);
    }
    app.db.note_wrong_password(COUNTED_AS, app.clock.now()).await?;
    Err(ApiError::Refused("setup_code_wrong", Value::Null))
}

fn county(request: &SetUpRequest) -> Result<(AreaCode, String), ApiError> {
    let code = request.county_code.parse::<AreaCode>().ok().filter(|code| code.level() == Level::County);
    let code = code.ok_or(ApiError::Refused("county_code_bad", Value::Null))?;
    let name = request.county_name.trim();
    if name.is_empty() {
        return Err(ApiError::Refused("county_name_missing", Value::Null));
    }
    if !area_list::is_sound_name(name) {
        return Err(ApiError::Refused("county_name_bad", Value::Null));
    }
    Ok((code, name.to_owned()))
}

fn with_county(county: &AreaCode, name: String, list: &AreaList) -> Vec<(String, String)> {
    let mut all = vec![(county.prefix().to_owned(), name)];
    all.extend(areas::wanted(list));
    all
}
