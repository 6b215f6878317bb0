//! From a template to a checklist: faults are found before anyone is asked.

use super::{Question, QuestionKind, Required, Template, view::FACTS};
use crate::order::Gather;
use std::collections::BTreeMap;

/// Questions a template may have.
pub const QUESTIONS_MAX: usize = 1_000;
/// Options a question may have.
pub const CHOICES_MAX: usize = 1_000;

/// A template without faults.
#[derive(Clone, Debug, PartialEq)]
pub struct Checklist {
    template: Template,
    /// Where each question or part lies, in the order asked.
    pub(super) leaves: Vec<Leaf>,
    /// Indices of leaves so that each comes after those its visibility or value depends on.
    pub(super) order: Vec<usize>,
    by_code: BTreeMap<String, usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Leaf {
    question: usize,
    part: Option<usize>,
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
    /// More than [`QUESTIONS_MAX`] questions or [`CHOICES_MAX`] options.
    #[error("too many")]
    TooMany,
    /// The template has no question, a choice no options, a question of parts no parts.
    #[error("nothing to choose or to ask")]
    Nothing,
    /// The code is empty or holds other characters than letters, digits, `_`, `-` and `.`; of an option, it is empty or holds a space.
    #[error("not a code: {0:?}")]
    Code(String),
    /// Two questions or two options have this code.
    #[error("twice: {0}")]
    Twice(String),
    /// A part has parts, or something else than `parts` has them.
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
        let leaves = leaves(&template);
        if leaves.len() > QUESTIONS_MAX {
            return Err(vec![fault("", FaultWhy::TooMany)]);
        }
        let mut checklist = Checklist { template, leaves, order: Vec::new(), by_code: BTreeMap::new() };
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
        self.leaves.iter().map(|leaf| self.leaf(*leaf))
    }

    /// The question or part of a code.
    pub fn question(&self, code: &str) -> Option<&Question> {
        self.by_code.get(code).map(|i| self.leaf(self.leaves[*i]))
    }

    /// Its place among [`Checklist::questions`].
    pub fn position(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    pub(super) fn leaf(&self, leaf: Leaf) -> &Question {
        let question = &self.template.questions[leaf.question];
        leaf.part.map_or(question, |part| &question.parts[part])
    }

    /// The question that a part belongs to; the question itself if it has no parts.
    pub(super) fn whole(&self, leaf: Leaf) -> &Question {
        &self.template.questions[leaf.question]
    }

    fn check_forms(&mut self, faults: &mut Vec<Fault>) {
        for question in &self.template.questions {
            check_form(question, faults);
            for part in &question.parts {
                check_form(part, faults);
                if part.kind == QuestionKind::Parts {
                    faults.push(fault(&part.code, FaultWhy::Parts));
                }
            }
        }
        for (i, leaf) in self.leaves.iter().enumerate() {
            let question = &self.template.questions[leaf.question];
            let code = &leaf.part.map_or(question, |part| &question.parts[part]).code;
            if self.by_code.insert(code.clone(), i).is_some() {
                faults.push(fault(code, FaultWhy::Twice(code.clone())));
            }
        }
    }

    fn check_names(&self, faults: &mut Vec<Fault>) {
        for question in self.template.questions.iter().flat_map(|q| std::iter::once(q).chain(&q.parts)) {
            let required = match &question.required {
                Required::When(expr) => Some(expr),
                _ => None,
            };
            let rule = question.validate.as_ref().map(|rule| &rule.expr);
            for expr in
                [question.show_if.as_ref(), question.derive.as_ref(), required, rule].into_iter().flatten()
            {
                for name in expr.names() {
                    if !self.by_code.contains_key(name) && !FACTS.contains(&name) {
                        faults.push(fault(&question.code, FaultWhy::Unknown(name.to_owned())));
                    }
                }
            }
        }
    }

    /// Each after what it depends on, otherwise in the order asked; what remains depends on itself.
    fn find_order(&mut self, faults: &mut Vec<Fault>) {
        let mut waits: Vec<usize> = vec![0; self.leaves.len()];
        let mut frees: Vec<Vec<usize>> = vec![Vec::new(); self.leaves.len()];
        for (i, leaf) in self.leaves.iter().enumerate() {
            let (question, whole) = (self.leaf(*leaf), self.whole(*leaf));
            let exprs = [question.show_if.as_ref(), question.derive.as_ref(), whole.show_if.as_ref()];
            for name in exprs.into_iter().flatten().flat_map(|expr| expr.names()) {
                if let Some(needed) = self.by_code.get(name) {
                    waits[i] += 1;
                    frees[*needed].push(i);
                }
            }
        }
        let mut ready: std::collections::BTreeSet<usize> =
            (0..waits.len()).filter(|i| waits[*i] == 0).gather();
        while let Some(next) = ready.pop_first() {
            self.order.push(next);
            for freed in &frees[next] {
                waits[*freed] -= 1;
                if waits[*freed] == 0 {
                    ready.insert(*freed);
                }
            }
        }
        for i in (0..waits.len()).filter(|i| waits[*i] > 0) {
            faults.push(fault(&self.leaf(self.leaves[i]).code, FaultWhy::Circle));
        }
    }
}

fn leaves(template: &Template) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    for (question, one) in template.questions.iter().enumerate() {
        if one.kind == QuestionKind::Parts {
            leaves.extend((0..one.parts.len()).map(|part| Leaf { question, part: Some(part) }));
        } else {
            leaves.push(Leaf { question, part: None });
        }
    }
    leaves
}

fn check_form(question: &Question, faults: &mut Vec<Fault>) {
    let mut found = |why| faults.push(fault(&question.code, why));
    if !is_code(&question.code) {
        found(FaultWhy::Code(question.code.clone()));
    }
    let is_parts = question.kind == QuestionKind::Parts;
    if is_parts && question.parts.is_empty() {
        found(FaultWhy::Nothing);
    }
    if !is_parts && !question.parts.is_empty() {
        found(FaultWhy::Parts);
    }
    if matches!(question.kind, QuestionKind::Single | QuestionKind::Multi) && question.options.is_empty() {
        found(FaultWhy::Nothing);
    }
    if question.options.len() > CHOICES_MAX {
        found(FaultWhy::TooMany);
        return;
    }
    let mut codes = std::collections::BTreeSet::new();
    for choice in &question.options {
        if choice.code.is_empty() || choice.code.contains(char::is_whitespace) {
            found(FaultWhy::Code(choice.code.clone()));
        }
        if !codes.insert(&choice.code) {
            found(FaultWhy::Twice(choice.code.clone()));
        }
    }
    let (min, max) = question.limits();
    if min > max {
        found(FaultWhy::Limits);
    }
}

fn is_code(code: &str) -> bool {
    !code.is_empty() && code.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

fn fault(code: &str, why: FaultWhy) -> Fault {
    Fault { code: code.to_owned(), why }
}
