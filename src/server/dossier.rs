//! 个人信息报告: all that is kept about one person as a workbook, a sheet for each sort, set up to be printed on A4 and handed over.

mod words;

use domain::kinds::kind;
use rust_xlsxwriter::{DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use serde_json::Value;
use sync::record::{Record, Stored};

use crate::{
    day_text::{day_of_ms, minute_of_ms},
    db::{Dossier, HistoryLine, Look},
    ledger::text_cell,
    retention::Keeping,
};
use words::value_word;
pub(crate) use words::{field_word, help_word};

const TITLE: &str = "个人信息报告";
/// Fields that only point at other records.
const POINTERS: [&str; 3] = ["area", "household_id", "blobs"];

/// Who made it, when, and how.
pub(crate) struct Made {
    pub(crate) by: String,
    pub(crate) at: String,
    /// With numbers in full.
    pub(crate) is_full: bool,
    pub(crate) keeping: Keeping,
}

/// A sheet: its name, its columns with their widths, its lines.
struct Sheet {
    name: &'static str,
    columns: &'static [(&'static str, f64)],
    lines: Vec<Vec<String>>,
}

/// Makes the workbook.
///
/// # Errors
/// Only if the writer refuses.
pub(crate) fn workbook(dossier: &Dossier, made: &Made) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_title(TITLE).set_author(&made.by));
    for sheet in sheets(dossier, made) {
        write(book.add_worksheet(), &sheet, dossier, made)?;
    }
    book.save_to_buffer()
}

fn sheets(dossier: &Dossier, made: &Made) -> Vec<Sheet> {
    const FIELDS: &[(&str, f64)] = &[("项目", 18.0), ("内容", 60.0)];
    let of = |name: &str| dossier.children.iter().filter(|child| child.kind == name).collect::<Vec<_>>();
    let each = |name: &'static str, kinds: &[&str]| Sheet {
        name,
        columns: &[("种类", 12.0), ("记录于", 12.0), ("项目", 18.0), ("内容", 50.0)],
        lines: kinds
            .iter()
            .flat_map(|kind| of(kind))
            .flat_map(|record| record_lines(dossier, record))
            .collect(),
    };
    vec![
        Sheet { name: "说明", columns: FIELDS, lines: about(dossier, made) },
        Sheet { name: "档案", columns: FIELDS, lines: pairs(dossier, &dossier.file) },
        each("优待身份", &["entitlement"]),
        Sheet {
            name: "走访",
            columns: &[("走访日期", 12.0), ("题号", 8.0), ("问题或项目", 30.0), ("回答或内容", 45.0)],
            lines: of("visit").into_iter().flat_map(|visit| visit_lines(dossier, visit)).collect(),
        },
        each("困难和帮扶", &["need", "measure", "task"]),
        Sheet {
            name: "照片",
            columns: &[("编号", 50.0), ("种类", 12.0), ("大小", 12.0), ("收到日期", 14.0)],
            lines: dossier.photos.iter().map(photo_line).collect(),
        },
        each("附件", &["attachment", "paper"]),
        each("个人提出的申请", &["rights_request"]),
        Sheet {
            name: "修改记录",
            columns: &[
                ("时间", 17.0),
                ("经办人", 12.0),
                ("做了什么", 12.0),
                ("项目", 16.0),
                ("改为", 26.0),
                ("原因", 20.0),
            ],
            lines: dossier.changes.iter().map(|line| change_line(dossier, line)).collect(),
        },
        Sheet {
            name: "查看和导出记录",
            columns: &[("时间", 17.0), ("谁", 14.0), ("做了什么", 22.0), ("原因", 30.0)],
            lines: dossier.looks.iter().map(|look| look_line(dossier, look)).collect(),
        },
        Sheet {
            name: "谁能看",
            columns: &[("账号", 20.0), ("岗位", 20.0)],
            lines: dossier
                .readers
                .iter()
                .map(|who| vec![who.name.clone(), words::role(who.role).to_owned()])
                .collect(),
        },
    ]
}

