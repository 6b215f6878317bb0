//! Push and pull: what goes in comes out, in order, once, and to whom it is meant for.

use domain::access::Role;
use serde_json::json;
use std::collections::BTreeSet;
use sync::{
    digest::area_digest,
    id::{AreaId, DeviceId, Inc},
    rev::Rev,
    wire::{PullAnswer, VerdictState},
};
use uuid::Uuid;

use super::ground::{Cursors, Ground, NOW, changeset, family, pull};
use crate::{
    db::{AccountChange, Caller, DbError, SharedDatabase},
    ledger::Ledger,
};

async fn families(ground: &Ground, clerk: &Caller, inc: Inc, count: usize) -> Vec<Uuid> {
    let made: Vec<_> = (0..count).map(|at| family(clerk, ground.villages[at % 2])).collect();
    let (ids, texts): (Vec<_>, Vec<_>) = made.into_iter().unzip();
    let receipt = ground.push(clerk, inc, 1, &texts).await.unwrap();
    assert!(receipt.results.iter().all(|verdict| verdict.st == VerdictState::Applied));
    ids
}

#[tokio::test]
async fn pages_come_in_order_of_revs_and_end_with_the_digest_of_every_area() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let made = families(&ground, &clerk, Inc([1; 8]), 600).await;
    let (mut cur, mut seen, mut pages) = (Cursors::new(), Vec::new(), 0);
    let last = loop {
        let page = ground.page(&clerk, &cur, 4096).await;
        assert!(page.rows.is_sorted_by(|a, b| a.rev < b.rev), "each changeset has a rev of its own");
        seen.extend(page.rows.iter().map(|row| (row.e, row.rev, row.area)));
        (cur, pages) = (page.cur.clone(), pages + 1);
        if !page.more {
            break page;
        }
    };
    assert!(pages > 3, "{pages}");
    assert_eq!(
        seen.iter().map(|(e, ..)| *e).collect::<Vec<_>>(),
        made,
        "in the order of their writing, once"
    );
    assert_eq!(last.head, Rev::new(1, 600));
    let digests = last.digest.unwrap();
    for village in ground.villages.map(AreaId) {
        let mut rows: Vec<_> =
            seen.iter().filter(|row| row.2 == village).map(|(e, rev, _)| (*e, *rev)).collect();
        rows.sort_unstable();
        assert_eq!(digests[&village], area_digest(rows));
    }
    assert_eq!(ground.page(&clerk, &cur, 4096).await.rows, []);
}

#[tokio::test]
async fn a_changed_area_has_another_digest_and_the_others_keep_theirs() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let made = families(&ground, &clerk, Inc([1; 8]), 4).await;
    let digests = async || ground.page(&clerk, &Cursors::new(), 65_536).await.digest.unwrap();
    let before = digests().await;
    assert_eq!(digests().await, before);
    let set = json!([{"op": "set", "e": made[0], "f": "name", "v": "王强", "base": {"fv": "1.1"}}]);
    ground.push(&clerk, Inc([1; 8]), 5, &[changeset(&clerk, set)]).await.unwrap();
    let after = digests().await;
    let [changed, other] = ground.villages.map(AreaId);
    assert_ne!(before[&changed], after[&changed]);
    assert_eq!(before[&other], after[&other]);
}

#[tokio::test]
async fn a_family_that_moves_leaves_an_exit_and_comes_whole_to_its_new_village() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let made = families(&ground, &clerk, Inc([1; 8]), 2).await;
    let cur = ground.page(&clerk, &Cursors::new(), 65_536).await.cur;
    let [from, to] = ground.villages.map(AreaId);
    let moved = json!([{"op": "move", "e": made[0], "area": to, "base": {"fv": "1.1"}}]);
    ground.push(&clerk, Inc([1; 8]), 3, &[changeset(&clerk, moved)]).await.unwrap();
    let page = ground.page(&clerk, &cur, 65_536).await;
    let exit = page.rows.iter().find(|row| row.x.is_some()).unwrap();
    assert_eq!((exit.e, exit.area, exit.rev), (made[0], from, Rev::new(1, 3)));
    let row = page.rows.iter().find(|row| row.x.is_none()).unwrap();
    assert_eq!((row.e, row.area, row.full), (made[0], to, true));
    assert!(page.digest.unwrap()[&from].n == 0);
    let fresh = ground.page(&clerk, &Cursors::new(), 65_536).await;
    assert!(fresh.rows.iter().all(|row| row.x.is_none()), "who begins at zero needs no exits");
}

