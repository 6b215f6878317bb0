//! How far a round is, and whom it may be made of, decided without a screen.

use crate::{
    data::{Candidate, RoundFamily},
    locale::words::rounds as w,
    ui::{Opt, Tone},
};
use domain::visit::{Stand, next_after};
use sync::id::AreaId;
use uuid::Uuid;

/// How many families there are, and how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) all: usize,
    pub(super) done: usize,
    pub(super) begun: usize,
    pub(super) absent: usize,
}

impl Tally {
    pub(super) fn of(families: &[RoundFamily]) -> Tally {
        let count = |stand| families.iter().filter(|family| family.stand == stand).count();
        Tally {
            all: families.len(),
            done: count(Stand::Done),
            begun: count(Stand::Begun),
            absent: count(Stand::Absent),
        }
    }
}

/// The family that is next: one that was begun first, for its people may still be there.
pub(super) fn next(families: &[RoundFamily]) -> Option<&RoundFamily> {
    let stands: Vec<Stand> = families.iter().map(|family| family.stand).collect();
    families
        .iter()
        .find(|family| family.stand == Stand::Begun)
        .or_else(|| next_after(&stands, None).map(|place| &families[place]))
}

/// How far a family is, as a badge.
pub(super) fn stand(stand: Stand) -> (Tone, &'static str) {
    match stand {
        Stand::Open => (Tone::Plain, w::stand_open()),
        Stand::Begun => (Tone::Soon, w::stand_begun()),
        Stand::Done => (Tone::Good, w::stand_done()),
        Stand::Absent => (Tone::Plain, w::stand_absent()),
        Stand::Cancelled => (Tone::Plain, w::stand_cancelled()),
    }
}

/// The candidates village by village: they come in the order of villages.
fn by_village(all: &[Candidate]) -> impl Iterator<Item = (AreaId, &[Candidate])> {
    let villages = all.chunk_by(|a, b| a.recipient.area == b.recipient.area);
    villages.filter_map(|here| here.first().map(|one| (one.recipient.area, here)))
}

/// The villages of the candidates, each once, as they come.
pub(super) fn villages(all: &[Candidate]) -> Vec<Opt> {
    let option = |(area, here): (AreaId, &[Candidate])| {
        Opt::new(area.to_string(), here.first().map(|one| one.recipient.village.clone()).unwrap_or_default())
    };
    by_village(all).map(option).collect()
}

/// The candidates of one village.
pub(super) fn of_village<'a>(all: &'a [Candidate], village: &str) -> &'a [Candidate] {
    let found = by_village(all).find(|(area, _)| area.to_string() == village);
    found.map(|(_, here)| here).unwrap_or_default()
}

/// The village in which most are chosen, or where nobody is yet, most are due; the first where none is.
pub(super) fn first_village(all: &[Candidate], chosen: &[Uuid]) -> Option<AreaId> {
    let mut best: Option<((usize, usize), AreaId)> = None;
    for (area, here) in by_village(all) {
        let count = |is_meant: &dyn Fn(&Candidate) -> bool| here.iter().filter(|one| is_meant(one)).count();
        let weight = (count(&|one| chosen.contains(&one.recipient.id)), count(&|one| one.due));
        if best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, area));
        }
    }
    best.map(|(_, area)| area)
}

/// Those chosen, in the order of a walk; who was there before stays in front.
pub(super) fn ordered(before: &[Uuid], all: &[Candidate], chosen: &[Uuid]) -> Vec<Uuid> {
    let mut families: Vec<Uuid> = before.iter().copied().filter(|id| chosen.contains(id)).collect();
    let others = all.iter().map(|one| one.recipient.id);
    let others: Vec<Uuid> = others.filter(|id| chosen.contains(id) && !families.contains(id)).collect();
    families.extend(others);
    families
}

/// The choice after one village's rows were changed: what is chosen in others stays.
pub(super) fn changed(chosen: &[Uuid], here: &[Uuid], now: &[Uuid]) -> Vec<Uuid> {
    let mut after: Vec<Uuid> = chosen.iter().copied().filter(|id| !here.contains(id)).collect();
    after.extend(now);
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::RecipientRow;
    use std::sync::Arc;

    fn family(n: u128, stand: Stand) -> RoundFamily {
        let recipient = Uuid::from_u128(n);
        RoundFamily { recipient, name: n.to_string(), village: "红旗村".to_owned(), stand }
    }

    fn candidate(n: u128, area: u128, due: bool) -> Candidate {
        let recipient = RecipientRow {
            name: n.to_string(),
            area: AreaId(Uuid::from_u128(area)),
            village: area.to_string(),
            ..RecipientRow::blank(Uuid::from_u128(n))
        };
        Candidate { recipient: Arc::new(recipient), due }
    }

    #[test]
    fn who_was_begun_is_next_before_anybody_new() {
        let round = [family(1, Stand::Open), family(2, Stand::Begun), family(3, Stand::Done)];
        assert_eq!(next(&round).map(|one| one.recipient), Some(Uuid::from_u128(2)));
        assert_eq!(next(&round[..1]).map(|one| one.recipient), Some(Uuid::from_u128(1)));
        assert!(next(&round[2..]).is_none());
        let tally = Tally::of(&round);
        assert_eq!((tally.all, tally.done, tally.begun, tally.absent), (3, 1, 1, 0));
    }

    #[test]
    fn a_round_begins_in_the_village_where_most_are_due() {
        let all =
            [candidate(1, 7, false), candidate(2, 7, true), candidate(3, 8, true), candidate(4, 8, true)];
        assert_eq!(first_village(&all, &[]), Some(AreaId(Uuid::from_u128(8))));
        let chosen = [Uuid::from_u128(1)];
        assert_eq!(first_village(&all, &chosen), Some(AreaId(Uuid::from_u128(7))), "who was chosen before");
        assert_eq!(first_village(&all[..1], &[]), Some(AreaId(Uuid::from_u128(7))));
        assert_eq!(first_village(&[], &[]), None);
        assert_eq!(villages(&all).iter().map(|one| one.label.as_str()).collect::<Vec<_>>(), ["7", "8"]);
        let of = |area: u128| -> Vec<&str> {
            let here = of_village(&all, &AreaId(Uuid::from_u128(area)).to_string());
            here.iter().map(|one| &*one.recipient.name).collect()
        };
        assert_eq!((of(7), of(8), of(9)), (vec!["1", "2"], vec!["3", "4"], vec![]));
    }

    #[test]
    fn who_was_there_before_stays_in_front_and_others_follow_as_one_walks() {
        let all = [candidate(1, 7, false), candidate(2, 7, true), candidate(3, 8, true)];
        let ids = |ns: &[u128]| ns.iter().map(|n| Uuid::from_u128(*n)).collect::<Vec<_>>();
        assert_eq!(ordered(&ids(&[3, 9]), &all, &ids(&[2, 1, 3])), ids(&[3, 1, 2]));
        assert_eq!(changed(&ids(&[1, 3]), &ids(&[1, 2]), &ids(&[2])), ids(&[3, 2]));
    }
}
