//! Recordings, to be listened to.

use super::problems;
use crate::{
    data::{BlobRow, OfficeError, use_data},
    locale::words::voice as w,
    platform::object_url::ObjectUrl,
    ui::{Button, ButtonKind, CellGroup},
};
use leptos::{prelude::*, task::spawn_local};
use sync::id::BlobHash;

/// What was said at a visit; nothing where nothing was recorded.
#[component]
pub(crate) fn Recordings(blobs: Vec<BlobRow>) -> impl IntoView {
    let recordings: Vec<BlobHash> =
        blobs.iter().filter(|blob| blob.kind == "voice").map(|blob| blob.hash).collect();
    (!recordings.is_empty()).then(|| {
        let rows = recordings.into_iter().enumerate().map(|(place, hash)| {
            view! { <div class="answer"><Recording hash place /></div> }
        });
        view! { <CellGroup title=w::title()>{rows.collect_view()}</CellGroup> }
    })
}

/// One recording: its bytes are fetched when somebody wants to hear it.
#[component]
pub(crate) fn Recording(
    hash: BlobHash,
    /// From 0.
    place: usize,
    /// Beside its name.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let data = use_data();
    let label = w::one(place + 1);
    let url = StoredValue::new_local(None::<ObjectUrl>);
    let address = RwSignal::new(String::new());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(""));
    let fetch = move || {
        busy.set(true);
        problem.set("");
        spawn_local(async move {
            match data.blob(hash, None).await.map(|bytes| ObjectUrl::new(&bytes, mime(&bytes))) {
                Ok(Some(found)) => {
                    address.try_set(found.as_str().to_owned());
                    url.try_set_value(Some(found));
                }
                Ok(None) => drop(problem.try_set(w::no_room())),
                Err(OfficeError::Refused { status: 404, .. }) => drop(problem.try_set(w::waits())),
                Err(error) => drop(problem.try_set(problems::office(&error))),
            }
            busy.try_set(false);
        });
    };
    let name = label.clone();
    view! {
        <div class="recording__head">
            <p class="strong">{label}</p>
            {children.map(|children| children())}
        </div>
        <Show
            when=move || !address.read().is_empty()
            fallback=move || view! { <Button kind=ButtonKind::Plain busy on_press=fetch>{w::listen()}</Button> }
        >
            <audio class="recording" controls autoplay src=address aria-label=name.clone()></audio>
        </Show>
        <p class="field__problem" role="status">{problem}</p>
    }
}

/// What browsers record, by its first bytes: WebM (RFC 9559 §8.1), or MP4 (ISO/IEC 14496-12 §4.3).
fn mime(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x1a, 0x45, 0xdf, 0xa3, ..] => "audio/webm",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "audio/mp4",
        _ => "audio/ogg",
    }
}

#[cfg(test)]
mod tests {
    use super::mime;

    #[test]
    fn a_recording_is_known_by_its_first_bytes() {
        assert_eq!(mime(b"\x1a\x45\xdf\xa3rest"), "audio/webm");
        assert_eq!(mime(b"\0\0\0\x20ftypM4A "), "audio/mp4");
        assert_eq!(mime(b"OggS"), "audio/ogg");
    }
}
