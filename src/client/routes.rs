//! Every path of the app. Views link through these functions and hold no path of their own.
//!
//! The constants are what the router matches; `:id` and `:code` are read back by [`id_param`] and [`text_param`].

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
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
pub(crate) const NEEDS: &str = "/needs";
pub(crate) const NEED: &str = "/needs/:id";
pub(crate) const OUTBOX: &str = "/outbox";
pub(crate) const ATTENTION: &str = "/attention";
pub(crate) const ME: &str = "/me";
/// What families came to me and left me.
pub(crate) const HANDOVERS: &str = "/handovers";
/// A new server becomes an office.
pub(crate) const SETUP: &str = "/setup";
/// What begins so belongs to the office.
pub(crate) const OFFICE: &str = "/office/";
pub(crate) const IMPORT: &str = "/office/import";
pub(crate) const REVIEW: &str = "/office/review";
pub(crate) const REVIEW_VISIT: &str = "/office/review/:id";
pub(crate) const LEDGER: &str = "/office/ledger";
pub(crate) const DEVICES: &str = "/office/devices";
pub(crate) const STAFF: &str = "/office/staff";
pub(crate) const PRIVACY: &str = "/office/privacy";

/// The file of one recipient.
pub(crate) fn recipient(id: Uuid) -> String {
    RECIPIENT.replace(":id", &id.to_string())
}

/// A visit that is done, to be read.
pub(crate) fn visit(id: Uuid) -> String {
    VISIT.replace(":id", &id.to_string())
}

/// A visit under way, at the question that was open last.
pub(crate) fn visit_form(id: Uuid) -> String {
    VISIT_FORM.replace(":id", &id.to_string())
}

/// One need.
pub(crate) fn need(id: Uuid) -> String {
    NEED.replace(":id", &id.to_string())
}

/// One visit at the office's review.
pub(crate) fn review_visit(id: Uuid) -> String {
    REVIEW_VISIT.replace(":id", &id.to_string())
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
