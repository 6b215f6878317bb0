//! M1–M8: writes that meet.

use super::{blind, set};
use crate::{
    id::made_alike,
    testing::{CLERK, WORKER, WORKER2, World, area, id, said, sealed, village},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// A write of `r` based on what was seen.
fn write(f: &str, v: Value, base: Value) -> Value {
    let op = if v.get("ct").is_some() { "sealed" } else { "set" };
    json!([{"op": op, "e": id("r"), "f": f, "v": v, "base": base}])
}

fn on(op: &str) -> Value {
    json!({"op": id(op)})
}

fn at(world: &World, f: &str) -> Value {
    json!({"fv": world.fv("r", f)})
}

/// The conflict that op `i` of a changeset made.
fn conflict(world: &World, changeset: &str, i: usize) -> Option<Value> {
    let e = made_alike("conflict", &[&id(changeset).to_string(), &i.to_string()]);
    let record = world.store.record(e)?;
    Some(
        ["of", "field", "class", "current", "other", "by", "t", "state"]
            .map(|f| record.plain(f).cloned())
            .into_iter()
            .collect(),
    )
}

#[test]
fn m1_a_write_over_what_its_author_saw_applies() {
    let mut world = village();
    let seen = at(&world, "mobile");
    assert_eq!(said(&world.save(WORKER, "a", write("mobile", json!("2"), seen.clone()))), "applied");
    // The own chain: based on the own changeset, though nothing was pulled in between.
    assert_eq!(said(&world.save(WORKER, "b", write("mobile", json!("3"), on("a")))), "applied");
    assert_eq!(said(&world.save(WORKER, "c", write("mobile", json!("4"), on("b")))), "applied");
    // Another author who saw the first version only.
    assert_eq!(said(&world.save(WORKER2, "d", write("mobile", json!("5"), seen))), "merged conflict");
    // A base that nobody knows is not what stands.
    assert_eq!(
        said(&world.save(WORKER2, "e", write("mobile", json!("6"), on("unheard of")))),
        "merged conflict"
    );
}

#[test]
fn m1_a_field_never_written_is_free() {
    let mut world = village();
    assert_eq!(said(&world.save(WORKER, "a", write("phone2", json!("1"), json!({"fv": "1.1"})))), "applied");
    assert_eq!(said(&world.save(WORKER, "b", write("health", json!("好"), on("create v")))), "applied");
    assert_eq!(
        said(&world.save(WORKER, "c", write("house_own", json!(null), json!({"fv": "0.0"})))),
        "applied"
    );
    let next = write("house_own", json!("x"), json!({"fv": "0.0"}));
    assert_eq!(said(&world.save(WORKER2, "d", next)), "merged conflict", "null is a value that was written");
}

#[test]
fn m1_a_base_names_whoever_set_the_value_first_or_later() {
    let mut world = village();
    let seen = at(&world, "mobile");
    world.save(WORKER, "first", write("mobile", json!("2"), seen.clone()));
    assert_eq!(said(&world.save(WORKER2, "same", write("mobile", json!("2"), seen))), "applied");
    let fv = world.fv("r", "mobile");
    assert_eq!(
        said(&world.save(CLERK, "same again", write("mobile", json!("2"), json!({"fv": fv})))),
        "applied"
    );
    assert_eq!(world.fv("r", "mobile"), fv);
    for base in ["first", "same", "same again"] {
        let mut world = World { store: world.store.clone(), ..village() };
        let op = write("mobile", json!("3"), on(base));
        assert_eq!(said(&world.save_at(WORKER2, "next", 1, op)), "applied", "{base}");
    }
}

#[test]
fn m2_a_refused_base_gives_way_to_its_own_base() {
    let check = |refused: &[(&str, Value)], expected: &str| {
        let mut world = village();
        let seen = at(&world, "mobile");
        world.save(WORKER, "own", write("mobile", json!("2"), seen.clone()));
        let mut base = on("own");
        for (name, extra) in refused {
            let mut ops = write("mobile", json!(name), base);
            ops.as_array_mut().unwrap().push(extra.clone());
            let verdict = world.save(WORKER, name, ops);
            assert!(said(&verdict).starts_with("held") || said(&verdict).starts_with("rejected"));
            base = on(name);
        }
        let last = world.save(WORKER, "last", write("mobile", json!("9"), base));
        assert_eq!(said(&last), expected, "{refused:?}");
    };
    let held = blind("nobody", "mobile", json!("1"));
    let rejected = json!({"op": "paint"});
    check(&[], "applied");
    check(&[("h", held.clone())], "applied");
    check(&[("x", rejected.clone())], "applied");
    check(&[("h", held.clone()), ("x", rejected), ("h2", held)], "applied");
}

#[test]
fn m2_a_refused_base_hides_no_foreign_write() {
    let mut world = village();
    let seen = at(&world, "mobile");
    let mut ops = write("mobile", json!("2"), seen.clone());
    ops.as_array_mut().unwrap().push(blind("nobody", "mobile", json!("1")));
    assert_eq!(said(&world.save(WORKER, "held", ops)), "held missing");
    world.save(WORKER2, "foreign", write("mobile", json!("3"), seen));
    assert_eq!(said(&world.save(WORKER, "next", write("mobile", json!("4"), on("held")))), "merged conflict");
    // A base that names a changeset which did not write that field.
    let odd = write("live_addr", json!("x"), on("held"));
    assert_eq!(said(&world.save(WORKER, "odd", odd)), "merged conflict");
}

/// M7: of a move too, and of the one that the held changeset made of this record.
#[test]
fn m2_a_held_move_gives_way_to_its_own_base() {
    let mut world = village();
    let go = |e: &str, place: &str, base: Value| json!({"op": "move", "e": id(e), "area": area(place), "base": base});
    let seen = json!({"fv": world.store.record(id("r")).unwrap().entered});
    let held = json!([go("s", "B", json!({"fv": "0.0"})), go("r", "D", seen)]);
    assert_eq!(said(&world.save(CLERK, "held", held)), "held out_of_scope");
    assert_eq!(said(&world.save(CLERK, "next", json!([go("r", "B", on("held"))]))), "applied");
    assert_eq!(world.store.record(id("r")).unwrap().area, area("B"));
}

#[test]
fn m3_equal_values_are_no_conflict() {
    let blind_base = json!({"fv": "0.0"});
    let check = |f: &str, old: Value, new: Value, expected: &str| {
        let mut world = village();
        let base =
            world.store.record(id("r")).unwrap().fields.get(f).map_or("0.0".to_owned(), |s| s.fv.to_string());
        assert_eq!(said(&world.save(CLERK, "old", write(f, old.clone(), json!({"fv": base})))), "applied");
        let before = world.store.record(id("r")).unwrap().rev;
        assert_eq!(
            said(&world.save(CLERK, "new", write(f, new.clone(), blind_base.clone()))),
            expected,
            "{f} {old} {new}"
        );
        let is_same_row = world.store.record(id("r")).unwrap().rev == before;
        assert!(is_same_row || expected != "applied", "a no-op sends no row");
    };
    check("mobile", json!("2"), json!("2"), "applied");
    check("mobile", json!(null), json!(null), "applied");
    check(
        "mobile",
        json!({"a": 1, "b": {"c": 2, "d": 3}}),
        json!({"b": {"d": 3, "c": 2}, "a": 1}),
        "applied",
    );
    check("merits", json!(["b", "a"]), json!(["a", "b", "a"]), "applied");
    check("name", json!("王"), json!("王"), "applied");
    check("id_no", sealed("339999195001010027"), sealed("339999195001010027"), "applied");
    check("id_no", sealed("339999195001010027"), sealed("339999195001010035"), "merged conflict");
    check("mobile", json!([1, 2]), json!([2, 1]), "merged conflict");
    check("mobile", json!("1"), json!(1), "merged conflict");
    check("merits", json!(["a"]), json!(["b"]), "merged conflict");
}

#[test]
fn m4_m5_a_conflict_keeps_both_values() {
    let check = |f: &str, class: &str, t: [i64; 2], new_stands: bool| {
        let mut world = village();
        world.now = 10_000_000;
        let base =
            world.store.record(id("r")).unwrap().fields.get(f).map_or("0.0".to_owned(), |s| s.fv.to_string());
        let op = write(f, json!(["old"]), json!({"fv": base}));
        assert_eq!(said(&world.save_at(CLERK, "old", t[0], op)), "applied");
        let op = write(f, json!(["new"]), json!({"fv": "0.0"}));
        assert_eq!(said(&world.save_at(CLERK, "new", t[1], op)), "merged conflict");
        let (stands, aside) = if new_stands { ("new", "old") } else { ("old", "new") };
        let times = if new_stands { [t[1], t[0]] } else { t };
        assert_eq!(world.field("r", f), json!([stands]));
        let kept = json!([id("r"), f, class, [stands], [aside], [id(CLERK), id(CLERK)], times, "open"]);
        assert_eq!(conflict(&world, "new", 0), Some(kept));
    };
    check("mobile", "plain", [5_000_000, 6_000_000], true);
    check("mobile", "plain", [6_000_000, 5_000_000], false);
    check("mobile", "plain", [5_000_000, 5_000_000], id("new") > id("old"));
    check("name", "critical", [5_000_000, 6_000_000], false);
    check("died_on", "critical", [5_000_000, 6_000_000], false);
    check("merits", "set", [5_000_000, 6_000_000], true);
}

#[test]
fn m4_by_and_t_name_the_authors_in_the_order_of_the_values() {
    let mut world = village();
    let seen = at(&world, "mobile");
    world.save_at(WORKER, "first", 600, write("mobile", json!("2"), seen.clone()));
    world.save_at(WORKER2, "second", 500, write("mobile", json!("3"), seen));
    let row = conflict(&world, "second", 0).unwrap();
    assert_eq!(
        (&row[3], &row[4], &row[5], &row[6]),
        (&json!("2"), &json!("3"), &json!([id(WORKER), id(WORKER2)]), &json!([600, 500]))
    );
    let record = world.store.record(made_alike("conflict", &[&id("second").to_string(), "0"])).unwrap();
    assert_eq!((record.parent, record.area, record.rev), (Some(id("r")), area("A"), world.store.head()));
}

#[test]
fn m4_each_op_has_a_conflict_of_its_own() {
    let mut world = village();
    let ops = json!([
        blind("r", "mobile", json!("2")),
        blind("r", "remark", json!("x")),
        blind("r", "live_addr", json!("y"))
    ]);
    let verdict = world.save(CLERK, "x", ops);
    assert_eq!(said(&verdict), "merged conflict conflict");
    let made: Vec<Uuid> = verdict.made.iter().map(|made| made.e).collect();
    let named = ["0", "2"].map(|i| made_alike("conflict", &[&id("x").to_string(), i]));
    assert_eq!(made, named);
    assert_eq!(world.field("r", "remark"), "x");
}

#[test]
fn m5_a_sealed_value_waits_in_its_conflict() {
    let mut world = village();
    let op = write("id_no", sealed("339999195001010035"), json!({"fv": "0.0"}));
    assert_eq!(said(&world.save(CLERK, "x", op)), "merged conflict");
    assert_eq!(world.fv("r", "id_no"), world.store.record(id("r")).unwrap().entered);
    let e = made_alike("conflict", &[&id("x").to_string(), "0"]);
    let record = world.store.record(e).unwrap();
    assert_eq!((record.text("class"), record.plain("other")), (Some("sealed"), None), "no text lies about");
}

#[test]
fn m6_adds_and_appends_never_conflict() {
    let mut world = village();
    for user in ["one", "two", "three"] {
        let add = json!([{"op": "add", "e": id("r"), "f": "merits", "item": user},
                         {"op": "append", "e": id("v"), "f": "reviews", "v": user}]);
        assert_eq!(said(&world.save(CLERK, user, add)), "applied");
    }
    assert_eq!(world.field("r", "merits"), json!(["one", "three", "two"]));
    assert_eq!(world.field("v", "reviews").as_array().unwrap().len(), 3);
}

#[test]
fn m7_an_area_is_a_critical_field_with_entered_as_its_version() {
    let mut world = village();
    let base = json!({"fv": world.store.record(id("r")).unwrap().entered});
    let go =
        |place: &str, base: &Value| json!([{"op": "move", "e": id("r"), "area": area(place), "base": base}]);
    assert_eq!(said(&world.save(CLERK, "same", go("A", &json!({"fv": "0.0"})))), "applied");
    assert_eq!(world.store.exits().count(), 0, "to the same area: nothing happens");
    assert_eq!(said(&world.save(CLERK, "go", go("B", &base))), "applied");
    assert_eq!(said(&world.save(CLERK, "own chain", go("T", &on("go")))), "applied");
    assert_eq!(said(&world.save(CLERK, "blind", go("B", &base))), "merged conflict");
    assert_eq!(world.store.record(id("r")).unwrap().area, area("T"));
    let row = conflict(&world, "blind", 0).unwrap();
    assert_eq!(
        (&row[1], &row[2], &row[3], &row[4]),
        (&json!("area"), &json!("critical"), &json!(area("T")), &json!(area("B")))
    );
    assert_eq!(said(&world.save(CLERK, "here", go("T", &base))), "applied", "where it lies already");
}

#[test]
fn m8_clocks_a_year_off_change_nothing_when_writes_are_not_concurrent() {
    let year = 31_536_000_000;
    let run = |skews: [i64; 3]| {
        let mut world = village();
        for (i, skew) in skews.into_iter().enumerate() {
            let t = world.now + skew;
            for f in ["mobile", "live_addr"] {
                let op = set(&world, "r", f, json!(format!("{f} {i}")));
                let user = [WORKER, WORKER2, CLERK][i];
                if f == "live_addr" && i == 1 {
                    continue;
                }
                assert_eq!(said(&world.save_at(user, &format!("{f} {i}"), t, json!([op]))), "applied");
            }
        }
        (world.field("r", "mobile"), world.field("r", "live_addr"))
    };
    assert_eq!(run([0, 0, 0]), run([year, -year, 0]));
    assert_eq!(run([0, 0, 0]), run([-year, year, -year]));
}
