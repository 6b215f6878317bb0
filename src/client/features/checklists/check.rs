//! What keeps a checklist from being published, each with the line to go to; and what is allowed and hardly meant.

use super::{
    state::{Line, Sketch, Slot, takes},
    text::Unread,
};
use crate::data::Version;
use domain::{
    checklist::{
        Checklist, Fault, FaultWhy, QuestionKind, judged,
        published::{BYTES_MAX, text_of},
    },
    need_rules::{RULE_QUESTIONS, RuleQuestion},
    visit::Heed,
};
use std::{collections::BTreeMap, sync::Arc};

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    /// The line to go to; none when it is the whole.
    pub(super) key: Option<u32>,
    /// The question's code.
    pub(super) code: String,
    pub(super) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// By the rules of checklists.
    Fault(FaultWhy),
    /// Something typed cannot be read.
    Unread(Slot, Unread),
    /// The checklist has no name.
    NoTitle,
    /// A question that is shown says nothing.
    NoWords,
    /// More bytes than phones are sent.
    TooLarge(usize),
}

/// A question that earlier visits answered as another kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) key: u32,
    pub(super) code: String,
    pub(super) before: QuestionKind,
    pub(super) version: u32,
}

/// A question of which needs and tasks were made, and that cannot make them any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ruled {
    /// None where the question is gone.
    pub(super) key: Option<u32>,
    pub(super) code: &'static str,
    pub(super) how: HowRuled,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum HowRuled {
    Gone,
    Kind,
    /// The answers that are missing.
    Options(Vec<String>),
}

/// What was found, and the checklist if it can be asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Checked {
    pub(super) checklist: Option<Arc<Checklist>>,
    pub(super) troubles: Vec<Trouble>,
    pub(super) changed: Vec<Changed>,
    pub(super) ruled: Vec<Ruled>,
}

/// Each question that was ever asked, as the newest version has it that has it at all.
pub(super) type Kinds = BTreeMap<String, Was>;

/// How a question was asked.
#[derive(Clone, Debug)]
pub(super) struct Was {
    kind: QuestionKind,
    version: u32,
    options: Vec<String>,
}

pub(super) fn kinds_of(versions: &[Version]) -> Kinds {
    let mut kinds = Kinds::new();
    for version in versions {
        let number = version.checklist.template().version;
        for question in version.checklist.questions() {
            kinds.entry(question.code.clone()).or_insert_with(|| Was {
                kind: question.kind,
                version: number,
                options: question.options.iter().map(|option| option.code.clone()).collect(),
            });
        }
    }
    kinds
}

pub(super) fn check(sketch: &Sketch, kinds: &Kinds) -> Checked {
    let template = sketch.template();
    let mut troubles = Vec::new();
    if sketch.title.zh.trim().is_empty() {
        troubles.push(Trouble { key: None, code: String::new(), what: What::NoTitle });
    }
    sketch.lines.iter().for_each(|line| of_line(line, &mut troubles));
    let (checklist, found) = judged(&template);
    for fault in found {
        let trouble = placed(sketch, fault);
        if !troubles.contains(&trouble) {
            troubles.push(trouble);
        }
    }
    let bytes = text_of(&template).len();
    if bytes > BYTES_MAX {
        troubles.push(Trouble { key: None, code: String::new(), what: What::TooLarge(bytes) });
    }
    let checklist = checklist.map(Arc::new);
    Checked { checklist, troubles, changed: changed(sketch, kinds), ruled: ruled(sketch, kinds) }
}

fn of_line(line: &Line, troubles: &mut Vec<Trouble>) {
    let mut found = |what| {
        troubles.push(Trouble { key: Some(line.key), code: line.question.code.clone(), what });
    };
    if line.question.is_seen() && line.question.text.zh.trim().is_empty() {
        found(What::NoWords);
    }
    for (slot, _) in line.typed.iter().filter(|(slot, _)| takes(line.question.kind, *slot)) {
        if let Some(unread) = line.unread(*slot) {
            found(What::Unread(*slot, unread));
        }
    }
}

