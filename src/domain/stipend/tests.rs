//! The worked examples of domain.md §6.1 and §6.3, each under its number, and the unhappy ways. Amounts are of one place and year.

mod entered;
mod merit;
mod months;

use super::*;
use crate::money::Money;
use uuid::Uuid;

const RULE: PayRule = PayRule { mode: PayMode::AnnualFull, early: EarlyMode::ActualMonths };

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn yuan(yuan: i64) -> Money {
    Money::from_yuan(yuan).expect("it fits")
}

fn fen(fen: i64) -> Money {
    Money::from_fen(fen)
}

/// A published row; each of its own id.
fn row(n: u128, item: Item, value: Value, from: &str, to: &str) -> Standard {
    let pay = matches!(item, Item::Stipend(_)).then_some(RULE);
    Standard {
        id: Uuid::from_u128(n),
        item,
        value,
        pay,
        basis: None,
        doc_no: format!("双拥〔{}〕{n}号", &from[..4]),
        from: day(from),
        to: (!to.is_empty()).then(|| day(to)),
        supersedes: None,
    }
}

fn stipend(n: u128, amount: i64, year: i32) -> Standard {
    let (from, to) = (format!("{year}-01-01"), format!("{year}-12-31"));
    row(n, Item::Stipend(Domicile::All), Value::Amount(yuan(amount)), &from, &to)
}

fn share(n: u128, item: Item, bp: i64) -> Standard {
    row(n, item, Value::Share(bp), "2020-01-01", "")
}

fn of_year(year: i32) -> Span {
    Span { from: day(&format!("{year}-01-01")), to: day(&format!("{year}-12-31")) }
}

fn family(from: &str) -> Family<'static> {
    let service = Service { from: day(from), end: None };
    Family { service, domicile: None, region: None, awards: &[], other: Money::ZERO }
}

/// The line of a family for 2025, one year after its son enlisted, by 14,272 yuan and these rows.
fn line_of_2025(family: &Family<'_>, more: Vec<Standard>) -> (Money, Money, Money, Money) {
    let mut rows = vec![stipend(1, 14_272, 2025)];
    rows.extend(more);
    let line = year(family, Standards(&rows), of_year(2025)).expect("it can be computed").expect("it is due");
    (line.stipend, line.region, line.merit, line.total)
}

#[test]
fn st_1_and_st_2_the_standard_follows_from_income_and_share_in_whole_yuan() {
    for (income, ratio_bp, standard) in
        [(30_273, 4_500, 13_623), (24_496, 4_500, 11_023), (1, 5_000, 1), (1, 4_999, 0)]
    {
        assert_eq!(Basis { income: yuan(income), ratio_bp }.standard(), Some(yuan(standard)), "{income}");
    }
    assert_eq!(Basis { income: fen(i64::MAX), ratio_bp: i64::MAX }.standard(), None);
}

#[test]
fn st_3_and_st_4_where_he_serves_multiplies_the_stipend() {
    for (region, bp, more, total) in
        [(Region::Tibet, 25_000, 21_408, 35_680), (Region::Xinjiang, 20_000, 14_272, 28_544)]
    {
        let family = Family { region: Some(region), ..family("2024-09-15") };
        let line = line_of_2025(&family, vec![share(2, Item::Region(region), bp)]);
        assert_eq!(line, (yuan(14_272), yuan(more), Money::ZERO, yuan(total)), "{region:?}");
    }
}

#[test]
fn st_5_a_bachelor_with_a_merit_has_both_besides() {
    let family = Family { awards: &[Award::Merit3], other: yuan(2_000), ..family("2024-09-15") };
    let line = line_of_2025(&family, vec![share(2, Item::Supplement(Award::Merit3), 1_000)]);
    assert_eq!(line, (yuan(14_272), Money::ZERO, fen(142_720), fen(1_769_920)));
}

#[test]
fn st_6_of_several_awards_only_the_highest_counts() {
    let family =
        Family { awards: &[Award::Excellent, Award::Merit3, Award::Commendation], ..family("2024-09-15") };
    let shares = vec![
        share(2, Item::Supplement(Award::Excellent), 500),
        share(3, Item::Supplement(Award::Merit3), 1_000),
    ];
    assert_eq!(line_of_2025(&family, shares).2, fen(142_720));
}

