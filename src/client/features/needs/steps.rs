//! What can be done about a need now: one button for the next step, the others below it, and the sheet that asks what a step must know.

use super::state::{self, Act};
use crate::{
    data::{NeedFile, use_data},
    features::{days, people, problems},
    locale::words::needs as w,
    platform::clock,
    routes,
    session::use_session,
    ui::{
        Banner, Button, ButtonKind, DatePicker, Dialog, Field, FieldKind, FieldWords, IconName, Picker, Tone,
        use_notices,
    },
};
use domain::need::{Ask, NeedState, asks};
use leptos::{prelude::*, task::spawn_local};
use sync::wire::Fields;
use uuid::Uuid;

/// A notice hangs for so many days unless the office says otherwise.
const NOTICE_DAYS: [i64; 2] = [5, 7];
/// A follow-up is planned for one of these days from today.
const FOLLOW_UP_DAYS: [i64; 3] = [7, 14, 30];

/// What the buttons and the sheet share.
#[derive(Clone, Copy)]
struct Stepping {
    need: Uuid,
    /// The step that is asked about.
    to: RwSignal<NeedState>,
    open: RwSignal<bool>,
    said: RwSignal<Fields>,
    reason: RwSignal<String>,
    problem: RwSignal<String>,
    busy: RwSignal<bool>,
}

impl Stepping {
    /// Asks what the step must know, or takes it at once where it must know nothing.
    fn begin(self, to: NeedState) {
        self.problem.set(String::new());
        self.to.set(to);
        if asks(to).is_empty() {
            self.said.set(Fields::new());
            self.take();
        } else {
            self.open.set(true);
        }
    }

    fn say(self, ask: Ask, answer: String) {
        self.said.update(|said| drop(said.insert(ask.field().to_owned(), answer.into())));
    }

    fn said_day(self, ask: Ask) -> String {
        self.said.read().get(ask.field()).and_then(|day| day.as_str()).unwrap_or_default().to_owned()
    }

    fn take(self) {
        let (data, notices) = (use_data(), use_notices());
        let to = self.to.get_untracked();
        let mut said = self.said.get_untracked();
        said.retain(|field, _| asks(to).iter().any(|ask| ask.field() == field));
        if asks(to).contains(&Ask::Reason) {
            said.insert(Ask::Reason.field().to_owned(), self.reason.get_untracked().trim().into());
        }
        self.busy.set(true);
        spawn_local(async move {
            match data.step(self.need, to, said).await {
                Ok(()) => {
                    self.open.try_set(false);
                    notices.say(w::noted());
                }
                Err(error) => drop(self.problem.try_set(state::refusal(&error))),
            }
            self.busy.try_set(false);
        });
    }
}

#[component]
pub(super) fn Steps(file: NeedFile) -> impl IntoView {
    let (Some(now), Some(role)) = (file.state(), use_session().role()) else { return ().into_any() };
    let stepping = Stepping {
        need: file.row.id,
        to: RwSignal::new(now),
        open: RwSignal::new(false),
        said: RwSignal::new(first_answers(&file)),
        reason: RwSignal::new(String::new()),
        problem: RwSignal::new(String::new()),
        busy: RwSignal::new(false),
    };
    let standing =
        state::Standing { state: now, was_seen: file.was_seen(), has_public_cash: file.has_public_cash() };
    let acts = state::acts(standing, role);
    let recipient = file.row.recipient;
    let waits = if acts.is_empty() { state::waits_for(now) } else { "" };
    let buttons = acts.into_iter().enumerate().map(|(place, act)| {
        let kind = if place == 0 && now.is_open() { ButtonKind::Primary } else { ButtonKind::Plain };
        let press = move || match act {
            Act::Visit(template) => visit(stepping, recipient, template),
            Act::Step(to) => stepping.begin(to),
        };
        view! { <Button kind busy=stepping.busy on_press=press>{state::go(act)}</Button> }
    });
    let refused = move || {
        let words = stepping.problem.get();
        (!words.is_empty() && !stepping.open.get())
            .then(|| view! { <Banner tone=Tone::Bad icon=IconName::Alert words /> })
    };
    view! {
        <div class="need__acts">
            {refused}
            {(!waits.is_empty()).then(|| view! { <p class="quiet">{waits}</p> })}
            {buttons.collect_view()}
        </div>
        <StepSheet stepping />
    }
    .into_any()
}

/// What is mostly meant.
fn first_answers(file: &NeedFile) -> Fields {
    let today = clock::today_day().to_string();
    let mut said = Fields::from([(Ask::Told.field().to_owned(), today.into())]);
    if let Some(responsible) = &file.row.responsible {
        said.insert(Ask::Responsible.field().to_owned(), responsible.clone().into());
    }
    said
}

/// Begins the visit that comes before the next step, or goes on with it.
fn visit(stepping: Stepping, recipient: Uuid, template: &'static str) {
    let (data, guide) = (use_data(), routes::use_guide());
    stepping.busy.set(true);
    spawn_local(async move {
        match data.start_visit(recipient, template).await {
            Ok(visit) => guide.to(&routes::visit_form(visit)),
            Err(error) => drop(stepping.problem.try_set(problems::save(&error).title)),
        }
        stepping.busy.try_set(false);
    });
}

#[component]
fn StepSheet(stepping: Stepping) -> impl IntoView {
    let title = Signal::derive(move || state::go(Act::Step(stepping.to.get())).to_owned());
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || stepping.open.set(false)>{crate::locale::words::ui::cancel()}</Button>
            <Button busy=stepping.busy on_press=move || stepping.take()>{title}</Button>
        }
    };
    view! {
        <Dialog open=stepping.open title acts>
            <div class="stack">
                <p class="quiet">{w::step_says()}</p>
                {move || asks(stepping.to.get()).iter().map(|ask| question(stepping, *ask)).collect_view()}
                {move || {
                    let words = stepping.problem.get();
                    (!words.is_empty()).then(|| view! { <Banner tone=Tone::Bad icon=IconName::Alert words /> })
                }}
            </div>
        </Dialog>
    }
}

fn question(stepping: Stepping, ask: Ask) -> AnyView {
    let today = clock::today_day();
    match ask {
        Ask::Reason => {
            let words = FieldWords::label(w::reason()).must();
            view! { <Field words kind=FieldKind::Long value=stepping.reason /> }.into_any()
        }
        Ask::Responsible => {
            let words = FieldWords::label(w::responsible()).must();
            let chosen = Signal::derive(move || stepping.said_day(ask));
            let options = Signal::derive(people::options);
            view! { <Picker words options chosen on_pick=move |id| stepping.say(ask, id) /> }.into_any()
        }
        Ask::Told => day(stepping, ask, w::told(), days::recent(today)),
        Ask::NoticeDay => day(stepping, ask, w::notice_day(), days::ahead(today, &NOTICE_DAYS)),
        Ask::FollowUpDay => day(stepping, ask, w::follow_up_day(), days::ahead(today, &FOLLOW_UP_DAYS)),
    }
}

fn day(stepping: Stepping, ask: Ask, label: &'static str, quick: Vec<(String, String)>) -> AnyView {
    let words = FieldWords::label(label).must();
    let day = Signal::derive(move || stepping.said_day(ask));
    let today = clock::today_day().to_string();
    view! { <DatePicker words day today quick on_pick=move |day| stepping.say(ask, day) /> }.into_any()
}
