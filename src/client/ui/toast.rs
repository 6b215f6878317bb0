use super::icon::{Icon, IconName};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

/// How long a notice stays.
const SHOWN_MS: u32 = 2_500;

#[derive(Clone)]
struct Notice {
    key: u64,
    words: String,
}

/// Short notices of what may vanish without harm: saved, copied. Never the only trace of lost work.
#[derive(Clone, Copy)]
pub(crate) struct Notices(RwSignal<(u64, Vec<Notice>)>);

impl Notices {
    /// Shows a notice for a moment; the same words stand there once, and are read out anew.
    pub(crate) fn say(self, words: impl Into<String>) {
        let words = words.into();
        let key = self.0.try_update(|(next, notices)| {
            *next += 1;
            notices.retain(|notice| notice.words != words);
            notices.push(Notice { key: *next, words });
            *next
        });
        spawn_local(async move {
            TimeoutFuture::new(SHOWN_MS).await;
            self.0.try_update(|(_, notices)| notices.retain(|notice| Some(notice.key) != key));
        });
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
                <p class="toast"><Icon name=IconName::Check />{notice.words}</p>
            </For>
        </div>
    }
}
