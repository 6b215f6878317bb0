//! All about one recipient.

use super::{Data, FieldView, RecipientFile, RecordView, SaveError, fields::field_views};
use crate::driver::Driver;
use domain::order::Gather;
use domain::{
    access::Role,
    kinds::{FieldClass, Right, kind},
};
use serde_json::Value;
use std::collections::BTreeSet;
use sync::{
    local::View,
    wire::{Fields, Op},
};
use uuid::Uuid;

impl Data {
    pub(crate) async fn recipient(self, id: Uuid) -> Option<RecipientFile> {
        let driver = self.open_driver()?;
        let row = self.row(&driver, id)?;
        let children = children(&driver, id, &["entitlement"]);
        let wanted: BTreeSet<Uuid> = children.iter().copied().chain([id]).gather();
        let mut records = driver.store.load_live(&wanted).await.ok()?;
        let record = records.remove(&id)?;
        let proposals = self.proposals_of(&driver, id).await;
        let mut fields = field_views(&record, self.role());
        for proposal in proposals.iter().filter(|proposal| proposal.state == "open") {
            if let Some(field) = fields.get_mut(&proposal.field) {
                field.proposed = Some(proposal.value.clone());
            } else {
                let view = FieldView {
                    value: Value::Null,
                    masked: false,
                    unsent: false,
                    proposed: Some(proposal.value.clone()),
                };
                fields.insert(proposal.field.clone(), view);
            }
        }
        let entitlements = children.iter().filter_map(|child| records.get(child)).map(|child| RecordView {
            id: child.id,
            kind: child.kind.clone(),
            fields: field_views(child, self.role()),
        });
        Some(RecipientFile {
            fields,
            entitlements: entitlements.collect(),
            visits: self.visits_of(&driver, id),
            photos: self.last_photos(&driver, id),
            needs: self.needs_of(&driver, id),
            conflicts: self.conflicts_of(&driver, id).await,
            proposals,
            row,
        })
    }

    /// Writes a field of a recipient's file, or proposes it where the role only may do that.
    pub(crate) async fn set_field(self, recipient: Uuid, field: &str, value: Value) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let op = self.field_op(&driver, recipient, "recipient", field, value)?;
        self.save(vec![op]).await
    }

    /// Saves and asks for the storage to be kept.
    pub(super) async fn save(self, ops: Vec<Op>) -> Result<(), SaveError> {
        let driver = self.writer()?;
        driver.save(ops, None).await?;
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

/// Ids of the records of these kinds below a recipient.
pub(super) fn children(driver: &Driver, parent: Uuid, kinds: &[&str]) -> Vec<Uuid> {
    let index = driver.store.index();
    let found = index.children(parent).filter(|child| !child.hidden && kinds.contains(&child.kind.as_str()));
    found.map(|child| child.id).collect()
}

/// The visible record of an id.
pub(super) async fn view_of(driver: &Driver, id: Uuid) -> Option<View> {
    driver.store.record(id).await.ok().flatten().map(|record| record.view()).filter(|view| !view.hidden)
}

/// A text of a field map.
pub(super) fn text(fields: &Fields, name: &str) -> String {
    crate::vault_store::entry::text(fields, name)
}
