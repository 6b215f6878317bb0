//! L1, L2: when there is no page.

use super::request;
use crate::{
    authority::Standing,
    id::Inc,
    memory::{ClearOpener, Reader},
    pull::{PullContext, plan},
    rev::Rev,
    testing::{CLERK, WORKER, WORKER2, World, area, village},
    wire::{PullAnswer, PullError, PullRequest},
};
use std::collections::BTreeMap;

fn refused(world: &World, user: &str, request: &PullRequest) -> PullError {
    match world.try_pull(user, request) {
        PullAnswer::Error(error) => error,
        PullAnswer::Page(page) => panic!("{} rows", page.rows.len()),
    }
}

fn acked(inc: u8, seq: u64) -> BTreeMap<Inc, u64> {
    BTreeMap::from([(Inc([inc; 8]), seq)])
}

#[test]
fn l1_reading_needs_a_session_and_a_device_that_is_not_wiped() {
    let mut world = village();
    let ask = |world: &World, session: bool| {
        let who = world.who(WORKER);
        let reader = Reader {
            who: &who,
            device: crate::id::DeviceId([0; 16]),
            session,
            standing: world.standing,
            scope_rev: 1,
            again: &world.again,
            tree: &world.tree,
        };
        let odd = PullRequest { epoch: 9, scope_rev: 9, ..request(world) };
        match world.store.pull(&odd, &reader, &ClearOpener, 10) {
            PullAnswer::Error(error) => error,
            PullAnswer::Page(_) => panic!("a page"),
        }
    };
    assert_eq!(ask(&world, false), PullError::Session);
    assert!(matches!(ask(&world, true), PullError::Epoch { epoch: 1, .. }), "epoch before scope");
    for standing in [Standing::Wipe, Standing::Revoked] {
        world.standing = standing;
        assert_eq!(ask(&world, false), PullError::Wipe, "wipe before session");
        assert_eq!(ask(&world, true), PullError::Wipe);
    }
    world.standing = Standing::Readonly;
    assert!(matches!(world.try_pull(WORKER, &request(&world)), PullAnswer::Page(_)), "readonly devices read");
}

#[test]
fn l1_another_epoch_and_a_cursor_above_the_head_are_answered_epoch() {
    let mut world = village();
    let epoch = PullError::Epoch { epoch: 1, acked: acked(1, 1) };
    assert_eq!(refused(&world, WORKER, &PullRequest { epoch: 2, ..request(&world) }), epoch);
    let ahead = Rev { n: world.store.head().n + 1, ..world.store.head() };
    let with =
        |name: &str, rev: Rev| PullRequest { cur: BTreeMap::from([(area(name), rev)]), ..request(&world) };
    assert_eq!(refused(&world, WORKER, &with("A", ahead)), epoch);
    assert!(
        matches!(world.try_pull(WORKER, &with("D", ahead)), PullAnswer::Page(_)),
        "a foreign area is passed over"
    );
    assert!(matches!(world.try_pull(WORKER, &with("A", world.store.head())), PullAnswer::Page(_)));
    // After a restore: cursors of the old epoch are below everything that is new.
    let old = with("A", ahead);
    world.store = world.store.clone().restored(2);
    assert_eq!(refused(&world, WORKER, &old), PullError::Epoch { epoch: 2, acked: acked(1, 1) });
    assert!(matches!(world.try_pull(WORKER, &PullRequest { epoch: 2, ..old }), PullAnswer::Page(_)));
}

#[test]
fn l2_scope_names_every_node_and_what_to_pull_again() {
    let mut world = village();
    world.scope_rev = 5;
    world.again = BTreeMap::from([(area("A"), 3), (area("B"), 5)]);
    let nodes = |user: &str, scope_rev: u64| {
        let PullError::Scope { scope_rev, areas } =
            refused(&world, user, &PullRequest { scope_rev, ..request(&world) })
        else {
            panic!("scope")
        };
        assert_eq!(scope_rev, 5);
        let mut nodes: Vec<_> = areas.iter().map(|a| (a.code.clone(), a.parent, a.again)).collect();
        nodes.sort();
        nodes
    };
    let node = |name: &str, parent: Option<&str>, again| (name.to_owned(), parent.map(area), again);
    assert_eq!(nodes(WORKER2, 4), [node("A", None, false), node("B", None, true)]);
    assert_eq!(nodes(WORKER2, 3), [node("A", None, false), node("B", None, true)]);
    assert_eq!(nodes(WORKER2, 2), [node("A", None, true), node("B", None, true)]);
    assert_eq!(
        nodes(CLERK, 9),
        [node("A", Some("T"), false), node("B", Some("T"), false), node("T", None, false)]
    );
}

#[test]
fn l2_a_cursor_older_than_the_tombstones_restarts_its_area() {
    let world = village();
    let who = world.who(WORKER2);
    let head = world.store.head();
    let forgotten = BTreeMap::from([(area("A"), Rev::new(1, 4)), (area("B"), Rev::new(1, 4))]);
    let (acked, again) = (BTreeMap::new(), BTreeMap::new());
    let ctx = PullContext {
        policy: domain::policy::Policy::default(),
        who: &who,
        session: true,
        standing: Standing::Active,
        scope_rev: 1,
        again: &again,
        head,
        acked: &acked,
        forgotten: &forgotten,
        tree: &world.tree,
    };
    let cur = BTreeMap::from([(area("A"), Rev::new(1, 3)), (area("B"), Rev::new(1, 4))]);
    let Err(PullError::Scope { scope_rev, areas }) = plan(&PullRequest { cur, ..request(&world) }, &ctx)
    else {
        panic!("scope")
    };
    let flagged: Vec<_> = areas.iter().filter(|area| area.again).map(|area| area.id).collect();
    assert_eq!((scope_rev, flagged), (1, vec![area("A")]));
    let cur = BTreeMap::from([(area("A"), Rev::new(1, 4))]);
    assert!(plan(&PullRequest { cur, ..request(&world) }, &ctx).is_ok(), "and 0.0 is never too old");
}
