//! Several of the list chosen at once, for a visit to many: by a long press, or by 选择.

use super::Rows;
use crate::{
    data::use_data,
    features::rounds,
    locale::words::recipients as w,
    routes,
    ui::{Button, ButtonKind, IconName},
};
use leptos::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Who is chosen; a search or another village leaves them chosen.
#[derive(Clone, Copy)]
pub(super) struct Choosing {
    on: RwSignal<bool>,
    chosen: RwSignal<BTreeSet<Uuid>>,
}

impl Choosing {
    pub(super) fn new() -> Choosing {
        Choosing { on: RwSignal::new(false), chosen: RwSignal::new(BTreeSet::new()) }
    }

    /// Whether a press chooses instead of opening.
    pub(super) fn is_on(self) -> bool {
        self.on.get()
    }

    /// Begins, or ends with nobody chosen.
    pub(super) fn turn(self) {
        self.on.update(|on| *on = !*on);
        self.chosen.set(BTreeSet::new());
    }

    /// Begins with somebody.
    pub(super) fn begin_with(self, id: Uuid) {
        self.on.set(true);
        self.chosen.update(|chosen| {
            chosen.insert(id);
        });
    }

    pub(super) fn holds(self, id: Uuid) -> bool {
        self.chosen.read().contains(&id)
    }

    pub(super) fn toggle(self, id: Uuid) {
        self.chosen.update(|chosen| toggle(chosen, id));
    }
}

fn toggle(chosen: &mut BTreeSet<Uuid>, id: Uuid) {
    if !chosen.remove(&id) {
        chosen.insert(id);
    }
}

/// Chooses all who are shown, or none of them if all were.
fn toggle_all(chosen: &mut BTreeSet<Uuid>, shown: &[Uuid]) {
    if shown.iter().all(|id| chosen.contains(id)) {
        chosen.retain(|id| !shown.contains(id));
    } else {
        chosen.extend(shown);
    }
}

/// How many are chosen, and what can be done with them.
#[component]
pub(super) fn ChosenBar(choosing: Choosing, rows: Memo<Option<Rows>>) -> impl IntoView {
    let (data, guide) = (use_data(), routes::use_guide());
    let ids = move || choosing.chosen.with(|chosen| chosen.iter().copied().collect::<Vec<_>>());
    let counted = move || {
        let counted = data.counted(&ids());
        w::chosen(counted.households, counted.people)
    };
    let shown = move || -> Vec<Uuid> {
        rows.read_untracked()
            .as_ref()
            .map(|rows| rows.0.iter().map(|row| row.id).collect())
            .unwrap_or_default()
    };
    let all = move || choosing.chosen.update(|chosen| toggle_all(chosen, &shown()));
    let nobody = Signal::derive(move || choosing.chosen.read().is_empty());
    let begin = move || rounds::begin_with(guide, ids());
    view! {
        <div class="recipients__chosen" role="group" aria-label=w::choose_several()>
            <p class="strong" role="status">{counted}</p>
            <Button kind=ButtonKind::Plain on_press=all>{w::choose_shown()}</Button>
            <Button icon=IconName::People disabled=nobody on_press=begin>{w::round()}</Button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_search_are_chosen_beside_those_of_another() {
        let ids = |ns: &[u128]| ns.iter().map(|n| Uuid::from_u128(*n)).collect::<Vec<_>>();
        let mut chosen: BTreeSet<Uuid> = ids(&[1, 9]).into_iter().collect();
        toggle_all(&mut chosen, &ids(&[1, 2, 3]));
        assert_eq!(chosen.iter().copied().collect::<Vec<_>>(), ids(&[1, 2, 3, 9]));
        toggle_all(&mut chosen, &ids(&[1, 2, 3]));
        assert_eq!(chosen.iter().copied().collect::<Vec<_>>(), ids(&[9]));
        toggle(&mut chosen, Uuid::from_u128(9));
        assert!(chosen.is_empty());
    }
}
