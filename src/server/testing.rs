//! A temporary folder for tests, and the database that they run on.

#[path = "tests/support/postgres.rs"]
pub(crate) mod postgres;

use std::path::{Path, PathBuf};

use crate::config::{Config, PostgresUrl};
use postgres::Cluster;

/// Set in the child that runs these tests again on PostgreSQL.
const AGAIN: &str = "HUIFANG_TEST_AGAIN";

/// An empty data folder in `folder`, with a database of the kind that this run is for.
pub(crate) fn config(folder: &Folder, dev: bool) -> Config {
    let data = folder.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    let config = Config::new(data, None, dev);
    if std::env::var_os(AGAIN).is_none() {
        return config;
    }
    let cluster = Cluster::start().expect("whoever started this run has PostgreSQL");
    config.on(Some(PostgresUrl::new(cluster.database().into()).unwrap()))
}

/// Removed when dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        let path = std::env::temp_dir()
            .join(format!("huifang-{}", crate::tokens::hex(&crate::tokens::random::<8>())));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// All tests that ask for [`config`] ran on SQLite; here they run once more.
#[test]
fn what_holds_on_sqlite_holds_on_postgresql() {
    if std::env::var_os(AGAIN).is_some() {
        return;
    }
    let Some(cluster) = Cluster::start() else { return };
    let (name, folder) = cluster.shared();
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["stories::", "list_import::tests::", "db::contract::"])
        // It looks into the file of SQLite.
        .args(["--skip", "sealed_in_the_database"])
        // A PostgreSQL is backed up by its own tools.
        .args([
            "--skip",
            "stories::backups",
            "--skip",
            "stories::restores",
            "--skip",
            "backed_up_and_restored_with_it",
        ])
        // A release's office was recorded as a file of SQLite.
        .args(["--skip", "stories::releases"])
        .env(AGAIN, "1")
        .env(name, folder)
        .status()
        .unwrap();
    assert!(status.success(), "on PostgreSQL something else holds: see above");
}
