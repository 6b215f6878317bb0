//! How many syncs a second one server answers (L2): fifty phones and the server on the same cores, each commit on the disk before it is
//! answered. `cargo xtask bench` runs it at length against the program as it ships and reads the lines of JSON; as a test it is short.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

#[path = "support/device.rs"]
mod device;
#[path = "support/postgres.rs"]
mod postgres;
#[path = "support/program.rs"]
mod program;

use device::Device;
use postgres::Cluster;
use program::Place;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use std::{fs, thread};

const PHONES_SHORT: usize = 4;
const LASTS_SHORT: Duration = Duration::from_millis(200);
const VISITS: usize = 20;
const PASSWORD: &str = "tall-grass-window-31";

/// One kind of sync, over and over, from every phone; what each took, in milliseconds.
fn play(phones: &mut [Device], sync: impl Fn(&mut Device, usize) + Sync) -> Vec<f64> {
    let sync = &sync;
    let end = Instant::now() + lasts();
    thread::scope(|scope| {
        let running: Vec<_> = phones
            .iter_mut()
            .map(|phone| {
                scope.spawn(move || {
                    let mut took = Vec::new();
                    while Instant::now() < end {
                        let start = Instant::now();
                        sync(phone, took.len());
                        took.push(start.elapsed().as_secs_f64() * 1_000.0);
                    }
                    took
                })
            })
            .collect();
        running.into_iter().flat_map(|phone| phone.join().unwrap()).collect()
    })
}

fn is_bench() -> bool {
    std::env::var_os("HUIFANG_BENCH").is_some()
}

fn lasts() -> Duration {
    if is_bench() { Duration::from_secs(5) } else { LASTS_SHORT }
}

fn report(what: &str, store: &str, phones: usize, mut took: Vec<f64>) {
    took.sort_by(f64::total_cmp);
    let a_second = took.len() as f64 / lasts().as_secs_f64();
    let p95 = took[took.len() * 95 / 100];
    let what = format!("{what}, {phones} phones, {store}");
    println!("{}", json!({"what": what, "figure": a_second, "at_least": 500, "unit": "/s"}));
    println!("{}", json!({"what": format!("{what}, p95"), "figure": p95, "budget": 150, "unit": "ms"}));
}

fn nothing_new(phone: &mut Device, cur: &Value) {
    let body = json!({
        "v": 1, "device": phone.device, "inc": phone.inc,
        "hello": {
            "next_seq": 1, "acked": 0, "pending": 0, "drafts": 0, "blobs": 0, "epoch": 1, "scope_rev": 1, "schema": 1,
            "build": "load", "t": 1, "storage": {"persisted": true}, "ask": [],
        },
        "pull": {"epoch": 1, "scope_rev": 1, "cur": cur, "since": cur, "page_bytes": 65536},
    });
    let answer = phone.post("sync", &body).unwrap();
    assert_eq!((answer.status, &answer.body["pull"]["more"]), (200, &json!(false)), "{}", answer.body);
}

/// Twenty visits with the answers of a short form.
fn visits(phone: &mut Device, area: &str, round: usize) {
    let changesets: Vec<Value> = (0..VISITS)
        .map(|_| {
            let (_, mut changeset) = phone.family(area);
            changeset["ops"][0]["type"] = "visit".into();
            changeset["ops"][0]["f"] = json!({
                "kind": "FollowUp",
                "answers": (1..30).map(|n| (format!("A{n:02}"), json!("是"))).collect::<serde_json::Map<_, _>>(),
            });
            changeset
        })
        .collect();
    let section = json!({"first_seq": round * VISITS + 1, "changesets": changesets});
    let answer = phone.sync("push", &section).unwrap();
    assert_eq!(
        (answer.status, &answer.body["push"]["acked"]),
        (200, &json!((round + 1) * VISITS)),
        "{}",
        answer.body
    );
}

fn measure(place: &Place, store: &str) {
    place.worker(PASSWORD);
    let server = place.serve();
    let areas = place.done(&["area", "list", "--json"]).json();
    let area = areas.as_array().unwrap().iter().find(|area| area["name"] == "红旗村").unwrap()["id"].clone();
    let area = area.as_str().unwrap();
    let count = if is_bench() { 50 } else { PHONES_SHORT };
    let mut phones: Vec<Device> = (0..count)
        .map(|_| {
            let mut phone = Device::new(vec![server.address.clone()], 0);
            let code = place.done(&["device", "code", "worker", "--json"]).json();
            phone.enrol(code["code"].as_str().unwrap());
            phone.login("worker", PASSWORD);
            phone
        })
        .collect();
    let pull = json!({"epoch": 1, "scope_rev": 1, "cur": {}, "since": {}, "page_bytes": 65536});
    let cur = phones[0].sync("pull", &pull).unwrap().body["pull"]["cur"].clone();
    report("syncs with nothing new", store, count, play(&mut phones, |phone, _| nothing_new(phone, &cur)));
    report("pushes of 20 visits", store, count, play(&mut phones, |phone, round| visits(phone, area, round)));
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: f64 = peak.split_whitespace().next().unwrap().parse().unwrap();
    let what = format!("memory of the server after that, at most, {store}");
    println!("{}", json!({"what": what, "figure": kilobytes / 1024.0, "budget": 256, "unit": "MB"}));
}

#[test]
fn syncs_a_second() {
    measure(&Place::with_township(&["红旗村"]), "SQLite");
    if let Some(cluster) = Cluster::start_on_disk() {
        measure(&Place::on(&cluster.database()).township(&["红旗村"]), "PostgreSQL");
    }
}
