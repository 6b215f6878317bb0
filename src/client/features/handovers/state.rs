//! What changes hands: read from the office, and chosen at the desk.

use crate::{data::OfficeError, features::problems, locale::words::handovers as w, ui::Opt};
use serde_json::Value;

/// A hand-over that was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Handover {
    pub(crate) id: String,
    pub(crate) at: i64,
    pub(crate) by: String,
    /// Empty where the families had nobody.
    pub(crate) from_name: String,
    pub(crate) to: String,
    pub(crate) to_name: String,
    pub(crate) village: String,
    pub(crate) families: usize,
    pub(crate) village_left: bool,
    pub(crate) village_came: bool,
    pub(crate) reason: String,
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn count(value: &Value, name: &str) -> usize {
    value[name].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// One hand-over of the office's answer.
pub(super) fn handover(value: &Value) -> Handover {
    Handover {
        id: text(value, "id"),
        at: value["at"].as_i64().unwrap_or_default(),
        by: text(value, "by"),
        from_name: text(value, "from_name"),
        to: text(value, "to"),
        to_name: text(value, "to_name"),
        village: text(value, "village"),
        families: count(value, "families"),
        village_left: value["village_left"] == true,
        village_came: value["village_came"] == true,
        reason: text(value, "reason"),
    }
}

/// All of them, the newest first.
pub(super) fn handovers(answer: &Value) -> Vec<Handover> {
    list(answer, "rows").iter().map(handover).collect()
}

/// What a hand-over would be made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Preview {
    pub(super) families: Vec<Family>,
    pub(super) unsent: Unsent,
}

/// A family of the village, and who answers for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Family {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) responsible: String,
}

/// What the phones of the one who hands over have not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Unsent {
    pub(super) devices: usize,
    pub(super) saves: usize,
    pub(super) photos: usize,
    pub(super) drafts: usize,
    pub(super) seen_at: Option<i64>,
}

impl Unsent {
    /// Whether something is known to wait on a phone.
    pub(super) fn waits(self) -> bool {
        self.saves + self.photos + self.drafts > 0
    }
}

impl Preview {
    pub(super) fn read(answer: &Value) -> Preview {
        let family = |value: &Value| Family {
            id: text(value, "id"),
            name: text(value, "name"),
            responsible: text(value, "responsible"),
        };
        let unsent = &answer["unsent"];
        Preview {
            families: list(answer, "families").iter().map(family).collect(),
            unsent: Unsent {
                devices: count(unsent, "devices"),
                saves: count(unsent, "saves"),
                photos: count(unsent, "photos"),
                drafts: count(unsent, "drafts"),
                seen_at: unsent["seen_at"].as_i64(),
            },
        }
    }

    /// The families that go with `from` unless somebody chooses otherwise: those that he answers for, and those that nobody does.
    pub(super) fn meant(&self, from: &str) -> Vec<String> {
        let is_meant = |family: &&Family| family.responsible.is_empty() || family.responsible == from;
        self.families.iter().filter(is_meant).map(|family| family.id.clone()).collect()
    }

    /// The families to choose among, each with who answers for it.
    pub(super) fn options(&self, name: impl Fn(&str) -> String) -> Vec<Opt> {
        let option = |family: &Family| {
            let label = match name(&family.responsible) {
                who if who.is_empty() => family.name.clone(),
                who => w::family_of(&family.name, who),
            };
            Opt::new(family.id.clone(), label)
        };
        self.families.iter().map(option).collect()
    }
}

/// Why the office did not do it.
pub(super) fn sentence(error: &OfficeError) -> String {
    let OfficeError::Refused { status, err, .. } = error else { return problems::office(error).to_owned() };
    let known = match err.as_str() {
        "handover_same" => w::bad_same(),
        "families_missing" => w::bad_families(),
        "families_changed" => w::bad_changed(),
        "reason_missing" => w::bad_reason(),
        "not_a_worker" => w::bad_worker(),
        "account_ended" => w::bad_ended(),
        _ if *status == 404 => w::bad_gone(),
        _ => return w::bad_other(err),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn preview() -> Preview {
        Preview::read(&json!({
            "families": [
                {"id": "1", "name": "李伟", "responsible": "a"}, {"id": "2", "name": "王强", "responsible": null},
                {"id": "3", "name": "赵兰", "responsible": "c"},
            ],
            "unsent": {"devices": 1, "saves": 2, "photos": 0, "drafts": 0, "seen_at": null},
        }))
    }

    #[test]
    fn his_own_families_and_those_of_nobody_are_meant() {
        assert_eq!(preview().meant("a"), ["1", "2"]);
        assert_eq!(preview().meant(""), ["2"]);
        assert!(preview().unsent.waits() && !Unsent::default().waits());
    }

    #[test]
    fn each_family_says_who_answers_for_it() {
        let options = preview().options(|id| if id.is_empty() { String::new() } else { format!("<{id}>") });
        assert_eq!(options[1].label, "王强");
        assert!(options[2].label.contains("<c>"));
    }
}
