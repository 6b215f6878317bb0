use super::*;
use crate::list::grid::{Cell, Grid};

fn stipend_said() -> Entered {
    Entered {
        kind: "优待金".to_owned(),
        of: "农村".to_owned(),
        income: "5150".to_owned(),
        ratio: "60%".to_owned(),
        pay: "按半年".to_owned(),
        early: "不满半年按半年".to_owned(),
        doc_no: "双拥〔2026〕3号".to_owned(),
        from: "2026-01-01".to_owned(),
        to: "2026-12-31".to_owned(),
        ..Entered::default()
    }
}

fn said(kind: &str, of: &str, value: &str) -> Entered {
    let (kind, of, value) = (kind.to_owned(), of.to_owned(), value.to_owned());
    Entered {
        kind,
        of,
        value,
        income: String::new(),
        ratio: String::new(),
        to: String::new(),
        ..stipend_said()
    }
}

fn judged(said: &Entered) -> Result<Standard, Vec<(Column, Why)>> {
    let judged = said.judge(Uuid::from_u128(7), None);
    judged.map_err(|faults| faults.iter().map(|fault| (fault.column, fault.why)).collect())
}

#[test]
fn a_stipend_follows_from_its_basis_where_no_amount_is_said() {
    let standard = judged(&stipend_said()).expect("nothing is wrong");
    assert_eq!((standard.item, standard.value), (Item::Stipend(Domicile::Rural), Value::Amount(yuan(3_090))));
    let rule = PayRule { mode: PayMode::HalfYear, early: EarlyMode::CeilHalfYear };
    assert_eq!((standard.pay, standard.to), (Some(rule), Some(day("2026-12-31"))));
}

#[test]
fn st_15_less_than_the_floor_is_refused_with_the_least() {
    let low = Entered { value: "3,000".to_owned(), ..stipend_said() };
    let faults = low.judge(Uuid::nil(), None).expect_err("it is too little");
    assert_eq!(faults, [Fault { column: Column::Value, why: Why::BelowFloor, least: Some(309_000) }]);
    let more = Entered { value: "3100".to_owned(), ..stipend_said() };
    assert_eq!(judged(&more).map(|standard| standard.value), Ok(Value::Amount(yuan(3_100))));
}

#[test]
fn values_are_read_as_sheets_write_them() {
    for (kind, of, value, read) in [
        ("立功奖励", "二等功", "5000元", Value::Amount(yuan(5_000))),
        ("reward", "merit_2", "5,000.50", Value::Amount(fen(500_050))),
        ("进藏倍数", "西藏", "2.5倍", Value::Share(25_000)),
        ("进藏进疆倍数", "进疆", "200%", Value::Share(20_000)),
        ("region", "tibet", "1.5", Value::Share(15_000)),
        ("立功增发", "优秀士兵", "5%", Value::Share(500)),
        ("立功增发", "三等功", "0.1", Value::Share(1_000)),
        ("优待金", "", "14272", Value::Amount(yuan(14_272))),
    ] {
        assert_eq!(
            judged(&said(kind, of, value)).map(|standard| standard.value),
            Ok(read),
            "{kind} {of} {value}"
        );
    }
    let of_year = Entered { base_year: "2013年".to_owned(), ..said("立功奖励", "三等功", "30%") };
    let value = judged(&of_year).map(|standard| standard.value);
    assert_eq!(value, Ok(Value::OfStipend { bp: 3_000, year: 2013 }));
}

#[test]
fn what_is_wrong_is_told_with_its_column() {
    use Column::{BaseYear, DocNo, Early, From, Income, Kind, Of, Pay, Ratio, To};
    for (said, column, why) in [
        (said("", "", "1"), Kind, Why::Missing),
        (said("过节费", "农村", "100"), Kind, Why::Unknown),
        (said("立功奖励", "三好学生", "100"), Of, Why::Unknown),
        (said("立功奖励", "", "100"), Of, Why::Missing),
        (said("立功奖励", "二等功", ""), Column::Value, Why::Missing),
        (said("立功奖励", "二等功", "0.3"), Column::Value, Why::NotAmount),
        (said("立功奖励", "二等功", "30%"), BaseYear, Why::Missing),
        (
            Entered { base_year: "去年".to_owned(), ..said("立功奖励", "二等功", "30%") },
            BaseYear,
            Why::NotYear,
        ),
        (said("优待金", "农村", "45%"), Column::Value, Why::NotAmount),
        (said("优待金", "农村", "约一万"), Column::Value, Why::NotAmount),
        (said("进藏倍数", "西藏", "50%"), Column::Value, Why::NotFactor),
        (said("进藏倍数", "西藏", "25000"), Column::Value, Why::NotFactor),
        (said("立功增发", "三等功", "10"), Column::Value, Why::NotShare),
        (said("立功增发", "三等功", "10.00005%"), Column::Value, Why::NotShare),
        (Entered { doc_no: " ".to_owned(), ..stipend_said() }, DocNo, Why::Missing),
        (Entered { doc_no: "文".repeat(101), ..stipend_said() }, DocNo, Why::TooLong),
        (Entered { from: String::new(), ..stipend_said() }, From, Why::Missing),
        (Entered { from: "今年".to_owned(), ..stipend_said() }, From, Why::NotDay),
        (Entered { from: "2026年1月".to_owned(), ..stipend_said() }, From, Why::NotDay),
        (Entered { to: "2025-12-31".to_owned(), ..stipend_said() }, To, Why::Backwards),
        (Entered { ratio: String::new(), ..stipend_said() }, Ratio, Why::Missing),
        (Entered { income: String::new(), ..stipend_said() }, Income, Why::Missing),
        (Entered { pay: String::new(), ..stipend_said() }, Pay, Why::Missing),
        (Entered { early: "看情况".to_owned(), ..stipend_said() }, Early, Why::Unknown),
    ] {
        let faults = judged(&said).expect_err("something is wrong");
        assert!(faults.contains(&(column, why)), "{column:?} {why:?}: {faults:?}");
    }
}

