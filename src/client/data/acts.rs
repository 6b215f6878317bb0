//! What a worker proposed in one act, so that the office decides the act and not its fields: a death, a move, pay that is halted, a plaque
//! that was hung.

/// What was registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Death,
    Move,
    /// Pay that is stopped, suspended or cancelled.
    Halt,
    Plaque,
}

/// The fields that acts write, in the order in which they are read.
const OF_ACTS: [&str; 7] = ["status", "died_on", "death_reason", "state", "to", "plaque", "plaque_hung_on"];

impl Act {
    /// The act of which these are the fields of one save, with their values; none where each may be judged for itself.
    pub(crate) fn of(fields: &[(&str, &str)]) -> Option<Act> {
        let says = |field: &str, value: &str| fields.contains(&(field, value));
        if fields.len() < 2 {
            None
        } else if says("status", "died") {
            Some(Act::Death)
        } else if says("status", "moved") {
            Some(Act::Move)
        } else if says("plaque", "hung") {
            Some(Act::Plaque)
        } else {
            fields.iter().any(|(field, _)| *field == "state").then_some(Act::Halt)
        }
    }

    /// Among the fields that acts write, which one it is; none where a phone whose clock was wrong gave several saves one time.
    pub(crate) fn place(field: &str) -> Option<usize> {
        OF_ACTS.iter().position(|one| *one == field)
    }
}

/// How many decisions the fields of one save ask for.
pub(super) fn decisions(fields: &[(&str, &str)]) -> usize {
    match Act::of(fields) {
        Some(_) => 1 + fields.iter().filter(|(field, _)| Act::place(field).is_none()).count(),
        None => fields.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_one_decision_and_what_came_with_it_each_one_more() {
        assert_eq!(
            decisions(&[("status", "died"), ("died_on", "2026-11-25"), ("state", "died"), ("bank", "102")]),
            2
        );
        assert_eq!(decisions(&[("bank", "102"), ("account_name", "李伟")]), 2);
        assert_eq!(decisions(&[("plaque", "hung"), ("plaque_hung_on", "2026-11-25")]), 1);
        assert_eq!(decisions(&[("state", "paid")]), 1);
        assert_eq!(decisions(&[]), 0);
    }
}
