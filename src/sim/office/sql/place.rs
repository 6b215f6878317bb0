//! Where a simulated office's database lies: a folder in memory, or a PostgreSQL of the simulator's own.

use super::super::cluster::Cluster;
use anyhow::Context;
use crypto::{SUITE, b64};
use server::{
    blobs::BlobStore,
    clock::Clock,
    config::{Config, PostgresUrl},
    db::{
        BackupContent, Database, SharedDatabase, SqlDatabase,
        books::{Copy, content},
    },
    keys::Keys,
    state::App,
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

const MEMORY: &str = "/dev/shm";
const BACKUP: &str = "backup.db";
const PHOTOS: &str = "blobs";
const PHOTOS_BACKUP: &str = "backup-blobs";

/// What serves the databases of a run: files, or a PostgreSQL of its own.
#[derive(Clone)]
pub struct Server(Option<Arc<Cluster>>);

impl Server {
    /// Files of SQLite.
    pub fn sqlite() -> Server {
        Server(None)
    }

    /// A PostgreSQL, gone with the last clone; `None`, said in one line, where it is not installed.
    pub fn postgres() -> Option<Server> {
        Cluster::start().map(|cluster| Server(Some(Arc::new(cluster))))
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "postgres" } else { "sqlite" })
    }
}

/// The database of one seed; gone when dropped.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
    postgres: Option<Postgres>,
}

struct Postgres {
    cluster: Arc<Cluster>,
    name: String,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

impl Place {
    pub(super) fn new(server: &Server) -> anyhow::Result<Place> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = if Path::new(MEMORY).is_dir() { PathBuf::from(MEMORY) } else { std::env::temp_dir() };
        let folder = root.join(format!("huifang-sim-{}-{n}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let postgres = server.0.as_ref().map(|cluster| {
            let name = format!("sim_{}_{n}", std::process::id());
            cluster.sql("postgres", &format!("CREATE DATABASE {name} OWNER office"));
            Postgres { cluster: Arc::clone(cluster), name }
        });
        Ok(Place { folder, postgres })
    }

    /// The same keys in every run, so that a seed replays identically.
    pub(super) fn keys(&self) -> anyhow::Result<Keys> {
        let path = self.folder.join("server.key");
        let (secret, index) = (b64::encode(&[1; 32]), b64::encode(&[2; 32]));
        let file =
            serde_json::json!({"huifang": "server-key-1", "alg": SUITE, "secret": secret, "index": index});
        fs::write(&path, file.to_string())?;
        Keys::read(&path)?.context("the key file is gone")
    }

    pub(super) async fn open(&self, keys: &Arc<Keys>) -> anyhow::Result<SqlDatabase> {
        match &self.postgres {
            None => SqlDatabase::open_sqlite(&self.file(), Arc::clone(keys)).await,
            Some(postgres) => {
                SqlDatabase::open_postgres(&postgres.url(&postgres.name)?, Arc::clone(keys)).await
            }
        }
    }

    /// The server's parts around an opened database.
    pub(super) fn app(&self, db: &Arc<SqlDatabase>, keys: &Arc<Keys>) -> anyhow::Result<App> {
        let config = Config::new(self.folder.clone(), None, false);
        let blobs = BlobStore::open(&config)?;
        Ok(App::new(config, Arc::clone(db) as SharedDatabase, Arc::clone(keys), Clock::default(), blobs))
    }

    fn file(&self) -> PathBuf {
        self.folder.join("huifang.db")
    }

    /// PostgreSQL takes a copy of a database only while nobody uses it.
    pub(super) fn copies_while_open(&self) -> bool {
        self.postgres.is_none()
    }

    /// Copies the database in place of the copy before, and reads from the copy what it contains.
    pub(super) async fn back_up(
        &self,
        db: &SqlDatabase,
        name: &str,
        now: i64,
    ) -> anyhow::Result<BackupContent> {
        self.copy_photos(PHOTOS, PHOTOS_BACKUP)?;
        match &self.postgres {
            None => {
                let copy = self.folder.join(BACKUP);
                if copy.exists() {
                    fs::remove_file(&copy)?;
                }
                db.copy_into(&copy).await?;
                content(Copy::File(&copy), name, now).await
            }
            Some(postgres) => {
                postgres.copy(&postgres.name, &postgres.backup());
                content(Copy::Postgres(&postgres.url(&postgres.backup())?), name, now).await
            }
        }
    }

    /// The copy takes the place of the database, which nobody has open.
    pub(super) fn restore(&self) -> anyhow::Result<()> {
        self.copy_photos(PHOTOS_BACKUP, PHOTOS)?;
        let Some(postgres) = &self.postgres else {
            for ending in ["-wal", "-shm"] {
                let beside = PathBuf::from(format!("{}{ending}", self.file().display()));
                if beside.exists() {
                    fs::remove_file(beside)?;
                }
            }
            fs::copy(self.folder.join(BACKUP), self.file())?;
            return Ok(());
        };
        postgres.copy(&postgres.backup(), &postgres.name);
        Ok(())
    }
}

impl Place {
    /// Whole photos only: what is under way is in no backup.
    fn copy_photos(&self, from: &str, to: &str) -> anyhow::Result<()> {
        let (from, to) = (self.folder.join(from), self.folder.join(to));
        if to.exists() {
            fs::remove_dir_all(&to)?;
        }
        copy_files(&from.join("file"), &to.join("file"))
    }
}

fn copy_files(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    let Ok(entries) = fs::read_dir(from) else { return Ok(()) };
    for entry in entries {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if path.is_dir() {
            copy_files(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
        if let Some(postgres) = &self.postgres {
            postgres.drop_database(&postgres.name);
            postgres.drop_database(&postgres.backup());
        }
    }
}

impl Postgres {
    fn url(&self, name: &str) -> anyhow::Result<PostgresUrl> {
        Ok(PostgresUrl::new(self.cluster.url("office", name).into())?)
    }

    fn backup(&self) -> String {
        format!("{}_backup", self.name)
    }

    fn copy(&self, from: &str, to: &str) {
        self.drop_database(to);
        self.cluster.sql("postgres", &format!("CREATE DATABASE {to} TEMPLATE {from} OWNER office"));
    }

    fn drop_database(&self, name: &str) {
        self.cluster.sql("postgres", &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
}
