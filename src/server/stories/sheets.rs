//! Sheets that an office looks at before anything of them is written: sponsors, and people who are to have accounts.

use serde_json::{Value, json};

use super::client::{OTHER_VILLAGE, Office, TOWNSHIP, VILLAGE};

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

const PEOPLE: [&str; 4] = [
    "姓名|用户名|岗位|管哪里|电话",
    "王芳||走访员|双桥镇/红旗村、石桥村|13800001234",
    "李强|CLERK|镇经办|339999100|",
    "赵六||走访员|双桥镇|",
];

async fn admin_of(office: &Office) -> super::client::Browser {
    office.add_account("root", "admin", &["339999"]).await;
    office.desk("root").await
}

#[tokio::test]
async fn a_sheet_of_people_is_judged_as_one_account_is_and_nothing_is_written() {
    let office = Office::with_sheet(&PEOPLE).await;
    let admin = admin_of(&office).await;
    let before = office.app.db.accounts().await.unwrap().len();
    let said = admin.post_sheet("accounts/sheet").await.ok();
    let mut villages = [office.area(VILLAGE).await, office.area(OTHER_VILLAGE).await];
    villages.sort();
    let first = &said["lines"][0];
    assert_eq!(
        (&first["row"], &first["user"], &first["areas"]),
        (&json!(2), &json!("王芳"), &json!(villages))
    );
    let faults: Vec<_> = said["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| ["row", "col", "why"].map(|name| one[name].clone()))
        .collect();
    let expected = [(3, "B", "account_exists"), (4, "D", "areas_of_role")];
    assert_eq!(faults, expected.map(|(row, col, why)| [json!(row), json!(col), json!(why)]));
    assert_eq!(office.app.db.accounts().await.unwrap().len(), before);
    for user in ["clerk", "worker"] {
        office.desk(user).await.post_sheet("accounts/sheet").await.is_refused(403, "forbidden");
    }
}

#[tokio::test]
async fn people_are_made_together_or_not_at_all() {
    let office = Office::new().await;
    let admin = admin_of(&office).await;
    let (village, township) = (office.area(VILLAGE).await, office.area(TOWNSHIP).await);
    let person = |user: &str, area: &str| json!({"user": user, "role": "village_worker", "areas": [area]});
    let before = office.app.db.accounts().await.unwrap().len();
    let told = async || admin.get("accounts").await.ok()["people"].as_array().unwrap().len();
    let seen = told().await;

    let bad = json!({"people": [person("王芳", &village), person("Clerk", &village), person("李强", &township), person("王芳", &village)]});
    let refused = admin.post("accounts/list", bad).await.is_refused(422, "people_bad");
    let rows = [(1, "account_exists"), (2, "areas_of_role"), (3, "account_exists")];
    assert_eq!(refused["rows"], json!(rows.map(|(place, why)| json!({"place": place, "why": why}))));
    let bad = json!({"people": [person("王芳", &village), person("two words", &village)]});
    let refused = admin.post("accounts/list", bad).await.is_refused(422, "people_bad");
    assert_eq!(refused["rows"], json!([{"place": 1, "why": "user_name_bad"}]));
    let foreign =
        json!({"people": [person("王芳", &village), person("李强", &super::client::id().to_string())]});
    admin.post("accounts/list", foreign).await.is_refused(404, "not_found");
    admin.post("accounts/list", json!({"people": []})).await.is_refused(400, "bad_request");
    assert_eq!(office.app.db.accounts().await.unwrap().len(), before, "nobody was made");

    let both = json!({"people": [person("王芳", &village), person("李强", &village)]});
    office.desk("clerk").await.post("accounts/list", both.clone()).await.is_refused(403, "forbidden");
    let made = admin.post("accounts/list", both).await.ok();
    assert_eq!(told().await, seen + 2);
    for one in made["people"].as_array().unwrap() {
        let (user, password) = (one["user"].as_str().unwrap(), one["password"].as_str().unwrap());
        office.browser().login(user, password).await.is_refused(401, "password_change");
    }
    assert_ne!(made["people"][0]["password"], made["people"][1]["password"]);
}
