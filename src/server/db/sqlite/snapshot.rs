//! A copy of the database in a file of its own: made in one moment, and judged without being changed.

use futures::TryStreamExt;
use sqlx::{
    AssertSqlSafe, Row, SqlitePool,
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
    audit,
    rows::{count, parsed},
};
use crate::db::{DbError, Mark};

/// Complaints of SQLite that are repeated; one is enough to refuse a copy.
const COMPLAINTS_MAX: usize = 5;

/// Writes the database as it is at one moment into a new file. Writers go on meanwhile.
pub(crate) async fn copy_into(readers: &SqlitePool, file: &Path) -> Result<(), DbError> {
    let path = file.to_str().ok_or(DbError::Refused("path_not_text"))?;
    sqlx::query("VACUUM INTO $1").bind(path).execute(readers).await?;
    Ok(())
}

/// A copy, opened for reading; nothing is written beside it.
pub struct Snapshot {
    pool: SqlitePool,
}

/// What a copy holds, in numbers that are compared later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotFacts {
    pub head: Rev,
    pub audit: Witness,
    /// Rows of each table.
    pub tables: BTreeMap<String, u64>,
}

impl Snapshot {
    /// Opens a file that nobody writes to.
    ///
    /// # Errors
    /// When it is no database.
    pub async fn open(file: &Path) -> Result<Snapshot, DbError> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        Ok(Snapshot { pool })
    }

    /// Closes the file.
    pub async fn close(self) {
        self.pool.close().await;
    }

    /// What SQLite says against the file; nothing if it is whole.
    ///
    /// # Errors
    /// When it cannot be read at all.
    pub async fn complaints(&self) -> Result<Vec<String>, DbError> {
        let rows = sqlx::query("PRAGMA integrity_check").fetch_all(&self.pool).await?;
        let said = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
        let mut complaints: Vec<String> =
            said.into_iter().filter(|line| line != "ok").take(COMPLAINTS_MAX).collect();
        let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(&self.pool).await?;
        for row in orphans.iter().take(COMPLAINTS_MAX) {
            complaints.push(format!("a row of {} points nowhere", row.try_get::<String, _>(0)?));
        }
        Ok(complaints)
    }

    /// Head, audit chain and row counts.
    ///
    /// # Errors
    /// When something cannot be read.
    pub async fn facts(&self) -> Result<SnapshotFacts, DbError> {
        let row = sqlx::query("SELECT epoch, n FROM sync_head").fetch_one(&self.pool).await?;
        let epoch: i64 = row.try_get("epoch")?;
        let epoch = u16::try_from(epoch).map_err(|_| DbError::Damaged("epoch"))?;
        let head = Rev::new(epoch, count(&row, "n")?);
        Ok(SnapshotFacts { head, audit: self.audit_head().await?, tables: self.tables().await? })
    }

    async fn audit_head(&self) -> Result<Witness, DbError> {
        let row = sqlx::query("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1")
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(Witness { n: 0, h: audit::BEFORE_ALL.to_owned() }) };
        Ok(Witness { n: count(&row, "n")?, h: row.try_get("hash")? })
    }

    async fn tables(&self) -> Result<BTreeMap<String, u64>, DbError> {
        let names = sqlx::query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            .fetch_all(&self.pool)
            .await?;
        let mut tables = BTreeMap::new();
        for row in &names {
            let name: String = row.try_get("name")?;
            // The name is the schema's own, and quoted.
            let text = format!("SELECT count(*) AS n FROM \"{}\"", name.replace('"', "\"\""));
            let counted = sqlx::query(AssertSqlSafe(text)).fetch_one(&self.pool).await?;
            tables.insert(name, count(&counted, "n")?);
        }
        Ok(tables)
    }

    /// The first entry of the audit chain that does not follow from the one before; nothing if the chain is whole.
    ///
    /// # Errors
    /// When an entry cannot be read.
    pub async fn broken_audit_entry(&self) -> Result<Option<u64>, DbError> {
        // Years of entries: read one after the other.
        let mut rows = sqlx::query("SELECT n, body, hash FROM audit ORDER BY n").fetch(&self.pool);
        let (mut before, mut expected) = (audit::BEFORE_ALL.to_owned(), 1);
        while let Some(row) = rows.try_next().await? {
            let hash: String = row.try_get("hash")?;
            if count(&row, "n")? != expected || audit::next_hash(&before, row.try_get("body")?) != hash {
                return Ok(Some(expected));
            }
            (before, expected) = (hash, expected + 1);
        }
        Ok(None)
    }

    /// The highest numbers of all incarnations.
    ///
    /// # Errors
    /// When a row is damaged.
    pub async fn marks(&self) -> Result<Vec<Mark>, DbError> {
        let rows = sqlx::query("SELECT device, inc, last FROM device_seq").fetch_all(&self.pool).await?;
        let mark = |row| {
            Ok(Mark { device: parsed(row, "device")?, inc: parsed(row, "inc")?, last: count(row, "last")? })
        };
        rows.iter().map(mark).collect()
    }

    /// The photos that the office has whole, sorted.
    ///
    /// # Errors
    /// When a row is damaged.
    pub async fn photos(&self) -> Result<Vec<BlobHash>, DbError> {
        let rows = sqlx::query("SELECT hash FROM blob WHERE state = 'verified' ORDER BY hash")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| parsed(row, "hash")).collect()
    }

    /// Sealed values of some records, with their places.
    ///
    /// # Errors
    /// When a record is damaged.
    pub async fn some_sealed(&self, records_max: i64) -> Result<Vec<(Uuid, String, SealedValue)>, DbError> {
        let rows =
            sqlx::query("SELECT body FROM record WHERE e IN (SELECT DISTINCT e FROM blind_index LIMIT $1)")
                .bind(records_max)
                .fetch_all(&self.pool)
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
