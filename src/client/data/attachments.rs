//! 附件: photos of papers, houses and people that lie in a file.

use super::{
    Data, SaveError,
    blobs::{self, Taken, blobs_of, hash_in},
    fields::set,
    file::{area_of, children, text, view_of},
};
use crate::{
    driver::Driver,
    platform::{clock, entropy},
};
use domain::{
    attachment::{self, HOUSE, YEARLY},
    order::{Gather, Order},
};
use serde_json::{Value, json};
use std::rc::Rc;
use sync::{
    id::{AreaId, BlobHash, made_alike},
    limits::PHOTO_BYTES_MAX,
    wire::{Fields, Op},
};
use uuid::Uuid;

const KINDS: &[&str] = &["attachment", "paper"];

/// One attachment that has photos.
#[derive(Clone, PartialEq)]
pub(crate) struct AttachmentRow {
    pub(crate) id: Uuid,
    /// A code of `attachment_kind`.
    pub(crate) kind: String,
    pub(crate) taken_on: String,
    pub(crate) remark: String,
    pub(crate) blobs: Vec<BlobHash>,
}

/// An attachment as it is taken.
pub(crate) struct NewAttachment {
    pub(crate) kind: String,
    pub(crate) taken_on: String,
    pub(crate) remark: String,
    pub(crate) photos: Vec<Vec<u8>>,
}

/// The attachments of a file, the newest first.
pub(super) async fn attachments(driver: &Driver, recipient: Uuid) -> Vec<AttachmentRow> {
    let ids = children(driver, recipient, KINDS).into_iter().gather();
    let records = driver.store.load_live(&ids).await.unwrap_or_default();
    let row = |(id, record): (Uuid, sync::local::LocalRecord)| {
        let fields = record.view().f;
        AttachmentRow {
            id,
            kind: text(&fields, "attachment_kind"),
            taken_on: text(&fields, "taken_on"),
            remark: text(&fields, "remark"),
            blobs: blobs_of(&fields).iter().filter_map(hash_in).collect(),
        }
    };
    let mut rows: Vec<AttachmentRow> =
        records.into_iter().map(row).filter(|row| !row.blobs.is_empty()).collect();
    rows.order_by(|a, b| (&b.taken_on, b.id).cmp(&(&a.taken_on, a.id)));
    rows
}

impl Data {
    /// Puts an attachment into a file: first the photos are on the disk, then what names them.
    pub(crate) async fn put_attachment(self, recipient: Uuid, new: NewAttachment) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let area = area_of(&driver, recipient)?;
        let e = if new.kind == YEARLY {
            // One a year: whoever takes it again, on this phone or on another, means the same.
            made_alike("attachment", &[&recipient.to_string(), YEARLY, year(&new.taken_on)])
        } else {
            entropy::uuid(clock::now_ms())
        };
        let mut ops = match view_of(&driver, e).await {
            Some(before) => taken_again(e, &before.f, &new),
            None => vec![create(e, recipient, area, &new)],
        };
        ops.extend(keep(&driver, e, &new).await?);
        self.save(ops).await
    }

    /// Takes an attachment out of its file. Returns what [`Data::put_back`] needs.
    pub(crate) async fn remove_attachment(self, attachment: Uuid) -> Result<Removed, SaveError> {
        let driver = self.writer()?;
        let view = view_of(&driver, attachment).await.ok_or(SaveError::Unknown)?;
        self.save(emptied(attachment, &view.f)).await?;
        Ok(Removed(filled(attachment, &view.f)))
    }

    /// Undoes the removal.
    pub(crate) async fn put_back(self, removed: Removed) -> Result<(), SaveError> {
        self.save(removed.0).await
    }
}

/// An attachment as it was.
#[derive(Clone)]
pub(crate) struct Removed(Vec<Op>);

/// The year of a day.
fn year(day: &str) -> &str {
    day.get(..4).unwrap_or_default()
}

async fn keep(driver: &Rc<Driver>, e: Uuid, new: &NewAttachment) -> Result<Vec<Op>, SaveError> {
    let is_paper = attachment::record_kind(&new.kind) == "paper";
    let mut ops = Vec::new();
    for bytes in &new.photos {
        // A photo may have been taken as large as a paper, before somebody said what it is of.
        let kind = if is_paper || bytes.len() > PHOTO_BYTES_MAX { "paper" } else { "photo" };
        let taken = Taken::new(kind, bytes);
        blobs::keep(driver, e, &taken, None).await?;
        ops.push(taken.attach(e));
    }
    Ok(ops)
}

fn create(e: Uuid, recipient: Uuid, area: AreaId, new: &NewAttachment) -> Op {
    let said = [("attachment_kind", &new.kind), ("taken_on", &new.taken_on), ("remark", &new.remark)];
    let said = said.into_iter().filter(|(_, value)| !value.is_empty());
    let f = said.map(|(field, value)| (field.to_owned(), json!(value))).gather();
    let kind = attachment::record_kind(&new.kind).to_owned();
    Op::Create { e, kind, area, parent: Some(recipient), f }
}

