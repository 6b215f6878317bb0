//! Records of families as ledgers read them, kept in memory: of an area they are read anew only when something changed there.

use domain::day::Day;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
};
use sync::{id::AreaId, record::Record};
use uuid::Uuid;

use super::{
    SqlDatabase, former,
    people::{self, Numbers},
    pull,
    rows::{id, parsed, rev_to_column},
    sql::{self, Tx},
    store,
};
use crate::{
    db::DbError,
    ledger::{OVERVIEW_KINDS, Source},
};

/// Records that are kept in all, a few hundred megabytes at most: 25,000 families with what was seen of them in a year. What lies beyond is read each
/// time.
const RECORDS_MAX: usize = 100_000;

/// A record with its numbers masked, and how it came into its area.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(super) source: Arc<Source>,
    /// The rev with which it came, and the day, if it began elsewhere.
    pub(super) came: Option<(i64, Day)>,
}

/// What lies in an area, files that were deleted too, and the newest change there when it was read.
pub(crate) type KeptRecords = BTreeMap<AreaId, (i64, Arc<Vec<Kept>>)>;

/// The records of the kinds that ledgers are made of, by id, in an area that the caller of the transaction may see.
pub(super) async fn of_area(db: &SqlDatabase, tx: &mut Tx, area: AreaId) -> Result<Arc<Vec<Kept>>, DbError> {
    let changed = pull::newest_change(tx, area).await?;
    let known = db.records.lock().unwrap_or_else(PoisonError::into_inner).get(&area).cloned();
    let records = match known {
        Some((at, records)) if at == changed => return Ok(records),
        Some((at, records)) if at < changed => Arc::new(renewed(db, tx, area, (at, &records)).await?),
        _ => Arc::new(read(db, tx, area, Numbers::Masked).await?),
    };
    let mut kept = db.records.lock().unwrap_or_else(PoisonError::into_inner);
    kept.remove(&area);
    let all = kept.values().map(|(_, records)| records.len()).sum::<usize>();
    if all + records.len() <= RECORDS_MAX {
        kept.insert(area, (changed, Arc::clone(&records)));
    }
    Ok(records)
}

/// The same as it is stored now.
pub(super) async fn read(
    db: &SqlDatabase,
    tx: &mut Tx,
    area: AreaId,
    numbers: Numbers,
) -> Result<Vec<Kept>, DbError> {
    let rows = sql::query(
        "SELECT body FROM record WHERE area = $1 AND (del = 0 OR kind = 'recipient')
         AND kind IN (SELECT key FROM json_each($2)) ORDER BY e",
    )
    .bind(id(area.0))
    .bind(sql::keys(OVERVIEW_KINDS))
    .fetch_all(tx)
    .await?;
    let records = rows.iter().map(store::record).collect::<Result<Vec<_>, _>>()?;
    kept(db, tx, records, numbers).await
}

/// What was known at a rev, with what changed, came and left since.
async fn renewed(
    db: &SqlDatabase,
    tx: &mut Tx,
    area: AreaId,
    (at, known): (i64, &[Kept]),
) -> Result<Vec<Kept>, DbError> {
    let left = sql::query("SELECT e FROM area_exit WHERE area = $1 AND rev > $2")
        .bind(id(area.0))
        .bind(at)
        .fetch_all(tx)
        .await?;
    let mut touched: BTreeSet<Uuid> = left.iter().map(|row| parsed(row, "e")).collect::<Result<_, _>>()?;
    let rows = sql::query(
        "SELECT body FROM record WHERE area = $1 AND rev > $2 AND kind IN (SELECT key FROM json_each($3))",
    )
    .bind(id(area.0))
    .bind(at)
    .bind(sql::keys(OVERVIEW_KINDS))
    .fetch_all(tx)
    .await?;
    let newer = rows.iter().map(store::record).collect::<Result<Vec<_>, _>>()?;
    touched.extend(newer.iter().map(|record| record.id));
    let mut records: Vec<Kept> =
        known.iter().filter(|kept| !touched.contains(&kept.source.e)).cloned().collect();
    let stands = |record: &Record| record.del.is_none() || record.kind == "recipient";
    let newer = newer.into_iter().filter(stands).collect();
    records.extend(kept(db, tx, newer, Numbers::Masked).await?);
    records.sort_by_key(|kept| kept.source.e);
    Ok(records)
}

async fn kept(
    db: &SqlDatabase,
    tx: &mut Tx,
    records: Vec<Record>,
    numbers: Numbers,
) -> Result<Vec<Kept>, DbError> {
    let mut former = former::of(tx, &records).await?;
    let kept = |record: Record| {
        let came = people::came(&record).map(|day| (rev_to_column(record.entered), day));
        let mut source = people::source(db, record, numbers);
        source.dates.former = former.remove(&source.e).unwrap_or_default();
        Kept { source: Arc::new(source), came }
    };
    Ok(records.into_iter().map(kept).collect())
}
