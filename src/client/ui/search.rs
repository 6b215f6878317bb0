use super::icon::{Icon, IconName};
use crate::locale::words;
use leptos::prelude::*;

/// A line that searches with each key.
#[component]
pub(crate) fn Search(
    /// What it searches, read aloud.
    #[prop(into)]
    label: String,
    /// The same in fewer words, shown while empty; the whole where it is left out.
    #[prop(optional, into)]
    short: Option<String>,
    /// What is typed.
    text: RwSignal<String>,
) -> impl IntoView {
    view! {
        <div class="search" role="search">
            <Icon name=IconName::Search />
            <input
                class="search__input"
                type="search"
                enterkeyhint="search"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-label=label.clone()
                placeholder=short.unwrap_or(label)
                prop:value=text
                on:input:target=move |event| text.set(event.target().value())
            />
            <Show when=move || !text.read().is_empty()>
                <button type="button" class="search__clear" aria-label=words::ui::clear() on:click=move |_| text.set(String::new())>
                    <Icon name=IconName::Close />
                </button>
            </Show>
        </div>
    }
}
