//! `push`: one transaction for the whole batch.

use crate::{
    authority::{Batch, Loaded, Missing, Opener, WriteSet},
    id::{DeviceId, Inc},
    rev::Rev,
    scope::{AreaTree, Principal},
    wire::PushAnswer,
};

/// What the office decided about the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// In use.
    Active,
    /// Pulls are served, pushes held.
    Readonly,
    /// Its work is taken, pulls are refused.
    Wipe,
    /// Refused at the door; what a supervisor imports from it is held.
    Revoked,
}

/// What is true of the caller inside the transaction.
#[derive(Clone, Copy, Debug)]
pub struct PushContext<'a> {
    /// The vault's user.
    pub who: &'a Principal,
    /// The device that pushes.
    pub device: DeviceId,
    /// Its incarnation.
    pub inc: Inc,
    /// What the office decided about it.
    pub standing: Standing,
    /// The highest accepted number of this incarnation, 0 if none.
    pub last: u64,
    /// The highest number of this incarnation that a verified backup contains.
    pub durable: u64,
    /// `sync_head`, locked by this transaction.
    pub head: Rev,
    /// The receipt.
    pub now: i64,
    /// The area tree.
    pub tree: &'a AreaTree,
}

/// A decision on a whole push.
#[derive(Clone, Debug, PartialEq)]
pub struct PushOutcome {
    /// What the phone is told, after the commit.
    pub answer: PushAnswer,
    /// What is stored before.
    pub writes: WriteSet,
}

/// Judges a push: gap and fork of the whole batch first, then each changeset in turn, then drafts.
///
/// # Errors
/// When something must be loaded first.
pub fn push(
    batch: &Batch,
    ctx: &PushContext<'_>,
    opener: &impl Opener,
    loaded: &Loaded,
) -> Result<PushOutcome, Missing> {
    let _ = (batch, ctx, opener, loaded);
    unimplemented!("follows with the next landing")
}
