//! `huifang rotate-key` as a user runs it: beside a server, on a stopped one, and what it says afterwards.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[path = "support/postgres.rs"]
mod postgres;
#[path = "support/program.rs"]
mod program;

use postgres::Cluster;
use program::{Place, TOWNSHIP, fixture};

/// A township with its list, on a database of one kind or the other.
fn township(place: Place) -> Place {
    let place = place.township(&["红旗村"]);
    let list = fixture("township-list.xlsx");
    let args = ["import", list.to_str().unwrap(), "--area", TOWNSHIP, "--create-villages"];
    place.run(&args);
    place
}

/// The ledger with whole numbers, without the lines that name the moment.
fn ledger(place: &Place) -> Vec<u8> {
    let out = place.path().join("out.xlsx");
    let out = out.to_str().unwrap();
    place.done(&[
        "export",
        "roster",
        "--out",
        out,
        "--overwrite",
        "--full",
        "--reason",
        "县里核对",
        "--json",
    ]);
    std::fs::read(out).unwrap()
}

fn exchanged(place: &Place) {
    let key = place.data().join("server.key");
    let before = ledger(place).len();
    let server = place.serve();
    let run = place.run(&["rotate-key"]);
    assert_eq!(run.code(), 1, "{}", run.text());
    assert!(run.complaint().contains("stop all of them"), "{}", run.complaint());
    drop(server);
    let old = std::fs::read_to_string(&key).unwrap();
    let run = place.done(&["rotate-key"]);
    assert!(
        run.text().contains("Copy") && run.text().contains("Keep the copy from before"),
        "{}",
        run.text()
    );
    assert_ne!(std::fs::read_to_string(&key).unwrap(), old);
    assert!(std::fs::read_to_string(&key).unwrap().contains("server-key-2"));
    assert!(ledger(place).len().abs_diff(before) < 200, "the same numbers stand in it");
    place.done(&["verify-audit"]);
    // The same list again is known by the new index.
    let list = fixture("township-list.xlsx");
    let args = ["import", list.to_str().unwrap(), "--area", TOWNSHIP, "--create-villages", "--json"];
    assert_eq!(place.run(&args).json()["written"]["same"], 211);
    let run = place.done(&["rotate-key", "--forget-earlier", "--json"]).json();
    assert_eq!(run["forgotten"].as_array().unwrap().len(), 1);
    assert!(std::fs::read_to_string(&key).unwrap().contains("server-key-1"));
    let run = place.done(&["rotate-key", "--forget-earlier"]);
    assert!(run.text().contains("There is no earlier key"), "{}", run.text());
    assert_eq!(place.run(&args).json()["written"]["same"], 211);
    // Nothing that the old key sealed is left: with the old file nothing starts.
    std::fs::write(&key, old).unwrap();
    assert_ne!(place.run(&["area", "list"]).code(), 0);
}

#[test]
fn the_key_of_a_file_is_exchanged_while_no_server_is_at_work() {
    exchanged(&township(Place::new()));
}

#[test]
fn the_key_of_a_postgresql_is_exchanged_while_no_server_is_at_work() {
    let Some(cluster) = Cluster::start() else { return };
    exchanged(&township(Place::on(&cluster.database())));
}

#[test]
fn whoever_has_no_device_keeps_no_key() {
    let place = township(Place::new());
    place.worker("a long password for tests");
    place.done(&["rotate-key"]);
    let run = place.done(&["rotate-key", "--forget-earlier"]);
    assert!(run.text().contains("is forgotten"), "an account without a device holds nothing: {}", run.text());
    let empty = Place::new();
    let run = empty.run(&["rotate-key"]);
    assert!(run.code() == 1 && run.complaint().contains("there is no database"), "{}", run.complaint());
}
