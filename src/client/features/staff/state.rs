//! Why something about an account was not done, in words.

use crate::{data::OfficeError, features::problems, locale::words::staff as w};

/// Why the office did not do it.
pub(super) fn sentence(error: &OfficeError) -> String {
    let OfficeError::Refused { status, err, .. } = error else { return problems::office(error).to_owned() };
    let known = match err.as_str() {
        "account_exists" => w::bad_exists(),
        "user_name_bad" => w::bad_name(),
        "areas_missing" => w::bad_areas(),
        "areas_bad" => w::bad_rows(),
        "areas_of_role" => w::bad_areas_of_role(),
        "last_admin" => w::bad_last_admin(),
        "area_exists" => w::bad_code_taken(),
        "area_name_exists" => w::bad_name_taken(),
        "area_itself" => w::bad_same_village(),
        "area_elsewhere" => w::bad_other_township(),
        "area_not_lowest" => w::bad_has_villages(),
        "area_closed" => w::bad_village_over(),
        "area_code_bad" | "area_code_outside" => w::bad_code(),
        "area_name_bad" => w::bad_area_name(),
        "area_day" => w::bad_area_day(),
        "own_account" => w::bad_own(),
        "account_ended" => w::bad_ended(),
        "deputy_days" => w::bad_days(),
        "deputy_exists" => w::bad_deputy_exists(),
        "deputy_same" => w::bad_deputy_same(),
        "deputy_role" => w::bad_deputy_role(),
        _ if *status == 404 => w::bad_gone(),
        _ if *status == 403 => w::bad_right(),
        _ => return w::bad_other(err),
    };
    known.to_owned()
}
