//! What a pulled row or exit does to a record.

use super::{Confirmed, Gone, LocalRecord};
use crate::{
    planted::{Bug, planted},
    rev::Rev,
    wire::Row,
};

/// What became of the local record.
#[derive(Clone, Debug, PartialEq)]
pub enum Applied {
    /// It is to be stored so.
    Put(Box<LocalRecord>),
    /// It is to be removed, if it is there.
    Drop,
    /// The row is older than what is here.
    Older,
    /// The row is part of a record that is not here: its area starts again.
    Torn,
}

/// Applies a row (full, partial or deleted) to the local record, keeping own waiting work.
pub(crate) fn apply_row(local: Option<&LocalRecord>, row: &Row) -> Applied {
    if local.is_some_and(|local| local.rev() > row.rev) {
        return Applied::Older;
    }
    if row.del {
        let gone = Gone { rev: row.rev, deleted: true, into: row.into };
        return leave(local, row, gone);
    }
    let whole = local.filter(|local| local.gone.is_none()).and_then(|local| local.confirmed.as_ref());
    let confirmed = if row.full {
        full(row)
    } else {
        match whole {
            Some(confirmed) => partial(confirmed, row),
            None if planted(Bug::TornRow) => full(row),
            None => return Applied::Torn,
        }
    };
    let kind = row.kind.as_deref().or(local.map(|local| local.kind.as_str())).unwrap_or_default();
    let mut record = match local {
        Some(local) => LocalRecord { area: row.area, gone: None, ..local.clone() },
        None => LocalRecord::unseen(row.e, row.area, kind),
    };
    if row.full {
        record.kind = kind.to_owned();
        record.parent = row.parent;
    }
    record.confirmed = Some(confirmed);
    record.forget_overwritten();
    Applied::Put(Box::new(record))
}

/// Applies an exit: the record left `row.area`. It is dropped if it is older than the exit and still lies there.
pub(crate) fn apply_exit(local: Option<&LocalRecord>, row: &Row) -> Applied {
    match local {
        Some(local) if local.rev() < row.rev && local.confirmed.is_some() => {
            leave(Some(local), row, Gone { rev: row.rev, deleted: false, into: None })
        }
        _ => Applied::Older,
    }
}

/// Own work that waits for its verdict keeps the record until that comes; an alias is kept for the ids that point to it.
fn leave(local: Option<&LocalRecord>, row: &Row, gone: Gone) -> Applied {
    match local {
        Some(local) if local.is_waiting() || gone.into.is_some() => {
            Applied::Put(Box::new(LocalRecord { gone: Some(gone), ..local.clone() }))
        }
        None if gone.into.is_some() => {
            let kind = row.kind.as_deref().unwrap_or_default();
            Applied::Put(Box::new(LocalRecord {
                gone: Some(gone),
                ..LocalRecord::unseen(row.e, row.area, kind)
            }))
        }
        _ => Applied::Drop,
    }
}

fn full(row: &Row) -> Confirmed {
    Confirmed {
        rev: row.rev,
        entered: row.entered.unwrap_or(row.rev),
        f: row.f.clone().unwrap_or_default(),
        fv0: row.fv0.unwrap_or(row.rev),
        fv: row.fv.clone().unwrap_or_default(),
    }
}

fn partial(old: &Confirmed, row: &Row) -> Confirmed {
    let mut new = Confirmed { rev: row.rev, entered: row.entered.unwrap_or(old.entered), ..old.clone() };
    for (field, value) in row.f.iter().flatten() {
        let named = row.fv.as_ref().and_then(|fv| fv.get(field)).copied();
        let version: Rev = named.or(row.fv0).unwrap_or(row.rev);
        if version >= old.version(field) {
            new.f.insert(field.clone(), value.clone());
            new.fv.insert(field.clone(), version);
        }
    }
    new
}
