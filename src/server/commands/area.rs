//! `huifang area add|list`.

use domain::day::Timestamp;
use serde_json::json;

use super::{CommandError, Outcome};
use crate::{
    checklists,
    db::{Area, AreaMerge, AreaRename, DbError, NewArea},
    state::App,
    tokens,
};

pub(super) async fn add(
    app: &App,
    code: String,
    name: String,
    parent: Option<String>,
) -> Result<Outcome, CommandError> {
    if !code.is_empty() {
        check_code(&code)?;
    }
    let parent = match parent {
        Some(code) => Some(find(app, &code).await?.id),
        None => None,
    };
    let now = app.clock.now();
    let new = NewArea { id: tokens::new_id(now), code: code.clone(), name: name.clone(), parent, now };
    match app.db.add_area(new).await {
        Ok(area) => {
            checklists::reach_new_villages(app).await?;
            let text = format!("{} {}\n", area.code, area.name);
            Ok(Outcome { text, json: json!(area), ..Outcome::default() })
        }
        Err(DbError::Refused("area_exists")) => {
            Err(CommandError::Input(format!("area {code} exists already")))
        }
        Err(DbError::Refused("area_name_exists")) => Err(name_exists(&name)),
        Err(DbError::Refused(_)) => {
            Err(CommandError::Input("an area without a code needs --parent CODE".to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

fn name_exists(name: &str) -> CommandError {
    let said = format!("there is another {name} below the same area: give it a name that tells them apart");
    CommandError::Input(said)
}

fn check_code(code: &str) -> Result<(), CommandError> {
    let is_code = matches!(code.len(), 6 | 9 | 12) && code.bytes().all(|byte| byte.is_ascii_digit());
    if is_code {
        return Ok(());
    }
    Err(CommandError::Input(format!("{code} is no area code: give 6, 9 or 12 digits, such as 339999100")))
}

/// A village becomes part of another: its records and its people go there. The empty village stays, so that its code is still known.
pub(super) async fn merge(app: &App, from: &str, into: &str) -> Result<Outcome, CommandError> {
    let (old, new) = (find(app, from).await?, find(app, into).await?);
    if new.valid_to.is_some() {
        let said = format!("{into} is no village any more: name the one that it became part of");
        return Err(CommandError::Input(said));
    }
    let now = app.clock.now();
    let on = Timestamp::from_ms(now).day();
    match app.db.merge_areas(AreaMerge { from: old.id, into: new.id, by: None, on, now }).await {
        Ok(moved) => Ok(Outcome {
            text: format!(
                "{moved} records moved from {} {} to {} {}\n",
                old.code, old.name, new.code, new.name
            ),
            json: json!({"moved": moved, "from": old, "into": new}),
            ..Outcome::default()
        }),
        Err(DbError::Refused("area_itself")) => {
            Err(CommandError::Input(format!("{from} and {into} are the same area: name two")))
        }
        Err(DbError::Refused("area_not_lowest")) => Err(CommandError::Input(format!(
            "{from} or {into} has areas below it: merge those first, one by one"
        ))),
        Err(DbError::Refused("area_elsewhere")) => Err(CommandError::Input(format!(
            "{from} and {into} lie in two townships: only villages of one become one"
        ))),
        Err(error) => Err(error.into()),
    }
}

/// An area gets another code and name. Phones hear of it at their next sync.
pub(super) async fn rename(
    app: &App,
    code: &str,
    new_code: &str,
    name: &str,
) -> Result<Outcome, CommandError> {
    check_code(new_code)?;
    let old = find(app, code).await?;
    let now = app.clock.now();
    let called = name;
    let (code, name, on) = (new_code.to_owned(), name.to_owned(), Timestamp::from_ms(now).day());
    match app.db.rename_area(AreaRename { area: old.id, code, name, by: None, on, now }).await {
        Ok(area) => Ok(Outcome {
            text: format!("{} {} is now {} {}\n", old.code, old.name, area.code, area.name),
            json: json!(area),
            ..Outcome::default()
        }),
        Err(DbError::Refused("area_exists")) => Err(CommandError::Input(format!(
            "{new_code} is the code of another area: to join the two, merge them"
        ))),
        Err(DbError::Refused("area_name_exists")) => Err(name_exists(called)),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn list(app: &App) -> Result<Outcome, CommandError> {
    let areas = app.db.areas().await?;
    let text = areas.iter().map(|area| format!("{:<12} {}\n", area.code, area.name)).collect();
    Ok(Outcome { text, json: json!(areas), ..Outcome::default() })
}

/// The area of a code, written with or without padding zeros.
pub(crate) async fn find(app: &App, code: &str) -> Result<Area, CommandError> {
    let short = crate::db::short_code(code);
    let areas = app.db.areas().await?;
    areas
        .into_iter()
        .find(|area| area.code == short)
        .ok_or_else(|| CommandError::Input(format!("there is no area {code}: see `huifang area list`")))
}

/// The areas of several codes.
pub(crate) async fn find_all(app: &App, codes: &[String]) -> Result<Vec<Area>, CommandError> {
    let mut areas = Vec::new();
    for code in codes {
        areas.push(find(app, code).await?);
    }
    Ok(areas)
}
