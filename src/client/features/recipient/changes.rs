//! 变更: who changed what in the file, when, where and why, as the office tells it; a change that still stands can be changed back by a new one.

use super::unmerge::Unmerge;
use crate::{
    data::{Loaded, OfficeError, OfficeRequest, Topic, use_data},
    features::{days, labels, people, places::Places, problems, when},
    locale::words::file as w,
    session::use_session,
    ui::{
        Button, ButtonKind, Cell, CellGroup, Confirm, Empty, IconName, Loading, Problem, ProblemView,
        use_notices,
    },
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A field and what stood in it before.
type Undo = (String, Value);

#[component]
pub(super) fn Changes(id: Uuid) -> impl IntoView {
    let data = use_data();
    let retry = RwSignal::new(0_u32);
    let lines = Loaded::new(move || {
        data.changed(Topic::Recipients).track();
        retry.track();
        async move {
            let answer = data.office(OfficeRequest::get(format!("recipients/{id}/history"))).await?;
            let said: Value = answer.json()?;
            Ok(said["rows"].as_array().cloned().unwrap_or_default())
        }
    });
    let places = Places::new();
    let undo = RwSignal::new(None::<Undo>);
    move || {
        match lines.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Err(error)) => {
            view! { <ProblemView problem=problem_of(&error) on_action=move || retry.update(|n| *n += 1) /> }
                .into_any()
        }
        Some(Ok(lines)) if lines.is_empty() => {
            view! { <Empty icon=IconName::Document title=w::changes_none() advice=w::changes_none_advice() /> }
                .into_any()
        }
        Some(Ok(lines)) => {
            let (views, changes): (Vec<Value>, Vec<Value>) = lines.into_iter().partition(|line| line["word"] == "view");
            let changes = changes.into_iter().map(|line| view! { <Line line places undo /> }).collect_view();
            view! {
                <ul class="file__changes">{changes}</ul>
                <Views views />
                <Back id undo places />
            }
            .into_any()
        }
    }
    }
}

/// Who opened the file, on what, and on how many days; the latest first.
#[component]
fn Views(views: Vec<Value>) -> impl IntoView {
    let rows = shown_by(&views).into_iter().map(|shown| {
        let day = days::said(shown.days.last().map(String::as_str).unwrap_or_default());
        let note = match (shown.at_pc, shown.days.len()) {
            (Some(true), count) => w::views_pc(day, count),
            (Some(false), count) => w::views_phone(day, count),
            (None, count) => w::views_note(day, count),
        };
        view! { <Cell label=Signal::derive(move || people::name(&shown.by)) note /> }
    });
    (!views.is_empty()).then(|| view! { <CellGroup title=w::views()>{rows.collect_view()}</CellGroup> })
}

/// Who opened the file on one device, and the days.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shown {
    by: String,
    /// A PC that several people use is another device at each login: its days are counted together.
    device: String,
    at_pc: Option<bool>,
    days: BTreeSet<String>,
}

fn shown_by(views: &[Value]) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    for line in views {
        let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        let at_pc = line["shared"].as_bool();
        let device = if at_pc == Some(true) { String::new() } else { text("device") };
        let (by, day) = (text("by"), text("value"));
        let known = all.iter().position(|one| one.by == by && one.at_pc == at_pc && one.device == device);
        let place = known.unwrap_or_else(|| {
            all.push(Shown { by, device, at_pc, days: BTreeSet::new() });
            all.len() - 1
        });
        all[place].days.insert(day);
    }
    all
}

#[component]
fn Line(line: Value, places: Places, undo: RwSignal<Option<Undo>>) -> impl IntoView {
    let at = when::moment(line["at"].as_i64().unwrap_or_default());
    let by = line["by"].as_str().map(str::to_owned);
    let shared = line["shared"].as_bool();
    let who = move || {
        let who = by.as_deref().map_or_else(|| w::change_operator().to_owned(), people::name);
        match shared {
            Some(true) => w::change_at_pc(who, at.clone()),
            Some(false) => w::change_on_phone(who, at.clone()),
            None => w::change_who(who, at.clone()),
        }
    };
    let why =
        line["reason"].as_str().map(|reason| view! { <p class="quiet small">{w::change_why(reason)}</p> });
    let back = undoable(&line).map(|back| {
        let ask = move || undo.set(Some(back.clone()));
        view! { <Button kind=ButtonKind::Quiet icon=IconName::Back on_press=ask>{w::change_undo()}</Button> }
    });
    let apart = standing_merge(&line).filter(|_| use_session().is_office());
    view! {
        <li>
            <p>{move || said(&line, places)}</p>
            <p class="quiet small">{who}</p>
            {why} {back}
            {apart.map(|(from, into)| view! { <Unmerge from into /> })}
        </li>
    }
}

