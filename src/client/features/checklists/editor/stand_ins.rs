//! Invented people to try a checklist on: what conditions and defaults ask of a file is answered by theirs.

use crate::{locale::words::checklists as w, ui::Opt};
use domain::{checklist::Facts, order::Gather};
use serde_json::{Value, json};

/// Somebody who does not exist.
struct StandIn {
    word: &'static str,
    name: &'static str,
    says: fn(&str) -> String,
    categories: &'static [&'static str],
    open_measures: u32,
    /// Fields of his file besides the name.
    file: fn() -> Value,
}

const STAND_INS: [StandIn; 3] = [
    StandIn {
        word: "soldier",
        name: "赵大山",
        says: |name| w::stand_in_soldier(name),
        categories: &["11"],
        open_measures: 1,
        file: || {
            json!({
                "sex": "1", "mobile": "13900000001", "live_addr": "样例村 1 组 3 号", "domicile_kind": "1",
                "lone_elder": true, "self_care": "3", "family_size": 1,
            })
        },
    },
    StandIn {
        word: "kin",
        name: "钱桂英",
        says: |name| w::stand_in_kin(name),
        categories: &["21"],
        open_measures: 0,
        file: || {
            json!({
                "sex": "2", "mobile": "13900000002", "live_addr": "样例社区 2 栋 501", "domicile_kind": "2",
                "lone_elder": false, "self_care": "1", "family_size": 3,
            })
        },
    },
    StandIn {
        word: "family",
        name: "孙小军",
        says: |name| w::stand_in_family(name),
        categories: &["71"],
        open_measures: 0,
        file: || json!({ "sex": "1", "live_addr": "样例村 4 组 12 号", "domicile_kind": "1", "family_size": 4 }),
    },
];

/// Whom one may choose, and nobody.
pub(super) fn options() -> Vec<Opt> {
    let people = STAND_INS.iter().map(|one| Opt::new(one.word, (one.says)(one.name)));
    [Opt::new("", w::stand_in_nobody())].into_iter().chain(people).collect()
}

/// What is known of the chosen one; of nobody, nothing.
pub(super) fn facts_of(word: &str) -> Facts {
    let Some(one) = STAND_INS.iter().find(|one| one.word == word) else { return Facts::default() };
    let mut file = match (one.file)() {
        Value::Object(file) => file,
        _ => serde_json::Map::new(),
    };
    file.insert("name".to_owned(), one.name.into());
    Facts {
        categories: one.categories.iter().map(|category| (*category).to_owned()).collect(),
        open_measures: one.open_measures,
        file: file.into_iter().gather(),
        ..Facts::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        checklist::{Answers, FOLLOWUP, builtin, is_fact},
        day::Day,
    };

    #[test]
    fn each_has_what_a_file_has_and_conditions_follow() {
        let today: Day = "2026-11-27".parse().expect("a day");
        let checklist = builtin(FOLLOWUP).expect("it is built in");
        let shows = |word: &str, code: &str| {
            checklist.look(&Answers::default(), &facts_of(word), today).is_shown(code)
        };
        assert_eq!(
            ["soldier", "kin", "", "family"].map(|word| shows(word, "A13")),
            [true, false, false, false]
        );
        assert!(shows("soldier", "A24") && !shows("kin", "A24"), "only one of them was helped");
        for one in &STAND_INS {
            for field in facts_of(one.word).file.keys() {
                assert!(is_fact(&format!("recipient.{field}")), "{field}");
            }
        }
    }
}
