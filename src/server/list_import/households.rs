//! Which people of a list may be of one household, and the writes that make them one once a person said so.

use domain::{
    list::{
        households::{Proposal, propose},
        plan::FieldWrite,
        report::{ListReport, RowReport},
    },
    options,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use sync::{id::AreaId, wire::Base};
use uuid::Uuid;

use super::{
    people::{People, Person},
    writes::{ClearOp, RECIPIENT, accepted},
};
use crate::{keys::Keys, tokens};

const HOUSEHOLD: &str = "household";
const MEMBERS: &str = "members";

/// What a list proposes beyond what the files say already. Where they say two households, a person must look at the files.
pub(super) fn proposed(report: &ListReport, people: &People, keys: &Keys) -> Vec<Proposal> {
    let by_row = by_row(report);
    let is_open = |proposal: &Proposal| {
        let of = |row: &RowReport| people.household(people.find(keys, row)?);
        let rows = proposal.rows.iter().filter_map(|row| by_row.get(row));
        let known: BTreeSet<Option<Uuid>> = rows.map(|row| of(row)).collect();
        let is_joined = known.len() == 1 && !known.contains(&None);
        !is_joined && known.iter().flatten().count() <= 1
    };
    propose(&report.rows).into_iter().filter(is_open).collect()
}

/// The accepted rows by their number.
pub(super) fn by_row(report: &ListReport) -> BTreeMap<u32, &RowReport> {
    accepted(report).map(|row| (row.row, row)).collect()
}

/// The writes that make the people of these rows one household; nothing if they are one, or cannot be: they must live in one village.
pub(super) fn joined(rows: &[&RowReport], people: &People, keys: &Keys, now: i64) -> Option<Vec<ClearOp>> {
    let area = rows.first()?.area.as_deref()?;
    let members: Vec<(&RowReport, &Person)> =
        rows.iter().filter_map(|row| Some((*row, people.find(keys, row)?))).collect();
    let there: BTreeSet<Uuid> = members.iter().filter_map(|(_, person)| people.household(person)).collect();
    let ids: BTreeSet<Uuid> = members.iter().map(|(_, person)| person.recipient.id).collect();
    if rows.iter().any(|row| row.area.as_deref() != Some(area)) || there.len() > 1 || ids.len() < 2 {
        return None;
    }
    let household = there.first().copied();
    let id = household.unwrap_or_else(|| tokens::new_id(now));
    let mut ops = Vec::new();
    if household.is_none() {
        let area = AreaId(area.parse().ok()?);
        ops.push(ClearOp::Create { e: id, kind: HOUSEHOLD, area, parent: None, fields: described(&members) });
    }
    let mut seen = BTreeSet::new();
    for (_, person) in members {
        let recipient = &person.recipient;
        if people.household(person) == Some(id) || !seen.insert(recipient.id) {
            continue;
        }
        let write = FieldWrite { field: "household_id".to_owned(), value: json!(id) };
        let base = Base::Fv(recipient.version("household_id"));
        ops.push(ClearOp::Set { e: recipient.id, kind: RECIPIENT, write, base });
        ops.push(ClearOp::Add { e: id, field: MEMBERS, item: json!(recipient.id) });
    }
    (!seen.is_empty()).then_some(ops)
}

/// The address, and the head where one of them says that he is it.
fn described(members: &[(&RowReport, &Person)]) -> Vec<FieldWrite> {
    let addr =
        members.iter().find_map(|(row, _)| row.text("live_addr").or_else(|| row.text("domicile_addr")));
    let heads: BTreeSet<Uuid> = members
        .iter()
        .filter(|(row, _)| row.text("head_relation") == Some(options::HEAD))
        .map(|(_, person)| person.recipient.id)
        .collect();
    let head = heads.first().filter(|_| heads.len() == 1);
    let write = |field: &str, value: Value| FieldWrite { field: field.to_owned(), value };
    let addr = addr.map(|addr| write("addr", json!(addr)));
    addr.into_iter().chain(head.map(|head| write("head", json!(head)))).collect()
}
