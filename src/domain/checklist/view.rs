//! What a checklist looks like for one person and the answers given so far.

use super::{
    Answers, Checklist, Question, QuestionKind, Required, Why,
    answer::{self, is_blank},
};
use crate::{
    day::Day,
    expr::{Expr, Scope, Value},
};

/// The names of facts that expressions may ask for.
pub(super) const FACTS: &[&str] = &["recipient.category", "recipient.open_measures"];

/// What a checklist may ask about the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The codes of all categories that the person holds: `${recipient.category}`.
    pub categories: Vec<String>,
    /// How many measures are under way or wait for their revisit: `${recipient.open_measures}`.
    pub open_measures: u32,
}

impl Facts {
    fn value_of(&self, name: &str) -> Value {
        match name {
            "recipient.category" => Value::set(self.categories.clone()),
            "recipient.open_measures" => Value::Number(f64::from(self.open_measures)),
            _ => Value::Empty,
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
    shown: Vec<bool>,
    codes: Vec<String>,
    problems: Vec<Problem>,
    stored: Answers,
    required: usize,
    required_given: usize,
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

    /// How many of the shown questions that must be answered are, and how many they are in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.required_given, self.required)
    }
}

impl Checklist {
    /// Looks at the answers given so far.
    pub fn look(&self, answers: &Answers, facts: &Facts, today: Day) -> View {
        let mut looking = Looking {
            checklist: self,
            answers,
            facts,
            today,
            values: vec![Value::Empty; self.leaves.len()],
            view: View::default(),
        };
        looking.view.shown = vec![false; self.leaves.len()];
        for i in &self.order {
            looking.show(*i);
        }
        for i in 0..self.leaves.len() {
            looking.check(i);
        }
        looking.view
    }
}

struct Looking<'a> {
    checklist: &'a Checklist,
    answers: &'a Answers,
    facts: &'a Facts,
    today: Day,
    /// By leaf; empty while hidden or not reached, which the order makes the same.
    values: Vec<Value>,
    view: View,
}

impl Looking<'_> {
    fn eval(&self, expr: &Expr, here: &Value) -> Value {
        let value_of = |name: &str| match self.checklist.position(name) {
            Some(i) => self.values[i].clone(),
            None => self.facts.value_of(name),
        };
        expr.eval(Scope { value_of: &value_of, here, today: self.today })
    }

    fn show(&mut self, i: usize) {
        let leaf = self.checklist.leaves[i];
        let (question, whole) = (self.checklist.leaf(leaf), self.checklist.whole(leaf));
        let holds =
            |expr: &Option<Expr>| expr.as_ref().is_none_or(|expr| self.eval(expr, &Value::Empty).is_true());
        let shown = holds(&whole.show_if) && holds(&question.show_if);
        self.view.shown[i] = shown;
        if !shown {
            return;
        }
        let json = match &question.derive {
            Some(expr) => answer::from_value(question.kind, &self.eval(expr, &Value::Empty)),
            None => self.answers.get(&question.code).filter(|json| !is_blank(json)).cloned(),
        };
        if let Some(json) = json {
            self.values[i] = answer::value(question.kind, &json);
            self.view.stored.set(&question.code, json);
        }
    }

    fn check(&mut self, i: usize) {
        if !self.view.shown[i] {
            return;
        }
        let question = self.checklist.leaf(self.checklist.leaves[i]);
        self.view.codes.push(question.code.clone());
        let required = match &question.required {
            Required::No => false,
            Required::Yes => true,
            Required::When(expr) => self.eval(expr, &self.values[i]).is_true(),
        };
        let outcome = self.outcome(i, question, required);
        let given = !matches!(outcome, Err(Why::Missing)) && self.view.stored.get(&question.code).is_some();
        self.view.required += usize::from(required);
        self.view.required_given += usize::from(required && given);
        if let Err(why) = outcome {
            self.view.problems.push(Problem { code: question.code.clone(), why });
        }
    }

    fn outcome(&self, i: usize, question: &Question, required: bool) -> Result<(), Why> {
        let Some(json) = self.view.stored.get(&question.code) else {
            // What is computed is not the visitor's to supply.
            return if required && question.derive.is_none() { Err(Why::Missing) } else { Ok(()) };
        };
        if question.kind != QuestionKind::Money || question.derive.is_none() {
            answer::check(question, json)?;
        }
        match &question.validate {
            Some(rule) if !self.eval(&rule.expr, &self.values[i]).is_true() => Err(Why::Rule),
            _ => Ok(()),
        }
    }
}
