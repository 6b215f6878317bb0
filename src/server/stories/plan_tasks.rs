//! The contact of a unit: his own tasks of the work plan, and nothing of any family.

use serde_json::{Value, json};
use uuid::Uuid;

use super::client::{Browser, Office, VILLAGE, id};

const COUNTY: &str = "339999";

async fn give(desk: &Browser, contact: &Browser, title: &str) -> Value {
    let task = json!({"title": title, "unit": "宣传部", "responsible": contact.user, "due_on": "2026-12-31"});
    desk.post("plan-tasks", task).await.ok()
}

async fn report(who: &Browser, task: &Value, said: Value) -> super::client::Answer {
    who.post(&format!("plan-tasks/{}", task["id"].as_str().unwrap()), said).await
}

/// A county's desk, and the contacts of two units.
async fn scene() -> (Office, Browser, Browser, Browser) {
    let office = Office::new().await;
    office.add_account("county", "county_clerk", &[COUNTY]).await;
    office.add_account("宣传部", "unit_contact", &[COUNTY]).await;
    office.add_account("财政局", "unit_contact", &[COUNTY]).await;
    let desk = office.desk("county").await;
    let (press, money) = (office.desk("宣传部").await, office.desk("财政局").await);
    (office, desk, press, money)
}

#[tokio::test]
async fn a_contact_finds_his_own_tasks_and_the_office_reads_what_he_says() {
    let (_office, desk, press, money) = scene().await;
    let own = give(&desk, &press, "报刊宣传").await;
    let other = give(&desk, &money, "医疗保障基金筹资").await;
    assert_eq!((&own["state"], &own["overdue"]), (&json!("not_started"), &json!(false)));

    let listed = press.get("plan-tasks").await.ok();
    assert_eq!((listed["rows"].as_array().unwrap().len(), &listed["rows"][0]["id"]), (1, &own["id"]));
    assert_eq!(listed["contacts"], json!([]));
    report(&press, &other, json!({"state": "in_progress", "word": "不是我的"}))
        .await
        .is_refused(404, "not_found");

    let done = json!({"state": "done", "word": "全年见报 12 篇"});
    report(&press, &own, done).await.is_refused(422, "evidence_missing");
    let done = json!({"state": "done", "word": "全年见报 12 篇", "evidence": "剪报 12 份，存宣传部档案柜"});
    assert_eq!(report(&press, &own, done).await.ok()["state"], "done");
    // What is proved once stays so.
    report(&press, &own, json!({"state": "done", "word": "又见报一篇"})).await.ok();

    let seen = desk.get("plan-tasks").await.ok();
    let row = seen["rows"].as_array().unwrap().iter().find(|row| row["id"] == own["id"]).unwrap().clone();
    assert_eq!((&row["state"], &row["responsible_name"]), (&json!("done"), &json!("宣传部")));
    assert_eq!(
        (&row["evidence"][0]["word"], &row["evidence"][0]["by"]),
        (&json!("剪报 12 份，存宣传部档案柜"), &json!(press.user))
    );
    assert_eq!(
        (&row["progress"][1]["v"]["word"], &row["progress"][1]["author"]),
        (&json!("又见报一篇"), &json!(press.user))
    );
    assert_eq!((seen["rows"].as_array().unwrap().len(), seen["contacts"].as_array().unwrap().len()), (2, 2));
    // The desk's own copy has it as well, and the chain says who wrote it.
    let (rows, _) = desk.pull_all(1).await;
    assert!(rows.iter().any(|row| row["e"] == own["id"] && row["f"]["state"] == "done"), "{rows:?}");
}

#[tokio::test]
async fn a_contact_is_sent_nothing_and_writes_nothing_past_his_own_task() {
    let (office, desk, press, money) = scene().await;
    let area = office.area(VILLAGE).await;
    let family = id();
    let create =
        json!([{"op": "create", "e": family, "type": "recipient", "area": area, "f": {"name": "李伟"}}]);
    desk.push(1, json!([desk.changeset(create)])).await;
    let own = give(&desk, &press, "报刊宣传").await;
    let other = give(&desk, &money, "医疗保障基金筹资").await;

    for path in ["lists/recipients", "lists/follow_up_ledger", "lists/overview", "handovers", "accounts"] {
        press.get(path).await.is_refused(403, "forbidden");
    }
    press.get(&format!("recipients/{family}/history")).await.is_refused(403, "forbidden");
    press
        .post("unmask", json!({"e": family, "f": "id_no", "reason": "核对"}))
        .await
        .is_refused(403, "forbidden");
    let (rows, _) = press.pull_all(1).await;
    assert!(rows.is_empty(), "{rows:?}");

    // Not by a push either, of his own task or of another's: he has no right to records.
    let set = |e: &Value| {
        press.changeset(
            json!([{"op": "set", "e": e, "f": "due_on", "v": "2027-12-31", "base": {"fv": "0.0"}}]),
        )
    };
    let answer = press.push(1, json!([set(&own["id"]), set(&other["id"])])).await;
    for verdict in answer["results"].as_array().unwrap() {
        assert_eq!((&verdict["st"], &verdict["why"]), (&json!("held"), &json!("right")));
    }
    let seen = desk.get("plan-tasks").await.ok();
    assert!(seen["rows"].as_array().unwrap().iter().all(|row| row["due_on"] == "2026-12-31"), "{seen}");
}

