//! How the server itself is: what whoever runs it must see to before it fails.

mod certificate;

pub use certificate::Certificate;

use rustix::fs::statvfs;
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
    time::Duration,
};

use crate::{clock::Millis, db::DbError, state::App};

const DAY_MS: Millis = 24 * 60 * 60 * 1000;
/// A verified backup is no older than this.
const BACKUP_MS: Millis = DAY_MS;
/// A certificate that is renewed by itself has 30 days left at that time: with fewer than these its renewal has failed.
const CERTIFICATE_MS: Millis = 21 * DAY_MS;
const CERTIFICATE_URGENT_MS: Millis = 7 * DAY_MS;
/// A township's photos of a year.
const DISK_BYTES: u64 = 5 << 30;
/// SQLite needs room beside the database for what was not yet written into it, and a backup for a copy of it.
const DISK_URGENT_BYTES: u64 = 1 << 30;

/// What a running server notes of itself; it begins anew with each start.
#[derive(Debug, Default)]
pub struct Noted {
    backups: OnceLock<(PathBuf, Duration)>,
    now: Mutex<Now>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Now {
    backup_failed_at: Option<Millis>,
    checked: Option<Checked>,
}

impl Noted {
    /// The server makes backups there by itself, so often.
    pub fn makes_backups(&self, folder: &Path, every: Duration) {
        // A server has one schedule, from its start on.
        let _ = self.backups.set((folder.to_owned(), every));
    }

    /// A backup of its own was made and verified, or was not.
    pub fn backup(&self, at: Millis, is_made: bool) {
        self.note(|now| now.backup_failed_at = (!is_made).then_some(at));
    }

    /// The whole database was read.
    pub fn checked(&self, at: Millis, is_whole: bool) {
        self.note(|now| now.checked = Some(Checked { at, is_whole }));
    }

    fn note(&self, change: impl FnOnce(&mut Now)) {
        change(&mut self.now.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn now(&self) -> Now {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the last reading of the whole database found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Checked {
    pub at: Millis,
    pub is_whole: bool,
}

/// How the server is. Times are in milliseconds since 1970 UTC.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Health {
    /// What somebody must see to, the urgent first; nothing where all is well.
    pub alarms: Vec<Alarm>,
    pub version: &'static str,
    pub now: Millis,
    pub started_at: Millis,
    /// `sqlite postgres`.
    pub database: &'static str,
    /// Nothing before the first night.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<Checked>,
    pub disks: Vec<Disk>,
    /// Seconds between the backups that the server makes by itself; nothing where it makes none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_every_s: Option<u64>,
    /// When the newest verified backup was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_at: Option<Millis>,
    /// Nothing where the server was not told which it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
}

/// The disk below a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Disk {
    pub holds: Holds,
    /// Bytes that the server may still write.
    pub free: u64,
    /// All its bytes.
    pub all: u64,
}

/// What a disk holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    Data,
    Backups,
}

/// Something that somebody must see to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Alarm {
    pub kind: AlarmKind,
    /// Whether work stops or is lost unless it is seen to at once.
    pub urgent: bool,
}

/// What is the matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    DatabaseDamaged,
    /// No backup was ever verified.
    BackupNone,
    /// The newest verified backup is older than a day.
    BackupOld,
    /// The last backup that the server tried failed.
    BackupFailed,
    DataDisk,
    BackupDisk,
    CertificateEnds,
    CertificateUnreadable,
}

/// Looks at the server as it is now.
///
/// # Errors
/// When the database fails.
pub async fn look(app: &App) -> Result<Health, DbError> {
    let Now { backup_failed_at, checked } = app.noted.now();
    let backups = app.noted.backups.get();
    let backup_folder = backups.map(|(folder, _)| (Holds::Backups, folder.as_path()));
    let folders = [(Holds::Data, app.config.data_dir.as_path())].into_iter().chain(backup_folder);
    let mut health = Health {
        alarms: Vec::new(),
        version: env!("CARGO_PKG_VERSION"),
        now: app.clock.now(),
        started_at: app.started_at,
        database: if app.config.postgres.is_some() { "postgres" } else { "sqlite" },
        checked,
        disks: folders.filter_map(|(holds, folder)| disk(holds, folder)).collect(),
        backup_every_s: backups.map(|(_, every)| every.as_secs()),
        backup_at: app.db.last_backup().await?.map(|backup| backup.made_at),
        certificate: app.config.certificate.as_deref().map(Certificate::read),
    };
    health.alarms = alarms(&health, backup_failed_at.is_some());
    Ok(health)
}

/// A disk that cannot be asked has nothing to say; what cannot be written there says so itself.
fn disk(holds: Holds, folder: &Path) -> Option<Disk> {
    let said = statvfs(folder).ok()?;
    Some(Disk { holds, free: said.f_bavail * said.f_frsize, all: said.f_blocks * said.f_frsize })
}

/// What of it somebody must see to.
fn alarms(health: &Health, backup_failed: bool) -> Vec<Alarm> {
    let urgent = |kind| Some(Alarm { kind, urgent: true });
    let soon = |kind| Some(Alarm { kind, urgent: false });
    let damaged = health.checked.filter(|checked| !checked.is_whole);
    let backup = match health.backup_at {
        None => urgent(AlarmKind::BackupNone),
        Some(at) if health.now - at > BACKUP_MS => urgent(AlarmKind::BackupOld),
        Some(_) if backup_failed => soon(AlarmKind::BackupFailed),
        Some(_) => None,
    };
    let certificate = health.certificate.and_then(|certificate| match certificate.ends_at {
        None => soon(AlarmKind::CertificateUnreadable),
        Some(at) if at - health.now < CERTIFICATE_URGENT_MS => urgent(AlarmKind::CertificateEnds),
        Some(at) if at - health.now < CERTIFICATE_MS => soon(AlarmKind::CertificateEnds),
        Some(_) => None,
    });
    let disks = health.disks.iter().map(|disk| {
        let kind = match disk.holds {
            Holds::Data => AlarmKind::DataDisk,
            Holds::Backups => AlarmKind::BackupDisk,
        };
        if disk.free < DISK_URGENT_BYTES {
            urgent(kind)
        } else if disk.free < DISK_BYTES {
            soon(kind)
        } else {
            None
        }
    });
    let mut alarms: Vec<Alarm> = [damaged.and_then(|_| urgent(AlarmKind::DatabaseDamaged)), backup]
        .into_iter()
        .chain(disks)
        .chain([certificate])
        .flatten()
        .collect();
    alarms.sort_by_key(|alarm| !alarm.urgent);
    alarms
}

#[cfg(test)]
mod tests;
