//! A form being filled: which questions are shown, what is answered, what is wrong. No screen and no disk.

use super::part::Part;
use crate::{data::Draft, features::when::clock_time, platform::clock};
use domain::order::Gather;
use domain::{
    checklist::{Answers, Checklist, Facts, Question, View, Why},
    day::{Day, Timestamp},
    visit::Heed,
};
use serde_json::Value;
use std::{collections::VecDeque, sync::Arc};
use uuid::Uuid;

/// A form being filled.
#[derive(Clone)]
pub(super) struct Form {
    checklist: Arc<Checklist>,
    answers: Answers,
    facts: Facts,
    today: Day,
    current: Option<String>,
    part: Part,
    view: View,
}

/// How a question stands in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Open,
    Given,
    Wrong,
    Here,
}

impl Mark {
    pub(super) fn attr(self) -> &'static str {
        match self {
            Mark::Open => "open",
            Mark::Given => "given",
            Mark::Wrong => "wrong",
            Mark::Here => "here",
        }
    }
}

impl Form {
    /// The form of a draft; nothing if this build has not its template.
    pub(super) fn open(draft: &Draft) -> Option<Form> {
        let checklist = draft.checklist.clone()?;
        let answers = Answers(draft.answers.clone().into_iter().gather());
        let facts = draft.facts.clone();
        let form = Form::new(checklist, answers, facts, clock::today_day(), draft.current.clone());
        let part = Part::of(draft.share, &form.checklist, &form.view);
        Some(Form { part, ..form })
    }

    fn new(
        checklist: Arc<Checklist>,
        answers: Answers,
        facts: Facts,
        today: Day,
        current: Option<String>,
    ) -> Form {
        let view = checklist.look(&answers, &facts, today);
        Form { checklist, answers, facts, today, current, part: Part::Whole, view }
    }

    /// The form of a checklist that nobody's visit is about, as it is begun with somebody of whom this is known.
    pub(super) fn of(checklist: Arc<Checklist>, facts: Facts) -> Form {
        let today = clock::today_day();
        let answers = checklist.defaults(&Answers::default(), &facts, today, "");
        Form::new(checklist, Answers(answers.into_iter().gather()), facts, today, None)
    }

    /// Asks by another checklist from now on. The codes of the questions that are not as they were; an answer of another kind is taken back.
    pub(super) fn ask_by(&mut self, checklist: Arc<Checklist>) -> Vec<String> {
        let mut changed = Vec::new();
        for question in checklist.questions() {
            let before = self.checklist.question(&question.code);
            if before.is_some_and(|before| before.kind != question.kind) {
                self.answers.set(&question.code, Value::Null);
            }
            if before.is_some_and(|before| before != question) {
                changed.push(question.code.clone());
            }
        }
        self.checklist = checklist;
        self.view = self.checklist.look(&self.answers, &self.facts, self.today);
        changed
    }

    pub(super) fn checklist(&self) -> Arc<Checklist> {
        self.checklist.clone()
    }

    pub(super) fn view(&self) -> &View {
        &self.view
    }

    /// The codes of the questions that are on the page, in the order asked.
    pub(super) fn codes(&self) -> Vec<String> {
        let here = |code: &&String| self.part.shows(&self.checklist, code);
        self.view.codes().iter().filter(here).cloned().collect()
    }

    /// Of what is on the page and must be answered, how much is, and how much there is.
    pub(super) fn progress(&self) -> (usize, usize) {
        self.view.progress_of(|code| self.part.shows(&self.checklist, code))
    }

    /// How many questions were answered for all families and are left out.
    pub(super) fn left_out(&self) -> usize {
        self.part.left_out()
    }

    /// Shows every question.
    pub(super) fn show_all(&mut self) {
        self.part = Part::Whole;
    }

    pub(super) fn question(&self, code: &str) -> Option<&Question> {
        self.checklist.question(code)
    }

    /// The question that was open last.
    pub(super) fn current(&self) -> Option<&str> {
        self.current.as_deref()
    }

    pub(super) fn today(&self) -> Day {
        self.today
    }

    /// The answer, also of a hidden question; null for none.
    pub(super) fn value(&self, code: &str) -> Value {
        self.answers.get(code).cloned().unwrap_or(Value::Null)
    }

    /// Gives or takes back an answer. What it shows or hides follows at once. The codes of the questions of which answer or problem is another now.
    pub(super) fn answer(&mut self, code: &str, value: Value) -> Vec<String> {
        self.answers.set(code, value);
        let view = self.checklist.look(&self.answers, &self.facts, self.today);
        let before = std::mem::replace(&mut self.view, view);
        let problems = self.view.problems_since(&before).filter(|other| *other != code).map(str::to_owned);
        std::iter::once(code.to_owned()).chain(problems).collect()
    }

