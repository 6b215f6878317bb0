//! Hello, photos, lists that wait, and the audit chain.

use domain::access::Role;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync::{
    id::{AreaId, BlobHash, Inc},
    wire::{Divergence, DivergenceKind, Hello, StorageReport, Witness},
};
use uuid::Uuid;

use super::ground::{Ground, NOW, changeset, family};
use crate::{
    db::{
        AuditEntry, BlobRow, Caller, DbError, Flaw, KeptImport, ListQuery, NewImport, NewUpload, Settlement,
        Tally, Unmasking,
    },
    limits::Limits,
    tokens,
};

const HOUR_MS: i64 = 60 * 60_000;

pub(super) fn hello(seen: Option<Witness>, ask: Vec<BlobHash>) -> Hello {
    Hello {
        next_seq: 1,
        acked: 0,
        pending: 0,
        oldest: None,
        drafts: 0,
        blobs: 0,
        epoch: 1,
        scope_rev: 1,
        schema: 1,
        build: "test".to_owned(),
        t: NOW,
        seen,
        ask,
        sealed_to: None,
        storage: StorageReport { persisted: true, free: None, incident: None },
        diverged: Vec::new(),
    }
}

/// The audit chain as the auditor reads it, newest first.
pub(super) async fn chain(ground: &Ground) -> Vec<(i64, Value, String)> {
    let auditor = match ground.db.accounts().await.unwrap().into_iter().find(|a| a.name == "auditor") {
        Some(account) => account,
        None => ground.account("auditor", Role::Auditor, &[ground.town]).await,
    };
    let who = ground.desk(&auditor).await;
    let query = ListQuery { name: "audit".to_owned(), size: Some(500), ..ListQuery::default() };
    let rows = ground.db.list(&who, &query).await.unwrap().rows;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.into_iter().map(|row| (row[0].as_i64().unwrap(), row[1].clone(), text(&row[2]))).collect()
}

pub(super) fn actions(chain: &[(i64, Value, String)]) -> Vec<&str> {
    chain.iter().map(|(_, entry, _)| entry["action"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_audit_chain_has_no_gap_and_each_entry_is_hashed_with_the_one_before() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let texts: Vec<Value> = (0..3).map(|_| family(&clerk, ground.villages[0]).1).collect();
    ground.push(&clerk, Inc([1; 8]), 1, &texts).await.unwrap();
    ground.db.note(AuditEntry::of(&clerk, "export", json!({"reason": "县里核对"}), NOW)).await.unwrap();
    let seen = ground.db.hello(&clerk, Inc([1; 8]), &hello(None, vec![]), NOW).await.unwrap().audit;
    let cut = Witness { n: seen.n + 90, h: seen.h.clone() };
    let report = ground.db.verify_chain(&[seen, cut.clone()]).await.unwrap();
    assert_eq!((report.agreeing, report.flaws), (1, vec![Flaw::Truncated { witness: cut.n }]));
    let mut chain = chain(&ground).await;
    chain.reverse();
    let mut before = "0".repeat(64);
    for (at, (n, entry, hash)) in (1..).zip(&chain) {
        assert_eq!(*n, at);
        let expected = tokens::hex(&Sha256::digest(format!("{before}{entry}")));
        assert_eq!(hash, &expected, "{entry}");
        before = expected;
    }
    assert_eq!(actions(&chain).iter().filter(|action| **action == "op").count(), 3);
    assert!(actions(&chain).contains(&"export"));
}

#[tokio::test]
async fn hello_says_where_the_device_stands_and_notes_a_foreign_history() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let (inc, hash) = (Inc([1; 8]), BlobHash([7; 32]));
    let fresh = ground.db.hello(&clerk, inc, &hello(None, vec![hash]), NOW).await.unwrap();
    assert_eq!((fresh.acked, fresh.id_at_acked, fresh.epoch, fresh.scope_rev), (0, None, 1, 1));
    assert_eq!(fresh.blobs.unwrap()[&hash].state, "absent");
    let (_, text) = family(&clerk, ground.villages[0]);
    ground.push(&clerk, inc, 1, std::slice::from_ref(&text)).await.unwrap();
    let seen = hello(Some(fresh.audit), vec![]);
    let after = ground.db.hello(&clerk, inc, &seen, NOW).await.unwrap();
    assert_eq!((after.acked, after.id_at_acked), (1, text["id"].as_str().unwrap().parse().ok()));
    assert!(!actions(&chain(&ground).await).contains(&"witness_differs"));
    let foreign = hello(Some(Witness { n: 1, h: "0".repeat(64) }), vec![]);
    ground.db.hello(&clerk, inc, &foreign, NOW).await.unwrap();
    assert!(actions(&chain(&ground).await).contains(&"witness_differs"));
}

/// The phone of a new worker in the first village, as it asks.
async fn phone(ground: &Ground, device: u8, user: &str) -> Caller {
    ground.account(user, Role::VillageWorker, &ground.villages[..1]).await;
    let (hash, until) = (user.to_owned(), NOW + 1);
    let code = crate::db::NewCode { user: user.to_owned(), hash: hash.clone(), until, by: None, now: NOW };
    ground.db.add_code(code).await.unwrap();
    let (id, vault) = (sync::id::DeviceId([device; 16]), sync::id::VaultId([device; 8]));
    let new = crate::db::Enrolment {
        code_hash: hash,
        device: id,
        vault,
        grant_hash: user.to_owned(),
        grant_until: NOW + 1_000,
        now: NOW,
    };
    ground.db.enrol(new).await.unwrap();
    let asking = crate::db::Asking { vault, grant: Some(user.to_owned()), bearer: None, shared: None };
    ground.db.principal(asking, NOW).await.unwrap()
}

#[tokio::test]
async fn what_devices_said_of_themselves_is_seen_by_who_supervises_them() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    phone(&ground, 1, "one").await;
    let who = phone(&ground, 2, "two").await;
    ground.db.hello(&who, Inc([2; 8]), &hello(None, vec![]), NOW).await.unwrap();
    let seen = ground.db.supervised(&clerk).await.unwrap();
    let said: Vec<_> =
        seen.devices.iter().map(|row| (row.id.0[0], row.seen_at, row.build.as_str())).collect();
    assert_eq!(said, [(1, None, ""), (2, Some(NOW), "test")]);
}

