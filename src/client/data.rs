//! What pages read, and what they write. Reads come from the device; writes are changesets and resolve once they are on its disk.

mod acts;
mod album;
mod alike;
mod apart;
mod areas;
mod attachments;
mod attention;
mod blobs;
mod cancelling;
mod columns;
mod companions;
pub(crate) mod devices;
mod drafts;
mod fields;
mod file;
mod finish;
mod forms;
mod help;
mod households;
mod hub;
mod loaded;
mod measure_draft;
mod merging;
mod needs;
mod new_file;
mod office;
mod outbox;
mod people;
mod privacy;
mod recipients;
mod reopen;
mod rescue;
mod round_rows;
mod rounds;
mod rows;
mod saved_views;
mod sheets;
mod sponsors;
mod status;
pub(crate) mod templates;
mod today;
mod turns;
mod unmerging;
mod views;
mod visits;
mod voice;

pub(crate) use acts::Act;
pub(crate) use album::SMALL_WIDTH;
pub(crate) use alike::Alike;
pub(crate) use apart::ApartRow;
pub(crate) use attachments::{AttachmentRow, NewAttachment, Removed};
pub(crate) use blobs::hash_of;
pub(crate) use companions::{COMPANIONS_MAX, Names};
pub(crate) use forms::{FORM_DRAFT, Out, Publication};
pub(crate) use help::{MeasureRow, NeedFile, StepError, StepRow};
pub(crate) use households::{Counted, HouseholdRow};
pub(crate) use loaded::Loaded;
pub(crate) use measure_draft::MeasureDraft;
pub(crate) use merging::{MergeError, MergePlan, Taken, Taking};
pub(crate) use new_file::{NewFile, NewFileDraft};
pub(crate) use privacy::{Decision, Guarded};
pub(crate) use round_rows::*;
pub(crate) use rounds::{FAMILIES_MAX, Left};
pub(crate) use rows::*;
pub(crate) use saved_views::SavedView;
pub(crate) use sponsors::*;
pub(crate) use status::*;
pub(crate) use templates::Version;
pub(crate) use turns::Turn;
pub(crate) use unmerging::TakeBack;
pub(crate) use voice::Kept;

use crate::{driver::Driver, session::Session};
use hub::Hub;
use leptos::prelude::*;
use serde_json::Value;
use std::rc::Rc;
use sync::replica::{Event, SaveProblem};
use uuid::Uuid;

/// Why a write is not on the disk. Nothing of it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SaveError {
    #[error("the vault is locked")]
    Locked,
    #[error("the device's storage is full")]
    Quota,
    #[error("what room is left is kept for text")]
    PhotoRoom,
    #[error("the device's storage failed")]
    Storage,
    #[error("more than a save may hold")]
    TooLarge,
    #[error("no such record on this device")]
    Unknown,
    #[error("this role may not write it")]
    Right,
    #[error("somebody else has changed it since it was opened")]
    Changed,
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

/// The handle of pages on everything; a context, cheap to copy. What it reads and writes lies in the modules below, by subject.
#[derive(Clone, Copy)]
pub(crate) struct Data {
    session: Session,
    hub: StoredValue<Rc<Hub>, LocalStorage>,
}

/// The data handle of the app.
///
/// # Panics
/// Outside of `App`, which provides it.
pub(crate) fn use_data() -> Data {
    use_context().expect("App provides the data handle to everything below it")
}

impl Data {
    pub(crate) fn new(session: Session) -> Data {
        let hub = Hub::new(session);
        session.listen(hub.clone());
        Data { session, hub: StoredValue::new_local(hub) }
    }

    /// Counts up whenever something of the topic changed; read it inside a resource to run it again.
    pub(crate) fn changed(self, topic: Topic) -> Signal<u64> {
        self.hub().signal(topic).into()
    }

    /// The truth about sending and receiving, watched.
    pub(crate) fn status(self) -> Signal<SyncStatus> {
        self.hub().status.into()
    }

    /// Syncs now, in this tab.
    pub(crate) fn sync_now(self) {
        self.session.take_over();
        if let Some(driver) = self.session.driver() {
            driver.feed(Event::Tapped);
        }
    }

    /// Asks the office for what others sent, for a page that shows it: when it opens, and with each record that is opened on it.
    pub(crate) fn ask_for_news(self, opened: Signal<Option<Uuid>>) {
        Effect::new(move || {
            opened.track();
            if let Some(driver) = self.session.driver() {
                driver.feed(Event::Looked);
            }
        });
    }

    /// Lets a purge of more than half of the records pass, after a person was asked.
    pub(crate) fn confirm_purge(self) {
        if let Some(driver) = self.session.driver() {
            driver.feed(Event::PurgeConfirmed);
        }
    }

    fn hub(self) -> Rc<Hub> {
        self.hub.get_value()
    }

    /// The engine with its keys; none while locked.
    fn open_driver(self) -> Option<Rc<Driver>> {
        self.session.driver().filter(|driver| driver.store.is_unlocked())
    }

    /// The engine for a write.
    fn writer(self) -> Result<Rc<Driver>, SaveError> {
        self.open_driver().ok_or(SaveError::Locked)
    }
}

impl From<SaveProblem> for SaveError {
    fn from(problem: SaveProblem) -> SaveError {
        match problem {
            SaveProblem::NotOpen => SaveError::Locked,
            SaveProblem::TooLarge { .. } => SaveError::TooLarge,
            SaveProblem::MissingRecord { .. } | SaveProblem::Malformed => SaveError::Unknown,
            SaveProblem::Full => SaveError::Quota,
            SaveProblem::Broken => SaveError::Storage,
        }
    }
}

impl From<crate::store::StoreError> for SaveError {
    fn from(error: crate::store::StoreError) -> SaveError {
        match error {
            crate::store::StoreError::Full => SaveError::Quota,
            _ => SaveError::Storage,
        }
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

impl OfficeRequest {
    /// A question.
    pub(crate) fn get(path: impl Into<String>) -> OfficeRequest {
        OfficeRequest { method: "GET", path: path.into(), headers: Vec::new(), body: OfficeBody::Empty }
    }

    /// Something told or asked for, in JSON.
    pub(crate) fn post(path: impl Into<String>, said: Value) -> OfficeRequest {
        OfficeRequest { method: "POST", path: path.into(), headers: Vec::new(), body: OfficeBody::Json(said) }
    }

    /// A file.
    pub(crate) fn file(path: impl Into<String>, content_type: &'static str, bytes: Vec<u8>) -> OfficeRequest {
        let body = OfficeBody::Bytes { content_type, bytes };
        OfficeRequest { method: "POST", path: path.into(), headers: Vec::new(), body }
    }
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
        domain::json::from_slice(&self.bytes).map_err(|_| OfficeError::Shape)
    }
}
