//! What Trunk leaves to do: the worker gets a folder named by the build, the service worker its list, every file its `.br` and `.gz`.

use crate::{app, compress};
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Files that the app needs offline are all but these: they are the list itself and what only the server reads.
const NOT_PRECACHED: [&str; 2] = ["sw.js", ".stamp"];

/// Finishes `dist` for the build `build`.
pub(crate) fn finish(dist: &Path, build: &str) -> Result<()> {
    move_worker(dist, build)?;
    let files = precache(dist)?;
    write_service_worker(dist, build, &files)?;
    let mut all = Vec::new();
    app::collect_files(dist, &mut all)?;
    for file in all {
        compress::beside(&file)?;
    }
    Ok(())
}

/// Trunk never hashes worker files, so that a new app could meet an old cached worker: a folder per build keeps them together.
/// Inside, the files name each other relatively.
fn move_worker(dist: &Path, build: &str) -> Result<()> {
    let folder = format!("worker-{build}");
    let mut found = false;
    for name in file_names(dist)? {
        if name.starts_with("huifang-worker") {
            fs::create_dir_all(dist.join(&folder))?;
            fs::rename(dist.join(&name), dist.join(&folder).join(&name))?;
            found = true;
        }
    }
    ensure!(found, "Trunk made no huifang-worker files in {}", dist.display());
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).context("reading dist/index.html")?;
    ensure!(html.contains("__WORKER__"), "index.html has no place for the worker's folder");
    fs::write(&index, html.replace("__WORKER__", &folder))?;
    Ok(())
}

fn file_names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Path and content hash of every file that the service worker keeps.
fn precache(dist: &Path) -> Result<Vec<(String, String)>> {
    let mut paths: Vec<PathBuf> = Vec::new();
    app::collect_files(dist, &mut paths)?;
    let mut files = Vec::new();
    for path in paths {
        let name =
            path.strip_prefix(dist).expect("collected below dist").to_string_lossy().replace('\\', "/");
        if NOT_PRECACHED.contains(&name.as_str()) || name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let hash = app::hex(&Sha256::digest(fs::read(&path)?));
        let name = if name == "index.html" { "/".to_owned() } else { format!("/{name}") };
        files.push((name, hash[..16].to_owned()));
    }
    files.sort();
    Ok(files)
}

fn write_service_worker(dist: &Path, build: &str, files: &[(String, String)]) -> Result<()> {
    let path = dist.join("sw.js");
    let script = fs::read_to_string(&path).context("reading dist/sw.js")?;
    for place in ["__BUILD__", "__PRECACHE__"] {
        ensure!(script.contains(place), "sw.js has no {place}");
    }
    let list = serde_json::to_string(files)?;
    fs::write(&path, script.replace("__BUILD__", build).replace("__PRECACHE__", &list))?;
    fs::write(dist.join("precache.json"), list)?;
    Ok(())
}
