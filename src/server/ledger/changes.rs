//! 增减变动表: who came onto the list in the period, who left it, and whose category changed.
//!
//! What happened counts in the period in which the office noted it, so that a death that is told late still reaches the county, and no table that
//! was handed up becomes wrong afterwards. Beside it stands the day on which it happened.

use super::{
    Cell, Column, Departure, Given, Line, Source, Table,
    file::{self, File, day_text, text},
    table::column,
};
use domain::{day::Day, departure, options};

pub(super) const COLUMNS: &[Column] = &[
    column("village", "村(社区)", 12.0),
    column("name", "姓名", 10.0),
    column("id_no", "身份证号", 20.0),
    column("was", "变更前类别", 12.0),
    column("category", "类别", 16.0),
    column("turn", "增减", 8.0),
    column("cause", "原因", 14.0),
    column("happened_on", "发生日期", 12.0),
    column("noted_on", "登记日期", 12.0),
    column("why", "说明", 32.0),
];

const JOINED: &str = "joined";
const LEFT: &str = "left";
const CHANGED: &str = "changed";

/// Something that happened to a person's place on the list.
struct Event {
    turn: &'static str,
    cause: String,
    happened_on: String,
    noted_on: Option<Day>,
    why: String,
    /// The category before.
    was: String,
}

pub(super) fn table(given: &Given<'_>) -> Table {
    let (Some(from), Some(to)) = (given.period.from, given.period.to) else { return Table::default() };
    let is_within = |day: Option<Day>| day.is_some_and(|day| given.period.holds(day));
    let (mut lines, mut before) = (Vec::new(), 0);
    for file in &file::files(given) {
        // Of what was erased with its file nothing is told.
        if file.recipient.dates.gone.is_some() && file.text("name").is_empty() {
            continue;
        }
        let (joined, left) = (joined(file), left(file));
        let Some(on) = joined.noted_on else { continue };
        let until = left.as_ref().and_then(|event| event.noted_on);
        // A file that was made of somebody who had gone was never on the list.
        if left.is_some() && until.is_none_or(|until| until <= on) {
            continue;
        }
        before += usize::from(on < from && until.is_none_or(|until| until >= from));
        let events = [Some(joined), left].into_iter().flatten().chain(changed(file, on));
        lines.extend(events.filter(|event| is_within(event.noted_on)).map(|event| line(given, file, event)));
    }
    for departure in &given.sources.departures {
        before += usize::from(departure.on >= from);
        lines.extend(
            (departure.on <= to).then(|| transfer(given, departure)).filter(|_| departure.on >= from),
        );
    }
    let mut table = counted(lines, before);
    table.keep(given.state);
    table
}

fn counted(lines: Vec<Line>, before: usize) -> Table {
    let count = |state: &str| lines.iter().filter(|line| line.state == state).count();
    let (joined, left, changed) = (count(JOINED), count(LEFT), count(CHANGED));
    let after = (before + joined).saturating_sub(left);
    Table {
        above: format!("上期数：{before} 人    增加：{joined} 人    减少：{left} 人    本期数：{after} 人"),
        total: format!("合计：增加 {joined} 人，减少 {left} 人，其他变更 {changed} 项"),
        counts: vec![
            ("before", before),
            ("joined", joined),
            ("left", left),
            ("after", after),
            ("changed", changed),
        ],
        lines,
        ..Table::default()
    }
}

/// How a person came onto the list: from an area of others, or as a new file.
fn joined(file: &File<'_>) -> Event {
    let dates = &file.recipient.dates;
    let came = dates.arrived.filter(|arrived| dates.made.is_none_or(|made| *arrived > made));
    let begun = file.entitlements.iter().map(|one| text(&one.fields, "from")).filter(|day| !day.is_empty());
    let begun = begun.min().unwrap_or_default();
    Event {
        turn: JOINED,
        cause: if came.is_some() { "迁入" } else { "新增" }.to_owned(),
        noted_on: came.or(dates.made),
        happened_on: if came.is_some() { day_text(came) } else { begun },
        why: String::new(),
        was: String::new(),
    }
}

