//! Photos that are taken one after the other and saved together.

use super::blob_images::Pictures;
use crate::{
    platform::picture::Size,
    ui::{FieldWords, PhotoField, Shot},
};
use leptos::prelude::*;

#[component]
pub(crate) fn TakenPhotos(
    words: FieldWords,
    /// How many there may be.
    max: usize,
    size: Size,
    /// Those that were taken.
    photos: RwSignal<Vec<Vec<u8>>>,
    problem: RwSignal<String>,
) -> impl IntoView {
    let pictures = Pictures::new();
    // The place of a photo among those taken names it: the same picture taken twice stands there twice.
    let shots = Signal::derive(move || {
        let shot = |place: usize| Shot { url: pictures.url(&place.to_string()), key: place.to_string() };
        (0..photos.read().len()).map(shot).collect::<Vec<_>>()
    });
    let show = move || {
        photos.with_untracked(|all| {
            for (place, bytes) in all.iter().enumerate() {
                pictures.keep(&place.to_string(), bytes);
            }
        });
    };
    show();
    let add = move |bytes: Vec<u8>| {
        problem.set(String::new());
        photos.update(|all| all.push(bytes));
        show();
    };
    let remove = move |key: String| {
        let Ok(place) = key.parse::<usize>() else { return };
        photos.update(|all| drop(all.remove(place)));
        show();
    };
    view! { <PhotoField words shots max size on_add=add on_remove=remove problem /> }
}
