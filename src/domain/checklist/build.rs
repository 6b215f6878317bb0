//! From a template to a checklist: faults are found before anyone is asked.

use super::{Question, QuestionKind, Required, Template, view::is_fact};
use crate::{
    expr::{Expr, LAST},
    order::Gather,
};
use std::collections::{BTreeMap, BTreeSet};

/// Questions, groups and repeats a template may have.
pub const QUESTIONS_MAX: usize = 1_000;
/// Options a question may have.
pub const CHOICES_MAX: usize = 1_000;
/// Instances a repeat may have.
pub const INSTANCES_MAX: i64 = 100;
/// How deep groups and repeats may lie in each other.
pub const LEVELS_MAX: usize = 12;

/// A template without faults.
#[derive(Clone, Debug, PartialEq)]
pub struct Checklist {
    template: Template,
    /// Every question, group and repeat, in the order asked.
    pub(super) nodes: Vec<Node>,
    /// Indices of nodes so that each comes after those its visibility or value depends on.
    pub(super) order: Vec<usize>,
    by_code: BTreeMap<String, usize>,
}

/// Where a question lies.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// Its place among the questions, then among the parts of each.
    path: Vec<usize>,
    /// The group or repeat around it.
    pub(super) parent: Option<usize>,
    /// The repeats around it, the outermost first.
    pub(super) repeats: Vec<usize>,
    /// What it consists of.
    pub(super) parts: Vec<usize>,
}

/// What is wrong with a template, at which question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {why}")]
pub struct Fault {
    /// The question's code; empty when it is the template as a whole.
    pub code: String,
    /// What is wrong.
    pub why: FaultWhy,
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultWhy {
    /// More than [`QUESTIONS_MAX`] questions, [`CHOICES_MAX`] options or [`LEVELS_MAX`] levels.
    #[error("too many")]
    TooMany,
    /// The template has no question, a choice no options, a question of parts no parts.
    #[error("nothing to choose or to ask")]
    Nothing,
    /// The code is empty or holds other characters than letters, digits, `_`, `-` and `.`; of an option, it is empty, or holds a space where
    /// several may be chosen.
    #[error("not a code: {0:?}")]
    Code(String),
    /// Two questions or two options have this code.
    #[error("twice: {0}")]
    Twice(String),
    /// Something else than `parts` and `repeat` has parts.
    #[error("parts where none can be")]
    Parts,
    /// The least is more than the most.
    #[error("least above most")]
    Limits,
    /// An expression asks for what is neither a question nor a fact.
    #[error("asks for {0}, which is not there")]
    Unknown(String),
    /// Whether it is shown, or its value, depends on itself.
    #[error("depends on itself")]
    Circle,
    /// An expression divides by a constant zero. Of what is published, not of what was: it can be asked, and gives no answer.
    #[error("divides by zero")]
    Zero,
}

/// The checklist of a template, if it can be asked; and all that keeps it from being published: what keeps it from being asked, and what can never
/// be meant.
pub fn judged(template: &Template) -> (Option<Checklist>, Vec<Fault>) {
    let (checklist, mut faults) = match Checklist::new(template.clone()) {
        Ok(checklist) => (Some(checklist), Vec::new()),
        Err(faults) => (None, faults),
    };
    zeros(&template.questions, 0, &mut faults);
    (checklist, faults)
}

fn zeros(questions: &[Question], level: usize, faults: &mut Vec<Fault>) {
    for question in questions {
        if question.expressions().into_iter().any(Expr::divides_by_zero) {
            faults.push(fault(&question.code, FaultWhy::Zero));
        }
        if level < LEVELS_MAX {
            zeros(&question.parts, level + 1, faults);
        }
    }
}

impl Question {
    /// Every expression of it.
    fn expressions(&self) -> Vec<&Expr> {
        let required = match &self.required {
            Required::When(expr) => Some(expr),
            _ => None,
        };
        let rule = self.validate.as_ref().map(|rule| &rule.expr);
        let filter = self.filter.as_ref().map(|filter| &filter.0);
        let of_itself = [self.show_if.as_ref(), self.derive.as_ref(), self.default.as_ref()];
        of_itself.into_iter().chain([required, rule, filter]).flatten().collect()
    }
}

impl Checklist {
    /// Checks a template.
    ///
    /// # Errors
    /// All faults, in the order of the questions.
    pub fn new(template: Template) -> Result<Checklist, Vec<Fault>> {
        let mut faults = Vec::new();
        if template.questions.is_empty() {
            faults.push(fault("", FaultWhy::Nothing));
        }
        let mut checklist =
            Checklist { template, nodes: Vec::new(), order: Vec::new(), by_code: BTreeMap::new() };
        checklist.place(None, &[])?;
        checklist.check_forms(&mut faults);
        checklist.check_names(&mut faults);
        checklist.find_order(&mut faults);
        if faults.is_empty() { Ok(checklist) } else { Err(faults) }
    }

