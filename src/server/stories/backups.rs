//! What a backup promises the phones, and each way in which it may not be what it seems.

mod rotten;
mod sealed;

use age::secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use super::{
    blobs::{announce, photo, upload},
    client::{Browser, Office, TOWNSHIP, VILLAGE, id},
};
use crate::{
    backup::{
        restore::restore,
        schedule::{Rounds, Schedule},
        seal::{Identities, Recipient},
        shelf::{Found, Shelf, pick},
        verify::verify_sealed,
    },
    commands::{Command, CommandError, perform},
    config::Config,
    testing::Folder,
    tokens::hex,
};

/// An office with a folder for its backups.
struct Place {
    office: Office,
    folder: Folder,
}

impl Place {
    async fn new() -> Place {
        Place { office: Office::new().await, folder: Folder::new() }
    }

    fn dir(&self) -> PathBuf {
        self.folder.path().join("backups")
    }

    async fn back_up(&self, keep: Option<usize>) -> Value {
        self.office.command(Command::Backup { dir: self.dir(), keep, to: None }).await
    }

    async fn verify(&self) -> Value {
        self.office.command(Command::VerifyBackup { dir: self.dir() }).await
    }

    /// Asserts that the newest backup is refused, and why.
    async fn is_refused(&self, why: &str) {
        let refused = perform(&self.office.app, Command::VerifyBackup { dir: self.dir() }).await;
        let said = match refused {
            Err(CommandError::Input(said)) => said,
            other => panic!("{other:?}"),
        };
        assert!(said.contains(why), "{said}");
    }

    fn newest(&self) -> Found {
        pick(&self.dir()).unwrap().1
    }
}

async fn family(phone: &Browser, office: &Office, seq: u64) -> Value {
    let village = office.area(VILLAGE).await;
    let ops =
        json!([{"op": "create", "e": id(), "type": "recipient", "area": village, "f": {"name": "李伟"}}]);
    let changeset = phone.changeset(ops);
    phone.push(seq, json!([changeset])).await
}

async fn hello(phone: &Browser) -> Value {
    let hello = json!({
        "next_seq": 1, "acked": 0, "pending": 0, "drafts": 0, "blobs": 0, "epoch": 1, "scope_rev": 1, "schema": 1, "build": "test", "t": 1,
        "storage": {"persisted": true},
    });
    phone.sync(json!({"hello": hello})).await.ok()["hello"].clone()
}

#[tokio::test]
async fn what_is_pushed_is_durable_once_a_backup_with_it_was_verified() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let first = family(&phone, &place.office, 1).await;
    assert_eq!((&first["acked"], &first["durable"]), (&json!(1), &json!(0)));
    place.back_up(None).await;
    let said = hello(&phone).await;
    assert_eq!((&said["acked"], &said["durable"]), (&json!(1), &json!(0)), "a backup alone promises nothing");
    assert_eq!(said["id_at_durable"], Value::Null);

    let verified = place.verify().await;
    assert_eq!((&verified["photos"], &verified["opened"]), (&json!(0), &json!(0)));
    let said = hello(&phone).await;
    assert_eq!((&said["durable"], &said["id_at_durable"]), (&json!(1), &first["results"][0]["id"]));
    let second = family(&phone, &place.office, 2).await;
    assert_eq!(
        (&second["acked"], &second["durable"]),
        (&json!(2), &json!(1)),
        "the second is in no backup yet"
    );
    let said = hello(&phone).await;
    assert_eq!((&said["durable"], &said["id_at_durable"]), (&json!(1), &first["results"][0]["id"]));
    let mut reborn = phone.clone();
    reborn.inc = hex(&crate::tokens::random::<8>());
    assert_eq!(hello(&reborn).await["durable"], 0, "numbers of another incarnation are others");

    place.back_up(None).await;
    place.verify().await;
    assert_eq!(hello(&phone).await["durable"], 2);
    let last = place.office.app.db.last_backup().await.unwrap().unwrap();
    assert_eq!(last.name, place.newest().name);
}

