//! A ledger as an .xlsx: A4 landscape, title, unit, fill-in date, lines, totals, signatures, and who made it in the footer.

use super::{Cell, Ledger, Period, Table};
use domain::money::Money;
use rust_xlsxwriter::{DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// What stands above and below the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// The office that fills it in, with its area.
    pub unit: String,
    pub period: Period,
    /// The day it was made.
    pub filled_on: String,
    /// Who made it and when, to the minute: the watermark.
    pub made_by: String,
    pub made_at: String,
    /// Whether it shows whole ID and telephone numbers.
    pub full: bool,
}

/// The number of a line stands before all columns.
const NUMBER: &str = "序号";
const NUMBER_WIDTH: f64 = 5.0;
/// A spreadsheet's cell holds 32,767; an apostrophe and the sign that something is cut are beside it.
const CELL_UNITS_MAX: usize = 32_000;
/// A footer of more than 255 letters would be left out whole.
const FOOTER_NAME_UNITS_MAX: usize = 60;

/// Makes the workbook.
///
/// # Errors
/// Only if the writer refuses, which it does for more rows than a sheet has.
pub fn sheet(ledger: Ledger, heading: &Heading, table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_title(ledger.title()).set_author(&heading.made_by));
    let page = book.add_worksheet();
    page.set_name(ledger.title())?;
    // What is told above the lines takes a row of its own.
    let head_row = if table.above.is_empty() { 2 } else { 3 };
    paper(page, ledger, heading, head_row)?;
    top(page, ledger, heading, table, head_row)?;
    let formats = Formats::new(bordered());
    let mut row = head_row + 1;
    for (index, line) in table.lines.iter().enumerate() {
        write_row(page, row, &(index + 1).to_string(), &line.cells, &formats)?;
        row += 1;
    }
    if let Some(sums) = &table.sums {
        write_row(page, row, "", sums, &Formats::new(bordered().set_bold()))?;
        row += 1;
    }
    bottom(page, row, last_column(ledger), table)?;
    book.save_to_buffer()
}

/// How each sort of cell is shown.
struct Formats {
    text: Format,
    count: Format,
    money: Format,
}

impl Formats {
    fn new(text: Format) -> Formats {
        Formats {
            count: text.clone().set_num_format("0"),
            money: text.clone().set_num_format("#,##0.00"),
            text,
        }
    }
}

fn write_row(
    page: &mut Worksheet,
    row: u32,
    number: &str,
    cells: &[Cell],
    formats: &Formats,
) -> Result<(), XlsxError> {
    page.write_string_with_format(row, 0, number, &formats.text)?;
    for (column, cell) in (1_u16..).zip(cells) {
        match cell {
            Cell::Text(text) => {
                page.write_string_with_format(row, column, text_cell(text), &formats.text)?;
            }
            Cell::Count(n) => {
                page.write_number_with_format(row, column, *n as f64, &formats.count)?;
            }
            Cell::Money(money) => {
                page.write_number_with_format(row, column, yuan(*money), &formats.money)?;
            }
        }
    }
    Ok(())
}

/// A spreadsheet knows no fen; sums of an office are far below what it holds exactly.
fn yuan(money: Money) -> f64 {
    money.fen() as f64 / 100.0
}

/// A value as a cell may hold it: text that a spreadsheet would take for a formula gets a leading apostrophe, here or after a detour through
/// CSV, which drops leading spaces and narrows full-width signs (ASVS 1.2.10). What is longer than a cell holds is cut.
pub fn text_cell(text: &str) -> String {
    let seen = text.trim_start_matches([' ', '\u{a0}', '\u{3000}', '\u{feff}']).chars().next();
    let is_formula =
        matches!(seen, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n' | '\0'));
    let cell = if is_formula { format!("'{text}") } else { text.to_owned() };
    match cut(&cell, CELL_UNITS_MAX) {
        Some(head) => format!("{head}…"),
        None => cell,
    }
}

/// The beginning of a text that is longer than so many UTF-16 units.
fn cut(text: &str, units_max: usize) -> Option<&str> {
    let mut units = 0;
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > units_max
    });
    end.map(|(at, _)| &text[..at])
}

