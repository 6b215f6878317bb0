use super::field::fresh_id;
use leptos::prelude::*;

/// A row with a switch that acts at once.
#[component]
pub(crate) fn Switch(
    /// What it turns on.
    #[prop(into)]
    label: String,
    /// What that means.
    #[prop(optional, into)]
    note: Option<String>,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// The new state.
    #[prop(into)]
    on_switch: Callback<(bool,)>,
) -> impl IntoView {
    let id = fresh_id("switch");
    view! {
        <label class="cell" for=id>
            <span class="cell__words">
                <span class="cell__label">{label}</span>
                {note.map(|note| view! { <span class="cell__note">{note}</span> })}
            </span>
            <input
                class="switch"
                id=id.clone()
                type="checkbox"
                role="switch"
                prop:checked=on
                on:change:target=move |event| on_switch.run((event.target().checked(),))
            />
        </label>
    }
}