#[tokio::test]
async fn i21_a_phone_is_told_of_its_photo_once_a_verified_backup_has_it() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let bytes = photo();
    let hash = hex(&Sha256::digest(&bytes));
    let said = async || phone.get(&format!("blobs/{hash}/state")).await.ok();
    let whole = json!({"bytes": bytes.len(), "kind": "photo", "e": id()});
    announce(&phone, &hash, whole).await.ok();
    upload(&phone, &hash, &bytes).await;
    place.back_up(None).await;
    assert_eq!(said().await, json!({"state": "verified"}), "a backup alone promises nothing");
    place.verify().await;
    assert_eq!(said().await, json!({"state": "verified", "durable": true}));

    // Gone from the data folder and from the newest backup: the phone is asked for it after the restore.
    fs::remove_file(place.office.app.config.blob_dir().join(crate::blobs::file_place(hash.parse().unwrap())))
        .unwrap();
    fs::remove_dir_all(place.dir()).unwrap();
    place.back_up(None).await;
    let restored = place.office.restored(&place.dir()).await;
    let said = phone.at(&restored).get(&format!("blobs/{hash}/state")).await.ok();
    assert_eq!(said["state"], "absent");
}

#[tokio::test]
async fn a_damaged_backup_moves_nothing() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    family(&phone, &place.office, 1).await;
    let damage = async |file: &str, change: &dyn Fn(Vec<u8>) -> Vec<u8>, why: &str| {
        place.back_up(None).await;
        let path = place.newest().path.join(file);
        fs::write(&path, change(fs::read(&path).unwrap())).unwrap();
        place.is_refused(why).await;
        assert!(!place.newest().verified);
    };
    let flip = |mut bytes: Vec<u8>| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        bytes
    };
    damage("huifang.db", &flip, "not those that were written").await;
    damage("huifang.db", &|bytes| bytes[..bytes.len() - 4096].to_vec(), "bytes, not").await;
    damage("photos.txt", &|_| b"x\n".to_vec(), "photos.txt is not as it was written").await;
    let edit = |from: &'static str, to: &'static str| {
        move |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.contains(from), "{text}");
            text.replace(from, to).into_bytes()
        }
    };
    damage("manifest.json", &edit("\"record\": 1", "\"record\": 2"), "table record has 1 rows").await;
    damage("manifest.json", &edit("\"head\": \"1.1\"", "\"head\": \"1.2\""), "its head is 1.1").await;
    damage("manifest.json", &edit("\"n\": ", "\"n\": 1"), "audit chain ends elsewhere").await;
    let newest = place.newest();
    fs::write(newest.path.join("manifest.json"), "{\"huifang\": \"backup-1\", \"vers").unwrap();
    assert_ne!(place.newest().name, newest.name, "a manifest that was cut short makes no backup");
    fs::write(newest.path.join("manifest.json"), "{\"huifang\": \"backup-3\"}").unwrap();
    let error = pick(&newest.path).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("of form backup-3, which this version does not know"), "{error}");
    assert_eq!(hello(&phone).await["durable"], 0);
    assert!(place.office.app.db.last_backup().await.unwrap().is_none());
}

/// A photo that a visit attaches, at the office.
async fn photographed(office: &Office, phone: &Browser) -> String {
    let bytes = photo();
    let hash = hex(&Sha256::digest(&bytes));
    announce(phone, &hash, json!({"bytes": bytes.len(), "kind": "photo", "e": id()})).await.ok();
    upload(phone, &hash, &bytes).await;
    let (village, recipient, visit) = (office.area(VILLAGE).await, id(), id());
    let ops = json!([
        {"op": "create", "e": recipient, "type": "recipient", "area": village, "f": {"name": "李伟"}},
        {"op": "create", "e": visit, "type": "visit", "area": village, "parent": recipient, "f": {"kind": "FollowUp"}},
        {"op": "attach", "e": visit, "blob": hash, "kind": "photo", "bytes": bytes.len()},
    ]);
    let pushed = phone.push(1, json!([phone.changeset(ops)])).await;
    assert_eq!(pushed["results"][0]["st"], "applied", "{pushed}");
    hash
}