    /// What else is to be journaled with an answer: what was computed once and for all.
    pub(super) fn keep_computed(&mut self) -> Vec<(String, Value)> {
        let kept = self.checklist.to_keep(&self.answers, self.view.stored());
        for (code, value) in &kept {
            self.answers.set(code, value.clone());
        }
        kept
    }

    /// One instance more of a repeat, with what stands in it: all that changes.
    pub(super) fn one_more(&self, repeat: &str) -> Vec<(String, Value)> {
        let count = self.count(repeat) + 1;
        let mut answers = self.answers.clone();
        answers.set(repeat, Value::from(count));
        let prefix = format!("{repeat}[{count}].");
        let mut changes = self.checklist.defaults(&answers, &self.facts, self.today, &prefix);
        changes.push((repeat.to_owned(), Value::from(count)));
        changes
    }

    /// The last instance taken out: all that changes.
    pub(super) fn one_less(&self, repeat: &str) -> Vec<(String, Value)> {
        self.checklist.without(&self.answers, repeat, self.count(repeat))
    }

    fn count(&self, repeat: &str) -> usize {
        let least = self.question(repeat).map(|question| question.limits().0).unwrap_or_default();
        let count = self.answers.int(repeat).unwrap_or(least);
        usize::try_from(count).unwrap_or_default()
    }

    /// The places of the options that are offered, where a filter leaves some out.
    pub(super) fn offered(&self, code: &str) -> Option<Vec<usize>> {
        self.view.offered(code).map(<[usize]>::to_vec)
    }

    /// The answer of last time, where it is to be offered.
    pub(super) fn last(&self, code: &str) -> Option<Value> {
        let question = self.question(code).filter(|question| question.as_last)?;
        self.checklist.last(&question.code, &self.facts).cloned()
    }

    /// Whether the answers ask the office for this second look.
    pub(super) fn says(&self, heed: Heed) -> bool {
        heed.is_said(&self.answers, self.today)
    }

    /// Words with the answers that they name.
    pub(super) fn filled(&self, words: &str, code: &str) -> String {
        self.view.filled(words, code)
    }

    /// Moves to a question. The codes of the one left and of this one; none if it is the same.
    pub(super) fn go_to(&mut self, code: &str) -> Vec<String> {
        if self.current.as_deref() == Some(code) {
            return Vec::new();
        }
        self.current.replace(code.to_owned()).into_iter().chain([code.to_owned()]).collect()
    }

    /// What is wrong with an answer now. That it is missing counts only when `strict`.
    pub(super) fn problem(&self, code: &str, strict: bool) -> Option<Why> {
        self.view.problem(code).filter(|why| strict || **why != Why::Missing).cloned()
    }

    pub(super) fn mark(&self, code: &str) -> Mark {
        let problem = self.problem(code, true);
        match (self.current.as_deref() == Some(code), problem) {
            (true, _) => Mark::Here,
            (false, Some(why)) if why != Why::Missing => Mark::Wrong,
            (false, _) if self.view.stored().get(code).is_some() => Mark::Given,
            (false, _) => Mark::Open,
        }
    }
}

/// The choice after a row was pressed: an option that stands alone (无) drops the others, another drops it.
pub(super) fn chosen(question: &Question, before: &[String], after: Vec<String>) -> Vec<String> {
    let is_alone = |code: &String| question.choice(code).is_some_and(|choice| choice.alone);
    let added = after.iter().find(|code| !before.contains(code));
    match added {
        Some(code) if is_alone(code) => vec![code.clone()],
        Some(_) => after.into_iter().filter(|code| !is_alone(code)).collect(),
        None => after,
    }
}

/// Where a visit is and who makes it, with the first eight characters of its id: enough for the office to find it by.
pub(super) fn place(village: &str, visitor: &str, visit: Uuid) -> String {
    let id = visit.simple().to_string();
    format!("{village} {visitor} {}", &id[..8])
}

/// What a photo taken at this moment bears: the office's time, then the place.
pub(super) fn stamp(taken_at: i64, place: &str) -> String {
    format!("{} {} {place}", Timestamp::from_ms(taken_at).day(), clock_time(taken_at))
}

/// What a value on its way to the disk is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// The answer to a question.
    Answer(String),
    /// A field of the recipient's file, corrected with the visit.
    Field(String),
    /// Who came along.
    Companions,
}

/// Values on their way to the disk, in order. A newer value for what still waits replaces the older.
#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<(Slot, Value)>,
    is_writing: bool,
}

