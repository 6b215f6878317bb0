//! The numbers of a row that are digits to call or to pay to.

use serde_json::json;

use super::Draft;
use crate::list::grid::Cell;
use crate::list::header::Column;
use crate::list::value;

/// What the field of other phones holds.
const OTHER_MAX: usize = 50;

/// A landline in the column of mobiles is kept as the other phone.
pub(super) fn take_phone(draft: &mut Draft, column: &Column, cell: &Cell, text: &str) {
    if value::has_lost_digits(cell) {
        draft.warn("phone_invalid", column);
        return;
    }
    let phones = value::phones(text);
    if phones.doubtful {
        draft.warn("phone_invalid", column);
    }
    if let Some(number) = phones.mobile {
        draft.report.recipient.entry("mobile".to_owned()).or_insert(json!(number));
    }
    if let Some(number) = phones.other {
        add_other(draft, &number);
    }
}

/// Several columns may bring another number: none pushes the others out.
pub(super) fn add_other(draft: &mut Draft, number: &str) {
    let known = draft.report.text("phone2").unwrap_or_default();
    let all = match known {
        "" => number.to_owned(),
        known if known.contains(number) => return,
        known => format!("{known}、{number}"),
    };
    if all.chars().count() <= OTHER_MAX {
        draft.report.recipient.insert("phone2".to_owned(), json!(all));
    } else {
        draft.report.whys.push(crate::list::report::Why::named("phone_invalid", "phone2"));
    }
}

/// A rounded account number is worse than none.
pub(super) fn take_account(draft: &mut Draft, column: &Column, cell: &Cell, text: &str) {
    if value::has_lost_digits(cell) {
        if column.required {
            draft.refuse("account_precision_lost", column);
        } else {
            draft.warn("account_precision_lost", column);
        }
        return;
    }
    let (number, good) = value::account(text);
    if !good {
        draft.warn("account_invalid", column);
    }
    draft.put(column, json!(number));
}
