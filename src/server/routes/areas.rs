//! `/api/v1/areas`: the villages and what lies in them. An administrator adds some, by hand or as a list, gives one another name or code, and
//! makes one part of another.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use domain::{
    area_list::{self, AreaList, KnownArea},
    day::{Day, Timestamp},
    region::{AreaCode, Level},
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    asked::Named,
    auth::Reader,
    body::{self, BodyLimits},
    checklists,
    clock::Millis,
    db::{Area, AreaMerge, AreaRename, NewArea},
    error::ApiError,
    state::App,
    tokens,
};

/// Rows of code and name.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = AddAreasRequest)]
pub(crate) struct AddRequest {
    text: String,
    /// Judge and write nothing.
    #[serde(default)]
    check: bool,
}

/// Another name and code.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = RenameAreaRequest)]
pub(crate) struct RenameRequest {
    code: String,
    name: String,
    /// From when the code is valid: today, or a day before.
    #[schema(value_type = String)]
    on: Day,
}

/// The village that another becomes part of.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = MergeAreaRequest)]
pub(crate) struct MergeRequest {
    into: Uuid,
    /// From when they are one: today if absent, or a day before.
    #[schema(value_type = Option<String>)]
    on: Option<Day>,
}

/// The areas of the caller's scope.
pub(crate) async fn list(State(app): State<App>, Reader(who): Reader) -> Result<Json<Value>, ApiError> {
    Ok(Json(json!({ "areas": app.db.area_facts(&who).await? })))
}

/// Gives an area another name, or a village another code.
pub(crate) async fn rename(
    State(app): State<App>,
    Reader(who): Reader,
    Named(area): Named<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: RenameRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let now = app.clock.now();
    let asked = AreaRename {
        area,
        code: sound_code(&request.code)?,
        name: sound_name(&request.name)?,
        by: Some(who),
        on: begun(request.on, now)?,
        now,
    };
    Ok(Json(json!(app.db.rename_area(asked).await?)))
}

/// Counts what would move.
pub(crate) async fn preview_merge(
    State(app): State<App>,
    Reader(who): Reader,
    Named(area): Named<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: MergeRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    Ok(Json(json!(app.db.preview_merge(&who, area, request.into).await?)))
}

/// Makes a village part of another.
pub(crate) async fn merge(
    State(app): State<App>,
    Reader(who): Reader,
    Named(area): Named<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: MergeRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let now = app.clock.now();
    let on = begun(request.on.unwrap_or(Timestamp::from_ms(now).day()), now)?;
    let asked = AreaMerge { from: area, into: request.into, by: Some(who), on, now };
    Ok(Json(json!({ "moved": app.db.merge_areas(asked).await? })))
}

/// A day that has come: what is decided for later is done when it is there.
fn begun(on: Day, now: Millis) -> Result<Day, ApiError> {
    const FIRST_YEAR: i32 = 2000;
    let is_sound = on <= Timestamp::from_ms(now).day() && on.year() >= FIRST_YEAR;
    if is_sound { Ok(on) } else { Err(ApiError::Refused("area_day", Value::Null)) }
}

/// Digits as they are typed, with or without the zeros that pad them; none for an area that has no code yet.
fn sound_code(typed: &str) -> Result<String, ApiError> {
    let typed = typed.trim();
    let is_sound = typed.is_empty() || typed.parse::<AreaCode>().is_ok();
    if is_sound { Ok(typed.to_owned()) } else { Err(ApiError::Refused("area_code_bad", Value::Null)) }
}

fn sound_name(typed: &str) -> Result<String, ApiError> {
    let name = typed.trim();
    if area_list::is_sound_name(name) {
        Ok(name.to_owned())
    } else {
        Err(ApiError::Refused("area_name_bad", Value::Null))
    }
}

/// Adds the areas of a list, all of them or none.
pub(crate) async fn add(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: AddRequest = body::json(&headers, body, BodyLimits::COMMIT).await?;
    let now = app.clock.now();
    let known = app.db.staff(&who, now).await?.areas;
    let county = county_of(&known).ok_or(ApiError::NotFound)?;
    let list = area_list::read(&request.text, &county, &there(&known));
    if request.check {
        return Ok(Json(said(&list)));
    }
    check_whole(&list)?;
    let new =
        |(code, name): (String, String)| NewArea { id: tokens::new_id(now), code, name, parent: None, now };
    let added = app.db.add_areas(&who, wanted(&list).into_iter().map(new).collect()).await?;
    checklists::reach_new_villages(&app).await?;
    Ok(Json(json!({ "added": added.len() })))
}

/// The county that the caller's areas lie in.
fn county_of(areas: &[Area]) -> Option<AreaCode> {
    let first = areas.iter().find_map(|area| area.code.parse::<AreaCode>().ok())?;
    let mut at = first;
    while matches!(at.level(), Level::Township | Level::Village) {
        at = at.parent()?;
    }
    Some(at)
}

/// The areas that a list is laid beside.
fn there(areas: &[Area]) -> Vec<KnownArea> {
    let code_of = |area: &Area| area.code.parse::<AreaCode>().ok();
    let above = |area: &Area| areas.iter().find(|above| Some(above.id) == area.parent).and_then(code_of);
    let known = |area: &Area| KnownArea {
        code: code_of(area),
        name: area.valid_to.is_none().then(|| area.name.clone()),
        above: above(area),
    };
    areas.iter().map(known).collect()
}

/// A list of which nothing is refused, and that is not empty.
pub(crate) fn check_whole(list: &AreaList) -> Result<(), ApiError> {
    if !list.refused.is_empty() {
        return Err(ApiError::Refused("areas_bad", said(list)));
    }
    if list.lines.is_empty() {
        return Err(ApiError::Refused("areas_missing", Value::Null));
    }
    Ok(())
}

/// Codes and names, those above first.
pub(crate) fn wanted(list: &AreaList) -> Vec<(String, String)> {
    list.lines.iter().map(|line| (line.code.prefix().to_owned(), line.name.clone())).collect()
}

/// A judged list as the page shows it.
pub(crate) fn said(list: &AreaList) -> Value {
    let of = |level: Level| list.lines.iter().filter(|line| line.code.level() == level).count();
    let lines: Vec<Value> = list
        .lines
        .iter()
        .map(|line| json!({"row": line.row, "code": line.code.full(), "name": line.name}))
        .collect();
    let refused: Vec<Value> = list
        .refused
        .iter()
        .map(|refused| {
            let why = &refused.why;
            json!({
                "row": refused.row, "text": refused.text, "why": why.word(),
                "first_row": why.first_row(), "names": why.names(),
            })
        })
        .collect();
    json!({"townships": of(Level::Township), "villages": of(Level::Village), "lines": lines, "refused": refused})
}
