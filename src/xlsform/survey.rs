//! The sheet `survey`: rows, groups and repeats.

use crate::{
    cells::{Row, Sheets},
    choices::Lists,
    defaults,
    languages::Languages,
    problem::{Found, Place, Said, said},
    question,
    types::{self, Type, is_xml_name},
};
use domain::checklist::{Choice, Question, QuestionKind, Words, is_fact};
use std::collections::{BTreeMap, BTreeSet};

/// A row that is a question, a group or a repeat.
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) row: Row,
    pub(crate) kind: QuestionKind,
    pub(crate) options: Vec<Choice>,
    pub(crate) label: Option<Words>,
    pub(crate) hint: Option<Words>,
    pub(crate) say: Option<Words>,
    pub(crate) parts: Vec<Item>,
}

/// A group that is still open, or the form itself.
struct Open {
    /// `None`: the form.
    item: Option<Item>,
    items: Vec<Item>,
    names: BTreeSet<String>,
}

struct Reader<'a> {
    lists: &'a Lists,
    languages: &'a Languages,
    found: &'a mut Found,
    stack: Vec<Open>,
    repeats: BTreeSet<String>,
}

pub(crate) fn read(
    sheets: &Sheets,
    lists: &Lists,
    languages: &Languages,
    found: &mut Found,
) -> Option<Vec<Item>> {
    if !sheets.survey.has("type") {
        found.error(
            Place::cell("survey", 1, "type"),
            said!(
                "there is no column type: add it, with the type of each question",
                "没有 type 列：请加上，填每道题的类型"
            ),
        );
        return None;
    }
    let lists = &with_other(sheets, lists);
    let form = Open { item: None, items: Vec::new(), names: BTreeSet::new() };
    let mut reader = Reader { lists, languages, found, stack: vec![form], repeats: BTreeSet::new() };
    for row in sheets.survey.rows() {
        reader.row(row);
    }
    while reader.stack.len() > 1 {
        if let Some(item) = reader.stack.pop().and_then(|open| open.item) {
            let said = said!(
                "{name} begins here and does not end: add an end row",
                "{name} 从这里开始，没有结束：请加一行 end",
                name = item.name
            );
            reader.found.error(Place::row("survey", item.row.number), said);
        }
    }
    reader.stack.pop().map(|form| form.items)
}

/// `or_other` puts one more option into its list, for every question that chooses from it.
fn with_other(sheets: &Sheets, lists: &Lists) -> Lists {
    let mut lists = lists.clone();
    for row in sheets.survey.rows() {
        let Some(Type::Select { list, or_other: true, .. }) = row.get("type").map(types::read) else {
            continue;
        };
        if is_disabled(row) || row.get("choice_filter").is_some() {
            continue;
        }
        if let Some(options) = lists.get_mut(&list)
            && !options.iter().any(|choice| choice.code == "other")
        {
            options.push(Choice {
                code: "other".to_owned(),
                text: in_both("其他", "Other"),
                alone: false,
                columns: BTreeMap::new(),
            });
        }
    }
    lists
}

fn is_disabled(row: &Row) -> bool {
    row.get("disabled").is_some_and(|text| types::yes_or_no(text) == Some(true))
}

fn in_both(zh: &str, en: &str) -> Words {
    Words { zh: zh.to_owned(), en: Some(en.to_owned()) }
}

