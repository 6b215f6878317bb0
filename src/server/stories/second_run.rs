//! The need rules once more at the office (domain.md §4.7): what a phone did not make is made behind its push, once, under the ids of both sides.

use serde_json::{Value, json};
use sync::id::made_alike;
use uuid::Uuid;

use super::client::{Browser, OTHER_VILLAGE, Office, VILLAGE, id};

/// A phone whose app knows no rules, with a family.
struct OldPhone {
    phone: Browser,
    village: String,
    family: Uuid,
    last: u64,
}

impl OldPhone {
    async fn new(office: &Office) -> OldPhone {
        let (phone, village, family) = (office.phone("worker").await, office.area(VILLAGE).await, id());
        let mut phone = OldPhone { phone, village, family, last: 0 };
        let ops = json!([{"op": "create", "e": family, "type": "recipient", "area": phone.village, "f": {"name": "李伟"}}]);
        phone.save(ops).await;
        phone
    }

    async fn save(&mut self, ops: Value) -> Value {
        let changeset = self.phone.changeset(ops);
        self.push(&changeset).await;
        changeset
    }

    async fn push(&mut self, changeset: &Value) -> Value {
        self.last += 1;
        let answer = self.phone.push(self.last, json!([changeset])).await;
        assert!(
            ["applied", "merged", "duplicate"].map(Value::from).contains(&answer["results"][0]["st"]),
            "{answer}"
        );
        answer
    }

    fn visit(&self, visit: Uuid, answers: Value) -> Value {
        let fields = json!({"kind": "regular", "template": "FOLLOWUP", "template_version": 1, "completed_at": 1, "answers": answers});
        json!({"op": "create", "e": visit, "type": "visit", "area": self.village, "parent": self.family, "f": fields})
    }

    async fn visits(&mut self, answers: Value) -> Uuid {
        let visit = id();
        self.save(json!([self.visit(visit, answers)])).await;
        visit
    }

    /// Corrects a visit that it has sent.
    async fn correct(&mut self, visit: Uuid, answers: Value) {
        let fv = self.row(visit).await["rev"].clone();
        let set =
            |field: &str, v: Value| json!({"op": "set", "e": visit, "f": field, "v": v, "base": {"fv": fv}});
        self.save(json!([set("answers", answers), set("completed_at", json!(2))])).await;
    }

    async fn rows(&self, kind: &str) -> Vec<Value> {
        let (rows, _) = self.phone.pull_all(1).await;
        rows.into_iter().filter(|row| row["type"] == kind).collect()
    }

    async fn row(&self, e: Uuid) -> Value {
        let (rows, _) = self.phone.pull_all(1).await;
        rows.into_iter().find(|row| row["e"] == json!(e)).unwrap_or_else(|| panic!("no {e}"))
    }
}

fn need_of(visit: Uuid, rule: &str) -> Uuid {
    made_alike("need", &[&visit.to_string(), rule])
}

#[tokio::test]
async fn an_old_phone_gets_the_needs_tasks_and_cases_of_its_visit_with_its_next_pull() {
    let office = Office::new().await;
    let mut old = OldPhone::new(&office).await;
    let answers = json!({"A10": "重病", "A22": "破损", "A23": "丢失", "A03": "去世", "A26": ["权益受侵害"]});
    let visit = old.visits(answers).await;
    let need = old.row(need_of(visit, "N-MED")).await;
    let wanted = [("kind", "N-MED"), ("urgency", "急"), ("state", "found"), ("rule", "N-MED")];
    for (field, value) in wanted {
        assert_eq!(need["f"][field], value, "{need}");
    }
    assert_eq!((&need["f"]["found_by"], &need["f"]["evidence"]), (&json!(visit), &json!([visit])));
    assert_eq!(need["parent"], json!(old.family));
    for task in ["D1", "T-PLAQUE", "T-CARD"] {
        let made = old.row(made_alike("task", &[&visit.to_string(), task])).await;
        assert_eq!((&made["f"]["kind"], &made["f"]["state"]), (&json!(task), &json!("open")), "{made}");
    }
    // A case is the office's; no phone of a village is sent one.
    assert!(old.rows("case").await.is_empty());
    let (rows, _) = office.desk("clerk").await.pull_all(1).await;
    let case = rows.iter().find(|row| row["type"] == "case").expect("the office has the case");
    assert_eq!(case["e"], json!(made_alike("case", &[&visit.to_string(), "C-RIGHT"])));
    assert_eq!(case["f"]["person"], json!(old.family));
    let chain = office.app.db.verify_chain(&[]).await.unwrap();
    assert!(chain.flaws.is_empty(), "{chain:?}");
}