#[tokio::test]
async fn photos_are_copied_once_and_all_of_them_are_read_again() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    assert_eq!(place.back_up(None).await["new_photos"], 1);
    place.verify().await;
    let again = place.back_up(None).await;
    assert_eq!((&again["new_photos"], &again["manifest"]["photos"]), (&json!(0), &json!(1)));
    let path = {
        let shelf = Shelf::for_reading(&place.dir()).unwrap();
        shelf.photo(hash.parse().unwrap())
    };
    let whole = fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    flipped[100] ^= 1;
    fs::write(&path, &flipped).unwrap();
    place.is_refused("is damaged").await;
    fs::remove_file(&path).unwrap();
    place.is_refused("is missing").await;
    assert_eq!(place.back_up(None).await["new_photos"], 1, "what is gone is copied again");
    place.verify().await;
    assert_eq!(fs::read(&path).unwrap(), whole);
}

#[tokio::test]
async fn a_photo_that_the_office_lost_is_named_and_holds_nothing_up() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    let file = place.office.app.config.blob_dir().join("file").join(&hash[..2]).join(&hash);
    fs::remove_file(file).unwrap();
    let command = Command::Backup { dir: place.dir(), keep: None, to: None };
    let outcome = perform(&place.office.app, command).await.unwrap();
    assert!(outcome.has_errors && outcome.text.contains(&hash), "{}", outcome.text);
    assert_eq!(outcome.json["manifest"]["photos_missing"], json!([hash]));
    place.verify().await;
    assert_eq!(hello(&phone).await["durable"], 1);
}

#[tokio::test]
async fn a_backup_of_another_history_moves_nothing() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    family(&phone, &place.office, 1).await;
    place.back_up(None).await;
    let first = place.newest().path;
    family(&phone, &place.office, 2).await;
    place.back_up(None).await;
    let second = place.newest().path;

    // The office goes back to the first backup, and other work takes number 2.
    let restored = place.office.restored(&first).await;
    let phone = phone.at(&restored);
    family(&phone, &restored, 2).await;
    let refused =
        perform(&restored.app, Command::VerifyBackup { dir: second }).await.unwrap_err().to_string();
    assert!(refused.contains("no part of the history of this database"), "{refused}");
    assert_eq!(hello(&phone).await["durable"], 0);
    perform(&restored.app, Command::VerifyBackup { dir: first }).await.unwrap();
    assert_eq!(hello(&phone).await["durable"], 1, "what was restored is a part of it");

    let stranger = Office::new().await;
    let refused = perform(&stranger.app, Command::VerifyBackup { dir: place.dir() }).await.unwrap_err();
    assert!(refused.to_string().contains("is another server key"), "{refused}");
}

#[tokio::test]
async fn a_server_makes_verifies_and_rotates_its_own() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let app = &place.office.app;
    photographed(&place.office, &phone).await;
    let schedule = Schedule { dir: place.dir(), every: Duration::from_secs(1), keep: 2, to: None };
    let mut rounds = Rounds::default();
    let mut names = Vec::new();
    for _ in 0..5 {
        names.push(rounds.one(app, &schedule).await.unwrap());
    }
    assert_eq!(hello(&phone).await["durable"], 1);
    let listing = Shelf::for_reading(&place.dir()).unwrap().list().unwrap();
    let left: Vec<&String> = listing.found.iter().map(|found| &found.name).collect();
    assert_eq!(left, [&names[4], &names[3]]);
    assert!(listing.found.iter().all(|found| found.verified) && listing.others.is_empty());

    // Another run is at work in the folder, then the folder is none.
    let busy = Shelf::for_writing(&place.dir(), &app.config.data_dir).unwrap();
    assert!(rounds.one(app, &schedule).await.unwrap_err().to_string().contains("another backup"));
    drop(busy);
    let file = place.folder.path().join("file");
    fs::write(&file, "").unwrap();
    let nowhere = Schedule { dir: file, ..schedule.clone() };
    assert!(rounds.one(app, &nowhere).await.is_err());
    let other = Schedule { dir: place.folder.path().join("other"), ..schedule };
    rounds.one(app, &other).await.unwrap();
}

