//! `huifang export LEDGER --out FILE.xlsx`: the same workbook that a desk downloads, made by the server that has the folder and written by
//! whoever asked for it.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crypto::b64;
use domain::day::Day;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Command, CommandError, Outcome, area, operator};
use crate::config::Config;
use crate::db::Caller;
use crate::error::ApiError;
use crate::ledger::Ledger;
use crate::routes::{
    exports::{LedgerWorkbook, unasked_workbook},
    ledgers::LedgerQuery,
};
use crate::state::App;

/// Which lines of which ledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    pub ledger: Ledger,
    /// The code of a village, or of an area above; everything if absent.
    pub village: Option<String>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// Whether ID numbers are printed in full; they are masked if not.
    pub full: bool,
    /// Why it is made: for numbers in full, and for more lines than leave the office without a second person.
    pub reason: Option<String>,
}

/// Makes a ledger and writes it to `out`, which is replaced only if it may be.
///
/// # Errors
/// When the file cannot be written or is there already, the folder lacks the village, or the system fails.
pub async fn export(
    config: Config,
    asked: Asked,
    out: &Path,
    may_replace: bool,
) -> Result<Outcome, CommandError> {
    super::check_there(&config)?;
    // The file comes first: an export that cannot be written would stand in the audit chain for nothing.
    let mut part = Part::open(out, may_replace)?;
    let mut outcome = super::on_folder(config, Command::Export(asked)).await?;
    let bytes = outcome.file.take().and_then(|text| b64::decode(&text).ok());
    part.finish(&bytes.ok_or_else(|| anyhow::anyhow!("the server sent no workbook"))?)?;
    outcome.json["file"] = json!(out);
    outcome.text = format!("{}: {}", out.display(), outcome.text);
    Ok(outcome)
}

/// Makes the workbook, with the command line as the one who asked.
pub(super) async fn perform(app: &App, asked: Asked) -> Result<Outcome, CommandError> {
    let area = match &asked.village {
        Some(code) => Some(area::find(app, code).await?.id.to_string()),
        None => None,
    };
    let query = LedgerQuery {
        area,
        from: asked.from.map(|day| day.to_string()),
        to: asked.to.map(|day| day.to_string()),
        full: asked.full,
        reason: asked.reason.clone(),
        ..LedgerQuery::default()
    };
    let who = operator::open(app).await?;
    let made = workbook(app, &who, asked.ledger, &query).await;
    app.db.close_session(&who, app.clock.now()).await?;
    let made = made?;
    let mut text = format!("{}, {}: {} lines", asked.ledger.title(), made.unit, made.lines);
    if made.lines == 0 {
        text.push_str(&format!("; {}, the file holds the heading only", asked.ledger.nothing()));
    }
    text.push('\n');
    let json = json!({
        "ledger": asked.ledger, "unit": made.unit, "lines": made.lines, "full": query.full,
        "from": asked.from, "to": asked.to, "totals": made.totals,
    });
    Ok(Outcome { text, json, file: Some(b64::encode(&made.bytes)), ..Outcome::default() })
}

async fn workbook(
    app: &App,
    who: &Caller,
    ledger: Ledger,
    query: &LedgerQuery,
) -> Result<LedgerWorkbook, CommandError> {
    let made = unasked_workbook(app, who, ledger, query).await;
    made.map_err(|error| match error {
        ApiError::BadRequest(why) => CommandError::Input(format!("{}: {why}", ledger.title())),
        ApiError::Refused("reason_missing", said) if said["rows"].is_u64() => CommandError::Input(format!(
            "{}: {} lines are more than the {} that leave the office unasked: say why, by --reason TEXT; it stays on record",
            ledger.title(),
            said["rows"],
            said["limit"]
        )),
        ApiError::Refused("reason_missing", _) => CommandError::Input(
            "full ID numbers need a reason of two letters or more: --reason TEXT".to_owned(),
        ),
        other => CommandError::System(other.into()),
    })
}

/// A file under way beside the one it becomes: whoever reads that one never sees half of it. Gone unless it is finished.
pub(super) struct Part {
    file: File,
    path: PathBuf,
    out: PathBuf,
}

impl Part {
    pub(super) fn open(out: &Path, may_replace: bool) -> Result<Part, CommandError> {
        if out.is_dir() {
            return Err(CommandError::Input(format!("{} is a folder: name a file in it", out.display())));
        }
        if out.exists() && !may_replace {
            return Err(CommandError::Input(format!(
                "{} exists already: name another file, or replace it with --overwrite",
                out.display()
            )));
        }
        let name = out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let path = out.with_file_name(format!(".{name}.{}.part", std::process::id()));
        // Names and needs of families are nobody's but the owner's to read.
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let file = file.map_err(|error| cannot_write(out, &error))?;
        Ok(Part { file, path, out: out.to_owned() })
    }

    pub(super) fn finish(&mut self, bytes: &[u8]) -> Result<(), CommandError> {
        self.file
            .write_all(bytes)
            .and_then(|()| self.file.sync_all())
            .and_then(|()| fs::rename(&self.path, &self.out))
            .map_err(|error| cannot_write(&self.out, &error))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn cannot_write(out: &Path, error: &std::io::Error) -> CommandError {
    CommandError::Input(format!(
        "cannot write {}: {error}; name a file in a folder that is there and may be written",
        out.display()
    ))
}
