//! L4, L6, L7: rows.

use super::{answered, cursors, request, row};
use crate::{
    rev::Rev,
    testing::{CLERK, WORKER, WORKER2, World, area, id, said, sealed, village},
    wire::{PullPage, PullRequest},
};
use domain::policy::{BirthShown, Policy};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn pull(world: &World, user: &str, cur: Rev, since: Rev) -> PullPage {
    let (cur, since) = (cursors(&["A", "B"], cur), cursors(&["A", "B"], since));
    answered(world, user, &PullRequest { cur, since, ..request(world) })
}

fn set(world: &mut World, name: &str, f: &str, v: Value) {
    let record = world.store.record(id("r")).unwrap();
    let fv = record.fields.get(f).map_or("0.0".to_owned(), |state| state.fv.to_string());
    let op = json!([{"op": "set", "e": id("r"), "f": f, "v": v, "base": {"fv": fv}}]);
    assert_eq!(said(&world.save(CLERK, name, op)), "applied");
}

#[test]
fn l4_a_row_is_whole_unless_the_client_held_its_area_since_it_entered() {
    let mut world = village();
    let head = world.store.head();
    set(&mut world, "x", "phone2", json!("2"));
    let full = pull(&world, WORKER, head, Rev::ZERO);
    let r = row(&full, "r").unwrap();
    assert!(r.full && r.kind.as_deref() == Some("recipient") && r.entered == Some(Rev::new(1, 1)));
    assert!(r.f.as_ref().unwrap().contains_key("name"));
    let v = pull(&world, WORKER, Rev::ZERO, Rev::ZERO);
    assert_eq!(row(&v, "v").unwrap().parent, Some(id("r")));
    let part = pull(&world, WORKER, head, head);
    let r = row(&part, "r").unwrap();
    assert!(!r.full && r.kind.is_none() && r.entered.is_none() && r.parent.is_none());
    assert_eq!(r.f, Some(BTreeMap::from([("phone2".to_owned(), json!("2"))])));
}

#[test]
fn l4_since_decides_and_not_cur() {
    let mut world = village();
    let held = world.store.head();
    set(&mut world, "x", "phone2", json!("2"));
    let later = world.store.head();
    set(&mut world, "y", "mobile", json!("3"));
    // A later page of a pull: what changed since the area was held whole, not since the page before.
    let page = pull(&world, WORKER, later, held);
    let f = row(&page, "r").unwrap().f.as_ref().unwrap();
    assert_eq!(f.keys().collect::<Vec<_>>(), ["mobile", "phone2"]);
}

#[test]
fn l4_what_was_written_in_the_rev_that_the_client_holds_is_not_sent_again() {
    let mut world = village();
    let entered = world.store.record(id("r")).unwrap().entered;
    set(&mut world, "x", "phone2", json!("2"));
    let written = world.store.head();
    set(&mut world, "y", "mobile", json!("3"));
    for (since, fields) in [(entered, vec!["mobile", "phone2"]), (written, vec!["mobile"])] {
        let page = pull(&world, WORKER, since, since);
        let r = row(&page, "r").unwrap();
        assert!(!r.full);
        assert_eq!(r.f.as_ref().unwrap().keys().collect::<Vec<_>>(), fields);
    }
}

#[test]
fn l4_a_record_that_moved_in_comes_whole() {
    let mut world = village();
    let held = world.store.head();
    let base = json!({"fv": world.store.record(id("r")).unwrap().entered});
    world.save(CLERK, "move", json!([{"op": "move", "e": id("r"), "area": area("B"), "base": base}]));
    let page = pull(&world, WORKER2, held, held);
    for name in ["r", "v"] {
        let moved = row(&page, name).unwrap();
        assert!(moved.full && moved.area == area("B") && moved.entered == Some(world.store.head()));
    }
    assert_eq!(
        page.rows.iter().filter(|row| row.x.as_deref() == Some("exit") && row.area == area("A")).count(),
        2
    );
}

#[test]
fn l4_a_change_that_shows_nothing_is_sent_all_the_same() {
    let mut world = village();
    let head = world.store.head();
    let op = json!([{"op": "sealed", "e": id("r"), "f": "account_no", "v": sealed("6222999988887777"),
                     "base": {"fv": world.fv("r", "account_no")}}]);
    assert_eq!(said(&world.save(CLERK, "x", op)), "applied");
    let page = pull(&world, WORKER, head, head);
    assert_eq!(row(&page, "r").unwrap().f, Some(BTreeMap::new()));
}

