//! Birthdays on which something changes for a person, raised by themselves (domain.md §2.3).

use crate::category::{Category, RegularPay};
use crate::completeness;
use crate::day::Day;

/// What changes on a birthday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgeAlarm {
    /// A child of the three kin reaches 18: its pension goes on only at school or when unable to work.
    KinChild18,
    /// A child of the three kin reaches 22.
    KinChild22,
    /// A veteran reaches 55.
    Veteran55,
    /// A veteran reaches 60: from a village he may be due the subsidy of 81.
    Veteran60,
}

impl AgeAlarm {
    /// All of them, in the order of the table.
    pub const ALL: [AgeAlarm; 4] =
        [AgeAlarm::KinChild18, AgeAlarm::KinChild22, AgeAlarm::Veteran55, AgeAlarm::Veteran60];

    /// The word of a filter.
    pub fn word(self) -> &'static str {
        match self {
            AgeAlarm::KinChild18 => "kin_child_18",
            AgeAlarm::KinChild22 => "kin_child_22",
            AgeAlarm::Veteran55 => "veteran_55",
            AgeAlarm::Veteran60 => "veteran_60",
        }
    }

    /// The age that is reached.
    pub fn age(self) -> i32 {
        match self {
            AgeAlarm::KinChild18 => 18,
            AgeAlarm::KinChild22 => 22,
            AgeAlarm::Veteran55 => 55,
            AgeAlarm::Veteran60 => 60,
        }
    }
}

/// What is known of a person's age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Born {
    /// The day.
    On(Day),
    /// The year alone, as phones see it.
    In(i32),
}

/// Days before the birthday from which an alarm is raised; who is told late loses a month's pay.
const DAYS_BEFORE: i64 = 60;
/// Days after it until which an alarm stays.
const DAYS_AFTER: i64 = 180;

/// Whether an entitlement is the pension of a child of a soldier who died; `relation`: whose child or spouse he is.
pub fn is_kin_child(category: Category, relation: &str) -> bool {
    category.pay() == RegularPay::KinPension && relation == "child"
}

/// What is due to be looked at. `kin_child`: he draws a pension as the child of a soldier who died. Where only the year is known, an alarm
/// stands through the year.
pub fn alarms(born: Born, categories: &[Category], kin_child: bool, today: Day) -> Vec<AgeAlarm> {
    let kin = [AgeAlarm::KinChild18, AgeAlarm::KinChild22];
    let veteran = [AgeAlarm::Veteran55, AgeAlarm::Veteran60];
    let of_kin = kin.into_iter().filter(|_| kin_child);
    let of_veterans = veteran.into_iter().filter(|_| completeness::served(categories));
    of_kin.chain(of_veterans).filter(|alarm| is_raised(born, alarm.age(), today)).collect()
}

fn is_raised(born: Born, age: i32, today: Day) -> bool {
    match born {
        Born::In(year) => year + age == today.year(),
        Born::On(day) => day
            .plus_months(age * 12)
            .is_some_and(|birthday| (-DAYS_AFTER..=DAYS_BEFORE).contains(&birthday.days_since(today))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn of(born: Born, code: &str, kin_child: bool) -> Vec<AgeAlarm> {
        alarms(born, &[code.parse().expect("a category")], kin_child, day("2026-11-26"))
    }

    #[test]
    fn it_is_raised_60_days_before_and_stays_180_days() {
        for (born, is_raised) in [
            ("1967-01-26", false), // 60 on 2027-01-26, in 61 days
            ("1967-01-25", true),
            ("1966-11-26", true),
            ("1966-05-30", true), // 180 days ago
            ("1966-05-29", false),
        ] {
            let found = of(Born::On(day(born)), "81", false);
            assert_eq!(found == [AgeAlarm::Veteran60], is_raised, "{born}: {found:?}");
        }
    }

    #[test]
    fn a_year_is_enough_for_a_phone() {
        assert_eq!(of(Born::In(1971), "51", false), [AgeAlarm::Veteran55]);
        assert_eq!(of(Born::In(1970), "51", false), []);
    }

    #[test]
    fn a_child_of_a_martyr_has_its_own_and_his_widow_none() {
        assert_eq!(of(Born::In(2008), "21", true), [AgeAlarm::KinChild18]);
        assert_eq!(of(Born::In(2004), "21", true), [AgeAlarm::KinChild22]);
        assert_eq!(of(Born::In(1966), "21", false), []);
    }

    #[test]
    fn who_was_born_on_a_leap_day_reaches_it_on_the_28th() {
        let leap = Born::On(day("2008-02-29"));
        let found = |today: &str| alarms(leap, &[], true, day(today));
        assert_eq!(found("2025-12-30"), [AgeAlarm::KinChild18]);
        assert_eq!(found("2025-12-29"), []);
    }
}
