//! The device's stores: rows that are sealed before they come here, written all or nothing.
//!
//! One database per vault, version 1 for ever. What the rows mean is [`crate::vault_store`]'s.

#[cfg(test)]
mod contract;
mod indexeddb;
mod memory;

pub(crate) use indexeddb::IndexedDb;
pub(crate) use memory::Memory;

/// The object stores; final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shelf {
    Meta,
    Out,
    Draft,
    Rep,
    Idx,
    Stage,
    Blob,
    Kv,
}

impl Shelf {
    pub(crate) const ALL: [Shelf; 8] =
        [Shelf::Meta, Shelf::Out, Shelf::Draft, Shelf::Rep, Shelf::Idx, Shelf::Stage, Shelf::Blob, Shelf::Kv];

    /// The name in the database.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Shelf::Meta => "meta",
            Shelf::Out => "out",
            Shelf::Draft => "draft",
            Shelf::Rep => "rep",
            Shelf::Idx => "idx",
            Shelf::Stage => "stage",
            Shelf::Blob => "blob",
            Shelf::Kv => "kv",
        }
    }
}

/// A part of a key. Numbers come before texts, as in IndexedDB.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// Below 2^53.
    Number(u64),
    Text(String),
}

/// The key of a row: one text alone, or a list of parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RowKey(pub(crate) Vec<Part>);

impl RowKey {
    /// A key of one text.
    pub(crate) fn text(name: impl ToString) -> RowKey {
        RowKey(vec![Part::Text(name.to_string())])
    }

    /// A key of a text and a number.
    pub(crate) fn numbered(name: impl ToString, number: u64) -> RowKey {
        RowKey(vec![Part::Text(name.to_string()), Part::Number(number)])
    }

    /// The text part at a place.
    pub(crate) fn text_at(&self, place: usize) -> Option<&str> {
        match self.0.get(place) {
            Some(Part::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The number at a place.
    pub(crate) fn number_at(&self, place: usize) -> Option<u64> {
        match self.0.get(place) {
            Some(Part::Number(number)) => Some(*number),
            _ => None,
        }
    }
}

/// A row: what may lie in clear, and what is sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// JSON of ids, sizes, counters; nothing personal.
    pub(crate) head: Option<String>,
    /// Sealed.
    pub(crate) body: Vec<u8>,
    /// For the index `area`.
    pub(crate) area: Option<String>,
    /// For the index `parent`.
    pub(crate) parent: Option<String>,
}

/// One write of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    Put {
        shelf: Shelf,
        key: RowKey,
        row: Row,
    },
    Delete {
        shelf: Shelf,
        key: RowKey,
    },
    /// Every row whose key begins with these parts.
    DeleteBelow {
        shelf: Shelf,
        prefix: Vec<Part>,
    },
    /// Every row of `rep` in the area.
    DeleteArea {
        area: String,
    },
}

/// Writes in order, all or nothing and strictly durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowBatch {
    /// What [`generation`] must say of the row `engine` of `meta` before the first write; not looked at if none.
    pub(crate) expect: Option<u64>,
    /// What the row `wraps` of `meta` must say then, of a batch that writes it; not looked at if none.
    pub(crate) wraps: Option<String>,
    pub(crate) writes: Vec<Write>,
}

/// Why a row was not read or a batch not written. Of a batch, nothing was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("another tab wrote since")]
    Stale,
    #[error("the device's storage is full")]
    Full,
    #[error("the connection to the database is gone, or the row is not as written")]
    Broken,
    #[error("a newer build of the app sealed the row")]
    Newer,
    #[error("another build of the app keeps the database closed")]
    Blocked,
    #[error("the browser gives no database here")]
    NoDatabase,
}

/// Name of the row of `meta` that holds the engine's counters.
pub(crate) const ENGINE: &str = "engine";

/// Name of the row of `meta` that holds the wrapped keys.
pub(crate) const WRAPS: &str = "wraps";

/// The generation that the engine's counters name; 0 of an empty database.
pub(crate) fn generation(head: Option<&str>) -> u64 {
    #[derive(serde::Deserialize)]
    struct Counters {
        generation: u64,
    }
    head.and_then(|head| domain::json::from_str::<Counters>(head).ok())
        .map_or(0, |counters| counters.generation)
}

/// What the app asks of a store. Its futures are local: a browser has one thread.
pub(crate) trait RecordStore {
    /// One row.
    async fn get(&self, shelf: Shelf, key: &RowKey) -> Result<Option<Row>, StoreError>;
    /// Rows in the order of the keys.
    async fn get_many(&self, shelf: Shelf, keys: &[RowKey]) -> Result<Vec<Option<Row>>, StoreError>;
    /// Every row whose key begins with these parts, in the order of the keys.
    async fn scan(&self, shelf: Shelf, prefix: &[Part]) -> Result<Vec<(RowKey, Row)>, StoreError>;
    /// Every key of a store, in order.
    async fn keys(&self, shelf: Shelf) -> Result<Vec<RowKey>, StoreError>;
    /// Writes a batch; resolves when it is on disk.
    async fn commit(&self, batch: RowBatch) -> Result<(), StoreError>;
    /// Opens the database anew, after [`StoreError::Broken`].
    async fn reopen(&self) -> Result<(), StoreError>;
}

/// One of the two stores.
pub(crate) enum AnyStore {
    Memory(Memory),
    IndexedDb(IndexedDb),
}

impl RecordStore for AnyStore {
    async fn get(&self, shelf: Shelf, key: &RowKey) -> Result<Option<Row>, StoreError> {
        match self {
            AnyStore::Memory(store) => store.get(shelf, key).await,
            AnyStore::IndexedDb(store) => store.get(shelf, key).await,
        }
    }

    async fn get_many(&self, shelf: Shelf, keys: &[RowKey]) -> Result<Vec<Option<Row>>, StoreError> {
        match self {
            AnyStore::Memory(store) => store.get_many(shelf, keys).await,
            AnyStore::IndexedDb(store) => store.get_many(shelf, keys).await,
        }
    }

    async fn scan(&self, shelf: Shelf, prefix: &[Part]) -> Result<Vec<(RowKey, Row)>, StoreError> {
        match self {
            AnyStore::Memory(store) => store.scan(shelf, prefix).await,
            AnyStore::IndexedDb(store) => store.scan(shelf, prefix).await,
        }
    }

    async fn keys(&self, shelf: Shelf) -> Result<Vec<RowKey>, StoreError> {
        match self {
            AnyStore::Memory(store) => store.keys(shelf).await,
            AnyStore::IndexedDb(store) => store.keys(shelf).await,
        }
    }

    async fn commit(&self, batch: RowBatch) -> Result<(), StoreError> {
        match self {
            AnyStore::Memory(store) => store.commit(batch).await,
            AnyStore::IndexedDb(store) => store.commit(batch).await,
        }
    }

    async fn reopen(&self) -> Result<(), StoreError> {
        match self {
            AnyStore::Memory(store) => store.reopen().await,
            AnyStore::IndexedDb(store) => store.reopen().await,
        }
    }
}
