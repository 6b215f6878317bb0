//! 重复的档案: other files that may be of this person. The office makes one of two; the village asks for it.

use super::{state::Boxed, tasks};
use crate::{
    data::{Alike, ApartRow, RecipientFile, RecipientRow, use_data},
    features::{
        ask_reason::{AskReason, ReasonWords, SHORT_REASON_CHARS},
        entry::save,
        find_person::{self, FindPerson, Found},
    },
    locale::words::{merge as w, new_file},
    routes,
    session::use_session,
    ui::{Button, ButtonKind, Cell, CellGroup, Confirm, Sheet, use_notices},
};
use leptos::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

#[component]
pub(super) fn Doubles(file: Boxed<RecipientFile>) -> impl IntoView {
    let data = use_data();
    let at_office = use_session().is_office();
    let own = file.row.id;
    let found = data.doubles(own);
    let rows = found.into_iter().map(|(row, alike)| {
        let is_asked = is_asked(&file, row.id);
        view! { <Double own row alike is_asked /> }
    });
    let rows: Vec<_> = rows.collect();
    let apart = file.apart.iter().cloned().map(|row| view! { <Apart row /> }).collect_view();
    view! {
        {(at_office || !rows.is_empty()).then(|| {
            view! {
                <CellGroup title=w::doubles()>
                    {rows}
                    {at_office.then(|| view! { <AnyOther own /> })}
                </CellGroup>
            }
        })}
        {(!file.apart.is_empty()).then(|| view! { <CellGroup title=w::apart()>{apart}</CellGroup> })}
    }
}

/// Whether the office is already asked to look at the two.
fn is_asked(file: &RecipientFile, other: Uuid) -> bool {
    tasks::open(file).any(|task| tasks::double_of(task) == Some(other))
}

#[component]
fn Double(own: Uuid, row: Arc<RecipientRow>, alike: Alike, is_asked: bool) -> impl IntoView {
    let (label, note) = (row.name.clone(), find_person::said(&row));
    let why = match alike {
        Alike::Number => new_file::alike_number(),
        Alike::Name | Alike::Phone | Alike::Door => new_file::alike_name(),
    };
    let other = row.id;
    if use_session().is_office() {
        return view! { <Cell label note value=why href=routes::merge(own, other) /> <TellApart own other /> }.into_any();
    }
    if is_asked {
        return view! { <Cell label note value=w::asked() href=routes::recipient(other) /> }.into_any();
    }
    let (data, notices) = (use_data(), use_notices());
    let open = RwSignal::new(false);
    let ask = move || save(notices, w::asked_now(), async move { data.ask_to_merge(own, other).await });
    view! {
        <Cell label note value=why on_press=move || open.set(true) />
        <Confirm open title=w::ask_title() says=w::ask_says() yes=w::ask() on_yes=ask />
    }
    .into_any()
}

/// 不是同一个人, with the reason.
#[component]
fn TellApart(own: Uuid, other: Uuid) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let open = RwSignal::new(false);
    let tell = move |reason: String| {
        save(notices, w::told_apart(), async move { data.tell_apart(own, other, &reason).await });
    };
    let words =
        ReasonWords { title: w::tell_apart_title(), says: w::tell_apart_says(), yes: w::tell_apart() };
    view! {
        <div class="file__two">
            <Button kind=ButtonKind::Plain on_press=move || open.set(true)>{w::tell_apart()}</Button>
        </div>
        <AskReason open words least=SHORT_REASON_CHARS on_reason=tell />
    }
}

/// One that is not of this person; the office may take that back.
#[component]
fn Apart(row: ApartRow) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let other = row.other.clone();
    let note = [find_person::said(&other), w::apart_because(&row.reason)].join(" · ");
    let untell = use_session().is_office().then(|| {
        let take_back = move || {
            let row = row.clone();
            save(notices, w::untold(), async move { data.untell_apart(row).await });
        };
        view! {
            <div class="file__two">
                <Button kind=ButtonKind::Plain on_press=take_back>{w::untell()}</Button>
            </div>
        }
    });
    view! { <Cell label=other.name.clone() note href=routes::recipient(other.id) /> {untell} }
}

/// Another file, found by a person.
#[component]
fn AnyOther(own: Uuid) -> impl IntoView {
    let (data, guide) = (use_data(), routes::use_guide());
    let open = RwSignal::new(false);
    let find = move |typed: String| {
        data.others(own, &typed).into_iter().map(|row| Found { row, why: "" }).collect::<Vec<_>>()
    };
    let choose = move |other: Uuid| {
        open.set(false);
        guide.to(&routes::merge(own, other));
    };
    view! {
        <Cell label=w::any_other() note=w::any_other_says() on_press=move || open.set(true) />
        <Sheet open title=w::any_other()>
            <FindPerson find none=w::nobody() on_choose=choose />
        </Sheet>
    }
}
