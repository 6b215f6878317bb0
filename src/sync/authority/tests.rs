use crate::{
    testing::{CLERK, WORKER, World, area, id},
    wire::{VerdictState, Why},
};
use serde_json::json;

#[test]
fn a_changeset_is_applied_and_sent_down() {
    let mut world = World::new();
    world.recipient("r", "A", json!({"name": "张三", "mobile": "13800000001"}));
    let base = json!({"fv": world.fv("r", "mobile")});
    let verdict = world.save(
        WORKER,
        "c",
        json!([{"op": "set", "e": id("r"), "f": "mobile", "v": "13800000002", "base": base}]),
    );
    assert_eq!((verdict.st, verdict.why), (VerdictState::Applied, None));
    assert_eq!(world.field("r", "mobile"), "13800000002");
    let page = world.pull(WORKER, &Default::default());
    assert_eq!(page.rows.len(), 1);
    assert_eq!(page.cur[&area("A")], world.store.head());
    assert_eq!(
        world.save(CLERK, "d", json!([{"op": "undelete", "e": id("x"), "reason": "?"}])).why,
        Some(Why::Missing)
    );
}
