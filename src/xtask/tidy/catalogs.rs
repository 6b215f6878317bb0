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

fn keys(path: &Path) -> Result<BTreeSet<String>> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let catalog: Map<String, Value> =
        serde_json::from_str(&text).with_context(|| format!("parsing {}", path.display()))?;
    Ok(catalog.keys().cloned().collect())
}
