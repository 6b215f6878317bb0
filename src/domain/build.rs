//! Makes the table of readings from crate pinyin, for the characters that names are written with.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use pinyin::ToPinyinMulti;

/// Common characters keep a second reading; of rarer ones the first is enough.
const READINGS_OF_COMMON: usize = 2;
const FIRST: u32 = 0x4e00;
const CODES: usize = 0x5200;

#[expect(
    clippy::disallowed_methods,
    reason = "cargo names the output folder to build scripts this way alone"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=pinyin/characters.txt");
    let text = fs::read_to_string("pinyin/characters.txt")?;
    let mut readings: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (line, kept) in text.lines().zip([READINGS_OF_COMMON, 1, 1]) {
        for c in line.chars() {
            let Some(multi) = c.to_pinyin_multi() else { continue };
            let mut own: Vec<String> = Vec::new();
            for reading in multi {
                let plain = reading.plain().replace('ü', "v");
                if !own.contains(&plain) && own.len() < kept {
                    own.push(plain);
                }
            }
            readings.insert(u32::from(c), own);
        }
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("pinyin_table.rs"), table(&readings)?)?;
    Ok(())
}

/// Syllables in order; a bit for each code point that is known; per known one the low byte and the high bit of its
/// first syllable; then the second readings.
fn table(readings: &BTreeMap<u32, Vec<String>>) -> Result<String, Box<dyn Error>> {
    let mut syllables: Vec<&str> = readings.values().flatten().map(String::as_str).collect();
    syllables.sort_unstable();
    syllables.dedup();
    let number = |syllable: &str| syllables.binary_search(&syllable).map_err(|_| "a syllable is missing");
    let mut known = vec![0u8; CODES / 8];
    let (mut low, mut high) = (Vec::new(), vec![0u8; readings.len().div_ceil(8)]);
    let mut second = String::new();
    for (place, (code, own)) in readings.iter().enumerate() {
        let at = usize::try_from(code - FIRST)?;
        known[at / 8] |= 1 << (at % 8);
        let first = number(&own[0])?;
        low.push(u8::try_from(first & 0xff)?);
        if first > 0xff {
            high[place / 8] |= 1 << (place % 8);
        }
        for reading in &own[1..] {
            write!(second, "({place},{}),", number(reading)?)?;
        }
    }
    let mut out = String::new();
    writeln!(out, "pub(super) const FIRST: u32 = {FIRST};")?;
    writeln!(out, "pub(super) static SYLLABLES: &str = {:?};", syllables.join(" "))?;
    writeln!(out, "pub(super) static KNOWN: &[u8] = &{known:?};")?;
    writeln!(out, "pub(super) static LOW: &[u8] = &{low:?};")?;
    writeln!(out, "pub(super) static HIGH: &[u8] = &{high:?};")?;
    writeln!(out, "pub(super) static SECOND: &[(u16, u16)] = &[{second}];")?;
    Ok(out)
}
