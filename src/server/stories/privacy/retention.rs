use serde_json::{Value, json};
use uuid::Uuid;

use super::found_in_database;
use crate::{
    commands::{Command, CommandError, perform},
    stories::{
        blobs::{announce, upload},
        client::{Browser, Office, VILLAGE, id},
        story::two_families,
    },
    tokens::hex,
};
use sha2::{Digest, Sha256};

pub(super) const DAY_MS: i64 = 24 * 3_600_000;
pub(super) const WORDS: &str = "腰疼三年不肯说";

pub(super) struct Old {
    pub(super) family: Uuid,
    pub(super) reviewed: Uuid,
    pub(super) unreviewed: Uuid,
    evidence: Uuid,
    pub(super) open: Uuid,
    pub(super) closed: Uuid,
    pub(super) photo: String,
}

/// A family with a visit of each sort, an open need and a closed one, all of today; the first visit has a photo.
pub(super) async fn family(office: &Office, desk: &Browser) -> Old {
    let (family, _) = two_families(office, desk).await;
    let area = office.area(VILLAGE).await;
    let [reviewed, unreviewed, evidence, open, closed] = std::array::from_fn(|_| id());
    let photo = picture();
    let hash = hex(&Sha256::digest(&photo));
    announce(desk, &hash, json!({"bytes": photo.len(), "kind": "photo", "e": reviewed})).await.ok();
    upload(desk, &hash, &photo).await;
    let now = office.clock.now();
    let visit = |e: Uuid| {
        json!({"op": "create", "e": e, "type": "visit", "area": area, "parent": family, "f": {
            "completed_at": now - DAY_MS, "template": "FOLLOWUP", "answers": {"A27": WORDS}}})
    };
    let accept = |e: Uuid| json!({"op": "append", "e": e, "f": "reviews", "v": {"verdict": "accepted"}});
    let need = |e: Uuid, state: &str, evidence: Value| {
        json!({"op": "create", "e": e, "type": "need", "area": area, "parent": family, "f": {
            "kind": "N-MED", "state": state, "evidence": evidence, "reason": "已迁走"}})
    };
    let save = |ops: Value| dated(office, desk, ops);
    let saves = json!([
        save(
            json!([visit(reviewed), {"op": "attach", "e": reviewed, "blob": hash, "kind": "photo", "bytes": photo.len()}])
        ),
        save(json!([visit(unreviewed)])),
        save(json!([visit(evidence)])),
        save(json!([accept(reviewed), accept(evidence)])),
        save(json!([need(open, "found", json!([evidence])), need(closed, "dropped", json!([]))])),
    ]);
    let answer = desk.push(3, saves).await;
    assert!(
        answer["results"].as_array().unwrap().iter().all(|verdict| verdict["st"] == "applied"),
        "{answer}"
    );
    Old { family, reviewed, unreviewed, evidence, open, closed, photo: hash }
}

/// A save of this moment.
pub(super) fn dated(office: &Office, desk: &Browser, ops: Value) -> Value {
    let (mut save, now) = (desk.changeset(ops), office.clock.now());
    (save["t"], save["t_contact"]) = (now.into(), now.into());
    save
}

/// The save with the versions that its author sees now.
pub(super) async fn seen(desk: &Browser, mut save: Value) -> Value {
    let (rows, _) = desk.pull_all(1).await;
    for op in save["ops"].as_array_mut().unwrap().iter_mut().filter(|op| op["op"] == "set") {
        let row = rows.iter().find(|row| row["e"] == op["e"]).unwrap();
        let name = op["f"].as_str().unwrap();
        let versions = [&row["fv"][name], &row["fv0"], &row["rev"]];
        op["base"]["fv"] = versions.into_iter().find(|version| version.is_string()).unwrap().clone();
    }
    save
}

fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::DynamicImage::ImageRgb8(image::RgbImage::from_pixel(8, 8, image::Rgb([7, 7, 7])));
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

pub(super) async fn lead(office: &Office) -> Browser {
    if !office.app.db.accounts().await.unwrap().iter().any(|account| account.name == "lead") {
        office.add_account("lead", "county_lead", &["339999"]).await;
    }
    office.desk("lead").await
}

pub(super) fn whats(report: &Value) -> Vec<&str> {
    let mut whats: Vec<&str> =
        report["due"].as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap()).collect();
    whats.sort_unstable();
    whats
}

