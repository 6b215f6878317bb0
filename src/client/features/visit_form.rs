//! 走访表: one form for every checklist. Each answer is on the phone's disk before the next is given.

mod companions;
mod corrections;
mod discard;
mod finish;
mod part;
mod pictures;
mod position;
mod preview;
mod question;
mod share;
mod state;
mod touched;
mod voice;

use super::{
    answer_words, guardian::GuardianLine, notice_line::NoticeLine, promised::Promised, saved_line::SavedLine,
    thumbs::SignedSheets,
};
use crate::{
    data::{Data, Draft, Loaded, SaveError, Share, hash_of, use_data},
    locale::words::form as w,
    platform::timer::{self, Timer},
    routes,
    session::use_session,
    ui::{ButtonKind, Empty, IconName, LinkButton, Loading, Page, PageBody, Progress, use_wide},
};
use companions::Companions;
use corrections::Corrections;
pub(crate) use discard::Discard;
use domain::notice::Notice;
use finish::Finish;
use leptos::{prelude::*, task::spawn_local};
use position::HousePosition;
pub(crate) use preview::{FormPreview, Preview};
use question::QuestionView;
use serde_json::Value;
use state::{Form, Queue, Slot};
use std::{cell::RefCell, rc::Rc};
use touched::Touched;
use uuid::Uuid;

/// How long a question is open before the disk is told.
const PLACE_RESTS_MS: i64 = 300;

/// The form of the visit in the path.
#[component]
pub(crate) fn VisitFormPage() -> impl IntoView {
    let data = use_data();
    let id = routes::id_param();
    // Read once: while the form is open its own memory is ahead of the disk.
    let draft = Loaded::new(move || {
        let id = id.get();
        async move {
            match id {
                Some(id) => data.draft(id).await.and_then(|draft| Some((Form::open(&draft)?, draft))),
                None => None,
            }
        }
    });
    move || match draft.get() {
        None => view! { <Page title=w::title() back=routes::VISITS><Loading /></Page> }.into_any(),
        Some(None) => view! { <NoDraft /> }.into_any(),
        Some(Some((form, draft))) => view! { <Sheet form draft /> }.into_any(),
    }
}

/// What every part of the form works with.
#[derive(Clone, Copy)]
struct Work {
    data: Data,
    visit: Uuid,
    /// Whether what is answered goes to the disk; of a preview it does not.
    keeps: bool,
    form: RwSignal<Form>,
    touched: StoredValue<Touched, LocalStorage>,
    /// Outlives the page: what was typed is written even if the page goes at once.
    queue: StoredValue<Rc<RefCell<Queue>>, LocalStorage>,
    /// What is to write the place in the form.
    place_write: StoredValue<Option<Timer>, LocalStorage>,
    /// How many writes are under way: answers, corrections, photos.
    pending: RwSignal<usize>,
    failed: RwSignal<Option<SaveError>>,
    pictures: super::blob_images::Pictures,
    /// As it was when the form was opened: that version is kept with the visit.
    notice: StoredValue<Notice>,
    /// Where the visit is and who makes it: what a photo of it bears, besides the time. Never whom it is of.
    place: StoredValue<String>,
    /// Whether what is missing is marked: only after 完成 was asked for.
    strict: RwSignal<bool>,
}

impl Work {
    fn new(visit: Uuid, village: &str, form: Form) -> Work {
        let data = use_data();
        let visitor = use_session().who_untracked().map(|who| who.user.name).unwrap_or_default();
        Work {
            data,
            visit,
            keeps: true,
            form: RwSignal::new(form),
            touched: StoredValue::new_local(Touched::default()),
            queue: StoredValue::new_local(Rc::default()),
            place_write: StoredValue::new_local(None),
            pending: RwSignal::new(0),
            failed: RwSignal::new(None),
            pictures: super::blob_images::Pictures::new(),
            notice: StoredValue::new(data.notice()),
            place: StoredValue::new(state::place(village, &visitor, visit)),
            strict: RwSignal::new(false),
        }
    }

    /// What is written on a photo taken at this moment.
    fn stamp(self, taken_at: i64) -> String {
        self.place.with_value(|place| state::stamp(taken_at, place))
    }

