//! L3, L5, L8, H3 and D1: pages.

use super::{answered, cursors, request, row};
use crate::{
    authority::Standing,
    digest::area_digest,
    id::AreaId,
    memory::{ClearOpener, Reader},
    pull::{COMPRESSION, PullContext, Window, page, plan},
    rev::Rev,
    testing::{ADMIN, CLERK, FAR_CLERK, WORKER, WORKER2, World, area, id, village},
    wire::{PullAnswer, PullPage, PullRequest, Row},
};
use domain::policy::Policy;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// All pages of a whole pull, page by page.
fn pages(world: &World, user: &str, page_bytes: usize, rows_max: usize) -> Vec<PullPage> {
    let who = world.who(user);
    let reader = Reader {
        who: &who,
        device: crate::id::DeviceId([0; 16]),
        session: true,
        standing: Standing::Active,
        scope_rev: 1,
        again: &world.again,
        tree: &world.tree,
    };
    let mut pages: Vec<PullPage> = Vec::new();
    loop {
        let cur = pages.last().map(|page| page.cur.clone()).unwrap_or_default();
        let request = PullRequest { cur, page_bytes, ..request(world) };
        let PullAnswer::Page(page) = world.store.pull(&request, &reader, &ClearOpener, rows_max) else {
            panic!("no page")
        };
        let more = page.more;
        pages.push(page);
        if !more {
            return pages;
        }
        assert!(pages.len() < 100, "the pull goes on for ever");
    }
}

#[test]
fn l3_pages_go_in_rev_order_across_areas_and_never_end_inside_a_rev() {
    let mut world = village();
    world.save(WORKER2, "clash", json!([blind("r"), blind("q")]));
    for rows_max in [1, 2, 3, 1000] {
        let small = pages(&world, WORKER2, 1, rows_max);
        let whole = pages(&world, WORKER2, usize::MAX, 1000);
        assert_eq!(whole.len(), 1);
        let rows: Vec<_> = small.iter().flat_map(|page| page.rows.clone()).collect();
        // From the second page on no cursor is 0.0: tombstones come too (L5).
        assert_eq!(rows.iter().filter(|row| !row.del).count(), whole[0].rows.len());
        let revs: Vec<Rev> = rows.iter().map(|row| row.rev).collect();
        assert!(revs.is_sorted());
        let mut ended: BTreeSet<Rev> = BTreeSet::new();
        for page in small.iter().filter(|page| !page.rows.is_empty()) {
            let own: BTreeSet<Rev> = page.rows.iter().map(|row| row.rev).collect();
            assert_eq!(own.len(), 1, "one rev a page, when a page is one byte");
            assert!(ended.is_disjoint(&own), "no rev on two pages");
            ended.extend(own);
        }
    }
}

/// A `set` of the mobile on a base that nobody has.
#[test]
fn l3_a_page_takes_as_many_revs_as_fit_and_at_least_one() {
    let world = village();
    let weight = |rows: &[Row]| -> usize {
        rows.iter().map(|row| serde_json::to_string(row).unwrap().len() + 1).sum()
    };
    let heaviest = pages(&world, WORKER2, 1, 1000).iter().map(|page| weight(&page.rows)).max().unwrap();
    for page_bytes in 1..=heaviest {
        let all = pages(&world, WORKER2, page_bytes, 1000);
        for (page, next) in all.iter().zip(&all[1..]) {
            let is_one_rev = page.rows.iter().all(|row| row.rev == page.rows[0].rev);
            let next_rev = next.rows.partition_point(|row| row.rev == next.rows[0].rev);
            let limit = page_bytes * COMPRESSION;
            assert!(weight(&page.rows) <= limit || is_one_rev, "{page_bytes}");
            assert!(
                weight(&page.rows) + weight(&next.rows[..next_rev]) > limit,
                "{page_bytes}: one more would have fitted"
            );
        }
    }
}