#[test]
fn a_standard_is_typed_again_as_it_was() {
    let of_year = Entered { base_year: "2013".to_owned(), ..said("立功奖励", "三等功", "30.5%") };
    for said in
        [stipend_said(), said("进藏倍数", "西藏", "2.5倍"), said("立功增发", "三等功", "10%"), of_year]
    {
        let standard = said.judge(Uuid::from_u128(7), None).expect("nothing is wrong");
        assert_eq!(Entered::of(&standard).judge(standard.id, None), Ok(standard));
    }
    let says = judged(&stipend_said()).map(|standard| standard.says());
    assert_eq!(says.as_deref(), Ok("优待金（农村） 3090.00 元，双拥〔2026〕3号"));
}

#[test]
fn a_stored_item_is_found_by_its_word_and_its_label_is_told_apart() {
    let all: Vec<Item> = Item::all().collect();
    for item in &all {
        let (kind, of) = item.words();
        assert_eq!((item.word().parse(), Item::read(kind, of)), (Ok(*item), Ok(*item)));
    }
    let labels: std::collections::BTreeSet<String> = all.iter().map(|item| item.label()).collect();
    assert_eq!(labels.len(), all.len());
    assert_eq!("stipend.nobody".parse::<Item>(), Err(UnknownItem));
}

fn grid(rows: &[&[&str]]) -> Grid {
    let cell = |text: &&str| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) };
    Grid { rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(), ..Grid::default() }
}

const HEADINGS: &[&str] =
    &["序号", "项目*", "对象", "标准（元）", "计发方式", "提前退役", "文号*", "执行日期", "截止日期"];

#[test]
fn a_sheet_is_read_by_its_headings_below_a_title() {
    let mut sheet = grid(&[
        &["2026 年度标准"],
        HEADINGS,
        &["1", "优待金", "农村", "", "按年", "按实际月数", "双拥〔2026〕3号", "2026/1/1", "2026年12月31日"],
        &[],
        &["2", "立功奖励", "二等功", "5000", "", "", "双拥〔2026〕3号", "", ""],
        &["3", "立功奖励", "二等功", "6000", "", "", "双拥〔2026〕4号", "2026-07-01", ""],
    ]);
    sheet.rows[2][3] = Cell::Number("14272".to_owned());
    sheet.rows[4][7] = Cell::Date(46_023);
    let read = read(&sheet).expect("it has rows");
    let faults: Vec<(usize, Vec<Why>)> =
        read.rows.iter().map(|row| (row.row, row.faults.iter().map(|fault| fault.why).collect())).collect();
    assert_eq!(faults, [(3, vec![]), (5, vec![]), (6, vec![Why::Twice])]);
    assert_eq!(read.rows[1].said.from, "2026-01-01");
    assert_eq!(read.rows[2].faults[0].least, Some(5), "the row that said it before");
    let value = read.headings.iter().find(|heading| heading.column == Column::Value).expect("it is there");
    assert_eq!((value.at.as_str(), value.text.as_str()), ("D", "标准（元）"));
}

#[test]
fn a_sheet_without_headings_or_rows_says_so() {
    let row: &[&str] = &["优待金", "农村", "14272"];
    assert_eq!(read(&grid(&[row])), Err(SheetError::NoHeadings));
    assert_eq!(read(&grid(&[&["项目", "标准"], row])), Err(SheetError::NoHeadings), "no document, no day");
    assert_eq!(read(&grid(&[HEADINGS, &["", ""]])), Err(SheetError::NoRows));
    let mut long = vec![HEADINGS];
    long.resize(ROWS_MAX + 2, row);
    assert_eq!(read(&grid(&long)), Err(SheetError::TooManyRows { rows: ROWS_MAX + 1 }));
}
