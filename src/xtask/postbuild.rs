//! What Trunk leaves to do: the style sheets become one, the worker gets a folder named by the build, the service worker its list, every
//! file its `.br` and `.gz`.

use crate::{app, compress};
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Files that the app needs offline are all but these: they are the list itself and what only the server reads.
const NOT_PRECACHED: [&str; 2] = ["sw.js", ".stamp"];
/// Nor does it need the icons of the home screen: the browser fetches and keeps them itself when the app is installed.
const HOME_SCREEN: &str = "icon-";

/// Finishes `dist` for the build `build`.
pub(crate) fn finish(dist: &Path, build: &str) -> Result<()> {
    join_styles(dist)?;
    unseal_preload(dist)?;
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

/// Many small style sheets pack badly one by one, and each costs a request and a line in every list: one holds them all, in their order.
fn join_styles(dist: &Path) -> Result<()> {
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).context("reading dist/index.html")?;
    let (sheets, mut lines): (Vec<&str>, Vec<&str>) =
        html.lines().partition(|line| line.contains("rel=\"stylesheet\""));
    let mut style = String::new();
    for line in &sheets {
        let name = line.split("href=\"/").nth(1).and_then(|rest| rest.split('"').next());
        let path = dist.join(name.with_context(|| format!("no file is named by {line}"))?);
        style += &fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        style.push('\n');
        fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
    }
    let name = format!("style-{}.css", &app::hex(&Sha256::digest(&style))[..16]);
    fs::write(dist.join(&name), style)?;
    let link = format!("  <link rel=\"stylesheet\" href=\"/{name}\">");
    let place = html.lines().position(|line| line.contains("rel=\"stylesheet\""));
    lines.insert(place.context("index.html has no style sheet")?, &link);
    fs::write(&index, lines.join("\n") + "\n")?;
    Ok(())
}

/// Browsers know no integrity for what is preloaded to be fetched, ignore the preload and warn at each start. The name holds the hash anyway.
fn unseal_preload(dist: &Path) -> Result<()> {
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).context("reading dist/index.html")?;
    fs::write(&index, without_integrity(&html, "rel=\"preload\"").context("index.html preloads nothing")?)?;
    Ok(())
}

/// The page without the integrity of the tag that holds `mark`; nothing if there is no such tag.
fn without_integrity(html: &str, mark: &str) -> Option<String> {
    let start = html.find(mark)?;
    let end = start + html[start..].find('>')?;
    let tag: Vec<&str> = html[start..end].split(' ').filter(|part| !part.starts_with("integrity=")).collect();
    Some(format!("{}{}{}", &html[..start], tag.join(" "), &html[end..]))
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
        let is_left_out = NOT_PRECACHED.contains(&name.as_str()) || name.starts_with(HOME_SCREEN);
        if is_left_out || name.ends_with(".br") || name.ends_with(".gz") {
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

#[cfg(test)]
mod tests {
    use super::without_integrity;

    #[test]
    fn only_the_preload_loses_its_integrity() {
        let html = r#"<link rel="modulepreload" href="/a.js" integrity="x"><link rel="preload" href="/a.wasm" integrity="y" as="fetch"></head>"#;
        let expected = r#"<link rel="modulepreload" href="/a.js" integrity="x"><link rel="preload" href="/a.wasm" as="fetch"></head>"#;
        assert_eq!(without_integrity(html, "rel=\"preload\"").as_deref(), Some(expected));
        assert_eq!(without_integrity("<p>", "rel=\"preload\""), None);
    }
}
