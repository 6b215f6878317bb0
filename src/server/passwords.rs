//! Passwords: argon2id with at most two hashes at once, and a wait per account that grows and never locks.

use argon2::{Algorithm, Argon2, Params, Version};
use crypto::b64;
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use crate::{clock::Millis, tokens};

const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;
const HASH_BYTES: usize = 32;
/// Hashes that may run at once: 64 MiB each.
const AT_ONCE: usize = 2;
/// Fewest characters of a password.
pub const LETTERS_MIN: usize = 8;
/// How long a one-time password is good.
pub(crate) const ONE_TIME_MS: Millis = 7 * 24 * 60 * 60_000;
/// Most bytes of a password; a longer one is wrong.
pub const BYTES_MAX: usize = 1024;
/// Wrong passwords before the first wait.
const FREE_TRIES: i64 = 5;
const WAIT_MS_MAX: Millis = 15 * 60_000;

/// Passwords that everyone tries first.
const COMMON: &str = include_str!("common_passwords.txt");

/// Why a password is not accepted for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("a password needs at least {LETTERS_MIN} characters")]
    Short,
    #[error("this password is among those that are tried first")]
    Common,
    #[error("this password is too long: it may have {BYTES_MAX} bytes at most")]
    Long,
}

impl WeakPassword {
    /// Its stable word.
    pub fn code(self) -> &'static str {
        match self {
            WeakPassword::Short => "password_short",
            WeakPassword::Common => "password_common",
            WeakPassword::Long => "password_long",
        }
    }
}

/// Whether `password` may be used.
///
/// # Errors
/// When it is too short, too long, or common.
pub fn check_strength(password: &str) -> Result<(), WeakPassword> {
    if password.chars().count() < LETTERS_MIN {
        return Err(WeakPassword::Short);
    }
    if password.len() > BYTES_MAX {
        return Err(WeakPassword::Long);
    }
    let lower = password.to_lowercase();
    if COMMON.lines().any(|common| common == lower) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

/// Hashes and compares passwords, two at a time.
pub struct Passwords {
    places: Semaphore,
    /// Compared against when the account is unknown, so that the answer takes as long.
    decoy: String,
}

impl Default for Passwords {
    fn default() -> Passwords {
        let salt = b64::encode(&tokens::random::<16>());
        let hash = b64::encode(&tokens::random::<HASH_BYTES>());
        Passwords { places: Semaphore::new(AT_ONCE), decoy: format!("argon2id-64m-3-1${salt}${hash}") }
    }
}

impl Passwords {
    /// The text that is stored for `password`.
    pub async fn hash(&self, password: String) -> String {
        let salt = tokens::random::<16>();
        let hash = self.stretch(password, salt.to_vec()).await;
        format!("argon2id-64m-3-1${}${}", b64::encode(&salt), b64::encode(&hash))
    }

    /// Whether `password` is the one stored. Takes the same time if there is none.
    pub async fn is_right(&self, password: String, stored: Option<&str>) -> bool {
        let mut parts = stored.unwrap_or(&self.decoy).split('$').skip(1);
        let salt = parts.next().and_then(|text| b64::decode(text).ok()).unwrap_or_default();
        let expected = parts.next().and_then(|text| b64::decode(text).ok()).unwrap_or_default();
        let is_too_long = password.len() > BYTES_MAX;
        let actual = self.stretch(password, salt).await;
        let is_equal = bool::from(actual.as_slice().ct_eq(&expected));
        is_equal && !is_too_long && stored.is_some()
    }

    async fn stretch(&self, password: String, salt: Vec<u8>) -> Vec<u8> {
        let place = self.places.acquire().await.expect("the semaphore is never closed");
        let hash = tokio::task::spawn_blocking(move || {
            let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_BYTES))
                .expect("the parameters are in range");
            let mut hash = vec![0; HASH_BYTES];
            let bytes = &password.as_bytes()[..password.len().min(BYTES_MAX)];
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password_into(bytes, &salt, &mut hash)
                .map(|()| hash)
                .unwrap_or_default()
        })
        .await
        .unwrap_or_default();
        drop(place);
        hash
    }
}

/// How long to wait after `failed` wrong passwords in a row.
pub fn wait_after(failed: i64) -> Millis {
    if failed < FREE_TRIES {
        return 0;
    }
    let doublings = u32::try_from((failed - FREE_TRIES).min(20)).unwrap_or(20);
    (1_000 << doublings).min(WAIT_MS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tries_are_free_and_the_wait_ends_at_a_quarter_of_an_hour() {
        let waits: Vec<_> = [0, 4, 5, 6, 14, 15, 1_000].map(wait_after).into();
        assert_eq!(waits, [0, 0, 1_000, 2_000, 512_000, 900_000, 900_000]);
    }

    #[test]
    fn weak_passwords_are_refused() {
        let check = |password: &str, expected| assert_eq!(check_strength(password), expected, "{password}");
        check("short", Err(WeakPassword::Short));
        check("双拥回访二零二六", Ok(()));
        check("Password1", Err(WeakPassword::Common));
        check("woaini1314", Err(WeakPassword::Common));
        check("sunflower", Err(WeakPassword::Common));
        check(&"双拥".repeat(32), Ok(()));
        check("correct horse battery staple", Ok(()));
    }

    #[test]
    fn a_password_has_eight_letters_at_least_and_1024_bytes_at_most() {
        let check = |letter: &str, count: usize| check_strength(&letter.repeat(count));
        // Letters are counted and not bytes: seven Chinese ones are 21 bytes.
        assert_eq!(check("访", 7), Err(WeakPassword::Short));
        assert_eq!(check("访", 8), Ok(()));
        assert_eq!(check("访", 341), Ok(()), "1,023 bytes");
        assert_eq!(check("访", 342), Err(WeakPassword::Long), "1,026 bytes");
        assert_eq!(check("~", 1_024), Ok(()));
        assert_eq!(check("~", 1_025), Err(WeakPassword::Long));
        for (password, word) in [("~".repeat(7), "password_short"), ("~".repeat(1_025), "password_long")] {
            assert_eq!(check_strength(&password).unwrap_err().code(), word);
        }
    }

    #[test]
    fn three_thousand_passwords_are_known_to_be_tried_first() {
        assert!(COMMON.lines().count() >= 3_000);
        assert!(COMMON.lines().all(|line| line == line.to_lowercase()));
    }

    #[tokio::test]
    async fn behind_the_longest_password_nothing_passes() {
        let passwords = Passwords::default();
        let longest = "~".repeat(BYTES_MAX);
        let stored = passwords.hash(longest.clone()).await;
        assert!(passwords.is_right(longest.clone(), Some(&stored)).await);
        assert!(!passwords.is_right(longest + "~", Some(&stored)).await);
    }

    #[tokio::test]
    async fn only_the_stored_password_is_right() {
        let passwords = Passwords::default();
        let stored = passwords.hash("a long password".to_owned()).await;
        assert!(passwords.is_right("a long password".to_owned(), Some(&stored)).await);
        assert!(!passwords.is_right("a wrong password".to_owned(), Some(&stored)).await);
        assert!(!passwords.is_right("a long password".to_owned(), None).await);
    }
}
