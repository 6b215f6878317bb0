//! The database of a vault in the browser.
//!
//! Inside a transaction nothing but the database is awaited: any other wait would let it commit half a batch. Sealing happens before.

mod values;

use super::{ENGINE, Part, RecordStore, Row, RowBatch, RowKey, Shelf, StoreError, WRAPS, Write, generation};
use domain::order::Gather;
use gloo_timers::future::TimeoutFuture;
use idb::{
    Database, DatabaseEvent, Factory, ObjectStoreParams, Query, Transaction, TransactionMode,
    TransactionResult,
};
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::{cell::RefCell, collections::BTreeSet};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbTransaction};

/// A connection is opened this often before the storage counts as broken.
const ATTEMPTS: usize = 3;

#[wasm_bindgen]
extern "C" {
    /// The browser's database with the option that web-sys hides behind an unstable flag.
    #[wasm_bindgen(extends = IdbDatabase)]
    type StrictDatabase;

    #[wasm_bindgen(method, catch, js_name = transaction)]
    fn transaction_with_options(
        this: &StrictDatabase,
        stores: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;
}

/// An open database.
pub(crate) struct IndexedDb {
    name: String,
    connection: RefCell<Option<Connection>>,
}

struct Connection {
    raw: IdbDatabase,
    /// Keeps the callbacks of the connection alive.
    _database: Database,
}

impl IndexedDb {
    /// Opens the database of a vault, and makes it if there is none.
    ///
    /// # Errors
    /// When another build keeps it closed, or the browser gives none.
    pub(crate) async fn open(name: &str) -> Result<IndexedDb, StoreError> {
        let store = IndexedDb { name: name.to_owned(), connection: RefCell::new(None) };
        store.reopen().await?;
        Ok(store)
    }

    /// The names of all databases of this origin; none where the browser does not tell.
    pub(crate) async fn names() -> Vec<String> {
        let listed = async {
            let factory = Reflect::get(&js_sys::global(), &"indexedDB".into()).ok()?;
            let databases: Function = Reflect::get(&factory, &"databases".into()).ok()?.dyn_into().ok()?;
            let promise: Promise = databases.call0(&factory).ok()?.dyn_into().ok()?;
            JsFuture::from(promise).await.ok()?.dyn_into::<Array>().ok()
        };
        let listed = listed.await.unwrap_or_default();
        listed.iter().filter_map(|one| Reflect::get(&one, &"name".into()).ok()?.as_string()).collect()
    }

    /// Removes a database with all in it. The app never does: a wipe empties the stores.
    #[cfg(test)]
    pub(crate) async fn remove(name: &str) -> Result<(), StoreError> {
        let factory = Factory::new().map_err(|_| StoreError::NoDatabase)?;
        let request = factory.delete(name).map_err(|_| StoreError::Broken)?;
        request.await.map_err(|_| StoreError::Broken)
    }

    /// Puts one of the browser's own objects into `meta`, where the rows are ours else.
    pub(crate) async fn put_object(&self, name: &str, object: &JsValue) -> Result<(), StoreError> {
        let raw = self.writing(&BTreeSet::from([Shelf::Meta])).await?;
        let transaction = Transaction::from(raw.clone());
        let meta = transaction.object_store(Shelf::Meta.name()).map_err(broken)?;
        meta.put(object, Some(&JsValue::from_str(name))).map_err(broken)?;
        match transaction.await {
            Ok(TransactionResult::Committed) => Ok(()),
            _ => Err(abort_reason(&raw).await),
        }
    }

    /// One of the browser's own objects.
    pub(crate) async fn object(&self, name: &str) -> Result<Option<JsValue>, StoreError> {
        let transaction = self.reading(Shelf::Meta).await?;
        let meta = transaction.object_store(Shelf::Meta.name()).map_err(broken)?;
        meta.get(JsValue::from_str(name)).map_err(broken)?.await.map_err(broken)
    }

    fn raw(&self) -> Result<IdbDatabase, StoreError> {
        self.connection.borrow().as_ref().map(|connection| connection.raw.clone()).ok_or(StoreError::Broken)
    }

    /// A transaction of reads; opened anew when the connection is dead.
    async fn reading(&self, shelf: Shelf) -> Result<Transaction, StoreError> {
        for _ in 0..ATTEMPTS {
            if let Ok(raw) = self.raw() {
                let database = Database::from(raw);
                if let Ok(transaction) = database.transaction(&[shelf.name()], TransactionMode::ReadOnly) {
                    return Ok(transaction);
                }
            }
            self.reopen().await?;
        }
        Err(StoreError::Broken)
    }

    /// A transaction of writes that is on disk when it is complete.
    async fn writing(&self, shelves: &BTreeSet<Shelf>) -> Result<IdbTransaction, StoreError> {
        let names: Array = shelves.iter().map(|shelf| JsValue::from_str(shelf.name())).collect();
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into()).map_err(|_| StoreError::Broken)?;
        for _ in 0..ATTEMPTS {
            if let Ok(raw) = self.raw() {
                let database: StrictDatabase = raw.unchecked_into();
                if let Ok(transaction) = database.transaction_with_options(&names, "readwrite", &options) {
                    return Ok(transaction);
                }
            }
            self.reopen().await?;
        }
        Err(StoreError::Broken)
    }
}

impl RecordStore for IndexedDb {
    async fn get(&self, shelf: Shelf, key: &RowKey) -> Result<Option<Row>, StoreError> {
        let transaction = self.reading(shelf).await?;
        let rows = transaction.object_store(shelf.name()).map_err(broken)?;
        let found = rows.get(values::key(key)).map_err(broken)?.await.map_err(broken)?;
        found.map(|value| values::row(&value)).transpose()
    }

