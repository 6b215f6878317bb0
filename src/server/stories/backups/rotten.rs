//! Files of a backup folder that are not what was written: nothing is promised of them, nothing is made of them that passes for whole, and what can be mended is.

use serde_json::{Value, json};
use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use super::{Place, hello, offline_key, photographed, sealed::damage};
use crate::{
    backup::{
        photos::Reread,
        schedule::{Rounds, Schedule},
        seal::Identities,
        shelf::{Shelf, pick},
    },
    commands::{Command, perform},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Place {
    fn readable_photo(&self, hash: &str) -> PathBuf {
        self.dir().join("photos").join(&hash[..2]).join(hash)
    }

    fn schedule(&self, to: Option<crate::backup::seal::Recipient>) -> Schedule {
        Schedule { dir: self.dir(), every: Duration::from_secs(900), keep: 9, to }
    }

    /// Does something to the office's database that no office does.
    async fn meddle(&self, sql: &'static str) {
        crate::db::meddle(&self.office.app.config.database_file(), sql).await;
    }
}

#[tokio::test]
async fn a_photo_that_was_not_read_is_not_promised_and_the_daily_look_mends_it() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let (app, schedule) = (&place.office.app, place.schedule(None));
    let mut rounds = Rounds::default();
    rounds.one(app, &schedule).await.unwrap();
    let hash = photographed(&place.office, &phone).await;
    let said = async || phone.get(&format!("blobs/{hash}/state")).await.ok();
    // A backup that nobody verified brought it here, and the disk made something else of it.
    place.back_up(None).await;
    damage(&place.readable_photo(&hash));
    rounds.one(app, &schedule).await.unwrap();
    assert_eq!(hello(&phone).await["durable"], 1, "what was read is promised");
    assert_eq!(said().await, json!({"state": "verified"}), "what was not is kept by the phone");
    place.office.clock.advance(DAY_MS);
    rounds.one(app, &schedule).await.unwrap();
    assert_eq!(said().await, json!({"state": "verified", "durable": true}));
    place.verify().await;
}

#[tokio::test]
async fn a_damaged_readable_photo_is_copied_again_by_hand_too() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    place.back_up(None).await;
    damage(&place.readable_photo(&hash));
    place.is_refused("is damaged").await;
    let again = place.back_up(None).await;
    assert_eq!((&again["photos_again"], &again["new_photos"]), (&json!([hash]), &json!(0)));
    place.verify().await;
    // What the office has no more is named, and nobody takes the damaged one for it.
    damage(&place.readable_photo(&hash));
    place.lose_photo(&hash);
    let outcome =
        perform(&place.office.app, Command::Backup { dir: place.dir(), keep: None, to: None }).await.unwrap();
    assert_eq!(outcome.json["manifest"]["photos_missing"], json!([hash]));
    assert!(outcome.has_errors);
}

#[tokio::test]
async fn a_photo_that_only_an_older_list_names_is_known_all_the_same() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    place.back_up(None).await;
    place.back_up(None).await;
    place.lose_photo(&hash);
    fs::write(place.newest().path.join("photos.txt"), "x\n").unwrap();
    let outcome = place.back_up(None).await;
    assert_eq!((&outcome["manifest"]["photos_missing"], &outcome["new_photos"]), (&Value::Null, &json!(0)));
    place.verify().await;

    // The same, sealed: the lists of the newest are damaged, or it is no backup any more.
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    let (to, key) = offline_key(&place, "own.key");
    assert!(!place.seal(&to).await.has_errors);
    place.lose_photo(&hash);
    for file in ["photos.txt", "sealed.txt", "manifest.json"] {
        assert!(!place.seal(&to).await.has_errors);
        fs::write(place.newest().path.join(file), "x\n").unwrap();
        let outcome = place.seal(&to).await;
        assert_eq!(outcome.json["manifest"]["photos_missing"], Value::Null, "{file}: {}", outcome.text);
        assert_eq!(outcome.json["photos_elsewhere"], json!([]), "{file}: {}", outcome.text);
        assert_eq!(place.restored(&place.dir(), &[&key]).await.photos, 1, "{file}");
    }
}

#[tokio::test]
async fn where_a_newer_list_is_damaged_the_size_of_a_photo_says_nothing() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    let (to, _) = offline_key(&place, "own.key");
    place.seal(&to).await;
    // The newer backup had sealed the photo again, of the same size, and only its list knew how.
    damage(&place.sealed_photo(&hash));
    assert_eq!(place.seal(&to).await.json["photos_again"], json!([hash]));
    fs::write(place.newest().path.join("sealed.txt"), "x\n").unwrap();
    let made = place.made(&to, Reread::New).await;
    assert_eq!(made.again.iter().map(ToString::to_string).collect::<Vec<_>>(), [hash]);
    place.verify().await;
}

