//! 完成: refused with a list that jumps to each open question, or done.

use super::{Work, question, share};
use crate::{
    data::{AnswerProblem, Data, FinishError, MissingAnswer, Share, use_data},
    features::{answer_words, problems},
    locale::words::form as w,
    routes,
    ui::{Button, Cell, IconName, Sheet, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

#[component]
pub(super) fn Finish(work: Work, share: Share, recipient: Uuid) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let guide = routes::use_guide();
    let busy = RwSignal::new(false);
    let missing = RwSignal::new(Vec::<MissingAnswer>::new());
    let open = RwSignal::new(false);
    let finish = move || {
        busy.set(true);
        spawn_local(async move {
            match data.finish(work.visit, &work.notice.with_value(|notice| notice.version.clone())).await {
                Ok(()) => {
                    notices.say(w::finished());
                    let next = after(data, work.visit, share, recipient).await;
                    // Who went elsewhere meanwhile stays there.
                    if !busy.is_disposed() {
                        guide.instead(&next);
                    }
                }
                Err(FinishError::Missing(list)) => {
                    show_all_if_hidden(work, &list);
                    missing.set(list);
                    work.strict.set(true);
                    open.set(true);
                }
                Err(FinishError::Save(error)) => notices.say(problems::save(&error).title),
            }
            busy.try_set(false);
        });
    };
    // An answer still on its way to the disk would be missed.
    let is_saving = Signal::derive(move || work.pending.get() > 0);
    view! {
        <Button icon=IconName::Check busy disabled=is_saving on_press=finish>{w::finish()}</Button>
        <Sheet open title=Signal::derive(move || w::missing_title(missing.read().len()))>
            <p class="inset quiet">{w::missing_says()}</p>
            {move || missing.get().into_iter().map(|answer| view! { <MissingRow work answer open /> }).collect_view()}
        </Sheet>
    }
}

/// The visit as it was finished; in an event the next family.
async fn after(data: Data, visit: Uuid, share: Share, recipient: Uuid) -> String {
    match share {
        // What keeps the next family from being opened is told where it is opened by hand.
        Share::Family { event, .. } => {
            share::next(data, event, recipient).await.unwrap_or_else(|_| routes::round(event))
        }
        _ => routes::visit(visit),
    }
}

/// A family's form leaves out what was answered for all, unless something of it turns out to be wrong for this one.
fn show_all_if_hidden(work: Work, list: &[MissingAnswer]) {
    let codes = work.form.with_untracked(super::Form::codes);
    if list.iter().any(|answer| !codes.contains(&answer.code)) {
        work.form.update(super::Form::show_all);
    }
}

#[component]
fn MissingRow(work: Work, answer: MissingAnswer, open: RwSignal<bool>) -> impl IntoView {
    let code = answer.code;
    let label = work
        .form
        .with_untracked(|form| form.question(&code).map(|question| answer_words::words(&question.text)));
    let note = match answer.problem {
        AnswerProblem::Missing => w::why_missing(),
        AnswerProblem::Invalid => w::why_kind(),
    };
    let jump = {
        let code = code.clone();
        move || {
            open.set(false);
            work.current(code.clone());
            // A dialog gives the focus back to its opener when it closes: the question takes it after that.
            let code = code.clone();
            request_animation_frame(move || question::show(&code));
        }
    };
    view! { <Cell label=label.unwrap_or_else(|| code.clone()) note=format!("{code} · {note}") on_press=jump /> }
}
