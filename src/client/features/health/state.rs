//! The office's word on its server.

use serde::Deserialize;

/// How the server is. Times are in milliseconds since 1970 UTC.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Health {
    /// The urgent first.
    pub(super) alarms: Vec<Alarm>,
    pub(super) version: String,
    pub(super) started_at: i64,
    /// `sqlite postgres`.
    pub(super) database: String,
    pub(super) checked: Option<Checked>,
    pub(super) disks: Vec<Disk>,
    /// Seconds; nothing where the server makes none by itself.
    pub(super) backup_every_s: Option<u64>,
    pub(super) backup_at: Option<i64>,
    pub(super) certificate: Option<Certificate>,
}

/// Something that somebody must see to.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Alarm {
    pub(super) kind: String,
    pub(super) urgent: bool,
}

/// The last reading of the whole database.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Checked {
    pub(super) at: i64,
    pub(super) is_whole: bool,
}

/// The disk below a folder, in bytes.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Disk {
    /// `data backups`.
    pub(super) holds: String,
    pub(super) free: u64,
    pub(super) all: u64,
}

/// The certificate that phones see.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Certificate {
    /// Nothing where it cannot be read.
    #[serde(default)]
    pub(super) ends_at: Option<i64>,
}
