//! A PostgreSQL of the tests' own, on a socket in a folder that is gone with it. Where PostgreSQL is not installed there is none.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Names a cluster that somebody else started, for the tests to make their databases in.
const CLUSTER: &str = "HUIFANG_TEST_CLUSTER";

const MEMORY: &str = "/dev/shm";
const DISK: &str = "/tmp";

/// The script ends the cluster when its input ends: with the tests, however they end.
const SCRIPT: &str = r#"
set -e
folder=$(mktemp -d "$ROOT/huifang-postgres.XXXXXX")
chmod 755 "$folder"
trap '"$BIN/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1; rm -rf "$folder"' EXIT
"$BIN/initdb" -D "$folder/data" -U huifang -A trust -E UTF8 --no-locale --no-sync >/dev/null
printf 'local all locked scram-sha-256\nlocal all all trust\n' > "$folder/data/pg_hba.conf"
start() {
    "$BIN/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
        -o "-c listen_addresses= -c unix_socket_directories=$folder -c max_connections=200" start >/dev/null
}
start
"$BIN/psql" -X -q -U huifang -h "$folder" -d postgres -c 'CREATE USER office' -c 'CREATE USER clerk'
echo "$folder"
while read -r order; do
    if [ "$order" = restart ]; then
        "$BIN/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null
        start
        echo restarted
    fi
done
"#;

/// A running PostgreSQL.
pub(crate) struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    script: Option<(Child, ChildStdin, BufReader<std::process::ChildStdout>)>,
}

impl Cluster {
    /// Starts one, in memory where there is room; `None`, said in one line, where PostgreSQL is not installed.
    pub(crate) fn start() -> Option<Cluster> {
        Cluster::start_in(if has_room(MEMORY) { MEMORY } else { DISK })
    }

    /// Starts one on the disk, where a commit takes as long as it does in earnest.
    pub(crate) fn start_on_disk() -> Option<Cluster> {
        Cluster::start_in(DISK)
    }

    fn start_in(root: &str) -> Option<Cluster> {
        let Some(bin) = installed() else {
            let _ = writeln!(std::io::stderr(), "skipped on PostgreSQL: it is not installed");
            return None;
        };
        if let Some(folder) = std::env::var_os(CLUSTER) {
            return Some(Cluster { folder: folder.into(), bin, script: None });
        }
        // PostgreSQL refuses to run as root.
        let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        let mut command = Command::new(if is_root { "runuser" } else { "bash" });
        if is_root {
            command.args(["-u", "postgres", "--", "bash"]);
        }
        let mut child = command
            .args(["-c", SCRIPT])
            .env("BIN", &bin)
            .env("ROOT", root)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let folder = line(&mut output);
        assert!(folder.starts_with(root), "PostgreSQL does not start");
        Some(Cluster { folder: folder.into(), bin, script: Some((child, input, output)) })
    }

    /// The value of [`CLUSTER`] by which a child uses this one too.
    pub(crate) fn shared(&self) -> (&'static str, &std::path::Path) {
        (CLUSTER, &self.folder)
    }

    /// The address of a database for a user.
    pub(crate) fn url(&self, user: &str, database: &str) -> String {
        let folder = self.folder.to_str().unwrap().replace('/', "%2F");
        format!("postgres://{user}@{folder}/{database}")
    }

    /// The address of a new, empty database for a user who owns it and is otherwise nobody: row-level security binds him, and not the
    /// superuser by whom [`Cluster::sql`] looks at everything.
    pub(crate) fn database(&self) -> String {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{n}", std::process::id());
        self.sql("postgres", &format!("CREATE DATABASE {name} OWNER office"));
        self.url("office", &name)
    }

    /// The address of a new database into which a dump of this one was restored.
    pub(crate) fn restored(&self, url: &str) -> String {
        let copy = self.database();
        let name = |url: &str| url.rsplit('/').next().unwrap().to_owned();
        let script = "\"$1/pg_dump\" -U huifang -h \"$2\" \"$3\" | \"$1/psql\" -X -q -v ON_ERROR_STOP=1 -U huifang -h \"$2\" \"$4\"";
        let output = Command::new("bash")
            .args(["-o", "pipefail", "-c", script, "restored"])
            .args([&self.bin, &self.folder])
            .args([name(url), name(&copy)])
            .current_dir("/")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        copy
    }

    /// Runs a statement and returns what it prints.
    pub(crate) fn sql(&self, database: &str, statement: &str) -> String {
        let output = Command::new(self.bin.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "huifang", "-h"])
            .arg(&self.folder)
            .args(["-d", database, "-c", statement])
            .current_dir("/")
            .output()
            .unwrap();
        assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Stops it as a power cut would, and starts it again.
    pub(crate) fn restart(&mut self) {
        let (_, input, output) = self.script.as_mut().expect("it is ours");
        input.write_all(b"restart\n").unwrap();
        assert_eq!(line(output), "restarted");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some((mut child, input, _)) = self.script.take() {
            drop(input);
            let _ = child.wait();
        }
    }
}

fn line(output: &mut impl BufRead) -> String {
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    line.trim().to_owned()
}

/// Whether the databases of all tests fit there.
fn has_room(folder: &str) -> bool {
    const KIB_MIN: u64 = 2 * 1024 * 1024;
    let output = Command::new("df").args(["--output=avail", "-k", folder]).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().last().and_then(|line| line.trim().parse().ok()).is_some_and(|free: u64| free >= KIB_MIN)
}

/// The programs of the newest PostgreSQL of this machine.
fn installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    found.retain(|bin| bin.join("initdb").exists());
    found.sort();
    found.pop()
}
