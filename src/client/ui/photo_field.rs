use super::{
    field::{FieldWords, Must, Remark, fresh_id},
    icon::{Icon, IconName},
    split_view::use_wide,
    viewfinder::{Shooting, Viewfinder},
};
use crate::{
    locale::words,
    platform::{
        camera::Camera,
        clock,
        media::MediaError,
        picture::{self, PictureError, Size},
    },
};
use leptos::{html, prelude::*, task::spawn_local};

/// A photo that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shot {
    /// Names it.
    pub(crate) key: String,
    /// Where an `<img>` finds it; empty while it loads.
    pub(crate) url: String,
}

/// Takes photos, one by one, and makes each small before it is given on.
#[component]
pub(crate) fn PhotoField(
    /// The question, with its required mark and hint.
    words: FieldWords,
    /// The photos that are there.
    #[prop(into)]
    shots: Signal<Vec<Shot>>,
    /// How many there may be.
    max: usize,
    /// How large they may be.
    size: Size,
    /// What is written at the bottom of a photo taken at this moment, in milliseconds since 1970.
    #[prop(optional, into)]
    stamp: Option<Callback<(i64,), String>>,
    /// A new photo, a JPEG of at most that size.
    #[prop(into)]
    on_add: Callback<(Vec<u8>,)>,
    /// The key of a photo to take away.
    #[prop(into)]
    on_remove: Callback<(String,)>,
    /// What is wrong with it now; empty for nothing.
    #[prop(optional, into)]
    problem: Signal<String>,
    /// Whether a photo is on its way to the disk.
    #[prop(optional, into)]
    saving: Signal<bool>,
    /// Why the last photo was not kept; empty for nothing.
    #[prop(optional, into)]
    unkept: Signal<String>,
) -> impl IntoView {
    let says = fresh_id("photos-says");
    let failed = RwSignal::new(String::new());
    let shown_problem = Signal::derive(move || {
        let failed = failed.get();
        if failed.is_empty() { problem.get() } else { failed }
    });
    let left = Signal::derive(move || max.saturating_sub(shots.read().len()));
    let shooting = Shooting { size, stamp, left, unkept, saving, on_add };
    let thumbs = move || {
        let count = shots.read().len();
        shots
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, shot)| view! { <Thumb shot index count on_remove /> })
            .collect_view()
    };
    view! {
        <fieldset class="field" aria-describedby=says data-bad=move || (!shown_problem.read().is_empty()).then_some("")>
            <legend class="choice__legend">{words.label} {words.must.then(|| view! { <Must /> })}</legend>
            {(!words.hint.is_empty()).then(|| view! { <p class="field__hint">{words.hint.clone()}</p> })}
            <div class="photo-field">
                {thumbs}
                <Show when=move || { left.get() > 0 }>
                    <Add shooting failed />
                </Show>
            </div>
            <Remark id=says.clone() problem=shown_problem />
        </fieldset>
    }
}

#[component]
fn Thumb(shot: Shot, index: usize, count: usize, on_remove: Callback<(String,)>) -> impl IntoView {
    let key = shot.key;
    view! {
        <div class="photo-field__shot">
            {(!shot.url.is_empty())
                .then(|| {
                    view! { <img class="photo-field__image" src=shot.url alt=words::ui::photo_of(index + 1, count) /> }
                })}
            <button
                type="button"
                class="photo-field__remove"
                aria-label=words::ui::remove_photo(index + 1)
                on:click=move |_| on_remove.run((key.clone(),))
            >
                <Icon name=IconName::Close />
            </button>
        </div>
    }
}

/// Opens the page's own camera where the browser has one, and the system's where not.
#[component]
fn Add(shooting: Shooting, failed: RwSignal<String>) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    // Whether a press is the system's camera, or its files: at a desk a photo is a file, and the camera looks at who sits there.
    let by_system = StoredValue::new(!Camera::is_known() || use_wide().get_untracked());
    let take = move |input: web_sys::HtmlInputElement| {
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        busy.set(true);
        failed.set(String::new());
        let words = shooting.stamp.map(|stamp| stamp.run((taken_at(&file),))).unwrap_or_default();
        spawn_local(async move {
            let shrunk = picture::shrink(&file, shooting.size, &words).await;
            // The same picture may be chosen again.
            input.set_value("");
            busy.set(false);
            match shrunk {
                // The page may be gone meanwhile.
                Ok(bytes) => drop(shooting.on_add.try_run((bytes,))),
                Err(PictureError::Unreadable) => failed.set(words::ui::photo_unreadable().to_owned()),
                Err(PictureError::Encode) => failed.set(words::ui::photo_failed().to_owned()),
            }
        });
    };
    let press = move |event: web_sys::MouseEvent| {
        if !by_system.get_value() {
            event.prevent_default();
            failed.set(String::new());
            open.set(true);
        }
    };
    let on_system = move |error: Option<MediaError>| {
        open.set(false);
        failed.set(error.map(said).unwrap_or_default().to_owned());
        by_system.set_value(true);
        // Long after a press the browser opens nothing by itself: then the next press does.
        if let Some(input) = input.get_untracked() {
            input.click();
        }
        by_system.set_value(error.is_some());
    };
    view! {
        <label class="photo-field__add">
            <Icon name=IconName::Camera />
            <span>{move || if busy.get() { words::ui::photo_working() } else { words::ui::take_photo() }}</span>
            <input
                class="sr-only"
                type="file"
                autocomplete="off"
                accept="image/*"
                capture="environment"
                node_ref=input
                on:click=press
                on:change:target=move |event| take(event.target())
            />
        </label>
        <Viewfinder open shooting on_system />
    }
}

fn said(error: MediaError) -> &'static str {
    match error {
        MediaError::Refused => words::ui::camera_refused(),
        MediaError::Missing => words::ui::camera_missing(),
        MediaError::Busy => words::ui::camera_busy(),
    }
}

/// When a photo was taken: a camera writes its file at once. A file without a time, or of a time to come, is of now.
fn taken_at(file: &web_sys::File) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, as the browser has them")]
    let written = file.last_modified() as i64;
    let now = clock::now_ms();
    if written <= 0 { now } else { written.min(now) }
}
