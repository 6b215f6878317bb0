//! The `.br` and `.gz` that the server sends instead of a file.

use anyhow::{Context, Result};
use std::{fs, io::Write, path::Path};

/// Endings of files that compress; pictures are compressed already.
const COMPRESSIBLE: [&str; 8] = ["wasm", "js", "css", "html", "json", "svg", "webmanifest", "txt"];

/// Writes `FILE.br` and `FILE.gz` beside a file that compresses.
pub(crate) fn beside(path: &Path) -> Result<()> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !COMPRESSIBLE.contains(&ending) {
        return Ok(());
    }
    let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let with = |suffix: &str| {
        path.with_file_name(format!("{}.{suffix}", path.file_name().unwrap_or_default().to_string_lossy()))
    };
    fs::write(with("br"), brotli(&bytes)?)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&bytes)?;
    fs::write(with("gz"), gzip.finish()?)?;
    Ok(())
}

/// Brotli at its highest quality. The app is longer than the usual window of 4 MB; all browsers take one of 16 (RFC 7932).
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &params)?;
    Ok(packed)
}
