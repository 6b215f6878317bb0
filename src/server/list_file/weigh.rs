//! A workbook is weighed before it is parsed.

use std::io::{Cursor, Read};

use super::{ListFileError, check_length};

/// What all parts of a workbook may have together, inflated.
pub(super) const INFLATED_BYTES_MAX: u64 = 192 << 20;
/// How many parts a workbook may have.
pub(super) const PARTS_MAX: usize = 1_000;
/// How many sheets with cells a workbook may have.
pub(super) const SHEETS_MAX: usize = 50;

/// The two containers of workbooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Xlsx,
    Xls,
}

/// Tells the format by the first bytes and refuses what is too heavy. What a zip file says of its sizes is not
/// believed: every part is inflated and counted.
pub(super) fn weigh(bytes: &[u8]) -> Result<Format, ListFileError> {
    check_length(bytes)?;
    if bytes.is_empty() {
        return Err(ListFileError::Empty);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = bytes.windows(name.len()).any(|window| window == name);
        return if encrypted { Err(ListFileError::Encrypted) } else { Ok(Format::Xls) };
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Err(ListFileError::NotAWorkbook);
    }
    let damaged = |_| ListFileError::Damaged { sheet: None };
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if zip.len() > PARTS_MAX {
        return Err(ListFileError::TooManyParts { parts: zip.len() });
    }
    let mut left = INFLATED_BYTES_MAX;
    let mut has_workbook = false;
    for at in 0..zip.len() {
        let part = zip.by_index(at).map_err(damaged)?;
        has_workbook |= part.name().ends_with("workbook.xml");
        let mut bounded = part.take(left + 1);
        let inflated = std::io::copy(&mut bounded, &mut std::io::sink())
            .map_err(|_| ListFileError::Damaged { sheet: None })?;
        left = left.checked_sub(inflated).ok_or(ListFileError::InflatesTooMuch)?;
    }
    if has_workbook { Ok(Format::Xlsx) } else { Err(ListFileError::NotAWorkbook) }
}
