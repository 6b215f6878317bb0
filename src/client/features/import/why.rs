//! The reasons of the preview in words.

use super::state::{PreviewRow, RowState, Verdict, Why};
use crate::{locale::words::import as w, ui::Tone};

/// A reason with its cell.
pub(super) fn sentence(why: &Why, row: u32) -> String {
    let reason = match why.other_row {
        Some(other) => w::why_with_row(reason(&why.code), other),
        None => reason(&why.code),
    };
    let place = why.place(row);
    if place.is_empty() { reason } else { w::why_place(reason, place) }
}

/// The verdict of a row in words, with its tone.
pub(super) fn verdict(row: &PreviewRow) -> (&'static str, Tone) {
    match (row.verdict, row.state) {
        (Verdict::Refuse, _) => (w::refuse(), Tone::Bad),
        (Verdict::Accept, Some(RowState::New)) => (w::new(), Tone::Good),
        (Verdict::Accept, Some(RowState::Changed)) => (w::changed(), Tone::Soon),
        (Verdict::Accept, Some(RowState::Same)) => (w::same(), Tone::Plain),
        (Verdict::Accept, None) => (w::accept(), Tone::Plain),
    }
}

/// Why a row is no person.
pub(super) fn skipped(why: &str) -> &'static str {
    match why {
        "subtotal" => w::skip_subtotal(),
        "total" => w::skip_total(),
        "footnote" => w::skip_footnote(),
        "empty" | "blank" => w::skip_empty(),
        "title" => w::skip_title(),
        "example" => w::skip_example(),
        _ => w::skip_other(),
    }
}

pub(super) fn reason(code: &str) -> String {
    let known = match code {
        "id_checksum" => w::why_id_checksum(),
        "id_length" => w::why_id_length(),
        "id_charset" => w::why_id_charset(),
        "id_birth" => w::why_id_birth(),
        "id_province" => w::why_id_province(),
        "id_missing" => w::why_id_missing(),
        "id_normalised" => w::why_id_normalised(),
        "id_converted" => w::why_id_converted(),
        "id_precision_lost" => w::why_id_precision_lost(),
        "id_duplicate_in_file" => w::why_id_duplicate_in_file(),
        "name_missing" => w::why_name_missing(),
        "name_odd" => w::why_name_odd(),
        "sex_mismatch" => w::why_sex_mismatch(),
        "birth_mismatch" => w::why_birth_mismatch(),
        "birth_in_future" => w::why_birth_in_future(),
        "grade_out_of_range" => w::why_grade_out_of_range(),
        "illness_grade" => w::why_illness_grade(),
        "category_unknown" => w::why_category_unknown(),
        "grade_old_class" => w::why_grade_old_class(),
        "grade_missing" => w::why_grade_missing(),
        "grade_unexpected" => w::why_grade_unexpected(),
        "region_outside" => w::why_region_outside(),
        "region_invalid" => w::why_region_invalid(),
        "required_missing" => w::why_required_missing(),
        "date_invalid" => w::why_date_invalid(),
        "date_in_future" => w::why_date_in_future(),
        "date_day_assumed" => w::why_date_day_assumed(),
        "number_invalid" => w::why_number_invalid(),
        "number_range" => w::why_number_range(),
        "digits_lost" => w::why_digits_lost(),
        "too_long" => w::why_too_long(),
        "cell_error" => w::why_cell_error(),
        "differs_from_other_row" => w::why_differs(),
        "option_unknown" => w::why_option_unknown(),
        "phone_missing" => w::why_phone_missing(),
        "phone_invalid" => w::why_phone_invalid(),
        "village_unknown" => w::why_village_unknown(),
        "village_missing" => w::why_village_missing(),
        "village_assumed" => w::why_village_assumed(),
        "account_precision_lost" => w::why_account_precision_lost(),
        "account_invalid" => w::why_account_invalid(),
        "account_check" => w::why_account_check(),
        "account_of_another" => w::why_account_of_another(),
        other => return w::why_other(other),
    };
    known.to_owned()
}
