//! The office is lost and comes back from a backup: what phones still have they send again, and nothing is there twice.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::{
    blobs::{CHUNK, announce, photo, send_chunk, upload},
    client::{Browser, Office, VILLAGE, id},
};
use crate::{
    backup::{BackupError, restore::restore, shelf::pick},
    commands::Command,
    config::Config,
    testing::Folder,
    tokens::hex,
};

/// Restores of one run (F15).
const RESTORES: u64 = 20;

/// A device that keeps to the protocol by its own few lines: numbers, an outbox kept until it is durable, and the newest epoch.
struct Device {
    browser: Browser,
    /// What was saved and is not durable, by number.
    out: BTreeMap<u64, Value>,
    next_seq: u64,
    acked: u64,
    epoch: u64,
    scope_rev: u64,
    /// Changesets that were acknowledged and are sent again.
    again: u64,
    /// Rows as pulled last, by record.
    rows: BTreeMap<String, Value>,
}

impl Device {
    fn new(browser: Browser) -> Device {
        let (out, rows) = (BTreeMap::new(), BTreeMap::new());
        Device { browser, out, next_seq: 1, acked: 0, epoch: 1, scope_rev: 1, again: 0, rows }
    }

    fn save(&mut self, ops: Value) {
        self.out.insert(self.next_seq, self.browser.changeset(ops));
        self.next_seq += 1;
    }

    /// Sends what waits. The answer may be lost on its way.
    async fn push(&mut self, answer_is_lost: bool) {
        loop {
            let first = self.acked + 1;
            let waiting: Vec<&Value> = self.out.range(first..).map(|(_, changeset)| changeset).collect();
            assert_eq!(
                waiting.len() as u64,
                self.next_seq - first,
                "nothing that must be sent was forgotten"
            );
            let answer = self.browser.push(first, json!(waiting)).await;
            if answer_is_lost {
                return;
            }
            match answer["err"].as_str() {
                None => {
                    let states = ["applied", "merged", "duplicate"];
                    let is_fine = |verdict: &Value| states.iter().any(|state| verdict["st"] == **state);
                    assert!(answer["results"].as_array().unwrap().iter().all(is_fine), "{answer}");
                    self.acked = self.acked.max(answer["acked"].as_u64().unwrap());
                    return;
                }
                Some("gap") => self.acked = answer["last"].as_u64().unwrap(),
                Some(other) => panic!("{other}: {answer}"),
            }
        }
    }

    async fn hello(&mut self) -> Value {
        let hello = json!({
            "next_seq": self.next_seq, "acked": self.acked, "pending": 0, "drafts": 0, "blobs": 0, "epoch": self.epoch,
            "scope_rev": self.scope_rev, "schema": 1, "build": "test", "t": 1, "storage": {"persisted": true},
        });
        let said = self.browser.sync(json!({"hello": hello})).await.ok()["hello"].clone();
        let durable = said["durable"].as_u64().unwrap();
        if let Some(own) = self.out.get(&durable) {
            assert_eq!(own["id"], said["id_at_durable"]);
        }
        let safe = durable.min(self.acked);
        self.out.retain(|seq, _| *seq > safe);
        said
    }

    /// Pulls everything anew, learning of epoch and scope on the way.
    async fn pull(&mut self) {
        let (mut cur, mut rows) = (json!({}), BTreeMap::new());
        loop {
            let pull = json!({
                "epoch": self.epoch, "scope_rev": self.scope_rev, "cur": cur, "since": {}, "page_bytes": 65536,
            });
            let page = self.browser.sync(json!({"pull": pull})).await.ok()["pull"].clone();
            match page["err"].as_str() {
                Some("epoch") => {
                    assert!(page["epoch"].as_u64().unwrap() > self.epoch);
                    self.epoch = page["epoch"].as_u64().unwrap();
                    let acked = page["acked"][&self.browser.inc].as_u64().unwrap_or(0);
                    self.again += self.acked.saturating_sub(acked);
                    self.acked = self.acked.min(acked);
                    continue;
                }
                Some("scope") => {
                    assert!(page["scope_rev"].as_u64().unwrap() > self.scope_rev, "no version comes twice");
                    self.scope_rev = page["scope_rev"].as_u64().unwrap();
                    continue;
                }
                Some(other) => panic!("{other}"),
                None => {}
            }
            for row in page["rows"].as_array().unwrap() {
                let e = row["e"].as_str().unwrap().to_owned();
                assert!(rows.insert(e, row.clone()).is_none(), "a first pull sends a record once: {row}");
            }
            cur = page["cur"].clone();
            if page["more"] == false {
                self.rows = rows;
                return;
            }
        }
    }

