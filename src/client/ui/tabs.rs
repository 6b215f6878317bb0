use leptos::prelude::*;

/// Parts of one page, one shown at a time. The panel is a `TabPanel` with the same id.
#[component]
pub(crate) fn Tabs(
    /// Names the tabs and their panel.
    id: &'static str,
    /// What the tabs are about, read aloud.
    #[prop(into)]
    label: String,
    /// Their words.
    #[prop(into)]
    tabs: Signal<Vec<String>>,
    /// Which is open, from 0.
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let count = tabs.read().len().max(1);
        let next = match event.key().as_str() {
            "ArrowRight" => (chosen.get() + 1) % count,
            "ArrowLeft" => (chosen.get() + count - 1) % count,
            _ => return,
        };
        event.prevent_default();
        chosen.set(next);
        crate::ui::focus_id(&format!("{id}-tab-{next}"));
    };
    let tab = move |(index, words): (usize, String)| {
        view! {
            <button
                type="button"
                role="tab"
                class="tabs__tab"
                id=format!("{id}-tab-{index}")
                aria-selected=move || (chosen.get() == index).to_string()
                aria-controls=format!("{id}-panel")
                tabindex=move || if chosen.get() == index { "0" } else { "-1" }
                on:click=move |_| chosen.set(index)
            >
                {words}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=keys>
            {move || tabs.get().into_iter().enumerate().map(tab).collect_view()}
        </div>
    }
}

/// What the open tab shows.
#[component]
pub(crate) fn TabPanel(
    /// As in `Tabs`.
    id: &'static str,
    /// Which tab is open.
    chosen: RwSignal<usize>,
    /// Its content.
    children: Children,
) -> impl IntoView {
    view! {
        <div
            role="tabpanel"
            id=format!("{id}-panel")
            aria-labelledby=move || format!("{id}-tab-{}", chosen.get())
            tabindex="0"
        >
            {children()}
        </div>
    }
}
