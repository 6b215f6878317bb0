//! The protocol's view of the server's keys.

use crypto::{
    Key, b64,
    hpke::Info,
    seal::{self, NONCE_BYTES},
};
use sync::{
    authority::Opener,
    wire::{PushKey, SealedBody, SealedValue},
};
use uuid::Uuid;

use crate::keys::Keys;

impl Keys {
    /// Opens a key that a phone sealed to the server; its id is the associated data.
    pub fn open_push_key(&self, key: &PushKey, info: Info) -> Option<Key> {
        let aad = key.id.to_string();
        let plain = self.open(&key.kid, &key.alg, info, aad.as_bytes(), &key.enc, &key.ct).ok()?;
        Key::from_slice(&plain)
    }
}

impl Opener for Keys {
    type Key = Key;

    fn open_key(&self, key: &PushKey) -> Option<Key> {
        self.open_push_key(key, Info::Out)
    }

    fn open_body(&self, key: &Key, id: Uuid, body: &SealedBody) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE_BYTES] = b64::decode(&body.nonce).ok()?.try_into().ok()?;
        seal::open(key, nonce, id.to_string().as_bytes(), &b64::decode(&body.ct).ok()?).ok()
    }

    fn index(&self, e: Uuid, field: &str, value: &SealedValue) -> Option<String> {
        self.index_of(e, field, value)
    }

    fn text(&self, e: Uuid, field: &str, value: &SealedValue) -> Option<String> {
        self.open_field(&e.to_string(), field, value).ok()
    }
}
