//! A file's history as the office reads it: who, when, where, what and why.

use serde_json::{Value, json};

use super::{
    client::{Office, id},
    story::two_families,
};
use crate::heads;

fn brief(line: &Value) -> Value {
    json!([
        line["word"],
        line["field"],
        line["before"],
        line["value"],
        line["outcome"],
        line["is_current"],
        line["reason"]
    ])
}

#[tokio::test]
async fn the_history_says_what_stood_before_who_changed_it_and_why() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, _) = two_families(&office, &desk).await;
    let phone = office.phone("worker").await;
    let (rows, _) = phone.pull_all(1).await;
    let first = phone.changeset(json!([
        {"op": "set", "e": mine, "f": "mobile", "v": "13911112222", "base": {"fv": rows[0]["rev"]}},
        {"op": "set", "e": mine, "f": "bank", "v": "309", "base": {"fv": "0.0"}},
    ]));
    let pushed = phone.push(1, json!([first])).await;
    let proposal = pushed["results"][0]["made"][0]["e"].clone();
    let decision = desk.changeset(json!([
        {"op": "decide", "e": proposal, "accept": true, "reason": "看过存折"},
        {"op": "set", "e": mine, "f": "bank", "v": "309", "base": {"fv": "0.0"}},
    ]));
    desk.push(3, json!([decision])).await;
    let mut clash = desk.changeset(
        json!([{"op": "set", "e": mine, "f": "mobile", "v": "13700000000", "base": {"fv": "0.0"}}]),
    );
    clash["t"] = office.clock.now().into();
    desk.push(4, json!([clash])).await;
    phone.post("unmask", json!({"e": mine, "f": "id_no", "reason": "核对证件"})).await.ok();

    let answer = desk.get(&format!("recipients/{mine}/history")).await;
    let said = answer.ok();
    let lines = said["rows"].as_array().unwrap();
    let find = |word: &str, field: &str, by: &str| {
        let line = lines.iter().find(|l| l["word"] == word && l["field"] == field && l["by"] == by);
        line.unwrap_or_else(|| panic!("{word} {field} in {said:#}"))
    };
    let mobile = find("set", "mobile", &phone.user);
    assert_eq!(brief(mobile), json!(["set", "mobile", "13800000000", "13911112222", "applied", false, null]));
    assert_eq!(mobile["shared"], false, "on a phone");
    assert_eq!(
        brief(find("set", "bank", &phone.user)),
        json!(["set", "bank", null, "309", "proposed", false, null])
    );
    let accepted = find("set", "bank", &desk.user);
    assert_eq!(brief(accepted), json!(["set", "bank", null, "309", "applied", true, "看过存折"]));
    assert_eq!(accepted["shared"], true, "at a PC");
    assert_eq!(find("set", "mobile", &desk.user)["outcome"], "clashed");
    assert_eq!(find("unmask", "id_no", &phone.user)["reason"], "核对证件");
    assert_eq!(find("begin", "id_no", &desk.user)["is_hidden"], true);
    let text = answer.text();
    for secret in ["339999194803120019", "6222020200112233445", "\"ct\""] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(lines.windows(2).all(|pair| pair[0]["at"].as_i64() >= pair[1]["at"].as_i64()), "newest first");
}

#[tokio::test]
async fn a_history_is_read_in_scope_only_and_that_it_was_read_stands_in_the_chain() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, foreign) = two_families(&office, &desk).await;
    let phone = office.phone("worker").await;
    phone.get(&format!("recipients/{foreign}/history")).await.is_refused(404, "not_found");
    phone.get(&format!("recipients/{}/history", id())).await.is_refused(404, "not_found");
    phone.get("recipients/none/history").await.is_refused(404, "not_found");
    let own = phone.get(&format!("recipients/{mine}/history")).await;
    assert!(!own.text().contains("account_no\",\"value"), "a village is not shown it");
    own.ok();
    office.add_account("auditor", "auditor", &["339999"]).await;
    let auditor = office.desk("auditor").await;
    auditor.get(&format!("recipients/{mine}/history")).await.is_refused(403, "forbidden");
    let audit = auditor.get("lists/audit?size=50").await.text();
    assert_eq!(audit.matches("\"action\":\"history\"").count(), 1, "{audit}");
    office.browser().get(&format!("recipients/{mine}/history")).await.is_refused(401, "login");
}

#[tokio::test]
async fn an_auditor_finds_who_did_what_and_when() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, _) = two_families(&office, &desk).await;
    let phone = office.phone("worker").await;
    phone.post("unmask", json!({"e": mine, "f": "id_no", "reason": "核对证件"})).await.ok();
    office.add_account("auditor", "auditor", &["339999"]).await;
    let auditor = office.desk("auditor").await;
    let ask = async |filter: &str| auditor.get(&format!("lists/audit?size=500{filter}")).await.ok();
    let total = async |filter: &str| ask(filter).await["total"].as_u64().unwrap();

    let numbers = ask("&what=numbers").await;
    let [shown] = numbers["rows"].as_array().unwrap().as_slice() else { panic!("{numbers:#}") };
    assert_eq!((&shown[1]["action"], &shown[3]), (&json!("unmask"), &json!("worker")));
    assert_eq!(shown[1]["detail"]["reason"], "核对证件");

    let sorts = ["logins", "files", "numbers", "lists", "devices", "people", "rules"];
    let mut found = 0;
    for what in sorts {
        found += total(&format!("&what={what}")).await;
    }
    assert_eq!(found, total("").await, "an entry of no sort is found by no filter");

    assert_eq!(total("&what=numbers&q=clerk").await, 0);
    assert_eq!(total("&what=numbers&q=work").await, 1);
    assert_eq!(total("&q=nobody").await, 0);
    let today = crate::day_text::day_of_ms(office.clock.now());
    assert_eq!(total(&format!("&what=numbers&from={today}&to={today}")).await, 1);
    assert_eq!(total("&from=2099-01-01").await, 0);
    assert_eq!(total("&to=2001-01-01").await, 0);
    for wrong in ["&what=everything", "&from=yesterday", "&page=-1"] {
        assert_eq!(auditor.get(&format!("lists/audit?size=5{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn the_newest_entry_is_written_down_once_and_the_chain_holds_against_it() {
    let office = Office::new().await;
    let line = heads::note(&office.app).await.unwrap().expect("the office was set up");
    assert_eq!(heads::note(&office.app).await.unwrap(), None, "nothing happened since");
    office.desk("clerk").await;
    let next = heads::note(&office.app).await.unwrap().expect("somebody logged in");
    let file = heads::file(&office.app.config);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{line}\n{next}\n"));
    let witnesses = heads::read(&file).unwrap();
    let report = office.app.db.verify_chain(&witnesses).await.unwrap();
    assert_eq!((report.flaws.len(), report.agreeing), (0, 2));
}
