use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, PointerEvent};

/// Where a row would be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The row, by its `data-place`.
    pub(crate) place: usize,
    /// Whether behind it; otherwise before.
    pub(crate) behind: bool,
}

/// How near the edge of a list a dragged row scrolls it, and how far at each move.
const EDGE: i32 = 48;
const STEP: i32 = 24;

/// Rows that are put into another order: dragged by their grips, or moved by the arrow keys on a grip.
///
/// Each row has its place in `data-place`, each grip is a button with `data-grip`. The pointer belongs to the whole while a row is dragged: a list
/// that builds only the rows in sight may take the row away meanwhile.
#[component]
pub(crate) fn Reorder(
    /// Where the dragged row would be dropped now; none when nothing is dragged.
    over: RwSignal<Option<Spot>>,
    /// The row at this place is dropped there.
    #[prop(into)]
    on_drop: Callback<(usize, Spot)>,
    /// An arrow key on the grip of the row at this place: whether downwards.
    #[prop(into)]
    on_step: Callback<(usize, bool)>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let dragged = StoredValue::new(None::<usize>);
    let down = move |event: PointerEvent| {
        let Some(place) = gripped(event.target()).filter(|_| event.button() == 0) else { return };
        if let Some(root) = root.get_untracked() {
            // Without it the drag ends at the edge of the list, which is a lesser harm than none.
            let _ = root.set_pointer_capture(event.pointer_id());
        }
        dragged.set_value(Some(place));
    };
    let moves = move |event: PointerEvent| {
        if dragged.get_value().is_some() {
            event.prevent_default();
            over.set(spot_at(event.client_x(), event.client_y()));
            scroll(root.get_untracked().as_ref(), event.client_y());
        }
    };
    let up = move |_: PointerEvent| {
        let spot = over.get_untracked();
        over.set(None);
        if let (Some(place), Some(spot)) = (dragged.try_update_value(Option::take).flatten(), spot) {
            on_drop.run((place, spot));
        }
    };
    let cancel = move |_: PointerEvent| {
        dragged.set_value(None);
        over.set(None);
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let is_down = match event.key().as_str() {
            "ArrowDown" => true,
            "ArrowUp" => false,
            _ => return,
        };
        if let Some(place) = gripped(event.target()) {
            event.prevent_default();
            on_step.run((place, is_down));
        }
    };
    view! {
        <div
            class="reorder"
            node_ref=root
            data-dragging=move || over.read().is_some().then_some("")
            on:pointerdown=down
            on:pointermove=moves
            on:pointerup=up
            on:pointercancel=cancel
            on:keydown=keys
        >
            {children()}
        </div>
    }
}

/// The place of the row whose grip was taken.
fn gripped(target: Option<EventTarget>) -> Option<usize> {
    let element = target?.dyn_into::<Element>().ok()?;
    place_of(&element.closest("[data-grip]").ok()??)
}

fn place_of(inside: &Element) -> Option<usize> {
    inside.closest("[data-place]").ok()??.get_attribute("data-place")?.parse().ok()
}

#[expect(clippy::cast_precision_loss, reason = "no screen is that wide")]
fn spot_at(x: i32, y: i32) -> Option<Spot> {
    let row = document().element_from_point(x as f32, y as f32)?.closest("[data-place]").ok()??;
    let place = place_of(&row)?;
    let bounds = row.get_bounding_client_rect();
    Some(Spot { place, behind: f64::from(y) > bounds.top() + bounds.height() / 2.0 })
}

/// Scrolls the list while a row is held at its edge.
fn scroll(root: Option<&web_sys::HtmlDivElement>, y: i32) {
    let Some(list) = root.and_then(|root| root.query_selector(".window-list").ok().flatten()) else { return };
    let bounds = list.get_bounding_client_rect();
    let y = f64::from(y);
    if y < bounds.top() + f64::from(EDGE) {
        list.set_scroll_top(list.scroll_top() - STEP);
    } else if y > bounds.bottom() - f64::from(EDGE) {
        list.set_scroll_top(list.scroll_top() + STEP);
    }
}