#[test]
fn l3_what_a_cursor_has_passed_is_not_sent_again() {
    let mut world = village();
    let go = json!([{"op": "move", "e": id("s"), "area": area("B"), "base": {"fv": world.store.record(id("s")).unwrap().entered}}]);
    world.save(CLERK, "go", go);
    let head = world.store.head();
    let held =
        PullRequest { cur: cursors(&["A", "B"], head), since: cursors(&["A", "B"], head), ..request(&world) };
    let page = answered(&world, WORKER2, &held);
    assert_eq!((page.rows.len(), page.more), (0, false), "{:?}", page.rows);
}

#[test]
fn l3_a_window_without_a_row_is_a_page_only_where_it_reaches_beyond_a_cursor() {
    let world = World::new();
    let who = world.who(WORKER);
    let ctx = PullContext {
        who: &who,
        session: true,
        standing: Standing::Active,
        scope_rev: 1,
        again: &world.again,
        head: Rev::new(1, 9),
        acked: &BTreeMap::new(),
        forgotten: &BTreeMap::new(),
        tree: &world.tree,
        policy: Policy::default(),
    };
    let cur = [area("A"), AreaId::OWN].map(|area| (area, Rev::new(1, 5))).into();
    let plan = plan(&PullRequest { cur, ..request(&world) }, &ctx).unwrap();
    let read = |through| {
        let window = Window { through: Some(Rev::new(1, through)), ..Window::default() };
        page(&plan, &ctx, &ClearOpener, &window)
    };
    assert!(read(5).is_none(), "it is read again, twice as wide");
    let moved = read(7).unwrap();
    assert!(moved.more && moved.cur.values().all(|cur| *cur == Rev::new(1, 7)), "{moved:?}");
}

fn blind(e: &str) -> Value {
    json!({"op": "set", "e": id(e), "f": "name", "v": "别", "base": {"fv": "0.0"}})
}

#[test]
fn l3_every_cursor_moves_to_the_last_row_or_to_the_head() {
    let world = village();
    let old = cursors(&["B"], Rev::new(1, 3));
    let page = answered(&world, WORKER2, &PullRequest { cur: old, page_bytes: 1, ..request(&world) });
    let last = page.rows.last().unwrap().rev;
    assert!(page.more && page.digest.is_none());
    let expected =
        BTreeMap::from([(area("A"), last), (area("B"), last.max(Rev::new(1, 3))), (AreaId::OWN, last)]);
    assert_eq!(page.cur, expected);
    let page = answered(&world, WORKER2, &request(&world));
    let head = world.store.head();
    assert_eq!(page.cur, BTreeMap::from([(area("A"), head), (area("B"), head), (AreaId::OWN, head)]));
    assert!(!page.more && page.head == head);
    let nothing =
        answered(&world, WORKER2, &PullRequest { cur: page.cur.clone(), since: page.cur, ..request(&world) });
    assert!(nothing.rows.is_empty() && !nothing.more && nothing.digest.is_some());
}

#[test]
fn l5_tombstones_and_exits_are_left_out_only_from_zero() {
    let mut world = village();
    let before = Rev::new(1, 1);
    let base = json!({"fv": world.store.record(id("s")).unwrap().entered});
    world.save(CLERK, "move", json!([{"op": "move", "e": id("s"), "area": area("B"), "base": base}]));
    let check = |cur: BTreeMap<AreaId, Rev>, dead: usize, exits: usize| {
        let page = answered(&world, WORKER2, &PullRequest { cur, ..request(&world) });
        assert_eq!(page.rows.iter().filter(|row| row.del).count(), dead);
        assert_eq!(page.rows.iter().filter(|row| row.x.is_some()).count(), exits);
        assert!(row(&page, "s").is_some_and(|row| row.area == area("B")));
    };
    check(BTreeMap::new(), 0, 0);
    check(cursors(&["B"], before), 0, 0);
    check(cursors(&["A"], before), 2, 1);
    let page = answered(&world, WORKER2, &PullRequest { cur: cursors(&["A"], before), ..request(&world) });
    assert_eq!(row(&page, "alias").unwrap().into, Some(id("s")));
    assert_eq!(row(&page, "gone").unwrap().into, None);
}