/// A fault with the line that it is about; of two of one name, the second.
fn placed(sketch: &Sketch, fault: Fault) -> Trouble {
    let Fault { code, why } = fault;
    let is_whole = code.is_empty() && matches!(why, FaultWhy::Nothing | FaultWhy::TooMany);
    let mut alike = sketch.lines.iter().filter(|line| line.question.code == code);
    let is_second = matches!(&why, FaultWhy::Twice(twice) if *twice == code);
    let line = if is_second { alike.next_back() } else { alike.next() };
    let key = line.filter(|_| !is_whole).map(|line| line.key);
    Trouble { key, code, what: What::Fault(why) }
}

fn changed(sketch: &Sketch, kinds: &Kinds) -> Vec<Changed> {
    let one = |line: &Line| {
        let Was { kind: before, version, .. } = *kinds.get(&line.question.code)?;
        let code = line.question.code.clone();
        (before != line.question.kind).then_some(Changed { key: line.key, code, before, version })
    };
    sketch.lines.iter().filter_map(one).collect()
}

/// What the rules that make needs and tasks, or ask an office for a second look, read in earlier versions, and find no more.
fn ruled(sketch: &Sketch, kinds: &Kinds) -> Vec<Ruled> {
    let one = |asked: &RuleQuestion| {
        let was = kinds.get(asked.code)?;
        let line = sketch.lines.iter().find(|line| line.question.code == asked.code);
        let how = match line {
            None => HowRuled::Gone,
            Some(line) if line.question.kind != was.kind => HowRuled::Kind,
            Some(line) => {
                let is_there = |option: &&str| line.question.choice(option).is_some();
                let was_there = |option: &&&str| was.options.iter().any(|one| one == **option);
                let lost = asked.options.iter().filter(was_there).filter(|option| !is_there(option));
                let lost: Vec<String> = lost.map(|option| (*option).to_owned()).collect();
                if lost.is_empty() {
                    return None;
                }
                HowRuled::Options(lost)
            }
        };
        Some(Ruled { key: line.map(|line| line.key), code: asked.code, how })
    };
    let heeded = Heed::ALL.map(|heed| RuleQuestion { code: heed.question(), options: &[] });
    RULE_QUESTIONS.iter().chain(&heeded).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::checklist::{FOLLOWUP, Words, builtin};

    fn followup() -> Sketch {
        Sketch::of(builtin(FOLLOWUP).expect("it is built in").template())
    }

    fn whats(sketch: &Sketch) -> Vec<(String, What)> {
        let checked = check(sketch, &Kinds::new());
        checked.troubles.into_iter().map(|trouble| (trouble.code, trouble.what)).collect()
    }

    fn with(change: impl FnOnce(&mut Sketch)) -> Sketch {
        let mut sketch = followup();
        change(&mut sketch);
        sketch
    }

    #[test]
    fn a_checklist_without_faults_can_be_asked() {
        let checked = check(&followup(), &Kinds::new());
        assert_eq!((checked.troubles, checked.checklist.is_some()), (Vec::new(), true));
    }

    #[test]
    fn what_is_wrong_is_said_of_its_question() {
        let typed = |code: &'static str, slot, text: &'static str| {
            with(|sketch| {
                let line = sketch.lines.iter_mut().find(|line| line.question.code == code);
                line.expect("it is there").type_in(slot, text);
            })
        };
        let fault = |code: &str, why| vec![(code.to_owned(), What::Fault(why))];
        assert_eq!(whats(&typed("A05", Slot::ShowIf, "${A05} = 1")), fault("A05", FaultWhy::Circle));
        assert_eq!(
            whats(&typed("A05", Slot::ShowIf, "${Z9} = 1")),
            fault("A05", FaultWhy::Unknown("Z9".into()))
        );
        assert_eq!(whats(&typed("A12", Slot::Validate, ". < 1 div 0")), fault("A12", FaultWhy::Zero));
        let unread = whats(&typed("A05", Slot::ShowIf, "${A02} = '"));
        assert!(matches!(&unread[..], [(code, What::Unread(Slot::ShowIf, _))] if code == "A05"));
    }

    #[test]
    fn what_was_typed_for_another_kind_keeps_nothing_from_being_published() {
        let mut sketch = followup();
        let key = sketch.add(None, QuestionKind::Int);
        let line = sketch.line_mut(key).expect("it was added");
        line.question.text.zh = "几口人".to_owned();
        let code = line.question.code.clone();
        line.type_in(Slot::Min, "三");
        line.type_in(Slot::Max, "1.5");
        let unread = |slot| (code.clone(), What::Unread(slot, Unread::Number));
        assert_eq!(whats(&sketch), [unread(Slot::Min), unread(Slot::Max)]);
        sketch.set_kind(key, QuestionKind::Bool);
        assert_eq!(whats(&sketch), []);
        sketch.set_kind(key, QuestionKind::Money);
        assert_eq!(whats(&sketch), [unread(Slot::Min)]);
        assert_eq!(sketch.line(key).and_then(|line| line.question.max), Some(150), "now it can be read");
    }

    #[test]
    fn of_two_questions_of_one_name_the_second_is_gone_to() {
        let sketch = with(|sketch| sketch.lines[3].question.code = "A01".to_owned());
        let checked = check(&sketch, &Kinds::new());
        let twice = checked.troubles.iter().find(|one| matches!(one.what, What::Fault(FaultWhy::Twice(_))));
        assert_eq!(twice.and_then(|twice| twice.key), Some(sketch.lines[3].key));
    }

    #[test]
    fn a_question_that_changes_its_kind_under_its_code_is_told() {
        let checklist = Arc::new(builtin(FOLLOWUP).expect("it is built in"));
        let kinds = kinds_of(&[Version { checklist, villages: 0 }]);
        let mut sketch = followup();
        assert_eq!(check(&sketch, &kinds).changed, []);
        let key = sketch.lines[4].key;
        sketch.set_kind(key, QuestionKind::Text);
        let changed = check(&sketch, &kinds).changed;
        assert_eq!(changed.len(), 1);
        assert_eq!((changed[0].key, changed[0].version), (key, 1));
    }

    #[test]
    fn what_makes_needs_is_told_when_it_goes_changes_its_kind_or_loses_an_answer() {
        let checklist = Arc::new(builtin(FOLLOWUP).expect("it is built in"));
        let kinds = kinds_of(&[Version { checklist, villages: 0 }]);
        assert_eq!(check(&followup(), &kinds).ruled, []);
        let key = |code: &str| {
            followup().lines.iter().find(|line| line.question.code == code).expect("it is there").key
        };
        let changed = with(|sketch| {
            sketch.delete(key("A20"));
            sketch.set_kind(key("A12"), QuestionKind::Text);
            let illness = sketch.line_mut(key("A10")).expect("it is there");
            illness.question.options.retain(|option| option.code != "重病");
            sketch.delete(key("A11"));
        });
        let found = check(&changed, &kinds).ruled;
        let how = |code: &str| found.iter().find(|one| one.code == code).map(|one| one.how.clone());
        assert_eq!(how("A20"), Some(HowRuled::Gone));
        assert_eq!(how("A12"), Some(HowRuled::Kind));
        assert_eq!(how("A10"), Some(HowRuled::Options(vec!["重病".to_owned()])));
        assert_eq!(found.len(), 3, "of A11 no rule asks");
    }

    #[test]
    fn two_thousand_questions_are_too_many_and_one_word_says_so() {
        let mut sketch = Sketch::new("BIG", "大表");
        for _ in 0..2_000 {
            let key = sketch.add(None, QuestionKind::Text);
            let line = sketch.line_mut(key).expect("it was added");
            line.question.text = Words { zh: "问".to_owned(), en: None };
        }
        assert_eq!(whats(&sketch), [(String::new(), What::Fault(FaultWhy::TooMany))]);
    }
}
