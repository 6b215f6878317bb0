//! What the rules of retention are asked about, read from the records: all of some areas, one family, or what was deleted by hand.

use std::collections::{BTreeMap, BTreeSet};
use sync::record::Record;
use uuid::Uuid;

use super::{
    holds_values, merged,
    waiting::{self, Waiting, ids_in},
};
use crate::{
    db::{
        Caller, DbError, Leftovers, SqlDatabase,
        fence::{self, Beyond},
        rows::parsed,
        scope,
        sql::{self, Tx},
        store,
    },
    retention::{Facts, Root, SPONSOR, is_open_request, judged_kinds, named_by, naming_kinds},
};

/// Steps from a record up to its file; more would be a circle.
const STEPS_MAX: usize = 64;

/// All that something may be due of in the caller's areas.
pub(crate) async fn facts(db: &SqlDatabase, who: &Caller) -> Result<Facts, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    if !at.who.role.is_office() {
        return Err(DbError::Forbidden);
    }
    let rows = sql::query(
        "SELECT body FROM record WHERE del = 0 AND kind IN (SELECT key FROM json_each($1))
         AND area IN (SELECT key FROM json_each($2)) ORDER BY e",
    )
    .bind(sql::keys(judged_kinds()))
    .bind(sql::keys(at.who.scope.areas().map(|area| area.0)))
    .fetch_all(&mut tx)
    .await?;
    let records = rows.iter().map(store::record).collect::<Result<Vec<_>, _>>()?;
    fence::lift(&mut tx, Beyond::Retention).await?;
    let waiting = Waiting::read(&mut tx).await?;
    let undecided = waiting::undecided(&mut tx, &waiting).await?;
    let roots = roots(&mut tx, &records).await?;
    Ok(Facts { records, undecided, roots })
}

/// The same of one family, or of one who helps, with what names it, wherever that lies.
pub(super) async fn family(tx: &mut Tx, waiting: &Waiting, file: Uuid) -> Result<Facts, DbError> {
    let mut records = store::by_ids(tx, &[file]).await?;
    records.extend(store::children(tx, file).await?);
    let mut family: BTreeSet<Uuid> = records.iter().map(|record| record.id).chain([file]).collect();
    family.extend(merged::into(tx, &family).await?);
    // What names the family may be named itself: the table of kinds has what is named before what names it.
    for kind in naming_kinds() {
        let standing = "SELECT body FROM record WHERE parent IS NULL AND del = 0 AND kind = $1";
        for row in &sql::query(standing).bind(kind).fetch_all(tx).await? {
            if ids_in(row.try_get("body")?).is_disjoint(&family) {
                continue;
            }
            let record = store::record(row)?;
            if !named_by(&record).is_disjoint(&family) || record.id_in(SPONSOR) == Some(file) {
                family.insert(record.id);
                records.push(record);
            }
        }
    }
    let is_judged = |record: &Record| judged_kinds().any(|kind| kind == record.kind);
    records.retain(|record| record.del.is_none() && is_judged(record));
    let undecided = waiting::undecided_about(tx, waiting, &family).await?;
    let roots = roots(tx, &records).await?;
    Ok(Facts { records, undecided, roots })
}

/// Where the way up from all that these records name ends, but for what is among them.
async fn roots(tx: &mut Tx, records: &[Record]) -> Result<BTreeMap<Uuid, Root>, DbError> {
    let live: BTreeMap<Uuid, Option<Uuid>> =
        records.iter().map(|record| (record.id, record.parent)).collect();
    let named: BTreeSet<Uuid> = records.iter().flat_map(named_by).collect();
    let named = named.into_iter().filter(|id| !live.contains_key(id)).collect();
    climb(tx, &live, named).await
}

