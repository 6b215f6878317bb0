//! The twin of the database for a shared PC, where nothing may outlive the login.

use super::{ENGINE, Part, RecordStore, Row, RowBatch, RowKey, Shelf, StoreError, WRAPS, Write, generation};
use std::{cell::RefCell, collections::BTreeMap};

/// Rows in memory.
#[derive(Default)]
pub(crate) struct Memory {
    rows: RefCell<BTreeMap<(Shelf, RowKey), Row>>,
}

impl Memory {
    fn below(&self, shelf: Shelf, prefix: &[Part]) -> Vec<(RowKey, Row)> {
        let rows = self.rows.borrow();
        rows.range((shelf, RowKey(prefix.to_vec()))..)
            .take_while(|((at, key), _)| *at == shelf && key.0.starts_with(prefix))
            .map(|((_, key), row)| (key.clone(), row.clone()))
            .collect()
    }

    fn apply(&self, write: Write) {
        match write {
            Write::Put { shelf, key, row } => {
                self.rows.borrow_mut().insert((shelf, key), row);
            }
            Write::Delete { shelf, key } => {
                self.rows.borrow_mut().remove(&(shelf, key));
            }
            Write::DeleteBelow { shelf, prefix } => {
                for (key, _) in self.below(shelf, &prefix) {
                    self.rows.borrow_mut().remove(&(shelf, key));
                }
            }
            Write::DeleteArea { area } => {
                self.rows
                    .borrow_mut()
                    .retain(|(shelf, _), row| *shelf != Shelf::Rep || row.area.as_deref() != Some(&area));
            }
        }
    }
}

impl RecordStore for Memory {
    async fn get(&self, shelf: Shelf, key: &RowKey) -> Result<Option<Row>, StoreError> {
        Ok(self.rows.borrow().get(&(shelf, key.clone())).cloned())
    }

    async fn get_many(&self, shelf: Shelf, keys: &[RowKey]) -> Result<Vec<Option<Row>>, StoreError> {
        let rows = self.rows.borrow();
        Ok(keys.iter().map(|key| rows.get(&(shelf, key.clone())).cloned()).collect())
    }

    async fn scan(&self, shelf: Shelf, prefix: &[Part]) -> Result<Vec<(RowKey, Row)>, StoreError> {
        Ok(self.below(shelf, prefix))
    }

    async fn keys(&self, shelf: Shelf) -> Result<Vec<RowKey>, StoreError> {
        Ok(self.below(shelf, &[]).into_iter().map(|(key, _)| key).collect())
    }

    async fn commit(&self, batch: RowBatch) -> Result<(), StoreError> {
        if let Some(expected) = batch.expect {
            let rows = self.rows.borrow();
            let engine = rows.get(&(Shelf::Meta, RowKey::text(ENGINE)));
            if generation(engine.and_then(|row| row.head.as_deref())) != expected {
                return Err(StoreError::Stale);
            }
        }
        if batch.wraps.is_some() {
            let rows = self.rows.borrow();
            if rows.get(&(Shelf::Meta, RowKey::text(WRAPS))).and_then(|row| row.head.clone()) != batch.wraps {
                return Err(StoreError::Stale);
            }
        }
        batch.writes.into_iter().for_each(|write| self.apply(write));
        Ok(())
    }

    async fn reopen(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
