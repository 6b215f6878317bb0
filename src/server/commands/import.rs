//! `huifang import FILE --area CODE`: a list is read in a child process, judged row by row and, unless it is only checked, written.

mod words;

use std::collections::BTreeMap;
use std::path::Path;

use domain::list::report::{ListReport, UnknownVillage};
use domain::list::{self, Context, Hand, ListError};
use domain::region::{AreaCode, AreaTree};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Command, CommandError, Outcome, area, operator};
use crate::config::Config;
use crate::db::{Area, Caller};
use crate::list_file::{Book, FILE_BYTES_MAX, ListFileError};
use crate::list_import::{self, Decisions, ImportError, VillageChoice, Written};
use crate::state::App;
use crate::tokens;
use crate::worker::Workers;
use words::{in_words, what_to_do, written_in_words};

/// A list that is to be written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Listed {
    pub file: String,
    /// The county or township whose people these are.
    pub area: AreaCode,
    pub book: Book,
    pub villages: VillageWishes,
}

/// What the person at the terminal wants done about villages that the area tree lacks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct VillageWishes {
    /// The code of the area that a name means.
    pub codes: BTreeMap<String, String>,
    /// Whether the others are made, below the list's area.
    pub create: bool,
}

/// Reads a workbook in a child process.
///
/// # Errors
/// When the file cannot be opened or is no workbook that can be read.
pub async fn read_book(file: &Path) -> Result<Result<Book, ListFileError>, CommandError> {
    let cannot =
        |error: std::io::Error| CommandError::Input(format!("cannot read {}: {error}", file.display()));
    let length = tokio::fs::metadata(file).await.map_err(cannot)?.len();
    if length > FILE_BYTES_MAX as u64 {
        return Ok(Err(ListFileError::FileTooLarge { bytes: usize::try_from(length).unwrap_or(usize::MAX) }));
    }
    let bytes = tokio::fs::read(file).await.map_err(cannot)?;
    match Workers::default().read_list(bytes).await {
        Err(error) if error.is_ours() => Err(CommandError::System(error.into())),
        read => Ok(read),
    }
}

/// Judges a list by the areas of the folder, if there is one, and writes nothing; it makes no folder.
///
/// # Errors
/// When the file cannot be read at all; a list with errors is an outcome.
pub async fn check(config: Config, file: &Path, area: &AreaCode, now: i64) -> Result<Outcome, CommandError> {
    let areas: Vec<Area> = if config.has_database() {
        let listed = super::on_folder(config, Command::AreaList).await?;
        serde_json::from_value(listed.json).map_err(anyhow::Error::from)?
    } else {
        Vec::new()
    };
    let name = name_of(file);
    let book = match read_book(file).await? {
        Ok(book) => book,
        Err(error) => return Ok(unreadable(&name, &error.to_string(), json!(error))),
    };
    let tree: AreaTree = list_import::tree_of(&areas);
    let top = tree.by_code(area).map(|top| top.id.clone());
    let today = domain::day::Timestamp::from_ms(now).day();
    let context = Context { today, area, tree: top.as_deref().map(|top| (&tree, top)) };
    Ok(match list::read(&book.grid, &context) {
        Ok(report) => judged(&name, &report, &book.other_lists),
        Err(error) => not_a_list(&name, &book, &error),
    })
}

/// Writes the accepted rows of a list into the files of a folder, which must have the area.
///
/// # Errors
/// When the file cannot be read at all, the folder lacks the area, or the system fails; a list with errors is an outcome.
pub async fn write(
    config: Config,
    file: &Path,
    area: AreaCode,
    villages: VillageWishes,
) -> Result<Outcome, CommandError> {
    super::check_there(&config)?;
    let name = name_of(file);
    match read_book(file).await? {
        Ok(book) => {
            let listed = Listed { file: name, area, book, villages };
            super::on_folder(config, Command::Import(Box::new(listed))).await
        }
        Err(error) => Ok(unreadable(&name, &error.to_string(), json!(error))),
    }
}

