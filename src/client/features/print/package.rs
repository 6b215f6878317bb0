//! 走访资料包: for a round on paper, a list of those to be visited and a form to be filled for each.

use super::{
    Printing,
    blank::{Forms, blank},
    made,
};
use crate::{
    data::{Data, Loaded, RecipientFile, use_data},
    features::{days, labels, needs_order},
    locale::words::print as w,
    platform::clock,
    routes,
    ui::{Empty, IconName, LinkButton, Loading},
};
use domain::checklist::{Checklist, FOLLOWUP};
use leptos::prelude::*;
use std::{cell::RefCell, sync::Arc};
use uuid::Uuid;

/// As many as are made ready at once: a village's worth of paper.
pub(crate) const PEOPLE_MAX: usize = 60;

thread_local! {
    /// Whom another page has chosen. A change of language builds the page anew.
    static HANDED: RefCell<Vec<Uuid>> = const { RefCell::new(Vec::new()) };
}

/// Leads to the package for these, chosen elsewhere.
pub(crate) fn print_package(guide: routes::Guide, families: Vec<Uuid>) {
    HANDED.set(families);
    guide.to(routes::PRINT_PACKAGE);
}

/// What is printed.
struct Package {
    forms: Vec<(String, Arc<Checklist>)>,
    files: Vec<RecipientFile>,
}

#[component]
pub(crate) fn PrintPackagePage() -> impl IntoView {
    let data = use_data();
    let form = RwSignal::new(FOLLOWUP.to_owned());
    let found =
        Loaded::new(move || async move { Arc::new(read(data, HANDED.with_borrow(Clone::clone)).await) });
    let body = move || match found.get() {
        None => view! { <Loading /> }.into_any(),
        Some(package) if package.files.is_empty() => view! {
            <Empty icon=IconName::People title=w::package_nobody() advice=w::package_nobody_do()>
                <LinkButton href=routes::RECIPIENTS>{w::to_people()}</LinkButton>
            </Empty>
        }
        .into_any(),
        Some(package) => {
            let chosen = form.read();
            let checklist = package.forms.iter().find(|(id, _)| *id == *chosen).map(|(_, form)| form.clone());
            let blanks =
                checklist.map(|form| package.files.iter().map(|file| blank(&form, file)).collect_view());
            view! {
                <Forms forms=package.forms.clone() form />
                {cover(&package.files)}
                {blanks}
            }
            .into_any()
        }
    };
    view! { <Printing back=routes::RECIPIENTS.to_owned()>{body}</Printing> }
}

async fn read(data: Data, families: Vec<Uuid>) -> Package {
    let mut files = Vec::new();
    for id in families.into_iter().take(PEOPLE_MAX) {
        files.extend(data.recipient(id).await);
    }
    let forms = match files.first() {
        Some(file) => data.checklists(file.row.id).await,
        None => Vec::new(),
    };
    Package { forms, files }
}

/// The list that lies on top: whom to visit where, and what must be known before.
fn cover(files: &[RecipientFile]) -> AnyView {
    made();
    let heads = [
        w::number(),
        w::name(),
        w::category(),
        w::package_address(),
        w::phone(),
        w::package_last(),
        w::package_needs(),
    ];
    let heads = heads.map(|head| view! { <th>{head}</th> });
    let rows = files.iter().enumerate().map(|(at, file)| {
        let row = &file.row;
        let address = file.fields.get("live_addr").and_then(|field| field.value.as_str()).unwrap_or_default();
        let address = if address.is_empty() { row.village.clone() } else { address.to_owned() };
        let open = file.needs.iter().filter(|need| needs_order::is_open(&need.state));
        let needs: Vec<String> = open.map(|need| labels::need_kind(&need.kind)).collect();
        let last = row.last_visit.as_deref().map(days::whole).unwrap_or_default();
        view! {
            <tr>
                <td data-align="end">{at + 1}</td>
                <td>{row.name.clone()}</td>
                <td>{labels::category_short(&row.category)}</td>
                <td>{address}</td>
                <td>{row.phone.clone()}</td>
                <td>{last}</td>
                <td>{needs.join(labels::between())}</td>
            </tr>
        }
    });
    view! {
        <article class="paper" tabindex="0" aria-label=w::package_title()>
            <header class="paper__head"><h2 class="paper__title">{w::package_title()}</h2></header>
            <table class="paper__table">
                <thead><tr>{heads.into_iter().collect_view()}</tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            <footer class="paper__foot">{w::printed_on(days::whole(&clock::today()))}</footer>
        </article>
    }
    .into_any()
}
