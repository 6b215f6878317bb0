//! One page of a pull, read in one snapshot.

use domain::access::Role;
use std::{collections::BTreeMap, sync::PoisonError};
use sync::{
    digest::area_digest,
    id::AreaId,
    planted::{Bug, planted},
    pull::{AreaCursor, PullContext, PullPlan, Window, page, plan},
    wire::{AreaDigest, PullAnswer, PullRequest},
};
use uuid::Uuid;

use super::{
    SqlDatabase, head, push,
    rows::{id, parsed, rev_from_column, rev_to_column},
    scope, settings,
    sql::{self, Tx},
    store,
};
use crate::db::{Caller, DbError};

/// Rows of the first window; each record is some hundred bytes compressed.
const WINDOW_ROWS_START: i64 = 512;
/// Digests kept; one for each area and user that asks.
const DIGESTS_MAX: usize = 10_000;

/// A digest, and the newest change in the area when it was made.
pub(crate) type DigestCache = BTreeMap<(AreaId, Uuid), (i64, Role, AreaDigest)>;

pub(crate) async fn run(
    db: &SqlDatabase,
    who: &Caller,
    request: &PullRequest,
) -> Result<PullAnswer, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    let acked = push::all_last(&mut tx, who.device).await?;
    let forgotten = BTreeMap::new();
    let context = PullContext {
        who: &at.who,
        session: who.session,
        standing: at.standing,
        scope_rev: at.scope_rev,
        again: &at.again,
        head: db.gap.head(head::read(&mut tx).await?),
        acked: &acked,
        forgotten: &forgotten,
        tree: &at.tree,
        policy: settings::read(&mut tx).await?,
    };
    let plan = match plan(request, &context) {
        Ok(plan) => plan,
        Err(error) => return Ok(PullAnswer::Error(error)),
    };
    let by_page = WINDOW_ROWS_START.max(i64::try_from(plan.page_bytes / 64).unwrap_or(i64::MAX));
    let mut rows_max = db.window_rows.unwrap_or(by_page);
    loop {
        let mut window = window(&mut tx, &plan, rows_max).await?;
        window.records.retain(|record| !db.gap.hides(record.rev));
        if let Some(mut page) = page(&plan, &context, &**db.keys(), &window) {
            if !page.more {
                page.digest = Some(digests(db, &mut tx, &plan).await?);
            }
            return Ok(PullAnswer::Page(page));
        }
        rows_max = rows_max.saturating_mul(2);
    }
}

/// The lowest revs of all planned areas above their cursors, whole revs only.
async fn window(tx: &mut Tx, plan: &PullPlan, rows_max: i64) -> Result<Window, DbError> {
    let (places, mut through) = places(tx, plan, rows_max).await?;
    let mut window = Window::default();
    let ids: Vec<i64> = places
        .into_iter()
        .filter(|(rev, _)| through.is_none_or(|end| *rev <= end))
        .map(|(_, id)| id)
        .collect();
    let rows =
        sql::query("SELECT body FROM record WHERE rowid IN (SELECT CAST(key AS BIGINT) FROM json_each($1))")
            .bind(sql::keys(ids))
            .fetch_all(tx)
            .await?;
    window.records = rows.iter().map(store::record).collect::<Result<_, _>>()?;
    if planted(Bug::NoTombstone) {
        window.records.retain(|record| record.del.is_none());
    }
    let exit_rows = sql::query(
        "WITH wanted AS MATERIALIZED (SELECT key AS area, CAST(CAST(value AS TEXT) AS BIGINT) AS after FROM json_each($1))
         SELECT area_exit.area, area_exit.rev, area_exit.e FROM wanted
         JOIN area_exit ON area_exit.area = wanted.area AND area_exit.rev > wanted.after
         WHERE wanted.after > 0 ORDER BY area_exit.rev LIMIT $2",
    )
    .bind(cursors(plan))
    .bind(rows_max + 1)
    .fetch_all(tx)
    .await?;
    if exit_rows.len() as i64 > rows_max
        && let Some(last) = exit_rows.last()
    {
        through = narrower(through, Some(last.try_get::<i64>("rev")? - 1));
    }
    window.exits = exit_rows.iter().map(store::exit).collect::<Result<_, _>>()?;
    if let Some(end) = through {
        let end = rev_from_column(end);
        window.records.retain(|record| record.rev <= end);
        window.exits.retain(|exit| exit.rev <= end);
        window.through = Some(end);
    }
    Ok(window)
}

