//! What in the answers of a visit an office looks at once more before it goes on (domain.md §4.4 and §4.5, what follows from an answer).

use crate::{checklist::Answers, day::Day};
use serde_json::Value as Json;

/// Of so many stars and fewer the office looks again.
const STARS_MAX: i64 = 2;
/// Some provinces help only within so many months after a difficulty began.
const MONTHS_MAX: i32 = 12;
/// The option that says that nothing speaks against help.
const NOTHING: &str = "无";

/// One thing to look at once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heed {
    /// A25: the family is not content with its help.
    Discontent,
    /// B04: the difficulty began more than a year before.
    LongAgo,
    /// B08: nobody in the family can work (缺劳力).
    NoLabour,
    /// B26: something may speak against help, which the county decides.
    Barred,
}

impl Heed {
    /// Everything that is looked for.
    pub const ALL: [Heed; 4] = [Heed::Discontent, Heed::LongAgo, Heed::NoLabour, Heed::Barred];

    /// The one that the answer to a question may say.
    pub fn of(question: &str) -> Option<Heed> {
        Heed::ALL.into_iter().find(|heed| heed.question() == question)
    }

    /// The question of the built-in templates whose answer says it.
    pub fn question(self) -> &'static str {
        match self {
            Heed::Discontent => "A25",
            Heed::LongAgo => "B04",
            Heed::NoLabour => "B08",
            Heed::Barred => "B26",
        }
    }

    /// Whether the answers of a visit on this day say it.
    pub fn is_said(self, answers: &Answers, on: Day) -> bool {
        let question = self.question();
        match self {
            Heed::Discontent => answers.int(question).is_some_and(|stars| (1..=STARS_MAX).contains(&stars)),
            Heed::LongAgo => {
                let began =
                    answers.get(question).and_then(Json::as_str).and_then(|day| day.parse::<Day>().ok());
                let until = began.and_then(|day| day.plus_months(MONTHS_MAX));
                until.is_some_and(|until| until < on)
            }
            Heed::NoLabour => answers.int(question) == Some(0),
            Heed::Barred => {
                let said = answers.get(question).and_then(Json::as_array).into_iter().flatten();
                said.into_iter().any(|option| option != NOTHING)
            }
        }
    }
}

/// All that the answers of a visit on this day say.
pub fn heeds(answers: &Answers, on: Day) -> impl Iterator<Item = Heed> {
    Heed::ALL.into_iter().filter(move |heed| heed.is_said(answers, on))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(answers: Json) -> Vec<Heed> {
        let answers: Answers = serde_json::from_value(answers).expect("answers");
        heeds(&answers, "2026-11-28".parse().expect("a day")).collect()
    }

    #[test]
    fn what_asks_for_a_second_look_is_found_and_nothing_else() {
        let cases = [
            (json!({"A25": 3}), vec![]),
            (json!({"A25": 2}), vec![Heed::Discontent]),
            (json!({"A25": 0}), vec![]),
            (json!({"A25": "2"}), vec![]),
            (json!({"B04": "2025-11-28"}), vec![]),
            (json!({"B04": "2025-11-27"}), vec![Heed::LongAgo]),
            (json!({"B04": "早年"}), vec![]),
            (json!({"B08": 1}), vec![]),
            (json!({"B08": 0}), vec![Heed::NoLabour]),
            (json!({"B26": ["无"]}), vec![]),
            (json!({"B26": []}), vec![]),
            (json!({"B26": ["拒绝核查"]}), vec![Heed::Barred]),
            (json!({"B26": "无"}), vec![]),
            (json!({}), vec![]),
        ];
        for (answers, expected) in cases {
            assert_eq!(said(answers.clone()), expected, "{answers}");
        }
    }

    #[test]
    fn each_question_is_one_of_the_built_in_templates() {
        for heed in Heed::ALL {
            let id = if heed == Heed::Discontent { "FOLLOWUP" } else { "VERIFY" };
            let checklist = crate::checklist::builtin(id).expect("it comes with the program");
            assert!(checklist.question(heed.question()).is_some(), "{heed:?}");
        }
    }
}
