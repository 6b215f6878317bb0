//! What the server keeps, behind one small trait. Rights are read inside the transaction that uses them.

mod accounts;
mod approvals;
mod area_facts;
mod areas;
mod audit;
mod audit_list;
mod backups;
mod blobs;
#[cfg(feature = "planted-bugs")]
pub mod books;
mod chain;
mod concerned;
mod connections;
#[cfg(test)]
mod contract;
mod counting;
mod database;
mod deputies;
mod devices;
mod dossier;
mod erasing;
mod fence;
mod former;
mod gap;
mod group;
mod handovers;
mod head;
mod hello;
mod history;
mod imports;
mod keeping;
mod kept_records;
mod lists;
pub mod model;
mod names;
mod notices;
mod office;
pub(crate) mod own;
mod own_sessions;
mod people;
mod plan_tasks;
mod postgres;
mod publications;
mod pull;
mod push;
mod rekey;
mod rows;
mod saved_views;
mod scope;
mod second_factor;
mod second_run;
mod sessions;
mod set_up;
mod settings;
pub(crate) mod snapshot;
mod sql;
mod sqlite;
mod staff;
mod standards;
mod store;
mod supervision;
mod unmask;
mod villages;

use domain::{
    notice::Notice,
    policy::{Policy, SettingRefused},
};
use futures::future::BoxFuture;
use serde_json::Value;
use sqlx::{migrate::MigrateError, postgres::PgDatabaseError};
use std::{collections::BTreeMap, path::Path, sync::Arc};
use sync::{
    id::{BlobHash, DeviceId, Inc},
    wire::{
        Changeset, Hello, HelloAnswer, PullAnswer, PullRequest, PushAnswer, PushRequest, SealedValue, Witness,
    },
};
use uuid::Uuid;

use crate::{
    ledger::{Ledger, Sources},
    limits::Limits,
    retention::{Facts, Keeping},
};

pub use areas::short_code;
pub use blobs::state as blob_state;
pub use connections::SqlDatabase;
pub use counting::Counted;
#[cfg(test)]
pub(crate) use erasing::{all_rows, all_rows_of_postgres, bytes_of_file, mentions, mentions_of_postgres};
pub use model::{
    Account, AccountChange, Area, AreaFacts, AreaMerge, AreaRename, AskedExport, Asking, AuditEntry,
    BackupContent, BlobRow, BrowserStanding, Caller, ChainReport, Concerned, ConcernedFamily, Deputy,
    DeviceChange, DeviceRow, Dossier, Enrolled, Enrolment, Erased, ExportState, Factor, FactorUse, Flaw,
    FormerCode, Handover, HistoryLine, Imported, IncidentRow, KeptImport, KeyStanding, Leftovers, ListPage,
    ListQuery, LoginFacts, Look, Mark, MayRead, MergePreview, Merged, NewAccount, NewArea, NewCode, NewGrant,
    NewHandover, NewImport, NewPlanTask, NewPublication, NewSession, NewStaff, NewUpload, NoticeRow,
    OpenedSession, Outcome, OwnPassword, OwnSession, PlanContact, PlanTask, PlanTaskChange, PlanTaskChanges,
    PlanTaskWord, PlanTasks, PublicLine, Publication, Rekeyed, Reopening, Retired, Retiring, SetUp,
    Settlement, Staff, StaffAct, StaleSeals, StandardRefused, StandardRow, StateWord, StoredFactor,
    SupervisedDevices, Tally, ToldChecklist, Touch, Touched, Undoing, Undone, Unmasking, Unsent,
    VerifiedBackup, Waiting, What,
};
#[cfg(test)]
pub(crate) use sqlite::meddle;
pub use standards::StandardsDatabase;

