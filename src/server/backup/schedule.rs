//! Backups that the running server makes by itself, each verified at once.

use std::{path::PathBuf, sync::Arc, time::Duration};

use super::{
    BackupError,
    photos::Reread,
    seal::Recipient,
    shelf::Shelf,
    verify::{PhotosRead, verify_own},
    write::{self, Made, Making, Step},
};
use crate::{clock::Millis, heads, retention, state::App};

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
    /// To whom they are sealed; readable if there is nobody.
    pub to: Option<Recipient>,
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
        let made = rounds.one(&app, &schedule).await;
        app.noted.backup(app.clock.now(), made.is_ok());
        match made {
            Ok(name) => tracing::info!(backup = name, "backup made and verified"),
            Err(error) => tracing::error!(cause = %error, "no backup that phones can rely on"),
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
        let now = app.clock.now();
        let all_photos_at = self.all_photos_at.take();
        let is_all_due = all_photos_at.is_none_or(|at| now - at >= ALL_PHOTOS_MS);
        // What breaks off has read nothing for certain: the next one reads all.
        let read_at = if is_all_due { Some(now) } else { all_photos_at };
        let reread = if is_all_due { Reread::All } else { Reread::New };
        let making = match &schedule.to {
            // It is tried before it is sealed.
            Some(to) => Making { keep: Some(schedule.keep), to: Some(to), reread },
            None => Making { keep: None, to: None, reread },
        };
        let mut made = write::write(app, &shelf, making).await?;
        let verified = match &schedule.to {
            Some(_) => Ok(()),
            None => verify_and_rotate(app, &shelf, schedule.keep, is_all_due, &mut made).await,
        };
        say(&made);
        verified?;
        if let Some(at) = made.failed.iter().position(|(step, _)| *step == Step::Promise) {
            return Err(made.failed.swap_remove(at).1);
        }
        self.all_photos_at = read_at;
        Ok(made.found.name)
    }
}

/// Verifies a readable backup, and lets older ones go whatever came of it: the newest verified one stays, however many that are not whole come after it.
async fn verify_and_rotate(
    app: &App,
    shelf: &Arc<Shelf>,
    keep: usize,
    is_all_due: bool,
    made: &mut Made,
) -> Result<(), BackupError> {
    let read = match is_all_due {
        true => PhotosRead::Rest(std::mem::take(&mut made.read)),
        false => PhotosRead::Only(made.new_photos.union(&made.again).copied().collect()),
    };
    let verified = verify_own(app, shelf, &made.found, read).await;
    if let Err(error) = shelf.rotate(keep) {
        made.failed.push((Step::Rotate, error));
    }
    verified.map(|_| ())
}

/// Says in the log what a backup found amiss, what it mended, and what failed after it.
fn say(made: &Made) {
    let Made { again, elsewhere, replaced, failed, .. } = made;
    for (step, error) in failed {
        tracing::error!(cause = %error, "{step}");
    }
    if !again.is_empty() {
        tracing::warn!(
            photos = again.len(),
            "photos in the backup folder were damaged, sealed to another key or never noted: they were taken from the data again"
        );
    }
    if !elsewhere.is_empty() {
        tracing::error!(
            photos = elsewhere.len(),
            "photos of the backup are sealed to another key, and are lost in the data: keep the secret half of the earlier key"
        );
    }
    if !replaced.backups.is_empty() || replaced.photos > 0 {
        tracing::info!(backups = ?replaced.backups, photos = replaced.photos, "what lay readable in the backup folder is sealed");
    }
    if !replaced.anew.is_empty() {
        tracing::warn!(
            photos = replaced.anew.len(),
            "readable photos of earlier backups were damaged: they were sealed from the data"
        );
    }
    if !replaced.left.is_empty() {
        tracing::error!(left = ?replaced.left, "the backup folder holds something readable still");
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

/// What is done every night: the audit chain's newest entry is written down, names leave the lists for publication that are over, what an erasure left behind when it broke off goes, and the whole file of the database is read, so that what is wrong with it
/// is said in the log before the last backup from before that is let go.
pub async fn run_nightly(app: App) {
    loop {
        tokio::time::sleep(until_night(app.clock.now())).await;
        heads::tell(&app).await;
        if let Err(error) = app.db.forget_publications(app.clock.now()).await {
            tracing::error!(cause = %error, "the names could not be taken out of the lists for publication that are over");
        }
        match retention::finish(&app).await {
            Ok(0) => {}
            Ok(photos) => tracing::info!(
                photos,
                "photos that were kept for long enough, or that nothing attached, are removed"
            ),
            Err(error) => {
                tracing::error!(cause = %error, "photos that were kept for long enough could not be removed; tried again next night");
            }
        }
        let checked = app.db.quick_check().await;
        if let Ok(complaints) = &checked {
            app.noted.checked(app.clock.now(), complaints.is_empty());
        }
        match checked {
            Ok(complaints) if complaints.is_empty() => tracing::info!("the database is whole"),
            Ok(complaints) => tracing::error!(
                ?complaints,
                "the database is DAMAGED: stop the server, keep its folder, and restore the newest verified backup (docs/backup.md)"
            ),
            Err(error) => tracing::error!(cause = %error, "the database could not be checked"),
        }
    }
}

/// The time to the next three o'clock in China.
fn until_night(now: Millis) -> Duration {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    const NIGHT_MS: i64 = (3 - 8) * 60 * 60 * 1000;
    let wait = DAY_MS - (now - NIGHT_MS).rem_euclid(DAY_MS);
    Duration::from_millis(u64::try_from(wait).unwrap_or(0))
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
    fn the_night_is_three_o_clock_in_china() {
        /// 2026-11-24 00:00 in China.
        const MIDNIGHT: i64 = 1_795_449_600_000;
        const HOUR: u64 = 60 * 60;
        for (after_s, wait_s) in
            [(0, 3 * HOUR), (3 * HOUR, 24 * HOUR), (4 * HOUR, 23 * HOUR), (24 * HOUR, 3 * HOUR)]
        {
            assert_eq!(until_night(MIDNIGHT + 1_000 * after_s.cast_signed()), Duration::from_secs(wait_s));
        }
    }

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
