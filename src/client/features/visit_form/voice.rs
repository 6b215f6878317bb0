//! 语音备忘: what the family says, where there is no time to write it down.

use super::Work;
use crate::{
    data::use_data,
    features::voice::Recording,
    locale::words::voice as w,
    platform::{lifecycle, media::MediaError, recorder::Recorder, timer},
    ui::{Button, ButtonKind, CellGroup, IconName},
};
use leptos::{prelude::*, task::spawn_local};
use sync::id::BlobHash;

/// So long one recording may be: with the bit rate of the recorder far below what a blob may weigh.
const SECONDS_MAX: usize = 120;
/// So many go with one visit.
const RECORDINGS_MAX: usize = 5;

/// The recordings of the visit, and the way to make one.
#[component]
pub(super) fn Voice(work: Work, recordings: Vec<BlobHash>) -> impl IntoView {
    let data = use_data();
    let all = RwSignal::new(recordings);
    let take_out = move |hash: BlobHash| {
        work.track(async move {
            data.drop_voice(work.visit, hash).await?;
            all.try_update(|all| all.retain(|one| *one != hash));
            Ok(())
        });
    };
    let row = move |hash: BlobHash| {
        let place = all.with_untracked(|all| all.iter().position(|one| *one == hash)).unwrap_or_default();
        view! {
            <div class="answer">
                <Recording hash place>
                    <Button kind=ButtonKind::Quiet icon=IconName::Close on_press=move || take_out(hash)>{w::take_out(place + 1)}</Button>
                </Recording>
            </div>
        }
    };
    Recorder::is_known().then(|| {
        view! {
            <CellGroup title=w::title() note=w::ask_first()>
                <For each=move || all.get() key=|hash| *hash children=row />
                <Show when=move || all.read().len() < RECORDINGS_MAX>
                    <Record work all />
                </Show>
            </CellGroup>
        }
    })
}

/// Records. What was heard is kept however the recording ends: by a press, at its full length, or because the page goes.
#[component]
fn Record(work: Work, all: RwSignal<Vec<BlobHash>>) -> impl IntoView {
    let data = use_data();
    let recorder = StoredValue::new_local(None::<Recorder>);
    // Seconds since it began; nothing while nothing is recorded.
    let seconds = RwSignal::new(None::<usize>);
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(""));
    let stop = move || {
        let Some(on) = recorder.try_update_value(Option::take).flatten() else { return };
        seconds.try_set(None);
        work.track(async move {
            let Some(bytes) = on.stop().await else {
                problem.try_set(w::nothing_heard());
                return Ok(());
            };
            let hash = data.keep_voice(work.visit, &bytes).await?;
            all.try_update(|all| all.push(hash));
            Ok(())
        });
    };
    let start = move || {
        problem.set("");
        busy.set(true);
        spawn_local(async move {
            let started = Recorder::start().await;
            busy.try_set(false);
            match started.map(|on| recorder.try_set_value(Some(on))) {
                Ok(None) => count(seconds, stop).await,
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
                None => view! { <Button kind=ButtonKind::Plain busy on_press=start>{w::record()}</Button> }.into_any(),
                Some(now) => {
                    view! {
                        <p class="strong" role="timer">{w::recording(clock(now), SECONDS_MAX / 60)}</p>
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
async fn count(seconds: RwSignal<Option<usize>>, stop: impl Fn()) {
    seconds.try_set(Some(0));
    for now in 1..=SECONDS_MAX {
        timer::sleep(1_000).await;
        if seconds.try_get_untracked().flatten() != Some(now - 1) {
            return;
        }
        seconds.try_set(Some(now));
    }
    stop();
}

/// `0:07`.
fn clock(seconds: usize) -> String {
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
    use super::clock;

    #[test]
    fn a_length_reads_as_on_a_watch() {
        assert_eq!([clock(0), clock(7), clock(61), clock(120)], ["0:00", "0:07", "1:01", "2:00"]);
    }
}
