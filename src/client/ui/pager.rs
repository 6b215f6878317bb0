use super::{icon::IconName, nav_bar::NavAct};
use crate::locale::words::ui as w;
use leptos::prelude::*;

/// Leads through the pages of a long table; where one page holds all rows there is nothing to see.
#[component]
pub(crate) fn Pager(
    /// The page that is shown, from 0.
    #[prop(into)]
    page: Signal<usize>,
    /// How many rows a page holds.
    rows: usize,
    /// How many rows there are on all pages.
    #[prop(into)]
    all: Signal<usize>,
    /// Says which rows are shown: of the first, the last and all of them.
    words: fn(usize, usize, usize) -> String,
    /// Another page is asked for.
    #[prop(into)]
    on_turn: Callback<(usize,)>,
) -> impl IntoView {
    let first = move || page.get() * rows + 1;
    let last = move || (page.get() * rows + rows).min(all.get());
    let before = move || {
        if let Some(before) = page.get_untracked().checked_sub(1) {
            on_turn.run((before,));
        }
    };
    let after = move || {
        let next = page.get_untracked() + 1;
        if next * rows < all.get_untracked() {
            on_turn.run((next,));
        }
    };
    view! {
        <Show when=move || { all.get() > rows }>
            <div class="pager">
                <NavAct icon=IconName::Back label=w::page_before() on_press=before />
                <span>{move || words(first(), last(), all.get())}</span>
                <NavAct icon=IconName::Next label=w::page_after() on_press=after />
            </div>
        </Show>
    }
}
