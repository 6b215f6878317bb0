//! The fields of a file, in groups as on the paper form.

use super::{
    edit::EditPart,
    record::{self, Record},
    state::{self, Boxed, Line, Part},
    unmasked::Masked,
};
use crate::{
    data::RecipientFile,
    features::{file_rows, labels, places::Places},
    locale::words::file as w,
    session::use_session,
    ui::{CellGroup, Fact},
};
use domain::kinds::Right;
use leptos::prelude::*;
use serde_json::Value;
use uuid::Uuid;

#[component]
pub(super) fn FactGroups(file: Boxed<RecipientFile>) -> impl IntoView {
    let places = Places::new();
    let role = use_session().role();
    let categories = record::categories(&file);
    let begins =
        |part| state::applies(part, &categories) && role.is_some_and(|role| state::begins(part, role));
    state::layout(&file.fields)
        .into_iter()
        .filter(|(part, lines)| !lines.is_empty() || begins(*part))
        .map(|(part, lines)| {
            let fields = role.map(|role| state::editable(part, role)).unwrap_or_default();
            view! { <Group title=title(part) lines record=Record::person(&file) fields places /> }
        })
        .collect_view()
}

/// A part of the file with what it holds, and the way to change it.
#[component]
fn Group(
    #[prop(into)] title: String,
    lines: Vec<Line>,
    record: Record,
    fields: Vec<(&'static str, Right)>,
    places: Places,
) -> impl IntoView {
    let id = record.id();
    let facts = lines.into_iter().map(|line| view! { <FactLine record=id line places /> }).collect_view();
    let edit = (!fields.is_empty()).then(|| view! { <EditPart title=title.clone() record fields /> });
    view! { <CellGroup title>{facts} {edit}</CellGroup> }
}

#[component]
fn FactLine(record: Uuid, line: Line, places: Places) -> impl IntoView {
    let at_office = use_session().is_office();
    // The names of places come a moment later than the file.
    move || {
        let shown = |value: &Value| match (line.field.as_str(), value.as_array()) {
            // The opened file shows the numbers of certificates, of which lists show the end.
            ("certs", Some(rows)) => {
                let rows = rows.iter().filter_map(Value::as_object).map(|row| file_rows::words("certs", row));
                rows.collect::<Vec<_>>().join(labels::between())
            }
            (field, _) => places.value(field, value),
        };
        let value = match line.field.as_str() {
            "account_no" if line.view.value.is_null() && !at_office => w::not_here().to_owned(),
            _ => shown(&line.view.value),
        };
        let mark = match (&line.view.proposed, line.view.unsent) {
            (Some(proposed), _) => w::proposed(shown(proposed)),
            (None, true) => w::unsent().to_owned(),
            (None, false) => String::new(),
        };
        if line.view.masked {
            return view! { <Masked record field=line.field.clone() shown=value mark /> }.into_any();
        }
        let label = labels::field(&line.field);
        if mark.is_empty() {
            view! { <Fact label value /> }.into_any()
        } else {
            view! { <Fact label value mark /> }.into_any()
        }
    }
}

/// What the person is entitled to, each with its papers.
#[component]
pub(super) fn Entitlements(file: Boxed<RecipientFile>) -> impl IntoView {
    let places = Places::new();
    let role = use_session().role();
    Record::entitlements(&file)
        .into_iter()
        .map(|record| {
            let title = w::entitlement(labels::category(record.text("category")));
            let lines = state::entitlement_lines(&record);
            let fields = role.map(|role| state::editable_of(&record, role)).unwrap_or_default();
            view! { <Group title lines record fields places /> }
        })
        .collect_view()
}

/// The heading of a part.
pub(super) fn title(part: Part) -> &'static str {
    match part {
        Part::Identity => w::part_identity(),
        Part::Contact => w::part_contact(),
        Part::Residence => w::part_residence(),
        Part::Health => w::part_health(),
        Part::Household => w::part_household(),
        Part::Service => w::part_service(),
        Part::Money => w::part_money(),
        Part::Office => w::part_office(),
    }
}
