mod pictures;

use super::*;
use crate::store::Memory;
use crypto::{
    Key,
    hpke::ServerKeyPair,
    vault::{
        CodeKey, Locked, NewVault, ServerKey,
        wraps::{CodeWrap, Wraps},
    },
};
use futures::executor::block_on;
use serde_json::json;
use std::{collections::BTreeMap as Map, rc::Rc};
use sync::{
    id::AreaId,
    local::{Confirmed, LocalRecord},
    replica::{Batch, BlobPhase, Identity, Meta, OutPut, OutboxHead},
    rev::Rev,
    wire::Changeset,
};

const AREA: AreaId = AreaId(Uuid::from_u128(7));

fn device() -> DeviceId {
    DeviceId([3; 16])
}

fn keys() -> Unlocked {
    let pair = ServerKeyPair::from_seed([9; 32]);
    let wrapping = Key::from_bytes([1; 32]);
    Unlocked::create(NewVault {
        vault: "0102030405060708",
        code: CodeKey { wrapping: &wrapping, salt: [2; 16], second: None, phrase: false },
        server: ServerKey { kid: "k1", public: pair.public() },
        out_id: "01900000-0000-7000-8000-00000000000a",
        blob_id: "01900000-0000-7000-8000-00000000000b",
        seed: [5; 32],
    })
    .expect("the key can be sealed to")
}

fn store() -> VaultStore {
    let store = VaultStore::new(AnyStore::Memory(Memory::default()), device());
    let keys = keys();
    block_on(store.put_wraps(keys.wraps())).unwrap();
    store.take_keys(keys);
    store
}

fn meta(generation: u64) -> Meta {
    let mut meta = Meta::new(Identity { device: device(), author: Uuid::nil() }, Inc([1; 8]));
    meta.generation = generation;
    meta
}

fn record(n: u128, rev: u64, name: &str) -> LocalRecord {
    let mut record = LocalRecord::unseen(Uuid::from_u128(n), AREA, "recipient");
    record.confirmed = Some(Confirmed {
        rev: Rev::new(1, rev),
        entered: Rev::new(1, 1),
        f: Map::from([("name".to_owned(), json!(name)), ("mobile".to_owned(), json!("13812345678"))]),
        fv0: Rev::new(1, rev),
        fv: Map::new(),
    });
    record
}

fn put(store: &VaultStore, generation: u64, records: Vec<LocalRecord>) {
    let mut batch = Batch::of(meta(generation));
    batch.rep_put = records;
    block_on(store.commit(&batch)).unwrap();
}

fn name(store: &VaultStore, n: u128) -> Option<String> {
    let record = block_on(store.record(Uuid::from_u128(n))).unwrap()?;
    record.view().f["name"].as_str().map(str::to_owned)
}

/// The same rows, opened by another page after the vault was locked.
fn reopened(store: VaultStore) -> VaultStore {
    let wraps = block_on(store.wraps()).unwrap().unwrap();
    let store = VaultStore::new(store.rows, device());
    let unlocked = Locked::new(wraps).unlock(&Key::from_bytes([1; 32])).unwrap();
    store.take_keys(unlocked);
    assert_eq!(block_on(store.reread()).unwrap(), Some(Vec::new()));
    store
}

#[test]
fn many_records_share_rows_and_each_is_found_again() {
    let store = store();
    put(&store, 1, (1..=500).map(|n| record(n, 5, &format!("人{n}"))).collect());
    let rows = block_on(store.rows.keys(Shelf::Rep)).unwrap().len();
    assert!(rows < 20, "{rows} rows");
    let store = reopened(store);
    assert_eq!(name(&store, 1).as_deref(), Some("人1"));
    assert_eq!(name(&store, 500).as_deref(), Some("人500"));
    assert_eq!(store.digests(&[AREA])[&AREA].n, 500);
}

