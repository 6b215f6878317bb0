//! Whose files were opened on a device, as it tells when it is in reach.

use serde_json::json;

use super::{
    client::{Office, id},
    story::two_families,
};

#[tokio::test]
async fn what_a_device_showed_stands_in_the_chain_and_in_the_history_of_that_file_alone() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, foreign) = two_families(&office, &desk).await;
    let files = json!([{"e": mine, "on": "2026-11-25"}, {"e": mine, "on": "2026-11-26"}]);
    desk.post("views", json!({ "files": files })).await.ok();
    // The same again: the answer to the first may have been lost.
    desk.post("views", json!({"files": [{"e": mine, "on": "2026-11-26"}]})).await.ok();
    let history = desk.get(&format!("recipients/{mine}/history")).await.ok();
    let lines: Vec<_> = history["rows"].as_array().expect("lines").iter().collect();
    let mut days: Vec<_> =
        lines.iter().filter(|line| line["word"] == "view").map(|line| line["value"].clone()).collect();
    days.sort_by_key(ToString::to_string);
    assert_eq!(days, [json!("2026-11-25"), json!("2026-11-26")]);
    let line = lines.iter().find(|line| line["word"] == "view").expect("a view");
    assert!(line["shared"] == true && line["device"].is_string());
    assert!(line["by"].is_string() && line["reason"].is_null());
    let another = office.desk("clerk").await;
    another.post("views", json!({"files": [{"e": mine, "on": "2026-11-26"}]})).await.ok();
    let history = desk.get(&format!("recipients/{mine}/history")).await.ok();
    let views = history["rows"].as_array().expect("lines").iter().filter(|line| line["word"] == "view");
    assert_eq!(views.count(), 3);
    let other = desk.get(&format!("recipients/{foreign}/history")).await;
    assert!(!other.text().contains("\"view\""), "{}", other.text());
}

#[tokio::test]
async fn what_is_no_list_of_views_is_refused() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    desk.post("views", json!({"files": []})).await.is_refused(422, "views_count");
    let many: Vec<_> = (0..201).map(|_| json!({"e": id(), "on": "2026-11-26"})).collect();
    desk.post("views", json!({ "files": many })).await.is_refused(422, "views_count");
    desk.post("views", json!({"files": [{"e": id(), "on": "yesterday"}]}))
        .await
        .is_refused(400, "bad_request");
}

#[tokio::test]
async fn a_device_fills_the_chain_no_faster_than_it_may_sync() {
    let office = Office::with_limits(&["syncs=2"]).await;
    let desk = office.desk("clerk").await;
    let told = || desk.post("views", json!({"files": [{"e": id(), "on": "2026-11-26"}]}));
    told().await.ok();
    told().await.ok();
    told().await.is_refused(429, "slow_down");
    office.clock.advance(60 * 60_000);
    office.desk("clerk").await.post("views", json!({"files": [{"e": id(), "on": "2026-11-26"}]})).await.ok();
}
