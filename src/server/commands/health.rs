//! `huifang health`.

use serde_json::json;
use std::fmt::Write;

use super::{CommandError, Outcome};
use crate::{
    day_text::{day_of_ms, minute_of_ms},
    health::{self, AlarmKind, Health, Holds},
    state::App,
};

pub(super) async fn look(app: &App) -> Result<Outcome, CommandError> {
    let health = health::look(app).await?;
    let mut text = String::new();
    for alarm in &health.alarms {
        let how = if alarm.urgent { "ALARM" } else { "soon " };
        let _ = writeln!(text, "{how}  {}", sentence(alarm.kind));
    }
    if health.alarms.is_empty() {
        text.push_str("nothing to see to\n");
    }
    facts(&mut text, &health);
    Ok(Outcome { text, has_errors: !health.alarms.is_empty(), json: json!(health), ..Outcome::default() })
}

fn facts(text: &mut String, health: &Health) {
    let mut fact = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<12} {value}");
    };
    fact("version", health.version.to_owned());
    fact("database", health.database.to_owned());
    if let Some(checked) = health.checked {
        let found = if checked.is_whole { "whole" } else { "DAMAGED" };
        fact("read through", format!("{}, {found}", minute_of_ms(checked.at)));
    }
    fact("backup", health.backup_at.map_or_else(|| "none verified".to_owned(), minute_of_ms));
    for disk in &health.disks {
        let holds = match disk.holds {
            Holds::Data => "data disk",
            Holds::Backups => "backup disk",
        };
        fact(holds, format!("{} of {} GiB free", disk.free >> 30, disk.all >> 30));
    }
    if let Some(certificate) = health.certificate {
        let ends = certificate.ends_at.map_or_else(|| "cannot be read".to_owned(), day_of_ms);
        fact("certificate", format!("until {ends}"));
    }
}

fn sentence(kind: AlarmKind) -> &'static str {
    match kind {
        AlarmKind::DatabaseDamaged => {
            "the database is damaged: stop the server, keep its folder, restore the newest verified backup"
        }
        AlarmKind::BackupNone => "no backup was ever verified: begin with huifang serve --backup-dir DIR",
        AlarmKind::BackupOld => {
            "the newest verified backup is older than a day: see the log for why the later ones failed"
        }
        AlarmKind::BackupFailed => "the last backup failed: see the log; the next is tried at its time",
        AlarmKind::DataDisk => {
            "the disk below the data folder fills up: make room, or move the photos to a bucket"
        }
        AlarmKind::BackupDisk => {
            "the disk below the backups fills up: make room, or keep fewer (--backup-keep)"
        }
        AlarmKind::CertificateEnds => {
            "the certificate ends soon: renew it, for phones will not talk to the server without"
        }
        AlarmKind::CertificateUnreadable => {
            "the certificate cannot be read: see that --certificate names its file (PEM) and that the server may read it"
        }
    }
}
