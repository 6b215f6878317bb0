//! A sheet of sponsors, read by its headings and judged row by row before any of it is written.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Agreement, CreditCode, CreditCodeError, SponsorKind};
use crate::{
    day::Day,
    field::{self, FieldError},
    headed::{Column, Fault, Headed},
    list::grid::Grid,
    text::bare,
};

/// The most sponsors of one sheet: a county has some dozens.
pub const SPONSORS_MAX: usize = 500;

const COLUMNS: [Column; 8] = [
    Column {
        name: "name",
        headings: &[
            "名称",
            "单位名称",
            "企业名称",
            "帮扶单位",
            "帮扶企业",
            "爱心企业",
            "爱心人士",
            "单位",
            "姓名",
            "单位或姓名",
            "名称姓名",
        ],
        must: true,
    },
    Column {
        name: "kind",
        headings: &["类型", "类别", "性质", "单位性质", "单位类型", "企业类型", "企业性质", "主体类型"],
        must: true,
    },
    Column {
        name: "credit_code",
        headings: &["统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "统一社会信用代码证号"],
        must: false,
    },
    Column {
        name: "contact",
        headings: &["联系人", "联络人", "联系人姓名", "负责人", "经办人"],
        must: false,
    },
    Column {
        name: "phone",
        headings: &["电话", "联系电话", "电话号码", "手机", "手机号", "手机号码", "联系方式", "联系人电话"],
        must: false,
    },
    Column {
        name: "from",
        headings: &[
            "协议开始",
            "协议开始日期",
            "协议起",
            "协议起始日期",
            "协议从哪天起",
            "开始日期",
            "起始日期",
            "签订日期",
            "协议签订日期",
        ],
        must: false,
    },
    Column {
        name: "to",
        headings: &[
            "协议结束",
            "协议结束日期",
            "协议止",
            "协议终止日期",
            "协议到哪天止",
            "协议到期日期",
            "结束日期",
            "终止日期",
            "截止日期",
            "到期日期",
        ],
        must: false,
    },
    Column {
        name: "scope",
        headings: &["协议内容", "帮扶内容", "帮扶事项", "帮扶项目", "协议事项"],
        must: false,
    },
];

/// A sponsor of the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SponsorLine {
    /// Its row, as the sheet counts it.
    pub row: usize,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: SponsorKind,
    /// Its credit code, where it has one.
    pub credit_code: Option<CreditCode>,
    /// Who speaks for it; may be empty.
    pub contact: String,
    /// A telephone; may be empty.
    pub phone: String,
    /// What it agreed to.
    pub agreement: Option<Agreement>,
}

/// Why a cell cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SponsorWhy {
    /// It may not be empty.
    Missing,
    /// More characters than the field holds.
    TooLong {
        /// As many as it holds.
        max: usize,
    },
    /// No kind of sponsor.
    Kind,
    /// No credit code.
    Code(CreditCodeError),
    /// A person has none; the number that stands there is not repeated.
    CodeOfPerson,
    /// No telephone number.
    Phone,
    /// No day of a year, a month and a day.
    Day,
    /// The agreement ends before it begins.
    EndBefore,
    /// Another row has the same code.
    SameCode {
        /// The first of them.
        first_row: usize,
    },
    /// Another row has the same name, and not another code.
    SameName {
        /// The first of them.
        first_row: usize,
    },
    /// More rows than are taken.
    TooMany,
}

impl SponsorWhy {
    /// Its stable word.
    pub fn word(self) -> &'static str {
        match self {
            SponsorWhy::Missing => "missing",
            SponsorWhy::TooLong { .. } => "too_long",
            SponsorWhy::Kind => "kind",
            SponsorWhy::Code(CreditCodeError::Length { .. }) => "code_length",
            SponsorWhy::Code(CreditCodeError::Sign(_)) => "code_sign",
            SponsorWhy::Code(CreditCodeError::Checksum) => "code_checksum",
            SponsorWhy::CodeOfPerson => "code_of_person",
            SponsorWhy::Phone => "phone",
            SponsorWhy::Day => "day",
            SponsorWhy::EndBefore => "end_before",
            SponsorWhy::SameCode { .. } => "same_code",
            SponsorWhy::SameName { .. } => "same_name",
            SponsorWhy::TooMany => "too_many",
        }
    }

    /// The number that goes with it: how many there may be, how many there are, or the row it is at odds with.
    pub fn number(self) -> Option<usize> {
        match self {
            SponsorWhy::TooLong { max } => Some(max),
            SponsorWhy::Code(CreditCodeError::Length { found }) => Some(found),
            SponsorWhy::SameCode { first_row } | SponsorWhy::SameName { first_row } => Some(first_row),
            SponsorWhy::TooMany => Some(SPONSORS_MAX),
            _ => None,
        }
    }

    /// The sign that occurs in no code.
    pub fn sign(self) -> Option<char> {
        match self {
            SponsorWhy::Code(CreditCodeError::Sign(sign)) => Some(sign),
            _ => None,
        }
    }
}

