//! The check digits of account numbers, over the whole list.

use super::header::Header;
use super::report::{RowReport, Why};
use crate::recipient::{is_card, luhn};

/// One in so many accounts may fail, and is then a slip of the pen.
const SLIPS: usize = 4;

/// Warns of accounts whose check digit fails, in a list whose others pass: the passbooks of rural co-operatives have
/// none (domain.md §3.4), and a list of them fails nine times in ten.
pub(super) fn doubt(rows: &mut [RowReport], header: &Header) {
    let Some(column) = header.column("account_no") else { return };
    let fails =
        |row: &RowReport| row.text("account_no").is_some_and(|account| is_card(account) && !luhn(account));
    let cards =
        rows.iter().filter_map(|row| row.text("account_no")).filter(|account| is_card(account)).count();
    let failed = rows.iter().filter(|row| fails(row)).count();
    if failed * SLIPS <= cards {
        for row in rows.iter_mut().filter(|row| fails(row)) {
            row.whys.push(Why::at("account_check", column));
        }
    }
}
