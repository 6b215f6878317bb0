//! 今日: may I leave, who is due, what is unfinished; in the evening: is everything at the office.

mod due;
mod ics;
mod parts;
mod state;

use crate::routes;
use crate::{
    data::{Counted, Loaded, Topic, use_data},
    features::{handovers::HandoverNotice, people, rounds::RoundGroup},
    locale::words::today as w,
    platform::{badge, clock},
    ui::{ButtonKind, Empty, IconName, LinkButton, Loading, NavAct, Page, PageBody},
};
use due::DueGroups;
use leptos::prelude::*;
use parts::{
    AgeAlarms, CancelledGroup, DoneGroup, DraftGroup, EndOfDay, Kept, Ready, ReturnedGroup, Stuck,
    UrgentGroup,
};

/// The page a worker opens in the morning and in the evening.
#[component]
pub(crate) fn TodayPage() -> impl IntoView {
    let data = use_data();
    let today = Loaded::new(move || {
        for topic in [Topic::Recipients, Topic::Visits, Topic::Drafts] {
            data.changed(topic).track();
        }
        async move { data.today().await }
    });
    let needs = Loaded::new(move || {
        data.changed(Topic::Needs).track();
        async move { state::urgent(data.needs().await) }
    });
    Effect::new(move || {
        if let Some(today) = today.get() {
            // As the heading counts them.
            badge::show(Counted::of(today.due.iter().map(|row| &*row.recipient)).households);
        }
    });
    // Of the list below: left open over night, both turn to the new day together.
    let day = Memo::new(move |_| today.get().map_or_else(clock::today, |today| today.day));
    let title = move || due::day_title(&day.read());
    let guide = routes::use_guide();
    let acts = move || view! { <NavAct icon=IconName::People label=w::round() on_press=move || guide.to(routes::NEW_ROUND) /> };
    // Whoever leaves for the village chooses who came along from these.
    people::ask();
    view! {
        <Page title=w::title() body=PageBody::Wide acts>
            <div class="today">
                <header class="today__head">
                    <p class="today__day">{title}</p>
                    <crate::features::pin::PinOffer />
                    <HandoverNotice />
                    <Stuck status=data.status() />
                    <Ready status=data.status() />
                    <Kept status=data.status() />
                    {move || today.get().map(|today| view! { <EndOfDay done=state::families(&today.done) status=data.status() /> })}
                </header>
                <div class="today__lists named">
                    {move || match today.get() {
                        None => view! { <Loading /> }.into_any(),
                        Some(today) => {
                            let is_quiet = today.drafts.is_empty() && today.rounds.is_empty() && today.due.is_empty() && today.returned.is_empty();
                            view! {
                                <RoundGroup rounds=today.rounds />
                                <DraftGroup drafts=today.drafts />
                                <ReturnedGroup visits=today.returned />
                                {move || needs.get().map(|needs| view! { <UrgentGroup needs /> })}
                                <DueGroups due=today.due />
                                <AgeAlarms people=today.alarms />
                                {is_quiet.then(|| view! { <NothingDue /> })}
                                <DoneGroup visits=today.done />
                                <CancelledGroup visits=today.cancelled />
                            }
                                .into_any()
                        }
                    }}
                </div>
            </div>
        </Page>
    }
}

#[component]
fn NothingDue() -> impl IntoView {
    view! {
        <Empty icon=IconName::Check title=w::nothing_due() advice=w::nothing_due_advice()>
            <LinkButton kind=ButtonKind::Plain href=routes::RECIPIENTS>{w::look_through()}</LinkButton>
        </Empty>
    }
}
