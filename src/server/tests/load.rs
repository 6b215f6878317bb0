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
use program::{Place, Server};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use std::{fs, thread};

const PHONES_SHORT: usize = 4;
const LASTS_SHORT: Duration = Duration::from_millis(200);
const VISITS: usize = 20;
/// Of so many syncs of a phone one brings visits.
const MIX: usize = 10;
const PASSWORD: &str = "tall-grass-window-31";

/// A phone of a worker who has a village to himself, as far as its syncs go.
struct Phone {
    device: Device,
    area: String,
    /// Where it stands in its areas.
    cur: Value,
    /// Changesets that it has pushed.
    pushed: usize,
}

/// A sync, over and over, from every phone; each one's place in its phone's row, and what it took in milliseconds.
fn play(phones: &mut [Phone], sync: impl Fn(&mut Phone, usize) + Sync) -> Vec<(usize, f64)> {
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
                        took.push((took.len(), start.elapsed().as_secs_f64() * 1_000.0));
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

/// How many a second and how long they took; of the kind that is meant the budget of L2.
fn report(what: &str, of: &str, took: &[(usize, f64)], is_budgeted: bool) {
    let a_second = took.len() as f64 / lasts().as_secs_f64();
    let what = format!("{what}, {of}");
    let budget = |value: u32| if is_budgeted { json!(value) } else { Value::Null };
    println!("{}", json!({"what": what, "figure": a_second, "at_least": budget(500), "unit": "/s"}));
    report_p95(&what, took, budget(150));
}

fn report_p95(what: &str, took: &[(usize, f64)], budget: Value) {
    let mut took: Vec<f64> = took.iter().map(|(_, ms)| *ms).collect();
    took.sort_by(f64::total_cmp);
    // In the short run a phone may not come to it.
    let Some(p95) = took.get(took.len() * 95 / 100) else { return };
    println!("{}", json!({"what": format!("{what}, p95"), "figure": p95, "budget": budget, "unit": "ms"}));
}

fn sync(phone: &mut Phone, sections: &Value) -> Value {
    let mut body = json!({
        "v": 1, "device": phone.device.device, "inc": phone.device.inc,
        "pull": {"epoch": 1, "scope_rev": 1, "cur": phone.cur, "since": phone.cur, "page_bytes": 65536},
    });
    body.as_object_mut().unwrap().extend(sections.as_object().unwrap().clone());
    let answer = phone.device.post("sync", &body).unwrap();
    assert_eq!((answer.status, &answer.body["pull"]["more"]), (200, &json!(false)), "{}", answer.body);
    phone.cur = answer.body["pull"]["cur"].clone();
    answer.body
}

fn nothing_new(phone: &mut Phone) {
    let hello = json!({
        "next_seq": phone.pushed + 1, "acked": phone.pushed, "pending": 0, "drafts": 0, "blobs": 0, "epoch": 1, "scope_rev": 1, "schema": 1,
        "build": "load", "t": 1, "storage": {"persisted": true}, "ask": [],
    });
    let answer = sync(phone, &json!({ "hello": hello }));
    assert_eq!(answer["pull"]["rows"], json!([]));
}

/// Twenty visits with the answers of a short form.
fn visits(phone: &mut Phone) -> Value {
    let changesets: Vec<Value> = (0..VISITS)
        .map(|_| {
            let (_, mut changeset) = phone.device.family(&phone.area);
            changeset["ops"][0]["type"] = "visit".into();
            changeset["ops"][0]["f"] = json!({
                "kind": "FollowUp",
                "answers": (1..30).map(|n| (format!("A{n:02}"), json!("是"))).collect::<serde_json::Map<_, _>>(),
            });
            changeset
        })
        .collect();
    let section = json!({"first_seq": phone.pushed + 1, "changesets": changesets});
    phone.pushed += VISITS;
    section
}

/// Twenty visits go up, and nothing is asked for.
fn push(phone: &mut Phone) {
    let section = visits(phone);
    let answer = phone.device.sync("push", &section).unwrap();
    let acked = &answer.body["push"]["acked"];
    assert_eq!((answer.status, acked), (200, &json!(phone.pushed)), "{}", answer.body);
}

/// Twenty visits go up and their rows come down, as in the sync of a phone.
fn push_and_pull(phone: &mut Phone) {
    let section = visits(phone);
    let answer = sync(phone, &json!({ "push": section }));
    assert_eq!(answer["push"]["acked"], phone.pushed, "{answer}");
    assert_eq!(answer["pull"]["rows"].as_array().unwrap().len(), VISITS);
}

/// Phones, each with a worker and a village of its own.
fn phones(place: &Place, server: &Server, names: &[String]) -> Vec<Phone> {
    let areas = place.done(&["area", "list", "--json"]).json();
    let phone = |(n, name): (usize, &String)| {
        let user = format!("worker{n}");
        let area = areas.as_array().unwrap().iter().find(|area| area["name"] == name.as_str()).unwrap();
        let scope = area["code"].as_str().unwrap();
        let account = ["account", "add", &user, "--role", "village_worker", "--scope", scope];
        place.done(&[&account[..], &["--password", PASSWORD]].concat());
        let mut device = Device::new(vec![server.address.clone()], 0);
        let code = place.done(&["device", "code", &user, "--json"]).json();
        device.enrol(code["code"].as_str().unwrap());
        device.login(&user, PASSWORD);
        let area = area["id"].as_str().unwrap().to_owned();
        let mut phone = Phone { device, area, cur: json!({}), pushed: 0 };
        sync(&mut phone, &json!({}));
        phone
    };
    names.iter().enumerate().map(phone).collect()
}

fn measure(place: &Place, store: &str, names: &[String]) {
    let server = place.serve();
    let mut phones = phones(place, &server, names);
    let of = format!("{} phones, {store}", names.len());
    report("syncs with nothing new", &of, &play(&mut phones, |phone, _| nothing_new(phone)), true);
    let mixed = play(
        &mut phones,
        |phone, n| {
            if n % MIX == MIX - 1 { push_and_pull(phone) } else { nothing_new(phone) }
        },
    );
    report("nine syncs with nothing new to one with 20 visits", &of, &mixed, true);
    let pushes: Vec<_> = mixed.iter().copied().filter(|(n, _)| n % MIX == MIX - 1).collect();
    report_p95(&format!("of these those with 20 visits, {of}"), &pushes, json!(150));
    report("pushes of 20 visits and nothing else", &of, &play(&mut phones, |phone, _| push(phone)), false);
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: f64 = peak.split_whitespace().next().unwrap().parse().unwrap();
    let what = format!("memory of the server after that, at most, {store}");
    println!("{}", json!({"what": what, "figure": kilobytes / 1024.0, "budget": 256, "unit": "MB"}));
}

#[test]
fn syncs_a_second() {
    let count = if is_bench() { 50 } else { PHONES_SHORT };
    let names: Vec<String> = (1..=count).map(|n| format!("第{n}村")).collect();
    let villages: Vec<&str> = names.iter().map(String::as_str).collect();
    measure(&Place::with_township(&villages), "SQLite", &names);
    if let Some(cluster) = Cluster::start_on_disk() {
        measure(&Place::on(&cluster.database()).township(&villages), "PostgreSQL", &names);
    }
}
