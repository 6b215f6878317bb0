//! `cargo xtask sbom`: what the release is made of, as CycloneDX 1.5: the crates that server and app link, and beside them, in a file of their own,
//! the packages that only the journeys use.

use crate::{app, shell};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

/// What is shipped.
const SHIPPED: [&str; 2] = ["huifang-server", "huifang-client"];

pub(crate) fn sbom() -> Result<()> {
    let folder = shell::target_dir().join("sbom");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let metadata = shell::output("cargo", &["metadata", "--format-version", "1", "--locked"])
        .context("cargo metadata failed; is Cargo.lock up to date?")?;
    let bom = crates(&serde_json::from_str(&metadata)?, &checksums()?)?;
    let count = bom["components"].as_array().map_or(0, Vec::len);
    let file = folder.join("huifang.cdx.json");
    fs::write(&file, serde_json::to_string_pretty(&bom)? + "\n")?;
    println!("{count} crates of server and app: {}", file.display());
    let npm = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--prefix", "tests"];
    match shell::output("npm", &npm) {
        Some(text) => {
            let file = folder.join("journeys-only.cdx.json");
            fs::write(&file, text + "\n")?;
            println!("packages that only the journeys use, none of which is shipped: {}", file.display());
        }
        None => println!("skipped: the packages of the journeys; npm 10 or newer lists them"),
    }
    Ok(())
}

/// The checksum of each crate from a registry, by name and version, as Cargo.lock has them.
fn checksums() -> Result<BTreeMap<(String, String), String>> {
    let lock = fs::read_to_string(shell::root().join("Cargo.lock"))?;
    let value = |package: &str, name: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \""));
        line.map(|rest| rest.trim_end_matches('"').to_owned())
    };
    let read = |package: &str| {
        Some(((value(package, "name")?, value(package, "version")?), value(package, "checksum")?))
    };
    Ok(lock.split("[[package]]").filter_map(read).collect())
}

/// The list of what is shipped, out of cargo's own view of the workspace.
fn crates(metadata: &Value, checksums: &BTreeMap<(String, String), String>) -> Result<Value> {
    let packages: BTreeMap<&str, &Value> =
        each(&metadata["packages"]).map(|package| (text(package, "id"), package)).collect();
    let nodes: BTreeMap<&str, Vec<&str>> =
        each(&metadata["resolve"]["nodes"]).map(|node| (text(node, "id"), linked(node))).collect();
    let roots: Vec<&str> = packages
        .values()
        .filter(|package| SHIPPED.contains(&text(package, "name")))
        .map(|package| text(package, "id"))
        .collect();
    let mut reached = BTreeSet::new();
    let mut waiting = roots.clone();
    while let Some(id) = waiting.pop() {
        if reached.insert(id) {
            waiting.extend(nodes.get(id).into_iter().flatten());
        }
    }
    let reference =
        |id: &str| packages.get(id).map(|package| purl(package)).context("a package without its description");
    let mut components = Vec::new();
    let mut dependencies = Vec::new();
    for id in &reached {
        components.push(component(packages[id], checksums));
        let on = nodes[id].iter().map(|id| reference(id)).collect::<Result<BTreeSet<String>>>()?;
        dependencies.push(json!({ "ref": reference(id)?, "dependsOn": on }));
    }
    let version = roots.first().map_or("", |id| text(packages[id], "version"));
    let product =
        json!({ "type": "application", "name": "huifang", "version": version, "bom-ref": "huifang" });
    let on: Vec<String> = roots.iter().map(|id| reference(id)).collect::<Result<_>>()?;
    dependencies.push(json!({ "ref": "huifang", "dependsOn": on }));
    let hash = app::hex(&Sha256::digest(serde_json::to_vec(&components)?));
    // The same sources give the same list: the number is made of what it lists (a UUIDv8), and no time is in it.
    let serial =
        format!("{}-{}-8{}-8{}-{}", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32]);
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.5",
        "serialNumber": format!("urn:uuid:{serial}"), "version": 1,
        "metadata": { "component": product }, "components": components, "dependencies": dependencies,
    }))
}

/// What a package is built with; what only its tests use is left out.
fn linked(node: &Value) -> Vec<&str> {
    let is_shipped = |dependency: &&Value| each(&dependency["dep_kinds"]).any(|kind| kind["kind"] != "dev");
    each(&node["deps"]).filter(is_shipped).map(|dependency| text(dependency, "pkg")).collect()
}

fn component(package: &Value, checksums: &BTreeMap<(String, String), String>) -> Value {
    let (name, version) = (text(package, "name"), text(package, "version"));
    let mut component = json!({
        "type": "library", "bom-ref": purl(package), "name": name, "version": version, "purl": purl(package),
    });
    if let Some(license) = package["license"].as_str() {
        component["licenses"] = json!([{ "expression": license.replace('/', " OR ") }]);
    }
    if let Some(checksum) = checksums.get(&(name.to_owned(), version.to_owned())) {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    component
}

fn purl(package: &Value) -> String {
    format!("pkg:cargo/{}@{}", text(package, "name"), text(package, "version"))
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}
