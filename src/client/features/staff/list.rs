//! The people, by role.

use super::StaffDesk;
use crate::{
    features::{
        colleagues::{Person, Staff},
        labels,
    },
    locale::words::staff as w,
    ui::{Badge, Button, ButtonKind, Cell, CellGroup, Empty, IconName, Search, Tone},
};
use domain::access::Role;
use leptos::prelude::*;
use std::sync::Arc;

/// From this many on there is a search line.
const SEARCH_FROM: usize = 12;

#[component]
pub(super) fn PeopleList(
    /// Who there is.
    staff: Arc<Staff>,
    /// The page.
    desk: StaffDesk,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let searches = staff.people.len() >= SEARCH_FROM;
    let staff = StoredValue::new(staff);
    let is_found = move |person: &Person, wanted: &str| {
        wanted.is_empty()
            || person.name.contains(wanted)
            || staff.with_value(|staff| staff.places(&person.areas).contains(wanted))
    };
    let groups = move || {
        let wanted = text.get();
        let group = |role: Role| {
            let people = staff.get_value();
            let found: Vec<Person> = people
                .people
                .iter()
                .filter(|person| person.role == role.word() && is_found(person, wanted.trim()))
                .cloned()
                .collect();
            (!found.is_empty()).then(|| {
                let rows = found.into_iter().map(|person| row(person, &people, desk)).collect_view();
                view! { <CellGroup title=labels::role(role.word())>{rows}</CellGroup> }
            })
        };
        Role::ALL.into_iter().filter_map(group).collect_view()
    };
    let is_empty = staff.with_value(|staff| staff.people.is_empty());
    view! {
        <div class="staff">
            <p class="quiet small">{if desk.admin { w::lead_admin() } else { w::lead_office() }}</p>
            {desk.admin.then(|| view! { <Adding desk /> })}
            {searches.then(|| view! { <Search label=w::search() text /> })}
            {is_empty.then(|| view! { <Empty icon=IconName::People title=w::empty() advice=w::empty_do() /> })}
            {groups}
        </div>
    }
}

/// New accounts: one, or those of a sheet.
#[component]
fn Adding(desk: StaffDesk) -> impl IntoView {
    view! {
        <div class="row staff__adding">
            <Button on_press=move || desk.making.set(true)>{w::add()}</Button>
            <Button kind=ButtonKind::Plain icon=IconName::Document on_press=move || desk.listing.set(true)>
                {w::list()}
            </Button>
        </div>
    }
}

fn row(person: Person, staff: &Staff, desk: StaffDesk) -> AnyView {
    let places = staff.places(&person.areas);
    let note = if places.is_empty() { w::no_area().to_owned() } else { places };
    let badge = |tone: Tone, words: &'static str| view! { <Badge tone words /> }.into_any();
    let state = if person.ended {
        Some(badge(Tone::Plain, w::ended()))
    } else if staff.leaves_of(&person.id).iter().any(|deputy| deputy.absent == person.id) {
        Some(badge(Tone::Soon, w::on_leave()))
    } else if person.one_time {
        Some(badge(Tone::Soon, w::one_time()))
    } else {
        person.own.then(|| badge(Tone::Plain, w::own()))
    };
    let name = person.name.clone();
    let look = move || {
        desk.chosen.set(Some(person.clone()));
        desk.sheet.set(true);
    };
    view! { <Cell label=name note on_press=look>{state}</Cell> }.into_any()
}
