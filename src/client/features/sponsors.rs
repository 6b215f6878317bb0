//! 帮扶企业: who helps, what they agreed to, what they promised and what came of it.

mod detail;
mod donation;
mod form;
mod list;
mod listed;
mod state;

use crate::{
    data::{Loaded, Sponsors, Topic, use_data},
    locale::words::sponsors as w,
    routes,
    ui::{Empty, IconName, Loading, Page, PageBody},
};
use detail::SponsorPane;
use form::AddSponsor;
use leptos::prelude::*;
use list::List;
use listed::ImportSponsors;

/// The list of sponsors; with an id in the path one of them.
#[component]
pub(crate) fn SponsorsPage() -> impl IntoView {
    let id = routes::id_param();
    use_data().ask_for_news(id);
    move || match id.get() {
        Some(id) => view! { <SponsorPane id /> }.into_any(),
        None => view! { <ListPane /> }.into_any(),
    }
}

#[component]
fn ListPane() -> impl IntoView {
    let data = use_data();
    let all = Loaded::new(move || {
        data.changed(Topic::Sponsors).track();
        data.changed(Topic::Needs).track();
        async move { data.sponsors().await }
    });
    view! {
        <Page title=w::title() body=PageBody::Wide>
            {move || match all.get() {
                None => view! { <Loading /> }.into_any(),
                Some(Sponsors { rows, .. }) if rows.is_empty() => {
                    // Not within the empty face: the form would take over how that one is set.
                    view! {
                        <Empty icon=IconName::Building title=w::none() advice=w::none_advice() />
                        <div class="sponsors__first"><AddSponsor rows=rows.clone() /><ImportSponsors rows /></div>
                    }
                        .into_any()
                }
                Some(all) => view! { <List all /> }.into_any(),
            }}
        </Page>
    }
}
