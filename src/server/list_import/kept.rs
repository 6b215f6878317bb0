//! A list between its preview and its commit: what a person says of its columns and cells is kept with it, and it is judged again.

use domain::list::{
    self, Hand,
    excerpt::REASON,
    grid::{Grid, column_at},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::{ImportError, Mapped, answer, area_of, households, judge, people::People, refused, writes};
use crate::{
    db::{Area, Caller, DbError, KeptImport},
    state::App,
    tokens,
};

/// The field name under which a kept list is sealed.
pub(crate) const LIST: &str = "list";
/// The same for what stays of one that was written.
pub(crate) const REFUSED: &str = "refused";

/// A list as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) file: String,
    pub(super) grid: Grid,
    #[serde(default)]
    pub(super) hand: Hand,
}

/// What a person says of a list that is kept.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct Mending {
    /// The field that each column fills, by the column's letters; an empty one is left out. All that was said, or nothing where it stays as it is.
    #[serde(default)]
    pub columns: Option<BTreeMap<String, String>>,
    /// What stands in cells now, such as `E194`.
    #[serde(default)]
    pub cells: BTreeMap<String, String>,
}

/// Judges a list and keeps it for the commit.
///
/// # Errors
/// When the area is not the caller's, or nothing of the list can be read.
pub async fn preview(
    app: &App,
    who: &Caller,
    area: &str,
    file: String,
    grid: Grid,
) -> Result<Value, ImportError> {
    let top = area_of(app, who, area).await?;
    let now = app.clock.now();
    let hand = remembered(app, &top, &grid).await?;
    let kept = Kept { file, grid, hand };
    let id = tokens::new_id(now);
    let answer = shown(app, who, &top, id, &kept).await?;
    let sealed = sealed(app, id, &kept)?;
    app.db.keep_import(who, KeptImport { id, area: top.id, sealed }, now).await?;
    let detail =
        json!({"import": id, "area": top.id, "accepted": answer["accepted"], "refused": answer["refused"]});
    app.db.note_of(who, "import_preview", detail, now).await?;
    Ok(answer)
}

/// Judges a list that is kept once more, with what a person says of it now.
///
/// # Errors
/// As [`preview`]; when it lapsed, or a cell or field is named that there is not.
pub async fn judge_again(
    app: &App,
    who: &Caller,
    import: Uuid,
    mending: Mending,
) -> Result<Value, ImportError> {
    let found = app.db.kept_import(who, import).await?;
    let mut kept = opened(app, &found)?;
    mend(&mut kept, mending)?;
    let top = area_of(app, who, &found.area.to_string()).await?;
    let answer = shown(app, who, &top, import, &kept).await?;
    app.db.mend_import(who, import, sealed(app, import, &kept)?).await?;
    Ok(answer)
}

fn mend(kept: &mut Kept, mending: Mending) -> Result<(), ImportError> {
    const TEXT_CHARS_MAX: usize = 1_000;
    let known = list::fields();
    // What the list does not have is not made: a cell far to the right makes its whole row as wide.
    let width = kept.grid.rows.iter().map(Vec::len).max().unwrap_or_default();
    if let Some(columns) = mending.columns {
        let column = |(letters, field): (String, String)| {
            let is_known = field.is_empty() || known.contains(&field.as_str());
            column_at(&letters)
                .filter(|at| is_known && *at < width)
                .map(|at| (at, field))
                .ok_or(DbError::BadRequest("column"))
        };
        kept.hand.columns = columns.into_iter().map(column).collect::<Result<_, _>>()?;
    }
    for (cell, text) in mending.cells {
        let (row, column) = place(&cell).ok_or(DbError::BadRequest("cell"))?;
        let is_there = row < kept.grid.rows.len() && column < width;
        if !is_there || text.chars().count() > TEXT_CHARS_MAX {
            return Err(DbError::BadRequest("cell").into());
        }
        kept.grid.write(row, column, text.trim());
    }
    Ok(())
}

/// Row and column, from 0, of a cell such as `E194`.
fn place(cell: &str) -> Option<(usize, usize)> {
    let digits = cell.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, row) = cell.split_at(digits);
    Some((row.parse::<usize>().ok()?.checked_sub(1)?, column_at(letters)?))
}

