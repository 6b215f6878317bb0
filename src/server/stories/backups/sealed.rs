//! What sealed backups replace, and what becomes of a sealed photo that is not as it was written.

use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Place, files_below, hello, offline_key, photographed};
use crate::{
    backup::{
        photos::Reread,
        restore::{Restored, restore},
        schedule::{Rounds, Schedule},
        seal::{Identities, Recipient},
        shelf::{Shelf, pick},
        write::{self, Made, Making},
    },
    blobs::file_place,
    commands::{Command, Outcome, perform},
    config::Config,
};

impl Place {
    pub(super) async fn seal(&self, to: &Recipient) -> Outcome {
        let command = Command::Backup { dir: self.dir(), keep: None, to: Some(to.clone()) };
        perform(&self.office.app, command).await.unwrap()
    }

    pub(super) async fn made(&self, to: &Recipient, reread: Reread) -> Made {
        let shelf = Arc::new(Shelf::for_writing(&self.dir(), &self.office.app.config.data_dir).unwrap());
        write::write(&self.office.app, &shelf, Making { keep: None, to: Some(to), reread }).await.unwrap()
    }

    pub(super) async fn restored(&self, from: &Path, keys: &[&PathBuf]) -> Restored {
        let data = self
            .folder
            .path()
            .join(format!("restored-{}", crate::tokens::hex(&crate::tokens::random::<4>())));
        fs::create_dir_all(&data).unwrap();
        fs::copy(&self.office.app.config.key_file, data.join("server.key")).unwrap();
        let file = self.folder.path().join("at-hand.key");
        let texts: Vec<String> = keys.iter().map(|key| fs::read_to_string(key).unwrap()).collect();
        fs::write(&file, texts.concat()).unwrap();
        let identities = Some(Arc::new(Identities::read(&file).unwrap()));
        restore(&Config::new(data, None, false), from, false, identities, 1).await.unwrap()
    }

    pub(super) fn sealed_photo(&self, hash: &str) -> PathBuf {
        self.dir().join("photos").join(&hash[..2]).join(format!("{hash}.age"))
    }

    /// Files that whoever steals the folder can read: databases and pictures.
    pub(super) fn readable(&self) -> Vec<PathBuf> {
        let is_readable = |file: &PathBuf| {
            let bytes = fs::read(file).unwrap();
            let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
            holds("李伟".as_bytes()) || holds(b"SQLite format 3") || bytes.starts_with(b"\x89PNG")
        };
        files_below(&self.dir()).into_iter().filter(is_readable).collect()
    }

    pub(super) fn lose_photo(&self, hash: &str) {
        let place = file_place(hash.parse().unwrap());
        fs::remove_file(self.office.app.config.blob_dir().join(place)).unwrap();
    }
}

/// Something that befalls a file, and what is said of it.
type Way<'w> = (&'w dyn Fn(&Path), &'w str);

