//! What accepted rows write.

use serde_json::{Map, Value, json};

use super::{n, row_with, t};
use crate::list::plan::{Change, Existing, plan};

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn a_new_person_gets_both_records_with_all_fields_of_the_row() {
    let row = row_with(&[]);
    let plan = plan(&row, None);
    assert!(plan.creates_recipient && plan.creates_entitlement && plan.change == Change::New);
    assert_eq!(plan.recipient.len(), row.recipient.len());
    assert!(plan.entitlement.iter().any(|write| write.field == "category" && write.value == json!("51")));
}

#[test]
fn the_same_row_again_writes_nothing() {
    let row = row_with(&[]);
    let recipient: Map<String, Value> = row.recipient.clone().into_iter().collect();
    let entitlement: Map<String, Value> = row.entitlement.clone().into_iter().collect();
    let plan = plan(&row, Some(Existing { recipient: &recipient, entitlement: Some(&entitlement) }));
    assert_eq!((plan.change, plan.recipient.len(), plan.entitlement.len()), (Change::Same, 0, 0));
}

#[test]
fn an_empty_cell_never_overwrites_and_a_changed_one_writes_only_itself() {
    let first = row_with(&[]);
    let mut recipient: Map<String, Value> = first.recipient.clone().into_iter().collect();
    recipient.insert("remark".to_owned(), json!("独居"));
    let entitlement: Map<String, Value> = first.entitlement.clone().into_iter().collect();
    let existing = Existing { recipient: &recipient, entitlement: Some(&entitlement) };
    let again = row_with(&[(7, super::Cell::Empty), (8, n("13900001234"))]);
    let plan = plan(&again, Some(existing));
    let written: Vec<_> = plan.recipient.iter().map(|write| (write.field.as_str(), &write.value)).collect();
    assert_eq!((plan.change, written), (Change::Changed, vec![("mobile", &json!("13900001234"))]));
}

#[test]
fn a_further_category_is_a_new_entitlement_of_the_same_person() {
    let row = row_with(&[(5, t("带病回乡退伍军人"))]);
    let recipient = map(json!(row.recipient));
    let plan = plan(&row, Some(Existing { recipient: &recipient, entitlement: None }));
    assert!(!plan.creates_recipient && plan.creates_entitlement && plan.recipient.is_empty());
    assert_eq!(plan.change, Change::New);
}