    async fn get_many(&self, shelf: Shelf, keys: &[RowKey]) -> Result<Vec<Option<Row>>, StoreError> {
        let transaction = self.reading(shelf).await?;
        let rows = transaction.object_store(shelf.name()).map_err(broken)?;
        let mut requests = Vec::with_capacity(keys.len());
        for key in keys {
            requests.push(std::future::IntoFuture::into_future(rows.get(values::key(key)).map_err(broken)?));
        }
        let found = futures::future::try_join_all(requests).await.map_err(broken)?;
        found.into_iter().map(|value| value.map(|value| values::row(&value)).transpose()).collect()
    }

    async fn scan(&self, shelf: Shelf, prefix: &[Part]) -> Result<Vec<(RowKey, Row)>, StoreError> {
        let transaction = self.reading(shelf).await?;
        let rows = transaction.object_store(shelf.name()).map_err(broken)?;
        let range = || -> Result<Option<Query>, StoreError> {
            if prefix.is_empty() { Ok(None) } else { values::below(prefix).map(|range| Some(range.into())) }
        };
        let keys = rows.get_all_keys(range()?, None).map_err(broken)?;
        let found = rows.get_all(range()?, None).map_err(broken)?;
        let keys = keys.await.map_err(broken)?;
        let found = found.await.map_err(broken)?;
        keys.iter().zip(&found).map(|(key, row)| Ok((values::row_key(key)?, values::row(row)?))).collect()
    }

    async fn keys(&self, shelf: Shelf) -> Result<Vec<RowKey>, StoreError> {
        let transaction = self.reading(shelf).await?;
        let rows = transaction.object_store(shelf.name()).map_err(broken)?;
        let keys = rows.get_all_keys(None, None).map_err(broken)?.await.map_err(broken)?;
        keys.iter().map(values::row_key).collect()
    }

    async fn commit(&self, batch: RowBatch) -> Result<(), StoreError> {
        let mut shelves: BTreeSet<Shelf> = batch.writes.iter().map(Write::shelf).gather();
        shelves.insert(Shelf::Meta);
        let values = batch.writes.iter().map(values::prepare).collect::<Result<Vec<_>, _>>()?;
        let raw = self.writing(&shelves).await?;
        let transaction = Transaction::from(raw.clone());
        let meta = transaction.object_store(Shelf::Meta.name()).map_err(broken)?;
        let head = async |name: &str| {
            let request = meta.get(values::key(&RowKey::text(name))).map_err(broken)?;
            let row = request.await.map_err(broken)?.map(|value| values::row(&value)).transpose()?;
            Ok::<_, StoreError>(row.and_then(|row| row.head))
        };
        let is_stale = match (batch.expect, &batch.wraps) {
            (Some(expected), _) if generation(head(ENGINE).await?.as_deref()) != expected => true,
            (_, Some(wraps)) => head(WRAPS).await?.as_ref() != Some(wraps),
            _ => false,
        };
        if is_stale {
            // Nothing was written; an abort that fails leaves an empty transaction.
            let _ = transaction.abort();
            return Err(StoreError::Stale);
        }
        for write in values {
            write.issue(&transaction).await?;
        }
        match transaction.await {
            Ok(TransactionResult::Committed) => Ok(()),
            _ => Err(abort_reason(&raw).await),
        }
    }

    async fn reopen(&self) -> Result<(), StoreError> {
        if let Some(old) = self.connection.borrow_mut().take() {
            old.raw.close();
        }
        let factory = Factory::new().map_err(|_| StoreError::NoDatabase)?;
        let mut request = factory.open(&self.name, Some(1)).map_err(|_| StoreError::NoDatabase)?;
        request.on_upgrade_needed(|event| {
            if let Ok(database) = event.database() {
                make_stores(&database);
            }
        });
        let database = request.await.map_err(|_| StoreError::NoDatabase)?;
        let raw: IdbDatabase = database.into();
        if raw.object_store_names().length() as usize != Shelf::ALL.len() {
            return Err(StoreError::Blocked);
        }
        let database = Database::from(raw.clone());
        *self.connection.borrow_mut() = Some(Connection { raw, _database: database });
        Ok(())
    }
}

impl Drop for IndexedDb {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.borrow_mut().take() {
            connection.raw.close();
        }
    }
}

impl Write {
    fn shelf(&self) -> Shelf {
        match self {
            Write::Put { shelf, .. } | Write::Delete { shelf, .. } | Write::DeleteBelow { shelf, .. } => {
                *shelf
            }
            Write::DeleteArea { .. } => Shelf::Rep,
        }
    }
}

/// The stores and indexes of version 1, which is the only one there will be.
fn make_stores(database: &Database) {
    for shelf in Shelf::ALL {
        let made = database.create_object_store(shelf.name(), ObjectStoreParams::new());
        if let (Ok(store), Shelf::Rep) = (made, shelf) {
            for (index, path) in [("area", "a"), ("parent", "p")] {
                // A missing index is met when it is used.
                let _ = store.create_index(index, idb::KeyPath::new_single(path), None);
            }
        }
    }
}

fn broken(_: idb::Error) -> StoreError {
    StoreError::Broken
}

/// Why a transaction did not commit. Its error is known once the abort is through.
async fn abort_reason(transaction: &IdbTransaction) -> StoreError {
    for _ in 0..10 {
        if let Some(error) = transaction.error() {
            return if error.name() == "QuotaExceededError" { StoreError::Full } else { StoreError::Broken };
        }
        TimeoutFuture::new(0).await;
    }
    StoreError::Broken
}
