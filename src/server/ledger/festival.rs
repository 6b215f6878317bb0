//! 走访慰问情况统计表: one line a festival and village, of the visits that brought greetings in the period.

use super::{
    Cell, Column, Given, Line, Source, Table,
    file::{self, File, answer, raw_answer},
    table::column,
};
use domain::{day::Day, lunar, money::Money, visit::VisitKind};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub(super) const COLUMNS: &[Column] = &[
    column("festival", "节日", 14.0),
    column("village", "村(社区)", 14.0),
    column("households", "慰问户数", 10.0),
    column("people", "慰问人数", 10.0),
    column("money", "慰问金(元)", 13.0),
    column("goods", "慰问品", 40.0),
    column("worth", "慰问品折价(元)", 14.0),
];

/// Greetings come late too, up to 元宵 after 春节.
const LATE_DAYS: i64 = 15;

/// What a village was brought for a festival.
#[derive(Default)]
struct Brought {
    households: BTreeSet<String>,
    people: BTreeSet<Uuid>,
    money: Money,
    goods: BTreeMap<String, usize>,
    worth: Money,
}

impl Brought {
    fn add(&mut self, file: &File<'_>, visit: &Source) {
        self.households.insert(file.household());
        self.people.insert(file.recipient.e);
        self.money = plus(self.money, amount(visit, "F04"));
        self.worth = plus(self.worth, amount(visit, "F05.2"));
        let goods = answer(visit, "F05.1");
        if !goods.trim().is_empty() {
            *self.goods.entry(goods.trim().to_owned()).or_default() += 1;
        }
    }

    /// `大米、食用油 12 份；棉被 1 份`
    fn goods(&self) -> String {
        let goods = self.goods.iter().map(|(what, n)| format!("{what} {n} 份"));
        goods.collect::<Vec<_>>().join("；")
    }
}

fn plus(one: Money, other: Money) -> Money {
    one.checked_add(other).unwrap_or(one)
}

fn amount(visit: &Source, code: &str) -> Money {
    Money::from_fen(raw_answer(visit, code).and_then(Value::as_i64).unwrap_or(0))
}

pub(super) fn table(given: &Given<'_>) -> Table {
    let files = file::files(given);
    let mut brought: BTreeMap<Day, BTreeMap<Uuid, Brought>> = BTreeMap::new();
    for file in &files {
        for (day, visit) in file.made_of(VisitKind::Festival) {
            let Some(festival) = festival_of(day).filter(|_| given.period.holds(day)) else { continue };
            // Nobody was there, and nothing was left.
            if answer(visit, "F03") == "未见到" && raw_answer(visit, "F05.1").is_none() {
                continue;
            }
            brought.entry(festival).or_default().entry(file.recipient.area).or_default().add(file, visit);
        }
    }
    let mut lines = Vec::new();
    for (festival, here) in &brought {
        let nothing = Brought::default();
        for place in &given.sources.places {
            let of = here.get(&place.id).unwrap_or(&nothing);
            lines.push(line(&festival_name(*festival), &place.name, of));
        }
    }
    let all = || brought.values().flat_map(BTreeMap::values);
    let count = |of: fn(&Brought) -> usize| all().map(of).sum::<usize>();
    let money = all().fold(Money::default(), |sum, one| plus(sum, one.money));
    let mut table = Table {
        counts: vec![
            ("households", count(|one| one.households.len())),
            ("people", count(|one| one.people.len())),
            ("yuan", usize::try_from(money.fen() / 100).unwrap_or(0)),
            ("festivals", brought.len()),
        ],
        lines,
        ..Table::default()
    };
    table.sum();
    table
}

fn line(festival: &str, village: &str, of: &Brought) -> Line {
    let cells = vec![
        Cell::from(festival),
        Cell::from(village),
        Cell::count(of.households.len()),
        Cell::count(of.people.len()),
        Cell::Money(of.money),
        Cell::Text(of.goods()),
        Cell::Money(of.worth),
    ];
    Line { cells, ..Line::default() }
}

/// The festival that a day's greetings are for: the next of 春节 and 八一, or the one that was just.
fn festival_of(day: Day) -> Option<Day> {
    let years = day.year()..=day.year() + 1;
    let all = years.flat_map(|year| [lunar::new_year(year), Day::new(year, 8, 1)]).flatten();
    all.filter(|festival| day.days_since(*festival) <= LATE_DAYS).min()
}

fn festival_name(festival: Day) -> String {
    let name = if festival.month() == 8 { "八一" } else { "春节" };
    format!("{} 年{name}", festival.year())
}
