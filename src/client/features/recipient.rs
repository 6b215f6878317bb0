//! 档案: all that is known about one family, what waits, and the way to the next visit.

mod attachments;
mod changes;
mod doubles;
mod edit;
mod facts;
mod history;
mod household;
mod input;
mod merge;
mod record;
mod request;
mod rights;
mod rows;
mod state;
mod tasks;
mod turns;
mod unmasked;
mod unmerge;
mod whole;

use super::{answer_words, dues, guardian::GuardianLine, problems};
use crate::{
    data::{Loaded, RecipientFile, Topic, use_data},
    locale::words::file as w,
    routes,
    session::use_session,
    ui::{
        Button, ButtonKind, Cell, CellGroup, Empty, IconName, LinkButton, Loading, Page, Sheet, TabPanel,
        Tabs, use_notices,
    },
};
use attachments::Attachments;
use changes::Changes;
use domain::{
    checklist::{Checklist, FOLLOWUP},
    visit::{Due, VisitKind},
};
use doubles::Doubles;
use facts::{Entitlements, FactGroups};
use history::{Head, NeedList, VisitList, Waiting};
use household::Household;
use leptos::{prelude::*, task::spawn_local};
pub(crate) use merge::MergePage;
use rights::Rights;
use std::sync::Arc;
use tasks::Tasks;
use turns::Turns;
use unmerge::Unmerge;
use uuid::Uuid;
use whole::{Gaps, Whole};

/// The file of one recipient.
#[component]
pub(crate) fn RecipientPane(
    /// Whose.
    id: Uuid,
) -> impl IntoView {
    let data = use_data();
    data.note_view(id);
    let file = Loaded::new(move || {
        for topic in [Topic::Recipients, Topic::Visits, Topic::Needs, Topic::Attention, Topic::Drafts] {
            data.changed(topic).track();
        }
        async move { data.recipient(id).await.map(state::Boxed::new) }
    });
    let title = Signal::derive(move || match file.get() {
        Some(Some(file)) => file.row.name.clone(),
        _ => w::title().to_owned(),
    });
    let draft = Memo::new(move |_| file.get().flatten().and_then(|file| file.row.draft));
    let is_here = Memo::new(move |_| file.get().is_some_and(|file| file.is_some()));
    let foot = move || {
        view! { <div class="page__measure">{move || is_here.get().then(|| view! { <Visit id draft /> })}</div> }
    };
    let tab = RwSignal::new(0_usize);
    let gaps = RwSignal::new(false);
    view! {
        <Page title back=routes::RECIPIENTS foot>
            {move || match file.get() {
                None => view! { <Loading /> }.into_any(),
                Some(None) => view! { <Gone id /> }.into_any(),
                Some(Some(file)) => view! { <File file tab gaps /> }.into_any(),
            }}
            <Gaps file=Signal::derive(move || file.get().flatten()) open=gaps />
        </Page>
    }
}

#[component]
fn File(file: state::Boxed<RecipientFile>, tab: RwSignal<usize>, gaps: RwSignal<bool>) -> impl IntoView {
    let id = file.row.id;
    let open_needs = file.needs.iter().filter(|need| super::needs_order::is_open(&need.state)).count()
        + tasks::open(&file).count();
    let tabs = vec![
        w::tab_file().to_owned(),
        w::tab_visits(file.visits.len()),
        w::tab_needs(open_needs),
        w::tab_changes().to_owned(),
        w::tab_rights().to_owned(),
    ];
    view! {
        <Head file=file.clone() />
        <Waiting file=file.clone() />
        <Tabs id="file" label=w::tabs() tabs=Signal::stored(tabs) chosen=tab />
        <TabPanel id="file" chosen=tab>
            {move || match tab.get() {
                1 => {
                    view! {
                        <VisitList visits=file.visits.clone() />
                        <CellGroup>
                            <Cell label=w::print_blank() note=w::print_blank_note() href=routes::of(routes::PRINT_BLANK, id) />
                        </CellGroup>
                    }
                        .into_any()
                }
                3 => view! { <Changes id /> }.into_any(),
                4 => view! { <Rights file=file.clone() /> }.into_any(),
                2 => {
                    let has_needs = !file.needs.is_empty() || tasks::open(&file).next().is_none();
                    view! {
                        <Tasks file=file.clone() />
                        {has_needs.then(|| view! { <NeedList needs=file.needs.clone() /> })}
                    }
                        .into_any()
                }
                _ => {
                    view! {
                        <Whole file=file.clone() open=gaps />
                        <GuardianLine recipient=id alone=true />
                        <Household file=file.clone() />
                        <Attachments file=file.clone() />
                        <FactGroups file=file.clone() />
                        <Entitlements file=file.clone() />
                        <Doubles file=file.clone() />
                        <Turns file=file.clone() />
                    }
                        .into_any()
                }
            }}
        </TabPanel>
    }
}

