//! One sponsor: who he is, what he agreed to, what he promised, what he gave, and what it was spent on.

use super::{
    donation::{AddDonation, Causes, ChangeDonation},
    form::ChangeSponsor,
    state,
};
use crate::{
    data::{DonationRow, Loaded, MeasureOf, PledgeRow, SponsorFile, SponsorRow, Topic, use_data},
    features::{
        ask_reason::{AskReason, ReasonWords},
        days,
        entry::save,
        needs::{measure_said, measure_when},
        pledges::{self, AddPledge, ChangePledge, Pledge},
    },
    locale::words::sponsors as w,
    platform::clock,
    routes,
    ui::{
        Badge, Banner, Button, ButtonKind, CellGroup, Empty, Fact, IconName, LinkButton, Loading, Page, Tone,
        use_notices,
    },
};
use leptos::prelude::*;
use uuid::Uuid;

#[component]
pub(super) fn SponsorPane(id: Uuid) -> impl IntoView {
    let data = use_data();
    let file = Loaded::new(move || {
        data.changed(Topic::Sponsors).track();
        data.changed(Topic::Needs).track();
        data.changed(Topic::Recipients).track();
        async move { data.sponsor(id).await }
    });
    let title = Signal::derive(move || match file.get() {
        Some(Some(file)) => file.row.name,
        _ => w::title().to_owned(),
    });
    view! {
        <Page title back=routes::SPONSORS>
            {move || match file.get() {
                None => view! { <Loading /> }.into_any(),
                Some(None) => {
                    view! {
                        <Empty icon=IconName::Building title=w::gone() advice=w::gone_advice()>
                            <LinkButton kind=ButtonKind::Plain href=routes::SPONSORS>{w::to_list()}</LinkButton>
                        </Empty>
                    }
                        .into_any()
                }
                Some(Some(file)) => view! { <File file /> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn File(file: SponsorFile) -> impl IntoView {
    let causes = StoredValue::new(Causes::of(&file));
    let SponsorFile { row, pledges, donations, measures, others } = file;
    let is_unused = pledges.is_empty() && donations.is_empty() && !measures.iter().any(|of| of.is_own);
    view! {
        <Facts row=row.clone() others />
        <Pledges sponsor=row.id rows=pledges causes />
        <Donations rows=donations causes />
        <Measures measures />
        {is_unused.then(|| {
            let words = ReasonWords { title: w::remove(), says: w::remove_says(), yes: w::remove() };
            view! { <div class="inset"><TakeBack id=row.id label=w::remove() words /></div> }
        })}
    }
}

/// Who he is and what he agreed to.
#[component]
fn Facts(row: SponsorRow, others: Vec<SponsorRow>) -> impl IntoView {
    let fact = |label: &'static str, value: &str| {
        let value = value.to_owned();
        (!value.is_empty()).then(|| view! { <Fact label value /> })
    };
    let agreement = row.agreement.as_ref().map(|agreement| {
        let (tone, words) = state::standing(agreement.state(clock::today_day()));
        view! {
            <Fact label=w::agreement() value=state::term(agreement)><Badge tone words /></Fact>
            {fact(w::agreement_scope(), &agreement.scope)}
        }
    });
    let has_agreement = agreement.is_some();
    let (tally, unsent) = (row.tally, row.unsent);
    let (code, contact, phone) = (
        fact(w::credit_code(), &row.credit_code),
        fact(w::contact(), &row.contact),
        fact(w::phone(), &row.phone),
    );
    let kind = state::kind(&row.kind);
    view! {
        {unsent.then(|| view! { <Banner tone=Tone::Plain icon=IconName::Phone words=w::unsent() /> })}
        <CellGroup>
            <Fact label=w::kind() value=kind />
            {code}
            {contact}
            {phone}
            {agreement}
            {(!has_agreement).then(|| view! { <Fact label=w::agreement() value=w::no_agreement() /> })}
            <Fact label=w::pledged() value=pledges::sum(tally.pledged) />
            <Fact label=w::delivered() value=pledges::sum(tally.delivered) />
            <Fact label=w::adopted() value=w::needs(tally.adopted) />
        </CellGroup>
        <div class="inset"><ChangeSponsor row others /></div>
    }
}

#[component]
fn Pledges(sponsor: Uuid, rows: Vec<PledgeRow>, causes: StoredValue<Causes>) -> impl IntoView {
    let is_none = rows.is_empty();
    let row = |row: PledgeRow| {
        let (id, about) = (row.id, pledges::for_whom(&row.target));
        let changes = row.clone();
        let words =
            ReasonWords { title: w::take_back_pledge(), says: w::take_back_says(), yes: w::take_back() };
        view! {
            <Pledge row about>
                <AddDonation causes pledge=Some(id) kind=ButtonKind::Quiet />
                <ChangePledge row=changes />
                <LinkButton kind=ButtonKind::Quiet icon=IconName::Document href=routes::of(routes::PRINT_PLEDGE, id)>{w::print()}</LinkButton>
                <TakeBack id label=w::take_back() words />
            </Pledge>
        }
    };
    let rows = rows.into_iter().map(row).collect_view();
    view! {
        <CellGroup title=w::pledges()>
            {is_none.then(|| view! { <p class="file__two quiet">{w::no_pledges()}</p> })}
            {rows}
        </CellGroup>
        <div class="inset"><AddPledge sponsor=Some(sponsor) need=None label=w::add_pledge() /></div>
    }
}

#[component]
fn Donations(rows: Vec<DonationRow>, causes: StoredValue<Causes>) -> impl IntoView {
    let is_none = rows.is_empty();
    let one = |row: DonationRow| view! { <One row causes /> };
    let rows = rows.into_iter().map(one).collect_view();
    view! {
        <CellGroup title=w::donations()>
            {is_none.then(|| view! { <p class="file__two quiet">{w::no_donations()}</p> })}
            {rows}
        </CellGroup>
        <div class="inset"><AddDonation causes pledge=None kind=ButtonKind::Plain /></div>
    }
}

#[component]
fn One(row: DonationRow, causes: StoredValue<Causes>) -> impl IntoView {
    let day = row.given_on.map(|day| days::whole(&day.to_string())).unwrap_or_default();
    let receipt = match row.receipt_no.as_str() {
        "" => w::no_receipt().to_owned(),
        number => w::receipt(number),
    };
    let unsent = row.unsent.then(|| view! { <Badge words=crate::locale::words::pledges::unsent() /> });
    let (id, about) = (row.id, pledges::for_whom(&row.target));
    let words =
        ReasonWords { title: w::take_back_donation(), says: w::take_back_says(), yes: w::take_back() };
    view! {
        <div class="file__two">
            <p class="row"><span class="strong">{pledges::what(row.money, &row.goods)}</span>{unsent}</p>
            <p>{about}</p>
            <p class="quiet">{[day, receipt].join(" · ")}</p>
            <div class="row"><ChangeDonation row causes /><TakeBack id label=w::take_back() words /></div>
        </div>
    }
}

/// The measures that he pays for.
#[component]
fn Measures(measures: Vec<MeasureOf>) -> impl IntoView {
    let own: Vec<MeasureOf> = measures.into_iter().filter(|of| of.is_own).collect();
    let row = |of: MeasureOf| {
        view! {
            <div class="file__two">
                <p class="strong">{measure_said(&of.row)}</p>
                <p>{pledges::for_whom(&of.target)}</p>
                <p class="quiet">{measure_when(&of.row)}</p>
            </div>
        }
    };
    (!own.is_empty()).then(
        || view! { <CellGroup title=w::measures()>{own.into_iter().map(row).collect_view()}</CellGroup> },
    )
}

/// Takes back what was entered by mistake, for a reason that stays on record.
#[component]
fn TakeBack(id: Uuid, label: &'static str, words: ReasonWords) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let open = RwSignal::new(false);
    let take = move |reason: String| {
        save(notices, w::taken_back(), async move { data.take_back(id, reason).await });
    };
    view! {
        <Button kind=ButtonKind::Quiet icon=IconName::Close on_press=move || open.set(true)>{label}</Button>
        <AskReason open words on_reason=take />
    }
}
