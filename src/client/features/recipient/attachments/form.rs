//! A new attachment: what it is, of which day, and its photos.

use crate::{
    data::{NewAttachment, use_data},
    features::{labels, problems, taken_photos::TakenPhotos},
    locale::words::attachments as w,
    platform::{clock, picture::Size},
    ui::{Button, ButtonKind, Cell, DatePicker, Dialog, Field, FieldWords, Opt, Picker, use_notices},
};
use domain::{
    attachment::{self, YEARLY},
    options,
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

/// Photos of one attachment.
const PHOTOS_MAX: usize = 4;

/// What is filled in.
#[derive(Clone, Copy)]
struct Form {
    kind: RwSignal<String>,
    taken_on: RwSignal<String>,
    remark: RwSignal<String>,
    photos: RwSignal<Vec<Vec<u8>>>,
    kind_problem: RwSignal<String>,
    problem: RwSignal<String>,
}

impl Form {
    fn new() -> Form {
        let text = || RwSignal::new(String::new());
        let (photos, taken_on) = (RwSignal::new(Vec::new()), RwSignal::new(clock::today()));
        Form { kind: text(), taken_on, remark: text(), photos, kind_problem: text(), problem: text() }
    }

    /// Nothing is filled in any more. The page may be gone meanwhile.
    fn clear(self) {
        for text in [self.kind, self.remark] {
            text.try_set(String::new());
        }
        self.photos.try_set(Vec::new());
        self.taken_on.try_set(clock::today());
    }

    /// The attachment, or nothing where something is missing; that is then said beside it.
    fn taken(self) -> Option<NewAttachment> {
        let (kind, photos) = (self.kind.get_untracked(), self.photos.get_untracked());
        let missing = |is: bool, words: &str| if is { words.to_owned() } else { String::new() };
        self.kind_problem.set(missing(kind.is_empty(), w::kind_missing()));
        self.problem.set(missing(photos.is_empty(), w::photos_missing()));
        let remark = self.remark.get_untracked().trim().to_owned();
        let taken_on = self.taken_on.get_untracked();
        (!kind.is_empty() && !photos.is_empty()).then_some(NewAttachment { kind, taken_on, remark, photos })
    }
}

#[component]
pub(super) fn AddAttachment(recipient: Uuid) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    // What is filled in stays while the dialog is closed.
    let form = Form::new();
    let take = move || {
        let Some(new) = form.taken() else { return };
        busy.set(true);
        spawn_local(async move {
            match data.put_attachment(recipient, new).await {
                Ok(()) => {
                    open.try_set(false);
                    form.clear();
                    notices.say(w::saved());
                }
                Err(error) => drop(form.problem.try_set(problems::save(&error).title)),
            }
            busy.try_set(false);
        });
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{crate::locale::words::ui::cancel()}</Button>
            <Button busy on_press=take>{crate::locale::words::file::save()}</Button>
        }
    };
    view! {
        <Cell label=w::add() on_press=move || open.set(true) />
        <Dialog open title=w::add_title() acts><Fields form /></Dialog>
    }
}

#[component]
fn Fields(form: Form) -> impl IntoView {
    let options = options::choices("attachment_kind").unwrap_or_default().iter();
    let options = options.filter(|choice| choice.code != YEARLY);
    let options: Vec<Opt> = options
        .map(|choice| Opt::new(choice.code, labels::value("attachment_kind", &choice.code.into())))
        .collect();
    let is_paper = Memo::new(move |_| {
        let kind = form.kind.read();
        !kind.is_empty() && attachment::record_kind(&kind) == "paper"
    });
    let photos = move || {
        let size = if is_paper.get() { Size::PAPER } else { Size::PHOTO };
        let words = FieldWords::label(w::photos()).must().hint(w::max());
        view! { <TakenPhotos words max=PHOTOS_MAX size photos=form.photos problem=form.problem /> }
    };
    let choose = move |kind: String| {
        form.kind_problem.set(String::new());
        form.kind.set(kind);
    };
    let must = |field: &str| FieldWords::label(labels::field(field)).must();
    view! {
        <div class="stack">
            <Picker words=must("attachment_kind") options=Signal::stored(options) chosen=form.kind problem=form.kind_problem
                on_pick=choose />
            {move || is_paper.get().then(|| view! { <p class="quiet small">{w::paper_says()}</p> })}
            <DatePicker words=must("taken_on") day=form.taken_on today=clock::today() on_pick=move |day: String| form.taken_on.set(day) />
            {photos}
            <Field words=FieldWords::label(labels::field("remark")) value=form.remark />
        </div>
    }
}
