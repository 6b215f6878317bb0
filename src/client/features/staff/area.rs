//! One area: what lies in it, its name and its code.

use super::{StaffDesk, merge::MergeDialog};
use crate::{
    locale::words::staff as w,
    platform::clock,
    ui::{Button, ButtonKind, DatePicker, Field, FieldKind, FieldWords, Sheet, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};

/// An area with what lies in it, as the office said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) id: String,
    pub(super) parent: String,
    pub(super) name: String,
    code: String,
    valid_from: String,
    valid_to: String,
    families: usize,
    people: usize,
    devices: usize,
    /// Code and name of before, and the day up to which they were valid.
    former: Vec<[String; 3]>,
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

pub(super) fn number(value: &Value, name: &str) -> usize {
    value[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default()
}

impl Fact {
    /// Reads the answer of the office.
    pub(super) fn all(answer: &Value) -> Vec<Fact> {
        let rows = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let read = |area: &Value| Fact {
            id: text(area, "id"),
            parent: text(area, "parent"),
            name: text(area, "name"),
            code: text(area, "code"),
            valid_from: text(area, "valid_from"),
            valid_to: text(area, "valid_to"),
            families: number(area, "families"),
            people: number(area, "people"),
            devices: number(area, "devices"),
            former: rows(&area["former"])
                .iter()
                .map(|one| ["code", "name", "until"].map(|name| text(one, name)))
                .collect(),
        };
        rows(&answer["areas"]).iter().map(read).collect()
    }

    /// Townships have nine digits; a new village may have no code yet.
    pub(super) fn is_village(&self) -> bool {
        const TOWNSHIP_DIGITS: usize = 9;
        self.code.is_empty() || self.code.len() > TOWNSHIP_DIGITS
    }

    /// It became part of another.
    pub(super) fn is_over(&self) -> bool {
        !self.valid_to.is_empty()
    }

    /// Its code, since when it is valid, what it was before, and who works there.
    pub(super) fn note(&self) -> String {
        let code = if self.code.is_empty() { w::no_code().to_owned() } else { self.code.clone() };
        let code = match (self.valid_from.as_str(), self.valid_to.as_str()) {
            ("", "") => code,
            (from, "") => w::code_since(code, from),
            (_, to) => w::code_until(code, to),
        };
        let note = match self.former.first() {
            Some([before, name, _]) => w::code_before(code, before, name),
            None => code,
        };
        w::area_counts(note, self.people, self.devices)
    }

    /// What lies in it itself.
    pub(super) fn families(&self) -> String {
        w::area_families(self.families)
    }
}

/// The sheet of an area that is to be changed.
#[component]
pub(super) fn AreaSheet(
    /// The page.
    desk: StaffDesk,
    /// All areas, to be merged into.
    #[prop(into)]
    all: Signal<Vec<Fact>, LocalStorage>,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Which it is.
    chosen: RwSignal<Option<Fact>>,
) -> impl IntoView {
    let notices = use_notices();
    let empty = || RwSignal::new(String::new());
    let (code, name, on) = (empty(), empty(), empty());
    let (busy, problem) = (RwSignal::new(false), empty());
    let merging = RwSignal::new(false);
    Effect::new(move || {
        if open.get() {
            let fact = chosen.get_untracked().unwrap_or_default();
            code.set(fact.code);
            name.set(fact.name);
            on.set(clock::today());
            problem.set(String::new());
        }
    });
    let save = move || {
        let Some(fact) = chosen.get_untracked() else { return };
        let [code, name, on] = [code, name, on].map(|one| one.get_untracked());
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let said = json!({"code": code, "name": name, "on": on});
            match desk.tell(format!("areas/{}/rename", fact.id), said).await {
                Ok(_) => {
                    open.set(false);
                    notices.say(w::area_saved());
                }
                Err(said) => problem.set(said),
            }
            busy.set(false);
        });
    };
    let begin_merge = move || {
        open.set(false);
        merging.set(true);
    };
    let title = Signal::derive(move || chosen.get().map(|fact| fact.name).unwrap_or_default());
    let body = move || {
        let village = chosen.get()?.is_village();
        Some(view! {
            <div class="inset stack">
                <Field words=FieldWords::label(w::area_name()) value=name />
                {village.then(|| view! { <Field words=FieldWords::label(w::area_code()).hint(w::area_code_hint()) kind=FieldKind::Number value=code /> })}
                <DatePicker words=FieldWords::label(w::area_on()) day=on today=clock::today() on_pick=move |day: String| on.set(day) />
                <p class="quiet small">{w::area_says()}</p>
                <p class="field__problem" role="alert">{problem}</p>
                <Button busy on_press=save>{w::save()}</Button>
                {village.then(|| view! { <Button kind=ButtonKind::Plain on_press=begin_merge>{w::merge()}</Button> })}
            </div>
        })
    };
    view! {
        <Sheet open title>{body}</Sheet>
        <MergeDialog desk all open=merging chosen />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas() -> Vec<Fact> {
        Fact::all(&json!({"areas": [
            {"id": "t", "code": "339999100", "name": "双桥镇", "families": 0, "people": 1, "devices": 0, "former": []},
            {"id": "v", "code": "339999100299", "name": "红旗社区", "parent": "t", "valid_from": "2026-11-01", "families": 42,
             "people": 2, "devices": 3, "former": [{"code": "339999100201", "name": "红旗村", "until": "2026-11-01"}]},
            {"id": "w", "code": "339999100202", "name": "石桥村", "parent": "t", "valid_from": "2026-01-01", "valid_to": "2026-11-20"},
        ]}))
    }

    #[test]
    fn a_village_says_its_code_of_today_and_the_one_before() {
        let all = areas();
        assert!(all[1].is_village() && !all[0].is_village() && all[2].is_over());
        let note = all[1].note();
        assert!(
            note.contains("339999100299") && note.contains("339999100201") && note.contains("红旗村"),
            "{note}"
        );
        assert!(all[2].note().contains("339999100202"));
        assert!(all[1].families().contains("42") && all[1].note().contains("3 台手机"));
        assert_eq!(Fact::all(&json!({})), []);
    }
}
