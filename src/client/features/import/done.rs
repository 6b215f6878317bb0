//! The last step: what was written.

use super::{
    refused::RefusedLines,
    state::{Committed, Preview},
};
use crate::{
    locale::words,
    routes,
    ui::{Banner, Button, ButtonKind, Icon, IconName, LinkButton, Tone},
};
use leptos::prelude::*;
use std::sync::Arc;

/// What was written, and what to do next.
#[component]
pub(super) fn ImportDone(
    /// What the commit did.
    committed: Committed,
    /// The list as it was shown.
    preview: Arc<Preview>,
    /// Another file.
    #[prop(into)]
    on_again: Callback<()>,
) -> impl IntoView {
    let refused = preview.refused;
    let lines = if committed.changesets == 0 {
        vec![words::import::done_nothing().to_owned()]
    } else {
        let mut lines = vec![
            words::import::done_created(committed.created),
            words::import::done_changed(committed.changed),
            words::import::done_same(committed.same),
        ];
        lines
            .extend((committed.households > 0).then(|| words::import::done_households(committed.households)));
        lines
    };
    view! {
        <section class="import__done" role="status">
            <p class="import__done-title"><Icon name=IconName::Check />{words::import::done()}</p>
            <ul>{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
            {(refused > 0)
                .then(|| {
                    view! {
                        <Banner tone=Tone::Soon words=words::import::done_refused(refused) />
                        <RefusedLines import=preview.id.clone() file=preview.file.clone() />
                    }
                })}
            <div class="row">
                <LinkButton href=routes::RECIPIENTS>{words::import::to_recipients()}</LinkButton>
                <Button kind=ButtonKind::Plain on_press=on_again>{words::import::again()}</Button>
            </div>
        </section>
    }
}
