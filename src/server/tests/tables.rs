//! How long the office waits for a ledger of 50,000 families: its first page, another order, a filter, and the page after a change.
//! `cargo xtask bench` runs it against the program as it ships and reads the lines of JSON; as a test it is short.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[path = "support/device.rs"]
mod device;
#[path = "support/program.rs"]
mod program;

use device::Device;
use program::Place;
use serde_json::json;
use std::{fs, thread, time::Duration, time::Instant};

const FAMILIES_SHORT: usize = 60;
const FAMILIES: usize = 50_000;
const LEDGERS: [&str; 4] = ["roster", "follow_up", "coverage", "changes"];
/// So long a server has been up when somebody asks for the first ledger.
const UP: Duration = Duration::from_secs(15);

#[test]
fn a_ledger_of_the_whole_office() {
    let is_bench = std::env::var_os("HUIFANG_BENCH").is_some();
    let families = if is_bench { FAMILIES } else { FAMILIES_SHORT };
    let place = Place::new();
    place.done(&["demo", "--families", &families.to_string()]);
    let server = place.serve();
    let mut desk = Device::new(vec![server.address.clone()], 0);
    let code = place.done(&["device", "code", "clerk", "--json"]).json();
    desk.enrol(code["code"].as_str().unwrap());
    let hints: serde_json::Value =
        serde_json::from_slice(&fs::read(place.data().join("demo.json")).unwrap()).unwrap();
    desk.login("clerk", hints["accounts"]["clerk"].as_str().unwrap());
    if is_bench {
        thread::sleep(UP);
    }
    for ledger in LEDGERS {
        let mut took = |what: &str, budget: u32, query: &str| {
            let began = Instant::now();
            let answer = desk.get(&format!("lists/{ledger}?{query}")).unwrap();
            let ms = began.elapsed().as_secs_f64() * 1_000.0;
            assert_eq!(answer.status, 200, "{ledger}?{query}: {}", answer.body);
            let what = format!("{ledger} of {families} families, {what}");
            println!("{}", json!({"what": what, "figure": ms, "budget": budget, "unit": "ms"}));
            answer.body["total"].as_u64().unwrap()
        };
        let all = took("first page", 100, "");
        assert_eq!(took("sorted", 200, "sort=name&down=true"), all);
        assert!(took("of nobody's families", 200, "worker=none") <= all);
        took("one village", 200, "area=339999100201");
        took("page 20", 100, "page=20");
    }
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: f64 = peak.split_whitespace().next().unwrap().parse().unwrap();
    let what = format!("memory of the server with {families} families' ledgers, at most");
    println!("{}", json!({"what": what, "figure": kilobytes / 1024.0, "unit": "MB"}));
}