/// What the report is, and what the person may do with it.
fn about(dossier: &Dossier, made: &Made) -> Vec<Vec<String>> {
    let line = |name: &str, text: String| vec![name.to_owned(), text];
    let months = |months: u32| {
        if months.is_multiple_of(12) { format!("{} 年", months / 12) } else { format!("{months} 个月") }
    };
    let keeping = made.keeping;
    let last = dossier
        .children
        .iter()
        .filter(|child| child.kind == "visit")
        .find_map(|visit| visit.text("notice_version"));
    let told = last.or(dossier.file.text("notice_version")).unwrap_or("没有记录");
    vec![
        line("本人", dossier.file.text("name").unwrap_or_default().to_owned()),
        line("所在地", dossier.place.clone()),
        line("依据", "《个人信息保护法》第四十五条：个人有权查阅、复制其个人信息".to_owned()),
        line("号码", if made.is_full { "完整".to_owned() } else { "已遮住，只留末尾几位".to_owned() }),
        line("告知书", format!("最近一次走访出示的版本：{told}")),
        line(
            "保存期限",
            format!(
                "走访 {}，已办结的困难 {}，照片 {}；档案在享受待遇期间保存，去世、迁出、销户后再存 {}",
                months(keeping.keep_visits),
                months(keeping.keep_needs),
                months(keeping.keep_photos),
                months(keeping.keep_files)
            ),
        ),
        line(
            "更正或删除",
            "内容有误或不该保存的，可以向乡镇（街道）退役军人服务站提出，登记后答复；不同意的会说明理由"
                .to_owned(),
        ),
        line(
            "谁打开过档案",
            "每台设备每人每天记一次，连上镇里时传来，列在“查看和导出记录”；有权打开的人列在“谁能看”"
                .to_owned(),
        ),
        line("制作", format!("{} {}", made.by, made.at)),
    ]
}

/// A field of a record as it is printed; sealed values as far as they are shown, or in full.
fn shown(dossier: &Dossier, record: &Record, field: &str, stored: &Stored) -> String {
    match stored {
        Stored::Plain(value) => named(dossier, &value_word(field, value)),
        Stored::Sealed(sealed) => {
            dossier.opened.get(&(record.id, field.to_owned())).unwrap_or(&sealed.s.show).clone()
        }
    }
}

/// Accounts are named by their ids in records; people read names.
fn named(dossier: &Dossier, text: &str) -> String {
    let name =
        |part: &str| part.parse().ok().and_then(|id: uuid::Uuid| dossier.names.get(&id)).map(String::as_str);
    text.split('、').map(|part| name(part).unwrap_or(part)).collect::<Vec<_>>().join("、")
}

/// The fields of a record that hold something, in the order of the form, then what this program does not know.
fn pairs(dossier: &Dossier, record: &Record) -> Vec<Vec<String>> {
    let known = kind(&record.kind).map(|kind| kind.fields).unwrap_or_default();
    let order = |name: &str| known.iter().position(|field| field.name == name).unwrap_or(known.len());
    let mut names: Vec<&String> =
        record.fields.keys().filter(|name| !POINTERS.contains(&name.as_str())).collect();
    names.sort_by_key(|name| order(name));
    let pair = |name: &String| {
        let text = shown(dossier, record, name, &record.fields.get(name)?.value);
        (!text.is_empty()).then(|| vec![field_word(name), text])
    };
    names.into_iter().filter_map(pair).collect()
}

fn record_lines(dossier: &Dossier, record: &Record) -> Vec<Vec<String>> {
    let begun = day_of_ms(record.fields.values().map(|field| field.origin.t_eff).min().unwrap_or_default());
    let word = words::kind(&record.kind);
    let mut lines: Vec<Vec<String>> = pairs(dossier, record)
        .into_iter()
        .map(|pair| [word.to_owned(), begun.clone()].into_iter().chain(pair).collect())
        .collect();
    // Who decided is told by the record itself, not by what somebody typed.
    if record.kind == "rights_request"
        && let Some(state) = record.fields.get("state")
    {
        let by = dossier.names.get(&state.origin.author).cloned().unwrap_or_default();
        lines.push(vec![
            word.to_owned(),
            begun,
            "办理人".to_owned(),
            format!("{by} {}", day_of_ms(state.origin.t_eff)),
        ]);
    }
    lines
}

fn visit_lines(dossier: &Dossier, visit: &Record) -> Vec<Vec<String>> {
    let done = visit.plain("completed_at").and_then(Value::as_i64).map(day_of_ms).unwrap_or_default();
    let mut lines: Vec<Vec<String>> = pairs(dossier, visit)
        .into_iter()
        .filter(|pair| pair.first().is_some_and(|name| *name != field_word("answers")))
        .map(|pair| [done.clone(), String::new()].into_iter().chain(pair).collect())
        .collect();
    let checklist = visit.text("template").and_then(domain::checklist::builtin);
    for (code, answer) in visit.plain("answers").and_then(Value::as_object).into_iter().flatten() {
        let question = checklist.as_ref().and_then(|checklist| checklist.question(code));
        let asked = question.map(|question| question.text.zh.clone()).unwrap_or_default();
        lines.push(vec![done.clone(), code.clone(), asked, words::answer(question, answer)]);
    }
    lines
}