#[test]
fn a_child_that_hangs_elsewhere_now_is_found_there_alone() {
    let store = store();
    let below =
        |rev, parent| LocalRecord { parent: Some(Uuid::from_u128(parent)), ..record(3, rev, "走访") };
    put(&store, 1, vec![record(1, 5, "李伟"), record(2, 5, "李维"), below(5, 1)]);
    put(&store, 2, vec![below(6, 2)]);
    let count = |parent| store.index().children(Uuid::from_u128(parent)).count();
    assert_eq!([count(1), count(2)], [0, 1]);
}

#[test]
fn a_record_written_alone_covers_its_copy_in_a_bundle() {
    let store = store();
    put(&store, 1, (1..=20).map(|n| record(n, 5, "旧")).collect());
    put(&store, 2, vec![record(3, 6, "新")]);
    let store = reopened(store);
    assert_eq!(name(&store, 3).as_deref(), Some("新"));
    assert_eq!(name(&store, 4).as_deref(), Some("旧"));
    let mut batch = Batch::of(meta(3));
    batch.rep_del = vec![Uuid::from_u128(4)];
    block_on(store.commit(&batch)).unwrap();
    let store = reopened(store);
    assert_eq!(name(&store, 4), None);
    assert_eq!(store.digests(&[AREA])[&AREA].n, 19);
}

#[test]
fn staged_records_take_the_place_of_the_area() {
    let store = store();
    put(&store, 1, (1..=20).map(|n| record(n, 5, "旧")).collect());
    let mut batch = Batch::of(meta(2));
    batch.stage_put = vec![record(1, 8, "新")];
    block_on(store.commit(&batch)).unwrap();
    let store = reopened(store);
    let loaded = block_on(store.load(&[Uuid::from_u128(1)])).unwrap();
    assert_eq!(loaded.rep[&Uuid::from_u128(1)].rev(), Rev::new(1, 5));
    assert_eq!(loaded.stage[&Uuid::from_u128(1)].rev(), Rev::new(1, 8));
    let mut batch = Batch::of(meta(3));
    batch.stage_put = vec![record(30, 9, "又新")];
    batch.swap = vec![AREA];
    block_on(store.commit(&batch)).unwrap();
    let store = reopened(store);
    assert_eq!(store.digests(&[AREA])[&AREA].n, 2);
    assert_eq!((name(&store, 1).as_deref(), name(&store, 30).as_deref()), (Some("新"), Some("又新")));
    assert_eq!(name(&store, 2), None);
    assert_eq!(block_on(store.rows.keys(Shelf::Stage)).unwrap(), []);
}

#[test]
fn a_record_that_moved_into_a_staged_area_is_listed_there_alone() {
    let other = AreaId(Uuid::from_u128(0xb2));
    for removed in [vec![Uuid::from_u128(1)], Vec::new()] {
        let store = store();
        put(&store, 1, vec![LocalRecord { area: other, ..record(1, 5, "旧") }, record(2, 5, "二")]);
        let mut batch = Batch::of(meta(2));
        batch.stage_put = vec![record(1, 8, "新")];
        batch.rep_del = removed;
        batch.swap = vec![AREA];
        block_on(store.commit(&batch)).unwrap();
        let store = reopened(store);
        assert_eq!(name(&store, 1).as_deref(), Some("新"));
        let digests = store.digests(&[AREA, other]);
        assert_eq!((digests[&AREA].n, digests[&other].n), (1, 0));
    }
}

#[test]
fn a_failed_batch_changes_nothing_that_pages_read() {
    let store = store();
    put(&store, 1, vec![record(1, 5, "一")]);
    let mut batch = Batch::of(meta(1));
    batch.rep_put = vec![record(2, 6, "二")];
    assert_eq!(block_on(store.commit(&batch)), Err(StoreError::Stale));
    assert_eq!(store.index().all().count(), 1);
}

