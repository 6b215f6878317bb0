//! 对象: the list that finds everybody, with the file beside it on a wide screen.

mod choosing;
mod filters;
mod state;

use super::{
    person::{PersonPick, PersonRow},
    recipient::RecipientPane,
};
use crate::{
    data::{Counted, Loaded, RecipientRow, Topic, use_data},
    locale::words::recipients as w,
    routes,
    ui::{Empty, IconName, Loading, NavAct, Page, PageBody, Pane, Search, SplitView, WindowList, use_wide},
};
use choosing::{Choosing, ChosenBar};
use filters::Filters;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use state::{Asked, DueChoice};
use std::sync::Arc;
use uuid::Uuid;

/// The list of recipients; with an id in the path the file, beside the list or instead of it.
#[component]
pub(crate) fn RecipientsPage() -> impl IntoView {
    let id = routes::id_param();
    let show = Signal::derive(move || if id.get().is_some() { Pane::Detail } else { Pane::List });
    view! {
        <SplitView
            show
            list=move || view! { <ListPane open=id /> }
            detail=move || match id.get() {
                Some(id) => view! { <RecipientPane id /> }.into_any(),
                None => view! { <Empty icon=IconName::People title=w::choose() advice=w::choose_advice() /> }.into_any(),
            }
        />
    }
}

#[component]
fn ListPane(open: Signal<Option<Uuid>>) -> impl IntoView {
    let data = use_data();
    let asked = RwSignal::new(state::remembered());
    let wanted = use_query_map().with_untracked(|query| {
        let of = |name, choice| query.get(name).is_some().then_some(choice);
        of("due", DueChoice::Due).or(of("age", DueChoice::Age))
    });
    if let Some(wanted) = wanted {
        asked.update(|asked| asked.due = wanted);
    }
    let text = RwSignal::new(asked.with_untracked(|asked| asked.text.clone()));
    let query = Memo::new(move |_| Asked { text: text.get(), ..asked.get() });
    on_cleanup(move || state::remember(query.get_untracked()));
    let found = Loaded::new(move || {
        data.changed(Topic::Recipients).track();
        data.changed(Topic::Drafts).track();
        let query = query.get().query();
        async move { data.recipients(&query).await }
    });
    let rows = Memo::new(move |_| found.get().map(Rows));
    // The list stays while one types; only its rows change.
    let is_empty = Memo::new(move |_| rows.read().as_ref().map(|rows| rows.0.is_empty()));
    let guide = routes::use_guide();
    let choosing = Choosing::new();
    let acts = move || {
        view! {
            <button type="button" class="nav-bar__act" aria-pressed=move || choosing.is_on().to_string() on:click=move |_| choosing.turn()>
                {move || if choosing.is_on() { w::choose_end() } else { w::choose_several() }}
            </button>
            <NavAct icon=IconName::Plus label=w::new_file() on_press=move || guide.to(routes::NEW_FILE) />
        }
    };
    view! {
        <Page title=w::title() body=PageBody::Fill acts>
            <div class="recipients__tools">
                <Search label=w::search() short=w::search_short() text />
                <Filters asked />
            </div>
            <p class="recipients__count" role="status">
                {move || rows.read().as_ref().map(|rows| counted(&rows.0))}
            </p>
            {move || match is_empty.get() {
                None => view! { <Loading /> }.into_any(),
                Some(true) => view! { <Nobody is_asked=query.read().is_asked() /> }.into_any(),
                Some(false) => view! { <List rows open asked=text choosing /> }.into_any(),
            }}
            <Show when=move || choosing.is_on()>
                <ChosenBar choosing rows />
            </Show>
        </Page>
    }
}

/// Rows, the same when they are the same rows: people are compared by address, not field by field.
#[derive(Clone)]
struct Rows(Vec<Arc<RecipientRow>>);

impl PartialEq for Rows {
    fn eq(&self, other: &Rows) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(a, b)| Arc::ptr_eq(a, b))
    }
}

fn counted(rows: &[Arc<RecipientRow>]) -> String {
    let counted = Counted::of(rows.iter().map(|row| &**row));
    w::count(counted.households, counted.people)
}

#[component]
fn List(
    rows: Memo<Option<Rows>>,
    open: Signal<Option<Uuid>>,
    asked: RwSignal<String>,
    choosing: Choosing,
) -> impl IntoView {
    let count = Memo::new(move |_| rows.read().as_ref().map_or(0, |rows| rows.0.len()));
    let wide = use_wide();
    let row = move |index: usize| {
        let person = Memo::new(move |_| {
            rows.read().as_ref().and_then(|rows| rows.0.get(index).cloned()).map(|row| Rows(vec![row]))
        });
        (move || {
            person.get().and_then(|mut person| person.0.pop()).map(|row| {
                let id = row.id;
                if choosing.is_on() {
                    let on = Signal::derive(move || choosing.holds(id));
                    return view! { <PersonPick row on on_toggle=move || choosing.toggle(id) /> }.into_any();
                }
                // A long press on a link asks for a menu.
                let begin = move |event: leptos::ev::MouseEvent| {
                    if !wide.get_untracked() {
                        event.prevent_default();
                        choosing.begin_with(id);
                    }
                };
                view! {
                    <div class="person-row" on:contextmenu=begin>
                        <PersonRow row href=routes::recipient(id) open=Signal::derive(move || open.get() == Some(id)) />
                    </div>
                }
                .into_any()
            })
        })
        .into_any()
    };
    view! { <WindowList label=w::title() count row place=state::place() asked /> }
}

#[component]
fn Nobody(is_asked: bool) -> impl IntoView {
    if is_asked {
        view! { <Empty icon=IconName::Search title=w::nobody_found() advice=w::nobody_found_advice() /> }
    } else {
        view! { <Empty icon=IconName::People title=w::nobody() advice=w::nobody_advice() /> }
    }
}
