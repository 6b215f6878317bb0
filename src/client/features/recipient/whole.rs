//! How whole the file is: a bar, and behind it what is missing, each to be filled where it is named.

use super::{
    edit::EditField,
    record::{self, Gap},
    state::Boxed,
};
use crate::{
    data::RecipientFile,
    features::{guardian::GuardianLine, labels},
    locale::words::file as w,
    routes,
    session::use_session,
    ui::{Cell, Sheet},
};
use domain::{access::Role, guardian, kinds::Right};
use leptos::prelude::*;

/// The line that says how whole the file is; a press opens what is missing.
#[component]
pub(super) fn Whole(file: Boxed<RecipientFile>, open: RwSignal<bool>) -> impl IntoView {
    let (whole, gaps) = record::whole(&file);
    let percent = whole.percent();
    let words = if gaps.is_empty() { w::whole().to_owned() } else { w::gaps(gaps.len()) };
    let inside = view! {
        <span class="row"><span class="strong">{w::wholeness(percent)}</span><span class="quiet">{words}</span></span>
        <progress class="progress__bar" aria-hidden="true" max="100" value=percent.to_string()></progress>
    };
    if gaps.is_empty() {
        return view! { <div class="whole">{inside}</div> }.into_any();
    }
    view! { <button type="button" class="whole" aria-haspopup="dialog" on:click=move |_| open.set(true)>{inside}</button> }
        .into_any()
}

/// What is missing. It stays open while one gap after the other is filled.
#[component]
pub(super) fn Gaps(
    #[prop(into)] file: Signal<Option<Boxed<RecipientFile>>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let (role, at_office) = (use_session().role(), use_session().is_office());
    let guide = routes::use_guide();
    let chosen = RwSignal::new(None::<Gap>);
    // The page stays as it is while a sheet is open, so what was filled since is remembered here.
    let filled = RwSignal::new(Vec::<Gap>::new());
    Effect::new(move || {
        if !open.get() {
            chosen.set(None);
            filled.set(Vec::new());
        }
    });
    let list = move || {
        let mut gaps = file.get().map(|file| record::whole(&file).1).unwrap_or_default();
        gaps.retain(|gap| !filled.read().iter().any(|one| one.is(gap)));
        if gaps.is_empty() {
            return view! { <p class="inset" role="status">{w::whole()}</p> }.into_any();
        }
        let names =
            at_office.then(|| file.get().map(|file| routes::hand_over(file.row.area, &[file.row.id])));
        let names = names.flatten().unwrap_or_default();
        let name = move || {
            open.set(false);
            guide.to(&names);
        };
        gaps.into_iter()
            .map(|gap| match gap.field {
                // Who answers for a family is said by a hand-over alone.
                "responsible" if at_office => {
                    let label = labels::field(gap.field);
                    view! { <Cell label note=w::office_names() on_press=name.clone() /> }.into_any()
                }
                // Who consented is asked beside the notice, and is more than a word.
                guardian::FIELD => view! { <GuardianLine recipient=gap.record.id() /> }.into_any(),
                _ => view! { <GapRow gap role chosen /> }.into_any(),
            })
            .collect_view()
            .into_any()
    };
    view! {
        <Sheet open title=w::gaps_title()>
            {move || match chosen.get() {
                None => list().into_any(),
                Some(gap) => {
                    let Gap { record, field } = gap.clone();
                    let right = role.map_or(Right::None, |role| record.right(role, field));
                    let done = move |saved| {
                        if saved {
                            filled.update(|filled| filled.push(gap.clone()));
                        }
                        chosen.set(None);
                    };
                    view! { <EditField record field right done /> }.into_any()
                }
            }}
        </Sheet>
    }
}

#[component]
fn GapRow(gap: Gap, role: Option<Role>, chosen: RwSignal<Option<Gap>>) -> impl IntoView {
    let label = labels::field(gap.field);
    let of = gap.record.category().map(|category| labels::category(category.code())).unwrap_or_default();
    let right = role.filter(|_| gap.field != "responsible").map(|role| gap.record.right(role, gap.field));
    let note = match right {
        Some(Right::Write) => of,
        Some(Right::Propose) if of.is_empty() => w::by_office().to_owned(),
        Some(Right::Propose) => format!("{of} · {}", w::by_office()),
        Some(Right::None) | None => w::office_fills().to_owned(),
    };
    if matches!(right, Some(Right::None) | None) {
        return view! { <Cell label note /> }.into_any();
    }
    let gap = StoredValue::new(gap);
    view! { <Cell label note on_press=move || chosen.set(Some(gap.get_value())) /> }.into_any()
}
