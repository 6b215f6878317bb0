//! A record's fields: how one is written, and what a page shows of them: what the office has, own work on top, and what waits for a decision.

use super::FieldView;
use domain::order::Gather;
use domain::{
    access::Role,
    kinds::{Right, kind},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    id::made_alike,
    local::LocalRecord,
    rev::Rev,
    wire::{Base, DeleteBase, Op},
};
use uuid::Uuid;

/// The fields of a record as they are shown: own unsent work on top, what only was proposed beside what stands.
pub(super) fn field_views(record: &LocalRecord, role: Option<Role>) -> BTreeMap<String, FieldView> {
    let unsent = unsent_fields(record);
    let shown = |(name, value): (&String, &Value)| {
        let (value, masked) = plain(value);
        (name.clone(), FieldView { value, masked, unsent: unsent.contains(name), proposed: None })
    };
    let mut views: BTreeMap<String, FieldView> = record.view().f.iter().map(shown).gather();
    for own in own_proposals(record, role) {
        let (value, masked) = plain(standing(record, &own.field));
        let view = FieldView { value, masked, unsent: own.unsent, proposed: Some(own.value) };
        views.insert(own.field, view);
    }
    views
}

/// Writes a field. The engine fills in what the author saw.
pub(super) fn set(e: Uuid, field: &str, v: Value) -> Op {
    Op::Set { e, f: field.to_owned(), v, base: Base::Fv(Rev::ZERO) }
}

/// Deletes a record. The engine fills in what the author saw.
pub(super) fn delete(e: Uuid, reason: String) -> Op {
    Op::Delete { e, base: DeleteBase { rev: Rev::ZERO, ops: Vec::new() }, reason }
}

/// A value of own work that the office will have to decide on, before its record of it is here.
pub(super) struct OwnProposal {
    /// The id that its record will have.
    pub(super) id: Uuid,
    pub(super) field: String,
    pub(super) value: Value,
    pub(super) by: Uuid,
    pub(super) at: i64,
    /// The office does not have it yet.
    pub(super) unsent: bool,
}

/// Own work on a confirmed record in fields that the role only may propose, oldest first; of a field only the last.
pub(super) fn own_proposals(record: &LocalRecord, role: Option<Role>) -> Vec<OwnProposal> {
    let (Some(role), Some(of), true) = (role, kind(&record.kind), record.confirmed.is_some()) else {
        return Vec::new();
    };
    let mut found: Vec<OwnProposal> = Vec::new();
    for pending in &record.pending {
        for (index, op) in &pending.ops {
            let (field, value) = match op {
                Op::Set { f, v, .. } => (f, v.clone()),
                Op::Sealed { f, v, .. } => (f, Value::String(v.show.clone())),
                _ => continue,
            };
            if of.right(role, field) != Right::Propose {
                continue;
            }
            found.retain(|other| other.field != *field);
            found.push(OwnProposal {
                id: made_alike("proposal", &[&pending.changeset.to_string(), &index.to_string()]),
                field: field.clone(),
                value,
                by: pending.author,
                at: pending.t,
                unsent: pending.verdict.is_none(),
            });
        }
    }
    found
}

/// What the office has of a field; null if nothing.
pub(super) fn standing<'a>(record: &'a LocalRecord, field: &str) -> &'a Value {
    const NOTHING: &Value = &Value::Null;
    record.confirmed.as_ref().and_then(|confirmed| confirmed.f.get(field)).unwrap_or(NOTHING)
}

/// A value as it is shown, and whether the office has more than that.
pub(super) fn plain(value: &Value) -> (Value, bool) {
    match value.get("show").and_then(Value::as_str) {
        Some(show) => (Value::String(show.to_owned()), true),
        None => (value.clone(), false),
    }
}

