//! 优抚对象花名册: one line a person, as of today.

use super::{
    Cell, Column, Given, Line, Source, Table,
    file::{self, File, grade, join, text},
    table::column,
};
use domain::{category::Category, departure, options};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const COLUMNS: &[Column] = &[
    column("village", "村(社区)", 10.0),
    column("name", "姓名", 9.0),
    column("sex", "性别", 5.0),
    column("id_no", "身份证号", 20.0),
    column("birth", "出生日期", 11.0),
    column("category", "类别", 14.0),
    column("grade", "等级", 9.0),
    column("address", "住址", 26.0),
    column("phone", "联系电话", 14.0),
    column("status", "状态", 10.0),
    column("responsible", "联系责任人", 10.0),
    column("remark", "备注", 14.0),
];

const ACTIVE: &str = "active";
const GONE: &str = "gone";

/// Whoever is on the register, if nothing else is chosen.
pub(super) fn table(given: &Given<'_>) -> Table {
    let wanted = if given.state.is_empty() { ACTIVE } else { given.state };
    let mut files = file::files(given);
    files.retain(|file| wanted == "all" || state(file) == wanted);
    let households = files.iter().map(File::household).collect::<BTreeSet<_>>().len();
    let people = files.len();
    Table {
        lines: files.iter().map(|file| line(given, file)).collect(),
        counts: vec![("people", people), ("households", households)],
        total: format!("合计：{people} 人，{households} 户{}", by_category(&files)),
        ..Table::default()
    }
}

fn state(file: &File<'_>) -> &'static str {
    if file.is_on_register() { ACTIVE } else { GONE }
}

/// How many have each category; who has several is counted in each.
fn by_category(files: &[File<'_>]) -> String {
    let mut with: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files {
        let codes = file.entitlements.iter().filter_map(|one| one.fields.get("category")?.as_str());
        for code in codes.collect::<BTreeSet<_>>() {
            *with.entry(code).or_default() += 1;
        }
    }
    let counts = Category::all()
        .filter_map(|category| with.get(category.code()).map(|n| format!("{} {n} 人", category.label())));
    let counts = counts.collect::<Vec<_>>().join("，");
    if counts.is_empty() { counts } else { format!("；其中{counts}") }
}

fn line(given: &Given<'_>, file: &File<'_>) -> Line {
    let live = file.text("live_addr");
    let grades: Vec<String> = file.entitlements.iter().map(|one| grade_of(one)).collect();
    let cells = [
        file.village.to_owned(),
        file.text("name"),
        option("sex", &file.text("sex")),
        file.id_no(given.full),
        birth(file, given.full),
        file.categories(),
        join(&grades, "、"),
        if live.is_empty() { file.text("domicile_addr") } else { live },
        file.phone(given.full),
        status(file),
        given.person(file.text("responsible")),
        file.text("remark"),
    ];
    Line {
        cells: cells.map(Cell::from).to_vec(),
        state: state(file),
        recipient: Some(file.recipient.e),
        visit: None,
    }
}

fn option(field: &str, code: &str) -> String {
    options::label(field, code).unwrap_or(code).to_owned()
}

/// `6级（因公）`
fn grade_of(entitlement: &Source) -> String {
    let Some(grade) = entitlement.fields.get("grade").and_then(grade) else { return String::new() };
    let cause = option("cause", &text(&entitlement.fields, "cause"));
    if cause.is_empty() { format!("{grade}级") } else { format!("{grade}级（{cause}）") }
}

/// The day of birth is a part of the ID number: where that is masked, the year has to do.
fn birth(file: &File<'_>, full: bool) -> String {
    match file.recipient.fields.get("birth") {
        Some(Value::String(day)) if full => day.clone(),
        Some(Value::String(day)) => day.chars().take(4).collect(),
        Some(Value::Object(part)) => part.get("show").and_then(Value::as_str).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

/// 在册, 已去世 …; of somebody on the register whose entitlements have all ended, how.
fn status(file: &File<'_>) -> String {
    if !file.is_on_register() {
        return option("status", &file.text("status"));
    }
    let mut states = file.entitlements.iter().map(|one| text(&one.fields, "state"));
    match states.find(|state| !departure::runs(state)) {
        Some(ended) if !file.runs() => option("state", &ended),
        _ => option("status", ACTIVE),
    }
}
