//! Several servers on one PostgreSQL: whoever polls misses nothing, nothing takes effect twice, and what was acknowledged stays,
//! whatever becomes of connections and of PostgreSQL itself.
//!
//! `HUIFANG_CHANGESETS=20000 HUIFANG_PROCESSES=1,2,4 cargo test --release -p huifang-server --test many_processes -- --nocapture
//! --test-threads=1` runs longer and prints the table of docs/postgresql.md.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[path = "support/device.rs"]
mod device;
#[path = "support/postgres.rs"]
mod postgres;
#[path = "support/program.rs"]
mod program;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use device::Device;
use postgres::Cluster;
use program::{Place, Server};
use serde_json::{Value, json};

const PUSHERS: usize = 8;
/// Changesets of one push.
const BATCH: usize = 5;
const VILLAGES: [&str; 4] = ["红旗村", "石桥村", "柳河村", "东岭村"];
const PASSWORD: &str = "a long password for tests";

/// What a device does when a server cannot serve: it asks the next one, later.
const PAUSE: Duration = Duration::from_millis(50);

fn changesets() -> usize {
    std::env::var("HUIFANG_CHANGESETS").map_or(3_000, |count| count.parse().unwrap())
}

/// A township on a database of its own, served by several processes that share a data folder.
struct Office {
    database: String,
    place: Place,
    servers: Vec<Server>,
    villages: Vec<String>,
}

impl Office {
    fn on(cluster: &Cluster, processes: usize) -> Office {
        let database = cluster.database();
        let place = Place::on(&database).township(&VILLAGES);
        place.done(&[
            "account",
            "add",
            "clerk",
            "--role",
            "township_clerk",
            "--scope",
            program::TOWNSHIP,
            "--password",
            PASSWORD,
        ]);
        let areas = place.done(&["area", "list", "--json"]).json();
        let id_of = |name: &str| {
            let area = areas.as_array().unwrap().iter().find(|area| area["name"] == name).unwrap();
            area["id"].as_str().unwrap().to_owned()
        };
        let villages = VILLAGES.iter().map(|name| id_of(name)).collect();
        // The one who polls asks as often as he can, for as long as the others push.
        let serve = |_| place.serve_with(&["--limit", "syncs=1000000"]);
        let servers = (0..processes).map(serve).collect();
        Office { database, place, servers, villages }
    }

    fn device(&self, at: usize) -> Device {
        let addresses = self.servers.iter().map(|server| server.address.clone()).collect();
        let mut device = Device::new(addresses, at);
        let code = self.place.done(&["device", "code", "clerk", "--json"]).json();
        device.enrol(code["code"].as_str().unwrap());
        device.login("clerk", PASSWORD);
        device
    }

    fn sql(&self, cluster: &Cluster, statement: &str) -> String {
        cluster.sql(self.database.rsplit('/').next().unwrap(), statement)
    }
}

/// What a pusher saw.
#[derive(Default)]
struct Pushed {
    families: BTreeSet<String>,
    waits_ms: Vec<u128>,
    again: usize,
}

/// Ends the waiting of the others when a pusher fails.
struct Alarm<'a>(&'a AtomicUsize);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.store(usize::MAX / 2, Ordering::Relaxed);
        }
    }
}

/// Pushes until each changeset is acknowledged, trying again as long as it takes.
fn push_all(device: &mut Device, area: &str, changesets: usize, acknowledged: &AtomicUsize) -> Pushed {
    let _alarm = Alarm(acknowledged);
    let (mut pushed, mut first_seq) = (Pushed::default(), 1);
    while pushed.families.len() < changesets {
        let batch: Vec<(String, Value)> = (0..BATCH).map(|_| device.family(area)).collect();
        let texts: Vec<&Value> = batch.iter().map(|(_, changeset)| changeset).collect();
        let section = json!({"first_seq": first_seq, "changesets": texts});
        let start = Instant::now();
        let receipt = loop {
            match device.sync("push", &section) {
                Ok(answer) if answer.status == 200 => break answer.body["push"].clone(),
                Ok(answer) => assert!(answer.status == 503, "{}: {}", answer.status, answer.body),
                Err(_) => {}
            }
            pushed.again += 1;
            thread::sleep(PAUSE);
            device.go_elsewhere();
        };
        pushed.waits_ms.push(start.elapsed().as_millis());
        first_seq += BATCH;
        assert_eq!(receipt["acked"], first_seq - 1, "{receipt}");
        for result in receipt["results"].as_array().unwrap() {
            let st = if result["st"] == "duplicate" { &result["was"] } else { &result["st"] };
            assert_eq!(st, "applied", "{result}");
        }
        acknowledged.fetch_add(BATCH, Ordering::Relaxed);
        pushed.families.extend(batch.into_iter().map(|(e, _)| e));
    }
    pushed
}

