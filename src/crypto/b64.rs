//! base64url without padding, as the wire writes bytes. Each byte string has exactly one text.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The text is not base64url as [`encode`] writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not base64url without padding")]
pub struct DecodeError;

/// Bytes to text.
///
/// ```
/// assert_eq!(crypto::b64::encode(&[0xfb, 0xff]), "-_8");
/// ```
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits =
            group.iter().enumerate().fold(0_u32, |bits, (i, byte)| bits | u32::from(*byte) << (16 - 8 * i));
        for i in 0..=group.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * i) & 63) as usize]));
        }
    }
    text
}

/// Text to bytes.
///
/// # Errors
/// When a character is foreign, a padding is there, the length is impossible or unused bits are set.
pub fn decode(text: &str) -> Result<Vec<u8>, DecodeError> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for (i, character) in group.iter().enumerate() {
            bits |= value(*character)? << (18 - 6 * i);
        }
        let whole = group.len().checked_sub(1).filter(|whole| *whole > 0).ok_or(DecodeError)?;
        let [_, group_bytes @ ..] = bits.to_be_bytes();
        if group_bytes[whole..].iter().any(|unused| *unused != 0) {
            return Err(DecodeError);
        }
        bytes.extend_from_slice(&group_bytes[..whole]);
    }
    Ok(bytes)
}

fn value(character: u8) -> Result<u32, DecodeError> {
    Ok(u32::from(match character {
        b'A'..=b'Z' => character - b'A',
        b'a'..=b'z' => character - b'a' + 26,
        b'0'..=b'9' => character - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return Err(DecodeError),
    }))
}

/// Bytes as base64url in a serialised struct: `#[serde(with = "b64::text")]`.
pub(crate) mod text {
    use serde::{Deserialize, Deserializer, Serializer, de};
    use std::borrow::Cow;

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        super::decode(&Cow::<str>::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_follow_rfc_4648() {
        let check = |bytes: &[u8], text: &str| {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).as_deref(), Ok(bytes));
        };
        check(b"", "");
        check(b"f", "Zg");
        check(b"fo", "Zm8");
        check(b"foo", "Zm9v");
        check(b"foob", "Zm9vYg");
        check(b"fooba", "Zm9vYmE");
        check(b"foobar", "Zm9vYmFy");
    }

    #[test]
    fn other_writings_of_the_same_bytes_are_refused() {
        for text in ["Zg==", "Zh", "Zm9", "Z", "Zm9vY", "Zm 9", "Zm+/", "中文"] {
            assert_eq!(decode(text), Err(DecodeError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn bytes_return(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)), Ok(bytes));
        }

        #[test]
        fn a_text_that_decodes_is_the_only_one(text in "[A-Za-z0-9_-]{0,12}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
