//! What follows for the money when a person dies or moves away: until when it is paid (Regulations on pensions and preferential treatment for
//! military personnel, 2024, arts. 22, 32, 62; measures on martyrs' praise, 2024, art. 22).

use crate::category::{Category, RegularPay};
use crate::day::Day;

/// Months for which the pay goes on after a death: 12 for the disabled, 6 for the kin and for those who fought; what has no rule of its own ends with
/// the month of the death.
pub fn months_after_death(category: Category) -> i32 {
    match category.pay() {
        RegularPay::DisabilityPension => 12,
        RegularPay::KinPension => 6,
        _ if category.code() == "51" => 6,
        _ => 0,
    }
}

/// The last day for which is paid after a death: the end of a month.
pub fn paid_until_after_death(category: Category, died_on: Day) -> Option<Day> {
    died_on.plus_months(months_after_death(category)).and_then(end_of_month)
}

/// The last day for which the county that a person leaves pays: for kin the end of the year, for all others the end of the month.
pub fn paid_until_after_move(category: Category, moved_on: Day) -> Option<Day> {
    match category.pay() {
        RegularPay::KinPension => Day::new(moved_on.year(), 12, 31),
        _ => end_of_month(moved_on),
    }
}

fn end_of_month(day: Day) -> Option<Day> {
    Day::new(day.year(), day.month(), 1)?.plus_months(1)?.plus_days(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn category(code: &str) -> Category {
        code.parse().expect("a category")
    }

    #[test]
    fn pay_goes_on_after_a_death_as_long_as_the_rules_say() {
        for (code, died_on, until) in [
            ("11", "2026-03-05", "2027-03-31"),
            ("21", "2026-08-31", "2027-02-28"),
            ("51", "2026-11-26", "2027-05-31"),
            ("81", "2026-11-26", "2026-11-30"),
            ("90", "2028-02-01", "2028-02-29"),
        ] {
            assert_eq!(paid_until_after_death(category(code), day(died_on)), Some(day(until)), "{code}");
        }
    }

    #[test]
    fn kin_who_move_are_paid_by_the_old_county_to_the_end_of_the_year() {
        assert_eq!(paid_until_after_move(category("21"), day("2026-03-05")), Some(day("2026-12-31")));
        assert_eq!(paid_until_after_move(category("51"), day("2026-03-05")), Some(day("2026-03-31")));
    }
}
