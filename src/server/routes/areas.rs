//! `POST /api/v1/areas`: an administrator adds villages, by hand or as a list.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use domain::{
    area_list::{self, AreaList, Why},
    region::{AreaCode, Level},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    auth::Reader,
    body::{self, BodyLimits},
    db::{Area, NewArea},
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
    let list = area_list::read(&request.text, &county, &codes(&known));
    if request.check {
        return Ok(Json(said(&list)));
    }
    check_whole(&list)?;
    let new =
        |(code, name): (String, String)| NewArea { id: tokens::new_id(now), code, name, parent: None, now };
    let added = app.db.add_areas(&who, wanted(&list).into_iter().map(new).collect()).await?;
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

/// The codes of areas that have one.
pub(crate) fn codes(areas: &[Area]) -> Vec<AreaCode> {
    areas.iter().filter_map(|area| area.code.parse().ok()).collect()
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
            let first_row = match refused.why {
                Why::Twice { first_row } => Some(first_row),
                _ => None,
            };
            json!({"row": refused.row, "text": refused.text, "why": refused.why.word(), "first_row": first_row})
        })
        .collect();
    json!({"townships": of(Level::Township), "villages": of(Level::Village), "lines": lines, "refused": refused})
}
