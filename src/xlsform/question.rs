//! One row of `survey` as a question.

use crate::{
    cells::Row,
    defaults::is_dynamic,
    problem::{Found, Place},
    references::references,
    survey::Item,
    types::yes_or_no,
};
use domain::{
    checklist::{Question, QuestionKind, Required, Rule, Words},
    expr::{Expr, Filter, ParseError, Value, Why},
};
use std::collections::BTreeSet;

/// What a photo question of a form takes, if nothing else is said.
const PHOTOS: (i64, i64) = (1, 1);

pub(crate) fn of(item: Item, code: &str, parts: Vec<Question>, found: &mut Found) -> Question {
    let no_words = || Words { zh: item.name.clone(), en: None };
    let label = item.label.clone().or_else(|| item.hint.clone());
    // What is computed in silence has no words but its name.
    let text = label.filter(|_| item.kind != QuestionKind::Calculate).unwrap_or_else(no_words);
    let mut question = Question::new(code, item.kind, text);
    let has_hint = item.label.is_some() && item.kind != QuestionKind::Calculate;
    question.hint = has_hint.then(|| item.hint.clone()).flatten();
    question.parts = parts;
    let mut cells = Cells { row: &item.row, found };
    question.show_if = cells.expr("relevant");
    question.derive =
        cells.expr(if item.kind == QuestionKind::Repeat { "repeat_count" } else { "calculation" });
    question.required = cells.required();
    question.validate = cells.expr("constraint").map(|expr| Rule {
        expr,
        say: item.say.clone().unwrap_or_else(|| Words {
            zh: "填写的内容不符合要求，请检查".to_owned(),
            en: Some("This is not allowed here, please check".to_owned()),
        }),
    });
    question.default = cells.default(item.kind);
    question.filter = cells.filter();
    if item.kind == QuestionKind::Photo {
        (question.min, question.max) = (Some(PHOTOS.0), Some(PHOTOS.1));
    }
    question.options = item.options;
    if question.filter.is_none() {
        // Allowed by a setting, and one and the same answer where no filter tells them apart.
        let mut seen = BTreeSet::new();
        question.options.retain(|choice| seen.insert(choice.code.clone()));
    }
    cells.extras(&mut question);
    cells.what_is_not_held(item.kind);
    question
}

/// The row that `or_other` adds.
pub(crate) fn other_row(number: usize, name: &str) -> Row {
    Row::with(number, "relevant", format!("selected(${{{name}}}, 'other')"))
}

struct Cells<'a> {
    row: &'a Row,
    found: &'a mut Found,
}

