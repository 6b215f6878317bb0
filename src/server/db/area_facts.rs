//! Areas as whoever supervises them sees them: how much lies in each, what it was called before, and what a merge would move.

use serde_json::Value;
use std::collections::BTreeMap;
use sync::id::AreaId;
use uuid::Uuid;

use super::{
    SqlDatabase, areas,
    fence::{self, Beyond},
    handovers,
    rows::{count, id, parsed},
    sql::{self, Tx},
    store, supervision, villages,
};
use crate::db::{Area, AreaFacts, Caller, DbError, FormerCode, MergePreview};

/// The areas of the caller's scope, with how much lies in each and what they were called before.
pub(crate) async fn list(db: &SqlDatabase, who: &Caller) -> Result<Vec<AreaFacts>, DbError> {
    let mut tx = db.read().await?;
    let at = supervision::supervisor(db, &mut tx, who).await?;
    let families = counts(
        &mut tx,
        "SELECT area, count(*) AS n FROM record WHERE kind = 'recipient' AND del = 0 GROUP BY area",
    )
    .await?;
    let people = counts(
        &mut tx,
        "SELECT assignment.area, count(*) AS n FROM assignment JOIN account ON account.id = assignment.account
         WHERE account.ended_at IS NULL GROUP BY assignment.area",
    )
    .await?;
    let devices = counts(
        &mut tx,
        "SELECT assignment.area, count(*) AS n FROM assignment JOIN device ON device.account = assignment.account
         WHERE device.shared = 0 AND device.state <> 'revoked' GROUP BY assignment.area",
    )
    .await?;
    let mut former = former(&mut tx).await?;
    let mut areas = areas::all_in(&mut tx).await?;
    areas.retain(|area| area.archive_of.is_none() && at.who.scope.holds(AreaId(area.id)));
    let of = |counted: &BTreeMap<Uuid, u64>, area: &Area| counted.get(&area.id).copied().unwrap_or_default();
    Ok(areas
        .into_iter()
        .map(|area| AreaFacts {
            families: of(&families, &area),
            people: of(&people, &area),
            devices: of(&devices, &area),
            former: former.remove(&area.id).unwrap_or_default(),
            area,
        })
        .collect())
}

async fn counts(tx: &mut Tx, text: &'static str) -> Result<BTreeMap<Uuid, u64>, DbError> {
    let rows = sql::query(text).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((parsed(row, "area")?, count(row, "n")?))).collect()
}

/// What the chain tells of codes and names that areas had, the newest first.
async fn former(tx: &mut Tx) -> Result<BTreeMap<Uuid, Vec<FormerCode>>, DbError> {
    let rows = sql::query("SELECT body FROM audit WHERE action = 'area_rename' ORDER BY n DESC")
        .fetch_all(tx)
        .await?;
    let mut former: BTreeMap<Uuid, Vec<FormerCode>> = BTreeMap::new();
    for row in &rows {
        let body: Value =
            serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
        let detail = &body["detail"];
        let text = |name: &str| detail[name].as_str().unwrap_or_default().to_owned();
        let Ok(area) = text("id").parse() else { continue };
        let one = FormerCode {
            code: text("before"),
            name: text("name_before"),
            until: detail["on"].as_str().map(str::to_owned),
        };
        former.entry(area).or_default().push(one);
    }
    Ok(former)
}

/// What a merge would move, and whose devices will notice.
pub(crate) async fn preview(
    db: &SqlDatabase,
    who: &Caller,
    from: Uuid,
    into: Uuid,
) -> Result<MergePreview, DbError> {
    villages::check(db, Some(who), from, into).await?;
    let mut tx = db.read().await?;
    fence::lift(&mut tx, Beyond::Villages).await?;
    let mut preview = MergePreview::default();
    let rows = sql::query("SELECT kind, count(*) AS n FROM record WHERE area = $1 AND del = 0 GROUP BY kind")
        .bind(id(from))
        .fetch_all(&mut tx)
        .await?;
    for row in &rows {
        let n = count(row, "n")?;
        match row.try_get("kind")? {
            "recipient" => preview.families = n,
            "visit" => preview.visits = n,
            _ => {}
        }
    }
    preview.waiting = waiting(&mut tx, from).await?;
    let rows = sql::query(
        "SELECT id, name FROM account WHERE ended_at IS NULL
         AND id IN (SELECT account FROM reach WHERE area = $1) ORDER BY name",
    )
    .bind(id(from))
    .fetch_all(&mut tx)
    .await?;
    for row in &rows {
        preview.people.push(row.try_get("name")?);
        let unsent = handovers::unsent_of(&mut tx, parsed(row, "id")?).await?;
        preview.devices += unsent.devices;
        preview.unsent += unsent.saves + unsent.photos + unsent.drafts;
    }
    Ok(preview)
}

/// Proposals and held changes of an area on which nobody has decided.
async fn waiting(tx: &mut Tx, area: Uuid) -> Result<u64, DbError> {
    let rows = sql::query(
        "SELECT body FROM record WHERE area = $1 AND del = 0 AND kind IN ('held', 'proposal', 'conflict')",
    )
    .bind(id(area))
    .fetch_all(tx)
    .await?;
    let mut open = 0;
    for row in &rows {
        open += u64::from(store::record(row)?.is_open());
    }
    Ok(open)
}