#[test]
fn nothing_personal_lies_in_clear() {
    let store = store();
    put(&store, 1, vec![record(1, 5, "李伟")]);
    let draft = draft();
    block_on(store.put_draft(Uuid::from_u128(50), draft)).unwrap();
    block_on(store.put_setting("who", "王干事")).unwrap();
    for shelf in Shelf::ALL {
        for (key, row) in block_on(store.rows.scan(shelf, &[])).unwrap() {
            let clear = format!("{key:?}{:?}{:?}{}", row.head, row.area, String::from_utf8_lossy(&row.body));
            for personal in ["李伟", "13812345678", "138****5678", "重病", "王干事"] {
                assert!(!clear.contains(personal), "{personal} in {shelf:?}");
            }
        }
    }
}

fn draft() -> DraftBody {
    DraftBody {
        recipient: Uuid::from_u128(1),
        area: AREA,
        template: "FOLLOWUP".to_owned(),
        template_version: 1,
        kind: "follow_up".to_owned(),
        started_at: 1,
        saved_at: 2,
        current: Some("A10".to_owned()),
        answers: Map::from([("A10".to_owned(), json!("重病"))]),
        corrections: Map::new(),
        blobs: Map::new(),
        reopened: false,
        companions: vec!["王强".to_owned()],
        event: None,
        part_of: None,
    }
}

#[test]
fn an_event_stays_a_draft_to_an_app_of_before_and_marks_nobody() {
    let store = store();
    let (visit, family) = (Uuid::from_u128(5), Uuid::from_u128(1));
    let event = EventBody { families: vec![family, Uuid::from_u128(2)], absent: Vec::new() };
    block_on(store.put_draft(visit, DraftBody { event: Some(event.clone()), ..draft() })).unwrap();
    assert!(store.draft(visit).is_some_and(|body| body.event == Some(event)));
    assert_eq!(store.drafts_by_recipient(), Map::new(), "nobody is visited by the event itself");
    let before: DraftBody = serde_json::from_value(json!({
        "recipient": family, "area": AREA, "template": "FOLLOWUP", "template_version": 1, "kind": "follow_up", "started_at": 1,
        "saved_at": 2, "answers": {},
    }))
    .unwrap();
    assert!(before.event.is_none() && before.companions.is_empty());
}

#[test]
fn a_draft_and_its_photo_return_after_a_restart() {
    let store = store();
    let visit = Uuid::from_u128(50);
    let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
    let hash = BlobHash([4; 32]);
    let head = BlobHead {
        hash,
        kind: "photo".to_owned(),
        bytes: 100_000,
        e: visit,
        offset: 0,
        phase: BlobPhase::Waiting,
        t: 1,
        noted: false,
    };
    block_on(store.put_blob(&head, &bytes, Some((visit, draft())))).unwrap();
    let store = reopened(store);
    assert!(store.draft(visit) == Some(draft()));
    assert_eq!(block_on(store.blob_bytes(hash)).unwrap().as_deref(), Some(bytes.as_slice()));
    assert_eq!(block_on(store.blob_heads()).unwrap(), [head]);
    assert_eq!(block_on(store.rows.keys(Shelf::Blob)).unwrap().len(), 4);
}

#[test]
fn a_photo_is_noted_until_it_is_taken_away() {
    let store = store();
    let hash = BlobHash([4; 32]);
    let (kind, phase) = ("photo".to_owned(), BlobPhase::Durable);
    let head = BlobHead { hash, kind, bytes: 3, e: Uuid::from_u128(50), offset: 3, phase, t: 1, noted: true };
    block_on(store.put_blob(&head, b"jpg", None)).unwrap();
    let store = reopened(store);
    assert!(block_on(store.blob_heads()).unwrap()[0].noted);
    let taken_away = block_on(store.unnote(hash)).unwrap().unwrap();
    assert!(!taken_away.noted && block_on(store.blob_heads()).unwrap() == [taken_away]);
    assert_eq!(block_on(store.unnote(hash)).unwrap(), None);
}

