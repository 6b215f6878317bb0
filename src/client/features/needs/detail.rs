//! One difficulty: what it is, what can be done now, what is done against it, and how it came here.

use super::{measures::Measures, steps::Steps};
use crate::{
    data::{Loaded, NeedFile, NeedRow, PledgeRow, StepRow, Topic, use_data},
    features::{
        days, labels, needs_order, people,
        pledges::{AddPledge, Pledge, by},
        when,
    },
    locale::words::needs as w,
    routes,
    session::use_session,
    ui::{
        Badge, Banner, ButtonKind, Cell, CellGroup, Empty, Fact, IconName, LinkButton, Loading, Page, Tone,
    },
};
use leptos::prelude::*;
use uuid::Uuid;

#[component]
pub(super) fn NeedPane(id: Uuid) -> impl IntoView {
    let data = use_data();
    let need = Loaded::new(move || {
        data.changed(Topic::Needs).track();
        data.changed(Topic::Visits).track();
        data.changed(Topic::Sponsors).track();
        async move { data.need_file(id).await }
    });
    view! {
        <Page title=w::one() back=routes::NEEDS>
            {move || match need.get() {
                None => view! { <Loading /> }.into_any(),
                Some(None) => view! { <Empty icon=IconName::Hand title=w::gone() advice=w::gone_advice() /> }.into_any(),
                Some(Some(file)) => view! { <Need file /> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn Need(file: NeedFile) -> impl IntoView {
    let need = file.row.clone();
    let tone = needs_order::tone(&need.urgency);
    let responsible = need.responsible.as_deref().map_or_else(|| w::nobody_yet().to_owned(), people::name);
    let due = needs_order::is_open(&need.state)
        .then(|| need.due_on.as_deref().map_or_else(|| w::no_day_yet().to_owned(), due));
    let print = routes::of(routes::PRINT_NEED, need.id);
    let reason = need.reason.clone();
    let planned = file.fields.get("follow_up_on").and_then(|day| day.as_str()).map(days::said);
    let steps = file.steps();
    let heeds = file.heeds().into_iter();
    let heeds =
        heeds.map(|heed| view! { <Banner tone=Tone::Soon words=labels::heed(heed) /> }).collect_view();
    let (unsent, head) = (need.unsent, need.clone());
    let state = labels::need_state(&need.state);
    view! {
        {unsent.then(|| view! { <Banner tone=Tone::Plain icon=IconName::Phone words=w::unsent() /> })}
        {heeds}
        <CellGroup>
            <Cell label=head.name.clone() note=head.village.clone() href=routes::recipient(head.recipient)>
                <Badge tone words=needs_order::word(&head.urgency) />
            </Cell>
            <Fact label=w::kind() value=labels::need_kind(&head.kind) />
            <Fact label=w::state() value=state />
            <Fact label=w::responsible() value=responsible />
            {due.map(|value| view! { <Fact label=w::due() value /> })}
            {planned.map(|value| view! { <Fact label=w::follow_up_day() value /> })}
            {reason.map(|value| view! { <Fact label=w::reason() value /> })}
        </CellGroup>
        <Steps file=file.clone() />
        <Measures file=file.clone() />
        <Adopted need=need.clone() pledges=file.pledges />
        <History steps />
        <Evidence need />
        <div class="inset">
            <LinkButton kind=ButtonKind::Plain icon=IconName::Document href=print>{w::print()}</LinkButton>
        </div>
    }
}

/// What sponsors promised against it, and the way to take another promise down. The office's alone.
#[component]
fn Adopted(need: NeedRow, pledges: Vec<PledgeRow>) -> impl IntoView {
    let adopts = use_session().is_office() && needs_order::is_open(&need.state);
    let row = |row: PledgeRow| {
        let about = by(&row);
        view! { <Pledge row about /> }
    };
    let has_pledges = !pledges.is_empty();
    let rows = pledges.into_iter().map(row).collect_view();
    view! {
        {has_pledges.then(|| view! { <CellGroup title=w::adopted()>{rows}</CellGroup> })}
        {adopts
            .then(|| view! { <div class="inset"><AddPledge sponsor=None need=Some(need.id) label=w::adopt() /></div> })}
    }
}

fn due(day: &str) -> String {
    let left = days::days_until(day).map(days::left).unwrap_or_default();
    format!("{} · {left}", days::said(day))
}

/// The steps that it took, the last one first.
#[component]
fn History(steps: Vec<StepRow>) -> impl IntoView {
    let rows = steps.into_iter().rev().map(|step| {
        let who = w::step_by(people::name(&step.by), when::moment(step.at));
        let note = if step.reason.is_empty() { who } else { format!("{who} · {}", step.reason) };
        view! { <Cell label=labels::need_state(&step.to) note /> }
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| view! { <CellGroup title=w::history()>{rows}</CellGroup> })
}

/// The visits that found it, the first one first.
#[component]
fn Evidence(need: NeedRow) -> impl IntoView {
    let mut visits: Vec<Uuid> = need.found_by.into_iter().collect();
    visits.extend(need.evidence.iter().filter(|visit| Some(**visit) != need.found_by));
    let rows = visits.into_iter().enumerate().map(|(index, visit)| {
        let label = if index == 0 { w::found_by() } else { w::also_seen() };
        view! { <Cell label href=routes::visit(visit) /> }
    });
    view! { <CellGroup title=w::evidence() note=w::evidence_says()>{rows.collect_view()}</CellGroup> }
}
