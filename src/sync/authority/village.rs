//! A village becomes part of another: everything that lies there moves, as a job of the office and not in a worker's name.

use crate::{
    authority::{
        Loaded, Missing, Opener, PushContext, Standing, WriteSet,
        work::{Act, Work},
    },
    id::{AreaId, DeviceId, Inc},
    rev::Rev,
    scope::{AreaTree, Principal, Scope},
};
use domain::access::Role;
use uuid::Uuid;

/// Records with all below them that one step moves: what a step writes bears one rev, and no page of a pull ends inside it.
pub const VILLAGE_STEP_COUNT: usize = 20;

/// One step of the job.
#[derive(Clone, Copy, Debug)]
pub struct VillageStep<'a> {
    /// The job, under whose id the records remember who moved them.
    pub job: Uuid,
    /// Records without a parent that lie in the village, deleted ones too.
    pub records: &'a [Uuid],
    /// Where they go.
    pub into: AreaId,
    /// `sync_head`, locked by this transaction.
    pub head: Rev,
    /// Now.
    pub now: i64,
    /// The area tree.
    pub tree: &'a AreaTree,
}

/// Moves these records with all that hangs below them, leaving exits. The whole step takes one rev.
///
/// # Errors
/// When something must be loaded first.
pub fn move_village<O: Opener>(
    step: &VillageStep<'_>,
    opener: &O,
    loaded: &Loaded,
) -> Result<WriteSet, Missing> {
    let nobody =
        Principal { user: Uuid::nil(), role: Role::CountyClerk, scope: Scope::default(), home: step.into };
    let ctx = PushContext {
        who: &nobody,
        device: DeviceId([0; 16]),
        inc: Inc([0; 8]),
        granted: nobody.role,
        standing: Standing::Active,
        last: 0,
        durable: 0,
        head: step.head,
        now: step.now,
        tree: step.tree,
    };
    let mut work = Work::new(&ctx, opener, loaded);
    let rev = Rev { n: step.head.n + 1, ..step.head };
    let act = Act { id: step.job, author: Uuid::nil(), t_eff: step.now, rev };
    for record in step.records {
        // What waits is asked for together; a record that is not there has nothing to move.
        let _ = work.relocate(&act, *record, step.into);
    }
    work.missing()?;
    work.keep();
    let (records, exits, _) = work.into_changes();
    let head = if records.is_empty() { step.head } else { rev };
    Ok(WriteSet { head, records, exits, ..WriteSet::default() })
}
