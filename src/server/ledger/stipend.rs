//! 优待金发放表: one line a conscript's family to whom money fell due in the year by the published standards, then those for whom it cannot be computed,
//! with the reason.

use super::{
    Cell, Column, Given, Line, Source, Table,
    facts::day_in,
    file::{self, File, day_text, text},
    table::column,
};
use domain::{
    category::Category,
    completeness,
    day::Day,
    money::Money,
    options,
    stipend::{
        Award, Domicile, End, Family, Line as Due, Region, Service, Span, Standards, StipendError, year,
    },
    visit::VisitKind,
};

pub(super) const COLUMNS: &[Column] = &[
    column("village", "村(社区)", 10.0),
    column("name", "姓名", 9.0),
    column("id_no", "身份证号", 20.0),
    column("conscript", "义务兵", 9.0),
    column("enlisted_on", "入伍时间", 11.0),
    column("domicile", "户口性质", 7.0),
    column("months", "发放月数", 6.0),
    column("stipend", "优待金额", 11.0),
    column("more_region", "进藏（进疆）增发", 11.0),
    column("more_merit", "立功增发", 10.0),
    column("more_other", "其他增发", 9.0),
    column("all", "合计", 12.0),
    column("payee", "领款人", 9.0),
    column("standard", "执行标准", 30.0),
    column("remark", "备注", 22.0),
];

/// The category of a conscript's family.
const CONSCRIPT_FAMILY: &str = "71";
pub(super) const DUE: &str = "due";
pub(super) const UNCLEAR: &str = "unclear";
/// Said above the lines: no file holds it.
const BY_HAND: &str = "其他增发（如大学生一次性增发）档案里没有依据，要发的人工另加；";

pub(super) fn table(given: &Given<'_>) -> Table {
    let Some(span) = span(given) else { return Table::default() };
    let files = file::files(given);
    let (mut due, mut unclear) = (Vec::new(), Vec::new());
    for file in &files {
        let is_ours = |one: &&&Source| text(&one.fields, "category") == CONSCRIPT_FAMILY;
        for one in file.entitlements.iter().filter(is_ours) {
            match computed(given, file, one, span) {
                Ok(None) => {}
                Ok(Some(sums)) if sums.to_recover == 0 => due.push(line(given, file, one, Ok(&sums))),
                Ok(Some(sums)) => unclear.push(line(given, file, one, Err(recovery(sums.to_recover)))),
                Err(why) => unclear.push(line(given, file, one, Err(why))),
            }
        }
    }
    let above = format!("{BY_HAND}本表计算到 {}", span.to);
    Table { above, ..paid(given, COLUMNS, "all", (due, unclear)) }
}

/// The lines that are paid with their sums, then those that nobody can compute.
pub(super) fn paid(
    given: &Given<'_>,
    columns: &[Column],
    summed: &str,
    (due, unclear): (Vec<Line>, Vec<Line>),
) -> Table {
    let mut table = Table { lines: due, ..Table::default() };
    table.sum();
    let at = columns.iter().position(|column| column.key == summed);
    let fen = match table.sums.as_ref().zip(at).and_then(|(sums, at)| sums.get(at)) {
        Some(Cell::Money(sum)) => usize::try_from(sum.fen()).unwrap_or_default(),
        _ => 0,
    };
    table.counts = vec![("due", table.lines.len()), ("unclear", unclear.len()), ("fen", fen)];
    table.lines.extend(unclear);
    table.keep(given.state);
    table.sums = table.sums.filter(|_| given.state != UNCLEAR);
    table
}

/// The days of the year that have come.
pub(super) fn span(given: &Given<'_>) -> Option<Span> {
    let (from, to) = given.period.from.zip(given.period.to)?;
    Some(Span { from, to: to.min(given.today) })
}