    /// Gives an answer: at once on the screen, then on the disk, in the order given.
    fn answer(self, code: &str, value: Value) {
        self.show(code, value.clone());
        self.place_write.try_set_value(None);
        self.put(Slot::Answer(code.to_owned()), value);
        let kept = self.form.try_update_untracked(Form::keep_computed).unwrap_or_default();
        for (code, value) in kept {
            self.touched.with_value(|touched| touched.notify(std::slice::from_ref(&code)));
            self.put(Slot::Answer(code), value);
        }
    }

    /// Shows an answer, and what follows from it. The page may have gone.
    fn show(self, code: &str, value: Value) {
        if let Some(codes) = self.form.try_update(|form| form.answer(code, value)) {
            self.touched.with_value(|touched| touched.notify(&codes));
        }
    }

    /// Looks at the form, and again when something of this question changes.
    fn look<T>(self, code: &str, at: impl FnOnce(&Form) -> T) -> T {
        self.touched.with_value(|touched| touched.track(code));
        self.form.with_untracked(at)
    }

    /// Gives several answers, as one instance more or less of a repeat does.
    fn change(self, changes: Vec<(String, Value)>) {
        for (code, value) in changes {
            self.answer(&code, value);
        }
    }

    /// Keeps a correction of the file with the visit.
    fn correct(self, field: &str, value: Value) {
        self.put(Slot::Field(field.to_owned()), value);
    }

    /// Keeps who came along.
    fn come_along(self, companions: &[String]) {
        self.put(Slot::Companions, Value::from(companions.to_vec()));
    }

    fn put(self, slot: Slot, value: Value) {
        if !self.keeps {
            return;
        }
        self.queue.with_value(|queue| queue.borrow_mut().put(slot, value));
        self.write();
    }

    /// Keeps a picture as an answer; answers with its name.
    async fn attach(self, code: &str, kind: &str, bytes: &[u8]) -> Result<String, SaveError> {
        let hash = if self.keeps {
            self.data.attach(self.visit, code, kind, bytes.to_vec()).await?
        } else {
            hash_of(bytes)
        };
        let name = hash.to_string();
        self.pictures.keep(&name, bytes);
        Ok(name)
    }

    /// Takes pictures out of an answer.
    async fn detach(self, code: &str, names: &[String]) -> Result<(), SaveError> {
        for hash in names.iter().filter_map(|name| name.parse().ok()).filter(|_| self.keeps) {
            self.data.detach(self.visit, code, hash).await?;
        }
        Ok(())
    }

    /// Remembers which question is open. On the disk it is after a rest, or with the answer that is given meanwhile: one write, not two.
    fn current(self, code: String) {
        let marks = self.form.try_update_untracked(|form| form.go_to(&code)).unwrap_or_default();
        self.touched.with_value(|touched| touched.notify(&marks));
        if marks.is_empty() || !self.keeps {
            return;
        }
        let data = self.data;
        let write = move || {
            spawn_local(async move {
                // Losing the place in the form is a convenience; the answers are journaled apart.
                let _ = data.current(self.visit, &code).await;
            });
        };
        self.place_write.try_set_value(Some(timer::after(PLACE_RESTS_MS, write)));
    }

    /// Writes what waits, one after the other; begun again after a failure by the next value or by hand.
    fn write(self) {
        let queue = self.queue.get_value();
        if !queue.borrow_mut().begin() {
            return;
        }
        let data = self.data;
        self.track(async move {
            let mut outcome = Ok(());
            while outcome.is_ok() {
                let next = queue.borrow_mut().next();
                let Some((slot, value)) = next else { break };
                outcome = match &slot {
                    Slot::Answer(code) => data.answer(self.visit, code, value.clone()).await,
                    Slot::Field(field) => data.correct(self.visit, field, value.clone()).await,
                    Slot::Companions => data.come_along(self.visit, question::texts(&value)).await,
                };
                if outcome.is_err() {
                    queue.borrow_mut().put_back(slot, value);
                }
            }
            queue.borrow_mut().end();
            outcome
        });
    }

    /// Runs a write to its end, even if the page goes; the form says 正在存 meanwhile, and what went wrong after, until something is done again.
    fn track(self, write: impl Future<Output = Result<(), SaveError>> + 'static) {
        if self.pending.get_untracked() == 0 {
            self.failed.set(None);
        }
        self.pending.update(|pending| *pending += 1);
        spawn_local(async move {
            if let Err(error) = write.await {
                self.failed.try_set(Some(error));
            }
            self.pending.try_update(|pending| *pending = pending.saturating_sub(1));
        });
    }
}

