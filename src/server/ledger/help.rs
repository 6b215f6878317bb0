//! 困难帮扶台账: one line a difficulty that was dealt with in the period: found before its end and not ended before its beginning.

use super::{
    Cell, Column, Given, LedgerWords, Line, Source, Table,
    file::{self, File, answer, day_text, join, text},
    table::column,
};
use domain::{
    day::{Day, Timestamp},
    money::Money,
    need::NeedState,
};
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) const COLUMNS: &[Column] = &[
    column("village", "村(社区)", 10.0),
    column("name", "姓名", 9.0),
    column("category", "类别", 13.0),
    column("hardship", "致困原因", 14.0),
    column("need", "需求", 11.0),
    column("measures", "措施", 28.0),
    column("responsible", "责任人", 9.0),
    column("limit_on", "期限", 11.0),
    column("progress", "进展", 11.0),
    column("outcome", "结果", 22.0),
    column("followed_on", "回访日期", 11.0),
    column("rating", "满意度", 7.0),
];

const OPEN: &str = "open";
const OVERDUE: &str = "overdue";
const ENDED: &str = "ended";

pub(super) fn table(given: &Given<'_>) -> Table {
    let files = file::files(given);
    let lines = files.iter().flat_map(|file| {
        let needs = file.needs.iter().filter(|need| was_dealt_with(given, need));
        needs.map(|need| line(given, file, need)).collect::<Vec<_>>()
    });
    let mut table = counted(lines.collect());
    table.keep(given.state);
    table
}

fn counted(lines: Vec<Line>) -> Table {
    let count = |state: &str| lines.iter().filter(|line| line.state == state).count();
    let people = lines.iter().map(|line| line.recipient).collect::<BTreeSet<_>>().len();
    let (needs, overdue, ended) = (lines.len(), count(OVERDUE), count(ENDED));
    let open = count(OPEN) + overdue;
    Table {
        total: format!(
            "合计：{people} 人 {needs} 件；帮扶中 {open} 件，其中超期 {overdue} 件；已办结 {ended} 件"
        ),
        counts: vec![
            ("needs", needs),
            ("people", people),
            ("open", open),
            ("overdue", overdue),
            ("ended", ended),
        ],
        lines,
        ..Table::default()
    }
}

/// A need that says nothing of when it was found has been there always.
fn was_dealt_with(given: &Given<'_>, need: &Source) -> bool {
    let found = need.dates.made.is_none_or(|made| given.period.to.is_none_or(|to| made <= to));
    let ended = ended_on(need).zip(given.period.from).is_some_and(|(ended, from)| ended < from);
    found && !ended
}

/// The day of the step that ended it; none while it is open.
fn ended_on(need: &Source) -> Option<Day> {
    if NeedState::is_open_word(&text(&need.fields, "state")) {
        return None;
    }
    let steps = need.fields.get("steps").and_then(Value::as_array).into_iter().flatten();
    let last = steps.filter_map(|step| step["t"].as_i64()).max();
    last.map(|t| Timestamp::from_ms(t).day()).or(need.dates.written.get("state").copied())
}

fn line(given: &Given<'_>, file: &File<'_>, need: &Source) -> Line {
    let state = text(&need.fields, "state");
    let measures: Vec<&Source> = file.measures.iter().copied().filter(|one| is_against(one, need)).collect();
    let due = due_on(need, &measures);
    let followed = visit_of(file, need, "follow_up").filter(|visit| file::made_on(visit).is_some());
    let stand = match (NeedState::is_open_word(&state), due) {
        (false, _) => ENDED,
        (true, Some(due)) if due < given.today => OVERDUE,
        _ => OPEN,
    };
    let cells = [
        file.recipient.village.clone(),
        file.text("name"),
        file.categories(),
        cause(file, need),
        LedgerWords::need(&text(&need.fields, "kind")).to_owned(),
        join(&measures.iter().map(|one| measure(one)).collect::<Vec<_>>(), "；"),
        responsible(file, need, &measures),
        day_text(due),
        LedgerWords::need_state(&state).to_owned(),
        result(need, &measures),
        day_text(followed.and_then(file::made_on)),
        followed.map(|visit| answer(visit, "A25")).unwrap_or_default(),
    ];
    Line {
        cells: cells.map(Cell::from).to_vec(),
        state: stand,
        recipient: Some(file.recipient.e),
        visit: None,
    }
}

fn is_against(measure: &Source, need: &Source) -> bool {
    text(&measure.fields, "need").parse() == Ok(need.e)
}

/// The visit that a field of the need names.
fn visit_of<'a>(file: &File<'a>, need: &Source, field: &str) -> Option<&'a Source> {
    let named = text(&need.fields, field);
    file.visits.iter().copied().find(|visit| visit.e.to_string() == named)
}

/// What the check at home found; else what had happened in the family by the visit that found the need.
fn cause(file: &File<'_>, need: &Source) -> String {
    let checked =
        visit_of(file, need, "verified_by").map(|visit| (answer(visit, "B05"), answer(visit, "B06")));
    if let Some((cause, other)) = checked.filter(|(cause, _)| !cause.is_empty()) {
        return if other.is_empty() { cause } else { other };
    }
    let happened = visit_of(file, need, "found_by").map(|visit| answer(visit, "A19")).unwrap_or_default();
    if happened == "无" { String::new() } else { happened }
}

/// The day until which the last measure was promised; before any is planned, the need's own.
fn due_on(need: &Source, measures: &[&Source]) -> Option<Day> {
    let day = |source: &Source| text(&source.fields, "due_on").parse().ok();
    measures.iter().filter_map(|measure| day(measure)).max().or_else(|| day(need))
}

fn measure(measure: &Source) -> String {
    let fields = &measure.fields;
    let amount =
        fields.get("amount").and_then(Value::as_i64).map(|fen| format!("{} 元", Money::from_fen(fen)));
    let kind = LedgerWords::measure(&text(fields, "kind"));
    join(&[kind, text(fields, "what"), amount.unwrap_or_default()], " ")
}

fn responsible(file: &File<'_>, need: &Source, measures: &[&Source]) -> String {
    let named = measures.iter().map(|measure| text(&measure.fields, "responsible"));
    let mut names = std::iter::once(text(&need.fields, "responsible")).chain(named);
    names.find(|name| !name.is_empty()).unwrap_or_else(|| file.text("responsible"))
}

/// What came of the measures, or why there were none.
fn result(need: &Source, measures: &[&Source]) -> String {
    let done = measures.iter().map(|measure| {
        let result = text(&measure.fields, "result");
        let done_on = text(&measure.fields, "done_on");
        match (result.is_empty(), done_on.is_empty()) {
            (false, _) => result,
            (true, false) => format!("{done_on} 已办"),
            _ => String::new(),
        }
    });
    let done = join(&done.collect::<Vec<_>>(), "；");
    if done.is_empty() { text(&need.fields, "reason") } else { done }
}
