//! What pages read, and what they write. Reads come from the device; writes are changesets and resolve once they are on its disk.

mod rows;
mod status;

pub(crate) use rows::*;
pub(crate) use status::*;

use crate::session::Session;
use leptos::prelude::*;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};
use sync::{id::BlobHash, wire::Take};
use uuid::Uuid;

/// Why a write is not on the disk. Nothing of it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SaveError {
    #[error("the vault is locked")]
    Locked,
    #[error("the device's storage is full")]
    Quota,
    #[error("the device's storage failed")]
    Storage,
    #[error("more than a save may hold")]
    TooLarge,
    #[error("no such record on this device")]
    Unknown,
    #[error("this role may not write it")]
    Right,
}

/// Why a visit is not finished.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FinishError {
    #[error("questions are open")]
    Missing(Vec<MissingAnswer>),
    #[error(transparent)]
    Save(#[from] SaveError),
}

/// Why the office did not answer a request that only it can answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OfficeError {
    #[error("the office cannot be reached")]
    Offline,
    #[error("the session lapsed")]
    Login,
    #[error("the office refused with {status} {err}")]
    Refused {
        status: u16,
        err: String,
        /// The whole answer, for refusals that say more.
        body: Value,
    },
    #[error("the answer is not of the shape agreed")]
    Shape,
}

/// The verdict of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Review {
    Accepted,
    Returned { question: Option<String>, word: String },
}

/// The handle of pages on everything; a context, cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Data {
    changes: StoredValue<BTreeMap<Topic, RwSignal<u64>>>,
    status: RwSignal<SyncStatus>,
}

/// The data handle of the app.
///
/// # Panics
/// Outside of `App`, which provides it.
pub(crate) fn use_data() -> Data {
    use_context().expect("App provides the data handle to everything below it")
}

impl Data {
    pub(crate) fn new(_session: Session) -> Data {
        Data { changes: StoredValue::new(BTreeMap::new()), status: RwSignal::new(SyncStatus::default()) }
    }

    /// Counts up whenever something of the topic changed; read it inside a resource to run it again.
    pub(crate) fn changed(self, topic: Topic) -> Signal<u64> {
        self.changes
            .try_update_value(|changes| *changes.entry(topic).or_insert_with(|| RwSignal::new(0)))
            .expect("the handle lives as long as the app")
            .into()
    }

    /// The truth about sending and receiving, watched.
    pub(crate) fn status(self) -> Signal<SyncStatus> {
        self.status.into()
    }

    pub(crate) async fn recipients(self, _query: &RecipientQuery) -> Vec<Arc<RecipientRow>> {
        Vec::new()
    }

    pub(crate) async fn recipient(self, _id: Uuid) -> Option<RecipientFile> {
        None
    }

    pub(crate) async fn today(self) -> Today {
        Today {
            day: String::new(),
            due: Vec::new(),
            due_total: 0,
            drafts: Vec::new(),
            done: Vec::new(),
            returned: Vec::new(),
        }
    }

    /// Visits of the device's areas, newest first.
    pub(crate) async fn visits(self) -> Vec<VisitRow> {
        Vec::new()
    }

    pub(crate) async fn visit(self, _id: Uuid) -> Option<VisitFile> {
        None
    }

    pub(crate) async fn drafts(self) -> Vec<DraftRow> {
        Vec::new()
    }

    pub(crate) async fn draft(self, _visit: Uuid) -> Option<Draft> {
        None
    }

    pub(crate) async fn needs(self) -> Vec<NeedRow> {
        Vec::new()
    }

    pub(crate) async fn need(self, _id: Uuid) -> Option<NeedRow> {
        None
    }

    /// The queue, newest first.
    pub(crate) async fn outbox(self) -> Vec<OutboxItem> {
        Vec::new()
    }

    pub(crate) async fn attention(self) -> Attention {
        Attention::default()
    }

    pub(crate) async fn areas(self) -> Vec<AreaRow> {
        Vec::new()
    }

    /// The bytes of a photo or signature: from this device, else from the office, there as wide as asked for.
    pub(crate) async fn blob(self, _hash: BlobHash, _width: Option<u32>) -> Result<Vec<u8>, OfficeError> {
        Err(OfficeError::Offline)
    }

    /// Opens a visit; one under way for the recipient and template is continued.
    pub(crate) async fn start_visit(self, _recipient: Uuid, _template: &str) -> Result<Uuid, SaveError> {
        Err(SaveError::Locked)
    }

