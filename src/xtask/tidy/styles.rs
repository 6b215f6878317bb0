//! Style sheets: each linked once, each in its layer, values from tokens.

use crate::app;
use anyhow::Result;
use std::{fs, path::Path};

pub(super) fn check(root: &Path, findings: &mut Vec<String>) -> Result<()> {
    let index = fs::read_to_string(root.join("src/client/index.html"))?;
    let mut files = Vec::new();
    app::collect_files(&root.join("style"), &mut files)?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "css"));
    for path in files {
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        let text = fs::read_to_string(&path)?;
        let links = index.matches(name.as_str()).count();
        if links != 1 {
            findings.push(format!("{name} is linked {links} times in index.html; link it once"));
        }
        if !text.lines().any(|line| line.starts_with("@layer")) {
            findings.push(format!("{name} opens no @layer"));
        }
        if !name.ends_with("tokens.css") {
            check_values(&name, &text, findings);
        }
    }
    Ok(())
}

fn check_values(name: &str, text: &str, findings: &mut Vec<String>) {
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with("/*")
            || line.starts_with('*')
            || line.starts_with("@media")
            || line.starts_with("@container")
        {
            continue;
        }
        let color = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '#')).any(is_hex_color);
        let declaration = line.contains(':') && line.ends_with(';');
        if declaration && color {
            findings.push(format!("{name}:{}: a raw colour; take a token", at + 1));
        }
        if line.contains("!important") {
            findings.push(format!("{name}:{}: !important; the layers decide", at + 1));
        }
        for physical in ["margin-left", "margin-right", "padding-left", "padding-right"] {
            if line.starts_with(physical) {
                findings.push(format!("{name}:{}: {physical}; use the logical property", at + 1));
            }
        }
    }
}

fn is_hex_color(word: &str) -> bool {
    let digits = word.strip_prefix('#').unwrap_or_default();
    matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit())
}
