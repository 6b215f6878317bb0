use super::icon::{Icon, IconName};
use leptos::prelude::*;
use leptos_router::components::A;

/// How much a button asks for attention. At most one `Primary` on a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ButtonKind {
    /// The one thing to do here.
    #[default]
    Primary,
    /// Another thing to do.
    Plain,
    /// Text only.
    Quiet,
    /// Cannot be undone.
    Danger,
}

impl ButtonKind {
    fn attr(self) -> &'static str {
        match self {
            ButtonKind::Primary => "primary",
            ButtonKind::Plain => "plain",
            ButtonKind::Quiet => "quiet",
            ButtonKind::Danger => "danger",
        }
    }
}

/// A button. Without `on_press` it submits the form it stands in.
#[component]
pub(crate) fn Button(
    /// How much it asks for attention.
    #[prop(optional)]
    kind: ButtonKind,
    /// A sign before the words.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// At work: shows it, and takes no second press.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What a press does.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let press = move |_| {
        if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            class="button"
            type=if on_press.is_some() { "button" } else { "submit" }
            data-kind=kind.attr()
            aria-busy=move || busy.get().to_string()
            disabled=move || disabled.get() || busy.get()
            on:click=press
        >
            {icon.map(|name| view! { <Icon name /> })}
            {children()}
        </button>
    }
}

/// A link that looks like a button: it goes somewhere and changes nothing.
#[component]
pub(crate) fn LinkButton(
    /// How much it asks for attention.
    #[prop(optional)]
    kind: ButtonKind,
    /// A sign before the words.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <A href attr:class="button" attr:data-kind=kind.attr()>
            {icon.map(|name| view! { <Icon name /> })}
            {children()}
        </A>
    }
}
