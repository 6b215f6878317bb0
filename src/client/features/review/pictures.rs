//! Photos and signatures of a visit, beside the answers.

use crate::{data::BlobRow, features::thumbs::Thumbs};
use leptos::prelude::*;

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
    view! {
        <section class="pictures">
            <h2 class="review__sub">{title}</h2>
            <Thumbs name blobs=blobs.into_iter().map(|blob| blob.hash).collect() />
        </section>
    }
}
