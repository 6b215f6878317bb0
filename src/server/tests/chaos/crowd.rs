//! L1: many phones come back within ten seconds, each with twenty saves and a page to pull.

use crate::{
    number,
    phone::{Phone, made, office},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

const SAVES: usize = 20;
/// Families that are there before, so that a pull fills its page.
const FAMILIES: usize = 300;
const ARRIVAL_MS: u64 = 10_000;
const DRAINED_WITHIN: Duration = Duration::from_secs(300);

/// How long each request of a phone took, and how often it was asked to wait.
#[derive(Default)]
struct Day {
    took_ms: Vec<u128>,
    waits: usize,
}

impl Day {
    /// Sends until it is answered with 200, waiting where the server says so.
    fn send(&mut self, phone: &Phone, sections: &Value) -> Value {
        let request = phone.sync_request(sections);
        loop {
            let start = Instant::now();
            let Ok(answer) = phone.exchange(&request) else {
                thread::sleep(Duration::from_millis(500));
                continue;
            };
            self.took_ms.push(start.elapsed().as_millis());
            match answer.status {
                200 => return answer.json(),
                429 | 503 => {
                    let wait = answer.json()["wait_ms"].as_u64().expect("a refusal names the wait");
                    self.waits += 1;
                    thread::sleep(Duration::from_millis(wait));
                }
                status => panic!("{status}: {}", String::from_utf8_lossy(&answer.body)),
            }
        }
    }
}

fn resident_kb(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

#[test]
fn everybody_who_comes_back_at_once_is_served() {
    let count = number("CHAOS_PHONES", 12);
    let office = office();
    let server = office.serve();
    let first = Phone::enrol(&office, &server.address);
    for (n, _) in (0..FAMILIES).enumerate() {
        first.push(n + 1, &[first.family()]).unwrap();
    }
    let phones: Vec<Phone> = (0..count).map(|_| Phone::enrol(&office, &server.address)).collect();
    let work: Vec<Vec<Value>> =
        phones.iter().map(|phone| (0..SAVES).map(|_| phone.family()).collect()).collect();

    let (process, is_over, peak_kb) = (server.id(), AtomicBool::new(false), AtomicU64::new(0));
    let start = Instant::now();
    let days: Vec<Day> = thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                peak_kb.fetch_max(resident_kb(process), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(100));
            }
        });
        let running: Vec<_> = (0..)
            .zip(phones.iter().zip(&work))
            .map(|(n, (phone, saves))| {
                scope.spawn(move || {
                    thread::sleep(Duration::from_millis(n * ARRIVAL_MS / count as u64));
                    let mut day = Day::default();
                    let push = json!({"push": {"first_seq": 1, "changesets": saves}});
                    let receipt = day.send(phone, &push);
                    assert_eq!(receipt["push"]["acked"], SAVES, "{receipt}");
                    let pull = json!({"pull": {"epoch": 1, "scope_rev": 1, "cur": {}, "since": {}, "page_bytes": 65536}});
                    day.send(phone, &pull);
                    day
                })
            })
            .collect();
        let days = running.into_iter().map(|phone| phone.join().unwrap()).collect();
        is_over.store(true, Ordering::Relaxed);
        days
    });
    let took = start.elapsed();
    assert!(took < DRAINED_WITHIN, "{took:?}");

    let rows = first.pull_all();
    let there: BTreeSet<&str> = rows.iter().map(|row| row["e"].as_str().unwrap()).collect();
    assert_eq!(there.len(), rows.len(), "a record came twice");
    assert_eq!(there.len(), (FAMILIES + count * SAVES) * 2);
    assert!(work.iter().flatten().flat_map(made).all(|id| there.contains(id.as_str())), "a record is lost");

    let mut took_ms: Vec<u128> = days.iter().flat_map(|day| day.took_ms.iter().copied()).collect();
    took_ms.sort_unstable();
    let waits: usize = days.iter().map(|day| day.waits).sum();
    println!(
        "{count} phones: {} saves, 0 lost, 0 doubled; drained in {:.1} s, p95 {} ms, asked to wait {waits} times, {} MB resident",
        count * SAVES,
        took.as_secs_f64(),
        took_ms[took_ms.len() * 95 / 100],
        peak_kb.load(Ordering::Relaxed) / 1024
    );
}