pub(super) fn damage(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn what_lay_there_readable_is_sealed_with_the_first_sealed_backup_and_comes_back_all_the_same() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    place.back_up(None).await;
    place.verify().await;
    let verified = place.newest();
    place.back_up(None).await;
    let not_verified = place.newest();
    // Half a photo of a run that was killed, and a photo of a backup that was removed.
    let photos = place.dir().join("photos").join(&hash[..2]);
    fs::write(photos.join(format!(".part-{hash}")), b"\x89PNG half").unwrap();
    fs::write(photos.join(format!("{}{}", &hash[..2], "0".repeat(62))), b"\x89PNG stray").unwrap();
    assert!(place.readable().len() >= 5, "{:?}", place.readable());

    let (to, key) = offline_key(&place, "own.key");
    let outcome = place.seal(&to).await;
    assert!(!outcome.has_errors, "{}", outcome.text);
    assert!(outcome.text.contains("sealed too: 2 backups, 2 photos"), "{}", outcome.text);
    assert_eq!(place.readable(), Vec::<PathBuf>::new());
    let listing = Shelf::for_reading(&place.dir()).unwrap().list().unwrap();
    assert!(listing.found.iter().all(|found| found.is_sealed()) && listing.found.len() == 3);
    for old in [&verified, &not_verified] {
        let now = pick(&old.path).unwrap().1;
        assert_eq!((now.verified, now.manifest.head), (old.verified, old.manifest.head));
        assert_eq!(place.restored(&old.path, &[&key]).await.photos, 1);
    }
    place.verify().await;
    let again = place.seal(&to).await;
    assert_eq!((&again.json["replaced"], &again.json["photos_again"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn a_photo_that_the_office_lost_is_sealed_from_the_readable_copy() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    place.back_up(None).await;
    place.lose_photo(&hash);
    let (to, key) = offline_key(&place, "own.key");
    let outcome = place.seal(&to).await;
    assert!(!outcome.has_errors, "{}", outcome.text);
    assert_eq!(place.readable(), Vec::<PathBuf>::new());
    assert_eq!(place.restored(&place.dir(), &[&key]).await.photos, 1);
}

#[tokio::test]
async fn a_break_off_while_the_readable_is_sealed_leaves_every_backup_whole_and_the_next_goes_on() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    photographed(&place.office, &phone).await;
    place.back_up(None).await;
    let old = place.newest();
    let readable = fs::read(old.database()).unwrap();
    // Before the manifest: the sealed database was half there.
    let sealed = old.path.join("huifang.db.age");
    fs::write(&sealed, b"age-encryption.org/v1 half").unwrap();
    place.verify().await;
    let (to, key) = offline_key(&place, "own.key");
    assert!(!place.seal(&to).await.has_errors);
    assert_eq!(place.readable(), Vec::<PathBuf>::new());
    // After it: the readable one was not gone yet.
    fs::write(old.path.join("huifang.db"), &readable).unwrap();
    assert_eq!(place.restored(&old.path, &[&key]).await.photos, 1);
    assert!(!place.seal(&to).await.has_errors);
    assert_eq!(place.readable(), Vec::<PathBuf>::new());

    // It goes only beside a sealed one that is whole.
    fs::write(old.path.join("huifang.db"), &readable).unwrap();
    damage(&sealed);
    let outcome = place.seal(&to).await;
    assert!(outcome.has_errors && outcome.text.contains("STILL READABLE"), "{}", outcome.text);
    assert_eq!(place.readable(), [old.path.join("huifang.db")]);
    // What was no backup any more is named as well.
    fs::remove_file(old.path.join("manifest.json")).unwrap();
    let outcome = place.seal(&to).await;
    assert!(outcome.text.contains("is no backup, but holds a database"), "{}", outcome.text);
}

#[tokio::test]
async fn a_sealed_photo_that_is_not_as_it_was_written_is_found_and_sealed_again() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    let (to, key) = offline_key(&place, "own.key");
    place.seal(&to).await;
    let photo = place.sealed_photo(&hash);
    let cut = |path: &Path| fs::write(path, &fs::read(path).unwrap()[..100]).unwrap();
    let lose = |path: &Path| fs::remove_file(path).unwrap();
    let ways: [Way<'_>; 3] = [(&damage, "is damaged"), (&cut, "is damaged"), (&lose, "is missing")];
    for (way, said) in ways {
        way(&photo);
        place.is_refused(said).await;
        let outcome = place.seal(&to).await;
        assert!(!outcome.has_errors, "{}", outcome.text);
        let mended = [&outcome.json["photos_again"], &outcome.json["new_photos"]];
        assert!(mended == [&json!([hash]), &json!(0)] || mended == [&json!([]), &json!(1)], "{mended:?}");
        place.verify().await;
        assert_eq!(place.restored(&place.dir(), &[&key]).await.photos, 1);
    }
    // Earlier backups share the photo, and believe the later list.
    let oldest = Shelf::for_reading(&place.dir()).unwrap().list().unwrap().found.pop().unwrap();
    place.office.command(Command::VerifyBackup { dir: oldest.path }).await;
}

#[tokio::test]
async fn a_server_reads_its_sealed_photos_again_every_day() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    let (to, _) = offline_key(&place, "own.key");
    let every = std::time::Duration::from_secs(900);
    let schedule = Schedule { dir: place.dir(), every, keep: 2, to: Some(to) };
    let (mut rounds, app) = (Rounds::default(), &place.office.app);
    rounds.one(app, &schedule).await.unwrap();
    assert_eq!(hello(&phone).await["durable"], 1);
    damage(&place.sealed_photo(&hash));
    rounds.one(app, &schedule).await.unwrap();
    place.is_refused("is damaged").await;
    place.office.clock.advance(24 * 60 * 60 * 1000);
    rounds.one(app, &schedule).await.unwrap();
    place.verify().await;
}

#[tokio::test]
async fn another_key_seals_the_photos_again_and_what_cannot_be_is_said_and_not_promised() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    let ((first, first_key), (second, second_key)) =
        (offline_key(&place, "first.key"), offline_key(&place, "second.key"));
    place.seal(&first).await;
    let outcome = place.seal(&second).await;
    assert_eq!((outcome.has_errors, &outcome.json["photos_again"]), (false, &json!([hash])));
    assert_eq!(place.restored(&place.dir(), &[&second_key]).await.photos, 1);
    let oldest = Shelf::for_reading(&place.dir()).unwrap().list().unwrap().found.pop().unwrap();
    assert_eq!(place.restored(&oldest.path, &[&first_key, &second_key]).await.photos, 1);

    place.lose_photo(&hash);
    let outcome = place.seal(&first).await;
    assert!(outcome.has_errors && outcome.text.contains("not promised"), "{}", outcome.text);
    assert_eq!(outcome.json["photos_elsewhere"], json!([hash]));
    assert_eq!(
        outcome.json["manifest"]["photos_missing"],
        Value::Null,
        "it is there, for who has the other key"
    );
    assert_eq!(place.verify().await["photos_elsewhere"], 1);
    assert_eq!(place.restored(&place.dir(), &[&first_key, &second_key]).await.photos, 1);
    let made = place.made(&first, Reread::All).await;
    assert!(made.whole.is_some_and(|whole| whole.photos.is_empty()), "nobody here can tell that it opens");
    damage(&place.sealed_photo(&hash));
    let outcome = place.seal(&first).await;
    assert_eq!(outcome.json["manifest"]["photos_missing"], json!([hash]), "{}", outcome.text);
}

#[tokio::test]
async fn a_backup_without_a_list_of_seals_says_so_and_the_next_one_keeps_one() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    let (to, key) = offline_key(&place, "own.key");
    place.seal(&to).await;
    let manifest = place.newest().path.join("manifest.json");
    let mut text: Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    text["sealed"].as_object_mut().unwrap().remove("photos");
    fs::write(&manifest, text.to_string()).unwrap();
    assert_eq!(place.verify().await["photos_unnoted"], 1);
    assert_eq!(place.restored(&place.dir(), &[&key]).await.photos, 1);
    let outcome = place.seal(&to).await;
    assert_eq!(outcome.json["photos_again"], json!([hash]));
    assert_eq!(place.verify().await["photos_unnoted"], 0);
    let list = place.newest().path.join("sealed.txt");
    fs::write(&list, "").unwrap();
    place.is_refused("sealed.txt is not as it was written").await;
}
