use super::{
    badge::Tone,
    icon::{Icon, IconName},
};
use leptos::prelude::*;

/// One line that matters, over everything else on the page.
#[component]
pub(crate) fn Banner(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// The sign before it.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// The sentence.
    #[prop(into)]
    words: Signal<String>,
    /// A button at the end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let sign = icon.unwrap_or(match tone {
        Tone::Good => IconName::Check,
        Tone::Plain => IconName::Info,
        Tone::Soon | Tone::Bad | Tone::Urgent => IconName::Alert,
    });
    view! {
        <div class="banner" data-tone=tone.attr()>
            <Icon name=sign />
            <p class="banner__words">{words}</p>
            {children.map(|children| view! { <div class="banner__act">{children()}</div> })}
        </div>
    }
}
