//! What pages of sponsors show, as plain values.

use crate::data::MeasureRow;
use domain::{
    day::Day,
    money::Money,
    sponsor::{Agreement, Standing},
};
use sync::{id::AreaId, wire::Fields};
use uuid::Uuid;

/// Money and goods together. Goods are words: what can be counted is how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Amount {
    /// Nothing where the sum does not fit.
    pub(crate) money: Option<Money>,
    pub(crate) goods: usize,
}

impl Default for Amount {
    fn default() -> Amount {
        Amount { money: Some(Money::ZERO), goods: 0 }
    }
}

impl Amount {
    pub(super) fn add(&mut self, money: Option<Money>, goods: Option<&str>) {
        self.money = self.money.and_then(|sum| sum.checked_add(money.unwrap_or_default()));
        self.goods += usize::from(goods.is_some());
    }
}

/// What came of a sponsor's promises, or of all sponsors'.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) pledged: Amount,
    pub(crate) delivered: Amount,
    /// Needs that a pledge or a measure of a sponsor is against.
    pub(crate) adopted: usize,
}

/// A sponsor in a list.
#[derive(Clone, PartialEq)]
pub(crate) struct SponsorRow {
    pub(crate) id: Uuid,
    pub(crate) area: AreaId,
    pub(crate) name: String,
    /// Wire word of `domain::sponsor::SponsorKind`.
    pub(crate) kind: String,
    pub(crate) credit_code: String,
    pub(crate) contact: String,
    pub(crate) phone: String,
    pub(crate) agreement: Option<Agreement>,
    pub(crate) tally: Tally,
    pub(crate) unsent: bool,
    /// As they were seen: a form writes what it changes of them.
    pub(crate) fields: Fields,
}

/// All sponsors, and what they gave together.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Sponsors {
    pub(crate) rows: Vec<SponsorRow>,
    pub(crate) tally: Tally,
}

/// Whom something is for: no more of him than name, village and kind of need, which is all that a sponsor may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// For nobody by name.
    Nobody,
    Need {
        id: Uuid,
        name: String,
        village: String,
        kind: String,
        state: String,
    },
    Person {
        id: Uuid,
        name: String,
        village: String,
    },
    /// Deleted, merged into another, or in no area of this device.
    Gone,
}

/// A promise of a sponsor.
#[derive(Clone, PartialEq)]
pub(crate) struct PledgeRow {
    pub(crate) id: Uuid,
    pub(crate) sponsor: Option<Uuid>,
    /// Empty where the sponsor is in no area of this device.
    pub(crate) sponsor_name: String,
    pub(crate) money: Option<Money>,
    pub(crate) goods: String,
    pub(crate) due_on: Option<Day>,
    pub(crate) target: Target,
    pub(crate) standing: Standing,
    pub(crate) delivered: Amount,
    pub(crate) unsent: bool,
    pub(crate) fields: Fields,
}

/// Something that a sponsor gave.
#[derive(Clone, PartialEq)]
pub(crate) struct DonationRow {
    pub(crate) id: Uuid,
    pub(crate) given_on: Option<Day>,
    pub(crate) money: Option<Money>,
    pub(crate) goods: String,
    pub(crate) receipt_no: String,
    /// Whom it helped.
    pub(crate) target: Target,
    pub(crate) unsent: bool,
    pub(crate) fields: Fields,
}

/// A measure that a sponsor pays for, or that is against a need it adopted.
#[derive(Clone, PartialEq)]
pub(crate) struct MeasureOf {
    pub(crate) row: MeasureRow,
    pub(crate) target: Target,
    /// The sponsor pays for it.
    pub(crate) is_own: bool,
}

/// All about one sponsor.
#[derive(Clone, PartialEq)]
pub(crate) struct SponsorFile {
    pub(crate) row: SponsorRow,
    /// What is still to be kept comes first.
    pub(crate) pledges: Vec<PledgeRow>,
    /// Newest first.
    pub(crate) donations: Vec<DonationRow>,
    pub(crate) measures: Vec<MeasureOf>,
    /// Who is registered besides.
    pub(crate) others: Vec<SponsorRow>,
}

#[cfg(test)]
mod tests {
    use super::Amount;
    use domain::money::Money;

    #[test]
    fn money_is_summed_and_goods_are_counted() {
        let mut amount = Amount::default();
        amount.add(Some(Money::from_fen(150)), None);
        amount.add(None, Some("米 10 袋"));
        amount.add(Some(Money::from_fen(50)), Some("油"));
        assert_eq!(amount, Amount { money: Some(Money::from_fen(200)), goods: 2 });
        amount.add(Some(Money::from_fen(i64::MAX)), None);
        assert_eq!(amount.money, None);
    }
}
