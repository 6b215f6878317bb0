//! A standard as it is typed or stands in a sheet, and what is wrong with it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Basis, EarlyMode, Item, ItemFault, PayMode, PayRule, Standard, Value};
use crate::{
    day::Day,
    list,
    money::Money,
    text::{bare, narrow},
};

/// Letters of a document's number.
const DOC_LETTERS_MAX: usize = 100;
/// The least amount of a standard: what is smaller is a share that lost its sign.
const AMOUNT_MIN: Money = Money::from_fen(1_000);
/// All, in basis points.
const WHOLE_BP: i64 = 10_000;
/// The most that anything is multiplied by.
const FACTOR_BP_MAX: i64 = 10 * WHOLE_BP;

/// What is said of a standard, each as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entered {
    /// 项目
    pub kind: String,
    /// 对象
    pub of: String,
    /// 标准: yuan, a share with `%`, or a multiple with 倍.
    pub value: String,
    /// 人均收入 of the year before.
    pub income: String,
    /// 比例 of it.
    pub ratio: String,
    /// 基数年度 of a reward that is a share of the stipend.
    pub base_year: String,
    /// 计发方式
    pub pay: String,
    /// 提前退役
    pub early: String,
    /// 文号
    pub doc_no: String,
    /// 起始日期
    pub from: String,
    /// 截止日期
    pub to: String,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// 项目
    Kind,
    /// 对象
    Of,
    /// 标准
    Value,
    /// 人均收入
    Income,
    /// 比例
    Ratio,
    /// 基数年度
    BaseYear,
    /// 计发方式
    Pay,
    /// 提前退役
    Early,
    /// 文号
    DocNo,
    /// 起始日期
    From,
    /// 截止日期
    To,
}

/// What is wrong in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nothing stands there.
    Missing,
    /// A word that is none of those it takes.
    Unknown,
    /// No amount in yuan, or one so small that it must be a share without its sign.
    NotAmount,
    /// No share such as `40%`, or one that cannot be.
    NotShare,
    /// No multiple such as `2.5倍`, of 1 to 10: all that is paid, not only what is more.
    NotFactor,
    /// Less than follows from income and share.
    BelowFloor,
    /// No day.
    NotDay,
    /// No year.
    NotYear,
    /// It ends before it begins.
    Backwards,
    /// More letters than it takes.
    TooLong,
    /// Another row says the same item for some of these days.
    Twice,
}

/// Something wrong with a standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where.
    pub column: Column,
    /// What.
    pub why: Why,
    /// Of [`Why::BelowFloor`], the least that it takes; of [`Why::Twice`], the row, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
}

impl Fault {
    pub(super) fn of(column: Column, why: Why) -> Fault {
        Fault { column, why, least: None }
    }
}

/// A word for each way of paying, with what sheets write besides.
const PAY_MODES: [(PayMode, &[&str]); 3] = [
    (PayMode::AnnualFull, &["annual_full", "按年", "年", "按年发放", "每年"]),
    (PayMode::HalfYear, &["half_year", "按半年", "半年", "按半年发放", "每半年"]),
    (PayMode::Monthly, &["monthly", "按月", "月", "按月发放", "每月"]),
];
const EARLY_MODES: [(EarlyMode, &[&str]); 3] = [
    (EarlyMode::ActualMonths, &["actual_months", "按实际月数", "实际月数", "按月"]),
    (EarlyMode::CeilHalfYear, &["ceil_half_year", "不满半年按半年", "按半年", "半年"]),
    (EarlyMode::FullOnly, &["full_only", "不满不发", "不发", "满期才发"]),
];

impl Entered {
    /// A standard as it would be typed again.
    pub fn of(standard: &Standard) -> Entered {
        let (kind, of) = standard.item.words();
        let value = match standard.value {
            Value::Amount(amount) => amount.to_string(),
            Value::Share(bp) | Value::OfStipend { bp, .. } => percent(bp),
        };
        let year = match standard.value {
            Value::OfStipend { year, .. } => year.to_string(),
            _ => String::new(),
        };
        let basis = standard.basis;
        let pay = standard.pay;
        Entered {
            kind: kind.to_owned(),
            of: of.to_owned(),
            value,
            income: basis.map(|basis| basis.income.to_string()).unwrap_or_default(),
            ratio: basis.map(|basis| percent(basis.ratio_bp)).unwrap_or_default(),
            base_year: year,
            pay: pay.map(|pay| first_word(&PAY_MODES, pay.mode)).unwrap_or_default(),
            early: pay.map(|pay| first_word(&EARLY_MODES, pay.early)).unwrap_or_default(),
            doc_no: standard.doc_no.clone(),
            from: standard.from.to_string(),
            to: standard.to.map(|to| to.to_string()).unwrap_or_default(),
        }
    }