#[tokio::test]
async fn what_comes_twice_makes_nothing_twice_and_what_the_phone_made_stays_the_phones() {
    let office = Office::new().await;
    let mut old = OldPhone::new(&office).await;
    let visit = id();
    let own = json!({"op": "create", "e": need_of(visit, "N-MED"), "type": "need", "area": old.village, "parent": old.family,
        "f": {"kind": "N-MED", "urgency": "特急", "state": "found", "evidence": [visit]}});
    let answers = json!({"A10": "重病", "A16": "未参加"});
    let sent = old.save(json!([old.visit(visit, answers), own])).await;
    let made = old.rows("need").await;
    assert_eq!(made.len(), 2, "{made:?}");
    assert_eq!(old.row(need_of(visit, "N-MED")).await["f"]["urgency"], "特急", "as the phone has it");
    assert_eq!(old.push(&sent).await["results"][0]["st"], "duplicate");
    assert_eq!(old.rows("need").await, made);
    // A newer app on the phone makes what the office made meanwhile: that is as it should be.
    let late = json!({"op": "create", "e": need_of(visit, "N-INS"), "type": "need", "area": old.village, "parent": old.family,
        "f": {"kind": "N-INS", "state": "found"}});
    old.save(json!([late])).await;
    assert_eq!(old.rows("need").await, made);
}

#[tokio::test]
async fn a_need_that_was_dropped_stays_dropped_and_a_correction_takes_nothing_back() {
    let office = Office::new().await;
    let mut old = OldPhone::new(&office).await;
    let visit = old.visits(json!({"A10": "重病"})).await;
    let need = need_of(visit, "N-MED");
    let fv = old.row(need).await["rev"].clone();
    let set = |field: &str, v: &str| json!({"op": "set", "e": need, "f": field, "v": v, "base": {"fv": fv}});
    old.save(json!([set("state", "dropped"), set("reason", "已有医保救助")])).await;
    old.correct(visit, json!({"A10": "重病", "A16": "未参加"})).await;
    assert_eq!(old.row(need).await["f"]["state"], "dropped");
    assert_eq!(old.rows("need").await.len(), 2, "what the correction brought is made");
    old.correct(visit, json!({"A10": "健康"})).await;
    assert_eq!(old.rows("need").await.len(), 2, "nothing is taken back");
    assert_eq!(old.row(need_of(visit, "N-INS")).await["f"]["state"], "found");
}

