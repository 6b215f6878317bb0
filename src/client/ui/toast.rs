use super::icon::{Icon, IconName};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// How long a notice stays.
const SHOWN_MS: u32 = 2_500;
/// How long one stays that offers something to do.
const OFFERED_MS: u32 = 12_000;

#[derive(Clone)]
struct Notice {
    key: u64,
    words: String,
    act: Option<Act>,
}

/// What may be done about it, by a button.
#[derive(Clone)]
struct Act {
    words: String,
    /// Outlives the page that offers it.
    run: Arc<dyn Fn() + Send + Sync>,
}

/// Short notices of what may vanish without harm: saved, copied. Never the only trace of lost work.
#[derive(Clone, Copy)]
pub(crate) struct Notices(RwSignal<(u64, Vec<Notice>)>);

impl Notices {
    /// Shows a notice for a moment; the same words stand there once, and are read out anew.
    pub(crate) fn say(self, words: impl Into<String>) {
        self.show(words.into(), None, SHOWN_MS);
    }

    /// Shows a notice with a button, a little longer. What the button does can be done elsewhere too.
    pub(crate) fn offer(
        self,
        words: impl Into<String>,
        act: impl Into<String>,
        run: impl Fn() + Send + Sync + 'static,
    ) {
        self.show(words.into(), Some(Act { words: act.into(), run: Arc::new(run) }), OFFERED_MS);
    }

    fn show(self, words: String, act: Option<Act>, shown_ms: u32) {
        let key = self.0.try_update(|(next, notices)| {
            *next += 1;
            notices.retain(|notice| notice.words != words);
            notices.push(Notice { key: *next, words, act });
            *next
        });
        spawn_local(async move {
            TimeoutFuture::new(shown_ms).await;
            if let Some(key) = key {
                self.take(key);
            }
        });
    }

    fn take(self, key: u64) {
        self.0.try_update(|(_, notices)| notices.retain(|notice| notice.key != key));
    }
}

/// Makes notices available to everything below.
pub(crate) fn provide_notices() {
    provide_context(Notices(RwSignal::new((0, Vec::new()))));
}

/// The notices of the app.
///
/// # Panics
/// Where `provide_notices` was not called above.
pub(crate) fn use_notices() -> Notices {
    use_context().expect("App calls provide_notices before it shows a page")
}

/// Shows the notices; stands once, in `App`.
#[component]
pub(crate) fn Toasts() -> impl IntoView {
    let notices = use_notices();
    view! {
        <div class="toasts" role="status">
            <For each=move || notices.0.get().1 key=|notice| notice.key let:notice>
                <p class="toast">
                    <Icon name=IconName::Check />
                    {notice.words}
                    {notice
                        .act
                        .map(|act| {
                            let run = move |_| {
                                notices.take(notice.key);
                                (act.run)();
                            };
                            view! { <button type="button" class="toast__act" on:click=run>{act.words}</button> }
                        })}
                </p>
            </For>
        </div>
    }
}
