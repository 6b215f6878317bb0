//! Where the server keeps its data and where it listens.

use secrecy::{ExposeSecret, SecretString};
use std::{net::SocketAddr, path::PathBuf};

use crate::{bucket::Bucket, limits::Limits};

/// Read once at start.
#[derive(Clone, Debug)]
pub struct Config {
    /// Holds the database, photos, the lock and the command socket.
    pub data_dir: PathBuf,
    /// The server's secret keys; never inside the database.
    pub key_file: PathBuf,
    /// Cookies without `__Host-` and `Secure`, for browsers that refuse them on a loopback address.
    pub dev: bool,
    /// The PostgreSQL that holds the database; a file of SQLite in the data folder if there is none.
    pub postgres: Option<PostgresUrl>,
    /// The bucket that holds the photos; a folder in the data folder if there is none.
    pub bucket: Option<Bucket>,
    /// The operator says that no copy of the server key exists any more: another is made beside data that it cannot open.
    pub lost_key: bool,
    /// The certificate that phones see, where the operator wants its last day watched.
    pub certificate: Option<PathBuf>,
    /// Passwords found in breaches, by their hashes in order; the commonest that come with the program are refused in any case.
    pub breached_passwords: Option<PathBuf>,
    /// Where the audit chain's newest entry is written down day by day; a file in the data folder if no other is named.
    pub audit_heads: Option<PathBuf>,
    /// How often and how much.
    pub limits: Limits,
}

/// The address of a PostgreSQL. It may hold a password, so that it is never printed.
#[derive(Clone, Debug)]
pub struct PostgresUrl {
    url: SecretString,
    /// The address of the tables' owner, where the server itself works as a lesser user.
    owner: Option<SecretString>,
}

/// Why a text is no address of a database. The text is not repeated: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum NoDatabaseUrl {
    #[error("the database's address does not begin with postgres://; {}", PostgresUrl::EXAMPLE)]
    Scheme,
    #[error("the database's address has a part `{name}` that is not known; known are {known}", known = PostgresUrl::PARTS.join(", "))]
    Part { name: String },
}

impl PostgresUrl {
    /// How an address is written.
    pub const EXAMPLE: &str = "write it as postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full&sslrootcert=FILE, or leave it out for a file in the data folder";
    const PARTS: [&str; 7] = ["host", "port", "dbname", "user", "sslmode", "sslrootcert", "options"];

    /// Takes an address.
    ///
    /// # Errors
    /// When it is of another kind, or has a part after `?` that nobody would heed.
    pub fn new(url: SecretString) -> Result<PostgresUrl, NoDatabaseUrl> {
        check(url.expose_secret())?;
        Ok(PostgresUrl { url, owner: None })
    }

    /// The same with the address of the tables' owner, by which alone tables are made and changed.
    ///
    /// # Errors
    /// As [`PostgresUrl::new`].
    pub fn owned_by(self, owner: Option<SecretString>) -> Result<PostgresUrl, NoDatabaseUrl> {
        owner.as_ref().map_or(Ok(()), |owner| check(owner.expose_secret()))?;
        Ok(PostgresUrl { owner, ..self })
    }

    /// The address, for the driver alone.
    pub(crate) fn expose(&self) -> &str {
        self.url.expose_secret()
    }

    /// The owner's address, where there is one.
    pub(crate) fn owner(&self) -> Option<PostgresUrl> {
        Some(PostgresUrl { url: self.owner.clone()?, owner: None })
    }
}

fn check(text: &str) -> Result<(), NoDatabaseUrl> {
    if !(text.starts_with("postgres://") || text.starts_with("postgresql://")) {
        return Err(NoDatabaseUrl::Scheme);
    }
    let parts = text.split_once('?').map_or("", |(_, parts)| parts);
    for part in parts.split('&').filter(|part| !part.is_empty()) {
        let name = part.split('=').next().unwrap_or_default();
        if !PostgresUrl::PARTS.contains(&name) {
            return Err(NoDatabaseUrl::Part { name: name.to_owned() });
        }
    }
    Ok(())
}

impl Config {
    /// The files of a data folder; the key file lies beside the database unless another place is given.
    pub fn new(data_dir: PathBuf, key_file: Option<PathBuf>, dev: bool) -> Config {
        let key_file = key_file.unwrap_or_else(|| data_dir.join("server.key"));
        Config {
            data_dir,
            key_file,
            dev,
            postgres: None,
            bucket: None,
            lost_key: false,
            certificate: None,
            breached_passwords: None,
            audit_heads: None,
            limits: Limits::default(),
        }
    }

    /// The same with its database in a PostgreSQL, if one is given.
    #[must_use]
    pub fn on(self, postgres: Option<PostgresUrl>) -> Config {
        Config { postgres, ..self }
    }

    /// The same with its photos in a bucket, if one is given.
    #[must_use]
    pub fn with_photos_in(self, bucket: Option<Bucket>) -> Config {
        Config { bucket, ..self }
    }

    /// Whether there is a database, as far as the folder tells.
    pub fn has_database(&self) -> bool {
        self.postgres.is_some() || self.database_file().exists()
    }

    /// The SQLite file.
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join("huifang.db")
    }

    /// The folder of photos.
    pub fn blob_dir(&self) -> PathBuf {
        self.data_dir.join("blobs")
    }

    /// Where the photos are, in words.
    pub fn photo_place(&self) -> String {
        self.bucket.as_ref().map_or_else(|| self.blob_dir().display().to_string(), ToString::to_string)
    }

    /// Names the bucket of the photos, once there is one.
    pub fn bucket_mark(&self) -> PathBuf {
        self.data_dir.join("photos-are-in")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_refused_by_what_is_wrong_and_never_repeated() {
        let said = |text: &str| PostgresUrl::new(text.into()).unwrap_err().to_string();
        for text in ["mysql://u:geheim@h/n", "huifang.db", "", "POSTGRES://u:geheim@h/n"] {
            let said = said(text);
            assert!(said.contains("postgres://USER") && !said.contains("geheim"), "{said}");
        }
        let said = said("postgres://u@h/n?sslmode=require&passwort=geheim");
        assert!(said.contains("`passwort`") && !said.contains("geheim"), "{said}");
    }

    #[test]
    fn an_address_is_not_printed() {
        let url = PostgresUrl::new("postgresql://u:geheim@h/n?sslmode=require".into()).unwrap();
        assert!(!format!("{:?}", Config::new("d".into(), None, false).on(Some(url))).contains("geheim"));
    }
}
