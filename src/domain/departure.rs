//! What follows for the money when a person dies or moves away: until when it is paid (Regulations on pensions and preferential treatment for
//! military personnel, 2024, arts. 22, 32, 62; measures on martyrs' praise, 2024, art. 22).

use crate::category::{Category, RegularPay};
use crate::day::Day;

/// Months for which the pay goes on after a death: 12 for the disabled, 6 for the kin, for those who fought and for those of the tests, who go by the
/// same rules (art. 62); what has no rule of its own ends with the month of the death.
pub fn months_after_death(category: Category) -> i32 {
    match category.pay() {
        RegularPay::DisabilityPension => 12,
        RegularPay::KinPension => 6,
        _ if matches!(category.code(), "51" | "61" | "62") => 6,
        _ => 0,
    }
}

/// Whether an entitlement in this state still runs, so that a death or a move ends it.
pub fn runs(state: &str) -> bool {
    matches!(state, "" | "accepted" | "paid" | "recognised")
}

/// The last day for which is paid after a death: the end of a month. Nothing where nothing is paid.
pub fn paid_until_after_death(category: Category, died_on: Day) -> Option<Day> {
    let months = months_after_death(category);
    is_paid(category).then(|| died_on.plus_months(months)).flatten().and_then(end_of_month)
}

/// The last day for which the county that a person leaves pays: for kin the end of the year, for all others the end of the month.
pub fn paid_until_after_move(category: Category, moved_on: Day) -> Option<Day> {
    match category.pay() {
        RegularPay::Nothing => None,
        RegularPay::KinPension => Day::new(moved_on.year(), 12, 31),
        _ => end_of_month(moved_on),
    }
}

/// The last day that is paid where pay stops from a day on.
pub fn paid_until_before(first_unpaid: Day) -> Option<Day> {
    first_unpaid.plus_days(-1)
}

fn is_paid(category: Category) -> bool {
    category.pay() != RegularPay::Nothing
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
            ("61", "2026-11-26", "2027-05-31"),
            ("62", "2026-08-31", "2027-02-28"),
            ("42", "2026-11-26", "2026-11-30"),
            ("81", "2026-11-26", "2026-11-30"),
            ("41", "2028-02-01", "2028-02-29"),
        ] {
            assert_eq!(paid_until_after_death(category(code), day(died_on)), Some(day(until)), "{code}");
        }
    }

    #[test]
    fn what_is_not_paid_has_no_last_day_and_what_was_ended_is_not_ended_again() {
        assert_eq!(paid_until_after_death(category("90"), day("2026-11-26")), None);
        assert_eq!(paid_until_after_move(category("91"), day("2026-11-26")), None);
        for (state, still_runs) in
            [("", true), ("paid", true), ("cancelled", false), ("stopped", false), ("moved", false)]
        {
            assert_eq!(runs(state), still_runs, "{state}");
        }
    }

    #[test]
    fn what_stops_on_a_day_is_paid_until_the_day_before() {
        assert_eq!(paid_until_before(day("2026-12-01")), Some(day("2026-11-30")));
        assert_eq!(paid_until_before(day("2027-01-01")), Some(day("2026-12-31")));
    }

    #[test]
    fn kin_who_move_are_paid_by_the_old_county_to_the_end_of_the_year() {
        assert_eq!(paid_until_after_move(category("21"), day("2026-03-05")), Some(day("2026-12-31")));
        assert_eq!(paid_until_after_move(category("51"), day("2026-03-05")), Some(day("2026-03-31")));
    }
}
