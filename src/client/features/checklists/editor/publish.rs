//! Publishing: refused with the list of what is wrong, else asked once more with what will happen.

use super::{Editor, Part, troubles::TROUBLES};
use crate::{
    data::Publication,
    features::{
        answer_words::words,
        checklists::{state::Sketch, words::refusal},
        places, problems,
        saved_line::SavedLine,
    },
    locale::words::checklists as w,
    routes::{self, Guide},
    ui::{Button, ButtonKind, Confirm, IconName, Notices, focus_id, use_notices},
};
use leptos::{prelude::*, task::spawn_local};

/// Villages named in the question; of more their number is said.
const NAMED: usize = 6;

/// What the foot of the editor works with.
#[derive(Clone, Copy)]
struct Publishing {
    editor: Editor,
    guide: Guide,
    notices: Notices,
    busy: RwSignal<bool>,
    problem: RwSignal<String>,
}

impl Publishing {
    /// Whether nothing is in the way; what is, is said and gone to.
    fn is_ready(self) -> bool {
        self.editor.check();
        let count = self.editor.checked.with_untracked(|checked| checked.troubles.len());
        self.problem.set(if count > 0 { w::publish_refused(count) } else { String::new() });
        if count > 0 {
            self.editor.shown.set(Part::Form);
            request_animation_frame(|| focus_id(TROUBLES));
        }
        count == 0
    }

    fn publish(self) {
        self.busy.set(true);
        let data = self.editor.data;
        let sent = self.editor.sketch.get_untracked();
        spawn_local(async move {
            match data.publish_form(&sent.template()).await {
                Ok(Publication { same: true, version, .. }) => self.say(w::same(version)),
                Ok(Publication { version, villages, .. }) => {
                    self.notices.say(w::published(version, villages));
                    self.published(&sent, version).await;
                }
                Err(error) => self.say(refusal(&error)),
            }
            self.busy.try_set(false);
        });
    }

    /// It is out. What was typed meanwhile stays, as the beginning of the version after.
    async fn published(self, sent: &Sketch, version: u32) {
        let (data, id, text) = (self.editor.data, sent.id.clone(), sent.text());
        match self.editor.sketch.try_with_untracked(Sketch::text) {
            Some(now) if now == text => self.drop(id).await,
            Some(_) => {
                self.editor.edit(|sketch| (sketch.base, sketch.older) = (version, None));
                self.say(w::typed_since().to_owned());
            }
            None if data.form_draft(&id).await == Some(text) => {
                // A draft that stays says what is out already; nobody is on the page to be told.
                let _ = data.drop_form(&id).await;
            }
            None => {}
        }
    }

    fn discard(self) {
        let id = self.editor.sketch.with_untracked(|sketch| sketch.id.clone());
        spawn_local(self.drop(id));
    }

    /// What is written goes from the device; the page leads to what is out.
    async fn drop(self, id: String) {
        self.editor.give_up();
        match self.editor.data.drop_form(&id).await {
            Ok(()) => self.guide.instead(&routes::checklist(&id)),
            Err(error) => {
                self.editor.resume();
                self.say(problems::save(&error).title);
            }
        }
    }

    fn say(self, words: String) {
        self.problem.try_set(words);
    }
}

#[component]
pub(super) fn Publish(editor: Editor) -> impl IntoView {
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let act = Publishing { editor, guide: routes::use_guide(), notices: use_notices(), busy, problem };
    let (asking, dropping) = (RwSignal::new(false), RwSignal::new(false));
    let villages = places::villages();
    let ask = move || asking.set(act.is_ready());
    let says = Signal::derive(move || {
        let names: Vec<String> = villages.get().into_iter().map(|village| village.name).collect();
        let changed = editor.checked.read().changed.len();
        let ruled = editor.checked.read().ruled.len();
        let mut doubt = if changed == 0 { String::new() } else { w::publish_changed(changed) };
        if ruled > 0 {
            doubt += &w::publish_ruled(ruled);
        }
        w::publish_says(where_to(&names), doubt)
    });
    let title = Signal::derive(move || w::publish_title(words(&editor.sketch.read().title)));
    view! {
        <div class="editor__foot">
            <SavedLine
                pending=editor.pending
                failed=editor.failed
                saving=w::keeping()
                saved=w::kept()
                on_again=move || editor.keep()
            />
            <p class="field__problem" role="alert">{problem}</p>
            <div class="row">
                <Button kind=ButtonKind::Quiet on_press=move || dropping.set(true)>{w::discard()}</Button>
                <Button icon=IconName::Check busy on_press=ask>{w::publish()}</Button>
            </div>
        </div>
        <Confirm open=asking title says yes=w::publish() on_yes=move || act.publish() />
        <Confirm
            open=dropping
            title=w::discard_title().to_owned()
            says=w::discard_says().to_owned()
            yes=w::discard()
            no=w::discard_no()
            kind=ButtonKind::Danger
            on_yes=move || act.discard()
        />
    }
}

fn where_to(names: &[String]) -> String {
    let named = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(w::between());
    if names.len() > NAMED { w::villages_more(named, names.len()) } else { w::villages(named) }
}
