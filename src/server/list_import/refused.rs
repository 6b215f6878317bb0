//! The refused lines of a list as a workbook: the columns of the list and one more that says why, ready to be mended and read again.

use domain::list::{
    Hand,
    excerpt::{self, Excerpt},
    grid::{Cell, Grid},
    report::{ListReport, RowReport, Verdict, Why},
};
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, sync::LazyLock};

use super::ImportError;

/// The app's own catalog, so that the workbook and the screen say the same. It goes back to whoever wrote the list, in Chinese, whatever the screen speaks.
static WORDS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let text = include_str!("../../client/locales/zh-CN/import.json");
    serde_json::from_str(text).expect("the catalog is compiled into the app too, which would not build")
});

/// The sheet of a template that lists what its columns may hold.
const OPTIONS: &str = "type";
const REASON_WIDTH: f64 = 48.0;

/// The workbook; nothing where no line is refused.
pub(super) fn workbook(
    grid: &Grid,
    hand: &Hand,
    report: &ListReport,
) -> Result<Option<Vec<u8>>, ImportError> {
    if report.refused == 0 {
        return Ok(None);
    }
    let part = excerpt::refused(grid, hand, report)
        .map_err(|error| ImportError::List { sheet: grid.sheet.clone(), error })?;
    let refused = report.rows.iter().filter(|row| row.verdict == Verdict::Refuse);
    let reasons: BTreeMap<u32, String> = refused.map(|row| (row.row, reasons(row))).collect();
    written(&part, &reasons).map(Some).map_err(|error| ImportError::Workbook(error.to_string()))
}

fn written(part: &Excerpt, reasons: &BTreeMap<u32, String>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    // A name that Excel itself would refuse is no reason to send nothing back.
    if page.set_name(&part.grid.sheet).is_err() {
        page.set_name("名单")?;
    }
    let column = |at: usize| u16::try_from(at).map_err(|_| XlsxError::RowColumnLimitError);
    let bold = Format::new().set_bold();
    for (row, cells) in (0_u32..).zip(&part.grid.rows) {
        for (at, cell) in cells.iter().enumerate() {
            write(page, row, column(at)?, &part.grid, cell)?;
        }
    }
    for merge in &part.grid.merges {
        let (top, bottom) = (u32::try_from(merge.top), u32::try_from(merge.bottom));
        let (Ok(top), Ok(bottom)) = (top, bottom) else { continue };
        let text = part.grid.text(merge.top, merge.left);
        page.merge_range(top, column(merge.left)?, bottom, column(merge.right)?, &text, &bold)?;
    }
    let why = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_font_color(Color::RGB(0x9C_0006));
    let reason_at = column(part.reason_at)?;
    for (row, line) in &part.lines {
        let text = reasons.get(line).map(String::as_str).unwrap_or_default();
        let row = u32::try_from(*row).map_err(|_| XlsxError::RowColumnLimitError)?;
        page.write_string_with_format(row, reason_at, text, &why)?;
    }
    page.set_column_width(reason_at, REASON_WIDTH)?;
    let below = u32::try_from(part.header + 1).unwrap_or_default();
    page.set_freeze_panes(below, 0)?;
    options(&mut book, &part.grid)?;
    book.save_to_buffer()
}

/// As the list has it. A number stays a number: what a spreadsheet has rounded must not look whole.
fn write(page: &mut Worksheet, row: u32, column: u16, grid: &Grid, cell: &Cell) -> Result<(), XlsxError> {
    let written = match cell {
        Cell::Empty => return Ok(()),
        Cell::Number(text) => match text.parse::<f64>() {
            Ok(number) => page.write_number(row, column, number),
            Err(_) => page.write_string(row, column, text),
        },
        Cell::Bool(value) => page.write_boolean(row, column, *value),
        Cell::Error(text) => page.write_string(row, column, text),
        Cell::Date(_) => page.write_string(row, column, grid.text_of(cell).as_ref()),
        // A text that begins like a formula is marked as text and stays what it is.
        Cell::Text(text) => {
            page.write_string_with_format(row, column, text, &Format::new().set_quote_prefix())
        }
    };
    written.map(drop)
}

/// What the columns of a template may hold comes along.
fn options(book: &mut Workbook, grid: &Grid) -> Result<(), XlsxError> {
    if grid.options.is_empty() {
        return Ok(());
    }
    let page = book.add_worksheet();
    page.set_name(OPTIONS)?;
    for (column, (heading, texts)) in (0_u16..).zip(&grid.options) {
        page.write_string(0, column, heading)?;
        for (row, text) in (1_u32..).zip(texts) {
            page.write_string(row, column, text)?;
        }
    }
    Ok(())
}

/// Why a line was refused, each with its column.
fn reasons(row: &RowReport) -> String {
    let sentence = |why: &Why| {
        let mut text = word(why.code);
        if let Some(other) = why.other_row {
            text = format!("{text}（原表第 {other} 行）");
        }
        match &why.heading {
            Some(heading) => format!("{}：{text}", domain::text::bare(heading).trim_matches('*')),
            None => text,
        }
    };
    row.whys.iter().filter(|why| why.refuses).map(sentence).collect::<Vec<_>>().join("；")
}

fn word(code: &str) -> String {
    let key = match code {
        "differs_from_other_row" => "why_differs".to_owned(),
        code => format!("why_{code}"),
    };
    WORDS.get(&key).and_then(Value::as_str).unwrap_or(code).to_owned()
}
