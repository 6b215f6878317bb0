//! The second layer of scope: what PostgreSQL shows a transaction, whatever its statement asks (the policies are migration 0009).
//!
//! A transaction sees no row of a family until [`within`] has said whose it is, so that a statement that forgot its scope finds nothing of
//! a foreign area. What has to look past that is named in [`Beyond`], all of it. A file of SQLite has no such layer.

use sync::scope::{AreaTree, Principal};
use uuid::Uuid;

use super::{
    rows::id,
    sql::{self, Tx},
};
use crate::db::DbError;

/// Why a transaction looks past its caller's areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// A push is judged by what lies elsewhere too: a file that moved, an id that is taken. What it writes is fenced in again.
    Judgement,
    /// A photo is found by its hash before a record attaches it; who may read it is asked of the records.
    Upload,
    /// How many photos and which changesets of a device arrived, for whoever supervises it.
    Supervision,
    /// The operator's villages merge, and new ones are given what all have.
    Villages,
    /// A backup contains all, a restore brings all back.
    Backup,
    /// Whatever is sealed to a server key of before is sealed to the present one.
    Keys,
    /// The audit chain is laid beside the whole log.
    Chain,
    /// What nobody committed lapses, whoever began it; what was kept long enough is deleted, whoever wrote it.
    Retention,
    /// The simulator holds what is stored to what people were told.
    #[cfg(feature = "planted-bugs")]
    Books,
}

impl Beyond {
    fn word(self) -> &'static str {
        match self {
            Beyond::Judgement => "judgement",
            Beyond::Upload => "upload",
            Beyond::Supervision => "supervision",
            Beyond::Villages => "villages",
            Beyond::Backup => "backup",
            Beyond::Keys => "keys",
            Beyond::Chain => "chain",
            Beyond::Retention => "retention",
            #[cfg(feature = "planted-bugs")]
            Beyond::Books => "books",
        }
    }
}

/// From here on the transaction is the caller's: his areas, and what is his own.
pub(crate) async fn within(tx: &mut Tx, who: &Principal) -> Result<(), DbError> {
    set(tx, who.scope.areas().map(|area| area.0), who.user).await
}

/// As [`within`], and the archives of these areas: what moves takes along what lies there.
pub(crate) async fn within_and_archives(
    tx: &mut Tx,
    who: &Principal,
    tree: &AreaTree,
) -> Result<(), DbError> {
    let areas = who.scope.areas().flat_map(|area| [Some(area), tree.archive(area)]);
    set(tx, areas.flatten().map(|area| area.0), who.user).await
}

/// The transaction sees what is an account's own, and nothing by its areas.
pub(crate) async fn own(tx: &mut Tx, account: Uuid) -> Result<(), DbError> {
    set(tx, [], account).await
}

async fn set(tx: &mut Tx, areas: impl IntoIterator<Item = Uuid>, account: Uuid) -> Result<(), DbError> {
    if matches!(tx, Tx::Sqlite(_)) {
        return Ok(());
    }
    let areas: Vec<String> = areas.into_iter().map(id).collect();
    sql::query(
        "SELECT set_config('huifang.areas', $1, true), set_config('huifang.account', $2, true), set_config('huifang.beyond', '', true)",
    )
    .bind(areas.join(" "))
    .bind(id(account))
    .execute(tx)
    .await?;
    Ok(())
}

/// The log shows what made this file too, if the file is in sight.
pub(crate) async fn open_log_of(tx: &mut Tx, file: Uuid) -> Result<(), DbError> {
    if matches!(tx, Tx::Sqlite(_)) {
        return Ok(());
    }
    sql::query("SELECT set_config('huifang.file', $1, true)").bind(id(file)).execute(tx).await?;
    Ok(())
}

/// The transaction looks past all areas, until it is said again whose it is.
pub(crate) async fn lift(tx: &mut Tx, why: Beyond) -> Result<(), DbError> {
    if matches!(tx, Tx::Sqlite(_)) {
        return Ok(());
    }
    sql::query("SELECT set_config('huifang.beyond', $1, true)").bind(why.word()).execute(tx).await?;
    Ok(())
}
