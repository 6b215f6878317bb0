use serde_json::{Value, json};

use crate::{
    commands::{Command, CommandError, perform},
    stories::client::{Browser, Office},
};

async fn county() -> (Office, Browser, Browser) {
    let office = Office::new().await;
    office.add_account("county", "county_clerk", &["339999"]).await;
    office.add_account("lead", "county_lead", &["339999"]).await;
    let (clerk, lead) = (office.desk("county").await, office.desk("lead").await);
    (office, clerk, lead)
}

fn hello(office: &Office) -> Value {
    json!({"hello": {
        "next_seq": 1, "acked": 0, "pending": 0, "drafts": 0, "blobs": 0, "epoch": 1, "scope_rev": 1, "schema": 1,
        "build": "1.0.0", "t": office.clock.now(), "storage": {"persisted": true},
    }})
}

fn notice(version: &str) -> Value {
    json!({"version": version, "text": "我们依法收集。".repeat(10)})
}

#[tokio::test]
async fn phones_hear_of_a_notice_once_it_is_approved_and_not_before() {
    let (office, clerk, lead) = county().await;
    let phone = office.phone("worker").await;
    let said = async || phone.sync(hello(&office)).await.ok()["hello"]["settings"].clone();
    assert_eq!(said().await, Value::Null, "silence means the text that came with the program");
    clerk.post("notices", notice("2027-1")).await.ok();
    assert_eq!(said().await, Value::Null);
    clerk.post("notices/2027-1/approve", json!({})).await.is_refused(403, "forbidden");
    lead.post("notices/2027-1/approve", json!({})).await.ok();
    assert_eq!(said().await["notice_version"], "2027-1");
    office.command(Command::SettingsSet { name: "id_tail".into(), value: "2".into() }).await;
    let both = said().await;
    assert_eq!((&both["notice_version"], &both["id_tail"]), (&json!("2027-1"), &json!(2)));
    let rows = office.desk("clerk").await.get("notices").await.ok()["rows"].clone();
    let brief = |row: &Value| json!([row["version"], row["in_force"]]);
    let shown: Vec<Value> = rows.as_array().unwrap().iter().map(brief).collect();
    assert_eq!(shown, [json!(["2027-1", true]), json!(["通用版1", false])]);
    office.clock.advance(1_000);
    // In an address it is percent-encoded.
    lead.post("notices/%E9%80%9A%E7%94%A8%E7%89%881/approve", json!({})).await.ok();
    assert_eq!(said().await["notice_version"], "通用版1", "and back");
    let rows = office.desk("clerk").await.get("notices").await.ok()["rows"].clone();
    let shown: Vec<Value> = rows.as_array().unwrap().iter().map(brief).collect();
    assert_eq!(shown, [json!(["2027-1", false]), json!(["通用版1", true])]);
}

#[tokio::test]
async fn a_version_that_visits_may_name_is_never_written_over() {
    let (_office, clerk, lead) = county().await;
    clerk.post("notices", notice("1")).await.ok();
    clerk.post("notices", notice("1")).await.is_refused(422, "notice_known");
    clerk.post("notices", notice("通用版1")).await.is_refused(422, "notice_known");
    clerk.post("notices", json!({"version": "2", "text": "太短"})).await.is_refused(422, "notice_text");
    clerk.post("notices", notice("")).await.is_refused(422, "notice_version");
    lead.post("notices/9/approve", json!({})).await.is_refused(404, "not_found");
}

#[tokio::test]
async fn a_village_worker_and_a_township_write_no_notice() {
    let (office, _, _) = county().await;
    for who in [office.phone("worker").await, office.desk("clerk").await] {
        who.post("notices", notice("1")).await.is_refused(403, "forbidden");
    }
}

#[tokio::test]
async fn the_command_line_puts_a_notice_in_force_and_says_why_not() {
    let office = Office::new().await;
    let set = |version: &str, text: String| Command::NoticeSet { version: version.to_owned(), text };
    office.command(set("2027-1", "依法".repeat(50))).await;
    for (command, said) in [
        (set("2027-1", "依法".repeat(50)), "already"),
        (set("2027-2", "短".to_owned()), "50 to 2000"),
        (set("", "依法".repeat(50)), "1 to 20"),
    ] {
        match perform(&office.app, command).await {
            Err(CommandError::Input(text)) => assert!(text.contains(said), "{text}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(office.command(Command::NoticeList).await[0]["in_force"], true);
}