/// Writes a list that has been read: by the code that commits at the desk, with the command line as its author.
pub(super) async fn perform(app: &App, listed: Listed) -> Result<Outcome, CommandError> {
    let top = find_top(app, &listed.area).await?;
    let mut decisions = Decisions { create_others: listed.villages.create, ..Decisions::default() };
    for (name, code) in &listed.villages.codes {
        let area = area::find(app, code).await?.id;
        decisions.villages.insert(name.clone(), VillageChoice::Map { area });
    }
    let who = operator::open(app).await?;
    let outcome = write_as(app, &who, &top, &listed, &decisions).await;
    app.db.close_session(&who, app.clock.now()).await?;
    outcome
}

async fn write_as(
    app: &App,
    who: &Caller,
    top: &Area,
    listed: &Listed,
    decisions: &Decisions,
) -> Result<Outcome, CommandError> {
    let (name, book) = (&listed.file, &listed.book);
    let area = top.id.to_string();
    let id = tokens::new_id(app.clock.now());
    let list = list_import::Listed { id, file: name, area: &area, grid: &book.grid, hand: &Hand::default() };
    match list_import::write(app, who, list, decisions).await {
        Ok(written) => Ok(done(name, &written, &book.other_lists)),
        Err(ImportError::List { error, .. }) => Ok(not_a_list(name, book, &error)),
        Err(ImportError::Villages(open)) => {
            let report = list_import::judged(app, &book.grid, top).await.map_err(anyhow::Error::from)?;
            Ok(undecided(judged(name, &report, &book.other_lists), &open))
        }
        Err(error) => Err(CommandError::System(error.into())),
    }
}

async fn find_top(app: &App, code: &AreaCode) -> Result<Area, CommandError> {
    let areas = app.db.areas().await?;
    let is_meant = |area: &Area| area.code.parse::<AreaCode>().ok().as_ref() == Some(code);
    areas.into_iter().find(is_meant).ok_or_else(|| {
        CommandError::Input(format!(
            "the data folder {} has no area {code}, so nothing was written: see `huifang area list`, \
             or add it with `huifang area add {code} NAME`",
            app.config.data_dir.display()
        ))
    })
}

fn name_of(file: &Path) -> String {
    file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The verdict of every row.
fn judged(name: &str, report: &ListReport, other_lists: &[String]) -> Outcome {
    let mut json = report.to_json(name);
    json["other_lists"] = json!(other_lists);
    let text = in_words(name, report, other_lists);
    Outcome { text, json, has_errors: report.refused > 0, ..Outcome::default() }
}

/// The verdict of every row, and what was written.
fn done(name: &str, written: &Written, other_lists: &[String]) -> Outcome {
    let mut outcome = judged(name, &written.report, other_lists);
    outcome.json["written"] = json!(written.counts);
    outcome.json["villages_made"] = json!(written.villages_made);
    outcome.text.push_str(&written_in_words(written));
    outcome
}

/// The verdict of every row, and the villages for which nothing was written.
fn undecided(mut outcome: Outcome, open: &[UnknownVillage]) -> Outcome {
    let names: Vec<&str> = open.iter().map(|village| village.name.as_str()).collect();
    let said = format!(
        "nothing was written: make these villages with --create-villages, or say what each is with --village NAME=CODE: {}",
        names.join(", ")
    );
    outcome.json["written"] = Value::Null;
    outcome.json["err"] = json!("villages_open");
    outcome.json["message"] = json!(said);
    outcome.text.push_str(&format!("{said}\n"));
    outcome.has_errors = true;
    outcome
}

fn not_a_list(name: &str, book: &Book, error: &ListError) -> Outcome {
    let mut json = json!(error);
    json["sheet"] = json!(book.grid.sheet);
    let said = format!("sheet {}: {error}{}", book.grid.sheet, what_to_do(error));
    unreadable(name, &said, json)
}

fn unreadable(file: &str, said: &str, mut json: Value) -> Outcome {
    json["file"] = json!(file);
    json["message"] = json!(said);
    Outcome { text: format!("{file}: {said}\n"), json, has_errors: true, ..Outcome::default() }
}
