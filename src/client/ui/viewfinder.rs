//! The camera over the whole page.

use super::{
    button::{Button, ButtonKind},
    icon::{Icon, IconName},
    sheet::follow,
};
use crate::{
    locale::words,
    platform::{
        camera::{Camera, Facing},
        clock, lifecycle,
        media::MediaError,
        picture::{self, Size},
    },
};
use leptos::{html, prelude::*, task::spawn_local};

/// What photos are wanted, and who gets them.
#[derive(Clone, Copy)]
pub(super) struct Shooting {
    /// How large a photo may be.
    pub(super) size: Size,
    /// What a photo bears, by the moment it is taken.
    pub(super) stamp: Option<Callback<(i64,), String>>,
    /// How many more photos there may be.
    pub(super) left: Signal<usize>,
    /// Why the last photo was not kept; empty for nothing.
    pub(super) unkept: Signal<String>,
    /// Whether one is on its way to the disk: the next waits for it.
    pub(super) saving: Signal<bool>,
    /// A photo.
    pub(super) on_add: Callback<(Vec<u8>,)>,
}

/// The page's own camera over the whole page. It is on only while it is open and in front.
#[component]
pub(super) fn Viewfinder(
    open: RwSignal<bool>,
    shooting: Shooting,
    /// The system's own camera is asked for: by the person, or because this one gave that error.
    #[prop(into)]
    on_system: Callback<(Option<MediaError>,)>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    follow(dialog, open);
    view! {
        <dialog class="viewfinder" node_ref=dialog aria-label=words::ui::take_photo() on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <Finder open shooting on_system />
            </Show>
        </dialog>
    }
}

#[component]
fn Finder(
    open: RwSignal<bool>,
    shooting: Shooting,
    on_system: Callback<(Option<MediaError>,)>,
) -> impl IntoView {
    let video = NodeRef::<html::Video>::new();
    // Off as soon as this is gone, however it goes.
    let camera = StoredValue::new_local(None::<Camera>);
    let facing = StoredValue::new(Facing::Away);
    let says = RwSignal::new(words::ui::camera_opening().to_owned());
    // Opening, or a photo is being made.
    let busy = RwSignal::new(true);
    // Those that are kept: what was taken is not yet.
    let room = shooting.left.get_untracked();
    let kept = Memo::new(move |_| room.saturating_sub(shooting.left.get()));
    let line = move || {
        let own = [shooting.unkept.get(), says.get()].into_iter().find(|words| !words.is_empty());
        own.unwrap_or_else(
            || if kept.get() == 0 { String::new() } else { words::ui::photos_taken(kept.get()) },
        )
    };
    Effect::new(move || {
        if shooting.left.get() == 0 {
            open.set(false);
        }
    });
    let start = move || {
        busy.set(true);
        // Many phones have only one camera on at a time.
        camera.set_value(None);
        spawn_local(async move {
            let opened = Camera::open(facing.get_value()).await;
            // Closed meanwhile: it is off again with this.
            let Some(Some(video)) = video.try_get_untracked() else { return };
            match opened {
                Ok(on) => {
                    on.show(&video);
                    on.on_end(move || {
                        on_system.try_run((Some(MediaError::Busy),));
                    });
                    camera.try_set_value(Some(on));
                }
                Err(error) => {
                    on_system.try_run((Some(error),));
                }
            }
        });
    };
    let shoot = move |_| {
        let Some(video) = video.get_untracked() else { return };
        busy.set(true);
        let words = shooting.stamp.map(|stamp| stamp.run((clock::now_ms(),))).unwrap_or_default();
        spawn_local(async move {
            match picture::shot(&video, shooting.size, &words).await {
                Ok(bytes) => {
                    says.try_set(String::new());
                    shooting.on_add.try_run((bytes,));
                }
                Err(_) => {
                    says.try_set(words::ui::photo_failed().to_owned());
                }
            }
            busy.try_set(false);
        });
    };
    let shown = move |_| {
        busy.set(false);
        says.set(String::new());
    };
    let turn = move || {
        facing.update_value(|facing| *facing = facing.other());
        start();
    };
    let hidden = window_event_listener(leptos::ev::visibilitychange, move |_| {
        if !lifecycle::is_visible() {
            open.set(false);
        }
    });
    on_cleanup(move || hidden.remove());
    start();
    view! {
        <div class="viewfinder__head">
            <p aria-live="polite">{line}</p>
            <button type="button" class="nav-bar__act" aria-label=words::ui::close() on:click=move |_| open.set(false)>
                <Icon name=IconName::Close />
            </button>
        </div>
        <video
            class="viewfinder__video"
            node_ref=video
            autoplay
            playsinline
            prop:muted=true
            aria-label=words::ui::camera_sees()
            on:loadeddata=shown
        ></video>
        <div class="viewfinder__acts">
            <Button kind=ButtonKind::Quiet disabled=busy on_press=turn>{words::ui::camera_turn()}</Button>
            <button
                type="button"
                class="viewfinder__shutter"
                aria-label=words::ui::take_photo()
                disabled=move || busy.get() || shooting.saving.get()
                on:click=shoot
            ></button>
            <Button kind=ButtonKind::Quiet on_press=move || on_system.run((None,))>{words::ui::camera_system()}</Button>
        </div>
    }
}
