//! A finished visit, to be read; until it is accepted its author may open it again.

use super::cancelled::{Cancel, Cancelled};
use crate::{
    data::{BlobRow, DraftRow, Loaded, ReviewRow, Topic, VisitFile, VisitState, templates, use_data},
    features::{
        Discard, answer_words, days, labels, needs_order, people, problems,
        thumbs::{self, SignedSheets, Thumbs},
        visit_state,
        voice::Recordings,
        when,
    },
    locale::words::visits as w,
    routes,
    ui::{
        Badge, Banner, Button, ButtonKind, Cell, CellGroup, Confirm, Empty, Fact, IconName, LinkButton,
        Loading, Page, Tone, use_notices,
    },
};
use domain::checklist::Question;
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use std::sync::Arc;
use sync::id::BlobHash;
use uuid::Uuid;

/// One visit.
#[component]
pub(super) fn VisitPane(id: Uuid) -> impl IntoView {
    let data = use_data();
    let visit = Loaded::new(move || {
        for topic in [Topic::Visits, Topic::Needs, Topic::Attention, Topic::Outbox] {
            data.changed(topic).track();
        }
        async move { data.visit(id).await.map(Arc::new) }
    });
    let draft = Loaded::new(move || {
        data.changed(Topic::Drafts).track();
        async move { data.draft(id).await.map(|draft| draft.row) }
    });
    let title = Signal::derive(move || match visit.get() {
        Some(Some(visit)) => w::title_of(&visit.row.name),
        _ => w::title().to_owned(),
    });
    view! {
        <Page title back=routes::VISITS>
            {move || match (visit.get(), draft.get()) {
                (None, _) | (_, None) => view! { <Loading /> }.into_any(),
                (Some(None), Some(None)) => view! { <Empty icon=IconName::Clipboard title=w::gone() advice=w::gone_advice() /> }.into_any(),
                (Some(None), Some(Some(_))) => view! { <Unfinished id /> }.into_any(),
                (Some(Some(visit)), Some(draft)) => view! { <Visit visit draft /> }.into_any(),
            }}
        </Page>
    }
}

/// A visit that has never been finished has its form only.
#[component]
fn Unfinished(id: Uuid) -> impl IntoView {
    view! {
        <Empty icon=IconName::Clipboard title=w::unfinished() advice=w::unfinished_advice()>
            <LinkButton icon=IconName::Pen href=routes::visit_form(id)>{w::go_on()}</LinkButton>
        </Empty>
    }
}

/// A finished visit that is open for correction: the way on, and the way out.
#[component]
fn Editing(draft: DraftRow) -> impl IntoView {
    view! {
        <Banner tone=Tone::Soon words=w::edit_open()>
            <LinkButton kind=ButtonKind::Plain icon=IconName::Pen href=routes::visit_form(draft.visit)>{w::go_on_editing()}</LinkButton>
            <Discard draft />
        </Banner>
    }
}

#[component]
fn Visit(visit: Arc<VisitFile>, draft: Option<DraftRow>) -> impl IntoView {
    let (tone, state) = visit_state::badge(visit.row.state);
    let by = visit.row.visitors.iter().map(|id| people::name(id)).collect::<Vec<_>>().join(" ");
    let reopens = draft.is_none()
        && matches!(visit.row.state, VisitState::Completed | VisitState::Submitted | VisitState::Returned);
    let photos = visit.row.photos_at_office.map(|there| w::photos_there(there, visit.row.photos));
    let row = visit.row.clone();
    let head = visit.row.clone();
    view! {
        <Cancelled visit=head />
        <Reviews reviews=visit.reviews.clone() />
        {draft.map(|draft| view! { <Editing draft /> })}
        <CellGroup>
            <Cell label=row.name note=row.village href=routes::recipient(row.recipient)>
                <Badge tone words=state />
            </Cell>
            <Fact label=w::day() value=days::said(&row.day) />
            <Fact label=w::by() value=by />
            {photos.map(|value| view! { <Fact label=w::photos() value /> })}
        </CellGroup>
        <Needs visit=visit.clone() />
        <Answers visit=visit.clone() />
        <SignedSheets blobs=signed_sheets(&visit) />
        <Recordings blobs=visit.blobs.clone() />
        <div class="inset">
            <LinkButton kind=ButtonKind::Plain icon=IconName::Document href=routes::of(routes::PRINT_VISIT, visit.row.id)>{w::print()}</LinkButton>
        </div>
        {reopens.then(|| view! { <Reopen id=visit.row.id /> <Cancel id=visit.row.id /> })}
    }
}

