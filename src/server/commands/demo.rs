//! `huifang demo`: an invented county in an empty folder, written by its clerk through the same door as every other change.

use domain::access::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use sync::{
    id::AreaId,
    wire::{SealedValue, VerdictState},
};
use uuid::Uuid;

use super::{CommandError, Outcome, account, desk, serve::say};
use crate::{
    clock::Clock,
    config::Config,
    db::{Account, NewAccount, NewArea, short_code},
    demo::{self, Dice, Ground},
    folder, plant,
    routes::devices,
    state::App,
    tokens,
};

/// Says that a folder holds the demo county, and the passwords made for it: they guard invented people only.
const DEMO_FILE: &str = "demo.json";

/// Fills an empty folder.
///
/// # Errors
/// When the folder is not empty or in use, or the system fails.
pub async fn demo(config: Config, families: usize, seed: u64) -> Result<Outcome, CommandError> {
    let folder = config.data_dir.display().to_string();
    let in_use = || CommandError::Input(format!("{folder} is not empty: give an empty folder"));
    if config.database_file().exists() {
        return Err(in_use());
    }
    let Some(_lock) = folder::lock(&config)? else { return Err(in_use()) };
    let (app, _) = folder::open(config, Clock::default()).await?;
    if !app.db.areas().await?.is_empty() {
        return Err(CommandError::Input("the database is not empty: give an empty one".to_owned()));
    }
    let areas = add_areas(&app).await?;
    let accounts = add_accounts(&app, &areas).await?;
    let counted = plant_families(&app, &areas, &accounts, families, seed).await?;
    let passwords: BTreeMap<_, _> =
        accounts.iter().map(|(name, (_, password))| (*name, password.clone())).collect();
    let hints = json!({"accounts": passwords});
    std::fs::write(app.config.data_dir.join(DEMO_FILE), hints.to_string()).map_err(anyhow::Error::from)?;
    let mut text = format!("示范县 双桥镇: {families} families, {counted} changesets\n");
    for (name, password) in &passwords {
        text.push_str(&format!("{name:<8} {password}\n"));
    }
    Ok(Outcome { text, json: json!({"families": families, "accounts": passwords}), ..Outcome::default() })
}

type Areas = BTreeMap<&'static str, Uuid>;
type Accounts = BTreeMap<&'static str, (Account, String)>;

async fn add_areas(app: &App) -> Result<Areas, CommandError> {
    let mut areas = Areas::new();
    for area in demo::AREAS {
        let now = app.clock.now();
        let parent = area.parent.and_then(|code| areas.get(code).copied());
        let code = short_code(area.code).to_owned();
        let new = NewArea { id: tokens::new_id(now), code, name: area.name.to_owned(), parent, now };
        areas.insert(area.code, app.db.add_area(new).await?.id);
    }
    Ok(areas)
}

async fn add_accounts(app: &App, areas: &Areas) -> Result<Accounts, CommandError> {
    let mut accounts = Accounts::new();
    for planned in demo::ACCOUNTS {
        let now = app.clock.now();
        let password = account::new_password();
        let new = NewAccount {
            id: tokens::new_id(now),
            name: planned.user.to_owned(),
            role: Role::from_word(planned.role).unwrap_or(Role::VillageWorker),
            password_hash: app.passwords.hash(password.clone()).await,
            areas: planned.scope.iter().filter_map(|code| areas.get(code).copied()).collect(),
            now,
        };
        accounts.insert(planned.user, (app.db.add_account(new, None).await?, password));
    }
    Ok(accounts)
}

async fn plant_families(
    app: &App,
    areas: &Areas,
    accounts: &Accounts,
    families: usize,
    seed: u64,
) -> Result<usize, CommandError> {
    let Some((clerk, _)) = accounts.get("clerk") else { return Ok(0) };
    let now = app.clock.now();
    let who = desk::open(app.db.as_ref(), clerk, now).await?;
    let mut ground = Office { app, areas, accounts, clerk: clerk.id };
    let mut dice = Dice::new(seed.wrapping_add(1));
    let mut changesets = Vec::new();
    let families = demo::families(seed, families, now);
    for family in &families {
        changesets.extend(demo::changesets(family, &mut ground, &mut dice));
    }
    changesets.push(demo::sponsors(&families, &mut ground, &mut dice, now));
    let verdicts = plant::plant(&app.db, &who, &changesets, now).await?;
    if let Some(bad) = verdicts.iter().find(|verdict| verdict.st != VerdictState::Applied) {
        return Err(CommandError::System(anyhow::anyhow!("a demo changeset was not applied: {bad:?}")));
    }
    app.db.close_session(&who, now).await?;
    Ok(verdicts.len())
}

/// The office as the demo county needs it. The clerk enters the visits too: a worker's own areas would not hold them all.
struct Office<'a> {
    app: &'a App,
    areas: &'a Areas,
    accounts: &'a Accounts,
    clerk: Uuid,
}

impl Ground for Office<'_> {
    fn area(&self, code: &str) -> AreaId {
        self.areas.get(code).copied().map(AreaId).unwrap_or_default()
    }

    fn seal(&mut self, e: Uuid, field: &str, text: &str) -> SealedValue {
        plant::seal(&self.app.keys, e, field, text)
    }

    fn clerk(&self) -> Uuid {
        self.clerk
    }

    fn worker(&self) -> Uuid {
        self.clerk
    }

    fn account(&self, user: &str) -> Option<Uuid> {
        self.accounts.get(user).map(|(account, _)| account.id)
    }
}

/// Prints the accounts of a demo folder and an enrolment link for the worker's phone.
///
/// # Errors
/// When a code cannot be made.
pub async fn say_hints(app: &App, origin: &str) -> anyhow::Result<()> {
    let Ok(text) = std::fs::read_to_string(app.config.data_dir.join(DEMO_FILE)) else { return Ok(()) };
    let hints: Value = serde_json::from_str(&text)?;
    say("演示数据 / demo data. Accounts:\n");
    for (name, password) in hints["accounts"].as_object().into_iter().flatten() {
        say(&format!("  {name:<8} {}\n", password.as_str().unwrap_or_default()));
    }
    let answer = devices::new_code(app, "worker".to_owned(), None, origin).await?;
    say(&format!(
        "A phone for worker, within ten minutes: {}\n  or {origin}/enrol and the code {}\n",
        answer.link, answer.code
    ));
    let is_loopback = origin.contains("127.0.0.1") || origin.contains("localhost");
    if is_loopback {
        let port = origin.rsplit(':').next().unwrap_or("8080");
        say(&format!(
            "A real phone reaches it by `adb reverse tcp:{port} tcp:{port}`, or through an https proxy (--public-url).\n"
        ));
        return Ok(());
    }
    say_qr(&answer.link);
    Ok(())
}

/// The link as a square of blocks that a phone's camera reads off the terminal.
fn say_qr(link: &str) {
    if let Ok(code) = fast_qr::QRBuilder::new(link).build() {
        say(&format!("{}\n", code.to_str()));
    }
}
