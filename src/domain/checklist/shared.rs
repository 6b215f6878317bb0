//! Many families visited together (集体走访): which questions are answered once for all of them.

use super::{Answers, Checklist, QuestionKind};
use serde_json::Value as Json;

impl Checklist {
    /// Whether many families can be visited together by it: something is the same for all.
    pub fn is_for_groups(&self) -> bool {
        self.questions().any(|question| self.is_shared(&question.code))
    }

    /// Whether a question is answered once for all families. A signature never is.
    pub fn is_shared(&self, code: &str) -> bool {
        self.question(code)
            .is_some_and(|question| question.shared && question.kind != QuestionKind::Signature)
    }

    /// What a family's visit takes over of what was answered for all: what it has no answer to.
    pub fn taken_over(&self, event: &Answers, family: &Answers) -> Vec<(String, Json)> {
        let is_taken = |code: &str| self.is_shared(code) && family.get(code).is_none();
        let all = event.0.iter().filter(|(code, json)| !json.is_null() && is_taken(code));
        all.map(|(code, json)| (code.clone(), json.clone())).collect()
    }

    /// The answers that a family gave itself, or that stand there by default.
    pub fn own(&self, family: &Answers) -> Answers {
        let own = family.0.iter().filter(|(code, _)| !self.is_shared(code));
        Answers(own.map(|(code, json)| (code.clone(), json.clone())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::{CONFIRM, FESTIVAL, PLAQUE, builtin, builtin_ids};
    use serde_json::json;

    fn answers(json: Json) -> Answers {
        serde_json::from_value(json).expect("answers")
    }

    fn shared_of(id: &str) -> Vec<String> {
        let checklist = builtin(id).expect("it is built in");
        let codes = checklist.questions().map(|question| question.code.clone());
        codes.filter(|code| checklist.is_shared(code)).collect()
    }

    #[test]
    fn form_unit_gift_and_the_photo_of_the_event_are_shared() {
        for (id, shared) in [
            (FESTIVAL, vec!["F01", "F02", "F04", "F05.1", "F05.2", "F09"]),
            (PLAQUE, vec!["P01", "P02", "P03"]),
            (CONFIRM, vec!["C01"]),
        ] {
            assert_eq!(shared_of(id), shared, "{id}");
        }
        let others = builtin_ids().filter(|id| ![FESTIVAL, PLAQUE, CONFIRM].contains(id));
        for id in others {
            assert!(!builtin(id).expect("it is built in").is_for_groups(), "{id}");
        }
    }

    #[test]
    fn who_was_met_the_number_health_difficulties_and_every_signature_are_the_familys_own() {
        for (id, own) in [
            (FESTIVAL, &["F03", "F06", "F07", "F08", "F10"][..]),
            (CONFIRM, &["C02", "C04", "C06", "C15.1", "C15.2"]),
            (PLAQUE, &["P04", "P05", "P06.1", "P06.2", "P07"]),
        ] {
            let checklist = builtin(id).expect("it is built in");
            for code in own {
                assert!(checklist.question(code).is_some() && !checklist.is_shared(code), "{id} {code}");
            }
        }
        let mut template = builtin(FESTIVAL).expect("it is built in").template().clone();
        template.questions.iter_mut().for_each(|question| question.shared = true);
        let all = Checklist::new(template).expect("it has no faults");
        assert!(all.is_shared("F03") && !all.is_shared("F10"));
    }

    #[test]
    fn a_family_takes_over_what_it_has_no_answer_to_and_keeps_its_own() {
        let checklist = builtin(FESTIVAL).expect("it is built in");
        let event = answers(json!({"F01": "镇政府", "F04": 50_000, "F03": "本人"}));
        let family = answers(json!({"F04": 80_000, "F06": "重病"}));
        assert_eq!(checklist.taken_over(&event, &family), [("F01".to_owned(), json!("镇政府"))]);
        assert_eq!(checklist.own(&family), answers(json!({"F06": "重病"})));
    }
}
