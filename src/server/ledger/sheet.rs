//! The ledger as an .xlsx: A4 landscape, title, unit, fill-in date, lines, totals, signatures, and who made it in the footer.

use super::{
    entry::{Entry, Totals},
    words::{COLUMNS, LedgerWords},
};
use rust_xlsxwriter::{DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// What stands above and below the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// The office that fills it in, with its area.
    pub unit: String,
    /// First and last day of the period; empty if open.
    pub from: String,
    pub to: String,
    /// The day it was made.
    pub filled_on: String,
    /// Who made it and when, to the minute: the watermark.
    pub made_by: String,
    pub made_at: String,
    /// Whether it shows whole ID and telephone numbers.
    pub full: bool,
}

/// The ledger's name, on paper and in menus.
pub const TITLE: &str = "定期回访台账";
const WIDTHS: [f64; COLUMNS.len()] =
    [5.0, 10.0, 8.5, 20.0, 14.0, 13.0, 11.0, 11.0, 7.0, 9.0, 10.0, 20.0, 18.0, 7.0, 10.0, 11.0, 10.0];
const HEADER_ROW: u32 = 2;
/// A spreadsheet's cell holds 32,767; an apostrophe and the sign that something is cut are beside it.
const CELL_UNITS_MAX: usize = 32_000;
/// A footer of more than 255 letters would be left out whole.
const FOOTER_NAME_UNITS_MAX: usize = 60;

/// Makes the workbook.
///
/// # Errors
/// Only if the writer refuses, which it does for more rows than a sheet has.
pub fn sheet(heading: &Heading, entries: &[Entry], totals: &Totals) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_title(TITLE).set_author(&heading.made_by));
    let page = book.add_worksheet();
    page.set_name(TITLE)?;
    paper(page, heading)?;
    top(page, heading)?;
    let cell = bordered();
    let mut row = HEADER_ROW + 1;
    for (index, entry) in entries.iter().enumerate() {
        for (column, text) in (0_u16..).zip(LedgerWords::cells(index + 1, entry)) {
            page.write_string_with_format(row, column, text_cell(&text), &cell)?;
        }
        row += 1;
    }
    bottom(page, row, totals)?;
    book.save_to_buffer()
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

fn paper(page: &mut Worksheet, heading: &Heading) -> Result<(), XlsxError> {
    const A4: u8 = 9;
    page.set_landscape()
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.5, 0.7, 0.3, 0.3);
    page.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
    page.set_freeze_panes(HEADER_ROW + 1, 3)?;
    let numbers = if heading.full { "含完整证号，注意保密" } else { "证号已隐去" };
    page.set_footer(format!(
        "&L{} {}&C第 &P 页 共 &N 页&R{numbers}",
        cut(&heading.made_by, FOOTER_NAME_UNITS_MAX).unwrap_or(&heading.made_by).replace('&', "&&"),
        heading.made_at
    ));
    for (column, width) in (0_u16..).zip(WIDTHS) {
        page.set_column_width(column, width)?;
    }
    Ok(())
}

fn top(page: &mut Worksheet, heading: &Heading) -> Result<(), XlsxError> {
    let last = last_column();
    let title = Format::new().set_bold().set_font_size(18).set_align(FormatAlign::Center);
    page.merge_range(0, 0, 0, last, TITLE, &title)?;
    page.set_row_height(0, 30)?;
    let plain = Format::new();
    page.merge_range(1, 0, 1, 5, &text_cell(&format!("填报单位：{}", heading.unit)), &plain)?;
    page.merge_range(1, 6, 1, 11, &format!("期间：{}", period_text(heading)), &plain)?;
    page.merge_range(1, 12, 1, last, &format!("填报日期：{}", heading.filled_on), &plain)?;
    let head = bordered().set_bold().set_align(FormatAlign::Center);
    for (column, (_, text)) in (0_u16..).zip(COLUMNS) {
        page.write_string_with_format(HEADER_ROW, column, text, &head)?;
    }
    page.set_row_height(HEADER_ROW, 30)?;
    Ok(())
}

fn bottom(page: &mut Worksheet, row: u32, totals: &Totals) -> Result<(), XlsxError> {
    let last = last_column();
    let text = format!(
        "合计：{} 户，回访 {} 次；已回访 {} 户，未回访 {} 户，其中逾期 {} 户",
        totals.families, totals.visits, totals.visited, totals.due, totals.overdue
    );
    page.merge_range(row, 0, row, last, &text, &bordered().set_bold())?;
    let line = Format::new().set_align(FormatAlign::VerticalCenter);
    page.set_row_height(row + 1, 36)?;
    page.merge_range(row + 1, 0, row + 1, 5, "制表：", &line)?;
    page.merge_range(row + 1, 6, row + 1, 11, "审核：", &line)?;
    page.merge_range(row + 1, 12, row + 1, last, "负责人：", &line)?;
    Ok(())
}

fn period_text(heading: &Heading) -> String {
    match (heading.from.as_str(), heading.to.as_str()) {
        ("", "") => "全部".to_owned(),
        (from, "") => format!("{from} 起"),
        ("", to) => format!("至 {to}"),
        (from, to) => format!("{from} 至 {to}"),
    }
}

fn bordered() -> Format {
    Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter)
}

fn last_column() -> u16 {
    u16::try_from(COLUMNS.len() - 1).unwrap_or(u16::MAX)
}
