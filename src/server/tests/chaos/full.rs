//! F6: the disk is full, then answers every sync with an I/O error. The server says so, keeps what it has, and goes on by itself once the disk does.

use crate::{
    phone::{Phone, made, office_in},
    program::{Place, Server},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Room for an office and some pushes.
const DISK: &str = "size=16m";
/// More pushes than what is left of a full disk takes: its journal has some room inside.
const PUSHES_MAX: usize = 2_000;
const REFUSED: usize = 20;
/// Within so long a tracer holds the server, or has let go of it.
const TRACED_WITHIN: Duration = Duration::from_secs(10);

/// A small disk of its own under the data folder; gone when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Nothing where this user may not mount.
    fn mount(folder: &Path) -> Option<SmallDisk> {
        fs::create_dir_all(folder).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", DISK, "tmpfs"]).arg(folder).stderr(Stdio::null());
        let is_mounted = mount.status().is_ok_and(|status| status.success());
        is_mounted.then(|| SmallDisk(folder.to_owned()))
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    /// Takes every byte that is left.
    fn fill(&self) {
        let mut fill = Command::new("dd");
        fill.args(["if=/dev/zero", "bs=4096"]).arg(format!("of={}", self.filler().display()));
        assert!(!fill.stderr(Stdio::null()).status().unwrap().success(), "the disk has no end");
    }

    fn make_room(&self) {
        fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// A tracer that lets calls of a running process fail; it lets go when dropped.
struct Failing(Child);

impl Failing {
    fn calls(server: &Server, calls: &str) -> Failing {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-q", "-o", "/dev/null", "-p", &server.id().to_string()]);
        strace.args(["-e", &format!("trace={calls}"), "-e", &format!("inject={calls}:error=EIO")]);
        let tracer = Failing(strace.stderr(Stdio::null()).spawn().unwrap());
        wait_until(|| is_traced(server));
        tracer
    }

    fn let_go(mut self, server: &Server) {
        Command::new("kill").arg(self.0.id().to_string()).status().unwrap();
        self.0.wait().unwrap();
        wait_until(|| !is_traced(server));
    }
}

fn is_traced(server: &Server) -> bool {
    let tasks = fs::read_dir(format!("/proc/{}/task", server.id())).unwrap();
    tasks.flatten().all(|task| {
        let status = fs::read_to_string(task.path().join("status")).unwrap_or_default();
        status.lines().any(|line| line.starts_with("TracerPid:") && !line.ends_with("\t0"))
    })
}

fn wait_until(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < TRACED_WITHIN, "the tracer did not do it");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// One phone that pushes family after family, and what of it was acknowledged.
struct Work {
    phone: Phone,
    acknowledged: Vec<Value>,
    refused: usize,
}

impl Work {
    /// Pushes one more family; the status.
    fn push(&mut self) -> (u16, Value) {
        let family = self.phone.family();
        let seq = self.acknowledged.len() + 1;
        let push = json!({"push": {"first_seq": seq, "changesets": [family]}});
        let answer = self.phone.exchange(&self.phone.sync_request(&push)).unwrap();
        let body = answer.json();
        if answer.status == 200 && body["push"]["acked"] == seq {
            self.acknowledged.push(family);
        } else {
            self.refused += 1;
        }
        (answer.status, body)
    }

    /// Pushes until one is refused; its status and body.
    fn push_until_refused(&mut self) -> (u16, Value) {
        for _ in 0..PUSHES_MAX {
            let (status, body) = self.push();
            if self.refused > 0 {
                return (status, body);
            }
        }
        panic!("{PUSHES_MAX} pushes went onto a full disk");
    }

    fn goes_on(&mut self) {
        let before = self.acknowledged.len();
        for n in 1..=3 {
            let (status, body) = self.push();
            assert_eq!((status, self.acknowledged.len()), (200, before + n), "{body}");
        }
        self.is_whole();
    }

    /// What was acknowledged is there and nothing else.
    fn is_whole(&self) {
        let rows = self.phone.pull_all();
        let there: BTreeSet<String> = rows.iter().map(|row| row["e"].as_str().unwrap().to_owned()).collect();
        assert_eq!(there.len(), rows.len(), "a record came twice");
        assert_eq!(there, self.acknowledged.iter().flat_map(made).collect());
    }
}

/// The refusal of a disk: full, or, where SQLite knows no more than that a call failed, away with a wait.
fn is_said((status, body): &(u16, Value)) {
    match status {
        507 => assert_eq!(body["err"], "full", "{body}"),
        503 => assert!(body["wait_ms"].as_u64().is_some(), "a refusal names the wait: {body}"),
        _ => panic!("{status}: {body}"),
    }
}

fn office_on_a_small_disk() -> Option<(Place, SmallDisk)> {
    let place = Place::new();
    let Some(disk) = SmallDisk::mount(&place.data()) else {
        println!("this user may not mount: no disk was filled");
        return None;
    };
    Some((office_in(place), disk))
}

#[test]
fn a_full_disk_is_said_and_forgotten_once_there_is_room() {
    let Some((place, disk)) = office_on_a_small_disk() else { return };
    let server = place.serve();
    let mut work =
        Work { phone: Phone::enrol(&place, &server.address), acknowledged: Vec::new(), refused: 0 };
    let mut refused = 0;
    for _ in 0..3 {
        disk.fill();
        is_said(&work.push_until_refused());
        for _ in 0..REFUSED {
            is_said(&work.push());
        }
        refused += std::mem::take(&mut work.refused);
        disk.make_room();
        work.goes_on();
    }
    println!("full three times: {} acknowledged, 0 lost, {refused} refused", work.acknowledged.len());
}

#[test]
fn a_disk_that_fails_is_said_and_forgotten_once_it_works() {
    if Command::new("strace").arg("--version").output().is_err() {
        println!("strace is not installed: no call failed");
        return;
    }
    let place = office_in(Place::new());
    let server = place.serve();
    let mut work =
        Work { phone: Phone::enrol(&place, &server.address), acknowledged: Vec::new(), refused: 0 };
    work.goes_on();
    for calls in ["fdatasync,fsync", "pwrite64"] {
        let failing = Failing::calls(&server, calls);
        for _ in 0..REFUSED {
            let said = work.push();
            assert_eq!(said.0, 503, "{}", said.1);
            is_said(&said);
        }
        failing.let_go(&server);
        work.goes_on();
    }
    println!("{} syncs and writes failed: {} acknowledged, 0 lost", work.refused, work.acknowledged.len());
}