#[test]
fn the_photo_of_a_draft_that_is_removed_goes_to_another_that_names_it() {
    let store = store();
    let [event, first, second] = [50, 51, 52].map(Uuid::from_u128);
    let [shared, own] = [4, 5].map(|n| BlobHash([n; 32]));
    let photo = |blob| BlobRef { blob, kind: "photo".to_owned(), bytes: 3 };
    let with = |blobs: &[BlobHash]| DraftBody {
        blobs: Map::from([("F09".to_owned(), blobs.iter().copied().map(photo).collect())]),
        ..draft()
    };
    for (hash, named) in [(shared, vec![shared]), (own, vec![shared, own])] {
        let (kind, phase) = ("photo".to_owned(), BlobPhase::Durable);
        let head = BlobHead { hash, kind, bytes: 3, e: event, offset: 3, phase, t: 1, noted: false };
        block_on(store.put_blob(&head, b"jpg", Some((event, with(&named))))).unwrap();
    }
    block_on(store.put_draft(first, with(&[shared]))).unwrap();
    block_on(store.put_draft(second, with(&[shared]))).unwrap();
    let heirs = |store: &VaultStore, gone| {
        let left = block_on(store.remove_draft(gone)).unwrap();
        left.iter().map(|head| (head.hash, head.e)).collect::<Vec<_>>()
    };
    assert_eq!(heirs(&store, event), [(shared, first)], "what the event alone had is nobody's");
    assert_eq!(heirs(&store, first), [(shared, second)]);
    let store = reopened(store);
    assert!(store.draft(event).is_none() && store.draft(first).is_none());
    let heads = block_on(store.blob_heads()).unwrap();
    assert_eq!(heads.iter().map(|head| head.e).collect::<Vec<_>>(), [second, event]);
    assert_eq!(store.known_blob(shared).map(|head| (head.offset, head.phase)), Some((3, BlobPhase::Durable)));
    assert_eq!(block_on(store.blob_bytes(shared)).unwrap().as_deref(), Some(b"jpg".as_slice()));
    assert_eq!(heirs(&store, second), []);
}

fn changeset(n: u128) -> OutPut {
    let changeset = Changeset {
        id: Uuid::from_u128(n),
        schema: 1,
        t: 1,
        t_contact: 0,
        author: Uuid::nil(),
        ops: Vec::new(),
    };
    let head = OutboxHead {
        inc: Inc([1; 8]),
        seq: 1,
        id: changeset.id,
        t: 1,
        bytes: 100,
        key: Some("01900000-0000-7000-8000-00000000000a".parse().unwrap()),
        touched: Vec::new(),
        blobs: Vec::new(),
        verdict: None,
        settled: false,
        t_acked: 0,
        dismissed: false,
    };
    OutPut { head, changeset }
}

/// The changesets of `out` with their heads; nothing of one that does not open.
fn changesets(store: &VaultStore) -> Vec<(OutboxHead, Option<Changeset>)> {
    let rows = block_on(store.rows.scan(Shelf::Out, &[])).unwrap();
    let opened = |(_, row): (RowKey, Row)| {
        let head: OutboxHead = read::head(&row).unwrap();
        let changeset = store.open_out(head.id, &row.body).ok().map(|body| {
            let mut value: serde_json::Value = serde_json::from_slice(&body).unwrap();
            value["id"] = head.id.to_string().into();
            serde_json::from_value(value).unwrap()
        });
        (head, changeset)
    };
    rows.into_iter().map(opened).collect()
}

#[test]
fn what_goes_over_the_line_is_open_while_the_vault_is() {
    let store = store();
    let put = changeset(80);
    let mut batch = Batch::of(meta(1));
    batch.out_put = vec![put.clone()];
    block_on(store.commit(&batch)).unwrap();
    let key = store.out_key_id().unwrap();
    let sent = |key: Uuid| {
        let outgoing = block_on(store.outgoing_changesets(&[put.head.id], key)).unwrap();
        let text: serde_json::Value = serde_json::from_str(outgoing.changesets[0].get()).unwrap();
        assert_eq!(outgoing.any_sealed, text.get("sealed").is_some());
        text
    };
    assert_eq!(serde_json::from_value::<Changeset>(sent(key)).unwrap(), put.changeset);
    let earlier = Uuid::from_u128(5);
    assert_eq!(sent(earlier)["sealed"]["key"], earlier.to_string(), "its key is not at hand");
    store.lock();
    let sealed = sent(key);
    assert_eq!((&sealed["id"], sealed.get("ops")), (&json!(put.head.id), None));
    assert_eq!(sealed["sealed"]["key"], key.to_string());
}

