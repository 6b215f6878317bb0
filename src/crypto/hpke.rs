//! What only the server may open: HPKE (RFC 9180) base mode with X25519, HKDF-SHA256 and ChaCha20-Poly1305.

use crate::{Key, OpenError};
use ::hpke::{
    Deserializable, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256,
    kem::X25519HkdfSha256,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

type Kem = X25519HkdfSha256;
type SecretKey = <Kem as ::hpke::Kem>::PrivateKey;

/// What a seal is for. A seal made for one purpose does not open for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Info {
    /// `K_out`; AAD the key's id.
    Out,
    /// `K_blob`; AAD the key's id.
    Blob,
    /// The text of a sealed field; AAD `e/f`, see [`field_aad`].
    Field,
    /// A photo that even its phone cannot open again; AAD the sha256 as text.
    Photo,
}

impl Info {
    fn bytes(self) -> &'static [u8] {
        match self {
            Info::Out => b"huifang/1/out",
            Info::Blob => b"huifang/1/blob",
            Info::Field => b"huifang/1/field",
            Info::Photo => b"huifang/1/photo",
        }
    }
}

/// The bytes are no public key one can seal to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a usable public key")]
pub struct BadPublicKey;

/// The server's public key. Its `kid` is kept beside it by whoever got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(<Kem as ::hpke::Kem>::PublicKey);

impl PublicKey {
    /// From 32 bytes as the server gave them.
    ///
    /// # Errors
    /// When there are not 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<PublicKey, BadPublicKey> {
        Deserializable::from_bytes(bytes).map(PublicKey).map_err(|_| BadPublicKey)
    }

    /// The 32 bytes.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }
}

/// The server's key pair. The secret half has no `Debug`, `Clone` or serde and is overwritten when dropped.
pub struct ServerKeyPair {
    secret: SecretKey,
    public: PublicKey,
}

impl ServerKeyPair {
    /// A new pair from 32 random bytes (`DeriveKeyPair` of RFC 9180).
    pub fn from_seed(seed: [u8; 32]) -> ServerKeyPair {
        let seed = Key::from_bytes(seed);
        let (secret, public) = <Kem as ::hpke::Kem>::derive_keypair(seed.expose());
        ServerKeyPair { secret, public: PublicKey(public) }
    }

    /// The pair whose secret half was written down by [`ServerKeyPair::secret`].
    pub fn from_secret(secret: &Key) -> ServerKeyPair {
        let secret = SecretKey::from_bytes(secret.expose()).expect("a secret key is any 32 bytes");
        let public = PublicKey(<Kem as ::hpke::Kem>::sk_to_pk(&secret));
        ServerKeyPair { secret, public }
    }

    /// The secret half, for the key file and its backup.
    pub fn secret(&self) -> Key {
        Key::from_bytes(self.secret.to_bytes().into())
    }

    /// The half that phones get.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }
}

/// What [`seal_to`] made: the encapsulated key (32 bytes) and the ciphertext with its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as on the wire")]
pub struct Sealed {
    pub enc: Vec<u8>,
    pub ct: Vec<u8>,
}

/// Seals to the server. `seed` is 32 fresh random bytes, used for this seal alone.
///
/// # Errors
/// When the public key is one of the few points to which nothing can be sealed.
pub fn seal_to(
    to: &PublicKey,
    info: Info,
    aad: &[u8],
    plain: &[u8],
    seed: [u8; 32],
) -> Result<Sealed, BadPublicKey> {
    let mut rng = ChaCha20Rng::from_seed(seed);
    let (enc, ct) = ::hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeS::Base,
        &to.0,
        info.bytes(),
        plain,
        aad,
        &mut rng,
    )
    .map_err(|_| BadPublicKey)?;
    Ok(Sealed { enc: enc.to_bytes().to_vec(), ct })
}

/// Opens what was sealed to this pair.
///
/// # Errors
/// When pair, purpose, associated data or bytes are not those of the sealing.
pub fn open(
    pair: &ServerKeyPair,
    info: Info,
    aad: &[u8],
    enc: &[u8],
    ct: &[u8],
) -> Result<Vec<u8>, OpenError> {
    open_with_info(pair, info.bytes(), aad, enc, ct)
}

/// The associated data of a sealed field: entity id, slash, field name.
pub fn field_aad(entity: &str, field: &str) -> Vec<u8> {
    format!("{entity}/{field}").into_bytes()
}

fn open_with_info(
    pair: &ServerKeyPair,
    info: &[u8],
    aad: &[u8],
    enc: &[u8],
    ct: &[u8],
) -> Result<Vec<u8>, OpenError> {
    let enc = <Kem as ::hpke::Kem>::EncappedKey::from_bytes(enc).map_err(|_| OpenError::Shut)?;
    ::hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeR::Base,
        &pair.secret,
        &enc,
        info,
        ct,
        aad,
    )
    .map_err(|_| OpenError::Shut)
}

#[cfg(test)]
mod tests;
