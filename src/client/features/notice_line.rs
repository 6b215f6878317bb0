//! 告知书: one line over what is asked, and all of it in a sheet.

use crate::{
    locale::words::privacy as w,
    ui::{Cell, Sheet},
};
use domain::notice::Notice;
use leptos::prelude::*;

#[component]
pub(crate) fn NoticeLine(
    /// The one that is shown.
    notice: Notice,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let Notice { version, text } = notice;
    view! {
        <Cell label=w::notice_line() note=w::notice_version(version) on_press=move || open.set(true) />
        <Sheet open title=w::notice()><NoticeText text=text.clone() /></Sheet>
    }
}

/// The text. It is the office's, in the office's language.
#[component]
pub(crate) fn NoticeText(text: String) -> impl IntoView {
    let lines = text.lines().map(|line| view! { <p>{line.to_owned()}</p> }).collect_view();
    view! { <div class="stack inset" lang="zh-CN">{lines}</div> }
}