/// Fields that own work without a verdict writes.
fn unsent_fields(record: &LocalRecord) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    for pending in record.pending.iter().filter(|pending| pending.verdict.is_none()) {
        for (_, op) in &pending.ops {
            match op {
                Op::Create { f, .. } => fields.extend(f.keys().cloned()),
                Op::Set { f, .. }
                | Op::Sealed { f, .. }
                | Op::Add { f, .. }
                | Op::Remove { f, .. }
                | Op::Append { f, .. } => {
                    fields.insert(f.clone());
                }
                _ => {}
            }
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::{field_views, own_proposals, plain};
    use crate::data::FieldView;
    use domain::access::Role;
    use serde_json::{Value, json};
    use sync::local::LocalRecord;

    const WORKER: Option<Role> = Some(Role::VillageWorker);
    const CLERK: Option<Role> = Some(Role::TownshipClerk);

    /// A recipient with own work on it; `verdict` of the last changeset.
    fn record(ops: &Value, verdict: &Value) -> LocalRecord {
        let op = |one: &Value| {
            let mut op =
                json!({ "op": "set", "e": "01900000-0000-7000-8000-000000000001", "base": { "fv": "1.1" } });
            op.as_object_mut().unwrap().extend(one.as_object().unwrap().clone());
            op
        };
        let ops: Vec<_> = ops.as_array().unwrap().iter().enumerate().map(|(at, one)| (at, op(one))).collect();
        serde_json::from_value(json!({
            "id": "01900000-0000-7000-8000-000000000001",
            "area": "01900000-0000-7000-8000-0000000000a1",
            "kind": "recipient",
            "confirmed": {
                "rev": "1.1", "entered": "1.1", "fv0": "1.1",
                "f": { "name": "李伟", "mobile": "13800001234", "bank": "农行", "id_no": { "show": "**0019", "idx": "a" } },
            },
            "pending": [{
                "changeset": "01900000-0000-7000-8000-000000000009",
                "author": "01900000-0000-7000-8000-000000000007",
                "t": 1000, "ops": ops, "verdict": verdict,
            }],
        }))
        .unwrap()
    }

    fn view(value: &str, masked: bool, unsent: bool, proposed: Option<&str>) -> FieldView {
        FieldView { value: json!(value), masked, unsent, proposed: proposed.map(|text| json!(text)) }
    }

    #[test]
    fn own_work_shows_at_once_where_the_role_may_write() {
        let record =
            record(&json!([{ "f": "mobile", "v": "139" }, { "f": "bank", "v": "邮储" }]), &json!(null));
        let fields = field_views(&record, CLERK);
        assert!(fields["mobile"] == view("139", false, true, None));
        assert!(fields["bank"] == view("邮储", false, true, None));
        assert!(fields["name"] == view("李伟", false, false, None));
        assert!(fields["id_no"] == view("**0019", true, false, None));
    }

    #[test]
    fn what_the_role_only_may_propose_stands_beside_what_the_office_has() {
        let ops = json!([{ "f": "mobile", "v": "139" }, { "f": "bank", "v": "邮储" }]);
        let waiting = field_views(&record(&ops, &json!(null)), WORKER);
        assert!(waiting["mobile"] == view("139", false, true, None));
        assert!(waiting["bank"] == view("农行", false, true, Some("邮储")));
        let judged = field_views(&record(&ops, &json!({ "st": "merged", "rev": "1.2" })), WORKER);
        assert!(judged["bank"] == view("农行", false, false, Some("邮储")));
    }

    #[test]
    fn a_sealed_proposal_shows_its_tail_alone() {
        let v = json!({ "kid": "k", "alg": "intl-1", "enc": "", "ct": "", "show": "**4321" });
        let record = record(&json!([{ "op": "sealed", "f": "account_no", "v": v }]), &json!(null));
        let field = field_views(&record, WORKER).remove("account_no").unwrap();
        assert!(field.value.is_null() && field.unsent && field.proposed == Some(json!("**4321")));
    }

    #[test]
    fn an_own_proposal_has_the_id_that_the_office_will_give_it() {
        let record =
            record(&json!([{ "f": "mobile", "v": "139" }, { "f": "bank", "v": "邮储" }]), &json!(null));
        let found = own_proposals(&record, WORKER);
        let expected = sync::id::made_alike("proposal", &["01900000-0000-7000-8000-000000000009", "1"]);
        assert_eq!(found.iter().map(|own| (own.id, own.at)).collect::<Vec<_>>(), [(expected, 1000)]);
        assert!(own_proposals(&record, CLERK).is_empty() && own_proposals(&record, None).is_empty());
    }

    #[test]
    fn only_the_visible_part_of_a_masked_value_is_shown() {
        assert_eq!(plain(&json!({ "show": "**0019" })), (json!("**0019"), true));
        assert_eq!(
            plain(&json!({ "code": "339999", "addr": "x" })),
            (json!({ "code": "339999", "addr": "x" }), false)
        );
        assert_eq!(plain(&json!(null)), (json!(null), false));
    }
}