#[tokio::test]
async fn g6_where_a_phone_and_the_office_differed_is_an_incident_until_somebody_dealt_with_it() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let (who, inc) = (phone(&ground, 1, "one").await, Inc([1; 8]));
    let village = ground.villages[0];
    let says = async |kind: DivergenceKind, areas: &[Uuid], t: i64| {
        let areas = areas.iter().map(|area| AreaId(*area)).collect();
        let said = Hello { diverged: vec![Divergence { kind, areas, t }], ..hello(None, vec![]) };
        ground.db.hello(&who, inc, &said, NOW).await.unwrap();
    };
    let incidents = async || {
        let seen = ground.db.supervised(&clerk).await.unwrap().devices;
        let rows = seen.into_iter().flat_map(|row| row.incidents);
        rows.map(|row| (row.n, row.kind, row.areas, row.settled.is_some())).collect::<Vec<_>>()
    };
    says(DivergenceKind::Digest, &[village], 5).await;
    says(DivergenceKind::Digest, &[village], 5).await;
    says(DivergenceKind::Digest, &[village], 9).await;
    says(DivergenceKind::Purge, &[village, Uuid::nil()], 9).await;
    let open = incidents().await;
    let shown: Vec<_> = open.iter().map(|(_, kind, areas, _)| (kind.as_str(), areas.len())).collect();
    assert_eq!(shown, [("digest", 1), ("purge", 1)], "what repeats while it is open is one: {open:?}");
    assert_eq!(open[0].2, open[1].2, "the area is named, `own` is not");
    let all = chain(&ground).await;
    let told: Vec<_> = all.iter().filter(|(_, entry, _)| entry["action"] == "diverged").collect();
    assert_eq!(told.len(), 4, "each is in the chain");
    assert_eq!(told[3].1["detail"]["areas"], json!([AreaId(village)]));
    let word = "看过".to_owned();
    let settlement = Settlement { device: who.device, incident: open[0].0, word, now: NOW };
    ground.db.settle_incident(&clerk, settlement).await.unwrap();
    says(DivergenceKind::Digest, &[village], 5).await;
    assert_eq!(incidents().await.len(), 2, "a phone that got no answer repeats what was dealt with");
    says(DivergenceKind::Digest, &[village], 10).await;
    let after: Vec<_> = incidents().await.into_iter().map(|(_, kind, _, settled)| (kind, settled)).collect();
    let expected = [("digest", true), ("purge", false), ("digest", false)];
    assert_eq!(after, expected.map(|(kind, settled)| (kind.to_owned(), settled)));
}

