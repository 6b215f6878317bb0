//! A vault as it is stored: keys wrapped by keys. Nothing here is secret, everything here is sealed.

use crate::{
    Key, OpenError, SUITE, b64,
    hpke::{self, BadPublicKey, Info},
    key::derive,
    rest::{self, Place},
    vault::ServerKey,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// All wraps of a vault. Serialised it is JSON; members that this build does not know belong to a newer one and must not be dropped
/// by an older build, so the store refuses to write over a newer schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wraps {
    /// The vault's id; each wrap is bound to it.
    pub vault: String,
    /// The DEK under the code; gone after the offline lifetime, too many attempts or a wipe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeWrap>,
    /// `K_kv` under the DEK.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kv: Option<Wrap>,
    /// Area keys under the DEK, by area id.
    #[serde(default)]
    pub areas: BTreeMap<String, Wrap>,
    /// `K_out`.
    pub out: OwnKey,
    /// `K_blob`.
    pub blob: OwnKey,
    /// Former `K_out`s whose changesets or drafts may still lie here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_out: Vec<ServerSeal>,
    /// Former `K_blob`s whose photos may still lie here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_blob: Vec<ServerSeal>,
}

impl Wraps {
    /// Whether a newer build sealed one of them: no code opens it here, and none is to be tried.
    pub fn is_newer(&self) -> bool {
        let Wraps { code, kv, areas, out, blob, .. } = self;
        let wraps =
            [code.as_ref().map(|code| &code.wrap), kv.as_ref(), out.wrap.as_ref(), blob.wrap.as_ref()];
        wraps.into_iter().flatten().chain(areas.values()).any(Wrap::is_newer)
    }
}

/// The DEK wrapped by the key of a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeWrap {
    /// Whether an authenticator's answer goes into the wrapping key.
    pub prf: bool,
    /// 16 bytes for [`crate::code::stretch`].
    #[serde(with = "b64::text")]
    pub salt: Vec<u8>,
    /// Whether it is a phrase of the user's own and no machine-made code: what is typed is read otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub phrase: bool,
    /// Which authenticator answers, where `prf` is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Second>,
    /// The wrap.
    pub wrap: Wrap,
}

/// What an authenticator is asked for its answer, the second secret beside a code. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Second {
    /// The id of its credential.
    #[serde(with = "b64::text")]
    pub id: Vec<u8>,
    /// What its PRF is given.
    #[serde(with = "b64::text")]
    pub salt: Vec<u8>,
    #[serde(with = "b64::text")]
    mark: Vec<u8>,
}

impl Second {
    /// Of an authenticator that gave this answer.
    pub fn new(id: Vec<u8>, salt: [u8; 32], answer: &[u8; 32]) -> Second {
        Second { id, salt: salt.to_vec(), mark: mark(answer) }
    }

    /// Whether this is the answer that it gave at first. Of code and answer the wrap does not tell which is wrong; this does, so that no code is
    /// counted as wrong for an answer. It helps nobody to guess: an answer is 32 random bytes.
    pub fn is_answer(&self, answer: &[u8; 32]) -> bool {
        self.mark == mark(answer)
    }
}

fn mark(answer: &[u8; 32]) -> Vec<u8> {
    derive(answer, "huifang/1/second").expose().to_vec()
}

impl CodeWrap {
    /// The salt to stretch a typed code with; `None` when the row is damaged.
    pub fn salt(&self) -> Option<[u8; 16]> {
        self.salt.as_slice().try_into().ok()
    }
}

/// One key under another, as a row at rest: the first byte names the algorithm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrap(#[serde(with = "b64::text")] Vec<u8>);

impl Wrap {
    /// Wraps `key` under `by`. The nonce comes from `root` and the name, so one root makes one wrap of a name.
    pub(crate) fn make(by: &Key, key: &Key, vault: &str, name: &str, root: &Key) -> Wrap {
        let nonce_key = root.derive(&format!("nonce/{name}"));
        let (nonce, _) = nonce_key.expose().split_first_chunk().expect("a key is longer than a nonce");
        Wrap(rest::seal(by, *nonce, &place(vault, name), key.expose()))
    }

