//! `/api/v1/accounts/sheet` and `/api/v1/accounts/list`: people out of a sheet, judged first, and then all of them made or none.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use domain::{access::Role, headed::Fault};
use futures::future::join_all;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    accounts::user_name,
    imports::{self, columns_missing},
};
use crate::{
    auth::Reader,
    body::{self, BodyLimits},
    commands::account::new_password,
    db::{NewAccount, NewStaff},
    error::ApiError,
    passwords::ONE_TIME_MS,
    staff_list::{PEOPLE_MAX, StaffLine, StaffSheet, StaffWhy},
    state::App,
    tokens,
};

/// People who are to have accounts.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct AddListRequest {
    people: Vec<NewPerson>,
}

/// One of them.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct NewPerson {
    user: String,
    #[schema(value_type = String)]
    role: Role,
    areas: Vec<Uuid>,
}

/// Judges a sheet as if its people were made, and keeps nothing of it.
pub(crate) async fn judge(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let book = imports::book(&app, &headers, body).await?;
    let now = app.clock.now();
    let known = app.db.staff(&who, now).await?.areas;
    let accounts = app.db.accounts().await?;
    let taken = accounts.iter().map(|account| account.name.as_str());
    let sheet = StaffSheet::read(&book.grid, &known, taken);
    let mut sheet = sheet.map_err(|lacks| columns_missing(&book.grid.sheet, &lacks))?;
    let account = |line: &StaffLine| NewAccount {
        id: tokens::new_id(now),
        name: line.user.clone(),
        role: line.role,
        password_hash: String::new(),
        areas: line.areas.clone(),
        now,
    };
    let people = sheet.lines.iter().map(account).collect();
    let trial = NewStaff { people, password_until: now, is_trial: true, now };
    for (place, why) in app.db.add_staff(&who, trial).await? {
        sheet.refuse_line(place, why);
    }
    sheet.faults.sort_by_key(|fault| fault.row);
    Ok(Json(json!({
        "lines": sheet.lines.iter().map(line).collect::<Vec<_>>(),
        "faults": sheet.faults.iter().map(fault).collect::<Vec<_>>(),
        "unread": sheet.unread,
    })))
}

/// Makes all of them or none; their one-time passwords are told this once.
pub(crate) async fn add(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: AddListRequest = body::json(&headers, body, BodyLimits::COMMIT).await?;
    if !(1..=PEOPLE_MAX).contains(&request.people.len()) {
        return Err(ApiError::BadRequest("people: 1 to 200 of them"));
    }
    let now = app.clock.now();
    let mut people = Vec::new();
    let mut refused = Vec::new();
    for (place, person) in request.people.into_iter().enumerate() {
        match user_name(&person.user) {
            Ok(name) => people.push((name, person, new_password())),
            Err(_) => refused.push((place, "user_name_bad")),
        }
    }
    if refused.is_empty() {
        let hashes = people.iter().map(|(.., password)| app.passwords.hash(password.clone()));
        let accounts = people.iter().zip(join_all(hashes).await).map(|((name, person, _), password_hash)| {
            let (role, areas) = (person.role, person.areas.clone());
            NewAccount { id: tokens::new_id(now), name: name.clone(), role, password_hash, areas, now }
        });
        let people = accounts.collect();
        let new = NewStaff { people, password_until: now + ONE_TIME_MS, is_trial: false, now };
        refused = app.db.add_staff(&who, new).await?;
    }
    if !refused.is_empty() {
        let rows: Vec<Value> =
            refused.iter().map(|(place, why)| json!({ "place": place, "why": why })).collect();
        return Err(ApiError::Refused("people_bad", json!({ "rows": rows })));
    }
    let made = people.iter().map(|(name, _, password)| json!({ "user": name, "password": password }));
    Ok(Json(json!({ "people": made.collect::<Vec<_>>(), "until": now + ONE_TIME_MS })))
}

fn line(line: &StaffLine) -> Value {
    json!({
        "row": line.at + 1, "user": line.user, "name": line.name, "phone": line.phone, "role": line.role,
        "areas": line.areas,
    })
}

fn fault(fault: &Fault<StaffWhy>) -> Value {
    json!({
        "row": fault.row, "col": fault.column, "heading": fault.heading, "text": fault.text,
        "why": fault.why.word(), "number": fault.why.number(), "names": fault.why.names(),
    })
}
