//! A list of recipients becomes records: a preview that changes nothing, and a commit that writes changesets.
//!
//! A commit judges the list again against the files of that moment, so of two previews the second sees what the first wrote.

mod answer;
mod households;
mod kept;
mod people;
mod refused;
mod writes;

use domain::{
    list::{
        self, Context, Hand, ListError,
        grid::Grid,
        report::{ListReport, UnknownVillage},
    },
    region::{AreaCode, AreaTree},
};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::{
    checklists,
    db::{Area, Caller, DbError, NewArea, NewImport, Tally},
    error::ApiError,
    state::App,
    tokens,
};
pub(crate) use kept::{LIST, REFUSED};
pub use kept::{Mending, judge_again, preview, refused_workbook};
use kept::{header_key, left, opened};
use people::People;
pub use writes::Counts;
use writes::changesets;

/// What becomes of a village that the area tree lacks.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum VillageChoice {
    /// It is made, below the township of the list.
    Create { create: bool },
    /// It is another name of this area.
    Map { area: Uuid },
}

/// A list that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// The id of the import.
    pub id: Uuid,
    pub file: &'a str,
    /// The county or township whose people these are: its id or its code.
    pub area: &'a str,
    pub grid: &'a Grid,
    /// What a person said of its columns.
    pub hand: &'a Hand,
}

/// What a person decided about a list.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// What becomes of villages that the area tree lacks, by name.
    pub villages: BTreeMap<String, VillageChoice>,
    /// Whether those without a decision are made.
    pub create_others: bool,
    /// Rows whose people are of one household, each by Excel's numbers.
    pub households: Vec<Vec<u32>>,
}

/// What came of a list that was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The rows as they were judged for the writing.
    pub report: ListReport,
    /// Names of the villages that were made for it.
    pub villages_made: Vec<String>,
    pub counts: Counts,
}

/// Why a list was neither shown nor written.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("sheet {sheet}: {error}")]
    List { sheet: String, error: ListError },
    #[error("there is no such area in the caller's scope")]
    Area,
    #[error("{} villages are not decided", .0.len())]
    Villages(Vec<UnknownVillage>),
    #[error("the workbook of refused lines could not be written: {0}")]
    Workbook(String),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> ApiError {
        match error {
            ImportError::List { sheet, error } => {
                let mut detail = json!(error);
                detail["sheet"] = json!(sheet);
                match error {
                    ListError::Empty => ApiError::Refused("empty", detail),
                    ListError::HeaderNotFound => ApiError::Refused("header_not_found", detail),
                    ListError::ColumnMissing { .. } => ApiError::Refused("column_missing", detail),
                    ListError::TooManyRows { .. } => ApiError::Refused("too_many_rows", detail),
                }
            }
            ImportError::Area => ApiError::NotFound,
            ImportError::Villages(open) => {
                let names: Vec<String> = open.into_iter().map(|village| village.name).collect();
                ApiError::Refused("villages_open", json!({ "villages": names }))
            }
            ImportError::Workbook(why) => ApiError::Internal(anyhow::anyhow!("refused lines: {why}")),
            ImportError::Db(error) => error.into(),
        }
    }
}

/// Writes a list that was previewed. One that was written already is not written again: whoever lost the answer is given it anew.
///
/// # Errors
/// When it lapsed, a village is not decided, or the office refuses a changeset.
pub async fn commit(
    app: &App,
    who: &Caller,
    import: Uuid,
    decisions: Decisions,
) -> Result<Counts, ImportError> {
    let kept = match app.db.kept_import(who, import).await {
        Err(DbError::NotFound) => return written_before(app, who, import).await,
        kept => kept?,
    };
    let list = opened(app, &kept)?;
    let area = kept.area.to_string();
    let listed = Listed { id: import, file: &list.file, area: &area, grid: &list.grid, hand: &list.hand };
    Ok(write(app, who, listed, &decisions).await?.counts)
}

async fn written_before(app: &App, who: &Caller, import: Uuid) -> Result<Counts, ImportError> {
    let written = app.db.imports(who).await?.into_iter().find(|written| written.id == import);
    Ok(Counts::of(&written.ok_or(DbError::NotFound)?.tally))
}

/// Judges a grid against the files of this moment and writes what is new in it, all or nothing.
///
/// # Errors
/// As [`commit`].
pub async fn write(
    app: &App,
    who: &Caller,
    list: Listed<'_>,
    decisions: &Decisions,
) -> Result<Written, ImportError> {
    let _turn = app.db.import_turn().await?;
    let top = area_of(app, who, list.area).await?;
    let first = judge(app, list.grid, &top, &Mapped::new(), list.hand).await?;
    let (mapped, villages_made) = decide(app, who, &top, &first, decisions).await?;
    let report = judge(app, list.grid, &top, &mapped, list.hand).await?;
    if !report.villages_unknown.is_empty() {
        return Err(ImportError::Villages(report.villages_unknown));
    }
    let people = People::read(app, who).await?;
    let now = app.clock.now();
    let (office, author, households) = (app.clone(), who.clone(), decisions.households.clone());
    let sealing = tokio::task::spawn_blocking(move || {
        let (changesets, counts) = changesets(&office, &author, &report, people, &households, now);
        (report, changesets, counts)
    });
    let (report, changesets, counts) = sealing.await.expect("a list is planned and sealed without a panic");
    let tally = Tally {
        lines: report.accepted + report.refused,
        refused: report.refused,
        created: counts.created,
        changed: counts.changed,
        same: counts.same,
        households: counts.households,
        villages: villages_made.len(),
    };
    let new = NewImport {
        id: list.id,
        area: top.id,
        file: list.file.to_owned(),
        tally,
        left: refused::workbook(list.grid, list.hand, &report)?.map(|workbook| left(app, list.id, &workbook)),
        columns: said_columns(&list),
        now,
    };
    app.db.write_import(who, new, &changesets).await?;
    Ok(Written { report, villages_made, counts })
}

