//! 设备丢失告知名单: whose files a device held, to be worked through and signed off by whoever tells them (PIPL §57).

use rust_xlsxwriter::{DocProperties, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use crate::{
    day_text::minute_of_ms,
    db::{Concerned, ConcernedFamily},
    ledger::text_cell,
};

/// What it is called; its file too.
pub(crate) const TITLE: &str = "设备丢失告知名单";
const COLUMNS: [(&str, f64); 9] = [
    ("序号", 6.0),
    ("村（社区）", 16.0),
    ("姓名", 10.0),
    ("联系电话", 15.0),
    ("责任人", 12.0),
    ("在这台设备上打开过", 16.0),
    ("之后", 12.0),
    ("告知方式和时间", 22.0),
    ("告知人", 12.0),
];
const LAST: u16 = 8;

/// Who made it, when and why.
pub(crate) struct Made {
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) reason: String,
}

/// Makes the workbook.
///
/// # Errors
/// Only if the writer refuses.
pub(crate) fn workbook(concerned: &Concerned, made: &Made) -> Result<Vec<u8>, XlsxError> {
    const A4: u8 = 9;
    const HEADER_ROW: u32 = 3;
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_title(TITLE).set_author(&made.by));
    let page = book.add_worksheet();
    page.set_name(TITLE)?;
    page.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    page.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
    let by: String = made.by.chars().take(60).collect();
    page.set_footer(format!(
        "&L{} {}&C第 &P 页 共 &N 页&R电话只留头三位和末四位",
        by.replace('&', "&&"),
        made.at
    ));
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let says = Format::new().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    page.merge_range(0, 0, 0, LAST, TITLE, &title)?;
    let device = format!(
        "使用人：{}；最后联系：{}；当时设备上有 {} 份档案；原因：{}",
        concerned.user,
        minute_of_ms(concerned.seen_at),
        concerned.families.len(),
        made.reason
    );
    page.merge_range(1, 0, 1, LAST, &text_cell(&device), &says)?;
    page.set_row_height(1, 32)?;
    let limits = "“打开过”是设备联系镇里时报来的最后一天；最后联系之后打开了什么，没有人知道。告知内容：涉及的信息种类、原因、可能的危害、已采取的补救措施、本人可以怎样减轻危害、联系方式（《个人信息保护法》第五十七条）。";
    page.merge_range(2, 0, 2, LAST, limits, &says)?;
    page.set_row_height(2, 48)?;
    let cell =
        Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    for (column, (word, width)) in (0_u16..).zip(COLUMNS) {
        page.set_column_width(column, width)?;
        page.write_string_with_format(HEADER_ROW, column, word, &cell.clone().set_bold())?;
    }
    for (row, (n, family)) in (HEADER_ROW + 1..).zip((1..).zip(&concerned.families)) {
        for (column, text) in (0_u16..).zip(line(n, family)) {
            page.write_string_with_format(row, column, text_cell(&text), &cell)?;
        }
    }
    if concerned.families.is_empty() {
        page.merge_range(HEADER_ROW + 1, 0, HEADER_ROW + 1, LAST, "没有档案", &cell)?;
    }
    book.save_to_buffer()
}

fn line(n: usize, family: &ConcernedFamily) -> [String; 9] {
    let since = match family.since {
        "deleted" => "档案已删除",
        "moved" => "档案已迁走",
        _ => "",
    };
    [
        n.to_string(),
        family.village.clone(),
        family.name.clone(),
        family.phone.clone(),
        family.responsible.clone(),
        family.opened_on.map_or_else(|| "没有报来".to_owned(), |on| on.to_string()),
        since.to_owned(),
        String::new(),
        String::new(),
    ]
}
