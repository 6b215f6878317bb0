//! 区划: the areas with the days of their codes; an administrator adds villages.

use super::StaffDesk;
use crate::{
    features::{
        area_rows::{Judged, JudgedRows},
        colleagues::{Area, Staff},
    },
    locale::words::staff as w,
    ui::{Button, ButtonKind, Cell, CellGroup, Field, FieldKind, FieldWords, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;
use std::sync::Arc;

#[component]
pub(super) fn AreaList(
    /// What there is.
    staff: Arc<Staff>,
    /// The page.
    desk: StaffDesk,
) -> impl IntoView {
    let is_village = |area: &&Area| area.code.is_empty() || area.code.len() > 9;
    let above = staff.areas.iter().filter(|area| !is_village(area)).map(row).collect_view();
    let villages = staff.areas.iter().filter(is_village).map(row).collect_view();
    view! {
        <div class="staff">
            {desk.admin.then(|| view! { <AddAreas desk /> })}
            <CellGroup title=w::areas_above()>{above}</CellGroup>
            <CellGroup title=w::areas_villages() note=w::areas_note()>{villages}</CellGroup>
        </div>
    }
}

fn row(area: &Area) -> impl IntoView + use<> {
    let code = if area.code.is_empty() { w::no_code().to_owned() } else { area.code.clone() };
    let valid = match (area.valid_from.as_str(), area.valid_to.as_str()) {
        ("", "") => String::new(),
        (from, "") => w::valid_since(from),
        ("", to) => w::valid_until(to),
        (from, to) => w::valid(from, to),
    };
    view! { <Cell label=area.name.clone() note=code value=valid /> }
}

#[component]
fn AddAreas(desk: StaffDesk) -> impl IntoView {
    let notices = use_notices();
    let text = RwSignal::new(String::new());
    let judged = RwSignal::new(None::<Judged>);
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let send = move |check: bool| {
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let said = json!({"text": text.get_untracked(), "check": check});
            let answer = if check {
                desk.ask("areas".to_owned(), said).await
            } else {
                desk.tell("areas".to_owned(), said).await
            };
            match answer {
                Ok(answer) if check => judged.set(Some(Judged::read(&answer))),
                Ok(_) => {
                    text.set(String::new());
                    judged.set(None);
                    notices.say(w::areas_added());
                }
                Err(said) => problem.set(said),
            }
            busy.set(false);
        });
    };
    let is_sound = move || judged.read().as_ref().is_some_and(Judged::is_sound);
    view! {
        <div class="inset stack">
            <Field
                words=FieldWords::label(w::areas_add()).hint(w::areas_hint())
                kind=FieldKind::Long
                value=text
                problem
                on_change=move |_: String| judged.set(None)
            />
            <JudgedRows judged />
            <div class="row">
                <Button kind=ButtonKind::Plain busy on_press=move || send(true)>{w::areas_check()}</Button>
                <Show when=is_sound>
                    <Button busy on_press=move || send(false)>{w::areas_write()}</Button>
                </Show>
            </div>
        </div>
    }
}
