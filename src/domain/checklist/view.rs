//! What a checklist looks like for one person and the answers given so far.

use super::{
    AnswerMap, Answers, Checklist, Question, QuestionKind, Required, Why,
    answer::{self, is_blank},
};
use crate::{
    day::Day,
    expr::{Expr, LAST, Name, Scope, Value},
    kinds::{self, FieldClass, Kind},
    order::Order,
};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What a checklist may ask about the person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The codes of all categories that the person holds: `${recipient.category}`.
    pub categories: Vec<String>,
    /// How many measures are under way or wait for their revisit: `${recipient.open_measures}`.
    pub open_measures: u32,
    /// The fields of his file that are not sealed: `${recipient.live_addr}`.
    pub file: AnswerMap,
    /// What was answered at the last visit by the same checklist: `${last-saved#A10}`.
    pub last: Answers,
}

/// Before the name of a fact.
const OF_RECIPIENT: &str = "recipient.";

/// Whether expressions may ask for this fact: the categories, the open measures, and each field of the file that is not sealed.
pub fn is_fact(name: &str) -> bool {
    let Some(field) = name.strip_prefix(OF_RECIPIENT) else { return false };
    let is_open = |kind: &Kind| kind.field(field).is_some_and(|field| field.class != FieldClass::Sealed);
    matches!(field, "category" | "open_measures") || kinds::kind("recipient").is_some_and(is_open)
}

impl Facts {
    fn value_of(&self, name: &str) -> Value {
        match name.strip_prefix(OF_RECIPIENT).unwrap_or_default() {
            "category" => Value::set(self.categories.clone()),
            "open_measures" => Value::Number(f64::from(self.open_measures)),
            field => self.file.get(field).map_or(Value::Empty, answer::plain_value),
        }
    }
}

/// Something that keeps a visit from being finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The question or part to jump to.
    pub code: String,
    /// What is wrong there.
    pub why: Why,
}

/// Which questions are shown, what is missing or wrong, and what a finished visit stores.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    codes: Vec<String>,
    offered: BTreeMap<String, Vec<usize>>,
    problems: Vec<Problem>,
    /// Where the problem of a code stands among them.
    problem_at: BTreeMap<String, usize>,
    stored: Answers,
    /// What must be answered, and whether it is.
    required: Vec<(String, bool)>,
}

impl View {
    /// Whether the question or part of a code is shown.
    pub fn is_shown(&self, code: &str) -> bool {
        self.codes.iter().any(|shown| shown == code)
    }

    /// The codes of what is shown, in the order asked.
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// All that keeps the visit from being finished, in the order asked.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What is wrong at the question or part of a code.
    pub fn problem(&self, code: &str) -> Option<&Why> {
        self.problem_at.get(code).map(|at| &self.problems[*at].why)
    }

    /// The codes at which something else is wrong than before, or nothing any more.
    pub fn problems_since<'a>(&'a self, before: &'a View) -> impl Iterator<Item = &'a str> {
        let gone = before.problem_at.keys().filter(|code| !self.problem_at.contains_key(*code));
        let changed = self.problem_at.keys().filter(|code| self.problem(code) != before.problem(code));
        changed.chain(gone).map(String::as_str)
    }

