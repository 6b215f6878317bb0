//! 导入: a list becomes files, after a preview that says of every row what would happen and why.

mod choose;
mod columns;
mod decisions;
mod diff;
mod done;
mod file_problem;
mod households;
mod mend;
mod past;
mod preview;
mod problem;
mod refused;
mod rows;
mod state;
mod villages;
mod why;

use crate::{
    data::{Data, OfficeError, OfficeRequest, use_data},
    locale::words,
    platform::{blob_bytes, files::File},
    ui::{Page, PageBody, Progress},
};
use choose::ChooseFile;
use decisions::Villages;
use done::ImportDone;
use file_problem::{FileProblem, check_file};
use leptos::{prelude::*, task::spawn_local};
use preview::PreviewView;
use problem::FileProblemView;
use serde_json::Value;
use state::{Committed, Preview, RowFilter};
use std::sync::Arc;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// How far an import is.
#[derive(Clone)]
enum Step {
    Choose,
    Reading { name: String },
    Shown,
    Committing,
    Done(Committed),
    Failed(FileProblem),
}

impl Step {
    fn number(&self) -> usize {
        match self {
            Step::Choose | Step::Reading { .. } | Step::Failed(_) => 0,
            Step::Shown => 1,
            Step::Committing | Step::Done(_) => 2,
        }
    }
}

/// What the page holds: the step, the list with what is decided about it, and which attempt counts.
#[derive(Clone, Copy)]
struct Import {
    step: RwSignal<Step>,
    preview: RwSignal<Arc<Preview>>,
    villages: RwSignal<Villages>,
    /// Those that were confirmed, by their keys.
    households: RwSignal<Vec<String>>,
    filter: RwSignal<RowFilter>,
    /// The office judges the list once more.
    judging: RwSignal<bool>,
    /// Why it did not; empty for nothing.
    problem: RwSignal<String>,
    attempt: StoredValue<u32>,
}

#[component]
pub(crate) fn ImportPage() -> impl IntoView {
    let data = use_data();
    let import = Import::new();
    let read = move |(area, file): (String, File)| import.read(data, area, file);
    let judge = move |said: Value| import.judge(data, said);
    let commit = move || import.commit(data);
    let restart = move || import.restart();
    let body = move || match import.step.get() {
        Step::Choose => view! { <ChooseFile on_file=read /> }.into_any(),
        Step::Reading { name } => {
            view! { <Working label=words::import::reading(name) on_cancel=restart /> }.into_any()
        }
        Step::Shown => {
            view! { <PreviewView import on_judge=judge on_commit=commit on_again=restart /> }.into_any()
        }
        Step::Committing => view! { <Working label=words::import::committing().to_owned() /> }.into_any(),
        Step::Done(committed) => {
            let preview = import.preview.get_untracked();
            view! { <ImportDone committed preview on_again=restart /> }.into_any()
        }
        Step::Failed(problem) => {
            view! { <FileProblemView problem on_again=restart on_retry=commit /> }.into_any()
        }
    };
    view! {
        <Page title=words::import::title() body=PageBody::Wide>
            <div class="import">
                <Steps at=Signal::derive(move || import.step.read().number()) />
                {body}
            </div>
        </Page>
    }
}

impl Import {
    fn new() -> Import {
        Import {
            step: RwSignal::new(Step::Choose),
            preview: RwSignal::new(Arc::default()),
            villages: RwSignal::new(Villages::default()),
            households: RwSignal::new(Vec::new()),
            filter: RwSignal::new(RowFilter::All),
            judging: RwSignal::new(false),
            problem: RwSignal::new(String::new()),
            attempt: StoredValue::new(0),
        }
    }

    fn read(self, data: Data, area: String, file: File) {
        let name = file.name();
        // A list is far below the 2^53 bytes at which a browser's number would round.
        let size = file.size() as usize;
        if let Err(problem) = check_file(&name, size) {
            self.step.set(Step::Failed(problem));
            return;
        }
        let attempt = self.next_attempt();
        self.villages.set(Villages::default());
        self.households.set(Vec::new());
        self.filter.set(RowFilter::All);
        self.problem.set(String::new());
        self.step.set(Step::Reading { name: name.clone() });
        spawn_local(async move {
            let read = match blob_bytes(&file).await {
                Some(bytes) => preview(data, &area, &name, bytes).await,
                None => Err(FileProblem::Empty),
            };
            match read {
                Ok(preview) => self.show(attempt, preview),
                Err(problem) => self.settle(attempt, Step::Failed(problem)),
            }
        });
    }