/// What is remembered of a list's columns for the next with the same header.
fn said_columns(list: &Listed<'_>) -> Option<(String, String)> {
    let key = header_key(list.grid)?;
    let text = if list.hand.is_empty() { String::new() } else { serde_json::to_string(list.hand).ok()? };
    Some((key, text))
}

/// Areas by the name that a list has for them.
type Mapped = BTreeMap<String, String>;

/// Makes the villages to be made. Answers with the area for each name that the tree did not know, and the names of those made.
async fn decide(
    app: &App,
    who: &Caller,
    top: &Area,
    report: &ListReport,
    decisions: &Decisions,
) -> Result<(Mapped, Vec<String>), ImportError> {
    let scope = app.db.scope_areas(who).await?;
    let (mut mapped, mut fresh, mut open) = (Mapped::new(), Vec::new(), Vec::new());
    for unknown in &report.villages_unknown {
        match decisions.villages.get(&unknown.name) {
            Some(VillageChoice::Map { area }) if scope.contains(area) => {
                mapped.insert(unknown.name.clone(), area.to_string());
            }
            Some(VillageChoice::Create { create: true }) => fresh.push(unknown),
            None if decisions.create_others => fresh.push(unknown),
            _ => open.push(unknown.clone()),
        }
    }
    if !open.is_empty() {
        return Err(ImportError::Villages(open));
    }
    let mut made = Vec::new();
    for unknown in fresh {
        let now = app.clock.now();
        let code = unknown.code.clone().unwrap_or_default();
        // A code tells the township, which in a county's list is not the list's own area.
        let parent = code.is_empty().then_some(top.id);
        let new = NewArea { id: tokens::new_id(now), code, name: unknown.name.clone(), parent, now };
        for area in app.db.add_areas(who, vec![new]).await? {
            mapped.insert(unknown.name.clone(), area.id.to_string());
            made.push(area.name);
        }
    }
    if !made.is_empty() {
        checklists::reach_new_villages(app).await?;
    }
    Ok((mapped, made))
}

/// Whether the caller may put a list into that area; asked before a long file is read.
///
/// # Errors
/// When the area is not the caller's.
pub async fn check_area(app: &App, who: &Caller, asked: &str) -> Result<(), ImportError> {
    area_of(app, who, asked).await.map(drop)
}

/// The area of an id or a code of 6, 9 or 12 digits, in the caller's scope.
async fn area_of(app: &App, who: &Caller, asked: &str) -> Result<Area, ImportError> {
    let scope = app.db.scope_areas(who).await?;
    let asked_code = asked.parse::<AreaCode>().ok();
    let is_meant = |area: &Area| {
        area.id.to_string() == asked
            || asked_code.is_some() && area.code.parse::<AreaCode>().ok() == asked_code
    };
    let areas = app.db.areas().await?;
    areas.into_iter().find(|area| scope.contains(&area.id) && is_meant(area)).ok_or(ImportError::Area)
}

/// Judges every row by the area tree of this moment.
///
/// # Errors
/// When nothing of the list can be read.
pub async fn judged(app: &App, grid: &Grid, top: &Area) -> Result<ListReport, ImportError> {
    judge(app, grid, top, &Mapped::new(), &Hand::default()).await
}

/// The same, with areas for names that the tree does not know and meanings of columns that a person gave.
async fn judge(
    app: &App,
    grid: &Grid,
    top: &Area,
    mapped: &Mapped,
    hand: &Hand,
) -> Result<ListReport, ImportError> {
    let tree = tree_of(&app.db.areas().await?);
    let code: AreaCode = top.code.parse().map_err(|_| ImportError::Area)?;
    let id = top.id.to_string();
    let today = domain::day::Timestamp::from_ms(app.clock.now()).day();
    let context = Context { today, area: &code, tree: Some((&tree, &id)) };
    let mut report = list::read_by_hand(grid, &context, hand)
        .map_err(|error| ImportError::List { sheet: grid.sheet.clone(), error })?;
    for unknown in std::mem::take(&mut report.villages_unknown) {
        let Some(area) = mapped.get(&unknown.name) else {
            report.villages_unknown.push(unknown);
            continue;
        };
        for row in report.rows.iter_mut().filter(|row| unknown.members.contains(&row.row)) {
            row.area = Some(area.clone());
        }
    }
    Ok(report)
}

/// The area tree of the rules.
pub fn tree_of(areas: &[Area]) -> AreaTree {
    // Nobody works in a village that became part of another: a list that names it is asked which one it means.
    let is_there = |area: &&Area| area.archive_of.is_none() && area.valid_to.is_none();
    AreaTree::new(areas.iter().filter(is_there).map(|area| domain::region::Area {
        id: area.id.to_string(),
        code: area.code.parse().ok(),
        name: area.name.clone(),
        parent: area.parent.map(|parent| parent.to_string()),
    }))
}

#[cfg(test)]
mod tests;
