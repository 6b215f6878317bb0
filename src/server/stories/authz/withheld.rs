//! A body may come long after its head: what was true of its sender then is not what is true when his deed is done.

use domain::{access::Role, list::grid::Grid};
use serde_json::json;
use std::sync::Arc;
use sync::wire::{Changeset, Op};
use uuid::Uuid;

use super::{
    ask_with,
    scene::{COUNTY, NOTICE, Scene},
};
use crate::{
    checklists::{self, PublishError},
    commands::desk,
    db::{Account, AccountChange, Caller, Database, DbError, Factor, NewSession, StaffAct},
    list_import::{self, ImportError},
    plant,
    rights::{Door, Operation},
    stories::client::{Browser, id},
    tokens,
};

/// A new account of the county.
async fn account(scene: &Scene, role: Role) -> Account {
    let name = scene.new_name();
    scene.office.add_account(&name, role.word(), &[COUNTY]).await;
    let accounts = scene.office.app.db.accounts().await.unwrap();
    accounts.into_iter().find(|account| account.name == name).unwrap()
}

/// Its session at a shared PC, without the password that costs so much time.
async fn at_a_desk(scene: &Scene, account: &Account) -> Browser {
    let mut desk = scene.office.browser();
    let token = tokens::new_token();
    let new = NewSession {
        account: account.id,
        vault: desk.vault.parse().unwrap(),
        grant_hash: None,
        session_hash: tokens::token_hash(&token),
        device: desk.device.parse().unwrap(),
        factors: vec![Factor::Password],
        now: scene.office.clock.now(),
    };
    scene.office.app.db.open_session(new).await.unwrap();
    desk.cookies.push(format!("__Host-s-{}={token}", desk.vault));
    desk.user = account.id.to_string();
    desk
}

async fn give_role(db: &dyn Database, name: &str, role: Role, now: i64) {
    let change =
        AccountChange { name: name.to_owned(), areas: None, role: Some(role), password_hash: None, now };
    db.change_account(change).await.unwrap();
}

#[tokio::test]
async fn no_operation_is_done_for_a_role_that_was_lost_while_the_body_was_on_its_way() {
    // The first two are refused for their password, whoever asks; of the next two the office reads and keeps nothing; bodies of the others are
    // workbooks, which only the program itself reads.
    const OTHERS: [Operation; 8] = [
        Operation::ChangePassword,
        Operation::EndOwnSession,
        Operation::ReadSheet,
        Operation::ReadSponsorSheet,
        Operation::PreviewImport,
        Operation::PublishChecklist,
        Operation::ReadStandardsSheet,
        Operation::JudgeStaffSheet,
    ];
    let scene = Scene::new().await;
    let target = scene.target_in(COUNTY);
    let mut count = 0;
    for operation in Operation::ALL.iter().filter(|operation| !OTHERS.contains(operation)) {
        let declared = operation.declared();
        let Door::Session(roles) = declared.door else { continue };
        let usual = [Role::CountyClerk, Role::CountyLead, Role::Admin, Role::Auditor];
        let role = usual.into_iter().find(|role| roles.contains(role)).unwrap();
        let account = account(&scene, role).await;
        let who = at_a_desk(&scene, &account).await;
        let (db, now, asked) = (Arc::clone(&scene.office.app.db), scene.office.clock.now(), Arc::default());
        let reached: Arc<std::sync::atomic::AtomicBool> = Arc::clone(&asked);
        let withheld = move |text: String| {
            let late = async move {
                asked.store(true, std::sync::atomic::Ordering::Relaxed);
                give_role(db.as_ref(), &account.name, Role::VillageWorker, now).await;
                Ok::<_, std::io::Error>(text)
            };
            axum::body::Body::from_stream(futures::stream::once(late))
        };
        let answer = ask_with(&scene, *operation, &who, target, withheld).await;
        // What reads no body is done as soon as its head has come.
        if reached.load(std::sync::atomic::Ordering::Relaxed) {
            assert_eq!(
                (answer.status.as_u16(), &answer.json()["err"]),
                (401, &json!("login")),
                "{operation:?}"
            );
            count += 1;
        }
    }
    assert!(count >= 24, "{count} operations have a body");
}

