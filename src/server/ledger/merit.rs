//! 立功奖励发放表: one line a notice of merit that was delivered in the year, with what it brings by the published standards, or why nothing can be said.

use super::{
    Cell, Column, Given, Line, Source, Table,
    file::{self, File},
    stipend::{DUE, UNCLEAR, domicile, paid, span, why},
    table::column,
};
use domain::{
    day::Day,
    money::Money,
    stipend::{Award, Reward, Standards, StipendError, reward, take_notice},
    visit::VisitKind,
};
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) const COLUMNS: &[Column] = &[
    column("village", "村(社区)", 11.0),
    column("name", "姓名", 10.0),
    column("id_no", "身份证号", 20.0),
    column("category", "类别", 14.0),
    column("notice", "喜报编号", 18.0),
    column("award", "奖励等级", 16.0),
    column("delivered_on", "送达日期", 11.0),
    column("reward", "奖励金额", 12.0),
    column("handed_over", "其中当场已发", 12.0),
    column("standard", "执行标准", 34.0),
    column("remark", "备注", 24.0),
];

pub(super) fn table(given: &Given<'_>) -> Table {
    let Some(span) = span(given) else { return Table::default() };
    let files = file::files(given);
    let (mut due, mut unclear) = (Vec::new(), Vec::new());
    for (on, file, visit, is_first) in notices(&files).filter(|(on, ..)| (span.from..=span.to).contains(on)) {
        let sums = is_first.and_then(|()| {
            let award = Award::read(&file::answer(visit, "M02")).ok_or(StipendError::Award)?;
            reward(award, domicile(file), on, Standards(&given.sources.standards))
        });
        let lines = if sums.is_ok() { &mut due } else { &mut unclear };
        lines.push(line(given, file, (on, visit), sums));
    }
    paid(given, COLUMNS, "reward", (due, unclear))
}

type Notice<'f, 's> = (Day, &'f File<'s>, &'f Source, Result<(), StipendError>);

/// Every notice that was delivered, oldest first, and whether its number is one that was not taken before.
fn notices<'f, 's>(files: &'f [File<'s>]) -> impl Iterator<Item = Notice<'f, 's>> {
    let mut taken = BTreeSet::new();
    let of =
        |file: &'f File<'s>| file.made_of(VisitKind::MeritNotice).map(move |(on, visit)| (on, file, visit));
    let mut made: Vec<(Day, &File<'s>, &Source)> = files.iter().flat_map(of).collect();
    made.sort_by_key(|(on, _, visit)| (*on, visit.e));
    made.into_iter()
        .map(move |(on, file, visit)| (on, file, visit, take_notice(&mut taken, &file::answer(visit, "M01"))))
}

/// What was handed over with the notice, in fen.
fn handed_over(visit: &Source) -> Money {
    let fen = file::raw_answer(visit, "M04.1").and_then(Value::as_i64);
    fen.map_or(Money::ZERO, Money::from_fen)
}

fn line(
    given: &Given<'_>,
    file: &File<'_>,
    (on, visit): (Day, &Source),
    sums: Result<Reward<'_>, StipendError>,
) -> Line {
    let said = |code: &str| Cell::from(file::answer(visit, code));
    let mut cells = vec![
        Cell::from(file.village),
        file.text("name").into(),
        file.id_no(given.full).into(),
        file.categories().into(),
        said("M01"),
        said("M02"),
        on.to_string().into(),
    ];
    let (state, standard, remark) = match &sums {
        Ok(reward) => {
            cells.extend([reward.amount, handed_over(visit)].map(Cell::Money));
            let rows: Vec<String> = reward.standards.iter().map(|row| row.says()).collect();
            (DUE, rows.join("；"), String::new())
        }
        Err(error) => {
            cells.extend([Cell::from(""), Cell::Money(handed_over(visit))]);
            (UNCLEAR, String::new(), why(error))
        }
    };
    cells.extend([standard, remark].map(Cell::from));
    Line { cells, state, recipient: Some(file.recipient.e), visit: Some(visit.e) }
}
