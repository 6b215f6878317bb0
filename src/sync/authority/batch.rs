//! The `push` section taken apart: ids, sizes, seals and shapes, before anything is loaded.

mod shape;

use crate::{
    authority::Opener,
    limits::CHANGESET_BYTES_MAX,
    upcast::upcast,
    wire::{Op, PushRequest, SealedBody, Why},
};
use serde_json::Value;
use uuid::Uuid;

pub(super) use shape::read_ops;

/// The envelope is malformed: the whole request is answered 400 and nothing is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the push section is malformed")]
pub struct BadEnvelope;

/// An opened push. What is wrong inside a changeset is kept beside it as its verdict.
#[derive(Clone, Debug)]
pub struct Batch {
    pub(super) first_seq: u64,
    pub(super) prev_id: Option<Uuid>,
    /// False when something is sealed and the batch's key does not open.
    pub(super) key_opens: bool,
    pub(super) parcels: Vec<Parcel>,
    pub(super) drafts: Vec<OpenedDraft>,
}

/// One changeset as it came.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) id: Uuid,
    /// As sent, or the plaintext when it was sealed and opens.
    pub(super) body: String,
    pub(super) content: Result<Content, Why>,
}

/// What a changeset says, apart from its id.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) t: i64,
    pub(super) t_contact: i64,
    pub(super) author: Uuid,
    pub(super) ops: Vec<Op>,
    /// The ops as they were written, members unknown to this build among them.
    pub(super) raw_ops: Value,
}

/// A draft that opened.
#[derive(Clone, Debug)]
pub(super) struct OpenedDraft {
    pub(super) visit: Uuid,
    pub(super) text: String,
}

impl Batch {
    /// Whether the section is well formed. Asked before any section of the request is worked through (E2).
    ///
    /// # Errors
    /// When `first_seq` is 0 or a changeset has no id of the right form.
    pub fn check(request: &PushRequest) -> Result<(), BadEnvelope> {
        if request.first_seq == 0 || request.first_seq > u64::MAX / 2 {
            return Err(BadEnvelope);
        }
        request.changesets.iter().try_for_each(|raw| Envelope::read(raw.get()).map(drop))
    }

    /// Takes the section apart and opens what is sealed.
    ///
    /// # Errors
    /// As [`Batch::check`].
    pub fn open<O: Opener>(request: &PushRequest, opener: &O) -> Result<Batch, BadEnvelope> {
        Batch::check(request)?;
        let key = request.key.as_ref().and_then(|key| Some((key.id, opener.open_key(key)?)));
        let open = |id: Uuid, sealed: &SealedBody| {
            let (key_id, key) = key.as_ref()?;
            let plain = (sealed.key == *key_id).then(|| opener.open_body(key, id, sealed))??;
            String::from_utf8(plain).ok()
        };
        let mut something_sealed = !request.drafts.is_empty();
        let mut parcels = Vec::with_capacity(request.changesets.len());
        for raw in &request.changesets {
            let Envelope { id, sealed } = Envelope::read(raw.get())?;
            something_sealed |= sealed.is_some();
            parcels.push(match sealed {
                None => Parcel { id, body: raw.get().to_owned(), content: read_content(raw.get()) },
                Some(sealed) => match sealed.and_then(|sealed| open(id, &sealed)) {
                    Some(text) => Parcel { id, content: read_content(&text), body: text },
                    None => Parcel { id, body: raw.get().to_owned(), content: Err(Why::BadSeal) },
                },
            });
        }
        let drafts = request.drafts.iter();
        let drafts = drafts
            .filter_map(|draft| Some(OpenedDraft { visit: draft.id, text: open(draft.id, &draft.sealed)? }))
            .collect();
        Ok(Batch {
            first_seq: request.first_seq,
            prev_id: request.prev_id,
            key_opens: key.is_some() || !something_sealed,
            parcels,
            drafts,
        })
    }

    /// The number after the last one of this batch.
    pub fn next_seq(&self) -> u64 {
        self.first_seq + self.parcels.len() as u64
    }
}

/// What must be readable of a changeset whatever else is wrong with it.
struct Envelope {
    id: Uuid,
    /// Present when the changeset is sealed; nothing inside when the seal has not its form.
    sealed: Option<Option<SealedBody>>,
}

impl Envelope {
    fn read(text: &str) -> Result<Envelope, BadEnvelope> {
        #[derive(serde::Deserialize)]
        struct Members<'a> {
            id: String,
            #[serde(borrow, default)]
            sealed: Option<&'a serde_json::value::RawValue>,
        }
        let members: Members<'_> = serde_json::from_str(text).map_err(|_| BadEnvelope)?;
        let id = strict_uuid(&members.id).ok_or(BadEnvelope)?;
        Ok(Envelope { id, sealed: members.sealed.map(|raw| serde_json::from_str(raw.get()).ok()) })
    }
}

/// A UUID in the one form of the wire: lower case with hyphens.
pub(super) fn strict_uuid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|id| id.to_string() == text)
}

/// Reads a changeset, judging `schema`, `too_large`, `bad_shape`, `unknown_op` and `unknown_kind` in this order (V2).
fn read_content(text: &str) -> Result<Content, Why> {
    let parsed: Option<Value> = serde_json::from_str(text).ok();
    let members = parsed.as_ref().and_then(Value::as_object);
    let schema = members.and_then(|members| members.get("schema")).and_then(Value::as_u64);
    if let Some(schema) = schema {
        upcast(schema, Value::Null).map_err(|_| Why::Schema)?;
    }
    if text.len() > CHANGESET_BYTES_MAX {
        return Err(Why::TooLarge);
    }
    let members = members.ok_or(Why::BadShape)?;
    let number = |name: &str| members.get(name).and_then(Value::as_i64).ok_or(Why::BadShape);
    let author = members.get("author").and_then(Value::as_str).and_then(strict_uuid);
    let (t, t_contact, author) = (number("t")?, number("t_contact")?, author.ok_or(Why::BadShape)?);
    let ops = members.get("ops").cloned().ok_or(Why::BadShape)?;
    let raw_ops = upcast(schema.ok_or(Why::BadShape)?, ops).map_err(|_| Why::Schema)?;
    Ok(Content { t, t_contact, author, ops: read_ops(&raw_ops)?, raw_ops })
}
