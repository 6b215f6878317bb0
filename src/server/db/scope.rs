//! The caller as the protocol judges him, read inside the transaction that uses it.

use domain::access::Role;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
};
use sync::{
    authority::Standing,
    id::{AreaId, DeviceId},
    scope::{Area, AreaTree, Principal},
    wire::AreaNode,
};
use uuid::Uuid;

use super::{
    SqlDatabase, areas, fence,
    rows::{count, device_state, id, parsed, role},
    sql::{self, Row, Tx},
};
use crate::db::{Caller, DbError};

/// Digits of a township's code.
const TOWNSHIP_DIGITS: usize = 9;

/// The tree of a version; it changes far more seldom than it is read.
pub(crate) type CachedTree = Option<(i64, Arc<AreaTree>)>;

/// What is true of a device's user in this transaction.
pub(crate) struct Standpoint {
    pub(crate) who: Principal,
    /// The role that the device's grant was given to.
    pub(crate) granted: Role,
    pub(crate) standing: Standing,
    pub(crate) scope_rev: u64,
    /// Areas that look different since that scope version.
    pub(crate) again: BTreeMap<AreaId, u64>,
    pub(crate) tree: Arc<AreaTree>,
}

/// The area tree as this transaction sees it.
pub(crate) async fn tree(db: &SqlDatabase, tx: &mut Tx) -> Result<Arc<AreaTree>, DbError> {
    let row = sql::query("SELECT tree FROM sync_head").fetch_one(tx).await?;
    let version: i64 = row.try_get("tree")?;
    if let Some((cached, tree)) = &*db.tree.lock().unwrap_or_else(PoisonError::into_inner)
        && *cached == version
    {
        return Ok(Arc::clone(tree));
    }
    let nodes = areas::all_in(tx).await?.into_iter().map(|area| Area {
        id: AreaId(area.id),
        code: area.code,
        name: area.name,
        parent: area.parent.map(AreaId),
        archive_of: area.archive_of.map(AreaId),
    });
    let tree = Arc::new(AreaTree::new(nodes));
    *db.tree.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, Arc::clone(&tree)));
    Ok(tree)
}

/// A device and its account, as this transaction sees them.
struct Found {
    row: Row,
    role: Role,
}

impl Found {
    async fn of(tx: &mut Tx, device: DeviceId, session_hash: Option<&str>) -> Result<Found, DbError> {
        let row = sql::query(
            "SELECT device.state, device.push_only, device.granted, account.id AS account, account.role, account.scope_rev, account.view_rev, account.ended_at,
                (SELECT count(*) FROM session WHERE session.device = device.id AND session.hash = $2) AS sessions
             FROM device JOIN account ON account.id = device.account WHERE device.id = $1",
        )
        .bind(device.to_string())
        .bind(session_hash.map(str::to_owned))
        .fetch_optional(tx)
        .await?
        .ok_or(DbError::Login)?;
        Ok(Found { role: role(&row)?, row })
    }

    /// Refuses whoever is no longer who came through the door. An account that ended has no session; its devices come with a grant alone, to hand over
    /// what they hold and to hear that they are to forget it.
    fn check(&self, who: &Caller) -> Result<(), DbError> {
        device_state(self.row.try_get("state")?)?;
        let is_out = who.session_hash.is_some() && self.row.try_get::<i64>("sessions")? == 0;
        if is_out || self.role != who.role { Err(DbError::Login) } else { Ok(()) }
    }

    /// The role that the device's grant was given to.
    fn granted(&self) -> Result<Role, DbError> {
        if self.row.try_get::<i64>("push_only")? == 0 {
            return Ok(self.role);
        }
        Role::from_word(self.row.try_get("granted")?).ok_or(DbError::Damaged("granted"))
    }

    /// With the areas; from here on PostgreSQL shows the transaction these alone.
    async fn at(self, db: &SqlDatabase, tx: &mut Tx) -> Result<Standpoint, DbError> {
        let row = &self.row;
        let has_left = row.try_get::<Option<i64>>("ended_at")?.is_some();
        let standing = match row.try_get("state")? {
            // What somebody hands over who left is for a person to look at: it may have been written since.
            _ if has_left => Standing::Left,
            "active" => Standing::Active,
            "readonly" => Standing::Readonly,
            "wipe" => Standing::Wipe,
            _ => Standing::Revoked,
        };
        let tree = tree(db, tx).await?;
        let who = principal(tx, &tree, parsed(row, "account")?, self.role).await?;
        fence::within(tx, &who).await?;
        let (scope_rev, view_rev) = (count(row, "scope_rev")?, count(row, "view_rev")?);
        let looks_new = who.scope.areas().filter(|_| view_rev > 1);
        let again = looks_new.map(|area| (area, view_rev)).collect();
        Ok(Standpoint { granted: self.granted()?, standing, scope_rev, again, tree, who })
    }
}

/// Reads device, account and assignment; from here on PostgreSQL shows the transaction these areas alone.
pub(crate) async fn standpoint(
    db: &SqlDatabase,
    tx: &mut Tx,
    device: DeviceId,
) -> Result<Standpoint, DbError> {
    Found::of(tx, device, None).await?.at(db, tx).await
}

/// As [`standpoint`], of who came through an operation's door: a body may come long after its head, and what was true then need not be true now.
/// A device that was revoked meanwhile is refused.
pub(crate) async fn caller(db: &SqlDatabase, tx: &mut Tx, who: &Caller) -> Result<Standpoint, DbError> {
    let found = Found::of(tx, who.device, who.session_hash.as_deref()).await?;
    found.check(who)?;
    found.at(db, tx).await
}

/// Refuses a caller who was meanwhile given another role, ended or logged out, or whose device was revoked.
pub(crate) async fn still(tx: &mut Tx, who: &Caller) -> Result<(), DbError> {
    Found::of(tx, who.device, who.session_hash.as_deref()).await?.check(who)
}

/// An account with its scope.
pub(crate) async fn principal(
    tx: &mut Tx,
    tree: &AreaTree,
    user: Uuid,
    role: Role,
) -> Result<Principal, DbError> {
    // What is lent comes last: home is where the account itself belongs.
    let rows = sql::query(
        "SELECT area, min(lent) AS lent FROM reach WHERE account = $1 GROUP BY area ORDER BY 2, 1",
    )
    .bind(id(user))
    .fetch_all(tx)
    .await?;
    let assigned =
        rows.iter().map(|row| Ok(AreaId(parsed(row, "area")?))).collect::<Result<Vec<_>, DbError>>()?;
    let home = assigned.first().map(|area| township_above(tree, *area)).unwrap_or_default();
    Ok(Principal { user, role, scope: tree.scope(&assigned), home })
}

/// The township that `area` lies in, or is.
fn township_above(tree: &AreaTree, area: AreaId) -> AreaId {
    let mut next = tree.get(area);
    while let Some(node) = next {
        if node.code.len() == TOWNSHIP_DIGITS {
            return node.id;
        }
        next = node.parent.and_then(|parent| tree.get(parent));
    }
    area
}

/// The areas of an account as enrolment shows them.
pub(crate) async fn wire_nodes(db: &SqlDatabase, tx: &mut Tx, user: Uuid) -> Result<Vec<AreaNode>, DbError> {
    let tree = tree(db, tx).await?;
    let who = principal(tx, &tree, user, Role::VillageWorker).await?;
    Ok(tree.wire_nodes(&who.scope, &BTreeSet::new()))
}
