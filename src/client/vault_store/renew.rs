//! Pages of `idx` that an app with other columns wrote are made anew from the records that they list.

use super::{
    VaultStore,
    entry::{COLUMNS, Entry},
    index::{Changes, Index, Page, PageKey},
};
use crate::store::{RecordStore, Row, RowBatch, RowKey, Shelf, StoreError};
use domain::order::Gather;
use std::{collections::BTreeSet, rc::Rc};
use uuid::Uuid;

/// Whether a page has the columns of this app.
pub(super) fn is_current(row: &Row) -> bool {
    row.head.as_deref() == Some(COLUMNS)
}

impl VaultStore {
    /// Makes these pages anew, in the index and then on the disk, where nobody wrote since `generation`. What cannot be written is made anew at
    /// the next start too.
    pub(super) async fn renew(
        &self,
        index: &mut Index,
        pages: &[PageKey],
        generation: u64,
    ) -> Result<(), StoreError> {
        if pages.is_empty() {
            return Ok(());
        }
        let mut changes = Changes::default();
        for key in pages {
            changes.put_page(index, *key, self.remade(index, *key).await?);
        }
        let write = |(key, page): (&PageKey, &Page)| {
            self.page_write(Shelf::Idx, RowKey::numbered(key.0, u64::from(key.1)), *key, page)
        };
        let writes = changes.pages().map(write).collect::<Result<_, _>>()?;
        index.apply(changes);
        let _ = self.rows.commit(RowBatch { expect: Some(generation), wraps: None, writes }).await;
        Ok(())
    }

    /// A page with its entries made of their records; one whose record does not open stays as it is.
    async fn remade(&self, index: &Index, key: PageKey) -> Result<Page, StoreError> {
        let mut page = index.page(key).map(|page| Page::clone(page)).unwrap_or_default();
        let rows: BTreeSet<Uuid> = page.values().map(|entry| entry.row_id()).gather();
        let keys: Vec<RowKey> = rows.iter().map(RowKey::text).collect();
        for (row_id, row) in rows.iter().zip(self.rows.get_many(Shelf::Rep, &keys).await?) {
            for record in self.records_of(&row_id.to_string(), row) {
                let is_it = |entry: &&mut Rc<Entry>| entry.row_id() == *row_id && entry.rev == record.rev();
                if let Some(entry) = page.get_mut(&record.id).filter(is_it) {
                    *entry = Rc::new(Entry::of(&record, entry.bundle));
                }
            }
        }
        Ok(page)
    }
}