/// Whoever was something else when his request began.
async fn stale(scene: &Scene, role: Role) -> Caller {
    let account = account(scene, role).await;
    let now = scene.office.clock.now();
    let caller = desk::open(scene.office.app.db.as_ref(), &account, now).await.unwrap();
    give_role(scene.office.app.db.as_ref(), &account.name, Role::VillageWorker, now).await;
    caller
}

#[tokio::test]
async fn what_needs_no_body_is_judged_in_its_transaction_too() {
    let scene = Scene::new().await;
    let (app, now, target) = (&scene.office.app, scene.office.clock.now(), scene.target_in(COUNTY));
    let is_out = |done: Result<(), DbError>, what: &str| {
        assert!(matches!(done, Err(DbError::Login)), "{what}: {done:?}")
    };
    let (lead, admin, clerk) = (
        stale(&scene, Role::CountyLead).await,
        stale(&scene, Role::Admin).await,
        stale(&scene, Role::CountyClerk).await,
    );
    is_out(app.db.approve_notice(Some(&lead), NOTICE, now).await, "approve_notice");
    is_out(app.db.approve_export(&lead, target.asked, now).await, "approve_export");
    is_out(app.db.refuse_export(&lead, target.asked, "不同意", now).await, "refuse_export");
    is_out(app.db.note_of(&lead, "retention", json!({}), now).await, "retention");
    let account: Uuid = target.account.parse().unwrap();
    for act in [StaffAct::End { account }, StaffAct::Resume { account }, StaffAct::ForgetFactor { account }] {
        is_out(app.db.staff_act(&admin, act, now).await.map(drop), "staff");
    }
    let import = app.db.kept_import(&clerk, id()).await.map(drop);
    is_out(import, "kept_import");
    is_out(app.db.imports(&clerk).await.map(drop), "imports");
    is_out(app.db.left_import(&clerk, id()).await.map(drop), "left_import");
    is_out(app.db.undo_import(&clerk, target.imported, false, now).await.map(drop), "undo_import");
    let preview =
        list_import::preview(app, &clerk, &target.area, "list.xlsx".to_owned(), Grid::default()).await;
    assert!(matches!(preview, Err(ImportError::Db(DbError::Login))), "{preview:?}");
    let create = Op::Create {
        e: id(),
        kind: "recipient".to_owned(),
        area: target.area.parse().unwrap(),
        parent: None,
        f: serde_json::Map::new().into_iter().collect(),
    };
    let changeset =
        Changeset { id: id(), schema: 1, t: now, t_contact: now, author: clerk.account, ops: vec![create] };
    is_out(plant::plant(&app.db, &clerk, &[changeset], now).await.map(drop), "plant");
    let template = domain::checklist::builtin("MERIT").unwrap().template().clone();
    let published = checklists::publish(app, &clerk, template, "merit.xlsx").await;
    assert!(matches!(published, Err(PublishError::Db(DbError::Login))), "{published:?}");
    // Who was ended, logged out or whose device was revoked does nothing either.
    let account = self::account(&scene, Role::CountyLead).await;
    let out = desk::open(app.db.as_ref(), &account, now).await.unwrap();
    app.db.close_session(&out, now).await.unwrap();
    let done = app.db.approve_notice(Some(&out), NOTICE, now).await;
    assert!(matches!(done, Err(DbError::Login | DbError::Revoked)), "{done:?}");
    let notices = app.db.notices().await.unwrap();
    assert!(notices.iter().any(|one| one.version == NOTICE && one.approved_at.is_none()), "{notices:?}");
}
