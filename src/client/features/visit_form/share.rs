//! A form in an event for many families (集体走访): what all have in common is answered once, then one family after the other.

use super::Work;
use crate::{
    data::{Data, Left, SaveError, Share, use_data},
    features::problems,
    locale::words::form as w,
    routes,
    ui::{Banner, Button, ButtonKind, Cell, CellGroup, IconName, LinkButton, Tone, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

/// Which part of the event this form is.
#[component]
pub(super) fn Head(share: Share) -> impl IntoView {
    match share {
        Share::Alone => ().into_any(),
        Share::Event => view! { <Banner tone=Tone::Plain words=w::event_says() /> }.into_any(),
        Share::Family { place, all, .. } => {
            view! { <Banner tone=Tone::Plain words=w::family_of(place, all) /> }.into_any()
        }
    }
}

/// How many questions were answered for all; a press shows them here.
#[component]
pub(super) fn LeftOut(work: Work) -> impl IntoView {
    let count = Memo::new(move |_| work.form.read().left_out());
    let show = move || work.form.update(super::Form::show_all);
    move || {
        let count = count.get();
        (count > 0).then(|| {
            view! { <CellGroup><Cell label=w::left_out(count) note=w::left_out_note() on_press=show /></CellGroup> }
        })
    }
}

/// The event's own foot: on to its families.
#[component]
pub(super) fn ToFamilies(work: Work) -> impl IntoView {
    view! { <LinkButton icon=IconName::People href=routes::round(work.visit)>{w::to_families()}</LinkButton> }
}

/// The ways on from a family whose visit is not finished; nothing outside an event.
#[component]
pub(super) fn Leave(work: Work, share: Share, recipient: Uuid) -> impl IntoView {
    let Share::Family { event, .. } = share else { return ().into_any() };
    let data = use_data();
    let notices = use_notices();
    let guide = routes::use_guide();
    let busy = RwSignal::new(false);
    let leave = move |is_absent: bool| {
        busy.set(true);
        spawn_local(async move {
            match left(data, event, recipient, is_absent).await {
                Ok((words, path)) => {
                    notices.say(words.to_owned());
                    guide.instead(&path);
                }
                Err(error) => notices.say(problems::save(&error).title),
            }
            busy.try_set(false);
        });
    };
    // An answer still on its way to the disk would be missed.
    let disabled = Signal::derive(move || work.pending.get() > 0);
    view! {
        <div class="inset stack">
            <Button kind=ButtonKind::Plain busy disabled on_press=move || leave(false)>{w::family_later()}</Button>
            <Button kind=ButtonKind::Plain busy disabled on_press=move || leave(true)>{w::family_absent()}</Button>
        </div>
    }
    .into_any()
}

/// Leaves a family as it is, or as not there; what to say of it, and where to go.
async fn left(
    data: Data,
    event: Uuid,
    family: Uuid,
    is_absent: bool,
) -> Result<(&'static str, String), SaveError> {
    let left = if is_absent { data.not_there(event, family).await? } else { Left::Begun };
    let words = match left {
        Left::Due => w::family_stays_due(),
        Left::Begun => w::family_stays_begun(),
    };
    Ok((words, next(data, event, family).await?))
}

/// The form of the family that comes next, or the list where none is left.
pub(super) async fn next(data: Data, event: Uuid, after: Uuid) -> Result<String, SaveError> {
    match data.next_in_round(event, Some(after)).await {
        Some(family) => Ok(routes::visit_form(data.visit_in_round(event, family).await?)),
        None => Ok(routes::round(event)),
    }
}
