//! How ids, revs and roles are written in columns.

use domain::access::Role;
use std::str::FromStr;
use sync::{rev::Rev, wire::DeviceState};
use uuid::Uuid;

use super::sql::Row;
use crate::db::DbError;

const REV_BITS: u32 = 48;

/// A rev as one number that sorts alike.
pub(crate) fn rev_to_column(rev: Rev) -> i64 {
    i64::from(rev.epoch) << REV_BITS | i64::try_from(rev.n).unwrap_or(i64::MAX)
}

/// The rev of a column.
pub(crate) fn rev_from_column(column: i64) -> Rev {
    let n = u64::try_from(column & ((1 << REV_BITS) - 1)).unwrap_or(0);
    Rev::new(u16::try_from(column >> REV_BITS).unwrap_or(0), n)
}

/// A column of text that parses, or a damaged row.
pub(crate) fn parsed<T: FromStr>(row: &Row, column: &'static str) -> Result<T, DbError> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(|_| DbError::Damaged(column))
}

/// A column of text that may be null and else parses.
pub(crate) fn parsed_option<T: FromStr>(row: &Row, column: &'static str) -> Result<Option<T>, DbError> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| text.parse().map_err(|_| DbError::Damaged(column))).transpose()
}

/// A count that is never negative.
pub(crate) fn count(row: &Row, column: &'static str) -> Result<u64, DbError> {
    let number: i64 = row.try_get(column)?;
    u64::try_from(number).map_err(|_| DbError::Damaged(column))
}

/// A role by its wire word.
pub(crate) fn role(row: &Row) -> Result<Role, DbError> {
    let word: &str = row.try_get("role")?;
    Role::from_word(word).ok_or(DbError::Damaged("role"))
}

/// A device's state; revoked is an error, because nothing but a refusal follows from it.
pub(crate) fn device_state(word: &str) -> Result<DeviceState, DbError> {
    match word {
        "active" => Ok(DeviceState::Active),
        "readonly" => Ok(DeviceState::Readonly),
        "wipe" => Ok(DeviceState::Wipe),
        "revoked" => Err(DbError::Revoked),
        _ => Err(DbError::Damaged("state")),
    }
}

/// An id as text.
pub(crate) fn id(uuid: Uuid) -> String {
    uuid.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revs_sort_alike_as_numbers() {
        let revs =
            [Rev::ZERO, Rev::new(1, 1), Rev::new(1, (1 << 48) - 1), Rev::new(2, 0), Rev::new(3, 15_021)];
        let columns = revs.map(rev_to_column);
        assert!(columns.is_sorted());
        assert_eq!(columns.map(rev_from_column), revs);
    }
}
