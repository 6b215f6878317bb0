use leptos::prelude::*;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its heading.
    pub(crate) label: String,
    /// Whether it stands at the end of its room, as numbers do.
    pub(crate) number: bool,
}

impl Column {
    /// A column of words.
    pub(crate) fn new(label: impl Into<String>) -> Column {
        Column { label: label.into(), number: false }
    }

    /// The same, but for numbers.
    pub(crate) fn number(self) -> Column {
        Column { number: true, ..self }
    }
}

/// A table with a sticky head. The rows are `<tr>`s given as children.
#[component]
pub(crate) fn Table(
    /// What it lists, read aloud.
    #[prop(into)]
    caption: String,
    /// Its columns.
    #[prop(into)]
    columns: Signal<Vec<Column>>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads = move || columns.get().into_iter().map(head).collect_view();
    view! {
        <div class="table" tabindex="0" role="region" aria-label=caption>
            <table class="table__grid">
                <caption class="sr-only">{caption.clone()}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

fn head(column: Column) -> impl IntoView {
    view! { <th scope="col" data-align=column.number.then_some("end")>{column.label}</th> }
}
