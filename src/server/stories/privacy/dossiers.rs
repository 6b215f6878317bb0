use serde_json::json;

use super::cells;
use crate::{
    commands::Command,
    stories::{
        client::{Office, VILLAGE, id},
        story::two_families,
    },
};

const SECRETS: [&str; 4] =
    ["339999194803120019", "1948-03-12", "6222020200112233445", "33999919480312001944"];

#[tokio::test]
async fn a_person_is_told_all_that_is_kept_and_who_saw_it_with_numbers_masked() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, foreign) = two_families(&office, &desk).await;
    let phone = office.phone("worker").await;
    let (visit, need, request) = (id(), id(), id());
    let area = office.area(VILLAGE).await;
    let saves = json!([
        phone.changeset(json!([
            {"op": "create", "e": visit, "type": "visit", "area": area, "parent": mine, "f": {
                "completed_at": office.clock.now(), "template": "FOLLOWUP", "notice_version": "2027-1",
                "answers": {"A10": "重病", "A27": "腰疼"}, "visitors": [phone.user]}},
            {"op": "create", "e": need, "type": "need", "area": area, "parent": mine, "f": {"kind": "N-MED", "state": "found"}},
        ])),
        phone.changeset(json!([{"op": "create", "e": request, "type": "rights_request", "area": area, "parent": mine, "f": {
            "kind": "correct", "asked_by": "self", "asked_on": "2026-11-26", "what": "电话换了"}}])),
    ]);
    let answer = phone.push(1, saves).await;
    assert_eq!(
        (&answer["results"][0]["st"], &answer["results"][1]["st"]),
        (&json!("applied"), &json!("applied")),
        "{answer}"
    );
    phone.post("unmask", json!({"e": mine, "f": "id_no", "reason": "核对证件"})).await.ok();
    desk.post("exports/follow_up_ledger", json!({"area": area})).await;
    desk.post("lists/roster/paper", json!({})).await.ok();
    desk.post("views/copied", json!({"rows": 1, "areas": [area]})).await.ok();

    let text = cells(&desk.post(&format!("recipients/{mine}/report"), json!({})).await);
    for part in [
        "李伟",
        "示范县双桥镇红旗村",
        "13800000000",
        "**************0019",
        "2027-1",
        "A27",
        "腰疼",
        "医疗",
        "电话换了",
        "核对证件",
        "看了完整的身份证号",
        "导出了含本人的台账",
        "打印了含本人的台账",
        "复制了本村的名单",
        "村（社区）走访人员",
        "worker",
        "更正",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    for secret in SECRETS.into_iter().chain(["外村人"]) {
        assert!(!text.contains(secret), "{secret} is in\n{text}");
    }
    let other = cells(&desk.post(&format!("recipients/{foreign}/report"), json!({})).await);
    assert!(!other.contains("核对证件") && !other.contains("复制了"), "{other}");
}

#[tokio::test]
async fn numbers_in_full_need_a_reason_and_each_stands_in_the_chain() {
    let office = Office::new().await;
    office.add_account("auditor", "auditor", &["339999"]).await;
    let desk = office.desk("clerk").await;
    let (mine, _) = two_families(&office, &desk).await;
    let path = format!("recipients/{mine}/report");
    desk.post(&path, json!({"full": true})).await.is_refused(422, "reason_missing");
    desk.post(&path, json!({"full": true, "reason": "。"})).await.is_refused(422, "reason_missing");
    let text = cells(&desk.post(&path, json!({"full": true, "reason": "本人到镇里查阅"})).await);
    for secret in SECRETS {
        assert!(text.contains(secret), "{secret} is not in\n{text}");
    }
    let chain = office.desk("auditor").await.get("lists/audit?size=500").await.text();
    assert!(chain.contains("person_report"), "{chain}");
    assert!(!chain.contains(SECRETS[0]), "{chain}");
    let again = cells(&desk.post(&path, json!({})).await);
    assert!(again.contains("制作了个人信息报告") && again.contains("本人到镇里查阅"), "{again}");
    assert!(!again.contains(SECRETS[0]));
}

#[tokio::test]
async fn full_reports_count_as_numbers_shown_and_wait_when_there_were_too_many() {
    let office = Office::with_limits(&["unmask-office=3"]).await;
    let desk = office.desk("clerk").await;
    let (mine, _) = two_families(&office, &desk).await;
    let path = format!("recipients/{mine}/report");
    let full = json!({"full": true, "reason": "本人查阅"});
    assert_eq!(desk.post(&path, full.clone()).await.status.as_u16(), 200);
    desk.post(&path, full).await.is_refused(429, "slow_down");
    assert_eq!(desk.post(&path, json!({})).await.status.as_u16(), 200, "masked it needs no waiting");
}

#[tokio::test]
async fn nobody_reports_on_whom_he_may_not_see() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, _) = two_families(&office, &desk).await;
    office.command(Command::AreaAdd { code: "339999200".into(), name: "青山镇".into(), parent: None }).await;
    office.add_account("elsewhere", "township_clerk", &["339999200"]).await;
    let path = format!("recipients/{mine}/report");
    office.desk("elsewhere").await.post(&path, json!({})).await.is_refused(404, "not_found");
    office.phone("worker").await.post(&path, json!({})).await.is_refused(403, "forbidden");
    desk.post(&format!("recipients/{}/report", id()), json!({})).await.is_refused(404, "not_found");
    desk.post("recipients/nobody/report", json!({})).await.is_refused(404, "not_found");
}

#[tokio::test]
async fn a_village_takes_a_request_down_and_only_the_office_decides_it() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, _) = two_families(&office, &desk).await;
    let phone = office.phone("worker").await;
    let (area, request) = (office.area(VILLAGE).await, id());
    let create = json!([{"op": "create", "e": request, "type": "rights_request", "area": area, "parent": mine, "f": {
        "kind": "correct", "asked_by": "kin", "asker": "李强", "relation": "儿子", "asked_on": "2026-11-26", "what": "电话换了"}}]);
    let decide = |by: &crate::stories::client::Browser| {
        by.changeset(json!([
            {"op": "set", "e": request, "f": "state", "v": "granted", "base": {"fv": "0.0"}},
            {"op": "set", "e": request, "f": "decision", "v": "已改", "base": {"fv": "0.0"}},
            {"op": "set", "e": mine, "f": "mobile", "v": "13911112222", "base": {"fv": "0.0"}},
        ]))
    };
    let answer = phone.push(1, json!([phone.changeset(create), decide(&phone)])).await;
    assert_eq!(answer["results"][0]["st"], "applied", "{answer}");
    assert_eq!(
        (&answer["results"][1]["st"], &answer["results"][1]["why"]),
        (&json!("held"), &json!("right"))
    );
    let answer = desk.push(3, json!([decide(&desk)])).await;
    assert!(["applied", "merged"].contains(&answer["results"][0]["st"].as_str().unwrap()), "{answer}");
}
