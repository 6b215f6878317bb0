//! Rows of a list that may be of one household, to be confirmed by a person and never joined by a rule.

use super::report::{RowReport, Verdict};
use crate::door;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// People of a list who have one door by their addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Their village, as the list names it.
    pub village: String,
    /// The address, as the first of them has it.
    pub addr: String,
    /// A row for each of them, as Excel counts, in the order of the list.
    pub rows: Vec<u32>,
    /// Their names, in the same order.
    pub names: Vec<String>,
}

/// What accepted rows propose, in the order of the list. Rows of one person, who has several categories, are one.
pub fn propose(rows: &[RowReport]) -> Vec<Proposal> {
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut found: Vec<Proposal> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for row in rows.iter().filter(|row| row.verdict == Verdict::Accept) {
        let Some((village, addr, door)) = door_of(row) else { continue };
        if row.text("id_no").is_none_or(|number| !seen.insert(number)) {
            continue;
        }
        let place = *places.entry((village, door)).or_insert(found.len());
        if place == found.len() {
            let village = row.village.clone().unwrap_or_default();
            found.push(Proposal { village, addr: addr.to_owned(), rows: Vec::new(), names: Vec::new() });
        }
        found[place].rows.push(row.row);
        found[place].names.push(row.text("name").unwrap_or_default().to_owned());
    }
    found.retain(|proposal| proposal.rows.len() > 1);
    found
}

/// The village, the address and its door. A village that the area tree lacks is known by its name.
fn door_of(row: &RowReport) -> Option<(String, &str, String)> {
    let addr = ["live_addr", "domicile_addr"].iter().find_map(|field| row.text(field))?;
    let village = row.area.clone().or_else(|| row.village.clone())?;
    Some((village, addr, door::key(addr)?))
}
