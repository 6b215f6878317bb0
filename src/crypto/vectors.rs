//! The frozen vectors, read and compared. A failure here means that phones in the field could not read their own rows.

use crate::{
    Key, OpenError,
    code::{self, DeviceCode},
    hpke::{self, Info, PublicKey, ServerKeyPair},
    index,
    phrase::Phrase,
    pin::Pin,
    rest, seal,
    vault::{
        CodeKey, Locked, NewVault, ServerKey, Unlocked,
        wraps::{Second, Wraps},
    },
};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors/v1.json")).expect("the file is JSON")
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    assert_eq!(text.len() % 2, 0);
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).expect("hexadecimal"))
        .collect()
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_else(|| panic!("{name} is text"))
}

fn bytes<const N: usize>(of: &Value, name: &str) -> [u8; N] {
    unhex(text(of, name)).try_into().unwrap_or_else(|_| panic!("{name} has {N} bytes"))
}

fn key(of: &Value, name: &str) -> Key {
    Key::from_bytes(bytes(of, name))
}

#[test]
fn seals_are_those_frozen() {
    let all = vectors();
    let v = &all["seal"];
    let sealed =
        seal::seal(&key(v, "key"), bytes(v, "nonce"), text(v, "aad").as_bytes(), text(v, "plain").as_bytes());
    assert_eq!(sealed, unhex(text(v, "sealed")));

    let v = &all["chunk"];
    let sealed = seal::seal_chunk(
        &key(v, "key"),
        bytes(v, "nonce"),
        text(v, "sha256"),
        3,
        text(v, "plain").as_bytes(),
    );
    assert_eq!(sealed, unhex(text(v, "sealed")));

    let v = &all["rest"];
    let [store, id, area, codec, device] =
        [0, 1, 2, 3, 4].map(|i| v["place"][i].as_str().expect("five names"));
    let aad = rest::Place { store, id, area, codec, device }.aad();
    let row = rest::seal(&key(v, "key"), bytes(v, "nonce"), &aad, text(v, "plain").as_bytes());
    assert_eq!(row, unhex(text(v, "row")));
}

/// Whatever sealing becomes, what lies on phones and at the office since the first release opens.
#[test]
fn what_was_sealed_by_the_first_release_opens() {
    let all = vectors();
    let plain = |v: &Value| Ok(text(v, "plain").as_bytes().to_vec());
    let v = &all["seal"];
    let opened =
        seal::open(&key(v, "key"), bytes(v, "nonce"), text(v, "aad").as_bytes(), &unhex(text(v, "sealed")));
    assert_eq!(opened, plain(v));
    let v = &all["chunk"];
    assert_eq!(seal::open_chunk(&key(v, "key"), text(v, "sha256"), 3, &unhex(text(v, "sealed"))), plain(v));
    let v = &all["rest"];
    let [store, id, area, codec, device] =
        [0, 1, 2, 3, 4].map(|i| v["place"][i].as_str().expect("five names"));
    let aad = rest::Place { store, id, area, codec, device }.aad();
    let row = unhex(text(v, "row"));
    assert_eq!(rest::open(&key(v, "key"), &aad, &row), plain(v));
    // Its first byte names the algorithm, the second the version: none but its own opens it.
    for at in [0, 1] {
        for other in (0..=u8::MAX).filter(|byte| *byte != row[at]) {
            let mut row = row.clone();
            row[at] = other;
            let why = if rest::is_newer(&row) { OpenError::Unknown } else { OpenError::Shut };
            assert_eq!(rest::open(&key(v, "key"), &aad, &row), Err(why), "byte {at} is {other}");
        }
    }
}

/// RFC 8439 §2.8.2, of the cipher inside HPKE and inside XChaCha20-Poly1305.
#[test]
fn rfc_8439_comes_out() {
    use chacha20poly1305::{
        ChaCha20Poly1305, KeyInit,
        aead::{Aead, Payload},
    };
    let key: [u8; 32] =
        unhex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f").try_into().expect("32");
    let nonce: [u8; 12] = unhex("070000004041424344454647").try_into().expect("12");
    let aad = unhex("50515253c0c1c2c3c4c5c6c7");
    let msg = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    let expected = "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b\
                    1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc\
                    3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691";
    let sealed = ChaCha20Poly1305::new(&key.into()).encrypt(&nonce.into(), Payload { msg, aad: &aad });
    assert_eq!(sealed.expect("it fits"), unhex(expected));
}

