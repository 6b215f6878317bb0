//! Two files side by side, decided without a screen: what is alike, what differs, and what becomes of it.

use super::super::{
    record::Record,
    state::{self, Boxed},
};
use crate::data::{FieldView, MergePlan, RecipientFile, Taken, Taking};
use domain::{
    completeness::{self, is_blank},
    kinds::{FieldClass, kind},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Which of the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
}

impl Side {
    pub(super) fn other(self) -> Side {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Side::Left => "left",
            Side::Right => "right",
        }
    }

    pub(super) fn from_word(word: &str) -> Side {
        if word == "right" { Side::Right } else { Side::Left }
    }
}

/// Fields that no person chooses: what is empty is filled, what stands stays.
const UNCHOSEN: &[&str] = &["geo", "notice_version", "guardian_consent", "category", "not_same"];

/// Two records of which one comes of the merge: the people's own, or two entitlements of one category.
#[derive(Clone)]
pub(super) struct Pair {
    left: Record,
    right: Record,
}

/// A field of a pair.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) pair: usize,
    /// The record of either side that the field is of.
    of: [Uuid; 2],
    pub(super) field: String,
    pub(super) left: Option<FieldView>,
    pub(super) right: Option<FieldView>,
    pub(super) how: How,
}

/// What becomes of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// Both say the same.
    Same,
    /// Only one says anything: it is kept.
    Filled(Side),
    /// A set: all of both is kept.
    Both,
    /// A person chooses.
    Choose,
}

/// A field of two records, by their ids: they stay the same while others come before them.
pub(super) type Chosen = ([Uuid; 2], String);

/// What was chosen of each.
pub(super) type Choices = BTreeMap<Chosen, Side>;

/// The files as they lie side by side.
#[derive(Clone)]
pub(super) struct Merging {
    files: [Boxed<RecipientFile>; 2],
    pairs: Vec<Pair>,
    pub(super) lines: Vec<Line>,
}

impl Merging {
    pub(super) fn new(left: Boxed<RecipientFile>, right: Boxed<RecipientFile>) -> Merging {
        let pairs = pairs(&left, &right);
        let lines = pairs.iter().enumerate().flat_map(|(place, pair)| pair.lines(place)).collect();
        Merging { files: [left, right], pairs, lines }
    }

    pub(super) fn file(&self, side: Side) -> &Boxed<RecipientFile> {
        &self.files[side as usize]
    }

    /// The category of a pair of entitlements; nothing for the people's own records.
    pub(super) fn category(&self, pair: usize) -> Option<&str> {
        self.pairs.get(pair).map(|pair| pair.left.text("category")).filter(|category| !category.is_empty())
    }

    /// What still waits for the office in the file that goes: it would not find its file any more.
    pub(super) fn waits(&self, gone: Side) -> usize {
        let file = self.file(gone);
        let conflicts = file.conflicts.iter().filter(|row| row.state == "open").count();
        conflicts + file.proposals.iter().filter(|row| row.state == "open").count()
    }

    /// What was chosen of a line, or what is meant where nobody chose.
    pub(super) fn side(line: &Line, choices: &Choices, keep: Side) -> Side {
        match line.how {
            How::Filled(side) => side,
            How::Same | How::Both => keep,
            How::Choose => choices.get(&line.chosen()).copied().unwrap_or(keep),
        }
    }

    /// What is to be written so that the file of that side holds what was chosen.
    pub(super) fn plan(&self, choices: &Choices, keep: Side) -> MergePlan {
        let takes = self.lines.iter().filter_map(|line| self.taking(line, choices, keep)).collect();
        let record = |pair: &Pair, side: Side| pair.record(side).id();
        let doubled = self.pairs.iter().skip(1).map(|pair| (record(pair, keep.other()), record(pair, keep)));
        MergePlan {
            keep: self.file(keep).row.id,
            gone: self.file(keep.other()).row.id,
            takes,
            doubled: doubled.collect(),
        }
    }

    fn taking(&self, line: &Line, choices: &Choices, keep: Side) -> Option<Taking> {
        let pair = &self.pairs[line.pair];
        let (stays, goes) = (pair.record(keep), pair.record(keep.other()));
        let there = line.view(keep.other())?;
        let what = if line.how == How::Both {
            let items = missing(line.view(keep), there);
            (!items.is_empty()).then_some(Taken::Items(items))?
        } else if Merging::side(line, choices, keep) == keep {
            return None;
        } else if class(stays, &line.field) == FieldClass::Sealed {
            Taken::Sealed
        } else {
            Taken::Value(there.value.clone())
        };
        let (into, from, kind) = (stays.id(), goes.id(), stays.kind());
        Some(Taking { into, kind, field: line.field.clone(), from, what })
    }
}

