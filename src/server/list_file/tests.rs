use std::io::{Cursor, Write};

use domain::list::grid::{Cell, Grid};
use domain::list::{Context, ListError};
use rust_xlsxwriter::{Format, Workbook};
use zip::write::SimpleFileOptions;

use super::{FILE_BYTES_MAX, ListFileError, parse, weigh};

fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_is_no_workbook_is_refused_before_it_is_parsed() {
    assert_eq!(parse(b""), Err(ListFileError::Empty));
    assert_eq!(parse(b" "), Err(ListFileError::NotAWorkbook));
    assert_eq!(parse(b"<html><table><tr><td>1</td></tr></table></html>"), Err(ListFileError::NotAWorkbook));
    assert_eq!(parse(b"PK\x03\x04 and nothing more"), Err(ListFileError::Damaged { sheet: None }));
    assert_eq!(parse(&zipped(&[("a.txt", b"hello")])), Err(ListFileError::NotAWorkbook));
}

#[test]
fn an_encrypted_workbook_is_named_as_such() {
    let mut container = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    container.resize(512, 0);
    container.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(parse(&container), Err(ListFileError::Encrypted));
}

#[test]
fn a_damaged_workbook_of_either_format_is_refused_and_never_panics() {
    let good = include_bytes!("../fixtures/township-list.xlsx");
    for cut in [100, 1_000, good.len() / 2, good.len() - 30] {
        assert!(parse(&good[..cut]).is_err(), "{cut}");
    }
    let mut container = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    container.resize(4_096, 7);
    assert!(parse(&container).is_err());
}

#[test]
fn a_bomb_is_refused_while_it_is_weighed() {
    let zeros = vec![b' '; 64 << 20];
    let bomb =
        zipped(&[("xl/workbook.xml", b"<x/>"), ("a", &zeros), ("b", &zeros), ("c", &zeros), ("d", &zeros)]);
    assert!(bomb.len() < FILE_BYTES_MAX);
    assert_eq!(parse(&bomb), Err(ListFileError::InflatesTooMuch));
}