/// Why the database did not do it.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error("no such login")]
    Login,
    #[error("the device's grant is gone")]
    Grant,
    #[error("the device is revoked")]
    Revoked,
    #[error("the role may not do this")]
    Forbidden,
    #[error("nothing of that name")]
    NotFound,
    #[error("not of the expected form: {0}")]
    BadRequest(&'static str),
    #[error("too early")]
    SlowDown { wait_ms: i64 },
    #[error("refused: {0}")]
    Refused(&'static str),
    #[error("sealed by a newer version: {0}")]
    Newer(&'static str),
    #[error("the disk is full")]
    Full,
    #[error("the database is busy")]
    Busy,
    #[error("the database is away: {0}")]
    Away(String),
    #[error("a stored row cannot be read: {0}")]
    Damaged(&'static str),
    #[error(transparent)]
    Storage(sqlx::Error),
}

impl DbError {
    /// A stored seal that does not open, and why.
    pub(crate) fn unopened(what: &'static str, error: crypto::OpenError) -> DbError {
        match error {
            crypto::OpenError::Unknown => DbError::Newer(what),
            crypto::OpenError::Shut => DbError::Damaged(what),
        }
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> DbError {
        let known = match &error {
            sqlx::Error::Database(said) => match said.try_downcast_ref::<PgDatabaseError>() {
                Some(said) => postgres::meaning(said),
                None => sqlite::meaning(said.as_ref()),
            },
            // Only a connection over a network breaks off.
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => Some(DbError::Away(error.to_string())),
            sqlx::Error::PoolTimedOut => Some(DbError::Busy),
            _ => None,
        };
        known.unwrap_or(DbError::Storage(error))
    }
}

/// A database that a later version has changed must not be opened: this one would write what that one does not expect.
fn newer(error: MigrateError) -> anyhow::Error {
    match error {
        MigrateError::VersionMissing(version) => anyhow::anyhow!(
            "the database was changed by a newer huifang (its schema is at {version}), and this one is {}: start the newer one, or restore the \
             backup from before the upgrade (huifang restore)",
            env!("CARGO_PKG_VERSION")
        ),
        other => other.into(),
    }
}

/// A boxed future costs nothing beside a query, and keeps the handlers free of type parameters.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, DbError>>;

/// The database of one organisation.
///
/// Every method that returns records takes the [`Caller`] and builds the scope inside its own transaction or snapshot.
pub trait Database: StandardsDatabase + Send + Sync {
    /// The whole area tree.
    fn areas(&self) -> Answer<'_, Vec<Area>>;
    /// Adds an area below `parent`, or below the longest code that begins its own.
    fn add_area(&self, new: NewArea) -> Answer<'_, Area>;
    /// Moves everything from one village into another, and its people; how many records that hang below none.
    fn merge_areas(&self, asked: AreaMerge) -> Answer<'_, u64>;
    /// What that would move.
    fn preview_merge<'a>(&'a self, who: &'a Caller, from: Uuid, into: Uuid) -> Answer<'a, MergePreview>;
    /// Gives an area another code and name.
    fn rename_area(&self, asked: AreaRename) -> Answer<'_, Area>;
    /// The areas of the caller's scope with what lies in each; of offices and administrators only.
    fn area_facts<'a>(&'a self, who: &'a Caller) -> Answer<'a, Vec<AreaFacts>>;
    /// Adds areas for an administrator, or for a list, all of them or none; each below one of the caller's.
    fn add_areas<'a>(&'a self, who: &'a Caller, new: Vec<NewArea>) -> Answer<'a, Vec<Area>>;
    /// Whether nobody has an account yet, so that the office may be set up.
    fn set_up_is_open(&self) -> Answer<'_, bool>;
    /// Sets up the office: its areas and its first administrator. `setup_closed` once anybody has an account.
    fn set_up(&self, asked: SetUp) -> Answer<'_, ()>;
    /// All accounts with their areas.
    fn accounts(&self) -> Answer<'_, Vec<Account>>;
    /// Makes an account.
    fn add_account(&self, new: NewAccount, password_until: Option<i64>) -> Answer<'_, Account>;
    /// Gives an account other areas, and another role or password where named.
    fn change_account(&self, change: AccountChange) -> Answer<'_, Account>;
    /// The accounts that the caller supervises, and who stands in for whom; of offices and administrators only.
    fn staff<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, Staff>;
    /// Does what the caller decided about an account that he supervises: of an office, a village worker's.
    fn staff_act<'a>(&'a self, who: &'a Caller, act: StaffAct, now: i64) -> Answer<'a, Account>;
    /// Makes accounts as [`StaffAct::Add`] makes one, all of them or none. What is refused of which place; nothing where they are made, or could be.
    fn add_staff<'a>(&'a self, who: &'a Caller, new: NewStaff) -> Answer<'a, Vec<(usize, &'static str)>>;
    /// Gives an account the password that its owner chose; all other sessions of his end.
    fn change_password(&self, account: Uuid, change: OwnPassword) -> Answer<'_, ()>;
    /// How a browser stands to an account whose password was right.
    fn browser_standing<'a>(
        &'a self,
        asking: &'a Asking,
        account: Uuid,
        now: i64,
    ) -> Answer<'a, BrowserStanding>;
    /// What is stored of an account's second factor.
    fn second_factor(&self, account: Uuid) -> Answer<'_, Option<StoredFactor>>;
    /// Writes down what a login did with the second factor; `false` where it was taken before, or no longer fits.
    fn use_factor(&self, account: Uuid, taken: FactorUse, now: i64) -> Answer<'_, bool>;
    /// The account's next login sets up its second factor anew; for whoever has the machine.
    fn forget_factor(&self, account: Uuid, now: i64) -> Answer<'_, ()>;
    /// The families of one village; of the office only.
    fn families<'a>(&'a self, who: &'a Caller, area: Uuid) -> Answer<'a, Vec<sync::record::Record>>;
    /// What the devices of an account hold that is not here; of an account that the office supervises only.
    fn unsent<'a>(&'a self, who: &'a Caller, account: Uuid) -> Answer<'a, Unsent>;
    /// Hands families over: their files and the village change hands and both are told, all of it or nothing. `families_changed` where one of
    /// them is not there any more, or was changed meanwhile.
    fn hand_over<'a>(&'a self, who: &'a Caller, new: &'a NewHandover) -> Answer<'a, Handover>;
    /// What changed hands: in the office's scope, or of the caller's own.
    fn handovers<'a>(&'a self, who: &'a Caller) -> Answer<'a, Vec<Handover>>;
    /// The tasks of the work plan in the office's scope, or of a unit's contact his own.
    fn plan_tasks<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, PlanTasks>;
    /// Gives the contact of a unit in the office's scope a task.
    fn give_plan_task<'a>(&'a self, who: &'a Caller, new: &'a NewPlanTask, now: i64) -> Answer<'a, PlanTask>;
    /// Writes down how far a task is. `evidence_missing` where it is said to be done and nothing proves it.
    fn report_plan_task<'a>(&'a self, who: &'a Caller, said: &'a PlanTaskWord) -> Answer<'a, PlanTask>;
    /// Gives tasks that are not done another day or another contact, all of them or none. `task_done`, `not_a_contact`.
    fn change_plan_tasks<'a>(&'a self, who: &'a Caller, asked: PlanTaskChanges) -> Answer<'a, ()>;
    /// Counts an attempt to log in and gives the account of that name with its password hash, unless the name must wait.
    fn login_facts(&self, name: &str, now: i64) -> Answer<'_, Option<LoginFacts>>;
    /// The attempt had a wrong password: the wait counts from here.
    fn note_wrong_password(&self, name: &str, now: i64) -> Answer<'_, ()>;
    /// The attempt had the right password, though the device is kept out: it is no attempt at guessing.
    fn note_right_password(&self, name: &str) -> Answer<'_, ()>;
    /// Opens a session; without a grant it makes a device that lives as long as the session.
    fn open_session(&self, new: NewSession) -> Answer<'_, OpenedSession>;
    /// Ends the session of a request.
    fn close_session(&self, who: &Caller, now: i64) -> Answer<'_, ()>;
    /// How the caller looks at tables again and again, by table.
    fn saved_views<'a>(&'a self, who: &'a Caller) -> Answer<'a, BTreeMap<String, Value>>;

    /// Puts others in the place of his saved views of a table.
    fn keep_saved_views<'a>(&'a self, who: &'a Caller, table: &'a str, views: &'a Value) -> Answer<'a, ()>;

    /// The caller's open sessions, the one used last first.
    fn own_sessions<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, Vec<OwnSession>>;
    /// Ends what is open on another device of the caller's.
    fn end_own_session<'a>(&'a self, who: &'a Caller, device: DeviceId, now: i64) -> Answer<'a, ()>;
    /// Stores a one-time code for an account.
    fn add_code(&self, new: NewCode) -> Answer<'_, Account>;
    /// Turns a one-time code into a device with a grant.
    fn enrol(&self, enrolment: Enrolment) -> Answer<'_, Enrolled>;
    /// Gives a device another grant in place of one that its browser lost on the day of the enrolment.
    fn renew_grant(&self, asking: Asking, grant: NewGrant, now: i64) -> Answer<'_, ()>;
    /// Who asks, by the tokens of the request.
    fn principal(&self, asking: Asking, now: i64) -> Answer<'_, Caller>;
    /// Sets the state of a device: `active readonly wipe revoked`.
    fn set_device(&self, device: &str, state: &str, now: i64) -> Answer<'_, ()>;
    /// The devices and accounts that the caller supervises; of offices and administrators only.
    fn supervised<'a>(&'a self, who: &'a Caller) -> Answer<'a, SupervisedDevices>;
    /// Sets the state of a device that the caller supervises: not that of the one he asks with (`own_device`), nor of a revoked one
    /// (`device_revoked`).
    fn change_device<'a>(&'a self, who: &'a Caller, change: DeviceChange) -> Answer<'a, ()>;
    /// Writes down that a storage incident was dealt with.
    fn settle_incident<'a>(&'a self, who: &'a Caller, settlement: Settlement) -> Answer<'a, ()>;
    /// Whose files a device held that the caller supervises, when it was last in reach (`never_in_reach` before that).
    fn concerned<'a>(&'a self, who: &'a Caller, device: DeviceId) -> Answer<'a, Concerned>;
    /// Which of these changesets are here, whatever became of them.
    fn known_changesets<'a>(&'a self, changesets: &'a [Uuid]) -> Answer<'a, Vec<Uuid>>;
    /// The changesets and unfinished visits that rescue files brought and that were held.
    fn brought_by_file<'a>(&'a self, who: &'a Caller) -> Answer<'a, Vec<Uuid>>;
    /// The caller's account and areas.
    fn whereabouts<'a>(&'a self, who: &'a Caller) -> Answer<'a, Enrolled>;
    /// The device has synced: its code may not repeat any more.
    fn note_synced<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, ()>;
    /// Where a device stands; records what it says of itself.
    fn hello<'a>(&'a self, who: &'a Caller, inc: Inc, hello: &'a Hello, now: i64) -> Answer<'a, HelloAnswer>;
    /// Judges and stores a push in one transaction.
    fn push<'a>(
        &'a self,
        who: &'a Caller,
        inc: Inc,
        request: &'a PushRequest,
        now: i64,
    ) -> Answer<'a, PushAnswer>;
    /// The same for what the server writes because the caller asked for it: only while he is who he was at the operation's door.
    fn plant<'a>(
        &'a self,
        who: &'a Caller,
        inc: Inc,
        request: &'a PushRequest,
        now: i64,
    ) -> Answer<'a, PushAnswer>;
    /// One page of a pull from one snapshot.
    fn pull<'a>(&'a self, who: &'a Caller, request: &'a PullRequest) -> Answer<'a, PullAnswer>;
    /// How far an upload is. Says nothing about the right to read it.
    fn blob_find(&self, hash: BlobHash) -> Answer<'_, Option<BlobRow>>;
    /// Stores how far an upload is; an offset never goes back within a state.
    fn blob_put(&self, row: BlobRow) -> Answer<'_, BlobRow>;
    /// The newest entry of the audit chain.
    fn audit_head(&self) -> Answer<'_, Witness>;
    /// Whether the account of this device may begin to send so many bytes more.
    ///
    /// # Errors
    /// [`DbError::SlowDown`] until so many of the last day's are older than a day.
    fn blob_room(&self, upload: NewUpload) -> Answer<'_, ()>;
    /// A verified blob that a record in the caller's scope attaches. Of papers and recordings it stands in the chain, once an hour for each account.
    fn blob_readable<'a>(&'a self, who: &'a Caller, hash: BlobHash, now: i64) -> Answer<'a, BlobRow>;
    /// Nothing if a second person allowed this export; else the number under which it waits for one.
    fn take_or_ask_export<'a>(&'a self, who: &'a Caller, wanted: Value, now: i64) -> Answer<'a, Option<u64>>;
    /// What was asked: one's own, and what lies in the caller's areas.
    fn asked_exports<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, Vec<AskedExport>>;
    /// Allows what somebody else asked for.
    fn approve_export<'a>(&'a self, who: &'a Caller, asked: u64, now: i64) -> Answer<'a, ()>;
    /// Refuses it, for a reason that the asker reads.
    fn refuse_export<'a>(&'a self, who: &'a Caller, asked: u64, reason: &'a str, now: i64) -> Answer<'a, ()>;
    /// The text of one sealed field of a record in scope; audited with the reason, and at most so many an hour.
    fn unmask<'a>(
        &'a self,
        who: &'a Caller,
        asked: &'a Unmasking,
        limits: &'a Limits,
        now: i64,
    ) -> Answer<'a, String>;
    /// What was done to a recipient's file in scope, newest first; audited.
    fn history<'a>(&'a self, who: &'a Caller, e: Uuid, now: i64) -> Answer<'a, Vec<HistoryLine>>;
    /// All live records of these kinds in the caller's scope; of the office only, but for checklists.
    fn office_records<'a>(
        &'a self,
        who: &'a Caller,
        kinds: &'static [&'static str],
    ) -> Answer<'a, Vec<sync::record::Record>>;
    /// Whether any checklist was published.
    fn has_checklists(&self) -> Answer<'_, bool>;
    /// What the audit chain tells of every checklist that was published, whoever did.
    fn told_checklists(&self) -> Answer<'_, Vec<ToldChecklist>>;
    /// The areas of the caller's scope.
    fn scope_areas<'a>(&'a self, who: &'a Caller) -> Answer<'a, Vec<Uuid>>;
    /// The records of a ledger of an area, or of all of the caller's; numbers in full only where asked.
    fn sources<'a>(&'a self, who: &'a Caller, of: (Ledger, Option<Uuid>), full: bool) -> Answer<'a, Sources>;
    /// What the files of an area say, or of all of the caller's, as far as it is counted; of the office only.
    fn file_facts<'a>(&'a self, who: &'a Caller, area: Option<Uuid>) -> Answer<'a, Counted>;
    /// Keeps a list between its preview and its commit.
    fn keep_import<'a>(&'a self, who: &'a Caller, kept: KeptImport, now: i64) -> Answer<'a, ()>;
    /// A list of the caller's own that waits for its commit.
    fn kept_import<'a>(&'a self, who: &'a Caller, import: Uuid) -> Answer<'a, KeptImport>;
    /// Keeps it with what was said of it since.
    fn mend_import<'a>(&'a self, who: &'a Caller, import: Uuid, sealed: SealedValue) -> Answer<'a, ()>;
    /// The refused lines of a list of the caller's own that was written.
    fn left_import<'a>(&'a self, who: &'a Caller, import: Uuid) -> Answer<'a, SealedValue>;
    /// What was said of the columns of lists with this header.
    fn list_columns<'a>(&'a self, area: Uuid, header: &'a str) -> Answer<'a, Option<String>>;
    /// Writes a list, all of it or nothing, and notes how it is undone.
    fn write_import<'a>(
        &'a self,
        who: &'a Caller,
        new: NewImport,
        changesets: &'a [Changeset],
    ) -> Answer<'a, ()>;
    /// The newest lists that were written in the caller's scope.
    fn imports<'a>(&'a self, who: &'a Caller) -> Answer<'a, Vec<Imported>>;
    /// Makes the families of a list what they were before it; unless `only_untouched`, all of them or none.
    fn undo_import<'a>(
        &'a self,
        who: &'a Caller,
        import: Uuid,
        only_untouched: bool,
        now: i64,
    ) -> Answer<'a, Undoing>;
    /// A table for a desk.
    fn list<'a>(&'a self, who: &'a Caller, query: &'a ListQuery) -> Answer<'a, ListPage>;
    /// Waits until nobody else writes a list, in whichever process: two at once would each make a file of the same new person.
    fn import_turn(&self) -> Answer<'_, ImportTurn>;
    /// The office's settings for phones.
    fn policy(&self) -> Answer<'_, Policy>;
    /// Every version of the notice.
    fn notices(&self) -> Answer<'_, Vec<NoticeRow>>;
    /// Writes a version down, which is shown to nobody yet; for the command line where nobody asks. `notice_known` where the version is taken.
    fn write_notice<'a>(&'a self, who: Option<&'a Caller>, new: &'a Notice, now: i64) -> Answer<'a, ()>;
    /// Puts a version in force: phones show it from their next contact on.
    fn approve_notice<'a>(&'a self, who: Option<&'a Caller>, version: &'a str, now: i64) -> Answer<'a, ()>;
    /// All that is kept about one person in scope, numbers in clear only for a reason; audited. Of the office only.
    fn dossier<'a>(
        &'a self,
        who: &'a Caller,
        e: Uuid,
        full_because: Option<&'a str>,
        limits: &'a Limits,
        now: i64,
    ) -> Answer<'a, Dossier>;
    /// Makes a list for publication. `nothing_to_publish` where nobody is to stand in it.
    fn publish<'a>(&'a self, who: &'a Caller, new: &'a NewPublication) -> Answer<'a, Publication>;
    /// The lists of the caller's scope.
    fn publications<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, Vec<Publication>>;
    /// One of them with its lines; `publication_over` after its last day.
    fn publication<'a>(
        &'a self,
        who: &'a Caller,
        publication: Uuid,
        now: i64,
    ) -> Answer<'a, (Publication, Vec<PublicLine>)>;
    /// Takes the names out of every list whose last day is over, whoever made it.
    fn forget_publications(&self, now: i64) -> Answer<'_, ()>;
    /// Takes one down before its time.
    fn withdraw_publication<'a>(
        &'a self,
        who: &'a Caller,
        publication: Uuid,
        reason: &'a str,
        now: i64,
    ) -> Answer<'a, ()>;
    /// For how long what is kept.
    fn keeping(&self) -> Answer<'_, Keeping>;
    /// Changes it for one sort.
    fn set_keeping(&self, name: &'static str, months: u32, now: i64) -> Answer<'_, ()>;
    /// Deleted records of the caller's scope that still hold values, and were deleted before that moment.
    fn deleted_before<'a>(&'a self, who: &'a Caller, before: i64) -> Answer<'a, Leftovers>;
    /// What retention judges in the caller's areas; of the office only.
    fn retention_facts<'a>(&'a self, who: &'a Caller) -> Answer<'a, Facts>;
    /// Carries out a line of the report on what was kept for long enough, whole or not at all.
    fn retire<'a>(&'a self, asked: Retiring<'a>) -> Answer<'a, Retired>;
    /// Takes the values out of deleted records and marks photos that no record attaches any more.
    fn erase<'a>(&'a self, records: &'a [Uuid], now: i64) -> Answer<'a, Erased>;
    /// The same with decided saves that name what was erased before, and with what the log says of it.
    fn sweep(&self, now: i64) -> Answer<'_, Erased>;
    /// Marks photos and uploads that nothing has attached since `before`; how many.
    fn lapse_photos(&self, before: i64) -> Answer<'_, u64>;
    /// Photos that are marked, with their sizes.
    fn erased_photos(&self) -> Answer<'_, Vec<(BlobHash, u64)>>;
    /// The file of a marked photo is gone.
    fn forget_photo(&self, hash: BlobHash) -> Answer<'_, ()>;
    /// Changes some of them at once, and gives them all as they are then; or why it cannot be. For the command line where nobody asks.
    fn change_policy<'a>(
        &'a self,
        who: Option<&'a Caller>,
        changes: &'a BTreeMap<String, String>,
        now: i64,
    ) -> Answer<'a, Result<Policy, SettingRefused>>;
    /// Adds an entry to the audit chain.
    fn note(&self, entry: AuditEntry) -> Answer<'_, ()>;
    /// Adds the entry of what the caller does, if he still is who he was at the operation's door.
    fn note_of<'a>(
        &'a self,
        who: &'a Caller,
        action: &'static str,
        detail: Value,
        now: i64,
    ) -> Answer<'a, ()>;
    /// The same, unless the chain says it of him already within the hour.
    fn note_hourly<'a>(&'a self, who: &'a Caller, entry: AuditEntry) -> Answer<'a, ()>;
    /// Reads the whole audit chain and lays it beside these witnesses, of which each may name the first digits of a hash only.
    fn verify_chain<'a>(&'a self, witnesses: &'a [Witness]) -> Answer<'a, ChainReport>;
    /// Judges a push that comes in a file instead of over the line. A revoked device's is taken too, and held.
    fn push_rescued<'a>(
        &'a self,
        device: DeviceId,
        inc: Inc,
        request: &'a PushRequest,
        by: Option<&'a Caller>,
        now: i64,
    ) -> Answer<'a, PushAnswer>;
    /// The name of a device's user; to an account that asks, only where it supervises him.
    fn device_user<'a>(&'a self, device: DeviceId, asked_by: Option<&'a Caller>) -> Answer<'a, String>;
    /// Writes the whole database, as it is at one moment, into a new file. `backup_unsupported` where the database has tools of its own.
    fn copy_into<'a>(&'a self, file: &'a Path) -> Answer<'a, ()>;
    /// What is wrong with the database's file; nothing if it is whole, or the database sees to that itself.
    fn quick_check(&self) -> Answer<'_, Vec<String>>;
    /// What a verified backup contains is durable from now on. `backup_foreign` if it is no part of this database's history.
    fn note_backup(&self, content: BackupContent) -> Answer<'_, ()>;
    /// The newest verified backup.
    fn last_backup(&self) -> Answer<'_, Option<VerifiedBackup>>;
    /// Makes a database that came back from a backup the present one: a new epoch begins.
    fn reopen(&self, reopening: Reopening) -> Answer<'_, ()>;
    /// To which server key the database is sealed.
    fn key_standing(&self) -> Answer<'_, KeyStanding>;
    /// Seals everything to the present server key, all of it or nothing; nothing is told where it is.
    fn seal_to_present_key(&self, now: i64) -> Answer<'_, Option<Rekeyed>>;
    /// Takes the present server key for the database's, whose own is lost.
    fn give_up_key(&self, now: i64) -> Answer<'_, ()>;
    /// Seals what has come under a key of before to the present one, and says what of such a key is still in use. Where nothing is, the chain says that it
    /// goes.
    fn clear_earlier_keys(&self, now: i64) -> Answer<'_, StaleSeals>;
    /// Ends every connection of this process.
    fn disconnect(&self) -> Answer<'_, ()>;
}

/// The turn of one list that is being written; it ends when this is dropped.
pub struct ImportTurn {
    _in_process: tokio::sync::OwnedMutexGuard<()>,
    _among_processes: Option<postgres::ImportLock>,
}

/// A database as the handlers hold it.
pub type SharedDatabase = Arc<dyn Database>;