#[test]
fn l6_a_sealed_field_is_shown_in_part_in_full_or_not_at_all() {
    let mut world = village();
    let birth = json!([{"op": "sealed", "e": id("r"), "f": "birth", "v": sealed("1950-01-01"), "base": {"fv": "0.0"}}]);
    world.save(CLERK, "birth", birth);
    let fields = |user: &str| row(&pull(&world, user, Rev::ZERO, Rev::ZERO), "r").unwrap().f.clone().unwrap();
    let (worker, clerk) = (fields(WORKER), fields(CLERK));
    let id_no = json!({"show": "**0019", "idx": "id_no:339999195001010019"});
    assert_eq!((&worker["id_no"], &clerk["id_no"]), (&id_no, &id_no));
    assert_eq!(worker.get("account_no"), None, "a village phone gets no account number, not even the tail");
    assert_eq!(clerk["account_no"]["show"], "**2222");
    assert_eq!(worker["birth"], json!({"show": "**1-01", "idx": "birth:1950-01-01"}));
    assert_eq!(clerk["birth"], "1950-01-01");
}

#[test]
fn l6_the_offices_settings_narrow_the_tail_and_widen_the_birth() {
    let mut world = village();
    let birth = json!([{"op": "sealed", "e": id("r"), "f": "birth", "v": sealed("1950-01-01"), "base": {"fv": "0.0"}}]);
    world.save(CLERK, "birth", birth);
    world.store.policy = Policy { id_tail: 2, birth_shown: BirthShown::Month, ..Policy::default() };
    let fields = |user: &str| row(&pull(&world, user, Rev::ZERO, Rev::ZERO), "r").unwrap().f.clone().unwrap();
    let worker = fields(WORKER);
    assert_eq!(worker["id_no"]["show"], "****19");
    assert_eq!(worker["birth"]["show"], "1950-01");
    assert_eq!(fields(CLERK)["birth"], "1950-01-01", "who sees it in full is not concerned");
}

#[test]
fn l6_of_rows_with_numbers_a_village_is_sent_the_tails() {
    let mut world = village();
    let paper = json!({"kind": "残疾人证", "number": "33999919500101001944"});
    let ops = json!([{"op": "add", "e": id("r"), "f": "certs", "item": paper}]);
    assert_eq!(said(&world.save(CLERK, "paper", ops)), "applied");
    let certs = |world: &World, user: &str| {
        row(&pull(world, user, Rev::ZERO, Rev::ZERO), "r").unwrap().f.as_ref().unwrap()["certs"].clone()
    };
    assert_eq!(certs(&world, CLERK), json!([paper]));
    assert_eq!(certs(&world, WORKER), json!([{"kind": "残疾人证", "number": "****************1944"}]));
    world.store.policy = Policy { id_tail: 0, ..Policy::default() };
    assert_eq!(certs(&world, WORKER)[0]["number"], "********************");
    let ops = json!([{"op": "add", "e": id("r"), "f": "certs", "item": "x"}]);
    assert_eq!(said(&world.save(WORKER, "own", ops)), "held right", "nobody writes what he sees in part");
}

/// What a user is sent of the one record of a kind.
fn only(world: &World, user: &str, kind: &str) -> BTreeMap<String, Value> {
    let page = answered(world, user, &request(world));
    let mut rows = page.rows.into_iter().filter(|row| row.kind.as_deref() == Some(kind));
    let row = rows.next().unwrap_or_else(|| panic!("{user} is sent a {kind}"));
    assert!(rows.next().is_none());
    row.f.unwrap()
}

#[test]
fn l6_a_conflict_shows_its_values_like_the_field_they_come_from() {
    let clash = |f: &str, v: Value| {
        let mut world = village();
        let op = if v.is_object() { "sealed" } else { "set" };
        let ops = json!([{"op": op, "e": id("r"), "f": f, "v": v, "base": {"fv": "0.0"}}]);
        assert_eq!(said(&world.save(CLERK, "clash", ops)), "merged conflict");
        world
    };
    let world = clash("id_no", sealed("339999195001010035"));
    let other = json!({"show": "**0035", "idx": "id_no:339999195001010035"});
    for user in [WORKER, CLERK] {
        assert_eq!(only(&world, user, "conflict")["other"], other);
    }
    let world = clash("account_no", sealed("6222000099990000"));
    let (worker, clerk) = (only(&world, WORKER, "conflict"), only(&world, CLERK, "conflict"));
    assert!(!worker.contains_key("other") && !worker.contains_key("current"));
    assert_eq!(clerk["other"]["show"], "**0000");
    let world = clash("name", json!("改"));
    assert_eq!(only(&world, WORKER, "conflict")["other"], "改");
}