#[test]
fn seals_to_the_server_are_those_frozen() {
    let v = &vectors()["hpke"];
    let pair = ServerKeyPair::from_seed(bytes(v, "pair_seed"));
    assert_eq!(pair.secret().expose(), &bytes(v, "secret"));
    assert_eq!(pair.public().to_bytes(), bytes(v, "public"));
    let again = ServerKeyPair::from_secret(&key(v, "secret"));
    assert_eq!(again.public(), pair.public());
    for v in v["seals"].as_array().expect("a list") {
        let info = match text(v, "info") {
            "out" => Info::Out,
            "blob" => Info::Blob,
            "field" => Info::Field,
            _ => Info::Photo,
        };
        let aad = text(v, "aad").as_bytes();
        let sealed = hpke::seal_to(pair.public(), info, aad, text(v, "plain").as_bytes(), bytes(v, "seed"))
            .expect("a usable key");
        assert_eq!(sealed.enc, unhex(text(v, "enc")));
        assert_eq!(sealed.ct, unhex(text(v, "ct")));
        assert_eq!(
            hpke::open(&again, info, aad, &sealed.enc, &sealed.ct).as_deref(),
            Ok(text(v, "plain").as_bytes())
        );
    }
}

#[test]
fn codes_stretch_to_the_frozen_keys() {
    let v = &vectors()["code"];
    let code = DeviceCode::from_bytes(bytes(v, "bytes"));
    assert_eq!(code.as_str(), text(v, "text"));
    let stretched = code::stretch(code.as_str(), &bytes(v, "salt")).expect("64 MiB are there");
    assert_eq!(stretched.expose(), &bytes(v, "stretched"));
    assert_eq!(code::wrapping_key(&stretched, None).expose(), &bytes(v, "wrapping"));
    assert_eq!(
        code::wrapping_key(&stretched, Some(&bytes(v, "prf"))).expose(),
        &bytes(v, "wrapping_with_prf")
    );
    let second = Second::new(vec![1], [2; 32], &bytes(v, "prf"));
    let stored = serde_json::to_value(&second).expect("a second secret's question is JSON");
    assert_eq!(stored["mark"], v["prf_mark"]);
}

#[test]
fn pins_and_phrases_make_the_frozen_keys() {
    let v = &vectors()["quick"];
    let pin = Pin::parse(text(v, "pin")).expect("digits");
    let stretched = code::stretch(pin.as_str(), &bytes(v, "salt")).expect("64 MiB are there");
    assert_eq!(stretched.expose(), &bytes(v, "stretched"));
    assert_eq!(code::quick_key(&stretched, &bytes(v, "device")).expose(), &bytes(v, "wrapping"));

    let v = &vectors()["phrase"];
    let phrase = Phrase::read(text(v, "typed"));
    assert_eq!(phrase.as_str(), text(v, "text"));
    let stretched = code::stretch(phrase.as_str(), &bytes(v, "salt")).expect("64 MiB are there");
    assert_eq!(stretched.expose(), &bytes(v, "stretched"));
}

#[test]
fn blind_indexes_are_those_frozen() {
    let v = &vectors()["blind_index"];
    assert_eq!(index::blind_index(&key(v, "key"), text(v, "field"), text(v, "text")), bytes(v, "hash"));
}

#[test]
fn vaults_are_wrapped_as_frozen_and_open_again() {
    let all = vectors();
    let v = &all["vault"];
    let public = PublicKey::from_bytes(&unhex(text(&all["hpke"], "public"))).expect("32 bytes");
    let wrapping = key(&all["code"], "wrapping");
    let mut made = Unlocked::create(NewVault {
        vault: text(&v["wraps"], "vault"),
        code: CodeKey { wrapping: &wrapping, salt: bytes(&all["code"], "salt"), second: None, phrase: false },
        server: ServerKey { kid: text(v, "kid"), public: &public },
        out_id: text(v, "out_id"),
        blob_id: text(v, "blob_id"),
        seed: bytes(v, "seed"),
    })
    .expect("a usable key");
    made.add_area(text(v, "area"), bytes(v, "area_seed"));
    assert_eq!(serde_json::to_value(made.wraps()).expect("wraps are JSON"), v["wraps"]);

    let wraps: Wraps = serde_json::from_value(v["wraps"].clone()).expect("the frozen wraps are read");
    let opened = Locked::new(wraps).unlock(&wrapping).expect("the code opens");
    assert_eq!(opened.kv().expose(), &bytes(v, "kv"));
    assert_eq!(opened.out().1.expose(), &bytes(v, "out"));
    assert_eq!(opened.blob().1.expose(), &bytes(v, "blob"));
    assert_eq!(opened.area(text(v, "area")).expect("the area is there").expose(), &bytes(v, "area_key"));
    let pair = ServerKeyPair::from_seed(bytes(&all["hpke"], "pair_seed"));
    assert_eq!(
        opened.wraps().out.seal.open(&pair, Info::Out).expect("the server opens").expose(),
        &bytes(v, "out")
    );
    assert!(matches!(opened.wraps().out.seal.open(&pair, Info::Blob), Err(OpenError::Shut)));
}
