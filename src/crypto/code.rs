//! The device code: machine-made, typed by a person, stretched to a key.

use crate::{Key, key::derive};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

/// Characters of a code, 5 bits each.
pub const CODE_CHARACTERS: usize = 8;
/// Memory of one stretching, in KiB. Never tuned down: a slow phone waits.
pub const MEMORY_KIB: u32 = 64 * 1024;
/// Passes of one stretching.
pub const PASSES: u32 = 3;

/// Digits and capitals without I, L, O, U: each is read aloud and typed without doubt.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Why a typed code is none. Says nothing about whether it is the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Fewer or more characters than a code has, spaces and hyphens not counted.
    #[error("a code has 8 characters, this has {found}")]
    Length {
        /// How many there are.
        found: usize,
    },
    /// A character that no code has and that is not a common slip.
    #[error("character {at} occurs in no code")]
    Character {
        /// Its place among those counted, from 0.
        at: usize,
    },
}

/// There is not enough memory to stretch a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not enough memory to stretch the code")]
pub struct OutOfMemory;

/// A device code in the one writing that is stretched. No `Debug`, `Clone` or serde; overwritten when dropped.
pub struct DeviceCode(Zeroizing<String>);

impl DeviceCode {
    /// A new code from 5 random bytes.
    pub fn from_bytes(bytes: [u8; 5]) -> DeviceCode {
        let bits = bytes.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let text = (0..CODE_CHARACTERS)
            .map(|i| char::from(ALPHABET[(bits >> (35 - 5 * i) & 31) as usize]))
            .collect();
        DeviceCode(Zeroizing::new(text))
    }

    /// Reads what a person typed: case, spaces and hyphens do not count, O is 0, I and L are 1, full-width forms are their narrow ones.
    ///
    /// # Errors
    /// When it cannot be a code at all.
    pub fn parse(typed: &str) -> Result<DeviceCode, CodeError> {
        let mut text = Zeroizing::new(String::with_capacity(CODE_CHARACTERS));
        let mut found = 0;
        let mut foreign = None;
        for character in typed.chars().filter_map(narrow) {
            match canonical(character) {
                Some(_) if found >= CODE_CHARACTERS => {}
                Some(character) => text.push(character),
                None => foreign = foreign.or(Some(found)),
            }
            found += 1;
        }
        match foreign {
            Some(at) => Err(CodeError::Character { at }),
            None if found != CODE_CHARACTERS => Err(CodeError::Length { found }),
            None => Ok(DeviceCode(text)),
        }
    }

    /// The 8 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is shown and printed: two groups of four.
    pub fn shown(&self) -> Zeroizing<String> {
        let (left, right) = self.0.split_at(CODE_CHARACTERS / 2);
        Zeroizing::new(format!("{left}-{right}"))
    }
}

/// `None` for what does not count.
fn narrow(character: char) -> Option<char> {
    match character {
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '－' => None,
        _ if character.is_whitespace() => None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0),
        _ => Some(character),
    }
}

fn canonical(character: char) -> Option<char> {
    let character = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    u8::try_from(character).ok().filter(|byte| ALPHABET.contains(byte)).map(char::from)
}

/// Argon2id over a device code, a PIN or a phrase in its one writing: 64 MiB, 3 passes, 1 lane. Takes a second or more on a phone: call it in
/// a worker.
///
/// # Errors
/// When the 64 MiB cannot be had.
pub fn stretch(text: &str, salt: &[u8; 16]) -> Result<Key, OutOfMemory> {
    let params =
        Params::new(MEMORY_KIB, PASSES, 1, Some(32)).expect("the parameters are within Argon2's bounds");
    let mut bytes = Zeroizing::new([0; 32]);
    match Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
        text.as_bytes(),
        salt,
        &mut *bytes,
    ) {
        Ok(()) => Ok(Key::from_bytes(*bytes)),
        Err(argon2::Error::OutOfMemory) => Err(OutOfMemory),
        Err(error) => unreachable!("lengths are within Argon2's bounds: {error}"),
    }
}

/// The key that wraps the DEK: HKDF-SHA256 over the stretched code and, where the device has one, the output of its authenticator's PRF.
pub fn wrapping_key(stretched: &Key, prf: Option<&[u8; 32]>) -> Key {
    joined(stretched, prf.map_or(&[], <[u8; 32]>::as_slice), "huifang/1/code")
}

/// The key that wraps the DEK between two times that the code is asked: HKDF-SHA256 over the stretched PIN and what the device's own key,
/// which no script can read, made of the salt.
pub fn quick_key(stretched: &Key, device: &[u8; 32]) -> Key {
    joined(stretched, device, "huifang/1/quick")
}

fn joined(stretched: &Key, second: &[u8], info: &str) -> Key {
    // The capacity is taken at once: growing would leave a copy behind.
    let mut secret = Zeroizing::new(Vec::with_capacity(64));
    secret.extend_from_slice(stretched.expose());
    secret.extend_from_slice(second);
    derive(&secret, info)
}

#[cfg(test)]
mod tests;
