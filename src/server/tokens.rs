//! Random tokens and codes. Of a token only the hash is stored.

use crypto::b64;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::Millis;

/// Letters and digits that are hard to mistake for one another: 32 of them, 5 bits each.
const CODE_LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const CODE_LETTERS_COUNT: usize = 8;
const CODE_GROUP: usize = 4;

/// Random bytes of the operating system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    bytes
}

/// A 256-bit token as text.
pub fn new_token() -> String {
    b64::encode(&random::<32>())
}

/// What is stored of a token.
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// A one-time code of 40 random bits, such as `K7QM-24XT`.
pub fn new_code() -> String {
    code_of(&random::<CODE_LETTERS_COUNT>())
}

/// The code of these bytes: a letter of each, in groups of four.
pub(crate) fn code_of(bytes: &[u8]) -> String {
    let mut code = String::new();
    for (i, byte) in bytes.iter().enumerate() {
        if i > 0 && i % CODE_GROUP == 0 {
            code.push('-');
        }
        code.push(char::from(CODE_LETTERS[usize::from(byte % 32)]));
    }
    code
}

/// The letters of a code as typed: without case, spaces and hyphens.
pub fn plain_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// The id under which the log has a failed request.
pub fn request_id() -> String {
    hex(&random::<6>())
}

/// A new UUIDv7.
pub fn new_id(now: Millis) -> Uuid {
    sync::id::uuid_v7(now, random())
}

/// Lower-case hexadecimal text.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = new_code();
        assert_eq!(code.len(), 9);
        assert_eq!(plain_code(&code.to_lowercase().replace('-', " ")), plain_code(&code));
    }
}
