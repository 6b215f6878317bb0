//! Seals and opens bytes with keys that never print. Knows no recipient.
//!
//! Pure: randomness comes in as bytes, storage and the server are the caller's. What is sealed here is frozen by the vectors in
//! `vectors/`: they may grow and never change.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod b64;
pub mod code;
pub mod hpke;
pub mod index;
pub mod key;
pub mod phrase;
pub mod pin;
pub mod rest;
pub mod seal;
pub mod vault;

pub use key::Key;

/// The suite that every seal and wrap of this build is made with: X25519, HKDF-SHA256, ChaCha20-Poly1305 for what goes to the server,
/// XChaCha20-Poly1305 under a key held on both ends, Argon2id for codes. On the wire `alg`.
pub const SUITE: &str = "intl-1";

/// What was to be opened did not open: another key, other associated data, or changed bytes. Which of them is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("does not open")]
pub struct OpenError;

#[cfg(test)]
mod vectors;