#[tokio::test]
async fn what_is_pushed_twice_takes_effect_once_under_any_number() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let (_, text) = family(&clerk, ground.villages[0]);
    let first = ground.push(&clerk, Inc([1; 8]), 1, std::slice::from_ref(&text)).await.unwrap();
    let again = ground.push(&clerk, Inc([1; 8]), 1, std::slice::from_ref(&text)).await.unwrap();
    let renumbered = ground.push(&clerk, Inc([2; 8]), 1, &[text]).await.unwrap();
    assert_eq!(first.results[0].st, VerdictState::Applied);
    for receipt in [again, renumbered] {
        assert_eq!(
            (receipt.results[0].st, receipt.results[0].rev),
            (VerdictState::Duplicate, first.results[0].rev)
        );
    }
    assert_eq!(ground.page(&clerk, &Cursors::new(), 65_536).await.head, Rev::new(1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn pushes_at_the_same_moment_get_revs_without_gaps() {
    const DEVICES: usize = 6;
    const PUSHES: u64 = 10;
    let ground = std::sync::Arc::new(Ground::new().await);
    let account = ground.account("clerk", Role::TownshipClerk, &[ground.town]).await;
    let mut pushing = Vec::new();
    for _ in 0..DEVICES {
        let (ground, who) = (ground.clone(), ground.desk(&account).await);
        pushing.push(tokio::spawn(async move {
            let mut revs = Vec::new();
            for seq in 1..=PUSHES {
                let (_, text) = family(&who, ground.villages[0]);
                revs.push(
                    ground.push(&who, Inc([1; 8]), seq, &[text]).await.unwrap().results[0].rev.unwrap(),
                );
            }
            assert!(revs.is_sorted());
            revs
        }));
    }
    let mut revs = BTreeSet::new();
    for device in pushing {
        revs.extend(device.await.unwrap());
    }
    let all = DEVICES as u64 * PUSHES;
    assert_eq!(revs, (1..=all).map(|n| Rev::new(1, n)).collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_fails_takes_none_of_those_beside_it_with_it() {
    let ground = std::sync::Arc::new(Ground::new().await);
    let account = ground.account("clerk", Role::TownshipClerk, &[ground.town]).await;
    let mut pushing = Vec::new();
    for at in 0..12 {
        let (ground, mut who) = (ground.clone(), ground.desk(&account).await);
        let is_unknown = at % 3 == 0;
        if is_unknown {
            who.device = DeviceId([at; 16]);
        }
        pushing.push(tokio::spawn(async move {
            let (_, text) = family(&who, ground.villages[0]);
            (is_unknown, ground.push(&who, Inc([1; 8]), 1, &[text]).await)
        }));
    }
    for device in pushing {
        let (is_unknown, said) = device.await.unwrap();
        assert_eq!(matches!(said, Err(DbError::Login)), is_unknown, "{said:?}");
    }
    let clerk = ground.desk(&account).await;
    assert_eq!(ground.page(&clerk, &Cursors::new(), 65_536).await.head, Rev::new(1, 8));
}

/// A villager's worker and what he is shown.
async fn worker(ground: &Ground) -> Caller {
    let account = ground.account("worker", Role::VillageWorker, &ground.villages[..1]).await;
    ground.desk(&account).await
}

#[tokio::test]
async fn nobody_is_shown_another_village_but_what_he_wrote_there_himself() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let made = families(&ground, &clerk, Inc([1; 8]), 2).await;
    let worker = worker(&ground).await;
    let foreign =
        json!([{"op": "set", "e": made[1], "f": "mobile", "v": "13900000000", "base": {"fv": "0.0"}}]);
    let held = ground.push(&worker, Inc([3; 8]), 1, &[changeset(&worker, foreign)]).await.unwrap();
    assert_eq!(held.results[0].st, VerdictState::Held);
    let page = ground.page(&worker, &Cursors::from([(AreaId::OWN, Rev::ZERO)]), 65_536).await;
    let seen: BTreeSet<Uuid> = page.rows.iter().map(|row| row.e).collect();
    assert!(seen.contains(&made[0]) && !seen.contains(&made[1]), "{seen:?}");
    assert!(page.rows.iter().any(|row| row.kind.as_deref() == Some("held")), "{:?}", page.rows);
}

#[tokio::test]
async fn a_scope_that_changed_is_announced_and_a_new_area_reaches_whoever_stands_above() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let request = pull(&Cursors::new(), 65_536);
    let new = crate::db::NewArea {
        id: crate::tokens::new_id(NOW),
        code: String::new(),
        name: "桃花社区".to_owned(),
        parent: Some(ground.town),
        now: NOW,
    };
    let made = ground.db.add_area(new).await.unwrap();
    let PullAnswer::Error(sync::wire::PullError::Scope { scope_rev, areas }) =
        ground.db.pull(&clerk, &request).await.unwrap()
    else {
        panic!("the scope has grown")
    };
    assert_eq!(scope_rev, 2);
    assert!(areas.iter().any(|node| node.id == AreaId(made.id)));
    assert!(ground.db.scope_areas(&clerk).await.unwrap().contains(&made.id));
}

#[tokio::test]
async fn the_office_reads_its_records_its_ledger_and_its_tables() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let made = families(&ground, &clerk, Inc([1; 8]), 3).await;
    let records = ground.db.office_records(&clerk, &["recipient"]).await.unwrap();
    assert_eq!(
        records.iter().map(|record| record.id).collect::<BTreeSet<_>>(),
        made.iter().copied().collect()
    );
    assert_eq!(ground.db.office_records(&clerk, &["visit", "need"]).await.unwrap(), []);
    let of = |village| (Ledger::Roster, village);
    let sources = ground.db.sources(&clerk, of(Some(ground.villages[0])), false).await.unwrap();
    assert_eq!((sources.records.len(), sources.places.len()), (2, 1));
    let page = list(&ground.db, &clerk, "recipients").await.unwrap();
    assert_eq!(page.rows, [[json!("红旗村"), json!(2)], [json!("石桥村"), json!(1)]]);
    let worker = worker(&ground).await;
    assert!(matches!(ground.db.office_records(&worker, &["recipient"]).await, Err(DbError::Forbidden)));
    let with_a_checklist = ground.db.office_records(&worker, &["checklist_template", "recipient"]).await;
    assert!(matches!(with_a_checklist, Err(DbError::Forbidden)));
    assert_eq!(ground.db.office_records(&worker, &["checklist_template"]).await.unwrap(), []);
    assert!(matches!(ground.db.sources(&worker, of(None), false).await, Err(DbError::Forbidden)));
    assert!(matches!(ground.db.supervised(&worker).await, Err(DbError::Forbidden)));
    assert!(matches!(list(&ground.db, &clerk, "nonsense").await, Err(DbError::NotFound)));
}

async fn list(db: &SharedDatabase, who: &Caller, name: &str) -> Result<crate::db::ListPage, DbError> {
    let query = crate::db::ListQuery { name: name.to_owned(), ..Default::default() };
    db.list(who, &query).await
}

#[tokio::test]
async fn another_role_sees_all_its_areas_again() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let change = AccountChange {
        name: "clerk".to_owned(),
        areas: None,
        role: Some(Role::CountyClerk),
        password_hash: None,
        now: NOW,
    };
    let changed = ground.db.change_account(change).await.unwrap();
    assert_eq!((changed.role, changed.scope_rev, changed.areas.len()), (Role::CountyClerk, 2, 1));
    let request = pull(&Cursors::new(), 65_536);
    let stale = ground.db.pull(&clerk, &request).await;
    assert!(matches!(stale, Err(DbError::Login)), "he logs in anew: {stale:?}");
    let clerk = ground.desk(&changed).await;
    let answer = ground.db.pull(&clerk, &request).await.unwrap();
    let PullAnswer::Error(sync::wire::PullError::Scope { areas, .. }) = answer else {
        panic!("the view changed")
    };
    assert!(areas.iter().all(|node| node.again));
}

