use super::*;
use proptest::prelude::*;

fn key() -> Key {
    Key::from_bytes([5; 32])
}

fn place<'a>(id: &'a str, area: &'a str) -> Place<'a> {
    Place { store: "rep", id, area, codec: "json/1", device: "d" }
}

#[test]
fn swapped_rows_are_refused() {
    let one = seal(&key(), [1; 24], &place("one", "a").aad(), b"row one");
    let two = seal(&key(), [2; 24], &place("two", "a").aad(), b"row two");
    assert_eq!(open(&key(), &place("one", "a").aad(), &two), Err(OpenError));
    assert_eq!(open(&key(), &place("two", "a").aad(), &one), Err(OpenError));
    assert_eq!(open(&key(), &place("one", "b").aad(), &one), Err(OpenError));
}

#[test]
fn another_algorithm_or_version_byte_is_refused() {
    let row = seal(&key(), [1; 24], b"place", b"row");
    for head in [[0, 1], [2, 1], [ALG_XCHACHA, 0], [ALG_XCHACHA, 2]] {
        let mut changed = row.clone();
        changed[..2].copy_from_slice(&head);
        assert_eq!(open(&key(), b"place", &changed), Err(OpenError));
    }
}

#[test]
fn the_head_is_authenticated_too() {
    // The same ciphertext without the head's bytes in the associated data is not what was sealed.
    let row = seal(&key(), [1; 24], b"place", b"row");
    assert_eq!(seal::open_joined(&key(), b"place", &row[2..]), Err(OpenError));
}

#[test]
fn too_short_rows_are_refused() {
    let row = seal(&key(), [1; 24], b"", b"");
    for end in 0..row.len() {
        assert_eq!(open(&key(), b"", &row[..end]), Err(OpenError));
    }
}

proptest! {
    #[test]
    fn rows_return(plain: Vec<u8>, id: String, area: String, nonce: [u8; 24]) {
        let aad = place(&id, &area).aad();
        prop_assert_eq!(open(&key(), &aad, &seal(&key(), nonce, &aad, &plain)), Ok(plain));
    }

    #[test]
    fn no_two_places_look_alike(a in "[ab/]{0,3}", b in "[ab/]{0,3}", c in "[ab/]{0,3}", d in "[ab/]{0,3}") {
        prop_assert_eq!((&a, &b) == (&c, &d), place(&a, &b).aad() == place(&c, &d).aad());
    }
}