    fn is_newer(&self) -> bool {
        rest::is_newer(&self.0)
    }

    pub(crate) fn open(&self, by: &Key, vault: &str, name: &str) -> Result<Key, OpenError> {
        let bytes = Zeroizing::new(rest::open(by, &place(vault, name), &self.0)?);
        Key::from_slice(&bytes).ok_or(OpenError::Shut)
    }
}

/// `K_out` or `K_blob`: under the DEK for this phone, and sealed for the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnKey {
    /// Under the DEK; gone after a wipe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrap: Option<Wrap>,
    /// For the server; never gone while something sealed with the key lies here.
    pub seal: ServerSeal,
}

impl OwnKey {
    pub(crate) fn open(&self, dek: &Key, vault: &str, name: &str) -> Result<Key, OpenError> {
        self.wrap.as_ref().ok_or(OpenError::Shut)?.open(dek, vault, name)
    }

    pub(crate) fn destroy(&mut self) {
        self.wrap = None;
    }
}

/// A key sealed to the server, in the words of the wire's `push.key`; bytes as base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as on the wire")]
pub struct ServerSeal {
    pub id: String,
    pub kid: String,
    pub alg: String,
    pub enc: String,
    pub ct: String,
}

impl ServerSeal {
    pub(crate) fn make(
        key: &Key,
        id: &str,
        server: ServerKey<'_>,
        info: Info,
        root: &Key,
    ) -> Result<ServerSeal, BadPublicKey> {
        let ServerKey { kid, public } = server;
        let seed = *root.derive(&format!("seal/{info:?}")).expose();
        let sealed = hpke::seal_to(public, info, id.as_bytes(), key.expose(), seed)?;
        Ok(ServerSeal {
            id: id.to_owned(),
            kid: kid.to_owned(),
            alg: SUITE.to_owned(),
            enc: b64::encode(&sealed.enc),
            ct: b64::encode(&sealed.ct),
        })
    }

    /// Opens the key at the server.
    ///
    /// # Errors
    /// [`OpenError::Unknown`] when the suite is another; else when the text is no base64url, or as [`hpke::open`].
    pub fn open(&self, pair: &hpke::ServerKeyPair, info: Info) -> Result<Key, OpenError> {
        if self.alg != SUITE {
            return Err(OpenError::Unknown);
        }
        let enc = b64::decode(&self.enc).map_err(|_| OpenError::Shut)?;
        let ct = b64::decode(&self.ct).map_err(|_| OpenError::Shut)?;
        let bytes = Zeroizing::new(hpke::open(pair, info, self.id.as_bytes(), &enc, &ct)?);
        Key::from_slice(&bytes).ok_or(OpenError::Shut)
    }
}

impl Wraps {
    /// Whether both own keys are sealed to this server key.
    pub fn is_sealed_to(&self, kid: &str) -> bool {
        self.out.seal.kid == kid && self.blob.seal.kid == kid
    }

    /// The server key to which all own keys are sealed; another one, where one of them still is, and those of a forgotten code are for ever.
    pub fn sealed_to(&self) -> &str {
        let present = &self.out.seal.kid;
        let others = std::iter::once(&self.blob.seal).chain(&self.earlier_out).chain(&self.earlier_blob);
        others.map(|seal| &seal.kid).find(|kid| *kid != present).unwrap_or(present)
    }

    /// Drops every wrap; what is sealed to the server stays.
    pub(crate) fn destroy(&mut self) {
        self.code = None;
        self.kv = None;
        self.areas.clear();
        self.out.destroy();
        self.blob.destroy();
    }
}

fn place(vault: &str, name: &str) -> Vec<u8> {
    Place { store: "wrap", id: name, area: "", codec: "key/1", device: vault }.aad()
}
