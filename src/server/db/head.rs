//! The one counter row: who moves it holds the history until he commits.

use sync::rev::Rev;

use super::{
    rows::count,
    sql::{self, Tx},
};
use crate::db::DbError;

/// The newest rev.
pub(crate) async fn read(tx: &mut Tx) -> Result<Rev, DbError> {
    let row = sql::query("SELECT epoch, n FROM sync_head").fetch_one(tx).await?;
    let epoch: i64 = row.try_get("epoch")?;
    Ok(Rev::new(u16::try_from(epoch).map_err(|_| DbError::Damaged("epoch"))?, count(&row, "n")?))
}
