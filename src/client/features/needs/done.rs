//! Saying that a measure was done. What is typed and shot is on the disk at once: a killed browser loses nothing of it.

use crate::{
    data::{Loaded, MeasureDraft, SaveError, Topic, use_data},
    features::{blob_images::Pictures, days, problems},
    locale::words::needs as w,
    platform::{clock, picture::Size},
    ui::{
        Button, ButtonKind, DatePicker, Dialog, Field, FieldKind, FieldWords, IconName, PhotoField, Shot,
        use_notices,
    },
};
use leptos::{prelude::*, task::spawn_local};
use sync::id::BlobHash;
use uuid::Uuid;

/// Photos of one measure.
const PHOTOS_MAX: usize = 4;

/// What is said, and how its writes go.
#[derive(Clone, Copy)]
struct Saying {
    measure: Uuid,
    day: RwSignal<String>,
    result: RwSignal<String>,
    photos: RwSignal<Vec<BlobHash>>,
    /// Writes under way.
    pending: RwSignal<usize>,
    problem: RwSignal<String>,
}

impl Saying {
    fn new(measure: Uuid) -> Saying {
        Saying {
            measure,
            day: RwSignal::new(clock::today()),
            result: RwSignal::new(String::new()),
            photos: RwSignal::new(Vec::new()),
            pending: RwSignal::new(0),
            problem: RwSignal::new(String::new()),
        }
    }

    /// Goes on with what was said before.
    fn go_on(self, draft: MeasureDraft) {
        if !draft.done_on.is_empty() {
            self.day.set(draft.done_on);
        }
        self.result.set(draft.result);
        self.photos.set(draft.photos);
    }

    /// Runs a write to its end, even if the page goes.
    fn track(self, write: impl Future<Output = Result<Option<Vec<BlobHash>>, SaveError>> + 'static) {
        self.problem.set(String::new());
        self.pending.update(|pending| *pending += 1);
        spawn_local(async move {
            match write.await {
                Ok(Some(photos)) => drop(self.photos.try_set(photos)),
                Ok(None) => {}
                Err(error) => drop(self.problem.try_set(problems::save(&error).title)),
            }
            self.pending.try_update(|pending| *pending = pending.saturating_sub(1));
        });
    }

    /// Keeps the day and the result.
    fn note(self) {
        let (data, day, result) = (use_data(), self.day.get_untracked(), self.result.get_untracked());
        self.track(async move { data.note_measure(self.measure, day, result).await.map(|()| None) });
    }
}

/// Says that the measure was done, with a photo that shows it.
#[component]
pub(super) fn Done(measure: Uuid) -> impl IntoView {
    let data = use_data();
    let open = RwSignal::new(false);
    let saying = Saying::new(measure);
    let begun = Loaded::new(move || {
        data.changed(Topic::Drafts).track();
        async move { data.measure_draft(measure).await }
    });
    let ask = move || {
        spawn_local(async move {
            if let Some(draft) = data.measure_draft(measure).await {
                saying.go_on(draft);
            }
            open.try_set(true);
        });
    };
    let begun_words = move || begun.get().flatten().map(|draft| w::done_begun(draft.photos.len()));
    view! {
        <div class="stack">
            {move || begun_words().map(|words| view! { <p class="quiet small">{words}</p> })}
            <div><Button kind=ButtonKind::Plain icon=IconName::Check on_press=ask>{w::do_done()}</Button></div>
        </div>
        <DoneDialog saying open />
    }
}

#[component]
fn DoneDialog(saying: Saying, open: RwSignal<bool>) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let busy = RwSignal::new(false);
    let take = move || {
        let (Ok(done_on), photos) = (saying.day.get_untracked().parse(), saying.photos.get_untracked())
        else {
            return;
        };
        if photos.is_empty() {
            saying.problem.set(w::photos_missing().to_owned());
            return;
        }
        let result = saying.result.get_untracked();
        busy.set(true);
        spawn_local(async move {
            match data.finish_measure(saying.measure, done_on, result.trim(), &photos).await {
                Ok(()) => {
                    open.try_set(false);
                    notices.say(w::noted());
                }
                Err(error) => drop(saying.problem.try_set(problems::save(&error).title)),
            }
            busy.try_set(false);
        });
    };
    // A photo still on its way to the disk would be missed.
    let disabled = Signal::derive(move || saying.pending.get() > 0);
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{crate::locale::words::ui::cancel()}</Button>
            <Button busy disabled on_press=take>{w::do_done()}</Button>
        }
    };
    view! {
        <Dialog open title=w::done_title() acts>
            <div class="stack">
                <DatePicker
                    words=FieldWords::label(w::done_on()).must()
                    day=saying.day
                    today=clock::today_day().to_string()
                    quick=days::recent(clock::today_day())
                    on_pick=move |picked| {
                        saying.day.set(picked);
                        saying.note();
                    }
                />
                <Field
                    words=FieldWords::label(w::result())
                    kind=FieldKind::Long
                    value=saying.result
                    on_change=move |_: String| saying.note()
                />
                <DonePhotos saying />
            </div>
        </Dialog>
    }
}

#[component]
fn DonePhotos(saying: Saying) -> impl IntoView {
    let data = use_data();
    let pictures = Pictures::new();
    let shots = Signal::derive(move || {
        let shot = |photo: &BlobHash| {
            let key = photo.to_string();
            Shot { url: pictures.url(&key), key }
        };
        saying.photos.read().iter().map(shot).collect::<Vec<_>>()
    });
    let measure = saying.measure;
    let add = move |bytes: Vec<u8>| {
        saying.track(async move { data.add_measure_photo(measure, bytes).await.map(Some) });
    };
    let remove = move |key: String| {
        let Ok(photo) = key.parse() else { return };
        saying.track(async move { data.remove_measure_photo(measure, photo).await.map(Some) });
    };
    let saving = Signal::derive(move || saying.pending.get() > 0);
    view! {
        <PhotoField
            words=FieldWords::label(w::photos()).must()
            shots
            max=PHOTOS_MAX
            size=Size::PHOTO
            on_add=add
            on_remove=remove
            problem=saying.problem
            saving
        />
    }
}