#[test]
fn st_7_and_st_8_a_batch_sums_by_domicile() {
    let of = |n, domicile, amount| {
        row(n, Item::Stipend(domicile), Value::Amount(yuan(amount)), "2014-01-01", "2014-12-31")
    };
    let rows = [of(1, Domicile::Rural, 9_600), of(2, Domicile::Urban, 25_000), of(3, Domicile::All, 9_300)];
    let total = |rows: &[Standard], families: &[(i64, Option<Domicile>)]| {
        families.iter().fold(Money::ZERO, |sum, (count, domicile)| {
            let family = Family { domicile: *domicile, ..family("2013-09-15") };
            let line = year(&family, Standards(rows), of_year(2014)).expect("computed").expect("due");
            let all = line.total.checked_mul(*count).expect("it fits");
            sum.checked_add(all).expect("it fits")
        })
    };
    let split = [(89, Some(Domicile::Rural)), (14, Some(Domicile::Urban))];
    assert_eq!(total(&rows[..2], &split), yuan(1_204_400));
    assert_eq!(total(&rows[2..], &[(1_281, None)]), yuan(11_913_300));
}

#[test]
fn st_16_each_year_is_paid_by_the_standard_that_holds_when_it_falls_due() {
    let rows = [stipend(1, 9_300, 2025), stipend(2, 13_640, 2026)];
    let family = family("2024-09-15");
    let span = Span { from: day("2024-09-15"), to: day("2026-09-15") };
    let line = year(&family, Standards(&rows), span).expect("computed").expect("due");
    assert_eq!((line.months, line.total), (24, yuan(22_940)));
    let used: Vec<&str> = line.standards.iter().map(|row| row.doc_no.as_str()).collect();
    assert_eq!(used, ["双拥〔2025〕1号", "双拥〔2026〕2号"], "each row that was used is named");
}

#[test]
fn without_a_published_row_there_is_no_amount_of_zero() {
    let rows = [stipend(1, 9_300, 2025)];
    let asked = |family: Family<'_>, rows: &[Standard], of: i32| {
        year(&family, Standards(rows), of_year(of)).map(drop)
    };
    let all = Item::Stipend(Domicile::All);
    let none = StipendError::NoStandard { item: all, on: day("2026-09-15") };
    assert_eq!(asked(family("2024-09-15"), &rows, 2026), Err(none));
    let tibet = Family { region: Some(Region::Tibet), ..family("2024-09-15") };
    let none = StipendError::NoStandard { item: Item::Region(Region::Tibet), on: day("2025-09-15") };
    assert_eq!(asked(tibet, &rows, 2025), Err(none));
    let rural = row(2, Item::Stipend(Domicile::Rural), Value::Amount(yuan(9_600)), "2025-01-01", "");
    assert_eq!(
        asked(family("2024-09-15"), std::slice::from_ref(&rural), 2025),
        Err(StipendError::NoDomicile)
    );
    let urban = Family { domicile: Some(Domicile::Urban), ..family("2024-09-15") };
    let none = StipendError::NoStandard { item: Item::Stipend(Domicile::Urban), on: day("2025-12-31") };
    assert_eq!(asked(urban, &[rural], 2025), Err(none));
}

#[test]
fn who_has_not_served_a_year_or_has_served_his_term_is_due_nothing() {
    let rows = [stipend(1, 9_300, 2025)];
    for from in ["2025-09-15", "2026-03-15", "2022-12-31"] {
        assert_eq!(year(&family(from), Standards(&rows), of_year(2025)), Ok(None), "{from}");
    }
}

#[test]
fn a_file_says_where_he_serves_in_words() {
    for (said, region) in [
        ("", Some(None)),
        ("否", Some(None)),
        ("未进藏", Some(None)),
        ("进藏", Some(Some(Region::Tibet))),
        ("西藏日喀则（高原）", Some(Some(Region::Tibet))),
        (" 进 疆 ", Some(Some(Region::Xinjiang))),
        ("高海拔地区", Some(Some(Region::Plateau))),
        ("进藏进疆", None),
        ("是", None),
    ] {
        assert_eq!(Region::of_file(said), region, "{said}");
    }
}

#[test]
fn each_month_has_the_share_that_holds_where_he_serves_when_it_falls_due() {
    let tibet = Item::Region(Region::Tibet);
    let factor = |n, bp, from, to| row(n, tibet, Value::Share(bp), from, to);
    let mut stipend = stipend(1, 12_000, 2025);
    stipend.pay = Some(PayRule { mode: PayMode::HalfYear, early: EarlyMode::FullOnly });
    let rows = [
        stipend,
        factor(2, 20_000, "2025-01-01", "2025-06-30"),
        factor(3, 30_000, "2025-07-01", "2025-12-31"),
    ];
    let family = Family { region: Some(Region::Tibet), ..family("2024-09-15") };
    let line = year(&family, Standards(&rows), of_year(2025)).expect("computed").expect("due");
    assert_eq!((line.months, line.stipend, line.region), (12, yuan(12_000), yuan(18_000)));
    assert_eq!(line.standards.len(), 3, "each row once");
}
