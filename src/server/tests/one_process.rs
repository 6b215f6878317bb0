//! A file of SQLite belongs to one process at a time.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[path = "support/program.rs"]
mod program;

use program::{Place, TOWNSHIP};
use std::process::Command;

#[test]
fn a_second_server_on_the_same_folder_is_refused_and_the_first_goes_on() {
    let place = Place::with_township(&["红旗村"]);
    let server = place.serve();
    let refused = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.code(), 3);
    let said = refused.complaint();
    assert!(said.contains("is in use by another huifang process") && said.contains("--data-dir"), "{said}");
    assert!(said.contains(place.data().to_str().unwrap()), "{said}");
    let refused = place.run(&["demo"]);
    assert!(refused.complaint().contains("is not empty"), "{}", refused.complaint());
    // Commands go through the server.
    assert!(place.done(&["area", "list"]).text().contains(TOWNSHIP));
    drop(server);
    drop(place.serve());
}

#[test]
fn a_database_that_a_newer_version_changed_is_left_alone() {
    let place = Place::with_township(&["红旗村"]);
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)";
    let Ok(written) = Command::new("sqlite3").arg(place.data().join("huifang.db")).arg(later).status() else {
        println!("sqlite3 is not installed: no database was changed");
        return;
    };
    assert!(written.success());
    let refused = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.code(), 3);
    let said = refused.complaint();
    assert!(
        said.contains("changed by a newer huifang (its schema is at 9999)")
            && said.contains("huifang restore"),
        "{said}"
    );
}