/// Puts what is new in the place of what was there before, with its own day and remark.
fn taken_again(e: Uuid, before: &Fields, new: &NewAttachment) -> Vec<Op> {
    let mut ops = detached(e, before);
    ops.extend(said_anew(e, before, "taken_on", &new.taken_on));
    ops.extend(said_anew(e, before, "remark", &new.remark));
    ops
}

/// Takes away all that a photo taken later would not go with.
fn emptied(e: Uuid, fields: &Fields) -> Vec<Op> {
    let mut ops = detached(e, fields);
    ops.extend(said_anew(e, fields, "remark", ""));
    ops
}

/// Attaches anew what is attached now, and says its remark.
fn filled(e: Uuid, fields: &Fields) -> Vec<Op> {
    let remark = fields.get("remark").filter(|remark| !remark.is_null());
    let said = remark.map(|remark| set(e, "remark", remark.clone()));
    attached(e, fields).into_iter().chain(said).collect()
}

fn said_anew(e: Uuid, before: &Fields, field: &str, now: &str) -> Option<Op> {
    let value = if now.is_empty() { Value::Null } else { now.into() };
    (text(before, field) != now).then(|| set(e, field, value))
}

/// Takes away what is attached now.
fn detached(e: Uuid, fields: &Fields) -> Vec<Op> {
    let hashes = blobs_of(fields).iter().filter_map(hash_in);
    hashes.map(|blob| Op::Detach { e, blob }).collect()
}

/// What attaches to a record what is attached to these fields.
fn attached(e: Uuid, fields: &Fields) -> Vec<Op> {
    let attach = |blob: &Value| {
        let (kind, bytes) = (blob["kind"].as_str()?.to_owned(), blob["bytes"].as_u64()?);
        Some(Op::Attach { e, blob: hash_in(blob)?, kind, bytes })
    };
    blobs_of(fields).iter().filter_map(attach).collect()
}

/// The newest house photo of somebody, as an attachment of a person who lives with him. The picture itself is the same.
pub(super) async fn house_photo(driver: &Driver, of: Uuid, recipient: Uuid, area: AreaId) -> Vec<Op> {
    let houses = attachments(driver, of).await.into_iter().find(|row| row.kind == HOUSE);
    let Some(house) = houses else { return Vec::new() };
    let Some(view) = view_of(driver, house.id).await else { return Vec::new() };
    let e = entropy::uuid(clock::now_ms());
    let new = NewAttachment {
        kind: house.kind,
        taken_on: house.taken_on,
        remark: house.remark,
        photos: Vec::new(),
    };
    [create(e, recipient, area, &new)].into_iter().chain(attached(e, &view.f)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const E: Uuid = Uuid::from_u128(1);

    fn before(remark: &str) -> Fields {
        let blob = json!({"blob": BlobHash([3; 32]), "kind": "photo", "bytes": 7});
        let f =
            json!({"attachment_kind": YEARLY, "taken_on": "2026-01-05", "remark": remark, "blobs": [blob]});
        serde_json::from_value(f).expect("fields")
    }

    fn new(taken_on: &str, remark: &str) -> NewAttachment {
        let [kind, taken_on, remark] = [YEARLY, taken_on, remark].map(str::to_owned);
        NewAttachment { kind, taken_on, remark, photos: Vec::new() }
    }

    #[test]
    fn a_photo_taken_again_has_its_own_day_and_remark() {
        let detach = || Op::Detach { e: E, blob: BlobHash([3; 32]) };
        let day = |day: &str| set(E, "taken_on", json!(day));
        let remark = |remark: Value| set(E, "remark", remark);
        for (then, now, expected) in [
            (
                "旧房前",
                new("2026-11-27", "新房前"),
                vec![detach(), day("2026-11-27"), remark(json!("新房前"))],
            ),
            ("旧房前", new("2026-11-27", ""), vec![detach(), day("2026-11-27"), remark(Value::Null)]),
            ("", new("2026-11-27", "新房前"), vec![detach(), day("2026-11-27"), remark(json!("新房前"))]),
            ("旧房前", new("2026-01-05", "旧房前"), vec![detach()]),
        ] {
            assert_eq!(taken_again(E, &before(then), &now), expected, "{then}, then {}", now.remark);
        }
    }

    #[test]
    fn nothing_is_said_of_a_photo_that_was_taken_out() {
        let detach = Op::Detach { e: E, blob: BlobHash([3; 32]) };
        assert_eq!(emptied(E, &before("旧房前")), [detach.clone(), set(E, "remark", Value::Null)]);
        assert_eq!(emptied(E, &before("")), [detach]);
        let attach = Op::Attach { e: E, blob: BlobHash([3; 32]), kind: "photo".to_owned(), bytes: 7 };
        assert_eq!(filled(E, &before("旧房前")), [attach.clone(), set(E, "remark", json!("旧房前"))]);
    }
}
