//! The plan as it is being changed: each value as it was typed.

use domain::visit::PlanRules;
use std::collections::BTreeMap;

/// A setting that is a number, with its range.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) name: &'static str,
    pub(super) least: u8,
    pub(super) most: u8,
}

const fn number(name: &'static str, least: u8, most: u8) -> Number {
    Number { name, least, most }
}

/// Those of the follow-up visits first.
pub(super) const NUMBERS: [Number; 8] = [
    number("follow_up_a", 1, 36),
    number("follow_up_b", 1, 36),
    number("follow_up_c", 1, 36),
    number("follow_up_days", 1, 60),
    number("festival_days", 0, 60),
    number("martyr_days", 0, 60),
    number("qingming_days", 0, 60),
    number("plaque_days", 0, 60),
];

/// The first and the last day of the confirmation, which one setting holds.
const CONFIRM: [&str; 2] = ["confirm_from", "confirm_to"];

/// What was typed, beside the plan that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    holds: PlanRules,
    typed: BTreeMap<&'static str, String>,
}

impl Draft {
    /// Nothing changed yet.
    pub(super) fn of(holds: PlanRules) -> Draft {
        let mut typed = BTreeMap::new();
        for (name, _) in PlanRules::SETTINGS.iter().filter(|(name, _)| *name != "confirm") {
            typed.insert(*name, holds.text(name).unwrap_or_default());
        }
        let said = |(month, day): (u8, u8)| format!("{month:02}-{day:02}");
        let ends = holds.confirm.map(|span| [said(span.first()), said(span.last())]).unwrap_or_default();
        for (name, end) in CONFIRM.into_iter().zip(ends) {
            typed.insert(name, end);
        }
        Draft { holds, typed }
    }

    /// What stands in a field.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.typed.get(name).cloned()
    }

    /// Takes over what was typed.
    pub(super) fn set(&mut self, name: &'static str, text: String) {
        self.typed.insert(name, text);
    }

    /// Whether a field does not hold what it takes.
    pub(super) fn is_wrong(&self, name: &str) -> bool {
        let (setting, value) =
            if CONFIRM.contains(&name) { ("confirm", self.confirm()) } else { (name, self.value(name)) };
        PlanRules::default().take(setting, &value).is_none()
    }

    /// Whether every field holds what it takes.
    pub(super) fn is_right(&self) -> bool {
        !self.typed.keys().any(|name| self.is_wrong(name))
    }

    /// The settings that are not as they hold, by their names.
    pub(super) fn changes(&self) -> BTreeMap<&'static str, String> {
        let mut changes = BTreeMap::new();
        for (name, _) in PlanRules::SETTINGS {
            let value = if name == "confirm" { self.confirm() } else { self.value(name) };
            let mut changed = self.holds;
            if changed.take(name, &value).is_some() && changed != self.holds {
                changes.insert(name, value);
            }
        }
        changes
    }

    /// These changes hold now; what was typed since is still to be saved.
    pub(super) fn keep(&mut self, saved: &BTreeMap<&'static str, String>) {
        for (name, value) in saved {
            let _ = self.holds.take(name, value);
        }
    }

    fn value(&self, name: &str) -> String {
        self.typed.get(name).map(|text| text.trim().to_owned()).unwrap_or_default()
    }

    fn confirm(&self) -> String {
        let [first, last] = CONFIRM.map(|name| self.value(name));
        if first.is_empty() && last.is_empty() { "off".to_owned() } else { format!("{first}/{last}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_changed_is_sent() {
        let mut draft = Draft::of(PlanRules::default());
        assert!(draft.is_right() && draft.changes().is_empty());
        draft.set("follow_up_a", " 2 ".to_owned());
        draft.set("confirm_to", "12-10".to_owned());
        assert_eq!(draft.changes(), BTreeMap::from([("follow_up_a", "2".to_owned())]));
        let saved = draft.changes();
        draft.set("follow_up_b", "5".to_owned());
        draft.keep(&saved);
        assert_eq!(
            draft.changes(),
            BTreeMap::from([("follow_up_b", "5".to_owned())]),
            "typed while it saved"
        );
        draft.keep(&draft.changes());
        assert!(draft.changes().is_empty());
    }

    #[test]
    fn what_no_setting_takes_is_wrong_at_its_field() {
        let mut draft = Draft::of(PlanRules::default());
        draft.set("follow_up_a", "0".to_owned());
        assert!(draft.is_wrong("follow_up_a") && !draft.is_wrong("follow_up_b") && !draft.is_right());
        draft.set("follow_up_a", "三".to_owned());
        assert!(draft.is_wrong("follow_up_a"));
        let mut draft = Draft::of(PlanRules::default());
        draft.set("confirm_to", "10-01".to_owned());
        assert!(draft.is_wrong("confirm_from") && draft.is_wrong("confirm_to"));
        draft.set("confirm_from", String::new());
        assert!(draft.is_wrong("confirm_to"), "one end alone");
        draft.set("confirm_to", String::new());
        assert_eq!(draft.changes(), BTreeMap::from([("confirm", "off".to_owned())]));
    }

    #[test]
    fn ranges_are_those_of_the_settings() {
        for number in &NUMBERS {
            let said = format!("{} to {}", number.least, number.most);
            assert!(PlanRules::SETTINGS.contains(&(number.name, said.as_str())), "{number:?}");
        }
    }
}