pub(super) fn blob(who: &Caller, state: &str, offset: u64) -> BlobRow {
    BlobRow {
        hash: BlobHash([7; 32]),
        kind: "photo".to_owned(),
        e: tokens::new_id(NOW),
        bytes: 100,
        offset,
        state: state.to_owned(),
        why: None,
        key: Some("{}".to_owned()),
        seal: None,
        device: who.device,
        started_at: NOW,
        durable: false,
    }
}

#[tokio::test]
async fn an_upload_goes_forward_and_what_is_verified_stays_so() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let hash = BlobHash([7; 32]);
    assert_eq!(ground.db.blob_find(hash).await.unwrap(), None);
    for (state, offset) in [("partial", 0), ("partial", 48), ("complete", 100), ("verified", 100)] {
        let stored = ground.db.blob_put(blob(&clerk, state, offset)).await.unwrap();
        assert_eq!((stored.state.as_str(), stored.offset), (state, offset));
    }
    let stored = ground.db.blob_put(blob(&clerk, "partial", 0)).await.unwrap();
    assert_eq!((stored.state.as_str(), stored.offset), ("verified", 100));
    let other = |state: &str, offset, now| BlobRow {
        hash: BlobHash([8; 32]),
        started_at: now,
        ..blob(&clerk, state, offset)
    };
    ground.db.blob_put(other("partial", 48, NOW)).await.unwrap();
    let late = ground.db.blob_put(other("partial", 0, NOW)).await.unwrap();
    assert_eq!(late.offset, 48, "a slower request of the same upload");
    ground.db.blob_put(other("rejected", 100, NOW)).await.unwrap();
    let begun_again = ground.db.blob_put(other("partial", 0, NOW + 1)).await.unwrap();
    assert_eq!((begun_again.state.as_str(), begun_again.offset), ("partial", 0));
    assert_eq!(ground.db.blob_find(hash).await.unwrap(), Some(stored));
}

#[tokio::test]
async fn an_account_begins_so_much_in_a_day_over_all_its_devices() {
    let ground = Ground::new().await;
    let account = ground.account("clerk", Role::TownshipClerk, &[ground.town]).await;
    let (first, second) = (ground.desk(&account).await, ground.desk(&account).await);
    let other = ground.account("other", Role::TownshipClerk, &[ground.town]).await;
    let other = ground.desk(&other).await;
    for (n, who, hours) in [(1, &first, 0), (2, &second, 2)] {
        let started_at = NOW + hours * HOUR_MS;
        let row = BlobRow { hash: BlobHash([n; 32]), bytes: 500_000, started_at, ..blob(who, "partial", 0) };
        ground.db.blob_put(row).await.unwrap();
    }
    let room = async |who: &Caller, bytes: u64, hours: i64| {
        let now = NOW + hours * HOUR_MS;
        let upload = NewUpload { device: who.device, bytes, bytes_max: 1_100_000, now };
        match ground.db.blob_room(upload).await {
            Ok(()) => None,
            Err(DbError::SlowDown { wait_ms }) => Some(wait_ms / HOUR_MS),
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(room(&first, 100_000, 3).await, None);
    assert_eq!(room(&second, 100_001, 3).await, Some(21));
    assert_eq!(room(&first, 600_001, 3).await, Some(23), "when both are a day old");
    assert_eq!(room(&first, 2_000_000, 3).await, Some(24), "which never fits");
    assert_eq!(room(&other, 1_100_000, 3).await, None, "each account has its own");
    assert_eq!(room(&first, 100_001, 24).await, None);
    let row = BlobRow { hash: BlobHash([3; 32]), bytes: 1, ..blob(&first, "partial", 0) };
    ground.db.blob_put(row).await.unwrap();
    assert_eq!(room(&first, 60_000, 3).await, Some(21), "a small file counts as a chunk");
}

#[tokio::test]
async fn a_photo_that_is_being_removed_comes_anew_only_after_that() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let hash = BlobHash([7; 32]);
    ground.db.blob_put(blob(&clerk, "erased", 100)).await.unwrap();
    for state in ["partial", "complete", "verified", "rejected"] {
        let stored = ground.db.blob_put(blob(&clerk, state, 0)).await.unwrap();
        assert_eq!((stored.state.as_str(), stored.offset), ("erased", 100), "{state}");
    }
    assert_eq!(ground.db.erased_photos().await.unwrap(), [(hash, 100)]);
    ground.db.forget_photo(hash).await.unwrap();
    assert_eq!(ground.db.blob_put(blob(&clerk, "partial", 0)).await.unwrap().state, "partial");
    ground.db.forget_photo(hash).await.unwrap();
    assert!(ground.db.blob_find(hash).await.unwrap().is_some(), "what came anew is not forgotten");
}

#[tokio::test]
async fn a_photo_is_read_through_a_record_in_scope_only() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let hash = BlobHash([7; 32]);
    ground.db.blob_put(blob(&clerk, "verified", 100)).await.unwrap();
    assert!(matches!(ground.db.blob_readable(&clerk, hash, NOW).await, Err(DbError::NotFound)));
    let (e, text) = family(&clerk, ground.villages[1]);
    let attach = json!([{"op": "attach", "e": e, "blob": hash, "kind": "photo", "bytes": 100}]);
    let receipt = ground.push(&clerk, Inc([1; 8]), 1, &[text, changeset(&clerk, attach)]).await.unwrap();
    assert_eq!(receipt.results[1].st, sync::wire::VerdictState::Applied, "{receipt:?}");
    assert_eq!(ground.db.blob_readable(&clerk, hash, NOW).await.unwrap().hash, hash);
    let worker = ground.account("worker", Role::VillageWorker, &ground.villages[..1]).await;
    let worker = ground.desk(&worker).await;
    assert!(matches!(ground.db.blob_readable(&worker, hash, NOW).await, Err(DbError::NotFound)));
}

