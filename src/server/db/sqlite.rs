//! SQLite: one connection writes, a few read, every commit is on the disk before it is answered.

mod accounts;
mod areas;
mod audit;
mod backups;
mod blobs;
mod devices;
mod head;
mod hello;
mod lists;
mod office;
mod people;
mod pull;
mod push;
mod rows;
mod scope;
mod sessions;
pub mod snapshot;
mod store;
mod unmask;

use sqlx::{
    Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

pub use areas::short_code;
pub use blobs::state as blob_state;
use push::Door;

use super::{
    Account, AccountChange, Answer, Area, Asking, AuditEntry, BackupContent, BlobRow, Caller, Database,
    DbError, Enrolled, Enrolment, KeptImport, ListPage, ListQuery, LoginFacts, NewAccount, NewArea, NewCode,
    NewGrant, NewSession, OpenedSession, Reopening, Unmasking, VerifiedBackup,
};
use crate::{keys::Keys, ledger::Source};
use sync::{
    id::{BlobHash, DeviceId, Inc},
    wire::{Hello, HelloAnswer, PullAnswer, PullRequest, PushAnswer, PushRequest},
};
use uuid::Uuid;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// The first version without the bug that damages a database when the WAL is reset.
const SQLITE_VERSION_MIN: (u32, u32, u32) = (3, 51, 3);
const READERS_COUNT: u32 = 4;
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(20);
/// Kept as prepared statements; the server has fewer texts than this.
const STATEMENTS_CACHED: usize = 256;

/// A transaction of the one writing connection, or a snapshot of a reading one.
pub(crate) type Tx = Transaction<'static, Sqlite>;

/// The database in one file.
pub struct SqliteDatabase {
    writer: SqlitePool,
    readers: SqlitePool,
    keys: Arc<Keys>,
    tree: Mutex<scope::CachedTree>,
    digests: Mutex<pull::DigestCache>,
}

impl SqliteDatabase {
    /// Opens the file, making and migrating it where needed.
    ///
    /// # Errors
    /// When the file cannot be opened or migrated, or SQLite is older than the first sound version.
    pub async fn open(file: &Path, keys: Arc<Keys>) -> anyhow::Result<SqliteDatabase> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(STATEMENTS_CACHED)
            .pragma("mmap_size", "0");
        let pool = |count| SqlitePoolOptions::new().max_connections(count).acquire_timeout(ACQUIRE_TIMEOUT);
        let writer = pool(1).connect_with(options.clone()).await?;
        MIGRATIONS.run(&writer).await?;
        let (version,): (String,) = sqlx::query_as("SELECT sqlite_version()").fetch_one(&writer).await?;
        check_version(&version)?;
        let readers = pool(READERS_COUNT).connect_with(options.read_only(true)).await?;
        Ok(SqliteDatabase { writer, readers, keys, tree: Mutex::default(), digests: Mutex::default() })
    }

    /// A writing transaction; it holds the only writing connection until it ends.
    pub(crate) async fn write(&self) -> Result<Tx, DbError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// A snapshot.
    pub(crate) async fn read(&self) -> Result<Tx, DbError> {
        Ok(self.readers.begin().await?)
    }

    /// Makes a database that was copied from a backup the present one: a new epoch begins.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn reopen(&self, reopening: Reopening) -> Result<(), DbError> {
        backups::reopen(self, reopening).await
    }

    /// Closes every connection; the file then stands alone.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// The server's keys.
    pub(crate) fn keys(&self) -> &Arc<Keys> {
        &self.keys
    }
}

fn check_version(version: &str) -> anyhow::Result<()> {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    let found = (next(), next(), next());
    anyhow::ensure!(
        found >= SQLITE_VERSION_MIN,
        "SQLite {version} can damage its file; 3.51.3 or later is needed"
    );
    Ok(())
}