/// What the office said, the last word first.
#[component]
fn Reviews(reviews: Vec<ReviewRow>) -> impl IntoView {
    reviews.into_iter().next_back().map(|review| {
        let at = when::moment(review.at);
        if review.accepted {
            view! { <Banner tone=Tone::Good words=w::accepted_by(at) /> }
        } else {
            view! { <Banner tone=Tone::Bad words=w::returned_by(at, review.word) /> }
        }
    })
}

#[component]
fn Needs(visit: Arc<VisitFile>) -> impl IntoView {
    let needs = visit.needs.iter().map(|need| {
        let tone = needs_order::tone(&need.urgency);
        let words = needs_order::word(&need.urgency);
        let note = labels::need_state(&need.state);
        view! { <Cell label=labels::need_kind(&need.kind) note href=routes::need(need.id)><Badge tone words /></Cell> }
    });
    let proposals = visit.proposals.iter().map(|row| {
        let note = w::from_to(labels::value(&row.field, &row.current), labels::value(&row.field, &row.value));
        let (tone, words) = match row.state.as_str() {
            "accepted" => (Tone::Good, w::proposal_accepted()),
            "refused" => (Tone::Bad, w::proposal_refused()),
            _ => (Tone::Soon, w::proposal_open()),
        };
        view! { <Cell label=labels::field(&row.field) note><Badge tone words /></Cell> }
    });
    let rows: Vec<_> = needs.map(IntoAny::into_any).chain(proposals.map(IntoAny::into_any)).collect();
    (!rows.is_empty()).then(|| view! { <CellGroup title=w::came_of_it()>{rows}</CellGroup> })
}

#[component]
fn Answers(visit: Arc<VisitFile>) -> impl IntoView {
    let Some(checklist) = templates::to_read(&visit.row.template, visit.template_version) else {
        return view! { <p class="inset quiet">{w::unknown_form()}</p> }.into_any();
    };
    let rows: Vec<_> = checklist
        .answered(&visit.answers)
        .into_iter()
        .filter_map(|code| Some((checklist.question(&code)?.clone(), visit.answers.get(&code)?.clone())))
        .map(|(question, value)| view! { <Answer question value blobs=visit.blobs.clone() /> })
        .collect();
    view! { <CellGroup title=answer_words::words(&checklist.template().title)>{rows}</CellGroup> }.into_any()
}

/// Papers that no question has: photos of the printed sheet that was signed by hand.
fn signed_sheets(visit: &VisitFile) -> Vec<BlobHash> {
    let is_answer = |hash: &str| {
        let lists = visit.answers.values().filter_map(Value::as_array).flatten();
        lists.filter_map(Value::as_str).any(|one| one == hash)
    };
    let papers = visit.blobs.iter().filter(|blob| blob.kind == "paper" && !is_answer(&blob.hash.to_string()));
    papers.map(|blob| blob.hash).collect()
}

#[component]
fn Answer(question: Question, value: Value, blobs: Vec<BlobRow>) -> impl IntoView {
    let label = answer_words::words(&question.text);
    let text = answer_words::answer(&question, &value);
    let hashes = thumbs::of_answer(&question, &value, &blobs);
    view! {
        <div class="answer">
            <p class="answer__question">{label.clone()}</p>
            <p class="answer__words">{text}</p>
            {(!hashes.is_empty()).then(|| view! { <Thumbs name=move |_: usize| label.clone() blobs=hashes /> })}
        </div>
    }
}

#[component]
fn Reopen(id: Uuid) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let guide = routes::use_guide();
    let open = RwSignal::new(false);
    let reopen = move || {
        spawn_local(async move {
            match data.reopen_visit(id).await {
                Ok(()) => guide.to(&routes::visit_form(id)),
                Err(error) => notices.say(problems::save(&error).title),
            }
        });
    };
    view! {
        <div class="inset">
            <Button kind=ButtonKind::Plain icon=IconName::Pen on_press=move || open.set(true)>{w::reopen()}</Button>
        </div>
        <Confirm open title=w::reopen_title() says=w::reopen_says() yes=w::reopen() on_yes=reopen />
    }
}
