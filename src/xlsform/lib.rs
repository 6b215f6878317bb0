//! XLSForm in and out: a workbook of the sheets `survey`, `choices` and `settings` becomes a checklist, and a checklist such a workbook.
//!
//! Sheets come in as text and go out as text; whoever calls reads and writes the file. Phones never link this crate.
//! What is held of XLSForm stands in `docs/checklists.md`. What pyxform, its reference implementation, accepts of that is accepted and means
//! the same; what it refuses is refused.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod bounds;
mod cells;
mod choices;
mod defaults;
mod export;
mod header;
mod json;
mod languages;
mod problem;
mod question;
mod references;
mod settings;
mod survey;
mod types;

use domain::checklist::{CHOICES_MAX, Fault, FaultWhy, LEVELS_MAX, QUESTIONS_MAX, Template, judged};
use problem::{Said, said};
use serde::{Deserialize, Serialize};

pub use export::{Plain, PlainSheet, write};
pub use json::{is_json, read_json};
pub use problem::{Place, Problem};

/// A workbook as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Its name without its ending: the checklist's id, if the settings give none.
    pub stem: String,
    /// In their order.
    pub sheets: Vec<Sheet>,
}

/// One sheet, its cells as text: numbers as they are shown, truths as `TRUE` and `FALSE`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// What stands on its tab.
    pub name: String,
    /// From row 1 on; rows may be shorter than the first.
    pub rows: Vec<Vec<String>>,
    /// The upper left cells of merged ranges, row and column from 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merges: Vec<(usize, usize)>,
}

/// What came of a workbook.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Read {
    /// The checklist; nothing if there are errors.
    pub template: Option<Template>,
    /// What keeps it from being one, in the order of the sheets.
    pub errors: Vec<Problem>,
    /// What was left out or looks odd.
    pub warnings: Vec<Problem>,
}

/// Reads a workbook.
pub fn read(book: &Book) -> Read {
    let mut found = problem::Found::default();
    let template = template(book, &mut found);
    let (errors, warnings) = found.into_both();
    Read { template: template.filter(|_| errors.is_empty()), errors, warnings }
}

fn template(book: &Book, found: &mut problem::Found) -> Option<Template> {
    let sheets = cells::Sheets::of(book, found)?;
    if !bounds::hold(&sheets, found) {
        return None;
    }
    let settings = settings::read(&sheets, &book.stem, found);
    let languages = languages::Languages::of(&sheets, settings.default_language.as_deref(), found);
    let lists = choices::read(&sheets, &settings, &languages, found);
    let rows = survey::read(&sheets, &lists, &languages, found)?;
    references::check(&sheets, &rows, found);
    if found.has_errors() {
        return None;
    }
    let questions = survey::questions(rows, found);
    let template = Template { id: settings.id, version: settings.version, title: settings.title, questions };
    for fault in judged(&template).1 {
        found.error(Place::of_question(&sheets, &fault.code), fault_words(&fault));
    }
    Some(template)
}

/// A fault of the finished checklist in words, with what to do.
fn fault_words(fault: &Fault) -> Said {
    match &fault.why {
        FaultWhy::TooMany if fault.code.is_empty() => said!(
            "there are more than {QUESTIONS_MAX} questions and groups: split the form",
            "题和分组超过 {QUESTIONS_MAX} 个：请拆成几张表"
        ),
        FaultWhy::TooMany => said!(
            "more than {CHOICES_MAX} options, or groups more than {LEVELS_MAX} deep: split the list, or take a group out",
            "选项超过 {CHOICES_MAX} 个，或分组超过 {LEVELS_MAX} 层：请拆开选项，或去掉一层"
        ),
        FaultWhy::Nothing => said!(
            "there is nothing to ask or to choose: add a question or options",
            "没有可问或可选的内容：请加题或选项"
        ),
        FaultWhy::Code(code) => said!(
            "{code:?} cannot be a name: use letters, digits, _ - and .",
            "“{code}”不能作名称：请用字母、数字、_ - 和 ."
        ),
        FaultWhy::Twice(code) => {
            said!(
                "{code:?} is there twice: give one of them another name",
                "“{code}”出现两次：请给其中一个改名"
            )
        }
        FaultWhy::Parts => said!(
            "only a group or a repeat holds questions: close it with an end row",
            "只有分组和重复组里面能有题：请用 end 行结束"
        ),
        FaultWhy::Limits => {
            said!(
                "the least is more than the most: correct min= and max=",
                "最小大于最大：请改正 min= 和 max="
            )
        }
        FaultWhy::Unknown(name) => said!(
            "${{{name}}} is no question of the form: correct the name, or add the question",
            "表里没有 ${{{name}}} 这道题：请改正名称，或加上这道题"
        ),
        FaultWhy::Circle => said!(
            "whether it is shown, or its value, depends on itself: take the circle out of relevant and calculation",
            "是否显示或取值绕回了自己：请改 relevant 和 calculation，去掉这个圈"
        ),
        FaultWhy::Zero => said!(
            "something is divided by 0: correct the number after div or mod",
            "除数是 0：请改正 div 或 mod 后面的数"
        ),
    }
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;
