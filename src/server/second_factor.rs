//! The second factor at a browser that is no enrolled device (RFC 6238), and its recovery codes.
//!
//! The secret lies in the database sealed to the server's key, which lies elsewhere. A code is good for its half minute and the one before and
//! after, and for one login; a recovery code for one login.

use crypto::b64;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sync::wire::SealedValue;
use totp_rs::{Algorithm, Builder, Secret, Totp};
use uuid::Uuid;

use crate::{
    clock::Millis,
    db::{DbError, Factor, FactorUse, StoredFactor},
    keys::Keys,
    state::App,
    tokens,
};

/// Bytes of a secret, as RFC 4226 wants them for SHA-1.
const SECRET_BYTES: usize = 20;
const DIGITS: u8 = 6;
const STEP_SECONDS: u64 = 30;
/// Steps before and after that count too: clocks of telephones are off.
const SKEW_STEPS: u16 = 1;
/// Recovery codes of a set-up.
const RECOVERY_COUNT: usize = 10;
/// The field under which the secret is sealed.
pub(crate) const FIELD: &str = "second_factor";

/// What a login lacks.
#[derive(Debug)]
pub(crate) enum Lack {
    /// A code.
    Code,
    /// The code was wrong, or was taken before.
    WrongCode,
    /// Nothing is set up yet: the secret for the person's telephone, as text and as an address for a picture.
    SetUp { secret: String, uri: String },
    /// The database.
    Db(DbError),
}

impl From<DbError> for Lack {
    fn from(error: DbError) -> Lack {
        Lack::Db(error)
    }
}

/// Judges the code of a login: which of the two it was, and the recovery codes where it was the first.
pub(crate) async fn check(
    app: &App,
    account: Uuid,
    name: &str,
    typed: Option<&str>,
) -> Result<(Factor, Vec<String>), Lack> {
    let now = app.clock.now();
    let stored = app.db.second_factor(account).await?;
    let typed = typed.map(tokens::plain_code).filter(|code| !code.is_empty());
    match (stored, typed) {
        (Some(stored), None) if stored.confirmed => Err(Lack::Code),
        (Some(stored), Some(code)) if stored.confirmed => {
            let (factor, used) = match step_of(&app.keys, account, &stored, &code, now)? {
                Some(step) => (Factor::Totp, FactorUse::Step(step)),
                None => {
                    (Factor::RecoveryCode, FactorUse::Recovery(app.keys.lasting_hashes(&recovery(&code))))
                }
            };
            let counts = app.db.use_factor(account, used, now).await?;
            if counts { Ok((factor, Vec::new())) } else { Err(Lack::WrongCode) }
        }
        (Some(stored), Some(code)) => {
            let step = step_of(&app.keys, account, &stored, &code, now)?.ok_or(Lack::WrongCode)?;
            let codes: Vec<String> = (0..RECOVERY_COUNT).map(|_| tokens::new_code()).collect();
            let hashes = codes
                .iter()
                .map(|code| app.keys.lasting_hash(&recovery(&tokens::plain_code(code))))
                .collect();
            let counts =
                app.db.use_factor(account, FactorUse::Confirm { step, recovery: hashes }, now).await?;
            if counts { Ok((Factor::Totp, codes)) } else { Err(Lack::WrongCode) }
        }
        (_, _) => {
            let secret = Secret::from(tokens::random::<SECRET_BYTES>());
            let sealed = seal(&app.keys, account, &secret);
            if !app.db.use_factor(account, FactorUse::Begin { secret: sealed }, now).await? {
                return Err(Lack::Code);
            }
            let secret = secret.to_base32();
            let uri = uri(name, &secret);
            Err(Lack::SetUp { secret, uri })
        }
    }
}

fn seal(keys: &Keys, account: Uuid, secret: &Secret) -> String {
    let text = b64::encode(secret.as_ref());
    let sealed = keys.seal_field(&account.to_string(), FIELD, &text, String::new());
    serde_json::to_string(&sealed).unwrap_or_default()
}

fn open(keys: &Keys, account: Uuid, stored: &StoredFactor) -> Result<Secret, DbError> {
    let damaged = || DbError::Damaged("second_factor");
    let sealed: SealedValue = serde_json::from_str(&stored.secret).map_err(|_| damaged())?;
    let text = keys.open_field(&account.to_string(), FIELD, &sealed);
    let text = text.map_err(|error| DbError::unopened("second_factor", error))?;
    Ok(Secret::from(b64::decode(&text).map_err(|_| damaged())?))
}

/// The step whose code this is, of those around now.
fn step_of(
    keys: &Keys,
    account: Uuid,
    stored: &StoredFactor,
    code: &str,
    now: Millis,
) -> Result<Option<i64>, DbError> {
    let seconds = u64::try_from(now / 1_000).unwrap_or_default();
    let step = totp(open(keys, account, stored)?).and_then(|totp| totp.check(code, seconds));
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// Six digits, every half minute, by SHA-1: what every telephone's app takes without being told.
fn totp(secret: Secret) -> Option<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_skew(SKEW_STEPS)
        .with_step_duration(STEP_SECONDS)
        .with_secret(secret)
        .build()
        .ok()
}

/// A recovery code is no code for a device.
fn recovery(code: &str) -> String {
    format!("RECOVERY{code}")
}

/// What the picture holds (Key URI Format).
fn uri(name: &str, secret: &str) -> String {
    let label = utf8_percent_encode(name, NON_ALPHANUMERIC);
    format!("otpauth://totp/Huifang:{label}?secret={secret}&issuer=Huifang")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let totp = totp(Secret::from(*b"12345678901234567890")).unwrap();
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp.generate(seconds).to_string(), code);
        }
    }

    #[test]
    fn the_picture_holds_a_name_in_any_script() {
        assert_eq!(uri("周敏", "ABC"), "otpauth://totp/Huifang:%E5%91%A8%E6%95%8F?secret=ABC&issuer=Huifang");
    }
}