    /// What stands in a column.
    pub fn text_mut(&mut self, column: Column) -> &mut String {
        match column {
            Column::Kind => &mut self.kind,
            Column::Of => &mut self.of,
            Column::Value => &mut self.value,
            Column::Income => &mut self.income,
            Column::Ratio => &mut self.ratio,
            Column::BaseYear => &mut self.base_year,
            Column::Pay => &mut self.pay,
            Column::Early => &mut self.early,
            Column::DocNo => &mut self.doc_no,
            Column::From => &mut self.from,
            Column::To => &mut self.to,
        }
    }

    /// The standard that is said. Of a stipend for which only income and share are given, the amount is what follows from them.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn judge(&self, id: Uuid, supersedes: Option<Uuid>) -> Result<Standard, Vec<Fault>> {
        let mut faults = Vec::new();
        let item = noted(self.item(), &mut faults);
        let doc_no = noted(self.doc_no(), &mut faults);
        let from = self.day(Column::From).and_then(|day| day.ok_or(Fault::of(Column::From, Why::Missing)));
        let from = noted(from, &mut faults);
        let to = noted(self.day(Column::To), &mut faults).flatten();
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            faults.push(Fault::of(Column::To, Why::Backwards));
        }
        let is_stipend = matches!(item, Some(Item::Stipend(_)));
        let basis = if is_stipend { noted(self.basis(), &mut faults).flatten() } else { None };
        let value = item.and_then(|item| noted(self.value(item, basis), &mut faults));
        let pay = if is_stipend { self.pay(&mut faults) } else { None };
        match (item, value, doc_no, from) {
            (Some(item), Some(value), Some(doc_no), Some(from)) if faults.is_empty() => {
                Ok(Standard { id, item, value, pay, basis, doc_no, from, to, supersedes })
            }
            _ => {
                faults.sort_by_key(|fault| fault.column);
                Err(faults)
            }
        }
    }

    fn item(&self) -> Result<Item, Fault> {
        Item::read(&self.kind, &self.of).map_err(|fault| {
            let (column, text) = match fault {
                ItemFault::Kind => (Column::Kind, &self.kind),
                ItemFault::Of => (Column::Of, &self.of),
            };
            Fault::of(column, if bare(text).is_empty() { Why::Missing } else { Why::Unknown })
        })
    }

    fn doc_no(&self) -> Result<String, Fault> {
        let text = self.doc_no.trim();
        match text.chars().count() {
            0 => Err(Fault::of(Column::DocNo, Why::Missing)),
            1..=DOC_LETTERS_MAX => Ok(text.to_owned()),
            _ => Err(Fault::of(Column::DocNo, Why::TooLong)),
        }
    }

    fn day(&self, column: Column) -> Result<Option<Day>, Fault> {
        let text = if column == Column::From { &self.from } else { &self.to };
        if bare(text).is_empty() {
            return Ok(None);
        }
        list::day(text).map(Some).ok_or(Fault::of(column, Why::NotDay))
    }

    /// Both of income and share, or neither.
    fn basis(&self) -> Result<Option<Basis>, Fault> {
        let said = [&self.income, &self.ratio].map(|text| !bare(text).is_empty());
        match said {
            [false, false] => Ok(None),
            [false, true] => Err(Fault::of(Column::Income, Why::Missing)),
            [true, false] => Err(Fault::of(Column::Ratio, Why::Missing)),
            [true, true] => {
                let income = amount(&self.income).ok_or(Fault::of(Column::Income, Why::NotAmount))?;
                let ratio_bp = share(&self.ratio).ok_or(Fault::of(Column::Ratio, Why::NotShare))?;
                Ok(Some(Basis { income, ratio_bp }))
            }
        }
    }

    fn value(&self, item: Item, basis: Option<Basis>) -> Result<Value, Fault> {
        let fault = |why: Why| Fault::of(Column::Value, why);
        let least = basis.map(|basis| basis.standard().ok_or(fault(Why::NotAmount))).transpose()?;
        let is_missing = bare(&self.value).is_empty();
        match (item, least) {
            (Item::Stipend(_), Some(least)) if is_missing => Ok(Value::Amount(least)),
            _ if is_missing => Err(fault(Why::Missing)),
            (Item::Stipend(_), least) => match amount(&self.value).ok_or(fault(Why::NotAmount))? {
                amount if least.is_some_and(|least| amount < least) => {
                    Err(Fault { least: least.map(Money::fen), ..fault(Why::BelowFloor) })
                }
                amount => Ok(Value::Amount(amount)),
            },
            (Item::Region(_), _) => {
                let factor = scaled(&self.value).filter(|bp| (WHOLE_BP..=FACTOR_BP_MAX).contains(bp));
                factor.map(Value::Share).ok_or(fault(Why::NotFactor))
            }
            (Item::Supplement(_), _) => share(&self.value).map(Value::Share).ok_or(fault(Why::NotShare)),
            (Item::Reward(_), _) if is_share(&self.value) => {
                let bp = scaled(&self.value).filter(|bp| (1..=FACTOR_BP_MAX).contains(bp));
                let bp = bp.ok_or(fault(Why::NotShare))?;
                Ok(Value::OfStipend { bp, year: self.base_year()? })
            }
            (Item::Reward(_), _) => amount(&self.value).map(Value::Amount).ok_or(fault(Why::NotAmount)),
        }
    }

    fn base_year(&self) -> Result<i32, Fault> {
        let text = narrow(&self.base_year);
        match text.trim().trim_end_matches('年') {
            "" => Err(Fault::of(Column::BaseYear, Why::Missing)),
            year => year
                .parse()
                .ok()
                .filter(|year| (1990..=2150).contains(year))
                .ok_or(Fault::of(Column::BaseYear, Why::NotYear)),
        }
    }

    /// How a stipend is paid; what is paid once knows none of it.
    fn pay(&self, faults: &mut Vec<Fault>) -> Option<PayRule> {
        let mode = word_of(&PAY_MODES, &self.pay).map_err(|why| Fault::of(Column::Pay, why));
        let early = word_of(&EARLY_MODES, &self.early).map_err(|why| Fault::of(Column::Early, why));
        noted(mode, faults).zip(noted(early, faults)).map(|(mode, early)| PayRule { mode, early })
    }
}