/// What the preview shows. A list that lacks a column is shown too, with nothing but its columns: a person may say what they are.
async fn shown(app: &App, who: &Caller, top: &Area, id: Uuid, kept: &Kept) -> Result<Value, ImportError> {
    let report = match judge(app, &kept.grid, top, &Mapped::new(), &kept.hand).await {
        Ok(report) => report,
        Err(ImportError::List { sheet, error }) => {
            return answer::of_columns(&error, id, kept).ok_or(ImportError::List { sheet, error });
        }
        Err(error) => return Err(error),
    };
    let people = People::read(app, who).await?;
    let listed = list::told(&kept.grid, &kept.hand).map(|(_, columns)| columns).unwrap_or_default();
    let own = |field: &'static str| if field == "phone" { writes::PHONES.to_vec() } else { vec![field] };
    let listed = listed.iter().flat_map(|column| own(column.field)).collect();
    let news = writes::news(&report, &people, &app.keys, who.role, &listed);
    let mut answer = answer::of(&report, &news, id, kept, who.role);
    answer["households"] = json!(households::proposed(&report, &people, &app.keys));
    Ok(answer)
}

fn sealed(app: &App, id: Uuid, kept: &Kept) -> Result<sync::wire::SealedValue, ImportError> {
    let text = serde_json::to_string(kept).map_err(|_| DbError::Damaged("import"))?;
    Ok(app.keys.seal_field(&id.to_string(), LIST, &text, String::new()))
}

pub(super) fn opened(app: &App, kept: &KeptImport) -> Result<Kept, ImportError> {
    let text = app
        .keys
        .open_field(&kept.id.to_string(), LIST, &kept.sealed)
        .map_err(|error| DbError::unopened("import", error))?;
    Ok(serde_json::from_str(&text).map_err(|_| DbError::Damaged("import"))?)
}

/// The name of a header among those of its area: lists of the same headings have one. Refused lines that come back have the header of their list.
pub(super) fn header_key(grid: &Grid) -> Option<String> {
    let (_, columns) = list::told(grid, &Hand::default()).ok()?;
    let own = columns.into_iter().filter(|column| column.heading.trim() != REASON);
    let text: Vec<String> = own.map(|column| format!("{} {}", column.col, column.heading)).collect();
    Some(tokens::hex(&Sha256::digest(text.join("\n"))))
}

/// What was said of the columns of the last list with this header.
async fn remembered(app: &App, top: &Area, grid: &Grid) -> Result<Hand, ImportError> {
    let Some(key) = header_key(grid) else { return Ok(Hand::default()) };
    let text = app.db.list_columns(top.id, &key).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// The refused lines of the caller's own list as a workbook, before it is written and after.
///
/// # Errors
/// When it lapsed, or no line is refused.
pub async fn refused_workbook(app: &App, who: &Caller, import: Uuid) -> Result<Vec<u8>, ImportError> {
    match app.db.kept_import(who, import).await {
        Ok(found) => {
            let kept = opened(app, &found)?;
            let top = area_of(app, who, &found.area.to_string()).await?;
            let report = judge(app, &kept.grid, &top, &Mapped::new(), &kept.hand).await?;
            refused::workbook(&kept.grid, &kept.hand, &report)?.ok_or(ImportError::Db(DbError::NotFound))
        }
        Err(DbError::NotFound) => {
            let left = app.db.left_import(who, import).await?;
            let text = app
                .keys
                .open_field(&import.to_string(), REFUSED, &left)
                .map_err(|error| DbError::unopened("import", error))?;
            Ok(crypto::b64::decode(&text).map_err(|_| DbError::Damaged("import"))?)
        }
        Err(error) => Err(error.into()),
    }
}

/// What stays of a list that was written.
pub(super) fn left(app: &App, id: Uuid, workbook: &[u8]) -> sync::wire::SealedValue {
    app.keys.seal_field(&id.to_string(), REFUSED, &crypto::b64::encode(workbook), String::new())
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_cell_is_named_as_excel_names_it() {
        assert_eq!(place("E194"), Some((193, 4)));
        assert_eq!(place("AA1"), Some((0, 26)));
        assert_eq!(["", "E", "E0", "194", "e5", "E5x"].map(place), [None; 6]);
    }
}