#[test]
fn a_renumbered_changeset_keeps_its_seal_and_a_damaged_one_is_named() {
    let store = store();
    let put = changeset(80);
    let mut batch = Batch::of(meta(1));
    batch.out_put = vec![put.clone()];
    block_on(store.commit(&batch)).unwrap();
    let mut batch = Batch::of(meta(2));
    let head = OutboxHead { inc: Inc([2; 8]), seq: 4, ..put.head.clone() };
    batch.out_move = vec![sync::replica::OutMove { from: (Inc([1; 8]), 1), head }];
    block_on(store.commit(&batch)).unwrap();
    let store = reopened(store);
    let found = changesets(&store);
    assert_eq!(found[0].0.seq, 4);
    assert!(found[0].1 == Some(put.changeset));
    let row = Row { head: Some(json(&found[0].0).unwrap()), body: vec![7; 60], ..Row::default() };
    let key = RowKey::numbered(Inc([2; 8]), 4);
    block_on(store.write(vec![Write::Put { shelf: Shelf::Out, key, row }])).unwrap();
    block_on(store.facts()).unwrap();
    assert_eq!(block_on(store.reread()).unwrap(), Some(vec![(Inc([2; 8]), 4)]));
}

#[test]
fn children_leave_their_parent_when_they_are_gone() {
    let store = store();
    let mut child = record(2, 5, "孩");
    child.kind = "visit".to_owned();
    child.parent = Some(Uuid::from_u128(1));
    put(&store, 1, vec![record(1, 5, "父"), child]);
    let children = |store: &VaultStore| store.index().children(Uuid::from_u128(1)).map(Rc::clone).count();
    assert_eq!(children(&store), 1);
    let mut batch = Batch::of(meta(2));
    batch.rep_del = vec![Uuid::from_u128(2)];
    block_on(store.commit(&batch)).unwrap();
    assert_eq!(children(&store), 0);
}

#[test]
fn own_keys_are_sealed_to_the_key_that_the_office_names_now() {
    let store = store();
    let pair = ServerKeyPair::from_seed([4; 32]);
    let pk = crypto::b64::encode(&pair.public().to_bytes());
    let named = |kid: &str| KeyInfo { kid: kid.to_owned(), alg: crypto::SUITE.to_owned(), pk: pk.clone() };
    let sealed_to = || block_on(store.wraps()).unwrap().unwrap().sealed_to().to_owned();
    assert_eq!(sealed_to(), "k1");
    // Of a suite that this build does not know nothing is taken.
    block_on(store.seal_to_office(&[KeyInfo { alg: "gm-1".to_owned(), ..named("k2") }])).unwrap();
    assert_eq!(sealed_to(), "k1");
    block_on(store.seal_to_office(&[named("k2")])).unwrap();
    assert_eq!(sealed_to(), "k2");
    let wraps = block_on(store.wraps()).unwrap().unwrap();
    assert!(wraps.out.seal.open(&pair, crypto::hpke::Info::Out).is_ok());
    assert!(wraps.blob.seal.open(&pair, crypto::hpke::Info::Blob).is_ok());
    assert_eq!(wraps.out.seal.id, "01900000-0000-7000-8000-00000000000a", "it is the same key still");
    store.lock();
    block_on(store.seal_to_office(&[named("k1")])).unwrap();
    assert_eq!(sealed_to(), "k2", "while locked nothing is sealed anew");
}

