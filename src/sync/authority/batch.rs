//! The `push` section taken apart: ids, sizes, seals and shapes, before anything is loaded.

use crate::{
    authority::Opener,
    wire::{Op, PushRequest, Why},
};
use uuid::Uuid;

/// The envelope is malformed: the whole request is answered 400 and nothing is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the push section is malformed")]
pub struct BadEnvelope;

/// An opened push. What is wrong inside a changeset is kept beside it as its verdict.
#[derive(Clone, Debug)]
pub struct Batch {
    pub(super) first_seq: u64,
    pub(super) prev_id: Option<Uuid>,
    /// False when something is sealed and the batch's key does not open.
    pub(super) key_opens: bool,
    pub(super) parcels: Vec<Parcel>,
    pub(super) drafts: Vec<OpenedDraft>,
}

/// One changeset as it came.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) id: Uuid,
    /// As sent, or the plaintext when it was sealed and opens.
    pub(super) body: String,
    pub(super) content: Result<Content, Why>,
}

/// What a changeset says, apart from its id.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) t: i64,
    pub(super) t_contact: i64,
    pub(super) author: Uuid,
    pub(super) ops: Vec<Op>,
}

/// A draft that opened.
#[derive(Clone, Debug)]
pub(super) struct OpenedDraft {
    pub(super) visit: Uuid,
    pub(super) text: String,
}

impl Batch {
    /// Takes the section apart and opens what is sealed.
    ///
    /// # Errors
    /// When `first_seq` is 0 or a changeset has no id of the right form.
    pub fn open(request: &PushRequest, opener: &impl Opener) -> Result<Batch, BadEnvelope> {
        let _ = (request, opener);
        unimplemented!("follows with the next landing")
    }

    /// The number after the last one of this batch.
    pub fn next_seq(&self) -> u64 {
        self.first_seq + self.parcels.len() as u64
    }
}
