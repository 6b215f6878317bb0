//! An office to test on: a county, a township, two villages, and people of each.

use domain::access::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use sync::{
    id::{AreaId, Inc},
    rev::Rev,
    wire::{Changeset, PullAnswer, PullPage, PullRequest, PushAnswer, PushReceipt, PushRequest},
};
use uuid::Uuid;

use crate::{
    clock::Clock,
    commands::desk,
    config::Config,
    db::{Account, Caller, DbError, NewAccount, NewArea, SharedDatabase},
    folder,
    testing::{self, Folder},
    tokens,
};

pub(super) const NOW: i64 = 1_795_400_000_000;

pub(super) struct Ground {
    pub(super) db: SharedDatabase,
    pub(super) town: Uuid,
    pub(super) villages: [Uuid; 2],
    _folder: Folder,
}

impl Ground {
    pub(super) async fn new() -> Ground {
        let folder = Folder::new();
        let config = testing::config(&folder, false);
        Ground::on(folder, config).await
    }

    pub(super) async fn on(folder: Folder, config: Config) -> Ground {
        std::fs::create_dir_all(&config.data_dir).unwrap();
        let (app, _) = folder::open(config, Clock::default()).await.unwrap();
        let db = app.db.clone();
        area(&db, "339999", "示范县").await;
        let town = area(&db, "339999100", "双桥镇").await;
        let villages = [area(&db, "339999100201", "红旗村").await, area(&db, "339999100202", "石桥村").await];
        Ground { db, town, villages, _folder: folder }
    }

    pub(super) async fn account(&self, name: &str, role: Role, areas: &[Uuid]) -> Account {
        self.db.add_account(new_account(name, role, areas), None).await.unwrap()
    }

    /// Somebody at a shared PC.
    pub(super) async fn desk(&self, account: &Account) -> Caller {
        desk::open(self.db.as_ref(), account, NOW).await.unwrap()
    }

    /// The clerk of the township at a shared PC.
    pub(super) async fn clerk(&self) -> Caller {
        let account = self.account("clerk", Role::TownshipClerk, &[self.town]).await;
        self.desk(&account).await
    }

    pub(super) async fn push(
        &self,
        who: &Caller,
        inc: Inc,
        first_seq: u64,
        texts: &[Value],
    ) -> Result<PushReceipt, DbError> {
        let changesets = texts.iter().map(|text| serde_json::value::to_raw_value(text).unwrap()).collect();
        let request = PushRequest { first_seq, prev_id: None, key: None, changesets, drafts: Vec::new() };
        match self.db.push(who, inc, &request, NOW).await? {
            PushAnswer::Receipt(receipt) => Ok(receipt),
            PushAnswer::Error(error) => panic!("{error:?}"),
        }
    }

    /// One page from these cursors.
    pub(super) async fn page(&self, who: &Caller, cur: &Cursors, page_bytes: usize) -> PullPage {
        match self.db.pull(who, &pull(cur, page_bytes)).await.unwrap() {
            PullAnswer::Page(page) => page,
            PullAnswer::Error(error) => panic!("{error:?}"),
        }
    }
}

pub(super) type Cursors = BTreeMap<AreaId, Rev>;

/// A pull from these cursors, of the first epoch and the first scope.
pub(super) fn pull(cur: &Cursors, page_bytes: usize) -> PullRequest {
    PullRequest { epoch: 1, scope_rev: 1, cur: cur.clone(), since: cur.clone(), page_bytes }
}

pub(super) fn new_account(name: &str, role: Role, areas: &[Uuid]) -> NewAccount {
    NewAccount {
        id: tokens::new_id(NOW),
        name: name.to_owned(),
        role,
        password_hash: "hash".to_owned(),
        areas: areas.to_vec(),
        now: NOW,
    }
}

async fn area(db: &SharedDatabase, code: &str, name: &str) -> Uuid {
    let new = NewArea {
        id: tokens::new_id(NOW),
        code: code.to_owned(),
        name: name.to_owned(),
        parent: None,
        now: NOW,
    };
    db.add_area(new).await.unwrap().id
}

/// A changeset of these operations.
pub(super) fn changeset(who: &Caller, ops: Value) -> Value {
    let text = json!({
        "id": tokens::new_id(NOW), "schema": 1, "t": NOW, "t_contact": NOW, "author": who.account, "ops": ops,
    });
    let _: Changeset = serde_json::from_value(text.clone()).unwrap();
    text
}

/// A family in a village, and its changeset.
pub(super) fn family(who: &Caller, village: Uuid) -> (Uuid, Value) {
    let e = tokens::new_id(NOW);
    let ops = json!([{"op": "create", "e": e, "type": "recipient", "area": village, "f": {"name": "李伟"}}]);
    (e, changeset(who, ops))
}
