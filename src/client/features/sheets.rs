//! 拍签过字的表: photos of printed sheets go to the visits that their codes name; where a code is not read, a person says which visit it was.

use super::{days, problems};
use crate::{
    data::{Loaded, OfficeError, Topic, VisitRow, VisitState, use_data},
    locale::words::sheets as w,
    platform::{
        files,
        picture::{self, Size},
    },
    routes,
    ui::{Badge, Cell, CellGroup, Icon, IconName, Loading, Sheet, Tone, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

/// How many past visits are offered where a code is not read.
const OFFERED: usize = 30;

/// What became of one photo.
#[derive(Clone)]
enum Outcome {
    /// It lies with a visit.
    Filed(Uuid),
    /// It is of a blank form, or of a need's: the page where it belongs.
    Elsewhere(String),
    /// Nobody read its code; the photo waits for a person.
    Unread(Vec<u8>, String),
    /// It is being kept.
    Saving,
    /// It is no picture.
    Failed(String),
}

impl Outcome {
    fn is_unread(&self) -> bool {
        matches!(self, Outcome::Unread(..))
    }
}

#[component]
pub(crate) fn TakeSheets(open: RwSignal<bool>) -> impl IntoView {
    // Of the page: a photo that waits for a person is still there when the sheet is opened again.
    let outcomes = RwSignal::new(Vec::<Outcome>::new());
    let notices = use_notices();
    let closed = move |is_open: &bool, was_open: Option<&bool>, _: Option<()>| {
        let waiting = outcomes.read_untracked().iter().filter(|one| one.is_unread()).count();
        if was_open == Some(&true) && !is_open && waiting > 0 {
            notices.say(w::still_waiting(waiting));
        }
    };
    Effect::watch(move || open.get(), closed, false);
    view! { <Sheet open title=w::title().to_owned()><Steps outcomes /></Sheet> }
}

#[component]
fn Steps(outcomes: RwSignal<Vec<Outcome>>) -> impl IntoView {
    let data = use_data();
    let busy = RwSignal::new(false);
    let file_to = move |visit: Uuid, photo: Vec<u8>| async move {
        match data.file_sheet(visit, &photo).await {
            Ok(()) => Outcome::Filed(visit),
            Err(error) => Outcome::Unread(photo, problems::save(&error).title),
        }
    };
    let take = move |photos: Vec<files::File>| {
        busy.set(true);
        spawn_local(async move {
            for photo in photos {
                let outcome = match picture::shrink(&photo, Size::PAPER, "").await {
                    Err(_) => Outcome::Failed(crate::locale::words::ui::photo_unreadable().to_owned()),
                    Ok(bytes) => match data.sheet_page(&bytes).await {
                        Ok(path) => match routes::visit_in(&path) {
                            Some(visit) => file_to(visit, bytes).await,
                            None => Outcome::Elsewhere(path),
                        },
                        Err(error) => Outcome::Unread(bytes, why(&error).to_owned()),
                    },
                };
                outcomes.try_update(|all| all.push(outcome));
            }
            busy.try_set(false);
        });
    };
    let choose = move |visit: Uuid| {
        let found = outcomes.read_untracked().iter().position(Outcome::is_unread);
        let Some(place) = found else { return };
        // Taken at once: a second press on another visit is for the next photo.
        let taken = outcomes.try_update(|all| std::mem::replace(&mut all[place], Outcome::Saving));
        let Some(Outcome::Unread(photo, _)) = taken else { return };
        spawn_local(async move {
            let outcome = file_to(visit, photo).await;
            outcomes.try_update(|all| all[place] = outcome);
        });
    };
    let is_unread = Memo::new(move |_| outcomes.read().iter().any(Outcome::is_unread));
    view! {
        <div class="stack inset">
            <p class="quiet">{w::advice()}</p>
            <label class="button" data-kind="primary">
                <Icon name=IconName::Camera />
                <span>{move || if busy.get() { w::working() } else { w::take() }}</span>
                <input class="sr-only" type="file" autocomplete="off" accept="image/*" multiple on:change:target=move |event| take(files::take_chosen(&event.target())) />
            </label>
        </div>
        <div role="status">{move || outcomes.get().into_iter().map(|outcome| view! { <Row outcome /> }).collect_view()}</div>
        {move || is_unread.get().then(|| view! { <Which choose=Callback::new(move |(visit,)| choose(visit)) /> })}
    }
}

fn why(error: &OfficeError) -> &'static str {
    match error {
        OfficeError::Refused { err, .. } if err == "no_code" => w::no_code(),
        OfficeError::Refused { err, .. } if err == "too_long" || err == "too_much_memory" => w::too_hard(),
        OfficeError::Offline => w::offline(),
        other => problems::office(other),
    }
}

#[component]
fn Row(outcome: Outcome) -> impl IntoView {
    match outcome {
        Outcome::Filed(visit) => {
            view! { <Cell label=w::filed() href=routes::visit(visit)><Badge tone=Tone::Good words=w::kept() /></Cell> }.into_any()
        }
        Outcome::Elsewhere(path) => view! { <Cell label=w::elsewhere() note=w::elsewhere_note() href=path /> }.into_any(),
        Outcome::Unread(_, why) => {
            view! { <Cell label=why note=w::unread_note()><Badge tone=Tone::Soon words=w::waits() /></Cell> }.into_any()
        }
        Outcome::Saving => view! { <Cell label=w::saving() /> }.into_any(),
        Outcome::Failed(why) => {
            view! { <Cell label=why><Badge tone=Tone::Bad words=w::not_kept() /></Cell> }.into_any()
        }
    }
}

/// The last visits, to say by hand whose sheet it is.
#[component]
fn Which(choose: Callback<(Uuid,)>) -> impl IntoView {
    let data = use_data();
    let visits = Loaded::new(move || {
        data.changed(Topic::Visits).track();
        async move { data.visits().await }
    });
    let row = move |visit: VisitRow| {
        let note = w::visit_note(visit.village, days::said(&visit.day));
        view! { <Cell label=visit.name note on_press=move || choose.run((visit.id,)) /> }
    };
    move || {
        let Some(visits) = visits.get() else { return view! { <Loading /> }.into_any() };
        let takes_sheets = |visit: &VisitRow| visit.state != VisitState::Cancelled;
        let rows: Vec<_> = visits.into_iter().filter(takes_sheets).take(OFFERED).map(row).collect();
        if rows.is_empty() {
            return view! { <p class="inset quiet">{w::no_visits()}</p> }.into_any();
        }
        view! { <CellGroup title=w::which()>{rows}</CellGroup> }.into_any()
    }
}
