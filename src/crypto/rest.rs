//! The envelope of a row at rest: which algorithm, which version, nonce, ciphertext. Both bytes are authenticated.

use crate::{
    Key, OpenError,
    seal::{self, NONCE_BYTES},
};

/// XChaCha20-Poly1305. Further algorithms get further numbers; 0 stays free.
pub const ALG_XCHACHA: u8 = 1;
/// The form of the envelope itself.
pub const VERSION: u8 = 1;

/// Where a row lies. A row sealed for one place does not open at another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The object store or table.
    pub store: &'a str,
    /// The row's key.
    pub id: &'a str,
    /// The area whose key sealed it; empty if none.
    pub area: &'a str,
    /// How the plaintext is written, for example `json/1`.
    pub codec: &'a str,
    /// The device; empty on the server.
    pub device: &'a str,
}

impl Place<'_> {
    /// The associated data: each part after its length (4 bytes, big end first), so that no two places look alike.
    pub fn aad(&self) -> Vec<u8> {
        let mut aad = Vec::new();
        for part in [self.store, self.id, self.area, self.codec, self.device] {
            let length = u32::try_from(part.len()).expect("names are short");
            aad.extend_from_slice(&length.to_be_bytes());
            aad.extend_from_slice(part.as_bytes());
        }
        aad
    }
}

/// Seals a row: algorithm ‖ version ‖ nonce ‖ ciphertext ‖ tag.
pub fn seal(key: &Key, nonce: [u8; NONCE_BYTES], aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let head = [ALG_XCHACHA, VERSION];
    let mut row = head.to_vec();
    row.extend_from_slice(&seal::seal_joined(key, nonce, &with_head(head, aad), plain));
    row
}

/// Opens a row.
///
/// # Errors
/// [`OpenError::Unknown`] when a newer build sealed it, or as [`seal::open`].
pub fn open(key: &Key, aad: &[u8], row: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (head, joined) = row.split_first_chunk::<2>().ok_or(OpenError::Shut)?;
    if *head != [ALG_XCHACHA, VERSION] {
        return Err(if is_newer(row) { OpenError::Unknown } else { OpenError::Shut });
    }
    seal::open_joined(key, &with_head(*head, aad), joined)
}

/// Whether the envelope names an algorithm or a form that was given out after this build. Zeros never are: they are damage.
pub fn is_newer(row: &[u8]) -> bool {
    let Some((&[alg, version], _)) = row.split_first_chunk::<2>() else { return false };
    alg >= ALG_XCHACHA && version >= VERSION && (alg, version) != (ALG_XCHACHA, VERSION)
}

fn with_head(head: [u8; 2], aad: &[u8]) -> Vec<u8> {
    [&head[..], aad].concat()
}

#[cfg(test)]
mod tests;
