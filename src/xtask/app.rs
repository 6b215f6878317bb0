//! Building the web app into `dist/`, once per state of its sources.

use crate::{postbuild, shell, tools};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What the app is made of; a change anywhere here is a new build.
const SOURCES: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "public",
    "style",
    "src/client",
    "src/crypto",
    "src/domain",
    "src/sync",
];

/// Builds the app unless `dist/` already holds this state of the sources. Returns the folder.
pub(crate) fn build() -> Result<PathBuf> {
    let root = shell::root();
    let dist = root.join("dist");
    let stamp = sources_hash(&root)?;
    if fs::read_to_string(dist.join(".stamp")).is_ok_and(|built| built == stamp) {
        println!("The app is up to date in dist/.");
        return Ok(dist);
    }
    tools::web_build()?;
    let mut trunk = shell::command("trunk", &["build", "--offline", "--locked", "--cargo-profile", "web"]);
    // Trunk takes `true` or `false` here and stops at the usual `1`.
    trunk.env_remove("NO_COLOR");
    shell::run_command(trunk)?;
    postbuild::finish(&dist, &stamp[..16])?;
    fs::write(dist.join(".stamp"), &stamp).context("writing dist/.stamp")?;
    Ok(dist)
}

fn sources_hash(root: &Path) -> Result<String> {
    let mut files = Vec::new();
    for source in SOURCES {
        collect_files(&root.join(source), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        let name = file.strip_prefix(root).unwrap_or(&file).to_string_lossy().into_owned();
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(fs::read(&file).with_context(|| format!("reading {}", file.display()))?);
        hash.update([0]);
    }
    Ok(hex(&hash.finalize()))
}

/// Every file at or below `path`, in no order.
pub(crate) fn collect_files(path: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(|| format!("reading {}", path.display()))? {
            collect_files(&entry?.path(), into)?;
        }
    } else if path.is_file() {
        into.push(path.to_owned());
    }
    Ok(())
}

/// Lower-case hexadecimal text.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
