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

/// What was to be opened did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Another key, other associated data, or changed bytes. Which of them is not said.
    #[error("does not open")]
    Shut,
    /// The algorithm or form that stands in front is none of this build's: a newer one sealed it. That is read without any key, and says nothing
    /// of what is inside.
    #[error("sealed with an algorithm that this version does not know")]
    Unknown,
}

#[cfg(test)]
mod vectors;
