//! What every store keeps to: one suite, natively on memory and in a browser on IndexedDB.

use super::{ENGINE, Part, RecordStore, Row, RowBatch, RowKey, Shelf, StoreError, WRAPS, Write};

fn row(body: &[u8]) -> Row {
    Row { body: body.to_vec(), ..Row::default() }
}

fn put(shelf: Shelf, key: RowKey, row: Row) -> Write {
    Write::Put { shelf, key, row }
}

fn engine(generation: u64) -> Write {
    let head = Some(format!("{{\"generation\":{generation}}}"));
    put(Shelf::Meta, RowKey::text(ENGINE), Row { head, ..Row::default() })
}

fn batch(expect: Option<u64>, writes: Vec<Write>) -> RowBatch {
    RowBatch { expect, wraps: None, writes }
}

async fn rows_return_as_they_were_written(store: &impl RecordStore) {
    let key = RowKey::numbered("9f", 7);
    let written = Row {
        head: Some("{}".to_owned()),
        body: vec![0, 1, 255],
        area: Some("a1".to_owned()),
        parent: Some("p1".to_owned()),
    };
    store.commit(batch(None, vec![put(Shelf::Out, key.clone(), written.clone())])).await.unwrap();
    assert_eq!(store.get(Shelf::Out, &key).await, Ok(Some(written.clone())));
    assert_eq!(store.get(Shelf::Rep, &key).await, Ok(None));
    let missing = RowKey::numbered("9f", 8);
    let many = store.get_many(Shelf::Out, &[missing, key.clone()]).await;
    assert_eq!(many, Ok(vec![None, Some(written)]));
    assert_eq!(store.keys(Shelf::Out).await, Ok(vec![key]));
}

async fn scans_follow_the_order_of_numbers(store: &impl RecordStore) {
    let writes = [10, 9, 100, 1].map(|n| put(Shelf::Blob, RowKey::numbered("h1", n), row(&[1])));
    let other = put(Shelf::Blob, RowKey::numbered("h10", 0), row(&[2]));
    store.commit(batch(None, writes.into_iter().chain([other]).collect())).await.unwrap();
    let found = store.scan(Shelf::Blob, &[Part::Text("h1".to_owned())]).await.unwrap();
    let numbers: Vec<_> = found.iter().map(|(key, _)| key.number_at(1)).collect();
    assert_eq!(numbers, [1, 9, 10, 100].map(Some));
    assert_eq!(store.scan(Shelf::Blob, &[]).await.unwrap().len(), 5);
}

async fn a_batch_on_an_older_generation_writes_nothing(store: &impl RecordStore) {
    assert_eq!(store.commit(batch(Some(0), vec![engine(1)])).await, Ok(()));
    let stale = vec![engine(1), put(Shelf::Draft, RowKey::text("late"), row(&[1]))];
    assert_eq!(store.commit(batch(Some(0), stale)).await, Err(StoreError::Stale));
    assert_eq!(store.get(Shelf::Draft, &RowKey::text("late")).await, Ok(None));
    assert_eq!(store.commit(batch(Some(1), vec![engine(2)])).await, Ok(()));
}

async fn a_batch_on_other_wraps_writes_nothing(store: &impl RecordStore) {
    let wraps = |head: &str| {
        put(Shelf::Meta, RowKey::text(WRAPS), Row { head: Some(head.to_owned()), ..Row::default() })
    };
    let on = |seen: &str, writes| RowBatch { expect: None, wraps: Some(seen.to_owned()), writes };
    assert_eq!(store.commit(on("a", vec![wraps("b")])).await, Err(StoreError::Stale), "there are none");
    store.commit(batch(None, vec![wraps("a")])).await.unwrap();
    assert_eq!(store.commit(on("a", vec![wraps("b")])).await, Ok(()));
    let late = put(Shelf::Draft, RowKey::text("late wraps"), row(&[1]));
    assert_eq!(store.commit(on("a", vec![late])).await, Err(StoreError::Stale));
    assert_eq!(store.get(Shelf::Draft, &RowKey::text("late wraps")).await, Ok(None));
}

