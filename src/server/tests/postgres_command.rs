//! `--database postgres://…`: one clear message for each way in which it cannot be, and commands beside a running server.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[path = "support/postgres.rs"]
mod postgres;
#[path = "support/program.rs"]
mod program;

use postgres::Cluster;
use program::{Place, fixture};

const SYSTEM_FAILED: i32 = 3;

/// A command that must fail on this database; returns what it says, which names no password even where everything is logged.
fn refused(database: &str) -> String {
    let place = Place::on(database);
    let output = place.command(&["area", "list"]).env("RUST_LOG", "trace").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(SYSTEM_FAILED), "{said}");
    assert!(!said.contains("geheim"), "{said}");
    said.lines().find(|line| line.starts_with("huifang: ")).unwrap().to_owned()
}

#[track_caller]
fn says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn an_address_that_cannot_be_used_is_refused_before_anything_is_asked() {
    says(&refused("mysql://huifang:geheim@127.0.0.1/huifang"), &["postgres://USER:PASSWORD@HOST/NAME"]);
    says(
        &refused("postgres://huifang:geheim@127.0.0.1:port/huifang"),
        &["cannot be read", "postgres://USER"],
    );
    says(&refused("postgres://u:geheim@127.0.0.1/huifang?sslmod=require"), &["`sslmod`", "sslmode"]);
}

#[test]
fn a_postgresql_that_is_not_there_is_named() {
    let said = refused("postgres://huifang:geheim@127.0.0.1:9/huifang");
    says(&said, &["cannot reach PostgreSQL at 127.0.0.1:9", "is it running"]);
}

#[test]
fn what_postgresql_refuses_comes_with_what_to_do() {
    let Some(cluster) = Cluster::start() else { return };
    cluster.sql("postgres", "CREATE USER locked PASSWORD 'other'");
    cluster.sql("postgres", "CREATE USER somebody");
    let locked = cluster.url("locked:geheim", "postgres");
    says(&refused(&locked), &["refuses locked", "password authentication failed", "check user and password"]);
    says(&refused(&cluster.url("huifang", "nowhere")), &["\"nowhere\" does not exist", "createdb"]);
    let foreign = cluster.database();
    let name = foreign.rsplit('/').next().unwrap();
    says(&refused(&cluster.url("somebody", name)), &["cannot make the tables", "createdb --owner"]);
}

#[test]
fn a_database_that_would_lose_or_garble_work_is_refused() {
    let Some(cluster) = Cluster::start() else { return };
    cluster.sql("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
    says(&refused(&cluster.url("huifang", "latin")), &["encoding is LATIN1", "--encoding UTF8"]);
    cluster.sql("postgres", "CREATE DATABASE hasty");
    cluster.sql("postgres", "ALTER DATABASE hasty SET synchronous_commit = off");
    says(
        &refused(&cluster.url("huifang", "hasty")),
        &["before a commit is on the disk", "synchronous_commit"],
    );
}

#[test]
fn a_process_with_another_server_key_is_refused() {
    let Some(cluster) = Cluster::start() else { return };
    let database = cluster.database();
    let place = Place::on(&database);
    place.done(&["area", "add", "339999", "示范县"]);
    says(&refused(&database), &["server key", "copy of the same key file"]);
    let key = place.data().join("server.key");
    let other = Place::on(&database);
    let areas = other.done(&["area", "list", "--key-file", key.to_str().unwrap()]);
    says(&areas.text(), &["示范县"]);
}

#[test]
fn commands_open_the_database_beside_running_servers() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::on(&cluster.database()).township(&["红旗村"]);
    let servers = [place.serve(), place.serve()];
    assert!(!place.data().join("command.sock").exists() && !place.data().join("huifang.db").exists());
    let list = fixture("township-list.xlsx");
    let args = ["import", list.to_str().unwrap(), "--area", program::TOWNSHIP, "--create-villages", "--json"];
    let written = place.run(&args).json();
    assert_eq!(written["written"]["created"], 211);
    assert_eq!(place.run(&args).json()["written"]["same"], 211);
    let out = place.path().join("ledger.xlsx");
    place.done(&["export", "followup", "--out", out.to_str().unwrap()]);
    says(&place.run(&["demo"]).complaint(), &["not empty"]);
    drop(servers);
}

#[test]
fn a_backup_is_left_to_postgresql() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::on(&cluster.database()).township(&["红旗村"]);
    let dir = place.path().join("backups");
    let dir = dir.to_str().unwrap();
    for command in ["backup", "verify-backup"] {
        let run = place.run(&[command, dir]);
        assert_eq!(run.code(), 1);
        says(&run.complaint(), &["pg_dump", "copy the photos in", "verify-backup PHOTOS --restored"]);
    }
    let served = place.run(&["serve", "--listen", "127.0.0.1:0", "--backup-dir", dir]);
    assert_eq!(served.code(), SYSTEM_FAILED);
    says(&served.complaint(), &["pg_dump"]);
    assert!(!place.path().join("backups").exists());
    let file = Place::with_township(&[]);
    let run = file.run(&["verify-backup", dir, "--restored", &cluster.database()]);
    assert_eq!(run.code(), 1);
    says(&run.complaint(), &["the database here is a file"]);
}

