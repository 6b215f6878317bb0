//! Every path of the app. Views link through these functions and hold no path of their own.
//!
//! The constants are what the router matches; `:id` is read back by [`id_param`] or [`text_param`].

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use sync::id::AreaId;
use uuid::Uuid;

pub(crate) const TODAY: &str = "/";
pub(crate) const ENROL: &str = "/enrol";
pub(crate) const LOGIN: &str = "/login";
pub(crate) const UNLOCK: &str = "/unlock";
pub(crate) const RECIPIENTS: &str = "/recipients";
/// A file begun on the spot.
pub(crate) const NEW_FILE: &str = "/new-file";
pub(crate) const RECIPIENT: &str = "/recipients/:id";
pub(crate) const VISITS: &str = "/visits";
pub(crate) const VISIT: &str = "/visits/:id";
pub(crate) const VISIT_FORM: &str = "/visits/:id/form";
/// An event for many families, to be begun, and one under way.
pub(crate) const NEW_ROUND: &str = "/rounds";
pub(crate) const ROUND: &str = "/rounds/:id";
pub(crate) const NEEDS: &str = "/needs";
pub(crate) const NEED: &str = "/needs/:id";
/// A visit, a need, a promise, or a blank form for a family, on paper.
pub(crate) const PRINT_VISIT: &str = "/print/visits/:id";
pub(crate) const PRINT_NEED: &str = "/print/needs/:id";
pub(crate) const PRINT_PLEDGE: &str = "/print/pledges/:id";
pub(crate) const PRINT_BLANK: &str = "/print/recipients/:id";
/// A list and a form for each of those chosen.
pub(crate) const PRINT_PACKAGE: &str = "/print/package";
pub(crate) const OUTBOX: &str = "/outbox";
pub(crate) const ATTENTION: &str = "/attention";
pub(crate) const ME: &str = "/me";
/// What families came to me and left me.
pub(crate) const HANDOVERS: &str = "/handovers";
/// On which devices one is logged in.
pub(crate) const SESSIONS: &str = "/me/sessions";
/// A new server becomes an office.
pub(crate) const SETUP: &str = "/setup";
/// What begins so belongs to the office.
pub(crate) const OFFICE: &str = "/office/";
pub(crate) const IMPORT: &str = "/office/import";
pub(crate) const MERGE: &str = "/office/merge/:id";
pub(crate) const REVIEW: &str = "/office/review";
pub(crate) const REVIEW_VISIT: &str = "/office/review/:id";
pub(crate) const LEDGER: &str = "/office/ledger";
pub(crate) const PRINT_LEDGER: &str = "/office/ledger/print";
pub(crate) const OVERVIEW: &str = "/office/overview";
pub(crate) const PRINT_OVERVIEW: &str = "/office/overview/print";
pub(crate) const DEVICES: &str = "/office/devices";
/// Those that hold work which is not at the office.
pub(crate) const DEVICES_WAITING: &str = "/office/devices?waiting";
/// Who did what.
pub(crate) const AUDIT: &str = "/office/audit";
/// How the server is.
pub(crate) const HEALTH: &str = "/office/health";
pub(crate) const STAFF: &str = "/office/staff";
pub(crate) const PRIVACY: &str = "/office/privacy";
/// What is asked at a visit; with an id one checklist, and its editor.
pub(crate) const CHECKLISTS: &str = "/office/checklists";
pub(crate) const CHECKLIST: &str = "/office/checklists/:id";
pub(crate) const CHECKLIST_EDITOR: &str = "/office/checklists/:id/edit";
/// Who helps: firms, associations, people.
pub(crate) const SPONSORS: &str = "/office/sponsors";
pub(crate) const SPONSOR: &str = "/office/sponsors/:id";
/// How often families are visited.
pub(crate) const PLAN: &str = "/office/plan";
/// What is paid to conscripts' families and for awards.
pub(crate) const STANDARDS: &str = "/office/standards";
/// Tasks of the year's work plan.
pub(crate) const PLAN_TASKS: &str = "/office/tasks";

/// The file of one recipient.
pub(crate) fn recipient(id: Uuid) -> String {
    of(RECIPIENT, id)
}

/// A file of somebody who lives with this person.
pub(crate) fn new_file_with(person: Uuid) -> String {
    format!("{NEW_FILE}?with={person}")
}

/// Two files side by side, to be made one.
pub(crate) fn merge(file: Uuid, other: Uuid) -> String {
    format!("{}?with={other}", of(MERGE, file))
}

