//! Standards out of a workbook: the office judges each row first, and what is wrong is told by its cell.

use super::{refusal, words};
use crate::{
    data::OfficeRequest,
    features::{import, panel::Panel, workbook_drop::WorkbookDrop},
    locale::words::standards as w,
    platform::{blob_bytes, files},
    ui::{Banner, Button, Cell, CellGroup, Tone},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};

/// What the office says of a workbook.
#[derive(Clone)]
enum Judged {
    Read(Value),
    /// Not read at all.
    Failed(String),
}

#[component]
pub(super) fn SheetForm(panel: Panel, open: RwSignal<bool>) -> impl IntoView {
    let (judged, busy) = (RwSignal::new(None), RwSignal::new(false));
    let read = move |file: files::File| {
        busy.set(true);
        spawn_local(async move {
            let answer = judge(panel, &file).await;
            judged.try_set(Some(answer));
            busy.try_set(false);
        });
    };
    view! {
        <div class="stack inset" aria-busy=move || busy.get().to_string()>
            <p class="quiet">{w::sheet_says()}</p>
            <WorkbookDrop title=import::drop_words() busy on_file=move |file: files::File| read(file) />
            <div class="stack" role="status">
                {move || judged.get().map(|judged| view! { <Rows panel judged open /> })}
            </div>
            <p class="field__problem" role="alert">{panel.problem}</p>
        </div>
    }
}

async fn judge(panel: Panel, file: &files::File) -> Judged {
    let failed = || Judged::Failed(w::sheet_failed().to_owned());
    let Some(bytes) = blob_bytes(file).await else { return failed() };
    let request = match import::workbook("standards/sheet", &file.name(), bytes) {
        Ok(request) => request,
        Err(why) => return Judged::Failed(why),
    };
    match panel.data.office(request).await.and_then(|answer| answer.json::<Value>()) {
        Ok(said) => Judged::Read(said),
        Err(crate::data::OfficeError::Refused { err, .. }) if err == "no_headings" => {
            Judged::Failed(w::no_headings().to_owned())
        }
        Err(error) => Judged::Failed(import::file_refusal(&error)),
    }
}

#[component]
fn Rows(panel: Panel, judged: Judged, open: RwSignal<bool>) -> impl IntoView {
    let said = match judged {
        Judged::Failed(why) => return view! { <Banner tone=Tone::Bad words=why /> }.into_any(),
        Judged::Read(said) => said,
    };
    let rows = said["rows"].as_array().cloned().unwrap_or_default();
    let wrong: Vec<String> = rows.iter().flat_map(|row| faults(&said["headings"], row)).collect();
    if !wrong.is_empty() {
        let line = |line: String| view! { <Cell label=line /> };
        return view! {
            <Banner tone=Tone::Bad words=w::sheet_bad(wrong.len()) />
            <CellGroup>{wrong.into_iter().map(line).collect_view()}</CellGroup>
        }
        .into_any();
    }
    let (n, texts): (usize, Vec<Value>) = (rows.len(), rows.iter().map(|row| row["said"].clone()).collect());
    let take = move || {
        let texts = texts.clone();
        panel.busy.set(true);
        panel.problem.set(String::new());
        spawn_local(async move {
            let said = json!({ "rows": texts });
            match panel.data.office(OfficeRequest::post("standards".to_owned(), said)).await {
                Ok(_) => {
                    panel.notices.say(w::saved());
                    open.try_set(false);
                    panel.ask_again();
                }
                Err(error) => drop(panel.problem.try_set(refusal(&error))),
            }
            panel.busy.try_set(false);
        });
    };
    view! {
        <Banner tone=Tone::Good words=w::sheet_good(n) />
        <Button busy=panel.busy on_press=take>{w::sheet_take(n)}</Button>
    }
    .into_any()
}

/// What is wrong in a row, each with its cell where the sheet has the column.
fn faults(headings: &Value, row: &Value) -> Vec<String> {
    let number = row["row"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
    let at = |column: &Value| {
        let headings = headings.as_array().map(Vec::as_slice).unwrap_or_default();
        headings.iter().find(|heading| heading["column"] == *column).cloned()
    };
    let said = |fault: &Value| {
        let named = words::column(fault["column"].as_str().unwrap_or_default());
        match at(&fault["column"]) {
            Some(heading) => {
                let cell = format!("{}{number}", heading["at"].as_str().unwrap_or_default());
                w::at_cell(cell, heading["text"].as_str().unwrap_or(named), words::fault(fault))
            }
            None => w::at_row(number, named, words::fault(fault)),
        }
    };
    row["faults"].as_array().into_iter().flatten().map(said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_its_cell_and_its_row_where_the_sheet_lacks_the_column() {
        let headings = json!([{"column": "value", "at": "D", "text": "标准（元）"}]);
        let row = json!({"row": 3, "faults": [{"column": "value", "why": "not_amount"}, {"column": "pay", "why": "missing"}]});
        let said = faults(&headings, &row);
        assert!(said[0].starts_with("D3“标准（元）”"), "{said:?}");
        assert!(said[1].starts_with("第 3 行“计发方式”"), "{said:?}");
    }
}
