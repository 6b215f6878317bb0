//! What is done to the lines of a checklist: added, copied, deleted, moved, made another kind.

use super::{Line, Sketch, is_group};
use domain::{
    checklist::{LEVELS_MAX, Question, QuestionKind, Words},
    order::Gather,
};
use std::{collections::BTreeSet, ops::Range};

/// In how many groups a line may lie.
pub(super) const DEPTH_MAX: usize = LEVELS_MAX - 1;

/// Lines that were deleted, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::features::checklists) struct Deleted {
    at: usize,
    pub(in crate::features::checklists) lines: Vec<Line>,
}

impl Sketch {
    pub(in crate::features::checklists) fn place(&self, key: u32) -> Option<usize> {
        self.lines.iter().position(|line| line.key == key)
    }

    pub(in crate::features::checklists) fn line(&self, key: u32) -> Option<&Line> {
        self.lines.iter().find(|line| line.key == key)
    }

    pub(in crate::features::checklists) fn line_mut(&mut self, key: u32) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.key == key)
    }

    /// A line and all that lies in it.
    pub(in crate::features::checklists) fn block(&self, at: usize) -> Range<usize> {
        let depth = self.lines[at].depth;
        let inside = self.lines[at + 1..].iter().take_while(|line| line.depth > depth).count();
        at..at + 1 + inside
    }

    /// A new question behind another, or in it if it is a group; at the end where there is no other.
    pub(in crate::features::checklists) fn add(&mut self, behind: Option<u32>, kind: QuestionKind) -> u32 {
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
    pub(in crate::features::checklists) fn duplicate(&mut self, key: u32) -> Option<u32> {
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
    pub(in crate::features::checklists) fn delete(&mut self, key: u32) -> Option<Deleted> {
        let block = self.block(self.place(key)?);
        Some(Deleted { at: block.start, lines: self.lines.drain(block).collect() })
    }

    /// Puts back what was deleted, where it was as far as that is still there.
    pub(in crate::features::checklists) fn restore(&mut self, deleted: Deleted) {
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
    pub(in crate::features::checklists) fn move_up(&mut self, key: u32) -> bool {
        let Some(at) = self.place(key).filter(|at| *at > 0) else { return false };
        let depth = self.lines[at].depth;
        let above = (0..at).rev().find(|place| self.lines[*place].depth <= depth).unwrap_or(0);
        let to = self.lines[above].depth;
        self.take_to(at, above, to.min(depth))
    }

    /// Moves it behind the sibling below, or out of its group where it is the last.
    pub(in crate::features::checklists) fn move_down(&mut self, key: u32) -> bool {
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
    pub(in crate::features::checklists) fn move_in(&mut self, key: u32) -> bool {
        match self.place(key) {
            Some(at) if self.may_go_in(at) => self.take_to(at, at, self.lines[at].depth + 1),
            _ => false,
        }
    }

    /// Whether a group of its depth stands right above and takes it.
    pub(in crate::features::checklists) fn may_go_in(&self, at: usize) -> bool {
        let depth = self.lines[at].depth;
        let above = (0..at).rev().find(|place| self.lines[*place].depth <= depth);
        above.is_some_and(|above| self.lines[above].depth == depth && self.lines[above].is_group())
            && self.fits(at, depth + 1)
    }

    /// Moves it to where another was dropped on: before or behind that one, or into it if it is a group. Whether it moved.
    pub(in crate::features::checklists) fn drop_on(&mut self, key: u32, over: usize, behind: bool) -> bool {
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
    pub(in crate::features::checklists) fn set_kind(&mut self, key: u32, kind: QuestionKind) {
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
