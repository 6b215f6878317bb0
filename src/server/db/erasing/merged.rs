//! Records that became part of others: they go by the other's time, and whoever names one means the other.

use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

use crate::db::{
    DbError,
    rows::parsed,
    sql::{self, Tx},
};

/// All that became part of these records, step by step.
pub(super) async fn into(tx: &mut Tx, records: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>, DbError> {
    let (mut all, mut newest) = (BTreeSet::new(), records.clone());
    while !newest.is_empty() {
        let rows = sql::query("SELECT e FROM record WHERE merged_into IN (SELECT key FROM json_each($1))")
            .bind(sql::keys(&newest))
            .fetch_all(tx)
            .await?;
        let found: BTreeSet<Uuid> = rows.iter().map(|row| parsed(row, "e")).collect::<Result<_, _>>()?;
        newest = found.difference(&all).copied().collect();
        all.extend(found);
    }
    Ok(all)
}

/// Of those of these records that became part of another: of which, in the end.
pub(super) async fn ends(tx: &mut Tx, records: &BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, Uuid>, DbError> {
    let (mut steps, mut newest) = (BTreeMap::new(), records.clone());
    while !newest.is_empty() {
        let rows = sql::query(
            "SELECT e, merged_into FROM record WHERE e IN (SELECT key FROM json_each($1)) AND merged_into IS NOT NULL",
        )
        .bind(sql::keys(&newest))
        .fetch_all(tx)
        .await?;
        newest.clear();
        for row in &rows {
            let into: Uuid = parsed(row, "merged_into")?;
            steps.insert(parsed::<Uuid>(row, "e")?, into);
            newest.insert(into);
        }
        newest.retain(|id| !steps.contains_key(id));
    }
    let end = |from: &Uuid| {
        let mut at = *from;
        // A merge needs both alive, so that no chain comes back; should one be damaged, this ends all the same.
        for _ in 0..steps.len() {
            let Some(next) = steps.get(&at) else { break };
            at = *next;
        }
        at
    };
    Ok(steps.keys().filter(|from| records.contains(from)).map(|from| (*from, end(from))).collect())
}
