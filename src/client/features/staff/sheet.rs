//! One person: where he works, who stands in, and what can be done.

use super::{
    StaffDesk,
    act::{Act, ActDialog},
    leave::LeaveDialog,
    new::OneTimeDialog,
    place::PlaceDialog,
};
use crate::{
    features::{
        colleagues::{Person, is_worker},
        days, labels,
    },
    locale::words::staff as w,
    routes,
    ui::{Button, ButtonKind, CellGroup, Fact, LinkButton, Sheet, use_notices},
};
use domain::access::Role;
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

#[component]
pub(super) fn PersonSheet(
    /// The page.
    desk: StaffDesk,
) -> impl IntoView {
    let (placing, leaving, acting) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let act = RwSignal::new(None::<Act>);
    let made = RwSignal::new(None);
    let title = Signal::derive(move || desk.chosen.get().map(|person| person.name).unwrap_or_default());
    let ask = Callback::new(move |(one,): (Act,)| {
        desk.sheet.set(false);
        act.set(Some(one));
        acting.set(true);
    });
    let go = move |open: RwSignal<bool>| {
        desk.sheet.set(false);
        open.set(true);
    };
    let body = move || {
        let person = desk.chosen.get()?;
        // An office gives villages to its workers; the rest is an administrator's.
        let may_place = !person.ended && (desk.admin || is_worker(&person));
        let words = if desk.admin { w::place_admin() } else { w::place() };
        let place =
            move || view! { <Button kind=ButtonKind::Plain on_press=move || go(placing)>{words}</Button> };
        let leave = move || view! { <Button kind=ButtonKind::Plain on_press=move || go(leaving)>{w::leave()}</Button> };
        let phone = format!("{}#{}", routes::DEVICES, person.id);
        Some(view! {
            <Facts person=person.clone() desk />
            <div class="inset stack">
                <div class="devices__acts">
                    {may_place.then(place)}
                    {(may_place && is_worker(&person)).then(leave)}
                    {(!person.ended).then(|| view! { <LinkButton kind=ButtonKind::Plain href=phone.clone()>{w::new_phone()}</LinkButton> })}
                    {(desk.admin && !person.own).then(|| view! { <AdminActs person=person.clone() ask /> })}
                </div>
            </div>
        })
    };
    view! {
        <Sheet open=desk.sheet title>{body}</Sheet>
        <PlaceDialog open=placing desk />
        <LeaveDialog open=leaving desk />
        <ActDialog open=acting act made desk />
        <OneTimeDialog made />
    }
}

#[component]
fn AdminActs(person: Person, ask: Callback<(Act,)>) -> impl IntoView {
    let has_factor = Role::from_word(&person.role).is_some_and(Role::needs_second_factor);
    let acts = match (person.ended, has_factor) {
        (true, _) => vec![Act::Resume],
        (false, true) => vec![Act::Password, Act::ForgetFactor, Act::End],
        (false, false) => vec![Act::Password, Act::End],
    };
    let button = move |act: Act| {
        let kind = if act == Act::End { ButtonKind::Danger } else { ButtonKind::Plain };
        view! { <Button kind on_press=move || ask.run((act,))>{act.words()}</Button> }
    };
    acts.into_iter().map(button).collect_view()
}

#[component]
fn Facts(person: Person, desk: StaffDesk) -> impl IntoView {
    let notices = use_notices();
    let staff = desk.now();
    let places = staff.places(&person.areas);
    let end = move |id: String| {
        desk.sheet.set(false);
        spawn_local(async move {
            match desk.tell(format!("deputies/{id}/end"), json!({})).await {
                Ok(_) => notices.say(w::leave_ended()),
                Err(said) => notices.say(said),
            }
        });
    };
    let leaves = staff
        .leaves_of(&person.id)
        .into_iter()
        .map(|deputy| {
            let (from, to) = (days::said(&deputy.from), days::said(&deputy.to));
            let says = if deputy.absent == person.id {
                w::stood_in_by(staff.name(&deputy.account), from, to)
            } else {
                w::stands_in_for(staff.name(&deputy.absent), from, to)
            };
            let id = deputy.id.clone();
            view! {
                <Fact label=w::leave() value=says>
                    <Button kind=ButtonKind::Quiet on_press=move || end(id.clone())>{w::leave_end()}</Button>
                </Fact>
            }
        })
        .collect_view();
    view! {
        <CellGroup>
            <Fact label=w::role() value=labels::role(&person.role) />
            <Fact label=w::areas() value=if places.is_empty() { w::no_area().to_owned() } else { places } />
            {leaves}
        </CellGroup>
    }
}