impl Reader<'_> {
    fn error(&mut self, row: &Row, column: &str, said: Said) {
        self.found.error(Place::cell("survey", row.number, &row.heading(column)), said);
    }

    fn row(&mut self, row: &Row) {
        if is_disabled(row) {
            return;
        }
        let Some(text) = row.get("type") else {
            let has_name = row.get("name").is_some() || row.in_languages("label").next().is_some();
            match has_name {
                true => self.error(
                    row,
                    "type",
                    said!(
                        "the row has no type: add one, or empty the row",
                        "这一行没有 type：请填上，或清空这一行"
                    ),
                ),
                false => self.found.warn(
                    Place::row("survey", row.number),
                    said!(
                        "the row has neither type nor name nor label and is left out",
                        "这一行没有 type、name 和 label，没有取用"
                    ),
                ),
            }
            return;
        };
        match types::read(text) {
            Type::Question(kind) => self.question(row, kind, Vec::new(), false),
            Type::Select { kind, list, or_other } => {
                let options = self.options(row, kind, &list);
                self.question(row, kind, options, or_other);
            }
            Type::BeginGroup => self.begin(row, QuestionKind::Parts),
            Type::BeginRepeat => self.begin(row, QuestionKind::Repeat),
            Type::EndGroup => self.end(row, QuestionKind::Parts),
            Type::EndRepeat => self.end(row, QuestionKind::Repeat),
            Type::Unsupported => {
                let said = said!(
                    "the type {text:?} is not supported here: use one of those in docs/checklists.md",
                    "不支持类型“{text}”：可用的类型见 docs/checklists.md"
                );
                self.error(row, "type", said);
            }
            Type::Unknown => {
                let said = said!(
                    "{text:?} is no type of question: correct it, or see docs/checklists.md",
                    "没有“{text}”这种题：请改正，可用的类型见 docs/checklists.md"
                );
                self.error(row, "type", said);
            }
        }
    }

    fn options(&mut self, row: &Row, kind: QuestionKind, list: &str) -> Vec<Choice> {
        if ["csv", "xml", "geojson"].iter().any(|ending| list.ends_with(&format!(".{ending}")))
            || list.contains("${")
        {
            self.error(
                row,
                "type",
                said!(
                    "options from a file or from other answers are not supported: put them into the sheet choices",
                    "不支持从文件或别的答案取选项：请写进 choices 工作表"
                ),
            );
            return Vec::new();
        }
        let Some(options) = self.lists.get(list) else {
            let said = said!(
                "the sheet choices has no list {list:?}: correct the name, or add the list",
                "choices 工作表里没有选项组“{list}”：请改正名称，或加上这一组"
            );
            self.error(row, "type", said);
            return Vec::new();
        };
        let spaced = options.iter().find(|choice| choice.code.contains(' '));
        if let Some(choice) = spaced.filter(|_| kind == QuestionKind::Multi) {
            let said = said!(
                "the option {code:?} of {list} has a space, which several answers cannot have: write _",
                "{list} 的选项“{code}”里有空格，多选题不能有：请改用 _",
                code = choice.code
            );
            self.error(row, "type", said);
        }
        options.clone()
    }

    /// The name of a row that is to have one, if it may have it here.
    fn name(&mut self, row: &Row, kind: QuestionKind) -> Option<String> {
        let name = match row.get("name") {
            Some(name) => name.to_owned(),
            None if kind == QuestionKind::Note => format!("generated_note_name_{}", row.number),
            None => {
                self.error(row, "name", said!("the row has no name: add one", "这一行没有 name：请填上"));
                return None;
            }
        };
        if !is_xml_name(&name) {
            self.error(row, "name", types::name_advice());
            return None;
        }
        if name == "meta" {
            self.error(
                row,
                "name",
                said!("the name meta is reserved: choose another", "meta 是保留名称：请换一个"),
            );
            return None;
        }
        let is_new = self.stack.last_mut().is_some_and(|open| open.names.insert(name.clone()));
        if !is_new {
            let said = said!(
                "the name {name:?} is there twice in this group: give one of them another name",
                "这一组里“{name}”出现两次：请给其中一个改名"
            );
            self.error(row, "name", said);
            return None;
        }
        if kind == QuestionKind::Repeat && (name == "data" || !self.repeats.insert(name.clone())) {
            let said = said!(
                "a repeat cannot be named {name:?}: the form or another repeat is; choose another name",
                "重复组不能叫“{name}”：表或别的重复组已叫这个名，请换一个"
            );
            self.error(row, "name", said);
            return None;
        }
        Some(name)
    }

    fn item(&mut self, row: &Row, kind: QuestionKind, options: Vec<Choice>) -> Option<Item> {
        Some(Item {
            name: self.name(row, kind)?,
            row: row.clone(),
            kind,
            options,
            label: self.languages.words(row, "label"),
            hint: self.languages.words(row, "hint"),
            say: self.languages.words(row, "constraint_message"),
            parts: Vec::new(),
        })
    }

    fn begin(&mut self, row: &Row, kind: QuestionKind) {
        let item = self.item(row, kind, Vec::new());
        if kind == QuestionKind::Repeat && item.as_ref().is_some_and(|item| item.label.is_none()) {
            self.found.warn(
                Place::row("survey", row.number),
                said!("the repeat has no label", "这个重复组没有 label"),
            );
        }
        let unnamed = || Item {
            name: String::new(),
            row: row.clone(),
            kind,
            options: Vec::new(),
            label: None,
            hint: None,
            say: None,
            parts: Vec::new(),
        };
        let item = Some(item.unwrap_or_else(unnamed));
        self.stack.push(Open { item, items: Vec::new(), names: BTreeSet::new() });
    }

    fn end(&mut self, row: &Row, kind: QuestionKind) {
        let begun = self.stack.last().and_then(|open| open.item.as_ref()).map(|item| item.kind);
        if begun != Some(kind) {
            let said = match begun {
                Some(_) => {
                    said!(
                        "this ends another kind than was begun last: end groups and repeats in the order of their beginnings",
                        "这里结束的和最近开始的不是一种：请按开始的顺序结束分组和重复组"
                    )
                }
                None => said!(
                    "nothing has begun that could end here: remove the row, or add the beginning",
                    "前面没有开始，这里无可结束：请删去这一行，或补上开始的一行"
                ),
            };
            self.error(row, "type", said);
            return;
        }
        let Some(Open { item: Some(mut item), items, .. }) = self.stack.pop() else { return };
        item.parts = items;
        self.put(item);
    }

    fn put(&mut self, item: Item) {
        if let Some(open) = self.stack.last_mut() {
            open.items.push(item);
        }
    }

    fn question(&mut self, row: &Row, kind: QuestionKind, options: Vec<Choice>, or_other: bool) {
        let Some(mut item) = self.item(row, kind, options) else { return };
        let has_words = item.label.is_some() || item.hint.is_some();
        let dynamic = row.get("default").is_some_and(|text| defaults::is_dynamic(text, kind));
        if kind == QuestionKind::Calculate {
            if row.get("calculation").is_none() && !dynamic {
                let said = said!(
                    "a calculate row needs a calculation: add one",
                    "calculate 行要有 calculation：请填上"
                );
                self.error(row, "calculation", said);
            }
        } else if !has_words {
            if row.get("calculation").is_none() && !is_fact(&item.name) {
                self.error(
                    row,
                    "label",
                    said!(
                        "the question has neither label nor hint: add one, or nobody knows what is asked",
                        "这道题没有 label 和 hint：请填一个，不然没人知道问什么"
                    ),
                );
            }
            item.kind = QuestionKind::Calculate;
        }
        let other = or_other.then(|| self.other(row, &item.name)).flatten();
        self.put(item);
        if let Some(other) = other {
            self.put(other);
        }
    }

    /// `or_other`: a question for the words behind the option that it adds.
    fn other(&mut self, row: &Row, name: &str) -> Option<Item> {
        if row.get("choice_filter").is_some() {
            self.error(
                row,
                "choice_filter",
                said!(
                    "a filter cannot stand beside or_other: add the option other to the list instead",
                    "有 or_other 就不能有 choice_filter：请改为在选项组里加上 other"
                ),
            );
            return None;
        }
        Some(Item {
            name: format!("{name}_other"),
            row: question::other_row(row.number, name),
            kind: QuestionKind::Text,
            options: Vec::new(),
            label: Some(in_both("其他，请说明", "Specify other.")),
            hint: None,
            say: None,
            parts: Vec::new(),
        })
    }
}

