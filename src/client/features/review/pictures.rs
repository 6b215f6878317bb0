//! Photos and signatures of a visit: small beside the answers, large on a press.

use crate::{
    data::{BlobRow, Loaded, use_data},
    locale::words::review as w,
    platform::object_url::ObjectUrl,
    ui::{Button, ButtonKind, Dialog},
};
use leptos::prelude::*;
use sync::id::BlobHash;

const THUMB_WIDTH: u32 = 320;

/// The pictures of one kind.
#[component]
pub(super) fn Pictures(
    /// The heading.
    title: &'static str,
    /// What one is called.
    name: fn(usize) -> String,
    /// The blobs.
    blobs: Vec<BlobRow>,
) -> impl IntoView {
    let large: RwSignal<Option<(BlobHash, String)>> = RwSignal::new(None);
    let open = RwSignal::new(false);
    let thumbs = blobs
        .into_iter()
        .enumerate()
        .map(|(index, blob)| {
            let label = name(index + 1);
            let words = label.clone();
            let enlarge = move |_| {
                large.set(Some((blob.hash, words.clone())));
                open.set(true);
            };
            view! {
                <button type="button" class="picture" aria-label=w::photo_big() on:click=enlarge>
                    <Picture hash=blob.hash width=Some(THUMB_WIDTH) label />
                </button>
            }
        })
        .collect_view();
    let title_of = Signal::derive(move || large.get().map(|(_, label)| label).unwrap_or_default());
    let acts = move || {
        view! { <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{w::photo_close()}</Button> }
    };
    view! {
        <section class="pictures">
            <h2 class="review__sub">{title}</h2>
            <div class="pictures__row">{thumbs}</div>
            <Dialog open title=title_of acts>
                {move || {
                    large.get().map(|(hash, label)| view! { <div class="picture__large"><Picture hash width=None label /></div> })
                }}
            </Dialog>
        </section>
    }
}

#[component]
fn Picture(hash: BlobHash, width: Option<u32>, label: String) -> impl IntoView {
    let data = use_data();
    let bytes = Loaded::new(move || data.blob(hash, width));
    move || {
        let label = label.clone();
        match bytes.get() {
            None => view! { <span class="picture__wait" role="status"></span> }.into_any(),
            Some(Ok(bytes)) => shown(&bytes, label),
            Some(Err(_)) => view! { <span class="picture__wait">{w::photo_waits()}</span> }.into_any(),
        }
    }
}

/// A picture. Its address lives as long as what shows it.
fn shown(bytes: &[u8], label: String) -> AnyView {
    let url = StoredValue::new_local(ObjectUrl::new(bytes, mime(bytes)));
    let address = url.with_value(|url| url.as_ref().map(|url| url.as_str().to_owned()));
    view! { <img class="picture__image" src=address alt=label /> }.into_any()
}

/// The kind of picture, by its first bytes.
fn mime(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'R', b'I', b'F', b'F', ..] => "image/webp",
        _ => "image/jpeg",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_told_from_a_photo() {
        assert_eq!(mime(&[0x89, b'P', b'N', b'G', 13]), "image/png");
        assert_eq!(mime(&[0xFF, 0xD8, 0xFF]), "image/jpeg");
    }
}
