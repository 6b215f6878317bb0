//! What is wrong with the checklist, each line leading to its question.

use super::Editor;
use crate::{
    features::checklists::{
        check::{Changed, HowRuled, Ruled, Trouble},
        words as said,
    },
    locale::words::checklists as w,
    ui::{Icon, IconName},
};
use leptos::prelude::*;

/// Lines shown; more say nothing new.
const SHOWN: usize = 50;

/// The heading, which takes the focus when publishing is refused.
pub(super) const TROUBLES: &str = "editor-troubles";

#[component]
pub(super) fn Troubles(editor: Editor) -> impl IntoView {
    let troubles = Memo::new(move |_| editor.checked.read().troubles.clone());
    let changed = Memo::new(move |_| editor.checked.read().changed.clone());
    let bad = move || {
        let troubles = troubles.get();
        (!troubles.is_empty()).then(|| {
            let count = troubles.len();
            let rows = troubles.into_iter().take(SHOWN).map(|trouble| view! { <Row editor trouble /> });
            view! {
                <section class="editor__troubles" data-tone="bad">
                    <h2 class="editor__heading" id=TROUBLES tabindex="-1"><Icon name=IconName::Alert />{w::troubles(count)}</h2>
                    <ul>{rows.collect_view()}</ul>
                    {(count > SHOWN).then(|| view! { <p class="quiet small">{w::more_troubles(count - SHOWN)}</p> })}
                </section>
            }
        })
    };
    let doubtful = move || {
        let changed = changed.get();
        (!changed.is_empty()).then(|| {
            let rows = changed.into_iter().take(SHOWN).map(|one| view! { <Doubt editor one /> });
            view! {
                <section class="editor__troubles" data-tone="soon">
                    <h2 class="editor__heading"><Icon name=IconName::Info />{w::changed_title()}</h2>
                    <ul>{rows.collect_view()}</ul>
                </section>
            }
        })
    };
    let ruled = Memo::new(move |_| editor.checked.read().ruled.clone());
    let unruled = move || {
        let ruled = ruled.get();
        (!ruled.is_empty()).then(|| {
            let rows = ruled.into_iter().map(|one| view! { <Unruled editor one /> });
            view! {
                <section class="editor__troubles" data-tone="soon">
                    <h2 class="editor__heading"><Icon name=IconName::Info />{w::ruled_title()}</h2>
                    <ul>{rows.collect_view()}</ul>
                </section>
            }
        })
    };
    view! {
        <div role="status">{bad}</div>
        <div role="status">{doubtful}</div>
        <div role="status">{unruled}</div>
    }
}

#[component]
fn Row(editor: Editor, trouble: Trouble) -> impl IntoView {
    let words = said::trouble(&trouble);
    let key = trouble.key;
    let label = match (&key, trouble.code.is_empty()) {
        (Some(_), false) => w::at_question(&trouble.code, words),
        _ => words,
    };
    view! { <li><button type="button" class="editor__jump" on:click=move |_| editor.choose(key)>{label}</button></li> }
}

#[component]
fn Doubt(editor: Editor, one: Changed) -> impl IntoView {
    let Changed { key, code, before, version } = one;
    let words = w::changed(code, version, said::kind(before));
    view! { <li><button type="button" class="editor__jump" on:click=move |_| editor.choose(Some(key))>{words}</button></li> }
}

#[component]
fn Unruled(editor: Editor, one: Ruled) -> impl IntoView {
    let Ruled { key, code, how } = one;
    let words = match how {
        HowRuled::Gone => w::ruled_gone(code),
        HowRuled::Kind => w::ruled_kind(code),
        HowRuled::Options(options) => w::ruled_options(code, options.join(w::between())),
    };
    match key {
        Some(key) => view! { <li><button type="button" class="editor__jump" on:click=move |_| editor.choose(Some(key))>{words}</button></li> }.into_any(),
        None => view! { <li class="editor__jump">{words}</li> }.into_any(),
    }
}
