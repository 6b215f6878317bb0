//! A sheet of a few columns that the office judges before anything of it is written: the file, and what is wrong in which row and column.

use crate::{
    data::{Data, OfficeError, OfficeRequest, use_data},
    features::{problems, workbook_drop::WorkbookDrop},
    locale::words::list_sheet as w,
    platform::{blob_bytes, files::File},
    ui::{Banner, Tone},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

/// Faults shown of those that there are.
const SHOWN: usize = 50;

/// The sheet that was chosen.
#[derive(Clone, Copy)]
pub(crate) struct ListSheet {
    data: Data,
    /// Where it is judged.
    path: &'static str,
    /// What the office said of it; nothing before.
    judged: RwSignal<Option<Value>>,
    reading: RwSignal<bool>,
    /// Why it was not read; empty for nothing.
    problem: RwSignal<String>,
}

impl ListSheet {
    pub(crate) fn of(path: &'static str) -> ListSheet {
        ListSheet {
            data: use_data(),
            path,
            judged: RwSignal::new(None),
            reading: RwSignal::new(false),
            problem: RwSignal::new(String::new()),
        }
    }

    /// Begins without a file.
    pub(crate) fn forget(self) {
        self.judged.set(None);
        self.problem.set(String::new());
    }

    /// Rows of the answer; none before it came.
    pub(crate) fn rows(self, name: &str) -> Vec<Value> {
        self.judged.read().as_ref().map(|judged| rows(judged, name)).unwrap_or_default()
    }

    /// Whether it was read and nothing is wrong with it.
    pub(crate) fn is_sound(self) -> bool {
        self.judged.read().as_ref().is_some_and(|judged| rows(judged, "faults").is_empty())
    }

    fn read(self, file: File) {
        self.forget();
        self.reading.set(true);
        spawn_local(async move {
            match self.judge(&file).await {
                Ok(judged) => drop(self.judged.try_set(Some(judged))),
                Err(why) => drop(self.problem.try_set(why)),
            }
            self.reading.try_set(false);
        });
    }

    async fn judge(self, file: &File) -> Result<Value, String> {
        let bytes = blob_bytes(file).await.ok_or_else(|| w::bad().to_owned())?;
        let request = OfficeRequest::file(self.path, "application/octet-stream", bytes);
        let answer = self.data.office(request).await.and_then(|answer| answer.json());
        answer.map_err(|error| sentence(&error))
    }
}

fn rows(judged: &Value, name: &str) -> Vec<Value> {
    judged[name].as_array().cloned().unwrap_or_default()
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}

/// Why the office did not read it.
fn sentence(error: &OfficeError) -> String {
    let OfficeError::Refused { err, body, .. } = error else { return problems::office(error).to_owned() };
    let known = match err.as_str() {
        "columns_missing" => {
            let lacks = body["lacks"].as_array().map(Vec::as_slice).unwrap_or_default();
            let lacks: Vec<_> = lacks.iter().filter_map(Value::as_str).map(column).collect();
            return w::columns_missing(lacks.join(w::between()));
        }
        "encrypted" => w::locked(),
        "empty" => w::empty(),
        "too_many_rows" | "too_long" | "inflated_too_large" | "too_large" => w::long(),
        "not_xlsx" | "damaged" => w::bad(),
        _ => return w::failed(err),
    };
    known.to_owned()
}

/// A column that must be there.
fn column(name: &str) -> &str {
    match name {
        "name" => w::column_name(),
        "kind" => w::column_kind(),
        "user" => w::column_user(),
        "role" => w::column_role(),
        "area" => w::column_area(),
        other => other,
    }
}

/// A cell that cannot be taken: where it is, what it holds and why.
pub(crate) fn fault(fault: &Value) -> String {
    let row = fault["row"].as_u64().unwrap_or_default();
    let why = why(fault);
    match (text(fault, "col"), text(fault, "heading"), text(fault, "text")) {
        ("", ..) => w::fault_of_row(row, why),
        (col, heading, "") => w::fault_of_empty(row, col, heading, why),
        (col, heading, text) => w::fault(row, col, heading, text, why),
    }
}

fn why(fault: &Value) -> String {
    let number = fault["number"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
    let known = match text(fault, "why") {
        "missing" => w::missing(),
        "too_long" => return w::too_long(number),
        "kind" => w::kind(),
        "code_length" => return w::code_length(number),
        "code_sign" => return w::code_sign(text(fault, "sign")),
        "code_checksum" => w::code_checksum(),
        "code_of_person" => w::code_of_person(),
        "phone" => w::phone(),
        "day" => w::day(),
        "end_before" => w::end_before(),
        "same_code" => return w::same_code(number),
        "same_name" => return w::same_name(number),
        "too_many" => return w::too_many(number),
        "user_name_bad" => w::user_name_bad(),
        "role" => w::role(),
        "no_area" => w::no_area(),
        "two_areas" => {
            let name = |at: usize| fault["names"][at].as_str().unwrap_or_default();
            return w::two_areas(name(0), name(1));
        }
        "same_user" => return w::same_user(number),
        "account_exists" => w::account_exists(),
        "areas_of_role" => w::areas_of_role(),
        other => return w::other(other),
    };
    known.to_owned()
}

/// The place of the file, and what is wrong with it.
#[component]
pub(crate) fn ChooseSheet(
    /// The sheet.
    sheet: ListSheet,
    /// Which headings it must have.
    columns: &'static str,
) -> impl IntoView {
    let title = move || match (sheet.reading.get(), sheet.judged.read().is_some()) {
        (true, _) => w::reading(),
        (_, true) => w::again(),
        _ => w::choose(),
    };
    view! {
        <p class="quiet small">{columns}</p>
        <WorkbookDrop title=Signal::derive(title) note=w::note() small=true busy=sheet.reading on_file=move |file: File| sheet.read(file) />
        <p class="field__problem" role="alert">{sheet.problem}</p>
        {move || sheet.judged.get().map(|judged| view! { <Wrong judged /> })}
    }
}

/// Everything that is wrong, and what of the sheet is not read.
#[component]
fn Wrong(judged: Value) -> impl IntoView {
    let faults = rows(&judged, "faults");
    let rest = faults.len().saturating_sub(SHOWN);
    let wrong = (!faults.is_empty()).then(|| {
        let lines = faults.iter().take(SHOWN).map(|one| view! { <li>{fault(one)}</li> }).collect_view();
        view! {
            <div role="status" class="stack">
                <Banner tone=Tone::Bad words=w::wrong(faults.len()) />
                <ul class="stack">{lines}</ul>
                {(rest > 0).then(|| view! { <p class="quiet">{w::more(rest)}</p> })}
            </div>
        }
    });
    let unread: Vec<String> =
        rows(&judged, "unread").iter().filter_map(|one| one.as_str().map(str::to_owned)).collect();
    let unread = (!unread.is_empty())
        .then(|| view! { <p class="quiet small">{w::unread(unread.join(w::between()))}</p> });
    view! { {wrong}{unread} }
}

#[cfg(test)]
mod tests {
    use super::{fault, sentence};
    use crate::data::OfficeError;
    use serde_json::{Value, json};

    #[test]
    fn a_fault_says_row_column_heading_and_what_stands_there() {
        let cell = json!({"row": 4, "col": "B", "heading": "类型", "text": "合伙", "why": "kind"});
        assert!(
            ["4", "B", "类型", "合伙"].iter().all(|word| fault(&cell).contains(word)),
            "{}",
            fault(&cell)
        );
        let empty = json!({"row": 4, "col": "A", "heading": "名称", "text": "", "why": "missing"});
        assert!(!fault(&empty).contains("「」"), "{}", fault(&empty));
        let code =
            json!({"row": 2, "col": "C", "heading": "代码", "text": "9", "why": "code_length", "number": 1});
        assert!(fault(&code).contains("现在是 1 位"));
        let other = json!({"row": 2, "col": "", "why": "of_tomorrow"});
        assert!(fault(&other).contains("of_tomorrow"));
    }

    #[test]
    fn a_sheet_that_is_not_read_says_what_to_do() {
        let refused = |err: &str, body: Value| {
            sentence(&OfficeError::Refused { status: 422, err: err.to_owned(), body })
        };
        let lacks = refused("columns_missing", json!({"lacks": ["name", "kind"]}));
        assert!(lacks.contains("名称") && lacks.contains("类型"), "{lacks}");
        assert!(refused("encrypted", Value::Null).contains("密码"));
        assert!(refused("of_tomorrow", Value::Null).contains("of_tomorrow"));
    }
}
