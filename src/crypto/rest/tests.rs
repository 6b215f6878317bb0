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
    assert_eq!(open(&key(), &place("one", "a").aad(), &two), Err(OpenError::Shut));
    assert_eq!(open(&key(), &place("two", "a").aad(), &one), Err(OpenError::Shut));
    assert_eq!(open(&key(), &place("one", "b").aad(), &one), Err(OpenError::Shut));
}

#[test]
fn another_algorithm_or_version_byte_is_refused() {
    let row = seal(&key(), [1; 24], b"place", b"row");
    use OpenError::{Shut, Unknown};
    for (head, why) in [
        ([2, 1], Unknown),
        ([ALG_XCHACHA, 2], Unknown),
        ([255, 255], Unknown),
        // Never given out, and so no newer build's.
        ([0, 1], Shut),
        ([0, 2], Shut),
        ([ALG_XCHACHA, 0], Shut),
    ] {
        let mut changed = row.clone();
        changed[..2].copy_from_slice(&head);
        assert_eq!(open(&key(), b"place", &changed), Err(why), "{head:?}");
        assert_eq!(is_newer(&changed), why == Unknown);
        // Nor with the right key and the right place.
        assert_eq!(open(&Key::from_bytes([9; 32]), b"place", &changed), Err(why));
    }
}

#[test]
fn the_head_is_authenticated_too() {
    // The same ciphertext without the head's bytes in the associated data is not what was sealed.
    let row = seal(&key(), [1; 24], b"place", b"row");
    assert_eq!(seal::open_joined(&key(), b"place", &row[2..]), Err(OpenError::Shut));
}

#[test]
fn too_short_rows_are_refused() {
    let row = seal(&key(), [1; 24], b"", b"");
    for end in 0..row.len() {
        assert_eq!(open(&key(), b"", &row[..end]), Err(OpenError::Shut));
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

#[test]
fn what_a_later_algorithm_sealed_does_not_open_as_an_earlier_one() {
    // Somebody who holds the row names the first algorithm in place of the second: the head is authenticated.
    let mut later = seal_as([2, 1], b"row");
    assert_eq!(open(&key(), b"place", &later), Err(OpenError::Unknown));
    later[0] = ALG_XCHACHA;
    assert_eq!(open(&key(), b"place", &later), Err(OpenError::Shut));
}

/// A row as a build would seal it that has the same cipher under another name.
fn seal_as(head: [u8; 2], plain: &[u8]) -> Vec<u8> {
    [head.to_vec(), seal::seal_joined(&key(), [1; 24], &with_head(head, b"place"), plain)].concat()
}
