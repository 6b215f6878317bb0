//! A symmetric key that cannot be printed, copied or serialised by accident.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// 32 secret bytes, overwritten when dropped.
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// Takes random or derived bytes as a key.
    pub fn from_bytes(bytes: [u8; 32]) -> Key {
        Key(Zeroizing::new(bytes))
    }

    /// A key from a slice; `None` unless it is 32 bytes long.
    pub fn from_slice(bytes: &[u8]) -> Option<Key> {
        <[u8; 32]>::try_from(bytes).ok().map(Key::from_bytes)
    }

    /// The bytes, for wrapping this key or for handing it to a worker. Whoever copies them answers for the copy.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Another key for the purpose named by `info`: HKDF-SHA256 without salt.
    pub fn derive(&self, info: &str) -> Key {
        derive(self.expose(), info)
    }
}

/// HKDF-SHA256 without salt over `secret`, 32 bytes.
pub(crate) fn derive(secret: &[u8], info: &str) -> Key {
    let mut bytes = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, secret)
        .expand(info.as_bytes(), &mut *bytes)
        .expect("32 bytes are within HKDF's reach");
    Key(bytes)
}
