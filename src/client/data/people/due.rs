//! Who is due, for what, and who beside him.

use super::{People, Person, find::by_name};
use crate::data::{DueRow, areas::Areas};
use domain::{
    door::{self, Nearness},
    order::Order,
    visit::Due,
};

/// So many doors on either side are looked at for neighbours: whoever lives closer is not farther in a walk.
const DOORS_BESIDE: usize = 3;

impl People {
    /// Who is due and not being visited yet, as a round goes: by village, lane and door.
    pub(in crate::data) fn due(&self, areas: &Areas) -> Vec<DueRow> {
        let mut found: Vec<(&str, &Person)> = Vec::new();
        for (area, here) in &self.areas {
            let code = areas.code(*area);
            found.extend(here.people.iter().filter(|person| is_due(person)).map(|person| (code, person)));
        }
        found.order_by(|(code, person), (other_code, other)| {
            code.cmp(other_code)
                .then_with(|| door::walk(&person.door, &other.door))
                .then_with(|| by_name(person, other))
        });
        (0..found.len()).map(|at| due_row(&found, at)).collect()
    }
}

fn is_due(person: &Person) -> bool {
    person.row.draft.is_none() && person.dues.iter().any(Due::has_begun)
}

fn due_row(found: &[(&str, &Person)], at: usize) -> DueRow {
    let (_, person) = found[at];
    DueRow {
        recipient: person.row.clone(),
        dues: person.dues.iter().filter(|due| due.has_begun()).copied().collect(),
        cause: person.cause,
        door: person.door.clone(),
        beside: beside(found, at),
    }
}

/// The nearest of those who are due too and live in the same yard or next door.
fn beside(found: &[(&str, &Person)], at: usize) -> Option<(Nearness, String)> {
    let (code, person) = found[at];
    let around = at.saturating_sub(DOORS_BESIDE)..found.len().min(at + DOORS_BESIDE + 1);
    let near = around.filter(|other| *other != at).filter_map(|other| {
        let (other_code, other) = found[other];
        let nearness = door::nearness(&person.door, &other.door).filter(|_| code == other_code)?;
        Some((nearness, other))
    });
    near.min_by_key(|(nearness, _)| *nearness).map(|(nearness, other)| (nearness, other.row.name.clone()))
}