#[test]
fn l6_who_may_decide_is_sent_the_sealed_value_of_a_proposal() {
    let mut world = village();
    let sent = sealed("6222000033334444");
    let ops = json!([{"op": "sealed", "e": id("r"), "f": "account_no", "v": sent, "base": {"fv": "0.0"}}]);
    assert_eq!(said(&world.save(WORKER, "p", ops)), "merged proposal");
    assert_eq!(only(&world, CLERK, "proposal")["value"], sent);
    assert_eq!(only(&world, WORKER, "proposal")["value"], json!({"show": "**4444"}));
    let mut world = village();
    let ops = json!([{"op": "sealed", "e": id("r"), "f": "id_no", "v": sealed("339999195001010043"), "base": {"fv": "0.0"}}]);
    world.save(WORKER, "p", ops);
    assert_eq!(only(&world, WORKER, "proposal")["value"], json!({"show": "**0043"}));
}

#[test]
fn l6_a_held_changeset_hides_what_its_fields_hide() {
    let mut world = village();
    let seal = |f: &str, v: &str| json!({"op": "sealed", "e": id("r"), "f": f, "v": sealed(v), "base": {"fv": "0.0"}});
    let new = json!({"op": "create", "e": id("n"), "type": "recipient", "area": area("A"),
                     "f": {"name": "新", "id_no": sealed("339999195001010051"), "account_no": sealed("62220000")}});
    let ops = json!([seal("id_no", "339999195001010035"), seal("account_no", "6222000011110000"), new,
                     {"op": "undelete", "e": id("r"), "reason": "x"}]);
    assert_eq!(said(&world.save(WORKER, "held", ops)), "held right");
    let worker = only(&world, WORKER2, "held")["ops"].clone();
    assert_eq!(worker[0]["v"], json!({"show": "**0035"}));
    assert_eq!(worker[1].get("v"), None);
    assert_eq!(worker[2]["f"], json!({"name": "新", "id_no": {"show": "**0051"}}));
    assert_eq!(worker[3]["reason"], "x");
    let author = only(&world, WORKER, "held")["ops"].clone();
    assert_eq!(author[1]["v"], json!({"show": "**0000"}));
    let clerk = only(&world, CLERK, "held")["ops"].clone();
    assert_eq!(clerk[1]["v"], json!({"show": "**0000"}));
    assert!(!clerk.to_string().contains("6222000011110000"));
}

#[test]
fn l6_a_draft_is_for_its_author_and_the_office_and_shows_no_sealed_text() {
    let mut world = village();
    let draft = json!({"recipient": id("r"), "area": area("A"), "answers": {"A01": "1"},
                       "corrections": [{"f": "account_no", "v": sealed("6222000011110000")}]});
    world.hand_over(WORKER, id("new"), &draft);
    let rest = json!({"corrections": [{"f": "account_no", "v": {"show": "**0000"}}]});
    for user in [WORKER, CLERK] {
        assert_eq!(only(&world, user, "held")["draft"], rest);
    }
    assert_eq!(only(&world, WORKER2, "held").get("draft"), None);
}

#[test]
fn l7_versions_are_said_once() {
    let mut world = village();
    let created = world.fv("r", "name");
    set(&mut world, "x", "mobile", json!("2"));
    set(&mut world, "y", "phone2", json!("3"));
    let page = pull(&world, WORKER, Rev::ZERO, Rev::ZERO);
    let r = row(&page, "r").unwrap();
    assert_eq!(r.fv0, Some(created));
    let named =
        BTreeMap::from([("mobile".to_owned(), world.fv("r", "mobile")), ("phone2".to_owned(), r.rev)]);
    assert_eq!(r.fv, Some(named));
    let version = |f: &str| r.fv.as_ref().and_then(|fv| fv.get(f)).copied().or(r.fv0).unwrap_or(r.rev);
    for f in r.f.as_ref().unwrap().keys() {
        assert_eq!(version(f), world.fv("r", f), "{f}");
    }
    let q = row(&pull(&world, WORKER2, Rev::ZERO, Rev::ZERO), "q").unwrap().clone();
    assert_eq!((q.fv0, q.fv), (None, None), "all as old as the row: nothing is said");
}
