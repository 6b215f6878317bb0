//! The body of a push, judged and applied to a store, twice: the second time changes nothing.
#![no_main]

use domain::access::Role;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use sync::{
    authority::{Batch, Standing},
    id::{AreaId, DeviceId, Inc},
    memory::{Caller, ClearOpener, MemoryStore},
    scope::{Area, AreaTree, Principal},
    wire::SyncRequest,
};
use uuid::{Uuid, uuid};

/// The worker, his villages and the township of the recorded day that the seeds come from.
const WORKER: Uuid = uuid!("01a21812-6809-70ee-ae19-dfbcdfce473c");
const TOWNSHIP: AreaId = AreaId(uuid!("01a21812-6783-79dd-9d79-ae509bc5f3a6"));
const VILLAGE: AreaId = AreaId(uuid!("01a21812-6783-7518-917e-33602d1f479a"));
const OTHER_VILLAGE: AreaId = AreaId(uuid!("01a21812-6784-70a5-ac5c-144bb57e2ef4"));
const NOW: i64 = 1_795_700_191_787;

static TREE: LazyLock<AreaTree> = LazyLock::new(|| {
    let area = |id, code: &str, parent| Area {
        id,
        code: code.to_owned(),
        name: code.to_owned(),
        parent,
        archive_of: None,
    };
    AreaTree::new([
        area(TOWNSHIP, "339999100", None),
        area(VILLAGE, "339999100201", Some(TOWNSHIP)),
        area(OTHER_VILLAGE, "339999100202", Some(TOWNSHIP)),
    ])
});

fuzz_target!(|data: &[u8]| {
    let Some((role, text)) = data.split_first() else { return };
    let (role, assigned) = match role & 1 {
        0 => (Role::VillageWorker, VILLAGE),
        _ => (Role::TownshipClerk, TOWNSHIP),
    };
    let Ok(request) = serde_json::from_slice::<SyncRequest>(text) else { return };
    let Some(section) = &request.push else { return };
    let Ok(batch) = Batch::open(section, &ClearOpener) else { return };
    let who = Principal { user: WORKER, role, scope: TREE.scope(&[assigned]), home: TOWNSHIP };
    let caller = Caller {
        who: &who,
        device: DeviceId([7; 16]),
        inc: Inc([1; 8]),
        granted: role,
        standing: Standing::Active,
        durable: 0,
        now: NOW,
        tree: &TREE,
    };
    let mut store = MemoryStore::new();
    store.push(&batch, &caller, &ClearOpener);
    let once: Vec<_> = store.records().cloned().collect();
    store.push(&batch, &caller, &ClearOpener);
    let twice: Vec<_> = store.records().cloned().collect();
    assert_eq!(once, twice, "a push that came twice counts once");
    assert!(store.effects().values().all(|count| *count == 1), "each changeset has its effect once");
});
