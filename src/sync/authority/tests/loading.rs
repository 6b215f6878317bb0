//! P10: what a decision lacks is asked for, in few rounds, and nothing is written before.

use super::{blind, create};
use crate::{
    authority::{Batch, Key, Loaded, PushContext, Standing, push},
    id::{DeviceId, Inc},
    memory::ClearOpener,
    testing::{CLERK, WORKER, World, area, id, said, village},
    wire::PushRequest,
};
use serde_json::{Value, json};

/// How many rounds a push takes, and what is asked for in the first.
fn rounds(world: &World, user: &str, request: Value) -> (usize, Vec<Key>) {
    let request: PushRequest = serde_json::from_str(&request.to_string()).unwrap();
    let batch = Batch::open(&request, &ClearOpener).unwrap();
    let who = world.who(user);
    let (device, inc) = (DeviceId(*id(user).as_bytes()), Inc([1; 8]));
    let ctx = PushContext {
        who: &who,
        device,
        inc,
        granted: who.role,
        standing: Standing::Active,
        last: world.last(user),
        durable: 0,
        head: world.store.head(),
        now: world.now,
        tree: &world.tree,
    };
    let mut loaded = Loaded::new();
    let mut first = Vec::new();
    for round in 1..20 {
        let Err(missing) = push(&batch, &ctx, &ClearOpener, &loaded) else { return (round, first) };
        if round == 1 {
            first = missing.0.iter().cloned().collect();
        }
        world.store.load(&missing, device, inc, &mut loaded);
    }
    panic!("the decision never ends");
}

#[test]
fn p10_a_day_of_visits_is_decided_in_three_rounds() {
    let world = village();
    let changesets: Vec<Value> = (0..20)
        .map(|i| {
            let mut visit = create(&format!("visit {i}"), "visit", "A", json!({"result": i}));
            visit["parent"] = json!(id("r"));
            let ops = json!([visit, blind("r", "mobile", json!(i)), blind("s", "bank", json!(i)), blind("v", "kind", json!(i))]);
            json!({"id": id(&format!("cs {i}")), "schema": 1, "t": 5, "t_contact": 0, "author": id(WORKER), "ops": ops})
        })
        .collect();
    let (rounds, first) = rounds(&world, WORKER, json!({"first_seq": 2, "changesets": changesets}));
    assert!(rounds <= 5, "{rounds} rounds");
    assert!(first.contains(&Key::Record(id("s"))) && first.contains(&Key::Changeset(id("cs 19"))));
}

#[test]
fn p10_a_family_of_many_visits_is_moved_merged_and_taken_apart_in_few_rounds() {
    let mut world = village();
    for i in 0..100 {
        let mut visit = create(&format!("visit {i}"), "visit", "A", json!({}));
        visit["parent"] = json!(id("r"));
        assert_eq!(said(&world.save(CLERK, &format!("create {i}"), json!([visit]))), "applied");
    }
    let entered = world.store.record(id("r")).unwrap().entered;
    let asked = |world: &World, op: Value| {
        let changeset = json!({"id": id(&op.to_string()), "schema": 1, "t": 5, "t_contact": 0, "author": id(CLERK), "ops": [op]});
        rounds(world, CLERK, json!({"first_seq": world.last(CLERK) + 1, "changesets": [changeset]})).0
    };
    let away = json!({"op": "move", "e": id("r"), "area": area("B"), "base": {"fv": entered}});
    let merge = json!({"op": "merge", "from": id("r"), "into": id("s"), "reason": "x"});
    assert!(asked(&world, away) <= 8 && asked(&world, merge.clone()) <= 8);
    assert_eq!(said(&world.save(CLERK, "merge", json!([merge]))), "applied");
    let unmerge = json!({"op": "unmerge", "from": id("r"), "into": id("s"), "reason": "x"});
    assert!(asked(&world, unmerge) <= 8);
}

#[test]
fn p10_an_empty_push_needs_nothing() {
    assert_eq!(rounds(&village(), WORKER, json!({"first_seq": 2, "changesets": []})), (1, vec![]));
}
