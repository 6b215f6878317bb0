//! The version of everything: `(epoch, n)`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// A point in the server's history. The epoch grows at every restore, `n` with every changeset.
///
/// Ordered as two numbers; in JSON it is text such as `"3.15021"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rev {
    /// Number of restores from backup before this point, plus one.
    pub epoch: u16,
    /// Position within the history, below 2^48.
    pub n: u64,
}

impl Rev {
    /// Before everything.
    pub const ZERO: Rev = Rev { epoch: 0, n: 0 };

    /// The version `n` of `epoch`.
    pub const fn new(epoch: u16, n: u64) -> Rev {
        Rev { epoch, n }
    }
}

impl fmt::Display for Rev {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.n)
    }
}

/// The text is not `epoch.n` in plain decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a rev is two decimal numbers with a point between")]
pub struct ParseRevError;

impl FromStr for Rev {
    type Err = ParseRevError;

    fn from_str(text: &str) -> Result<Rev, ParseRevError> {
        let (epoch, n) = text.split_once('.').ok_or(ParseRevError)?;
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(epoch) || !digits(n) {
            return Err(ParseRevError);
        }
        let n: u64 = n.parse().map_err(|_| ParseRevError)?;
        if n >= 1 << 48 {
            return Err(ParseRevError);
        }
        Ok(Rev { epoch: epoch.parse().map_err(|_| ParseRevError)?, n })
    }
}

impl Serialize for Rev {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rev {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rev, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Rev;

    #[test]
    fn e1_revs_are_compared_as_two_numbers_and_never_as_text() {
        let rev = |text: &str| text.parse::<Rev>().unwrap();
        assert!(rev("2.9") < rev("2.10") && rev("2.10") < rev("10.1") && rev("9.999") < rev("10.0"));
        assert_eq!(Rev::ZERO, rev("0.0"));
        assert_eq!(rev("3.15021").to_string(), "3.15021");
        assert_eq!(serde_json::to_string(&rev("1.2")).unwrap(), "\"1.2\"");
    }

    #[test]
    fn e1_what_is_no_rev_is_refused() {
        for text in
            ["", "1", ".", "1.", ".1", "1.2.3", "-1.2", "1.+2", "1.2 ", "65536.1", "1.281474976710656", "a.b"]
        {
            assert!(text.parse::<Rev>().is_err(), "{text}");
        }
        assert!("65535.281474976710655".parse::<Rev>().is_ok());
    }
}
