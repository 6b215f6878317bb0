//! Plain data that goes into and comes out of the database.

mod chain;
mod factor;
mod history;
mod imports;
mod keys;
mod plan_tasks;
mod privacy;
mod staff;
mod standards;
mod supervision;
mod villages;

use domain::{access::Role, day::Day};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use sync::{
    id::{BlobHash, DeviceId, Inc, VaultId},
    rev::Rev,
    wire::{AreaNode, DeviceState, Witness},
};
use uuid::Uuid;

pub use chain::{ChainReport, Flaw};
pub use factor::Factor;
pub use history::{HistoryLine, Merged, Outcome};
pub use imports::{Imported, KeptImport, NewImport, Tally, Touch, Touched, Undoing, Undone};
pub use keys::{KeyStanding, Rekeyed, StaleSeals};
pub use plan_tasks::{
    NewPlanTask, PlanContact, PlanTask, PlanTaskChange, PlanTaskChanges, PlanTaskWord, PlanTasks,
};
pub use privacy::{
    Dossier, Erased, Leftovers, Look, MayRead, NewPublication, NoticeRow, PublicLine, Publication, Retired,
    Retiring,
};
pub use staff::{
    Deputy, FactorUse, Handover, NewHandover, NewStaff, SetUp, Staff, StaffAct, StoredFactor, Unsent,
};
pub use standards::{StandardRefused, StandardRow};
pub use supervision::{
    Concerned, ConcernedFamily, DeviceChange, DeviceRow, IncidentRow, OwnSession, Settlement, StateWord,
    SupervisedDevices, Waiting,
};
pub use villages::{AreaFacts, AreaMerge, AreaRename, FormerCode, MergePreview};

/// A node of the area tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Uuid>,
    /// Of an archive: the area whose old visits lie in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive_of: Option<Uuid>,
    /// The days on which its code began and ceased to be valid, as far as they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<String>,
}

/// An area to be added.
#[derive(Clone, Debug)]
pub struct NewArea {
    pub id: Uuid,
    /// Empty for an area that has no code yet; then `parent` is needed.
    pub code: String,
    pub name: String,
    pub parent: Option<Uuid>,
    pub now: i64,
}

/// A person who may log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: Uuid,
    pub name: String,
    pub role: Role,
    pub areas: Vec<Uuid>,
    pub scope_rev: u64,
    /// The office to which he belongs while he has no area.
    pub home: Option<Uuid>,
    /// Since when it opens nothing: the person left.
    pub ended_at: Option<i64>,
    /// Since when the password is this one.
    pub password_at: i64,
    /// Of a one-time password, until when it is good.
    pub password_until: Option<i64>,
}

impl Account {
    /// The areas by which it is told whose account it is.
    pub(crate) fn belongs_to(&self) -> impl Iterator<Item = Uuid> {
        let home = self.home.filter(|_| self.areas.is_empty());
        self.areas.iter().copied().chain(home)
    }
}

/// A password that somebody chose for himself.
#[derive(Clone, Debug)]
pub struct OwnPassword {
    pub hash: String,
    /// The one session that goes on.
    pub session_hash: Option<String>,
    /// The token by which it goes on, where another can be handed over.
    pub next_session_hash: Option<String>,
    pub device: Option<DeviceId>,
    /// Whether it takes the place of a one-time password.
    pub was_one_time: bool,
    pub now: i64,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub id: Uuid,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
    pub areas: Vec<Uuid>,
    pub now: i64,
}

/// What changes of an account; what is `None` stays.
#[derive(Clone, Debug)]
pub struct AccountChange {
    pub name: String,
    pub areas: Option<Vec<Uuid>>,
    pub role: Option<Role>,
    pub password_hash: Option<String>,
    pub now: i64,
}

/// What a login is judged by.
#[derive(Clone, Debug)]
pub struct LoginFacts {
    pub account: Account,
    pub password_hash: String,
}

/// How a browser stands to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrowserStanding {
    /// It has the grant of an enrolled device, which is a second factor.
    Enrolled,
    /// It is somebody's device, and the grant is gone.
    LostGrant,
    /// A shared PC, or a browser that nobody knows.
    Stranger,
}

