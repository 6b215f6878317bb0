//! Rows of a list that may be of one household, to be confirmed by a person and never joined by a rule.
//!
//! Two people are proposed together when they have one door by their addresses, when the list names the same head for both or one as the other's head, or
//! when one stands right below his head with the same address and a relation to him.

use super::report::{RowReport, Verdict};
use crate::{door, options};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// People of a list who may be of one household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Their village, as the list names it.
    pub village: String,
    /// The address, as the first of them who has one has it.
    pub addr: String,
    /// A row for each of them, as Excel counts, in the order of the list.
    pub rows: Vec<u32>,
    /// Their names, in the same order.
    pub names: Vec<String>,
}

/// What accepted rows propose, in the order of the list. Rows of one person, who has several categories, are one.
pub fn propose(rows: &[RowReport]) -> Vec<Proposal> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut people: Vec<&RowReport> = Vec::new();
    for row in rows.iter().filter(|row| row.verdict == Verdict::Accept) {
        if row.text("id_no").is_some_and(|number| seen.insert(number)) {
            people.push(row);
        }
    }
    let mut groups = Groups::new(people.len());
    by_door(&people, &mut groups);
    by_head(&people, &mut groups);
    by_relation(&people, &mut groups);
    groups.larger().into_iter().map(|members| proposal(&people, &members)).collect()
}

fn proposal(people: &[&RowReport], members: &[usize]) -> Proposal {
    let people = || members.iter().map(|at| people[*at]);
    Proposal {
        village: people().find_map(|row| row.village.clone()).unwrap_or_default(),
        addr: people().find_map(address).unwrap_or_default().to_owned(),
        rows: people().map(|row| row.row).collect(),
        names: people().map(|row| row.text("name").unwrap_or_default().to_owned()).collect(),
    }
}

fn by_door(people: &[&RowReport], groups: &mut Groups) {
    let mut doors: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (at, row) in people.iter().enumerate() {
        let door = village(row).and_then(|village| Some((village, door::key(address(row)?)?)));
        if let Some(door) = door {
            groups.join(*doors.entry(door).or_insert(at), at);
        }
    }
}

/// The head is known by his number, or by his name where only one of the village has it.
fn by_head(people: &[&RowReport], groups: &mut Groups) {
    let mut by_number: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_name: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, row) in people.iter().enumerate() {
        by_number.extend(row.text("id_no").map(|number| (number, at)));
        if let (Some(village), Some(name)) = (village(row), row.text("name")) {
            by_name.entry((village, name)).or_default().push(at);
        }
    }
    let mut of_number: BTreeMap<&str, usize> = BTreeMap::new();
    let mut of_name: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (at, row) in people.iter().enumerate() {
        if let Some(number) = row.head_id.as_deref() {
            let head = by_number.get(number).copied().unwrap_or(at);
            groups.join(*of_number.entry(number).or_insert(head), at);
        } else if let (Some(village), Some(name)) = (village(row), row.head_name.as_deref()) {
            let head = match by_name.get(&(village, name)).map(Vec::as_slice) {
                Some([one]) => *one,
                // Of several with that name it is not known which one is meant.
                Some(_) => continue,
                None => at,
            };
            groups.join(*of_name.entry((village, name)).or_insert(head), at);
        }
    }
}

/// People right below a head, with his very address and a relation of their own.
fn by_relation(people: &[&RowReport], groups: &mut Groups) {
    let mut head: Option<usize> = None;
    for (at, row) in people.iter().enumerate() {
        let relation = row.text("head_relation");
        if relation == Some(options::HEAD) {
            head = Some(at);
            continue;
        }
        let above = head.filter(|_| relation.is_some()).filter(|head| {
            let (last, head) = (people[at - 1], people[*head]);
            let is_next = last.row + 1 == row.row;
            is_next
                && village(head).is_some()
                && village(head) == village(row)
                && address(head).is_some()
                && address(head) == address(row)
        });
        head = above;
        if let Some(head) = above {
            groups.join(head, at);
        }
    }
}

/// The village; one that the area tree lacks is known by its name.
fn village(row: &RowReport) -> Option<&str> {
    row.area.as_deref().or(row.village.as_deref())
}

fn address(row: &RowReport) -> Option<&str> {
    ["live_addr", "domicile_addr"].iter().find_map(|field| row.text(field))
}

/// People who belong together, by their places.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Groups {
        Groups((0..count).collect())
    }

    fn first_of(&self, mut at: usize) -> usize {
        while self.0[at] != at {
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first_of(one), self.first_of(other));
        self.0[one.max(other)] = one.min(other);
    }

    /// Those of two and more, in the order of their first.
    fn larger(&self) -> Vec<Vec<usize>> {
        let mut by_first: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..self.0.len() {
            by_first.entry(self.first_of(at)).or_default().push(at);
        }
        by_first.into_values().filter(|members| members.len() > 1).collect()
    }
}