/// Revs and row ids above the cursors, lowest first, and the last rev of which nothing was left out.
async fn places(
    tx: &mut Tx,
    plan: &PullPlan,
    rows_max: i64,
) -> Result<(Vec<(i64, i64)>, Option<i64>), DbError> {
    let rows = sql::query(
        "WITH wanted AS MATERIALIZED (SELECT key AS area, CAST(CAST(value AS TEXT) AS BIGINT) AS after FROM json_each($1))
         SELECT record.rev AS rev, record.rowid AS place FROM wanted
         JOIN record ON record.area = wanted.area AND record.rev > wanted.after
         ORDER BY record.rev LIMIT $2",
    )
    .bind(cursors(plan))
    .bind(rows_max + 1)
    .fetch_all(tx)
    .await?;
    let mut places = rows
        .iter()
        .map(|row| Ok((row.try_get("rev")?, row.try_get("place")?)))
        .collect::<Result<Vec<_>, DbError>>()?;
    let is_full = |rows: &Vec<(i64, i64)>| rows.len() as i64 > rows_max;
    let mut through = if is_full(&places) && !planted(Bug::WindowCut) {
        places.last().map(|(rev, _)| rev - 1)
    } else {
        None
    };
    if let Some(own) = plan.areas.get(&AreaId::OWN) {
        let own = own_places(tx, plan.user, own, rows_max).await?;
        if is_full(&own) {
            through = narrower(through, own.last().map(|(rev, _)| rev - 1));
        }
        places.extend(own);
    }
    Ok((places, through))
}

/// The lower of two ends; none is no end.
fn narrower(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    a.into_iter().chain(b).min()
}

/// The caller's held records, wherever they lie.
async fn own_places(
    tx: &mut Tx,
    user: Uuid,
    cursor: &AreaCursor,
    rows_max: i64,
) -> Result<Vec<(i64, i64)>, DbError> {
    let rows = sql::query(
        "SELECT rev, rowid AS place FROM record WHERE held_by = $1 AND rev > $2 ORDER BY rev LIMIT $3",
    )
    .bind(id(user))
    .bind(rev_to_column(cursor.cur))
    .bind(rows_max + 1)
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| Ok((row.try_get("rev")?, row.try_get("place")?))).collect()
}

/// Area to cursor, as a JSON object that a query joins with. It makes numbers of them before it compares: beside a policy PostgreSQL looks up in an
/// index only what cannot give away a hidden row, and a cast in the comparison could.
fn cursors(plan: &PullPlan) -> sql::Value {
    let areas = plan.areas.iter().filter(|(area, _)| **area != AreaId::OWN);
    sql::map(areas.map(|(area, cursor)| (area.0.to_string(), rev_to_column(cursor.cur))))
}

async fn digests(
    db: &SqlDatabase,
    tx: &mut Tx,
    plan: &PullPlan,
) -> Result<BTreeMap<AreaId, AreaDigest>, DbError> {
    let mut digests = BTreeMap::new();
    for area in plan.areas.keys() {
        digests.insert(*area, digest(db, tx, plan, *area).await?);
    }
    Ok(digests)
}

/// The digest of an area, made anew only when something changed there.
async fn digest(db: &SqlDatabase, tx: &mut Tx, plan: &PullPlan, area: AreaId) -> Result<AreaDigest, DbError> {
    let changed = newest_change(tx, area).await?;
    let key = (area, plan.user);
    let is_cacheable = area != AreaId::OWN;
    let cached = db.digests.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    if let Some((at, role, digest)) = cached
        && (at == changed || planted(Bug::StaleDigest))
        && role == plan.role
        && is_cacheable
    {
        return Ok(digest);
    }
    let digest = fresh_digest(db, tx, plan, area).await?;
    let mut cache = db.digests.lock().unwrap_or_else(PoisonError::into_inner);
    if cache.len() >= DIGESTS_MAX {
        cache.clear();
    }
    cache.insert(key, (changed, plan.role, digest.clone()));
    Ok(digest)
}

/// The newest rev of a record in an area or of one that left it.
pub(super) async fn newest_change(tx: &mut Tx, area: AreaId) -> Result<i64, DbError> {
    let row = sql::query(
        "SELECT coalesce(max(rev), 0) AS rev FROM (
            SELECT max(rev) AS rev FROM record WHERE area = $1
            UNION ALL SELECT max(rev) AS rev FROM area_exit WHERE area = $1) AS changes",
    )
    .bind(id(area.0))
    .fetch_one(tx)
    .await?;
    row.try_get("rev")
}

/// Counts what [`PullPlan::is_counted`] counts, from columns alone.
async fn fresh_digest(
    db: &SqlDatabase,
    tx: &mut Tx,
    plan: &PullPlan,
    area: AreaId,
) -> Result<AreaDigest, DbError> {
    let is_own = area == AreaId::OWN;
    let rows = if is_own {
        sql::query("SELECT e, kind, area, rev, held_by FROM record WHERE held_by = $1 AND del = 0 ORDER BY e")
            .bind(id(plan.user))
    } else {
        sql::query("SELECT e, kind, area, rev, held_by FROM record WHERE area = $1 AND del = 0 ORDER BY e")
            .bind(id(area.0))
    };
    let user = id(plan.user);
    let mut counted = Vec::new();
    for row in &rows.fetch_all(tx).await? {
        let is_own_held = row.try_get::<Option<&str>>("held_by")? == Some(user.as_str());
        let is_counted = if is_own {
            !plan.areas.contains_key(&AreaId(parsed(row, "area")?))
        } else {
            is_own_held || plan.kinds.contains(&row.try_get::<&str>("kind")?)
        };
        let rev = rev_from_column(row.try_get("rev")?);
        if is_counted && !db.gap.hides(rev) {
            counted.push((parsed(row, "e")?, rev));
        }
    }
    Ok(area_digest(counted))
}