#[tokio::test]
async fn nothing_is_due_before_its_time_and_what_is_looked_at_is_not_deleted() {
    let office = Office::new().await;
    family(&office, &office.desk("clerk").await).await;
    office.clock.advance(3 * 365 * DAY_MS - 10 * DAY_MS);
    let report = lead(&office).await.get("retention").await.ok();
    assert_eq!(whats(&report), [""; 0], "{report}");
    office.clock.advance(30 * DAY_MS);
    let lead = lead(&office).await;
    let report = lead.get("retention").await.ok();
    assert_eq!(whats(&report), ["need", "visit"], "{report}");
    assert_eq!(
        (&report["held_back"]["unreviewed"], &report["held_back"]["open_need"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(lead.get("retention").await.ok()["digest"], report["digest"], "reading deletes nothing");
}

#[tokio::test]
async fn what_was_seen_is_deleted_phones_drop_it_and_nothing_of_it_is_left() {
    let office = Office::new().await;
    let old = family(&office, &office.desk("clerk").await).await;
    office.clock.advance(3 * 365 * DAY_MS + 30 * DAY_MS);
    let lead = lead(&office).await;
    let digest = lead.get("retention").await.ok()["digest"].clone();
    lead.post("retention", json!({"digest": "0000000000000000"})).await.is_refused(422, "report_changed");
    let done = lead.post("retention", json!({ "digest": digest })).await.ok();
    assert_eq!(
        (&done["records"], &done["photos"], &done["stayed"]),
        (&json!(2), &json!(1), &json!(0)),
        "{done}"
    );
    lead.post("retention", json!({ "digest": digest })).await.is_refused(422, "report_changed");

    let desk = office.desk("clerk").await;
    let (rows, _) = desk.pull_all(1).await;
    let row = |e: Uuid| rows.iter().find(|row| row["e"] == json!(e));
    let is_live = |e: Uuid| row(e).is_some_and(|row| row["del"].is_null() && row["f"].is_object());
    for e in [old.family, old.unreviewed, old.evidence, old.open] {
        assert!(is_live(e), "{e} in {rows:#?}");
    }
    for e in [old.reviewed, old.closed] {
        assert!(!is_live(e), "{e} in {rows:#?}");
    }
    desk.get(&format!("blobs/{}", old.photo)).await.is_refused(404, "not_found");
    assert!(!office.app.blobs.has_file(old.photo.parse().unwrap()).await.unwrap());
    let report = lead.get("retention").await.ok();
    assert_eq!((whats(&report).len(), &report["leftovers"]), (0, &json!(0)), "{report}");
    // Of three visits with these words two are left, in the records and in the log.
    assert_eq!(found_in_database(&office, WORDS).await, 4);
}

#[tokio::test]
async fn photos_may_go_before_their_visit() {
    let office = Office::new().await;
    let old = family(&office, &office.desk("clerk").await).await;
    let set = |months: &str| Command::RetentionSet { name: "keep_photos".into(), months: months.to_owned() };
    match perform(&office.app, set("3")).await {
        Err(CommandError::Input(said)) => {
            assert!(said.contains("keep_visits") && said.contains("6 to 1200"), "{said}")
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(office.command(set("12")).await["keep_photos"], 12);
    office.command(Command::SettingsSet { name: "id_tail".into(), value: "2".into() }).await;
    office.clock.advance(400 * DAY_MS);
    let report = office.command(Command::RetentionReport).await;
    assert_eq!(whats(&report), ["photos"], "settings of phones leave this one alone: {report}");
    let apply = |digest: &str| Command::RetentionApply { digest: digest.to_owned() };
    match perform(&office.app, apply("0123456789abcdef")).await {
        Err(CommandError::Input(said)) => assert!(said.contains("nothing was deleted"), "{said}"),
        other => panic!("{other:?}"),
    }
    let done = office.command(apply(report["digest"].as_str().unwrap())).await;
    assert_eq!((&done["records"], &done["photos"]), (&json!(0), &json!(1)));
    let desk = office.desk("clerk").await;
    let (rows, _) = desk.pull_all(2).await;
    let visit = rows.iter().find(|row| row["e"] == json!(old.reviewed)).unwrap();
    assert_eq!((&visit["f"]["blobs"], &visit["f"]["answers"]["A27"]), (&json!([]), &json!(WORDS)));
}

#[tokio::test]
async fn the_file_of_the_dead_goes_whole_once_nothing_about_it_is_open() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let old = family(&office, &desk).await;
    let died = json!([{"op": "set", "e": old.family, "f": "status", "v": "died", "base": {"fv": "0.0"}}]);
    let died = seen(&desk, dated(&office, &desk, died)).await;
    desk.push(8, json!([died])).await;
    office.clock.advance(3 * 365 * DAY_MS + 30 * DAY_MS);
    let lead = lead(&office).await;
    assert!(!whats(&lead.get("retention").await.ok()).contains(&"file"), "a need is open");
    let desk = office.desk("clerk").await;
    let done = dated(
        &office,
        &desk,
        json!([
            {"op": "set", "e": old.open, "f": "state", "v": "dropped", "base": {"fv": "0.0"}},
            {"op": "append", "e": old.unreviewed, "f": "reviews", "v": {"verdict": "accepted"}},
        ]),
    );
    let done = seen(&desk, done).await;
    let answer = desk.push(1, json!([done])).await;
    assert_eq!(answer["acked"], 1, "{answer}");
    office.clock.advance(3 * 365 * DAY_MS + 30 * DAY_MS);
    let lead = self::lead(&office).await;
    let report = lead.get("retention").await.ok();
    assert_eq!(whats(&report), ["file"], "{report}");
    let done = lead.post("retention", json!({ "digest": report["digest"] })).await.ok();
    assert_eq!(done["records"], 6, "{done}");
    assert_eq!(found_in_database(&office, WORDS).await, 0);
    assert_eq!(found_in_database(&office, "李伟").await, 0);
}

#[tokio::test]
async fn only_a_countys_leader_reads_and_carries_out_the_report() {
    let office = Office::new().await;
    for who in [office.desk("clerk").await, office.phone("worker").await] {
        who.get("retention").await.is_refused(403, "forbidden");
        who.post("retention", json!({"digest": ""})).await.is_refused(403, "forbidden");
    }
}
