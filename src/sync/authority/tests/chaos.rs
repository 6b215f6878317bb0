//! Anything at all is pushed by anyone: nothing panics, what is refused changes nothing, records lie where their parents
//! lie, and a replica that pulls now and then ends where one that pulls everything at once ends (I2, I5–I8, I12, I14).

use crate::{
    record::{Record, Stored},
    testing::{CLERK, FAR_CLERK, WORKER, WORKER2, World, area, id, mirror::Mirror, said, sealed, village},
    wire::{PushAnswer, VerdictState},
};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const USERS: [&str; 4] = [WORKER, WORKER2, CLERK, FAR_CLERK];
/// Who pushes, and what is written: the likely things often, the odd ones now and then.
const PUSHERS: [&str; 8] = [WORKER, WORKER2, CLERK, CLERK, WORKER, CLERK, WORKER2, FAR_CLERK];
const NAMES: [&str; 12] = ["r", "s", "q", "v", "r", "s", "q", "new", "new2", "far", "gone", "alias"];
const FIELDS: [&str; 7] = ["name", "mobile", "bank", "remark", "later", "mobile", "id_no"];
const PLACES: [&str; 6] = ["A", "B", "A", "B", "D", "AA"];

/// What a random step names: users, records, fields and values by number.
type Step = (u8, [u8; 5], u8, bool);

/// An op out of numbers. `made` are conflicts, proposals and held records of earlier steps.
fn op(world: &World, i: usize, numbers: [u8; 5], made: &[Value]) -> Value {
    let [word, e, f, v, b] = numbers.map(usize::from);
    let name = NAMES[e % NAMES.len()];
    let waiting = made.get(e % made.len().max(1)).cloned().unwrap_or(json!(id("r")));
    let record = world.store.record(id(name));
    let (e, field) = (json!(id(name)), FIELDS[f % FIELDS.len()]);
    let value = [json!("x"), json!("y"), json!(null), json!(["b", "a"]), json!({"k": [1]})][v % 5].clone();
    let place = area(PLACES[v % PLACES.len()]);
    // Every second base is what stands.
    let earlier = json!({"op": id(&format!("step {}", b % i.max(1)))});
    let stands = |rev: Option<crate::rev::Rev>| match (b % 4, rev) {
        (0 | 1, Some(rev)) => json!({"fv": rev}),
        (2, _) => earlier.clone(),
        _ => json!({"fv": "0.0"}),
    };
    let base = stands(record.and_then(|record| Some(record.fields.get(field)?.fv)));
    let parent = if b % 3 == 0 { Value::Null } else { e.clone() };
    match word % 30 {
        0 => {
            json!({"op": "create", "e": id(["new", "r", "new2"][v % 3]), "type": (["recipient", "visit", "need"][b % 3]),
                    "area": place, "parent": parent, "f": {}})
        }
        1..=9 => json!({"op": "set", "e": e, "f": field, "v": value, "base": base}),
        10 => {
            json!({"op": "sealed", "e": e, "f": "id_no", "v": sealed(["1", "2", "3", "!"][v % 4]), "base": base})
        }
        11 => json!({"op": "add", "e": e, "f": "merits", "item": value}),
        12 => json!({"op": "append", "e": id("v"), "f": "reviews", "v": value}),
        13 => json!({"op": "attach", "e": id("v"), "blob": "ab".repeat(32), "kind": "photo", "bytes": 1}),
        14..=16 => json!({"op": "move", "e": e, "area": place, "base": stands(record.map(|r| r.entered))}),
        17 => {
            json!({"op": "delete", "e": e, "base": {"rev": record.map_or(world.store.head(), |r| r.rev)}, "reason": "x"})
        }
        18 => json!({"op": "delete", "e": e, "base": {"rev": "1.1"}, "reason": "x"}),
        19 => json!({"op": "undelete", "e": e, "reason": "x"}),
        20 if v % 4 == 0 => {
            json!({"op": "merge", "from": e, "into": id(NAMES[f % NAMES.len()]), "reason": "x"})
        }
        20 if v % 4 == 1 => {
            let into = record.and_then(|record| record.del.as_ref()?.into);
            json!({"op": "unmerge", "from": e, "into": into.unwrap_or(id("s")), "reason": "x"})
        }
        20..=24 => json!({"op": "decide", "e": waiting, "accept": false}),
        _ => json!({"op": "resolve", "e": waiting, "take": (["other", "current", "value"][v % 3]), "v": "z",
                    "base": base, "reason": "x"}),
    }
}

/// What must hold of the server's records after every push.
fn check_records(world: &World) {
    for record in world.store.records() {
        assert!(record.entered <= record.rev && record.rev <= world.store.head());
        assert!(record.fields.values().all(|state| state.fv <= record.rev));
        let Some(parent) = record.parent else { continue };
        let above = world.store.record(parent).unwrap();
        let is_with_it = record.area == above.area || world.tree.archive(above.area) == Some(record.area);
        assert!(is_with_it, "{} {} lies apart from its parent", record.kind, record.id);
    }
    for row in world.store.log().values() {
        assert!(row.t_contact <= row.t_eff && row.t_eff <= row.t_recv, "I14");
        assert_eq!(world.store.effects()[&row.id], 1, "I2");
    }
}

