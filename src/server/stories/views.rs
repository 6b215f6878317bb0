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
    let history = desk.get(&format!("recipients/{mine}/history")).await.ok();
    let line = &history["rows"][0];
    assert_eq!(
        (&line["word"], &line["value"], &line["shared"]),
        (&json!("view"), &json!("2026-11-26"), &json!(true))
    );
    assert!(line["by"].is_string() && line["reason"].is_null());
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
