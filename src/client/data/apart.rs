//! Files that look alike and are not of one person: said once, with a reason, and known on every device.

use super::{
    Data, RecipientRow, SaveError,
    file::{text, view_of},
    turns::below,
};
use crate::{driver::Driver, vault_store::entry::list};
use domain::need::TaskKind;
use serde_json::{Value, json};
use std::sync::Arc;
use sync::wire::Op;
use uuid::Uuid;

/// The field of a file that names the others.
const FIELD: &str = "not_same";

/// Another file that is not of this person.
#[derive(Clone, PartialEq)]
pub(crate) struct ApartRow {
    pub(crate) other: Arc<RecipientRow>,
    pub(crate) reason: String,
    /// In which of the two it is written, and how.
    holder: Uuid,
    item: Value,
}

impl Data {
    /// Says that two files are not of one person. Whoever asked to make them one has his answer.
    pub(crate) async fn tell_apart(self, file: Uuid, other: Uuid, reason: &str) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let item = json!({ "other": other, "reason": reason });
        let mut ops = vec![Op::Add { e: file, f: FIELD.to_owned(), item }];
        ops.extend(answered(&driver, file, other).await?);
        ops.extend(answered(&driver, other, file).await?);
        self.save(ops).await
    }

    /// Takes that back.
    pub(crate) async fn untell_apart(self, row: ApartRow) -> Result<(), SaveError> {
        self.save(vec![Op::Remove { e: row.holder, f: FIELD.to_owned(), item: row.item }]).await
    }

    /// The files on this device that are said not to be of this person.
    pub(super) async fn apart(self, driver: &Driver, of: Uuid) -> Vec<ApartRow> {
        let others: Vec<Arc<RecipientRow>> = self.look(driver, |look| {
            let own = look.people.get(of).map(|person| person.not_same.clone()).unwrap_or_default();
            let is_meant = |person: &&super::people::Person| {
                own.contains(&person.row.id) || person.not_same.contains(&of)
            };
            look.people.all().filter(is_meant).map(|person| person.row.clone()).collect()
        });
        let mut rows = Vec::new();
        for other in others {
            for (holder, named) in [(of, other.id), (other.id, of)] {
                let Some(view) = view_of(driver, holder).await else { continue };
                let items = list(&view.f, FIELD).iter().filter(|item| item["other"] == json!(named));
                rows.extend(items.map(|item| ApartRow {
                    other: other.clone(),
                    reason: item["reason"].as_str().unwrap_or_default().to_owned(),
                    holder,
                    item: item.clone(),
                }));
            }
        }
        rows
    }
}

/// Ends the tasks of a file that ask to make it one with the other.
async fn answered(driver: &Driver, file: Uuid, other: Uuid) -> Result<Vec<Op>, SaveError> {
    let other = other.to_string();
    let tasks = below(driver, file, "task").await?.into_iter();
    let asks = tasks.filter(|(_, view)| {
        text(&view.f, "kind") == TaskKind::Merge.code()
            && text(&view.f, "what") == other
            && text(&view.f, "state") == "open"
    });
    Ok(asks.map(|(e, _)| super::fields::set(e, "state", json!("done"))).collect())
}
