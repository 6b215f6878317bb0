//! Accounts, codes, devices and sessions.

use domain::access::Role;
use sync::{
    id::{DeviceId, Inc, VaultId},
    wire::DeviceState,
};
use uuid::Uuid;

use super::{
    ground::{Ground, NOW, new_account},
    work,
};
use crate::db::{Asking, DbError, Enrolment, Factor, NewCode, NewGrant, NewSession};

const DAY_MS: i64 = 24 * 60 * 60_000;

fn code(user: &str) -> NewCode {
    NewCode { user: user.to_owned(), hash: "code".to_owned(), until: NOW + 1_000, by: None, now: NOW }
}

fn enrolment(device: u8) -> Enrolment {
    Enrolment {
        code_hash: "code".to_owned(),
        device: DeviceId([device; 16]),
        vault: VaultId([device; 8]),
        grant_hash: format!("grant {device}"),
        grant_until: NOW + DAY_MS,
        now: NOW,
    }
}

fn asking(device: u8, grant: &str, bearer: Option<&str>) -> Asking {
    let (grant, bearer) = (Some(grant.to_owned()), bearer.map(str::to_owned));
    Asking { vault: VaultId([device; 8]), grant, bearer, shared: None }
}

/// A worker with an enrolled phone.
async fn phone(ground: &Ground) -> crate::db::Account {
    let worker = ground.account("worker", Role::VillageWorker, &ground.villages[..1]).await;
    ground.db.add_code(code("worker")).await.unwrap();
    let enrolled = ground.db.enrol(enrolment(1)).await.unwrap();
    assert_eq!((enrolled.account.id, enrolled.head.epoch, enrolled.areas.len()), (worker.id, 1, 1));
    worker
}

async fn session(ground: &Ground, account: Uuid, hash: &str, now: i64) {
    let new = NewSession {
        account,
        vault: VaultId([1; 8]),
        grant_hash: Some("grant 1".to_owned()),
        session_hash: hash.to_owned(),
        device: DeviceId([9; 16]),
        factors: vec![Factor::Password],
        now,
    };
    assert_eq!(ground.db.open_session(new).await.unwrap().shared_device, None);
}

#[tokio::test]
async fn a_code_is_for_one_device_which_may_come_again_before_its_first_sync() {
    let ground = Ground::new().await;
    assert!(matches!(ground.db.add_code(code("nobody")).await, Err(DbError::NotFound)));
    phone(&ground).await;
    ground.db.enrol(enrolment(1)).await.unwrap();
    assert!(matches!(ground.db.enrol(enrolment(2)).await, Err(DbError::Login)));
    let late = Enrolment { now: NOW + 1_000, ..enrolment(1) };
    assert!(matches!(ground.db.enrol(late).await, Err(DbError::Login)), "the code has expired");
    let who = ground.db.principal(asking(1, "grant 1", None), NOW).await.unwrap();
    assert!(!who.synced && !who.session);
    ground.db.note_synced(&who, NOW).await.unwrap();
    assert!(ground.db.principal(asking(1, "grant 1", None), NOW).await.unwrap().synced);
    assert!(matches!(ground.db.enrol(enrolment(1)).await, Err(DbError::Login)), "it has synced");
}

#[tokio::test]
async fn a_session_ends_and_its_use_prolongs_the_grant() {
    let ground = Ground::new().await;
    let worker = phone(&ground).await;
    session(&ground, worker.id, "bearer", NOW).await;
    let ask = async |bearer, at: i64| ground.db.principal(asking(1, "grant 1", Some(bearer)), at).await;
    assert!(!ask("another", NOW).await.unwrap().session);
    let later = NOW + DAY_MS - 1;
    let who = ask("bearer", later).await.unwrap();
    assert!(who.session && who.role == Role::VillageWorker && who.name == "worker");
    assert!(ask("bearer", NOW + 2 * DAY_MS).await.unwrap().session, "the grant would have ended after a day");
    assert_eq!(ground.db.whereabouts(&who).await.unwrap().account.id, worker.id);
    ground.db.close_session(&who, later).await.unwrap();
    assert!(!ask("bearer", later).await.unwrap().session);
    assert!(matches!(ask("bearer", NOW + 200 * DAY_MS).await, Err(DbError::Login)));
}

#[tokio::test]
async fn a_grant_is_given_again_on_the_first_day_only() {
    let ground = Ground::new().await;
    let worker = phone(&ground).await;
    session(&ground, worker.id, "bearer", NOW).await;
    let again = |now| {
        let grant = NewGrant { hash: "other".to_owned(), until: NOW + 9 * DAY_MS };
        ground.db.renew_grant(asking(1, "lost", Some("bearer")), grant, now)
    };
    assert!(matches!(again(NOW + 2 * DAY_MS).await, Err(DbError::Login)));
    again(NOW).await.unwrap();
    ground.db.principal(asking(1, "other", None), NOW).await.unwrap();
    assert!(matches!(ground.db.principal(asking(1, "grant 1", None), NOW).await, Err(DbError::Login)));
}

