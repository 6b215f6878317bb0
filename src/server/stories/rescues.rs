//! A phone that cannot reach the office, and the file that was carried there instead.

use crypto::{
    Key, b64,
    hpke::PublicKey,
    seal,
    vault::{CodeKey, NewVault, ServerKey, Unlocked, wraps::ServerSeal},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::PathBuf;

use super::{
    blobs::{CHUNK, announce, photo},
    client::{Browser, Office, VILLAGE, id},
};
use crate::{
    commands::{Command, CommandError, Outcome, perform},
    testing::Folder,
    tokens::{self, hex},
};

/// The keys of a phone, made as the phone makes them.
pub(super) fn vault(office: &Office, phone: &Browser) -> Unlocked {
    let info = &office.app.keys.public()[0];
    let public = PublicKey::from_bytes(&b64::decode(&info.pk).unwrap()).unwrap();
    let (out_id, blob_id) = (id().to_string(), id().to_string());
    Unlocked::create(NewVault {
        vault: &phone.vault,
        code: CodeKey {
            wrapping: &Key::from_bytes(tokens::random()),
            salt: [1; 16],
            second: None,
            phrase: false,
        },
        server: ServerKey { kid: &info.kid, public: &public },
        out_id: &out_id,
        blob_id: &blob_id,
        seed: tokens::random(),
    })
    .unwrap()
}

/// A row of `out` or `draft` in the words of the wire: its id is the associated data.
pub(super) fn sealed(keys: &Unlocked, id: &str, plain: &Value) -> Value {
    let (key_id, key) = keys.out();
    let joined = seal::seal_joined(key, tokens::random(), id.as_bytes(), plain.to_string().as_bytes());
    let (nonce, ct) = joined.split_at(seal::NONCE_BYTES);
    json!({"key": key_id, "nonce": b64::encode(nonce), "ct": b64::encode(ct)})
}

fn sealed_changeset(keys: &Unlocked, changeset: &Value) -> Value {
    let mut body = changeset.clone();
    body.as_object_mut().unwrap().remove("id");
    sealed(keys, changeset["id"].as_str().unwrap(), &body)
}

pub(super) fn key(seal: &ServerSeal) -> Value {
    json!({"id": seal.id, "kid": seal.kid, "alg": seal.alg, "enc": seal.enc, "ct": seal.ct})
}

/// What lies on a phone: two saves, an unfinished visit, and a photo.
struct Phone {
    browser: Browser,
    keys: Unlocked,
    changesets: Vec<Value>,
    draft: String,
    photo: Vec<u8>,
    family: String,
    folder: Folder,
}

impl Phone {
    async fn new(office: &Office) -> Phone {
        let browser = office.phone("worker").await;
        let village = office.area(VILLAGE).await;
        let (family, visit, photo) = (id().to_string(), id().to_string(), photo());
        let hash = hex(&Sha256::digest(&photo));
        let first = browser.changeset(json!([
            {"op": "create", "e": family, "type": "recipient", "area": village, "f": {"name": "李伟"}},
        ]));
        let second = browser.changeset(json!([
            {"op": "create", "e": visit, "type": "visit", "area": village, "parent": family, "f": {"kind": "FollowUp"}},
            {"op": "attach", "e": visit, "blob": hash, "kind": "photo", "bytes": photo.len()},
        ]));
        let keys = vault(office, &browser);
        let changesets = vec![first, second];
        Phone { browser, keys, changesets, draft: id().to_string(), photo, family, folder: Folder::new() }
    }

    fn hash(&self) -> String {
        hex(&Sha256::digest(&self.photo))
    }

    /// The file as the phone writes it: everything as it lies, nothing opened.
    fn file(&self, office_area: &str) -> Value {
        let out: Vec<Value> = (1..)
            .zip(&self.changesets)
            .map(|(seq, one)| json!({"seq": seq, "id": one["id"], "sealed": sealed_changeset(&self.keys, one)}))
            .collect();
        let draft = json!({
            "recipient": self.family, "area": office_area, "template": "followup", "template_version": 1, "kind": "FollowUp",
            "started_at": 1, "saved_at": 2, "answers": {"G1": "yes"},
        });
        let (_, blob_key) = self.keys.blob();
        let hash = self.hash();
        let chunks: Vec<String> = (1..)
            .zip(self.photo.chunks(CHUNK))
            .map(|(n, chunk)| b64::encode(&seal::seal_chunk(blob_key, tokens::random(), &hash, n, chunk)))
            .collect();
        let wraps = self.keys.wraps();
        json!({
            "huifang": "rescue-1", "device": self.browser.device, "inc": self.browser.inc,
            "keys": [key(&wraps.out.seal), key(&wraps.blob.seal)],
            "out": out,
            "drafts": [{"id": self.draft, "sealed": sealed(&self.keys, &self.draft, &draft)}],
            "blobs": [{"sha256": hash, "bytes": self.photo.len(), "kind": "photo", "e": id(), "chunks": chunks}],
        })
    }

    fn written(&self, file: &Value) -> PathBuf {
        let path = self.folder.path().join("rescue.json");
        std::fs::write(&path, file.to_string()).unwrap();
        path
    }
}

async fn import(office: &Office, path: PathBuf) -> Result<Outcome, CommandError> {
    perform(&office.app, Command::ImportOutbox { file: path }).await
}

fn states(report: &Value) -> Vec<&str> {
    report["changesets"].as_array().unwrap().iter().map(|verdict| verdict["st"].as_str().unwrap()).collect()
}

/// What a clerk's desk holds: everything that an import may change.
async fn view(desk: &Browser) -> Value {
    let (mut rows, page) = desk.pull_all(1).await;
    rows.sort_by_key(|row| row["e"].to_string());
    json!([rows, page["head"], page["digest"]])
}

#[tokio::test]
async fn a_file_is_taken_once_however_often_it_comes_and_whatever_is_synced_after() {
    let office = Office::new().await;
    let (phone, desk) = (Phone::new(&office).await, office.desk("clerk").await);
    let file = phone.file(&office.area(VILLAGE).await);
    let path = phone.written(&file);
    let outcome = import(&office, path.clone()).await.unwrap();
    let report = &outcome.json;
    assert_eq!(states(report), ["applied", "applied"], "{}", outcome.text);
    assert_eq!((&report["user"], &report["drafts"]), (&json!("worker"), &json!([phone.draft])));
    assert_eq!((&report["photos"]["taken"], &report["damaged"]), (&json!(1), &json!([])));
    assert!(!outcome.has_errors, "{}", outcome.text);
    let seen = view(&desk).await;
    let rows = seen[0].as_array().unwrap();
    let of = |kind: &str| rows.iter().filter(|row| row["type"] == kind).count();
    assert_eq!((of("recipient"), of("visit"), of("held")), (1, 1, 1), "the unfinished visit is held");
    assert_eq!(desk.get(&format!("blobs/{}", phone.hash())).await.status, 200);

    let again = import(&office, path).await.unwrap();
    assert_eq!(states(&again.json), ["duplicate", "duplicate"]);
    assert_eq!(
        (&again.json["photos"]["taken"], &again.json["photos"]["here_before"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(view(&desk).await, seen);

    // The line is back: the phone sends all of it under its own numbers.
    let sealed: Vec<Value> = file["out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| json!({"id": one["id"], "sealed": one["sealed"]}))
        .collect();
    let push =
        json!({"first_seq": 1, "changesets": sealed, "key": file["keys"][0], "drafts": file["drafts"]});
    let answer = phone.browser.sync(json!({"push": push})).await.ok()["push"].clone();
    assert_eq!((&answer["acked"], &answer["drafts"]), (&json!(2), &json!([phone.draft])));
    assert_eq!(answer["results"][1]["was"], "applied", "the phone learns what became of it");
    let hash = phone.hash();
    let said = json!({"bytes": phone.photo.len(), "kind": "photo", "e": id(), "key": file["keys"][1]});
    assert_eq!(announce(&phone.browser, &hash, said).await.ok()["offset"], phone.photo.len());
    assert_eq!(view(&desk).await, seen);
}

#[tokio::test]
async fn from_a_revoked_device_everything_is_held() {
    let office = Office::new().await;
    let phone = Phone::new(&office).await;
    office
        .command(Command::DeviceSet { device: phone.browser.device.clone(), state: "revoked".into() })
        .await;
    let push = json!({"push": {"first_seq": 1, "changesets": [phone.changesets[0]]}});
    phone.browser.sync(push).await.is_refused(403, "revoked");
    let path = phone.written(&phone.file(&office.area(VILLAGE).await));
    let outcome = import(&office, path).await.unwrap();
    assert_eq!(states(&outcome.json), ["held", "held"], "{}", outcome.text);
    assert!(outcome.json["changesets"].as_array().unwrap().iter().all(|verdict| verdict["why"] == "revoked"));
    let desk = office.desk("clerk").await;
    let (rows, _) = desk.pull_all(1).await;
    assert_eq!(
        rows.iter().filter(|row| row["type"] == "held").count(),
        3,
        "two saves and the unfinished visit"
    );
    assert!(!rows.iter().any(|row| row["type"] == "recipient"));
}

#[tokio::test]
async fn a_draft_under_another_key_of_the_file_than_it_names_is_opened() {
    let office = Office::new().await;
    let phone = Phone::new(&office).await;
    let mut file = phone.file(&office.area(VILLAGE).await);
    let earlier = vault(&office, &phone.browser);
    file["keys"].as_array_mut().unwrap().push(key(&earlier.wraps().out.seal));
    file["drafts"][0]["sealed"]["key"] = json!(earlier.out().0);
    let outcome = import(&office, phone.written(&file)).await.unwrap();
    assert_eq!(outcome.json["drafts"], json!([phone.draft]), "{}", outcome.text);
    assert_eq!(outcome.json["damaged"], json!([]));
}

#[tokio::test]
async fn what_is_damaged_in_a_file_is_named_and_can_still_be_sent_by_the_phone() {
    let office = Office::new().await;
    let phone = Phone::new(&office).await;
    let mut file = phone.file(&office.area(VILLAGE).await);
    let flip = |text: &Value| {
        let text = text.as_str().unwrap();
        let other = if text.starts_with('A') { "B" } else { "A" };
        json!(format!("{other}{}", &text[1..]))
    };
    let good = file.clone();
    file["out"][0]["sealed"]["ct"] = flip(&good["out"][0]["sealed"]["ct"]);
    file["blobs"][0]["chunks"][1] = flip(&good["blobs"][0]["chunks"][1]);
    file["drafts"][0]["sealed"]["nonce"] = flip(&good["drafts"][0]["sealed"]["nonce"]);
    let outcome = import(&office, phone.written(&file)).await.unwrap();
    assert!(outcome.has_errors);
    let damaged: Vec<&str> =
        outcome.json["damaged"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert!(damaged[0].starts_with("changeset 1 ("), "{damaged:?}");
    assert!(damaged[1].starts_with("unfinished visit") && damaged[2].starts_with("photo"), "{damaged:?}");
    assert_eq!(states(&outcome.json), ["held"], "the visit of a family that is not there waits for a person");

    let mended = import(&office, phone.written(&good)).await.unwrap();
    assert_eq!(states(&mended.json), ["applied", "duplicate"], "{}", mended.text);
    assert_eq!((&mended.json["photos"]["taken"], &mended.json["drafts"]), (&json!(1), &json!([phone.draft])));
    let sealed: Vec<Value> = good["out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| json!({"id": one["id"], "sealed": one["sealed"]}))
        .collect();
    let push = json!({"first_seq": 1, "changesets": sealed, "key": good["keys"][0]});
    let answer = phone.browser.sync(json!({"push": push})).await.ok()["push"].clone();
    assert_eq!((&answer["acked"], &answer["results"][0]["was"]), (&json!(2), &json!("applied")), "{answer}");
}

#[tokio::test]
async fn a_file_is_taken_where_the_office_lacks_what_came_before_or_knows_the_numbers_otherwise() {
    let office = Office::new().await;
    let phone = Phone::new(&office).await;
    let mut file = phone.file(&office.area(VILLAGE).await);
    // The office was restored to before numbers 1 to 40.
    file["out"][0]["seq"] = json!(41);
    file["out"][1]["seq"] = json!(42);
    let outcome = import(&office, phone.written(&file)).await.unwrap();
    assert_eq!(states(&outcome.json), ["applied", "applied"], "{}", outcome.text);
    let again = import(&office, phone.written(&file)).await.unwrap();
    assert_eq!(states(&again.json), ["duplicate", "duplicate"]);
    // The phone's storage went back, and its numbers were given to other saves.
    let other = phone.browser.changeset(json!([
        {"op": "create", "e": id(), "type": "recipient", "area": office.area(VILLAGE).await, "f": {"name": "王芳"}},
    ]));
    assert_eq!(phone.browser.push(1, json!([other])).await["acked"], 1);
    let forked = import(&office, phone.written(&phone.file(&office.area(VILLAGE).await))).await.unwrap();
    assert_eq!(states(&forked.json), ["duplicate", "duplicate"]);
}

#[tokio::test]
async fn what_is_no_file_of_this_office_is_refused_with_what_to_do() {
    let office = Office::new().await;
    let phone = Phone::new(&office).await;
    let file = phone.file(&office.area(VILLAGE).await);
    let refused = async |office: &Office, bytes: &[u8], why: &str| {
        let path = phone.folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        match import(office, path).await {
            Err(CommandError::Input(said)) => assert!(said.contains(why), "{said}"),
            other => panic!("{other:?}"),
        }
    };
    let text = file.to_string();
    refused(&office, b"PK\x03\x04", "is no rescue file: the phone writes one with").await;
    refused(&office, &text.as_bytes()[..text.len() - 9], "cut short or damaged").await;
    let stranger = Office::new().await;
    refused(&stranger, text.as_bytes(), "is not enrolled here").await;
    let mut foreign = file.clone();
    let theirs = vault(&stranger, &phone.browser);
    foreign["keys"] = json!([key(&theirs.wraps().out.seal), key(&theirs.wraps().blob.seal)]);
    refused(&office, foreign.to_string().as_bytes(), "is sealed to the server key").await;
    let huge = phone.folder.path().join("huge");
    std::fs::File::create(&huge).unwrap().set_len(crate::rescue::RESCUE_BYTES_MAX + 1).unwrap();
    let said = import(&office, huge).await.unwrap_err().to_string();
    assert!(said.contains("more than any phone writes"), "{said}");
    let said = import(&office, phone.folder.path().join("nowhere")).await.unwrap_err().to_string();
    assert!(said.contains("cannot read"), "{said}");
    assert_eq!(view(&office.desk("clerk").await).await[0], json!([]), "nothing was written");
}

#[tokio::test]
async fn a_clerk_imports_at_the_desk_what_his_own_workers_bring() {
    let office = Office::new().await;
    let phone = Phone::new(&office).await;
    let text = phone.file(&office.area(VILLAGE).await).to_string();
    let send = async |browser: &Browser, text: &str| {
        let request = browser.request(axum::http::Method::POST, "rescues");
        let request = request.header(axum::http::header::CONTENT_TYPE, "application/json");
        browser.send(request.body(axum::body::Body::from(text.to_owned())).unwrap()).await
    };
    send(&phone.browser, &text).await.is_refused(403, "forbidden");
    office.add_account("neighbour", "township_clerk", &["339999100202"]).await;
    send(&office.desk("neighbour").await, &text).await.is_refused(404, "not_found");
    let desk = office.desk("clerk").await;
    send(&desk, "%PDF").await.is_refused(422, "not_a_rescue_file");
    send(&desk, &text[..text.len() - 9]).await.is_refused(422, "rescue_damaged");
    send(&desk, &text.replace("rescue-1", "rescue-7")).await.is_refused(422, "rescue_form_unknown");
    let look = async || {
        let request = desk.request(axum::http::Method::POST, "rescues/preview");
        let request = request.header(axum::http::header::CONTENT_TYPE, "application/json");
        desk.send(request.body(axum::body::Body::from(text.clone())).unwrap()).await.ok()
    };
    let before = look().await;
    assert_eq!(
        (&before["user"], &before["drafts"], &before["from"]),
        (&json!("worker"), &json!(1), &json!(1_700_000_000_000_i64))
    );
    assert_eq!(before["saves"], json!({"all": 2, "here": 0, "damaged": 0}));
    assert_eq!(view(&desk).await[0], json!([]), "to look at a file imports nothing");
    let report = send(&desk, &text).await.ok();
    assert_eq!((states(&report), &report["photos"]["taken"]), (vec!["applied", "applied"], &json!(1)));
    let after = look().await;
    assert_eq!((&after["saves"]["here"], &after["photos"]["here"]), (&json!(2), &json!(1)));
    assert_eq!(desk.get("rescues/held").await.ok(), json!([phone.draft]), "the unfinished visit is held");
    phone.browser.get("rescues/held").await.is_refused(403, "forbidden");
    let row = desk.get("devices").await.ok()["devices"][0].clone();
    assert!(row["rescued_at"].is_i64(), "{row}");
    office.browser().post("rescues", json!({})).await.is_refused(401, "login");
}