    /// Journals an answer; `null` takes it back. Resolved: it is on the disk.
    pub(crate) async fn answer(self, _visit: Uuid, _code: &str, _value: Value) -> Result<(), SaveError> {
        Err(SaveError::Locked)
    }

    /// Journals which question is open.
    pub(crate) async fn current(self, _visit: Uuid, _code: &str) -> Result<(), SaveError> {
        Err(SaveError::Locked)
    }

    /// Keeps a photo or signature (`photo id_photo paper sign strokes voice`) and adds its hash to the answer.
    pub(crate) async fn attach(
        self,
        _visit: Uuid,
        _code: &str,
        _kind: &str,
        _bytes: Vec<u8>,
    ) -> Result<BlobHash, SaveError> {
        Err(SaveError::Locked)
    }

    /// Takes a photo or signature out of the answer.
    pub(crate) async fn detach(self, _visit: Uuid, _code: &str, _blob: BlobHash) -> Result<(), SaveError> {
        Err(SaveError::Locked)
    }

    /// Keeps a correction of the recipient's file with the visit; `null` takes it back.
    pub(crate) async fn correct(self, _visit: Uuid, _field: &str, _value: Value) -> Result<(), SaveError> {
        Err(SaveError::Locked)
    }

    /// 完成: turns the draft into one changeset.
    pub(crate) async fn finish(self, _visit: Uuid) -> Result<(), FinishError> {
        Err(FinishError::Save(SaveError::Locked))
    }

    /// Gives up a visit under way; with its photos.
    pub(crate) async fn discard_draft(self, _visit: Uuid) -> Result<(), SaveError> {
        Err(SaveError::Locked)
    }

    /// Opens a finished visit again, until it is accepted.
    pub(crate) async fn reopen_visit(self, _visit: Uuid) -> Result<(), SaveError> {
        Err(SaveError::Locked)
    }

    /// Writes a field of a recipient's file, or proposes it where the role only may do that.
    pub(crate) async fn set_field(self, _recipient: Uuid, _field: &str, _value: Value) -> Result<(), SaveError> {
        Err(SaveError::Locked)
    }

    /// Drops a need with a reason.
    pub(crate) async fn drop_need(self, _need: Uuid, _reason: &str) -> Result<(), SaveError> {
        Err(SaveError::Locked)
    }

    /// The office's word on a visit.
    pub(crate) async fn review(self, _visit: Uuid, _review: Review) -> Result<(), SaveError> {
        Err(SaveError::Locked)
    }

    /// The office's word on a proposal.
    pub(crate) async fn decide(
        self,
        _proposal: Uuid,
        _accept: bool,
        _reason: Option<String>,
    ) -> Result<(), SaveError> {
        Err(SaveError::Locked)
    }

    /// The office's word on a conflict or a held save; `value` goes with [`Take::Value`].
    pub(crate) async fn resolve(
        self,
        _id: Uuid,
        _take: Take,
        _value: Option<Value>,
        _reason: Option<String>,
    ) -> Result<(), SaveError> {
        Err(SaveError::Locked)
    }

    /// Takes a rejected save off the list, after a person read it. It stays on the device.
    pub(crate) async fn dismiss_rejected(self, _changeset: Uuid) -> Result<(), SaveError> {
        Err(SaveError::Locked)
    }

    /// Syncs now.
    pub(crate) fn sync_now(self) {}

    /// The rescue file of everything unsent (sync.md §9), for a phone that cannot reach the office.
    pub(crate) async fn rescue_file(self) -> Result<Vec<u8>, SaveError> {
        Err(SaveError::Locked)
    }

    /// A request that only the office can answer: lists, imports, exports, unmasking. `path` begins after `/api/v1/`.
    pub(crate) async fn office(self, _request: OfficeRequest) -> Result<OfficeAnswer, OfficeError> {
        Err(OfficeError::Offline)
    }
}

/// A request to the office beside the sync.
pub(crate) struct OfficeRequest {
    /// `GET` or `POST`.
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// Such as `File-Name`; what identifies the vault and the session is added.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: OfficeBody,
}

pub(crate) enum OfficeBody {
    Empty,
    Json(Value),
    Bytes { content_type: &'static str, bytes: Vec<u8> },
}

/// The office's answer, with a status of success.
pub(crate) struct OfficeAnswer {
    pub(crate) bytes: Vec<u8>,
    pub(crate) content_type: String,
}

impl OfficeAnswer {
    /// The answer as JSON.
    ///
    /// # Errors
    /// When it is not of the shape asked for.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, OfficeError> {
        serde_json::from_slice(&self.bytes).map_err(|_| OfficeError::Shape)
    }
}
