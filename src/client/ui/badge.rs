use leptos::prelude::*;

/// What a badge or banner means. The words say it, the colour repeats it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// A plain state.
    #[default]
    Plain,
    /// Done, safe, accepted.
    Good,
    /// Soon due, waiting for someone.
    Soon,
    /// Refused, in conflict, overdue.
    Bad,
    /// 特急, 急: now.
    Urgent,
}

impl Tone {
    pub(super) fn attr(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Good => "good",
            Tone::Soon => "soon",
            Tone::Bad => "bad",
            Tone::Urgent => "urgent",
        }
    }
}

/// A state in one or two words.
#[component]
pub(crate) fn Badge(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// The words.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    view! { <span class="badge" data-tone=tone.attr()>{words}</span> }
}

/// A plain fact, such as a category.
#[component]
pub(crate) fn Tag(
    /// The words.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    view! { <span class="tag">{words}</span> }
}