/// By what a visit is begun.
enum Start {
    /// The id of a checklist.
    By(String),
    /// What the person is due for.
    Due(VisitKind),
}

/// 开始走访, or 接着填 where a visit is under way.
#[component]
fn Visit(id: Uuid, draft: Memo<Option<Uuid>>) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let guide = routes::use_guide();
    let busy = RwSignal::new(false);
    let others = RwSignal::new(false);
    let start = move |how: Start| {
        busy.set(true);
        spawn_local(async move {
            let started = match how {
                Start::By(template) => data.start_visit(id, &template).await,
                Start::Due(kind) => data.start_due(id, kind).await,
            };
            match started {
                Ok(visit) => guide.to(&routes::visit_form(visit)),
                Err(error) => notices.say(problems::save(&error).title),
            }
            busy.set(false);
        });
    };
    move || match draft.get() {
        Some(visit) => {
            view! { <LinkButton icon=IconName::Pen href=routes::visit_form(visit)>{w::go_on()}</LinkButton> }
                .into_any()
        }
        None => {
            let follow_up = move || start(Start::By(FOLLOWUP.to_owned()));
            let due = move |due: Due| {
                let what = dues::what(&due);
                view! { <Button kind=ButtonKind::Plain busy on_press=move || start(Start::Due(due.kind))>{w::start_due(what)}</Button> }
            };
            let others_due = data.dues_of(id).into_iter().filter(|due| due.kind != VisitKind::FollowUp);
            view! {
                <Button icon=IconName::Clipboard busy on_press=follow_up>{w::start_visit()}</Button>
                {others_due.map(due).collect_view()}
                <Button kind=ButtonKind::Quiet on_press=move || others.set(true)>{w::other_visit()}</Button>
                <Sheet open=others title=w::other_visit().to_owned()>
                    <OtherVisits recipient=id on_choose=move |template: String| start(Start::By(template)) />
                </Sheet>
            }
            .into_any()
        }
    }
}

/// The checklists besides the follow-up, to begin a visit by.
#[component]
fn OtherVisits(recipient: Uuid, #[prop(into)] on_choose: Callback<String>) -> impl IntoView {
    let data = use_data();
    let all = Loaded::new(move || async move { data.checklists(recipient).await });
    let row = move |(id, checklist): (String, Arc<Checklist>)| {
        view! { <Cell label=answer_words::words(&checklist.template().title) on_press=move || on_choose.run(id.clone()) /> }
    };
    move || {
        let others = all.get().unwrap_or_default().into_iter().filter(|(id, _)| id != FOLLOWUP);
        let rows: Vec<_> = others.map(row).collect();
        view! { <CellGroup>{rows}</CellGroup> }
    }
}

/// The file is not, or no longer, on this device.
#[component]
fn Gone(id: Uuid) -> impl IntoView {
    let data = use_data();
    let at_office = use_session().is_office();
    let became = Loaded::new(move || {
        data.changed(Topic::Recipients).track();
        data.became(id)
    });
    let other = move || {
        let other = became.get().flatten()?;
        Some(view! {
            <LinkButton href=routes::recipient(other)>{w::merged_into()}</LinkButton>
            {at_office.then(|| view! { <Unmerge from=id into=other /> })}
        })
    };
    view! {
        <Empty icon=IconName::Document title=w::gone() advice=w::gone_advice()>
            {other}
            <LinkButton kind=ButtonKind::Plain href=routes::RECIPIENTS>{w::to_list()}</LinkButton>
        </Empty>
    }
}
