//! The head of a file, what waits in it, past visits and needs.

use super::{
    record::{self, Record},
    state::Boxed,
};
use crate::{
    data::{ConflictRow, NeedRow, ProposalRow, RecipientFile, VisitRow},
    features::{days, labels, needs_order, people, promised::Promised, thumbs::Thumbs, visit_state, when},
    locale::words::file as w,
    platform::clock,
    routes,
    ui::{Badge, Cell, CellGroup, Empty, IconName, Tag, Tone},
};
use domain::{
    age_alarm::{self, AgeAlarm, is_kin_child},
    order::Gather,
};
use leptos::prelude::*;

/// Who it is, when somebody was there last, and what was promised.
#[component]
pub(super) fn Head(file: Boxed<RecipientFile>) -> impl IntoView {
    let row = &file.row;
    let year = clock::today_day().year();
    let mut line = vec![labels::value("sex", &row.sex.clone().into())];
    line.extend(row.birth_year.map(|birth| w::age(year - birth)));
    line.push(row.village.clone());
    let last = match &row.last_visit {
        Some(day) => w::last_visit(days::said(day)),
        None => w::never_visited().to_owned(),
    };
    let due = row.due_on.as_deref().and_then(days::days_until).map(days::left);
    let phone =
        file.fields.get("mobile").and_then(|view| view.value.as_str()).filter(|text| !text.is_empty());
    let call = phone.map(|phone| {
        let number: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').gather();
        let href = format!("tel:{number}");
        view! {
            <a class="button" data-kind="plain" href=href>
                <crate::ui::Icon name=IconName::Phone />
                {w::call()}
            </a>
        }
    });
    view! {
        <header class="file__head">
            <div class="file__who">
                <div class="file__lines">
                    <p class="row"><span class="strong">{line.join(" · ")}</span><Tag words=labels::category_short(&row.category) /></p>
                    <p>{last}{due.map(|due| format!(" · {due}"))}</p>
                </div>
                {call}
            </div>
            {alarms(&file).map(|says| view! { <p class="file__alarm">{says}</p> }).collect_view()}
            {(!file.photos.is_empty()).then(|| view! { <Thumbs name=|n: usize| w::photo_of_last(n) blobs=file.photos.clone() /> })}
            <Promised recipient=file.row.id />
        </header>
    }
}

/// Birthdays on which something changes for the person, in words.
fn alarms(file: &Boxed<RecipientFile>) -> impl Iterator<Item = &'static str> + use<> {
    let is_kin_child = |record: &Record| {
        record.category().is_some_and(|category| is_kin_child(category, record.text("kin_relation")))
    };
    let kin_child = Record::entitlements(file).iter().any(is_kin_child);
    let raised = record::born(file)
        .map(|born| age_alarm::alarms(born, &record::categories(file), kin_child, clock::today_day()));
    raised.unwrap_or_default().into_iter().map(|alarm| match alarm {
        AgeAlarm::KinChild18 => w::alarm_kin_18(),
        AgeAlarm::KinChild22 => w::alarm_kin_22(),
        AgeAlarm::Veteran55 => w::alarm_veteran_55(),
        AgeAlarm::Veteran60 => w::alarm_veteran_60(),
    })
}

/// Two values of one field, and values that wait for the office.
#[component]
pub(super) fn Waiting(file: Boxed<RecipientFile>) -> impl IntoView {
    let conflicts: Vec<_> = file.conflicts.iter().filter(|row| row.state == "open").cloned().collect();
    let proposals: Vec<_> = file.proposals.iter().filter(|row| row.state == "open").cloned().collect();
    let is_any = !conflicts.is_empty() || !proposals.is_empty();
    is_any.then(|| {
        view! {
            <CellGroup title=w::waiting()>
                {conflicts.into_iter().map(|row| view! { <Two row /> }).collect_view()}
                {proposals.into_iter().map(|row| view! { <Proposed row /> }).collect_view()}
            </CellGroup>
        }
    })
}

#[component]
fn Two(row: ConflictRow) -> impl IntoView {
    let side = |index: usize, value| {
        let by = row.by.get(index).map(|id| people::name(id)).unwrap_or_default();
        let at = row.at.get(index).map(|at| when::moment(*at)).unwrap_or_default();
        w::said_by(labels::value(&row.field, value), by, at)
    };
    view! {
        <div class="file__two">
            <p><Badge tone=Tone::Bad words=w::conflict() />" "{labels::field(&row.field)}</p>
            <p>{side(0, &row.current)}</p>
            <p>{side(1, &row.other)}</p>
            <p class="quiet small">{w::conflict_says()}</p>
        </div>
    }
}

#[component]
fn Proposed(row: ProposalRow) -> impl IntoView {
    let now = labels::value(&row.field, &row.current);
    let new = labels::value(&row.field, &row.value);
    view! {
        <div class="file__two">
            <p><Badge tone=Tone::Soon words=w::pending() />" "{labels::field(&row.field)}</p>
            <p>{w::from_to(now, new)}</p>
            <p class="quiet small">{w::proposed_by(people::name(&row.by), when::moment(row.at))}</p>
        </div>
    }
}

#[component]
pub(super) fn VisitList(visits: Vec<VisitRow>) -> impl IntoView {
    if visits.is_empty() {
        return view! { <Empty icon=IconName::Clipboard title=w::no_visits() /> }.into_any();
    }
    let rows = visits.into_iter().map(|visit| {
        let (tone, words) = visit_state::badge(visit.state);
        let mut by = visit.visitors.iter().map(|id| people::name(id)).collect::<Vec<_>>().join(" ");
        if !visit.why.is_empty() {
            by = [by, visit.why.clone()].join(" · ");
        }
        let href = visit_state::href(&visit);
        view! { <Cell label=days::said(&visit.day) note=by href><Badge tone words /></Cell> }
    });
    view! { <CellGroup>{rows.collect_view()}</CellGroup> }.into_any()
}

#[component]
pub(super) fn NeedList(needs: Vec<NeedRow>) -> impl IntoView {
    if needs.is_empty() {
        return view! { <Empty icon=IconName::Hand title=w::no_needs() /> }.into_any();
    }
    let rows = needs.into_iter().map(|need| {
        let tone = needs_order::tone(&need.urgency);
        let words = needs_order::word(&need.urgency);
        let note = labels::need_state(&need.state);
        view! { <Cell label=labels::need_kind(&need.kind) note href=routes::need(need.id)><Badge tone words /></Cell> }
    });
    view! { <CellGroup>{rows.collect_view()}</CellGroup> }.into_any()
}