#[component]
fn Sheet(form: Form, draft: Draft) -> impl IntoView {
    let work = Work::new(draft.row.visit, &draft.row.village, form);
    let (recipient, share) = (draft.row.recipient, draft.share);
    let progress = Memo::new(move |_| work.form.read().progress());
    let codes = Memo::new(move |_| work.form.read().codes());
    let wide = use_wide();
    let start = work.form.with_untracked(|form| form.current().map(str::to_owned));
    Effect::new(move || {
        if let Some(code) = &start {
            question::show(code);
        }
    });
    let (title, back) = match share {
        Share::Alone => (w::title_of(&draft.row.name), routes::recipient(recipient)),
        Share::Event => (w::event_title().to_owned(), routes::round(work.visit)),
        Share::Family { event, .. } => (w::title_of(&draft.row.name), routes::round(event)),
    };
    let foot = move || match share {
        Share::Event => view! { <div class="page__measure"><share::ToFamilies work /></div> }.into_any(),
        _ => view! { <div class="page__measure"><Finish work share recipient /></div> }.into_any(),
    };
    let is_visit = share != Share::Event;
    let companions = draft.companions.clone();
    view! {
        <Page title back foot body=PageBody::Wide>
            <div class="form">
                {move || wide.get().then(|| view! { <Index work codes /> })}
                <div class="form__sheet">
                    <NoticeLine notice=work.notice.get_value() />
                    {is_visit.then(|| view! { <GuardianLine recipient /> })}
                    <share::Head share />
                    {is_visit.then(|| view! { <Promised recipient /> })}
                    <div class="form__progress">
                        <Progress label=w::answered() done=Signal::derive(move || progress.get().0) all=Signal::derive(move || progress.get().1) />
                        <SavedLine
                            pending=Signal::derive(move || work.pending.get() > 0)
                            failed=work.failed
                            saving=w::saving()
                            saved=w::saved()
                            on_again=move || work.write()
                        />
                    </div>
                    <Companions work companions />
                    <share::LeftOut work />
                    <For each=move || codes.get() key=Clone::clone let:code>
                        <QuestionView code work />
                    </For>
                    {is_visit.then(|| view! { <Beside work draft share /> })}
                </div>
            </div>
        </Page>
    }
}

/// What goes with a visit besides its answers, and the ways out.
#[component]
fn Beside(work: Work, draft: Draft, share: Share) -> impl IntoView {
    let recipient = draft.row.recipient;
    view! {
        <voice::Voice work />
        <SignedSheets blobs=draft.sheets />
        <HousePosition work kept=draft.corrections.get("geo").cloned() />
        <Corrections work recipient draft=draft.corrections />
        <share::Leave work share recipient />
        <div class="inset"><Discard draft=draft.row /></div>
    }
}

/// The questions as a list to jump in, beside the form; a narrow screen has no room for it.
#[component]
fn Index(work: Work, codes: Memo<Vec<String>>) -> impl IntoView {
    let row = move |code: String| {
        let words = work.form.with_untracked(|form| {
            form.question(&code).map(|question| form.filled(&answer_words::words(&question.text), &code))
        });
        let state = {
            let code = code.clone();
            Memo::new(move |_| {
                work.form.track();
                work.look(&code, |form| form.mark(&code))
            })
        };
        let jump = {
            let code = code.clone();
            move |_| question::show(&code)
        };
        view! {
            <li>
                <button type="button" class="form__jump" data-mark=move || state.get().attr() on:click=jump>
                    <span class="form__code">{code}</span>
                    <span>{words}</span>
                </button>
            </li>
        }
    };
    view! {
        <nav class="form__index" aria-label=w::index()>
            <ul>
                <For each=move || codes.get() key=Clone::clone children=row />
            </ul>
        </nav>
    }
}

/// The visit is finished or not on this phone.
#[component]
fn NoDraft() -> impl IntoView {
    let id = routes::id_param();
    view! {
        <Page title=w::title() back=routes::VISITS>
            <Empty icon=IconName::Clipboard title=w::no_draft() advice=w::no_draft_advice()>
                {move || {
                    id.get().map(|id| view! { <LinkButton kind=ButtonKind::Plain href=routes::visit(id)>{w::read_it()}</LinkButton> })
                }}
            </Empty>
        </Page>
    }
}
