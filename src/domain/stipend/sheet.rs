//! A sheet of standards, read by its headings. What is wrong is told by row and cell.

use std::collections::BTreeMap;

use serde::Serialize;
use thiserror::Error;
use uuid::Uuid;

use super::{Column, Entered, Fault, Standard, Why};
use crate::{
    list::grid::{Grid, column_letters},
    text::bare,
};

/// The most rows that are read: years of standards.
pub const ROWS_MAX: usize = 500;
/// The headings stand in one of the first rows.
const HEADING_ROWS: usize = 10;

/// The headings of each column, as they are compared: without stars and brackets.
const HEADINGS: [(Column, &[&str]); 11] = [
    (Column::Kind, &["项目", "标准项目", "待遇项目", "发放项目"]),
    (Column::Of, &["对象", "适用对象", "等级", "类别", "奖励等级", "户口性质", "户籍类别"]),
    (Column::Value, &["标准", "发放标准", "金额", "标准或比例", "公布标准"]),
    (
        Column::Income,
        &[
            "人均收入",
            "收入基数",
            "上年人均收入",
            "人均可支配收入",
            "农村居民人均可支配收入",
            "上年人均可支配收入",
        ],
    ),
    (Column::Ratio, &["比例", "占收入比例"]),
    (Column::BaseYear, &["基数年度", "基数年份"]),
    (Column::Pay, &["计发方式", "发放方式"]),
    (Column::Early, &["提前退役", "提前退役计发"]),
    (Column::DocNo, &["文号", "文件号", "依据文号", "依据"]),
    (Column::From, &["起始日期", "执行日期", "执行时间", "开始日期", "从"]),
    (Column::To, &["截止日期", "截止时间", "结束日期", "到"]),
];

/// Why a sheet has no rows to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SheetError {
    /// No row among the first names the columns that every standard needs.
    #[error("no headings")]
    NoHeadings,
    /// Nothing stands below the headings.
    #[error("no rows")]
    NoRows,
    /// More rows than are read.
    #[error("{rows} rows, at most {ROWS_MAX} are read")]
    TooManyRows {
        /// So many.
        rows: usize,
    },
}

/// Where a column of the sheet is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Heading {
    /// Which.
    pub column: Column,
    /// Its letters, as a spreadsheet names it.
    pub at: String,
    /// What stands over it.
    pub text: String,
}

/// A row, judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Its number, from 1.
    pub row: usize,
    /// What it says.
    pub said: Entered,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// A sheet that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// Its columns.
    pub headings: Vec<Heading>,
    /// Its rows, empty ones left out.
    pub rows: Vec<Judged>,
}

/// Reads a sheet and judges each row, beside those above it too.
///
/// # Errors
/// When it has no headings, nothing below them, or too much.
pub fn read(grid: &Grid) -> Result<Sheet, SheetError> {
    let (above, columns) = columns(grid).ok_or(SheetError::NoHeadings)?;
    let rows: Vec<usize> = (above + 1..grid.rows.len())
        .filter(|row| grid.rows[*row].iter().any(|cell| !cell.is_empty()))
        .collect();
    match rows.len() {
        0 => return Err(SheetError::NoRows),
        rows if rows > ROWS_MAX => return Err(SheetError::TooManyRows { rows }),
        _ => {}
    }
    let mut sound: Vec<(usize, Standard)> = Vec::new();
    let rows = rows.into_iter().map(|row| {
        let mut said = Entered::default();
        for (column, at) in &columns {
            *said.text_mut(*column) = grid.text(row, *at);
        }
        let judged = said.judge(Uuid::nil(), None).and_then(|standard| {
            match sound.iter().find(|(_, known)| known.meets(&standard)) {
                Some((first, _)) => {
                    let least = i64::try_from(*first + 1).ok();
                    Err(vec![Fault { least, ..Fault::of(Column::Kind, Why::Twice) }])
                }
                None => {
                    sound.push((row, standard));
                    Ok(())
                }
            }
        });
        Judged { row: row + 1, said, faults: judged.err().unwrap_or_default() }
    });
    let rows = rows.collect();
    let heading = |(column, at): (&Column, &usize)| Heading {
        column: *column,
        at: column_letters(*at),
        text: grid.text(above, *at),
    };
    Ok(Sheet { headings: columns.iter().map(heading).collect(), rows })
}

/// The row of the headings, and where each column is; a heading that stands twice counts where it stands first.
fn columns(grid: &Grid) -> Option<(usize, BTreeMap<Column, usize>)> {
    (0..grid.rows.len().min(HEADING_ROWS)).find_map(|row| {
        let mut columns = BTreeMap::new();
        for at in 0..grid.rows[row].len() {
            if let Some(column) = heading(&grid.text(row, at)) {
                columns.entry(column).or_insert(at);
            }
        }
        let needed = [Column::Kind, Column::DocNo, Column::From];
        needed.iter().all(|column| columns.contains_key(column)).then_some((row, columns))
    })
}

fn heading(text: &str) -> Option<Column> {
    let text = bare(text);
    let text = text.split(['(', '*']).find(|part| !part.is_empty())?;
    HEADINGS.iter().find(|(_, words)| words.contains(&text)).map(|(column, _)| *column)
}
