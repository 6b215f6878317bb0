//! 导出未发送资料: everything unsent as one sealed file, for a phone that does not reach the office.

use crate::{
    data::{SyncStatus, use_data},
    locale::words::sync as w,
    platform::{clock, files},
    ui::{Button, ButtonKind, CellGroup, IconName, Remark, use_notices},
};
use leptos::{prelude::*, task::spawn_local};

/// The offer, with the words when to take it; nothing where nothing is unsent.
#[component]
pub(crate) fn Rescue(status: Signal<SyncStatus>) -> impl IntoView {
    let is_any = Memo::new(move |_| {
        let status = status.read();
        status.on_phone > 0 || status.photos_waiting > 0 || status.drafts > 0
    });
    view! {
        <Show when=move || is_any.get()>
            <CellGroup title=w::rescue() note=w::rescue_says()>
                <div class="inset"><Export /></div>
            </CellGroup>
        </Show>
    }
}

#[component]
fn Export() -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let export = move || {
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let name = format!("huifang-rescue-{}.json", clock::today());
            let bytes = data.rescue_file().await.ok();
            let saved = bytes.is_some_and(|bytes| files::save(&name, "application/json", &bytes).is_ok());
            if saved {
                notices.say(w::rescue_done());
            } else {
                problem.try_set(w::rescue_failed().to_owned());
            }
            busy.try_set(false);
        });
    };
    view! {
        <Button kind=ButtonKind::Plain icon=IconName::Document busy on_press=export>
            {move || if busy.get() { w::rescue_busy() } else { w::rescue_do() }}
        </Button>
        <Remark id="rescue-says" problem=problem.into() />
    }
}
