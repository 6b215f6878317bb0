//! What is stored, read past all rights: for the simulator, which holds it to what people were told.

use std::{collections::BTreeSet, path::Path};
use sync::{
    authority::{AuditEntry, LoggedChangeset},
    id::{DeviceId, Inc},
    record::Record,
    rev::Rev,
};
use uuid::Uuid;

use super::{
    SqlDatabase, audit,
    fence::{self, Beyond},
    head,
    rows::{count, parsed},
    snapshot::Snapshot,
    sql, store,
};
use crate::{
    config::PostgresUrl,
    db::{BackupContent, DbError, VerifiedBackup},
};

/// Up to where the books were read before.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Entries of the audit chain, and the hash of the last.
    pub audit: u64,
    pub hash: String,
}

/// What came since.
#[derive(Debug)]
pub struct Books {
    pub head: Rev,
    /// All, if anything was written.
    pub records: Vec<Record>,
    /// Entries of ops; those of logins and the like are left out.
    pub audit: Vec<AuditEntry>,
    pub changesets: Vec<LoggedChangeset>,
    /// Accepted numbers of all incarnations of the asked device.
    pub numbers: Vec<(Inc, u64, Uuid)>,
    /// The first entry that does not follow from the one before.
    pub broken_audit_entry: Option<u64>,
    pub known: Known,
}

impl SqlDatabase {
    /// What was stored since, in one snapshot.
    ///
    /// # Errors
    /// When something cannot be read.
    pub async fn books(&self, since: &Known, device: Option<DeviceId>) -> Result<Books, DbError> {
        let mut tx = self.read().await?;
        fence::lift(&mut tx, Beyond::Books).await?;
        let rows = sql::query("SELECT n, action, body, hash FROM audit WHERE n > $1 ORDER BY n")
            .bind(i64::try_from(since.audit).unwrap_or(i64::MAX))
            .fetch_all(&mut tx)
            .await?;
        let mut known = since.clone();
        if known.audit == 0 {
            audit::BEFORE_ALL.clone_into(&mut known.hash);
        }
        let (mut entries, mut broken) = (Vec::new(), None);
        for row in &rows {
            let (n, body, hash) =
                (count(row, "n")?, row.try_get::<&str>("body")?, row.try_get::<&str>("hash")?);
            if n != known.audit + 1 || audit::next_hash(&known.hash, body) != hash {
                broken = broken.or(Some(n));
            }
            (known.audit, known.hash) = (n, hash.to_owned());
            if row.try_get::<&str>("action")? == "op" {
                let body: serde_json::Value =
                    serde_json::from_str(body).map_err(|_| DbError::Damaged("audit"))?;
                let entry = serde_json::from_value(body["detail"].clone());
                entries.push(entry.map_err(|_| DbError::Damaged("audit"))?);
            }
        }
        // A write of the value that stands is noted in a record without a new rev, so that all are read.
        let rows = match entries.is_empty() {
            true => Vec::new(),
            false => sql::query("SELECT body FROM record").fetch_all(&mut tx).await?,
        };
        let records = rows.iter().map(store::record).collect::<Result<_, _>>()?;
        let ids: BTreeSet<Uuid> = entries.iter().map(|entry: &AuditEntry| entry.changeset).collect();
        let changesets = store::changesets(&mut tx, &ids.into_iter().collect::<Vec<_>>()).await?;
        let mut numbers = Vec::new();
        let rows = match device {
            Some(device) => {
                sql::query("SELECT inc, seq, op_id FROM seq_id WHERE device = $1").bind(device.to_string())
            }
            None => sql::query("SELECT inc, seq, op_id FROM seq_id WHERE device = ''"),
        };
        for row in &rows.fetch_all(&mut tx).await? {
            numbers.push((parsed(row, "inc")?, count(row, "seq")?, parsed(row, "op_id")?));
        }
        let head = head::read(&mut tx).await?;
        Ok(Books { head, records, audit: entries, changesets, numbers, broken_audit_entry: broken, known })
    }

    /// Pulls read windows of so few rows that they take many pages.
    #[must_use]
    pub fn in_small_windows(mut self, rows: usize) -> SqlDatabase {
        self.window_rows = i64::try_from(rows).ok();
        self
    }

    /// Every transaction is over: readers see all that was stored.
    pub fn catch_up(&self) {
        self.gap.close();
    }
}

/// What a copy contains, as a verified backup says it.
///
/// # Errors
/// When the copy cannot be read.
pub async fn content(copy: Copy<'_>, name: &str, now: i64) -> anyhow::Result<BackupContent> {
    let mut snapshot = match copy {
        Copy::File(file) => Snapshot::open(file).await?,
        Copy::Postgres(url) => Snapshot::open_postgres(url).await?,
    };
    let (head, audit) = snapshot.heads().await?;
    let marks = snapshot.marks().await?;
    let photos = snapshot.photos().await?.into_iter().collect();
    snapshot.close().await;
    let backup = VerifiedBackup { name: name.to_owned(), made_at: now, verified_at: now, head };
    Ok(BackupContent { backup, audit, marks, photos })
}

/// A copy of the database that nobody writes to.
#[derive(Clone, Copy, Debug)]
pub enum Copy<'a> {
    File(&'a Path),
    Postgres(&'a PostgresUrl),
}
