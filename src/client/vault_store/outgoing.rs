//! Changesets as they go over the line.

use super::{VaultStore, seal::wire_body};
use crate::store::{Row, StoreError};
use serde_json::{json, value::RawValue};
use uuid::Uuid;

/// Changesets for a push.
pub(crate) struct Outgoing {
    pub(crate) changesets: Vec<Box<RawValue>>,
    /// Whether one of them is sealed, so that the office needs the key.
    pub(crate) any_sealed: bool,
}

impl VaultStore {
    /// The changesets of `ids`, in that order: open where the key is at hand, because gzip finds nothing to save in what is sealed; else as they lie.
    pub(crate) async fn outgoing_changesets(&self, ids: &[Uuid], key: Uuid) -> Result<Outgoing, StoreError> {
        let opens = self.out_key_id() == Some(key);
        let mut outgoing = Outgoing { changesets: Vec::with_capacity(ids.len()), any_sealed: false };
        for (id, row) in ids.iter().zip(self.out_rows(ids).await?) {
            let text = match opens.then(|| self.opened(*id, &row)).flatten() {
                Some(open) => open,
                None => {
                    outgoing.any_sealed = true;
                    json!({"id": id, "sealed": wire_body(key, &row.body)?}).to_string()
                }
            };
            outgoing.changesets.push(RawValue::from_string(text).map_err(|_| StoreError::Broken)?);
        }
        Ok(outgoing)
    }

    /// The changeset with its id, which stands beside it here and in it on the wire; nothing where the row does not open.
    fn opened(&self, id: Uuid, row: &Row) -> Option<String> {
        let plain = String::from_utf8(self.open_out(id, &row.body).ok()?).ok()?;
        Some(format!("{{\"id\":\"{id}\",{}", plain.strip_prefix('{')?))
    }
}
