//! Sheets that an office looks at before anything of them is written: sponsors.

use serde_json::{Value, json};

use super::client::Office;

#[tokio::test]
async fn a_sheet_of_sponsors_is_judged_by_row_and_column_and_nothing_is_kept() {
    let office = Office::with_sheet(&[
        "帮扶企业登记表",
        "序号|名称|类型|统一社会信用代码|电话",
        "1|红日粮油|民企|91350100m000100y43|13800001234",
        "2|安民药房|合伙|91350100M000100Y44|",
    ])
    .await;
    let clerk = office.desk("clerk").await;
    let said = clerk.post_sheet("sponsors/sheet").await.ok();
    let expected = json!([{
        "row": 3, "name": "红日粮油", "kind": "people_run", "credit_code": "91350100M000100Y43", "contact": "",
        "phone": "13800001234", "agreement": null,
    }]);
    assert_eq!((&said["lines"], &said["unread"]), (&expected, &json!(["序号"])));
    let faults: Vec<[&Value; 4]> = said["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| ["row", "col", "text", "why"].map(|name| &fault[name]))
        .collect();
    let (row, text) = (json!(4), ["合伙", "91350100M000100Y44"].map(Value::from));
    let expected = [
        [&row, &json!("C"), &text[0], &json!("kind")],
        [&row, &json!("D"), &text[1], &json!("code_checksum")],
    ];
    assert_eq!(faults, expected);
    let (rows, _) = clerk.pull_all(1).await;
    assert!(rows.iter().all(|row| row["type"] != "sponsor"), "{rows:?}");
    office.phone("worker").await.post_sheet("sponsors/sheet").await.is_refused(403, "forbidden");
}

#[tokio::test]
async fn a_sheet_without_its_headings_says_which_lack() {
    let office = Office::with_sheet(&["名称|电话", "红日粮油|13800001234"]).await;
    let refused = office.desk("clerk").await.post_sheet("sponsors/sheet").await;
    assert_eq!(refused.is_refused(422, "columns_missing")["lacks"], json!(["kind"]));
}
