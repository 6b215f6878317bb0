//! Names of devices, vaults, incarnations, areas and blobs, and the ids that two sides may make alike.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The text is not the id it should be: wrong length, or not lower-case hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the expected form")]
pub struct ParseIdError;

/// An id of fixed bytes, written as lower-case hexadecimal text.
macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $bytes]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let mut bytes = [0; $bytes];
                parse_hex(text, &mut bytes)?;
                Ok(Self(bytes))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

hex_id!(
    /// One vault of one device, made by the client before enrolment.
    DeviceId,
    16
);
hex_id!(
    /// One user on one device: names the database, the cookies and the sentinel.
    VaultId,
    8
);
hex_id!(
    /// An incarnation: new whenever the device's database is new or went back in time.
    Inc,
    8
);
hex_id!(
    /// SHA-256 of the bytes saved on the phone.
    BlobHash,
    32
);

fn parse_hex(text: &str, bytes: &mut [u8]) -> Result<(), ParseIdError> {
    if text.len() != bytes.len() * 2 {
        return Err(ParseIdError);
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Ok(())
}

fn hex_digit(digit: u8) -> Result<u8, ParseIdError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(ParseIdError),
    }
}

/// A node of the area tree. [`AreaId::OWN`] is the area under which an author pulls his own held records that lie outside his scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaId(pub Uuid);

impl AreaId {
    /// On the wire `own`.
    pub const OWN: AreaId = AreaId(Uuid::nil());
}

impl fmt::Display for AreaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == AreaId::OWN { f.write_str("own") } else { self.0.fmt(f) }
    }
}

impl FromStr for AreaId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<AreaId, ParseIdError> {
        if text == "own" {
            return Ok(AreaId::OWN);
        }
        Uuid::try_parse(text).map(AreaId).map_err(|_| ParseIdError)
    }
}

impl Serialize for AreaId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AreaId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AreaId, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// The UUIDv8 that two sides make alike: SHA-256 over the kind and the names, one a line.
///
/// ```
/// let visit = "01900000-0000-7000-8000-000000000001";
/// assert_eq!(sync::id::made_alike("need", &[visit, "N-MED"]).to_string(), "f97548a4-de80-8af0-ae6c-88a0ba7d3842");
/// ```
pub fn made_alike(kind: &str, names: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    for name in names {
        hash.update(b"\n");
        hash.update(name.as_bytes());
    }
    let digest = hash.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// A UUIDv7 from the time and randomness passed in.
pub fn uuid_v7(now_ms: i64, random: [u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(now_ms.max(0).unsigned_abs(), &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e1_hex_ids_have_their_length_and_lower_case() {
        let parse = |text: &str| text.parse::<Inc>().map(|inc| inc.to_string());
        assert_eq!(parse("00ff00ff00ff00aa").as_deref(), Ok("00ff00ff00ff00aa"));
        for text in [
            "",
            "00ff",
            "00FF00ff00ff00aa",
            "00ff00ff00ff00aa00",
            "00ff00ff00ff00a",
            "gg00000000000000",
            "水水水水水水",
        ] {
            assert_eq!(parse(text), Err(ParseIdError), "{text}");
        }
        assert_eq!("own".parse(), Ok(AreaId::OWN));
    }

    #[test]
    fn ids_made_alike_follow_the_published_vectors() {
        let u = "01900000-0000-7000-8000-000000000001";
        let check =
            |kind, names: &[&str], expected: &str| assert_eq!(made_alike(kind, names).to_string(), expected);
        check("held", &[u], "7408ac25-bd75-8d53-a9bd-460f9a58ad63");
        check("need", &[u, "N-MED"], "f97548a4-de80-8af0-ae6c-88a0ba7d3842");
        check("append", &[u, "0"], "52386816-4182-8eae-9570-9b7ce1fdb87d");
    }
}
