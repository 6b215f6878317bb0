//! What the preview answers: the shape of the answer keys, what each row would change, and numbers only as far as the role sees them.

use domain::{
    access::Role,
    kinds::{self, FieldClass, Seen},
    list::{
        self, ListError,
        grid::{Grid, column_at},
        plan::Change,
        report::ListReport,
    },
    mask,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::{
    kept::Kept,
    writes::{ENTITLEMENT, RECIPIENT, RowNews},
};

/// The answer of a preview.
pub(super) fn of(
    report: &ListReport,
    news: &BTreeMap<u32, RowNews>,
    id: Uuid,
    kept: &Kept,
    role: Role,
) -> Value {
    let mut answer = report.to_json(&kept.file);
    answer["id"] = json!(id);
    for (name, change) in [("new", Change::New), ("changed", Change::Changed), ("same", Change::Same)] {
        answer[name] = json!(news.values().filter(|news| news.change == change).count());
    }
    for row in answer["rows"].as_array_mut().into_iter().flatten() {
        let number = row["row"].as_u64().and_then(|row| u32::try_from(row).ok()).unwrap_or(0);
        if let Some(news) = news.get(&number) {
            row["state"] = json!(news.change);
            add(row, "diff", json!(news.diff), news.diff.is_empty());
            add(row, "stays", json!(news.stays), news.stays.is_empty());
        }
        for (field, value) in row["record"].as_object_mut().into_iter().flatten() {
            if let Some(shown) = masked(role, field, value) {
                *value = json!(shown);
            }
        }
        for why in row["why"].as_array_mut().into_iter().flatten() {
            show_cell(why, number, &kept.grid);
        }
    }
    add_columns(&mut answer, kept);
    answer
}

fn add(row: &mut Value, name: &str, value: Value, is_empty: bool) {
    if !is_empty {
        row[name] = value;
    }
}

/// The text of the cell in question, so that it can be mended. A number of a person is typed anew, whole, and is never sent out.
fn show_cell(why: &mut Value, row: u32, grid: &Grid) {
    let field = why["field"].as_str().unwrap_or_default();
    let Some(column) = why["col"].as_str().and_then(column_at) else { return };
    if is_sealed(field) {
        why["sealed"] = json!(true);
    } else {
        why["cell"] = json!(grid.text((row as usize).saturating_sub(1), column));
    }
}

fn add_columns(answer: &mut Value, kept: &Kept) {
    if let Ok((_, columns)) = list::told(&kept.grid, &kept.hand) {
        answer["columns"] = json!(columns);
    }
    answer["fields"] = json!(list::fields());
}

/// The answer where a column is missing or hardly any heading is known: the columns alone. Nothing where it looks like no list.
pub(super) fn of_columns(error: &ListError, id: Uuid, kept: &Kept) -> Option<Value> {
    if !matches!(error, ListError::ColumnMissing { .. } | ListError::HeaderNotFound) {
        return None;
    }
    let (header_row, columns) = list::told(&kept.grid, &kept.hand).ok()?;
    let is_there = |field: &&str| columns.iter().any(|column| column.field == *field);
    let missing = ["name", "id_no", "category"].into_iter().find(|field| !is_there(field));
    let is_list = columns.iter().any(|column| column.told != list::Told::Nothing);
    is_list.then(|| {
        json!({
            "id": id, "file": kept.file, "sheet": kept.grid.sheet, "header_row": header_row,
            "accepted": 0, "refused": 0, "new": 0, "changed": 0, "same": 0,
            "rows": [], "skipped": [], "villages_unknown": [], "households": [],
            "missing": missing, "columns": columns, "fields": list::fields(),
        })
    })
}

fn is_sealed(field: &str) -> bool {
    kind_of(field).is_some_and(|kind| kind.class(field) == FieldClass::Sealed)
}

fn kind_of(field: &str) -> Option<&'static kinds::Kind> {
    [RECIPIENT, ENTITLEMENT].into_iter().filter_map(kinds::kind).find(|kind| kind.field(field).is_some())
}

/// What the role sees of a number that it does not see in full.
pub(super) fn masked(role: Role, field: &str, value: &Value) -> Option<String> {
    let kind = kind_of(field)?;
    if kind.class(field) != FieldClass::Sealed || kind.seen(role, field) == Seen::Full {
        return None;
    }
    value.as_str().map(|text| mask::show(field, text))
}
