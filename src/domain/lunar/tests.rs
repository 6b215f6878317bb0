use super::{LunarDay, new_year, qingming};
use crate::day::Day;
use icu_calendar::{Date, cal::ChineseTraditional};
use tyme4rs::tyme::{
    lunar::LunarDay as Tyme,
    solar::{SolarDay, SolarTerm},
};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Every day that the table knows.
fn every_day() -> impl Iterator<Item = Day> {
    let last = day("2101-01-28");
    std::iter::successors(Some(day("1900-01-31")), |day| day.plus_days(1)).take_while(move |day| *day <= last)
}

#[test]
fn every_day_is_what_the_first_oracle_says_and_leads_back() {
    let calendar = ChineseTraditional::new();
    for day in every_day() {
        let own = LunarDay::of(day).unwrap();
        let icu = Date::try_new_iso(day.year(), day.month(), day.day()).unwrap().to_calendar(calendar);
        let month = icu.month().to_input();
        let expected = (icu.year().extended_year(), month.number(), month.is_leap(), icu.day_of_month().0);
        assert_eq!((own.year, own.month, own.is_leap, own.day), expected, "{day}");
        assert_eq!(own.day(), Some(day));
    }
}

/// The second puts twelve new moons that fall close to midnight a day off. In those of the past the printed almanacs are with the first: Spring
/// Festival 1954 was on 3 February. That of 2057 is not decided yet; its month has no festival of ours.
#[test]
fn every_day_is_what_the_second_oracle_says_but_for_twelve_months() {
    let mut off: Vec<String> = Vec::new();
    let mut was_off = false;
    for day in every_day() {
        let own = LunarDay::of(day).unwrap();
        let solar = SolarDay::from_ymd(day.year() as isize, day.month().into(), day.day().into());
        let tyme: Tyme = solar.get_lunar_day();
        let its_month = tyme.get_lunar_month();
        let month = isize::from(own.month) * if own.is_leap { -1 } else { 1 };
        let is_off = (own.year as isize, month, usize::from(own.day))
            != (its_month.get_lunar_year().get_year(), its_month.get_month_with_leap(), tyme.get_day());
        if is_off && !was_off {
            off.push(day.to_string());
        }
        was_off = is_off;
    }
    assert_eq!(
        off.join(" "),
        "1906-04-23 1909-09-14 1910-12-31 1916-04-02 1920-11-10 1927-10-25 1928-10-13 1942-09-10 1943-11-27 1954-02-03 \
         1957-03-01 2057-09-28"
    );
}

#[test]
fn every_spring_festival_is_the_first_of_the_first_month() {
    for year in 1900..=2100 {
        let first = LunarDay::new(year, 1, false, 1).unwrap();
        assert_eq!(first.day(), new_year(year), "{year}");
    }
    for (year, expected) in [
        (1954, "1954-02-03"),
        (2025, "2025-01-29"),
        (2026, "2026-02-17"),
        (2027, "2027-02-06"),
        (2028, "2028-01-26"),
    ] {
        assert_eq!(new_year(year), Some(day(expected)));
    }
}

#[test]
fn every_qingming_is_the_oracles() {
    for year in 1900..=2100 {
        let term = SolarTerm::from_name(year as isize, "清明").get_solar_day();
        let expected = Day::new(year, term.get_month() as u8, term.get_day() as u8);
        assert_eq!(qingming(year), expected, "{year}");
    }
}

#[test]
fn days_are_called_as_people_call_them() {
    let said = |text| LunarDay::of(day(text)).unwrap().words();
    assert_eq!(said("2027-02-06"), "正月初一");
    assert_eq!(said("2027-02-05"), "腊月廿九");
    assert_eq!(said("2027-01-30"), "腊月廿三");
    assert_eq!(said("2026-11-26"), "十月十八");
    assert_eq!(said("2025-07-27"), "闰六月初三");
    assert_eq!(said("2026-06-19"), "五月初五");
    for (own, tyme) in (1..=30).map(|n| (LunarDay::new(2026, 1, false, n), Tyme::from_ymd(2026, 1, n.into())))
    {
        use tyme4rs::tyme::Culture;
        assert_eq!(own.unwrap().words(), format!("正月{}", tyme.get_name()));
    }
}

#[test]
fn what_the_calendar_does_not_have_is_none() {
    assert_eq!(LunarDay::new(2027, 13, false, 1), None);
    assert_eq!(LunarDay::new(2027, 0, false, 1), None);
    assert_eq!(LunarDay::new(2026, 6, true, 1), None, "2025 has the leap month");
    assert!(LunarDay::new(2025, 6, true, 29).is_some());
    assert_eq!(LunarDay::new(2025, 6, true, 30), None);
    assert_eq!(LunarDay::new(1899, 1, false, 1), None);
    assert_eq!(LunarDay::of(day("1900-01-30")), None);
    assert_eq!(LunarDay::of(day("2101-01-29")), None);
    assert_eq!(qingming(2101), None);
    assert_eq!(new_year(i32::MIN), None);
}
