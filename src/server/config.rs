//! Where the server keeps its data and where it listens.

use std::{net::SocketAddr, path::PathBuf};

/// Read once at start.
#[derive(Clone, Debug)]
pub struct Config {
    /// Holds the database, photos, the lock and the command socket.
    pub data_dir: PathBuf,
    /// The server's secret keys; never inside the database.
    pub key_file: PathBuf,
    /// Cookies without `__Host-` and `Secure`, for browsers that refuse them on a loopback address.
    pub dev: bool,
    /// The operator says that no copy of the server key exists any more: another is made beside data that it cannot open.
    pub lost_key: bool,
}

impl Config {
    /// The files of a data folder; the key file lies beside the database unless another place is given.
    pub fn new(data_dir: PathBuf, key_file: Option<PathBuf>, dev: bool) -> Config {
        let key_file = key_file.unwrap_or_else(|| data_dir.join("server.key"));
        Config { data_dir, key_file, dev, lost_key: false }
    }

    /// The SQLite file.
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join("huifang.db")
    }

    /// The folder of photos.
    pub fn blob_dir(&self) -> PathBuf {
        self.data_dir.join("blobs")
    }

    /// Lies there while a restore is under way: the folder is not whole.
    pub fn restore_mark(&self) -> PathBuf {
        self.data_dir.join("restore-under-way")
    }

    /// Held by the one process that uses the folder.
    pub fn lock_file(&self) -> PathBuf {
        self.data_dir.join("lock")
    }

    /// Commands reach a running server here.
    pub fn socket_file(&self) -> PathBuf {
        self.data_dir.join("command.sock")
    }
}

/// Why an address cannot be used with `--dev`.
#[derive(Debug, thiserror::Error)]
#[error(
    "--dev weakens the cookies and is allowed on a loopback address only; listen on 127.0.0.1:8080 or leave --dev out"
)]
pub struct DevNotLoopback;

/// Checks that the weaker cookies are never offered to a network.
///
/// # Errors
/// When `dev` is set and `listen` is not a loopback address.
pub fn check_listen(listen: SocketAddr, dev: bool) -> Result<(), DevNotLoopback> {
    if dev && !listen.ip().is_loopback() { Err(DevNotLoopback) } else { Ok(()) }
}
