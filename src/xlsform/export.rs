//! A checklist as a workbook that any XLSForm program takes, and that is read here again as the same checklist.

use crate::settings::TITLE_EN;
use domain::checklist::{Choice, Question, QuestionKind, Required, Template, Words, is_fact};
use std::collections::{BTreeMap, BTreeSet};

/// A workbook to be written.
pub struct Plain {
    /// `survey`, `choices`, `settings`.
    pub sheets: Vec<PlainSheet>,
}

/// One of its sheets.
pub struct PlainSheet {
    /// What stands on its tab.
    pub name: &'static str,
    /// The first are the headings.
    pub rows: Vec<Vec<String>>,
}

const ZH: &str = "中文 (zh)";
const EN: &str = "English (en)";
/// The list of yes and no, which a checklist has as a kind of question of its own.
const YES_NO: &str = "huifang_yes_no";

/// Makes a workbook of a template.
pub fn write(template: &Template) -> Plain {
    let mut survey = Rows::new(&[
        "type",
        "name",
        &format!("label::{ZH}"),
        &format!("label::{EN}"),
        &format!("hint::{ZH}"),
        &format!("hint::{EN}"),
        "required",
        "relevant",
        "constraint",
        &format!("constraint_message::{ZH}"),
        &format!("constraint_message::{EN}"),
        "calculation",
        "default",
        "choice_filter",
        "repeat_count",
        "huifang",
    ]);
    let mut lists = Lists::default();
    for fact in facts(&template.questions) {
        survey.add(&[("type", "calculate"), ("name", &fact), ("calculation", "''")]);
    }
    questions(&template.questions, &mut survey, &mut lists);
    let mut settings = Rows::new(&["form_title", TITLE_EN, "form_id", "version", "default_language"]);
    let version = template.version.to_string();
    settings.add(&[
        ("form_title", &template.title.zh),
        (TITLE_EN, template.title.en.as_deref().unwrap_or_default()),
        ("form_id", &template.id),
        ("version", &version),
        ("default_language", ZH),
    ]);
    let sheet = |name, rows: Rows| PlainSheet { name, rows: rows.rows };
    let choices = lists.into_rows();
    Plain { sheets: vec![sheet("survey", survey), sheet("choices", choices), sheet("settings", settings)] }
}

/// Rows below headings.
struct Rows {
    rows: Vec<Vec<String>>,
}

impl Rows {
    fn new(headings: &[&str]) -> Rows {
        Rows { rows: vec![headings.iter().map(|heading| (*heading).to_owned()).collect()] }
    }

    fn add(&mut self, cells: &[(&str, &str)]) {
        let mut row = vec![String::new(); self.rows[0].len()];
        for (column, text) in cells {
            if let Some(at) = self.rows[0].iter().position(|heading| heading == column) {
                (*text).clone_into(&mut row[at]);
            }
        }
        self.rows.push(row);
    }
}

fn questions(all: &[Question], survey: &mut Rows, lists: &mut Lists) {
    for question in all {
        let (begin, end) = match question.kind {
            QuestionKind::Parts => ("begin group", "end group"),
            QuestionKind::Repeat => ("begin repeat", "end repeat"),
            _ => {
                row(question, &type_of(question, lists), survey);
                continue;
            }
        };
        row(question, begin, survey);
        questions(&question.parts, survey, lists);
        survey.add(&[("type", end)]);
    }
}

fn type_of(question: &Question, lists: &mut Lists) -> String {
    match question.kind {
        QuestionKind::Single => format!("select_one {}", lists.of(question)),
        QuestionKind::Multi => format!("select_multiple {}", lists.of(question)),
        QuestionKind::Bool => format!("select_one {}", lists.yes_no()),
        QuestionKind::Int | QuestionKind::Rating => "integer".to_owned(),
        QuestionKind::Decimal | QuestionKind::Money => "decimal".to_owned(),
        QuestionKind::Date => "date".to_owned(),
        QuestionKind::Photo | QuestionKind::Signature => "image".to_owned(),
        QuestionKind::Geo => "geopoint".to_owned(),
        QuestionKind::Note => "note".to_owned(),
        QuestionKind::Calculate => "calculate".to_owned(),
        QuestionKind::Text | QuestionKind::Phone | QuestionKind::Region => "text".to_owned(),
        QuestionKind::Parts | QuestionKind::Repeat => unreachable!("groups have rows of their own"),
    }
}

