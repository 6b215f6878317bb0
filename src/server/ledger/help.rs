//! 困难帮扶台账: one line a difficulty that was dealt with in the period: found before its end and not ended before its beginning.

use super::{
    Cell, Column, Given, LedgerWords, Line, Source, Table,
    facts::{Measure, NeedFacts, day_in},
    file::{self, File, answer, day_text, join, text},
    table::column,
};
use domain::{
    day::{Day, Timestamp},
    money::Money,
    need::{self, Closing, NeedState, Since, Urgency},
};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

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

pub(super) fn table(given: &Given<'_>) -> Table {
    let by = Measure::of(given);
    let files = file::files(given);
    let cases =
        files.iter().flat_map(|file| file.needs.iter().map(move |need| (file, *need, facts(file, need))));
    let cases: Vec<_> = cases.filter(|(.., facts)| facts.was_dealt_with(given.period)).collect();
    let wanted = cases.iter().filter(|(.., facts)| facts.is(given.state, &by));
    let lines = wanted.map(|(file, need, facts)| line(given, file, need, facts)).collect();
    counted(&cases.iter().map(|(file, _, facts)| (file.recipient.e, facts)).collect::<Vec<_>>(), lines, &by)
}

/// What a difficulty says, as far as it is counted.
pub(super) fn facts(file: &File<'_>, need: &Source) -> NeedFacts {
    let measures: Vec<&Source> = measures(file, need);
    let state = text(&need.fields, "state");
    let ended = ended_on(need);
    let days: Vec<(Option<Day>, Option<Day>)> =
        measures.iter().map(|one| (day_in(one, "due_on"), day_in(one, "done_on"))).collect();
    let closed_on = ended.filter(|_| state == NeedState::Closed.word());
    let awaited_on = step_to(need, NeedState::AwaitFollowUp);
    NeedFacts {
        kind: text(&need.fields, "kind"),
        is_open: NeedState::is_open_word(&state),
        due: due_on(file, need, &measures),
        found: need.dates.made,
        ended,
        in_time: closed_on.map(|closed_on| Closing { closed_on, awaited_on, measures: &days }.is_in_time()),
    }
}

fn counted(cases: &[(Uuid, &NeedFacts)], lines: Vec<Line>, by: &Measure) -> Table {
    let count = |word: &str| cases.iter().filter(|(_, facts)| facts.is(word, by)).count();
    let people = cases.iter().map(|(person, _)| person).collect::<BTreeSet<_>>().len();
    let (needs, open, overdue, ended) = (cases.len(), count("open"), count("overdue"), count("ended"));
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

/// The day of the step that ended it; none while it is open.
fn ended_on(need: &Source) -> Option<Day> {
    if NeedState::is_open_word(&text(&need.fields, "state")) {
        return None;
    }
    let last = steps(need).filter_map(|step| step["t"].as_i64()).max();
    last.map(|t| Timestamp::from_ms(t).day()).or(need.dates.written.get("state").copied())
}

/// The day of the last step to a state.
fn step_to(need: &Source, state: NeedState) -> Option<Day> {
    let there = steps(need).filter(|step| step["v"]["to"] == state.word());
    there.filter_map(|step| step["t"].as_i64()).max().map(|t| Timestamp::from_ms(t).day())
}

fn steps(need: &Source) -> impl Iterator<Item = &Value> {
    need.fields.get("steps").and_then(Value::as_array).into_iter().flatten()
}

/// The measures against a difficulty.
fn measures<'a>(file: &File<'a>, need: &Source) -> Vec<&'a Source> {
    file.measures.iter().copied().filter(|one| text(&one.fields, "need").parse() == Ok(need.e)).collect()
}

fn line(given: &Given<'_>, file: &File<'_>, need: &Source, facts: &NeedFacts) -> Line {
    let measures = measures(file, need);
    let followed = visit_of(file, need, "follow_up").filter(|visit| file::made_on(visit).is_some());
    let state = match facts.is_open {
        false => "ended",
        true if facts.is_overdue(given.today) => "overdue",
        true => "open",
    };
    let cells = [
        file.village.to_owned(),
        file.text("name"),
        file.categories(),
        cause(file, need),
        LedgerWords::need(&text(&need.fields, "kind")).to_owned(),
        join(&measures.iter().map(|one| measure(one)).collect::<Vec<_>>(), "；"),
        given.person(responsible(file, need, &measures)),
        day_text(facts.due),
        LedgerWords::need_state(&text(&need.fields, "state")).to_owned(),
        result(need, &measures),
        day_text(followed.and_then(file::made_on)),
        followed.map(|visit| answer(visit, "A25")).unwrap_or_default(),
    ];
    Line { cells: cells.map(Cell::from).to_vec(), state, recipient: Some(file.recipient.e), visit: None }
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

/// The day until which the last measure was promised; before any is planned, the need's own; of one that nobody has taken up, the limit from the
/// visit that found it.
fn due_on(file: &File<'_>, need: &Source, measures: &[&Source]) -> Option<Day> {
    let promised = measures.iter().filter_map(|measure| day_in(measure, "due_on")).max();
    promised.or_else(|| day_in(need, "due_on")).or_else(|| {
        let found = text(&need.fields, "state") == NeedState::Found.word();
        let seen = visit_of(file, need, "found_by").and_then(file::made_on);
        let day = seen.or(need.dates.made).filter(|_| found)?;
        let urgency = Urgency::from_word(&text(&need.fields, "urgency")).unwrap_or(Urgency::Normal);
        need::due_on(NeedState::Found, urgency, Since { day, last_measure: None, notice_until: None })
    })
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