/// Pulls from the cursor on, until everything has been acknowledged and nothing more comes. Returns each row's record, in order.
fn poll(device: &mut Device, expected: usize, acknowledged: &AtomicUsize) -> Vec<String> {
    let (mut cur, mut seen) = (json!({}), Vec::new());
    loop {
        let is_last = acknowledged.load(Ordering::Relaxed) >= expected;
        let pull = json!({"epoch": 1, "scope_rev": 1, "cur": cur, "since": cur, "page_bytes": 65536});
        match device.sync("pull", &pull) {
            Ok(answer) if answer.status == 200 => {
                let page = &answer.body["pull"];
                assert!(page["err"].is_null(), "{page}");
                let rows = page["rows"].as_array().unwrap();
                seen.extend(rows.iter().map(|row| row["e"].as_str().unwrap().to_owned()));
                cur = page["cur"].clone();
                if is_last && page["more"] == false {
                    return seen;
                }
                if page["more"] == false {
                    thread::sleep(Duration::from_millis(5));
                }
            }
            Ok(answer) => {
                assert!(answer.status == 503, "{}: {}", answer.status, answer.body);
                thread::sleep(PAUSE);
                device.go_elsewhere();
            }
            Err(_) => {
                thread::sleep(PAUSE);
                device.go_elsewhere();
            }
        }
    }
}

/// One run: eight pushers and one who polls, while `trouble` is told how much has been acknowledged. Prints a line of the table.
fn run(
    cluster: &mut Cluster,
    processes: usize,
    changesets: usize,
    trouble: impl Fn(&mut Cluster, &AtomicUsize),
) {
    let office = Office::on(cluster, processes);
    let each = changesets.div_ceil(PUSHERS * BATCH) * BATCH;
    let expected = each * PUSHERS;
    let mut pushers: Vec<Device> = (0..PUSHERS).map(|at| office.device(at)).collect();
    let mut poller = office.device(1);
    let acknowledged = AtomicUsize::new(0);
    let start = Instant::now();
    let (pushed, seen, took) = thread::scope(|scope| {
        let (acknowledged, villages) = (&acknowledged, &office.villages);
        let pushing: Vec<_> = pushers
            .iter_mut()
            .enumerate()
            .map(|(at, device)| {
                scope.spawn(move || push_all(device, &villages[at % villages.len()], each, acknowledged))
            })
            .collect();
        let polling = scope.spawn(|| poll(&mut poller, expected, acknowledged));
        trouble(cluster, acknowledged);
        let pushed: Vec<Pushed> = pushing.into_iter().map(|thread| thread.join().unwrap()).collect();
        let took = start.elapsed();
        (pushed, polling.join().unwrap(), took)
    });
    let families: BTreeSet<&String> = pushed.iter().flat_map(|pushed| &pushed.families).collect();
    let polled: BTreeSet<&String> = seen.iter().collect();
    assert_eq!(families.len(), expected);
    assert!(
        polled.is_superset(&families),
        "{} families were never polled",
        families.difference(&polled).count()
    );
    assert_eq!(seen.len(), expected, "each family is polled once");
    check_log(cluster, &office, expected);
    let mut waits: Vec<u128> = pushed.iter().flat_map(|pushed| pushed.waits_ms.clone()).collect();
    waits.sort_unstable();
    let per_second = expected as f64 / took.as_secs_f64();
    let again: usize = pushed.iter().map(|pushed| pushed.again).sum();
    let _ = writeln!(
        std::io::stderr(),
        "| {processes} | {expected} | {per_second:.0} | {} ms | {} ms | {again} |",
        waits[waits.len() / 2],
        waits[waits.len() * 95 / 100],
    );
}

/// The log holds each changeset once, each under a rev of its own without gaps, and the audit chain is whole.
fn check_log(cluster: &Cluster, office: &Office, expected: usize) {
    let said = office.sql(
        cluster,
        "SELECT (SELECT count(*) FROM changeset), (SELECT count(DISTINCT rev) FROM changeset), (SELECT n FROM sync_head),
                (SELECT count(*) FROM seq_id), (SELECT count(*) FROM record),
                (SELECT count(*) - max(n) FROM audit),
                (SELECT count(*) FROM audit LEFT JOIN audit AS before ON before.n = audit.n - 1
                 WHERE encode(sha256(convert_to(coalesce(before.hash, repeat('0', 64)) || audit.body, 'UTF8')), 'hex') <> audit.hash)",
    );
    let n = expected.to_string();
    let all = [n.as_str(), &n, &n, &n, &n, "0", "0"].join("|");
    assert_eq!(
        said, all,
        "changesets, their revs, the head, numbers, records, gaps and breaks of the audit chain"
    );
}

#[test]
fn nothing_is_missed_or_doubled_by_several_processes() {
    let Some(mut cluster) = Cluster::start_on_disk() else { return };
    let _ = writeln!(
        std::io::stderr(),
        "| Processes | Changesets | A second | Push of {BATCH}, p50 | p95 | Sent again |\n|---|---|---|---|---|---|"
    );
    let processes = std::env::var("HUIFANG_PROCESSES").unwrap_or_else(|_| "2".to_owned());
    for processes in processes.split(',') {
        run(&mut cluster, processes.parse().unwrap(), changesets(), |_, _| {});
    }
}

#[test]
fn what_was_acknowledged_survives_killed_connections_and_a_power_cut_of_postgresql() {
    let Some(mut cluster) = Cluster::start_on_disk() else { return };
    let expected = changesets();
    run(&mut cluster, 2, expected, |cluster, acknowledged| {
        let share = |percent: usize| expected * percent / 100;
        for percent in (10..90).step_by(5) {
            while acknowledged.load(Ordering::Relaxed) < share(percent) {
                thread::sleep(Duration::from_millis(5));
            }
            if percent == 50 {
                cluster.restart();
            } else {
                cluster.sql(
                    "postgres",
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                     WHERE application_name = 'huifang' AND random() < 0.5",
                );
            }
        }
    });
}
