//! The connections of a database over SQL, to a file of SQLite or to PostgreSQL, and what a process keeps beside them.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use super::{
    DbError, ImportTurn, counting, gap::Gap, group::Group, kept_records, postgres::PostgresPools, pull,
    scope, sql::Tx, sqlite::SqlitePools,
};
use crate::{config::PostgresUrl, keys::Keys};

/// Where the connections lead.
pub(super) enum Pools {
    Sqlite(SqlitePools),
    Postgres(PostgresPools),
}

/// A database over SQL.
pub struct SqlDatabase {
    pub(super) pools: Pools,
    keys: Arc<Keys>,
    /// The caches are keyed by a version that the transaction reads, so that another process may change what they were made from.
    pub(super) tree: Mutex<scope::CachedTree>,
    pub(super) digests: Mutex<pull::DigestCache>,
    pub(super) facts: Mutex<counting::FactsCache>,
    pub(super) records: Mutex<kept_records::KeptRecords>,
    pub(super) group: Group,
    pub(super) gap: Gap,
    /// Rows of the first window of a pull, where a simulation wants pulls of many pages.
    pub(super) window_rows: Option<i64>,
    /// One list at a time is written by this process.
    importing: Arc<tokio::sync::Mutex<()>>,
}

impl SqlDatabase {
    /// Opens a file of SQLite, making and migrating it where needed. No other process may have it open.
    ///
    /// # Errors
    /// When the file cannot be opened or migrated, or SQLite is older than the first sound version.
    pub async fn open_sqlite(file: &Path, keys: Arc<Keys>) -> anyhow::Result<SqlDatabase> {
        Ok(SqlDatabase::new(Pools::Sqlite(SqlitePools::open(file).await?), keys))
    }

    /// Opens a database of PostgreSQL, which other processes may have open too, making and migrating its tables where needed.
    ///
    /// # Errors
    /// When it cannot be reached or used; says what to do.
    pub async fn open_postgres(url: &PostgresUrl, keys: Arc<Keys>) -> anyhow::Result<SqlDatabase> {
        Ok(SqlDatabase::new(Pools::Postgres(PostgresPools::open(url, &keys).await?), keys))
    }

    fn new(pools: Pools, keys: Arc<Keys>) -> SqlDatabase {
        SqlDatabase {
            pools,
            keys,
            tree: Mutex::default(),
            digests: Mutex::default(),
            facts: Mutex::default(),
            records: Mutex::default(),
            group: Group::default(),
            gap: Gap::default(),
            window_rows: None,
            importing: Arc::default(),
        }
    }

    /// A writing transaction. It is the only one until it ends, so what it reads first is the newest there is.
    pub(crate) async fn write(&self) -> Result<Tx, DbError> {
        match &self.pools {
            Pools::Sqlite(pools) => pools.write().await,
            Pools::Postgres(pools) => pools.write().await,
        }
    }

    /// A snapshot.
    pub(crate) async fn read(&self) -> Result<Tx, DbError> {
        match &self.pools {
            Pools::Sqlite(pools) => pools.read().await,
            Pools::Postgres(pools) => pools.read().await,
        }
    }

    /// Closes every connection; a file then stands alone.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite(pools) => pools.close().await,
            Pools::Postgres(pools) => pools.close().await,
        }
    }

    /// The server's keys.
    pub(crate) fn keys(&self) -> &Arc<Keys> {
        &self.keys
    }

    pub(super) async fn wait_for_import_turn(&self) -> Result<ImportTurn, DbError> {
        let in_process = Arc::clone(&self.importing).lock_owned().await;
        let among_processes = match &self.pools {
            Pools::Sqlite(_) => None,
            Pools::Postgres(pools) => Some(pools.import_turn().await?),
        };
        Ok(ImportTurn { _in_process: in_process, _among_processes: among_processes })
    }
}
