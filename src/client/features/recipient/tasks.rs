//! What is to be done for the family besides help: a plaque, a card, a change of the file.

use super::state::Boxed;
use crate::{
    data::{RecipientFile, RecordView, use_data},
    features::{labels, problems},
    locale::words::file as w,
    routes,
    session::use_session,
    ui::{Button, ButtonKind, CellGroup, IconName, LinkButton, use_notices},
};
use domain::need::TaskKind;
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

/// What nobody has done yet.
pub(super) fn open(file: &RecipientFile) -> impl Iterator<Item = &RecordView> {
    file.tasks.iter().filter(|task| text(task, "state") == "open")
}

/// The other file of one person, of a task that asks to merge the two.
pub(super) fn double_of(task: &RecordView) -> Option<Uuid> {
    text(task, "what").parse().ok().filter(|_| text(task, "kind") == TaskKind::Merge.code())
}

#[component]
pub(super) fn Tasks(file: Boxed<RecipientFile>) -> impl IntoView {
    let open: Vec<RecordView> = open(&file).cloned().collect();
    (!open.is_empty()).then(|| {
        let recipient = file.row.id;
        let rows = open.into_iter().map(|task| view! { <Task task recipient /> }).collect_view();
        view! { <CellGroup title=w::tasks()>{rows}</CellGroup> }
    })
}

#[component]
fn Task(task: RecordView, recipient: Uuid) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let id = task.id;
    let busy = RwSignal::new(false);
    let claimed = StoredValue::new(text(&task, "what").to_owned());
    let is_claim = text(&task, "kind") == TaskKind::File.code();
    let done = move || {
        busy.set(true);
        spawn_local(async move {
            let saved = if is_claim {
                data.accept_category(recipient, id, &claimed.get_value()).await
            } else {
                data.set_field(id, "task", "state", "done".into()).await
            };
            match saved {
                Ok(()) => notices.say(w::task_is_done()),
                Err(error) => notices.say(problems::save(&error).title),
            }
            busy.set(false);
        });
    };
    let other = double_of(&task);
    let merge = other.filter(|_| use_session().is_office()).map(|other| {
        view! { <LinkButton kind=ButtonKind::Plain href=routes::merge(recipient, other)>{w::task_merge()}</LinkButton> }
    });
    let what = match text(&task, "what") {
        "" => String::new(),
        _ if other.is_some() => {
            w::task_double(other.map(|other| data.person_name(other)).unwrap_or_default())
        }
        place if text(&task, "kind") == TaskKind::Transfer.code() => w::task_moves(place),
        code => w::task_claims(labels::category(code)),
    };
    view! {
        <div class="file__two">
            <p class="strong">{labels::task_kind(text(&task, "kind"))}</p>
            {(!what.is_empty()).then(|| view! { <p>{what}</p> })}
            {merge}
            {if (is_claim || other.is_some()) && !use_session().is_office() {
                view! { <p class="quiet small">{w::task_of_office()}</p> }.into_any()
            } else {
                let act = if is_claim { w::task_accept() } else { w::task_done() };
                view! { <Button kind=ButtonKind::Plain icon=IconName::Check busy on_press=done>{act}</Button> }.into_any()
            }}
        </div>
    }
}

fn text<'a>(task: &'a RecordView, field: &str) -> &'a str {
    task.fields.get(field).and_then(|view| view.value.as_str()).unwrap_or_default()
}
