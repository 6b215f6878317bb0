//! 常用查看: how somebody looks at a table again and again, by name. The office keeps them with the account, whichever PC it sits at.

use super::{Data, OfficeError, OfficeRequest};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// What is asked of a table, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SavedView {
    pub(crate) name: String,
    pub(crate) words: BTreeMap<String, String>,
}

impl SavedView {
    /// What it says under a name; empty for nothing.
    pub(crate) fn word(&self, name: &str) -> String {
        self.words.get(name).cloned().unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct Kept {
    views: BTreeMap<String, Vec<SavedView>>,
}

impl Data {
    /// The saved views of a table, in the order saved.
    pub(crate) async fn saved_views(self, table: &str) -> Result<Vec<SavedView>, OfficeError> {
        let mut kept = self.office(OfficeRequest::get("me/saved-views")).await?.json::<Kept>()?;
        Ok(kept.views.remove(table).unwrap_or_default())
    }

    /// Changes the saved views of a table as the office has them now: another PC may have saved some since they were shown here.
    pub(crate) async fn change_saved_views(
        self,
        table: &str,
        change: impl FnOnce(&mut Vec<SavedView>),
    ) -> Result<(), OfficeError> {
        let mut views = self.saved_views(table).await?;
        change(&mut views);
        let said = json!({ "table": table, "views": views });
        self.office(OfficeRequest::post("me/saved-views", said)).await.map(drop)
    }
}