/// The questions of the checklist.
pub(crate) fn questions(items: Vec<Item>, found: &mut Found) -> Vec<Question> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    count(&items, &mut names);
    convert(items, "", &names, found)
}

fn count(items: &[Item], names: &mut BTreeMap<String, usize>) {
    for item in items {
        *names.entry(item.name.clone()).or_default() += 1;
        count(&item.parts, names);
    }
}

/// A name that is there several times carries the names of its groups before it.
fn convert(
    items: Vec<Item>,
    within: &str,
    names: &BTreeMap<String, usize>,
    found: &mut Found,
) -> Vec<Question> {
    let mut questions = Vec::new();
    for mut item in items {
        // What the file knows is a fact and no question; the row is there so that other programs take the form.
        if is_fact(&item.name) {
            continue;
        }
        let inner = format!("{within}{}.", item.name);
        let parts = convert(std::mem::take(&mut item.parts), &inner, names, found);
        let is_group = matches!(item.kind, QuestionKind::Parts | QuestionKind::Repeat);
        if is_group && parts.is_empty() {
            found.warn(
                Place::row("survey", item.row.number),
                said!("the group is empty and is left out", "这个分组是空的，没有取用"),
            );
            continue;
        }
        let is_unique = names.get(&item.name) == Some(&1);
        let code = if is_unique { item.name.clone() } else { format!("{within}{}", item.name) };
        questions.push(question::of(item, &code, parts, found));
    }
    questions
}
