//! The digest of an area, by which a replica learns that it differs.

use crate::{rev::Rev, wire::AreaDigest};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use uuid::Uuid;

/// The digest of an area's live records, given in order of id.
///
/// # Panics
/// When the ids do not rise: the hash is defined over sorted lines.
pub fn area_digest(records: impl IntoIterator<Item = (Uuid, Rev)>) -> AreaDigest {
    let mut hash = Sha256::new();
    let mut n = 0;
    let mut last = None;
    let mut line = String::with_capacity(64);
    for (e, rev) in records {
        assert!(last < Some(e), "records of a digest come sorted by id");
        last = Some(e);
        line.clear();
        let _ = writeln!(line, "{e} {rev}");
        hash.update(line.as_bytes());
        n += 1;
    }
    let h = hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    AreaDigest { n, h }
}
