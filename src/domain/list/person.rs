//! One row of a person: its cells become fields, its faults become codes.

mod checks;
mod numbers;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::grid::{Cell, Grid};
use super::header::{Column, Header, is_recipient};
use super::heading::Parse;
use super::report::{RowReport, Verdict, Why};
use super::rows::Village;
use super::{Context, date, excel_row, value};
use crate::category::Category;
use crate::disability::{Cause, GradeError, GradeText, read_grade};
use crate::id_no::{IdNo, IdNoError};
use crate::money::Money;
use crate::region::AreaCode;
use crate::text::{bare, narrow, tidy};
use crate::{field, nation, options};

/// Reads rows of people.
pub(crate) struct Reader<'a> {
    grid: &'a Grid,
    header: &'a Header,
    context: &'a Context<'a>,
    lent: BTreeMap<(usize, usize), usize>,
    known: Known,
}

/// Words of the list that were looked up before: a list has few, and many rows.
#[derive(Default)]
struct Known {
    categories: BTreeMap<String, Option<Category>>,
    choices: BTreeMap<(&'static str, String), Option<&'static str>>,
}

impl Known {
    fn category(&mut self, text: &str) -> Option<Category> {
        if let Some(known) = self.categories.get(text) {
            return *known;
        }
        let category = Category::read(text);
        self.categories.insert(text.to_owned(), category);
        category
    }

    fn choice(&mut self, field: &'static str, text: &str) -> Option<&'static str> {
        *self.choices.entry((field, text.to_owned())).or_insert_with(|| options::read(field, text))
    }
}

/// A row in the making.
pub(crate) struct Draft {
    report: RowReport,
    id: Option<IdNo>,
    category: Option<Category>,
    birth_month_only: bool,
}

impl Draft {
    fn put(&mut self, column: &Column, value: Value) {
        let home = if is_recipient(&column.meaning) {
            &mut self.report.recipient
        } else {
            &mut self.report.entitlement
        };
        home.entry(column.meaning.field.to_owned()).or_insert(value);
    }

    fn warn(&mut self, code: &'static str, column: &Column) {
        self.report.whys.push(Why::at(code, column));
    }

    fn refuse(&mut self, code: &'static str, column: &Column) {
        self.report.refuse(Why::at(code, column));
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(grid: &'a Grid, header: &'a Header, context: &'a Context<'a>) -> Self {
        Reader { grid, header, context, lent: grid.lent(header.row), known: Known::default() }
    }

    /// The verdict on one row.
    pub(crate) fn read(&mut self, row: usize, village: Option<Village>) -> RowReport {
        let report = RowReport {
            row: excel_row(row),
            verdict: Verdict::Accept,
            whys: Vec::new(),
            recipient: BTreeMap::new(),
            entitlement: BTreeMap::new(),
            village: None,
            head_name: None,
            head_id: None,
            area: None,
        };
        let mut draft = Draft { report, id: None, category: self.header.category, birth_month_only: false };
        if let Some(village) = village {
            if village.assumed {
                draft.report.whys.push(Why::named("village_assumed", "village"));
            }
            draft.report.village = Some(village.name);
        }
        let header = self.header;
        for column in &header.columns {
            let cell = self.cell(row, column.at);
            if let Cell::Error(_) = cell {
                draft.warn("cell_error", column);
            }
            if self.is_blank(cell, column) {
                self.missing(&mut draft, column, cell);
            } else {
                self.take(&mut draft, column, cell);
            }
        }
        checks::run(&mut draft, self.header, self.context);
        draft.report
    }

    /// The cell, or what a merged cell above lends to it.
    fn cell(&self, row: usize, column: usize) -> &'a Cell {
        let from = self.lent.get(&(row, column)).copied().unwrap_or(row);
        self.grid.cell(from, column)
    }

    fn is_blank(&self, cell: &Cell, column: &Column) -> bool {
        let text = self.grid.text_of(cell);
        match column.meaning.parse {
            Parse::Ignore => text.is_empty(),
            // 无 may be one of the values.
            Parse::Choice | Parse::LooseChoice => {
                let is_value = options::read(column.meaning.field, &text).is_some()
                    || column.options.iter().any(|option| bare(option) == bare(&text));
                text.is_empty() || value::is_nothing(&text) && !is_value
            }
            _ => value::is_nothing(&text),
        }
    }

    /// An empty cell where a value is demanded, or one with a word for nothing, which is no such value either.
    fn missing(&self, draft: &mut Draft, column: &Column, cell: &Cell) {
        match column.meaning.parse {
            Parse::Name => draft.refuse("name_missing", column),
            Parse::IdNo => draft.refuse("id_missing", column),
            Parse::Category => draft.refuse("category_unknown", column),
            _ if !column.required => return,
            Parse::Date if !cell.is_empty() => draft.refuse("date_invalid", column),
            Parse::Choice | Parse::Nation | Parse::Grade if !cell.is_empty() => {
                draft.refuse("option_unknown", column);
            }
            _ => {}
        }
        draft.refuse("required_missing", column);
    }

