//! The last things that happened, kept only when a failure is being told.

use std::collections::VecDeque;

/// How many lines a failure shows.
const LINES_MAX: usize = 400;

/// A short memory of lines.
#[derive(Debug, Default)]
pub struct Trace {
    is_on: bool,
    lines: VecDeque<String>,
}

impl Trace {
    /// A trace that keeps lines, or one that ignores them.
    pub fn new(is_on: bool) -> Trace {
        Trace { is_on, lines: VecDeque::new() }
    }

    /// Keeps a line; it is not even made when nobody listens.
    pub fn say(&mut self, now: i64, line: impl FnOnce() -> String) {
        if !self.is_on {
            return;
        }
        if self.lines.len() == LINES_MAX {
            self.lines.pop_front();
        }
        self.lines.push_back(format!("{:>12} {}", now, line()));
    }

    /// The lines, oldest first.
    pub fn lines(&self) -> Vec<String> {
        self.lines.iter().cloned().collect()
    }
}
