//! 走访建档情况表: one line a person on the register, with whether he was visited in the period, whether he is overdue today, and what his file lacks.

use super::{
    Cell, Column, Given, Line, Table,
    facts::{FileFacts, Measure},
    file::{self, File, day_text},
    table::column,
};
use crate::dossier;
use domain::{completeness::Completeness, guardian};

pub(super) const COLUMNS: &[Column] = &[
    column("village", "村(社区)", 10.0),
    column("name", "姓名", 9.0),
    column("category", "类别", 13.0),
    column("class", "走访等级", 6.0),
    column("responsible", "联系责任人", 10.0),
    column("visits", "走访次数", 6.0),
    column("last_on", "上次走访", 11.0),
    column("due_on", "应走访日期", 11.0),
    column("covered", "走访情况", 13.0),
    column("filled", "档案完整度", 8.0),
    column("lacks", "档案缺项", 34.0),
];

/// The lines of a period. The word chooses those who were visited or not, are overdue, were never seen, and whose file is whole or not.
pub(super) fn table(given: &Given<'_>) -> Table {
    let by = Measure::of(given);
    let files = file::files(given);
    let people: Vec<(&File<'_>, FileFacts)> = files
        .iter()
        .map(|file| (file, FileFacts::of(file)))
        .filter(|(_, facts)| facts.is_counted(&by))
        .collect();
    let count = |word: &str| people.iter().filter(|(_, facts)| is(facts, word, &by)).count();
    let (all, visited, overdue, complete) =
        (people.len(), count("visited"), count("overdue"), count("complete"));
    let wanted = people.iter().filter(|(_, facts)| is(facts, given.state, &by));
    Table {
        lines: wanted.map(|(file, facts)| line(given, file, facts, &by)).collect(),
        total: format!("合计：在册 {all} 人，已走访 {visited} 人，逾期 {overdue} 人，档案完整 {complete} 人"),
        counts: vec![("people", all), ("visited", visited), ("overdue", overdue), ("complete", complete)],
        ..Table::default()
    }
}

/// Whether a person stands in the list of this word; no word is the list of all.
pub(super) fn is(facts: &FileFacts, word: &str, by: &Measure) -> bool {
    match word {
        "visited" => facts.is_visited(by.period),
        "unvisited" => !facts.is_visited(by.period),
        "overdue" => facts.is_overdue(by),
        "never" => facts.visits.is_empty(),
        "complete" => facts.is_complete(by.today),
        "incomplete" => !facts.is_complete(by.today),
        "" | "all" => true,
        _ => false,
    }
}

fn line(given: &Given<'_>, file: &File<'_>, facts: &FileFacts, by: &Measure) -> Line {
    let whole = file.completeness(guardian::is_asked(file.born(), by.today));
    let cells = vec![
        Cell::from(file.village),
        Cell::Text(file.text("name")),
        Cell::Text(file.categories()),
        Cell::Text(facts.class().to_string()),
        Cell::Text(given.person(file.text("responsible"))),
        Cell::count(facts.visits_in(by.period).count()),
        Cell::Text(day_text(facts.visits.last().map(|visit| visit.on))),
        Cell::Text(day_text(facts.due_on(by))),
        Cell::from(covered(facts, by)),
        Cell::Text(format!("{}%", whole.percent())),
        Cell::Text(lacks(&whole)),
    ];
    Line { cells, recipient: Some(file.recipient.e), ..Line::default() }
}

fn covered(facts: &FileFacts, by: &Measure) -> &'static str {
    match (facts.is_visited(by.period), facts.is_overdue(by)) {
        (true, false) => "已走访",
        (true, true) => "已走访，又逾期",
        (false, true) => "逾期未走访",
        (false, false) if facts.visits.is_empty() => "从未走访",
        (false, false) => "未走访",
    }
}

/// The names of the fields that are empty, each once.
fn lacks(whole: &Completeness) -> String {
    let mut words: Vec<String> = Vec::new();
    for gap in &whole.gaps {
        let word = dossier::field_word(gap.field);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join("、")
}
