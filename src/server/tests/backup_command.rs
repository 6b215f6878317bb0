//! `huifang backup`, `verify-backup` and `restore` as an operator runs them, with a server at work and without.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[path = "support/program.rs"]
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use program::{Place, Run};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn backups(place: &Place) -> PathBuf {
    place.path().join("backups")
}

/// The backups of a folder, oldest first.
fn names(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with("20")).collect();
    names.sort();
    names
}

#[track_caller]
fn refused(run: &Run, code: i32, said: &str) {
    assert_eq!(run.code(), code, "{} {}", run.text(), run.complaint());
    assert!(run.complaint().contains(said), "{}", run.complaint());
}

/// Another machine: an empty data folder.
struct Other(Place);

impl Other {
    fn new(place: &Place) -> Other {
        let other = Place::new();
        fs::create_dir_all(other.data()).unwrap();
        fs::copy(place.data().join("server.key"), other.data().join("server.key")).unwrap();
        Other(other)
    }
}

#[test]
fn a_running_server_is_backed_up_killed_and_comes_back() {
    let place = Place::with_township(&["红旗村", "石桥村"]);
    let server = place.serve();
    let dir = backups(&place);
    let made = place.done(&["backup", text(&dir)]);
    assert!(made.text().contains("The server key is NOT in this backup"), "{}", made.text());
    assert!(made.text().contains("Not verified yet"), "{}", made.text());
    let verified = place.done(&["verify-backup", text(&dir)]);
    assert!(verified.text().contains("is whole: restored on trial"), "{}", verified.text());
    place.done(&["area", "add", "339999100203", "新村"]);
    refused(&place.run(&["restore", text(&dir)]), 1, "is not empty");
    drop(server);

    let other = Other::new(&place).0;
    let restored = other.done(&["restore", text(&dir), "--json"]).json();
    assert_eq!((restored["epoch"].as_u64(), &restored["key_made"]), (Some(2), &false.into()));
    let areas = other.done(&["area", "list"]).text();
    assert!(areas.contains("石桥村") && !areas.contains("新村"), "{areas}");
    let _server = other.serve();
    let second = other.done(&["backup", text(&dir), "--json"]).json();
    assert_eq!(second["manifest"]["head"], "2.0", "the new epoch goes on");
    other.done(&["verify-backup", text(&dir)]);
}

#[test]
fn a_backup_is_made_and_verified_without_a_server_and_even_without_its_folder() {
    let place = Place::with_township(&["红旗村"]);
    let dir = backups(&place);
    for _ in 0..4 {
        place.done(&["backup", text(&dir), "--keep", "2"]);
    }
    assert_eq!(names(&dir).len(), 2);
    let nowhere = Place::new();
    let run = nowhere.done(&["verify-backup", text(&dir)]);
    assert!(run.text().contains("the server key was not at hand"), "{}", run.text());
    assert!(run.text().contains("what phones may forget has not changed"), "{}", run.text());
    assert!(!nowhere.data().exists());
    refused(&nowhere.run(&["restore", text(&dir)]), 1, "put your copy of it there first");
    let lost = nowhere.done(&["restore", text(&dir), "--lost-key"]);
    assert!(lost.text().contains("A new server key was made"), "{}", lost.text());
}

#[test]
fn what_is_asked_wrongly_is_refused_with_what_to_do() {
    let place = Place::with_township(&["红旗村"]);
    let dir = backups(&place);
    refused(&place.run(&["backup"]), 2, "<DIR>");
    refused(&place.run(&["backup", text(&dir), "--keep", "0"]), 2, "0 is not in 1..");
    refused(&place.run(&["backup", text(&place.data().join("b"))]), 1, "lies in it");
    let file = place.file("file", b"");
    refused(&place.run(&["backup", &file]), 3, "cannot use");
    refused(&place.run(&["verify-backup", text(&dir)]), 3, "cannot use");
    refused(&Place::new().run(&["backup", text(&dir)]), 1, "there is no database in");
    fs::create_dir(&dir).unwrap();
    refused(&place.run(&["verify-backup", text(&dir)]), 1, "there is no finished backup in");
    refused(&place.run(&["serve", "--backup-every", "15"]), 2, "give a number and a unit, such as 15min");
    refused(&place.run(&["serve", "--listen", "127.0.0.1:0", "--backup-dir", &file]), 3, "cannot use");
    refused(&place.run(&["import-outbox", &file]), 1, "is no rescue file");
    refused(&place.run(&["import-outbox", "nowhere.json"]), 1, "cannot read");
}

