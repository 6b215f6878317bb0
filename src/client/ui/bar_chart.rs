use leptos::prelude::*;

/// One bar of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bar {
    /// What it is of.
    pub(crate) label: String,
    /// What it says, in words.
    pub(crate) words: String,
    /// How long it is.
    pub(crate) part: usize,
    /// As long as the whole width.
    pub(crate) whole: usize,
    /// How much of it, from its beginning, is to be minded.
    pub(crate) bad: usize,
}

/// Bars under each other. It says nothing that its table does not: whoever cannot see it reads that.
#[component]
pub(crate) fn BarChart(
    /// What it shows, and where it stands in numbers; read aloud.
    #[prop(into)]
    label: String,
    /// From the top.
    bars: Vec<Bar>,
) -> impl IntoView {
    let height = format!("{}em", bars.len() * ROW_EM);
    let rows = bars.into_iter().enumerate().map(row).collect_view();
    view! { <svg class="bars" role="img" aria-label=label width="100%" height=height>{rows}</svg> }
}

/// Lengths follow the size of type.
const ROW_EM: usize = 3;

fn row((at, bar): (usize, Bar)) -> AnyView {
    let width = |part| format!("{}%", percent(part, bar.whole).min(100));
    let top = format!("{}em", at * ROW_EM);
    view! {
        <svg y=top width="100%" height=format!("{ROW_EM}em")>
            <text class="bars__label" y="1.1em">{bar.label.clone()}</text>
            <text class="bars__words" x="100%" y="1.1em" text-anchor="end">{bar.words.clone()}</text>
            <rect class="bars__track" y="1.6em" width="100%" height="0.7em" />
            <rect class="bars__part" y="1.6em" width=width(bar.part) height="0.7em" />
            <rect class="bars__bad" y="1.6em" width=width(bar.bad) height="0.7em" />
        </svg>
    }
    .into_any()
}

/// Whole per cent; 100 only when nothing is missing, and nothing of none.
pub(crate) fn percent(part: usize, whole: usize) -> usize {
    part.saturating_mul(100).checked_div(whole).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_cut_and_of_nothing_there_is_none() {
        for (part, whole, expected) in [(0, 0, 0), (1, 3, 33), (199, 200, 99), (5, 5, 100)] {
            assert_eq!(percent(part, whole), expected);
        }
    }
}