    /// The template.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// All questions and parts that take an answer, in the order asked.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        (0..self.nodes.len()).map(|i| self.at(i)).filter(|question| question.kind != QuestionKind::Parts)
    }

    /// The question or part of a code, also of one with its instance.
    pub fn question(&self, code: &str) -> Option<&Question> {
        self.position(code).map(|i| self.at(i))
    }

    /// Its place in the order asked.
    pub fn position(&self, code: &str) -> Option<usize> {
        let bare = code.rsplit("].").next().unwrap_or(code);
        self.by_code.get(bare).copied()
    }

    pub(super) fn at(&self, i: usize) -> &Question {
        let path = &self.nodes[i].path;
        let mut question = &self.template.questions[path[0]];
        for part in &path[1..] {
            question = &question.parts[*part];
        }
        question
    }

    /// Finds a place for the parts of a node, or for the questions of the template, and for theirs.
    fn place(&mut self, parent: Option<usize>, path: &[usize]) -> Result<(), Vec<Fault>> {
        if path.len() > LEVELS_MAX {
            return Err(vec![fault(&self.at(parent.unwrap_or_default()).code, FaultWhy::TooMany)]);
        }
        let count = parent.map_or(self.template.questions.len(), |parent| self.at(parent).parts.len());
        let mut repeats = parent.map(|parent| self.nodes[parent].repeats.clone()).unwrap_or_default();
        repeats.extend(parent.filter(|parent| self.at(*parent).kind == QuestionKind::Repeat));
        for n in 0..count {
            let i = self.nodes.len();
            if i == QUESTIONS_MAX {
                return Err(vec![fault("", FaultWhy::TooMany)]);
            }
            let mut own = path.to_vec();
            own.push(n);
            self.nodes.push(Node { path: own.clone(), parent, repeats: repeats.clone(), parts: Vec::new() });
            if let Some(parent) = parent {
                self.nodes[parent].parts.push(i);
            }
            self.place(Some(i), &own)?;
        }
        Ok(())
    }

    fn check_forms(&mut self, faults: &mut Vec<Fault>) {
        for i in 0..self.nodes.len() {
            check_form(self.at(i), faults);
            let code = self.at(i).code.clone();
            if self.by_code.insert(code.clone(), i).is_some() {
                faults.push(fault(&code, FaultWhy::Twice(code.clone())));
            }
        }
    }

    fn check_names(&self, faults: &mut Vec<Fault>) {
        for i in 0..self.nodes.len() {
            let question = self.at(i);
            for expr in question.expressions() {
                for name in expr.names() {
                    let known = match name.strip_prefix(LAST) {
                        Some(last) => self.by_code.contains_key(last),
                        None => self.by_code.contains_key(name) || is_fact(name),
                    };
                    if !known {
                        faults.push(fault(&question.code, FaultWhy::Unknown(name.to_owned())));
                    }
                }
            }
        }
    }

