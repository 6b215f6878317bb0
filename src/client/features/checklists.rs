//! 清单: what is asked at a visit. The list, each version to be read, and for those who may publish the editor of the next.

mod check;
mod detail;
mod editor;
mod new;
mod state;
mod text;
mod upload;
mod words;

use super::answer_words;
use crate::{
    data::{Data, Loaded, Out, Topic, Version, use_data},
    features::when,
    locale::words::checklists as w,
    routes,
    session::use_session,
    ui::{Badge, Banner, Cell, CellGroup, Empty, IconName, Loading, NavAct, Page, Pane, SplitView, Tone},
};
use detail::Detail;
use domain::{
    checklist::{Template, published},
    kinds::kind,
};
pub(crate) use editor::ChecklistEditorPage;
use leptos::prelude::*;
use new::NewList;
use state::Sketch;
use upload::Upload;

/// A checklist in the list.
#[derive(Clone)]
struct Listed {
    id: String,
    /// The newest first; none of one that was never published.
    versions: Vec<Version>,
    /// What is being written of the next version here.
    draft: Option<Sketch>,
}

impl Listed {
    fn newest(&self) -> Option<&Template> {
        self.versions.first().map(|version| version.checklist.template())
    }

    fn title(&self) -> String {
        let newest = self.newest().map(|newest| &newest.title);
        newest.or(self.draft.as_ref().map(|draft| &draft.title)).map(answer_words::words).unwrap_or_default()
    }
}

/// What the page read.
#[derive(Clone)]
struct Found {
    lists: Vec<Listed>,
    /// Since when versions are out; none if the office could not be asked.
    out: Option<Vec<Out>>,
}

/// Whether who works here publishes checklists, by the table of rights.
fn may_publish() -> bool {
    let role = use_session().role();
    role.is_some_and(|role| kind(published::KIND).is_some_and(|of| of.may_create(role)))
}

/// What is written here of a checklist's next version.
async fn written(data: Data, id: &str) -> Option<Sketch> {
    data.form_draft(id).await.and_then(|text| Sketch::read(&text))
}

/// Since when a version is out, in words; empty where that is not known.
fn since(out: Option<&[Out]>, code: &str, version: u32) -> String {
    let is_it = |one: &&Out| one.code == code && one.version == version;
    out.and_then(|out| out.iter().find(is_it)).map(|one| w::since(when::moment(one.at))).unwrap_or_default()
}

#[component]
pub(crate) fn ChecklistsPage() -> impl IntoView {
    let id = routes::text_param("id");
    let data = use_data();
    let lists = Loaded::new(move || {
        data.changed(Topic::Recipients).track();
        data.changed(Topic::Drafts).track();
        async move {
            let mut drafts = data.form_drafts().await;
            let mut lists = Vec::new();
            for (id, versions) in data.form_versions().await {
                drafts.retain(|draft| *draft != id);
                let draft = written(data, &id).await;
                lists.push(Listed { id, versions, draft });
            }
            for id in drafts {
                let draft = written(data, &id).await;
                lists.push(Listed { id, versions: Vec::new(), draft });
            }
            lists
        }
    });
    // Asked once: the list is there without it, and without a line.
    let out = Loaded::new(move || async move { data.forms_out().await.ok() });
    let found = Signal::derive(move || Some(Found { lists: lists.get()?, out: out.get().flatten() }));
    let is_offline = Signal::derive(move || out.get().is_some_and(|out| out.is_none()));
    let show = Signal::derive(move || if id.read().is_empty() { Pane::List } else { Pane::Detail });
    view! {
        <SplitView
            show
            list=move || view! { <ListPane found open=id is_offline /> }
            detail=move || match id.get() {
                id if id.is_empty() => view! { <Empty icon=IconName::Clipboard title=w::choose() advice=w::choose_advice() /> }.into_any(),
                id => view! { <Detail id found /> }.into_any(),
            }
        />
    }
}

#[component]
fn ListPane(found: Signal<Option<Found>>, open: Signal<String>, is_offline: Signal<bool>) -> impl IntoView {
    let (adding, uploading) = (RwSignal::new(false), RwSignal::new(false));
    let may = may_publish();
    let acts = move || {
        may.then(|| {
            view! {
                <NavAct icon=IconName::Document label=w::upload() on_press=move || uploading.set(true) />
                <NavAct icon=IconName::Plus label=w::new_list() on_press=move || adding.set(true) />
            }
        })
    };
    view! {
        <Page title=w::title() acts>
            <Show when=move || is_offline.get()>
                <Banner tone=Tone::Plain icon=IconName::Offline words=w::dates_offline().to_owned() />
            </Show>
            {move || match found.get() {
                None => view! { <Loading /> }.into_any(),
                Some(found) => {
                    let Found { lists, out } = found;
                    let rows = lists.into_iter().map(move |listed| view! { <ListRow listed out=out.clone() open /> });
                    view! { <CellGroup note=if may { w::list_says() } else { w::county_edits() }>{rows.collect_view()}</CellGroup> }.into_any()
                }
            }}
        </Page>
        <NewList open=adding found />
        <Upload open=uploading found />
    }
}

#[component]
fn ListRow(listed: Listed, out: Option<Vec<Out>>, open: Signal<String>) -> impl IntoView {
    let title = listed.title();
    let note = match listed.versions.first() {
        Some(newest) => {
            let template = newest.checklist.template();
            let since = since(out.as_deref(), &listed.id, template.version);
            let count = newest.checklist.questions().count();
            if since.is_empty() {
                w::list_row(&listed.id, template.version, count)
            } else {
                w::list_row_since(&listed.id, template.version, count, since)
            }
        }
        None => w::list_row_new(&listed.id),
    };
    let href = routes::checklist(&listed.id);
    let has_draft = listed.draft.is_some();
    let id = listed.id;
    view! {
        <div class="checklists__row" data-open=move || (*open.read() == id).then_some("")>
            <Cell label=title note href>
                {has_draft.then(|| view! { <Badge tone=Tone::Soon words=w::draft() /> })}
            </Cell>
        </div>
    }
}