fn photo_line(photo: &crate::db::BlobRow) -> Vec<String> {
    let hash = photo.hash.to_string();
    let size = format!("{} KB", photo.bytes.div_ceil(1024));
    let word = if photo.kind == "signature" { "签名" } else { "照片" };
    vec![hash, word.to_owned(), size, day_of_ms(photo.started_at)]
}

fn change_line(dossier: &Dossier, line: &HistoryLine) -> Vec<String> {
    let field = line.field.as_deref().unwrap_or_default();
    let value = match &line.value {
        _ if line.is_hidden => "（不在这里显示）".to_owned(),
        Some(value) => named(dossier, &value_word(field, value)),
        None => String::new(),
    };
    vec![
        minute_of_ms(line.at),
        name_of(dossier, line.by),
        words::change(line.word, line.outcome).to_owned(),
        if field.is_empty() { String::new() } else { field_word(field) },
        value,
        line.reason.clone().unwrap_or_default(),
    ]
}

fn look_line(dossier: &Dossier, look: &Look) -> Vec<String> {
    let field = look.detail["f"].as_str().unwrap_or_default();
    let what = match look.action.as_str() {
        "unmask" => format!("看了完整的{}", field_word(field)),
        "view" => format!("打开了档案（{}）", look.day()),
        "view_paper" => "看了证件、单据的照片或听了录音".to_owned(),
        "history" => "看了修改记录".to_owned(),
        "person_report" => "制作了个人信息报告".to_owned(),
        "list_print" => "打印了含本人的台账".to_owned(),
        "list_copy" => "复制了本村的名单".to_owned(),
        _ if look.detail["device"].is_string() => "导出了含本人的设备丢失告知名单".to_owned(),
        _ if look.detail["full"] == true => "导出了含本人的台账，含完整证号".to_owned(),
        _ => "导出了含本人的台账".to_owned(),
    };
    let reason = look.detail["reason"].as_str().unwrap_or_default().to_owned();
    vec![minute_of_ms(look.at), name_of(dossier, look.account), what, reason]
}

fn name_of(dossier: &Dossier, account: Option<uuid::Uuid>) -> String {
    match account {
        Some(account) => dossier.names.get(&account).cloned().unwrap_or_else(|| "已不在册的账号".to_owned()),
        None => "命令行".to_owned(),
    }
}

fn write(page: &mut Worksheet, sheet: &Sheet, dossier: &Dossier, made: &Made) -> Result<(), XlsxError> {
    const A4: u8 = 9;
    const HEADER_ROW: u32 = 1;
    page.set_name(sheet.name)?;
    page.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_margins(0.5, 0.5, 0.5, 0.7, 0.3, 0.3);
    page.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
    let numbers = if made.is_full { "含完整证号，注意保密" } else { "证号已隐去" };
    let by: String = made.by.chars().take(60).collect();
    page.set_footer(format!("&L{} {}&C第 &P 页 共 &N 页&R{numbers}", by.replace('&', "&&"), made.at));
    let last = u16::try_from(sheet.columns.len() - 1).unwrap_or(u16::MAX);
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let name = dossier.file.text("name").unwrap_or_default();
    page.merge_range(0, 0, 0, last, &text_cell(&format!("{TITLE} · {name} · {}", sheet.name)), &title)?;
    page.set_row_height(0, 28)?;
    let cell =
        Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let head = cell.clone().set_bold();
    for (column, (word, width)) in (0_u16..).zip(sheet.columns) {
        page.set_column_width(column, *width)?;
        page.write_string_with_format(HEADER_ROW, column, *word, &head)?;
    }
    for (row, line) in (HEADER_ROW + 1..).zip(&sheet.lines) {
        for (column, text) in (0_u16..).zip(line) {
            page.write_string_with_format(row, column, text_cell(text), &cell)?;
        }
    }
    if sheet.lines.is_empty() {
        page.merge_range(HEADER_ROW + 1, 0, HEADER_ROW + 1, last, "没有记录", &cell)?;
    }
    Ok(())
}