    fn take(&mut self, draft: &mut Draft, column: &Column, cell: &Cell) {
        let text = self.grid.text_of(cell);
        match column.meaning.parse {
            Parse::Ignore | Parse::Village => {}
            Parse::HeadName => draft.report.head_name = Some(text.into_owned()),
            Parse::HeadId => {
                draft.report.head_id = IdNo::read(&text).ok().map(|read| read.id.as_str().to_owned());
            }
            Parse::Name => take_name(draft, column, &text),
            Parse::IdNo => take_id(draft, column, cell),
            Parse::Category => take_category(&mut self.known, draft, column, &text),
            Parse::Region => self.take_region(draft, column, &text),
            Parse::Grade => take_grade(draft, column, &text),
            Parse::Choice => self.take_choice(draft, column, &text),
            Parse::LooseChoice => {
                let known = self.known.choice(column.meaning.field, &text).map(|code| choice(column, code));
                draft.put(column, known.unwrap_or_else(|| json!(text)));
            }
            Parse::Nation => match nation::code(&text) {
                Some(code) => draft.put(column, json!(code)),
                None => self.odd(draft, column, "option_unknown"),
            },
            Parse::Date => self.take_date(draft, column, cell),
            Parse::Phone => numbers::take_phone(draft, column, cell, &text),
            Parse::Account => numbers::take_account(draft, column, cell, &text),
            Parse::Money => match Money::parse_yuan(&text) {
                Some(amount) if amount >= Money::ZERO => draft.put(column, json!(amount.fen())),
                _ => self.odd(draft, column, "number_invalid"),
            },
            Parse::Whole => self.take_whole(draft, column, &text),
            Parse::Text(_) if column.meaning.field == "phone2" && !value::has_lost_digits(cell) => {
                numbers::add_other(draft, &text);
            }
            Parse::Text(length) => take_text(draft, column, cell, &text, length),
        }
    }

    /// A template is strict, and so is a starred column; elsewhere the value is left out with a warning.
    fn odd(&self, draft: &mut Draft, column: &Column, code: &'static str) {
        if self.header.is_template || column.required {
            draft.refuse(code, column);
        } else {
            draft.warn(code, column);
        }
    }

    /// A file holds what the form of a person would take: a family of 1 to 30, and so on.
    fn take_whole(&self, draft: &mut Draft, column: &Column, text: &str) {
        let Some(number) = value::whole(text) else {
            self.odd(draft, column, "number_invalid");
            return;
        };
        match field::check(column.meaning.field, json!(number), self.context.today) {
            Ok(number) => draft.put(column, number),
            Err(_) => self.odd(draft, column, "number_range"),
        }
    }

    fn take_choice(&mut self, draft: &mut Draft, column: &Column, text: &str) {
        let own = || column.options.iter().find(|option| bare(option) == bare(text));
        if let Some(code) = self.known.choice(column.meaning.field, text) {
            draft.put(column, choice(column, code));
        } else if let Some(option) = own() {
            draft.put(column, json!(tidy(option)));
        } else {
            self.odd(draft, column, "option_unknown");
        }
    }

    fn take_date(&self, draft: &mut Draft, column: &Column, cell: &Cell) {
        let Some(date) =
            date::read(self.grid, cell).filter(|date| !(date.day_assumed && self.header.is_template))
        else {
            self.odd(draft, column, "date_invalid");
            return;
        };
        let is_birth = column.meaning.field == "birth";
        if date.day > self.context.today {
            if is_birth {
                draft.refuse("birth_in_future", column);
            } else {
                draft.warn("date_in_future", column);
            }
        }
        if date.day_assumed && is_birth {
            draft.birth_month_only = true;
        } else if date.day_assumed {
            draft.warn("date_day_assumed", column);
        }
        draft.put(column, json!(date.day));
    }

