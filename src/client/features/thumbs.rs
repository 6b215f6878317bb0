//! Photos and signatures: small ones side by side, a large one on a press.

use crate::{
    data::{BlobRow, Loaded, OfficeError, SMALL_WIDTH, use_data},
    features::problems,
    locale::words::{review as w, visits},
    platform::object_url::ObjectUrl,
    ui::{Button, ButtonKind, CellGroup, Dialog},
};
use domain::checklist::{Question, QuestionKind};
use leptos::prelude::*;
use serde_json::Value;
use sync::id::BlobHash;

/// Small pictures, each with the way to the large one.
#[component]
pub(crate) fn Thumbs(
    /// What one is called, by its place from 1.
    #[prop(into)]
    name: Callback<(usize,), String>,
    /// The blobs.
    blobs: Vec<BlobHash>,
) -> impl IntoView {
    let large: RwSignal<Option<(BlobHash, String)>> = RwSignal::new(None);
    let open = RwSignal::new(false);
    let thumbs = blobs
        .into_iter()
        .enumerate()
        .map(|(index, hash)| {
            let label = name.run((index + 1,));
            let words = label.clone();
            let enlarge = move |_| {
                large.set(Some((hash, words.clone())));
                open.set(true);
            };
            view! {
                <button type="button" class="picture" aria-label=w::photo_big() on:click=enlarge>
                    <Small hash label />
                </button>
            }
        })
        .collect_view();
    let title = Signal::derive(move || large.get().map(|(_, label)| label).unwrap_or_default());
    let acts = move || {
        view! { <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{w::photo_close()}</Button> }
    };
    view! {
        <div class="pictures__row">{thumbs}</div>
        <Dialog open title acts>
            {move || large.get().map(|(hash, label)| view! { <div class="picture__large"><Large hash label /></div> })}
        </Dialog>
    }
}

/// Photos of the printed sheet that was signed by hand: papers that no question has. Nothing where there are none.
#[component]
pub(crate) fn SignedSheets(blobs: Vec<BlobHash>) -> impl IntoView {
    (!blobs.is_empty()).then(|| {
        view! {
            <CellGroup title=visits::signed_sheets()>
                <div class="answer"><Thumbs name=move |n: usize| visits::signed_sheet(n) blobs /></div>
            </CellGroup>
        }
    })
}

/// The pictures of an answer: its photos, or a signature as it was drawn.
pub(crate) fn of_answer(question: &Question, value: &Value, blobs: &[BlobRow]) -> Vec<BlobHash> {
    let count = match question.kind {
        QuestionKind::Photo => usize::MAX,
        QuestionKind::Signature => 1,
        _ => 0,
    };
    let is_strokes = |hash: &BlobHash| blobs.iter().any(|blob| blob.kind == "strokes" && blob.hash == *hash);
    let all = value.as_array().map(Vec::as_slice).unwrap_or_default().iter();
    let hashes = all.filter_map(|hash| hash.as_str()?.parse().ok());
    hashes.filter(|hash| !is_strokes(hash)).take(count).collect()
}

#[component]
fn Small(hash: BlobHash, label: String) -> impl IntoView {
    let data = use_data();
    let bytes = Loaded::new(move || data.blob(hash, Some(SMALL_WIDTH)));
    move || {
        let label = label.clone();
        match bytes.get() {
            None => waits("").into_any(),
            Some(Ok(bytes)) => shown(&bytes, label),
            Some(Err(error)) => waits(why(&error)).into_any(),
        }
    }
}

/// The whole picture; without a signal the small one, if it is here.
#[component]
fn Large(hash: BlobHash, label: String) -> impl IntoView {
    let data = use_data();
    let found = Loaded::new(move || async move {
        match data.blob(hash, None).await {
            Ok(bytes) => Ok((bytes, None)),
            Err(error) => data.blob(hash, Some(SMALL_WIDTH)).await.map(|bytes| (bytes, Some(error))),
        }
    });
    move || {
        let label = label.clone();
        match found.get() {
            None => waits("").into_any(),
            Some(Ok((bytes, None))) => shown(&bytes, label),
            Some(Ok((bytes, Some(error)))) => view! {
                {shown(&bytes, label)}
                <p class="quiet small">{if error == OfficeError::Offline { w::photo_small_only() } else { why(&error) }}</p>
            }
            .into_any(),
            Some(Err(error)) => waits(why(&error)).into_any(),
        }
    }
}

fn why(error: &OfficeError) -> &'static str {
    match error {
        OfficeError::Refused { status: 404, .. } => w::photo_waits(),
        other => problems::office(other),
    }
}

fn waits(words: &'static str) -> impl IntoView {
    view! { <span class="picture__wait" role="status">{words}</span> }
}

/// A picture. Its address lives as long as what shows it.
fn shown(bytes: &[u8], label: String) -> AnyView {
    let url = StoredValue::new_local(ObjectUrl::new(bytes, super::blob_images::mime(bytes)));
    let address = url.with_value(|url| url.as_ref().map(|url| url.as_str().to_owned()));
    view! { <img class="picture__image" src=address alt=label /> }.into_any()
}
