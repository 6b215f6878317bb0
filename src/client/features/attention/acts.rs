//! Proposals that a worker made in one act, so that the office decides the act and not its fields.

use crate::data::{Act, ProposalRow};
use domain::order::Order;

/// What is decided at once: the fields of an act, or one field.
#[derive(Clone)]
pub(super) struct Proposed {
    /// None for a single field.
    pub(super) act: Option<Act>,
    /// Never empty; the person's own fields before those of entitlements.
    pub(super) rows: Vec<ProposalRow>,
}

impl Proposed {
    /// Person, author and time, which are those of all.
    pub(super) fn first(&self) -> &ProposalRow {
        self.rows.first().expect("what was proposed has a field")
    }
}

/// The open proposals, those of one act together. One save has one author and one time.
pub(super) fn proposed(rows: &[ProposalRow]) -> Vec<Proposed> {
    let mut saves: Vec<Vec<ProposalRow>> = Vec::new();
    for row in rows.iter().filter(|row| row.state == "open") {
        let is_beside =
            |save: &&mut Vec<ProposalRow>| save.first().is_some_and(|first| is_one_save(first, row));
        match saves.iter_mut().find(is_beside) {
            Some(save) => save.push(row.clone()),
            None => saves.push(vec![row.clone()]),
        }
    }
    let mut found = Vec::new();
    for rows in saves {
        let act = act_of(&rows);
        // A phone whose clock was wrong gives several saves one time: what is no part of the act stays apart.
        let (mut of_act, others): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| act.is_some() && Act::place(&row.field).is_some());
        if !of_act.is_empty() {
            of_act.order_by_key(|row| (!row.category.is_empty(), row.of, Act::place(&row.field)));
            found.push(Proposed { act, rows: of_act });
        }
        found.extend(others.into_iter().map(|row| Proposed { act: None, rows: vec![row] }));
    }
    found
}

fn is_one_save(a: &ProposalRow, b: &ProposalRow) -> bool {
    a.recipient == b.recipient && a.at == b.at && a.by == b.by
}

fn act_of(rows: &[ProposalRow]) -> Option<Act> {
    let fields: Vec<_> =
        rows.iter().map(|row| (row.field.as_str(), row.value.as_str().unwrap_or_default())).collect();
    Act::of(&fields)
}

#[cfg(test)]
mod tests {
    use super::proposed;
    use crate::data::{Act, ProposalRow};
    use serde_json::json;
    use uuid::Uuid;

    fn row(of: u128, field: &str, value: &str, at: i64) -> ProposalRow {
        ProposalRow {
            id: Uuid::from_u128(u128::try_from(at).expect("a time") * 100 + field.len() as u128),
            of: Uuid::from_u128(of),
            category: if of == 1 { String::new() } else { "11".to_owned() },
            recipient: Uuid::from_u128(1),
            name: "李伟".to_owned(),
            village: String::new(),
            field: field.to_owned(),
            value: json!(value),
            current: json!(null),
            visit: None,
            by: "w".to_owned(),
            at,
            state: "open".to_owned(),
            reason: String::new(),
        }
    }

    #[test]
    fn a_death_is_one_act_with_all_that_follows_from_it() {
        let rows = [
            row(2, "to", "2027-11-30", 5),
            row(1, "died_on", "2026-11-25", 5),
            row(2, "state", "died", 5),
            row(1, "status", "died", 5),
            row(1, "bank", "102", 5),
        ];
        let found = proposed(&rows);
        let death = found.iter().find(|one| one.act == Some(Act::Death)).expect("the death");
        let fields: Vec<_> = death.rows.iter().map(|row| row.field.as_str()).collect();
        assert_eq!(fields, ["status", "died_on", "state", "to"]);
        assert_eq!(found.iter().filter(|one| one.act.is_none()).count(), 1);
    }

    #[test]
    fn fields_of_a_visit_are_judged_one_by_one_and_what_was_decided_is_gone() {
        let mut decided = row(1, "name", "李炜", 5);
        decided.state = "refused".to_owned();
        let found = proposed(&[row(1, "bank", "102", 5), row(1, "account_name", "李伟", 5), decided]);
        assert!(found.len() == 2 && found.iter().all(|one| one.act.is_none() && one.rows.len() == 1));
    }

    #[test]
    fn a_move_and_a_halt_are_acts_too_and_a_lone_state_is_a_field() {
        for (rows, act) in [
            (vec![row(1, "status", "moved", 5), row(2, "state", "moved", 5)], Some(Act::Move)),
            (vec![row(2, "state", "stopped", 5), row(2, "to", "2026-11-25", 5)], Some(Act::Halt)),
            (vec![row(2, "state", "paid", 5)], None),
        ] {
            let found = proposed(&rows);
            assert!(found.len() == 1 && found[0].act == act);
        }
    }
}
