//! `huifang backup DIR`, `verify-backup DIR` and `restore DIR`.

use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Command, CommandError, Outcome};
use crate::{
    backup::{
        BackupError, check_is_file,
        dump::{self, Judged, Photos, Reopened},
        manifest::KEY_NOTE,
        photos::Reread,
        restore::{self, Restored},
        seal::{Identities, Recipient},
        shelf::{Found, Shelf, pick},
        verify::{self, Looked, PhotosRead, Whole},
        write::{self, Made, Making, Step},
    },
    clock::Clock,
    config::{Config, PostgresUrl},
    day_text::minute_of_ms,
    folder,
    keys::Keys,
    state::App,
};

impl From<BackupError> for CommandError {
    fn from(error: BackupError) -> CommandError {
        if error.is_input() {
            CommandError::Input(error.to_string())
        } else {
            CommandError::System(error.into())
        }
    }
}

/// Makes a backup of a folder, whether a server runs on it or not.
///
/// # Errors
/// When there is nothing to back up, or the backup could not be made.
pub async fn back_up(
    config: Config,
    dir: &Path,
    keep: Option<usize>,
    to: Option<Recipient>,
) -> Result<Outcome, CommandError> {
    check_is_file(&config)?;
    super::check_there(&config)?;
    super::on_folder(config, Command::Backup { dir: absolute(dir)?, keep, to }).await
}

/// Verifies a backup. Where the data folder is there too, what the backup contains is durable afterwards.
///
/// # Errors
/// When the backup is not whole, or another's.
pub async fn verify(
    config: Config,
    dir: &Path,
    restored: Option<PostgresUrl>,
    identity: Option<&Path>,
) -> Result<Outcome, CommandError> {
    let dir = absolute(dir)?;
    if let Some(restored) = restored {
        return verify_dump(config, &restored, &dir).await;
    }
    check_is_file(&config)?;
    if let Some(identity) = identity {
        return open_and_verify(&config, &dir, identity).await;
    }
    if config.database_file().exists() && !config.restore_mark().exists() {
        return super::on_folder(config, Command::VerifyBackup { dir }).await;
    }
    let (shelf, found) = pick(&dir)?;
    if found.is_sealed() {
        return look_at_sealed(shelf, &found).await;
    }
    let keys = keys_of(&config, &found)?;
    let whole = verify::verify(&Arc::new(shelf), &found, keys.as_ref(), PhotosRead::All).await?;
    verify::note_whole(&found, Clock::default().now())?;
    let mut outcome = verified(&found, &whole, None);
    outcome.text.push_str(&format!(
        "There is no database in {}: what phones may forget has not changed.\n",
        config.data_dir.display()
    ));
    Ok(outcome)
}

/// The server key, if it is at hand; never another's.
fn keys_of(config: &Config, found: &Found) -> Result<Option<Arc<Keys>>, CommandError> {
    let keys = Keys::read(&config.key_file)?.map(Arc::new);
    if let Some(keys) = &keys {
        verify::check_key(found, keys, &config.key_file)?;
    }
    Ok(keys)
}

/// A sealed backup with the key at hand. It was promised to the phones when it was made, so that no server is asked.
async fn open_and_verify(config: &Config, dir: &Path, identity: &Path) -> Result<Outcome, CommandError> {
    let (shelf, found) = pick(dir)?;
    let keys = keys_of(config, &found)?;
    let identities = Some(Arc::new(Identities::read(identity)?));
    let whole = verify::verify_sealed(&Arc::new(shelf), &found, keys.as_ref(), identities).await?;
    verify::note_whole(&found, Clock::default().now())?;
    Ok(verified(&found, &whole, None))
}

async fn look_at_sealed(shelf: Shelf, found: &Found) -> Result<Outcome, CommandError> {
    let Looked { photos, elsewhere, unnoted } = verify::look_at_sealed(&Arc::new(shelf), found).await?;
    let to = found.manifest.sealed.as_ref().map(|seal| seal.to.as_str()).unwrap_or_default();
    let mut text = format!(
        "{} is sealed to {to}, and nothing of it is damaged or missing: the database and {photos} photos. It was tried before it was sealed.
         Whether its key still opens it shows a trial with that key: `huifang verify-backup DIR --identity FILE`.\n",
        found.name
    );
    if elsewhere > 0 {
        text.push_str(&format!(
            "{elsewhere} of the photos are sealed to another key: keep its secret half too.\n"
        ));
    }
    if unnoted > 0 {
        text.push_str(&format!(
            "Of {unnoted} photos it is known only that they are there: an earlier version kept no list of seals. The next backup seals them again.\n"
        ));
    }
    let json = json!({
        "name": found.name, "path": found.path, "head": found.manifest.head, "photos": photos, "sealed": to,
        "photos_elsewhere": elsewhere, "photos_unnoted": unnoted,
    });
    Ok(Outcome { text, json, ..Outcome::default() })
}

