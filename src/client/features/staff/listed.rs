//! 导入名单: accounts for the people of a sheet, all of them or none, after the office judged it.

use super::{StaffDesk, handed::Handed, state};
use crate::{
    data::{OfficeError, OfficeRequest},
    features::{
        labels,
        list_sheet::{self, ChooseSheet, ListSheet},
    },
    locale::words::{staff as w, ui},
    ui::{Banner, Button, ButtonKind, Cell, CellGroup, Dialog, Tone},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};

#[component]
pub(super) fn ImportPeople(
    /// The page.
    desk: StaffDesk,
) -> impl IntoView {
    let (open, sheet) = (desk.listing, ListSheet::of("accounts/sheet"));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let lines = Memo::new(move |_| if sheet.is_sound() { sheet.rows("lines") } else { Vec::new() });
    Effect::new(move || {
        if open.get() {
            sheet.forget();
            problem.set(String::new());
        }
    });
    let make = move || {
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let lines = lines.get_untracked();
            let request = OfficeRequest::post("accounts/list".to_owned(), people(&lines));
            let answer = desk.data.office(request).await.and_then(|answer| answer.json::<Value>());
            match answer {
                Ok(answer) => {
                    open.set(false);
                    desk.handed.set(Handed::all(&lines, &answer, &desk.now()));
                }
                Err(error) => problem.set(sentence(&error, &lines)),
            }
            desk.ask_again();
            busy.try_set(false);
        });
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{ui::cancel()}</Button>
            <Show when=move || !lines.read().is_empty()>
                <Button busy on_press=make>{move || w::list_make(lines.read().len())}</Button>
            </Show>
        }
    };
    let found = move || sheet.is_sound().then(|| view! { <Found desk lines=lines.get() /> });
    view! {
        <Dialog open title=Signal::stored(w::list().to_owned()) acts>
            <div class="stack">
                <ChooseSheet sheet columns=w::list_columns() />
                {found}
                <p class="field__problem" role="alert">{problem}</p>
            </div>
        </Dialog>
    }
}

/// Who would have an account, as what and where.
#[component]
fn Found(desk: StaffDesk, lines: Vec<Value>) -> impl IntoView {
    let staff = desk.now();
    let (tone, words) = match lines.len() {
        0 => (Tone::Soon, w::list_none().to_owned()),
        n => (Tone::Good, w::list_sound(n)),
    };
    let row = |line: &Value| {
        let label = w::list_row(line["row"].as_u64().unwrap_or_default(), text(line, "user"));
        let note = [labels::role(text(line, "role")), staff.places(&areas(line))].join(" · ");
        view! { <Cell label note /> }
    };
    let rows = lines.iter().map(row).collect_view();
    view! {
        <div role="status"><Banner tone words /></div>
        {(!lines.is_empty()).then(|| view! { <CellGroup>{rows}</CellGroup> })}
    }
}

pub(super) fn text<'a>(line: &'a Value, name: &str) -> &'a str {
    line[name].as_str().unwrap_or_default()
}

pub(super) fn areas(line: &Value) -> Vec<String> {
    let areas = line["areas"].as_array().map(Vec::as_slice).unwrap_or_default();
    areas.iter().filter_map(|area| area.as_str().map(str::to_owned)).collect()
}

/// What the office is told: no more of a person than an account holds.
fn people(lines: &[Value]) -> Value {
    let person = |line: &Value| json!({"user": line["user"], "role": line["role"], "areas": line["areas"]});
    json!({ "people": lines.iter().map(person).collect::<Vec<_>>() })
}

/// Why nobody was made, or that it is not known.
fn sentence(error: &OfficeError, lines: &[Value]) -> String {
    match error {
        OfficeError::Offline | OfficeError::Shape => w::list_uncertain().to_owned(),
        OfficeError::Refused { err, body, .. } if err == "people_bad" => {
            let rows = body["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
            let said = |one: &Value| {
                let place = one["place"].as_u64().and_then(|place| usize::try_from(place).ok());
                let line = place.and_then(|place| lines.get(place)).unwrap_or(&Value::Null);
                list_sheet::fault(&json!({"row": line["row"], "why": one["why"]}))
            };
            w::list_refused(rows.iter().map(said).collect::<Vec<_>>().join(w::list_between()))
        }
        other => state::sentence(other),
    }
}

#[cfg(test)]
mod tests {
    use super::{people, sentence};
    use crate::data::OfficeError;
    use serde_json::json;

    #[test]
    fn only_what_an_account_holds_is_sent() {
        let line = json!({"row": 2, "user": "王芳", "name": "王芳", "phone": "13800001234", "role": "village_worker", "areas": ["v"]});
        let expected = json!({"people": [{"user": "王芳", "role": "village_worker", "areas": ["v"]}]});
        assert_eq!(people(&[line]), expected);
    }

    #[test]
    fn who_was_refused_meanwhile_is_named_by_his_row() {
        let lines = [json!({"row": 2}), json!({"row": 5})];
        let body = json!({"rows": [{"place": 1, "why": "account_exists"}]});
        let error = OfficeError::Refused { status: 422, err: "people_bad".to_owned(), body };
        let said = sentence(&error, &lines);
        assert!(said.contains("第 5 行") && said.contains("已经有人用了"), "{said}");
        assert!(sentence(&OfficeError::Offline, &lines).contains("不知道"));
    }
}
