//! 人员: who works here and where, families that change hands, and the areas.

mod act;
mod area;
mod areas;
mod handed;
mod leave;
mod list;
mod listed;
mod merge;
mod new;
mod place;
mod sheet;
mod state;

use crate::{
    data::{Data, Loaded, OfficeError, OfficeRequest, use_data},
    features::{
        colleagues::{Person, Staff},
        handovers::{ForFamilies, HandOver},
        problems,
    },
    locale::words::staff as w,
    session::use_session,
    ui::{Loading, Page, PageBody, ProblemView, TabPanel, Tabs},
};
use areas::AreaList;
use handed::{Handed, HandedOut};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use list::PeopleList;
use listed::ImportPeople;
use new::NewPerson;
use serde_json::Value;
use sheet::PersonSheet;
use std::sync::Arc;

/// The place of the tab on which families change hands.
const HAND_OVER: usize = 2;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct StaffDesk {
    data: Data,
    staff: Loaded<Result<Arc<Staff>, OfficeError>>,
    asked: RwSignal<u32>,
    /// Who is looked at.
    chosen: RwSignal<Option<Person>>,
    sheet: RwSignal<bool>,
    /// Whether the sheet of a new account is open.
    making: RwSignal<bool>,
    /// Whether people are being taken in from a sheet.
    listing: RwSignal<bool>,
    /// The passwords of those who were made from one, until they are handed out.
    handed: RwSignal<Option<Vec<Handed>>>,
    admin: bool,
}

impl StaffDesk {
    fn ask_again(self) {
        self.asked.try_update(|asked| *asked += 1);
    }

    /// The people and areas as they came last; nothing before.
    fn now(self) -> Arc<Staff> {
        self.staff.get().and_then(Result::ok).unwrap_or_default()
    }

    /// Asks the office something that changes nothing.
    async fn ask(self, path: String, said: Value) -> Result<Value, String> {
        let answer = self.data.office(OfficeRequest::post(path, said)).await;
        answer.and_then(|answer| answer.json::<Value>()).map_err(|error| state::sentence(&error))
    }

    /// Tells the office something, and reads everything anew once it is done.
    async fn tell(self, path: String, said: Value) -> Result<Value, String> {
        let answer = self.ask(path, said).await?;
        self.ask_again();
        Ok(answer)
    }
}

#[component]
pub(crate) fn StaffPage() -> impl IntoView {
    let data = use_data();
    let asked = RwSignal::new(0);
    let staff = Loaded::new(move || {
        asked.track();
        fetch(data)
    });
    let admin = use_session().is_admin();
    let desk = StaffDesk {
        data,
        staff,
        asked,
        chosen: RwSignal::new(None),
        sheet: RwSignal::new(false),
        making: RwSignal::new(false),
        listing: RwSignal::new(false),
        handed: RwSignal::new(None),
        admin,
    };
    let query = use_query_map().read_untracked().clone();
    let families = query.get("families").map(|ids| ids.split(',').map(str::to_owned).collect());
    let first = query.get("area").zip(families).map(|(area, families)| ForFamilies { area, families });
    let tab = RwSignal::new(if first.is_some() && !admin { HAND_OVER } else { 0 });
    let first = StoredValue::new(first);
    let names = if admin {
        vec![w::tab_people(), w::tab_areas()]
    } else {
        vec![w::tab_people(), w::tab_areas(), w::tab_handover()]
    };
    let tabs = Signal::stored(names.into_iter().map(str::to_owned).collect::<Vec<_>>());
    let body = move || match (staff.get(), tab.get()) {
        (None, _) => view! { <Loading /> }.into_any(),
        (Some(Err(error)), _) => {
            let problem = problems::of_page(w::failed(), &error, w::retry());
            view! { <ProblemView problem on_action=move || desk.ask_again() /> }.into_any()
        }
        (Some(Ok(staff)), 0) => view! { <PeopleList staff desk /> }.into_any(),
        (Some(Ok(_)), 1) => view! { <AreaList desk /> }.into_any(),
        (Some(Ok(staff)), _) => {
            view! { <HandOver staff first on_done=move || desk.ask_again() /> }.into_any()
        }
    };
    let shown = move || match desk.handed.get() {
        Some(all) => view! { <HandedOut desk all /> }.into_any(),
        None => view! {
            <Tabs id="staff" label=w::tabs() tabs chosen=tab />
            <TabPanel id="staff" chosen=tab>{body}</TabPanel>
        }
        .into_any(),
    };
    view! {
        <Page title=w::title() body=PageBody::Wide>
            {shown}
            <PersonSheet desk />
            <NewPerson desk />
            <ImportPeople desk />
        </Page>
    }
}

async fn fetch(data: Data) -> Result<Arc<Staff>, OfficeError> {
    let answer = data.office(OfficeRequest::get("accounts")).await?;
    Ok(Arc::new(Staff::read(&answer.json()?)))
}
