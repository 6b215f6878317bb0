//! What became part of another file: its values go, and whoever still speaks of it is told of which.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    erasing::{KEPT, apply, dead, drop_kept, kept, report},
    found_in_database,
    retention::{DAY_MS, dated, whats},
    traces::Desk,
};
use crate::{
    retention,
    stories::client::{Office, VILLAGE, id},
};

const NAME: &str = "李伟的另一份";

/// A second file of the same person.
async fn begun(desk: &mut Desk<'_>) -> Uuid {
    let (twin, area) = (id(), desk.office.area(VILLAGE).await);
    let f = json!({"name": NAME, "mobile": "13900000000"});
    desk.save(json!([{"op": "create", "e": twin, "type": "recipient", "area": area, "f": f}])).await;
    twin
}

async fn become_one(desk: &mut Desk<'_>, twin: Uuid, into: Uuid) {
    desk.save(json!([{"op": "merge", "from": twin, "into": into, "reason": "同一人"}])).await;
}

fn late(desk: &Desk<'_>, e: Uuid, office: &Office) -> Value {
    let op = json!({"op": "set", "e": e, "f": "mobile", "v": "13700000000", "base": {"fv": "0.0"}});
    dated(office, &desk.browser, json!([op]))
}

#[tokio::test]
async fn the_values_of_a_double_file_go_after_its_time_and_its_name_still_leads_to_the_other() {
    let office = Office::new().await;
    let mut desk = Desk::of(&office, "clerk").await;
    let (mine, area) = (id(), office.area(VILLAGE).await);
    let f = json!({"name": "李伟"});
    desk.save(json!([{"op": "create", "e": mine, "type": "recipient", "area": area, "f": f}])).await;
    let twin = begun(&mut desk).await;
    let (_, page) = desk.browser.pull_all(1).await;
    become_one(&mut desk, twin, mine).await;
    assert_eq!(report(&office).await["leftovers"], 0, "it may have been a mistake");
    office.clock.advance(31 * DAY_MS);
    assert_eq!(report(&office).await["leftovers"], 1);
    apply(&office).await;
    assert_eq!(found_in_database(&office, NAME).await, 0);
    assert_eq!(found_in_database(&office, "13900000000").await, 0);

    // An old phone is told of which file it is a part, and what it still says of it waits for the office.
    let mut desk = Desk::of(&office, "clerk").await;
    let pull = json!({"epoch": 1, "scope_rev": 1, "cur": page["cur"], "since": {}, "page_bytes": 65536});
    let page = desk.browser.sync(json!({ "pull": pull })).await.ok()["pull"].clone();
    let row = page["rows"].as_array().unwrap().iter().find(|row| row["e"] == json!(twin)).unwrap();
    assert_eq!((&row["del"], &row["into"]), (&json!(true), &json!(mine)), "{row}");
    assert_eq!(desk.row(mine).await["f"]["name"], "李伟");
    let save = late(&desk, twin, &office);
    let verdict = desk.send(save).await;
    assert_eq!((&verdict["st"], &verdict["why"]), (&json!("held"), &json!("merged_away")), "{verdict}");
    retention::finish(&office.app).await.unwrap();
    assert!(found_in_database(&office, "13700000000").await > 0, "nobody has decided about it yet");
    assert!(found_in_database(&office, "同一人").await > 0, "how the file came about stays with it");
}

#[tokio::test]
async fn a_double_file_goes_with_the_file_that_it_became_part_of() {
    let office = Office::new().await;
    let old = dead(&office).await;
    let mut desk = Desk::of(&office, "clerk").await;
    let twin = begun(&mut desk).await;
    become_one(&mut desk, twin, old.family).await;
    let phone = office.phone("worker").await;
    let op = json!([{"op": "set", "e": twin, "f": "mobile", "v": "13700000000", "base": {"fv": "0.0"}}]);
    let held = kept(&phone, 1, dated(&office, &phone, op)).await;
    office.clock.advance(KEPT);
    let said = report(&office).await;
    assert!(!whats(&said).contains(&"file") && said["leftovers"] == 0, "a kept save speaks of it: {said:#}");
    let held_line = &said["held"][0];
    assert_eq!((&held_line["what"], &held_line["why"]), (&json!("file"), &json!("undecided")), "{said:#}");
    drop_kept(&office, held).await;
    let said = report(&office).await;
    assert_eq!((whats(&said), &said["leftovers"]), (vec!["file"], &json!(1)), "{said:#}");
    apply(&office).await;
    for word in [NAME, "13900000000", "13700000000", "李伟", "同一人"] {
        assert_eq!(found_in_database(&office, word).await, 0, "{word}");
    }
}