/// Puts every page of the index back as an app wrote it that knew fewer columns.
fn forget_columns(store: &VaultStore, column: &str) {
    let mut writes = Vec::new();
    for (key, row) in block_on(store.rows.scan(Shelf::Idx, &[])).unwrap() {
        let (area, page) = (key.text_at(0).unwrap().to_owned(), key.number_at(1).unwrap().to_string());
        let plain = store.open_row(Shelf::Idx.name(), &page, &area, &row.body).unwrap();
        let mut entries: Vec<serde_json::Value> = serde_json::from_slice(&plain).unwrap();
        for entry in &mut entries {
            entry["v"]["r"].as_object_mut().unwrap().remove(column);
        }
        let plain = json(&entries).unwrap();
        let body = store.seal_row(Shelf::Idx.name(), &page, area.parse().unwrap(), plain.as_bytes()).unwrap();
        writes.push(Write::Put { shelf: Shelf::Idx, key, row: Row { body, ..Row::default() } });
    }
    block_on(store.rows.commit(RowBatch { writes, ..RowBatch::default() })).unwrap();
}

#[test]
fn pages_of_an_app_with_fewer_columns_are_made_anew_and_stay_so() {
    let phone = |store: &VaultStore, n: u128| match &store.index().get(Uuid::from_u128(n))?.columns {
        Some(entry::Columns::Recipient(columns)) => Some(columns.phone.clone()),
        _ => None,
    };
    let store = store();
    put(&store, 1, (1..=500).map(|n| record(n, 5, "旧")).collect());
    put(&store, 2, vec![record(3, 6, "新")]);
    forget_columns(&store, "m");
    let store = reopened(store);
    for n in [1, 3, 500] {
        assert_eq!(phone(&store, n).as_deref(), Some("138****5678"), "{n}");
    }
    assert_eq!(name(&store, 3).as_deref(), Some("新"));
    assert_eq!(store.digests(&[AREA])[&AREA].n, 500);
    let rows = block_on(store.rows.scan(Shelf::Idx, &[])).unwrap();
    assert!(rows.iter().all(|(_, row)| row.head.as_deref() == Some(entry::COLUMNS)));
}

#[test]
fn a_code_that_another_tab_changed_or_forgot_is_not_brought_back() {
    let of_village =
        |n: u128| LocalRecord { area: AreaId(Uuid::from_u128(n)), ..record(n, 5, "新村的人") };
    let store = store();
    let code = |store: &VaultStore| block_on(store.wraps()).unwrap().unwrap().code;
    let before = code(&store);
    let other = changed_code([8; 16]);
    block_on(store.put_wraps(&Wraps { code: other.clone(), ..block_on(store.wraps()).unwrap().unwrap() }))
        .unwrap();
    put(&store, 1, vec![of_village(20)]);
    assert!(code(&store) == other && other != before, "a new village");
    block_on(store.put_wraps(&Wraps { code: None, ..block_on(store.wraps()).unwrap().unwrap() })).unwrap();
    block_on(store.destroy_area_keys(&[AreaId(Uuid::from_u128(20))])).unwrap();
    assert!(code(&store).is_none(), "a village that left");
}

fn of_village(n: u128, name: &str) -> LocalRecord {
    LocalRecord { area: AreaId(Uuid::from_u128(n)), ..record(n, 5, name) }
}

/// Another tab, which opened the vault as it is stored, changes its keys.
fn in_another_tab(store: &VaultStore, change: impl FnOnce(&mut Unlocked)) {
    let stored = block_on(store.wraps()).unwrap().unwrap();
    let mut keys = Locked::new(stored).unlock(&Key::from_bytes([1; 32])).unwrap();
    change(&mut keys);
    block_on(store.put_wraps(keys.wraps())).unwrap();
}

fn area_keys(store: &VaultStore) -> Vec<String> {
    block_on(store.wraps()).unwrap().unwrap().areas.into_keys().collect()
}

fn area_name(n: u128) -> String {
    AreaId(Uuid::from_u128(n)).to_string()
}

