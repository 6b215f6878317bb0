use leptos::{html, prelude::*};

/// Rows kept on each side of what is seen, so that a quick thumb meets no gap.
const MARGIN: usize = 4;

/// A list of rows of one height (`--size-row`) of which only those near the eye are built: 50,000 cost as much as 50.
#[component]
pub(crate) fn WindowList(
    /// What it lists, read aloud.
    #[prop(into)]
    label: String,
    /// How many rows there are.
    #[prop(into)]
    count: Signal<usize>,
    /// Builds one row by its place. Run again when `count` or the place changes, or what it reads.
    #[prop(into)]
    row: Callback<(usize,), AnyView>,
    /// Where the list was scrolled to, kept by the page for the way back.
    #[prop(optional)]
    place: Option<RwSignal<i32>>,
    /// What was asked for: another question begins at the top again.
    #[prop(optional, into)]
    asked: Option<Signal<String>>,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let probe = NodeRef::<html::Div>::new();
    let seen = RwSignal::new(Seen::default());
    let look = move || {
        let (Some(scroller), Some(probe)) = (scroller.get_untracked(), probe.get_untracked()) else { return };
        let now = Seen::at(scroller.scroll_top(), scroller.client_height(), probe.offset_height());
        if now != seen.get_untracked() {
            seen.set(now);
        }
        if let Some(place) = place {
            place.set(scroller.scroll_top());
        }
    };
    Effect::new(move || {
        let kept = place.map_or(0, |place| place.get_untracked());
        if let Some(scroller) = scroller.get().filter(|_| kept > 0) {
            scroller.set_scroll_top(kept);
        }
        look();
    });
    if let Some(asked) = asked {
        // To set a place makes the browser lay the page out, which a list at its top need not pay for with each key.
        let to_top = move || {
            if let Some(scroller) = scroller.get_untracked().filter(|_| seen.get_untracked().first > 0) {
                scroller.set_scroll_top(0);
            }
        };
        Effect::watch(move || asked.get(), move |_, _, _| to_top(), false);
    }
    let resized = window_event_listener(leptos::ev::resize, move |_| look());
    on_cleanup(move || resized.remove());
    let range = Memo::new(move |_| seen.get().range(count.get()));
    let above = move || format!("{}px", range.get().0 * seen.get().row);
    let below = move || format!("{}px", count.get().saturating_sub(range.get().1) * seen.get().row);
    view! {
        <div class="window-list" node_ref=scroller on:scroll=move |_| look()>
            <div class="window-list__probe" node_ref=probe></div>
            <ul aria-label=label style:padding-block-start=above style:padding-block-end=below>
                <For each=move || range.get().0..range.get().1 key=|index| *index let:index>
                    <li class="window-list__row" aria-setsize=move || count.get().to_string() aria-posinset=(index + 1).to_string()>
                        {row.run((index,))}
                    </li>
                </For>
            </ul>
        </div>
    }
}

/// Where the eye is, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    first: usize,
    rows: usize,
    row: usize,
}

impl Default for Seen {
    fn default() -> Seen {
        Seen { first: 0, rows: 12, row: 72 }
    }
}

impl Seen {
    fn at(top: i32, height: i32, row: i32) -> Seen {
        let row = usize::try_from(row).unwrap_or_default().max(1);
        let top = usize::try_from(top).unwrap_or_default();
        let height = usize::try_from(height).unwrap_or_default();
        Seen { first: top / row, rows: height.div_ceil(row) + 1, row }
    }

    /// The rows to build, first and one past the last.
    fn range(self, count: usize) -> (usize, usize) {
        let end = (self.first + self.rows + MARGIN).min(count);
        (self.first.saturating_sub(MARGIN).min(end), end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_the_eye_is_built() {
        let seen = Seen::at(72_000, 600, 72);
        assert_eq!(seen.first, 1000);
        let (first, end) = seen.range(50_000);
        assert_eq!(first, 1000 - MARGIN);
        assert!(end - first < 30, "{first}..{end}");
    }

    #[test]
    fn a_short_list_is_built_whole_and_a_shrunk_one_is_never_past_its_end() {
        assert_eq!(Seen::at(0, 600, 72).range(3), (0, 3));
        assert_eq!(Seen::at(72_000, 600, 72).range(5), (5, 5));
    }
}
