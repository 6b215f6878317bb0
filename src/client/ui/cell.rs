use super::icon::{Icon, IconName};
use leptos::prelude::*;
use leptos_router::components::A;

/// Rows on one sheet, under a heading.
#[component]
pub(crate) fn CellGroup(
    /// The heading.
    #[prop(optional, into)]
    title: Option<String>,
    /// A remark under the sheet.
    #[prop(optional, into)]
    note: Option<String>,
    /// `Cell`s, `Fact`s or fields.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="cell-group">
            {title.map(|title| view! { <h2 class="cell-group__title">{title}</h2> })}
            <div class="cell-group__sheet">{children()}</div>
            {note.map(|note| view! { <p class="cell-group__note">{note}</p> })}
        </section>
    }
}

/// One row: words at the start, a value or children at the end. With `href` it is a link, with `on_press` a button.
#[component]
pub(crate) fn Cell(
    /// What it is.
    #[prop(into)]
    label: Signal<String>,
    /// A second line, quieter.
    #[prop(optional, into)]
    note: Signal<String>,
    /// The value at the end.
    #[prop(optional, into)]
    value: Signal<String>,
    /// Where it leads.
    #[prop(optional, into)]
    href: Option<String>,
    /// What a press does.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// Badges or a switch at the end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let leads = href.is_some() || on_press.is_some();
    let inside = view! {
        <span class="cell__words">
            <span class="cell__label">{label}</span>
            {move || {
                let note = note.get();
                (!note.is_empty()).then(|| view! { <span class="cell__note">{note}</span> })
            }}
        </span>
        <span class="cell__value">{value}</span>
        {children.map(|children| children())}
        {leads
            .then(|| view! { <span class="cell__go"><Icon name=IconName::Next /></span> })}
    };
    match (href, on_press) {
        (Some(href), _) => view! { <A href attr:class="cell">{inside}</A> }.into_any(),
        (None, Some(on_press)) => {
            view! { <button type="button" class="cell" on:click=move |_| on_press.run(())>{inside}</button> }
                .into_any()
        }
        (None, None) => view! { <div class="cell">{inside}</div> }.into_any(),
    }
}

/// One line of a file: a quiet label, the value, and what must be known about it (待审核, 两处不同).
#[component]
pub(crate) fn Fact(
    /// What it is.
    #[prop(into)]
    label: String,
    /// What stands in the file.
    #[prop(into)]
    value: String,
    /// What must be known about the value.
    #[prop(optional, into)]
    mark: Option<String>,
    /// An act at the end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="fact">
            <span class="fact__label">{label}</span>
            <span class="fact__value">
                {value} {mark.map(|mark| view! { <span class="fact__mark">{mark}</span> })}
            </span>
            {children.map(|children| children())}
        </div>
    }
}
