//! 代管: who stands in while a worker is on leave, from one day up to another.

use super::StaffDesk;
use crate::{
    locale::words::staff as w,
    platform::clock,
    ui::{Button, ButtonKind, DatePicker, Dialog, FieldWords, Opt, Picker, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

/// The dialog of a leave.
#[component]
pub(super) fn LeaveDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The page.
    desk: StaffDesk,
) -> impl IntoView {
    let notices = use_notices();
    let empty = || RwSignal::new(String::new());
    let (deputy, from, to) = (empty(), empty(), empty());
    let (busy, problem) = (RwSignal::new(false), empty());
    Effect::new(move || {
        if open.get() {
            for one in [deputy, from, to, problem] {
                one.set(String::new());
            }
        }
    });
    let save = move || {
        let Some(person) = desk.chosen.get_untracked() else { return };
        let said = [deputy, from, to].map(|one| one.get_untracked());
        if said.iter().any(String::is_empty) {
            problem.set(w::leave_missing().to_owned());
            return;
        }
        let [deputy, from, to] = said;
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let said = json!({"deputy": deputy, "from": from, "to": to});
            match desk.tell(format!("accounts/{}/deputies", person.id), said).await {
                Ok(_) => {
                    open.set(false);
                    notices.say(w::leave_saved());
                }
                Err(said) => problem.set(said),
            }
            busy.set(false);
        });
    };
    let options = Signal::derive(move || {
        let absent = desk.chosen.get().map(|person| person.id).unwrap_or_default();
        let staff = desk.now();
        let others = staff.workers().into_iter().filter(|person| person.id != absent);
        others.map(|person| Opt::new(person.id.clone(), person.name.clone())).collect::<Vec<_>>()
    });
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{w::cancel()}</Button>
            <Button busy on_press=save>{w::save()}</Button>
        }
    };
    let title =
        Signal::derive(move || w::leave_of(desk.chosen.get().map(|person| person.name).unwrap_or_default()));
    let day = |label: &'static str, day: RwSignal<String>| {
        view! {
            <DatePicker
                words=FieldWords::label(label)
                day
                today=clock::today()
                on_pick=move |chosen: String| day.set(chosen)
            />
        }
    };
    view! {
        <Dialog open title acts>
            <div class="stack">
                <p>{w::leave_says()}</p>
                <Picker words=FieldWords::label(w::deputy()) options chosen=deputy on_pick=move |id: String| deputy.set(id) />
                {day(w::from(), from)}
                {day(w::to(), to)}
                <p class="field__problem" role="alert">{problem}</p>
            </div>
        </Dialog>
    }
}
