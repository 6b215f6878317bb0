//! 语音备忘: what the family says, where there is no time to write it down.

use super::Work;
use crate::{
    data::{Kept, Topic, use_data},
    features::voice::Recording,
    locale::words::voice as w,
    platform::{clock, lifecycle, media::MediaError, recorder::Recorder, timer},
    session::{Session, use_session},
    ui::{Button, ButtonKind, CellGroup, IconName},
};
use leptos::{prelude::*, task::spawn_local};
use sync::id::BlobHash;

/// So long one recording may be: with the bit rate of the recorder far below what a blob may weigh.
const SECONDS_MAX: usize = 120;
/// So many go with one visit.
const RECORDINGS_MAX: usize = 5;

/// The recordings of the visit, and the way to make one. They are read from the disk whenever it changes: one that a page left behind comes late.
#[component]
pub(super) fn Voice(work: Work) -> impl IntoView {
    let data = use_data();
    let drafts = data.changed(Topic::Drafts);
    let all = Memo::new(move |_| {
        drafts.track();
        data.recordings(work.visit)
    });
    let take_out = move |hash: BlobHash| work.track(data.drop_voice(work.visit, hash));
    // The place is a part of what a row is: where one is taken out, those after it are counted anew.
    let places = move || all.get().into_iter().enumerate().collect::<Vec<_>>();
    let row = move |(place, (hash, kept)): (usize, (BlobHash, Kept))| {
        let end = match kept {
            Kept::ForGood => view! { <p class="quiet small">{w::stays()}</p> }.into_any(),
            Kept::Draft => {
                view! { <Button kind=ButtonKind::Quiet icon=IconName::Close on_press=move || take_out(hash)>{w::take_out(place + 1)}</Button> }
                    .into_any()
            }
        };
        view! { <div class="answer"><Recording hash place>{end}</Recording></div> }
    };
    let records = Recorder::is_known();
    view! {
        <Show when=move || records || !all.read().is_empty()>
            <CellGroup title=w::title() note=w::ask_first()>
                <For each=places key=|row| *row children=row />
                <Show when=move || records && all.read().len() < RECORDINGS_MAX>
                    <Record work />
                </Show>
            </CellGroup>
        </Show>
    }
}

/// Records. What was heard is kept however the recording ends: by a press, at its full length, or because the page goes.
#[component]
fn Record(work: Work) -> impl IntoView {
    let (data, session) = (use_data(), use_session());
    let recorder = StoredValue::new_local(None::<Recorder>);
    // When it began and how many seconds have passed; nothing while nothing is recorded.
    let seconds = RwSignal::new(None::<(i64, usize)>);
    // What could not be kept: nobody says the same twice.
    let unkept = RwSignal::new(None::<Vec<u8>>);
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(""));
    let keep = move |bytes: Vec<u8>| async move {
        let kept = data.keep_voice(work.visit, &bytes).await;
        if kept.is_err() {
            unkept.try_set(Some(bytes));
        }
        kept
    };
    let stop = move || {
        let Some(on) = recorder.try_update_value(Option::take).flatten() else { return };
        seconds.try_set(None);
        work.track(async move {
            match on.stop().await {
                Some(bytes) => keep(bytes).await,
                None => {
                    problem.try_set(w::nothing_heard());
                    Ok(())
                }
            }
        });
    };
    let again = move || {
        if let Some(bytes) = unkept.try_update(Option::take).flatten() {
            work.track(keep(bytes));
        }
    };
    let start = move || {
        problem.set("");
        busy.set(true);
        spawn_local(async move {
            let started = Recorder::start().await;
            busy.try_set(false);
            let kept = |on: Recorder| {
                on.on_end(stop);
                recorder.try_set_value(Some(on))
            };
            match started.map(kept) {
                Ok(None) => count(seconds, session, stop).await,
                // The page went meanwhile: the microphone is off again with this.
                Ok(Some(_)) => {}
                Err(error) => drop(problem.try_set(why(error))),
            }
        });
    };
    let hidden = window_event_listener(leptos::ev::visibilitychange, move |_| {
        if !lifecycle::is_visible() {
            stop();
        }
    });
    on_cleanup(move || {
        hidden.remove();
        stop();
    });
    view! {
        <div class="answer">
            {move || match seconds.get() {
                None if unkept.read().is_some() => view! { <Button on_press=again>{w::keep_again()}</Button> }.into_any(),
                None => view! { <Button kind=ButtonKind::Plain busy on_press=start>{w::record()}</Button> }.into_any(),
                Some((_, now)) => {
                    view! {
                        <p class="strong" role="timer">{w::recording(length(now), SECONDS_MAX / 60)}</p>
                        <Button icon=IconName::Check on_press=stop>{w::done()}</Button>
                    }
                        .into_any()
                }
            }}
            <p class="field__problem" role="alert">{problem}</p>
        </div>
    }
}

/// Counts until somebody stops, or there is as much as there may be.
async fn count(seconds: RwSignal<Option<(i64, usize)>>, session: Session, stop: impl Fn()) {
    let began = clock::monotonic_ms();
    for now in 0..SECONDS_MAX {
        seconds.try_set(Some((began, now)));
        // Who records touches nothing, and is there.
        session.used();
        timer::sleep(1_000).await;
        // Stopped, and perhaps begun again since.
        if seconds.try_get_untracked().flatten() != Some((began, now)) {
            return;
        }
    }
    stop();
}

/// `0:07`.
fn length(seconds: usize) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

fn why(error: MediaError) -> &'static str {
    match error {
        MediaError::Refused => w::refused(),
        MediaError::Missing => w::missing(),
        MediaError::Busy => w::busy(),
    }
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn a_length_reads_as_on_a_watch() {
        assert_eq!([length(0), length(7), length(61), length(120)], ["0:00", "0:07", "1:01", "2:00"]);
    }
}
