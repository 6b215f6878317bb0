//! A checklist being written: its questions as lines in the order asked, what lies in a group one step deeper. No screen and no disk.
//!
//! What was typed and is no expression or number yet stands beside the question, so that nothing typed is lost.

use domain::{
    checklist::{LEVELS_MAX, Question, QuestionKind, Required, Template, Words},
    json,
    order::Gather,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, ops::Range};

/// In how many groups a line may lie.
const DEPTH_MAX: usize = LEVELS_MAX - 1;

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
    /// The version it was begun from; 0 of a new one.
    pub(super) base: u32,
    pub(super) lines: Vec<Line>,
    #[serde(skip)]
    next: u32,
}

/// Lines that were deleted, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Deleted {
    at: usize,
    pub(super) lines: Vec<Line>,
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

impl Sketch {
    /// The next version of a template.
    pub(super) fn of(template: &Template) -> Sketch {
        let mut lines = Vec::new();
        flatten(&template.questions, 0, &mut lines);
        let (id, title, base) = (template.id.clone(), template.title.clone(), template.version);
        Sketch { id, title, base, lines, next: 0 }.with_keys()
    }

    /// A checklist that does not exist yet.
    pub(super) fn new(id: &str, title: &str) -> Sketch {
        let title = Words { zh: title.to_owned(), en: None };
        Sketch { id: id.to_owned(), title, base: 0, lines: Vec::new(), next: 0 }
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

    pub(super) fn place(&self, key: u32) -> Option<usize> {
        self.lines.iter().position(|line| line.key == key)
    }

    pub(super) fn line(&self, key: u32) -> Option<&Line> {
        self.lines.iter().find(|line| line.key == key)
    }

    pub(super) fn line_mut(&mut self, key: u32) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.key == key)
    }

    /// A line and all that lies in it.
    pub(super) fn block(&self, at: usize) -> Range<usize> {
        let depth = self.lines[at].depth;
        let inside = self.lines[at + 1..].iter().take_while(|line| line.depth > depth).count();
        at..at + 1 + inside
    }

    /// A new question behind another, or in it if it is a group; at the end where there is no other.
    pub(super) fn add(&mut self, behind: Option<u32>, kind: QuestionKind) -> u32 {
        let behind = behind.and_then(|key| self.place(key));
        let (at, depth) = behind.map_or((self.lines.len(), 0), |at| {
            let line = &self.lines[at];
            let inside = usize::from(line.is_group() && line.depth < DEPTH_MAX);
            (self.block(at).end, line.depth + inside)
        });
        let words = Words { zh: String::new(), en: None };
        let mut line = Line::new(Question::new(&self.free_code(), kind, words), depth);
        line.key = self.next_key();
        let key = line.key;
        self.lines.insert(at, line);
        key
    }

    /// The code that follows on those of the checklist: A31 after A30.
    fn free_code(&self) -> String {
        let stem: String = self.lines.first().map_or_else(
            || "Q".to_owned(),
            |line| line.question.code.chars().take_while(|c| c.is_alphabetic() || *c == '_').collect(),
        );
        let number = |line: &Line| -> Option<u32> {
            let rest = line.question.code.strip_prefix(&stem)?;
            rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
        };
        let last = self.lines.iter().filter_map(number).max().unwrap_or_default();
        let free = |n: u32| format!("{}{n:02}", if stem.is_empty() { "Q" } else { &stem });
        let is_taken = |code: &str| self.lines.iter().any(|line| line.question.code == code);
        (last.saturating_add(1)..).map(free).find(|code| !is_taken(code)).unwrap_or_default()
    }

    /// Another one like it, with all that lies in it, right behind it. The key of the copy.
    pub(super) fn duplicate(&mut self, key: u32) -> Option<u32> {
        let block = self.block(self.place(key)?);
        let mut copies = self.lines[block.clone()].to_vec();
        let mut taken: BTreeSet<String> = self.lines.iter().map(|line| line.question.code.clone()).gather();
        for copy in &mut copies {
            let code = copy.question.code.clone();
            let free = (2..).map(|n| format!("{code}_{n}")).find(|code| !taken.contains(code));
            copy.question.code = free.unwrap_or_default();
            taken.insert(copy.question.code.clone());
            copy.key = self.next_key();
        }
        let first = copies.first()?.key;
        self.lines.splice(block.end..block.end, copies);
        Some(first)
    }

    /// Deletes a line and all that lies in it.
    pub(super) fn delete(&mut self, key: u32) -> Option<Deleted> {
        let block = self.block(self.place(key)?);
        Some(Deleted { at: block.start, lines: self.lines.drain(block).collect() })
    }

    /// Puts back what was deleted, where it was as far as that is still there.
    pub(super) fn restore(&mut self, deleted: Deleted) {
        let at = deleted.at.min(self.lines.len());
        // It lay in a group that may be gone.
        let around = self.deepest_at(at);
        let first = deleted.lines.first().map_or(0, |line| line.depth);
        let lines = shifted(deleted.lines, first, first.min(around));
        self.lines.splice(at..at, lines);
    }

    /// How deep a line at this place may lie.
    fn deepest_at(&self, at: usize) -> usize {
        let before = at.checked_sub(1).and_then(|before| self.lines.get(before));
        before.map_or(0, |line| line.depth + usize::from(line.is_group()))
    }

    /// Moves a line and what lies in it before the sibling above, or out of its group where it is the first. Whether it moved.
    pub(super) fn move_up(&mut self, key: u32) -> bool {
        let Some(at) = self.place(key).filter(|at| *at > 0) else { return false };
        let depth = self.lines[at].depth;
        let above = (0..at).rev().find(|place| self.lines[*place].depth <= depth).unwrap_or(0);
        let to = self.lines[above].depth;
        self.take_to(at, above, to.min(depth))
    }

    /// Moves it behind the sibling below, or out of its group where it is the last.
    pub(super) fn move_down(&mut self, key: u32) -> bool {
        let Some(at) = self.place(key) else { return false };
        let (end, depth) = (self.block(at).end, self.lines[at].depth);
        match self.lines.get(end) {
            Some(next) if next.depth == depth => {
                let to = self.block(end).end;
                self.take_to(at, to, depth)
            }
            _ if depth > 0 => self.take_to(at, end, depth - 1),
            _ => false,
        }
    }

    /// Moves it into the group right above it, as the last of it.
    pub(super) fn move_in(&mut self, key: u32) -> bool {
        match self.place(key) {
            Some(at) if self.may_go_in(at) => self.take_to(at, at, self.lines[at].depth + 1),
            _ => false,
        }
    }

    /// Whether a group of its depth stands right above and takes it.
    pub(super) fn may_go_in(&self, at: usize) -> bool {
        let depth = self.lines[at].depth;
        let above = (0..at).rev().find(|place| self.lines[*place].depth <= depth);
        above.is_some_and(|above| self.lines[above].depth == depth && self.lines[above].is_group())
            && self.fits(at, depth + 1)
    }

    /// Moves it to where another was dropped on: before or behind that one, or into it if it is a group. Whether it moved.
    pub(super) fn drop_on(&mut self, key: u32, over: usize, behind: bool) -> bool {
        let (Some(at), Some(line)) = (self.place(key), self.lines.get(over)) else { return false };
        if self.block(at).contains(&over) {
            return false;
        }
        let depth = line.depth + usize::from(behind && line.is_group());
        self.fits(at, depth) && self.take_to(at, over + usize::from(behind), depth)
    }

    /// Whether a line may lie so deep, with all that lies in it.
    fn fits(&self, at: usize, depth: usize) -> bool {
        let inside = self.lines[self.block(at)].iter().map(|line| line.depth - self.lines[at].depth).max();
        depth + inside.unwrap_or_default() <= DEPTH_MAX
    }

    /// Takes the block at a place to before another, at a depth.
    fn take_to(&mut self, at: usize, to: usize, depth: usize) -> bool {
        let block = self.block(at);
        let from = self.lines[at].depth;
        if (block.start..=block.end).contains(&to) && depth == from {
            return false;
        }
        let to = if to >= block.end { to - block.len() } else { to.min(block.start) };
        let lines: Vec<Line> = self.lines.drain(block).collect();
        self.lines.splice(to..to, shifted(lines, from, depth));
        true
    }

    /// Makes it a question of another kind. What lay in a group lies beside it then.
    pub(super) fn set_kind(&mut self, key: u32, kind: QuestionKind) {
        let Some(at) = self.place(key) else { return };
        if self.lines[at].is_group() && !is_group(kind) {
            let inside = self.block(at);
            self.lines[inside].iter_mut().skip(1).for_each(|line| line.depth -= 1);
        }
        let line = &mut self.lines[at];
        line.question.kind = kind;
        // What could not be read of the kind before may be of this.
        for (slot, text) in std::mem::take(&mut line.typed) {
            line.type_in(slot, &text);
        }
    }
}

fn shifted(mut lines: Vec<Line>, from: usize, to: usize) -> Vec<Line> {
    for line in &mut lines {
        line.depth = line.depth - from + to;
    }
    lines
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
    question
}

#[cfg(test)]
mod tests;
