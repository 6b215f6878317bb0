//! What the fuzzing begins with: the recorded day of a release, the frozen vectors, the lists and pictures that tests use anyway.

use crate::shell;
use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    fs,
    io::{Cursor, Read},
    path::Path,
};

const DAY: &str = "src/server/fixtures/releases/0.1.0/day.json";
const VECTORS: &str = "src/crypto/vectors/v1.json";
const LISTS: [&str; 2] =
    ["src/server/fixtures/township-list.xlsx", "src/server/fixtures/disabled-template.xlsx"];
/// The digit that the target reads a part of a workbook by.
const PARTS: [(&str, u8); 4] = [
    ("xl/workbook.xml", b'2'),
    ("xl/worksheets/sheet1.xml", b'3'),
    ("xl/sharedStrings.xml", b'4'),
    ("xl/styles.xml", b'5'),
];
/// Longer seeds only slow the search down.
const SEED_BYTES_MAX: usize = 64 << 10;

/// Writes the seeds of a target into its corpus.
pub(super) fn plant(target: &str, corpus: &Path) -> Result<()> {
    let seeds = match target {
        "push" => sent()?.into_iter().flat_map(|body| [with(0, &body), with(1, &body)]).collect(),
        "body" => bodies(),
        "upcast" => changesets()?,
        "pull" => answers()?,
        "envelope" => envelopes()?,
        "photo" => pictures()?,
        "list" => lists()?,
        "region" => words(&[
            "33",
            "3301",
            "330106",
            "330106001",
            "330106001003",
            "339999100201",
            "339999000000",
            "红旗村委会",
        ]),
        _ => words(&[
            "339999194907010019",
            "33999919490701001X",
            "339999490701001",
            "'３３９９９９１９４９０７０１００１９",
            "3.39999194907010E+17",
        ]),
    };
    for (at, seed) in seeds.iter().enumerate().filter(|(_, seed)| seed.len() <= SEED_BYTES_MAX) {
        fs::write(corpus.join(format!("seed-{at:03}")), seed)?;
    }
    Ok(())
}

fn read_json(name: &str) -> Result<Value> {
    let text = fs::read(shell::root().join(name)).with_context(|| format!("reading {name}"))?;
    serde_json::from_slice(&text).with_context(|| format!("{name} is not JSON"))
}

fn day() -> Result<Vec<Value>> {
    let mut day = read_json(DAY)?;
    Ok(day["requests"].as_array_mut().map(std::mem::take).unwrap_or_default())
}

/// The bodies of all syncs of the day, inflated.
fn sent() -> Result<Vec<Vec<u8>>> {
    let syncs = day()?.into_iter().filter(|request| request["path"] == "/api/v1/sync");
    Ok(syncs.filter_map(|request| inflated(&unbase64(request["body"].as_str()?))).collect())
}

fn inflated(body: &[u8]) -> Option<Vec<u8>> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Some(body.to_vec());
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(body).read_to_end(&mut plain).ok()?;
    Some(plain)
}

fn answers() -> Result<Vec<Vec<u8>>> {
    let syncs = day()?.into_iter().filter(|request| request["path"] == "/api/v1/sync");
    Ok(syncs.map(|request| request["answer"]["json"].to_string().into_bytes()).collect())
}

fn changesets() -> Result<Vec<Vec<u8>>> {
    let mut seeds = Vec::new();
    for body in sent()? {
        let body: Value = serde_json::from_slice(&body)?;
        for changeset in body["push"]["changesets"].as_array().into_iter().flatten() {
            seeds.push(changeset.to_string().into_bytes());
        }
    }
    Ok(seeds)
}

fn bodies() -> Vec<Vec<u8>> {
    let text = br#"{"v":1,"device":"07070707070707070707070707070707","inc":"0101010101010101"}"#;
    let zeros = vec![b' '; 256 << 10];
    vec![
        with(0, text),
        with(1, &gzip(text)),
        with(1, &gzip(&zeros)),
        with(2, text),
        with(3, text),
        with(4, text),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut encoder = flate2::read::GzEncoder::new(bytes, flate2::Compression::default());
    encoder.read_to_end(&mut packed).expect("memory can be read");
    packed
}

fn envelopes() -> Result<Vec<Vec<u8>>> {
    let all = read_json(VECTORS)?;
    let mut seeds = Vec::new();
    for seal in all["hpke"]["seals"].as_array().into_iter().flatten() {
        let part = |name: &str| unhex(seal[name].as_str().unwrap_or_default());
        seeds.push(with(0, &[part("enc"), part("ct")].concat()));
    }
    seeds.push(with(1, &unhex(all["rest"]["row"].as_str().unwrap_or_default())));
    seeds.push(with(2, &unhex(all["chunk"]["sealed"].as_str().unwrap_or_default())));
    seeds.push(with(3, br#"{"kid":"2a32b23e","alg":"intl-1","enc":"AAAA","ct":"AAAA","show":"*0019"}"#));
    let key = r#"{"id":"01a21812-6809-70ee-ae19-dfbcdfce473c","kid":"2a32b23e","alg":"intl-1","enc":"AAAA","ct":"AAAA"}"#;
    let body = r#"{"key":"01a21812-6809-70ee-ae19-dfbcdfce473c","nonce":"AAAA","ct":"AAAA"}"#;
    seeds.push(with(4, format!("[{key},{body}]").as_bytes()));
    seeds.push(with(5, all["vault"]["wraps"].to_string().as_bytes()));
    seeds.push(with(6, b"T97W-CZAJ"));
    Ok(seeds)
}

fn pictures() -> Result<Vec<Vec<u8>>> {
    let mut seeds = vec![fs::read(shell::root().join("public/icon-48.png"))?];
    for entry in fs::read_dir(shell::root().join("src/fuzz/seeds/photo"))? {
        seeds.push(fs::read(entry?.path())?);
    }
    Ok(seeds)
}

/// The workbooks whole, and their parts one by one.
fn lists() -> Result<Vec<Vec<u8>>> {
    let mut seeds = Vec::new();
    for name in LISTS {
        let book = fs::read(shell::root().join(name)).with_context(|| format!("reading {name}"))?;
        let mut zip = zip::ZipArchive::new(Cursor::new(&book))?;
        for (part, digit) in PARTS {
            let Ok(mut part) = zip.by_name(part) else { continue };
            let mut content = vec![digit];
            part.read_to_end(&mut content)?;
            seeds.push(content);
        }
        drop(zip);
        seeds.push(with(b'0', &book));
    }
    Ok(seeds)
}

fn words(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn with(first: u8, rest: &[u8]) -> Vec<u8> {
    [&[first], rest].concat()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// Base64 in either alphabet; what is no letter of it ends it.
fn unbase64(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    let values: Vec<u8> = text.bytes().map_while(value).collect();
    let group = |four: &[u8]| {
        let bits =
            four.iter().fold(0_u32, |bits, value| bits << 6 | u32::from(*value)) << (6 * (4 - four.len()));
        bits.to_be_bytes()[1..four.len()].to_vec()
    };
    values.chunks(4).flat_map(group).collect()
}
