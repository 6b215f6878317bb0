//! What the authority asks of the server's keys.

use crate::wire::{PushKey, SealedBody, SealedValue};
use uuid::Uuid;

/// Opens what phones sealed to the server. Implemented over the server's key file, and trivially by the simulator.
pub trait Opener {
    /// An opened `K_out`.
    type Key;

    /// Opens the key of a batch (AAD the key's id).
    fn open_key(&self, key: &PushKey) -> Option<Self::Key>;

    /// Opens a sealed changeset or draft under the batch's key (AAD its `id`); the plaintext is JSON.
    fn open_body(&self, key: &Self::Key, id: Uuid, body: &SealedBody) -> Option<Vec<u8>>;

    /// The keyed index of a sealed text (AAD `e/f`), or nothing when it does not open.
    fn index(&self, e: Uuid, field: &str, value: &SealedValue) -> Option<String>;

    /// A sealed text for a role that sees the field in full.
    fn text(&self, e: Uuid, field: &str, value: &SealedValue) -> Option<String>;
}
