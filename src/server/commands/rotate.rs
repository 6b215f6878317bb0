//! `huifang rotate-key`: another server key takes the place of the present one.
//!
//! First the new key stands in the key file, before the old; then one transaction seals everything to it. Whatever breaks off between, the next start of a
//! server or of this command brings to its end.

use anyhow::Context;
use serde_json::json;
use std::sync::Arc;

use super::{CommandError, Outcome};
use crate::{
    clock::Clock,
    config::Config,
    db::{Database, Rekeyed, SqlDatabase, StaleSeals, snapshot::Snapshot},
    folder,
    keys::Keys,
};

/// Exchanges the key, or with `forgets` lets the earlier ones go.
///
/// # Errors
/// When a server is at work, the key is not at hand, or a file or the database cannot be written; the data is then one key's or the other's, and opens.
pub async fn rotate(config: Config, forgets: bool) -> Result<Outcome, CommandError> {
    super::check_there(&config)?;
    let at_work = || {
        CommandError::Input(format!(
            "a server or command is at work on {}: stop all of them, exchange the key, and start them again",
            config.data_dir.display()
        ))
    };
    let Some(_lock) = folder::lock(&config)? else { return Err(at_work()) };
    if let Some(url) = &config.postgres {
        let mut database = Snapshot::open_postgres(url).await?;
        let others = database.others().await;
        database.close().await;
        if others? > 0 {
            return Err(at_work());
        }
    }
    let now = Clock::default().now();
    let (db, keys, finished) = opened(&config, now).await?;
    let outcome = match finished {
        Some(rekeyed) => Ok(exchanged(&config, &keys, rekeyed, "An exchange that broke off is at its end.")),
        None if forgets => forget(&config, &db, &keys, now).await,
        None => {
            db.close().await;
            let keys = Keys::read(&config.key_file)?.context("the key file is gone")?;
            keys.put_new_first(&config.key_file)?;
            let (db, keys, done) = opened(&config, now).await?;
            db.close().await;
            let rekeyed = done.context("the database is another key's")?;
            return Ok(exchanged(&config, &keys, rekeyed, "The server key is exchanged."));
        }
    };
    db.close().await;
    outcome
}

/// The database, and what had to be brought to its end first.
async fn opened(
    config: &Config,
    now: i64,
) -> Result<(SqlDatabase, Arc<Keys>, Option<Rekeyed>), CommandError> {
    let keys = Keys::read(&config.key_file)?.map(Arc::new).ok_or_else(|| {
        CommandError::Input(format!(
            "the server key is not at {}: put your copy of it there, or name its place with --key-file",
            config.key_file.display()
        ))
    })?;
    let db = folder::open_database(config, &keys).await?;
    let finished = folder::settle_key(config, &db, now).await?;
    Ok((db, keys, finished))
}

fn exchanged(config: &Config, keys: &Keys, rekeyed: Rekeyed, what: &str) -> Outcome {
    let earlier: Vec<&str> = keys.earlier_kids().collect();
    let mut text = format!(
        "{what} It is {} now, and {} values are sealed to it.\n\
         Copy {} to the safe now, and to every other process of this office. Keep the copy from before as well, as long as a backup from before is kept.\n\
         Phones seal to the new key from their next contact on, and take all files again then. What they sealed before opens still, by {}, which stays in \
         that file until `huifang rotate-key --forget-earlier`.\n\
         Codes for new devices that were not used yet are void: give others.\n",
        keys.kid(),
        rekeyed.values,
        config.key_file.display(),
        earlier.join(", "),
    );
    if rekeyed.unread > 0 {
        text.push_str(&format!(
            "{} values are sealed to a key that is not here; they were not readable before either.\n",
            rekeyed.unread
        ));
    }
    let json =
        json!({"key": keys.kid(), "earlier": earlier, "values": rekeyed.values, "unread": rekeyed.unread});
    Outcome { text, json, ..Outcome::default() }
}

async fn forget(config: &Config, db: &SqlDatabase, keys: &Keys, now: i64) -> Result<Outcome, CommandError> {
    let earlier: Vec<&str> = keys.earlier_kids().collect();
    if earlier.is_empty() {
        let text =
            format!("There is no earlier key: {} holds {} alone.\n", config.key_file.display(), keys.kid());
        return Ok(Outcome { text, json: json!({"key": keys.kid(), "forgotten": []}), ..Outcome::default() });
    }
    let StaleSeals { devices, uploads, unread } = db.clear_earlier_keys(now).await?;
    if !devices.is_empty() || uploads > 0 {
        let mut text = format!("{} must stay: what is sealed to it may still come.\n", earlier.join(", "));
        for device in &devices {
            text.push_str(&format!("- {device} has not said that it seals to {}\n", keys.kid()));
        }
        if uploads > 0 {
            text.push_str(&format!("- {uploads} photos are under way\n"));
        }
        text.push_str("Each says so at its second contact after the exchange, unlocked and with the app of this version. A device that is lost: revoke it (`huifang device set`).\n");
        let json = json!({"key": keys.kid(), "forgotten": [], "devices": devices, "uploads": uploads});
        return Ok(Outcome { text, json, has_errors: true, ..Outcome::default() });
    }
    Keys::forget_earlier(&config.key_file)?;
    let mut text = format!(
        "{} is forgotten; {} holds {} alone.\n\
         Recovery codes from before the exchange are void, and so are rescue files that phones wrote before it. Backups from before it need the copy of the earlier key.\n",
        earlier.join(", "),
        config.key_file.display(),
        keys.kid()
    );
    if unread > 0 {
        text.push_str(&format!("{unread} values are sealed to a key that was not here.\n"));
    }
    let json = json!({"key": keys.kid(), "forgotten": earlier, "unread": unread});
    Ok(Outcome { text, json, ..Outcome::default() })
}
