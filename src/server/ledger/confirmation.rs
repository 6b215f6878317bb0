//! 年度确认进度表: one line a village, for one year. It begins when the county's time of confirmation opens, and goes on until the next one does.

use super::{
    Cell, Column, Given, Line, Source, Table,
    file::{self, File, answer, share, text},
    table::{TOTAL, column},
};
use domain::{day::Day, visit::VisitKind};
use uuid::Uuid;

pub(super) const COLUMNS: &[Column] = &[
    column("village", "村(社区)", 16.0),
    column("to_confirm", "应确认", 9.0),
    column("confirmed", "已确认", 9.0),
    column("station", "现场", 8.0),
    column("home", "入户", 8.0),
    column("video", "视频", 8.0),
    column("photo", "照片", 8.0),
    column("other", "其他方式", 9.0),
    column("late", "其中逾期确认", 12.0),
    column("postponed", "暂缓", 8.0),
    column("dismissed", "建议减员", 9.0),
    column("unconfirmed", "未确认", 9.0),
    column("rate", "完成率", 9.0),
];

/// The days of a year's confirmation.
#[derive(Clone, Copy)]
struct Window {
    opens: Day,
    closes: Day,
    /// The day on which the next one opens.
    next: Option<Day>,
}

impl Window {
    /// Where the county has no time for it, the year itself.
    fn of(given: &Given<'_>) -> Option<Window> {
        let year = given.period.from.map_or(given.today.year(), Day::year);
        let days = |year: i32| match given.rules.confirm {
            Some(span) => span.of(year),
            None => Day::new(year, 1, 1).zip(Day::new(year, 12, 31)),
        };
        let (opens, closes) = days(year)?;
        Some(Window { opens, closes, next: days(year + 1).map(|(opens, _)| opens) })
    }

    fn holds(&self, day: Day) -> bool {
        day >= self.opens && self.next.is_none_or(|next| day < next)
    }
}

/// How a person's confirmation stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    Done { way: Way, is_late: bool },
    Postponed,
    Dismissed,
    Open,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Station,
    Home,
    Video,
    Photo,
    Other,
}

pub(super) fn table(given: &Given<'_>) -> Table {
    let Some(window) = Window::of(given) else { return Table::default() };
    let stands: Vec<(Uuid, Stand)> = file::files(given)
        .iter()
        .filter_map(|file| Some((file.recipient.area, stand(file, &window)?)))
        .collect();
    let of = |village: Option<Uuid>| -> Vec<Stand> {
        let here = stands.iter().filter(|(area, _)| village.is_none_or(|village| *area == village));
        here.map(|(_, stand)| *stand).collect()
    };
    let places = given.sources.places.iter();
    let lines =
        places.map(|place| Line { cells: cells(&place.name, &of(Some(place.id))), ..Line::default() });
    let lines: Vec<Line> = lines.collect();
    let all = of(None);
    let done = count(&all, |stand| matches!(stand, Stand::Done { .. }));
    let open = count(&all, |stand| *stand == Stand::Open);
    let overdue = if given.today > window.closes { open } else { 0 };
    Table {
        above: format!("确认时间：{} 至 {}", window.opens, window.closes),
        counts: vec![("due", all.len()), ("done", done), ("open", open), ("overdue", overdue)],
        sums: (!lines.is_empty()).then(|| cells(TOTAL, &all)),
        lines,
        ..Table::default()
    }
}

/// Nothing for whom nothing is due: who draws nothing, came later, or went before he was confirmed.
fn stand(file: &File<'_>, window: &Window) -> Option<Stand> {
    let visits = file.made_of(VisitKind::AnnualConfirmation).filter(|(day, _)| window.holds(*day));
    let Some((day, visit)) = visits.last() else {
        let facts = file.facts();
        let came_later = facts.since.is_some_and(|since| since > window.closes);
        let is_due = file.is_on_register() && facts.priority.regular_pay && !came_later;
        return is_due.then_some(Stand::Open);
    };
    Some(match answer(visit, "C13").as_str() {
        "暂缓" => Stand::Postponed,
        "减员建议" => Stand::Dismissed,
        _ => Stand::Done { way: way(visit), is_late: day > window.closes },
    })
}

/// How it was confirmed; a form of the county's own says it as the place of the visit.
fn way(visit: &Source) -> Way {
    let said = answer(visit, "C01");
    let said = if said.is_empty() { text(&visit.fields, "place") } else { said };
    match said.as_str() {
        "现场" => Way::Station,
        "入户" => Way::Home,
        "视频" => Way::Video,
        "照片" => Way::Photo,
        _ => Way::Other,
    }
}

fn count(stands: &[Stand], is_it: impl Fn(&Stand) -> bool) -> usize {
    stands.iter().filter(|stand| is_it(stand)).count()
}

fn cells(name: &str, stands: &[Stand]) -> Vec<Cell> {
    let by = |wanted: Way| count(stands, |stand| matches!(stand, Stand::Done { way, .. } if *way == wanted));
    let done = count(stands, |stand| matches!(stand, Stand::Done { .. }));
    let counts = [
        stands.len(),
        done,
        by(Way::Station),
        by(Way::Home),
        by(Way::Video),
        by(Way::Photo),
        by(Way::Other),
        count(stands, |stand| matches!(stand, Stand::Done { is_late: true, .. })),
        count(stands, |stand| *stand == Stand::Postponed),
        count(stands, |stand| *stand == Stand::Dismissed),
        count(stands, |stand| *stand == Stand::Open),
    ];
    let mut cells = vec![Cell::from(name)];
    cells.extend(counts.map(Cell::count));
    cells.push(Cell::Text(share(done, stands.len())));
    cells
}
