//! `pull`: what comes down, page by page, in rev order across all areas of the caller.
//!
//! The shell asks [`plan`] what to read, reads a [`Window`] of it in one snapshot, and lets [`page`] make the answer; on
//! `None` the window was too narrow and is read again, twice as wide. When `more` is false the shell adds the digests of
//! [`PullPlan::areas`] (see [`crate::digest`] and [`PullPlan::is_counted`]).

use crate::{
    authority::{Opener, Standing},
    id::{AreaId, Inc},
    record::{Exit, Record},
    rev::Rev,
    scope::{AreaTree, Principal},
    wire::{PullError, PullPage, PullRequest},
};
use domain::access::Role;
use std::collections::BTreeMap;
use uuid::Uuid;

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
    let _ = (request, ctx);
    unimplemented!("follows with the next landing")
}

/// One page, without its digest; `None` when the window does not reach far enough for one whole rev.
pub fn page(
    plan: &PullPlan,
    ctx: &PullContext<'_>,
    opener: &impl Opener,
    window: &Window,
) -> Option<PullPage> {
    let _ = (plan, ctx, opener, window);
    unimplemented!("follows with the next landing")
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