/// A session to be opened for an account whose password was right.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub account: Uuid,
    pub vault: VaultId,
    /// Hash of the grant that came with the request.
    pub grant_hash: Option<String>,
    pub session_hash: String,
    /// Id of the device that is made if there is no grant.
    pub device: DeviceId,
    /// What was right, but for the grant, which is looked at as the session is opened.
    pub factors: Vec<Factor>,
    pub now: i64,
}

/// An open session.
#[derive(Clone, Debug)]
pub struct OpenedSession {
    /// The device made for a shared PC.
    pub shared_device: Option<DeviceId>,
    pub until: i64,
    pub epoch: u16,
    pub account: Account,
}

/// A one-time code for the next device of an account.
#[derive(Clone, Debug)]
pub struct NewCode {
    pub user: String,
    pub hash: String,
    pub until: i64,
    /// Who asked for it; the operator of the machine if `None`.
    pub by: Option<Caller>,
    pub now: i64,
}

/// A code shown by a device.
#[derive(Clone, Debug)]
pub struct Enrolment {
    pub code_hash: String,
    pub device: DeviceId,
    pub vault: VaultId,
    pub grant_hash: String,
    pub grant_until: i64,
    pub now: i64,
}

/// Another grant for a device that has one.
#[derive(Clone, Debug)]
pub struct NewGrant {
    pub hash: String,
    pub until: i64,
}

/// A device with a grant.
#[derive(Clone, Debug, PartialEq)]
pub struct Enrolled {
    pub account: Account,
    /// The newest rev.
    pub head: Rev,
    pub areas: Vec<AreaNode>,
}

/// The tokens of a request, hashed.
#[derive(Clone, Debug)]
pub struct Asking {
    pub vault: VaultId,
    pub grant: Option<String>,
    pub bearer: Option<String>,
    pub shared: Option<String>,
}

/// Who asks: an account on a device, and whether it may read.
#[derive(Clone, Debug)]
pub struct Caller {
    pub account: Uuid,
    pub name: String,
    pub role: Role,
    pub device: DeviceId,
    pub vault: VaultId,
    pub state: DeviceState,
    /// Whether a session stands beside the grant: only then anything is read.
    pub session: bool,
    /// The hash of that session's token.
    pub session_hash: Option<String>,
    /// A session on a shared PC.
    pub shared: bool,
    /// Whether the device has synced before: only until then its code may repeat.
    pub synced: bool,
    /// Whether somebody has logged in with the device since its grant was given: only then the grant alone opens anything.
    pub logged_in: bool,
}

impl Caller {
    /// Whether anything is read to him: with a session, on a device that is not to be wiped.
    pub fn may_read(&self) -> bool {
        self.session && self.state != DeviceState::Wipe
    }
}

/// An entry of the audit chain.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    pub at: i64,
    pub account: Option<Uuid>,
    pub device: Option<DeviceId>,
    pub action: &'static str,
    pub detail: Value,
}

impl AuditEntry {
    /// An act of a logged-in person.
    pub fn of(who: &Caller, action: &'static str, detail: Value, at: i64) -> AuditEntry {
        AuditEntry { at, account: Some(who.account), device: Some(who.device), action, detail }
    }

    /// An act of whoever has the machine.
    pub fn operator(action: &'static str, detail: Value, at: i64) -> AuditEntry {
        AuditEntry { at, account: None, device: None, action, detail }
    }
}

/// A checklist that was published, as the audit chain tells it.
#[derive(Clone, Debug)]
pub struct ToldChecklist {
    pub code: String,
    pub version: u32,
    /// The areas for whose villages it was.
    pub areas: Vec<Uuid>,
    /// The digest of its text; nothing in entries of before it was told.
    pub text: Option<String>,
    /// When, in milliseconds UTC.
    pub at: i64,
}

/// What a desk asks of a table.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    #[serde(skip)]
    pub name: String,
    #[serde(default)]
    pub page: u64,
    pub size: Option<u64>,
    /// Of the chain alone, like the rest: what its entries tell of.
    #[param(inline)]
    pub what: Option<What>,
    /// A part of the name of whoever did it.
    pub q: Option<String>,
    /// The first day.
    #[param(value_type = Option<String>)]
    pub from: Option<Day>,
    /// The last day.
    #[param(value_type = Option<String>)]
    pub to: Option<Day>,
}