    async fn sync(&mut self) {
        self.hello().await;
        self.pull().await;
        self.push(false).await;
        self.pull().await;
    }
}

async fn back_up(office: &Office, dir: &Path, verify: bool) {
    office.command(Command::Backup { dir: dir.to_owned(), keep: Some(3), to: None }).await;
    if verify {
        office.command(Command::VerifyBackup { dir: dir.to_owned() }).await;
    }
}

/// Every family of the phone is there, and every review of the desk stands in the visit once.
fn check(desk: &Device, visit: &str, families: &BTreeSet<String>, reviews: usize) {
    let there = desk.rows.iter().filter(|(_, row)| row["type"] == "recipient").map(|(e, _)| e.clone());
    assert_eq!(there.collect::<BTreeSet<_>>(), *families);
    let said = desk.rows[visit]["f"]["reviews"].as_array().cloned().unwrap_or_default();
    let texts: Vec<&str> = said.iter().map(|entry| entry["v"]["text"].as_str().unwrap()).collect();
    let mut expected: Vec<String> = (1..=reviews).map(|n| format!("review {n}")).collect();
    let mut sorted = texts.clone();
    sorted.sort_unstable();
    expected.sort();
    assert_eq!(sorted, expected, "none missing, none twice");
}

#[tokio::test]
async fn f15_after_a_restore_at_twenty_points_of_a_run_nothing_is_missing_or_doubled() {
    let backups = Folder::new();
    let dir = backups.path().join("backups");
    let mut office = Office::new().await;
    let village = office.area(VILLAGE).await;
    let mut phone = Device::new(office.phone("worker").await);
    let mut desk = Device::new(office.desk("clerk").await);
    let (top, visit) = (id().to_string(), id().to_string());
    let mut families = BTreeSet::from([top.clone()]);
    desk.save(json!([
        {"op": "create", "e": top, "type": "recipient", "area": village, "f": {"name": "李伟"}},
        {"op": "create", "e": visit, "type": "visit", "area": village, "parent": top, "f": {"kind": "FollowUp"}},
    ]));
    desk.sync().await;
    back_up(&office, &dir, true).await;
    let mut reviews = 0;
    for round in 0..RESTORES {
        for step in 0..3 {
            let e = id().to_string();
            phone.save(json!([{"op": "create", "e": e, "type": "recipient", "area": village, "f": {"name": "王芳"}}]));
            families.insert(e);
            reviews += 1;
            desk.save(json!([{"op": "append", "e": visit, "f": "reviews", "v": {"text": format!("review {reviews}")}}]));
            // Where in the round the backup falls, whether it is verified, and which answers are lost, differs from round to round.
            if step == round % 4 {
                back_up(&office, &dir, round % 3 != 0).await;
                phone.hello().await;
            }
            if (round + step) % 2 == 0 {
                phone.push(round % 5 == step).await;
            }
            if (round + step) % 3 == 0 {
                desk.push(round % 7 == step).await;
                desk.hello().await;
            }
        }
        office = office.restored(&dir).await;
        for device in [&mut phone, &mut desk] {
            device.browser = device.browser.at(&office);
            device.sync().await;
        }
        desk.sync().await;
        check(&desk, &visit, &families, reviews);
    }
    assert_eq!((phone.epoch, desk.epoch), (RESTORES + 1, RESTORES + 1));
    assert!(phone.again >= RESTORES && desk.again >= RESTORES / 2, "{} {}", phone.again, desk.again);
    phone.pull().await;
    let (own, theirs) = (phone.rows.keys(), desk.rows.keys());
    assert_eq!(own.collect::<Vec<_>>(), theirs.collect::<Vec<_>>());
}