    /// A domicile lies in the area; a residence may lie elsewhere.
    fn take_region(&self, draft: &mut Draft, column: &Column, text: &str) {
        let is_domicile = column.meaning.field == "domicile_code";
        let Ok(code) = text.parse::<AreaCode>() else {
            draft.refuse("region_invalid", column);
            draft.refuse("region_outside", column);
            return;
        };
        if !self.context.area.contains(&code) {
            if is_domicile {
                draft.refuse("region_outside", column);
            } else {
                draft.warn("region_outside", column);
            }
        }
        draft.put(column, json!(code.full()));
    }
}

/// A flag is a bool, any other choice its code.
fn choice(column: &Column, code: &str) -> Value {
    if options::is_flag(column.meaning.field) { json!(code == "yes") } else { json!(code) }
}

/// Two-character names are often spread with a space: 李　伟.
fn take_name(draft: &mut Draft, column: &Column, text: &str) {
    let spread = narrow(text).split(' ').all(|part| !part.is_ascii());
    let name = if spread { bare(text) } else { tidy(&narrow(text)) };
    let name = one_dot(&name);
    if name.chars().count() > 50 {
        draft.refuse("too_long", column);
        return;
    }
    if name.chars().any(|c| c.is_ascii_digit()) {
        draft.warn("name_odd", column);
    }
    draft.put(column, json!(name));
}

/// The dot within a name is typed in many ways.
fn one_dot(name: &str) -> String {
    name.chars().map(|c| if matches!(c, '•' | '・' | '∙' | '．' | '.') { '·' } else { c }).collect()
}

fn take_id(draft: &mut Draft, column: &Column, cell: &Cell) {
    let read = match cell {
        _ if value::has_lost_digits(cell) => Err(IdNoError::PrecisionLost),
        Cell::Number(text) | Cell::Text(text) => IdNo::read(text),
        _ => Err(IdNoError::Charset),
    };
    match read {
        Ok(reading) => {
            if reading.normalised {
                draft.warn("id_normalised", column);
            }
            if reading.converted {
                draft.warn("id_converted", column);
            }
            if !reading.id.has_known_province() {
                draft.warn("id_province", column);
            }
            draft.put(column, json!(reading.id));
            draft.id = Some(reading.id);
        }
        Err(why) => {
            let codes: &[&'static str] = match why {
                IdNoError::Empty => &["id_missing", "required_missing"],
                IdNoError::PrecisionLost => &["id_precision_lost"],
                IdNoError::Length => &["id_length", "id_checksum"],
                IdNoError::Charset => &["id_charset", "id_checksum"],
                IdNoError::Birth => &["id_birth", "date_invalid"],
                IdNoError::Checksum => &["id_checksum"],
            };
            codes.iter().for_each(|code| draft.refuse(code, column));
        }
    }
}

/// The category, alone or with cause and grade in the same cell: 因战七级残疾军人.
fn take_category(known: &mut Known, draft: &mut Draft, column: &Column, text: &str) {
    if let Some(category) = known.category(text) {
        draft.category = Some(category);
        return;
    }
    let mut word = bare(text);
    let cause = Cause::ALL.into_iter().find(|cause| word.contains(cause.label()));
    if let Some(cause) = cause {
        word = word.replace(cause.label(), "");
    }
    let grade = take_grade_out(&mut word);
    match Category::read(&word)
        .filter(|category| category.is_disabled() && (cause.is_some() || grade.is_some()))
    {
        Some(category) => {
            draft.category = Some(category);
            let fields = &mut draft.report.entitlement;
            if let Some(cause) = cause {
                fields.insert("cause".to_owned(), json!(cause.word()));
            }
            if let Some(grade) = grade {
                fields.insert("grade".to_owned(), json!(grade));
            }
        }
        None => draft.refuse("category_unknown", column),
    }
}

/// Takes `七级` out of a word; what is left is the category.
fn take_grade_out(word: &mut String) -> Option<u8> {
    let end = word.find('级')? + '级'.len_utf8();
    let is_number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let head = &word[..end - '级'.len_utf8()];
    let start = head.char_indices().rev().take_while(|(_, c)| is_number(*c)).last().map(|(at, _)| at)?;
    let Ok(GradeText::Grade { grade, .. }) = read_grade(&word[start..end]) else { return None };
    word.replace_range(start..end, "");
    Some(grade)
}

fn take_grade(draft: &mut Draft, column: &Column, text: &str) {
    match read_grade(text) {
        Ok(GradeText::Grade { grade, cause }) => {
            draft.report.entitlement.insert("grade".to_owned(), json!(grade));
            if let Some(cause) = cause {
                draft.report.entitlement.entry("cause".to_owned()).or_insert(json!(cause.word()));
            }
        }
        Ok(GradeText::Old(class)) => {
            draft.report.entitlement.insert("old_class".to_owned(), json!(class.word()));
            draft.warn("grade_old_class", column);
        }
        Err(GradeError::OutOfRange) => draft.refuse("grade_out_of_range", column),
        Err(GradeError::Unknown) => {
            draft.refuse("grade_out_of_range", column);
            draft.refuse("option_unknown", column);
        }
    }
}

fn take_text(draft: &mut Draft, column: &Column, cell: &Cell, text: &str, length: usize) {
    if value::has_lost_digits(cell) {
        draft.warn("digits_lost", column);
    } else if text.chars().count() > length {
        draft.refuse("too_long", column);
    } else {
        draft.put(column, json!(text));
    }
}
