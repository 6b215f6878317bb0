//! All about one recipient.

use super::{
    Data, FieldView, ProposalRow, RecipientFile, RecordView, SaveError, attachments::attachments,
    fields::field_views,
};
use crate::driver::Driver;
use domain::order::{Gather, Order};
use domain::{
    access::Role,
    kinds::{FieldClass, Right, kind},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    id::AreaId,
    local::{LocalRecord, View},
    replica::Save,
    wire::{Fields, Op},
};
use uuid::Uuid;

impl Data {
    pub(crate) async fn recipient(self, id: Uuid) -> Option<RecipientFile> {
        let driver = self.open_driver()?;
        let row = self.row(&driver, id)?;
        let children = children(&driver, id, &["entitlement", "task", "rights_request"]);
        let wanted: BTreeSet<Uuid> = children.iter().copied().chain([id]).gather();
        let mut records = driver.store.load_live(&wanted).await.ok()?;
        let record = records.remove(&id)?;
        let proposals = self.proposals_of(&driver, id).await;
        let views = |record: &LocalRecord| with_proposals(record, self.role(), &proposals);
        let below = |kind: &str| -> Vec<RecordView> {
            let found = children.iter().filter_map(|child| records.get(child));
            let found = found.filter(|child| child.kind == kind);
            let view = |child: &LocalRecord| RecordView {
                id: child.id,
                kind: child.kind.clone(),
                fields: views(child),
            };
            found.map(view).collect()
        };
        let mut requests = below("rights_request");
        // Ids begin with the moment in which they were made.
        requests.order_by_key(|one| std::cmp::Reverse(one.id));
        Some(RecipientFile {
            fields: views(&record),
            entitlements: below("entitlement"),
            tasks: below("task"),
            requests,
            visits: self.visits_of(&driver, id),
            photos: self.last_photos(&driver, id),
            needs: self.needs_of(&driver, id),
            conflicts: self.conflicts_of(&driver, id).await,
            proposals,
            household: self.household(&driver, &row).await,
            apart: self.apart(&driver, id).await,
            attachments: attachments(&driver, id).await,
            row,
        })
    }

    /// Writes a field that holds rows, of which `before` were seen. Of a set, what is new is put in and what is gone taken out; a list is written
    /// only over what was seen, so that nobody's row is lost.
    pub(crate) async fn set_rows(
        self,
        id: Uuid,
        of: &str,
        field: &str,
        before: &Value,
        after: Value,
    ) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let class = kind(of).map(|of| of.class(field));
        if class == Some(FieldClass::Set) {
            let ops = set_ops(id, field, before, &after);
            return if ops.is_empty() { Ok(()) } else { self.save(ops).await };
        }
        let now = view_of(&driver, id).await.ok_or(SaveError::Unknown)?;
        if now.f.get(field).unwrap_or(&Value::Null) != before {
            return Err(SaveError::Changed);
        }
        self.set_field(id, of, field, after).await
    }

    /// The fields of a file's record, or of one of its entitlements, as they are now, with what waits for the office.
    pub(crate) async fn fields_beside(self, id: Uuid) -> BTreeMap<String, FieldView> {
        let Some(driver) = self.open_driver() else { return BTreeMap::new() };
        let proposals = self.proposals_of(&driver, id).await;
        let record = driver.store.record(id).await.ok().flatten();
        record.map(|record| with_proposals(&record, self.role(), &proposals)).unwrap_or_default()
    }

    /// Writes a field of a record, or proposes it where the role only may do that.
    pub(crate) async fn set_field(
        self,
        id: Uuid,
        of: &str,
        field: &str,
        value: Value,
    ) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let op = self.field_op(&driver, id, of, field, value)?;
        self.save(vec![op]).await
    }

    /// Saves and asks for the storage to be kept.
    pub(super) async fn save(self, ops: Vec<Op>) -> Result<(), SaveError> {
        let driver = self.writer()?;
        driver.save(Save { ops, ..Save::default() }).await?;
        self.hub().ask_persist();
        Ok(())
    }

    /// The role of the person at work.
    pub(super) fn role(self) -> Option<Role> {
        self.session.who_untracked().and_then(|who| Role::from_word(&who.user.role))
    }

    /// The op that writes a field: sealed where its class says so.
    pub(super) fn field_op(
        self,
        driver: &Driver,
        e: Uuid,
        of: &str,
        field: &str,
        value: Value,
    ) -> Result<Op, SaveError> {
        let of = kind(of).ok_or(SaveError::Unknown)?;
        if self.role().is_some_and(|role| of.right(role, field) == Right::None) {
            return Err(SaveError::Right);
        }
        // The engine fills in what the author saw.
        let base = sync::wire::Base::Fv(sync::rev::Rev::ZERO);
        if of.class(field) != FieldClass::Sealed {
            return Ok(Op::Set { e, f: field.to_owned(), v: value, base });
        }
        let text = value.as_str().ok_or(SaveError::Unknown)?;
        let v = super::office::seal_text(driver, e, field, text)?;
        Ok(Op::Sealed { e, f: field.to_owned(), v, base })
    }
}

/// The fields of a record, each with what is proposed for it.
fn with_proposals(
    record: &LocalRecord,
    role: Option<Role>,
    proposals: &[ProposalRow],
) -> BTreeMap<String, FieldView> {
    let mut fields = field_views(record, role);
    let open = proposals.iter().filter(|row| row.state == "open" && row.of == record.id);
    for ProposalRow { field, value, .. } in open {
        let nothing = || FieldView { value: Value::Null, masked: false, unsent: false, proposed: None };
        fields.entry(field.clone()).or_insert_with(nothing).proposed = Some(value.clone());
    }
    fields
}

/// What makes a set of `before` one of `after`.
fn set_ops(e: Uuid, f: &str, before: &Value, after: &Value) -> Vec<Op> {
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (before, after) = (items(before), items(after));
    let op = |item: &Value, is_new: bool| {
        let (f, item) = (f.to_owned(), item.clone());
        if is_new { Op::Add { e, f, item } } else { Op::Remove { e, f, item } }
    };
    let gone = before.iter().filter(|item| !after.contains(item)).map(|item| op(item, false));
    let new = after.iter().filter(|item| !before.contains(item)).map(|item| op(item, true));
    gone.chain(new).collect()
}

/// Ids of the records of these kinds below a recipient.
pub(super) fn children(driver: &Driver, parent: Uuid, kinds: &[&str]) -> Vec<Uuid> {
    let index = driver.store.index();
    let found = index.children(parent).filter(|child| !child.hidden && kinds.contains(&child.kind.as_str()));
    found.map(|child| child.id).collect()
}

/// The area that a record lies in, for one that goes with it.
pub(super) fn area_of(driver: &Driver, id: Uuid) -> Result<AreaId, SaveError> {
    driver.store.index().area_of(id).ok_or(SaveError::Unknown)
}

/// The visible record of an id.
pub(super) async fn view_of(driver: &Driver, id: Uuid) -> Option<View> {
    driver.store.record(id).await.ok().flatten().map(|record| record.view()).filter(|view| !view.hidden)
}

/// A text of a field map.
pub(super) fn text(fields: &Fields, name: &str) -> String {
    crate::vault_store::entry::text(fields, name)
}
