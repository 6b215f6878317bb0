use super::*;
use crate::vectors::unhex;
use proptest::prelude::*;

fn pair() -> ServerKeyPair {
    ServerKeyPair::from_seed([7; 32])
}

#[test]
fn rfc_9180_a_2_1_opens() {
    let secret = unhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");
    let pair = ServerKeyPair::from_secret(&Key::from_slice(&secret).expect("32 bytes"));
    assert_eq!(
        pair.public().to_bytes().to_vec(),
        unhex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")
    );
    let ikm = unhex("1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df");
    let derived = ServerKeyPair::from_seed(ikm.try_into().expect("32 bytes"));
    assert_eq!(derived.public(), pair.public());
    let opened = open_with_info(
        &pair,
        b"Ode on a Grecian Urn",
        b"Count-0",
        &unhex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"),
        &unhex("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"),
    );
    assert_eq!(opened.as_deref(), Ok(&b"Beauty is truth, truth beauty"[..]));
}

#[test]
fn a_seal_opens_only_for_its_purpose_place_and_pair() {
    let pair = pair();
    let Sealed { enc, ct } =
        seal_to(pair.public(), Info::Field, b"e/id_no", b"text", [1; 32]).expect("usable");
    assert_eq!(open(&pair, Info::Field, b"e/id_no", &enc, &ct).as_deref(), Ok(&b"text"[..]));
    assert_eq!(open(&pair, Info::Out, b"e/id_no", &enc, &ct), Err(OpenError::Shut));
    assert_eq!(open(&pair, Info::Field, b"e/account_no", &enc, &ct), Err(OpenError::Shut));
    assert_eq!(
        open(&ServerKeyPair::from_seed([8; 32]), Info::Field, b"e/id_no", &enc, &ct),
        Err(OpenError::Shut)
    );
    assert_eq!(open(&pair, Info::Field, b"e/id_no", &enc[1..], &ct), Err(OpenError::Shut));
    assert_eq!(open(&pair, Info::Field, b"e/id_no", &enc, b""), Err(OpenError::Shut));
}

#[test]
fn a_key_of_another_length_or_of_low_order_is_refused() {
    assert!(PublicKey::from_bytes(&[1; 31]).is_err());
    let zero = PublicKey::from_bytes(&[0; 32]).and_then(|key| seal_to(&key, Info::Out, b"", b"", [1; 32]));
    assert_eq!(zero, Err(BadPublicKey));
}

#[test]
fn a_field_lies_under_its_entity_and_name() {
    assert_eq!(field_aad("0190", "id_no"), b"0190/id_no");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn what_is_sealed_opens_and_a_flipped_bit_does_not(plain: Vec<u8>, aad: Vec<u8>, seed: [u8; 32], at: prop::sample::Index, bit in 0_u8..8) {
        let pair = pair();
        let Sealed { enc, mut ct } = seal_to(pair.public(), Info::Out, &aad, &plain, seed).expect("usable");
        prop_assert_eq!(open(&pair, Info::Out, &aad, &enc, &ct), Ok(plain));
        let at = at.index(ct.len());
        ct[at] ^= 1 << bit;
        prop_assert_eq!(open(&pair, Info::Out, &aad, &enc, &ct), Err(OpenError::Shut));
    }
}
