use super::{
    choice::Opt,
    field::{FieldWords, Must, Remark, fresh_id},
    icon::{Icon, IconName},
    search::Search,
    sheet::Sheet,
};
use crate::locale::words;
use leptos::prelude::*;

/// From this many options on, the sheet has a search line.
const SEARCH_FROM: usize = 12;

/// One of many, chosen in a sheet from below.
#[component]
pub(crate) fn Picker(
    /// Label and hint.
    words: FieldWords,
    /// What there is to choose.
    #[prop(into)]
    options: Signal<Vec<Opt>>,
    /// The chosen value; empty for none.
    #[prop(into)]
    chosen: Signal<String>,
    /// The new value.
    #[prop(into)]
    on_pick: Callback<(String,)>,
    /// What is wrong with it now; empty for nothing.
    #[prop(optional, into)]
    problem: Signal<String>,
) -> impl IntoView {
    let id = fresh_id("picker");
    let says = format!("{id}-says");
    let label = format!("{id}-label");
    let open = RwSignal::new(false);
    let shown = Memo::new(move |_| {
        options.read().iter().find(|option| option.value == *chosen.read()).map(|option| option.label.clone())
    });
    let title = words.label.clone();
    let pick = move |value: String| {
        open.set(false);
        on_pick.run((value,));
    };
    view! {
        <div class="field" data-bad=move || (!problem.read().is_empty()).then_some("")>
            <span class="field__label" id=label.clone()>{words.label} {words.must.then(|| view! { <Must /> })}</span>
            {(!words.hint.is_empty()).then(|| view! { <span class="field__hint">{words.hint.clone()}</span> })}
            <button
                type="button"
                class="pick"
                id=id.clone()
                data-empty=move || shown.read().is_none().then_some("")
                aria-haspopup="dialog"
                aria-labelledby=format!("{label} {id}")
                aria-describedby=says.clone()
                on:click=move |_| open.set(true)
            >
                <span>{move || shown.get().unwrap_or_else(|| words::ui::choose().to_owned())}</span>
                <Icon name=IconName::Down />
            </button>
            <Remark id=says problem />
            <Sheet open title>
                <PickList options chosen pick=Callback::from(pick) />
            </Sheet>
        </div>
    }
}

#[component]
fn PickList(options: Signal<Vec<Opt>>, chosen: Signal<String>, pick: Callback<(String,)>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let searches = options.read_untracked().len() >= SEARCH_FROM;
    let found = move || {
        let wanted = text.get();
        options.get().into_iter().filter(|option| option.label.contains(wanted.trim())).collect::<Vec<_>>()
    };
    let row = move |option: Opt| {
        let value = StoredValue::new(option.value);
        let is_chosen = move || value.with_value(|value| *chosen.read() == *value);
        view! {
            <button
                type="button"
                class="sheet__option"
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| pick.run((value.get_value(),))
            >
                {option.label}
                {move || is_chosen().then(|| view! { <Icon name=IconName::Check /> })}
            </button>
        }
    };
    view! {
        {searches.then(|| view! { <div class="inset"><Search label=words::ui::search() text /></div> })}
        <For each=found key=|option| option.value.clone() children=row />
    }
}
