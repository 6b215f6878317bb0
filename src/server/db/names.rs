//! Names of accounts and areas, for what was done by some and in others.

use std::collections::BTreeMap;
use uuid::Uuid;

use super::{accounts, areas, sql::Tx};
use crate::db::DbError;

/// Names of accounts and areas.
pub(super) struct Names(BTreeMap<Uuid, String>);

impl Names {
    pub(super) async fn read(tx: &mut Tx) -> Result<Names, DbError> {
        let people = accounts::all_in(tx).await?.into_iter().map(|account| (account.id, account.name));
        let mut names: BTreeMap<Uuid, String> = people.collect();
        names.extend(areas::all_in(tx).await?.into_iter().map(|area| (area.id, area.name)));
        Ok(Names(names))
    }

    /// Whose name holds this.
    pub(super) fn holding(&self, text: &str) -> Vec<Uuid> {
        self.0.iter().filter(|(_, name)| name.contains(text)).map(|(id, _)| *id).collect()
    }

    /// The name, empty where nobody and no area has the id.
    pub(super) fn of(&self, id: Uuid) -> String {
        self.0.get(&id).cloned().unwrap_or_default()
    }
}
