//! `${…}` in any cell: well written, and of a question that is there once.

use crate::{
    cells::{Sheets, Table},
    problem::{Found, Place, Said, said},
    survey::Item,
    types::is_xml_name,
};
use domain::{checklist::is_fact, expr::LAST};
use std::collections::BTreeMap;

/// Columns of `survey` in which a reference is only text.
const WITHOUT: [&str; 3] = ["type", "name", "trigger"];

pub(crate) fn check(sheets: &Sheets, items: &[Item], found: &mut Found) {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    count(items, &mut names);
    check_sheet(&sheets.settings, &names, found, &|_| true);
    check_sheet(&sheets.survey, &names, found, &|column| !WITHOUT.contains(&column));
    check_sheet(&sheets.choices, &names, found, &|column| matches!(column, "label" | "media"));
}

fn count<'a>(items: &'a [Item], names: &mut BTreeMap<&'a str, usize>) {
    for item in items {
        *names.entry(&item.name).or_default() += 1;
        count(&item.parts, names);
    }
}

fn check_sheet(
    table: &Table,
    names: &BTreeMap<&str, usize>,
    found: &mut Found,
    counts: &dyn Fn(&str) -> bool,
) {
    for row in table.rows() {
        for (column, text) in row.cells().filter(|(column, _)| counts(&column.name)) {
            let mut say = |said: Said| {
                found.error(Place::cell(table.name, row.number, &column.heading), said);
            };
            for reference in references(text) {
                match reference {
                    Err(part) => say(said!(
                        "{part:?} is no reference: write ${{name}}, without spaces, with the name of a question",
                        "“{part}”不是引用：请写 ${{name}}，不留空格，name 是题的名称"
                    )),
                    Ok(name) => match names.get(name) {
                        Some(1) => {}
                        Some(_) => say(said!(
                            "${{{name}}} may mean several questions: give each of them a name of its own",
                            "${{{name}}} 可能指几道题：请给它们各取一个名称"
                        )),
                        None if is_fact(name) => say(said!(
                            "${{{name}}} comes from the file: add a row of type calculate with this name and the \
                             calculation ''",
                            "${{{name}}} 取自档案：请加一行 calculate，name 写这个，calculation 写 ''"
                        )),
                        None => say(said!(
                            "${{{name}}} is no question of the form: correct the name, or add the question",
                            "表里没有 ${{{name}}} 这道题：请改正名称，或加上这道题"
                        )),
                    },
                }
            }
        }
    }
}

/// The names that a text refers to, and what looks like a reference and is none.
pub(crate) fn references(text: &str) -> Vec<Result<&str, &str>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let inner = &rest[at + 2..];
        let Some(end) = inner.find('}') else {
            found.push(Err(&rest[at..]));
            break;
        };
        let name = &inner[..end];
        let bare = name.strip_prefix(LAST).unwrap_or(name);
        found.push(if is_xml_name(bare) { Ok(bare) } else { Err(&rest[at..at + end + 3]) });
        rest = &inner[end + 1..];
    }
    found
}
