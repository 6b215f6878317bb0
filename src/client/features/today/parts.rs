//! The sheets of 今日.

use super::state::{self, Evening, Keeping};
use crate::{
    data::{Counted, DraftRow, Lack, NeedRow, SyncProblem, SyncStatus, VisitRow},
    features::{days, labels, needs_order, problems, visit_state, when},
    locale::words::today as w,
    platform::clock,
    routes,
    session::use_session,
    ui::{Badge, Banner, ButtonKind, Cell, CellGroup, IconName, LinkButton, Tone},
};
use leptos::prelude::*;

/// May one leave for the village?
#[component]
pub(super) fn Ready(status: Signal<SyncStatus>) -> impl IntoView {
    move || {
        let status = status.read();
        let readiness = &status.readiness;
        match state::lack(readiness) {
            // A tab that has just been opened has not read its villages yet.
            None if readiness.villages == 0 => ().into_any(),
            None => {
                let at = readiness.prepared_at.map(when::clock_time).unwrap_or_default();
                let Counted { households, people } = readiness.counted;
                let line = match readiness.photos_left {
                    Some(photos) => w::ready(readiness.villages, households, people, at, photos),
                    None => w::ready_only(readiness.villages, households, people, at),
                };
                view! { <Banner tone=Tone::Good words=line /> }.into_any()
            }
            Some(lack) => {
                let words = lacks(lack);
                view! {
                    <Banner tone=Tone::Soon words>
                        <LinkButton kind=ButtonKind::Plain href=routes::OUTBOX>{w::prepare()}</LinkButton>
                    </Banner>
                }
                .into_any()
            }
        }
    }
}

fn lacks(lack: &Lack) -> String {
    match lack {
        Lack::NeverSynced => w::lack_never().to_owned(),
        Lack::AreasIncomplete { areas } => w::lack_areas(*areas),
        Lack::Stale => w::lack_stale().to_owned(),
        Lack::Space => w::lack_space().to_owned(),
        Lack::AppNotStored => w::lack_app().to_owned(),
    }
}

/// What keeps the phone from sending, if a person must act; being out of reach is no trouble.
#[component]
pub(super) fn Stuck(status: Signal<SyncStatus>) -> impl IntoView {
    let problem = Memo::new(move |_| status.read().problem.clone());
    move || {
        let problem =
            problem.get().filter(|problem| !matches!(problem, SyncProblem::Offline | SyncProblem::Server))?;
        let (title, _) = problems::sync(&problem);
        Some(view! {
            <Banner tone=Tone::Bad words=title.to_owned()>
                <LinkButton kind=ButtonKind::Plain href=routes::OUTBOX>{w::look()}</LinkButton>
            </Banner>
        })
    }
}

/// On a worker's own phone, that the browser may throw away what lies in it.
#[component]
pub(super) fn Kept(status: Signal<SyncStatus>) -> impl IntoView {
    let session = use_session();
    let keeping = Memo::new(move |_| state::keeping(&status.read(), clock::today_day()));
    move || {
        let is_own = session.who().is_some_and(|who| !who.shared_pc);
        let (tone, words) = match keeping.get().filter(|_| is_own)? {
            Keeping::MayBeLost => (Tone::Plain, w::may_be_lost()),
            Keeping::SyncToday => (Tone::Soon, w::sync_today()),
        };
        Some(view! {
            <Banner tone icon=IconName::Phone words=words.to_owned()>
                <LinkButton kind=ButtonKind::Plain href=routes::OUTBOX>{w::to_sync()}</LinkButton>
            </Banner>
        })
    }
}