#[tokio::test]
async fn photos_of_no_backup_go_with_the_last_that_spoke_of_them() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    place.back_up(None).await;
    let shelf = Arc::new(Shelf::for_reading(&place.dir()).unwrap());
    let stray = shelf.photo(hash.replace(&hash[..2], "00").parse().unwrap());
    drop(shelf);
    fs::create_dir_all(stray.parent().unwrap()).unwrap();
    fs::write(&stray, "of a backup that was removed").unwrap();
    place.back_up(Some(9)).await;
    assert!(stray.exists(), "nothing was removed, so nothing is looked for");
    place.back_up(Some(1)).await;
    assert!(!stray.exists());
    place.verify().await;
}

#[tokio::test]
async fn a_backup_is_of_one_moment_while_others_write() {
    let place = Place::new().await;
    let desk = place.office.desk("clerk").await;
    let township = place.office.area(TOWNSHIP).await;
    let write = async {
        for seq in 1..40 {
            let ops = json!([{"op": "create", "e": id(), "type": "recipient", "area": township, "f": {"name": "李伟"}}]);
            let pushed = desk.push(seq, json!([desk.changeset(ops)])).await;
            assert_eq!(pushed["acked"], seq);
        }
    };
    let back_up = async {
        for _ in 0..3 {
            place.back_up(None).await;
            place.verify().await;
        }
    };
    tokio::join!(write, back_up);
    let durable = hello(&desk).await["durable"].as_u64().unwrap();
    assert!(durable <= 39, "{durable}");
    place.back_up(None).await;
    place.verify().await;
    assert_eq!(hello(&desk).await["durable"], 39);
}

/// A pair of keys as `age-keygen` writes it: the public half, and the file with the secret one.
fn offline_key(place: &Place, name: &str) -> (Recipient, PathBuf) {
    let secret = age::x25519::Identity::generate();
    let path = place.folder.path().join(name);
    fs::write(
        &path,
        format!("# public key: {}\n{}\n", secret.to_public(), secret.to_string().expose_secret()),
    )
    .unwrap();
    (secret.to_public().to_string().parse().unwrap(), path)
}

