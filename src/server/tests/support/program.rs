//! The program as a user runs it, on a folder of its own.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

pub(crate) const TOWNSHIP: &str = "339999100";

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// A folder for one test, with a data folder in it; gone when the test ends.
pub(crate) struct Place {
    path: PathBuf,
    /// The address of a PostgreSQL, if the database is not a file in the folder.
    database: Option<String>,
}

impl Place {
    pub(crate) fn new() -> Place {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("huifang-program-{}-{n}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Place { path, database: None }
    }

    /// With its database elsewhere.
    pub(crate) fn on(database: &str) -> Place {
        let mut place = Place::new();
        place.database = Some(database.to_owned());
        place
    }

    /// With a county, its township and these villages.
    pub(crate) fn with_township(villages: &[&str]) -> Place {
        Place::new().township(villages)
    }

    /// Makes a county, its township and these villages.
    pub(crate) fn township(self, villages: &[&str]) -> Place {
        let mut areas = vec![("339999".to_owned(), "示范县"), (TOWNSHIP.to_owned(), "双桥镇")];
        areas.extend((1..).zip(villages).map(|(n, name)| (format!("{TOWNSHIP}2{n:02}"), *name)));
        for (code, name) in &areas {
            self.done(&["area", "add", code, name]);
        }
        self
    }

    /// Makes `worker`, the worker of the first village.
    pub(crate) fn worker(&self, password: &str) {
        let scope = format!("{TOWNSHIP}201");
        let account = ["account", "add", "worker", "--role", "village_worker"];
        self.done(&[&account[..], &["--scope", &scope, "--password", password]].concat());
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    /// Writes a file beside the data folder.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        let output = self.command(args).output().unwrap();
        Run(output)
    }

    /// Runs what must succeed.
    pub(crate) fn done(&self, args: &[&str]) -> Run {
        let run = self.run(args);
        assert_eq!(run.code(), 0, "{args:?}: {} {}", run.text(), run.complaint());
        run
    }

    /// Starts a server on the folder and waits until it listens.
    pub(crate) fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    pub(crate) fn serve_with(&self, more: &[&str]) -> Server {
        Server::start(self.command(&[&["serve", "--listen", "127.0.0.1:0"], more].concat()))
            .expect("the server says where it listens")
    }

    /// The program with these arguments, on the data folder.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(args).arg("--data-dir").arg(self.data()).env_remove("HUIFANG_DATABASE");
        if let Some(database) = &self.database {
            command.env("HUIFANG_DATABASE", database);
        }
        command
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// The program that was built with the tests, or the one that `HUIFANG` names.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("HUIFANG").map_or_else(|| env!("CARGO_BIN_EXE_huifang").into(), PathBuf::from)
}

/// A running server; ended when dropped.
pub(crate) struct Server {
    child: Child,
    /// Host and port.
    pub(crate) address: String,
}

impl Server {
    /// Starts a server; nothing if it ends before it listens.
    pub(crate) fn start(mut command: Command) -> Option<Server> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| Some(line.ok()?.split_once("on http://")?.1.to_owned()));
        if address.is_none() {
            child.wait().unwrap();
        }
        Some(Server { child, address: address?.trim_end_matches('/').to_owned() })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has ended by itself or by somebody's signal.
    pub(crate) fn has_ended(mut self) {
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a run printed, and how it ended.
pub(crate) struct Run(Output);

impl Run {
    pub(crate) fn code(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    pub(crate) fn complaint(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.0.stdout)
            .unwrap_or_else(|_| panic!("{} {}", self.text(), self.complaint()))
    }
}
