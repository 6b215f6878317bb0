//! The first step: which township, which file.

use super::past::PastImports;
use crate::{
    data::{AreaRow, Loaded, Topic, use_data},
    features::problems,
    locale::words,
    platform::files::{self, File},
    ui::{FieldWords, Icon, IconName, Loading, Opt, Picker, Problem, ProblemView},
};
use leptos::prelude::*;

/// The face of the first step, with the lists that were imported before.
#[component]
pub(super) fn ChooseFile(
    /// The area's code and the file.
    #[prop(into)]
    on_file: Callback<((String, File),)>,
) -> impl IntoView {
    let data = use_data();
    let changed = data.changed(Topic::Areas);
    let areas = Loaded::new(move || {
        changed.track();
        async move { townships(&data.areas().await) }
    });
    let status = data.status();
    let problem = Memo::new(move |_| status.read().problem.clone());
    // They come with the first sync; where that cannot be, it is said why.
    let no_areas = move || match problem.get() {
        Some(problem) => {
            let (title, advice) = problems::sync(&problem);
            let problem =
                Problem { title: title.to_owned(), advice: advice.to_owned(), ..Problem::default() };
            view! { <ProblemView problem /> }.into_any()
        }
        None => view! { <Loading /> }.into_any(),
    };
    let picked = RwSignal::new(String::new());
    let options = Signal::derive(move || areas.get().unwrap_or_default());
    let area = Signal::derive(move || {
        let picked = picked.get();
        if picked.is_empty() {
            options.get().first().map(|option| option.value.clone()).unwrap_or_default()
        } else {
            picked
        }
    });
    view! {
        <div class="import__choose">
            <p>{words::import::lead()}</p>
            <Show when=move || { options.read().len() > 1 }>
                <Picker
                    words=FieldWords::label(words::import::area()).hint(words::import::area_hint())
                    options
                    chosen=area
                    on_pick=move |value: String| picked.set(value)
                />
            </Show>
            <Show when=move || !options.read().is_empty() fallback=no_areas>
            <label class="drop">
                <Icon name=IconName::Document />
                <span class="drop__title">{words::import::drop()}</span>
                <span class="drop__note">{words::import::drop_note()}</span>
                <input
                    class="drop__input"
                    type="file"
                    accept=".xlsx,.xls"
                    on:change:target=move |event| {
                        if let Some(file) = files::chosen(&event.target()) {
                            on_file.run(((area.get_untracked(), file),));
                        }
                    }
                />
            </label>
            </Show>
        </div>
        <PastImports />
    }
}

/// The areas that a list can belong to: those with villages below them; while there are no villages, the widest.
fn townships(areas: &[AreaRow]) -> Vec<Opt> {
    let has_children = |area: &AreaRow| areas.iter().any(|other| other.parent == Some(area.id));
    let has_grandchildren =
        |area: &AreaRow| areas.iter().any(|other| other.parent == Some(area.id) && has_children(other));
    let is_township = |area: &&AreaRow| has_children(area) && !has_grandchildren(area);
    let is_top = |area: &&AreaRow| !areas.iter().any(|other| area.parent == Some(other.id));
    let option = |area: &AreaRow| Opt::new(area.code.clone(), area.name.clone());
    let townships: Vec<Opt> = areas.iter().filter(is_township).map(option).collect();
    if townships.is_empty() { areas.iter().filter(is_top).map(option).collect() } else { townships }
}
