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
fn backups_are_left_to_postgresql() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::on(&cluster.database()).township(&["红旗村"]);
    let dir = place.path().join("backups");
    let dir = dir.to_str().unwrap();
    for command in ["backup", "verify-backup", "restore"] {
        let run = place.run(&[command, dir]);
        assert_eq!(run.code(), 1);
        says(&run.complaint(), &["pg_dump", "photos in", "30 days or 20 MB"]);
    }
    let served = place.run(&["serve", "--listen", "127.0.0.1:0", "--backup-dir", dir]);
    assert_eq!(served.code(), SYSTEM_FAILED);
    says(&served.complaint(), &["pg_dump"]);
    assert!(!place.path().join("backups").exists());
}

#[test]
fn the_demo_county_fits_into_postgresql() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::on(&cluster.database());
    says(&place.done(&["demo", "--families", "20"]).text(), &["20 families"]);
}
