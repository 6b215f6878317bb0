//! 年度工作任务: an office gives tasks of the work plan and sees how far they are; the contact of a unit says so of his own.

mod bulk;
mod calendar;
mod state;

use crate::{
    data::OfficeError,
    features::{
        days,
        panel::{Panel, Said, text},
        people, problems, when,
    },
    locale::words::plan_tasks as w,
    platform::clock,
    session::use_session,
    ui::{
        Badge, Button, ButtonKind, Cell, CellGroup, Choice, ChoiceKind, DatePicker, Empty, Fact, Field,
        FieldKind, FieldWords, IconName, Opt, Page, Picker, Sheet, TabPanel, Tabs, Tone,
    },
};
use bulk::ChooseTasks;
use calendar::Calendar;
use leptos::prelude::*;
use serde_json::{Value, json};

/// How far a task may be, in the order of the work.
const STATES: [&str; 3] = ["not_started", "in_progress", "done"];

#[component]
pub(crate) fn PlanTasksPage() -> impl IntoView {
    let panel = Panel::of("plan-tasks", sentence);
    let (giving, looking) = (RwSignal::new(false), RwSignal::new(false));
    let shown = RwSignal::new(Value::Null);
    let (face, choosing) = (RwSignal::new(0_usize), RwSignal::new(false));
    let tabs = Signal::stored([w::face_list(), w::face_calendar()].map(str::to_owned).to_vec());
    let faces = move |said: Value| {
        let rows: Vec<Value> = said["rows"].as_array().cloned().unwrap_or_default();
        if rows.is_empty() {
            return view! { <Empty icon=IconName::Clipboard title=w::none() advice=w::none_advice() /> }
                .into_any();
        }
        let (rows, said) = (StoredValue::new(rows), StoredValue::new(said));
        let body = move || {
            if face.get() > 0 {
                return view! { <Calendar panel rows=rows.get_value() shown looking /> }.into_any();
            }
            let row = |row: &Value| view! { <Row panel row=row.clone() shown looking /> };
            let found = rows.with_value(|rows| rows.iter().map(row).collect_view());
            view! { <CellGroup>{found}</CellGroup> }.into_any()
        };
        let all = move || {
            if choosing.get() {
                return view! { <ChooseTasks panel said=said.get_value() choosing /> }.into_any();
            }
            view! {
                <Tabs id="plan-tasks" label=w::title() tabs chosen=face />
                <TabPanel id="plan-tasks" chosen=face>{body}</TabPanel>
            }
            .into_any()
        };
        all.into_any()
    };
    let begin = move || {
        panel.problem.set(String::new());
        giving.set(true);
    };
    let several = move || if choosing.get() { w::choose_end() } else { w::choose() };
    let turn = move || choosing.update(|choosing| *choosing = !*choosing);
    let give = move || {
        view! {
            <div class="inset row">
                <Show when=move || !choosing.get()>
                    <Button icon=IconName::Plus on_press=begin>{w::give()}</Button>
                </Show>
                <Button kind=ButtonKind::Plain icon=IconName::Check on_press=turn>{several}</Button>
            </div>
        }
    };
    view! {
        <Page title=w::title()>
            {use_session().is_office().then(give)}
            <Said panel show=faces />
            <Sheet open=giving title=w::give()><NewTask panel open=giving /></Sheet>
            <Sheet open=looking title=Signal::derive(move || text(&shown.read(), "title"))>
                <OneTask panel task=shown.get_untracked() open=looking />
            </Sheet>
        </Page>
    }
}

#[component]
fn Row(panel: Panel, row: Value, shown: RwSignal<Value>, looking: RwSignal<bool>) -> impl IntoView {
    let note = w::line(text(&row, "unit"), text(&row, "responsible_name"), days::said(&text(&row, "due_on")));
    let label = text(&row, "title");
    let (tone, words) = match (row["overdue"] == true, row["state"].as_str()) {
        (true, _) => (Tone::Bad, w::overdue()),
        (false, Some("done")) => (Tone::Good, w::done()),
        (false, state) => (Tone::Plain, state_word(state.unwrap_or_default())),
    };
    let press = move || {
        panel.problem.set(String::new());
        shown.set(row.clone());
        looking.set(true);
    };
    view! { <Cell label note on_press=press><Badge tone words /></Cell> }
}

