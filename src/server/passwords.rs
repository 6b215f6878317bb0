//! Passwords: argon2id with at most two hashes at once, and a wait per account that grows and never locks.

use anyhow::Context;
use argon2::{Algorithm, Argon2, Params, Version};
use crypto::b64;
use std::collections::BTreeSet;
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use domain::{pinyin, region::Level};

use crate::{
    breached,
    clock::Millis,
    db::{Area, DbError},
    state::App,
    tokens,
};

/// What a guess costs, and how a stored hash names it.
#[derive(Clone, Copy, Debug)]
struct Cost {
    name: &'static str,
    memory_kib: u32,
    passes: u32,
}

const SHIPPED: Cost = Cost { name: "argon2id-64m-3-1", memory_kib: 64 * 1024, passes: 3 };
#[cfg(not(test))]
const NEW: Cost = SHIPPED;
/// Tests log in by the hundred, and none but those here asks what a guess costs.
#[cfg(test)]
const NEW: Cost = Cost { name: "argon2id-64k-1-1", memory_kib: 64, passes: 1 };

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

/// Words of this work, which anybody would try who wants to get in here.
const WORDS_OF_THE_WORK: [&str; 14] = [
    "huifang",
    "shuangyong",
    "youfu",
    "tuiyi",
    "junren",
    "minzheng",
    "双拥",
    "回访",
    "走访",
    "优抚",
    "退役",
    "军人",
    "民政",
    "武装部",
];
/// Fewest letters that differ: one that is said again and again is the first that anybody tries.
const LETTERS_DIFFERENT_MIN: usize = 3;
/// Fewest letters of an own word: a shorter one stands in many passwords by chance.
const OWN_LETTERS_MIN: usize = 2;

/// Why a password is not accepted for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("a password needs at least {LETTERS_MIN} characters")]
    Short,
    #[error("this password is among those that are tried first")]
    Common,
    #[error("this password is too long: it may have {BYTES_MAX} bytes at most")]
    Long,
    #[error(
        "the name of the account, of the office's places or of its work counts as one character of a password: make it longer by other words"
    )]
    Own,
    #[error(
        "this office wants a password of several kinds of signs: small letters, capitals, digits, other signs"
    )]
    Kinds,
}

impl WeakPassword {
    /// Its stable word.
    pub fn code(self) -> &'static str {
        match self {
            WeakPassword::Short => "password_short",
            WeakPassword::Common => "password_common",
            WeakPassword::Long => "password_long",
            WeakPassword::Own => "password_own",
            WeakPassword::Kinds => "password_kinds",
        }
    }
}

/// Whether `password` may be used. Each of the `own` words, and of those of this work, counts as one character.
///
/// # Errors
/// When it is too short, too long, common, or made of own words.
pub fn check_strength(password: &str, own: &[String]) -> Result<(), WeakPassword> {
    if password.chars().count() < LETTERS_MIN {
        return Err(WeakPassword::Short);
    }
    if password.len() > BYTES_MAX {
        return Err(WeakPassword::Long);
    }
    let lower = password.to_lowercase();
    let different: BTreeSet<char> = lower.chars().collect();
    if different.len() < LETTERS_DIFFERENT_MIN || COMMON.lines().any(|common| common == lower) {
        return Err(WeakPassword::Common);
    }
    let own = own.iter().map(String::as_str).filter(|word| word.chars().count() >= OWN_LETTERS_MIN);
    let rest = own.chain(WORDS_OF_THE_WORK).fold(lower, |rest, word| rest.replace(word, "*"));
    if rest.chars().count() < LETTERS_MIN { Err(WeakPassword::Own) } else { Ok(()) }
}

/// How many kinds of signs there are in a password: small letters, capitals, digits, and all others.
fn kinds(password: &str) -> usize {
    let is_other = |c: char| !(c.is_lowercase() || c.is_uppercase() || c.is_ascii_digit());
    let kinds: [fn(char) -> bool; 3] = [char::is_lowercase, char::is_uppercase, |c| c.is_ascii_digit()];
    kinds.into_iter().filter(|kind| password.chars().any(kind)).count()
        + usize::from(password.chars().any(is_other))
}