    /// Has the list judged once more, with what was said of its columns and cells. Until the answer comes, the old one stands.
    fn judge(self, data: Data, said: Value) {
        let attempt = self.next_attempt();
        self.judging.set(true);
        self.problem.set(String::new());
        let path = format!("imports/{}/judge", self.preview.read_untracked().id);
        spawn_local(async move {
            let answer = data.office(OfficeRequest::post(path, said)).await;
            match answer.and_then(|answer| answer.json()) {
                Ok(preview) => self.show(attempt, preview),
                Err(error) => {
                    let (title, advice) = problem::sentences(&problem_of(&error));
                    self.problem.try_set(format!("{title} {advice}"));
                }
            }
            self.judging.try_set(false);
        });
    }

    fn commit(self, data: Data) {
        let attempt = self.next_attempt();
        self.step.set(Step::Committing);
        let preview = self.preview.get_untracked();
        spawn_local(async move {
            let villages = self.villages.get_untracked();
            let body = self.households.with_untracked(|chosen| preview.decided(&villages, chosen));
            let request = OfficeRequest::post(format!("imports/{}/commit", preview.id), body);
            let answer = data.office(request).await.and_then(|answer| answer.json::<Committed>());
            let step = match answer {
                Ok(committed) => Step::Done(committed),
                Err(OfficeError::Offline | OfficeError::Shape) => Step::Failed(FileProblem::Uncertain),
                Err(error) => Step::Failed(problem_of(&error)),
            };
            data.sync_now();
            self.settle(attempt, step);
        });
    }

    fn restart(self) {
        self.next_attempt();
        self.step.set(Step::Choose);
    }

    fn next_attempt(self) -> u32 {
        self.attempt.update_value(|attempt| *attempt += 1);
        self.attempt.get_value()
    }

    fn show(self, attempt: u32, preview: Preview) {
        if self.attempt.try_get_value() == Some(attempt) {
            self.preview.set(Arc::new(preview));
            if !matches!(*self.step.read_untracked(), Step::Shown) {
                self.step.set(Step::Shown);
            }
        }
    }

    /// Shows a step unless it was cancelled since, or the page was left.
    fn settle(self, attempt: u32, step: Step) {
        if self.attempt.try_get_value() == Some(attempt) {
            self.step.set(step);
        }
    }
}

/// The request that sends a workbook, or why it is not sent.
pub(super) fn workbook(path: &str, name: &str, bytes: Vec<u8>) -> Result<OfficeRequest, String> {
    check_file(name, bytes.len()).map_err(|problem| problem::sentence(&problem))?;
    let mut request = OfficeRequest::file(path, XLSX, bytes);
    request.headers.push(("File-Name", String::from(js_sys::encode_uri_component(name))));
    Ok(request)
}

/// Why the office does not read a workbook, or does not send one, and what to do.
pub(super) fn file_refusal(error: &OfficeError) -> String {
    problem::sentence(&problem_of(error))
}

/// A reason without its cell.
pub(super) fn why(code: &str) -> String {
    why::reason(code)
}

pub(super) fn drop_words() -> &'static str {
    words::import::drop()
}

async fn preview(data: Data, area: &str, name: &str, bytes: Vec<u8>) -> Result<Preview, FileProblem> {
    let mut request = OfficeRequest::file(format!("imports?area={area}"), XLSX, bytes);
    request.headers.push(("File-Name", String::from(js_sys::encode_uri_component(name))));
    data.office(request).await.and_then(|answer| answer.json()).map_err(|error| problem_of(&error))
}

fn problem_of(error: &OfficeError) -> FileProblem {
    match error {
        OfficeError::Offline => FileProblem::Offline,
        OfficeError::Login => FileProblem::Login,
        OfficeError::Refused { err, body, .. } => FileProblem::from_refusal(err, body),
        OfficeError::Shape => FileProblem::Other("shape".to_owned()),
    }
}

#[component]
fn Working(
    /// What goes on.
    label: String,
    /// Gives it up; absent where that is too late.
    #[prop(optional, into)]
    on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    use crate::ui::{Button, ButtonKind};
    let note = on_cancel.is_some().then(words::import::reading_note);
    view! {
        <div class="import__work" role="status">
            <Progress label done=0 all=0 />
            <p class="quiet">{note}</p>
            {on_cancel
                .map(|on_cancel| view! { <Button kind=ButtonKind::Plain on_press=on_cancel>{words::import::cancel()}</Button> })}
        </div>
    }
}

#[component]
fn Steps(
    /// Which one it is at.
    at: Signal<usize>,
) -> impl IntoView {
    let names = [words::import::step_choose(), words::import::step_preview(), words::import::step_write()];
    let step = move |(index, name): (usize, &'static str)| {
        view! {
            <li class="steps__step" aria-current=move || (at.get() == index).then_some("step") data-done=move || (at.get() > index).then_some("")>
                <span class="steps__number" aria-hidden="true">{index + 1}</span>
                {name}
            </li>
        }
    };
    view! { <ol class="steps" aria-label=words::import::steps()>{names.into_iter().enumerate().map(step).collect_view()}</ol> }
}
