//! What only the office has or decides.

use super::{
    Data, OfficeAnswer, OfficeBody, OfficeError, OfficeRequest, Review, SaveError, album::SMALL_WIDTH,
    file::view_of, turns::tasks_done,
};
use crate::{
    driver::Driver,
    platform::{
        entropy,
        http::{self, Request},
    },
    vault,
};
use crypto::{
    b64,
    hpke::{Info, field_aad, seal_to},
};
use domain::{need::TaskKind, policy::Policy};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use sync::{
    id::BlobHash,
    rev::Rev,
    wire::{Base, Op, SealedValue, Take},
};
use uuid::Uuid;

/// An answer begins within so long.
const ANSWER_MS: i64 = 30_000;
/// A list of thousands is written within a minute; its file takes its time on a slow line besides.
const LIST_MS: i64 = 5 * 60_000;

impl Data {
    /// The office's word on a visit.
    pub(crate) async fn review(self, visit: Uuid, review: Review) -> Result<(), SaveError> {
        let v = match review {
            Review::Accepted => json!({ "verdict": "accepted" }),
            Review::Returned { question, word } => {
                let mut said = json!({ "verdict": "returned", "word": word });
                if let Some(question) = question {
                    said["question"] = question.into();
                }
                said
            }
        };
        self.save(vec![Op::Append { e: visit, f: "reviews".to_owned(), v }]).await
    }

    /// The office's word on proposals that were one act: all or none, in one save. To accept them is to write their values, and to end the task
    /// that asked for it.
    pub(crate) async fn decide(
        self,
        proposals: Vec<Uuid>,
        accept: bool,
        reason: Option<String>,
    ) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let (mut ops, mut leaving) = (Vec::new(), BTreeSet::new());
        for proposal in proposals {
            if accept {
                let view = view_of(&driver, proposal).await.ok_or(SaveError::Unknown)?;
                let field = super::file::text(&view.f, "field");
                let e: Uuid =
                    super::file::text(&view.f, "recipient").parse().map_err(|_| SaveError::Unknown)?;
                let value = view.f.get("value").cloned().ok_or(SaveError::Unknown)?;
                let asked = match (field.as_str(), value.as_str()) {
                    ("status", Some("died")) => Some(TaskKind::Death),
                    ("plaque", Some("hung")) => Some(TaskKind::Plaque),
                    ("status", Some("moved")) | ("area", _) => Some(TaskKind::Transfer),
                    _ => None,
                };
                if asked == Some(TaskKind::Transfer) {
                    leaving.insert(e);
                }
                if let Some(kind) = asked {
                    ops.extend(tasks_done(&driver, e, kind).await?);
                }
                ops.push(write_of(e, field, value)?);
            }
            ops.push(Op::Decide { e: proposal, accept, reason: reason.clone() });
        }
        // Whoever moves leaves the household behind.
        ops.extend(self.all_leave(&driver, &leaving).await?);
        self.save(ops).await
    }

    /// The office's word on a conflict or a held save; `value` goes with [`Take::Value`].
    pub(crate) async fn resolve(
        self,
        id: Uuid,
        take: Take,
        value: Option<Value>,
        reason: Option<String>,
    ) -> Result<(), SaveError> {
        self.save(vec![Op::Resolve { e: id, take, v: value, base: None, reason }]).await
    }

    /// Writes a value that a decided conflict or proposal holds (`current`, `other`, `value`) into the field it is about: what is decided
    /// stays decided, and this is a new write.
    pub(crate) async fn write_again(self, decided: Uuid, member: &str) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let view = view_of(&driver, decided).await.ok_or(SaveError::Unknown)?;
        let text = |name: &str| super::file::text(&view.f, name);
        let of = if member == "value" { text("recipient") } else { text("of") };
        let e: Uuid = of.parse().map_err(|_| SaveError::Unknown)?;
        let value = view.f.get(member).cloned().ok_or(SaveError::Unknown)?;
        self.save(vec![write_of(e, text("field"), value)?]).await
    }

    /// The bytes of a photo or signature: from this device, a small one from the album too, else from the office, there as wide as asked for.
    pub(crate) async fn blob(self, hash: BlobHash, width: Option<u32>) -> Result<Vec<u8>, OfficeError> {
        let driver = self.open_driver().ok_or(OfficeError::Login)?;
        if let Ok(Some(bytes)) = driver.store.blob_bytes(hash).await {
            return Ok(bytes);
        }
        if width == Some(SMALL_WIDTH)
            && let Some(bytes) = driver.store.small(hash).await
        {
            return Ok(bytes);
        }
        let size = width.map(|width| format!("?w={width}")).unwrap_or_default();
        let path = format!("blobs/{hash}{size}");
        self.office(OfficeRequest::get(path)).await.map(|answer| answer.bytes)
    }

    /// A request that only the office can answer: lists, imports, exports, unmasking. `path` begins after `/api/v1/`.
    pub(crate) async fn office(self, request: OfficeRequest) -> Result<OfficeAnswer, OfficeError> {
        let driver = self.open_driver().ok_or(OfficeError::Login)?;
        let mut headers = driver.identify();
        headers.extend(request.headers);
        let (body, content_type) = match request.body {
            OfficeBody::Empty => (None, None),
            OfficeBody::Json(value) => {
                (Some(serde_json::to_vec(&value).map_err(|_| OfficeError::Shape)?), Some("application/json"))
            }
            OfficeBody::Bytes { content_type, bytes } => (Some(bytes), Some(content_type)),
        };
        headers.extend(content_type.map(|kind| ("Content-Type", kind.to_owned())));
        let is_list = body.is_some()
            && ["imports", "rescues", "checklists", "sponsors", "standards", "accounts/"]
                .iter()
                .any(|path| request.path.starts_with(path));
        let url = format!("/api/v1/{}", request.path);
        let request = Request { method: request.method, url, headers, body, gzip: false };
        let answer = http::send_within(request, if is_list { LIST_MS } else { ANSWER_MS })
            .await
            .map_err(|_| OfficeError::Offline)?;
        match answer.status {
            200..300 => Ok(OfficeAnswer { bytes: answer.bytes, content_type: answer.content_type }),
            status => Err(refusal(status, &answer.bytes)),
        }
    }
}

