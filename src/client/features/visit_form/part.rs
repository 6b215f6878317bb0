//! Which questions a form shows: all, or a part of them in an event for many families.

use crate::data::Share;
use domain::{
    checklist::{Checklist, View},
    order::Gather,
};
use std::collections::BTreeSet;

/// Which questions of the checklist a form shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All.
    Whole,
    /// Of an event for many families, what all have in common.
    Shared,
    /// Of one of its families, all but these, which were answered for all.
    Own(BTreeSet<String>),
}

impl Part {
    /// Of a draft as it is opened. What all should have in common and nobody answered is asked of each family.
    pub(super) fn of(share: Share, checklist: &Checklist, view: &View) -> Part {
        match share {
            Share::Alone => Part::Whole,
            Share::Event => Part::Shared,
            Share::Family { .. } => {
                let is_open = |code: &str| view.problem(code).is_some();
                let shared = view.codes().iter().filter(|code| checklist.is_shared(code));
                Part::Own(shared.filter(|code| !is_open(code)).cloned().gather())
            }
        }
    }

    /// Whether a question is on the page.
    pub(super) fn shows(&self, checklist: &Checklist, code: &str) -> bool {
        match self {
            Part::Whole => true,
            Part::Shared => checklist.is_shared(code),
            Part::Own(shared) => !shared.contains(code),
        }
    }

    /// How many questions were answered for all and are left out.
    pub(super) fn left_out(&self) -> usize {
        match self {
            Part::Own(shared) => shared.len(),
            Part::Whole | Part::Shared => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        checklist::{Answers, FESTIVAL, Facts, builtin},
        day::Day,
    };
    use serde_json::{Value, json};
    use uuid::Uuid;

    /// What a form of the part shows when these answers are there, and how much of what must be answered is.
    fn shown(share: Share, answers: Value) -> (Part, Vec<String>, (usize, usize)) {
        let checklist = builtin(FESTIVAL).expect("the form is built in");
        let answers: Answers = domain::json::from_value(answers).expect("answers");
        let today: Day = "2026-11-23".parse().expect("a day");
        let view = checklist.look(&answers, &Facts::default(), today);
        let part = Part::of(share, &checklist, &view);
        let codes = view.codes().iter().filter(|code| part.shows(&checklist, code)).cloned().collect();
        let progress = view.progress_of(|code| part.shows(&checklist, code));
        (part, codes, progress)
    }

    #[test]
    fn an_event_asks_what_all_have_in_common_and_a_family_the_rest() {
        let answers = || json!({"F01": "镇政府", "F02": "座谈", "F04": 50_000});
        let (_, codes, progress) = shown(Share::Event, answers());
        assert_eq!((codes.join(" ").as_str(), progress), ("F01 F02 F04 F05.1 F09", (3, 4)));
        let (part, codes, progress) =
            shown(Share::Family { event: Uuid::nil(), place: 1, all: 2 }, answers());
        assert_eq!(
            (codes.join(" ").as_str(), progress),
            ("F03 F06 F07 F09 F10", (0, 5)),
            "the photo is still to be taken"
        );
        assert_eq!(part.left_out(), 4);
        let (part, codes, _) = shown(Share::Alone, answers());
        assert_eq!((codes.len(), part.left_out()), (9, 0));
    }
}
