//! XChaCha20-Poly1305 as the wire uses it: the nonce beside or before the ciphertext, the caller's associated data.

use crate::{Key, OpenError};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};

/// Bytes of a nonce; random ones never meet.
pub const NONCE_BYTES: usize = 24;
/// What sealing adds beside the nonce.
pub const TAG_BYTES: usize = 16;

/// Seals `plain` under a nonce that is used once. The result holds ciphertext and tag, not the nonce.
pub fn seal(key: &Key, nonce: [u8; NONCE_BYTES], aad: &[u8], plain: &[u8]) -> Vec<u8> {
    cipher(key)
        .encrypt(&nonce.into(), Payload { msg: plain, aad })
        .expect("what fits into memory is within the cipher's reach")
}

/// Opens what [`seal`] made.
///
/// # Errors
/// When key, nonce, associated data or bytes are not those of the sealing.
pub fn open(key: &Key, nonce: [u8; NONCE_BYTES], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    cipher(key).decrypt(&nonce.into(), Payload { msg: sealed, aad }).map_err(|_| OpenError::Shut)
}

/// Like [`seal`], with the nonce in front: nonce ‖ ciphertext ‖ tag.
pub fn seal_joined(key: &Key, nonce: [u8; NONCE_BYTES], aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(NONCE_BYTES + plain.len() + TAG_BYTES);
    joined.extend_from_slice(&nonce);
    joined.extend_from_slice(&seal(key, nonce, aad, plain));
    joined
}

/// Opens what [`seal_joined`] made.
///
/// # Errors
/// As [`open`], and when the bytes are too few to hold a nonce.
pub fn open_joined(key: &Key, aad: &[u8], joined: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (nonce, sealed) = joined.split_first_chunk().ok_or(OpenError::Shut)?;
    open(key, *nonce, aad, sealed)
}

/// Seals chunk `n` (from 1) of the blob whose bytes have this SHA-256, as text of 64 hexadecimal digits.
pub fn seal_chunk(key: &Key, nonce: [u8; NONCE_BYTES], sha256: &str, n: u32, plain: &[u8]) -> Vec<u8> {
    seal_joined(key, nonce, chunk_aad(sha256, n).as_bytes(), plain)
}

/// Opens chunk `n` of a blob.
///
/// # Errors
/// As [`open_joined`]; so a chunk of another blob or at another place does not open.
pub fn open_chunk(key: &Key, sha256: &str, n: u32, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    open_joined(key, chunk_aad(sha256, n).as_bytes(), sealed)
}

fn chunk_aad(sha256: &str, n: u32) -> String {
    format!("{sha256}/{n}")
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.expose().into())
}

#[cfg(test)]
mod tests;