fn row(question: &Question, kind: &str, survey: &mut Rows) {
    let text = |expr: &Option<domain::expr::Expr>| {
        expr.as_ref().map(|expr| expr.text().to_owned()).unwrap_or_default()
    };
    let required = match &question.required {
        Required::No => String::new(),
        Required::Yes => "yes".to_owned(),
        Required::When(expr) => expr.text().to_owned(),
    };
    let derive = text(&question.derive);
    let is_repeat = question.kind == QuestionKind::Repeat;
    let say = question.validate.as_ref().map(|rule| &rule.say);
    let words = |words: Option<&Words>| {
        let zh = words.map(|words| words.zh.clone()).unwrap_or_default();
        (zh, words.and_then(|words| words.en.clone()).unwrap_or_default())
    };
    let label = (question.kind != QuestionKind::Calculate).then_some(&question.text);
    let ((label_zh, label_en), (hint_zh, hint_en), (say_zh, say_en)) =
        (words(label), words(question.hint.as_ref()), words(say));
    survey.add(&[
        ("type", kind),
        ("name", &question.code),
        (&format!("label::{ZH}"), &label_zh),
        (&format!("label::{EN}"), &label_en),
        (&format!("hint::{ZH}"), &hint_zh),
        (&format!("hint::{EN}"), &hint_en),
        ("required", &required),
        ("relevant", &text(&question.show_if)),
        ("constraint", question.validate.as_ref().map_or("", |rule| rule.expr.text())),
        (&format!("constraint_message::{ZH}"), &say_zh),
        (&format!("constraint_message::{EN}"), &say_en),
        ("calculation", if is_repeat { "" } else { &derive }),
        ("default", &default_of(question)),
        ("choice_filter", question.filter.as_ref().map_or("", |filter| filter.0.text())),
        ("repeat_count", if is_repeat { &derive } else { "" }),
        ("huifang", &extras(question)),
    ]);
}

/// A constant stands there as itself, what is computed as its expression.
fn default_of(question: &Question) -> String {
    let Some(expr) = &question.default else { return String::new() };
    match expr.text().as_bytes() {
        [b'\'' | b'"', .., b'\'' | b'"'] if expr.is_constant() => {
            expr.text()[1..expr.text().len() - 1].to_owned()
        }
        _ => expr.text().to_owned(),
    }
}

/// What XLSForm has no word for.
fn extras(question: &Question) -> String {
    let mut words: Vec<String> = Vec::new();
    let kind = match question.kind {
        QuestionKind::Money => Some("money"),
        QuestionKind::Bool => Some("bool"),
        QuestionKind::Phone => Some("phone"),
        QuestionKind::Region => Some("region"),
        QuestionKind::Rating => Some("rating"),
        QuestionKind::Signature => Some("signature"),
        // Without it one photo would be meant.
        QuestionKind::Photo => Some("limits"),
        _ => None,
    };
    words.extend(kind.map(str::to_owned));
    words.extend(question.min.map(|min| format!("min={min}")));
    words.extend(question.max.map(|max| format!("max={max}")));
    for (holds, word) in [
        (question.may_refuse, "may_refuse"),
        (question.paper, "paper"),
        (question.as_last, "as_last"),
        (question.shared, "shared"),
    ] {
        words.extend(holds.then(|| word.to_owned()));
    }
    words.join(" ")
}

/// The facts that expressions ask for: each is a row, so that no reference is without one.
fn facts(questions: &[Question]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for question in questions {
        let required = match &question.required {
            Required::When(expr) => Some(expr),
            _ => None,
        };
        let exprs = [
            question.show_if.as_ref(),
            question.derive.as_ref(),
            question.default.as_ref(),
            question.validate.as_ref().map(|rule| &rule.expr),
            question.filter.as_ref().map(|filter| &filter.0),
            required,
        ];
        let names = exprs.into_iter().flatten().flat_map(|expr| expr.names());
        found.extend(names.filter(|name| is_fact(name)).map(str::to_owned));
        found.extend(facts(&question.parts));
    }
    found
}

/// Lists of options; questions with the same options share one.
#[derive(Default)]
struct Lists {
    lists: Vec<(String, Vec<Choice>)>,
    has_yes_no: bool,
}

impl Lists {
    fn of(&mut self, question: &Question) -> String {
        if let Some((name, _)) = self.lists.iter().find(|(_, options)| *options == question.options) {
            return name.clone();
        }
        let name = format!("l_{}", question.code);
        self.lists.push((name.clone(), question.options.clone()));
        name
    }

    fn yes_no(&mut self) -> &'static str {
        self.has_yes_no = true;
        YES_NO
    }

    fn into_rows(self) -> Rows {
        let (zh, en) = (format!("label::{ZH}"), format!("label::{EN}"));
        let columns: BTreeSet<&str> = self
            .lists
            .iter()
            .flat_map(|(_, options)| options)
            .flat_map(|choice| choice.columns.keys())
            .map(|name| &**name)
            .collect();
        let mut headings = vec!["list_name", "name", &zh, &en, "huifang_alone"];
        headings.extend(&columns);
        let mut rows = Rows::new(&headings);
        for (list, options) in &self.lists {
            for choice in options {
                let none: &BTreeMap<String, String> = &choice.columns;
                let mut cells = vec![
                    ("list_name", &**list),
                    ("name", &choice.code),
                    (&zh, &choice.text.zh),
                    (&en, choice.text.en.as_deref().unwrap_or_default()),
                    ("huifang_alone", if choice.alone { "yes" } else { "" }),
                ];
                cells.extend(none.iter().map(|(name, text)| (&**name, &**text)));
                rows.add(&cells);
            }
        }
        if self.has_yes_no {
            for (code, yes, en_word) in [("true", "是", "Yes"), ("false", "否", "No")] {
                rows.add(&[("list_name", YES_NO), ("name", code), (&zh, yes), (&en, en_word)]);
            }
        }
        rows
    }
}
