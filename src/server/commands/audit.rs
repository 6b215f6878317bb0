//! `huifang verify-audit`.

use serde_json::json;
use std::path::PathBuf;
use sync::wire::Witness;

use super::{Command, CommandError, Outcome};
use crate::{
    backup::shelf::{Listing, Shelf},
    config::Config,
    heads,
    state::App,
};

/// Digits of a hash that a witness must name: 64 bit.
const DIGITS_MIN: usize = 16;

/// Reads `57:ab12…` as a phone shows it.
///
/// # Errors
/// When it is no number, a colon and 16 to 64 digits of a hash; says so.
pub fn witness(text: &str) -> Result<Witness, String> {
    let said = format!(
        "{text} is no witness: give the entry's number and 16 to 64 digits of its hash, such as 57:ab12cd34ef567890"
    );
    let (n, h) = text.split_once(':').ok_or(&said)?;
    let n = n.trim().parse().map_err(|_| said.clone())?;
    let h = h.trim().to_ascii_lowercase();
    let is_hash = (DIGITS_MIN..=64).contains(&h.len()) && h.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hash { Ok(Witness { n, h }) } else { Err(said) }
}

/// Reads the chain of a folder, whether a server runs on it or not.
///
/// # Errors
/// When there is no database, or no backup or head where some were named.
pub async fn check(
    config: Config,
    mut witnesses: Vec<Witness>,
    backups: Option<PathBuf>,
    heads: Option<PathBuf>,
) -> Result<Outcome, CommandError> {
    super::check_there(&config)?;
    if let Some(file) = heads {
        witnesses.extend(heads::read(&file).map_err(CommandError::Input)?);
    }
    let backups = backups.map(std::path::absolute).transpose().map_err(anyhow::Error::from)?;
    super::on_folder(config, Command::VerifyAudit { witnesses, backups }).await
}

pub(super) async fn verify(
    app: &App,
    mut witnesses: Vec<Witness>,
    backups: Option<PathBuf>,
) -> Result<Outcome, CommandError> {
    if let Some(dir) = backups {
        let listing = if dir.is_dir() { Shelf::for_reading(&dir)?.list()? } else { Listing::default() };
        if listing.found.is_empty() {
            return Err(CommandError::Input(format!("there is no backup in {}", dir.display())));
        }
        witnesses
            .extend(listing.found.into_iter().map(|found| found.manifest.audit).filter(|head| head.n > 0));
    }
    let report = app.db.verify_chain(&witnesses).await?;
    let mut text = format!("entry {}, hash {}\n", report.head.n, report.head.h);
    if report.flaws.is_empty() {
        text.push_str("The audit chain holds from the first entry to the last.\n");
        text.push_str(&match witnesses.len() {
            0 => "Nobody outside was asked: a chain made anew as a whole is found by --witness, --heads or --backups only.\n".to_owned(),
            asked => format!("{} of {asked} witnesses agree.\n", report.agreeing),
        });
    } else {
        text.push_str("The audit chain is not what it was:\n");
        for flaw in &report.flaws {
            text.push_str(&format!("- {flaw}\n"));
        }
        text.push_str("Stop the server, copy the data folder as it is, and lay it beside the backups: restore one on trial, and compare its entries with these.\n");
    }
    if report.differing > 0 {
        text.push_str(&format!("{} times a phone said that it had seen another chain: list these at the desk under 设备, or look for witness_differs.\n", report.differing));
    }
    let has_errors = !report.flaws.is_empty();
    Ok(Outcome { text, json: json!(report), has_errors, ..Outcome::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_is_a_number_and_digits_of_a_hash() {
        assert_eq!(witness("57:AB12cd34ef567890"), Ok(Witness { n: 57, h: "ab12cd34ef567890".to_owned() }));
        for bad in
            ["", "57", "57:", "57:ab12", "x:ab12cd34ef567890", "57:gb12cd34ef567890", "-1:ab12cd34ef567890"]
        {
            assert!(witness(bad).unwrap_err().starts_with(&format!("{bad} is no witness")), "{bad}");
        }
        assert!(witness(&format!("1:{}", "a".repeat(65))).is_err());
    }
}