/// Restores a backup into an empty data folder.
///
/// # Errors
/// When the folder is not empty or in use, the key is missing, or the backup is not whole.
pub async fn restore(
    config: Config,
    dir: &Path,
    lost_key: bool,
    identity: Option<&Path>,
) -> Result<Outcome, CommandError> {
    let dir = absolute(dir)?;
    let identities = identity.map(Identities::read).transpose()?.map(Arc::new);
    if let Some(own) = &config.postgres {
        if lost_key {
            return Err(CommandError::Input("--lost-key is for a database in a file only".to_owned()));
        }
        let reopened = dump::reopen(&config, own, &dir, Clock::default().now()).await?;
        return Ok(reopened_in_words(&reopened));
    }
    let restored = restore::restore(&config, &dir, lost_key, identities, Clock::default().now()).await?;
    Ok(in_words(&config, &restored))
}

async fn verify_dump(config: Config, restored: &PostgresUrl, photos: &Path) -> Result<Outcome, CommandError> {
    let Some(own) = config.postgres.clone() else {
        let said = "--restored names a PostgreSQL, but the database here is a file: leave it out, or name the database with --database";
        return Err(CommandError::Input(said.to_owned()));
    };
    let (app, _) = folder::open(config, Clock::default()).await?;
    let Judged { backup, photos, opened, marks } = dump::verify(&app, &own, restored, photos).await?;
    let text = format!(
        "The dump is whole: head {}, every audit entry, {}; {opened} sealed values opened\n\
         Phones may now forget what it contains ({marks} devices' outboxes): keep the dump, the photos and the server key.\n",
        backup.head,
        photos_in_words(photos)
    );
    let json = json!({
        "name": backup.name, "head": backup.head, "photos": photos.whole, "photos_missing": photos.missing, "opened": opened, "marks": marks,
    });
    Ok(Outcome { text, json, has_errors: photos.missing > 0, ..Outcome::default() })
}

fn reopened_in_words(reopened: &Reopened) -> Outcome {
    let Reopened { head, epoch, photos } = reopened;
    let text = format!(
        "The database goes on from {head} in epoch {epoch}, with {}.\n\
         What came after the dump is gone here. Phones send what they still have at their next sync.\n\
         Look again at what the office decided since: devices revoked, passwords and areas changed, accounts made.\n",
        photos_in_words(*photos)
    );
    let json =
        json!({"head": head, "epoch": epoch, "photos": photos.whole, "photos_missing": photos.missing});
    Outcome { text, json, has_errors: photos.missing > 0, ..Outcome::default() }
}

fn photos_in_words(Photos { whole, missing }: Photos) -> String {
    match missing {
        0 => format!("{whole} photos"),
        _ => format!("{whole} photos ({missing} more are missing in the data folder too)"),
    }
}

pub(super) async fn perform_back_up(
    app: &App,
    dir: PathBuf,
    keep: Option<usize>,
    to: Option<Recipient>,
) -> Result<Outcome, CommandError> {
    let shelf = Arc::new(Shelf::for_writing(&dir, &app.config.data_dir)?);
    let made = write::write(app, &shelf, Making { keep, to: to.as_ref(), reread: Reread::All }).await?;
    let manifest = &made.found.manifest;
    let rows: u64 = manifest.tables.values().sum();
    let mut text = format!(
        "{}: {rows} rows up to {}, {} photos ({} new)\n{KEY_NOTE}\n",
        made.found.path.display(),
        manifest.head,
        manifest.photos,
        made.new_photos.len(),
    );
    let is_promised = made.failed.iter().all(|(step, _)| *step != Step::Promise);
    match (&made.whole, &manifest.sealed) {
        (Some(_), Some(seal)) if !is_promised => {
            text.push_str(&format!("It was restored on trial and found whole, then sealed to {}.\n", seal.to));
        }
        (Some(whole), Some(seal)) => text.push_str(&format!(
            "It was restored on trial and found whole, then sealed to {}. Phones may now forget what it contains ({} devices' outboxes).\n",
            seal.to,
            whole.marks.len()
        )),
        _ => text.push_str(&format!("Not verified yet: `huifang verify-backup {}`\n", dir.display())),
    }
    if !manifest.photos_missing.is_empty() {
        let lost: Vec<String> = manifest.photos_missing.iter().map(ToString::to_string).collect();
        text.push_str(&format!(
            "{} photos that the database speaks of are missing in the data folder; an older backup may have them: {}\n",
            lost.len(),
            lost.join(", ")
        ));
    }
    if is_same_disk(&app.config.data_dir, &dir) {
        text.push_str("It lies on the disk of the data and is lost with that disk: copy the whole folder elsewhere too.\n");
    }
    if !made.gone.is_empty() {
        text.push_str(&format!("Removed: {}\n", made.gone.join(", ")));
    }
    text.push_str(&amiss_in_words(&made));
    let failed: Vec<String> = made.failed.iter().map(|(step, error)| format!("{step}: {error}")).collect();
    let json = json!({
        "name": made.found.name, "path": made.found.path, "manifest": manifest, "new_photos": made.new_photos.len(), "removed": made.gone,
        "photos_again": made.again, "photos_elsewhere": made.elsewhere, "replaced": made.replaced.backups, "sealed_anew": made.replaced.anew,
        "readable": made.replaced.left, "failed": failed,
    });
    let is_whole = manifest.photos_missing.is_empty() && made.elsewhere.is_empty();
    let has_errors = !is_whole || !made.replaced.left.is_empty() || !failed.is_empty();
    Ok(Outcome { text, json, has_errors, ..Outcome::default() })
}