#[test]
fn a_village_that_came_in_another_tab_keeps_its_key_through_every_write_of_this_one() {
    let store = store();
    put(&store, 1, vec![record(1, 5, "本村的人")]);
    in_another_tab(&store, |keys| keys.add_area(&area_name(20), [7; 32]));
    put(&store, 2, vec![of_village(21, "新村的人")]);
    assert_eq!(area_keys(&store), [area_name(7), area_name(20), area_name(21)], "a village of its own");
    in_another_tab(&store, |keys| keys.add_area(&area_name(22), [7; 32]));
    block_on(store.destroy_area_keys(&[AreaId(Uuid::from_u128(21))])).unwrap();
    assert_eq!(area_keys(&store), [area_name(7), area_name(20), area_name(22)], "a village that left");
    in_another_tab(&store, |keys| keys.add_area(&area_name(23), [7; 32]));
    let code = CodeKey { wrapping: &Key::from_bytes([1; 32]), salt: [8; 16], second: None, phrase: false };
    block_on(store.rewrap(code)).unwrap();
    assert_eq!(area_keys(&store).len(), 4, "another code");
}

#[test]
fn two_tabs_that_are_sent_the_same_village_seal_it_with_one_key() {
    let store = store();
    put(&store, 1, vec![record(1, 5, "本村的人")]);
    let mut key = None;
    in_another_tab(&store, |keys| {
        keys.add_area(&area_name(20), [7; 32]);
        key = keys.area(&area_name(20)).map(|key| *key.expose());
    });
    put(&store, 2, vec![of_village(20, "新村的人")]);
    assert_eq!(store.keys.borrow().as_ref().unwrap().area(&area_name(20)).map(|key| *key.expose()), key);
    assert_eq!(name(&reopened(store), 20).as_deref(), Some("新村的人"));
}

#[test]
fn a_village_whose_first_write_failed_has_its_key_on_the_disk_with_the_next() {
    let store = store();
    put(&store, 1, vec![record(1, 5, "本村的人")]);
    let mut stale = Batch::of(meta(1));
    stale.rep_put = vec![of_village(20, "新村的人")];
    assert_eq!(block_on(store.commit(&stale)), Err(StoreError::Stale));
    assert_eq!(area_keys(&store), [area_name(7)]);
    put(&store, 2, vec![of_village(20, "新村的人")]);
    assert_eq!(name(&reopened(store), 20).as_deref(), Some("新村的人"));
}

#[test]
fn wraps_with_what_this_build_does_not_know_are_neither_opened_nor_written_over() {
    let store = store();
    put(&store, 1, vec![record(1, 5, "本村的人")]);
    let row = block_on(store.meta(WRAPS)).unwrap().unwrap();
    assert!(block_on(store.locked()).unwrap().is_some());
    for (at, newer) in [("\"prf\":", "\"third\":1,\"prf\":"), ("{\"vault\":", "{\"pairs\":[],\"vault\":")] {
        let newer = row.replacen(at, newer, 1);
        assert!(newer.len() > row.len());
        block_on(store.put_meta(WRAPS, &newer)).unwrap();
        assert_eq!(block_on(store.locked()).map(|_| ()), Err(StoreError::Newer));
        let mut batch = Batch::of(meta(2));
        batch.rep_put = vec![of_village(20, "新村的人")];
        assert_eq!(block_on(store.commit(&batch)), Err(StoreError::Newer));
        assert_eq!(block_on(store.destroy_area_keys(&[AREA])), Err(StoreError::Newer));
        assert_eq!(block_on(store.meta(WRAPS)).unwrap(), Some(newer));
    }
}

/// The wrap of a code that was changed elsewhere.
fn changed_code(salt: [u8; 16]) -> Option<CodeWrap> {
    let mut keys = keys();
    keys.rewrap(CodeKey { wrapping: &Key::from_bytes([3; 32]), salt, second: None, phrase: false }, [4; 32]);
    keys.wraps().code.clone()
}

#[test]
fn what_was_wiped_says_so_at_the_next_start() {
    let store = store();
    put(&store, 1, vec![record(1, 1, "张三")]);
    assert!(!block_on(store.is_wiped()).unwrap());
    block_on(store.empty()).unwrap();
    assert!(block_on(store.is_wiped()).unwrap() && !store.is_unlocked());
    assert!(block_on(store.rows.keys(Shelf::Rep)).unwrap().is_empty());
}
