//! 公示名单 as a sheet to print and hang up: name, village, category and amount, for how long, and where objections go. Nothing else of anybody.

use domain::money::Money;
use rust_xlsxwriter::{DocProperties, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use crate::{
    db::{PublicLine, Publication},
    ledger::text_cell,
};

const TITLE: &str = "公示";
const COLUMNS: [(&str, f64); 5] =
    [("序号", 6.0), ("姓名", 12.0), ("村（社区）", 22.0), ("类别", 26.0), ("金额（元）", 14.0)];
const LAST: u16 = 4;

/// Makes the workbook.
///
/// # Errors
/// Only if the writer refuses.
pub(crate) fn workbook(publication: &Publication, lines: &[PublicLine]) -> Result<Vec<u8>, XlsxError> {
    const A4: u8 = 9;
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_title(TITLE).set_author(&publication.unit));
    let page = book.add_worksheet();
    page.set_name(TITLE)?;
    page.set_paper_size(A4).set_print_fit_to_pages(1, 0);
    let title = Format::new().set_bold().set_font_size(22).set_align(FormatAlign::Center);
    let says = Format::new().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    page.merge_range(0, 0, 0, LAST, TITLE, &title)?;
    let heading = format!("{}拟对下列人员给予帮扶，现予公示，接受监督。", publication.unit);
    page.merge_range(1, 0, 1, LAST, &text_cell(&heading), &says)?;
    let cell =
        Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    for (column, (word, width)) in (0_u16..).zip(COLUMNS) {
        page.set_column_width(column, width)?;
        page.write_string_with_format(2, column, word, &cell.clone().set_bold())?;
    }
    page.set_repeat_rows(2, 2)?;
    let mut row = 3;
    for (index, line) in lines.iter().enumerate() {
        let cells = [
            (index + 1).to_string(),
            line.name.clone(),
            line.village.clone(),
            line.category.clone(),
            Money::from_fen(line.amount).to_string(),
        ];
        for (column, text) in (0_u16..).zip(cells) {
            page.write_string_with_format(row, column, text_cell(&text), &cell)?;
        }
        row += 1;
    }
    let period = format!("公示期：{} 至 {}，期满撤下。", publication.from, publication.to);
    page.merge_range(row, 0, row, LAST, &period, &says)?;
    let objections = format!("有异议的，请在公示期内向 {} 反映。", publication.objections);
    page.merge_range(row + 1, 0, row + 1, LAST, &text_cell(&objections), &says)?;
    page.set_row_height(row + 1, 36)?;
    let signed = Format::new().set_align(FormatAlign::Right);
    page.merge_range(row + 2, 0, row + 2, LAST, &text_cell(&publication.unit), &signed)?;
    book.save_to_buffer()
}