/// The way up from these records, over others that are known to live.
async fn climb(
    tx: &mut Tx,
    live: &BTreeMap<Uuid, Option<Uuid>>,
    named: BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, Root>, DbError> {
    let (mut steps, mut wanted) = (BTreeMap::new(), named.clone());
    while !wanted.is_empty() {
        let ids: Vec<Uuid> = std::mem::take(&mut wanted).into_iter().collect();
        for record in store::by_ids(tx, &ids).await? {
            let next = record.del.as_ref().and_then(|tombstone| tombstone.into).or(record.parent);
            let is_gone = record.del.is_some() && !holds_values(&record);
            steps.insert(record.id, (next, is_gone));
            wanted.extend(next.filter(|next| !live.contains_key(next)));
        }
        wanted.retain(|id| !steps.contains_key(id));
    }
    let root = |from: Uuid| {
        let mut root = Root { file: from, is_gone: steps.get(&from)?.1 };
        for _ in 0..STEPS_MAX {
            let up = match live.get(&root.file) {
                Some(parent) => *parent,
                None => steps.get(&root.file)?.0,
            };
            let Some(up) = up.filter(|up| live.contains_key(up) || steps.contains_key(up)) else {
                return Some(root);
            };
            root = Root { file: up, is_gone: steps.get(&up).is_some_and(|step| step.1) };
        }
        None
    };
    Ok(named.into_iter().filter_map(|id| Some((id, root(id)?))).collect())
}

/// Deleted records of the caller's scope that still hold values, and were deleted, or merged into another, before that moment.
pub(crate) async fn deleted_before(
    db: &SqlDatabase,
    who: &Caller,
    before: i64,
) -> Result<Leftovers, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    if !at.who.role.is_office() {
        return Err(DbError::Forbidden);
    }
    // When a record was deleted stands in the log, where another's save shows to nobody else.
    fence::lift(&mut tx, Beyond::Retention).await?;
    let rows = sql::query(
        "SELECT body FROM record WHERE del = 1 AND area IN (SELECT key FROM json_each($1)) ORDER BY e",
    )
    .bind(sql::keys(at.who.scope.areas().map(|area| area.0)))
    .fetch_all(&mut tx)
    .await?;
    let mut deleted = BTreeMap::new();
    for row in &rows {
        let record = store::record(row)?;
        if let Some(last) = record.changes.last().filter(|_| holds_values(&record)) {
            deleted.insert(record.id, last.op);
        }
    }
    let rows = sql::query(
        "SELECT op_id FROM changeset WHERE op_id IN (SELECT key FROM json_each($1)) AND t_recv < $2",
    )
    .bind(sql::keys(deleted.values()))
    .bind(before)
    .fetch_all(&mut tx)
    .await?;
    let old: BTreeSet<Uuid> = rows.iter().map(|row| parsed(row, "op_id")).collect::<Result<_, _>>()?;
    deleted.retain(|_, last| old.contains(last));
    let waiting = Waiting::read(&mut tx).await?;
    erasable(&mut tx, &waiting, deleted.into_keys().collect()).await
}

/// Which of these deleted records nothing holds: no open kept save speaks of them, and nobody asks what is kept of the person.
pub(super) async fn erasable(
    tx: &mut Tx,
    waiting: &Waiting,
    deleted: BTreeSet<Uuid>,
) -> Result<Leftovers, DbError> {
    let tops = climb(tx, &BTreeMap::new(), deleted.clone()).await?;
    let files: BTreeSet<Uuid> = tops.values().map(|root| root.file).collect();
    let rows = sql::query(
        "SELECT body FROM record WHERE parent IN (SELECT key FROM json_each($1)) AND kind = 'rights_request' AND del = 0",
    )
    .bind(sql::keys(files))
    .fetch_all(tx)
    .await?;
    let requests = rows.iter().map(store::record).collect::<Result<Vec<_>, _>>()?;
    let asked: BTreeSet<Uuid> = requests
        .iter()
        .filter(|request| is_open_request(request))
        .filter_map(|request| request.parent)
        .collect();
    let is_asked = |e: &Uuid| tops.get(e).is_some_and(|root| asked.contains(&root.file));
    let (requested, others): (Vec<Uuid>, Vec<Uuid>) = deleted.into_iter().partition(is_asked);
    let spoken_of = waiting.spoken_of(&others.iter().copied().collect())?;
    let erasable = others.into_iter().filter(|e| !spoken_of.contains(e)).collect();
    Ok(Leftovers { erasable, spoken_of: spoken_of.len() as u64, requested: requested.len() as u64 })
}

/// Which of these records nothing is left of: emptied, and not a part of another that lives.
pub(super) async fn gone(tx: &mut Tx, named: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>, DbError> {
    let rows = sql::query("SELECT body FROM record WHERE del = 1 AND e IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(named))
        .fetch_all(tx)
        .await?;
    let mut empty = BTreeSet::new();
    for row in &rows {
        let record = store::record(row)?;
        empty.extend(Some(record.id).filter(|_| !holds_values(&record)));
    }
    let ends = merged::ends(tx, &empty).await?;
    let targets: Vec<Uuid> = ends.values().copied().collect();
    let lives = |record: &Record| record.del.is_none() || holds_values(record);
    let live: BTreeSet<Uuid> = store::by_ids(tx, &targets)
        .await?
        .iter()
        .filter(|record| lives(record))
        .map(|record| record.id)
        .collect();
    empty.retain(|id| ends.get(id).is_none_or(|end| !live.contains(end)));
    Ok(empty)
}
