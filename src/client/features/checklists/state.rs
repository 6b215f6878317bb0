//! A checklist being written: its questions as lines in the order asked, what lies in a group one step deeper. No screen and no disk.
//!
//! What was typed and is no expression or number yet stands beside the question, so that nothing typed is lost.

mod edits;

pub(super) use edits::Deleted;

use domain::{
    checklist::{Question, QuestionKind, Required, Template, Words},
    json,
};
use serde::{Deserialize, Serialize};

/// Where in a question a text is typed that must be read first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Slot {
    ShowIf,
    Required,
    Validate,
    Derive,
    Default,
    Filter,
    Min,
    Max,
}

impl Slot {
    const ALL: [Slot; 8] = [
        Slot::ShowIf,
        Slot::Required,
        Slot::Validate,
        Slot::Derive,
        Slot::Default,
        Slot::Filter,
        Slot::Min,
        Slot::Max,
    ];
}

/// A question, group or repeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    /// By which the page knows it while it is open; codes may be there twice.
    #[serde(skip)]
    pub(super) key: u32,
    /// In how many groups it lies.
    pub(super) depth: usize,
    /// Without its parts: they are lines.
    pub(super) question: Question,
    /// What was typed and cannot be read.
    #[serde(default)]
    pub(super) typed: Vec<(Slot, String)>,
}

/// A checklist being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sketch {
    pub(super) id: String,
    pub(super) title: Words,
    /// The newest version when it was begun; 0 of a new one.
    pub(super) base: u32,
    /// The version it was begun from, where that is an older one.
    #[serde(default)]
    pub(super) older: Option<u32>,
    pub(super) lines: Vec<Line>,
    #[serde(skip)]
    next: u32,
}

impl Line {
    fn new(question: Question, depth: usize) -> Line {
        Line { key: 0, depth, question, typed: Vec::new() }
    }

    pub(super) fn is_group(&self) -> bool {
        is_group(self.question.kind)
    }
}

pub(super) fn is_group(kind: QuestionKind) -> bool {
    matches!(kind, QuestionKind::Parts | QuestionKind::Repeat)
}

/// Whether a question of the kind has what is typed there: a field in its form, and a meaning when it is published.
pub(super) fn takes(kind: QuestionKind, slot: Slot) -> bool {
    use QuestionKind as K;
    let is_asked = !matches!(kind, K::Parts | K::Repeat | K::Note | K::Calculate);
    match slot {
        Slot::ShowIf => true,
        Slot::Required | Slot::Validate => is_asked,
        Slot::Derive => !matches!(kind, K::Parts | K::Note),
        Slot::Default => !matches!(kind, K::Parts | K::Note | K::Photo | K::Signature),
        Slot::Filter => has_options(kind),
        Slot::Min | Slot::Max => has_limits(kind),
    }
}

pub(super) fn has_options(kind: QuestionKind) -> bool {
    matches!(kind, QuestionKind::Single | QuestionKind::Multi)
}

/// Whether the kind has a least and a most.
pub(super) fn has_limits(kind: QuestionKind) -> bool {
    use QuestionKind as K;
    let kinds = [K::Int, K::Decimal, K::Money, K::Rating, K::Photo, K::Multi, K::Repeat, K::Text];
    kinds.contains(&kind)
}

/// Whether one answer may be that of many families: of what is asked, and never of a signature.
pub(super) fn may_be_shared(kind: QuestionKind) -> bool {
    takes(kind, Slot::Required) && kind != QuestionKind::Signature
}

impl Sketch {
    /// The next version of a template.
    pub(super) fn of(template: &Template) -> Sketch {
        let mut lines = Vec::new();
        flatten(&template.questions, 0, &mut lines);
        let (id, title, base) = (template.id.clone(), template.title.clone(), template.version);
        Sketch { id, title, base, older: None, lines, next: 0 }.with_keys()
    }

    /// The next version after `newest`, begun from an older one.
    pub(super) fn of_older(older: &Template, newest: u32) -> Sketch {
        let begun = Sketch::of(older);
        let version = Some(older.version).filter(|version| *version < newest);
        Sketch { base: newest, older: version, ..begun }
    }

    /// A checklist that does not exist yet.
    pub(super) fn new(id: &str, title: &str) -> Sketch {
        let title = Words { zh: title.to_owned(), en: None };
        Sketch { id: id.to_owned(), title, base: 0, older: None, lines: Vec::new(), next: 0 }
    }

    /// What was kept.
    pub(super) fn read(text: &str) -> Option<Sketch> {
        json::from_str::<Sketch>(text).ok().map(Sketch::with_keys)
    }

    /// The text that is kept.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).expect("a sketch is texts, numbers and lists")
    }

    fn with_keys(mut self) -> Sketch {
        for place in 0..self.lines.len() {
            self.lines[place].key = self.next_key();
        }
        self
    }

    fn next_key(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    /// The template as it would be published; what cannot be read is left out.
    pub(super) fn template(&self) -> Template {
        Template {
            id: self.id.clone(),
            version: self.base + 1,
            title: self.title.clone(),
            questions: tree(&self.lines),
        }
    }
}

fn flatten(questions: &[Question], depth: usize, into: &mut Vec<Line>) {
    for question in questions {
        into.push(Line::new(Question { parts: Vec::new(), ..question.clone() }, depth));
        flatten(&question.parts, depth + 1, into);
    }
}

fn tree(lines: &[Line]) -> Vec<Question> {
    let mut questions = Vec::new();
    let mut rest = lines;
    while let Some((first, behind)) = rest.split_first() {
        let inside = behind.iter().take_while(|line| line.depth > first.depth).count();
        questions.push(Question { parts: tree(&behind[..inside]), ..trimmed(&first.question) });
        rest = &behind[inside..];
    }
    questions
}

/// Without what a question of its kind does not have; it stays in the line, should the kind be changed back.
fn trimmed(question: &Question) -> Question {
    let mut question = question.clone();
    if !has_options(question.kind) {
        question.options.clear();
    }
    for slot in Slot::ALL.into_iter().filter(|slot| !takes(question.kind, *slot)) {
        match slot {
            Slot::ShowIf => question.show_if = None,
            Slot::Required => question.required = Required::No,
            Slot::Validate => question.validate = None,
            Slot::Derive => question.derive = None,
            Slot::Default => question.default = None,
            Slot::Filter => question.filter = None,
            Slot::Min => question.min = None,
            Slot::Max => question.max = None,
        }
    }
    question.may_refuse &= question.kind == QuestionKind::Signature;
    question.paper &= question.kind == QuestionKind::Photo;
    question.shared &= may_be_shared(question.kind);
    question
}

#[cfg(test)]
mod tests;