/// A workbook of one list, with further parts in it that nothing reads.
fn with_parts(more: &[(String, Vec<u8>)]) -> Vec<u8> {
    let list = book(|book| {
        book.add_worksheet().write_row(0, 0, ["姓名", "身份证号", "类别", "住址"]).unwrap();
    });
    let mut zip = zip::ZipWriter::new_append(Cursor::new(list)).unwrap();
    for (name, bytes) in more {
        // Not deflated: a byte more in the part is a byte more in the file.
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(name.as_str(), stored).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_file_has_sixteen_megabytes_at_most() {
    let filled = |bytes: usize| with_parts(&[("filling".to_owned(), vec![7; bytes])]);
    let filling = FILE_BYTES_MAX - filled(0).len();
    let (most, more) = (filled(filling), filled(filling + 1));
    assert_eq!((most.len(), more.len()), (FILE_BYTES_MAX, FILE_BYTES_MAX + 1));
    assert!(parse(&most).is_ok());
    assert_eq!(parse(&more), Err(ListFileError::FileTooLarge { bytes: FILE_BYTES_MAX + 1 }));
}

#[test]
fn a_workbook_has_a_thousand_parts_at_most() {
    let own = zip::ZipArchive::new(Cursor::new(with_parts(&[]))).unwrap().len();
    let parts = |count: usize| {
        let more: Vec<_> = (own..count).map(|n| (format!("p{n}"), Vec::new())).collect();
        parse(&with_parts(&more))
    };
    assert!(parts(1_000).is_ok());
    assert_eq!(parts(1_001), Err(ListFileError::TooManyParts { parts: 1_001 }));
}

#[test]
fn a_workbook_inflates_to_192_megabytes_at_most() {
    let spaces = vec![b' '; 64 << 20];
    let weighed = |more: usize| {
        let workbook = vec![b' '; more];
        let parts =
            [("xl/workbook.xml", workbook.as_slice()), ("a", &spaces), ("b", &spaces), ("c", &spaces[1..])];
        weigh::weigh(&zipped(&parts))
    };
    assert_eq!(weighed(1), Ok(weigh::Format::Xlsx));
    assert_eq!(weighed(2), Err(ListFileError::InflatesTooMuch));
}

#[test]
fn a_list_on_the_fiftieth_sheet_is_found_and_a_fifty_first_sheet_is_refused() {
    let sheets = |count: usize| {
        book(|book| {
            for n in 1..=count {
                let sheet = book.add_worksheet().set_name(format!("{n}")).unwrap();
                if n == count {
                    sheet.write_row(0, 0, ["姓名", "身份证号", "类别", "住址"]).unwrap();
                }
            }
        })
    };
    assert_eq!(parse(&sheets(50)).unwrap().grid.sheet, "50");
    let refused = parse(&sheets(51)).unwrap_err();
    assert_eq!(refused, ListFileError::TooManySheets { sheets: 51 });
    assert!(refused.to_string().contains("has 51 sheets, at most 50"), "{refused}");
}

#[test]
fn a_sheet_has_22000_rows_and_256_columns_at_most() {
    let last = |row: u32, column: u16| {
        parse(&book(|book| {
            book.add_worksheet()
                .set_name("名单")
                .unwrap()
                .write(0, 0, "x")
                .unwrap()
                .write(row, column, "y")
                .unwrap();
        }))
    };
    assert_eq!(last(21_999, 0).unwrap().grid.rows.len(), 22_000);
    let refused = last(22_000, 0);
    assert_eq!(refused, Err(ListFileError::TooManyRows { sheet: "名单".to_owned(), row: 22_001 }));
    assert_eq!(last(0, 255).unwrap().grid.rows[0].len(), 256);
    assert_eq!(last(0, 256).unwrap().grid.rows[0].len(), 1, "further right stands nothing of a list");
}

#[test]
fn a_text_is_as_long_as_a_spreadsheet_lets_it_be() {
    let longest = "长".repeat(32_767);
    let grid = parse(&book(|book| {
        book.add_worksheet().write(0, 0, &longest).unwrap();
    }));
    assert_eq!(grid.unwrap().grid.rows[0], [Cell::Text(longest)]);
}

#[test]
fn too_many_rows_name_the_sheet_and_the_row() {
    let long = book(|book| {
        let sheet = book.add_worksheet().set_name("花名册").unwrap();
        sheet.write_row(0, 0, ["姓名", "身份证号", "类别", "住址"]).unwrap();
        sheet.write(1_000_000, 0, "李伟").unwrap();
    });
    let expected = ListFileError::TooManyRows { sheet: "花名册".to_owned(), row: 1_000_001 };
    assert_eq!(parse(&long), Err(expected));
}

#[test]
fn an_empty_workbook_and_one_without_a_header_are_told_apart() {
    assert_eq!(
        parse(&book(|book| {
            book.add_worksheet();
        })),
        Err(ListFileError::Empty)
    );
    let other = parse(&book(|book| {
        book.add_worksheet().write(4, 2, "hello").unwrap();
    }));
    let area = "339999".parse().unwrap();
    let context = Context { today: "2026-11-23".parse().unwrap(), area: &area, tree: None };
    assert_eq!(domain::list::read(&other.unwrap().grid, &context).err(), Some(ListError::HeaderNotFound));
}

#[test]
fn a_lone_cell_far_to_the_right_costs_nothing() {
    let wide = parse(&book(|book| {
        book.add_worksheet().write(0, 16_383, "x").unwrap().write(1, 0, "y").unwrap();
    }));
    assert_eq!(wide.unwrap().grid.rows, vec![vec![], vec![Cell::Text("y".to_owned())]]);
}

#[test]
fn cells_keep_their_types_and_numbers_their_digits() {
    let typed = book(|book| {
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let sheet = book.add_worksheet();
        sheet.write(0, 0, " 339999194803120019 ").unwrap();
        sheet.write(0, 1, 339_999_194_803_120_019_f64).unwrap();
        sheet.write(0, 2, 339_999_530_506_085_f64).unwrap();
        sheet.write_with_format(0, 3, 31_108.75, &date).unwrap();
        sheet.write(0, 4, 1_985.3).unwrap();
        sheet.write(0, 5, true).unwrap();
        sheet.merge_range(1, 1, 3, 1, "红旗村", &Format::new()).unwrap();
    });
    let grid = parse(&typed).unwrap().grid;
    assert_eq!(
        grid.rows[0],
        [
            Cell::Text(" 339999194803120019 ".to_owned()),
            Cell::Number("339999194803120000".to_owned()),
            Cell::Number("339999530506085".to_owned()),
            Cell::Date(31_108),
            Cell::Number("1985.3".to_owned()),
            Cell::Bool(true),
        ]
    );
    assert_eq!(grid.merges.len(), 1);
    assert_eq!((grid.merges[0].top, grid.merges[0].bottom, grid.merges[0].left), (1, 3, 1));
}

/// The workbook says in one attribute that its days count from 1904.
fn with_1904_epoch(bytes: &[u8]) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for at in 0..old.len() {
        let mut part = old.by_index(at).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        if part.name() == "xl/workbook.xml" {
            text = text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ");
        }
        parts.push((part.name().to_owned(), text.into_bytes()));
    }
    zipped(&parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>())
}

#[test]
fn dates_of_a_workbook_from_1904_are_the_same_days() {
    let made = book(|book| {
        let date = Format::new().set_num_format("yyyy-mm-dd");
        book.add_worksheet().write_with_format(0, 0, 29_646, &date).unwrap();
    });
    let grid = parse(&with_1904_epoch(&made)).unwrap().grid;
    assert!(grid.date_1904);
    assert_eq!(grid.text(0, 0), "1985-03-02");
}

#[test]
fn the_list_is_found_among_sheets_and_the_options_beside_it() {
    let several = book(|book| {
        book.add_worksheet().set_name("说明").unwrap().write(0, 0, "请先阅读").unwrap();
        let list = ["姓名", "身份证号", "类别", "住址"];
        book.add_worksheet().set_name("一村").unwrap().write_row(2, 0, list).unwrap();
        book.add_worksheet().set_name("二村").unwrap().write_row(0, 0, list).unwrap();
        let options = book.add_worksheet().set_name("type").unwrap();
        options.write(0, 0, "供养方式").unwrap().write(1, 0, "荣军院").unwrap();
    });
    let found = parse(&several).unwrap();
    assert_eq!((found.grid.sheet.as_str(), found.other_lists), ("一村", vec!["二村".to_owned()]));
    assert_eq!(found.grid.options["供养方式"], ["荣军院"]);
}

/// The grids that the rules are tested with are what the workbooks hold.
#[test]
fn the_three_lists_give_the_grids_of_the_rules_tests() {
    for (bytes, grid) in [
        (
            include_bytes!("../fixtures/township-list.xlsx").as_slice(),
            include_str!("../../domain/fixtures/township-list.grid.json"),
        ),
        (
            include_bytes!("../fixtures/township-list-3000.xlsx").as_slice(),
            include_str!("../../domain/fixtures/township-list-3000.grid.json"),
        ),
        (
            include_bytes!("../fixtures/disabled-template.xlsx").as_slice(),
            include_str!("../../domain/fixtures/disabled-template.grid.json"),
        ),
    ] {
        let expected: Grid = serde_json::from_str(grid).unwrap();
        let read = parse(bytes).unwrap().grid;
        assert_eq!(read.rows.len(), expected.rows.len());
        for row in 0..read.rows.len() {
            for column in 0..read.rows[row].len().max(expected.rows[row].len()) {
                let (cell, wanted) = (read.cell(row, column), expected.cell(row, column));
                assert!(cell == wanted || cell.is_empty() && wanted.is_empty(), "{row} {column}: {cell:?}");
            }
        }
        let key = |merge: &domain::list::grid::Merge| (merge.top, merge.left, merge.bottom, merge.right);
        let sorted = |grid: &Grid| {
            let mut merges: Vec<_> = grid.merges.iter().map(key).collect();
            merges.sort_unstable();
            merges
        };
        assert_eq!(sorted(&read), sorted(&expected));
    }
}