/// What entries of the audit chain tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Logins,
    /// Changes of records, and who opened them.
    Files,
    /// Numbers in full.
    Numbers,
    /// Lists that came in or went out.
    Lists,
    Devices,
    /// Accounts, areas, and who stands in for whom.
    People,
    /// Settings, notices, checklists, deletions.
    Rules,
}

/// A page of a table.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ListPage {
    pub head: String,
    pub page: u64,
    pub pages: u64,
    pub total: u64,
    #[schema(value_type = Vec<String>)]
    pub cols: Vec<&'static str>,
    pub rows: Vec<Vec<Value>>,
}

/// What a device is about to send.
#[derive(Clone, Copy, Debug)]
pub struct NewUpload {
    pub device: DeviceId,
    pub bytes: u64,
    /// What its account may begin to send in a day.
    pub bytes_max: u64,
    pub now: i64,
}

/// A blob and how far it is uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobRow {
    pub hash: BlobHash,
    pub kind: String,
    /// The record it is meant for, which need not be known yet.
    pub e: Uuid,
    /// Size of the plain bytes.
    pub bytes: u64,
    /// Plain bytes that have arrived.
    pub offset: u64,
    /// `partial complete verified rejected`.
    pub state: String,
    pub why: Option<String>,
    /// K_blob sealed to the server, as JSON, if the chunks come sealed.
    pub key: Option<String>,
    /// The seal of a photo that its phone cannot open, as JSON.
    pub seal: Option<String>,
    pub device: DeviceId,
    pub started_at: i64,
    /// Whether a verified backup contains it.
    pub durable: bool,
}

/// A sealed text that somebody asks to see.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct Unmasking {
    pub e: Uuid,
    pub f: String,
    pub reason: String,
}

/// An export that waits for a second person.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AskedExport {
    /// Its number in the audit chain.
    pub n: u64,
    pub at: i64,
    #[serde(skip)]
    pub by: Uuid,
    /// Who asks.
    pub name: String,
    /// Whether it is the caller.
    pub own: bool,
    /// Whether the caller may allow it.
    pub allow: bool,
    pub state: ExportState,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// What stands in it: `area from to state full reason rows`.
    pub wanted: Value,
}

impl AskedExport {
    /// One that nobody has allowed yet.
    pub fn new(n: u64, by: Uuid, at: i64, wanted: Value) -> AskedExport {
        AskedExport {
            n,
            at,
            by,
            name: String::new(),
            own: false,
            allow: false,
            state: ExportState::Asked,
            refused: None,
            wanted,
        }
    }

    /// Whether it waits, or was allowed and waits to be fetched.
    pub fn is_open(&self) -> bool {
        matches!(self.state, ExportState::Asked | ExportState::Approved)
    }
}

/// How far an asked export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    Asked,
    Approved,
    Refused,
    Used,
}

/// The highest number of an incarnation that a backup contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub device: DeviceId,
    pub inc: Inc,
    pub last: u64,
}

/// A backup that was restored on trial and found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedBackup {
    pub name: String,
    pub made_at: i64,
    pub verified_at: i64,
    pub head: Rev,
}

/// What a restore writes down of itself.
#[derive(Clone, Debug)]
pub struct Reopening {
    /// Higher than any that a phone can have seen.
    pub epoch: u16,
    /// The backup's name.
    pub backup: String,
    /// Photos that the database speaks of and that did not come back: their phones may still have them.
    pub lost_photos: BTreeSet<BlobHash>,
    pub now: i64,
}

/// A verified backup with what it contains, and the head of its audit chain, by which the database knows it for a part of its own history.
#[derive(Clone, Debug)]
pub struct BackupContent {
    pub backup: VerifiedBackup,
    pub audit: Witness,
    pub marks: Vec<Mark>,
    /// The photos that were found whole in it.
    pub photos: BTreeSet<BlobHash>,
}
