//! 困难帮扶表: one difficulty, how it was verified, and room for the opinions of village, township and county in that order.

use super::{PaperSheet, Printing, answers, of_path, shown};
use crate::{
    data::{Loaded, NeedFile, NeedRow, RecipientFile, Topic, VisitFile, templates, use_data},
    features::{days, labels, needs_order, people},
    locale::words::print as w,
    routes,
};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// What the form shows.
struct NeedPaper {
    need: NeedRow,
    file: RecipientFile,
    /// The visit that looked into it.
    verified: Option<VisitFile>,
}

/// One need on paper.
#[component]
pub(crate) fn PrintNeedPage() -> impl IntoView {
    of_path(|id| view! { <OneNeed id /> }.into_any())
}

#[component]
fn OneNeed(id: Uuid) -> impl IntoView {
    let data = use_data();
    let found = Loaded::new(move || {
        data.changed(Topic::Needs).track();
        async move {
            let NeedFile { row: need, fields, .. } = data.need_file(id).await?;
            let file = data.recipient(need.recipient).await?;
            let visit = fields.get("verified_by").and_then(Value::as_str).and_then(|id| id.parse().ok());
            let verified = match visit {
                Some(visit) => data.visit(visit).await,
                None => None,
            };
            Some(Arc::new(NeedPaper { need, file, verified }))
        }
    });
    view! {
        <Printing back=routes::need(id)>
            {move || shown(found.get(), form)}
        </Printing>
    }
}

fn form(paper: &NeedPaper) -> AnyView {
    let NeedPaper { need, file, verified } = paper;
    let responsible = need.responsible.as_deref().map(people::name).unwrap_or_default();
    let due = need.due_on.as_deref().map(days::whole).unwrap_or_default();
    let answers = verified.as_ref().and_then(|visit| {
        let checklist = templates::to_read(&visit.row.template, visit.template_version)?;
        let rows = answers::rows(visit, &checklist);
        Some(view! { <h3 class="paper__part">{w::verified(days::whole(&visit.row.day))}</h3> {rows} })
    });
    let (person, path) = ((*file.row).clone(), routes::need(need.id));
    let (kind, urgency) = (labels::need_kind(&need.kind), needs_order::word(&need.urgency));
    let opinions = [w::opinion_applicant(), w::opinion_village(), w::opinion_township(), w::opinion_county()].map(|who| {
        view! { <tr><th>{who}</th><td class="paper__opinion"><span>{w::signed_and_stamped()}</span><span>{w::day_blank()}</span></td></tr> }
    });
    view! {
        <PaperSheet title=w::need_title().to_owned() person path>
            <table class="paper__table">
                <tbody>
                    <tr><th>{w::need_kind()}</th><td>{kind}</td><th>{w::urgency()}</th><td>{urgency}</td></tr>
                    <tr><th>{w::responsible()}</th><td>{responsible}</td><th>{w::due()}</th><td>{due}</td></tr>
                </tbody>
            </table>
            {answers}
            <h3 class="paper__part">{w::opinions()}</h3>
            <table class="paper__table"><tbody>{opinions.into_iter().collect_view()}</tbody></table>
        </PaperSheet>
    }
    .into_any()
}
