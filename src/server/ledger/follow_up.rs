//! 定期回访台账: one line a visit made in the period, one a family that was due and not visited.

use super::{
    Cell, Column, Given, LedgerWords, Line, Source, Table,
    facts::stars,
    file::{self, File, answer, day_text, join, text, words_of},
    table::column,
};
use domain::{
    day::Day,
    visit::{DueState, Plan},
};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

pub(super) const COLUMNS: &[Column] = &[
    column("village", "村(社区)", 10.0),
    column("name", "姓名", 8.5),
    column("id_no", "身份证号", 20.0),
    column("category", "类别", 14.0),
    column("phone", "联系电话", 13.0),
    column("due_on", "应回访日期", 11.0),
    column("visited_on", "回访日期", 11.0),
    column("way", "回访方式", 7.0),
    column("met", "见到谁", 9.0),
    column("health", "健康状况", 10.0),
    column("wishes", "诉求和困难", 20.0),
    column("result", "处理情况", 18.0),
    column("rating", "满意度", 7.0),
    column("visitors", "回访人", 10.0),
    column("next_due", "下次回访日期", 11.0),
    column("stand", "状态", 10.0),
];

/// Where the stars stand.
const RATING: usize = 12;

const DONE: &str = "done";
const DUE: &str = "due";
const OVERDUE: &str = "overdue";

/// The lines of a period. Who is due and until when is the plan's word, as on a phone. A family whose next visit lies after the period is no
/// line, and who is not on the register any more is due for nothing.
pub(super) fn table(given: &Given<'_>) -> Table {
    let plan = given.plan();
    let files = file::files(given);
    let lines: Vec<Line> = files.iter().flat_map(|file| family(given, file, &plan)).collect();
    let mut table = counted(lines);
    table.lines.retain(|line| is(line, given.state));
    table
}

/// Whether a line stands in the list of this word; no word is the list of all. Who is overdue is due.
fn is(line: &Line, word: &str) -> bool {
    match word {
        "" | "all" => true,
        DUE => line.visit.is_none(),
        DONE | OVERDUE => line.state == word,
        word => word
            .strip_prefix("stars_")
            .is_some_and(|stars| line.cells.get(RATING) == Some(&Cell::from(stars))),
    }
}

fn counted(lines: Vec<Line>) -> Table {
    let mut families: BTreeMap<Option<Uuid>, &str> = BTreeMap::new();
    for line in &lines {
        families.entry(line.recipient).or_insert(line.state);
    }
    let count = |wanted: &str| families.values().filter(|state| **state == wanted).count();
    let (visited, overdue) = (count(DONE), count(OVERDUE));
    let due = count(DUE) + overdue;
    let visits = lines.iter().filter(|line| line.visit.is_some()).count();
    let families = families.len();
    Table {
        total: format!(
            "合计：{families} 户，回访 {visits} 次；已回访 {visited} 户，未回访 {due} 户，其中逾期 {overdue} 户"
        ),
        counts: vec![
            ("families", families),
            ("visits", visits),
            ("visited", visited),
            ("due", due),
            ("overdue", overdue),
        ],
        lines,
        ..Table::default()
    }
}

fn family(given: &Given<'_>, file: &File<'_>, plan: &Plan) -> Vec<Line> {
    let made: Vec<Line> = file
        .made()
        .into_iter()
        .filter(|(day, _)| given.period.holds(*day))
        .map(|(day, visit)| visited(given, file, visit, day))
        .collect();
    if !made.is_empty() || !file.is_on_register() {
        return made;
    }
    let due = plan.follow_up(&file.facts());
    let due_on = due.and_then(|due| due.closes);
    if given.period.to.zip(due_on).is_some_and(|(to, due_on)| due_on > to) {
        return Vec::new();
    }
    let is_overdue = due.is_some_and(|due| due.state == DueState::Missed);
    let said = Said { due_on: day_text(due_on), ..Said::default() };
    vec![line(given, file, if is_overdue { OVERDUE } else { DUE }, said)]
}

/// What a line says of the visit.
#[derive(Default)]
struct Said {
    due_on: String,
    visited_on: String,
    way: String,
    met: String,
    health: String,
    wishes: String,
    result: String,
    rating: String,
    visitors: String,
    next_due: String,
}

fn visited(given: &Given<'_>, file: &File<'_>, visit: &Source, day: Day) -> Line {
    let said = Said {
        due_on: text(&visit.fields, "due_on"),
        visited_on: day.to_string(),
        way: answer(visit, "A01"),
        met: answer(visit, "A02"),
        health: answer(visit, "A10"),
        wishes: join(&[answer(visit, "A26"), answer(visit, "A27")], ":"),
        result: result_of(visit, &file.needs),
        rating: stars(visit).map(|stars| stars.to_string()).unwrap_or_default(),
        visitors: visitors(given, visit),
        next_due: text(&visit.fields, "next_due"),
    };
    Line { visit: Some(visit.e), ..line(given, file, DONE, said) }
}

fn visitors(given: &Given<'_>, visit: &Source) -> String {
    match visit.fields.get("visitors") {
        Some(Value::Array(names)) => {
            let names: Vec<String> = names.iter().map(|name| given.person(words_of(None, name))).collect();
            names.join("、")
        }
        Some(name) => given.person(words_of(None, name)),
        None => String::new(),
    }
}

fn line(given: &Given<'_>, file: &File<'_>, state: &'static str, said: Said) -> Line {
    let cells = [
        file.village.to_owned(),
        file.text("name"),
        file.id_no(given.full),
        file.categories(),
        file.phone(given.full),
        said.due_on,
        said.visited_on,
        said.way,
        said.met,
        said.health,
        said.wishes,
        said.result,
        said.rating,
        said.visitors,
        said.next_due,
        word(state).to_owned(),
    ];
    let cells = cells.map(Cell::from).to_vec();
    Line { cells, state, recipient: Some(file.recipient.e), visit: None }
}

fn word(state: &str) -> &'static str {
    match state {
        DONE => "已回访",
        OVERDUE => "逾期未回访",
        _ => "未回访",
    }
}

/// What came of the visit: the needs it found, each with where it stands now; else what the visitor wrote.
fn result_of(visit: &Source, needs: &[&Source]) -> String {
    let id = visit.e.to_string();
    let shows = |need: &&&Source| {
        let evidence = need.fields.get("evidence").and_then(Value::as_array);
        text(&need.fields, "found_by") == id
            || evidence.is_some_and(|list| list.iter().any(|item| item.as_str() == Some(&id)))
    };
    let found: Vec<String> = needs
        .iter()
        .filter(shows)
        .map(|need| {
            format!(
                "{}:{}",
                LedgerWords::need(&text(&need.fields, "kind")),
                LedgerWords::need_state(&text(&need.fields, "state"))
            )
        })
        .collect();
    if found.is_empty() { text(&visit.fields, "result") } else { found.join(";") }
}
