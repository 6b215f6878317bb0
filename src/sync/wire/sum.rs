//! What tells a text that was damaged on its way from a whole one.

use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// The header beside a body that carries its sum.
pub const SUM_HEADER: &str = "huifang-sum";
/// Bytes of the hash that travel.
const SUM_BYTES: usize = 8;

/// The sum of a text before it is compressed: the first 16 hexadecimal digits of its SHA-256.
#[must_use]
pub fn sum(text: &[u8]) -> String {
    let hash = Sha256::digest(text);
    hash.iter().take(SUM_BYTES).fold(String::with_capacity(2 * SUM_BYTES), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// Whether a text is what its sender wrote (E5). One whose sender named no sum counts as whole: builds of before this header name none.
#[must_use]
pub fn is_whole(text: &[u8], said: Option<&str>) -> bool {
    said.is_none_or(|said| said == sum(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E5.
    #[test]
    fn a_text_whose_sum_is_another_is_not_whole() {
        let text = br#"{"v":1,"t":1790000000000}"#;
        let said = sum(text);
        assert_eq!(said, "80d859a8006f1f15");
        assert!(is_whole(text, Some(&said)) && is_whole(text, None));
        for at in 0..text.len() {
            let mut other = text.to_vec();
            other[at] ^= 1;
            assert!(!is_whole(&other, Some(&said)), "byte {at}");
            assert!(!is_whole(&text[..at], Some(&said)), "cut at {at}");
        }
        assert!(!is_whole(text, Some("")));
    }
}