    /// The codes of shown questions that must be answered and are not.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.problems
            .iter()
            .filter(|problem| problem.why == Why::Missing)
            .map(|problem| problem.code.as_str())
    }

    /// Whether the visit may be finished.
    pub fn is_complete(&self) -> bool {
        self.problems.is_empty()
    }

    /// What a finished visit stores: answers of shown questions alone, with what is computed.
    pub fn stored(&self) -> &Answers {
        &self.stored
    }

    /// The places of the options that a question offers, where a filter leaves some out.
    pub fn offered(&self, code: &str) -> Option<&[usize]> {
        self.offered.get(code).map(Vec::as_slice)
    }

    /// Words in which `${name}` is the answer to another question; for a question in a repeat, to the one beside it.
    pub fn filled(&self, words: &str, code: &str) -> String {
        let mut out = String::new();
        let mut rest = words;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, behind)) = after.split_once('}') else { break };
            out += before;
            let prefix = code.rsplit_once("].").map_or("", |(prefix, _)| prefix);
            let beside = format!("{prefix}].{name}");
            let json = self.stored.get(&beside).or_else(|| self.stored.get(name));
            out += &json.map(|json| answer::plain_value(json).to_text()).unwrap_or_default();
            rest = behind;
        }
        out + rest
    }

    /// How many of the shown questions that must be answered are, and how many they are in all.
    pub fn progress(&self) -> (usize, usize) {
        self.progress_of(|_| true)
    }

    /// The same of those questions alone that are meant.
    pub fn progress_of(&self, is_meant: impl Fn(&str) -> bool) -> (usize, usize) {
        let meant = || self.required.iter().filter(|(code, _)| is_meant(code));
        (meant().filter(|(_, is_given)| *is_given).count(), meant().count())
    }
}

impl Checklist {
    /// Looks at the answers given so far.
    pub fn look(&self, answers: &Answers, facts: &Facts, today: Day) -> View {
        let mut looking = Looking::new(self, answers, facts, today);
        let tops = (0..self.nodes.len()).filter(|i| self.nodes[*i].parent.is_none());
        for i in tops {
            looking.check(i, &[]);
        }
        looking.view
    }

    /// The codes that have an answer and are read, in the order asked, instance by instance.
    pub fn answered(&self, answers: &AnswerMap) -> Vec<String> {
        let place = |code: &String| -> Vec<(usize, usize)> {
            let steps = code.split("].").map(|step| {
                let (name, n) = step.split_once('[').unwrap_or((step, ""));
                (self.position(name).unwrap_or(usize::MAX), n.parse().unwrap_or_default())
            });
            steps.collect()
        };
        let is_read = |code: &&String| self.question(code).is_some_and(Question::is_seen);
        let mut codes: Vec<String> = answers.keys().filter(is_read).cloned().collect();
        codes.order_by_key(place);
        codes
    }

    /// The answer of last time, where it still is one: a code that the question no longer has is none.
    pub fn last<'a>(&self, code: &str, facts: &'a Facts) -> Option<&'a Json> {
        let question = self.question(code)?;
        facts.last.get(code).filter(|json| answer::check(question, json).is_ok())
    }
}

/// Instances of one question all together; more are not looked at.
const CELLS_MAX: usize = 1_000;

/// A question in one instance of the repeats around it.
pub(super) struct Cell {
    /// Which instance of each, from 1.
    pub(super) path: Vec<usize>,
    shown: bool,
    /// Empty while hidden or not reached, which the order makes the same.
    value: Value,
    /// How many instances it has, of a repeat.
    count: usize,
}

pub(super) struct Looking<'a> {
    pub(super) checklist: &'a Checklist,
    pub(super) answers: &'a Answers,
    facts: &'a Facts,
    today: Day,
    /// By node.
    pub(super) cells: Vec<Vec<Cell>>,
    view: View,
}

