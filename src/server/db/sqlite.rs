//! SQLite: one connection writes, a few read, every commit is on the disk before it is answered.

use sqlx::{
    Connection, SqliteConnection, SqlitePool,
    error::DatabaseError,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};

use super::{DbError, newer, sql::Tx};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// The first version without the bug that damages a database when the WAL is reset.
const SQLITE_VERSION_MIN: (u32, u32, u32) = (3, 51, 3);
const READERS_COUNT: u32 = 4;
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(20);
/// Kept as prepared statements; the server has fewer texts than this.
const STATEMENTS_CACHED: usize = 256;

/// The connections to one file.
pub(crate) struct SqlitePools {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqlitePools {
    /// Opens the file, making and migrating it where needed.
    ///
    /// # Errors
    /// When the file cannot be opened or migrated, or SQLite is older than the first sound version.
    pub(crate) async fn open(file: &Path) -> anyhow::Result<SqlitePools> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(STATEMENTS_CACHED)
            // What was deleted is not to be read out of the file. It costs nothing that can be measured.
            .pragma("secure_delete", "ON")
            .pragma("mmap_size", "0");
        let pool = |count| {
            SqlitePoolOptions::new()
                .max_connections(count)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .before_acquire(|connection, _| Box::pin(async move { Ok(is_usable(connection)) }))
        };
        let writer = pool(1).connect_with(options.clone()).await?;
        MIGRATIONS.run(&writer).await.map_err(newer)?;
        let (version,): (String,) = sqlx::query_as("SELECT sqlite_version()").fetch_one(&writer).await?;
        check_version(&version)?;
        let readers = pool(READERS_COUNT).connect_with(options.read_only(true)).await?;
        Ok(SqlitePools { writer, readers })
    }

    /// A writing transaction; it holds the only writing connection until it ends.
    pub(crate) async fn write(&self) -> Result<Tx, DbError> {
        Ok(Tx::Sqlite(self.writer.begin_with("BEGIN IMMEDIATE").await?))
    }

    /// A snapshot.
    pub(crate) async fn read(&self) -> Result<Tx, DbError> {
        Ok(Tx::Sqlite(self.readers.begin().await?))
    }

    /// Writes the database as it is at one moment into a new file. Writers go on meanwhile.
    pub(crate) async fn copy_into(&self, file: &Path) -> Result<(), DbError> {
        let path = file.to_str().ok_or(DbError::Refused("path_not_text"))?;
        sqlx::query("VACUUM INTO $1").bind(path).execute(&self.readers).await?;
        Ok(())
    }

    /// Reads every page; what is wrong, and nothing if they are whole. Writers go on meanwhile.
    pub(crate) async fn quick_check(&self) -> Result<Vec<String>, DbError> {
        let said: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(5)").fetch_all(&self.readers).await?;
        Ok(said.into_iter().filter(|line| line != "ok").collect())
    }

    /// Closes every connection; the file then stands alone.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// SQLite ends a transaction by itself when the disk fails or is full, and sqlx, which cannot roll it back then, refuses to begin another on that
/// connection for ever.
fn is_usable(connection: &SqliteConnection) -> bool {
    !connection.is_in_transaction()
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

/// What a result code of SQLite means for the one who asked.
pub(super) fn meaning(error: &dyn DatabaseError) -> Option<DbError> {
    const BUSY: i32 = 5;
    const IO: i32 = 10;
    const FULL: i32 = 13;
    match error.code()?.parse::<i32>().ok()? & 0xff {
        BUSY => Some(DbError::Busy),
        FULL => Some(DbError::Full),
        // A disk that did not do it may do it later.
        IO => Some(DbError::Away(error.message().to_owned())),
        _ => None,
    }
}

/// Does something to a file that no office does.
#[cfg(test)]
pub(crate) async fn meddle(file: &Path, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(file).busy_timeout(BUSY_TIMEOUT);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(sql).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
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
