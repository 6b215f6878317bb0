//! Money in fen, the hundredth of a yuan. Never a float.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount in fen. Sums are checked: what does not fit is `None`, never a wrong amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// No money.
    pub const ZERO: Money = Money(0);

    /// An amount in fen.
    pub const fn from_fen(fen: i64) -> Money {
        Money(fen)
    }

    /// Whole yuan; `None` if they do not fit.
    pub fn from_yuan(yuan: i64) -> Option<Money> {
        yuan.checked_mul(100).map(Money)
    }

    /// Reads yuan as people write them: `1200`, `1,200.5`, `¥1,200.50元`, full-width digits too.
    /// `None` if it is not an amount or has more than two decimals.
    pub fn parse_yuan(text: &str) -> Option<Money> {
        let narrow = crate::text::narrow(text);
        let bare = narrow.trim().trim_start_matches(['¥', '￥']).trim_end_matches('元').replace(',', "");
        let (negative, digits) = match bare.trim().strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, bare.trim()),
        };
        let (yuan, fen) = digits.split_once('.').unwrap_or((digits, ""));
        let digits_only = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if yuan.is_empty() || fen.len() > 2 || !digits_only(yuan) || !digits_only(fen) {
            return None;
        }
        let cents: i64 = format!("{fen:0<2}").parse().ok()?;
        let amount = yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)?;
        Some(Money(if negative { -amount } else { amount }))
    }

    /// The amount in fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// The sum, if it fits.
    pub fn checked_add(self, other: Money) -> Option<Money> {
        self.0.checked_add(other.0).map(Money)
    }

    /// The difference, if it fits.
    pub fn checked_sub(self, other: Money) -> Option<Money> {
        self.0.checked_sub(other.0).map(Money)
    }

    /// A multiple, if it fits.
    pub fn checked_mul(self, times: i64) -> Option<Money> {
        self.0.checked_mul(times).map(Money)
    }

    /// A share in basis points (10000 = all), rounded to the fen, halves away from zero.
    pub fn share_bp(self, bp: i64) -> Option<Money> {
        let product = i128::from(self.0) * i128::from(bp);
        let half = if product < 0 { -5_000 } else { 5_000 };
        i64::try_from((product + half) / 10_000).ok().map(Money)
    }
}

/// Yuan with two decimals, without a sign of the currency: `1200.50`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::Money;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, fen) in [
            ("1200", Some(120_000)),
            ("1,200.5", Some(120_050)),
            ("¥1,200.50元", Some(120_050)),
            ("１２．３４", Some(1_234)),
            ("-3.07", Some(-307)),
            ("1.234", None),
            ("", None),
            ("约三百", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(Money::parse_yuan(text).map(Money::fen), fen, "{text}");
        }
    }

    #[test]
    fn sums_that_do_not_fit_are_refused() {
        assert_eq!(Money::from_fen(i64::MAX).checked_add(Money::from_fen(1)), None);
        assert_eq!(Money::from_yuan(i64::MAX), None);
    }

    #[test]
    fn shares_round_half_away_from_zero() {
        assert_eq!(Money::from_fen(3_027_300).share_bp(4_500), Some(Money::from_fen(1_362_285)));
        assert_eq!(Money::from_fen(1).share_bp(5_000), Some(Money::from_fen(1)));
        assert_eq!(Money::from_fen(-1).share_bp(5_000), Some(Money::from_fen(-1)));
    }

    #[test]
    fn an_amount_prints_in_yuan() {
        assert_eq!(Money::from_fen(-307).to_string(), "-3.07");
        assert_eq!(Money::from_fen(120_050).to_string(), "1200.50");
    }
}