impl<'a> Looking<'a> {
    /// Shows what is to be shown and computes what is computed.
    pub(super) fn new(
        checklist: &'a Checklist,
        answers: &'a Answers,
        facts: &'a Facts,
        today: Day,
    ) -> Looking<'a> {
        let cells = checklist.nodes.iter().map(|_| Vec::new()).collect();
        let mut looking = Looking { checklist, answers, facts, today, cells, view: View::default() };
        for i in &checklist.order {
            looking.show(*i);
        }
        looking
    }

    /// The code under which an answer lies.
    pub(super) fn key(&self, i: usize, path: &[usize]) -> String {
        let mut key = String::new();
        for (repeat, n) in self.checklist.nodes[i].repeats.iter().zip(path) {
            key += &self.checklist.at(*repeat).code;
            key += &format!("[{n}].");
        }
        key + &self.checklist.at(i).code
    }

    pub(super) fn eval(&self, i: usize, path: &[usize], expr: &Expr, here: &Value) -> Value {
        self.eval_with(i, path, expr, here, &|_| Value::Empty)
    }

    fn eval_with(
        &self,
        i: usize,
        path: &[usize],
        expr: &Expr,
        here: &Value,
        column: &dyn Fn(&str) -> Value,
    ) -> Value {
        let value_of = |name: Name<'_>| match name {
            Name::Answer(name) => self.value_of(i, path, name),
            Name::Column(name) => column(name),
            Name::Position(levels) => self.place_of(i, path, levels),
        };
        expr.eval(Scope { value_of: &value_of, here, today: self.today })
    }

    /// What a name means for node `i` in an instance: the answer beside it, or those of all instances of a repeat that it does not lie in.
    fn value_of(&self, i: usize, path: &[usize], name: &str) -> Value {
        if let Some(code) = name.strip_prefix(LAST) {
            let question = self.checklist.question(code);
            let last = self.checklist.last(code, self.facts);
            return question.zip(last).map_or(Value::Empty, |(q, json)| answer::value(q.kind, json));
        }
        let Some(other) = self.checklist.position(name) else { return self.facts.value_of(name) };
        let (own, others) = (&self.checklist.nodes[i].repeats, &self.checklist.nodes[other].repeats);
        let same = own.iter().zip(others).zip(path).take_while(|((a, b), _)| a == b).count();
        let beside = self.cells[other].iter().filter(|cell| cell.shown && cell.path[..same] == path[..same]);
        match (self.checklist.at(other).kind, others.len() > same) {
            (QuestionKind::Repeat, _) => Value::List(vec![Value::Empty; beside.map(|cell| cell.count).sum()]),
            (_, true) => Value::List(beside.map(|cell| cell.value.clone()).collect()),
            (_, false) => beside.map(|cell| cell.value.clone()).next().unwrap_or_default(),
        }
    }

    /// Which of its siblings the group or repeat so many levels above is.
    fn place_of(&self, i: usize, path: &[usize], levels: usize) -> Value {
        let mut above = Some(i);
        for _ in 0..levels {
            above = above.and_then(|above| self.checklist.nodes[above].parent);
        }
        let Some(above) = above else { return Value::Number(1.0) };
        let depth = self.checklist.nodes[above].repeats.len();
        let n = match self.checklist.at(above).kind {
            QuestionKind::Repeat => path.get(depth).copied().unwrap_or(1),
            _ => 1,
        };
        u32::try_from(n).map_or(Value::Empty, |n| Value::Number(f64::from(n)))
    }

    /// The instances in which a node stands, and whether what is around it is shown there.
    fn places(&self, i: usize) -> Vec<(Vec<usize>, bool)> {
        let Some(parent) = self.checklist.nodes[i].parent else { return vec![(Vec::new(), true)] };
        let around = &self.cells[parent];
        if self.checklist.at(parent).kind != QuestionKind::Repeat {
            return around.iter().map(|cell| (cell.path.clone(), cell.shown)).collect();
        }
        let mut places = Vec::new();
        for cell in around.iter().filter(|cell| cell.shown) {
            for n in 1..=cell.count.min(CELLS_MAX - places.len()) {
                let mut path = cell.path.clone();
                path.push(n);
                places.push((path, true));
            }
        }
        places
    }

    fn show(&mut self, i: usize) {
        let question = self.checklist.at(i);
        for (path, around) in self.places(i) {
            let holds = |expr: &Expr| self.eval(i, &path, expr, &Value::Empty).is_true();
            let shown = around && question.show_if.as_ref().is_none_or(holds);
            let mut cell = Cell { path, shown, value: Value::Empty, count: 0 };
            if shown {
                self.fill(i, question, &mut cell);
            }
            self.cells[i].push(cell);
        }
    }

    /// Gives a shown cell its answer, or what is computed there.
    fn fill(&mut self, i: usize, question: &Question, cell: &mut Cell) {
        if matches!(question.kind, QuestionKind::Parts | QuestionKind::Note) {
            return;
        }
        let key = self.key(i, &cell.path);
        let given = self.answers.get(&key).filter(|json| !is_blank(json));
        let json = match &question.derive {
            Some(expr) => {
                let before = given.map_or(Value::Empty, |json| answer::value(question.kind, json));
                answer::from_value(question.kind, &self.eval(i, &cell.path, expr, &before))
            }
            None => given.cloned(),
        };
        if question.kind == QuestionKind::Repeat {
            let count = json.as_ref().and_then(Json::as_i64).unwrap_or(question.limits().0);
            cell.count = usize::try_from(count.clamp(0, super::INSTANCES_MAX)).unwrap_or_default();
        }
        if let Some(json) = json {
            cell.value = answer::value(question.kind, &json);
            self.view.stored.set(&key, json);
        }
    }

    /// Judges a node in an instance, and what it consists of, in the order asked.
    fn check(&mut self, i: usize, path: &[usize]) {
        let Some(cell) = self.cells[i].iter().find(|cell| cell.path == path && cell.shown) else { return };
        let (value, count) = (cell.value.clone(), cell.count);
        let checklist = self.checklist;
        let question = checklist.at(i);
        match question.kind {
            QuestionKind::Parts => checklist.nodes[i].parts.iter().for_each(|part| self.check(*part, path)),
            QuestionKind::Repeat => {
                for n in 1..=count {
                    let mut inner = path.to_vec();
                    inner.push(n);
                    checklist.nodes[i].parts.iter().for_each(|part| self.check(*part, &inner));
                }
                self.judge(i, path, question, &value);
            }
            _ => self.judge(i, path, question, &value),
        }
    }

    fn judge(&mut self, i: usize, path: &[usize], question: &Question, value: &Value) {
        let code = self.key(i, path);
        if question.is_seen() {
            self.view.codes.push(code.clone());
        }
        let required = match &question.required {
            Required::No => false,
            Required::Yes => true,
            Required::When(expr) => self.eval(i, path, expr, value).is_true(),
        };
        // What is computed is not the visitor's to supply, and words take no answer.
        let required = required
            && question.derive.is_none()
            && !matches!(question.kind, QuestionKind::Note | QuestionKind::Repeat);
        if let Some(filter) = &question.filter {
            let offers = |choice: &super::Choice| {
                let column = |name: &str| Value::text(choice.column(name));
                self.eval_with(i, path, &filter.0, value, &column).is_true()
            };
            let options = question.options.iter().enumerate();
            let offered = options.filter(|(_, choice)| offers(choice)).map(|(place, _)| place).collect();
            self.view.offered.insert(code.clone(), offered);
        }
        let outcome = self.outcome(i, path, &code, value, required);
        let given = !matches!(outcome, Err(Why::Missing)) && self.view.stored.get(&code).is_some();
        if required {
            self.view.required.push((code.clone(), given));
        }
        if let Err(why) = outcome {
            self.view.problem_at.insert(code.clone(), self.view.problems.len());
            self.view.problems.push(Problem { code, why });
        }
    }

    fn outcome(
        &self,
        i: usize,
        path: &[usize],
        code: &str,
        value: &Value,
        required: bool,
    ) -> Result<(), Why> {
        let question = self.checklist.at(i);
        let Some(json) = self.view.stored.get(code) else {
            return if required { Err(Why::Missing) } else { Ok(()) };
        };
        if question.kind != QuestionKind::Money || question.derive.is_none() {
            answer::check(question, json)?;
        }
        if let Some(offered) = self.view.offered(code)
            && !answer::is_among(question, offered, json)
        {
            return Err(Why::Option);
        }
        match &question.validate {
            Some(rule) if !self.eval(i, path, &rule.expr, value).is_true() => Err(Why::Rule),
            _ => Ok(()),
        }
    }
}