#[tokio::test]
async fn who_was_shown_a_paper_stands_in_the_chain_once_an_hour() {
    let ground = Ground::new().await;
    let account = ground.account("clerk", Role::TownshipClerk, &[ground.town]).await;
    let (clerk, again) = (ground.desk(&account).await, ground.desk(&account).await);
    let other = ground.account("other", Role::TownshipClerk, &[ground.town]).await;
    let other = ground.desk(&other).await;
    let kinds = ["photo", "paper", "id_photo", "voice"];
    let hashes: Vec<_> = (1..=4).map(|n| BlobHash([n; 32])).collect();
    let (e, text) = family(&clerk, ground.villages[1]);
    let mut texts = vec![text];
    for (hash, kind) in hashes.iter().zip(kinds) {
        let row = BlobRow { hash: *hash, kind: kind.to_owned(), ..blob(&clerk, "verified", 100) };
        ground.db.blob_put(row).await.unwrap();
        texts.push(changeset(
            &clerk,
            json!([{"op": "attach", "e": e, "blob": hash, "kind": kind, "bytes": 100}]),
        ));
    }
    ground.push(&clerk, Inc([1; 8]), 1, &texts).await.unwrap();
    for (who, after) in [(&clerk, 0), (&clerk, 1), (&again, HOUR_MS - 1), (&other, 2), (&clerk, HOUR_MS)] {
        for hash in &hashes {
            ground.db.blob_readable(who, *hash, NOW + after).await.unwrap();
        }
    }
    let views: Vec<_> =
        chain(&ground).await.into_iter().filter(|(_, body, _)| body["action"] == "view_paper").collect();
    assert_eq!(views.len(), 3 * 3, "{views:#?}");
    let by_other = views.iter().filter(|(_, body, _)| body["account"] == json!(other.account));
    assert_eq!(by_other.count(), 3);
    assert!(
        views.iter().all(|(_, body, _)| body["detail"]["e"] == json!(e) && body["detail"]["kind"] != "photo")
    );
}

#[tokio::test]
async fn what_nothing_attaches_lapses_and_counts_from_when_it_was_let_go() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let worker = ground.account("worker", Role::VillageWorker, &ground.villages[..1]).await;
    let worker = ground.desk(&worker).await;
    let [attached, wanted, loose, partial] = [1, 2, 3, 4].map(|n| BlobHash([n; 32]));
    for (hash, state) in
        [(attached, "verified"), (wanted, "verified"), (loose, "verified"), (partial, "partial")]
    {
        let row = BlobRow { hash, started_at: NOW - 100, ..blob(&clerk, state, 100) };
        ground.db.blob_put(row).await.unwrap();
    }
    let (e, text) = family(&clerk, ground.villages[1]);
    let attach =
        |e, hash: BlobHash| json!([{"op": "attach", "e": e, "blob": hash, "kind": "photo", "bytes": 100}]);
    ground.push(&clerk, Inc([1; 8]), 1, &[text, changeset(&clerk, attach(e, attached))]).await.unwrap();
    let foreign = changeset(&worker, attach(e, wanted));
    let held = ground.push(&worker, Inc([3; 8]), 1, &[foreign]).await.unwrap();
    assert_eq!(held.results[0].st, sync::wire::VerdictState::Held);
    assert_eq!(ground.db.lapse_photos(NOW - 100).await.unwrap(), 0, "their time is not over");
    assert_eq!(ground.db.lapse_photos(NOW).await.unwrap(), 2);
    let mut gone: Vec<_> =
        ground.db.erased_photos().await.unwrap().into_iter().map(|(hash, _)| hash).collect();
    gone.sort();
    assert_eq!(gone, [loose, partial], "what waits for a person will be attached by it");
    let detach = json!([{"op": "detach", "e": e, "blob": attached}]);
    ground.push(&clerk, Inc([1; 8]), 3, &[changeset(&clerk, detach)]).await.unwrap();
    assert_eq!(ground.db.lapse_photos(NOW).await.unwrap(), 0, "who took it out may put it back");
    assert_eq!(ground.db.lapse_photos(NOW + 1).await.unwrap(), 1);
}