impl Queue {
    /// Whether the caller is to write what waits: one writer at a time.
    pub(super) fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.is_writing, true)
    }

    pub(super) fn end(&mut self) {
        self.is_writing = false;
    }

    pub(super) fn put(&mut self, slot: Slot, value: Value) {
        match self.waiting.iter_mut().find(|(waiting, _)| *waiting == slot) {
            Some(place) => place.1 = value,
            None => self.waiting.push_back((slot, value)),
        }
    }

    /// Puts back what could not be written, unless a newer value waits already.
    pub(super) fn put_back(&mut self, slot: Slot, value: Value) {
        if !self.waiting.iter().any(|(waiting, _)| *waiting == slot) {
            self.waiting.push_front((slot, value));
        }
    }

    pub(super) fn next(&mut self) -> Option<(Slot, Value)> {
        self.waiting.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::checklist::FOLLOWUP;
    use serde_json::json;

    fn form() -> Form {
        let checklist = Arc::new(domain::checklist::builtin(FOLLOWUP).expect("the form is built in"));
        let today = "2026-11-23".parse().expect("a day");
        Form::new(checklist, Answers::default(), Facts::default(), today, None)
    }

    #[test]
    fn an_answer_shows_what_depends_on_it_at_once() {
        let mut form = form();
        assert!(!form.view().is_shown("A12"));
        assert_eq!(form.answer("A11", json!(true)), ["A11", "A12"], "what it shows must be answered now");
        assert!(form.view().is_shown("A12"));
        form.answer("A11", Value::Null);
        assert!(!form.view().is_shown("A12"));
    }

    #[test]
    fn a_limit_speaks_at_once_and_what_is_missing_only_at_the_end() {
        let mut form = form();
        assert_eq!(form.problem("A01", false), None);
        assert_eq!(form.problem("A01", true), Some(Why::Missing));
        assert_eq!(form.answer("A20", json!(11)), ["A20"]);
        assert_eq!(form.problem("A20", false), Some(Why::More(10)));
        assert_eq!(form.value("A20"), json!(11), "a wrong answer stays in the draft");
    }

    #[test]
    fn none_of_them_excludes_the_others() {
        let form = form();
        let question = form.question("A19").expect("the form has it");
        let none = question.options.iter().find(|choice| choice.alone).expect("无").code.clone();
        let some = question.options.iter().find(|choice| !choice.alone).expect("another").code.clone();
        let both = vec![none.clone(), some.clone()];
        assert_eq!(chosen(question, std::slice::from_ref(&some), both.clone()), std::slice::from_ref(&none));
        assert_eq!(chosen(question, &[none], both), [some]);
    }

    #[test]
    fn the_queue_writes_in_order_and_never_an_old_answer_after_a_new_one() {
        let slot = |code: &str| Slot::Answer(code.to_owned());
        let mut queue = Queue::default();
        queue.put(slot("A27"), json!("腰"));
        queue.put(slot("A01"), json!("入户"));
        queue.put(slot("A27"), json!("腰疼"));
        let (first, value) = queue.next().expect("something waits");
        assert_eq!((&first, &value), (&slot("A27"), &json!("腰疼")));
        queue.put(slot("A27"), json!("腰疼三天"));
        queue.put_back(first, value);
        assert_eq!(queue.next(), Some((slot("A01"), json!("入户"))));
        assert_eq!(queue.next(), Some((slot("A27"), json!("腰疼三天"))));
        assert_eq!(queue.next(), None);
    }

    #[test]
    fn a_photo_bears_the_time_of_the_office_the_place_the_visitor_and_the_visit() {
        let visit = Uuid::from_u128(0x0193_6b2c_7d00_7000_8000_0000_0000_0001);
        let place = place("红旗村", "周敏", visit);
        assert_eq!(stamp(1_764_086_400_000 - 60_000, &place), "2025-11-25 23:59 红旗村 周敏 01936b2c");
        assert_eq!(stamp(1_764_086_400_000, &place), "2025-11-26 00:00 红旗村 周敏 01936b2c");
    }

    #[test]
    fn another_checklist_keeps_the_answers_but_those_of_another_kind() {
        let mut form = form();
        form.answer("A01", json!("入户"));
        form.answer("A11", json!(true));
        let mut template = form.checklist().template().clone();
        for question in &mut template.questions {
            match question.code.as_str() {
                "A01" => question.text.zh = "怎么走访的".to_owned(),
                "A11" => question.kind = domain::checklist::QuestionKind::Text,
                _ => {}
            }
        }
        let next = Checklist::new(template).expect("it has no faults");
        assert_eq!(form.ask_by(Arc::new(next)), ["A01", "A11"]);
        assert_eq!((form.value("A01"), form.value("A11")), (json!("入户"), Value::Null));
        assert!(!form.view().is_shown("A12"), "what followed from it is gone");
    }

    #[test]
    fn moving_to_the_same_question_is_no_move() {
        let mut form = form();
        assert_eq!(form.go_to("A05"), ["A05"]);
        assert_eq!(form.go_to("A05"), Vec::<String>::new());
        assert_eq!(form.mark("A05"), Mark::Here);
        assert_eq!(form.go_to("A07"), ["A05", "A07"]);
    }
}
