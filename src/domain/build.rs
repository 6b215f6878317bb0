//! Writes the table of readings that `pinyin.rs` looks up: for each character of the block of common ideographs a number of a set of syllables.

use pinyin::{ToPinyin, ToPinyinMulti};
use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::PathBuf};

/// The block of common ideographs.
const BLOCK: std::ops::RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';

#[expect(
    clippy::disallowed_methods,
    reason = "cargo names the output folder to build scripts this way alone"
)]
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let mut sets: BTreeMap<String, usize> = BTreeMap::from([(String::new(), 0)]);
    let mut names = vec![String::new()];
    let mut places = String::new();
    for char in BLOCK {
        let set = readings(char).join("/");
        let next = sets.len();
        let place = *sets.entry(set.clone()).or_insert(next);
        if place == next {
            names.push(set);
        }
        write!(places, "{place},").expect("writing to a string");
    }
    let mut code = format!("static SETS: [&str; {}] = [", names.len());
    for set in &names {
        write!(code, "{set:?},").expect("writing to a string");
    }
    let count = BLOCK.count();
    writeln!(code, "];\nstatic PLACES: [u16; {count}] = [{places}];").expect("writing to a string");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets the output folder"));
    fs::write(out.join("pinyin_table.rs"), code).expect("the output folder is writable");
}

/// The most usual first.
fn readings(char: char) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let first = char.to_pinyin().map(|one| one.plain());
    let all = char.to_pinyin_multi();
    let all = all.into_iter().flatten().map(|one| one.plain());
    for one in first.into_iter().chain(all) {
        let one = one.replace('ü', "v");
        let is_syllable = one.bytes().all(|byte| byte.is_ascii_lowercase());
        if is_syllable && !found.contains(&one) {
            found.push(one);
        }
    }
    found
}
