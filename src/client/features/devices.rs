//! 设备: the devices of an office's people, codes for more of them, and what a phone could not send.

mod act;
mod code;
mod concerned;
mod list;
mod policy;
mod rescue;
mod sheet;
mod words;

use crate::{
    data::{
        Data, Loaded, OfficeError, OfficeRequest,
        devices::{Devices, Line, lines},
        use_data,
    },
    locale::words::devices as w,
    routes,
    ui::{Loading, Page, PageBody, Problem, ProblemView, TabPanel, Tabs},
};
use code::CodeForm;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use list::DeviceList;
use policy::PhonePolicy;
use rescue::RescueImport;
use serde_json::Value;
use sheet::DeviceSheet;
use std::sync::Arc;
pub(crate) use words::kind as device_kind;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct DevicesDesk {
    data: Data,
    tab: RwSignal<usize>,
    /// The user for whom the next code is; empty for nobody yet.
    code_for: RwSignal<String>,
    /// The device that is looked at.
    chosen: RwSignal<Option<Arc<Line>>>,
    sheet: RwSignal<bool>,
    asked: RwSignal<u32>,
    /// Only the devices are shown that hold work which is not at the office.
    waiting: RwSignal<bool>,
    /// The id of the person whom a link names.
    linked: StoredValue<Option<String>>,
}

impl DevicesDesk {
    fn ask_again(self) {
        self.asked.try_update(|asked| *asked += 1);
    }

    /// A link from the people's page asks for a code for somebody.
    fn heed_link(self, devices: &Devices) {
        let Some(id) = self.linked.try_update_value(Option::take).flatten() else { return };
        if let Some(person) = devices.people.iter().find(|person| person.id == id) {
            self.code_for.set(person.name.clone());
        }
    }

    fn give_code(self, user: String) {
        self.sheet.set(false);
        self.code_for.set(user);
        self.tab.set(1);
    }
}

#[component]
pub(crate) fn DevicesPage() -> impl IntoView {
    let linked = use_location().hash.get_untracked().trim_start_matches('#').to_owned();
    let linked = Some(linked).filter(|id| !id.is_empty());
    let desk = DevicesDesk {
        data: use_data(),
        tab: RwSignal::new(usize::from(linked.is_some())),
        code_for: RwSignal::new(String::new()),
        chosen: RwSignal::new(None),
        sheet: RwSignal::new(false),
        asked: RwSignal::new(0),
        waiting: RwSignal::new(routes::says_waiting()),
        linked: StoredValue::new(linked),
    };
    let devices = Loaded::new(move || {
        desk.asked.track();
        desk.data.devices()
    });
    let tabs = Signal::derive(move || {
        let count = devices.get().and_then(Result::ok).map_or(0, |devices| devices.counted().1);
        let list = if count > 0 { w::tab_list_count(count) } else { w::tab_list().to_owned() };
        vec![list, w::tab_code().to_owned(), w::tab_rescue().to_owned()]
    });
    let body = move || {
        let tab = desk.tab.get();
        if tab == 2 {
            return view! { <RescueImport desk /> }.into_any();
        }
        match devices.get() {
            None => view! { <Loading /> }.into_any(),
            Some(Ok(devices)) if tab == 1 => {
                desk.heed_link(&devices);
                view! { <CodeForm people=devices.people.clone() desk /> }.into_any()
            }
            Some(Ok(devices)) => {
                view! { <DeviceList lines=lines(&devices) desk /> <PhonePolicy /> }.into_any()
            }
            Some(Err(error)) => {
                view! { <ProblemView problem=problem_of(&error) on_action=move || desk.ask_again() /> }
                    .into_any()
            }
        }
    };
    view! {
        <Page title=w::title() body=PageBody::Wide>
            <Tabs id="devices" label=w::tabs() tabs chosen=desk.tab />
            <TabPanel id="devices" chosen=desk.tab>{body}</TabPanel>
            <DeviceSheet desk />
        </Page>
    }
}

/// Tells the office something; only whether it took it counts.
async fn tell(data: Data, path: String, said: Value) -> Result<(), OfficeError> {
    data.office(OfficeRequest::post(path, said)).await.map(|_| ())
}

fn problem_of(error: &OfficeError) -> Problem {
    let (title, advice) = match error {
        OfficeError::Offline => (w::list_offline(), w::list_offline_do()),
        OfficeError::Login => (w::login(), w::list_failed_do()),
        _ => (w::list_failed(), w::list_failed_do()),
    };
    Problem::of_page(title, advice, w::retry())
}
