//! How lists of difficulties are called that the overview counts: what became of them, of which kind they are, how long they have been open.

use crate::{features::labels, locale::words::ledger as w};

/// The words of a list; none if it is no such list.
pub(crate) fn state_word(state: &str) -> Option<String> {
    let word = match state {
        "found" => w::state_found(),
        "in_time" => w::state_in_time(),
        "late" => w::state_closed_late(),
        "age_7" => w::state_age_7(),
        "age_30" => w::state_age_30(),
        "age_90" => w::state_age_90(),
        "age_more" => w::state_age_more(),
        kind if kind.starts_with("N-") => return Some(labels::need_kind(kind)),
        _ => return None,
    };
    Some(word.to_owned())
}