impl Pair {
    fn record(&self, side: Side) -> &Record {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }

    fn lines(&self, place: usize) -> Vec<Line> {
        let known: Vec<&str> = match self.left.category() {
            Some(category) => completeness::fields_of(category),
            None => state::all_fields().collect(),
        };
        let names = |record: &Record| record.fields().keys().cloned().collect::<Vec<_>>();
        let there: BTreeSet<String> = names(&self.left).into_iter().chain(names(&self.right)).collect();
        let first = known.iter().filter(|name| there.contains(**name)).map(|name| (*name).to_owned());
        let rest = there.iter().filter(|name| !known.contains(&name.as_str())).cloned();
        first.chain(rest).filter_map(|field| self.line(place, field)).collect()
    }

    fn have_numbers(&self) -> bool {
        self.left.is_filled("id_no") && self.right.is_filled("id_no")
    }

    fn line(&self, pair: usize, field: String) -> Option<Line> {
        let view = |record: &Record| record.view(&field).filter(|view| is_filled(view)).cloned();
        let (left, right) = (view(&self.left), view(&self.right));
        let is_set = class(&self.left, &field) == FieldClass::Set;
        let how = match (&left, &right) {
            (None, None) => return None,
            (Some(one), Some(other)) if says_same(one, other) => How::Same,
            _ if is_set => How::Both,
            // A list without this column leaves it to the number, and there are two numbers.
            _ if field == "sex" && self.have_numbers() => How::Choose,
            (Some(_), None) => How::Filled(Side::Left),
            (None, Some(_)) => How::Filled(Side::Right),
            (Some(_), Some(_)) if UNCHOSEN.contains(&field.as_str()) => How::Same,
            (Some(_), Some(_)) => How::Choose,
        };
        // Where the people live together is settled with the household itself.
        let is_settled = matches!(field.as_str(), "household_id" | "area");
        let of = [self.left.id(), self.right.id()];
        (!is_settled).then_some(Line { pair, of, field, left, right, how })
    }
}

impl Line {
    pub(super) fn view(&self, side: Side) -> Option<&FieldView> {
        match side {
            Side::Left => self.left.as_ref(),
            Side::Right => self.right.as_ref(),
        }
    }

    /// Under what its choice is kept.
    pub(super) fn chosen(&self) -> Chosen {
        (self.of, self.field.clone())
    }

    /// Whether two numbers end alike, of which only the end is here: they may differ before it.
    pub(super) fn ends_alike(&self) -> bool {
        let (Some(left), Some(right)) = (&self.left, &self.right) else { return false };
        (left.masked || right.masked) && left.value == right.value
    }

    /// Whether anybody is shown it.
    pub(super) fn is_shown(&self) -> bool {
        !UNCHOSEN.contains(&self.field.as_str())
    }
}

fn is_filled(view: &FieldView) -> bool {
    view.masked || !is_blank(&view.value)
}

/// Whether both are wholly seen, and alike.
fn says_same(one: &FieldView, other: &FieldView) -> bool {
    !one.masked && !other.masked && one.value == other.value
}

fn class(record: &Record, field: &str) -> FieldClass {
    kind(record.kind()).map_or(FieldClass::Plain, |kind| kind.class(field))
}

/// The entries that a set lacks.
fn missing(here: Option<&FieldView>, there: &FieldView) -> Vec<Value> {
    let items = |view: &FieldView| view.value.as_array().cloned().unwrap_or_default();
    let here = here.map(items).unwrap_or_default();
    items(there).into_iter().filter(|item| !here.contains(item)).collect()
}

/// The people's own records, then the entitlements of one category. What only one has comes along by itself.
fn pairs(left: &Boxed<RecipientFile>, right: &Boxed<RecipientFile>) -> Vec<Pair> {
    let mut pairs = vec![Pair { left: Record::person(left), right: Record::person(right) }];
    let mut used: Vec<Uuid> = Vec::new();
    for one in Record::entitlements(left).into_iter().filter(|one| one.category().is_some()) {
        let is_double =
            |other: &Record| other.text("category") == one.text("category") && !used.contains(&other.id());
        if let Some(other) = Record::entitlements(right).into_iter().find(is_double) {
            used.push(other.id());
            pairs.push(Pair { left: one, right: other });
        }
    }
    pairs
}

#[cfg(test)]
mod tests;
