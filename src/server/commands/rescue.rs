//! `huifang import-outbox FILE`.

use serde_json::json;
use std::path::{Path, PathBuf};
use sync::wire::VerdictState;

use super::{Command, CommandError, Outcome};
use crate::{
    config::Config,
    rescue::{self, RESCUE_BYTES_MAX, Report, RescueError},
    state::App,
};

/// Imports what a phone could not send.
///
/// # Errors
/// When the file is none, another office's or damaged as a whole, or the system fails; single damaged pieces are an outcome.
pub async fn import(config: Config, file: &Path) -> Result<Outcome, CommandError> {
    super::check_there(&config)?;
    // The server that does it may stand in another folder than whoever asks.
    let file = std::path::absolute(file).map_err(|error| cannot_read(file, &error))?;
    super::on_folder(config, Command::ImportOutbox { file }).await
}

pub(super) async fn perform(app: &App, file: PathBuf) -> Result<Outcome, CommandError> {
    let name = file.display().to_string();
    let said = |error: RescueError| match error {
        RescueError::Api(error) => CommandError::System(error.into()),
        other => CommandError::Input(format!("{name}: {other}")),
    };
    let length = tokio::fs::metadata(&file).await.map_err(|error| cannot_read(&file, &error))?.len();
    if length > RESCUE_BYTES_MAX {
        return Err(said(RescueError::TooLarge(length)));
    }
    let bytes = tokio::fs::read(&file).await.map_err(|error| cannot_read(&file, &error))?;
    let read =
        tokio::task::spawn_blocking(move || rescue::read(&bytes)).await.map_err(anyhow::Error::from)?;
    let report = rescue::import(app, read.map_err(said)?, None).await.map_err(said)?;
    let text = in_words(&name, &report);
    Ok(Outcome { text, json: json!(report), has_errors: report.has_errors(), ..Outcome::default() })
}

fn cannot_read(file: &Path, error: &std::io::Error) -> CommandError {
    CommandError::Input(format!(
        "cannot read {}: {error}; a running server reads the file itself and must be allowed to",
        file.display()
    ))
}

fn in_words(name: &str, report: &Report) -> String {
    let count = |state| report.count(state);
    let mut text = format!(
        "{name}: the phone {} of {}\nsaves: {} applied, {} merged, {} held for a person, {} rejected, {} known before\n\
         unfinished visits: {}\nphotos: {} taken, {} here before\n",
        report.device,
        report.user,
        count(VerdictState::Applied),
        count(VerdictState::Merged),
        count(VerdictState::Held),
        count(VerdictState::Rejected),
        count(VerdictState::Duplicate),
        report.drafts.len(),
        report.photos.taken,
        report.photos.here_before,
    );
    for verdict in report.changesets.iter().filter(|verdict| verdict.st == VerdictState::Rejected) {
        let why = verdict.why.as_ref().map_or("", |why| why.word());
        text.push_str(&format!("rejected: changeset {} ({}): {why}\n", verdict.seq, verdict.id));
    }
    for rejected in &report.photos.rejected {
        text.push_str(&format!("rejected: photo {rejected}\n"));
    }
    for damaged in &report.damaged {
        text.push_str(&format!("damaged in the file and left out, the phone can still send it: {damaged}\n"));
    }
    text
}
