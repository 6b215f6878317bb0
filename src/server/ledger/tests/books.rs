//! Each workbook, read back.

use super::*;
use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use clap::ValueEnum;
use std::io::{Cursor, Read};

fn heading() -> Heading {
    Heading {
        unit: "双桥镇退役军人服务站".to_owned(),
        period: Period::default(),
        filled_on: "2026-11-23".to_owned(),
        made_by: "clerk".to_owned(),
        made_at: "2026-11-23 09:10".to_owned(),
        full: false,
    }
}

/// Two people of one village, with something for every ledger to tell.
fn county() -> Sources {
    let mut came = recipient(
        1,
        json!({"name": "李伟", "id_no": "339999194803120019", "mobile": "13900001234", "plaque": "hung"}),
    );
    came.dates.made = Some(day("2026-11-05"));
    let records = vec![
        came,
        entitlement(2, 1, json!({"category": "81", "state": "paid"})),
        recipient(3, json!({"name": "=1+1", "domicile_kind": "1"})),
        entitlement(
            6,
            3,
            json!({"category": "71", "state": "paid", "service_from": "2025-09-15", "payee": "=1+1"}),
        ),
        stipend::notice(7, 3, ("=1+1", "三等功", "2026-08-01")),
        source(4, "need", Some(1), json!({"kind": "N-MED", "state": "found"})),
        visit(
            5,
            1,
            json!({"kind": "festival", "completed_at": "2026-07-20", "answers": {"F04": 50_000, "F05.1": "=1+1"}}),
        ),
    ];
    Sources { standards: stipend::standards(), ..sources(records) }
}

fn book(ledger: Ledger, table: &Table) -> Vec<u8> {
    sheet(ledger, &heading(), table).expect("a small ledger fits")
}

fn range(ledger: Ledger, bytes: &[u8]) -> Range<Data> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes.to_vec())).expect("it is an .xlsx");
    assert_eq!(book.worksheet_formula(ledger.title()).unwrap().used_cells().count(), 0);
    book.worksheet_range(ledger.title()).expect("the sheet has the ledger's name")
}

fn made(ledger: Ledger, sources: &Sources) -> Table {
    let asked = if ledger.is_of_today() { Period::default() } else { Period::year(2026) };
    let period = ledger.period(asked, day("2026-11-23")).expect("these are days");
    table(ledger, &given(sources, period))
}

#[track_caller]
fn texts(range: &Range<Data>) -> Vec<String> {
    let text = |cell: &Data| match cell {
        Data::String(text) => Some(text.clone()),
        _ => None,
    };
    range.rows().flatten().filter_map(text).collect()
}

#[test]
fn every_workbook_has_title_unit_days_heads_lines_totals_and_signatures() {
    let county = county();
    for ledger in Ledger::value_variants().iter().copied() {
        let table = made(ledger, &county);
        assert!(!table.lines.is_empty(), "{ledger:?}");
        let range = range(ledger, &book(ledger, &table));
        let texts = texts(&range);
        assert_eq!(texts[0], ledger.title());
        let heads = ledger.columns().iter().map(|column| column.head);
        for wanted in
            ["填报单位：双桥镇退役军人服务站", "填报日期：2026-11-23", "序号", "制表：", "审核：", "负责人："]
                .into_iter()
                .chain(heads)
        {
            assert!(texts.iter().any(|text| text == wanted), "{ledger:?} lacks {wanted}");
        }
        assert!(texts.iter().any(|text| text.starts_with("合计")), "{ledger:?}");
        assert!(texts.iter().any(|text| text == "1"), "{ledger:?} numbers its lines");
        assert!(!texts.iter().any(|text| text.contains("339999194803120019")), "{ledger:?}");
        assert!(!texts.iter().any(|text| text.starts_with('=')), "{ledger:?}");
    }
}

#[test]
fn numbers_of_people_are_text_and_what_is_counted_is_a_number() {
    let county = county();
    let roster = range(Ledger::Roster, &book(Ledger::Roster, &made(Ledger::Roster, &county)));
    assert!(roster.rows().flatten().all(|cell| matches!(cell, Data::String(_) | Data::Empty)));
    assert!(texts(&roster).iter().any(|text| text == "**************0019"));
    let festival = range(Ledger::Festival, &book(Ledger::Festival, &made(Ledger::Festival, &county)));
    let number = |cell: &Data| match cell {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(*number as f64),
        _ => None,
    };
    let numbers: Vec<f64> = festival.rows().nth(3).unwrap().iter().filter_map(number).collect();
    assert_eq!(numbers, [1.0, 1.0, 500.0, 0.0]);
    assert!(texts(&festival).iter().any(|text| text == "'=1+1 1 份"));
}

#[test]
fn every_page_is_a4_across_and_repeats_the_heads() {
    let county = county();
    for ledger in Ledger::value_variants().iter().copied() {
        let table = made(ledger, &county);
        let mut zip = zip::ZipArchive::new(Cursor::new(book(ledger, &table))).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let (page, book) = (part("xl/worksheets/sheet1.xml"), part("xl/workbook.xml"));
        assert!(page.contains("paperSize=\"9\"") && page.contains("orientation=\"landscape\""), "{ledger:?}");
        assert!(page.contains("fitToPage=\"1\"") && page.contains("fitToHeight=\"0\""), "{ledger:?}");
        let head_row = if table.above.is_empty() { 3 } else { 4 };
        assert!(book.contains(&format!("${head_row}:${head_row}</definedName>")), "{ledger:?}: {book}");
    }
}

#[test]
fn a_ledger_without_lines_has_its_heads_and_signatures() {
    for ledger in Ledger::value_variants().iter().copied() {
        let table = made(ledger, &Sources::default());
        assert!(table.lines.is_empty(), "{ledger:?}");
        let texts = texts(&range(ledger, &book(ledger, &table)));
        assert!(texts.iter().any(|text| text == ledger.columns()[0].head), "{ledger:?}");
        assert!(texts.iter().any(|text| text == "负责人："), "{ledger:?}");
    }
}

#[test]
fn text_that_looks_like_a_formula_is_disarmed() {
    for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\0x"] {
        assert_eq!(text_cell(bad), format!("'{bad}"));
    }
    assert_eq!(text_cell("李伟"), "李伟");
}
