//! 区划: the areas as a tree, with the days of their codes and how much lies in each; an administrator adds villages and changes what there is.

use super::{
    StaffDesk,
    area::{AreaSheet, Fact},
};
use crate::{
    data::{Loaded, OfficeError, OfficeRequest},
    features::{
        area_rows::{Judged, JudgedRows},
        problems,
    },
    locale::words::staff as w,
    ui::{
        Badge, Button, ButtonKind, Cell, CellGroup, Field, FieldKind, FieldWords, Loading, ProblemView, Tone,
        use_notices,
    },
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};

#[component]
pub(super) fn AreaList(
    /// The page.
    desk: StaffDesk,
) -> impl IntoView {
    let facts = Loaded::new(move || {
        desk.asked.track();
        async move {
            let answer = desk.data.office(OfficeRequest::get("areas")).await?;
            Ok::<_, OfficeError>(Fact::all(&answer.json::<Value>()?))
        }
    });
    let (open, chosen) = (RwSignal::new(false), RwSignal::new(None::<Fact>));
    let all = Signal::derive_local(move || facts.get().and_then(Result::ok).unwrap_or_default());
    let groups = move || match facts.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Err(error)) => {
            let problem = problems::of_page(w::areas_failed(), &error, w::retry());
            view! { <ProblemView problem on_action=move || desk.ask_again() /> }.into_any()
        }
        Some(Ok(all)) => {
            let look = Callback::new(move |(fact,): (Fact,)| {
                chosen.set(Some(fact));
                open.set(true);
            });
            let above = all.iter().filter(|fact| !fact.is_village());
            above.map(|above| group(above, &all, desk.admin.then_some(look))).collect_view().into_any()
        }
    };
    view! {
        <div class="staff">
            {desk.admin.then(|| view! { <AddAreas desk /> })}
            {groups}
            <AreaSheet desk all open chosen />
        </div>
    }
}

/// A county or township with the villages directly below it.
fn group(above: &Fact, all: &[Fact], look: Option<Callback<(Fact,)>>) -> AnyView {
    let villages = all.iter().filter(|fact| fact.is_village() && fact.parent == above.id);
    let rows = std::iter::once(above).chain(villages).map(|fact| row(fact, look)).collect_view();
    view! { <CellGroup title=above.name.clone()>{rows}</CellGroup> }.into_any()
}

fn row(fact: &Fact, look: Option<Callback<(Fact,)>>) -> AnyView {
    let (label, note, value) = (fact.name.clone(), fact.note(), fact.families());
    let over = fact.is_over().then(|| view! { <Badge tone=Tone::Plain words=w::area_over() /> }.into_any());
    match look.filter(|_| !fact.is_over()) {
        Some(look) => {
            let fact = fact.clone();
            view! { <Cell label note value on_press=move || look.run((fact.clone(),)) /> }.into_any()
        }
        None => view! { <Cell label note value>{over}</Cell> }.into_any(),
    }
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
