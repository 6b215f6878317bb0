//! What a sponsor promises and what he gives; how far the one is kept is read from the other and stored nowhere.

use crate::{day::Day, kinds::Fields, money::Money};
use serde_json::Value;
use uuid::Uuid;

/// How far a pledge is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// 未兑现: nothing came.
    Open,
    /// 部分兑现
    Partly,
    /// 已兑现: all of it came.
    Kept,
}

/// A pledge as its record says it.
#[derive(Clone, Copy)]
pub struct Pledge<'a>(pub &'a dyn Fields);

/// A donation as its record says it.
#[derive(Clone, Copy)]
pub struct Donation<'a>(pub &'a dyn Fields);

impl<'a> Pledge<'a> {
    /// Who promises.
    pub fn sponsor(self) -> Option<Uuid> {
        id(self.0, "sponsor")
    }

    /// The money promised.
    pub fn money(self) -> Option<Money> {
        money(self.0)
    }

    /// The goods promised, in words.
    pub fn goods(self) -> Option<&'a str> {
        text(self.0, "goods")
    }

    /// The difficulty that it is against.
    pub fn need(self) -> Option<Uuid> {
        id(self.0, "need")
    }

    /// The person for whom it is.
    pub fn recipient(self) -> Option<Uuid> {
        id(self.0, "recipient")
    }

    /// The day until which it is promised.
    pub fn due_on(self) -> Option<Day> {
        day(self.0, "due_on")
    }
}

impl<'a> Donation<'a> {
    /// Who gave.
    pub fn sponsor(self) -> Option<Uuid> {
        id(self.0, "sponsor")
    }

    /// The pledge that it keeps.
    pub fn pledge(self) -> Option<Uuid> {
        id(self.0, "pledge")
    }

    /// The measure that it was spent on.
    pub fn measure(self) -> Option<Uuid> {
        id(self.0, "measure")
    }

    /// The money given.
    pub fn money(self) -> Option<Money> {
        money(self.0)
    }

    /// The goods given, in words.
    pub fn goods(self) -> Option<&'a str> {
        text(self.0, "goods")
    }

    /// The number of the receipt.
    pub fn receipt_no(self) -> Option<&'a str> {
        text(self.0, "receipt_no")
    }

    /// The day on which it was given.
    pub fn given_on(self) -> Option<Day> {
        day(self.0, "given_on")
    }

    /// Whether with it all goods promised have come: goods are words, which nobody can add up.
    pub fn completes(self) -> bool {
        self.0.field("completes").and_then(Value::as_bool).unwrap_or(false)
    }
}

/// How far a pledge is kept by the donations that name it.
pub fn standing<'a>(pledge: Pledge<'_>, donations: impl Iterator<Item = Donation<'a>> + Clone) -> Standing {
    let given = sum(donations.clone().filter_map(Donation::money));
    let of_money = pledge.money().map(|promised| match given {
        Some(Money::ZERO) => Standing::Open,
        Some(given) if given < promised => Standing::Partly,
        // A sum that fits nowhere is more than any promise.
        _ => Standing::Kept,
    });
    let of_goods = pledge.goods().map(|_| {
        if donations.clone().any(Donation::completes) {
            Standing::Kept
        } else if donations.clone().any(|one| one.goods().is_some()) {
            Standing::Partly
        } else {
            Standing::Open
        }
    });
    match (of_money, of_goods) {
        (Some(one), Some(other)) if one != other => Standing::Partly,
        (Some(standing), _) | (None, Some(standing)) => standing,
        (None, None) => Standing::Open,
    }
}

/// All of it together, if it fits.
pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
    amounts.into_iter().try_fold(Money::ZERO, Money::checked_add)
}

fn text<'a>(fields: &'a dyn Fields, name: &str) -> Option<&'a str> {
    fields.field(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

fn id(fields: &dyn Fields, name: &str) -> Option<Uuid> {
    text(fields, name).and_then(|id| Uuid::try_parse(id).ok())
}

fn day(fields: &dyn Fields, name: &str) -> Option<Day> {
    text(fields, name).and_then(|day| day.parse().ok())
}

/// An amount that is one: more than nothing.
fn money(fields: &dyn Fields) -> Option<Money> {
    let fen = fields.field("amount").and_then(Value::as_i64).filter(|fen| *fen > 0)?;
    Some(Money::from_fen(fen))
}

#[cfg(test)]
mod tests {
    use super::{Donation, Pledge, Standing as S, standing, sum};
    use crate::money::Money;
    use serde_json::{Map, Value, json};

    fn fields(value: &Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn a_pledge_stands_by_what_was_given_for_it() {
        for (pledge, given, expected) in [
            (json!({"amount": 100_000}), json!([]), S::Open),
            (json!({"amount": 100_000}), json!([{"amount": 99_999}]), S::Partly),
            (json!({"amount": 100_000}), json!([{"amount": 40_000}, {"amount": 60_000}]), S::Kept),
            (json!({"amount": 100_000}), json!([{"amount": 120_000}]), S::Kept),
            (json!({"amount": 100_000}), json!([{"amount": -5}, {"amount": "many"}]), S::Open),
            (json!({"amount": 1}), json!([{"amount": i64::MAX}, {"amount": 1}]), S::Kept),
            (json!({"goods": "轮椅 2 台"}), json!([]), S::Open),
            (json!({"goods": "轮椅 2 台"}), json!([{"goods": "轮椅 1 台"}]), S::Partly),
            (
                json!({"goods": "轮椅"}),
                json!([{"goods": "一台"}, {"goods": "又一台", "completes": true}]),
                S::Kept,
            ),
            (json!({"amount": 100, "goods": "米"}), json!([{"amount": 100}]), S::Partly),
            (
                json!({"amount": 100, "goods": "米"}),
                json!([{"amount": 100, "goods": "米", "completes": true}]),
                S::Kept,
            ),
            (json!({"amount": 0, "goods": " "}), json!([{"amount": 100}]), S::Open),
        ] {
            let pledge_fields = fields(&pledge);
            let given: Vec<_> = given.as_array().expect("a list").iter().map(fields).collect();
            let donations = given.iter().map(|one| Donation(one));
            assert_eq!(standing(Pledge(&pledge_fields), donations), expected, "{pledge}");
        }
    }

    #[test]
    fn what_is_no_amount_id_or_day_is_none() {
        let odd = fields(&json!({"sponsor": "he", "need": 1, "due_on": "soon", "amount": 1.5, "goods": " "}));
        let pledge = Pledge(&odd);
        assert_eq!((pledge.sponsor(), pledge.need(), pledge.due_on()), (None, None, None));
        assert_eq!((pledge.money(), pledge.goods(), pledge.recipient()), (None, None, None));
    }

    #[test]
    fn a_sum_that_does_not_fit_is_none() {
        assert_eq!(sum([]), Some(Money::ZERO));
        assert_eq!(sum([Money::from_fen(3), Money::from_fen(4)]), Some(Money::from_fen(7)));
        assert_eq!(sum([Money::from_fen(i64::MAX), Money::from_fen(1)]), None);
    }
}
