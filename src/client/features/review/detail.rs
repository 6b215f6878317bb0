//! One visit beside the file, with the office's word.

use super::{answers::Answers, pictures::Pictures, return_dialog::ReturnDialog, state::next_of};
use crate::{
    data::{
        Loaded, NeedRow, ProposalRow, RecipientFile, Review, ReviewRow, Topic, VisitFile, VisitRow,
        VisitState, templates, use_data,
    },
    features::{labels, people, voice::Recordings, when},
    locale::words::review as w,
    routes,
    ui::{
        Badge, Banner, Button, ButtonKind, CellGroup, Empty, Fact, IconName, Loading, Page, PageBody, Tone,
        use_notices,
    },
};
use domain::checklist::Checklist;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};
use std::sync::Arc;
use sync::wire::Fields;
use uuid::Uuid;

/// The visit of an id.
#[component]
pub(super) fn VisitDetail(
    /// The visit.
    id: Uuid,
    /// The visits that wait, for the way on after this one.
    waiting: Vec<VisitRow>,
) -> impl IntoView {
    let data = use_data();
    let changed = [Topic::Visits, Topic::Needs, Topic::Attention].map(|topic| data.changed(topic));
    let both = Loaded::new(move || {
        changed.iter().for_each(|signal| signal.track());
        data.visit_to_review(id)
    });
    let waiting = StoredValue::new_local(waiting);
    move || match both.get() {
        None => view! { <Page title=w::title()><Loading /></Page> }.into_any(),
        Some(None) => view! {
            <Page title=w::title() back=routes::REVIEW>
                <Empty icon=IconName::Alert title=w::gone() advice=w::gone_do() />
            </Page>
        }
        .into_any(),
        Some(Some((visit, file, last))) => {
            view! { <Beside visit file last next=waiting.with_value(|waiting| next_of(waiting, id)) /> }
                .into_any()
        }
    }
}

#[component]
fn Beside(visit: VisitFile, file: RecipientFile, last: Fields, next: Option<Uuid>) -> impl IntoView {
    let at = visit.row.completed_at.map(when::moment).unwrap_or_else(|| visit.row.day.clone());
    let who = visit.row.visitors.iter().map(|id| people::name(id)).collect::<Vec<_>>().join(w::between());
    let of_kind = |wanted: &[&str]| {
        visit.blobs.iter().filter(|blob| wanted.contains(&blob.kind.as_str())).cloned().collect::<Vec<_>>()
    };
    let (photos, signatures) = (of_kind(&["photo", "paper", "id_photo"]), of_kind(&["sign"]));
    let open = matches!(visit.row.state, VisitState::Submitted | VisitState::Completed);
    let id = visit.row.id;
    let checklist = templates::to_read(&visit.row.template, visit.template_version);
    let asked = checklist.clone();
    let foot = move || view! { <Verdict id open next checklist=asked.clone() /> };
    view! {
        <Page title=w::visit_of(&visit.row.name, at) back=routes::REVIEW body=PageBody::Wide foot>
            <div class="review">
                <section class="review__visit">
                    <p class="quiet">{w::made_by(who)}</p>
                    {(!photos.is_empty()).then(|| view! { <Pictures title=w::photos() name=|n| w::photo_n(n) blobs=photos /> })}
                    {visit.heeds().into_iter().map(|heed| view! { <Banner tone=Tone::Soon words=labels::heed(heed) /> }).collect_view()}
                    <h2 class="review__title">{w::answers()}</h2>
                    <Answers checklist=checklist.clone() answers=visit.answers.clone() fields=file.fields.clone() last />
                    {(!signatures.is_empty())
                        .then(|| view! { <Pictures title=w::signatures() name=|n| w::signature_n(n) blobs=signatures /> })}
                    <Recordings blobs=visit.blobs.clone() />
                    <Reviews reviews=visit.reviews.clone() />
                </section>
                <aside class="review__file">
                    <Needs needs=visit.needs.clone() />
                    <Proposals proposals=visit.proposals.clone() />
                    <FileSide file />
                </aside>
            </div>
        </Page>
    }
}

#[component]
fn Needs(needs: Vec<NeedRow>) -> impl IntoView {
    let row = |need: NeedRow| {
        view! {
            <A href=routes::need(need.id) attr:class="cell">
                <span class="cell__words">{labels::need_kind(&need.kind)}</span>
                <Badge tone=Tone::Soon words=labels::need_state(&need.state) />
            </A>
        }
    };
    let empty = needs.is_empty();
    view! {
        <CellGroup title=w::needs()>
            {empty.then(|| view! { <p class="cell quiet">{w::no_needs()}</p> })}
            {needs.into_iter().map(row).collect_view()}
        </CellGroup>
    }
}