/// The roll-back of docs/backup.md. Both versions are this program: the server of after the upgrade is one that starts on the folder of the one before.
#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_that_is_taken_back_loses_nothing_that_phones_sent_to_it() {
    let backups = Folder::new();
    let dir = backups.path().join("backups");
    let before = Office::new().await;
    let village = before.area(VILLAGE).await;
    let mut phone = Device::new(before.phone("worker").await);
    let mut families = BTreeSet::new();
    let mut save = |phone: &mut Device| {
        let e = id().to_string();
        phone.save(
            json!([{"op": "create", "e": e, "type": "recipient", "area": village, "f": {"name": "王芳"}}]),
        );
        families.insert(e);
    };
    save(&mut phone);
    phone.sync().await;
    back_up(&before, &dir, true).await;
    phone.hello().await;
    assert_eq!(phone.out.len(), 0, "what the backup contains, the phone may forget");

    let after = before.started_again(|_| {}).await;
    phone.browser = phone.browser.at(&after);
    for _ in 0..3 {
        save(&mut phone);
    }
    phone.sync().await;
    assert_eq!(
        (phone.acked, phone.out.len()),
        (4, 3),
        "what it does not, the phone keeps, acknowledged as it is"
    );
    save(&mut phone);

    let back = after.restored(&dir).await;
    phone.browser = phone.browser.at(&back);
    phone.sync().await;
    assert_eq!((phone.epoch, phone.again, phone.acked), (2, 3, 5));
    assert_eq!(phone.rows.keys().cloned().collect::<BTreeSet<_>>(), families, "none missing, none twice");
}

#[tokio::test]
async fn photos_come_back_and_an_upload_under_way_begins_again() {
    let backups = Folder::new();
    let dir = backups.path().join("backups");
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let (bytes, village, family, visit) = (photo(), office.area(VILLAGE).await, id(), id());
    let hash = hex(&Sha256::digest(&bytes));
    let said = json!({"bytes": bytes.len(), "kind": "photo", "e": visit});
    announce(&phone, &hash, said.clone()).await.ok();
    upload(&phone, &hash, &bytes).await;
    let ops = json!([
        {"op": "create", "e": family, "type": "recipient", "area": village, "f": {"name": "李伟"}},
        {"op": "create", "e": visit, "type": "visit", "area": village, "parent": family, "f": {"kind": "FollowUp"}},
        {"op": "attach", "e": visit, "blob": hash, "kind": "photo", "bytes": bytes.len()},
    ]);
    phone.push(1, json!([phone.changeset(ops)])).await;
    let mut other = bytes.clone();
    other.push(0);
    let under_way = hex(&Sha256::digest(&other));
    let half = json!({"bytes": other.len(), "kind": "photo", "e": visit});
    announce(&phone, &under_way, half.clone()).await.ok();
    let chunk = &other[..CHUNK];
    send_chunk(&phone, &under_way, 0, chunk, &hex(&Sha256::digest(chunk))).await;
    back_up(&office, &dir, true).await;
    let late: Vec<u8> = b"OggS".iter().copied().chain(photo()).collect();
    let late_hash = hex(&Sha256::digest(&late));
    announce(&phone, &late_hash, json!({"bytes": late.len(), "kind": "voice", "e": visit})).await.ok();
    upload(&phone, &late_hash, &late).await;

    let restored = office.restored(&dir).await;
    let phone = phone.at(&restored);
    assert_eq!(phone.get(&format!("blobs/{hash}")).await.status, 200);
    let state = async |hash: &str| phone.get(&format!("blobs/{hash}/state")).await.ok()["state"].clone();
    assert_eq!((state(&hash).await, state(&late_hash).await), (json!("verified"), json!("absent")));
    assert_eq!(state(&under_way).await, "absent");
    let next = &other[CHUNK..2 * CHUNK];
    let answer = send_chunk(&phone, &under_way, CHUNK, next, &hex(&Sha256::digest(next))).await;
    assert_eq!(answer.status.as_u16(), 410);
    assert_eq!(announce(&phone, &under_way, half).await.ok()["offset"], 0);
    upload(&phone, &under_way, &other).await;
    assert_eq!(state(&under_way).await, "verified");
}