#[tokio::test]
async fn a_list_waits_for_its_own_clerk_until_it_is_committed_or_a_day_is_over() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let other = ground.account("other", Role::TownshipClerk, &[ground.town]).await;
    let other = ground.desk(&other).await;
    let keep = async |who: &Caller, now: i64| {
        let sealed =
            serde_json::from_value(json!({"kid": "k", "alg": "a", "enc": "e", "ct": "c", "show": ""}));
        let kept = KeptImport { id: tokens::new_id(now), area: ground.town, sealed: sealed.unwrap() };
        let id = kept.id;
        ground.db.keep_import(who, kept, now).await.unwrap();
        id
    };
    let first = keep(&clerk, NOW).await;
    assert_eq!(ground.db.kept_import(&clerk, first).await.unwrap().area, ground.town);
    assert!(matches!(ground.db.kept_import(&other, first).await, Err(DbError::NotFound)));
    let close = async |who: &Caller| {
        let (id, area, file) = (first, ground.town, "list.xlsx".to_owned());
        let new = NewImport { id, area, file, tally: Tally::default(), left: None, columns: None, now: NOW };
        ground.db.write_import(who, new, &[]).await
    };
    ground.db.kept_import(&clerk, first).await.unwrap();
    close(&clerk).await.unwrap();
    assert!(matches!(ground.db.kept_import(&clerk, first).await, Err(DbError::NotFound)));
    let second = keep(&clerk, NOW).await;
    keep(&other, NOW + 25 * 60 * 60_000).await;
    assert!(matches!(ground.db.kept_import(&clerk, second).await, Err(DbError::NotFound)), "it lapsed");
}

#[tokio::test]
async fn one_list_at_a_time_is_written() {
    let ground = Ground::new().await;
    let first = ground.db.import_turn().await.unwrap();
    let mut second = ground.db.import_turn();
    assert!(futures::poll!(&mut second).is_pending());
    drop(first);
    second.await.unwrap();
}

#[tokio::test]
async fn what_is_not_sealed_or_not_in_scope_is_not_unmasked() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let (e, text) = family(&clerk, ground.villages[1]);
    ground.push(&clerk, Inc([1; 8]), 1, &[text]).await.unwrap();
    for (e, f) in [(e, "name"), (e, "id_no"), (tokens::new_id(NOW), "id_no")] {
        let asked = Unmasking { e, f: f.to_owned(), reason: "核对".to_owned() };
        let answer = ground.db.unmask(&clerk, &asked, &Limits::default(), NOW).await;
        assert!(matches!(answer, Err(DbError::NotFound)), "{f}");
    }
}

#[tokio::test]
async fn saved_views_are_of_an_account_and_take_the_place_of_those_before() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let worker = ground.account("worker", Role::VillageWorker, &ground.villages[..1]).await;
    let other = ground.desk(&worker).await;
    let views = |name: &str| json!([{"name": name, "words": {"due": "due"}}]);
    for (table, name) in [("ledger", "旧的"), ("recipients", "该走访的"), ("ledger", "逾期的")] {
        ground.db.keep_saved_views(&clerk, table, &views(name)).await.unwrap();
    }
    let kept = ground.db.saved_views(&clerk).await.unwrap();
    assert_eq!(
        kept,
        [("ledger".to_owned(), views("逾期的")), ("recipients".to_owned(), views("该走访的"))].into()
    );
    assert!(ground.db.saved_views(&other).await.unwrap().is_empty());
}
