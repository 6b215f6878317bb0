//! What is durable, the new epoch after a restore, and pushes that come in a file.

use domain::access::Role;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use sync::{
    id::{BlobHash, DeviceId, Inc, VaultId},
    rev::Rev,
    wire::{PushAnswer, PushRequest, VerdictState, Witness},
};

use super::{
    ground::{Ground, NOW, changeset, family},
    work::{actions, blob, chain, hello},
};
use crate::{
    db::{
        BackupContent, BlobRow, Caller, DbError, Enrolment, Mark, NewCode, NewSession, Reopening,
        VerifiedBackup,
    },
    testing::Folder,
};

const INC: Inc = Inc([1; 8]);

fn backup(name: &str, made_at: i64, audit: Witness, marks: &[(&Caller, u64)]) -> BackupContent {
    let mark = |(who, last): &(&Caller, u64)| Mark { device: who.device, inc: INC, last: *last };
    BackupContent {
        backup: VerifiedBackup {
            name: name.to_owned(),
            made_at,
            verified_at: NOW + 1_000,
            head: Rev::new(1, 2),
        },
        audit,
        marks: marks.iter().map(mark).collect(),
        photos: BTreeSet::new(),
    }
}

/// A clerk who has pushed two changesets, and these.
async fn pushed(ground: &Ground) -> (Caller, [Value; 2]) {
    let clerk = ground.clerk().await;
    let texts = [0, 1].map(|n| family(&clerk, ground.villages[n]).1);
    let receipt = ground.push(&clerk, INC, 1, &texts).await.unwrap();
    assert_eq!((receipt.acked, receipt.durable), (2, 0));
    (clerk, texts)
}

/// What hello calls durable, with the id.
async fn durable(ground: &Ground, who: &Caller) -> (u64, Option<String>) {
    let answer = ground.db.hello(who, INC, &hello(None, vec![]), NOW).await.unwrap();
    (answer.durable, answer.id_at_durable.map(|id| id.to_string()))
}

async fn audit_head(ground: &Ground, who: &Caller) -> Witness {
    ground.db.hello(who, INC, &hello(None, vec![]), NOW).await.unwrap().audit
}

