use leptos::prelude::*;

/// One of several, by the browser's own list, under its label.
#[component]
pub(crate) fn Select(
    /// What is chosen.
    label: &'static str,
    /// Value and words of each.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The value that is chosen.
    chosen: Signal<String>,
    /// Takes the value that was picked.
    #[prop(into)]
    on_pick: Callback<(String,)>,
) -> impl IntoView {
    let options = move || {
        let option = |(value, words): (String, String)| {
            let is_chosen = value == *chosen.read();
            view! { <option value=value selected=is_chosen>{words}</option> }
        };
        options.get().into_iter().map(option).collect_view()
    };
    view! {
        <label class="filters__one">
            <span class="filters__label">{label}</span>
            <select class="select" on:change:target=move |event| on_pick.run((event.target().value(),))>{options}</select>
        </label>
    }
}
