//! Whether the audit chain is what it was: read from the first entry to the last, and laid beside what others know of it.

#[cfg(test)]
mod tests;

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::wire::Witness;
use uuid::Uuid;

use super::{
    SqlDatabase, audit,
    fence::{self, Beyond},
    rows::{count, id, parsed},
    sql::{self, Row, Tx},
};
use crate::db::{ChainReport, DbError, Flaw};

/// Rows that are read at once.
const ROWS: i64 = 1_000;
/// Flaws that are named; one edit can break no more than a few entries, but a table can be damaged from end to end.
const FLAWS_MAX: usize = 20;

/// Reads the whole chain in one snapshot. A witness may name the first digits of a hash only.
pub(crate) async fn verify(db: &SqlDatabase, witnesses: &[Witness]) -> Result<ChainReport, DbError> {
    walk(&mut db.read().await?, witnesses).await
}

pub(crate) async fn walk(tx: &mut Tx, witnesses: &[Witness]) -> Result<ChainReport, DbError> {
    let mut walk = Walk { witnesses: by_number(witnesses), ..Walk::default() };
    loop {
        let rows = sql::query(
            "SELECT n, at, account, action, body, hash FROM audit WHERE n > $1 ORDER BY n LIMIT $2",
        )
        .bind(i64::try_from(walk.report.head.n).unwrap_or(i64::MAX))
        .bind(ROWS)
        .fetch_all(tx)
        .await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            walk.entry(row)?;
        }
    }
    for n in std::mem::take(&mut walk.witnesses).into_keys() {
        walk.flaw(Flaw::Truncated { witness: n });
    }
    walk.find_untold(tx).await?;
    Ok(walk.report)
}

fn by_number(witnesses: &[Witness]) -> BTreeMap<u64, Vec<String>> {
    let mut sorted: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for witness in witnesses {
        sorted.entry(witness.n).or_default().push(witness.h.to_ascii_lowercase());
    }
    sorted
}

struct Walk {
    report: ChainReport,
    witnesses: BTreeMap<u64, Vec<String>>,
    changesets: BTreeSet<Uuid>,
}

impl Default for Walk {
    fn default() -> Walk {
        let head = Witness { n: 0, h: audit::BEFORE_ALL.to_owned() };
        let report = ChainReport { head, agreeing: 0, differing: 0, flaws: Vec::new() };
        Walk { report, witnesses: BTreeMap::new(), changesets: BTreeSet::new() }
    }
}

impl Walk {
    fn flaw(&mut self, flaw: Flaw) {
        if self.report.flaws.len() < FLAWS_MAX {
            self.report.flaws.push(flaw);
        }
    }

    fn entry(&mut self, row: &Row) -> Result<(), DbError> {
        let n = count(row, "n")?;
        let (body, hash): (&str, String) = (row.try_get("body")?, row.try_get("hash")?);
        if n != self.report.head.n + 1 {
            self.flaw(Flaw::Missing { from: self.report.head.n + 1, to: n - 1 });
        } else if audit::next_hash(&self.report.head.h, body) != hash {
            self.flaw(Flaw::Changed { n });
        }
        let said: Value = serde_json::from_str(body).unwrap_or_default();
        if !are_columns_of(row, n, &said)? {
            self.flaw(Flaw::Columns { n });
        }
        if said["action"] == "witness_differs" {
            self.report.differing += 1;
        }
        let changeset = said["detail"]["changeset"].as_str().and_then(|text| Uuid::try_parse(text).ok());
        self.changesets.extend(changeset);
        for seen in self.witnesses.remove(&n).unwrap_or_default() {
            if hash.starts_with(&seen) {
                self.report.agreeing += 1;
            } else {
                self.flaw(Flaw::Witness { n });
            }
        }
        self.report.head = Witness { n, h: hash };
        Ok(())
    }

    /// Changesets of the log that no entry tells of: the newest entries may be cut off without breaking the chain.
    async fn find_untold(&mut self, tx: &mut Tx) -> Result<(), DbError> {
        fence::lift(tx, Beyond::Chain).await?;
        let mut last = String::new();
        loop {
            let rows = sql::query("SELECT op_id FROM changeset WHERE op_id > $1 ORDER BY op_id LIMIT $2")
                .bind(last.as_str())
                .bind(ROWS)
                .fetch_all(tx)
                .await?;
            let Some(end) = rows.last() else { return Ok(()) };
            last = end.try_get("op_id")?;
            for row in &rows {
                let changeset: Uuid = parsed(row, "op_id")?;
                if !self.changesets.contains(&changeset) {
                    self.flaw(Flaw::Untold { changeset });
                }
            }
        }
    }
}

/// The columns beside the body serve queries; whoever changed one of them alone would hide an entry from a list.
fn are_columns_of(row: &Row, n: u64, said: &Value) -> Result<bool, DbError> {
    let (at, action): (i64, &str) = (row.try_get("at")?, row.try_get("action")?);
    let account: Option<&str> = row.try_get("account")?;
    let said_account = said["account"].as_str().and_then(|text| Uuid::try_parse(text).ok()).map(id);
    Ok(said["n"] == n && said["at"] == at && said["action"] == action && said_account.as_deref() == account)
}
