//! What stays though its time is over, and what the report says of it.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    erasing::{KEPT, apply, dead, report},
    found_in_database,
    retention::{DAY_MS, family, whats},
    traces::Desk,
};
use crate::{
    commands::{Command, perform},
    stories::client::{Office, VILLAGE, id},
};

/// What stays, and why.
fn held(report: &Value) -> Vec<(&str, &str)> {
    let word = |line: &'_ Value, name: &str| -> String { line[name].as_str().unwrap().to_owned() };
    let lines = report["held"].as_array().unwrap();
    let mut held: Vec<(&str, &str)> =
        lines.iter().map(|line| (line["what"].as_str().unwrap(), line["why"].as_str().unwrap())).collect();
    assert!(lines.iter().all(|line| !word(line, "since").is_empty() && !word(line, "village").is_empty()));
    held.sort_unstable();
    held
}

async fn create(desk: &mut Desk<'_>, kind: &str, parent: Option<Uuid>, f: Value) -> Uuid {
    let (e, area) = (id(), desk.office.area(VILLAGE).await);
    let mut op = json!({"op": "create", "e": e, "type": kind, "area": area, "f": f});
    if let Some(parent) = parent {
        op["parent"] = json!(parent);
    }
    desk.save(json!([op])).await;
    e
}

#[tokio::test]
async fn an_open_request_holds_all_that_is_kept_of_the_person() {
    let office = Office::new().await;
    let old = family(&office, &office.desk("clerk").await).await;
    let mut desk = Desk::of(&office, "clerk").await;
    let asked = json!({"kind": "access", "asked_by": "self", "state": "open", "what": "想看记了什么"});
    let request = create(&mut desk, "rights_request", Some(old.family), asked).await;
    desk.delete(old.closed, "误录").await;
    create(
        &mut desk,
        "need",
        Some(old.family),
        json!({"kind": "N-MED", "state": "dropped", "reason": "已迁走"}),
    )
    .await;
    office.clock.advance(KEPT);
    let said = report(&office).await;
    assert_eq!((whats(&said), &said["leftovers"]), (vec![], &json!(0)), "{said:#}");
    let visit = ("visit", "open_request");
    assert_eq!(held(&said), [("need", "open_request"), visit, visit, visit]);
    assert_eq!(said["held_back"]["open_request"], 5, "and a need that was deleted by hand");
    let text = perform(&office.app, Command::RetentionReport).await.unwrap().text;
    assert!(
        text.contains("李伟, visit, since") && text.contains("waits for an answer to a request"),
        "{text}"
    );

    let mut desk = Desk::of(&office, "clerk").await;
    let granted = json!({"op": "set", "e": request, "f": "state", "v": "granted", "base": {"fv": "0.0"}});
    desk.save(json!([granted])).await;
    let said = report(&office).await;
    assert_eq!((whats(&said), &said["leftovers"]), (vec!["need", "visit"], &json!(1)), "{said:#}");
}

#[tokio::test]
async fn what_is_open_holds_the_visits_that_it_names_wherever_it_names_them() {
    let office = Office::new().await;
    let old = family(&office, &office.desk("clerk").await).await;
    let mut desk = Desk::of(&office, "clerk").await;
    let done_at = office.clock.now() - DAY_MS;
    let mut visits = Vec::new();
    for _ in 0..3 {
        let visit = create(&mut desk, "visit", Some(old.family), json!({"completed_at": done_at})).await;
        let accepted = json!({"op": "append", "e": visit, "f": "reviews", "v": {"verdict": "accepted"}});
        desk.save(json!([accepted])).await;
        visits.push(visit);
    }
    let set =
        |f: &str, visit: Uuid| json!({"op": "set", "e": old.open, "f": f, "v": visit, "base": {"fv": "0.0"}});
    desk.save(json!([set("verified_by", visits[0]), set("follow_up", visits[1])])).await;
    let task = json!({"kind": "T-CARD", "state": "open", "found_by": visits[2]});
    let task = create(&mut desk, "task", Some(old.family), task).await;
    office.clock.advance(KEPT);
    let said = report(&office).await;
    assert_eq!(whats(&said), ["need", "visit"], "{said:#}");
    let need = ("visit", "open_need");
    assert_eq!(held(&said), [need, need, need, ("visit", "open_task"), ("visit", "unreviewed")]);

    let mut desk = Desk::of(&office, "clerk").await;
    desk.save(json!([{"op": "set", "e": task, "f": "state", "v": "done", "base": {"fv": "0.0"}}])).await;
    assert_eq!(whats(&report(&office).await), ["need", "visit", "visit"]);
    office.clock.advance(KEPT);
    assert_eq!(
        whats(&report(&office).await),
        ["need", "task", "visit", "visit"],
        "a task goes after its time too"
    );
}

#[tokio::test]
async fn an_open_task_or_case_holds_the_file_and_a_closed_case_goes() {
    let office = Office::new().await;
    let old = dead(&office).await;
    let mut desk = Desk::of(&office, "clerk").await;
    let task = create(&mut desk, "task", Some(old.family), json!({"kind": "D1", "state": "open"})).await;
    let case =
        create(&mut desk, "case", None, json!({"person": old.family, "state": "open", "outcome": "调解"}))
            .await;
    for (e, why, closed) in [(task, "open_task", "done"), (case, "open_case", "closed")] {
        office.clock.advance(KEPT);
        let said = report(&office).await;
        assert!(held(&said).contains(&("file", why)) && !whats(&said).contains(&"file"), "{said:#}");
        let mut desk = Desk::of(&office, "clerk").await;
        desk.save(json!([{"op": "set", "e": e, "f": "state", "v": closed, "base": {"fv": "0.0"}}])).await;
    }
    office.clock.advance(KEPT);
    assert_eq!(whats(&report(&office).await), ["file"]);
    apply(&office).await;
    assert_eq!(found_in_database(&office, "调解").await, 0);
}

#[tokio::test]
async fn what_names_two_people_stays_with_the_second_and_goes_with_the_last() {
    let office = Office::new().await;
    let old = dead(&office).await;
    let mut desk = Desk::of(&office, "clerk").await;
    let other = create(&mut desk, "recipient", None, json!({"name": "王芳"})).await;
    let household = json!({"head": old.family, "members": [old.family, other], "addr": "村东头"});
    create(&mut desk, "household", None, household).await;
    office.clock.advance(KEPT);
    assert_eq!(whats(&report(&office).await), ["file"]);
    apply(&office).await;
    assert!(found_in_database(&office, "村东头").await > 0);

    // Her file is deleted by hand: first its values go, then what named her alone.
    Desk::of(&office, "clerk").await.delete(other, "重复录入").await;
    office.clock.advance(31 * DAY_MS);
    apply(&office).await;
    let said = report(&office).await;
    assert_eq!(whats(&said), ["orphan"], "{said:#}");
    let text = perform(&office.app, Command::RetentionReport).await.unwrap().text;
    assert!(text.contains("what is left of people whose files are gone"), "{text}");
    let done = apply(&office).await;
    assert_eq!((&done["records"], &done["stayed"]), (&json!(1), &json!(0)), "{done}");
    assert_eq!(found_in_database(&office, "村东头").await, 0);
}
