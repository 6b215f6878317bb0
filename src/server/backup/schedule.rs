//! Backups that the running server makes by itself, each verified at once.

use std::{path::PathBuf, sync::Arc, time::Duration};

use super::{
    BackupError,
    shelf::Shelf,
    verify::{PhotosRead, verify_own},
    write,
};
use crate::{clock::Millis, state::App};

/// How often every photo of the folder is read again, not only the new ones.
const ALL_PHOTOS_MS: Millis = 24 * 60 * 60 * 1000;
/// A server without a verified backup of this age says so in its log.
const OLD_MS: Millis = 24 * 60 * 60 * 1000;
const WATCH_EVERY: Duration = Duration::from_secs(6 * 60 * 60);

/// Where, how often, and how many.
#[derive(Clone, Debug)]
pub struct Schedule {
    pub dir: PathBuf,
    pub every: Duration,
    pub keep: usize,
}

/// What a server's own backups remember from one to the next.
#[derive(Debug, Default)]
pub struct Rounds {
    all_photos_at: Option<Millis>,
}

/// Makes backups until the process ends. A failure is logged, and the next is tried at its time.
pub async fn run(app: App, schedule: Schedule) {
    let mut rounds = Rounds::default();
    let mut due = tokio::time::interval(schedule.every);
    due.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        due.tick().await;
        match rounds.one(&app, &schedule).await {
            Ok(name) => tracing::info!(backup = name, "backup made and verified"),
            Err(error) => tracing::error!(cause = %error, "no backup"),
        }
    }
}

impl Rounds {
    /// Makes a backup, verifies it, and lets older ones go.
    ///
    /// # Errors
    /// When it could not be made or is not whole.
    pub async fn one(&mut self, app: &App, schedule: &Schedule) -> Result<String, BackupError> {
        let shelf = Arc::new(Shelf::for_writing(&schedule.dir, &app.config.data_dir)?);
        let made = write::write(app, &shelf, None).await?;
        let now = app.clock.now();
        let is_all_due = self.all_photos_at.is_none_or(|at| now - at >= ALL_PHOTOS_MS);
        let read = if is_all_due { PhotosRead::All } else { PhotosRead::Only(made.new_photos) };
        let verified = verify_own(app, &shelf, &made.found, read).await;
        // The newest verified one stays, however many that are not whole come after it.
        shelf.rotate(schedule.keep)?;
        verified?;
        if is_all_due {
            self.all_photos_at = Some(now);
        }
        Ok(made.found.name)
    }
}

/// Says in the log, now and then, that the newest verified backup is old.
pub async fn watch(app: App) {
    let mut due = tokio::time::interval(WATCH_EVERY);
    due.tick().await;
    loop {
        due.tick().await;
        match age(&app).await {
            Ok(Some(age_ms)) if age_ms < OLD_MS => {}
            Ok(_) => tracing::warn!("no backup was verified in the last day; see docs/backup.md"),
            Err(error) => tracing::error!(cause = %error, "cannot tell the age of the newest backup"),
        }
    }
}

/// How long ago the newest verified backup was made.
///
/// # Errors
/// When the database fails.
pub async fn age(app: &App) -> Result<Option<Millis>, BackupError> {
    Ok(app.db.last_backup().await?.map(|backup| app.clock.now() - backup.made_at))
}

/// Reads `15min`, `2h`, `90s`, `1d`.
///
/// # Errors
/// When it is none of these, or shorter than a second.
pub fn parse_every(text: &str) -> Result<Duration, String> {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let seconds = match unit.trim() {
        "s" => 1,
        "min" | "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => 0,
    };
    let number: u64 = number.parse().unwrap_or(0);
    match number.checked_mul(seconds) {
        Some(seconds @ 1..) => Ok(Duration::from_secs(seconds)),
        _ => Err("give a number and a unit, such as 15min, 2h or 1d".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_between_backups_has_a_unit() {
        for (text, seconds) in
            [("90s", 90), ("15min", 900), ("15m", 900), ("2h", 7200), ("1d", 86_400), ("5 min", 300)]
        {
            assert_eq!(parse_every(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in
            ["", "15", "min", "0min", "-5min", "1.5h", "1w", "99999999999999999999d", "9999999999999999d"]
        {
            assert!(parse_every(text).is_err(), "{text}");
        }
    }
}