/// Nothing where nothing fell due.
fn computed<'a>(
    given: &Given<'a>,
    file: &File<'_>,
    one: &Source,
    span: Span,
) -> Result<Option<Due<'a>>, String> {
    let state = text(&one.fields, "state");
    if matches!(state.as_str(), "refused" | "recognised") || file.text("status") == "closed" {
        return Ok(None);
    }
    let from = enlisted_on(file, one).ok_or("没有填义务兵的服役开始日期（入伍时间）")?;
    let on = day_in(one, "service_to").or(day_in(one, "to"));
    if let Some(end) = on.filter(|end| *end < from) {
        return Err(why(&StipendError::Backwards { from, end }));
    }
    // Of the year in which a family moves the old place pays all, and nothing after it.
    let end = match state.as_str() {
        "cancelled" => Some(End::Forfeited(on.ok_or("待遇已取消，但没有填终止日期")?)),
        "stopped" => Some(End::On(on.ok_or("待遇已停发，但没有填终止日期")?)),
        "moved" if on.ok_or("待遇已迁移，但没有填终止日期")?.year() < span.from.year() => {
            return Ok(None);
        }
        "moved" => None,
        _ => on.map(End::On),
    };
    let service = Service { from, end };
    if service.last_in(span).is_none() {
        return Ok(None);
    }
    if let Some(why) = undecided(&state, file) {
        return Err(why);
    }
    let said = text(&one.fields, "conscript_region");
    let region = Region::of_file(&said)
        .ok_or_else(|| format!("“进藏进疆”写的是“{said}”，看不出在哪里服役；请写西藏、新疆、高原或否"))?;
    let delivered = file.made_of(VisitKind::MeritNotice);
    let delivered = delivered.filter(|(on, _)| (span.from..=span.to).contains(on));
    let awards: Option<Vec<Award>> =
        delivered.map(|(_, visit)| Award::read(&file::answer(visit, "M02"))).collect();
    let awards = awards.ok_or_else(|| why(&StipendError::Award))?;
    let family = Family { service, domicile: domicile(file), region, awards: &awards, other: Money::ZERO };
    year(&family, Standards(&given.sources.standards), span).map_err(|error| why(&error))
}

/// What a person has to decide before anything is paid.
fn undecided(state: &str, file: &File<'_>) -> Option<String> {
    let why = match state {
        "accepted" => "受理中，还没有认定享受待遇",
        "suspended" => "待遇中止，恢复后再算",
        "died" => "待遇写的是去世，请先确定由谁领取",
        _ if !file.is_on_register() => {
            let code = file.text("status");
            let word = options::label("status", &code).unwrap_or(&code);
            return Some(format!("档案{word}，请先确定由谁领取、由哪里发放"));
        }
        _ => return None,
    };
    Some(why.to_owned())
}

/// The conscript's own, else what a list wrote into the file; in the file of somebody who served himself that is his own.
fn enlisted_on(file: &File<'_>, one: &Source) -> Option<Day> {
    let codes = file.entitlements.iter().map(|one| text(&one.fields, "category"));
    let categories: Vec<Category> = codes.filter_map(|code| code.parse().ok()).collect();
    let of_file = || Some(file.recipient).filter(|_| !completeness::served(&categories));
    day_in(one, "service_from").or_else(|| day_in(of_file()?, "enlisted_on"))
}

pub(super) fn domicile(file: &File<'_>) -> Option<Domicile> {
    match file.text("domicile_kind").as_str() {
        "1" => Some(Domicile::Rural),
        "2" => Some(Domicile::Urban),
        _ => None,
    }
}

fn recovery(months: i32) -> String {
    format!("待遇已取消，不发；此前到期的 {months} 个月如已发放，应追回")
}

/// Why nothing is computed, and what to do.
pub(super) fn why(error: &StipendError) -> String {
    match error {
        StipendError::NoStandard { item, on } => format!("{}的标准没有公布（{on}）", item.label()),
        StipendError::NoDomicile => "标准分城乡，档案没有填户籍类别".to_owned(),
        StipendError::Backwards { from, end } => format!("服役结束日期 {end} 早于起始日期 {from}"),
        StipendError::Award => "奖励等级认不出".to_owned(),
        StipendError::NoNotice => "没有喜报编号".to_owned(),
        StipendError::SameNotice => "喜报编号已登记过，不重复发放".to_owned(),
        StipendError::TooMuch => "金额太大，请核对标准".to_owned(),
    }
}

fn line(given: &Given<'_>, file: &File<'_>, one: &Source, sums: Result<&Due<'_>, String>) -> Line {
    let domicile = file.text("domicile_kind");
    let mut cells = vec![
        Cell::from(file.village),
        file.text("name").into(),
        file.id_no(given.full).into(),
        text(&one.fields, "conscript_name").into(),
        day_text(enlisted_on(file, one)).into(),
        options::label("domicile_kind", &domicile).unwrap_or(&domicile).into(),
    ];
    let (standard, remark, state) = match sums {
        Ok(sums) => {
            cells.push(Cell::Count(sums.months.into()));
            cells.extend([sums.stipend, sums.region, sums.merit].map(Cell::Money));
            // No file holds what else is paid; whoever pays it writes it in.
            cells.push(Cell::from(""));
            cells.push(Cell::Money(sums.total));
            let rows: Vec<String> = sums.standards.iter().map(|row| row.says()).collect();
            (rows.join("；"), text(&one.fields, "remark"), DUE)
        }
        Err(why) => {
            const SUMS: usize = 6;
            cells.extend(std::iter::repeat_n(Cell::from(""), SUMS));
            (String::new(), why, UNCLEAR)
        }
    };
    cells.extend([text(&one.fields, "payee"), standard, remark].map(Cell::from));
    Line { cells, state, recipient: Some(file.recipient.e), visit: None }
}
