//! 走访登记表, filled: a visit as it was recorded, to be signed and stamped.

use super::{Gone, PaperSheet, Printing, Signatures, answers};
use crate::{
    data::{Loaded, RecipientFile, Topic, VisitFile, templates, use_data},
    features::{answer_words, days, people},
    locale::words::print as w,
    routes,
    ui::Loading,
};
use leptos::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

/// One visit on paper.
#[component]
pub(crate) fn PrintVisitPage() -> impl IntoView {
    let id = routes::id_param();
    move || id.get().map_or_else(|| view! { <Gone /> }.into_any(), |id| view! { <OneVisit id /> }.into_any())
}

#[component]
fn OneVisit(id: Uuid) -> impl IntoView {
    let data = use_data();
    let found = Loaded::new(move || {
        data.changed(Topic::Visits).track();
        async move {
            let visit = data.visit(id).await?;
            let file = data.recipient(visit.row.recipient).await?;
            Some(Arc::new((visit, file)))
        }
    });
    view! {
        <Printing back=routes::visit(id)>
            {move || match found.get() {
                None => view! { <Loading /> }.into_any(),
                Some(None) => view! { <Gone /> }.into_any(),
                Some(Some(found)) => filled(&found.0, &found.1),
            }}
        </Printing>
    }
}

fn filled(visit: &VisitFile, file: &RecipientFile) -> AnyView {
    let Some(checklist) = templates::to_read(&visit.row.template, visit.template_version) else {
        return view! { <Gone /> }.into_any();
    };
    let by = visit.row.visitors.iter().map(|id| people::name(id)).collect::<Vec<_>>().join(" ");
    let title = answer_words::words(&checklist.template().title);
    let note = w::visited(days::whole(&visit.row.day), by);
    let (person, path) = ((*file.row).clone(), routes::visit(visit.row.id));
    let rows = answers::rows(visit, &checklist);
    view! {
        <PaperSheet title person note path>
            {rows}
            <Signatures who=vec![w::sign_visitor(), w::sign_family(), w::sign_village()] />
        </PaperSheet>
    }
    .into_any()
}