/// What was said of a task so far, and one word more.
#[component]
fn OneTask(panel: Panel, task: Value, open: RwSignal<bool>) -> impl IntoView {
    let lines = |name: &str| task[name].as_array().cloned().unwrap_or_default();
    let progress = lines("progress").into_iter().map(|said| {
        let by = w::said(
            people::name(&text(&said, "author")),
            when::moment(said["t"].as_i64().unwrap_or_default()),
        );
        view! { <Fact label=by value=text(&said["v"], "word") /> }
    });
    let evidence = lines("evidence").into_iter().map(|said| {
        let by = w::said(people::name(&text(&said, "by")), days::said(&text(&said, "on")));
        view! { <Fact label=by value=text(&said, "word") /> }
    });
    let (state, word) = (RwSignal::new(text(&task, "state")), RwSignal::new(String::new()));
    let proof = RwSignal::new(String::new());
    let path = format!("plan-tasks/{}", text(&task, "id"));
    let save = move || {
        let said = json!({
            "state": state.get_untracked(), "word": word.get_untracked(), "evidence": proof.get_untracked(),
        });
        let done = move |_: &Value| {
            open.try_set(false);
            w::reported().to_owned()
        };
        panel.tell(path.clone(), said, Box::new(done));
    };
    let choose = move |chosen: Vec<String>| state.set(chosen.concat());
    let states = STATES.map(|state| Opt::new(state, state_word(state)));
    view! {
        <CellGroup title=w::progress()>{progress.collect_view()}</CellGroup>
        <CellGroup title=w::evidence()>{evidence.collect_view()}</CellGroup>
        <div class="stack inset">
            <Choice
                words=FieldWords::label(w::state())
                kind=ChoiceKind::One
                options=states.into()
                chosen=Signal::derive(move || vec![state.get()])
                on_choose=choose
            />
            <Field words=FieldWords::label(w::word()).must() kind=FieldKind::Long value=word />
            <Field words=FieldWords::label(w::evidence()).hint(w::evidence_hint()) kind=FieldKind::Long value=proof problem=panel.problem />
            <Button busy=panel.busy on_press=save>{w::save()}</Button>
        </div>
    }
}

#[component]
fn NewTask(panel: Panel, open: RwSignal<bool>) -> impl IntoView {
    let text_of = || RwSignal::new(String::new());
    let (title, unit, contact, due) = (text_of(), text_of(), text_of(), text_of());
    let contacts = panel.said.get().and_then(Result::ok).unwrap_or_default();
    let option = |one: &Value| Opt::new(text(one, "id"), text(one, "name"));
    let options: Vec<Opt> = contacts["contacts"].as_array().into_iter().flatten().map(option).collect();
    let save = move || {
        if contact.read_untracked().is_empty() {
            return panel.problem.set(w::contact_missing().to_owned());
        }
        let said = json!({
            "title": title.get_untracked(), "unit": unit.get_untracked(), "responsible": contact.get_untracked(),
            "due_on": due.get_untracked(),
        });
        let done = move |_: &Value| {
            open.try_set(false);
            w::given().to_owned()
        };
        panel.tell("plan-tasks".to_owned(), said, Box::new(done));
    };
    view! {
        <div class="stack inset">
            <Field words=FieldWords::label(w::name()).hint(w::name_hint()).must() value=title />
            <Field words=FieldWords::label(w::unit()).must() value=unit />
            <Picker words=FieldWords::label(w::contact()).hint(w::contact_hint()).must() options=Signal::stored(options) chosen=contact on_pick=move |one: String| contact.set(one) />
            <DatePicker words=FieldWords::label(w::due()).must() day=due today=clock::today() on_pick=move |day: String| due.set(day) />
            <p class="field__problem" role="status">{panel.problem}</p>
            <Button busy=panel.busy on_press=save>{w::give()}</Button>
        </div>
    }
}

fn state_word(state: &str) -> &'static str {
    match state {
        "done" => w::done(),
        "in_progress" => w::in_progress(),
        _ => w::not_started(),
    }
}

fn sentence(error: &OfficeError) -> &'static str {
    let OfficeError::Refused { err, .. } = error else { return problems::office(error) };
    match err.as_str() {
        "evidence_missing" => w::evidence_missing(),
        "title_missing" => w::title_missing(),
        "unit_missing" => w::unit_missing(),
        "due_missing" => w::due_missing(),
        "task_done" => w::task_done(),
        "not_a_contact" => w::not_a_contact(),
        "word_missing" => w::word_missing(),
        _ => problems::office(error),
    }
}
