//! 走访登记表, filled: a visit as it was recorded, to be signed and stamped.

use super::{Gone, PaperSheet, Printing, Signatures, answers, of_path, shown};
use crate::{
    data::{Loaded, RecipientFile, Topic, VisitFile, VisitState, templates, use_data},
    features::{answer_words, days, people},
    locale::words::print as w,
    routes,
};
use leptos::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

/// One visit on paper.
#[component]
pub(crate) fn PrintVisitPage() -> impl IntoView {
    of_path(|id| view! { <OneVisit id /> }.into_any())
}

#[component]
fn OneVisit(id: Uuid) -> impl IntoView {
    let data = use_data();
    let found = Loaded::new(move || {
        data.changed(Topic::Visits).track();
        async move { data.visit_and_file(id).await.map(Arc::new) }
    });
    view! {
        <Printing back=routes::visit(id)>
            {move || shown(found.get(), |(visit, file)| filled(visit, file))}
        </Printing>
    }
}

fn filled(visit: &VisitFile, file: &RecipientFile) -> AnyView {
    let Some(checklist) = templates::to_read(&visit.row.template, visit.template_version) else {
        return view! { <Gone /> }.into_any();
    };
    let by = visit.row.visitors.iter().map(|id| people::name(id)).collect::<Vec<_>>().join(" ");
    let title = answer_words::words(&checklist.template().title);
    let visited = w::visited(days::whole(&visit.row.day), by);
    let is_cancelled = visit.row.state == VisitState::Cancelled;
    let note = if is_cancelled { w::cancelled(visited, &visit.row.why) } else { visited };
    let (person, path) = ((*file.row).clone(), routes::visit(visit.row.id));
    let rows = answers::rows(visit, &checklist);
    view! {
        <PaperSheet title person note path>
            {rows}
            <Signatures />
        </PaperSheet>
    }
    .into_any()
}
