//! `huifang account add|assign|list|forget-factor`.

use domain::access::Role;
use serde_json::json;
use uuid::Uuid;

use super::{CommandError, Outcome, area, operator};
use crate::{
    db::{Account, AccountChange, Area, DbError, NewAccount},
    passwords::{self, ONE_TIME_MS},
    state::App,
    tokens,
};

/// Characters of a password that the server makes, each of 5 random bits.
const PASSWORD_CODES: usize = 2;

pub(super) async fn add(
    app: &App,
    user: String,
    role: &str,
    scope: &[String],
    password: Option<String>,
) -> Result<Outcome, CommandError> {
    check_not_reserved(&user)?;
    let role = parse_role(role)?;
    let areas = area::find_all(app, scope).await?;
    check_kind(role, &areas)?;
    let made = password.is_none();
    if let Some(chosen) = &password {
        check_strength(app, &user, chosen).await?;
    }
    let password = password.unwrap_or_else(new_password);
    let now = app.clock.now();
    let password_hash = app.passwords.hash(password.clone()).await;
    let new = NewAccount {
        id: tokens::new_id(now),
        name: user.clone(),
        role,
        password_hash,
        areas: ids(&areas),
        now,
    };
    let account =
        app.db.add_account(new, made.then_some(now + ONE_TIME_MS)).await.map_err(|error| match error {
            DbError::Refused(_) => CommandError::Input(format!("account {user} exists already")),
            other => other.into(),
        })?;
    let mut json = json!({"id": account.id, "user": account.name, "role": role.word(), "scope": scope});
    let mut text = format!("account {} ({})", account.name, role.word());
    if made {
        json["password"] = json!(password);
        text.push_str(&format!(", password {password}, for seven days and to be changed at the first login"));
    }
    text.push('\n');
    Ok(Outcome { text, json, ..Outcome::default() })
}

pub(super) async fn assign(
    app: &App,
    user: String,
    scope: &[String],
    role: Option<&str>,
    password: Option<String>,
) -> Result<Outcome, CommandError> {
    check_not_reserved(&user)?;
    let role = role.map(parse_role).transpose()?;
    let before = find(app, &user).await?;
    let areas = if scope.is_empty() { None } else { Some(area::find_all(app, scope).await?) };
    if areas.is_some() || role.is_some() {
        let kept = app.db.areas().await?.into_iter().filter(|area| before.areas.contains(&area.id));
        check_kind(role.unwrap_or(before.role), areas.as_ref().unwrap_or(&kept.collect()))?;
    }
    let password_hash = match password {
        Some(password) => {
            check_strength(app, &user, &password).await?;
            Some(app.passwords.hash(password).await)
        }
        None => None,
    };
    let now = app.clock.now();
    let change =
        AccountChange { name: user.clone(), areas: areas.as_deref().map(ids), role, password_hash, now };
    let account = app.db.change_account(change).await.map_err(|error| match error {
        DbError::NotFound => no_account(&user),
        other => other.into(),
    })?;
    let json = json!({
        "id": account.id, "user": account.name, "role": account.role.word(), "scope": scope,
        "scope_rev": account.scope_rev,
    });
    Ok(Outcome { text: format!("account {} changed\n", account.name), json, ..Outcome::default() })
}

/// Each area is of the kind that the role works in (domain.md §9.2).
fn check_kind(role: Role, areas: &[Area]) -> Result<(), CommandError> {
    let Some(area) = areas.iter().find(|area| !role.works_in(&area.code)) else { return Ok(()) };
    let (role, kind) = (role.word(), kind_of(role));
    let said =
        format!("{role} works in {kind}, which {} {} is not: see `huifang area list`", area.code, area.name);
    Err(CommandError::Input(said))
}

/// In what a role works.
fn kind_of(role: Role) -> &'static str {
    match role {
        Role::VillageWorker => "villages (12 digits)",
        Role::TownshipClerk | Role::TownshipLead => "a township (9 digits)",
        _ => "a county (6 digits)",
    }
}

fn ids(areas: &[Area]) -> Vec<Uuid> {
    areas.iter().map(|area| area.id).collect()
}

async fn find(app: &App, user: &str) -> Result<Account, CommandError> {
    let account = app.db.accounts().await?.into_iter().find(|account| account.name == user);
    account.ok_or_else(|| no_account(user))
}

async fn check_strength(app: &App, user: &str, password: &str) -> Result<(), CommandError> {
    let own = passwords::own_words(app, user).await?;
    passwords::check(app, password, &own).await?.map_err(|weak| CommandError::Input(weak.to_string()))
}

/// The telephone with the second factor is gone, and there is no administrator who could say so.
pub(super) async fn forget_factor(app: &App, user: &str) -> Result<Outcome, CommandError> {
    let account = find(app, user).await?;
    app.db.forget_factor(account.id, app.clock.now()).await?;
    let text = format!("account {user} sets up its second factor at its next login\n");
    Ok(Outcome { text, json: json!({"id": account.id, "user": user}), ..Outcome::default() })
}

pub(super) async fn list(app: &App) -> Result<Outcome, CommandError> {
    let accounts = app.db.accounts().await?;
    let text =
        accounts.iter().map(|account| format!("{:<16} {}\n", account.name, account.role.word())).collect();
    let json = accounts
        .iter()
        .map(|account| json!({"id": account.id, "user": account.name, "role": account.role.word(), "areas": account.areas}))
        .collect();
    Ok(Outcome { text, json, ..Outcome::default() })
}

/// The account of the command line is nobody's to log in with.
fn check_not_reserved(user: &str) -> Result<(), CommandError> {
    if user == operator::NAME {
        return Err(CommandError::Input(format!(
            "the account {user} belongs to the command line itself: choose another name"
        )));
    }
    Ok(())
}

pub(super) fn no_account(user: &str) -> CommandError {
    CommandError::Input(format!("there is no account {user}: see `huifang account list`"))
}

fn parse_role(word: &str) -> Result<Role, CommandError> {
    Role::from_word(word).ok_or_else(|| {
        let words: Vec<_> = Role::ALL.map(Role::word).into();
        CommandError::Input(format!("there is no role {word}; roles are {}", words.join(", ")))
    })
}

/// A password that can be read aloud: 80 random bits.
pub(crate) fn new_password() -> String {
    let codes: Vec<_> = (0..PASSWORD_CODES).map(|_| tokens::new_code().to_lowercase()).collect();
    codes.join("-")
}
