//! 保存期限: what has been kept for long enough, and its deletion once it was read.

use super::{Panel, Said, text};
use crate::{
    features::days,
    locale::words::privacy as w,
    routes,
    ui::{Button, ButtonKind, Cell, CellGroup, Confirm, Empty, Fact, IconName},
};
use leptos::prelude::*;
use serde_json::{Value, json};

/// Lines on the screen; the digest stands for all of them, and `huifang retention report` prints all.
const SHOWN: usize = 200;

#[component]
pub(super) fn RetentionPanel() -> impl IntoView {
    let panel = Panel::of("retention");
    let asking = RwSignal::new(false);
    let report = move || panel.said.get().and_then(Result::ok).unwrap_or_default();
    let count = move || report()["due"].as_array().map_or(0, Vec::len) + number(&report()["leftovers"]);
    let delete = move || {
        let done = |said: &Value| {
            let (records, photos) = (number(&said["records"]), number(&said["photos"]));
            match number(&said["stayed"]) {
                0 => w::deleted(records, photos),
                stayed => w::deleted_but(records, photos, stayed),
            }
        };
        panel.tell("retention".to_owned(), json!({ "digest": report()["digest"] }), Box::new(done));
    };
    let shown = move |said: Value| {
        let due = said["due"].as_array().cloned().unwrap_or_default();
        let rows = due.iter().take(SHOWN).map(line).collect_view();
        let none = due.is_empty();
        let of = |why: &str| number(&said["held_back"][why]);
        let held = w::held_back(of("unreviewed"), of("open_need"), of("open_request"), of("undecided"));
        view! {
            {times(&said["keeping"])}
            {none.then(|| view! { <Empty icon=IconName::Check title=w::nothing_due() advice=held.clone() /> })}
            {(!none).then(|| view! { <CellGroup title=w::due(due.len()) note=held>{rows}</CellGroup> })}
        }
        .into_any()
    };
    view! {
        <Said panel show=shown />
        <div class="stack inset">
            <p class="field__problem" role="status">{panel.problem}</p>
            <Show when=move || { count() > 0 }>
                <Button kind=ButtonKind::Danger busy=panel.busy on_press=move || asking.set(true)>{w::delete(count())}</Button>
            </Show>
        </div>
        <Confirm open=asking title=Signal::derive(move || w::delete_title(count())) says=w::delete_all_says().to_owned()
            yes=w::delete_yes() kind=ButtonKind::Danger on_yes=delete />
    }
}

/// For how long what is kept.
fn times(keeping: &Value) -> impl IntoView + use<> {
    let rows = [
        (w::keep_visits(), "keep_visits"),
        (w::keep_needs(), "keep_needs"),
        (w::keep_photos(), "keep_photos"),
        (w::keep_files(), "keep_files"),
    ];
    let rows = rows.map(|(label, name)| view! { <Fact label value=w::months(number(&keeping[name])) /> });
    view! { <CellGroup title=w::keeping() note=w::keeping_says()>{rows.into_iter().collect_view()}</CellGroup> }
}

fn line(line: &Value) -> impl IntoView + use<> {
    let what = match line["what"].as_str() {
        Some("file") => w::goes_file(),
        Some("visit") => w::goes_visit(),
        Some("need") => w::goes_need(),
        _ => w::goes_photos(),
    };
    let label = w::due_line(text(line, "village"), text(line, "name"), what);
    let note = w::due_since(days::said(&text(line, "since")));
    let href = text(line, "recipient").parse().map(routes::recipient).unwrap_or_default();
    view! { <Cell label note href /> }
}

fn number(value: &Value) -> usize {
    value.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
}
