//! A list of many rows that are put into another order.

use crate::{
    locale::words::{checklists, samples as w},
    ui::{CellGroup, Icon, IconName, Reorder, Spot, WindowList},
};
use leptos::prelude::*;

const ROWS: usize = 500;

#[component]
pub(super) fn Sorted() -> impl IntoView {
    let rows = RwSignal::new((1..=ROWS).collect::<Vec<_>>());
    let over = RwSignal::new(None::<Spot>);
    let take = move |from: usize, to: usize| {
        rows.update(|rows| {
            let row = rows.remove(from);
            rows.insert(to.min(rows.len()), row);
        });
    };
    let drop = move |from: usize, spot: Spot| {
        let to = spot.place + usize::from(spot.behind);
        take(from, to - usize::from(from < to));
    };
    let step = move |from: usize, is_down: bool| match is_down {
        true => take(from, from + 1),
        false => take(from, from.saturating_sub(1)),
    };
    let row = move |place: usize| {
        let name = move || w::row_n(rows.read().get(place).copied().unwrap_or_default());
        let dropped = move || {
            over.get()
                .filter(|spot| spot.place == place)
                .map(|spot| if spot.behind { "behind" } else { "before" })
        };
        view! {
            <div class="editor__row" data-place=place.to_string() data-drop=dropped>
                <button type="button" class="editor__grip" data-grip="" aria-label=move || checklists::drag(name()) title=checklists::drag_says()>
                    <Icon name=IconName::Grip />
                </button>
                <span class="cell__label">{name}</span>
            </div>
        }
        .into_any()
    };
    view! {
        <CellGroup title=w::sorted()>
            <div class="samples__sorted">
                <Reorder over on_drop=drop on_step=step>
                    <WindowList label=w::sorted() count=Signal::stored(ROWS) row />
                </Reorder>
            </div>
        </CellGroup>
    }
}
