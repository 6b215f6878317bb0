//! `/api/v1/accounts`: the people of an office, who makes them, where they work, and who stands in for whom.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use domain::{
    access::Role,
    day::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    asked::Named,
    auth::Reader,
    body::{self, BodyLimits},
    commands::{account::new_password, operator},
    db::{Account, Area, Deputy, NewAccount, StaffAct},
    error::ApiError,
    passwords::ONE_TIME_MS,
    state::App,
    tokens,
};

/// Letters of a user's name.
const NAME_LETTERS: std::ops::RangeInclusive<usize> = 2..=32;
/// Nobody is on leave for longer.
const LEAVE_DAYS_MAX: i64 = 366;

/// Everybody whom the caller supervises.
#[derive(Serialize)]
pub(crate) struct People {
    /// The server's time.
    t: i64,
    people: Vec<Person>,
    deputies: Vec<Deputy>,
    areas: Vec<Area>,
}

/// An account.
#[derive(Serialize)]
struct Person {
    id: Uuid,
    name: String,
    role: Role,
    areas: Vec<Uuid>,
    ended_at: Option<i64>,
    password_until: Option<i64>,
    own: bool,
}

/// A new account.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = AddAccountRequest)]
pub(crate) struct AddRequest {
    user: String,
    #[schema(value_type = String)]
    role: Role,
    areas: Vec<Uuid>,
}

/// Other areas, and another role.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct AssignRequest {
    areas: Vec<Uuid>,
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
}

/// Who stands in, from one day up to another.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct DeputyRequest {
    deputy: Uuid,
    #[schema(value_type = String)]
    from: Day,
    #[schema(value_type = String)]
    to: Day,
}

/// The people whom an office or an administrator supervises.
pub(crate) async fn list(State(app): State<App>, Reader(who): Reader) -> Result<Json<People>, ApiError> {
    let now = app.clock.now();
    let staff = app.db.staff(&who, now).await?;
    let person = |account: Account| Person {
        own: account.id == who.account,
        id: account.id,
        name: account.name,
        role: account.role,
        areas: account.areas,
        ended_at: account.ended_at,
        password_until: account.password_until,
    };
    let people = staff.people.into_iter().filter(|account| account.name != operator::NAME).map(person);
    Ok(Json(People { t: now, people: people.collect(), deputies: staff.deputies, areas: staff.areas }))
}

/// Makes an account; its one-time password is told this once.
pub(crate) async fn add(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: AddRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let name = user_name(&request.user)?;
    let (now, password) = (app.clock.now(), new_password());
    let new = NewAccount {
        id: tokens::new_id(now),
        name,
        role: request.role,
        password_hash: app.passwords.hash(password.clone()).await,
        areas: request.areas,
        now,
    };
    let until = now + ONE_TIME_MS;
    let account = app.db.staff_act(&who, StaffAct::Add { new, password_until: until }, now).await?;
    Ok(Json(json!({"id": account.id, "user": account.name, "password": password, "until": until})))
}

/// A name that can be typed and read aloud: of letters, digits and a few signs, none of them one that looks like another or like nothing.
pub(crate) fn user_name(typed: &str) -> Result<String, ApiError> {
    let name = typed.trim();
    let is_sound = NAME_LETTERS.contains(&name.chars().count())
        && name.chars().all(is_plain)
        && name.chars().any(char::is_alphanumeric)
        && name != operator::NAME;
    if is_sound { Ok(name.to_owned()) } else { Err(ApiError::Refused("user_name_bad", Value::Null)) }
}

fn is_plain(letter: char) -> bool {
    const FULL_WIDTH: std::ops::RangeInclusive<char> = '\u{FF00}'..='\u{FFEF}';
    (letter.is_alphanumeric() && !FULL_WIDTH.contains(&letter)) || "-_.·@".contains(letter)
}

/// Gives an account other areas; an administrator another role too.
pub(crate) async fn assign(
    State(app): State<App>,
    Reader(who): Reader,
    Named(account): Named<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: AssignRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    if request.role.is_some() && who.role != Role::Admin {
        return Err(ApiError::Forbidden);
    }
    let act = StaffAct::Assign { account, role: request.role, areas: request.areas };
    app.db.staff_act(&who, act, app.clock.now()).await?;
    Ok(Json(json!({"ok": true})))
}

/// A one-time password for somebody who forgot his own.
pub(crate) async fn give_password(
    State(app): State<App>,
    Reader(who): Reader,
    Named(account): Named<Uuid>,
) -> Result<Json<Value>, ApiError> {
    let (now, password) = (app.clock.now(), new_password());
    let hash = app.passwords.hash(password.clone()).await;
    let until = now + ONE_TIME_MS;
    let account = app.db.staff_act(&who, StaffAct::Password { account, hash, until }, now).await?;
    Ok(Json(json!({"user": account.name, "password": password, "until": until})))
}

/// The person left.
pub(crate) async fn end(
    State(app): State<App>,
    Reader(who): Reader,
    Named(account): Named<Uuid>,
) -> Result<Json<Value>, ApiError> {
    app.db.staff_act(&who, StaffAct::End { account }, app.clock.now()).await?;
    Ok(Json(json!({"ok": true})))
}

/// The person came back.
pub(crate) async fn resume(
    State(app): State<App>,
    Reader(who): Reader,
    Named(account): Named<Uuid>,
) -> Result<Json<Value>, ApiError> {
    app.db.staff_act(&who, StaffAct::Resume { account }, app.clock.now()).await?;
    Ok(Json(json!({"ok": true})))
}

/// The next login sets up the second factor anew: the telephone with it is gone.
pub(crate) async fn forget_factor(
    State(app): State<App>,
    Reader(who): Reader,
    Named(account): Named<Uuid>,
) -> Result<Json<Value>, ApiError> {
    app.db.staff_act(&who, StaffAct::ForgetFactor { account }, app.clock.now()).await?;
    Ok(Json(json!({"ok": true})))
}

/// Somebody stands in for a worker on leave.
pub(crate) async fn deputise(
    State(app): State<App>,
    Reader(who): Reader,
    Named(absent): Named<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let request: DeputyRequest = body::json(&headers, body, BodyLimits::SMALL).await?;
    let now = app.clock.now();
    let days = request.to.days_since(request.from);
    let is_over = request.to < Timestamp::from_ms(now).day();
    let after = request.to.plus_days(1).filter(|_| !is_over && (0..LEAVE_DAYS_MAX).contains(&days));
    let Some(after) = after else { return Err(ApiError::Refused("deputy_days", Value::Null)) };
    let deputy = Deputy {
        id: tokens::new_id(now),
        account: request.deputy,
        absent,
        from_at: Timestamp::start_of(request.from).ms(),
        to_at: Timestamp::start_of(after).ms(),
    };
    app.db.staff_act(&who, StaffAct::Deputise(deputy), now).await?;
    Ok(Json(json!({"ok": true})))
}

/// And does so no more.
pub(crate) async fn end_deputy(
    State(app): State<App>,
    Reader(who): Reader,
    Named(deputy): Named<Uuid>,
) -> Result<Json<Value>, ApiError> {
    app.db.staff_act(&who, StaffAct::EndDeputy { deputy }, app.clock.now()).await?;
    Ok(Json(json!({"ok": true})))
}