/// How a person left it: the file was deleted, its person died or moved, or all that he was entitled to has ended.
fn left(file: &File<'_>) -> Option<Event> {
    let dates = &file.recipient.dates;
    let event = |cause: &str, happened_on: String, noted_on: Option<Day>, why: String| Event {
        turn: LEFT,
        cause: cause.to_owned(),
        happened_on,
        noted_on,
        why,
        was: String::new(),
    };
    let noted_on = dates.written.get("status").copied();
    match file.text("status").as_str() {
        "died" => {
            return Some(event("去世", file.text("died_on"), noted_on, file.text("death_reason")));
        }
        "moved" => {
            let to = file.text("live_addr");
            let why = if to.is_empty() { to } else { format!("迁往{to}") };
            return Some(event("迁出", String::new(), noted_on, why));
        }
        "closed" => return Some(event("注销", String::new(), noted_on, String::new())),
        _ => {}
    }
    if let Some(gone) = dates.gone {
        let cause = if gone.is_merged { "合并档案" } else { "删除档案" };
        return Some(event(cause, day_text(gone.on), gone.on, String::new()));
    }
    if file.runs() {
        return None;
    }
    let last = file.entitlements.iter().max_by_key(|one| one.dates.written.get("state"))?;
    let noted_on = last.dates.written.get("state").copied();
    let state = text(&last.fields, "state");
    Some(event(
        options::label("state", &state).unwrap_or(&state),
        first_unpaid(last),
        noted_on,
        String::new(),
    ))
}

/// The day after the last one that is paid.
fn first_unpaid(entitlement: &Source) -> String {
    day_text(text(&entitlement.fields, "to").parse::<Day>().ok().and_then(|last| last.plus_days(1)))
}

/// What changed of the entitlements of somebody who stays on the list since the day on which he came.
fn changed(file: &File<'_>, since: Day) -> Vec<Event> {
    let event = |cause: &str, on: Day, why: String| Event {
        turn: CHANGED,
        cause: cause.to_owned(),
        happened_on: String::new(),
        noted_on: Some(on),
        why,
        was: String::new(),
    };
    let mut events = Vec::new();
    for one in &file.entitlements {
        let category = file::category(&text(&one.fields, "category"));
        let made = one.dates.made.unwrap_or(since);
        if made > since {
            let was = categories_before(file, made);
            events.push(Event { was, ..event("增加类别", made, format!("增加{category}")) });
        }
        let later = |field: &str| one.dates.written.get(field).copied().filter(|day| *day > made);
        if let Some(on) = later("category") {
            let was = one.dates.former.get("category").map(|code| file::category(code)).unwrap_or_default();
            events.push(Event { was, ..event("类别变更", on, format!("现为{category}")) });
        }
        if let Some((on, grade)) = later("grade").zip(one.fields.get("grade").and_then(file::grade)) {
            let was = one.dates.former.get("grade").map(|grade| format!("原{grade}级，")).unwrap_or_default();
            events.push(event("等级变更", on, format!("{category}{was}现为{grade}级")));
        }
        let state = text(&one.fields, "state");
        // Where this was the last that ran, the person has left.
        if let Some(on) = later("state").filter(|_| departure::runs(&state) || file.runs()) {
            let word = options::label("state", &state).unwrap_or(&state);
            let happened_on = if departure::runs(&state) { String::new() } else { first_unpaid(one) };
            events.push(Event { happened_on, ..event("待遇变更", on, format!("{category}{word}")) });
        }
    }
    events
}

/// What else the person had before this day.
fn categories_before(file: &File<'_>, on: Day) -> String {
    let had = file.entitlements.iter().filter(|one| one.dates.made.is_some_and(|made| made < on));
    let words: Vec<String> = had.map(|one| file::category(&text(&one.fields, "category"))).collect();
    file::join(&words, "、")
}

fn line(given: &Given<'_>, file: &File<'_>, event: Event) -> Line {
    let turn = match event.turn {
        JOINED => "增加",
        LEFT => "减少",
        _ => "变更",
    };
    let cells = [
        file.village.to_owned(),
        file.text("name"),
        file.id_no(given.full),
        event.was,
        file.categories(),
        turn.to_owned(),
        event.cause,
        event.happened_on,
        day_text(event.noted_on),
        event.why,
    ];
    let is_here = file.recipient.dates.gone.is_none();
    Line {
        cells: cells.map(Cell::from).to_vec(),
        state: event.turn,
        recipient: Some(file.recipient.e).filter(|_| is_here),
        visit: None,
    }
}

/// A file that others have now: whose it is, is theirs to read.
fn transfer(given: &Given<'_>, departure: &Departure) -> Line {
    let on = departure.on.to_string();
    let cells = [
        given.village(departure.area),
        "",
        "",
        "",
        "",
        "减少",
        "转出",
        on.as_str(),
        on.as_str(),
        "档案已转到别处，由那里管理",
    ];
    Line { cells: cells.map(Cell::from).to_vec(), state: LEFT, ..Line::default() }
}
