use super::*;

const S: i64 = 12_000;

/// What was due up to a day of somebody who enlisted on 15 September 2024, and its sum by 12,000 yuan a year.
fn due(mode: PayMode, early: EarlyMode, end: Option<End>, until: &str) -> (usize, i64) {
    let service = Service { from: day("2024-09-15"), end };
    let due = service.due(PayRule { mode, early }, day(until)).expect("the days are in order");
    let months = due.iter().map(|due| i64::from(due.months)).sum::<i64>();
    (due.len(), S * months / 12)
}

fn discharged(on: &str) -> Option<End> {
    Some(End::On(day(on)))
}

#[test]
fn st_9_and_st_10_a_half_year_falls_due_on_the_day_on_which_it_is_over() {
    let of = |until| due(PayMode::HalfYear, EarlyMode::CeilHalfYear, None, until);
    assert_eq!(of("2025-03-15"), (1, 6_000));
    assert_eq!(of("2025-03-14"), (0, 0));
}

#[test]
fn st_11_of_fourteen_months_two_half_years_are_due_and_the_third_is_open() {
    assert_eq!(due(PayMode::HalfYear, EarlyMode::CeilHalfYear, None, "2025-11-15"), (2, 12_000));
}

#[test]
fn st_12_and_st_13_an_early_discharge_is_paid_as_the_county_says() {
    for (early, amount) in
        [(EarlyMode::ActualMonths, 4_000), (EarlyMode::CeilHalfYear, 6_000), (EarlyMode::FullOnly, 0)]
    {
        assert_eq!(
            due(PayMode::HalfYear, early, discharged("2025-01-15"), "2025-12-31").1,
            amount,
            "{early:?}"
        );
    }
}

#[test]
fn st_14_who_is_struck_off_is_paid_nothing_and_what_was_paid_is_told() {
    let service = Service { from: day("2024-09-15"), end: Some(End::Forfeited(day("2025-07-15"))) };
    let rule = PayRule { mode: PayMode::HalfYear, early: EarlyMode::CeilHalfYear };
    assert_eq!(service.due(rule, day("2025-12-31")), Ok(Vec::new()));
    let paid = Due { on: day("2025-03-15"), months: 6 };
    assert_eq!(service.to_recover(rule, day("2025-12-31")), Ok(vec![paid]));
    let mut standard = stipend(1, S, 2025);
    standard.pay = Some(rule);
    let struck = Family { service, ..family("2024-09-15") };
    let rows = [standard];
    let line = year(&struck, Standards(&rows), of_year(2025)).expect("computed").expect("it is to be seen");
    assert_eq!((line.total, line.to_recover), (Money::ZERO, 6));
}

#[test]
fn the_term_is_two_years_but_for_a_discharge_that_was_put_off() {
    for mode in [PayMode::AnnualFull, PayMode::HalfYear, PayMode::Monthly] {
        let of = |end| due(mode, EarlyMode::CeilHalfYear, end, "2027-12-31").1;
        assert_eq!(of(None), 2 * S, "{mode:?}");
        assert_eq!(of(discharged("2026-09-15")), 2 * S, "{mode:?}");
        assert_eq!(of(discharged("2026-11-10")), 2 * S + 2_000, "two months more, {mode:?}");
    }
}

#[test]
fn a_term_that_ends_some_days_short_is_early_and_paid_as_such() {
    let of = |early| due(PayMode::HalfYear, early, discharged("2026-09-01"), "2026-12-31").1;
    assert_eq!(of(EarlyMode::CeilHalfYear), 2 * S);
    assert_eq!(of(EarlyMode::ActualMonths), 2 * S, "the month that was begun is a whole one");
    assert_eq!(of(EarlyMode::FullOnly), 18_000);
    assert_eq!(
        due(PayMode::AnnualFull, EarlyMode::CeilHalfYear, discharged("2025-11-15"), "2025-12-31").1,
        18_000
    );
}

#[test]
fn what_ends_later_is_not_told_before() {
    let of = |until| due(PayMode::Monthly, EarlyMode::ActualMonths, discharged("2025-01-20"), until).1;
    assert_eq!((of("2024-10-14"), of("2025-01-19"), of("2025-01-20")), (0, 4_000, 5_000));
}

#[test]
fn a_service_that_ends_before_it_begins_is_no_service() {
    let (from, end) = (day("2024-09-15"), day("2024-09-14"));
    for kind in [End::On(end), End::Forfeited(end)] {
        let service = Service { from, end: Some(kind) };
        let said = service.due(RULE, day("2025-12-31")).and(service.to_recover(RULE, day("2025-12-31")));
        assert_eq!(said, Err(StipendError::Backwards { from, end }), "{kind:?}");
    }
}

#[test]
fn a_half_year_that_was_begun_is_one_whole_half_year_however_it_falls_due() {
    for (mode, served, amount) in [
        (PayMode::Monthly, "2024-12-15", 6_000),
        (PayMode::Monthly, "2025-01-01", 6_000),
        (PayMode::AnnualFull, "2025-11-15", 18_000),
        (PayMode::HalfYear, "2025-11-15", 18_000),
    ] {
        let paid = due(mode, EarlyMode::CeilHalfYear, discharged(served), "2026-12-31").1;
        assert_eq!(paid, amount, "{mode:?} {served}");
    }
}

#[test]
fn what_was_paid_in_the_year_before_comes_back_too() {
    let service = Service { from: day("2024-09-15"), end: Some(End::Forfeited(day("2026-03-15"))) };
    let mut standard = stipend(1, S, 2026);
    standard.pay = Some(PayRule { mode: PayMode::AnnualFull, early: EarlyMode::ActualMonths });
    let struck = Family { service, ..family("2024-09-15") };
    let rows = [standard];
    let line = year(&struck, Standards(&rows), of_year(2026)).expect("computed").expect("it is to be seen");
    assert_eq!((line.total, line.to_recover), (Money::ZERO, 12));
}
