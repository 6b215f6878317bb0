use super::icon::{Icon, IconName};
use crate::locale::words;
use leptos::{html, prelude::*};
use leptos_router::components::A;

/// The bar over a page: way back, title, and at most two acts.
#[component]
pub(crate) fn NavBar(
    /// The page's heading.
    #[prop(into)]
    title: Signal<String>,
    /// Where back leads; none on the pages of the tab bar.
    #[prop(optional, into)]
    back: Option<String>,
    /// `NavAct`s at the end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let leads_back = back.is_some().then_some("");
    let heading = NodeRef::<html::H1>::new();
    // Whoever does not see the screen hears where a tap led.
    Effect::new(move || {
        if let Some(heading) = heading.get().filter(|_| leads_back.is_some()) {
            // A heading in the document takes the focus or ignores it.
            let _ = heading.focus();
        }
    });
    view! {
        <header class="nav-bar" data-back=leads_back>
            {back.map(|href| {
                view! {
                    <A href attr:class="nav-bar__back" attr:aria-label=words::ui::back()>
                        <Icon name=IconName::Back />
                    </A>
                }
            })}
            <h1 class="nav-bar__title" tabindex="-1" node_ref=heading>{title}</h1>
            <div class="nav-bar__end">{children.map(|children| children())}</div>
        </header>
    }
}

/// An act in the bar: a sign with a name.
#[component]
pub(crate) fn NavAct(
    /// The sign.
    icon: IconName,
    /// Its name, read aloud.
    #[prop(into)]
    label: String,
    /// What a press does.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button type="button" class="nav-bar__act" aria-label=label on:click=move |_| on_press.run(())>
            <Icon name=icon />
        </button>
    }
}
