use crate::locale::words;
use leptos::prelude::*;

/// How far something is, in words and as a bar.
#[component]
pub(crate) fn Progress(
    /// What goes on.
    #[prop(into)]
    label: Signal<String>,
    /// How much is done.
    #[prop(into)]
    done: Signal<usize>,
    /// How much there is; 0 while that is unknown.
    #[prop(into)]
    all: Signal<usize>,
) -> impl IntoView {
    let count = move || (all.get() > 0).then(|| format!("{} / {}", done.get(), all.get()));
    view! {
        <div class="progress">
            <p class="progress__words"><span>{label}</span><span>{count}</span></p>
            <progress
                class="progress__bar"
                aria-label=label
                max=move || all.get().max(1).to_string()
                value=move || done.get().to_string()
            ></progress>
        </div>
    }
}

/// The face of a page whose data is on its way.
#[component]
pub(crate) fn Loading() -> impl IntoView {
    view! { <p class="loading" role="status">{words::ui::loading()}</p> }
}