/// The other person that a path names when its page is opened.
pub(crate) fn with_param() -> Option<Uuid> {
    use_query_map().read_untracked().get("with").and_then(|id| Uuid::try_parse(&id).ok())
}

/// A visit that is done, to be read.
pub(crate) fn visit(id: Uuid) -> String {
    of(VISIT, id)
}

/// A visit under way, at the question that was open last.
pub(crate) fn visit_form(id: Uuid) -> String {
    of(VISIT_FORM, id)
}

/// An event for many families.
pub(crate) fn round(event: Uuid) -> String {
    of(ROUND, event)
}

/// One need.
pub(crate) fn need(id: Uuid) -> String {
    of(NEED, id)
}

/// One sponsor.
pub(crate) fn sponsor(id: Uuid) -> String {
    of(SPONSOR, id)
}

/// A path that names one record, for this one.
pub(crate) fn of(path: &str, id: Uuid) -> String {
    path.replace(":id", &id.to_string())
}

/// A path with what is asked for behind it; what says nothing is left out.
pub(crate) fn asking(path: &str, wanted: &[(&str, &str)]) -> String {
    let mut path = path.to_owned();
    for (name, value) in wanted.iter().filter(|(_, value)| !value.is_empty()) {
        path.push(if path.contains('?') { '&' } else { '?' });
        path.push_str(&format!("{name}={value}"));
    }
    path
}

/// Whether the path asks for devices that hold work.
pub(crate) fn says_waiting() -> bool {
    use_query_map().read_untracked().get("waiting").is_some()
}

/// The visit that a path of this app leads to.
pub(crate) fn visit_in(path: &str) -> Option<Uuid> {
    path.strip_prefix("/visits/").and_then(|id| Uuid::try_parse(id).ok())
}

/// Where families of a village are given to somebody.
pub(crate) fn hand_over(area: AreaId, families: &[Uuid]) -> String {
    let families: Vec<String> = families.iter().map(Uuid::to_string).collect();
    format!("{STAFF}?area={area}&families={}", families.join(","))
}

/// One visit at the office's review.
pub(crate) fn review_visit(id: Uuid) -> String {
    of(REVIEW_VISIT, id)
}

/// One checklist; its id may hold any letters.
pub(crate) fn checklist(id: &str) -> String {
    named(CHECKLIST, id)
}

/// The editor of its next version.
pub(crate) fn checklist_editor(id: &str) -> String {
    named(CHECKLIST_EDITOR, id)
}

/// The editor of its next version, begun from an older one.
pub(crate) fn checklist_editor_from(id: &str, version: u32) -> String {
    format!("{}?from={version}", checklist_editor(id))
}

/// The version that the path says to begin from when its page is opened.
pub(crate) fn from_param() -> Option<u32> {
    use_query_map().read_untracked().get("from").and_then(|version| version.parse().ok())
}

fn named(path: &str, id: &str) -> String {
    path.replace(":id", &String::from(js_sys::encode_uri_component(id)))
}

/// A text in the path, watched; empty if it is not there.
pub(crate) fn text_param(name: &'static str) -> Signal<String> {
    let params = use_params_map();
    Signal::derive(move || params.read().get(name).unwrap_or_default())
}

/// The id in the path, watched; nothing if it is none.
pub(crate) fn id_param() -> Signal<Option<Uuid>> {
    let params = use_params_map();
    Signal::derive(move || params.read().get("id").and_then(|id| Uuid::try_parse(&id).ok()))
}

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// Leads to other pages. It outlives the page that asked for it: what a page waited for may have built it anew.
#[derive(Clone, Copy)]
pub(crate) struct Guide(StoredValue<Navigate, LocalStorage>);

impl Guide {
    /// The guide of the frame around every page.
    pub(crate) fn provide() {
        provide_context(Guide(StoredValue::new_local(Box::new(use_navigate()))));
    }

    /// Leads to a page.
    pub(crate) fn to(self, path: &str) {
        self.0.with_value(|navigate| navigate(path, NavigateOptions::default()));
    }

    /// Leads to a page that takes the place of this one: Back does not return to it.
    pub(crate) fn instead(self, path: &str) {
        let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
        self.0.with_value(|navigate| navigate(path, options));
    }
}

/// The guide.
///
/// # Panics
/// Outside of the shell, which provides it.
pub(crate) fn use_guide() -> Guide {
    use_context().expect("Shell provides the guide to everything below it")
}