async fn deletions_reach_what_they_name_and_no_more(store: &impl RecordStore) {
    let in_area = |area: &str| Row { area: Some(area.to_owned()), ..row(&[1]) };
    let writes = vec![
        put(Shelf::Rep, RowKey::text("r1"), in_area("a1")),
        put(Shelf::Rep, RowKey::text("r2"), in_area("a2")),
        put(Shelf::Idx, RowKey::numbered("a1", 0), row(&[1])),
        put(Shelf::Idx, RowKey::numbered("a1", 1), row(&[1])),
        put(Shelf::Idx, RowKey::numbered("a2", 0), row(&[1])),
        put(Shelf::Kv, RowKey::text("k"), row(&[1])),
    ];
    store.commit(batch(None, writes)).await.unwrap();
    let deletions = vec![
        Write::DeleteArea { area: "a1".to_owned() },
        put(Shelf::Rep, RowKey::text("r3"), in_area("a1")),
        Write::DeleteBelow { shelf: Shelf::Idx, prefix: vec![Part::Text("a1".to_owned())] },
        Write::Delete { shelf: Shelf::Kv, key: RowKey::text("k") },
    ];
    store.commit(batch(None, deletions)).await.unwrap();
    // The row that came after the deletion in the same batch stays.
    assert_eq!(store.keys(Shelf::Rep).await, Ok(vec![RowKey::text("r2"), RowKey::text("r3")]));
    assert_eq!(store.keys(Shelf::Idx).await, Ok(vec![RowKey::numbered("a2", 0)]));
    assert_eq!(store.keys(Shelf::Kv).await, Ok(Vec::new()));
}

async fn everything_below_nothing_is_the_whole_shelf(store: &impl RecordStore) {
    let writes = vec![
        put(Shelf::Stage, RowKey::text("one"), row(&[1])),
        put(Shelf::Stage, RowKey(vec![Part::Text("rep".to_owned()), Part::Text("a".to_owned())]), row(&[1])),
    ];
    store.commit(batch(None, writes)).await.unwrap();
    let all = Write::DeleteBelow { shelf: Shelf::Stage, prefix: Vec::new() };
    store.commit(batch(None, vec![all])).await.unwrap();
    assert_eq!(store.keys(Shelf::Stage).await, Ok(Vec::new()));
}

async fn what_was_committed_survives_reopening(store: &impl RecordStore) {
    store.commit(batch(None, vec![put(Shelf::Draft, RowKey::text("d"), row(&[3]))])).await.unwrap();
    store.reopen().await.unwrap();
    assert_eq!(store.get(Shelf::Draft, &RowKey::text("d")).await, Ok(Some(row(&[3]))));
}

/// Runs the suite, each case on a new store.
macro_rules! suite {
    ($($case:ident)*) => {
        #[cfg(not(target_arch = "wasm32"))]
        mod memory {
            $(#[test]
            fn $case() {
                futures::executor::block_on(super::$case(&super::super::Memory::default()));
            })*
        }

        #[cfg(target_arch = "wasm32")]
        mod indexeddb {
            use wasm_bindgen_test::wasm_bindgen_test;

            $(#[wasm_bindgen_test]
            async fn $case() {
                let name = concat!("contract-", stringify!($case));
                super::super::IndexedDb::remove(name).await.unwrap();
                let store = super::super::IndexedDb::open(name).await.unwrap();
                super::$case(&store).await;
            })*
        }
    };
}

suite! {
    rows_return_as_they_were_written
    scans_follow_the_order_of_numbers
    a_batch_on_an_older_generation_writes_nothing
    a_batch_on_other_wraps_writes_nothing
    deletions_reach_what_they_name_and_no_more
    everything_below_nothing_is_the_whole_shelf
    what_was_committed_survives_reopening
}

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