fn refusal(status: u16, bytes: &[u8]) -> OfficeError {
    let body: Value = serde_json::from_slice(bytes).unwrap_or(Value::Null);
    let err = body["err"].as_str().unwrap_or_default().to_owned();
    if status == 401 { OfficeError::Login } else { OfficeError::Refused { status, err, body } }
}

/// The write that accepting a proposal needs: a sealed value goes as it came.
fn write_of(e: Uuid, field: String, value: Value) -> Result<Op, SaveError> {
    let base = Base::Fv(Rev::ZERO);
    if field == "area" {
        let area = value.as_str().and_then(|area| area.parse().ok()).ok_or(SaveError::Unknown)?;
        return Ok(Op::Move { e, area, base });
    }
    match domain::json::from_value::<SealedValue>(value.clone()) {
        Ok(v) => Ok(Op::Sealed { e, f: field, v, base }),
        Err(_) => Ok(Op::Set { e, f: field, v: value, base }),
    }
}

/// Seals a text to the office's key, with what may be seen of it beside.
pub(super) fn seal_text(driver: &Driver, e: Uuid, field: &str, text: &str) -> Result<SealedValue, SaveError> {
    let (keys, policy) = driver
        .with_replica(|replica| replica.meta().map(|meta| (meta.keys.clone(), Policy::read(&meta.settings))))
        .ok_or(SaveError::Unknown)?;
    let (key, public) = vault::office_key(&keys).ok_or(SaveError::Unknown)?;
    let aad = field_aad(&e.to_string(), field);
    let sealed = seal_to(&public, Info::Field, &aad, text.as_bytes(), entropy::bytes())
        .map_err(|_| SaveError::Unknown)?;
    Ok(SealedValue {
        kid: key.kid.clone(),
        alg: key.alg.clone(),
        enc: b64::encode(&sealed.enc),
        ct: b64::encode(&sealed.ct),
        show: domain::mask::show_by(policy, field, text),
    })
}
