use domain::day::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{cells, found_in_database};
use crate::stories::{
    client::{Browser, OTHER_VILLAGE, Office, TOWNSHIP, VILLAGE, id},
    story::two_families,
};

/// Help of 500 yuan from public money for the first family, at the step of publication, and a need of the second at another.
async fn help(office: &Office, desk: &Browser) -> Uuid {
    let (mine, foreign) = two_families(office, desk).await;
    let (area, other) = (office.area(VILLAGE).await, office.area(OTHER_VILLAGE).await);
    let help = |on: Uuid, area: &str, state: &str| {
        let need = id();
        desk.changeset(json!([
            {"op": "create", "e": id(), "type": "entitlement", "area": area, "parent": on, "f": {"category": "11"}},
            {"op": "create", "e": need, "type": "need", "area": area, "parent": on, "f": {"kind": "N-LIFE", "state": state}},
            {"op": "create", "e": id(), "type": "measure", "area": area, "parent": on, "f": {"need": need, "amount": 50_000}},
        ]))
    };
    let saves = json!([help(mine, &area, "public_notice"), help(foreign, &other, "planned")]);
    let answer = desk.push(3, saves).await;
    assert_eq!(answer["results"][1]["st"], "applied", "{answer}");
    mine
}

async fn wanted(office: &Office, area: &str, days: i64) -> Value {
    let today = Timestamp::from_ms(office.clock.now()).day();
    let to = today.plus_days(days).unwrap();
    json!({"area": office.area(area).await, "from": today, "to": to, "objections": "双桥镇退役军人服务站 0571-1234567"})
}

#[tokio::test]
async fn a_list_names_those_it_must_and_says_nothing_else_of_them() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    help(&office, &desk).await;
    let made = desk.post("publications", wanted(&office, TOWNSHIP, 6).await).await.ok();
    assert_eq!((&made["lines"], &made["unit"], &made["over"]), (&json!(1), &json!("双桥镇"), &json!(false)));
    let text = cells(&desk.get(&format!("publications/{}", made["id"].as_str().unwrap())).await);
    for part in ["李伟", "红旗村", "500.00", "公示期", "0571-1234567"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    for secret in ["外村人", "0019", "3445", "1948", "1380", "N-LIFE", "生活"] {
        assert!(!text.contains(secret), "{secret} is in\n{text}");
    }
}

#[tokio::test]
async fn after_its_last_day_a_list_is_served_no_longer_and_its_names_are_gone() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    help(&office, &desk).await;
    let made = desk.post("publications", wanted(&office, VILLAGE, 1).await).await.ok();
    let path = format!("publications/{}", made["id"].as_str().unwrap());
    office.clock.advance(24 * 3_600_000);
    let desk = office.desk("clerk").await;
    assert_eq!(desk.get(&path).await.status.as_u16(), 200, "on the last day it hangs");
    office.clock.advance(24 * 3_600_000);
    let desk = office.desk("clerk").await;
    desk.get(&path).await.is_refused(422, "publication_over");
    let rows = desk.get("publications").await;
    assert_eq!(rows.ok()["rows"][0]["over"], true);
    assert!(!rows.text().contains("李伟"));
    let caller = crate::commands::operator::open(&office.app).await.unwrap();
    let id = made["id"].as_str().unwrap().parse().unwrap();
    let kept = office.app.db.publication(&caller, id, office.clock.now()).await;
    assert!(matches!(kept, Err(crate::db::DbError::Refused("publication_over"))));
}

#[tokio::test]
async fn the_night_takes_the_names_out_of_a_list_that_nobody_opens_again() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    help(&office, &desk).await;
    desk.post("publications", wanted(&office, VILLAGE, 1).await).await.ok();
    // Files hold the code of a category, only a list its words.
    let before = found_in_database(&office, "残疾军人").await;
    assert_eq!(before, 1);
    for (days, left) in [(1, 1), (2, 0)] {
        office.app.db.forget_publications(office.clock.now() + days * 24 * 3_600_000).await.unwrap();
        assert_eq!(found_in_database(&office, "残疾军人").await, left, "after {days} days");
    }
}

#[tokio::test]
async fn a_list_is_taken_down_for_a_reason_before_its_time() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    help(&office, &desk).await;
    let made = desk.post("publications", wanted(&office, VILLAGE, 6).await).await.ok();
    let path = format!("publications/{}", made["id"].as_str().unwrap());
    desk.post(&format!("{path}/withdraw"), json!({"reason": ""})).await.is_refused(422, "reason_missing");
    desk.post(&format!("{path}/withdraw"), json!({"reason": "本人提出异议"})).await.ok();
    desk.get(&path).await.is_refused(422, "publication_over");
}

#[tokio::test]
async fn what_cannot_hang_is_refused_in_words() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    desk.post("publications", wanted(&office, VILLAGE, 6).await).await.is_refused(422, "nothing_to_publish");
    help(&office, &desk).await;
    for days in [-1, 60] {
        desk.post("publications", wanted(&office, VILLAGE, days).await)
            .await
            .is_refused(422, "publication_days");
    }
    let mut nowhere = wanted(&office, VILLAGE, 6).await;
    nowhere["objections"] = json!("  ");
    desk.post("publications", nowhere).await.is_refused(422, "objections_missing");
    let mut never = wanted(&office, VILLAGE, 6).await;
    never["to"] = json!("2026-13-01");
    desk.post("publications", never).await.is_refused(400, "bad_request");
    desk.get(&format!("publications/{}", id())).await.is_refused(404, "not_found");
}