impl Database for SqliteDatabase {
    fn areas(&self) -> Answer<'_, Vec<Area>> {
        Box::pin(areas::all(self))
    }

    fn add_area(&self, new: NewArea) -> Answer<'_, Area> {
        Box::pin(areas::add(self, new))
    }

    fn accounts(&self) -> Answer<'_, Vec<Account>> {
        Box::pin(accounts::all(self))
    }

    fn add_account(&self, new: NewAccount) -> Answer<'_, Account> {
        Box::pin(accounts::add(self, new))
    }

    fn change_account(&self, change: AccountChange) -> Answer<'_, Account> {
        Box::pin(accounts::change(self, change))
    }

    fn login_facts(&self, name: &str, now: i64) -> Answer<'_, Option<LoginFacts>> {
        let name = name.to_owned();
        Box::pin(async move { accounts::login_facts(self, &name, now).await })
    }

    fn note_wrong_password(&self, name: &str, now: i64) -> Answer<'_, ()> {
        let name = name.to_owned();
        Box::pin(async move { accounts::note_wrong_password(self, &name, now).await })
    }

    fn open_session(&self, new: NewSession) -> Answer<'_, OpenedSession> {
        Box::pin(sessions::open(self, new))
    }

    fn close_session(&self, who: &Caller, now: i64) -> Answer<'_, ()> {
        let who = who.clone();
        Box::pin(async move { sessions::close(self, &who, now).await })
    }

    fn add_code(&self, new: NewCode) -> Answer<'_, Account> {
        Box::pin(devices::add_code(self, new))
    }

    fn enrol(&self, enrolment: Enrolment) -> Answer<'_, Enrolled> {
        Box::pin(devices::enrol(self, enrolment))
    }

    fn renew_grant(&self, asking: Asking, grant: NewGrant, now: i64) -> Answer<'_, ()> {
        Box::pin(sessions::renew_grant(self, asking, grant, now))
    }

    fn principal(&self, asking: Asking, now: i64) -> Answer<'_, Caller> {
        Box::pin(sessions::principal(self, asking, now))
    }

    fn set_device(&self, device: &str, state: &str, now: i64) -> Answer<'_, ()> {
        let (device, state) = (device.to_owned(), state.to_owned());
        Box::pin(async move { devices::set_state(self, &device, &state, now).await })
    }

    fn whereabouts<'a>(&'a self, who: &'a Caller) -> Answer<'a, Enrolled> {
        Box::pin(sessions::whereabouts(self, who))
    }

    fn note_synced<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, ()> {
        Box::pin(sessions::note_synced(self, who, now))
    }

    fn hello<'a>(&'a self, who: &'a Caller, inc: Inc, hello: &'a Hello, now: i64) -> Answer<'a, HelloAnswer> {
        Box::pin(hello::run(self, who, inc, hello, now))
    }

    fn push<'a>(
        &'a self,
        who: &'a Caller,
        inc: Inc,
        request: &'a PushRequest,
        now: i64,
    ) -> Answer<'a, PushAnswer> {
        Box::pin(push::run(self, who.device, inc, request, now, Door::Line))
    }

    fn pull<'a>(&'a self, who: &'a Caller, request: &'a PullRequest) -> Answer<'a, PullAnswer> {
        Box::pin(pull::run(self, who, request))
    }

    fn blob_find<'a>(&'a self, hash: BlobHash) -> Answer<'a, Option<BlobRow>> {
        Box::pin(blobs::find(self, hash))
    }

    fn blob_put(&self, row: BlobRow) -> Answer<'_, BlobRow> {
        Box::pin(blobs::put(self, row))
    }

    fn blob_readable<'a>(&'a self, who: &'a Caller, hash: BlobHash) -> Answer<'a, BlobRow> {
        Box::pin(blobs::readable(self, who, hash))
    }

    fn unmask<'a>(&'a self, who: &'a Caller, asked: &'a Unmasking, now: i64) -> Answer<'a, String> {
        Box::pin(unmask::run(self, who, asked, now))
    }

    fn office_records<'a>(
        &'a self,
        who: &'a Caller,
        kinds: &'static [&'static str],
    ) -> Answer<'a, Vec<sync::record::Record>> {
        Box::pin(office::records(self, who, kinds))
    }

    fn scope_areas<'a>(&'a self, who: &'a Caller) -> Answer<'a, Vec<uuid::Uuid>> {
        Box::pin(office::areas(self, who))
    }

    fn keep_import<'a>(&'a self, who: &'a Caller, kept: KeptImport, now: i64) -> Answer<'a, ()> {
        Box::pin(office::keep_import(self, who, kept, now))
    }

    fn kept_import<'a>(&'a self, who: &'a Caller, import: uuid::Uuid) -> Answer<'a, KeptImport> {
        Box::pin(office::kept_import(self, who, import))
    }

    fn close_import<'a>(&'a self, who: &'a Caller, import: uuid::Uuid, now: i64) -> Answer<'a, ()> {
        Box::pin(office::close_import(self, who, import, now))
    }

    fn sources<'a>(&'a self, who: &'a Caller, area: Option<Uuid>, full: bool) -> Answer<'a, Vec<Source>> {
        Box::pin(people::sources(self, who, area, full))
    }

    fn list<'a>(&'a self, who: &'a Caller, query: &'a ListQuery) -> Answer<'a, ListPage> {
        Box::pin(lists::list(self, who, query))
    }

    fn note(&self, entry: AuditEntry) -> Answer<'_, ()> {
        Box::pin(async move {
            let mut tx = self.write().await?;
            audit::append(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
    }

    fn push_rescued<'a>(
        &'a self,
        device: DeviceId,
        inc: Inc,
        request: &'a PushRequest,
        now: i64,
    ) -> Answer<'a, PushAnswer> {
        Box::pin(push::run(self, device, inc, request, now, Door::File))
    }

    fn device_user(&self, device: DeviceId, asked_by: Option<Uuid>) -> Answer<'_, String> {
        Box::pin(devices::user(self, device, asked_by))
    }

    fn copy_into<'a>(&'a self, file: &'a Path) -> Answer<'a, ()> {
        Box::pin(snapshot::copy_into(&self.readers, file))
    }

    fn note_backup(&self, content: BackupContent) -> Answer<'_, ()> {
        Box::pin(backups::note(self, content))
    }

    fn last_backup(&self) -> Answer<'_, Option<VerifiedBackup>> {
        Box::pin(backups::last(self))
    }
}

#[cfg(test)]
mod tests {
    use super::check_version;

    #[test]
    fn an_sqlite_that_damages_its_file_is_refused() {
        assert!(check_version("3.51.2").is_err());
        assert!(check_version("3.51.3").is_ok());
        assert!(check_version("3.52.0").is_ok());
    }
}