#[tokio::test]
async fn a_task_is_given_to_a_contact_of_the_areas_and_to_nobody_else() {
    let (office, desk, press, _) = scene().await;
    let task = |responsible: &str| json!({"title": "报刊宣传", "unit": "宣传部", "responsible": responsible, "due_on": "2026-12-31"});
    desk.post("plan-tasks", task(&Uuid::nil().to_string())).await.is_refused(404, "not_found");
    desk.post("plan-tasks", task(&desk.user)).await.is_refused(422, "not_a_contact");
    press.post("plan-tasks", task(&press.user)).await.is_refused(403, "forbidden");
    let township = office.desk("clerk").await;
    township.post("plan-tasks", task(&press.user)).await.is_refused(404, "not_found");
    let mut bad = task(&press.user);
    bad["due_on"] = json!("月底");
    desk.post("plan-tasks", bad).await.is_refused(422, "due_missing");
    let mut bad = task(&press.user);
    bad["title"] = json!(" ");
    desk.post("plan-tasks", bad).await.is_refused(422, "title_missing");
    let given = give(&desk, &press, "报刊宣传").await;
    report(&press, &given, json!({"state": "finished", "word": "好了"})).await.is_refused(400, "bad_request");
    report(&press, &given, json!({"state": "in_progress", "word": ""})).await.is_refused(422, "word_missing");
}

#[tokio::test]
async fn several_tasks_get_another_day_or_contact_all_of_them_or_none() {
    let (office, desk, press, money) = scene().await;
    let (one, other) = (give(&desk, &press, "报刊宣传").await, give(&desk, &press, "电视宣传").await);
    let change = |task: &Value, what: Value| {
        let mut change = what;
        change["task"] = task["id"].clone();
        change
    };
    let later = json!({"due_on": "2027-01-31"});
    let send = async |who: &Browser, changes: Vec<Value>| {
        who.post("plan-tasks/changes", json!({ "changes": changes })).await
    };
    let unknown = json!({"id": id()});
    for (changes, status, err) in [
        (vec![], 400, "bad_request"),
        (vec![change(&one, later.clone()), change(&unknown, later.clone())], 404, "not_found"),
        (vec![change(&one, later.clone()), change(&other, json!({"due_on": "月底"}))], 422, "due_missing"),
        (
            vec![change(&one, later.clone()), change(&other, json!({"responsible": desk.user}))],
            422,
            "not_a_contact",
        ),
        (vec![change(&one, json!({"responsible": id()}))], 404, "not_found"),
    ] {
        send(&desk, changes).await.is_refused(status, err);
    }
    send(&press, vec![change(&one, later.clone())]).await.is_refused(403, "forbidden");
    let township = office.desk("clerk").await;
    send(&township, vec![change(&one, later.clone())]).await.is_refused(404, "not_found");
    let days = async || {
        let seen = desk.get("plan-tasks").await.ok();
        seen["rows"].as_array().unwrap().iter().map(|row| row["due_on"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(days().await, ["2026-12-31", "2026-12-31"], "nothing was written");

    let both = vec![
        change(&one, later.clone()),
        change(&other, json!({"due_on": "2027-01-31", "responsible": money.user})),
    ];
    assert_eq!(send(&desk, both).await.ok()["changed"], 2);
    assert_eq!(days().await, ["2027-01-31", "2027-01-31"]);
    let titles = async |who: &Browser| who.get("plan-tasks").await.ok()["rows"][0]["title"].clone();
    assert_eq!((titles(&press).await, titles(&money).await), (json!("报刊宣传"), json!("电视宣传")));
    report(&press, &one, json!({"state": "done", "word": "见报", "evidence": "剪报一份"})).await.ok();
    send(&desk, vec![change(&one, later)]).await.is_refused(422, "task_done");
}