fn noted<T>(said: Result<T, Fault>, faults: &mut Vec<Fault>) -> Option<T> {
    said.map_err(|fault| faults.push(fault)).ok()
}

fn word_of<T: Copy>(table: &[(T, &[&str])], text: &str) -> Result<T, Why> {
    let text = bare(text);
    if text.is_empty() {
        return Err(Why::Missing);
    }
    let found = table.iter().find(|(_, words)| words.contains(&text.as_str()));
    found.map(|(one, _)| *one).ok_or(Why::Unknown)
}

fn first_word<T: Copy + PartialEq>(table: &[(T, &[&str])], of: T) -> String {
    let found = table.iter().find(|(one, _)| *one == of);
    found.and_then(|(_, words)| words.first()).map(|word| (*word).to_owned()).unwrap_or_default()
}

/// Basis points as people write them: `45%`, `10.5%`.
pub(super) fn percent(bp: i64) -> String {
    let text = format!("{}.{:02}", bp / 100, bp % 100);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Yuan, at least ten of them.
fn amount(text: &str) -> Option<Money> {
    Money::parse_yuan(text).filter(|amount| *amount >= AMOUNT_MIN)
}

/// More than nothing, and no more than all.
fn share(text: &str) -> Option<i64> {
    scaled(text).filter(|bp| (1..=WHOLE_BP).contains(bp))
}

fn is_share(text: &str) -> bool {
    bare(text).ends_with(['%', '倍'])
}

/// `40%`, `2.5倍`, or `0.4` as a sheet holds a share, in basis points; finer ones are none.
fn scaled(text: &str) -> Option<i64> {
    let bare = bare(text);
    let (digits, unit_bp) = match (bare.strip_suffix('%'), bare.strip_suffix('倍')) {
        (Some(digits), _) => (digits, WHOLE_BP / 100),
        (None, Some(digits)) => (digits, WHOLE_BP),
        (None, None) => (bare.as_str(), WHOLE_BP),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = part.trim_end_matches('0');
    let is_number =
        !whole.is_empty() && [whole, part].iter().all(|text| text.bytes().all(|b| b.is_ascii_digit()));
    if !is_number || whole.len() > 6 || part.len() > 6 {
        return None;
    }
    let scale = 10_i64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let scaled = format!("{whole}{part}").parse::<i64>().ok()?.checked_mul(unit_bp)?;
    (scaled % scale == 0).then_some(scaled / scale)
}