fn but_held(world: &World) -> BTreeMap<uuid::Uuid, Record> {
    world.store.records().filter(|r| r.kind != "held").map(|r| (r.id, r.clone())).collect()
}

fn step(world: &mut World, i: usize, (user, numbers, count, _): Step, known: &mut Vec<Value>) -> String {
    let user = PUSHERS[usize::from(user) % PUSHERS.len()];
    let ops: Vec<Value> = (0..=(count % 4) / 2)
        .map(|n| op(world, i, numbers.map(|number| number.wrapping_add(n * 7)), known))
        .collect();
    let before = but_held(world);
    let t = world.now - i64::from(numbers[0]) * 700;
    let sent = json!({"id": id(&format!("step {i}")), "schema": 1, "t": t, "t_contact": 0, "author": id(user), "ops": ops});
    let request = json!({"first_seq": world.last(user) + 1, "changesets": [sent]});
    let PushAnswer::Receipt(receipt) = world.push(user, request).answer else { panic!("receipt") };
    let verdict = &receipt.results[0];
    if matches!(verdict.st, VerdictState::Held | VerdictState::Rejected) {
        assert_eq!(but_held(world), before, "{:?} changes nothing", verdict.st);
    }
    known.extend(verdict.made.iter().map(|made| json!(made.e)));
    check_records(world);
    said(verdict)
}

/// A mirror that pulled now and then holds what a fresh one holds, and nothing outside the scope.
fn check_mirror(world: &World, user: &str, mirror: &mut Mirror) {
    assert!(mirror.pull(world, user, 1, 1000));
    let mut fresh = Mirror::default();
    assert!(fresh.pull(world, user, usize::MAX, 1000));
    assert_eq!(mirror.rows, fresh.rows, "{user} (I8)");
    let who = world.who(user);
    for copy in fresh.rows.values() {
        let own =
            copy.area == crate::id::AreaId::OWN && copy.kind == "held" && copy.f["by"] == json!(who.user);
        assert!(own || who.scope.holds(copy.area), "I12");
        let text = json!(copy.f).to_string();
        assert!(!text.contains("\"ct\"") || copy.kind == "proposal", "no sealed text lies about: {text}");
    }
    let sealed = world
        .store
        .records()
        .flat_map(|r| r.fields.values())
        .filter(|s| matches!(s.value, Stored::Sealed(_)));
    assert!(sealed.count() > 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn anything_pushed_by_anyone_keeps_the_rules(steps in proptest::collection::vec(any::<Step>(), 1..60)) {
        run(steps, &mut BTreeMap::new());
    }
}

/// All steps, with pulls in between; counts what was said.
fn run(steps: Vec<Step>, counts: &mut BTreeMap<String, usize>) {
    let mut world = village();
    let mut known = Vec::new();
    let mut mirrors: BTreeMap<&str, Mirror> = USERS.iter().map(|user| (*user, Mirror::default())).collect();
    for (i, drawn) in steps.into_iter().enumerate() {
        *counts.entry(step(&mut world, i, drawn, &mut known)).or_default() += 1;
        let user = USERS[usize::from(drawn.2) % USERS.len()];
        if drawn.3 {
            let mirror = mirrors.get_mut(user).unwrap();
            mirror.pull(&world, user, usize::from(drawn.1[0]) * 40, usize::from(drawn.0 % 3));
        }
    }
    for (user, mirror) in &mut mirrors {
        check_mirror(&world, user, mirror);
    }
}

/// The same draws in every run.
fn draws(n: usize) -> Vec<Vec<Step>> {
    let mut runner = TestRunner::deterministic();
    let steps = proptest::collection::vec(any::<Step>(), 30..60);
    (0..n).map(|_| steps.new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn the_chaos_reaches_every_verdict() {
    let mut counts = BTreeMap::new();
    draws(32).into_iter().for_each(|steps| run(steps, &mut counts));
    for expected in [
        "applied",
        "merged conflict",
        "merged proposal",
        "held missing",
        "held out_of_scope",
        "held merged_away",
        "held deleted",
        "held exists",
        "held right",
        "held changed",
        "held stale",
        "rejected bad_value",
    ] {
        assert!(counts.contains_key(expected), "{expected} never happened: {counts:?}");
    }
}

/// What the mirror is for: each of these bugs of the pull makes it differ (F2).
#[cfg(feature = "planted-bugs")]
#[test]
fn planted_bugs_of_the_pull_are_found() {
    use crate::planted::{Bug, plant};
    for bug in [Bug::NoExits, Bug::NoTombstone, Bug::TornRow] {
        plant(Some(bug));
        let found = draws(48)
            .into_iter()
            .any(|steps| std::panic::catch_unwind(|| run(steps, &mut BTreeMap::new())).is_err());
        plant(None);
        assert!(found, "{} is not found", bug.name());
    }
}
