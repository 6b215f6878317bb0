use leptos::prelude::*;

/// Which half of a split view a phone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    /// The list.
    List,
    /// One of it.
    Detail,
}

/// The width from which list and detail stand side by side; the same as in `style/`.
const WIDE: &str = "(min-width: 64rem)";

/// Whether there is room for list and detail side by side, watched.
pub(crate) fn use_wide() -> Signal<bool> {
    let query = window().match_media(WIDE).ok().flatten();
    let wide = RwSignal::new(query.as_ref().is_some_and(web_sys::MediaQueryList::matches));
    if query.is_some() {
        let handle = window_event_listener(leptos::ev::resize, move |_| {
            let now = window().match_media(WIDE).ok().flatten().is_some_and(|query| query.matches());
            if now != wide.get_untracked() {
                wide.set(now);
            }
        });
        on_cleanup(move || handle.remove());
    }
    wide.into()
}

/// List and detail: one at a time on a phone, side by side from 1024 px. A half that is not shown is not built.
///
/// Use one route with an optional id (`/recipients/:id?`), so that the list stays while the detail changes.
#[component]
pub(crate) fn SplitView(
    /// Which half a phone shows.
    #[prop(into)]
    show: Signal<Pane>,
    /// The list, a `Page`.
    #[prop(into)]
    list: ViewFn,
    /// The detail, a `Page`, or an `Empty` that asks to choose.
    #[prop(into)]
    detail: ViewFn,
) -> impl IntoView {
    let wide = use_wide();
    let list = StoredValue::new(list);
    let detail = StoredValue::new(detail);
    let is = move |pane| wide.get() || show.get() == pane;
    let has_list = Memo::new(move |_| is(Pane::List));
    let has_detail = Memo::new(move |_| is(Pane::Detail));
    view! {
        <div class="split-view" data-show=move || if show.get() == Pane::List { "list" } else { "detail" }>
            <div class="split-view__pane split-view__list">
                {move || has_list.get().then(|| list.with_value(ViewFn::run))}
            </div>
            <div class="split-view__pane split-view__detail">
                {move || has_detail.get().then(|| detail.with_value(ViewFn::run))}
            </div>
        </div>
    }
}
