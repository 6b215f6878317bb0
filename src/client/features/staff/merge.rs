//! A village becomes part of another of its township, after it was said what moves.

use super::{
    StaffDesk,
    area::{Fact, number},
};
use crate::{
    locale::words::staff as w,
    platform::clock,
    ui::{Button, ButtonKind, DatePicker, Dialog, FieldWords, Notices, Opt, Picker, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};

/// What is chosen, and what the office said of it.
#[derive(Clone, Copy)]
struct Merging {
    desk: StaffDesk,
    notices: Notices,
    open: RwSignal<bool>,
    from: RwSignal<Option<Fact>>,
    into: RwSignal<String>,
    on: RwSignal<String>,
    /// What would move, in sentences; empty before it is known.
    said: RwSignal<Vec<String>>,
    busy: RwSignal<bool>,
    problem: RwSignal<String>,
}

impl Merging {
    fn new(desk: StaffDesk, open: RwSignal<bool>, from: RwSignal<Option<Fact>>) -> Merging {
        let empty = || RwSignal::new(String::new());
        Merging {
            desk,
            notices: use_notices(),
            open,
            from,
            into: empty(),
            on: empty(),
            said: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            problem: empty(),
        }
    }

    fn clear(self) {
        self.into.set(String::new());
        self.on.set(clock::today());
        self.said.set(Vec::new());
        self.problem.set(String::new());
    }

    /// Asks what would move.
    fn look(self, id: String, name: String) {
        let Some(from) = self.from.get_untracked() else { return };
        self.into.set(id.clone());
        self.said.set(Vec::new());
        self.begin();
        spawn_local(async move {
            let path = format!("areas/{}/merge/preview", from.id);
            let answer = self.desk.ask(path, json!({ "into": id })).await;
            // Another may have been chosen while the office was asked: then its own answer is still to come.
            let is_asked = self.into.with_untracked(|into| *into == id)
                && self.from.with_untracked(|now| now.as_ref().is_some_and(|now| now.id == from.id));
            if !is_asked {
                return;
            }
            match answer {
                Ok(preview) => self.said.set(moves(&preview, &from.name, &name)),
                Err(words) => self.problem.set(words),
            }
            self.busy.set(false);
        });
    }

    fn merge(self) {
        let Some(from) = self.from.get_untracked() else { return };
        self.begin();
        spawn_local(async move {
            let asked = json!({"into": self.into.get_untracked(), "on": self.on.get_untracked()});
            match self.desk.tell(format!("areas/{}/merge", from.id), asked).await {
                Ok(_) => {
                    self.open.set(false);
                    self.notices.say(w::merged());
                }
                Err(words) => self.problem.set(words),
            }
            self.busy.set(false);
        });
    }

    fn begin(self) {
        self.busy.set(true);
        self.problem.set(String::new());
    }
}

/// What would move, in sentences.
fn moves(preview: &Value, from: &str, into: &str) -> Vec<String> {
    let people = preview["people"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names: Vec<&str> = people.iter().filter_map(Value::as_str).collect();
    let mut said = vec![w::merge_moves(from, number(preview, "families"), number(preview, "visits"), into)];
    if number(preview, "waiting") > 0 {
        said.push(w::merge_waiting(number(preview, "waiting")));
    }
    if !names.is_empty() {
        said.push(w::merge_people(names.join(w::between()), into, number(preview, "devices")));
    }
    if number(preview, "unsent") > 0 {
        said.push(w::merge_unsent(number(preview, "unsent")));
    }
    said.push(w::merge_final(from));
    said
}

/// The villages of the same township.
fn options(all: &[Fact], from: &Fact) -> Vec<Opt> {
    let fits = |fact: &&Fact| {
        fact.parent == from.parent && fact.id != from.id && fact.is_village() && !fact.is_over()
    };
    all.iter().filter(fits).map(|fact| Opt::new(fact.id.clone(), fact.name.clone())).collect()
}

/// The dialog.
#[component]
pub(super) fn MergeDialog(
    /// The page.
    desk: StaffDesk,
    /// All areas.
    all: Signal<Vec<Fact>, LocalStorage>,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The village that becomes part of another.
    chosen: RwSignal<Option<Fact>>,
) -> impl IntoView {
    let merging = Merging::new(desk, open, chosen);
    let Merging { into, on, said, busy, problem, .. } = merging;
    Effect::new(move || {
        if open.get() {
            merging.clear();
        }
    });
    let choices = Signal::derive(move || options(&all.read(), &chosen.get().unwrap_or_default()));
    let look = move |id: String| {
        let name = choices.read_untracked().iter().find(|one| one.value == id).map(|one| one.label.clone());
        merging.look(id, name.unwrap_or_default());
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{w::cancel()}</Button>
            <Show when=move || !said.read().is_empty()>
                <Button kind=ButtonKind::Danger busy on_press=move || merging.merge()>{w::merge_yes()}</Button>
            </Show>
        }
    };
    let title =
        Signal::derive(move || w::merge_title(chosen.get().map(|fact| fact.name).unwrap_or_default()));
    let sentences = move || said.get().into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view();
    view! {
        <Dialog open title acts>
            <div class="stack">
                <Picker words=FieldWords::label(w::merge_into()) options=choices chosen=into on_pick=look />
                <DatePicker words=FieldWords::label(w::merge_on()) day=on today=clock::today() on_pick=move |day: String| on.set(day) />
                <div class="stack" role="status">{sentences}</div>
                <p class="field__problem" role="alert">{problem}</p>
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_says_only_what_there_is_to_say() {
        let said = moves(&json!({"families": 3, "visits": 9}), "红旗村", "石桥村");
        assert!(said.len() == 2 && said[0].contains("3 份档案、9 次"), "{said:?}");
        let all =
            json!({"families": 3, "visits": 9, "waiting": 2, "people": ["王芳"], "devices": 1, "unsent": 4});
        let said = moves(&all, "红旗村", "石桥村");
        assert_eq!(said.len(), 5, "{said:?}");
        assert!(
            said[0].contains("红旗村") && said[0].contains("石桥村") && said[2].contains("王芳"),
            "{said:?}"
        );
    }
}