/// A sheet, judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SponsorSheet {
    /// The rows that can be taken.
    pub lines: Vec<SponsorLine>,
    /// What is wrong, by row and column.
    pub faults: Vec<Fault<SponsorWhy>>,
    /// Headings of columns from which nothing is taken.
    pub unread: Vec<String>,
}

/// Judges a sheet.
///
/// # Errors
/// When it has no headings: the columns that lack.
pub fn read(grid: &Grid, today: Day) -> Result<SponsorSheet, Vec<&'static str>> {
    let headed = Headed::find(grid, &COLUMNS)?;
    let mut sheet = SponsorSheet { unread: headed.unread(), ..SponsorSheet::default() };
    let mut seen = Seen::default();
    let is_sum = |row: &usize| ["合计", "总计", "小计"].contains(&&*bare(&headed.text(*row, "name")));
    for (count, row) in headed.rows().filter(|row| !is_sum(row)).enumerate() {
        if count == SPONSORS_MAX {
            sheet.faults.push(headed.fault(row, "name", SponsorWhy::TooMany));
            break;
        }
        let mut judge = Judge { headed: &headed, row, today, faults: Vec::new() };
        let line = judge.line();
        if let Some(line) = line.filter(|_| judge.faults.is_empty()) {
            match seen.check(&line) {
                None => sheet.lines.push(line),
                Some((column, why)) => judge.refuse(column, why),
            }
        }
        sheet.faults.append(&mut judge.faults);
    }
    Ok(sheet)
}

/// Judges the cells of one row.
struct Judge<'a> {
    headed: &'a Headed<'a>,
    row: usize,
    today: Day,
    faults: Vec<Fault<SponsorWhy>>,
}

impl Judge<'_> {
    fn refuse(&mut self, column: &str, why: SponsorWhy) {
        let mut fault = self.headed.fault(self.row, column, why);
        if why == SponsorWhy::CodeOfPerson {
            fault.text.clear();
        }
        self.faults.push(fault);
    }

    /// Everything is judged, so that all that is wrong is said at once.
    fn line(&mut self) -> Option<SponsorLine> {
        // The name of a firm may hold digits and signs, which that of a person may not.
        let name = self.words("name", "remark");
        if name.is_empty() {
            self.refuse("name", SponsorWhy::Missing);
        }
        let kind = self.kind();
        let credit_code = self.credit_code(kind);
        let (contact, phone) = (self.words("contact", "contact"), self.words("phone", "mobile"));
        let agreement = self.agreement();
        Some(SponsorLine { row: self.row + 1, name, kind: kind?, credit_code, contact, phone, agreement })
    }

    /// The text of a cell that fits the rule of a field.
    fn words(&mut self, column: &str, rule: &str) -> String {
        let text = self.headed.text(self.row, column).into_owned();
        if text.is_empty() {
            return text;
        }
        match field::check(rule, Value::from(text.as_str()), self.today) {
            Ok(_) => {}
            Err(FieldError::TooLong { max }) => self.refuse(column, SponsorWhy::TooLong { max }),
            Err(_) => self.refuse(column, SponsorWhy::Phone),
        }
        text
    }

    fn kind(&mut self) -> Option<SponsorKind> {
        let text = self.headed.text(self.row, "kind");
        let kind = kind_of(&bare(&text));
        if kind.is_none() {
            self.refuse("kind", if text.is_empty() { SponsorWhy::Missing } else { SponsorWhy::Kind });
        }
        kind
    }

    fn credit_code(&mut self, kind: Option<SponsorKind>) -> Option<CreditCode> {
        let text = self.headed.text(self.row, "credit_code");
        if text.is_empty() {
            return None;
        }
        if kind.is_some_and(|kind| !kind.has_credit_code()) {
            self.refuse("credit_code", SponsorWhy::CodeOfPerson);
            return None;
        }
        CreditCode::read(&text).map_err(|why| self.refuse("credit_code", SponsorWhy::Code(why))).ok()
    }

    fn agreement(&mut self) -> Option<Agreement> {
        let (from, to) = (self.day("from"), self.day("to"));
        let agreement = Agreement { from, to, scope: self.words("scope", "scope") };
        if !agreement.is_in_order() {
            self.refuse("to", SponsorWhy::EndBefore);
        }
        (agreement != Agreement::default()).then_some(agreement)
    }

    fn day(&mut self, column: &str) -> Option<Day> {
        let text = bare(&self.headed.text(self.row, column));
        let is_open = column == "to" && ["长期", "不定期限", "无固定期限", "永久"].contains(&text.as_str());
        if text.is_empty() || is_open {
            return None;
        }
        let day = self.headed.day(self.row, column);
        if day.is_none() {
            self.refuse(column, SponsorWhy::Day);
        }
        day
    }
}

