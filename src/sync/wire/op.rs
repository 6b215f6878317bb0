//! One write inside a changeset.

use crate::{
    id::{AreaId, BlobHash},
    rev::Rev,
    wire::Fields,
};
use domain::json::{self, Unread};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _},
};
use serde_json::{Map, Value};
use uuid::Uuid;

/// One write. A changeset names a field of a record at most once, counting `create.f`, `set` and `sealed`.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    /// A new record. With a parent, `area` is only a hint. The value of a sealed field is a [`SealedValue`].
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Create {
        e: Uuid,
        #[serde(rename = "type")]
        kind: String,
        area: AreaId,
        #[serde(skip_serializing_if = "Option::is_none")]
        parent: Option<Uuid>,
        #[cfg_attr(feature = "schema", schema(value_type = Object))]
        f: Fields,
    },
    /// Write one plain or critical field.
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Set { e: Uuid, f: String, v: Value, base: Base },
    /// Write one sealed field; the server computes `idx`.
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Sealed { e: Uuid, f: String, v: SealedValue, base: Base },
    /// Put an item into a set.
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Add { e: Uuid, f: String, item: Value },
    /// Take an item out of a set.
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Remove { e: Uuid, f: String, item: Value },
    /// Add an entry to an append field.
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Append { e: Uuid, f: String, v: Value },
    /// Attach a blob to a record.
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Attach { e: Uuid, blob: BlobHash, kind: String, bytes: u64 },
    /// Detach a blob from a record.
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Detach { e: Uuid, blob: BlobHash },
    /// Move a record with its children into another area.
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Move { e: Uuid, area: AreaId, base: Base },
    /// Delete a record softly (office).
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Delete { e: Uuid, base: DeleteBase, reason: String },
    /// Bring a deleted record back (office).
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Undelete { e: Uuid, reason: String },
    /// Decide a conflict or a held record (office).
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Resolve {
        e: Uuid,
        take: Take,
        #[serde(skip_serializing_if = "Option::is_none")]
        v: Option<Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        base: Option<Base>,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Accept or refuse a proposal (office).
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Decide {
        e: Uuid,
        accept: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Make `from` an alias of `into` (office).
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Merge { from: Uuid, into: Uuid, reason: String },
    /// Take back that `from` became an alias of `into` (office; an addition to v1).
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Unmerge { from: Uuid, into: Uuid, reason: String },
}

/// A member that is there, `null` b/// Read by hand: derived code for a tagged enum buffers each write and reads it by a reader of its own.
impl<'de> Deserialize<'de> for Op {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Op, D::Error> {
        let members = Map::<String, Value>::deserialize(deserializer)?;
        Members(members).op().map_err(D::Error::custom)
    }
}

struct Members(Map<String, Value>);

impl Members {
    fn op(mut self) -> Result<Op, Unread> {
        let op: String = self.take("op")?;
        if op == "merge" || op == "unmerge" {
            let (from, into) = (self.take("from")?, self.take("into")?);
            let reason = self.take("reason")?;
            return Ok(if op == "merge" {
                Op::Merge { from, into, reason }
            } else {
                Op::Unmerge { from, into, reason }
            });
        }
        let e: Uuid = self.take("e")?;
        Ok(match op.as_str() {
            "create" => Op::Create {
                e,
                kind: self.take("type")?,
                area: self.take("area")?,
                parent: self.maybe("parent")?,
                f: self.take("f")?,
            },
            "set" => Op::Set { e, f: self.take("f")?, v: self.value("v")?, base: self.take("base")? },
            "sealed" => Op::Sealed { e, f: self.take("f")?, v: self.take("v")?, base: self.take("base")? },
            "add" => Op::Add { e, f: self.take("f")?, item: self.value("item")? },
            "remove" => Op::Remove { e, f: self.take("f")?, item: self.value("item")? },
            "append" => Op::Append { e, f: self.take("f")?, v: self.value("v")? },
            "attach" => Op::Attach {
                e,
                blob: self.take("blob")?,
                kind: self.take("kind")?,
                bytes: self.take("bytes")?,
            },
            "detach" => Op::Detach { e, blob: self.take("blob")? },
            "move" => Op::Move { e, area: self.take("area")?, base: self.take("base")? },
            "delete" => Op::Delete { e, base: self.take("base")?, reason: self.take("reason")? },
            "undelete" => Op::Undelete { e, reason: self.take("reason")? },
            "resolve" => Op::Resolve {
                e,
                take: self.take("take")?,
                // A member that is there, `null` being a value like any other.
                v: self.0.remove("v"),
                base: self.maybe("base")?,
                reason: self.maybe("reason")?,
            },
            "decide" => Op::Decide { e, accept: self.take("accept")?, reason: self.maybe("reason")? },
            _ => return Err(Unread),
        })
    }

    fn value(&mut self, name: &str) -> Result<Value, Unread> {
        self.0.remove(name).ok_or(Unread)
    }

    fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Unread> {
        json::from_value(self.value(name)?)
    }

    /// A member that may be absent or `null`.
    fn maybe<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Unread> {
        self.0.remove(name).map_or(Ok(None), json::from_value)
    }
}

/// What the author had seen of the field that he writes.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// The last write he saw was his own changeset.
    Op(Uuid),
    /// The server's field version; `0.0` if never written.
    Fv(Rev),
}

/// What the author had seen of the record that he deletes.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct DeleteBase {
    pub rev: Rev,
    /// Own changesets on the record since `rev`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ops: Vec<Uuid>,
}

/// Which side of a conflict or held record stands.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// The value that stands now; a held record is dropped.
    Current,
    /// The value set aside; the ops of a held record are applied now.
    Other,
    /// A third value, in `v`.
    Value,
}

/// A text sealed (HPKE) to the server key `kid` with AAD `e/f`; bytes are base64url without padding.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct SealedValue {
    pub kid: String,
    pub alg: String,
    pub enc: String,
    pub ct: String,
    /// What a role that may not read the text sees of it.
    pub show: String,
}
