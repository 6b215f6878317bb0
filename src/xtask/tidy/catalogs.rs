//! Words: the same keys in every language, each used.

use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

pub(super) fn check(root: &Path, sources: &[PathBuf], findings: &mut Vec<String>) -> Result<()> {
    let locales = root.join("src/client/locales");
    let (first, second) = (locales.join("zh-CN"), locales.join("en"));
    let mut code = String::new();
    for path in sources.iter().filter(|path| path.starts_with(root.join("src/client"))) {
        code.push_str(&fs::read_to_string(path)?);
    }
    let mut slices: Vec<PathBuf> =
        fs::read_dir(&first)?.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    slices.sort();
    for slice in slices {
        let name = slice.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for mark in narrow_marks(&fs::read_to_string(&slice)?) {
            findings
                .push(format!("locales: zh-CN/{name}: `{mark}`: Chinese sentences take full-width marks"));
        }
        let (zh, en) = (keys(&slice)?, keys(&second.join(&name))?);
        for key in zh.symmetric_difference(&en) {
            findings.push(format!("locales: {name}: `{key}` is missing in one language"));
        }
        for key in zh.iter().filter(|key| !code.contains(key.as_str())) {
            findings.push(format!("locales: {name}: `{key}` is not used"));
        }
    }
    Ok(())
}

/// Half-width marks that stand after a Chinese character, with it.
fn narrow_marks(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let is_narrow = |c: char| matches!(c, ',' | ';' | ':' | '?' | '!' | '(' | ')');
    let pairs = chars.windows(2).filter(|pair| is_chinese(pair[0]) && is_narrow(pair[1]));
    pairs.map(|pair| pair.iter().collect()).collect()
}

fn keys(path: &Path) -> Result<BTreeSet<String>> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let catalog: Map<String, Value> =
        serde_json::from_str(&text).with_context(|| format!("parsing {}", path.display()))?;
    Ok(catalog.keys().cloned().collect())
}
