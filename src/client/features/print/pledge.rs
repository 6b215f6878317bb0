//! 帮扶认领单: what a sponsor promised and to whom. Of the family it says name, village and kind of need, which is all that a sponsor may know.

use super::{Printing, made, of_path, shown};
use crate::{
    data::{Loaded, PledgeRow, Target, Topic, use_data},
    features::{days, labels, pledges},
    locale::words::print as w,
    platform::clock,
    routes,
};
use leptos::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

/// One promise on paper.
#[component]
pub(crate) fn PrintPledgePage() -> impl IntoView {
    of_path(|id| view! { <OnePledge id /> }.into_any())
}

#[component]
fn OnePledge(id: Uuid) -> impl IntoView {
    let data = use_data();
    let found = Loaded::new(move || {
        data.changed(Topic::Sponsors).track();
        async move { data.pledge(id).await.map(Arc::new) }
    });
    let back = Signal::derive(move || match found.get().flatten().and_then(|row| row.sponsor) {
        Some(sponsor) => routes::sponsor(sponsor),
        None => routes::SPONSORS.to_owned(),
    });
    move || view! { <Printing back=back.get()>{shown(found.get(), form)}</Printing> }
}

fn form(row: &PledgeRow) -> AnyView {
    made();
    let (name, village, kind) = match &row.target {
        Target::Need { name, village, kind, .. } => (name.clone(), village.clone(), labels::need_kind(kind)),
        Target::Person { name, village, .. } => (name.clone(), village.clone(), String::new()),
        Target::Nobody | Target::Gone => (pledges::target_words(&row.target), String::new(), String::new()),
    };
    let due = row.due_on.map(|day| days::whole(&day.to_string())).unwrap_or_default();
    let signs = [w::sign_sponsor(), w::opinion_township()].map(|who| {
        view! { <tr><th>{who}</th><td class="paper__opinion"><span>{w::signed_and_stamped()}</span><span>{w::day_blank()}</span></td></tr> }
    });
    view! {
        <article class="paper" tabindex="0" aria-label=w::pledge_title()>
            <header class="paper__head"><h2 class="paper__title">{w::pledge_title()}</h2></header>
            <table class="paper__table">
                <tbody>
                    <tr><th>{w::sponsor()}</th><td colspan="3">{row.sponsor_name.clone()}</td></tr>
                    <tr><th>{w::promised()}</th><td>{pledges::what(row.money, &row.goods)}</td><th>{w::kept_by()}</th><td>{due}</td></tr>
                    <tr><th>{w::name()}</th><td>{name}</td><th>{w::village()}</th><td>{village}</td></tr>
                    <tr><th>{w::need_kind()}</th><td colspan="3">{kind}</td></tr>
                </tbody>
            </table>
            <table class="paper__table"><tbody>{signs.into_iter().collect_view()}</tbody></table>
            <footer class="paper__foot">{w::printed_on(days::whole(&clock::today()))}</footer>
        </article>
    }
    .into_any()
}