#[tokio::test]
async fn a_rotten_readable_photo_is_sealed_from_the_data_or_not_at_all() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    place.back_up(None).await;
    let whole = fs::read(place.readable_photo(&hash)).unwrap();
    // From then on only the older backup speaks of it.
    place.meddle("UPDATE blob SET state = 'erased'").await;
    damage(&place.readable_photo(&hash));
    let rotten = fs::read(place.readable_photo(&hash)).unwrap();
    let file = crate::blobs::file_place(hash.parse().unwrap());
    let in_data = place.office.app.config.blob_dir().join(file);
    fs::rename(&in_data, place.folder.path().join("away")).unwrap();
    let (to, key) = offline_key(&place, "own.key");
    let outcome = place.seal(&to).await;
    assert!(outcome.has_errors && outcome.text.contains("the data has no whole one"), "{}", outcome.text);
    assert!(!place.sealed_photo(&hash).exists(), "nothing passes for it");
    assert_eq!(fs::read(place.readable_photo(&hash)).unwrap(), rotten, "what is left of it stays");

    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let again = photographed(&place.office, &phone).await;
    assert_eq!(again, hash);
    place.back_up(None).await;
    let old = place.newest();
    place.meddle("UPDATE blob SET state = 'erased'").await;
    damage(&place.readable_photo(&hash));
    let outcome = place.seal(&to).await;
    assert!(!outcome.has_errors, "{}", outcome.text);
    assert_eq!(outcome.json["sealed_anew"], json!([hash]));
    assert_eq!(place.readable(), Vec::<PathBuf>::new());
    let (shelf, old) = pick(&old.path).unwrap();
    let identities = Some(Arc::new(Identities::read(&key).unwrap()));
    assert_eq!(shelf.read_photo(&old, hash.parse().unwrap(), &identities).unwrap(), whole);
}

#[tokio::test]
async fn a_rotten_readable_database_is_not_sealed_and_named_each_time() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    photographed(&place.office, &phone).await;
    place.back_up(None).await;
    let old = place.newest();
    damage(&old.database());
    let (to, _) = offline_key(&place, "own.key");
    for _ in 0..2 {
        let outcome = place.seal(&to).await;
        assert!(outcome.has_errors && outcome.text.contains("so it is not sealed"), "{}", outcome.text);
        assert!(!pick(&old.path).unwrap().1.is_sealed());
        assert!(!old.path.join("huifang.db.age").exists());
    }
}

#[tokio::test]
async fn a_promise_that_fails_is_said_and_what_comes_after_it_is_done() {
    let place = Place::new().await;
    let phone = place.office.phone("worker").await;
    let hash = photographed(&place.office, &phone).await;
    place.back_up(None).await;
    place
        .meddle(
            "CREATE TRIGGER away BEFORE INSERT ON backup BEGIN SELECT RAISE(ABORT, 'no room for it'); END",
        )
        .await;
    let (to, key) = offline_key(&place, "own.key");
    let outcome = place.seal(&to).await;
    assert!(
        outcome.has_errors && outcome.text.contains("FAILED: phones keep what they have"),
        "{}",
        outcome.text
    );
    assert!(!outcome.text.contains("may now forget"), "{}", outcome.text);
    assert_eq!(outcome.json["failed"].as_array().unwrap().len(), 1);
    assert_eq!(outcome.json["replaced"].as_array().unwrap().len(), 1, "what lay readable is sealed");
    assert_eq!(place.readable(), Vec::<PathBuf>::new());
    assert_eq!(hello(&phone).await["durable"], 0);
    let command = Command::Backup { dir: place.dir(), keep: Some(1), to: Some(to.clone()) };
    let outcome = perform(&place.office.app, command).await.unwrap();
    assert_eq!(outcome.json["removed"].as_array().unwrap().len(), 2, "older ones go");
    assert_eq!(place.restored(&place.dir(), &[&key]).await.photos, 1);

    // A server by itself says so too, and promises with the next once it can.
    let (mut rounds, schedule) = (Rounds::default(), place.schedule(Some(to)));
    let failed = rounds.one(&place.office.app, &schedule).await.unwrap_err().to_string();
    assert!(failed.contains("no room for it"), "{failed}");
    place.meddle("DROP TRIGGER away").await;
    rounds.one(&place.office.app, &schedule).await.unwrap();
    assert_eq!(hello(&phone).await["durable"], 1);
    assert_eq!(phone.get(&format!("blobs/{hash}/state")).await.ok()["durable"], true);
    assert!(Shelf::for_reading(&place.dir()).unwrap().list().unwrap().others.is_empty());
}
