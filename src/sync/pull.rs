//! `pull`: what comes down, page by page, in rev order across all areas of the caller.
//!
//! The shell asks [`plan`] what to read, reads a [`Window`] of it in one snapshot, and lets [`page`] make the answer; on
//! `None` the window was too narrow and is read again, twice as wide. When `more` is false the shell adds the digests of
//! [`PullPlan::areas`] (see [`crate::digest`] and [`PullPlan::is_counted`]).

mod row;

#[cfg(test)]
mod tests;

use crate::{
    authority::{Opener, Standing},
    id::{AreaId, Inc},
    limits::PAGE_BYTES_MAX,
    planted::{Bug, planted},
    record::{Exit, Record},
    rev::Rev,
    scope::{AreaTree, Principal},
    wire::{PullError, PullPage, PullRequest, Row},
};
use domain::{access::Role, kinds::kinds, policy::Policy};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// `page_bytes` counts compressed bytes; rows compress to about a fifth.
const COMPRESSION: usize = 5;

/// What is true of the caller in the snapshot that is read.
#[derive(Clone, Copy, Debug)]
pub struct PullContext<'a> {
    /// Who asks.
    pub who: &'a Principal,
    /// Whether a session stands behind the request; a grant alone may not read.
    pub session: bool,
    /// What the office decided about the device.
    pub standing: Standing,
    /// Version of the user's scope.
    pub scope_rev: u64,
    /// For areas that must be pulled again: the scope version that said so last.
    pub again: &'a BTreeMap<AreaId, u64>,
    /// `sync_head` of the snapshot.
    pub head: Rev,
    /// The highest accepted number of each incarnation of this device.
    pub acked: &'a BTreeMap<Inc, u64>,
    /// The highest rev among tombstones and exits that were removed for age, by area.
    pub forgotten: &'a BTreeMap<AreaId, Rev>,
    /// The area tree.
    pub tree: &'a AreaTree,
    /// The office's settings: how much a village phone has of a sealed value.
    pub policy: Policy,
}

/// What a page is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullPlan {
    /// The areas to read with their cursors; [`AreaId::OWN`] among them: the caller's held records outside his scope.
    pub areas: BTreeMap<AreaId, AreaCursor>,
    /// Kinds of records that the role pulls. Held records of the caller himself come besides, whatever the role.
    pub kinds: Vec<&'static str>,
    /// Size of the page, compressed.
    pub page_bytes: usize,
    /// The caller.
    pub user: Uuid,
    /// His role.
    pub role: Role,
    /// See [`PullContext::policy`].
    pub policy: Policy,
}

/// Where the client stands in an area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AreaCursor {
    /// Rows above this are sent.
    pub cur: Rev,
    /// The cursor at which the client last held the area whole.
    pub since: Rev,
}

/// What was read: of every planned area the rows above its cursor, the lowest revs first.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// Records, in any order.
    pub records: Vec<Record>,
    /// Exits, in any order.
    pub exits: Vec<Exit>,
    /// Everything up to and including this rev is in the window; nothing when all there is is in it.
    pub through: Option<Rev>,
}

/// What to read for a pull, or why there is no page.
///
/// # Errors
/// `wipe`, `session`, `epoch` and `scope`, in this order.
pub fn plan(request: &PullRequest, ctx: &PullContext<'_>) -> Result<PullPlan, PullError> {
    if ctx.standing >= Standing::Wipe {
        return Err(PullError::Wipe);
    }
    if !ctx.session {
        return Err(PullError::Session);
    }
    let planned = ctx.who.scope.areas().chain([AreaId::OWN]);
    let areas: BTreeMap<AreaId, AreaCursor> = planned.map(|area| (area, cursor(request, area))).collect();
    // A cursor of this epoch above the head was given before a restore that lost it.
    let is_ahead = |cursor: &AreaCursor| cursor.cur.epoch >= ctx.head.epoch && cursor.cur > ctx.head;
    if request.epoch != ctx.head.epoch || areas.values().any(is_ahead) {
        return Err(PullError::Epoch { epoch: ctx.head.epoch, acked: ctx.acked.clone() });
    }
    let is_stale = |area: &AreaId, cursor: &AreaCursor| {
        cursor.cur != Rev::ZERO && ctx.forgotten.get(area).is_some_and(|forgotten| cursor.cur < *forgotten)
    };
    let stale: BTreeSet<AreaId> =
        areas.iter().filter(|(a, c)| is_stale(a, c)).map(|(area, _)| *area).collect();
    if request.scope_rev != ctx.scope_rev || !stale.is_empty() {
        let flagged =
            ctx.again.iter().filter(|(_, since)| **since > request.scope_rev).map(|(area, _)| *area);
        let again = stale.into_iter().chain(flagged).collect();
        let areas = ctx.tree.wire_nodes(&ctx.who.scope, &again);
        return Err(PullError::Scope { scope_rev: ctx.scope_rev, areas });
    }
    let role = ctx.who.role;
    let kinds = kinds().iter().filter(|kind| kind.is_pulled_by(role)).map(|kind| kind.name).collect();
    let page_bytes = request.page_bytes.min(PAGE_BYTES_MAX);
    Ok(PullPlan { areas, kinds, page_bytes, user: ctx.who.user, role, policy: ctx.policy })
}

