//! What the server itself writes is one changeset for each finding.

use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use sync::{authority::Standing, id::AreaId, scope::Principal, wire::Op};
use uuid::Uuid;

use super::{SqlDatabase, Standpoint, write};
use crate::{
    db::{Database, NewArea, scope, sql, store},
    keys::Keys,
    testing::{self, Folder},
    tokens,
};
use domain::access::Role;

const NOW: i64 = 1_795_400_000_000;

fn create(kind: &str, area: AreaId, parent: Option<Uuid>, f: Value) -> Op {
    let f = f.as_object().expect("an object").clone().into_iter().collect();
    Op::Create { e: tokens::new_id(NOW), kind: kind.to_owned(), area, parent, f }
}

fn id_of(op: &Op) -> Uuid {
    match op {
        Op::Create { e, .. } => *e,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_that_is_refused_is_kept_for_the_office_and_the_others_stand() {
    let folder = Folder::new();
    let config = testing::config(&folder, false);
    let (keys, _) = Keys::open_or_make(&config.key_file).unwrap();
    let db = SqlDatabase::open_sqlite(&config.database_file(), Arc::new(keys)).await.unwrap();
    let mut areas = Vec::new();
    for (code, name) in [("339999", "示范县"), ("339999100", "双桥镇"), ("339999100201", "红旗村")] {
        let new = NewArea {
            id: tokens::new_id(NOW),
            code: code.to_owned(),
            name: name.to_owned(),
            parent: None,
            now: NOW,
        };
        areas.push(AreaId(db.add_area(new).await.unwrap().id));
    }
    let mut tx = db.write().await.unwrap();
    let tree = scope::tree(&db, &mut tx).await.unwrap();
    let who = Principal {
        user: tokens::new_id(NOW),
        role: Role::VillageWorker,
        scope: tree.scope(&areas[2..]),
        home: areas[1],
    };
    let again = BTreeMap::new();
    let at = Standpoint { granted: who.role, who, standing: Standing::Active, scope_rev: 1, again, tree };
    let village = areas[2];
    // Its family is not there.
    let lost = create("need", village, Some(tokens::new_id(NOW)), json!({"kind": "N-MED", "state": "found"}));
    let case = create("case", village, None, json!({"kind": "C-RIGHT", "state": "open"}));
    let ids = [&lost, &case].map(id_of);
    write(&db, &mut tx, &at, vec![lost, case], NOW).await.unwrap();
    let made = store::by_ids(&mut tx, &ids).await.unwrap();
    assert_eq!(made.iter().map(|record| record.id).collect::<Vec<_>>(), ids[1..], "the case stands");
    let held = sql::query("SELECT body FROM record WHERE kind = 'held'").fetch_all(&mut tx).await.unwrap();
    let held: Vec<_> = held.iter().map(|row| store::record(row).unwrap()).collect();
    let [held] = held.as_slice() else { panic!("{held:?}") };
    assert_eq!((held.text("why"), held.text("state"), held.area), (Some("missing"), Some("open"), village));
    assert_eq!(held.plain("ops").unwrap()[0]["e"], json!(ids[0]), "all that was to be written is in it");
}