/// What was done, in a sentence.
fn said(line: &Value, places: Places) -> String {
    let code = line["field"].as_str().unwrap_or_default();
    let field = labels::field(code);
    let word = line["word"].as_str().unwrap_or_default();
    let value = places.value(code, &line["value"]);
    let done = match word {
        "create" => w::change_create().to_owned(),
        "delete" => w::change_delete().to_owned(),
        "undelete" => w::change_undelete().to_owned(),
        "merge" => w::change_merge().to_owned(),
        "unmerge" => w::change_unmerge().to_owned(),
        "unmask" => w::change_unmask(field),
        "begin" if line["is_hidden"] == true => w::change_begin_hidden(field),
        _ if line["is_hidden"] == true => w::change_hidden(field),
        "begin" => w::change_begin(field, value),
        "add" => w::change_add(field, value),
        "remove" => w::change_remove(field, value),
        "move" => w::change_move(value),
        _ => match &line["before"] {
            Value::Null => w::change_set_first(field, value),
            before => w::change_set(field, places.value(code, before), value),
        },
    };
    match line["outcome"].as_str() {
        Some("proposed") => format!("{done}{}", w::change_proposed()),
        Some("clashed") => format!("{done}{}", w::change_clashed()),
        _ => done,
    }
}

/// A value that stands to this day and of which it is known what stood before.
fn undoable(line: &Value) -> Option<Undo> {
    let is_standing = line["word"] == "set" && line["is_current"] == true;
    let before = line.get("before").filter(|_| is_standing)?;
    Some((line["field"].as_str()?.to_owned(), before.clone()))
}

/// The two that were made one and are one to this day.
fn standing_merge(line: &Value) -> Option<(Uuid, Uuid)> {
    let merged = line.get("merged").filter(|_| line["word"] == "merge" && line["is_current"] == true)?;
    let id = |name: &str| merged[name].as_str()?.parse().ok();
    Some((id("from")?, id("into")?))
}

/// The question before a value is changed back.
#[component]
fn Back(id: Uuid, undo: RwSignal<Option<Undo>>, places: Places) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if undo.read().is_some() {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            undo.set(None);
        }
    });
    let title = Signal::derive(move || {
        let asked = undo.get();
        asked
            .map(|(field, before)| w::change_undo_title(labels::field(&field), places.value(&field, &before)))
            .unwrap_or_default()
    });
    let change_back = move || {
        let Some((field, before)) = undo.get_untracked() else { return };
        spawn_local(async move {
            match data.set_field(id, "recipient", &field, before).await {
                Ok(()) => notices.say(w::change_undone()),
                Err(error) => notices.say(problems::save(&error).title),
            }
        });
    };
    view! { <Confirm open title says=Signal::stored(w::change_undo_says().to_owned()) yes=w::change_undo() on_yes=change_back /> }
}

fn problem_of(error: &OfficeError) -> Problem {
    let (title, advice) = match error {
        OfficeError::Offline => (w::changes_offline(), w::changes_offline_do()),
        _ => (w::changes_failed(), w::changes_failed_do()),
    };
    Problem::of_page(title, advice, w::changes_retry())
}

#[cfg(test)]
mod tests {
    use super::shown_by;
    use serde_json::{Value, json};

    #[test]
    fn days_are_counted_once_for_each_person_and_device() {
        let view = |by: &str, device: &str, shared: bool, day: &str| json!({"word": "view", "by": by, "device": device, "shared": shared, "value": day});
        let views: [Value; 7] = [
            view("a", "1", false, "2026-11-26"),
            view("a", "1", false, "2026-11-25"),
            view("a", "1", false, "2026-11-26"),
            view("a", "2", false, "2026-11-26"),
            view("b", "3", true, "2026-11-26"),
            view("b", "4", true, "2026-11-26"),
            view("b", "5", true, "2026-11-27"),
        ];
        let shown = shown_by(&views);
        let counts: Vec<_> = shown.iter().map(|one| (one.by.as_str(), one.at_pc, one.days.len())).collect();
        assert_eq!(counts, [("a", Some(false), 2), ("a", Some(false), 1), ("b", Some(true), 2)]);
        assert_eq!(shown[2].days.last().map(String::as_str), Some("2026-11-27"));
    }
}
