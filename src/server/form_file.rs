//! A checklist as an XLSForm workbook.

use domain::checklist::Template;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// The width of a column of words.
const WIDTH: f64 = 24.0;

/// Writes the workbook of a template.
///
/// # Errors
/// When the library cannot write it.
pub fn write(template: &Template) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    for plain in xlsform::write(template).sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(plain.name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (row, cells) in (0_u32..).zip(&plain.rows) {
            for (column, text) in (0_u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
                if row == 0 {
                    sheet.set_column_width(column, WIDTH)?;
                    sheet.write_string_with_format(row, column, text, &bold)?;
                } else {
                    // Always as text: what begins with = is an expression of the form, never of the spreadsheet.
                    sheet.write_string(row, column, text)?;
                }
            }
        }
    }
    book.save_to_buffer()
}
