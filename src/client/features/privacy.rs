//! 隐私: what people are told, what hangs in public, and what has been kept for long enough.

mod notices;
mod publications;
mod retention;

use crate::{
    data::{Data, Loaded, OfficeError, OfficeRequest, use_data},
    locale::words::privacy as w,
    session::use_session,
    ui::{Loading, Notices, Page, Problem, ProblemView, TabPanel, Tabs, use_notices},
};
use domain::access::Role;
use leptos::{prelude::*, task::spawn_local};
use notices::NoticePanel;
use publications::PublicationPanel;
use retention::RetentionPanel;
use serde_json::Value;

/// What the parts of the page share: a question to the office, asked again after each act.
#[derive(Clone, Copy)]
struct Panel {
    data: Data,
    notices: Notices,
    said: Loaded<Result<Value, OfficeError>>,
    asked: RwSignal<u32>,
    busy: RwSignal<bool>,
    problem: RwSignal<String>,
}

impl Panel {
    fn of(path: &'static str) -> Panel {
        let (data, asked) = (use_data(), RwSignal::new(0_u32));
        let said = Loaded::new(move || {
            asked.track();
            async move { data.office(OfficeRequest::get(path)).await?.json::<Value>() }
        });
        Panel {
            data,
            notices: use_notices(),
            said,
            asked,
            busy: RwSignal::new(false),
            problem: RwSignal::new(String::new()),
        }
    }

    /// Tells the office something; says so when it is done, and reads everything anew.
    ///
    /// What is said then is no `Callback`: the sheet in which it was made may be gone by that time.
    fn tell(self, path: String, said: Value, done: Box<dyn FnOnce(&Value) -> String>) {
        self.busy.set(true);
        self.problem.set(String::new());
        spawn_local(async move {
            let answer = self.data.office(OfficeRequest::post(path, said)).await;
            match answer.and_then(|answer| answer.json::<Value>()) {
                Ok(answer) => self.notices.say(done(&answer)),
                Err(error) => drop(self.problem.try_set(sentence(&error).to_owned())),
            }
            self.asked.try_update(|asked| *asked += 1);
            self.busy.try_set(false);
        });
    }
}

#[component]
pub(crate) fn PrivacyPage() -> impl IntoView {
    let tab = RwSignal::new(0_usize);
    let role = use_session().role();
    let mut tabs = vec![w::notice().to_owned(), w::publications().to_owned()];
    // Who answers for what is deleted.
    let is_lead = role == Some(Role::CountyLead);
    if is_lead {
        tabs.push(w::retention().to_owned());
    }
    view! {
        <Page title=w::title()>
            <Tabs id="privacy" label=w::title() tabs=Signal::stored(tabs) chosen=tab />
            <TabPanel id="privacy" chosen=tab>
                {move || match tab.get() {
                    1 => view! { <PublicationPanel /> }.into_any(),
                    2 if is_lead => view! { <RetentionPanel /> }.into_any(),
                    _ => view! { <NoticePanel role /> }.into_any(),
                }}
            </TabPanel>
        </Page>
    }
}

/// What the office said, or that it said nothing yet, or why.
#[component]
fn Said(panel: Panel, #[prop(into)] show: Callback<(Value,), AnyView>) -> impl IntoView {
    move || match panel.said.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Ok(said)) => show.run((said,)),
        Some(Err(error)) => {
            let problem = Problem::of_page(sentence(&error), w::again_says(), w::again());
            view! { <ProblemView problem on_action=move || panel.asked.update(|asked| *asked += 1) /> }
                .into_any()
        }
    }
}

/// What the office refused, in words.
fn sentence(error: &OfficeError) -> &'static str {
    let OfficeError::Refused { err, .. } = error else {
        return if *error == OfficeError::Offline { w::offline() } else { w::failed() };
    };
    match err.as_str() {
        "notice_known" => w::notice_known(),
        "notice_text" => w::notice_text_bad(),
        "notice_version" => w::notice_version_bad(),
        "nothing_to_publish" => w::nothing_to_publish(),
        "publication_days" => w::publication_days(),
        "objections_missing" => w::objections_missing(),
        "publication_over" => w::publication_over(),
        "reason_missing" => w::reason_missing(),
        "report_changed" => w::report_changed(),
        _ => w::failed(),
    }
}

/// A text of an answer; empty if it has none.
fn text(of: &Value, name: &str) -> String {
    of[name].as_str().unwrap_or_default().to_owned()
}