impl Cells<'_> {
    fn place(&self, column: &str) -> Place {
        Place::cell("survey", self.row.number, &self.row.heading(column))
    }

    /// The expression in a column; the words for yes and no are truths, as pyxform reads them.
    fn expr(&mut self, column: &str) -> Option<Expr> {
        let text = self.row.get(column)?;
        let text = match yes_or_no(text) {
            Some(true) => "true()",
            Some(false) => "false()",
            None => text,
        };
        self.parsed(column, text)
    }

    fn parsed<T: std::str::FromStr<Err = ParseError>>(&mut self, column: &str, text: &str) -> Option<T> {
        // What is wrong with a reference has been said.
        if references(text).iter().any(Result::is_err) {
            return None;
        }
        match text.parse() {
            Ok(expr) => Some(expr),
            Err(error) => {
                let place = self.place(column);
                self.found.error(place, in_words(&error, text));
                None
            }
        }
    }

    fn required(&mut self) -> Required {
        match self.row.get("required").map(yes_or_no) {
            None | Some(Some(false)) => Required::No,
            Some(Some(true)) => Required::Yes,
            Some(None) => self.expr("required").map_or(Required::No, Required::When),
        }
    }

    fn default(&mut self, kind: QuestionKind) -> Option<Expr> {
        let text = self.row.get("default")?;
        if matches!(kind, QuestionKind::Parts | QuestionKind::Note) {
            return None;
        }
        if matches!(kind, QuestionKind::Photo | QuestionKind::Geo | QuestionKind::Signature) {
            let place = self.place("default");
            self.found.error(place, "a photo or a position has no default: empty the cell");
            return None;
        }
        if is_dynamic(text, kind) {
            return self.parsed("default", text);
        }
        if text.contains('\'') && text.contains('"') {
            let place = self.place("default");
            self.found.error(place, "a default with both kinds of quotes cannot be held: leave one kind out");
            return None;
        }
        Some(Expr::constant(Value::text(text)))
    }

    fn filter(&mut self) -> Option<Filter> {
        let text = self.row.get("choice_filter")?.to_owned();
        self.parsed("choice_filter", &text)
    }

    /// The column `huifang`: what a checklist has and XLSForm has not.
    fn extras(&mut self, question: &mut Question) {
        let Some(text) = self.row.get("huifang") else { return };
        for word in text.split_whitespace() {
            let number = |prefix: &str| word.strip_prefix(prefix).and_then(|n| n.parse::<i64>().ok());
            match word {
                "money" => question.kind = QuestionKind::Money,
                "phone" => question.kind = QuestionKind::Phone,
                "region" => question.kind = QuestionKind::Region,
                "rating" => question.kind = QuestionKind::Rating,
                "signature" => question.kind = QuestionKind::Signature,
                "bool" => {
                    question.kind = QuestionKind::Bool;
                    question.options.clear();
                }
                "may_refuse" => question.may_refuse = true,
                "paper" => question.paper = true,
                "as_last" => question.as_last = true,
                "shared" => question.shared = true,
                "limits" => (question.min, question.max) = (None, None),
                _ => match (number("min="), number("max=")) {
                    (Some(min), _) => question.min = Some(min),
                    (_, Some(max)) => question.max = Some(max),
                    _ => {
                        let place = self.place("huifang");
                        self.found
                            .error(place, format!("{word:?} is not known here: see docs/checklists.md"));
                    }
                },
            }
        }
        if matches!(question.kind, QuestionKind::Signature) && !text.contains("min=") {
            (question.min, question.max) = (None, None);
        }
    }

    /// Columns that would change the form and are not held are refused; those that only look are left out with a word.
    fn what_is_not_held(&mut self, kind: QuestionKind) {
        let has_calculation = self.row.get("calculation").is_some();
        let mut problems: Vec<(bool, String, String)> = Vec::new();
        for (column, text) in self.row.cells() {
            let mut say = |refused: bool, message: &str| {
                problems.push((refused, column.heading.clone(), message.to_owned()));
            };
            match &*column.name {
                "read_only"
                    if yes_or_no(text) == Some(false) || has_calculation || kind == QuestionKind::Note => {}
                "read_only" => say(
                    true,
                    "a question that cannot be answered is not supported: make it a note or a calculation",
                ),
                "parameters" if kind == QuestionKind::Photo && is_max_pixels(text) => {
                    say(false, "the size of photos is the app's to choose");
                }
                "parameters" => say(true, "parameters are not supported: empty the cell"),
                "trigger" => say(true, "a trigger is not supported: use calculation with once(…)"),
                "save_to" => say(true, "entities are not supported: empty the cell"),
                "bind" | "body" | "instance" | "intent" | "query" | "rows" => {
                    say(true, "this column is not supported: empty the cell");
                }
                "appearance" => say(false, "the appearance has no effect here"),
                "media" => say(false, "pictures and sounds of questions are not shown"),
                "guidance_hint" => say(false, "the guidance hint is not shown"),
                "required_message" => say(false, "the app has its own words for a missing answer"),
                _ => {}
            }
        }
        for (refused, heading, message) in problems {
            let place = Place::cell("survey", self.row.number, &heading);
            if refused { self.found.error(place, message) } else { self.found.warn(place, message) }
        }
    }
}

fn is_max_pixels(text: &str) -> bool {
    text.strip_prefix("max-pixels=").is_some_and(|n| n.parse::<u32>().is_ok())
}

/// What is wrong with an expression, and what to do.
fn in_words(error: &ParseError, text: &str) -> String {
    let near: String = text.chars().skip(error.at).take(20).collect();
    let place = if near.is_empty() {
        "at its end".to_owned()
    } else {
        format!("at {near:?} (character {})", error.at + 1)
    };
    let advice = match &error.why {
        Why::UnknownFunction(_) => "use the functions of docs/checklists.md; a question is written ${name}",
        Why::TooLarge => "split it over several calculate rows",
        Why::Pattern(_) => "write the pattern with letters, [ ], ( | ) and * + ? { } alone",
        _ => "correct it",
    };
    format!("the expression is not understood {place}: {}: {advice}", error.why)
}
