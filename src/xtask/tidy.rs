//! House rules that no compiler checks. Each finding says what to do instead.

mod catalogs;
mod rules;
mod styles;

use crate::{app, shell};
use anyhow::{Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A word that may stand only below certain folders.
struct Fence {
    word: &'static str,
    within: &'static str,
    except: &'static [&'static str],
    advice: &'static str,
}

const FENCES: [Fence; 7] = [
    Fence {
        word: "web_sys::",
        within: "src/client",
        // The worker is a program of its own at the browser's edge.
        except: &[
            "src/client/platform",
            "src/client/ui",
            "src/client/store/indexeddb",
            "src/client/worker.rs",
        ],
        advice: "browser APIs belong in client/platform",
    },
    Fence {
        word: "idb::",
        within: "src/client",
        except: &["src/client/store"],
        advice: "only client/store speaks to IndexedDB",
    },
    Fence {
        word: "sqlx::",
        within: "src/server",
        except: &["src/server/db"],
        advice: "only server/db holds SQL",
    },
    Fence {
        word: "inner_html",
        within: "src/client",
        except: &[],
        advice: "text nodes only: markup from data is an injection",
    },
    Fence { word: "SystemTime::now", within: "src/sync", except: &[], advice: "time comes in as a value" },
    Fence { word: "SystemTime::now", within: "src/domain", except: &[], advice: "time comes in as a value" },
    Fence {
        word: "#[ignore",
        within: "src",
        except: &["src/xtask"],
        advice: "a test runs or does not exist",
    },
];

const LINES_MAX: usize = 600;

/// What each pure crate may use of ours.
const PURE_DEPENDENCIES: [(&str, &[&str]); 4] =
    [("src/domain", &[]), ("src/crypto", &[]), ("src/sync", &["domain"]), ("src/xlsform", &["domain"])];

/// Runs every rule and fails with all findings.
pub(crate) fn tidy() -> Result<()> {
    let root = shell::root();
    let mut findings = Vec::new();
    let sources = rust_files(&root)?;
    for path in &sources {
        check_source(&root, path, &mut findings)?;
    }
    check_directions(&root, &mut findings)?;
    styles::check(&root, &mut findings)?;
    catalogs::check(&root, &sources, &mut findings)?;
    rules::check(&root, &sources, &mut findings)?;
    if findings.is_empty() {
        println!("tidy: {} files, nothing to say", sources.len());
        return Ok(());
    }
    for finding in &findings {
        println!("tidy: {finding}");
    }
    bail!("{} findings", findings.len())
}

fn rust_files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    app::collect_files(&root.join("src"), &mut files)?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    files.sort();
    Ok(files)
}

fn check_source(root: &Path, path: &Path, findings: &mut Vec<String>) -> Result<()> {
    let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
    let text = fs::read_to_string(path)?;
    let lines = text.lines().count();
    if lines > LINES_MAX {
        findings.push(format!("{name} has {lines} lines; split it at {LINES_MAX}"));
    }
    if name.ends_with("/mod.rs") {
        findings.push(format!("{name}: name the module's file after the module"));
    }
    for fence in &FENCES {
        let outside =
            name.starts_with(fence.within) && !fence.except.iter().any(|folder| name.starts_with(folder));
        if !outside {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            if line.contains(fence.word) && !line.trim_start().starts_with("//") {
                findings.push(format!("{name}:{}: `{}`: {}", at + 1, fence.word, fence.advice));
            }
        }
    }
    Ok(())
}

fn check_directions(root: &Path, findings: &mut Vec<String>) -> Result<()> {
    let ours = ["domain", "sync", "crypto", "server", "client", "sim", "xlsform"];
    for (folder, allowed) in PURE_DEPENDENCIES {
        let manifest = fs::read_to_string(root.join(folder).join("Cargo.toml"))?;
        for name in ours {
            let depends = manifest.lines().any(|line| {
                line.starts_with(&format!("{name}.workspace")) || line.starts_with(&format!("{name} ="))
            });
            if depends && !allowed.contains(&name) {
                findings.push(format!(
                    "{folder} depends on {name}: the direction is domain ← sync, and crypto knows neither"
                ));
            }
        }
    }
    Ok(())
}