/// The same, and whether it has the kinds of signs that the office wants, and was found in a breach, where the office has a list of those.
///
/// # Errors
/// When the settings or the list cannot be read.
pub async fn check(app: &App, password: &str, own: &[String]) -> anyhow::Result<Result<(), WeakPassword>> {
    let wanted = usize::from(app.db.policy().await?.password_kinds);
    let strong = check_strength(password, own)
        .and_then(|()| if kinds(password) < wanted { Err(WeakPassword::Kinds) } else { Ok(()) });
    let (Some(list), Ok(())) = (app.config.breached_passwords.clone(), strong) else { return Ok(strong) };
    let asked = password.to_owned();
    let found = tokio::task::spawn_blocking(move || breached::holds(&list, &asked)).await?;
    Ok(if found.context("the list of breached passwords")? { Err(WeakPassword::Common) } else { Ok(()) })
}

/// The words that whoever knows the account `user` would try: its name, and those of the office's county and townships.
///
/// # Errors
/// When the storage fails.
pub async fn own_words(app: &App, user: &str) -> Result<Vec<String>, DbError> {
    let areas = app.db.areas().await?;
    let mut words = vec![user.to_lowercase()];
    words.extend(areas.iter().filter(|area| !is_village(area)).flat_map(|area| place_words(&area.name)));
    // 双桥镇 before 双桥: what is left of the longer one would count.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    Ok(words)
}

fn is_village(area: &Area) -> bool {
    area.code.parse::<domain::region::AreaCode>().is_ok_and(|code| code.level() == Level::Village)
}

/// A place's name with and without its rank, in characters and in letters.
fn place_words(name: &str) -> [String; 4] {
    let short = name.trim_end_matches(['省', '市', '区', '县', '镇', '乡']);
    let letters =
        |name: &str| name.chars().filter_map(|c| pinyin::place_readings(c).first().copied()).collect();
    [name.to_owned(), short.to_owned(), letters(name), letters(short)]
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
        Passwords { places: Semaphore::new(AT_ONCE), decoy: format!("{}${salt}${hash}", NEW.name) }
    }
}

impl Passwords {
    /// The text that is stored for `password`.
    pub async fn hash(&self, password: String) -> String {
        self.hash_at(NEW, password).await
    }

    async fn hash_at(&self, cost: Cost, password: String) -> String {
        let salt = tokens::random::<16>();
        let hash = self.stretch(cost, password, salt.to_vec()).await;
        format!("{}${}${}", cost.name, b64::encode(&salt), b64::encode(&hash))
    }

    /// Whether `password` is the one stored. Takes the same time if there is none.
    pub async fn is_right(&self, password: String, stored: Option<&str>) -> bool {
        let mut parts = stored.unwrap_or(&self.decoy).split('$');
        let cost = if parts.next() == Some(NEW.name) { NEW } else { SHIPPED };
        let salt = parts.next().and_then(|text| b64::decode(text).ok()).unwrap_or_default();
        let expected = parts.next().and_then(|text| b64::decode(text).ok()).unwrap_or_default();
        let is_too_long = password.len() > BYTES_MAX;
        let actual = self.stretch(cost, password, salt).await;
        let is_equal = bool::from(actual.as_slice().ct_eq(&expected));
        is_equal && !is_too_long && stored.is_some()
    }

