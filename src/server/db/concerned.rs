//! Whose files a device held when it was last in reach: whom the office tells when it is lost (PIPL §57).

use domain::{day::Day, kinds, mask};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    id::{AreaId, DeviceId},
    record::Record,
};
use uuid::Uuid;

use super::{
    SqlDatabase, accounts,
    fence::{self, Beyond},
    history::Viewed,
    rows::{id, parsed},
    sql::{self, Tx},
    store, supervision,
};
use crate::db::{Account, Caller, Concerned, ConcernedFamily, DbError};

/// What the office was sent within so long after a contact began may have gone down in it.
const CONTACT_MS: i64 = 10 * 60_000;

/// The families of a device that the caller supervises, in the order of their villages.
pub(crate) async fn of(db: &SqlDatabase, who: &Caller, device: DeviceId) -> Result<Concerned, DbError> {
    let mut tx = db.read().await?;
    let at = supervision::supervisor(db, &mut tx, who).await?;
    let owner = supervision::owner(&mut tx, &at, device).await?;
    let row = sql::query("SELECT seen_at FROM device WHERE id = $1")
        .bind(device.to_string())
        .fetch_one(&mut tx)
        .await?;
    let seen_at: Option<i64> = row.try_get("seen_at")?;
    let seen_at = seen_at.ok_or(DbError::Refused("never_in_reach"))?;
    let mut areas = areas_at(&mut tx, &owner, seen_at).await?;
    if !kinds::kind("recipient").is_some_and(|kind| kind.is_pulled_by(owner.role)) {
        areas.clear();
    }
    let areas: BTreeSet<AreaId> = at.tree.scope(&areas).areas().collect();
    fence::within(&mut tx, &at.who).await?;
    let files = files(&mut tx, &areas).await?;
    fence::lift(&mut tx, Beyond::Supervision).await?;
    let times = times(&mut tx, &files).await?;
    let opened = opened(&mut tx, device).await?;
    let names: BTreeMap<String, String> = accounts::all_in(&mut tx)
        .await?
        .into_iter()
        .map(|account| (account.id.to_string(), account.name))
        .collect();
    let node = |area: AreaId| at.tree.get(area).map(|node| (node.code.clone(), node.name.clone()));
    let mut families = Vec::new();
    for file in files.iter().filter(|file| at.who.scope.holds(file.area)) {
        let held = Held { file, times: &times, is_here: areas.contains(&file.area), seen_at };
        let Some(since) = held.since() else { continue };
        let (code, village) = node(file.area).unwrap_or_default();
        let responsible = file.text("responsible").unwrap_or_default();
        let phone =
            ["mobile", "phone2"].iter().find_map(|field| file.text(field).filter(|text| !text.is_empty()));
        let family = ConcernedFamily {
            e: file.id,
            village,
            name: file.text("name").unwrap_or_default().to_owned(),
            phone: phone.map(mask::phone).unwrap_or_default(),
            responsible: names.get(responsible).cloned().unwrap_or_else(|| responsible.to_owned()),
            opened_on: opened.get(&file.id).copied(),
            since,
        };
        families.push((code, family));
    }
    families.sort_by(|(one, a), (other, b)| (one, &a.name, a.e).cmp(&(other, &b.name, b.e)));
    let areas = areas.iter().filter(|area| at.who.scope.holds(**area)).map(|area| area.0).collect();
    let unit =
        owner.belongs_to().find_map(|area| node(AreaId(area))).map(|(_, name)| name).unwrap_or_default();
    let families = families.into_iter().map(|(_, family)| family).collect();
    Ok(Concerned { user: owner.name, unit, seen_at, areas, families })
}