#[test]
fn l8_what_a_role_does_not_pull_is_neither_sent_nor_counted() {
    let mut world = village();
    let sponsor = json!([{"op": "create", "e": id("sponsor"), "type": "sponsor", "area": area("A"), "f": {"name": "厂"}}]);
    world.save(CLERK, "sponsor", sponsor);
    let worker = answered(&world, WORKER, &request(&world));
    let clerk = answered(&world, CLERK, &request(&world));
    assert!(row(&worker, "sponsor").is_none() && row(&clerk, "sponsor").is_some());
    let n = |page: &PullPage| page.digest.as_ref().unwrap()[&area("A")].n;
    assert_eq!((n(&worker), n(&clerk)), (3, 4));
    assert!(answered(&world, ADMIN, &request(&world)).rows.is_empty());
    assert!(answered(&world, FAR_CLERK, &request(&world)).rows.iter().all(|row| row.area == area("D")));
}

#[test]
fn h3_the_author_of_a_held_changeset_is_sent_it_wherever_it_lies() {
    let mut world = village();
    let far = json!([{"op": "set", "e": id("far"), "f": "mobile", "v": "1", "base": {"fv": "0.0"}}]);
    let held = world.save(WORKER, "far", far).made[0].e;
    let near =
        world.save(WORKER, "near", json!([{"op": "undelete", "e": id("gone"), "reason": "x"}])).made[0].e;
    let page = answered(&world, WORKER, &request(&world));
    let place = |e| page.rows.iter().find(|row| row.e == e).map(|row| row.area);
    assert_eq!((place(held), place(near)), (Some(AreaId::OWN), Some(area("A"))));
    let digest = page.digest.as_ref().unwrap();
    assert_eq!(digest[&AreaId::OWN], area_digest([(held, world.store.record(held).unwrap().rev)]));
    let place = |user: &str| {
        let page = answered(&world, user, &request(&world));
        page.rows.iter().find(|row| row.e == held).map(|row| row.area)
    };
    assert_eq!((place(WORKER2), place(FAR_CLERK), place(CLERK)), (None, Some(area("D")), None));
    let next = answered(&world, WORKER, &PullRequest { cur: page.cur.clone(), ..request(&world) });
    assert!(next.rows.is_empty(), "it has a cursor like any other");
    // A role that pulls nothing is sent its own held changesets all the same.
    let mine = world.save(ADMIN, "admin", json!([{"op": "undelete", "e": id("r"), "reason": "x"}])).made[0].e;
    let page = answered(&world, ADMIN, &request(&world));
    assert_eq!(page.rows.iter().map(|row| row.e).collect::<Vec<_>>(), [mine]);
}

#[test]
fn d1_the_digest_is_a_hash_over_sorted_lines() {
    let empty = area_digest([]);
    assert_eq!(
        (empty.n, empty.h.as_str()),
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    );
    let one = uuid::Uuid::try_parse("01900000-0000-7000-8000-000000000001").unwrap();
    let two = uuid::Uuid::try_parse("01900000-0000-7000-8000-000000000002").unwrap();
    // printf '01900000-0000-7000-8000-000000000001 3.15021\n01900000-0000-7000-8000-000000000002 1.7\n' | sha256sum
    let digest = area_digest([(one, Rev::new(3, 15021)), (two, Rev::new(1, 7))]);
    assert_eq!(
        (digest.n, digest.h.as_str()),
        (2, "72f36b9f679e8a91c56373b27e9b77a47bf7b6a210aeb3030993666744c2c2a8")
    );
}

#[test]
fn d1_deleted_records_do_not_count() {
    let world = village();
    let page = answered(&world, WORKER, &request(&world));
    let live =
        world.store.records().filter(|r| r.area == area("A") && r.del.is_none()).map(|r| (r.id, r.rev));
    assert_eq!(page.digest.unwrap()[&area("A")], area_digest(live));
}