#[test]
fn a_killed_run_leaves_nothing_that_passes_for_a_backup() {
    let place = Place::with_township(&["红旗村"]);
    let dir = backups(&place);
    place.done(&["backup", text(&dir)]);
    for delay_ms in [0, 3, 6, 10, 15, 20, 30, 45] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_huifang"))
            .args(["backup", text(&dir), "--data-dir", text(&place.data())])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(delay_ms));
        child.kill().unwrap();
        child.wait().unwrap();
        // Whatever is there by name is whole.
        for name in names(&dir) {
            place.done(&["verify-backup", text(&dir.join(name))]);
        }
    }
    let before = names(&dir).len();
    place.done(&["backup", text(&dir)]);
    assert_eq!(names(&dir).len(), before + 1);
    let parts = fs::read_dir(&dir)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".part-"));
    assert_eq!(parts.count(), 0, "what killed runs left is cleared away");
}

#[test]
fn a_server_backs_itself_up() {
    let place = Place::with_township(&["红旗村"]);
    let dir = backups(&place);
    let _server =
        place.serve_with(&["--backup-dir", text(&dir), "--backup-every", "1s", "--backup-keep", "2"]);
    let until = Instant::now() + Duration::from_secs(60);
    let verified = || names(&dir).iter().filter(|name| dir.join(name).join("verified.json").exists()).count();
    let mut seen = std::collections::BTreeSet::new();
    while seen.len() < 4 {
        assert!(Instant::now() < until, "{seen:?}");
        if verified() > 0 {
            seen.extend(names(&dir));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(names(&dir).len() <= 3, "two, and the one just made: {:?}", names(&dir));
}

#[test]
fn the_audit_chain_is_read_with_the_server_running_and_laid_beside_what_others_saw() {
    let place = Place::with_township(&["红旗村"]);
    let dir = backups(&place);
    place.done(&["backup", text(&dir)]);
    let head = place.done(&["verify-audit", "--json"]).json()["head"].clone();
    let digits = head["h"].as_str().unwrap()[..16].to_owned();
    let seen = format!("{}:{digits}", head["n"]);
    let server = place.serve();
    place.done(&["area", "add", "339999100203", "新村"]);
    let read = place.done(&["verify-audit", "--witness", &seen, "--backups", text(&dir)]);
    assert!(read.text().contains("holds from the first entry to the last"), "{}", read.text());
    assert!(read.text().contains("2 of 2 witnesses agree"), "{}", read.text());
    // The server wrote down what it found at its start.
    let heads = place.path().join("heads.txt");
    std::fs::copy(place.path().join("data/audit-heads.txt"), &heads).unwrap();
    let kept = place.done(&["verify-audit", "--heads", text(&heads)]);
    assert!(kept.text().contains("1 of 1 witnesses agree"), "{}", kept.text());
    std::fs::write(&heads, format!("2026-11-28 03:00 1:{digits}\n")).unwrap();
    assert_eq!(place.run(&["verify-audit", "--heads", text(&heads)]).code(), 1);
    let foreign = place.run(&["verify-audit", "--witness", &format!("1:{digits}")]);
    assert_eq!(foreign.code(), 1, "{}", foreign.text());
    assert!(foreign.text().contains("entry 1 is not the one that the witness saw"), "{}", foreign.text());
    let cut = place.run(&["verify-audit", "--witness", &format!("9000:{digits}")]);
    assert_eq!(cut.code(), 1, "{}", cut.text());
    assert!(cut.text().contains("a witness saw entry 9000, and the chain ends before it"), "{}", cut.text());
    drop(server);
    let empty = Place::new();
    refused(&empty.run(&["verify-audit"]), 1, "there is no database in");
    refused(
        &place.run(&["verify-audit", "--backups", text(&empty.path().join("none"))]),
        1,
        "there is no backup in",
    );
    refused(&place.run(&["verify-audit", "--witness", "57"]), 2, "57 is no witness");
}