#[tokio::test]
async fn a_device_is_what_the_office_says() {
    let ground = Ground::new().await;
    let worker = phone(&ground).await;
    session(&ground, worker.id, "bearer", NOW).await;
    let device = DeviceId([1; 16]).to_string();
    assert!(matches!(ground.db.set_device("00", "wipe", NOW).await, Err(DbError::NotFound)));
    assert!(matches!(ground.db.set_device(&device, "lost", NOW).await, Err(DbError::Refused(_))));
    for (state, expected) in [("readonly", DeviceState::Readonly), ("wipe", DeviceState::Wipe)] {
        ground.db.set_device(&device, state, NOW).await.unwrap();
        assert_eq!(ground.db.principal(asking(1, "grant 1", None), NOW).await.unwrap().state, expected);
    }
    ground.db.set_device(&device, "revoked", NOW).await.unwrap();
    assert!(matches!(ground.db.principal(asking(1, "grant 1", None), NOW).await, Err(DbError::Revoked)));
}

/// Found by seed 193 of the simulator on SQLite.
#[tokio::test]
async fn i19_a_device_that_is_revoked_after_its_request_was_let_in_is_told_nothing() {
    let ground = Ground::new().await;
    phone(&ground).await;
    let who = ground.db.principal(asking(1, "grant 1", None), NOW).await.unwrap();
    let hello = async || ground.db.hello(&who, Inc([1; 8]), &work::hello(None, vec![]), NOW).await;
    hello().await.unwrap();
    ground.db.set_device(&who.device.to_string(), "revoked", NOW).await.unwrap();
    let said = hello().await;
    assert!(matches!(said, Err(DbError::Revoked)), "{said:?}");
}

#[tokio::test]
async fn wrong_passwords_wait_and_a_right_one_ends_the_wait() {
    let ground = Ground::new().await;
    let worker = ground.account("worker", Role::VillageWorker, &ground.villages[..1]).await;
    assert!(ground.db.login_facts("nobody", NOW).await.unwrap().is_none());
    for _ in 0..5 {
        ground.db.login_facts("worker", NOW).await.unwrap();
        ground.db.note_wrong_password("worker", NOW).await.unwrap();
    }
    let refused = ground.db.login_facts("worker", NOW).await;
    assert!(matches!(refused, Err(DbError::SlowDown { wait_ms }) if wait_ms > 0), "{refused:?}");
    ground.desk(&worker).await;
    assert_eq!(ground.db.login_facts("worker", NOW).await.unwrap().unwrap().password_hash, "hash");
}

#[tokio::test]
async fn attempts_that_come_at_once_are_counted_before_any_is_judged() {
    let ground = Ground::new().await;
    ground.account("worker", Role::VillageWorker, &ground.villages[..1]).await;
    let attempts = (0..20).map(|_| ground.db.login_facts("worker", NOW));
    let answers = futures::future::join_all(attempts).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 5);
    ground.db.note_right_password("worker").await.unwrap();
    assert!(ground.db.login_facts("worker", NOW).await.is_ok());
}

#[tokio::test]
async fn what_fails_half_way_leaves_nothing() {
    let ground = Ground::new().await;
    let in_no_area = new_account("worker", Role::VillageWorker, &[Uuid::nil()]);
    assert!(ground.db.add_account(in_no_area, None).await.is_err());
    assert_eq!(ground.db.accounts().await.unwrap(), []);
    ground.account("worker", Role::VillageWorker, &ground.villages).await;
    let twice = new_account("worker", Role::VillageWorker, &[]);
    assert!(matches!(ground.db.add_account(twice, None).await, Err(DbError::Refused("account_exists"))));
    assert_eq!(ground.db.accounts().await.unwrap()[0].areas.len(), 2);
}

#[tokio::test]
async fn accounts_and_areas_sort_by_their_bytes() {
    let ground = Ground::new().await;
    for name in ["王", "b", "a-b", "ab", "C", "_"] {
        ground.account(name, Role::Auditor, &[]).await;
    }
    let accounts = ground.db.accounts().await.unwrap();
    let names: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
    assert_eq!(names, ["C", "_", "a-b", "ab", "b", "王"]);
    let codes: Vec<String> = ground.db.areas().await.unwrap().into_iter().map(|area| area.code).collect();
    assert_eq!(codes, ["339999", "339999100", "339999100201", "339999100202"]);
}

#[tokio::test]
async fn a_name_with_a_zero_byte_is_nobodys_or_refused() {
    let ground = Ground::new().await;
    let answer = ground.db.login_facts("wor\0ker", NOW).await;
    assert!(matches!(answer, Ok(None) | Err(DbError::BadRequest(_))), "{answer:?}");
}
