//! Undoing a list: all of its families or, where somebody worked on some since, only the others, once the clerk has seen which.

use super::{super::problem, Past};
use crate::{
    data::{OfficeError, OfficeRequest},
    features::when,
    locale::words::import as w,
    ui::{Banner, Button, ButtonKind, Tone, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use serde_json::json;

/// Why nothing was undone.
#[derive(Clone, PartialEq, Deserialize)]
struct Refused {
    /// Families on which nobody worked.
    untouched: usize,
    touched: Vec<Touched>,
}

/// A family on which somebody worked since.
#[derive(Clone, PartialEq, Deserialize)]
struct Touched {
    name: String,
    by: String,
    #[serde(default)]
    at: Option<i64>,
    what: Touch,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Touch {
    Changed,
    Added,
    Merged,
    Moved,
}

#[derive(Clone, Deserialize)]
struct Undid {
    families: usize,
}

/// The button that undoes, and what stands against it.
#[component]
pub(super) fn UndoForm(past: Past, import: String) -> impl IntoView {
    let notices = use_notices();
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let refused = RwSignal::new(None::<Refused>);
    let undo = Callback::new(move |only_untouched: bool| {
        let path = format!("imports/{import}/undo");
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let body = json!({ "only_untouched": only_untouched });
            let answer = past.data.office(OfficeRequest::post(path, body)).await;
            match answer.and_then(|answer| answer.json::<Undid>()) {
                Ok(undid) => {
                    notices.say(w::undo_done(undid.families));
                    past.open.try_set(false);
                    past.data.sync_now();
                }
                Err(error) => match touched(&error) {
                    Some(families) => drop(refused.try_set(Some(families))),
                    None => drop(problem.try_set(sentence(&error))),
                },
            }
            past.asked.try_update(|asked| *asked += 1);
            busy.try_set(false);
        });
    });
    let ask = move || {
        view! {
            <p>{w::undo_says()}</p>
            <Button kind=ButtonKind::Danger busy on_press=move || undo.run(false)>{w::undo()}</Button>
        }
    };
    view! {
        {move || match refused.get() {
            None => ask().into_any(),
            Some(refused) => view! { <Against refused busy=busy.into() undo /> }.into_any(),
        }}
        <p class="import__problem" role="alert">{problem}</p>
    }
}

/// Which families somebody worked on, and the offer to undo the others.
#[component]
fn Against(refused: Refused, busy: Signal<bool>, undo: Callback<bool>) -> impl IntoView {
    let untouched = refused.untouched;
    let families = refused.touched.into_iter().map(|family| view! { <li>{line(family)}</li> });
    let words = w::touched(families.len());
    view! {
        <div role="alert"><Banner tone=Tone::Soon words /></div>
        <ul class="import__facts">{families.collect_view()}</ul>
        {(untouched > 0)
            .then(|| {
                view! {
                    <p>{w::undo_others_says()}</p>
                    <Button kind=ButtonKind::Danger busy on_press=move || undo.run(true)>{w::undo_others(untouched)}</Button>
                }
            })}
    }
}

fn line(family: Touched) -> String {
    let by = if family.by.is_empty() { w::touched_by_nobody().to_owned() } else { family.by };
    let name = if family.name.is_empty() { w::touched_elsewhere().to_owned() } else { family.name };
    let what = match family.what {
        Touch::Changed => w::touch_changed(),
        Touch::Added => w::touch_added(),
        Touch::Merged => w::touch_merged(),
        Touch::Moved => w::touch_moved(),
    };
    match family.at {
        Some(at) => w::touched_line(name, by, when::moment(at), what),
        None => w::touched_line_undated(name, what),
    }
}

fn touched(error: &OfficeError) -> Option<Refused> {
    match error {
        OfficeError::Refused { err, body, .. } if err == "touched" => {
            domain::json::from_value(body.clone()).ok()
        }
        _ => None,
    }
}

fn sentence(error: &OfficeError) -> String {
    match error {
        OfficeError::Offline | OfficeError::Shape => w::undo_uncertain().to_owned(),
        OfficeError::Refused { err, .. } if err == "undone_already" => w::undo_already().to_owned(),
        error => {
            let (title, advice) = problem::sentences(&super::super::problem_of(error));
            format!("{title} {advice}")
        }
    }
}
