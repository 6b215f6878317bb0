//! The refused lines as a workbook that goes back to whoever wrote the list.

use crate::{
    data::{OfficeRequest, use_data},
    locale::words::import as w,
    platform::files,
    ui::{Button, ButtonKind, IconName, use_notices},
};
use leptos::{prelude::*, task::spawn_local};

/// Saves the workbook of the refused lines.
#[component]
pub(super) fn RefusedLines(
    /// The id of the import.
    import: String,
    /// The name of the list.
    file: String,
) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem).to_owned();
    let fetch = move || {
        let (path, name) =
            (format!("imports/{import}/refused"), format!("{}-{stem}.xlsx", w::refused_name()));
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match data.office(OfficeRequest::get(path)).await {
                Ok(answer) => match files::save(&name, &answer.content_type, &answer.bytes) {
                    Ok(()) => notices.say(w::refused_saved()),
                    Err(_) => drop(problem.try_set(w::refused_failed().to_owned())),
                },
                Err(error) => {
                    drop(problem.try_set(super::file_refusal(&error)));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <Button kind=ButtonKind::Plain icon=IconName::Document busy on_press=fetch>{w::refused_fetch()}</Button>
        <p class="import__problem" role="alert">{problem}</p>
    }
}