/// Codes and names of the rows before, each with the first row that had it.
#[derive(Default)]
struct Seen {
    codes: BTreeMap<String, usize>,
    names: BTreeMap<String, (usize, Option<CreditCode>)>,
}

impl Seen {
    fn check(&mut self, line: &SponsorLine) -> Option<(&'static str, SponsorWhy)> {
        if let Some(code) = &line.credit_code {
            let first_row = *self.codes.entry(code.as_str().to_owned()).or_insert(line.row);
            if first_row != line.row {
                return Some(("credit_code", SponsorWhy::SameCode { first_row }));
            }
        }
        let entry =
            self.names.entry(bare(&line.name)).or_insert_with(|| (line.row, line.credit_code.clone()));
        let (first_row, code) = entry;
        let is_other = code.is_some() && line.credit_code.is_some();
        (*first_row != line.row && !is_other)
            .then_some(("name", SponsorWhy::SameName { first_row: *first_row }))
    }
}

/// The kind of a word as lists write it.
fn kind_of(word: &str) -> Option<SponsorKind> {
    Some(match word {
        "民营企业" | "民企" | "民营" => SponsorKind::PeopleRun,
        "私营企业" | "私企" | "私营" | "个体工商户" | "个体户" => SponsorKind::Private,
        "国企" | "国有企业" | "国营企业" | "国有" => SponsorKind::StateOwned,
        "社会组织" | "社会团体" | "社团" | "协会" | "商会" | "基金会" => {
            SponsorKind::Association
        }
        "个人" | "爱心人士" | "自然人" => SponsorKind::Person,
        "机关" | "机关单位" | "党政机关" | "国家机关" | "行政机关" => {
            SponsorKind::PublicBody
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{SPONSORS_MAX, SponsorSheet, SponsorWhy as W, read};
    use crate::{
        day::Day,
        headed::tests::grid,
        sponsor::{CreditCodeError, SponsorKind as K},
    };

    const HEAD: &str = "名称|类型|统一社会信用代码|联系人|联系电话|协议开始|协议结束|协议内容";
    const CODE: &str = "91350100M000100Y43";

    fn judged(rows: &[&str]) -> SponsorSheet {
        let rows: Vec<&str> = [HEAD].iter().chain(rows).copied().collect();
        read(&grid(&rows), Day::new(2026, 11, 28).expect("a day")).expect("headings")
    }

    fn faults(rows: &[&str]) -> Vec<(usize, String, W)> {
        judged(rows).faults.into_iter().map(|fault| (fault.row, fault.column, fault.why)).collect()
    }

    #[test]
    fn what_cannot_be_taken_is_said_by_row_and_column() {
        let is = |row, column: &str, why| (row, column.to_owned(), why);
        let long = format!("{}|个人", "甲".repeat(201));
        for (row, expected) in [
            ("|民企", vec![is(2, "A", W::Missing)]),
            ("甲|", vec![is(2, "B", W::Missing)]),
            ("甲|合伙企业", vec![is(2, "B", W::Kind)]),
            (&long, vec![is(2, "A", W::TooLong { max: 200 })]),
            ("甲|民企|9135", vec![is(2, "C", W::Code(CreditCodeError::Length { found: 4 }))]),
            ("甲|民企|9135O100M000100Y43", vec![is(2, "C", W::Code(CreditCodeError::Sign('O')))]),
            ("甲|民企|91350100M000100Y44", vec![is(2, "C", W::Code(CreditCodeError::Checksum))]),
            ("王芳|个人|339999194803120019", vec![is(2, "C", W::CodeOfPerson)]),
            ("甲|民企||陈立|12345", vec![is(2, "E", W::Phone)]),
            ("甲|民企||||明年|2026年1月", vec![is(2, "F", W::Day), is(2, "G", W::Day)]),
            ("甲|民企||||2026-05-01|2026-04-30", vec![is(2, "G", W::EndBefore)]),
            (
                "|合伙|1|陈立|1",
                vec![
                    is(2, "A", W::Missing),
                    is(2, "B", W::Kind),
                    is(2, "C", W::Code(CreditCodeError::Length { found: 1 })),
                    is(2, "E", W::Phone),
                ],
            ),
        ] {
            assert_eq!(faults(&[row]), expected, "{row}");
        }
        let of_person = judged(&["王芳|个人|339999194803120019"]);
        assert_eq!(of_person.faults[0].text, "", "a number of a person is not repeated");
    }

    #[test]
    fn two_rows_of_one_code_or_one_name_are_a_fault_that_says_the_first() {
        let code = |name: &str, code: &str| format!("{name}|民企|{code}");
        let first = code("甲", CODE);
        assert_eq!(
            faults(&[&first, &code("乙", &CODE.to_lowercase())]),
            [(3, "C".to_owned(), W::SameCode { first_row: 2 })]
        );
        assert_eq!(faults(&[&first, "甲|民企"]), [(3, "A".to_owned(), W::SameName { first_row: 2 })]);
        assert_eq!(faults(&["王芳|个人", "王 芳|个人"]), [(3, "A".to_owned(), W::SameName { first_row: 2 })]);
        assert_eq!(faults(&[&first, &code("甲", "91110000600037341L")]), [], "two firms of one name");
    }

    #[test]
    fn a_sound_row_is_what_the_form_would_store() {
        let row = format!(
            "红日粮油（集团）|民企|{} |陈立|0570-6346681|2026/1/2|2027年1月1日|每年助学 3 人",
            CODE.to_lowercase()
        );
        let sheet = judged(&[&row, "", "王芳|爱心人士", "爱心协会|协会|||||长期|", "合计|3 家"]);
        assert_eq!(sheet.faults, []);
        let [firm, person, club] = &sheet.lines[..] else { panic!("{:?}", sheet.lines) };
        assert_eq!((firm.row, firm.kind, firm.name.as_str()), (2, K::PeopleRun, "红日粮油（集团）"));
        assert_eq!(firm.credit_code.as_ref().map(|code| code.as_str()), Some(CODE));
        assert_eq!((firm.contact.as_str(), firm.phone.as_str()), ("陈立", "0570-6346681"));
        let agreement = firm.agreement.as_ref().expect("an agreement");
        let said = [agreement.from, agreement.to].map(|day| day.map(|day| day.to_string()));
        assert_eq!(said, [Some("2026-01-02".to_owned()), Some("2027-01-01".to_owned())]);
        assert_eq!(agreement.scope, "每年助学 3 人");
        assert_eq!((person.row, person.kind, &person.agreement), (4, K::Person, &None));
        assert_eq!((club.kind, &club.agreement), (K::Association, &None));
    }

    #[test]
    fn a_list_without_end_is_cut_off_and_said_to_be() {
        let rows: Vec<String> = (0..SPONSORS_MAX + 5).map(|n| format!("企业{n}|民企")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let sheet = judged(&rows);
        assert_eq!(sheet.lines.len(), SPONSORS_MAX);
        assert_eq!((sheet.faults.len(), sheet.faults[0].why), (1, W::TooMany));
    }

    #[test]
    fn a_sheet_without_headings_says_which_columns_lack() {
        let today = Day::new(2026, 11, 28).expect("a day");
        assert_eq!(read(&grid(&["名称|联系人", "甲|陈立"]), today).err(), Some(vec!["kind"]));
    }

    #[test]
    fn every_fault_has_a_word_and_its_number() {
        assert_eq!((W::Kind.word(), W::Kind.number()), ("kind", None));
        assert_eq!(W::SameCode { first_row: 3 }.number(), Some(3));
        assert_eq!(W::Code(CreditCodeError::Sign('O')).sign(), Some('O'));
        assert_eq!(W::Code(CreditCodeError::Length { found: 4 }).number(), Some(4));
    }
}