#[component]
fn Proposals(proposals: Vec<ProposalRow>) -> impl IntoView {
    let row = |proposal: ProposalRow| {
        let value = format!(
            "{} → {}",
            labels::value(&proposal.field, &proposal.current),
            labels::value(&proposal.field, &proposal.value)
        );
        view! {
            <A href=routes::ATTENTION attr:class="cell">
                <span class="cell__words">{labels::field(&proposal.field)}</span>
                <span class="cell__value">{value}</span>
            </A>
        }
    };
    (!proposals.is_empty()).then(|| {
        view! {
            <CellGroup title=w::proposals() note=w::to_attention()>
                {proposals.into_iter().map(row).collect_view()}
            </CellGroup>
        }
    })
}

/// What the file says, in the order in which a clerk looks.
#[component]
fn FileSide(file: RecipientFile) -> impl IntoView {
    const SHOWN: [&str; 16] = [
        "id_no",
        "birth",
        "mobile",
        "phone2",
        "live_addr",
        "account_no",
        "health",
        "self_care",
        "lone_elder",
        "medical_scheme",
        "house_state",
        "family_size",
        "relief_basic",
        "relief_destitute",
        "plaque",
        "pref_card",
    ];
    let entitlements = file.entitlements.iter().filter_map(|one| one.fields.get("category"));
    let categories = entitlements
        .map(|view| labels::value("category", &view.value))
        .collect::<Vec<_>>()
        .join(w::between());
    let facts = SHOWN
        .into_iter()
        .filter_map(|name| {
            let view = file.fields.get(name).filter(|view| !view.value.is_null())?;
            Some(view! { <Fact label=labels::field(name) value=labels::value(name, &view.value) /> })
        })
        .collect_view();
    view! {
        <CellGroup title=w::file()>
            <Fact label=labels::field("village") value=file.row.village.clone() />
            <Fact label=labels::field("category") value=categories />
            {facts}
            <A href=routes::recipient(file.row.id) attr:class="cell"><span class="cell__words">{w::open_file()}</span></A>
        </CellGroup>
    }
}

#[component]
fn Reviews(reviews: Vec<ReviewRow>) -> impl IntoView {
    let row = |review: ReviewRow| {
        let (words, tone) = if review.accepted {
            (w::review_accepted(), Tone::Good)
        } else {
            (w::review_returned(), Tone::Soon)
        };
        let what = [review.question.unwrap_or_default(), review.word].join(" ");
        view! {
            <li class="review__said">
                <Badge tone words />
                <span>{what.trim().to_owned()}</span>
                <span class="quiet small">{w::review_by(people::name(&review.author), when::moment(review.at))}</span>
            </li>
        }
    };
    (!reviews.is_empty()).then(|| {
        view! {
            <h3 class="review__sub">{w::reviews()}</h3>
            <ul>{reviews.into_iter().map(row).collect_view()}</ul>
        }
    })
}

/// The buttons under a visit; one that has its word has none.
#[component]
fn Verdict(id: Uuid, open: bool, next: Option<Uuid>, checklist: Option<Arc<Checklist>>) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let asks = RwSignal::new(false);
    let say = move |review: Review, done: &'static str| {
        let navigate = navigate.clone();
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match data.review(id, review).await {
                Ok(()) => {
                    notices.say(done);
                    data.sync_now();
                    let path = next.map_or_else(|| routes::REVIEW.to_owned(), routes::review_visit);
                    navigate(&path, NavigateOptions::default());
                }
                Err(_) => {
                    problem.try_set(w::save_failed().to_owned());
                }
            }
            busy.try_set(false);
        });
    };
    let accept = {
        let say = say.clone();
        move || say(Review::Accepted, w::accepted())
    };
    let give_back = move |(question, word): (Option<String>, String)| {
        say(Review::Returned { question, word }, w::returned());
    };
    open.then(|| {
        view! {
            <div class="review__acts">
                <p class="field__problem" role="status">{problem}</p>
                <Button kind=ButtonKind::Plain disabled=busy on_press=move || asks.set(true)>{w::send_back()}</Button>
                <Button busy on_press=accept>{w::accept()}</Button>
                <ReturnDialog open=asks checklist on_return=give_back />
            </div>
        }
    })
}
