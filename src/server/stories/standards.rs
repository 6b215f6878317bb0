//! What a county pays conscripts' families and for awards: entered by hand or out of a sheet, published, corrected, and seen by townships.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use crate::stories::client::{Answer, Browser, Office};

async fn county() -> (Office, Browser) {
    let office = Office::new().await;
    office.add_account("county", "county_clerk", &["339999"]).await;
    office.add_account("lead", "county_lead", &["339999"]).await;
    let clerk = office.desk("county").await;
    (office, clerk)
}

fn stipend(value: &str, from: &str, to: &str) -> Value {
    json!({
        "kind": "stipend", "of": "all", "value": value, "pay": "annual_full", "early": "actual_months",
        "doc_no": "双拥〔2026〕3号", "from": from, "to": to,
    })
}

async fn enter(who: &Browser, rows: Value) -> Answer {
    who.post("standards", json!({ "rows": rows })).await
}

async fn shown(who: &Browser) -> Vec<Value> {
    who.get("standards").await.ok()["rows"].as_array().unwrap().clone()
}

/// The ids of the rows in a state.
async fn ids(who: &Browser, state: &str) -> Vec<Value> {
    shown(who).await.into_iter().filter(|row| row["state"] == state).map(|row| row["id"].clone()).collect()
}

#[tokio::test]
async fn what_is_wrong_is_told_by_row_and_column_and_nothing_is_entered() {
    let (_office, clerk) = county().await;
    let floor = json!({
        "kind": "优待金", "of": "农村", "value": "3000", "income": "5150", "ratio": "60%", "pay": "按半年", "early": "不满不发",
        "doc_no": "双拥〔2026〕3号", "from": "2026-01-01",
    });
    let wrong = enter(&clerk, json!([stipend("14272", "2026-01-01", ""), floor, {"kind": "reward"}])).await;
    let rows = wrong.is_refused(422, "standards_bad")["rows"].clone();
    assert_eq!(
        rows[0],
        json!({"row": 2, "faults": [{"column": "value", "why": "below_floor", "least": 309_000}]})
    );
    let columns: Vec<&Value> =
        rows[1]["faults"].as_array().unwrap().iter().map(|fault| &fault["column"]).collect();
    assert_eq!(columns, ["of", "doc_no", "from"]);
    enter(&clerk, json!([])).await.is_refused(422, "standards_count");
    assert!(shown(&clerk).await.is_empty());
}

#[tokio::test]
async fn townships_see_what_is_published_and_nobody_changes_it() {
    let (office, clerk) = county().await;
    let (township, lead) = (office.desk("clerk").await, office.desk("lead").await);
    enter(&clerk, json!([stipend("9300", "2025-01-01", "2025-12-31"), stipend("13640", "2026-01-01", "")]))
        .await
        .ok();
    assert!(shown(&township).await.is_empty());
    assert_eq!(shown(&lead).await.len(), 2);
    let drafts = ids(&clerk, "draft").await;
    for who in [&township, &lead] {
        who.post("standards/publish", json!({ "ids": drafts })).await.is_refused(403, "forbidden");
    }
    clerk.post("standards/publish", json!({ "ids": drafts })).await.ok();
    let seen = shown(&township).await;
    assert_eq!((seen.len(), &seen[0]["said"]["value"]), (2, &json!("13640.00")));
    clerk.post("standards/discard", json!({ "ids": drafts })).await.is_refused(422, "standard_published");
    enter(&clerk, json!([stipend("14000", "2026-07-01", "")])).await.ok();
    let draft = ids(&clerk, "draft").await;
    let meets =
        clerk.post("standards/publish", json!({ "ids": draft })).await.is_refused(422, "standard_meets");
    assert_eq!((&meets["said"]["value"], &meets["other"]["value"]), (&json!("14000.00"), &json!("13640.00")));
    clerk.post("standards/discard", json!({ "ids": draft })).await.ok();
    let open = seen[0]["id"].clone();
    let correction = json!({"rows": [stipend("13,640", "2026-01-01", "2026-12-31")], "supersedes": open});
    clerk.post("standards", correction.clone()).await.ok();
    let draft = ids(&clerk, "draft").await;
    clerk.post("standards/publish", json!({ "ids": draft })).await.ok();
    assert_eq!(ids(&township, "superseded").await, [open]);
    clerk.post("standards", correction).await.is_refused(422, "standard_not_to_correct");
}

