//! One row of `survey` as a question.

use crate::{
    cells::Row,
    defaults::is_dynamic,
    problem::{Found, Place, Said, said},
    references::references,
    survey::Item,
    types::yes_or_no,
};
use domain::{
    checklist::{Question, QuestionKind, Required, Rule, Words},
    expr::{Expr, Filter, ParseError, RegexError, Value, Why},
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
            self.found.error(
                place,
                said!(
                    "a photo or a position has no default: empty the cell",
                    "照片和位置没有默认值：请清空这一格"
                ),
            );
            return None;
        }
        if is_dynamic(text, kind) {
            return self.parsed("default", text);
        }
        if text.contains('\'') && text.contains('"') {
            let place = self.place("default");
            self.found.error(
                place,
                said!(
                    "a default with both kinds of quotes cannot be held: leave one kind out",
                    "默认值里不能同时有单引号和双引号：请去掉一种"
                ),
            );
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
                        let said = said!(
                            "{word:?} is not known here: see docs/checklists.md",
                            "不认识“{word}”：可用的词见 docs/checklists.md"
                        );
                        self.found.error(place, said);
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
        let mut problems: Vec<(bool, String, Said)> = Vec::new();
        for (column, text) in self.row.cells() {
            let mut say = |refused: bool, said: Said| {
                problems.push((refused, column.heading.clone(), said));
            };
            match &*column.name {
                "read_only"
                    if yes_or_no(text) == Some(false) || has_calculation || kind == QuestionKind::Note => {}
                "read_only" => say(
                    true,
                    said!(
                        "a question that cannot be answered is not supported: make it a note or a calculation",
                        "不支持不能填写的题：请改成 note 或 calculate"
                    ),
                ),
                "parameters" if kind == QuestionKind::Photo && is_max_pixels(text) => {
                    say(false, said!("the size of photos is the app's to choose", "照片大小由程序决定"));
                }
                "parameters" => say(
                    true,
                    said!("parameters are not supported: empty the cell", "不支持 parameters：请清空这一格"),
                ),
                "trigger" => say(
                    true,
                    said!(
                        "a trigger is not supported: use calculation with once(…)",
                        "不支持 trigger：请用带 once(…) 的 calculation"
                    ),
                ),
                "save_to" => say(
                    true,
                    said!("entities are not supported: empty the cell", "不支持 entities：请清空这一格"),
                ),
                "bind" | "body" | "instance" | "intent" | "query" | "rows" => {
                    say(
                        true,
                        said!("this column is not supported: empty the cell", "不支持这一列：请清空这一格"),
                    );
                }
                "appearance" => {
                    say(false, said!("the appearance has no effect here", "appearance 在这里不起作用"))
                }
                "media" => say(
                    false,
                    said!("pictures and sounds of questions are not shown", "题的图片和声音不显示"),
                ),
                "guidance_hint" => {
                    say(false, said!("the guidance hint is not shown", "guidance_hint 不显示"))
                }
                "required_message" => say(
                    false,
                    said!("the app has its own words for a missing answer", "漏答时程序有自己的话"),
                ),
                _ => {}
            }
        }
        for (refused, heading, said) in problems {
            let place = Place::cell("survey", self.row.number, &heading);
            if refused { self.found.error(place, said) } else { self.found.warn(place, said) }
        }
    }
}

fn is_max_pixels(text: &str) -> bool {
    text.strip_prefix("max-pixels=").is_some_and(|n| n.parse::<u32>().is_ok())
}

/// What is wrong with an expression, and what to do.
fn in_words(error: &ParseError, text: &str) -> Said {
    let near: String = text.chars().skip(error.at).take(20).collect();
    let sign = error.at + 1;
    let place = match &*near {
        "" => said!("at its end", "末尾"),
        near => said!("at {near:?} (character {sign})", "第 {sign} 个字“{near}”处"),
    };
    let advice = match &error.why {
        Why::UnknownFunction(_) => said!(
            "use the functions of docs/checklists.md; a question is written ${{name}}",
            "可用的函数见 docs/checklists.md，引用题写 ${{name}}"
        ),
        Why::TooLarge => said!("split it over several calculate rows", "请拆成几行 calculate"),
        Why::Pattern(_) => said!(
            "write the pattern with letters, [ ], ( | ) and * + ? {{ }} alone",
            "规则只用文字、[ ]、( | ) 和 * + ? {{ }}"
        ),
        _ => said!("correct it", "请改正"),
    };
    let why = why_zh(&error.why);
    Said {
        en: format!("the expression is not understood {}: {}: {}", place.en, error.why, advice.en),
        zh: format!("表达式看不懂，{}：{why}。{}", place.zh, advice.zh),
    }
}

fn why_zh(why: &Why) -> String {
    match why {
        Why::Expected("a value") => "缺一个值".to_owned(),
        Why::Expected("a name") => "缺题的名称".to_owned(),
        Why::Expected("a number") => "要写数字".to_owned(),
        Why::Expected("an operator or the end") => "多了东西，或缺 and、or、= 之类的符号".to_owned(),
        Why::Expected("an opening bracket") => "函数名后面缺左括号".to_owned(),
        Why::Expected("a closing bracket") => "缺右括号".to_owned(),
        Why::Expected("a comma or a closing bracket") => "缺逗号或右括号".to_owned(),
        Why::Expected(other) => format!("要写 {other}"),
        Why::Character(sign) => format!("不能有“{sign}”"),
        Why::Unclosed => "引号或花括号没有写完".to_owned(),
        Why::UnknownFunction(name) => format!("没有 {name} 这个函数"),
        Why::Arguments { name, min, max: usize::MAX, found } => {
            format!("{name}() 至少要 {min} 项，现在是 {found} 项")
        }
        Why::Arguments { name, min, max, found } => {
            format!("{name}() 要 {min} 到 {max} 项，现在是 {found} 项")
        }
        Why::Pattern(RegexError::Unsupported) => "这种规则写法用不了".to_owned(),
        Why::Pattern(_) => "规则里的括号或重复写得不对".to_owned(),
        Why::TooLarge => "太长或套得太深".to_owned(),
    }
}
