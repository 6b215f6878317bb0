//! What is sealed, from whoever sent it: a byte that says what the rest is taken for. Nothing made up opens.
#![no_main]

use crypto::{
    Key, b64, code,
    hpke::{self, Info, ServerKeyPair},
    rest, seal,
    vault::{Locked, wraps::Wraps},
};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use sync::wire::{PushKey, SealedBody, SealedValue};

static PAIR: LazyLock<ServerKeyPair> = LazyLock::new(|| ServerKeyPair::from_seed([9; 32]));

fuzz_target!(|data: &[u8]| {
    let Some((kind, sealed)) = data.split_first() else { return };
    let key = Key::from_bytes([3; 32]);
    match kind % 7 {
        0 => {
            let (enc, ct) = sealed.split_at(sealed.len().min(32));
            assert!(hpke::open(&PAIR, Info::Field, b"aad", enc, ct).is_err());
        }
        1 => assert!(rest::open(&key, b"aad", sealed).is_err()),
        2 => assert!(seal::open_chunk(&key, "00", 1, sealed).is_err()),
        3 => {
            let Ok(value) = serde_json::from_slice::<SealedValue>(sealed) else { return };
            assert!(!opens(Info::Field, &value.enc, &value.ct));
        }
        4 => {
            let Ok((push_key, body)) = serde_json::from_slice::<(PushKey, SealedBody)>(sealed) else { return };
            assert!(!opens(Info::Out, &push_key.enc, &push_key.ct));
            let (Ok(nonce), Ok(ct)) = (b64::decode(&body.nonce), b64::decode(&body.ct)) else { return };
            let Ok(nonce) = nonce.try_into() else { return };
            assert!(seal::open(&key, nonce, body.key.as_bytes(), &ct).is_err());
        }
        5 => {
            let Ok(wraps) = serde_json::from_slice::<Wraps>(sealed) else { return };
            assert!(Locked::new(wraps).unlock(&key).is_err());
        }
        _ => {
            let Ok(text) = std::str::from_utf8(sealed) else { return };
            let _ = code::DeviceCode::parse(text);
            if let Ok(bytes) = b64::decode(text) {
                assert_eq!(b64::encode(&bytes), text, "one text for the same bytes");
            }
        }
    }
});

/// Whether base64url text of a key and of a ciphertext opens under the server's pair.
fn opens(info: Info, enc: &str, ct: &str) -> bool {
    let (Ok(enc), Ok(ct)) = (b64::decode(enc), b64::decode(ct)) else { return false };
    hpke::open(&PAIR, info, b"aad", &enc, &ct).is_ok()
}
