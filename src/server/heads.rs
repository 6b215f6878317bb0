//! The newest entry of the audit chain, day by day, in a file outside the database. Whoever has the database could make the chain anew; of what was copied
//! from here, or printed, he cannot.

use anyhow::{Context, Result};
use std::{
    io::Write,
    path::{Path, PathBuf},
};
use sync::wire::Witness;

use crate::{
    commands::{audit, serve::say},
    config::Config,
    day_text,
    state::App,
};

const FILE: &str = "audit-heads.txt";

/// Where the lines stand.
pub fn file(config: &Config) -> PathBuf {
    config.audit_heads.clone().unwrap_or_else(|| config.data_dir.join(FILE))
}

/// Adds a line and prints it: what a service prints is kept by others. A disk that is full is no reason not to serve.
pub async fn tell(app: &App) {
    match note(app).await {
        Ok(Some(line)) => say(&format!("Audit chain: {line}\n")),
        Ok(None) => {}
        Err(error) => {
            tracing::error!(cause = %format!("{error:#}"), "the audit chain's newest entry was not written down; tried again next night");
        }
    }
}

/// Adds a line, unless the last one says the same, and gives it back. The file is only ever added to.
///
/// # Errors
/// When the database or the file cannot be read, or the line does not reach the disk.
pub async fn note(app: &App) -> Result<Option<String>> {
    let head = app.db.audit_head().await?;
    if head.n == 0 {
        return Ok(None);
    }
    let (path, said) = (file(&app.config), format!("{}:{}", head.n, head.h));
    let line = format!("{} {said}", day_text::minute_of_ms(app.clock.now()));
    let added =
        tokio::task::spawn_blocking(move || add(&path, &said, &line).map(|is_new| is_new.then_some(line)));
    added.await?
}

fn add(path: &Path, said: &str, line: &str) -> Result<bool> {
    let cannot = || format!("the day's newest audit entry cannot be written to {}", path.display());
    let before =
        if path.exists() { std::fs::read_to_string(path).with_context(cannot)? } else { String::new() };
    if before.lines().next_back().is_some_and(|last| last.ends_with(said)) {
        return Ok(false);
    }
    // A line that broke off is ended first.
    let end = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).with_context(cannot)?;
    file.write_all(format!("{end}{line}\n").as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(cannot)?;
    Ok(true)
}

/// The entries that a file of them names.
///
/// # Errors
/// When it cannot be read, names none, or has a line that is none; says which.
pub fn read(path: &Path) -> Result<Vec<Witness>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut witnesses = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let last = line.split_whitespace().next_back().unwrap_or_default();
        let witness = audit::witness(last).map_err(|why| {
            format!(
                "{}, line {}: {why}; a line that broke off is to be taken out by hand",
                path.display(),
                at + 1
            )
        })?;
        witnesses.push(witness);
    }
    if witnesses.is_empty() {
        return Err(format!("{} names no entry: give a file that huifang serve wrote", path.display()));
    }
    Ok(witnesses)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    #[test]
    fn each_day_has_a_line_and_what_broke_off_spoils_no_other() {
        let folder = Folder::new();
        let path = folder.path().join(FILE);
        let said = |n: u64| format!("{n}:{}", "a".repeat(64));
        let line = |n: u64| format!("2026-11-2{n} 03:00 {}", said(n));
        assert!(add(&path, &said(1), &line(1)).unwrap());
        assert!(!add(&path, &said(1), &line(2)).unwrap(), "nothing happened since");
        assert!(add(&path, &said(2), &line(2)).unwrap());
        let numbers = |path| read(path).unwrap().iter().map(|witness| witness.n).collect::<Vec<_>>();
        assert_eq!(numbers(&path), [1, 2]);
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{whole}2026-11-23 03:0")).unwrap();
        assert!(add(&path, &said(4), &line(4)).unwrap());
        let why = read(&path).unwrap_err();
        assert!(why.contains("line 3") && why.contains("03:0 is no witness"), "{why}");
        assert!(read(&folder.path().join("none.txt")).unwrap_err().contains("none.txt"));
        std::fs::write(&path, "\n").unwrap();
        assert!(read(&path).unwrap_err().contains("names no entry"));
    }
}
