//! The refused lines of a list, so that they can be sent back, mended and read again by themselves.

use std::collections::BTreeMap;

use super::ListError;
use super::grid::{Cell, Grid, Merge};
use super::header::{self, Hand};
use super::heading;
use super::report::{ListReport, RowReport, Verdict};

/// The heading of the column that says why.
pub const REASON: &str = "原因";

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Excerpt {
    /// Its title and header, and its lines.
    pub grid: Grid,
    /// The column for the reasons, from 0: one that the list has already, or the one behind all others.
    pub reason_at: usize,
    /// The row of the header, from 0.
    pub header: usize,
    /// The row that each line had in the list, as Excel counts, by its row here, from 0.
    pub lines: BTreeMap<usize, u32>,
}

/// Takes the refused lines out of a list. A cell that lies in a merged one, and a village that an earlier line gives, is written out.
///
/// # Errors
/// As [`super::read`].
pub fn refused(grid: &Grid, hand: &Hand, report: &ListReport) -> Result<Excerpt, ListError> {
    let header = header::find(grid, hand)?;
    let lent = grid.lent(header.row);
    let village_at = header.column("village").map(|column| column.at);
    let mut rows: Vec<Vec<Cell>> = grid.rows.iter().take(header.first_data_row).cloned().collect();
    let mut lines = BTreeMap::new();
    let mut section: Option<&str> = None;
    for line in report.rows.iter().filter(|row| row.verdict == Verdict::Refuse) {
        let from = line.row as usize - 1;
        if village_at.is_none() && line.village.as_deref() != section {
            section = line.village.as_deref();
            rows.extend(section.map(|name| vec![Cell::Text(name.to_owned())]));
        }
        lines.insert(rows.len(), line.row);
        rows.push(written_out(grid, from, &lent, village_at, line));
    }
    let reason_at = reason_column(&rows, header.row);
    let is_above = |merge: &&Merge| merge.bottom < header.first_data_row;
    let merges = grid.merges.iter().filter(is_above).copied().collect();
    let (sheet, options) = (grid.sheet.clone(), grid.options.clone());
    let mut part = Grid { sheet, rows, merges, date_1904: grid.date_1904, options };
    for row in header.row..part.rows.len() {
        part.write(row, reason_at, "");
    }
    part.write(header.row, reason_at, REASON);
    Ok(Excerpt { grid: part, reason_at, header: header.row, lines })
}

fn written_out(
    grid: &Grid,
    from: usize,
    lent: &BTreeMap<(usize, usize), usize>,
    village_at: Option<usize>,
    line: &RowReport,
) -> Vec<Cell> {
    let mut cells = grid.rows.get(from).cloned().unwrap_or_default();
    let mut put = |column: usize, cell: Cell| {
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = cell;
    };
    for ((_, column), lender) in lent.range((from, 0)..=(from, usize::MAX)) {
        put(*column, grid.cell(*lender, *column).clone());
    }
    if let (Some(at), Some(name)) = (village_at, &line.village) {
        put(at, Cell::Text(name.clone()));
    }
    cells
}

fn reason_column(rows: &[Vec<Cell>], header: usize) -> usize {
    let is_reason = |cell: &Cell| matches!(cell, Cell::Text(text) if heading::normal(text) == REASON);
    let known = rows.get(header).and_then(|cells| cells.iter().position(is_reason));
    known.unwrap_or_else(|| rows.iter().map(Vec::len).max().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::{Context, read};

    fn t(text: &str) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }

    fn judge(grid: &Grid) -> ListReport {
        let area = "339999100".parse().unwrap();
        read(grid, &Context { today: "2026-11-23".parse().unwrap(), area: &area, tree: None }).unwrap()
    }

    #[test]
    fn refused_lines_stand_alone_and_are_good_once_they_are_mended() {
        let row = |cells: &[&str]| cells.iter().map(|text| t(text)).collect::<Vec<_>>();
        let grid = Grid {
            sheet: "花名册".to_owned(),
            rows: vec![
                row(&["双桥镇参战人员花名册"]),
                row(&["村", "姓名", "身份证号", "类别"]),
                row(&["红旗村", "李伟", "339999194803120019", "参战"]),
                row(&["", "孙丽", "339999193508090028", "参战"]),
                row(&["石桥村", "王强", "33999919710117215X", "参战"]),
            ],
            merges: vec![Merge { top: 2, left: 0, bottom: 3, right: 0 }],
            ..Grid::default()
        };
        let part = refused(&grid, &Hand::default(), &judge(&grid)).unwrap();
        assert_eq!((part.reason_at, part.header), (4, 1));
        assert_eq!(part.lines, BTreeMap::from([(2, 4)]));
        assert_eq!(part.grid.rows[1][4], t(REASON));
        assert_eq!(part.grid.rows[2][..4], row(&["红旗村", "孙丽", "339999193508090028", "参战"])[..]);
        let mut mended = part.grid.clone();
        mended.write(2, 2, "339999193508090027");
        mended.write(2, 4, "身份证号校验位不对");
        let report = judge(&mended);
        assert_eq!((report.accepted, report.refused), (1, 0));
        assert_eq!(report.rows[0].village.as_deref(), Some("红旗村"));
        mended.write(2, 2, "1");
        let again = refused(&mended, &Hand::default(), &judge(&mended)).unwrap();
        assert_eq!(again.reason_at, 4, "the column of the first time");
    }

    #[test]
    fn villages_that_stand_above_their_people_stand_there_again() {
        let row = |cells: &[&str]| cells.iter().map(|text| t(text)).collect::<Vec<_>>();
        let grid = Grid {
            rows: vec![
                row(&["序号", "姓名", "身份证号", "类别"]),
                row(&["红旗村"]),
                row(&["1", "李伟", "339999194803120019", "参战"]),
                row(&["石桥村"]),
                row(&["2", "孙丽", "339999193508090028", "参战"]),
            ],
            ..Grid::default()
        };
        let part = refused(&grid, &Hand::default(), &judge(&grid)).unwrap();
        assert_eq!(part.grid.rows[1][0], t("石桥村"));
        assert_eq!(judge(&part.grid).rows[0].village.as_deref(), Some("石桥村"));
    }
}