/// A demo county with a folder for the copy of its photos.
fn demo(cluster: &Cluster) -> (Place, String, String) {
    let database = cluster.database();
    let place = Place::on(&database);
    place.done(&["demo", "--families", "5"]);
    let photos = place.path().join("photos");
    std::fs::create_dir(&photos).unwrap();
    let photos = photos.to_str().unwrap().to_owned();
    (place, database, photos)
}

#[test]
fn a_dump_counts_once_it_was_restored_elsewhere_and_found_whole() {
    let Some(cluster) = Cluster::start() else { return };
    let (place, database, photos) = demo(&cluster);
    let restored = cluster.restored(&database);
    let name = restored.rsplit('/').next().unwrap();
    let verify = |url: &str| place.run(&["verify-backup", &photos, "--restored", url]);
    let refused = |url: &str, why: &str| {
        let run = verify(url);
        assert_eq!(run.code(), 1, "{}", run.text());
        says(&run.complaint(), &[why]);
    };
    refused(&database, "the database itself");
    refused(&cluster.database(), "does not hold the tables");
    let known = || cluster.sql(database.rsplit('/').next().unwrap(), "SELECT count(*) FROM backup");
    assert_eq!(known(), "0");

    let server = place.serve();
    let whole = verify(&restored);
    assert_eq!(whole.code(), 0, "{}", whole.complaint());
    says(&whole.text(), &["is whole", "0 photos", "Phones may now forget"]);
    assert_eq!(known(), "1");
    drop(server);

    let photo = "ab".repeat(32);
    let add = format!(
        "INSERT INTO blob (hash, kind, e, bytes, \"offset\", state, device, started_at) VALUES ('{photo}', 'photo', 'e', 3, 3, 'verified', 'd', 1)"
    );
    cluster.sql(name, &add);
    let own = place.data().join("blobs/file/ab");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join(&photo), "abc").unwrap();
    refused(&restored, "is missing");
    let copy = std::path::Path::new(&photos).join("file/ab");
    std::fs::create_dir_all(&copy).unwrap();
    std::fs::write(copy.join(&photo), "abd").unwrap();
    refused(&restored, "is not the one in");
    std::fs::write(copy.join(&photo), "abc").unwrap();
    assert_eq!(verify(&restored).code(), 0);

    let blind = cluster.restored(&database);
    cluster.sql(blind.rsplit('/').next().unwrap(), "DELETE FROM record");
    refused(&blind, "row-level security");

    cluster.sql(name, "UPDATE audit SET body = body || ' ' WHERE n = 2");
    refused(&restored, "entry 2 is not what was written");
    let (_, other, _) = demo(&cluster);
    refused(&cluster.restored(&other), "server key");
}

#[test]
fn a_database_that_came_back_goes_on_in_an_epoch_that_was_never_given_out() {
    let Some(cluster) = Cluster::start() else { return };
    let (place, database, photos) = demo(&cluster);
    let restored = cluster.restored(&database);
    let other = Place::on(&restored);
    let refused = |why: &str| {
        let run = other.run(&["restore", &photos]);
        assert_eq!(run.code(), 1, "{}", run.text());
        says(&run.complaint(), &[why]);
    };
    refused("the server key is not at");
    std::fs::create_dir_all(other.data()).unwrap();
    std::fs::copy(place.data().join("server.key"), other.data().join("server.key")).unwrap();
    let server = other.serve();
    refused("is at work");
    drop(server);
    let name = restored.rsplit('/').next().unwrap();
    let at_work = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'");
    while cluster.sql("postgres", &at_work) != "0" {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(other.done(&["restore", &photos, "--json"]).json()["epoch"], 2);
    assert_eq!(cluster.sql(name, "SELECT epoch FROM sync_head"), "2");
    drop(other.serve());

    // The same dump once more.
    let again = Place::on(&cluster.restored(&database));
    std::fs::create_dir_all(again.data()).unwrap();
    std::fs::copy(place.data().join("server.key"), again.data().join("server.key")).unwrap();
    assert_eq!(again.done(&["restore", &photos, "--json"]).json()["epoch"], 3);
}

#[test]
fn the_demo_county_fits_into_postgresql() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::on(&cluster.database());
    says(&place.done(&["demo", "--families", "20"]).text(), &["20 families"]);
}
