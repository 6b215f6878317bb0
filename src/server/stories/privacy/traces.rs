//! A word is planted in every place where something of a person may stand, and looked for in the whole database once he is erased.

use serde_json::{Value, json};
use sync::id::made_alike;
use uuid::Uuid;

use super::{
    erasing::{KEPT, apply, dead, kept, report, stranger},
    mentions_of,
    retention::{Old, WORDS, dated, seen, whats},
    rows_of,
};
use crate::{
    retention,
    stories::{
        client::{Browser, Office, VILLAGE, id},
        rescues::{key, sealed, vault},
    },
};

/// A desk that goes on with its numbers.
pub(super) struct Desk<'o> {
    pub(super) office: &'o Office,
    pub(super) browser: Browser,
    seq: u64,
}

impl<'o> Desk<'o> {
    pub(super) async fn of(office: &'o Office, user: &str) -> Desk<'o> {
        Desk { office, browser: office.desk(user).await, seq: 0 }
    }

    /// Pushes a save as it is, and what became of it.
    pub(super) async fn send(&mut self, save: Value) -> Value {
        self.seq += 1;
        self.browser.push(self.seq, json!([save])).await["results"][0].clone()
    }

    /// Pushes ops as somebody who has seen what stands.
    pub(super) async fn save(&mut self, ops: Value) -> Value {
        let save = seen(&self.browser, dated(self.office, &self.browser, ops)).await;
        let verdict = self.send(save).await;
        assert!(["applied", "merged"].contains(&verdict["st"].as_str().unwrap()), "{verdict}");
        verdict
    }

    pub(super) async fn row(&self, e: Uuid) -> Value {
        let (rows, _) = self.browser.pull_all(1).await;
        rows.into_iter().find(|row| row["e"] == json!(e)).unwrap_or_default()
    }

    /// Deletes a record that has not changed since.
    pub(super) async fn delete(&mut self, e: Uuid, reason: &str) {
        let rev = self.row(e).await["rev"].clone();
        self.save(json!([{"op": "delete", "e": e, "base": {"rev": rev, "ops": []}, "reason": reason}])).await;
    }
}

/// Distinct words, none of which is a part of another.
#[derive(Default)]
struct Words(Vec<(&'static str, String)>);

impl Words {
    fn plant(&mut self, place: &'static str) -> String {
        let word = format!("丝{:03}雀", self.0.len());
        self.0.push((place, word.clone()));
        word
    }

    /// The places whose words stand somewhere.
    async fn found(&self, office: &Office) -> Vec<&'static str> {
        let rows = rows_of(office).await;
        let stands = |word: &String| rows.iter().any(|row| row.contains(word));
        self.0.iter().filter(|(_, word)| stands(word)).map(|(place, _)| *place).collect()
    }
}

fn set(e: Uuid, f: &str, v: &str) -> Value {
    json!({"op": "set", "e": e, "f": f, "v": v, "base": {"fv": "0.0"}})
}

#[tokio::test]
async fn of_whom_was_erased_no_word_is_left_anywhere() {
    let office = Office::new().await;
    let old = dead(&office).await;
    let mut words = Words::default();
    let mut desk = Desk::of(&office, "clerk").await;
    values_that_no_record_holds(&mut desk, &old, &mut words).await;
    what_was_decided(&mut desk, &old, &mut words).await;
    what_was_kept(&office, &mut desk, &old, &mut words).await;
    what_names_him(&mut desk, &old, &mut words).await;
    let places: Vec<&str> = words.0.iter().map(|(place, _)| *place).collect();
    assert_eq!(words.found(&office).await, places, "each was planted");
    let [noted, found] = mentions_of(&office).await;
    assert!(!noted.is_empty() && noted == found, "{noted:#?} {found:#?}");

    office.clock.advance(KEPT);
    let said = report(&office).await;
    assert_eq!(whats(&said), ["file"], "{said:#}");
    apply(&office).await;
    assert_eq!(words.found(&office).await, [""; 0]);
    let rows = rows_of(&office).await;
    assert!(!rows.iter().any(|row| row.contains(WORDS) || row.contains("李伟")));
    let indexed = |row: &&String| row.starts_with("blind_index") && row.contains(&old.family.to_string());
    assert_eq!(rows.iter().filter(indexed).count(), 0);
    assert!(rows.iter().any(|row| row.contains("邻居的话")), "others keep what the same saves say of them");

    // The next nights find nothing to do.
    retention::finish(&office.app).await.unwrap();
    let before = rows_of(&office).await;
    retention::finish(&office.app).await.unwrap();
    assert_eq!(rows_of(&office).await, before);
}

/// Of an overwritten, a repeated or an ineffective write only the log knows, and of a record that changed often not all saves.
async fn values_that_no_record_holds(desk: &mut Desk<'_>, old: &Old, words: &mut Words) {
    const OFTEN: usize = 260;
    let e = old.family;
    let overwritten = words.plant("overwritten");
    desk.save(json!([set(e, "remark", &overwritten)])).await;
    let same = words.plant("set again to the same");
    for _ in 0..2 {
        desk.save(json!([set(e, "remark", &same)])).await;
    }
    let item = json!({"op": "add", "e": e, "f": "merits", "item": words.plant("added twice")});
    desk.save(json!([item])).await;
    desk.save(json!([item])).await;
    let absent =
        json!({"op": "remove", "e": e, "f": "merits", "item": words.plant("removed, though not there")});
    desk.save(json!([absent])).await;
    // A need under an id that two sides make alike changes nothing the second time.
    let need = made_alike("need", &[&old.reviewed.to_string(), "N-LIFE"]);
    for place in ["created", "created again"] {
        let area = desk.office.area(VILLAGE).await;
        let f = json!({"kind": "N-LIFE", "state": "dropped", "reason": words.plant(place)});
        desk.save(json!([{"op": "create", "e": need, "type": "need", "area": area, "parent": e, "f": f}]))
            .await;
    }
    let mut unknown = dated(desk.office, &desk.browser, json!([set(e, "job", "农民")]));
    unknown["said"] = json!(words.plant("a member of a later version"));
    desk.send(seen(&desk.browser, unknown).await).await;
    let often: Vec<String> = (0..OFTEN).map(|_| words.plant("one of many")).collect();
    for word in often {
        let op = json!({"op": "append", "e": old.reviewed, "f": "reviews", "v": {"verdict": "accepted", "note": word}});
        desk.send(dated(desk.office, &desk.browser, json!([op]))).await;
    }
    // A save about two families, of whom one stays.
    let (rows, _) = desk.browser.pull_all(1).await;
    let other = rows.iter().find(|row| row["f"]["name"] == "外村人").unwrap()["e"].clone();
    let other: Uuid = other.as_str().unwrap().parse().unwrap();
    let both = words.plant("beside another's");
    desk.save(json!([set(e, "unit", &both), set(other, "unit", "邻居的话")])).await;
}

/// Conflicts, proposals, deletions and merges, with their reasons.
async fn what_was_decided(desk: &mut Desk<'_>, old: &Old, words: &mut Words) {
    let (office, e) = (desk.office, old.family);
    let losing = words.plant("the other value of a conflict");
    let verdict = desk.send(dated(office, &desk.browser, json!([set(e, "remark", &losing)]))).await;
    assert_eq!(verdict["made"][0]["type"], "conflict", "{verdict}");
    let conflict: Uuid = verdict["made"][0]["e"].as_str().unwrap().parse().unwrap();
    let base = desk.row(e).await["fv"]["remark"].clone();
    let reason = words.plant("why a conflict was decided");
    let resolve =
        json!({"op": "resolve", "e": conflict, "take": "current", "base": {"fv": base}, "reason": reason});
    desk.save(json!([resolve])).await;

    let phone = office.phone("worker").await;
    let proposed = json!([set(e, "death_reason", &words.plant("a proposal"))]);
    let answer = phone.push(1, json!([dated(office, &phone, proposed)])).await;
    assert_eq!(answer["results"][0]["made"][0]["type"], "proposal", "{answer}");
    let proposal = answer["results"][0]["made"][0]["e"].clone();
    let reason = words.plant("why a proposal was refused");
    desk.save(json!([{"op": "decide", "e": proposal, "accept": false, "reason": reason}])).await;

    let reason = words.plant("why a visit was deleted");
    desk.delete(old.unreviewed, &reason).await;
    let reason = words.plant("why it was brought back");
    desk.save(json!([{"op": "undelete", "e": old.unreviewed, "reason": reason}])).await;

    let (twin, area) = (id(), office.area(VILLAGE).await);
    let f = json!({"name": words.plant("the name in a double file"), "status": "died"});
    desk.save(json!([{"op": "create", "e": twin, "type": "recipient", "area": area, "f": f}])).await;
    let reason = words.plant("why two files became one");
    desk.save(json!([{"op": "merge", "from": twin, "into": e, "reason": reason}])).await;
}

/// Saves that were set aside: decided either way, rejected, and an unfinished visit.
async fn what_was_kept(office: &Office, desk: &mut Desk<'_>, old: &Old, words: &mut Words) {
    let phone = stranger(office).await;
    for (seq, take, place, why) in [
        (1, "current", "a kept save that was dropped", "why it was dropped"),
        (2, "other", "a kept save that was let through", "why it was let through"),
    ] {
        let save = dated(office, &phone, json!([set(old.family, "employer", &words.plant(place))]));
        let held = kept(&phone, seq, save).await;
        let reason = words.plant(why);
        desk.save(json!([{"op": "resolve", "e": held, "take": take, "reason": reason}])).await;
    }
    let mut wrong = dated(office, &phone, json!([set(old.family, "note", &words.plant("a rejected save"))]));
    wrong["author"] = json!(id());
    let as_long_as_an_id = "话".repeat(36);
    let odd = json!({"op": "scribble", "record": old.family, "said": as_long_as_an_id,
        "v": words.plant("a rejected save of another shape")});
    let odd = dated(office, &phone, json!([odd]));
    let answer = phone.push(3, json!([wrong, odd])).await;
    let states: Vec<&Value> =
        answer["results"].as_array().unwrap().iter().map(|verdict| &verdict["st"]).collect();
    assert_eq!(states, ["rejected", "rejected"], "{answer}");

    let phone = office.phone("worker").await;
    let keys = vault(office, &phone);
    let area = office.area(VILLAGE).await;
    let answers = json!({"A27": words.plant("an unfinished visit")});
    let draft = json!({"recipient": old.family, "area": area, "answers": answers});
    let visit = id();
    let push = json!({"first_seq": 1, "changesets": [], "key": key(&keys.wraps().out.seal),
        "drafts": [{"id": visit, "sealed": sealed(&keys, &visit.to_string(), &draft)}]});
    phone.sync(json!({ "push": push })).await.ok();
    let (rows, _) = desk.browser.pull_all(1).await;
    let held = rows.iter().find(|row| row["f"]["why"] == "draft").unwrap()["e"].clone();
    desk.save(json!([{"op": "resolve", "e": held, "take": "current", "reason": "重复"}])).await;
}

/// Records that hang below no file and name him, or his.
async fn what_names_him(desk: &mut Desk<'_>, old: &Old, words: &mut Words) {
    let (area, [task, household, case, pledge, donation, measure, own, spent]) =
        (desk.office.area(VILLAGE).await, std::array::from_fn(|_| id()));
    let create =
        |e: Uuid, kind: &str, f: Value| json!({"op": "create", "e": e, "type": kind, "area": area, "f": f});
    let below = |e: Uuid, kind: &str, f: Value| json!({"op": "create", "e": e, "type": kind, "area": area, "parent": old.family, "f": f});
    desk.save(json!([
        below(task, "task", json!({"kind": "D1", "what": words.plant("a task"), "state": "done"})),
        create(household, "household", json!({"head": old.family, "addr": words.plant("a household")})),
        create(
            case,
            "case",
            json!({"person": old.family, "state": "closed", "outcome": words.plant("a case")})
        ),
        create(pledge, "pledge", json!({"need": old.closed, "goods": words.plant("a pledge")})),
        create(donation, "donation", json!({"pledge": pledge, "goods": words.plant("a donation")})),
        below(measure, "measure", json!({"need": old.closed, "what": words.plant("a measure")})),
        create(own, "pledge", json!({"recipient": old.family, "goods": words.plant("a pledge for him")})),
        create(
            spent,
            "donation",
            json!({"measure": measure, "receipt_no": words.plant("a receipt"), "completes": true})
        ),
    ]))
    .await;
}