#[tokio::test]
async fn a_sealed_backup_is_tried_first_holds_nothing_readable_and_comes_back_with_its_key_alone() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let bytes = photo();
    let hash = hex(&Sha256::digest(&bytes));
    announce(&phone, &hash, json!({"bytes": bytes.len(), "kind": "photo", "e": id()})).await.ok();
    upload(&phone, &hash, &bytes).await;
    family(&phone, &place.office, 1).await;
    let ((to, key), (_, other)) = (offline_key(&place, "own.key"), offline_key(&place, "other.key"));
    place.office.command(Command::Backup { dir: place.dir(), keep: Some(2), to: Some(to) }).await;
    assert_eq!(hello(&phone).await["durable"], 1, "it was verified when it was made");
    let found = place.newest();
    assert!(found.verified && found.is_sealed());
    // Neither a name nor the head of a file of SQLite or of a picture lies there, and nothing readable is left beside the data.
    for file in files_below(&place.dir()) {
        let text = fs::read(&file).unwrap();
        let holds = |part: &[u8]| text.windows(part.len()).any(|window| window == part);
        assert!(!holds("李伟".as_bytes()) && !holds(b"SQLite format 3") && !holds(&bytes[..16]), "{file:?}");
    }
    assert!(!place.office.app.config.data_dir.join(".backup-unsealed").exists());

    assert_eq!(place.verify().await["sealed"], json!(found.manifest.sealed.as_ref().unwrap().to));
    let config = |name: &str| {
        let data = place.folder.path().join(name);
        fs::create_dir_all(&data).unwrap();
        fs::copy(&place.office.app.config.key_file, data.join("server.key")).unwrap();
        Config::new(data, None, false)
    };
    let at_hand = |path: &PathBuf| Some(Arc::new(Identities::read(path).unwrap()));
    let refused = async |identities, why: &str| {
        let said =
            restore(&config("refused"), &place.dir(), false, identities, 1).await.unwrap_err().to_string();
        assert!(said.contains(why), "{said}");
        fs::remove_dir_all(place.folder.path().join("refused")).unwrap();
    };
    refused(None, "--identity FILE").await;
    refused(at_hand(&other), "sealed to another key").await;
    let restored = restore(&config("restored"), &place.dir(), false, at_hand(&key), 1).await.unwrap();
    // The one that was refused had noted an epoch, which nobody gets again.
    assert_eq!((restored.photos, restored.epoch), (1, 3));
    let photos = files_below(&place.folder.path().join("restored").join("blobs"));
    assert!(photos.iter().any(|file| file.ends_with(&hash)), "{photos:?}");

    // Verified with the key, and found when something is damaged, with and without it.
    let (shelf, found) = pick(&place.dir()).unwrap();
    let shelf = Arc::new(shelf);
    let keys = &place.office.app.keys;
    let whole = verify_sealed(&shelf, &found, Some(keys), at_hand(&key)).await.unwrap();
    assert_eq!(whole.photos.len(), 1);
    let sealed_photo = shelf.sealed_photo(hash.parse().unwrap());
    drop(shelf);
    let mut text = fs::read(&sealed_photo).unwrap();
    *text.last_mut().unwrap() ^= 1;
    fs::write(&sealed_photo, &text).unwrap();
    let (shelf, found) = pick(&place.dir()).unwrap();
    let said =
        verify_sealed(&Arc::new(shelf), &found, Some(keys), at_hand(&key)).await.unwrap_err().to_string();
    assert!(said.contains("is damaged"), "{said}");
    let mut text = fs::read(found.database()).unwrap();
    text[1000] ^= 1;
    fs::write(found.database(), text).unwrap();
    place.is_refused("are not those that were written").await;
    fs::remove_file(&sealed_photo).unwrap();
    fs::remove_file(found.database()).unwrap();
    place.is_refused("not whole").await;
}

#[tokio::test]
async fn a_server_seals_its_own_backups_and_keeps_what_others_still_speak_of() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let bytes = photo();
    let hash = hex(&Sha256::digest(&bytes));
    announce(&phone, &hash, json!({"bytes": bytes.len(), "kind": "photo", "e": id()})).await.ok();
    upload(&phone, &hash, &bytes).await;
    place.back_up(None).await;
    let (to, _) = offline_key(&place, "own.key");
    let schedule = Schedule { dir: place.dir(), every: Duration::from_secs(1), keep: 1, to: Some(to) };
    let mut rounds = Rounds::default();
    for seq in 1..=2 {
        family(&phone, &place.office, seq).await;
        rounds.one(&place.office.app, &schedule).await.unwrap();
        assert_eq!(hello(&phone).await["durable"], seq);
    }
    let listing = Shelf::for_reading(&place.dir()).unwrap().list().unwrap();
    assert_eq!(listing.others, [""; 0]);
    let (shelf, found) = pick(&place.dir()).unwrap();
    assert!(found.is_sealed() && shelf.sealed_photo(hash.parse().unwrap()).exists());
}

fn files_below(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            files.extend(files_below(&entry.path()))
        } else {
            files.push(entry.path())
        }
    }
    files
}