/// A data folder for a restore, with the key of `office` in it.
fn empty(folder: &Folder, name: &str, office: &Office) -> Config {
    let config = Config::new(folder.path().join(name), None, false);
    fs::create_dir_all(&config.data_dir).unwrap();
    fs::copy(&office.app.config.key_file, &config.key_file).unwrap();
    config
}

#[tokio::test]
async fn a_restore_goes_into_an_empty_folder_with_the_right_key_only() {
    let (backups, folder) = (Folder::new(), Folder::new());
    let dir = backups.path().join("backups");
    let office = Office::new().await;
    back_up(&office, &dir, false).await;
    let refused = async |config: &Config, why: &str| {
        let error = restore(config, &dir, false, None, 1).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    };
    refused(&office.app.config, "is not empty").await;
    let keyless = Config::new(folder.path().join("keyless"), None, false);
    refused(&keyless, "put your copy of it there first").await;
    assert!(!keyless.data_dir.exists(), "nothing is left behind");
    let foreign = empty(&folder, "foreign", &Office::new().await);
    refused(&foreign, "is another server key").await;
    let config = empty(&folder, "data", &office);
    fs::write(config.data_dir.join("holiday.jpg"), "").unwrap();
    refused(&config, "is not empty (holiday.jpg)").await;
    fs::remove_file(config.data_dir.join("holiday.jpg")).unwrap();
    let lock = crate::folder::lock(&config).unwrap().unwrap();
    refused(&config, "a server or a command is at work").await;
    drop(lock);
    let nothing = restore(&config, folder.path(), false, None, 1).await.unwrap_err().to_string();
    assert!(nothing.contains("there is no finished backup in"), "{nothing}");
    restore(&config, &dir, false, None, 1).await.unwrap();
    refused(&config, "is not empty").await;
}

#[tokio::test]
async fn a_restore_that_broke_off_serves_nobody_and_is_begun_again() {
    let (backups, folder) = (Folder::new(), Folder::new());
    let dir = backups.path().join("backups");
    let office = Office::new().await;
    back_up(&office, &dir, false).await;
    let file = pick(&dir).unwrap().1.database();
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let config = empty(&folder, "data", &office);
    let error = restore(&config, &dir, false, None, 1).await.unwrap_err();
    assert!(matches!(error, BackupError::Damaged { .. }), "{error}");
    let opened = crate::folder::open(config.clone(), office.clock.clone()).await.map(|_| ()).unwrap_err();
    assert!(opened.to_string().contains("broke off: begin it again"), "{opened}");
    fs::write(&file, &whole).unwrap();
    let restored = restore(&config, &dir, false, None, 1).await.unwrap();
    assert_eq!(restored.epoch, 3, "the epoch of the first try may have been seen");
    let (app, _) = crate::folder::open(config, office.clock.clone()).await.unwrap();
    assert_eq!(app.db.accounts().await.unwrap().len(), office.app.db.accounts().await.unwrap().len());
}

#[tokio::test]
async fn a_lost_key_is_replaced_only_by_whoever_says_so() {
    let (backups, folder) = (Folder::new(), Folder::new());
    let dir = backups.path().join("backups");
    let office = Office::new().await;
    back_up(&office, &dir, true).await;
    let config = Config::new(folder.path().join("data"), None, false);
    let restored = restore(&config, &dir, true, None, office.clock.now()).await.unwrap();
    assert!(restored.key_made && config.key_file.exists());
    fs::remove_file(&config.key_file).unwrap();
    let opened = crate::folder::open(config.clone(), office.clock.clone()).await.map(|_| ()).unwrap_err();
    assert!(opened.to_string().contains("holds data, but the server key is not at"), "{opened}");
    assert!(!config.key_file.exists(), "no key is made beside data that it cannot open");
    let lost = Config { lost_key: true, ..config };
    let (app, origin) = crate::folder::open(lost, office.clock.clone()).await.unwrap();
    assert_eq!((origin, app.db.accounts().await.unwrap().len()), (crate::keys::Origin::Made, 2));
}