/// What was done today, and where it is.
#[component]
pub(super) fn EndOfDay(
    /// Families that were visited.
    done: usize,
    status: Signal<SyncStatus>,
) -> impl IntoView {
    move || {
        let (tone, icon, words) = match state::evening(done, &status.read()) {
            Evening::Nothing => return None,
            Evening::AllThere { families, at } => {
                (Tone::Good, IconName::Safe, w::all_there(families, when::clock_time(at)))
            }
            Evening::PhotosWait { families, at, photos } => {
                (Tone::Soon, IconName::Camera, w::photos_wait(families, when::clock_time(at), photos))
            }
            Evening::OnPhone { families, saves } => {
                (Tone::Plain, IconName::Phone, w::on_phone(families, saves))
            }
        };
        Some(view! { <Banner tone icon words /> })
    }
}

#[component]
pub(super) fn DraftGroup(drafts: Vec<DraftRow>) -> impl IntoView {
    let rows = |draft: DraftRow| {
        let note = w::draft_note(draft.village, draft.answered, when::moment(draft.saved_at));
        view! {
            <Cell label=draft.name note href=routes::visit_form(draft.visit)>
                <Badge tone=Tone::Good words=w::go_on() />
            </Cell>
        }
    };
    (!drafts.is_empty()).then(|| {
        view! { <CellGroup title=w::drafts(drafts.len())>{drafts.into_iter().map(rows).collect_view()}</CellGroup> }
    })
}

#[component]
pub(super) fn ReturnedGroup(visits: Vec<VisitRow>) -> impl IntoView {
    let rows = |visit: VisitRow| {
        let note = w::returned_note(visit.village, days::said(&visit.day));
        view! {
            <Cell label=visit.name note href=routes::visit(visit.id)>
                <Badge tone=Tone::Bad words=w::returned_badge() />
            </Cell>
        }
    };
    (!visits.is_empty()).then(|| {
        view! { <CellGroup title=w::returned(visits.len())>{visits.into_iter().map(rows).collect_view()}</CellGroup> }
    })
}

#[component]
pub(super) fn UrgentGroup(needs: Vec<NeedRow>) -> impl IntoView {
    let rows = |need: NeedRow| {
        let note = format!("{} · {}", labels::need_kind(&need.kind), need.village);
        let tone = needs_order::tone(&need.urgency);
        view! {
            <Cell label=need.name note href=routes::need(need.id)>
                <Badge tone words=needs_order::word(&need.urgency) />
            </Cell>
        }
    };
    (!needs.is_empty()).then(|| {
        view! { <CellGroup title=w::urgent(needs.len())>{needs.into_iter().map(rows).collect_view()}</CellGroup> }
    })
}

#[component]
pub(super) fn DoneGroup(visits: Vec<VisitRow>) -> impl IntoView {
    let rows = |visit: VisitRow| {
        let at = visit.completed_at.map(when::clock_time).unwrap_or_default();
        view! { <Cell label=visit.name note=visit.village value=at href=routes::visit(visit.id) /> }
    };
    (!visits.is_empty()).then(|| {
        view! { <CellGroup title=w::done(visits.len())>{visits.into_iter().map(rows).collect_view()}</CellGroup> }
    })
}

/// Whoever is among these is among those who are due, too.
#[component]
pub(super) fn CancelledGroup(visits: Vec<VisitRow>) -> impl IntoView {
    let rows = |visit: VisitRow| {
        let note = w::cancelled_note(visit.village, visit.why);
        let (tone, words) = visit_state::badge(visit.state);
        view! { <Cell label=visit.name note href=routes::visit(visit.id)><Badge tone words /></Cell> }
    };
    (!visits.is_empty()).then(|| {
        view! { <CellGroup title=w::cancelled(visits.len())>{visits.into_iter().map(rows).collect_view()}</CellGroup> }
    })
}

/// Birthdays on which something changes: who they are is a press away.
#[component]
pub(super) fn AgeAlarms(people: usize) -> impl IntoView {
    (people > 0).then(|| {
        view! {
            <CellGroup>
                <Cell label=w::alarms(people) note=w::alarms_says() href=format!("{}?age=1", routes::RECIPIENTS) />
            </CellGroup>
        }
    })
}
