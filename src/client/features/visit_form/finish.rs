//! 完成: refused with a list that jumps to each open question, or done.

use super::{Work, question};
use crate::{
    data::{AnswerProblem, FinishError, MissingAnswer, use_data},
    features::{answer_words, problems},
    locale::words::form as w,
    routes,
    ui::{Button, Cell, IconName, Sheet, use_notices},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub(super) fn Finish(work: Work) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let guide = routes::use_guide();
    let busy = RwSignal::new(false);
    let missing = RwSignal::new(Vec::<MissingAnswer>::new());
    let open = RwSignal::new(false);
    let done = move || {
        notices.say(w::finished());
        guide.instead(&routes::visit(work.visit));
    };
    let finish = move || {
        busy.set(true);
        spawn_local(async move {
            match data.finish(work.visit, &work.notice.with_value(|notice| notice.version.clone())).await {
                Ok(()) => done(),
                Err(FinishError::Missing(list)) => {
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