    async fn stretch(&self, cost: Cost, password: String, salt: Vec<u8>) -> Vec<u8> {
        let place = self.places.acquire().await.expect("the semaphore is never closed");
        let hash = tokio::task::spawn_blocking(move || {
            let params = Params::new(cost.memory_kib, cost.passes, LANES, Some(HASH_BYTES))
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
    use crate::{clock::Clock, config::Config, folder, testing};

    #[test]
    fn five_tries_are_free_and_the_wait_ends_at_a_quarter_of_an_hour() {
        let waits: Vec<_> = [0, 4, 5, 6, 14, 15, 1_000].map(wait_after).into();
        assert_eq!(waits, [0, 0, 1_000, 2_000, 512_000, 900_000, 900_000]);
    }

    #[test]
    fn weak_passwords_are_refused() {
        let check =
            |password: &str, expected| assert_eq!(check_strength(password, &[]), expected, "{password}");
        check("short", Err(WeakPassword::Short));
        check("二零二六年的春天", Ok(()));
        check("Password1", Err(WeakPassword::Common));
        check("woaini1314", Err(WeakPassword::Common));
        check("sunflower", Err(WeakPassword::Common));
        check(&"春水东流".repeat(16), Ok(()));
        for repeated in ["aaaaaaaaaaaa", "        ", "abababababab"] {
            check(repeated, Err(WeakPassword::Common));
        }
        check("correct horse battery staple", Ok(()));
    }

    #[test]
    fn own_words_count_as_one_letter() {
        let own: Vec<_> = ["liufang".to_owned()].into_iter().chain(place_words("双桥镇")).collect();
        let check =
            |password: &str, expected| assert_eq!(check_strength(password, &own), expected, "{password}");
        for weak in [
            "LiuFang2026",
            "shuangqiao1",
            "ShuangQiaoZhen12",
            "双桥镇优抚2026",
            "双拥回访二零二六",
            "huifang!2026",
        ] {
            check(weak, Err(WeakPassword::Own));
        }
        check("双桥镇的旧磨坊很安静", Ok(()));
        check("liufang-tall-grass", Ok(()));
    }

    #[test]
    fn a_password_has_eight_letters_at_least_and_1024_bytes_at_most() {
        let text = |letters: &str, count: usize| letters.chars().cycle().take(count).collect::<String>();
        let check = |letters: &str, count: usize| check_strength(&text(letters, count), &[]);
        // Letters are counted and not bytes: seven Chinese ones are 21 bytes.
        assert_eq!(check("访问他", 7), Err(WeakPassword::Short));
        assert_eq!(check("访问他", 8), Ok(()));
        assert_eq!(check("访问他", 341), Ok(()), "1,023 bytes");
        assert_eq!(check("访问他", 342), Err(WeakPassword::Long), "1,026 bytes");
        assert_eq!(check("~!%", 1_024), Ok(()));
        assert_eq!(check("~!%", 1_025), Err(WeakPassword::Long));
        for (count, word) in [(7, "password_short"), (1_025, "password_long")] {
            assert_eq!(check("~!%", count).unwrap_err().code(), word);
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
    async fn what_ships_costs_a_guess_64_mib_three_times() {
        let passwords = Passwords::default();
        let stored = passwords.hash_at(SHIPPED, "a long password".to_owned()).await;
        assert!(stored.starts_with("argon2id-64m-3-1$"));
        assert_eq!((SHIPPED.memory_kib, SHIPPED.passes), (65_536, 3));
        assert!(passwords.is_right("a long password".to_owned(), Some(&stored)).await);
        assert!(!passwords.is_right("a wrong password".to_owned(), Some(&stored)).await);
    }

    #[tokio::test]
    async fn only_the_stored_password_is_right() {
        let passwords = Passwords::default();
        let stored = passwords.hash("a long password".to_owned()).await;
        assert!(passwords.is_right("a long password".to_owned(), Some(&stored)).await);
        assert!(!passwords.is_right("a wrong password".to_owned(), Some(&stored)).await);
        assert!(!passwords.is_right("a long password".to_owned(), None).await);
    }

    #[tokio::test]
    async fn what_was_found_in_a_breach_is_refused_where_the_office_has_a_list() {
        let folder = testing::Folder::new();
        let list = folder.path().join("breached.txt");
        // SHA-1 of `autumn fields 1987`.
        std::fs::write(&list, "F42D8B0AD27ACC2FA337C9E1C55B35C139445F8E:3\n").unwrap();
        let config = Config { breached_passwords: Some(list.clone()), ..testing::config(&folder, true) };
        let (app, _) = folder::open(config, Clock::default()).await.unwrap();
        assert_eq!(check(&app, "autumn fields 1987", &[]).await.unwrap(), Err(WeakPassword::Common));
        assert_eq!(check(&app, "autumn fields 1988", &[]).await.unwrap(), Ok(()));
        assert_eq!(check(&app, "short", &[]).await.unwrap(), Err(WeakPassword::Short));
        std::fs::remove_file(&list).unwrap();
        assert!(
            check(&app, "autumn fields 1988", &[]).await.is_err(),
            "a list that went is no list that says yes"
        );
    }
}
