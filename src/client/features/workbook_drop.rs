//! The place where a workbook is chosen.

use crate::{
    platform::files::{self, File},
    ui::{Icon, IconName},
};
use leptos::prelude::*;

#[component]
pub(crate) fn WorkbookDrop(
    /// What it asks for.
    #[prop(into)]
    title: Signal<&'static str>,
    /// What is said below.
    #[prop(optional)]
    note: Option<&'static str>,
    /// Beside other things, and not what a page is about.
    #[prop(optional)]
    small: bool,
    /// While one is read, no other is taken.
    busy: RwSignal<bool>,
    /// Takes the file.
    #[prop(into)]
    on_file: Callback<(File,)>,
) -> impl IntoView {
    let class = if small { "drop drop--small" } else { "drop" };
    view! {
        <label class=class aria-busy=move || busy.get().to_string()>
            <Icon name=IconName::Document />
            <span class="drop__title">{title}</span>
            {note.map(|note| view! { <span class="drop__note">{note}</span> })}
            <input
                class="drop__input"
                type="file"
                accept=".xlsx,.xls"
                disabled=busy
                on:change:target=move |event| {
                    if let Some(file) = files::take_chosen(&event.target()).into_iter().next() {
                        on_file.run((file,));
                    }
                }
            />
        </label>
    }
}