/// What a backup found amiss, what it replaced, and what failed after it.
fn amiss_in_words(made: &Made) -> String {
    let Made { again, elsewhere, replaced, failed, .. } = made;
    let mut text = String::new();
    let mut say = |is_so: bool, said: String| {
        if is_so {
            text.push_str(&said);
        }
    };
    say(
        !again.is_empty(),
        format!(
            "{} photos here were damaged, sealed to another key or never noted: they were taken from the data again.\n",
            again.len()
        ),
    );
    say(
        !elsewhere.is_empty(),
        format!(
            "{} photos are sealed to another key, and are lost in the data: keep the secret half of the earlier key. They are not promised.\n",
            elsewhere.len()
        ),
    );
    say(
        !replaced.backups.is_empty() || replaced.photos > 0,
        format!(
            "What lay here readable is sealed too: {} backups, {} photos.\n",
            replaced.backups.len(),
            replaced.photos
        ),
    );
    say(
        !replaced.anew.is_empty(),
        format!("{} readable photos were damaged: they were sealed from the data.\n", replaced.anew.len()),
    );
    for (step, error) in failed {
        say(true, format!("FAILED: {step}: {error}\n"));
    }
    say(!replaced.left.is_empty(), format!("STILL READABLE here: {}\n", replaced.left.join("; ")));
    text
}

pub(super) async fn perform_verify(app: &App, dir: PathBuf) -> Result<Outcome, CommandError> {
    let (shelf, found) = pick(&dir)?;
    if found.is_sealed() {
        return look_at_sealed(shelf, &found).await;
    }
    let whole = verify::verify_own(app, &Arc::new(shelf), &found, PhotosRead::All).await?;
    Ok(verified(&found, &whole, Some(whole.marks.len())))
}

fn verified(found: &Found, whole: &Whole, marks: Option<usize>) -> Outcome {
    let manifest = &found.manifest;
    let key = match whole.opened {
        Some(opened) => format!("{opened} sealed values opened"),
        None => "the server key was not at hand, so nothing sealed was opened".to_owned(),
    };
    let mut text = format!(
        "{} of {} is whole: restored on trial, head {}, every row and audit entry, {} photos; {key}\n",
        found.name,
        minute_of_ms(manifest.made_at),
        manifest.head,
        manifest.photos
    );
    if let Some(marks) = marks {
        text.push_str(&format!(
            "Phones may now forget what it contains ({marks} devices' outboxes): keep this folder.\n"
        ));
    }
    let json = json!({
        "name": found.name, "path": found.path, "head": manifest.head, "photos": manifest.photos, "opened": whole.opened, "marks": marks,
    });
    Outcome { text, json, ..Outcome::default() }
}

fn in_words(config: &Config, restored: &Restored) -> Outcome {
    let Restored { found, epoch, photos, key_made } = restored;
    let made = minute_of_ms(found.manifest.made_at);
    let mut text = format!(
        "Restored {} of {made} into {}: {photos} photos, epoch {epoch}.\n\
         What came after {made} is gone here. Phones send what they still have at their next sync.\n\
         Look again at what the office decided since: devices revoked, passwords and areas changed, accounts made.\n",
        found.name,
        config.data_dir.display()
    );
    if *key_made {
        text.push_str(&format!(
            "A new server key was made: {}. Copy it to a safe place. What was sealed to the old one stays unreadable.\n",
            config.key_file.display()
        ));
    }
    let json: Value = json!({
        "name": found.name, "made_at": found.manifest.made_at, "head": found.manifest.head, "epoch": epoch, "photos": photos,
        "key_made": key_made,
    });
    Outcome { text, json, ..Outcome::default() }
}

/// The server that does it may stand in another folder than whoever asks.
fn absolute(dir: &Path) -> Result<PathBuf, CommandError> {
    std::path::absolute(dir).map_err(|_| CommandError::Input("give the folder of the backups".to_owned()))
}

fn is_same_disk(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let disk = |path: &Path| std::fs::metadata(path).map(|meta| meta.dev()).ok();
    disk(a).is_some() && disk(a) == disk(b)
}
