//! F4: SIGKILL at the n-th write or sync of the server, for every n. What was acknowledged is there, and no changeset in part.

use crate::{
    number,
    phone::{Phone, made, office},
    program::{Place, Server, program},
};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The calls by which a server changes its files.
const WRITES: &str = "pwrite64,fdatasync,fsync,ftruncate,rename,unlink,mkdir";
/// One push each, until the server is gone.
const PUSHES_MAX: usize = 400;
/// Between the points of a short run; prime, so that they fall into every step of a transaction.
const STRIDE: usize = 29;

/// `command` under a tracer that kills it at its `n`-th write.
fn killed_at(n: usize, command: &Command) -> Command {
    let mut traced = Command::new("strace");
    traced.args(["-f", "-q", "-o", "/dev/null", "-e", &format!("trace={WRITES}")]);
    traced.args(["-e", &format!("inject={WRITES}:signal=SIGKILL:when={n}")]);
    traced.arg(command.get_program()).args(command.get_args());
    traced
}

fn has_tools() -> bool {
    let missing =
        ["strace", "sqlite3"].into_iter().find(|tool| Command::new(tool).arg("--version").output().is_err());
    if let Some(tool) = missing {
        println!("{tool} is not installed: nothing was killed");
    }
    missing.is_none()
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}

fn is_sound(data: &Path) {
    let check =
        Command::new("sqlite3").arg(data.join("huifang.db")).arg("PRAGMA integrity_check").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&check.stdout).trim(), "ok");
}

/// Pushes one changeset after the other until the server is gone; how many were acknowledged.
fn push_until_gone(phone: &Phone, changesets: &[Value]) -> usize {
    for (n, changeset) in changesets.iter().enumerate() {
        match phone.push(n + 1, std::slice::from_ref(changeset)) {
            Ok(receipt) => assert_eq!(receipt["acked"], n + 1, "{receipt}"),
            Err(_) => return n,
        }
    }
    changesets.len()
}

/// The records that the office has are those of the first `whole` changesets, of each both or none.
fn holds_exactly(phone: &Phone, changesets: &[Value], whole: usize) {
    let rows = phone.pull_all();
    let there: BTreeSet<String> = rows.iter().map(|row| row["e"].as_str().unwrap().to_owned()).collect();
    assert_eq!(there.len(), rows.len(), "a record came twice");
    let expected: BTreeSet<String> = changesets[..whole].iter().flat_map(made).collect();
    assert_eq!(there, expected);
}

#[test]
fn killed_at_any_write_the_server_keeps_what_it_acknowledged() {
    if !has_tools() {
        return;
    }
    let points = number("CHAOS_KILLS", 8);
    let stride = if points > STRIDE { 1 } else { STRIDE };
    let template = office();
    let first = template.serve();
    let mut phone = Phone::enrol(&template, &first.address);
    drop(first);
    let (mut acknowledged, mut before_listening) = (0, 0);
    for n in (0..points).map(|point| 1 + point * stride) {
        let place = Place::new();
        copy(&template.data(), &place.data());
        let changesets: Vec<Value> = (0..PUSHES_MAX).map(|_| phone.family()).collect();
        let mut acked = 0;
        match Server::start(killed_at(n, &place.command(&["serve", "--listen", "127.0.0.1:0"]))) {
            None => before_listening += 1,
            Some(server) => {
                phone.address.clone_from(&server.address);
                acked = push_until_gone(&phone, &changesets);
                assert!(acked < PUSHES_MAX, "nothing was killed at write {n}");
                server.has_ended();
            }
        }
        let server = place.serve();
        phone.address.clone_from(&server.address);
        let stored = phone.acked();
        assert!(stored == acked || stored == acked + 1, "write {n}: acknowledged {acked}, stored {stored}");
        holds_exactly(&phone, &changesets, stored);
        let rest = acked + 1..(acked + 4);
        for seq in rest.clone() {
            phone.push(seq, std::slice::from_ref(&changesets[seq - 1])).unwrap();
        }
        holds_exactly(&phone, &changesets, rest.end - 1);
        drop(server);
        is_sound(&place.data());
        acknowledged += acked;
    }
    println!(
        "killed at {points} writes, {before_listening} of them before it listened: {acknowledged} acknowledged, 0 lost, 0 in part"
    );
}

#[test]
fn a_first_start_that_was_killed_at_any_write_starts_again() {
    if !has_tools() {
        return;
    }
    let stride = if number("CHAOS_KILLS", 8) > STRIDE { 1 } else { STRIDE };
    let mut points = 0;
    for n in (1..).step_by(stride) {
        let place = Place::new();
        let add = place.command(&["area", "add", "339999", "示范县"]);
        let killed = killed_at(n, &add).output().unwrap();
        points += 1;
        if killed.status.success() {
            break;
        }
        place.run(&["area", "add", "339999", "示范县"]);
        assert!(place.done(&["area", "list"]).text().contains("示范县"), "write {n}");
        is_sound(&place.data());
    }
    println!("{} killed at {points} writes of its first start", program().display());
}
