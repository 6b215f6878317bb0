use super::icon::{Icon, IconName};
use crate::locale::words;
use leptos::prelude::*;
use leptos_router::components::A;

/// One of the app's main places.
#[derive(Clone)]
pub(crate) struct Tab {
    /// Its name.
    pub(crate) label: &'static str,
    /// Its sign.
    pub(crate) icon: IconName,
    /// Its path; a longer path under it keeps the tab open.
    pub(crate) href: String,
    /// How many things wait there.
    pub(crate) count: Signal<usize>,
    /// Whether only this very path opens it.
    pub(crate) exact: bool,
    /// Whether it is for the wide screen of an office only.
    pub(crate) wide: bool,
}

/// The main places: under the page on a phone, at its side from 1024 px.
#[component]
pub(crate) fn TabBar(
    /// In the order of the hand, five at most on a phone.
    tabs: Vec<Tab>,
) -> impl IntoView {
    view! {
        <nav class="tab-bar" aria-label=words::ui::main_places()>
            <p class="tab-bar__mark">{words::ui::mark()}</p>
            <ul class="tab-bar__list">
                {tabs.into_iter().map(|tab| view! { <TabLink tab /> }).collect_view()}
            </ul>
        </nav>
    }
}

#[component]
fn TabLink(tab: Tab) -> impl IntoView {
    let count = tab.count;
    view! {
        <li class="tab-bar__item" data-wide=tab.wide.then_some("")>
            <A href=tab.href exact=tab.exact attr:class="tab-bar__link">
                <Icon name=tab.icon />
                <span>{tab.label}</span>
                <Show when=move || { count.get() > 0 }>
                    <span class="tab-bar__count">
                        {move || if count.get() > 99 { "99+".to_owned() } else { count.get().to_string() }}
                        <span class="sr-only">{words::ui::waiting()}</span>
                    </span>
                </Show>
            </A>
        </li>
    }
}