/// Where the account worked at that moment: where it does now, and what was taken away since.
async fn areas_at(tx: &mut Tx, owner: &Account, seen_at: i64) -> Result<Vec<AreaId>, DbError> {
    let account = id(owner.id);
    fence::lift(tx, Beyond::Supervision).await?;
    let rows = sql::query(
        "SELECT area FROM reach WHERE account = $1
         UNION SELECT area FROM handover WHERE from_account = $1 AND village_left = 1 AND at > $2
         UNION SELECT assignment.area FROM deputy JOIN assignment ON assignment.account = deputy.absent
         WHERE deputy.account = $1 AND deputy.state = 'over' AND deputy.from_at <= $2 AND deputy.to_at > $2
         AND NOT EXISTS (SELECT 1 FROM audit WHERE action = 'deputy_end' AND at <= $2 AND body LIKE '%' || deputy.id || '%')",
    )
    .bind(account.clone())
    .bind(seen_at)
    .fetch_all(tx)
    .await?;
    let mut areas: Vec<AreaId> =
        rows.iter().map(|row| Ok(AreaId(parsed(row, "area")?))).collect::<Result<_, DbError>>()?;
    let rows =
        sql::query("SELECT body FROM audit WHERE action = 'account_change' AND at > $1 AND body LIKE $2")
            .bind(seen_at)
            .bind(format!("%{account}%"))
            .fetch_all(tx)
            .await?;
    for row in &rows {
        let body: Value =
            serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
        let detail = &body["detail"];
        if detail["user"] == account.as_str() {
            let before = detail["before"].as_array().into_iter().flatten();
            areas.extend(before.filter_map(|area| Some(AreaId(area.as_str()?.parse().ok()?))));
        }
    }
    Ok(areas)
}

/// The files in these areas, those that were deleted there too, and those that left them.
async fn files(tx: &mut Tx, areas: &BTreeSet<AreaId>) -> Result<Vec<Record>, DbError> {
    let rows = sql::query(
        "SELECT body FROM record WHERE kind = 'recipient'
         AND (area IN (SELECT key FROM json_each($1)) OR e IN (SELECT e FROM area_exit WHERE area IN (SELECT key FROM json_each($1))))",
    )
    .bind(sql::keys(areas.iter().map(|area| area.0)))
    .fetch_all(tx)
    .await?;
    rows.iter().map(store::record).collect()
}

/// When the office was sent what put each file into its area, and what changed it last.
async fn times(tx: &mut Tx, files: &[Record]) -> Result<BTreeMap<Uuid, i64>, DbError> {
    let placed = files.iter().filter_map(|file| file.placed.ops.first().copied());
    let last = files.iter().filter_map(|file| Some(file.changes.last()?.op));
    let rows =
        sql::query("SELECT op_id, t_recv FROM changeset WHERE op_id IN (SELECT key FROM json_each($1))")
            .bind(sql::keys(placed.chain(last).map(id)))
            .fetch_all(tx)
            .await?;
    rows.iter().map(|row| Ok((parsed(row, "op_id")?, row.try_get("t_recv")?))).collect()
}

/// The last day on which the device showed each file, as far as it has told.
async fn opened(tx: &mut Tx, device: DeviceId) -> Result<BTreeMap<Uuid, Day>, DbError> {
    let rows = sql::query("SELECT body FROM audit WHERE action = 'view' AND body LIKE $1")
        .bind(format!("%{device}%"))
        .fetch_all(tx)
        .await?;
    let mut opened: BTreeMap<Uuid, Day> = BTreeMap::new();
    for row in &rows {
        let mut body: Value =
            serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
        if body["device"] != device.to_string() {
            continue;
        }
        let told: Vec<Viewed> =
            serde_json::from_value(body["detail"]["files"].take()).map_err(|_| DbError::Damaged("audit"))?;
        for Viewed { e, on } in told {
            let last = opened.entry(e).or_insert(on);
            *last = (*last).max(on);
        }
    }
    Ok(opened)
}

/// A file that a device may have held.
struct Held<'a> {
    file: &'a Record,
    times: &'a BTreeMap<Uuid, i64>,
    /// Whether it lies in an area of the device.
    is_here: bool,
    seen_at: i64,
}

impl Held<'_> {
    /// What became of it since the contact; nothing where the device did not hold it then. What cannot be told was there.
    fn since(&self) -> Option<&'static str> {
        let time = |op: Option<Uuid>| op.and_then(|op| self.times.get(&op).copied());
        let placed = time(self.file.placed.ops.first().copied());
        match (&self.file.del, self.is_here) {
            // The file that it became part of stands there itself.
            (Some(tombstone), _) if tombstone.into.is_some() => None,
            (Some(_), true) => {
                let deleted = time(self.file.changes.last().map(|change| change.op));
                deleted.is_none_or(|at| at > self.seen_at).then_some("deleted")
            }
            (None, true) => placed.is_none_or(|at| at <= self.seen_at + CONTACT_MS).then_some(""),
            (None, false) => placed.is_none_or(|at| at > self.seen_at).then_some("moved"),
            (Some(_), false) => None,
        }
    }
}
