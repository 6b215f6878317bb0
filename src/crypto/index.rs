//! Equality without the text: a keyed hash of a sealed field's value. The key stays on the server.

use crate::Key;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// HMAC-SHA256 over the field's name, a zero byte and the text as the caller normalised it. The same text in two fields gives two hashes.
pub fn blind_index(key: &Key, field: &str, text: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("HMAC takes a key of any length");
    mac.update(field.as_bytes());
    mac.update(&[0]);
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_differ_by_key_field_and_text() {
        let key = Key::from_bytes([1; 32]);
        let hash = blind_index(&key, "id_no", "339999194907010019");
        assert_eq!(hash, blind_index(&key, "id_no", "339999194907010019"));
        assert_ne!(hash, blind_index(&key, "account_no", "339999194907010019"));
        assert_ne!(hash, blind_index(&key, "id_no", "339999194907010027"));
        assert_ne!(hash, blind_index(&Key::from_bytes([2; 32]), "id_no", "339999194907010019"));
        assert_ne!(blind_index(&key, "a", "bc"), blind_index(&key, "ab", "c"));
    }
}