/// An office whose worker finds these rows in any workbook, with its clerk.
async fn county_that_reads(rows: Value) -> (Office, Browser) {
    let cell = |cell: &Value| json!({ "t": cell });
    let row = |row: &Value| row.as_array().unwrap().iter().map(cell).collect::<Vec<_>>();
    let rows: Vec<_> = rows.as_array().unwrap().iter().map(row).collect();
    let book = json!({"Ok": {"grid": {"sheet": "标准", "rows": rows}, "other_lists": []}});
    let office = Office::with_workers(&format!("cat > /dev/null\necho '{book}'")).await;
    office.add_account("county", "county_clerk", &["339999"]).await;
    let clerk = office.desk("county").await;
    (office, clerk)
}

async fn read(who: &Browser) -> Answer {
    who.send(who.request(Method::POST, "standards/sheet").body(Body::from("a workbook")).unwrap()).await
}

#[tokio::test]
async fn a_sheet_is_judged_by_cell_and_entered_as_it_was_read() {
    let sheet = json!([
        ["项目", "对象", "标准", "文号", "执行日期"],
        ["立功奖励", "二等功", "约五千", "双拥〔2026〕3号", "2026-01-01"],
        ["立功奖励", "三等功", "2000", "双拥〔2026〕3号", "2026-01-01"],
    ]);
    let (office, clerk) = county_that_reads(sheet).await;
    let judged = read(&clerk).await.ok();
    assert_eq!(judged["rows"][0]["row"], 2);
    assert_eq!(judged["rows"][0]["faults"], json!([{"column": "value", "why": "not_amount"}]));
    assert_eq!(judged["headings"][2], json!({"column": "value", "at": "C", "text": "标准"}));
    assert!(shown(&clerk).await.is_empty(), "it is only read");
    enter(&clerk, json!([judged["rows"][1]["said"]])).await.ok();
    assert_eq!(shown(&clerk).await[0]["said"]["of"], "merit_3");
    read(&office.desk("clerk").await).await.is_refused(403, "forbidden");
}

#[tokio::test]
async fn a_sheet_of_something_else_says_what_it_lacks() {
    for (rows, err) in [
        (json!([["姓名", "身份证号", "类别"]]), "no_headings"),
        (json!([["项目", "文号", "执行日期"], ["", "", ""]]), "empty"),
    ] {
        let (_office, clerk) = county_that_reads(rows).await;
        assert_eq!(read(&clerk).await.is_refused(422, err)["sheet"], "标准");
    }
}

#[tokio::test]
async fn a_row_that_ends_another_and_the_one_that_follows_are_published_together() {
    let (_office, clerk) = county().await;
    enter(&clerk, json!([stipend("9300", "2025-01-01", "")])).await.ok();
    let publish = async |ids: Vec<Value>| clerk.post("standards/publish", json!({ "ids": ids })).await;
    publish(ids(&clerk, "draft").await).await.ok();
    let open = ids(&clerk, "in_force").await;
    enter(&clerk, json!([stipend("13640", "2026-01-01", "")])).await.ok();
    let ended = json!({"rows": [stipend("9300", "2025-01-01", "2025-12-31")], "supersedes": open[0]});
    clerk.post("standards", ended).await.ok();
    let mut both = ids(&clerk, "draft").await;
    both.reverse();
    both.push(both[0].clone());
    publish(both).await.ok();
    assert_eq!(ids(&clerk, "in_force").await.len(), 2);
}
