//! 集体走访: one event, many families, a visit and a signature of each.

mod begin;
mod choose;
mod row;
mod state;

use super::answer_words;
use crate::{
    data::{Loaded, Round, RoundFamily, Topic, use_data},
    features::problems,
    locale::words::rounds as w,
    routes::{self, Guide},
    ui::{
        Banner, Button, ButtonKind, Cell, CellGroup, Confirm, Empty, IconName, LinkButton, Loading, Page,
        Progress, Tone, use_notices,
    },
};
use begin::NewRound;
use choose::Change;
use leptos::{prelude::*, task::spawn_local};
pub(crate) use row::RoundGroup;
use state::Tally;
use uuid::Uuid;

/// Leads to a new event for these, chosen elsewhere.
pub(crate) fn begin_with(guide: Guide, families: Vec<Uuid>) {
    begin::hand_over(families);
    guide.to(routes::NEW_ROUND);
}

/// With an id in the path that event, else a new one.
#[component]
pub(crate) fn RoundsPage() -> impl IntoView {
    let id = routes::id_param();
    move || match id.get() {
        Some(event) => view! { <RoundPage event /> }.into_any(),
        None => view! { <NewRound /> }.into_any(),
    }
}

#[component]
fn RoundPage(event: Uuid) -> impl IntoView {
    let data = use_data();
    let round = Loaded::new(move || {
        for topic in [Topic::Drafts, Topic::Visits, Topic::Recipients] {
            data.changed(topic).track();
        }
        async move { data.round(event).await }
    });
    let title = Signal::derive(move || {
        let checklist = round.get().flatten().and_then(|round| round.checklist);
        checklist.map_or_else(
            || w::title().to_owned(),
            |checklist| w::title_of(answer_words::words(&checklist.template().title)),
        )
    });
    let foot = move || {
        let next = move || round.get().flatten().map(|round| view! { <Next round /> });
        view! { <div class="page__measure">{next}</div> }
    };
    view! {
        <Page title back=routes::TODAY foot>
            {move || match round.get() {
                None => view! { <Loading /> }.into_any(),
                Some(None) => {
                    view! {
                        <Empty icon=IconName::People title=w::gone() advice=w::gone_advice()>
                            <LinkButton kind=ButtonKind::Plain href=routes::VISITS>{w::to_visits()}</LinkButton>
                        </Empty>
                    }
                        .into_any()
                }
                Some(Some(round)) => view! { <Families round /> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn Families(round: Round) -> impl IntoView {
    let tally = Tally::of(&round.families);
    let event = round.event;
    let (given, all) = round.shared;
    let counted = round.counted;
    let ids: Vec<Uuid> = round.families.iter().map(|family| family.recipient).collect();
    let rows = round.families.iter().cloned().map(|family| view! { <Family event family /> }).collect_view();
    view! {
        <div class="inset">
            <Progress label=w::progress() done=Signal::stored(tally.done) all=Signal::stored(tally.all) />
            {(tally.absent > 0).then(|| view! { <p class="quiet small">{w::absent_stay(tally.absent)}</p> })}
        </div>
        {(given < all).then(|| view! { <Banner tone=Tone::Soon words=w::shared_open(all - given) /> })}
        <CellGroup>
            <Cell label=w::shared() note=w::shared_note(all, given) href=routes::visit_form(event) />
        </CellGroup>
        <CellGroup title=w::families(counted.households, counted.people)>{rows}</CellGroup>
        <div class="inset stack">
            <Change template=round.template families=ids event />
            <End event tally />
        </div>
    }
}

#[component]
fn Family(event: Uuid, family: RoundFamily) -> impl IntoView {
    let (tone, words) = state::stand(family.stand);
    let open = use_open(event);
    let press = move || open.run((family.recipient,));
    view! {
        <Cell label=family.name note=family.village on_press=press><crate::ui::Badge tone words /></Cell>
    }
}

/// Opens the form of a family, or its visit where that is finished.
fn use_open(event: Uuid) -> Callback<(Uuid,)> {
    let data = use_data();
    let notices = use_notices();
    let guide = routes::use_guide();
    Callback::new(move |(family,): (Uuid,)| {
        spawn_local(async move {
            match data.visit_in_round(event, family).await {
                Ok(visit) if data.draft(visit).await.is_some() => guide.to(&routes::visit_form(visit)),
                Ok(visit) => guide.to(&routes::visit(visit)),
                Err(error) => notices.say(problems::save(&error).title),
            }
        });
    })
}

/// The one thing to do here: the next family, or the end.
#[component]
fn Next(round: Round) -> impl IntoView {
    let open = use_open(round.event);
    match state::next(&round.families) {
        Some(family) => {
            let (id, words) = (family.recipient, w::next(&family.name));
            view! { <Button icon=IconName::Pen on_press=move || open.run((id,))>{words}</Button> }.into_any()
        }
        None => view! { <p class="quiet">{w::all_done()}</p> }.into_any(),
    }
}

/// 结束集体走访.
#[component]
fn End(event: Uuid, tally: Tally) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let guide = routes::use_guide();
    let open = RwSignal::new(false);
    let end = move || {
        spawn_local(async move {
            match data.end_round(event).await {
                Ok(()) => guide.instead(routes::TODAY),
                Err(error) => notices.say(problems::save(&error).title),
            }
        });
    };
    let says = if tally.begun > 0 { w::end_says_begun(tally.begun) } else { w::end_says().to_owned() };
    view! {
        <Button kind=ButtonKind::Quiet icon=IconName::Close on_press=move || open.set(true)>{w::end()}</Button>
        <Confirm open title=w::end_title() says yes=w::end() no=w::go_on() on_yes=end />
    }
}