    /// Each after what it depends on, otherwise in the order asked; what remains depends on itself.
    fn find_order(&mut self, faults: &mut Vec<Fault>) {
        let mut waits: Vec<usize> = vec![0; self.nodes.len()];
        let mut frees: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for (i, node) in self.nodes.iter().enumerate() {
            let question = self.at(i);
            let names = |expr: &Option<Expr>| -> Vec<usize> {
                let names = expr.iter().flat_map(Expr::names);
                names.filter_map(|name| self.by_code.get(name).copied()).collect()
            };
            let mut needed = names(&question.show_if);
            needed.extend(names(&question.derive));
            needed.extend(node.parent);
            for needed in needed {
                waits[i] += 1;
                frees[needed].push(i);
            }
        }
        let mut ready: BTreeSet<usize> = (0..waits.len()).filter(|i| waits[*i] == 0).gather();
        while let Some(next) = ready.pop_first() {
            self.order.push(next);
            for freed in &frees[next] {
                waits[*freed] -= 1;
                if waits[*freed] == 0 {
                    ready.insert(*freed);
                }
            }
        }
        for i in on_circles(waits, &frees) {
            faults.push(fault(&self.at(i).code, FaultWhy::Circle));
        }
    }
}

/// Of those that still wait, those that others of them wait for: what only follows on a circle is not at fault.
fn on_circles(mut waits: Vec<usize>, frees: &[Vec<usize>]) -> Vec<usize> {
    let mut waited_for = vec![0_usize; waits.len()];
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); waits.len()];
    for (i, freed) in frees.iter().enumerate().filter(|(i, _)| waits[*i] > 0) {
        for freed in freed.iter().filter(|freed| waits[**freed] > 0) {
            waited_for[i] += 1;
            needs[*freed].push(i);
        }
    }
    let mut idle: Vec<usize> = (0..waits.len()).filter(|i| waits[*i] > 0 && waited_for[*i] == 0).collect();
    while let Some(i) = idle.pop() {
        waits[i] = 0;
        for needed in &needs[i] {
            waited_for[*needed] -= 1;
            if waited_for[*needed] == 0 {
                idle.push(*needed);
            }
        }
    }
    (0..waits.len()).filter(|i| waits[*i] > 0).collect()
}

fn check_form(question: &Question, faults: &mut Vec<Fault>) {
    let mut found = |why| faults.push(fault(&question.code, why));
    if !is_code(&question.code) {
        found(FaultWhy::Code(question.code.clone()));
    }
    let has_parts = matches!(question.kind, QuestionKind::Parts | QuestionKind::Repeat);
    if has_parts && question.parts.is_empty() {
        found(FaultWhy::Nothing);
    }
    if !has_parts && !question.parts.is_empty() {
        found(FaultWhy::Parts);
    }
    if question.kind == QuestionKind::Calculate && question.derive.is_none() && question.default.is_none() {
        found(FaultWhy::Nothing);
    }
    if matches!(question.kind, QuestionKind::Single | QuestionKind::Multi) && question.options.is_empty() {
        found(FaultWhy::Nothing);
    }
    let (min, max) = question.limits();
    if min > max {
        found(FaultWhy::Limits);
    }
    if question.options.len() > CHOICES_MAX {
        found(FaultWhy::TooMany);
        return;
    }
    let mut codes = BTreeSet::new();
    for choice in &question.options {
        let has_space = choice.code.contains(char::is_whitespace) && question.kind == QuestionKind::Multi;
        if choice.code.trim().is_empty() || has_space {
            found(FaultWhy::Code(choice.code.clone()));
        }
        // Where a filter tells them apart, two towns may have a village of one name.
        if !codes.insert(&choice.code) && question.filter.is_none() {
            found(FaultWhy::Twice(choice.code.clone()));
        }
    }
}

fn is_code(code: &str) -> bool {
    !code.is_empty() && code.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '·'))
}

fn fault(code: &str, why: FaultWhy) -> Fault {
    Fault { code: code.to_owned(), why }
}
