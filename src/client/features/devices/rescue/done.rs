//! What became of a rescue file, a sentence each.

use super::state::Report;
use crate::{
    locale::words::rescue as w,
    routes,
    ui::{Banner, Button, ButtonKind, Icon, IconName, LinkButton, Tone},
};
use leptos::prelude::*;

/// The outcome, and where it is gone on with.
#[component]
pub(super) fn Done(
    /// What the office did.
    report: Report,
    /// Another file.
    #[prop(into)]
    on_again: Callback<()>,
) -> impl IntoView {
    let counts = report.counts();
    let lines = [
        (counts.applied, w::done_applied as fn(usize) -> String),
        (counts.merged, w::done_merged),
        (counts.held, w::done_held),
        (counts.known, w::done_known),
        (counts.drafts, w::done_drafts),
        (counts.photos, w::done_photos),
        (counts.photos_known, w::done_photos_known),
    ];
    let bad = [
        (counts.rejected, w::done_rejected as fn(usize) -> String),
        (counts.photos_rejected, w::done_photos_rejected),
        (counts.damaged, w::done_damaged),
    ];
    let said = lines.into_iter().filter(|(n, _)| *n > 0).map(|(n, words)| view! { <li>{words(n)}</li> });
    let warned = bad
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, words)| view! { <Banner tone=Tone::Soon words=words(n) /> });
    let title = if counts.is_nothing_new() { w::done_nothing() } else { w::done() };
    let decides = counts.held + counts.merged + counts.drafts > 0;
    view! {
        <section class="import__done" role="status">
            <h2 class="import__done-title"><Icon name=IconName::Check />{title}</h2>
            <p>{w::done_of(&report.user)}</p>
            <ul class="decide__list">{said.collect_view()}</ul>
            {warned.collect_view()}
            <p class="quiet small">{w::done_phone()}</p>
            <div class="row">
                {decides.then(|| view! { <LinkButton href=routes::ATTENTION>{w::to_attention()}</LinkButton> })}
                <Button kind=ButtonKind::Plain on_press=on_again>{w::again()}</Button>
            </div>
        </section>
    }
}