fn cursor(request: &PullRequest, area: AreaId) -> AreaCursor {
    let at = |cursors: &BTreeMap<AreaId, Rev>| cursors.get(&area).copied().unwrap_or_default();
    AreaCursor { cur: at(&request.cur), since: at(&request.since) }
}

/// One page, without its digest; `None` when the window does not reach far enough for one whole rev.
pub fn page<O: Opener>(
    plan: &PullPlan,
    ctx: &PullContext<'_>,
    opener: &O,
    window: &Window,
) -> Option<PullPage> {
    let mut rows = rows(plan, opener, window);
    rows.sort_by_key(|row| (row.rev, row.x.is_none(), row.e));
    let taken = taken(&rows, plan.page_bytes * COMPRESSION);
    let more = taken < rows.len() || window.through.is_some();
    if taken == 0 && more && !has_passed(plan, window) {
        return None;
    }
    rows.truncate(taken);
    // What is in the window and not for this caller moves the cursor on all the same.
    let reached = rows.last().map_or(window.through, |row| Some(row.rev));
    let cur = plan.areas.iter().map(|(area, cursor)| {
        let at = if more { cursor.cur.max(reached.unwrap_or_default()) } else { cursor.cur.max(ctx.head) };
        (*area, at)
    });
    Some(PullPage { epoch: ctx.head.epoch, head: ctx.head, cur: cur.collect(), more, rows, digest: None })
}

/// Whether the window, empty of rows for this caller, still reaches beyond a cursor.
fn has_passed(plan: &PullPlan, window: &Window) -> bool {
    window.through.is_some_and(|through| plan.areas.values().any(|cursor| cursor.cur < through))
}

/// How many rows fit, never parting a rev and never fewer than one rev.
fn taken(rows: &[Row], bytes_max: usize) -> usize {
    let mut bytes = 0;
    let mut whole = 0;
    for (i, row) in rows.iter().enumerate() {
        let starts_a_rev = i == 0 || rows[i - 1].rev != row.rev;
        if starts_a_rev {
            whole = i;
        }
        bytes += weight(row);
        if bytes > bytes_max && whole > 0 {
            return whole;
        }
    }
    rows.len()
}

/// The JSON text of a row weighs this much.
fn weight(row: &Row) -> usize {
    serde_json::to_vec(row).map_or(0, |text| text.len() + 1)
}

fn rows<O: Opener>(plan: &PullPlan, opener: &O, window: &Window) -> Vec<Row> {
    // The office reads numbers at its own desks, by its own rights.
    let policy = if plan.role.is_office() { Policy::default() } else { plan.policy };
    let viewer = row::Viewer { user: plan.user, role: plan.role, policy };
    let inside = |rev: Rev| window.through.is_none_or(|through| rev <= through);
    let exits = window.exits.iter().filter(|exit| inside(exit.rev)).filter_map(|exit| {
        let cursor = plan.areas.get(&exit.area)?;
        let is_sent = exit.rev > cursor.cur && cursor.cur != Rev::ZERO;
        is_sent.then(|| row::exit(exit))
    });
    let records = window.records.iter().filter(|record| inside(record.rev)).filter_map(|record| {
        let area = plan.area_of(record)?;
        let cursor = plan.areas.get(&area)?;
        let is_left_out = record.del.is_some() && (cursor.cur == Rev::ZERO || planted(Bug::NoTombstone));
        let is_sent = record.rev > cursor.cur && !is_left_out;
        is_sent.then(|| row::of(record, area, cursor, viewer, opener))
    });
    exits.chain(records).collect()
}

impl PullPlan {
    /// The planned area under which the caller is sent this record; none if he is not.
    pub fn area_of(&self, record: &Record) -> Option<AreaId> {
        let own_held = record.kind == crate::record::HELD && record.id_in("by") == Some(self.user);
        if self.areas.contains_key(&record.area) {
            (own_held || self.kinds.contains(&record.kind.as_str())).then_some(record.area)
        } else {
            own_held.then_some(AreaId::OWN)
        }
    }

    /// Whether the digest of `area` counts this record.
    pub fn is_counted(&self, area: AreaId, record: &Record) -> bool {
        record.del.is_none() && self.area_of(record) == Some(area)
    }
}
