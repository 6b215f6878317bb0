//! 对象 at the office: a wide table with the file beside it.

mod asked;
mod grid;
mod keys;
mod state;
mod tools;

use super::{people, recipient::RecipientPane, saved_views::SavedViews};
use crate::{
    data::{Counted, Loaded, RecipientRow, SavedView, Topic, use_data},
    locale::words::desk as w,
    routes,
    ui::{Empty, IconName, LinkButton, Loading, Page, PageBody},
};
use asked::Asked;
use grid::Grid;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use state::TableView;
use std::sync::Arc;
use tools::Tools;
use uuid::Uuid;

/// What is typed, by its name in a saved view.
const TEXT: &str = "text";

/// The rows of the table, in its order.
type Rows = Vec<Arc<RecipientRow>>;

/// The table, and the file of the path beside it.
#[component]
pub(crate) fn DeskRecipients() -> impl IntoView {
    let open = routes::id_param();
    view! {
        <div class="desk" data-open=move || open.get().is_some().then_some("")>
            <div class="desk__table">
                <TablePane open />
            </div>
            {move || open.get().map(|id| view! { <div class="desk__file"><RecipientPane id /></div> })}
        </div>
    }
}

#[component]
fn TablePane(open: Signal<Option<Uuid>>) -> impl IntoView {
    let data = use_data();
    let (text, asked) = (RwSignal::new(String::new()), RwSignal::new(asked_in_path()));
    let view = RwSignal::new(TableView::remembered());
    let found = Loaded::new(move || {
        data.changed(Topic::Recipients).track();
        let query = asked.read().query(&text.read());
        async move { data.recipients(&query).await }
    });
    let rows = Signal::derive_local(move || {
        found.get().map(|rows| view.with(|view| view.sorted(rows, people::name)))
    });
    // The view changes with each key; who was found does not.
    let counted = Memo::new(move |_| found.get().map(|rows| Counted::of(rows.iter().map(|row| &**row))));
    let now = Signal::derive(move || {
        let asked = [(TEXT, text.get())].into_iter().chain(asked.read().words());
        asked.chain(view.read().words()).map(|(name, word)| (name.to_owned(), word)).collect()
    });
    let on_open = move |saved: SavedView| {
        text.set(saved.word(TEXT));
        asked.set(Asked::of(|name| saved.word(name)));
        view.update(|view| view.look(|name| saved.word(name)));
    };
    // The table stays, with its focus, while its rows change.
    let is_empty = Memo::new(move |_| rows.read().as_ref().map(Vec::is_empty));
    let body = move || match is_empty.get() {
        None => view! { <Loading /> }.into_any(),
        Some(true) => {
            let is_asked = !text.read().is_empty() || *asked.read() != Asked::default();
            view! { <Nobody is_asked /> }.into_any()
        }
        Some(false) => {
            let rows = Signal::derive_local(move || rows.get().unwrap_or_default());
            view! { <Grid rows view open /> }.into_any()
        }
    };
    view! {
        <Page title=w::title() body=PageBody::Fill>
            <Tools text asked view rows counted>
                <SavedViews table="recipients" now on_open />
            </Tools>
            {body}
        </Page>
    }
}

/// What the page was opened for: those whose visit is due, or whose birthday is near.
fn asked_in_path() -> Asked {
    let (due, age) = use_query_map().with_untracked(|query| (query.get("due"), query.get("age")));
    let word = |named: Option<String>, word: &str| named.map(|_| word.to_owned()).unwrap_or_default();
    Asked { due: word(due, "due"), age: word(age, "any"), ..Asked::default() }
}

#[component]
fn Nobody(is_asked: bool) -> impl IntoView {
    if is_asked {
        return view! { <Empty icon=IconName::Search title=w::empty() advice=w::empty_do() /> }.into_any();
    }
    view! {
        <Empty icon=IconName::People title=w::none() advice=w::none_do()>
            <LinkButton href=routes::IMPORT>{w::to_import()}</LinkButton>
        </Empty>
    }
    .into_any()
}
