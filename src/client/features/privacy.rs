//! 隐私: what people are told, what hangs in public, and what has been kept for long enough.

mod notices;
mod publications;
mod retention;

use crate::{
    data::OfficeError,
    locale::words::privacy as w,
    session::use_session,
    ui::{Page, TabPanel, Tabs},
};
use domain::access::Role;
use leptos::prelude::*;
use notices::NoticePanel;
use publications::PublicationPanel;
use retention::RetentionPanel;

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
