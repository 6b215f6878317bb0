use super::*;
use crate::data::{RecipientRow, RecordView};
use serde_json::json;
use std::sync::Arc;

fn view(value: Value) -> FieldView {
    FieldView { value, masked: false, unsent: false, proposed: None }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn fields(values: Value) -> BTreeMap<String, FieldView> {
    let values = values.as_object().unwrap().clone();
    values.into_iter().map(|(name, value)| (name, view(value))).collect()
}

fn file(number: u128, own: Value, entitlements: &[Value]) -> Boxed<RecipientFile> {
    let entitlement = |(place, values): (usize, &Value)| RecordView {
        id: id(number * 100 + place as u128),
        kind: "entitlement".to_owned(),
        fields: fields(values.clone()),
    };
    Boxed::new(RecipientFile {
        row: Arc::new(RecipientRow::blank(id(number))),
        fields: fields(own),
        entitlements: entitlements.iter().enumerate().map(entitlement).collect(),
        tasks: Vec::new(),
        requests: Vec::new(),
        visits: Vec::new(),
        photos: Vec::new(),
        needs: Vec::new(),
        conflicts: Vec::new(),
        proposals: Vec::new(),
        household: None,
        apart: Vec::new(),
        attachments: Vec::new(),
    })
}

fn how(merging: &Merging, field: &str) -> How {
    merging.lines.iter().find(|line| line.field == field).unwrap_or_else(|| panic!("{field}")).how
}

/// One side of a field, chosen.
fn choose(merging: &Merging, field: &str, side: Side) -> Choices {
    let line = merging.lines.iter().find(|line| line.field == field);
    Choices::from([(line.unwrap_or_else(|| panic!("{field}")).chosen(), side)])
}

/// A file of whose number only the end is here.
fn numbered(number: u128, own: Value, tail: &str) -> Boxed<RecipientFile> {
    let mut file = RecipientFile::clone(&file(number, own, &[]));
    file.fields.insert("id_no".to_owned(), FieldView { masked: true, ..view(json!(tail)) });
    Boxed::new(file)
}

fn two() -> Merging {
    let left = json!({
        "name": "李伟", "mobile": "13800000001", "edu": "", "members": [{"name": "甲"}],
        "merits": [{"what": "三等功"}], "household_id": "x",
    });
    let right = json!({
        "name": "李伟", "mobile": "13900000002", "edu": "60", "members": [{"name": "乙"}],
        "merits": [{"what": "三等功"}, {"what": "嘉奖"}], "household_id": "y",
    });
    let one = json!({"category": "51", "state": "paid", "war_kind": "12"});
    let other = json!({"category": "51", "state": "accepted"});
    Merging::new(file(1, left, &[one]), file(2, right, &[json!({"category": "81"}), other]))
}

#[test]
fn what_both_say_alike_is_folded_and_what_one_says_is_kept() {
    let merging = two();
    assert_eq!(how(&merging, "name"), How::Same);
    assert_eq!(how(&merging, "mobile"), How::Choose);
    assert_eq!(how(&merging, "edu"), How::Filled(Side::Right));
    assert_eq!(how(&merging, "members"), How::Choose);
    assert_eq!(how(&merging, "merits"), How::Both);
    assert!(!merging.lines.iter().any(|line| line.field == "household_id"), "settled with the household");
    assert_eq!(merging.category(0), None);
    assert_eq!(merging.category(1), Some("51"));
}

#[test]
fn nothing_of_the_other_file_is_lost_and_what_was_chosen_is_written() {
    let merging = two();
    let plan = merging.plan(&Choices::new(), Side::Left);
    assert_eq!((plan.keep, plan.gone), (id(1), id(2)));
    assert_eq!(plan.doubled, [(id(201), id(100))]);
    let taken = |plan: &MergePlan| -> Vec<(String, Taken)> {
        plan.takes.iter().map(|take| (take.field.clone(), take.what.clone())).collect()
    };
    let (edu, merits) = (
        ("edu".to_owned(), Taken::Value(json!("60"))),
        ("merits".to_owned(), Taken::Items(vec![json!({"what": "嘉奖"})])),
    );
    assert_eq!(taken(&plan), [edu.clone(), merits.clone()]);

    let chosen = choose(&merging, "mobile", Side::Right);
    let mobile = ("mobile".to_owned(), Taken::Value(json!("13900000002")));
    assert_eq!(taken(&merging.plan(&chosen, Side::Left)), [mobile.clone(), edu, merits]);
    // From the other side the same choice needs no write.
    let plan = merging.plan(&chosen, Side::Right);
    assert!(!taken(&plan).contains(&mobile));
    assert_eq!(plan.doubled, [(id(100), id(201))]);
    assert!(taken(&plan).contains(&("war_kind".to_owned(), Taken::Value(json!("12")))));
}

#[test]
fn a_choice_stays_with_its_entitlement_when_another_comes_before_it() {
    let disabled = |grade: &str| json!({"category": "11", "grade": grade});
    let file_with = |number: u128, first: Option<&str>, grade: &str| {
        let mut file = RecipientFile::clone(&file(number, json!({}), &[disabled(grade)]));
        let before = first.map(|war| RecordView {
            id: id(number * 100 + 99),
            kind: "entitlement".to_owned(),
            fields: fields(json!({"category": "51", "grade": war})),
        });
        file.entitlements.splice(0..0, before);
        Boxed::new(file)
    };
    let chosen =
        choose(&Merging::new(file_with(1, None, "3"), file_with(2, None, "5")), "grade", Side::Right);
    let later = Merging::new(file_with(1, Some("x"), "3"), file_with(2, Some("y"), "5"));
    let plan = later.plan(&chosen, Side::Left);
    let [take] = plan.takes.as_slice() else { panic!("{:?}", plan.takes) };
    assert_eq!((take.into, take.from, &take.what), (id(100), id(200), &Taken::Value(json!("5"))));
    // Neither does it pass to another of the same category that takes its place.
    let mut file = RecipientFile::clone(&file_with(2, None, "5"));
    file.entitlements[0].id = id(298);
    let replaced = Merging::new(file_with(1, None, "3"), Boxed::new(file));
    assert_eq!(replaced.plan(&chosen, Side::Left).takes, []);
}

#[test]
fn a_number_is_never_taken_from_the_screen() {
    let merging = Merging::new(numbered(1, json!({}), "**0019"), numbered(2, json!({"sex": "2"}), "**0027"));
    let chosen = choose(&merging, "id_no", Side::Right);
    let plan = merging.plan(&chosen, Side::Left);
    assert_eq!(plan.takes.len(), 1);
    assert_eq!((&plan.takes[0].what, plan.takes[0].from), (&Taken::Sealed, id(2)));
    // Of whose number the sex is told nobody knows: it is chosen.
    assert_eq!(how(&merging, "sex"), How::Choose);
}

#[test]
fn numbers_that_end_alike_may_differ_and_are_chosen() {
    let merging = Merging::new(numbered(1, json!({}), "**0019"), numbered(2, json!({}), "**0019"));
    assert_eq!(how(&merging, "id_no"), How::Choose);
    assert!(merging.lines.iter().all(Line::ends_alike));
    assert_eq!(merging.plan(&Choices::new(), Side::Left).takes, [], "what stays is kept where nobody chose");
    let plan = merging.plan(&choose(&merging, "id_no", Side::Right), Side::Left);
    assert_eq!((&plan.takes[0].what, plan.takes[0].from), (&Taken::Sealed, id(2)));

    let differ = Merging::new(numbered(1, json!({}), "**0019"), numbered(2, json!({}), "**0027"));
    assert!(!differ.lines.iter().any(Line::ends_alike));
    assert!(!two().lines.iter().any(Line::ends_alike), "what is wholly seen is compared");
}
