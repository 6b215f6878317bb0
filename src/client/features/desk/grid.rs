//! The table itself: a grid that one key at a time goes through.

use super::{
    Rows,
    keys::{Pressed, Then, press},
    state::{Column, TableView, cell},
    tools::column_name,
};
use crate::{
    data::RecipientRow,
    features::{labels, people},
    locale::words::desk as w,
    platform::{clock, scroll},
    routes,
    ui::{Badge, Icon, IconName, Pager, Tone},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};
use std::sync::Arc;
use uuid::Uuid;

/// Rows that are built at once.
const PAGE_ROWS: usize = 100;

/// The rows with their keys.
#[component]
pub(super) fn Grid(
    /// In the order shown.
    rows: Signal<Rows, LocalStorage>,
    /// How the table is looked at.
    view: RwSignal<TableView>,
    /// Whose file is open.
    open: Signal<Option<Uuid>>,
) -> impl IntoView {
    let page = RwSignal::new(0_usize);
    let all = Memo::new(move |_| rows.read().len());
    let navigate = use_navigate();
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let (key, ctrl) = (event.key(), event.ctrl_key() || event.meta_key());
        let pressed = Pressed { key: &key, shift: event.shift_key(), ctrl };
        // The rows are sorted by the view: they are read before it is borrowed.
        let shown = rows.get_untracked();
        let then = view.try_update(|view| press(view, &shown, pressed)).unwrap_or(Then::Nothing);
        match then {
            Then::Nothing => return,
            Then::Show(at) => {
                page.set(at / PAGE_ROWS);
                reveal(at);
            }
            Then::Open(id) => navigate(&routes::recipient(id), NavigateOptions::default()),
            Then::Close => navigate(routes::RECIPIENTS, NavigateOptions::default()),
            Then::Stay => {}
        }
        event.prevent_default();
    };
    let columns = Memo::new(move |_| view.read().columns());
    let active = move || view.with(|view| view.position(&rows.read())).map(row_id);
    view! {
        <div
            class="table desk__grid"
            tabindex="0"
            role="grid"
            aria-label=w::table()
            aria-rowcount=move || all.get().to_string()
            aria-multiselectable="true"
            aria-activedescendant=active
            on:keydown=keys
        >
            <table class="table__grid" role="presentation">
                <Head rows view columns />
                <tbody role="rowgroup">
                    {move || {
                        let first = (page.get() * PAGE_ROWS).min(all.get().saturating_sub(1) / PAGE_ROWS * PAGE_ROWS);
                        let shown = rows.read();
                        let last = (first + PAGE_ROWS).min(shown.len());
                        (first..last)
                            .map(|at| view! { <Line at row=shown[at].clone() rows view open columns /> })
                            .collect_view()
                    }}
                </tbody>
            </table>
        </div>
        <Pager page rows=PAGE_ROWS all words=|first, last, all| w::page_of(first, last, all) on_turn=move |to| page.set(to) />
    }
}

fn row_id(at: usize) -> String {
    format!("desk-row-{at}")
}

/// Scrolls a row into sight once it is built.
fn reveal(at: usize) {
    request_animation_frame(move || scroll::into_sight(&row_id(at)));
}

#[component]
fn Head(
    rows: Signal<Rows, LocalStorage>,
    view: RwSignal<TableView>,
    columns: Memo<Vec<Column>>,
) -> impl IntoView {
    let all_chosen = move || {
        let rows = rows.read();
        !rows.is_empty() && view.with(|view| view.chosen(&rows)) == rows.len()
    };
    let head = move |column: Column| {
        let order = move || {
            let sort = view.read().sort;
            (sort.column == column).then_some(if sort.descending { "descending" } else { "ascending" })
        };
        let sign = move || {
            order().map(|order| {
                let name = if order == "ascending" { IconName::Up } else { IconName::Down };
                view! { <Icon name /> }
            })
        };
        view! {
            <th scope="col" role="columnheader" aria-sort=order data-align=is_number(column).then_some("end")>
                <button type="button" class="table__sort" on:click=move |_| view.update(|view| view.sort_by(column))>
                    {column_name(column)}
                    {sign}
                </button>
            </th>
        }
    };
    view! {
        <thead role="rowgroup">
            <tr role="row">
                <th scope="col" role="columnheader">
                    <input
                        class="choice__mark"
                        type="checkbox"
                        aria-label=w::choose_all()
                        prop:checked=all_chosen
                        on:change=move |_| {
                            let shown = rows.get_untracked();
                            view.update(|view| view.toggle_all(&shown));
                        }
                    />
                </th>
                {move || columns.get().into_iter().map(head).collect_view()}
            </tr>
        </thead>
    }
}

#[component]
fn Line(
    at: usize,
    row: Arc<RecipientRow>,
    rows: Signal<Rows, LocalStorage>,
    view: RwSignal<TableView>,
    open: Signal<Option<Uuid>>,
    columns: Memo<Vec<Column>>,
) -> impl IntoView {
    let id = row.id;
    let chosen = Memo::new(move |_| view.read().is_chosen(id));
    let at_cursor = Memo::new(move |_| view.read().cursor == Some(id));
    let label = w::choose_one(&row.name);
    let cells = move || columns.get().into_iter().map(|column| shown(&row, column)).collect_view();
    view! {
        <tr
            id=row_id(at)
            role="row"
            aria-rowindex=(at + 2).to_string()
            aria-selected=move || chosen.get().to_string()
            data-cursor=move || at_cursor.get().then_some("")
            data-open=move || (open.get() == Some(id)).then_some("")
            on:click=move |_| view.update(|view| view.cursor = Some(id))
        >
            <td role="gridcell">
                <input
                    class="choice__mark"
                    type="checkbox"
                    tabindex="-1"
                    aria-label=label
                    prop:checked=chosen
                    on:click=move |event: leptos::ev::MouseEvent| {
                        let shown = rows.get_untracked();
                        view.update(|view| view.press(&shown, id, event.shift_key()));
                    }
                />
            </td>
            {cells}
        </tr>
    }
}

fn is_number(column: Column) -> bool {
    matches!(column, Column::Birth | Column::IdTail | Column::Needs)
}

fn shown(row: &RecipientRow, column: Column) -> AnyView {
    let align = is_number(column).then_some("end");
    let text = cell(row, column);
    let inside = match column {
        Column::Name => {
            view! { <A href=routes::recipient(row.id) attr:class="desk__name" attr:tabindex="-1">{text}</A> }
                .into_any()
        }
        Column::Category => labels::category_short(&text).into_any(),
        Column::Responsible if !text.is_empty() => (move || people::name(&text)).into_any(),
        Column::Sex => labels::value("sex", &text.into()).into_any(),
        Column::Due if !text.is_empty() && text < clock::today() => {
            view! { {text}" "<Badge tone=Tone::Bad words=w::overdue() /> }.into_any()
        }
        _ => text.into_any(),
    };
    view! { <td role="gridcell" class="nowrap" data-align=align>{inside}</td> }.into_any()
}