#[tokio::test]
async fn a_need_that_is_open_gets_the_next_visit_as_evidence() {
    let office = Office::new().await;
    let mut old = OldPhone::new(&office).await;
    let first = old.visits(json!({"A10": "重病"})).await;
    let fv = old.row(need_of(first, "N-MED")).await["rev"].clone();
    let second = old.visits(json!({"A13": "有,未治疗"})).await;
    let needs = old.rows("need").await;
    assert_eq!(needs.len(), 1, "{needs:?}");
    let evidence = needs[0]["f"]["evidence"].as_array().unwrap();
    assert!(
        evidence.len() == 2 && evidence.contains(&json!(first)) && evidence.contains(&json!(second)),
        "{evidence:?}"
    );
    let set = |f: &str, v: &str| json!({"op": "set", "e": need_of(first, "N-MED"), "f": f, "v": v, "base": {"fv": fv}});
    old.save(json!([set("state", "dropped"), set("reason", "已好转")])).await;
    // What is said of a visit later runs no rule again.
    let fv = old.row(second).await["rev"].clone();
    old.save(json!([{"op": "set", "e": second, "f": "result", "v": "好", "base": {"fv": fv}}])).await;
    assert_eq!(old.rows("need").await.len(), 1);
    assert_eq!(old.row(need_of(first, "N-MED")).await["f"]["state"], "dropped");
    let third = old.visits(json!({"A10": "重病"})).await;
    assert_eq!(old.row(need_of(third, "N-MED")).await["f"]["state"], "found", "the other is done with");
}

#[tokio::test]
async fn what_is_not_finished_or_not_taken_makes_nothing() {
    let office = Office::new().await;
    let mut old = OldPhone::new(&office).await;
    let visit = |f: Value, area: &str, parent: Value| json!({"op": "create", "e": id(), "type": "visit", "area": area, "parent": parent, "f": f});
    let family = json!(old.family);
    let answers = json!({"A10": "重病"});
    old.save(json!([visit(json!({"answers": answers}), &old.village, family.clone())])).await;
    let cancelled = json!({"answers": answers, "completed_at": 1, "cancelled": "走错门"});
    old.save(json!([visit(cancelled, &old.village, family)])).await;
    old.save(json!([visit(
        json!({"answers": "damaged", "completed_at": 1}),
        &old.village,
        json!(old.family)
    )]))
    .await;
    let elsewhere = office.area(OTHER_VILLAGE).await;
    let foreign = visit(json!({"answers": answers, "completed_at": 1}), &elsewhere, json!(id()));
    let held = old.phone.changeset(json!([foreign]));
    assert_eq!(old.phone.push(old.last + 1, json!([held])).await["results"][0]["st"], "held");
    assert!(old.rows("need").await.is_empty());
}

#[tokio::test]
async fn a_correction_says_again_what_a_need_was_opened_for_and_opens_no_other() {
    let office = Office::new().await;
    let mut old = OldPhone::new(&office).await;
    let first = old.visits(json!({"A10": "重病"})).await;
    let need = need_of(first, "N-MED");
    let fv = old.row(need).await["rev"].clone();
    let second = old.visits(json!({"A13": "有,未治疗"})).await;
    let set = |field: &str, v: &str| json!({"op": "set", "e": need, "f": field, "v": v, "base": {"fv": fv}});
    old.save(json!([set("state", "dropped"), set("reason", "已好转")])).await;
    old.correct(second, json!({"A13": "有,未治疗", "A02": "本人"})).await;
    assert_eq!(old.rows("need").await.len(), 1, "the visit is its evidence");
    old.correct(second, json!({"A13": "有,未治疗", "A16": "未参加"})).await;
    assert_eq!(old.row(need_of(second, "N-INS")).await["f"]["state"], "found", "that was not said before");
    let desk = office.desk("clerk").await;
    let (rows, _) = desk.pull_all(1).await;
    let rev = rows.iter().find(|row| row["e"] == json!(need)).expect("the need")["rev"].clone();
    let delete = json!({"op": "delete", "e": need, "base": {"rev": rev}, "reason": "误录"});
    assert_eq!(desk.push(1, json!([desk.changeset(json!([delete]))])).await["results"][0]["st"], "applied");
    old.correct(second, json!({"A13": "有,未治疗"})).await;
    assert_eq!(old.rows("need").await.len(), 1, "one that was deleted is not opened again either");
    let third = old.visits(json!({"A10": "重病"})).await;
    assert_eq!(old.row(need_of(third, "N-MED")).await["f"]["state"], "found", "another visit says it anew");
}
