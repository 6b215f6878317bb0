//! 同户: who lives behind the same door, and the next file for it.

use super::state::Boxed;
use crate::{
    data::{HouseholdRow, RecipientFile, RecipientRow, use_data},
    features::{
        entry::{save, save_undoably},
        find_person::{self, FindPerson, Found},
    },
    locale::words::household as w,
    routes,
    session::use_session,
    ui::{Badge, Cell, CellGroup, Sheet, use_notices},
};
use domain::kinds::{Right, kind};
use leptos::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

/// Who lives with the person, and what can be said of it.
#[component]
pub(super) fn Household(file: Boxed<RecipientFile>) -> impl IntoView {
    let writes = use_session()
        .role()
        .is_some_and(|role| kind("household").is_some_and(|of| of.right(role, "members") == Right::Write));
    let own = file.row.id;
    let head = file.household.as_ref().and_then(|household| household.head);
    let members = file.household.as_ref().map_or(&[][..], |household| &household.members);
    let title = if members.len() > 1 { w::title_of(members.len()) } else { w::title().to_owned() };
    let others = members.iter().filter(|row| row.id != own).cloned();
    let others = others.map(|row| view! { <Other row head /> }).collect_view();
    (writes || members.len() > 1).then(|| {
        view! {
            <CellGroup title>
                {others}
                {writes.then(|| view! { <Acts file=file.clone() /> })}
            </CellGroup>
        }
    })
}

#[component]
fn Other(row: Arc<RecipientRow>, head: Option<Uuid>) -> impl IntoView {
    let (label, note, href) = (row.name.clone(), find_person::said(&row), routes::recipient(row.id));
    let is_head = head == Some(row.id);
    view! { <Cell label note href>{is_head.then(|| view! { <Badge words=w::head() /> })}</Cell> }
}

/// The next file for this door, and who lives behind it.
#[component]
fn Acts(file: Boxed<RecipientFile>) -> impl IntoView {
    let next = routes::new_file_with(file.row.id);
    let shared = file.household.clone().filter(|household| household.members.len() > 1);
    let rest = match shared {
        Some(household) => view! { <Shared own=file.row.id household /> }.into_any(),
        None => view! { <Join own=file.row.id /> }.into_any(),
    };
    view! {
        <Cell label=w::next() note=w::next_says() href=next />
        {rest}
    }
}

/// Whom the person lives with, chosen among those of the village.
#[component]
fn Join(own: Uuid) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let open = RwSignal::new(false);
    let find = move |typed: String| {
        let found = data.neighbours(own, &typed).into_iter();
        let why = |same_door: bool| if same_door { w::same_door() } else { "" };
        found.map(|one| Found { why: why(one.same_door), row: one.row }).collect::<Vec<_>>()
    };
    let choose = move |with: Uuid| {
        open.set(false);
        save(notices, w::joined(), async move { data.join_household(own, with).await });
    };
    view! {
        <Cell label=w::join() note=w::join_says() on_press=move || open.set(true) />
        <Sheet open title=w::join_title()>
            <FindPerson find none=w::nobody() on_choose=choose />
        </Sheet>
    }
}

/// Who is the head, and the way out.
#[component]
fn Shared(own: Uuid, household: HouseholdRow) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let naming = RwSignal::new(false);
    let (was_head, other) =
        (household.head == Some(own), household.members.iter().map(|row| row.id).find(|id| *id != own));
    let head = household.members.iter().find(|row| Some(row.id) == household.head);
    let head = head.map_or_else(|| w::no_head().to_owned(), |row| row.name.clone());
    let (id, members) = (household.id, StoredValue::new(household.members));
    let leave = move || {
        let back = move |()| {
            let Some(other) = other else { return };
            save(notices, w::joined(), async move {
                data.join_household(own, other).await?;
                if was_head { data.name_head(id, own).await } else { Ok(()) }
            });
        };
        save_undoably(notices, w::left(), async move { data.leave_household(own).await }, back);
    };
    let member = move |row: Arc<RecipientRow>| {
        let head = row.id;
        let choose = move || {
            naming.set(false);
            save(notices, w::head_named(), async move { data.name_head(id, head).await });
        };
        view! { <Cell label=row.name.clone() note=find_person::said(&row) on_press=choose /> }
    };
    view! {
        <Cell label=w::head() value=head on_press=move || naming.set(true) />
        <Cell label=w::leave() on_press=leave />
        <Sheet open=naming title=w::who_is_head()>
            {move || members.get_value().into_iter().map(member).collect_view()}
        </Sheet>
    }
}
