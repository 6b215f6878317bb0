mod columns;
mod damage;
mod households;
mod keys;
mod plans;
mod seven;
mod templates;

use super::grid::{Cell, Grid};
use super::report::{ListReport, RowReport};
use super::{Context, ListError, read};

const HEADER: [&str; 10] = [
    "序号",
    "村(社区)",
    "姓名",
    "性别",
    "身份证号码",
    "优抚类别",
    "伤残等级",
    "住址",
    "联系电话",
    "银行账号",
];
const GOOD: [&str; 10] = [
    "1",
    "红旗村",
    "李伟",
    "男",
    "339999194803120019",
    "参战",
    "",
    "红旗村3组",
    "13800001234",
    "6222021001122334556",
];

fn text_row(cells: &[&str]) -> Vec<Cell> {
    cells
        .iter()
        .map(|text| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) })
        .collect()
}

fn grid(rows: &[&[&str]]) -> Grid {
    Grid {
        sheet: "花名册".to_owned(),
        rows: rows.iter().map(|row| text_row(row)).collect(),
        ..Grid::default()
    }
}

fn judge(grid: &Grid) -> Result<ListReport, ListError> {
    let area = "339999100".parse().unwrap();
    read(grid, &Context { today: "2026-11-23".parse().unwrap(), area: &area, tree: None })
}

/// A good row with some cells changed, under the usual header.
fn row_with(changes: &[(usize, Cell)]) -> RowReport {
    let mut cells = text_row(&GOOD);
    for (at, cell) in changes {
        cells[*at] = cell.clone();
    }
    let grid = Grid { rows: vec![text_row(&HEADER), cells], ..Grid::default() };
    judge(&grid).unwrap().rows.remove(0)
}

fn t(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn n(text: &str) -> Cell {
    Cell::Number(text.to_owned())
}
