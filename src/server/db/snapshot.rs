//! A copy of the database that nobody writes to, judged without being changed.

use sqlx::{
    AssertSqlSafe, PgPool, Row as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use std::{collections::BTreeMap, path::Path};
use sync::{
    id::BlobHash,
    record::{Record, Stored},
    rev::Rev,
    wire::{SealedValue, Witness},
};
use uuid::Uuid;

use super::{
    audit, chain,
    fence::{self, Beyond},
    head, postgres,
    rows::{count, parsed},
    sql::{self, Row, Tx},
};
use crate::{
    config::PostgresUrl,
    db::{DbError, Flaw, Mark},
};

/// Complaints of SQLite that are repeated; one is enough to refuse a copy.
const COMPLAINTS_MAX: usize = 5;

/// A copy, opened for reading; nothing is written beside it.
pub(crate) struct Snapshot {
    pool: Pool,
    tx: Tx,
}

enum Pool {
    File(SqlitePool),
    Postgres(PgPool),
}

/// What a copy holds, in numbers that are compared later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SnapshotFacts {
    pub(crate) head: Rev,
    pub(crate) audit: Witness,
    /// Rows of each table.
    pub(crate) tables: BTreeMap<String, u64>,
}

impl Snapshot {
    /// Opens a file of SQLite that nobody writes to.
    ///
    /// # Errors
    /// When it is no database.
    pub(crate) async fn open(file: &Path) -> Result<Snapshot, DbError> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
        let pool = SqlitePoolOptions::new().max_connections(2).connect_with(options).await?;
        let tx = Tx::Sqlite(pool.begin().await?);
        Ok(Snapshot { pool: Pool::File(pool), tx })
    }

    /// Opens a database of PostgreSQL.
    ///
    /// # Errors
    /// When it cannot be reached, or does not hold the tables.
    pub(crate) async fn open_postgres(url: &PostgresUrl) -> anyhow::Result<Snapshot> {
        let pool = postgres::reader(url).await?;
        let mut tx = Tx::Postgres(pool.begin_with(postgres::SNAPSHOT).await?);
        let tables = "SELECT count(*) AS n FROM pg_tables WHERE schemaname = current_schema() AND tablename IN ('sync_head', 'device_seq', 'audit')";
        let found = count(&sql::query(tables).fetch_one(&mut tx).await?, "n")?;
        anyhow::ensure!(
            found == 3,
            "it does not hold the tables: restore the dump into it first, with pg_restore"
        );
        fence::lift(&mut tx, Beyond::Backup).await?;
        Ok(Snapshot { pool: Pool::Postgres(pool), tx })
    }

    /// Closes the copy.
    pub(crate) async fn close(self) {
        drop(self.tx);
        match self.pool {
            Pool::File(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    /// Tells one database of PostgreSQL from all others; a standby is the same as its primary.
    pub(crate) async fn identity(&mut self) -> Result<String, DbError> {
        let row = sql::query(
            "SELECT concat_ws(' ', system_identifier, timeline_id, (SELECT oid FROM pg_database WHERE datname = current_database())) AS identity
             FROM pg_control_system(), pg_control_checkpoint()",
        );
        row.fetch_one(&mut self.tx).await?.try_get("identity")
    }

    /// How many servers and commands are at work on a database of PostgreSQL, but for readers as this one.
    pub(crate) async fn others(&mut self) -> Result<u64, DbError> {
        let row = sql::query(
            "SELECT count(*) AS n FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'huifang'",
        );
        count(&row.fetch_one(&mut self.tx).await?, "n")
    }

    /// The time of the last that the copy knows of; 0 if nothing ever happened.
    pub(crate) async fn last_at(&mut self) -> Result<i64, DbError> {
        let row = sql::query(
            "SELECT max(at) AS at FROM (SELECT max(at) AS at FROM audit UNION ALL SELECT max(seen_at) FROM device) AS known",
        );
        Ok(row.fetch_one(&mut self.tx).await?.try_get::<Option<i64>>("at")?.unwrap_or(0))
    }

    fn file(&self) -> Result<&SqlitePool, DbError> {
        match &self.pool {
            Pool::File(pool) => Ok(pool),
            Pool::Postgres(_) => Err(DbError::Refused("backup_unsupported")),
        }
    }

    /// What SQLite says against the file; nothing if it is whole.
    ///
    /// # Errors
    /// When it cannot be read at all.
    pub(crate) async fn complaints(&self) -> Result<Vec<String>, DbError> {
        let pool = self.file()?;
        let rows = sqlx::query("PRAGMA integrity_check").fetch_all(pool).await?;
        let said = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
        let mut complaints: Vec<String> =
            said.into_iter().filter(|line| line != "ok").take(COMPLAINTS_MAX).collect();
        let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(pool).await?;
        for row in orphans.iter().take(COMPLAINTS_MAX) {
            complaints.push(format!("a row of {} points nowhere", row.try_get::<String, _>(0)?));
        }
        Ok(complaints)
    }

    /// Head, audit chain and row counts.
    ///
    /// # Errors
    /// When something cannot be read.
    pub(crate) async fn facts(&mut self) -> Result<SnapshotFacts, DbError> {
        let (head, audit) = self.heads().await?;
        Ok(SnapshotFacts { head, audit, tables: self.tables().await? })
    }

    /// The head and the head of the audit chain.
    ///
    /// # Errors
    /// When something cannot be read.
    pub(crate) async fn heads(&mut self) -> Result<(Rev, Witness), DbError> {
        Ok((head::read(&mut self.tx).await?, audit::head(&mut self.tx).await?))
    }

    async fn tables(&self) -> Result<BTreeMap<String, u64>, DbError> {
        let names = sqlx::query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            .fetch_all(self.file()?)
            .await?;
        let mut tables = BTreeMap::new();
        for row in &names {
            let name: String = row.try_get("name")?;
            // The name is the schema's own, and quoted.
            let text = format!("SELECT count(*) AS n FROM \"{}\"", name.replace('"', "\"\""));
            let counted = sqlx::query(AssertSqlSafe(text)).fetch_one(self.file()?).await?;
            tables.insert(name, count(&Row::Sqlite(counted), "n")?);
        }
        Ok(tables)
    }

    /// Whether there is a record for what the head counts. A dump made by somebody whom row-level security binds has none.
    ///
    /// # Errors
    /// When something cannot be read.
    pub(crate) async fn lacks_records(&mut self) -> Result<bool, DbError> {
        let row = sql::query("SELECT count(*) AS n FROM (SELECT e FROM record LIMIT 1) AS sample");
        let found = count(&row.fetch_one(&mut self.tx).await?, "n")?;
        Ok(found == 0 && head::read(&mut self.tx).await?.n > 0)
    }

    /// What is wrong with the audit chain first; nothing if it is whole.
    ///
    /// # Errors
    /// When an entry cannot be read.
    pub(crate) async fn audit_flaw(&mut self) -> Result<Option<Flaw>, DbError> {
        Ok(chain::walk(&mut self.tx, &[]).await?.flaws.into_iter().next())
    }

    /// The highest numbers of all incarnations.
    ///
    /// # Errors
    /// When a row is damaged.
    pub(crate) async fn marks(&mut self) -> Result<Vec<Mark>, DbError> {
        let rows = sql::query("SELECT device, inc, last FROM device_seq").fetch_all(&mut self.tx).await?;
        let mark = |row| {
            Ok(Mark { device: parsed(row, "device")?, inc: parsed(row, "inc")?, last: count(row, "last")? })
        };
        rows.iter().map(mark).collect()
    }

    /// The photos that the office has whole, sorted.
    ///
    /// # Errors
    /// When a row is damaged.
    pub(crate) async fn photos(&mut self) -> Result<Vec<BlobHash>, DbError> {
        let rows = sql::query("SELECT hash FROM blob WHERE state = 'verified' ORDER BY hash")
            .fetch_all(&mut self.tx)
            .await?;
        rows.iter().map(|row| parsed(row, "hash")).collect()
    }

    /// Sealed values of some records, with their places.
    ///
    /// # Errors
    /// When a record is damaged.
    pub(crate) async fn some_sealed(
        &mut self,
        records_max: i64,
    ) -> Result<Vec<(Uuid, String, SealedValue)>, DbError> {
        let rows =
            sql::query("SELECT body FROM record WHERE e IN (SELECT DISTINCT e FROM blind_index LIMIT $1)")
                .bind(records_max)
                .fetch_all(&mut self.tx)
                .await?;
        let mut sealed = Vec::new();
        for row in &rows {
            let record: Record =
                serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("record"))?;
            for (name, field) in record.fields {
                if let Stored::Sealed(value) = field.value {
                    sealed.push((record.id, name, value.s));
                }
            }
        }
        Ok(sealed)
    }
}
