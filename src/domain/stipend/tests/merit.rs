use super::*;
use std::collections::BTreeSet;

/// A district's table before 2023 (送喜报实施方案), but for the medal.
fn table() -> Vec<Standard> {
    let amounts = [
        (Award::Title, 30_000),
        (Award::Merit1, 10_000),
        (Award::Merit2, 5_000),
        (Award::Merit3, 2_000),
        (Award::Excellent, 500),
    ];
    let row = |(n, (award, amount)): (u128, (Award, i64))| {
        row(n, Item::Reward(award), Value::Amount(yuan(amount)), "2020-01-01", "2022-12-31")
    };
    (1..).zip(amounts).map(row).collect()
}

fn reward_of(award: Award, on: &str, rows: &[Standard]) -> Result<Money, StipendError> {
    reward(award, None, day(on), Standards(rows)).map(|reward| reward.amount)
}

#[test]
fn mr_1_an_award_brings_what_its_row_says() {
    let rows = table();
    let reward = reward(Award::Merit2, None, day("2021-07-01"), Standards(&rows)).expect("it is published");
    assert_eq!((reward.amount, reward.standards[0].item), (yuan(5_000), Item::Reward(Award::Merit2)));
}

#[test]
fn mr_2_an_award_may_bring_a_share_of_a_stipend() {
    let of_2013 = Value::OfStipend { bp: 3_000, year: 2013 };
    let rows = [
        row(1, Item::Reward(Award::Merit3), of_2013, "2014-01-01", ""),
        stipend(2, 9_300, 2013),
        stipend(3, 13_640, 2014),
    ];
    let reward =
        reward(Award::Merit3, None, day("2014-08-01"), Standards(&rows)).expect("both are published");
    assert_eq!(reward.amount, yuan(2_790));
    assert_eq!(reward.standards.iter().map(|row| row.id.as_u128()).collect::<Vec<_>>(), [1, 2]);
    let alone = reward_of(Award::Merit3, "2014-08-01", &rows[..1]);
    let none = StipendError::NoStandard { item: Item::Stipend(Domicile::All), on: day("2013-12-31") };
    assert_eq!(alone, Err(none), "what it is a share of is not published");
}

#[test]
fn mr_3_of_several_awards_the_highest_adds_to_the_death_grant() {
    let grant = yuan(600_000);
    assert_eq!(death_grant_more(&[Award::Merit3, Award::Merit2], grant), Some(yuan(90_000)));
    assert_eq!(death_grant_more(&[], grant), Some(Money::ZERO));
    assert_eq!(death_grant_more(&[Award::Medal], fen(i64::MAX)).map(|_| ()), Some(()));
}

#[test]
fn mr_4_an_award_without_a_row_is_not_published_and_not_zero() {
    let none = |on: &str| StipendError::NoStandard { item: Item::Reward(Award::Medal), on: day(on) };
    assert_eq!(reward_of(Award::Medal, "2021-07-01", &table()), Err(none("2021-07-01")));
    let late = reward_of(Award::Merit2, "2023-01-01", &table());
    assert!(matches!(late, Err(StipendError::NoStandard { .. })), "the table held until the day before");
}

#[test]
fn mr_5_a_notice_is_rewarded_once() {
    let mut taken = BTreeSet::new();
    assert_eq!(take_notice(&mut taken, "喜报 2026-001"), Ok(()));
    assert_eq!(take_notice(&mut taken, " 喜报2026－001"), Err(StipendError::SameNotice));
    assert_eq!(take_notice(&mut taken, "　"), Err(StipendError::NoNotice));
}

#[test]
fn every_award_of_the_form_is_one_of_the_standards() {
    let form = crate::checklist::builtin("MERIT").expect("the form is there");
    let question = form.question("M02").expect("it asks for the award");
    for choice in question.options.iter() {
        assert_eq!(Award::read(&choice.code).map(Award::label), Some(choice.text.zh.as_str()));
    }
    assert_eq!(Award::read("三好学生"), None);
}
