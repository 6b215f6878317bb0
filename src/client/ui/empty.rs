use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// The face of a page with nothing on it: says so, and what to do.
#[component]
pub(crate) fn Empty(
    /// A sign.
    icon: IconName,
    /// What is not there.
    #[prop(into)]
    title: String,
    /// What to do about it; empty for nothing.
    #[prop(optional, into)]
    advice: String,
    /// A button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name=icon />
            <p class="empty__title">{title}</p>
            {(!advice.is_empty()).then(|| view! { <p>{advice}</p> })}
            {children.map(|children| children())}
        </div>
    }
}
