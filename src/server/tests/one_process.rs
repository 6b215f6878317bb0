//! A file of SQLite belongs to one process at a time.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[path = "support/program.rs"]
mod program;

use program::{Place, TOWNSHIP};

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