#[tokio::test]
async fn what_was_merged_is_taken_apart_again_with_what_came_along() {
    let ground = Ground::new().await;
    let clerk = ground.clerk().await;
    let inc = Inc([1; 8]);
    let [from, into] = families(&ground, &clerk, inc, 2).await.try_into().unwrap();
    let visit = |e: Uuid, parent: Uuid| json!({"op": "create", "e": e, "type": "visit", "area": ground.villages[0], "parent": parent, "f": {"kind": "follow_up"}});
    let [came, was_there] = [7, 8].map(|n| Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n));
    let visits = changeset(&clerk, json!([visit(came, from), visit(was_there, into)]));
    let op =
        |word: &str| changeset(&clerk, json!([{"op": word, "from": from, "into": into, "reason": "同一人"}]));
    let receipt = ground.push(&clerk, inc, 3, &[visits, op("merge")]).await.unwrap();
    assert!(receipt.results.iter().all(|verdict| verdict.st == VerdictState::Applied), "{receipt:?}");
    let told = ground.db.history(&clerk, into, NOW).await.unwrap();
    let merge = told.iter().find(|line| line.word == "merge").unwrap();
    assert!(merge.is_current && merge.save.is_some(), "{merge:?}");
    assert_eq!(merge.merged.as_ref().map(|merged| (merged.from, merged.into)), Some((from, into)));
    let first = merge.save;
    let before = ground.page(&clerk, &Cursors::new(), 1 << 20).await;
    let receipt = ground.push(&clerk, inc, 5, &[op("unmerge"), op("unmerge")]).await.unwrap();
    assert!(receipt.results.iter().all(|verdict| verdict.st == VerdictState::Applied), "{receipt:?}");
    let page = ground.page(&clerk, &before.cur, 1 << 20).await;
    let mut back: Vec<_> =
        page.rows.iter().filter(|row| row.full).map(|row| (row.e, row.parent, row.area)).collect();
    back.sort();
    let home = AreaId(ground.villages[0]);
    let mut expected = [(from, None, home), (came, Some(from), home)];
    expected.sort();
    assert_eq!(back, expected, "a living file stays as it is, and so does what was there");
    let left: Vec<_> = page.rows.iter().filter(|row| row.x.is_some()).map(|row| (row.e, row.area)).collect();
    assert_eq!(left, [(came, AreaId(ground.villages[1]))]);
    let told = ground.db.history(&clerk, into, NOW).await.unwrap();
    let current = |word: &str| told.iter().find(|line| line.word == word).map(|line| line.is_current);
    assert_eq!((current("merge"), current("unmerge")), (Some(false), Some(false)), "{told:?}");
    ground.push(&clerk, inc, 7, &[op("merge")]).await.unwrap();
    let told = ground.db.history(&clerk, into, NOW).await.unwrap();
    let standing: Vec<_> = told.iter().filter(|line| line.word == "merge" && line.is_current).collect();
    assert_eq!(standing.len(), 1, "of two merges one stands");
    assert_ne!(standing[0].save, first, "and that is the last");
}
