use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// What it is called in `Sort`.
    pub(crate) key: &'static str,
    /// Its heading.
    pub(crate) label: String,
    /// Whether it stands at the end of its room, as numbers do.
    pub(crate) number: bool,
    /// Whether the heading sorts.
    pub(crate) sorts: bool,
}

impl Column {
    /// A column of words that does not sort.
    pub(crate) fn new(key: &'static str, label: impl Into<String>) -> Column {
        Column { key, label: label.into(), number: false, sorts: false }
    }

    /// The same, but its heading sorts.
    pub(crate) fn sorting(self) -> Column {
        Column { sorts: true, ..self }
    }

    /// The same, but for numbers.
    pub(crate) fn number(self) -> Column {
        Column { number: true, ..self }
    }
}

/// What a table is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sort {
    /// The key of the column; empty for the order given.
    pub(crate) key: &'static str,
    /// Whether the largest comes first.
    pub(crate) down: bool,
}

impl Sort {
    fn turned(self, key: &'static str) -> Sort {
        Sort { key, down: self.key == key && !self.down }
    }
}

/// A table with a sticky head. The rows are `<tr>`s given as children; the page sorts them by `sort`.
#[component]
pub(crate) fn Table(
    /// What it lists, read aloud.
    #[prop(into)]
    caption: String,
    /// Its columns.
    #[prop(into)]
    columns: Signal<Vec<Column>>,
    /// What it is sorted by.
    #[prop(optional)]
    sort: RwSignal<Sort>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads = move || columns.get().into_iter().map(|column| view! { <Head column sort /> }).collect_view();
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

#[component]
fn Head(column: Column, sort: RwSignal<Sort>) -> impl IntoView {
    let key = column.key;
    let order = move || match sort.get() {
        Sort { key: sorted, .. } if sorted != key => None,
        Sort { down: true, .. } => Some("descending"),
        Sort { down: false, .. } => Some("ascending"),
    };
    let label = if column.sorts {
        view! {
            <button type="button" class="table__sort" on:click=move |_| sort.update(|sort| *sort = sort.turned(key))>
                {column.label}
                {move || {
                    order().map(|order| {
                        let name = if order == "ascending" { IconName::Up } else { IconName::Down };
                        view! { <Icon name /> }
                    })
                }}
            </button>
        }
        .into_any()
    } else {
        column.label.into_any()
    };
    view! { <th scope="col" data-align=column.number.then_some("end") aria-sort=order>{label}</th> }
}
