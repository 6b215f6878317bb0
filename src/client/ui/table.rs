use super::icon::{Icon, IconName};
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

/// By which column the rows are ordered, and who orders them.
#[derive(Clone, Copy)]
pub(crate) struct Sorting {
    /// The column's place, and whether the last row comes first.
    by: Signal<Option<(usize, bool)>>,
    /// Takes the place of the column whose head was pressed.
    on_press: Callback<(usize,)>,
}

impl Sorting {
    /// Ordered by one of the columns; `press` orders by another.
    pub(crate) fn new(
        by: Signal<Option<(usize, bool)>>,
        press: impl Fn(usize) + Send + Sync + 'static,
    ) -> Sorting {
        Sorting { by, on_press: Callback::new(move |(at,)| press(at)) }
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
    /// Where its rows can be ordered.
    #[prop(optional)]
    sort: Option<Sorting>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads = move || {
        let of = |(at, column): (usize, Column)| match sort {
            Some(sort) => sorting_head(at, column, sort).into_any(),
            None => head(column).into_any(),
        };
        columns.get().into_iter().enumerate().map(of).collect_view()
    };
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

fn sorting_head(at: usize, column: Column, sort: Sorting) -> impl IntoView {
    let down = move || sort.by.get().filter(|(by, _)| *by == at).map(|(_, down)| down);
    let order = move || down().map(|down| if down { "descending" } else { "ascending" });
    let sign =
        move || down().map(|down| view! { <Icon name=if down { IconName::Down } else { IconName::Up } /> });
    view! {
        <th scope="col" aria-sort=order data-align=column.number.then_some("end")>
            <button type="button" class="table__sort" on:click=move |_| sort.on_press.run((at,))>{column.label} {sign}</button>
        </th>
    }
}
