//! A round of many families at one event (集体走访): how far each is, and who comes next.

/// How far a family of the round is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Not begun.
    Open,
    /// Begun and not finished.
    Begun,
    /// Its visit is finished.
    Done,
    /// Nobody was there; it stays due.
    Absent,
    /// Its visit was cancelled; it stays due.
    Cancelled,
}

impl Stand {
    /// Whether something is still to be done there now.
    pub fn is_left(self) -> bool {
        matches!(self, Stand::Open | Stand::Begun)
    }
}

/// The place of the family that comes after this one, or first; from the end the round goes on at its beginning. Nothing where no other is left.
pub fn next_after(round: &[Stand], at: Option<usize>) -> Option<usize> {
    let first = at.map_or(0, |at| at + 1);
    let places = (first..round.len()).chain(0..first.min(round.len()));
    places.filter(|place| Some(*place) != at).find(|place| round[*place].is_left())
}

#[cfg(test)]
mod tests {
    use super::{Stand::*, *};

    #[test]
    fn the_round_goes_on_behind_the_family_and_comes_back_to_who_was_left_out() {
        let round = [Begun, Done, Open, Absent, Open];
        for (at, next) in [(None, Some(0)), (Some(0), Some(2)), (Some(2), Some(4)), (Some(4), Some(0))] {
            assert_eq!(next_after(&round, at), next, "{at:?}");
        }
    }

    #[test]
    fn where_no_other_is_left_the_round_ends() {
        assert_eq!(next_after(&[Done, Begun, Absent], Some(1)), None);
        assert_eq!(next_after(&[Done, Absent, Cancelled], None), None);
        assert_eq!(next_after(&[], None), None);
        assert_eq!(next_after(&[Open], Some(7)), Some(0), "a family that was taken out");
    }
}
