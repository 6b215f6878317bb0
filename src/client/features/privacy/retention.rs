//! 保存期限: what has been kept for long enough, and its deletion once it was read.

use super::sentence;
use crate::{
    features::{
        days,
        panel::{Panel, Said, text},
    },
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
    let panel = Panel::of("retention", sentence);
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
        let lines = |name: &str| said[name].as_array().cloned().unwrap_or_default();
        let (due, kept) = (lines("due"), lines("held"));
        let since = |one: &Value| line(one, w::due_since(days::said(&text(one, "since"))));
        let rows = due.iter().take(SHOWN).map(since).collect_view();
        let stays = kept.iter().take(SHOWN).map(|one| line(one, why(one).to_owned())).collect_view();
        let (none, all_kept) = (due.is_empty(), number(&said["kept"]));
        view! {
            {times(&said["keeping"])}
            {none.then(|| view! { <Empty icon=IconName::Check title=w::nothing_due() advice=w::nothing_due_says().to_owned() /> })}
            {(!none).then(|| view! { <CellGroup title=w::due(due.len())>{rows}</CellGroup> })}
            {(all_kept > 0).then(|| view! {
                <CellGroup title=w::kept(kept.len()) note=w::kept_says(all_kept - kept.len())>{stays}</CellGroup>
            })}
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
        (w::keep_sponsors(), "keep_sponsors"),
    ];
    let rows = rows.map(|(label, name)| view! { <Fact label value=w::months(number(&keeping[name])) /> });
    view! { <CellGroup title=w::keeping() note=w::keeping_says()>{rows.into_iter().collect_view()}</CellGroup> }
}

fn line(line: &Value, note: String) -> impl IntoView + use<> {
    let what = match line["what"].as_str() {
        Some("file") => w::goes_file(),
        Some("visit") => w::goes_visit(),
        Some("need") => w::goes_need(),
        Some("task") => w::goes_task(),
        Some("case") => w::goes_case(),
        Some("orphan") => w::goes_orphan(),
        Some("sponsor") => w::goes_sponsor(),
        _ => w::goes_photos(),
    };
    let label = w::due_line(text(line, "village"), text(line, "name"), what);
    let page = if line["what"] == "sponsor" { routes::sponsor } else { routes::recipient };
    let href = text(line, "recipient").parse().map(page).unwrap_or_default();
    view! { <Cell label note href /> }
}

/// What it waits for.
fn why(line: &Value) -> &'static str {
    match line["why"].as_str() {
        Some("open_request") => w::why_request(),
        Some("open_need") => w::why_need(),
        Some("open_task") => w::why_task(),
        Some("open_case") => w::why_case(),
        Some("open_pledge") => w::why_pledge(),
        Some("unreviewed") => w::why_unreviewed(),
        _ => w::why_undecided(),
    }
}

fn number(value: &Value) -> usize {
    value.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
}