fn named(text: &Value) -> Option<String> {
    text["id"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn only_what_a_verified_backup_contains_is_durable() {
    let ground = Ground::new().await;
    let (clerk, texts) = pushed(&ground).await;
    assert_eq!(durable(&ground, &clerk).await, (0, None));
    assert_eq!(ground.db.last_backup().await.unwrap(), None);
    let audit = audit_head(&ground, &clerk).await;

    let first = backup("first", NOW, audit.clone(), &[(&clerk, 1)]);
    ground.db.note_backup(first.clone()).await.unwrap();
    assert_eq!(durable(&ground, &clerk).await, (1, named(&texts[0])));
    assert_eq!(ground.db.last_backup().await.unwrap(), Some(first.backup));

    ground.db.note_backup(backup("second", NOW + 1, audit.clone(), &[(&clerk, 2)])).await.unwrap();
    assert_eq!(durable(&ground, &clerk).await, (2, named(&texts[1])));
    let third = family(&clerk, ground.villages[0]).1;
    let receipt = ground.push(&clerk, INC, 3, &[third]).await.unwrap();
    assert_eq!((receipt.acked, receipt.durable), (3, 2));

    // Checked again later than the second: it goes back nowhere.
    ground.db.note_backup(backup("first", NOW, audit, &[(&clerk, 1)])).await.unwrap();
    assert_eq!(durable(&ground, &clerk).await, (2, named(&texts[1])));
    assert_eq!(ground.db.last_backup().await.unwrap().unwrap().name, "second");
}

#[tokio::test]
async fn i21_a_photo_is_durable_once_a_verified_backup_contains_it() {
    let ground = Ground::new().await;
    let (clerk, _) = pushed(&ground).await;
    let audit = audit_head(&ground, &clerk).await;
    let photo = |n: u8, state: &str| BlobRow { hash: BlobHash([n; 32]), ..blob(&clerk, state, 100) };
    for (n, state) in [(1, "verified"), (2, "verified"), (3, "complete")] {
        ground.db.blob_put(photo(n, state)).await.unwrap();
    }
    let said = async || {
        let ask = [1, 2, 3].map(|n| BlobHash([n; 32])).to_vec();
        let answer = ground.db.hello(&clerk, INC, &hello(None, ask), NOW).await.unwrap();
        answer.blobs.unwrap().into_values().map(|state| state.durable).collect::<Vec<_>>()
    };
    ground.db.note_backup(backup("none", NOW, audit.clone(), &[])).await.unwrap();
    assert_eq!(said().await, [false, false, false]);
    let photos = BTreeSet::from([1, 3].map(|n| BlobHash([n; 32])));
    let with_photos = BackupContent { photos, ..backup("first", NOW + 1, audit.clone(), &[]) };
    ground.db.note_backup(with_photos).await.unwrap();
    assert_eq!(said().await, [true, false, false], "what was not verified is in no backup");
    ground.db.note_backup(backup("none", NOW + 2, audit, &[])).await.unwrap();
    assert_eq!(said().await, [true, false, false], "an older backup takes nothing back");

    let lost_photos = BTreeSet::from([BlobHash([1; 32])]);
    let reopening = Reopening { epoch: 2, backup: "first".to_owned(), lost_photos, now: NOW + 5 };
    ground.db.reopen(reopening).await.unwrap();
    assert_eq!(ground.db.blob_find(BlobHash([1; 32])).await.unwrap(), None, "its phone is asked for it");
    assert!(ground.db.blob_find(BlobHash([2; 32])).await.unwrap().is_some());
}

#[tokio::test]
async fn another_history_makes_nothing_durable() {
    let ground = Ground::new().await;
    let (clerk, _) = pushed(&ground).await;
    let audit = audit_head(&ground, &clerk).await;
    let foreign =
        [Witness { h: "0".repeat(64), ..audit.clone() }, Witness { n: audit.n + 100, ..audit.clone() }];
    for audit in foreign {
        let refused = ground.db.note_backup(backup("foreign", NOW, audit, &[(&clerk, 2)])).await;
        assert!(matches!(refused, Err(DbError::Refused("backup_foreign"))), "{refused:?}");
    }
    assert_eq!(ground.db.last_backup().await.unwrap(), None);
    // Numbers that were never accepted here.
    ground.db.note_backup(backup("ahead", NOW, audit, &[(&clerk, 9)])).await.unwrap();
    assert_eq!(durable(&ground, &clerk).await, (0, None));
}

#[tokio::test]
async fn what_came_back_from_a_backup_is_a_new_epoch() {
    let ground = Ground::new().await;
    let (clerk, _) = pushed(&ground).await;
    let before = ground.db.hello(&clerk, INC, &hello(None, vec![]), NOW).await.unwrap();
    ground.db.blob_put(blob(&clerk, "partial", 48)).await.unwrap();
    let reopening =
        |epoch| Reopening { epoch, backup: "first".to_owned(), lost_photos: BTreeSet::new(), now: NOW + 5 };
    assert!(matches!(ground.db.reopen(reopening(1)).await, Err(DbError::Damaged("epoch"))));

    ground.db.reopen(reopening(4)).await.unwrap();
    let after = ground.db.hello(&clerk, INC, &hello(None, vec![]), NOW).await.unwrap();
    assert_eq!((after.epoch, after.acked, after.id_at_acked), (4, 2, before.id_at_acked));
    assert!(after.scope_rev > before.scope_rev + 1_000, "no phone has seen it: {}", after.scope_rev);
    let partial = blob(&clerk, "partial", 48);
    assert_eq!(ground.db.blob_find(partial.hash).await.unwrap(), None, "its phone begins again");
    assert!(actions(&chain(&ground).await).contains(&"restore"));

    let third = family(&clerk, ground.villages[0]).1;
    let receipt = ground.push(&clerk, INC, 3, &[third]).await.unwrap();
    assert_eq!(receipt.results[0].rev, Some(Rev::new(4, 3)));
    assert!(matches!(ground.db.reopen(reopening(4)).await, Err(DbError::Damaged("epoch"))));
}

/// A worker's phone.
async fn phone(ground: &Ground) -> Caller {
    ground.account("worker", Role::VillageWorker, &ground.villages[..1]).await;
    let new =
        NewCode { user: "worker".to_owned(), hash: "code".to_owned(), until: NOW + 1, by: None, now: NOW };
    ground.db.add_code(new).await.unwrap();
    let (device, vault) = (DeviceId([1; 16]), VaultId([1; 8]));
    let enrolment = Enrolment {
        code_hash: "code".to_owned(),
        device,
        vault,
        grant_hash: "grant".to_owned(),
        grant_until: NOW + 1_000,
        now: NOW,
    };
    ground.db.enrol(enrolment).await.unwrap();
    let asking = crate::db::Asking { vault, grant: Some("grant".to_owned()), bearer: None, shared: None };
    ground.db.principal(asking, NOW).await.unwrap()
}

#[tokio::test]
async fn what_a_revoked_device_brings_in_a_file_is_held_and_known_again() {
    let ground = Ground::new().await;
    let phone = phone(&ground).await;
    let (e, first) = family(&phone, ground.villages[0]);
    let rename =
        changeset(&phone, json!([{"op": "set", "e": e, "f": "name", "v": "李小伟", "base": {"fv": "1.1"}}]));
    let request = |text: &Value, first_seq| PushRequest {
        first_seq,
        prev_id: None,
        key: None,
        changesets: vec![serde_json::value::to_raw_value(text).unwrap()],
        drafts: Vec::new(),
    };
    let rescued = async |request: PushRequest| match ground
        .db
        .push_rescued(phone.device, INC, &request, None, NOW)
        .await
        .unwrap()
    {
        PushAnswer::Receipt(receipt) => receipt.results[0].st,
        PushAnswer::Error(error) => panic!("{error:?}"),
    };
    assert_eq!(rescued(request(&first, 1)).await, VerdictState::Applied);
    ground.db.set_device(&phone.device.to_string(), "revoked", NOW).await.unwrap();
    let over_the_line = ground.db.push(&phone, INC, &request(&rename, 2), NOW).await;
    assert!(matches!(over_the_line, Err(DbError::Revoked)));
    assert_eq!(rescued(request(&rename, 2)).await, VerdictState::Held);
    assert_eq!(rescued(request(&rename, 2)).await, VerdictState::Duplicate);
    assert_eq!(rescued(request(&first, 1)).await, VerdictState::Duplicate);
}

#[tokio::test]
async fn the_user_of_a_device_is_named_to_his_own_office_only() {
    let ground = Ground::new().await;
    let phone = phone(&ground).await;
    let clerk = ground.clerk().await;
    let next_door = ground.account("other", Role::TownshipClerk, &ground.villages[1..]).await;
    let next_door = ground.desk(&next_door).await;
    let user = async |device, by: Option<&Caller>| ground.db.device_user(device, by).await;
    assert!(matches!(user(phone.device, None).await, Err(DbError::NotFound)), "nobody has logged in with it");
    let new = NewSession {
        account: phone.account,
        vault: VaultId([1; 8]),
        grant_hash: Some("grant".to_owned()),
        session_hash: "session".to_owned(),
        device: phone.device,
        factors: Vec::new(),
        now: NOW,
    };
    ground.db.open_session(new).await.unwrap();
    assert_eq!(user(phone.device, None).await.unwrap(), "worker");
    assert_eq!(user(phone.device, Some(&clerk)).await.unwrap(), "worker");
    assert!(matches!(user(phone.device, Some(&next_door)).await, Err(DbError::NotFound)));
    assert!(matches!(user(DeviceId([9; 16]), None).await, Err(DbError::NotFound)));
}

#[tokio::test]
async fn a_database_is_copied_into_a_new_file_or_says_that_it_has_tools_of_its_own() {
    let ground = Ground::new().await;
    let folder = Folder::new();
    let file = folder.path().join("copy.db");
    match ground.db.copy_into(&file).await {
        Ok(()) => {
            assert!(file.exists());
            assert!(ground.db.copy_into(&file).await.is_err(), "nothing is written over");
        }
        Err(DbError::Refused("backup_unsupported")) => assert!(!file.exists()),
        Err(other) => panic!("{other:?}"),
    }
}