fn paper(page: &mut Worksheet, ledger: Ledger, heading: &Heading, head_row: u32) -> Result<(), XlsxError> {
    const A4: u8 = 9;
    page.set_landscape()
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.5, 0.7, 0.3, 0.3);
    page.set_repeat_rows(head_row, head_row)?;
    // Whom a line is about stays in sight.
    page.set_freeze_panes(head_row + 1, 3)?;
    let numbers = if heading.full { "含完整证号，注意保密" } else { "证号已隐去" };
    page.set_footer(format!(
        "&L{} {}&C第 &P 页 共 &N 页&R{numbers}",
        cut(&heading.made_by, FOOTER_NAME_UNITS_MAX).unwrap_or(&heading.made_by).replace('&', "&&"),
        heading.made_at
    ));
    page.set_column_width(0, NUMBER_WIDTH)?;
    for (column, of) in (1_u16..).zip(ledger.columns()) {
        page.set_column_width(column, of.width)?;
    }
    Ok(())
}

fn top(
    page: &mut Worksheet,
    ledger: Ledger,
    heading: &Heading,
    table: &Table,
    head_row: u32,
) -> Result<(), XlsxError> {
    let last = last_column(ledger);
    let title = Format::new().set_bold().set_font_size(18).set_align(FormatAlign::Center);
    page.merge_range(0, 0, 0, last, ledger.title(), &title)?;
    page.set_row_height(0, 30)?;
    let said = [
        text_cell(&format!("填报单位：{}", heading.unit)),
        format!("期间：{}", period_text(ledger, heading)),
        format!("填报日期：{}", heading.filled_on),
    ];
    thirds(page, 1, last, &said, &Format::new())?;
    if !table.above.is_empty() {
        page.merge_range(2, 0, 2, last, &text_cell(&table.above), &Format::new().set_bold())?;
    }
    let head = bordered().set_bold().set_align(FormatAlign::Center);
    page.write_string_with_format(head_row, 0, NUMBER, &head)?;
    for (column, of) in (1_u16..).zip(ledger.columns()) {
        page.write_string_with_format(head_row, column, of.head, &head)?;
    }
    page.set_row_height(head_row, 30)?;
    Ok(())
}

fn bottom(page: &mut Worksheet, mut row: u32, last: u16, table: &Table) -> Result<(), XlsxError> {
    if !table.total.is_empty() {
        page.merge_range(row, 0, row, last, &text_cell(&table.total), &bordered().set_bold())?;
        row += 1;
    }
    let line = Format::new().set_align(FormatAlign::VerticalCenter);
    page.set_row_height(row, 36)?;
    thirds(page, row, last, &["制表：", "审核：", "负责人："].map(str::to_owned), &line)
}

/// Three texts beside each other across the page, each in cells that are joined.
fn thirds(
    page: &mut Worksheet,
    row: u32,
    last: u16,
    texts: &[String; 3],
    format: &Format,
) -> Result<(), XlsxError> {
    let ends = [last / 3, last * 2 / 3, last];
    let mut first = 0;
    for (end, text) in ends.into_iter().zip(texts) {
        page.merge_range(row, first, row, end, text, format)?;
        first = end + 1;
    }
    Ok(())
}

fn period_text(ledger: Ledger, heading: &Heading) -> String {
    let day = |day: Option<domain::day::Day>| day.map(|day| day.to_string());
    match (day(heading.period.from), day(heading.period.to)) {
        _ if ledger.is_of_today() => format!("截至 {}", heading.filled_on),
        (None, None) => "全部".to_owned(),
        (Some(from), None) => format!("{from} 起"),
        (None, Some(to)) => format!("至 {to}"),
        (Some(from), Some(to)) => format!("{from} 至 {to}"),
    }
}

fn bordered() -> Format {
    Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter)
}

fn last_column(ledger: Ledger) -> u16 {
    u16::try_from(ledger.columns().len()).unwrap_or(u16::MAX)
}
