use super::*;
use crate::vectors::unhex;
use proptest::prelude::*;

#[test]
fn the_xchacha_draft_vector_comes_out() {
    let key = Key::from_slice(&(0x80..0xa0).collect::<Vec<u8>>()).expect("32 bytes");
    let nonce: [u8; 24] = (0x40..0x58).collect::<Vec<u8>>().try_into().expect("24 bytes");
    let aad = unhex("50515253c0c1c2c3c4c5c6c7");
    let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    let expected = "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39\
                    ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
                    21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49";
    assert_eq!(seal(&key, nonce, &aad, plain), unhex(expected));
}

#[test]
fn a_chunk_opens_only_at_its_place() {
    let key = Key::from_bytes([1; 32]);
    let sealed = seal_chunk(&key, [2; 24], "aa", 1, b"bytes");
    assert_eq!(open_chunk(&key, "aa", 1, &sealed).as_deref(), Ok(&b"bytes"[..]));
    assert_eq!(open_chunk(&key, "aa", 2, &sealed), Err(OpenError::Shut));
    assert_eq!(open_chunk(&key, "ab", 1, &sealed), Err(OpenError::Shut));
    assert_eq!(open_chunk(&key, "aa", 1, &sealed[..NONCE_BYTES - 1]), Err(OpenError::Shut));
}

proptest! {
    #[test]
    fn what_is_sealed_opens_with_the_same_key_nonce_and_place(plain: Vec<u8>, aad: Vec<u8>, key: [u8; 32], nonce: [u8; 24]) {
        let sealed = seal(&Key::from_bytes(key), nonce, &aad, &plain);
        prop_assert_eq!(sealed.len(), plain.len() + TAG_BYTES);
        prop_assert_eq!(open(&Key::from_bytes(key), nonce, &aad, &sealed), Ok(plain));
    }

    #[test]
    fn a_flipped_bit_anywhere_is_refused(plain: Vec<u8>, aad: Vec<u8>, at: prop::sample::Index, bit in 0_u8..8) {
        let key = Key::from_bytes([3; 32]);
        let mut joined = seal_joined(&key, [4; 24], &aad, &plain);
        let at = at.index(joined.len());
        joined[at] ^= 1 << bit;
        prop_assert_eq!(open_joined(&key, &aad, &joined), Err(OpenError::Shut));
    }

    #[test]
    fn other_associated_data_is_refused(aad: Vec<u8>, other: Vec<u8>) {
        prop_assume!(aad != other);
        let key = Key::from_bytes([3; 32]);
        let joined = seal_joined(&key, [4; 24], &aad, b"row");
        prop_assert_eq!(open_joined(&key, &other, &joined), Err(OpenError::Shut));
    }
}
