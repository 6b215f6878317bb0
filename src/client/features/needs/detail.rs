//! One difficulty: what it is, how it was found, how far the help is.

use crate::{
    data::{Loaded, NeedRow, Topic, use_data},
    features::{days, labels, needs_order, people, problems},
    locale::words::needs as w,
    routes,
    ui::{
        Badge, Banner, Button, ButtonKind, Cell, CellGroup, Dialog, Empty, Fact, Field, FieldKind,
        FieldWords, IconName, LinkButton, Loading, Page, Tone, use_notices,
    },
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

#[component]
pub(super) fn NeedPane(id: Uuid) -> impl IntoView {
    let data = use_data();
    let need = Loaded::new(move || {
        data.changed(Topic::Needs).track();
        async move { data.need(id).await }
    });
    view! {
        <Page title=w::one() back=routes::NEEDS>
            {move || match need.get() {
                None => view! { <Loading /> }.into_any(),
                Some(None) => view! { <Empty icon=IconName::Hand title=w::gone() advice=w::gone_advice() /> }.into_any(),
                Some(Some(need)) => view! { <Need need /> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn Need(need: NeedRow) -> impl IntoView {
    let tone = needs_order::tone(&need.urgency);
    let responsible = need.responsible.as_deref().map_or_else(|| w::nobody_yet().to_owned(), people::name);
    let due = need.due_on.as_deref().map_or_else(|| w::no_day_yet().to_owned(), due);
    let is_open = needs_order::is_open(&need.state);
    let reason = need.reason.clone();
    let evidence = need.clone();
    view! {
        {need.unsent.then(|| view! { <Banner tone=Tone::Plain icon=IconName::Phone words=w::unsent() /> })}
        <CellGroup>
            <Cell label=need.name.clone() note=need.village.clone() href=routes::recipient(need.recipient)>
                <Badge tone words=needs_order::word(&need.urgency) />
            </Cell>
            <Fact label=w::kind() value=labels::need_kind(&need.kind) />
            <Fact label=w::state() value=labels::need_state(&need.state) />
            <Fact label=w::responsible() value=responsible />
            <Fact label=w::due() value=due />
            {reason.map(|value| view! { <Fact label=w::reason() value /> })}
        </CellGroup>
        <Evidence need=evidence />
        <div class="inset">
            <LinkButton kind=ButtonKind::Plain icon=IconName::Document href=routes::of(routes::PRINT_NEED, need.id)>{w::print()}</LinkButton>
        </div>
        {is_open.then(|| view! { <Drop id=need.id /> })}
    }
}

fn due(day: &str) -> String {
    let left = days::days_until(day).map(days::left).unwrap_or_default();
    format!("{} · {left}", days::said(day))
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

/// Drops the need, with a reason that the office reads.
#[component]
fn Drop(id: Uuid) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let open = RwSignal::new(false);
    let (reason, problem, busy) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let give_up = move || {
        let text = reason.get_untracked().trim().to_owned();
        if text.is_empty() {
            problem.set(w::reason_missing().to_owned());
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match data.drop_need(id, &text).await {
                Ok(()) => {
                    open.set(false);
                    notices.say(w::dropped());
                }
                Err(error) => problem.set(problems::save(&error).title),
            }
            busy.try_set(false);
        });
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{crate::locale::words::ui::cancel()}</Button>
            <Button kind=ButtonKind::Danger busy on_press=give_up>{w::drop()}</Button>
        }
    };
    view! {
        <div class="inset">
            <Button kind=ButtonKind::Plain on_press=move || open.set(true)>{w::drop()}</Button>
        </div>
        <Dialog open title=w::drop_title() acts>
            <div class="stack">
                <p>{w::drop_says()}</p>
                <Field words=FieldWords { must: true, ..FieldWords::label(w::reason()) } kind=FieldKind::Long value=reason problem />
            </div>
        </Dialog>
    }
}
