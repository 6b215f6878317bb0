//! How a file is laid out, and what may be changed in it; decided without a screen.

use super::record::{self, Record};
use crate::{
    data::FieldView,
    features::{answer_words::yuan, file_rows, import, labels},
    locale::words::file as w,
    ui::Opt,
};
use domain::{
    access::Role,
    category::Category,
    checklist::{position_answer, position_text},
    completeness::{self, is_blank},
    disability::{self, Cause, OldClass},
    kinds::{Right, kind},
    nation, options, recipient,
};
use serde_json::Value;
use std::{collections::BTreeMap, ops::Deref, sync::Arc};

/// A large value handed around without copying it.
pub(super) struct Boxed<T>(Arc<T>);

impl<T> Boxed<T> {
    pub(super) fn new(value: T) -> Boxed<T> {
        Boxed(Arc::new(value))
    }
}

impl<T> Clone for Boxed<T> {
    fn clone(&self) -> Boxed<T> {
        Boxed(Arc::clone(&self.0))
    }
}

impl<T> Deref for Boxed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A part of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Identity,
    Contact,
    Residence,
    Health,
    Household,
    Service,
    Money,
    Office,
}

/// The parts in the order of the form on paper, each with its fields.
const PARTS: &[(Part, &[&str])] = &[
    (
        Part::Contact,
        &[
            "mobile",
            "phone2",
            "contact_name",
            "contact_relation",
            "contact_phone",
            "live_addr",
            "live_code",
            "geo",
            "postcode",
        ],
    ),
    (
        Part::Identity,
        &[
            "name",
            "id_kind",
            "id_no",
            "sex",
            "birth",
            "nation",
            "political",
            "edu",
            "marriage",
            "domicile_kind",
            "domicile_code",
            "domicile_addr",
            "status",
            "died_on",
            "death_reason",
        ],
    ),
    (
        Part::Health,
        &[
            "health",
            "body_state",
            "diseases",
            "work_ability",
            "self_care",
            "support",
            "lone_elder",
            "orphan",
            "mental_ill",
            "medical_scheme",
            "medical_no",
            "pension_scheme",
        ],
    ),
    (
        Part::Household,
        &[
            "head_relation",
            "family_size",
            "family_minors",
            "family_elders",
            "members",
            "job",
            "employer",
            "employer_kind",
            "employer_phone",
            "employer_addr",
            "income_year",
            "relief_basic",
            "relief_destitute",
            "economy",
            "life_state",
        ],
    ),
    (
        Part::Residence,
        &[
            "has_house",
            "house_own",
            "house_state",
            "house_type",
            "structure",
            "rooms",
            "built",
            "house_area",
            "area_per_head",
        ],
    ),
    (
        Part::Service,
        &[
            "enlisted_on",
            "discharged_on",
            "retired_on",
            "unit",
            "unit_code",
            "duty",
            "discharge_cert_no",
            "placement",
            "merits",
        ],
    ),
    (Part::Money, &["bank", "account_name", "account_no"]),
    (Part::Office, &["responsible", "plaque", "plaque_hung_on", "pref_card", "certs", "is_key", "remark"]),
];

/// Fields that are shown elsewhere or mean nothing to people.
const UNSEEN: &[&str] = &["area", "household_id"];

/// One line of a file.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) field: String,
    pub(super) view: FieldView,
}

/// The file in its parts: what has a value, or waits for one; a part may have none. Fields this build does not know come last, so that
/// nothing imported is hidden.
pub(super) fn layout(fields: &BTreeMap<String, FieldView>) -> Vec<(Part, Vec<Line>)> {
    let line = |name: &str| {
        let view = fields.get(name)?;
        let is_there = !is_blank(&view.value) || view.proposed.is_some() || view.masked;
        is_there.then(|| Line { field: name.to_owned(), view: view.clone() })
    };
    let mut parts: Vec<(Part, Vec<Line>)> = PARTS
        .iter()
        .map(|(part, names)| (*part, names.iter().filter_map(|name| line(name)).collect()))
        .collect();
    let known = |name: &str| UNSEEN.contains(&name) || PARTS.iter().any(|(_, names)| names.contains(&name));
    let rest = fields.keys().filter(|name| !known(name)).filter_map(|name| line(name));
    if let Some((_, lines)) = parts.last_mut() {
        lines.extend(rest);
    }
    parts
}

/// Whether this role writes a part itself, so that it may begin it where the list brought nothing.
pub(super) fn begins(part: Part, role: Role) -> bool {
    editable(part, role).iter().any(|(_, right)| *right == Right::Write)
}

/// Whether a part says anything of people of these categories.
pub(super) fn applies(part: Part, categories: &[Category]) -> bool {
    part != Part::Service || completeness::served(categories)
}

/// All fields of a part that this role may write or propose, set or not.
pub(super) fn editable(part: Part, role: Role) -> Vec<(&'static str, Right)> {
    let names = PARTS.iter().find(|(one, _)| *one == part).map_or(&[][..], |(_, names)| names);
    let right = |name: &str| kind("recipient").map_or(Right::None, |kind| record::right(kind, role, name));
    names
        .iter()
        .map(|name| (*name, right(name)))
        .filter(|(name, right)| *right != Right::None && *name != "responsible")
        .collect()
}

/// The lines of an entitlement: what its form has, in the order of the form, then what else stands in it.
pub(super) fn entitlement_lines(record: &Record) -> Vec<Line> {
    let form = record.category().map(completeness::fields_of).unwrap_or_default();
    let others = record.fields().keys().map(String::as_str);
    let others = others.filter(|name| *name != "category" && !form.contains(name));
    form.iter()
        .copied()
        .chain(others)
        .filter(|name| record.is_filled(name))
        .filter_map(|name| Some(Line { field: name.to_owned(), view: record.view(name)?.clone() }))
        .collect()
}

/// All fields of an entitlement that this role may write or propose.
pub(super) fn editable_of(record: &Record, role: Role) -> Vec<(&'static str, Right)> {
    let form = record.category().map(completeness::fields_of).unwrap_or_default();
    let fields = form.into_iter().map(|name| (name, record.right(role, name)));
    fields.filter(|(_, right)| *right != Right::None).collect()
}

/// Why a value does not go together with what stands beside it, or waits there for the office: illness gives the grades 1 to 6 alone.
pub(super) fn contradiction(
    beside: &BTreeMap<String, FieldView>,
    field: &str,
    value: &Value,
) -> Option<String> {
    let beside = |name: &str| beside.get(name).map(|view| view.proposed.as_ref().unwrap_or(&view.value));
    let (grade, cause) = match field {
        "grade" => (Some(value), beside("cause")),
        "cause" => (beside("grade"), Some(value)),
        _ => return None,
    };
    let grade = grade.and_then(Value::as_u64).and_then(|grade| u8::try_from(grade).ok())?;
    let cause = Cause::from_word(cause?.as_str()?)?;
    (!disability::fits(cause, grade)).then(|| w::illness_grade().to_owned())
}

/// Why what is typed is doubted beside the rest of the file; empty if it is not. `is_here` tells of the first six digits of a region whether they
/// are those of villages that are known here.
pub(super) fn doubt(
    beside: &BTreeMap<String, FieldView>,
    field: &str,
    typed: &str,
    is_here: impl Fn(&str) -> bool,
) -> String {
    let beside = |name: &str| {
        let view = beside.get(name)?;
        view.proposed.as_ref().unwrap_or(&view.value).as_str().map(str::to_owned)
    };
    let county = typed.get(..6).filter(|_| typed.len() == 12);
    let code = match field {
        "domicile_code" if county.is_some_and(|county| !is_here(county)) => Some("region_outside"),
        _ => recipient::doubt(field, typed, &beside),
    };
    code.map(import::why).unwrap_or_default()
}

/// Every field that a part has, in the order of the file.
pub(super) fn all_fields() -> impl Iterator<Item = &'static str> {
    PARTS.iter().flat_map(|(_, names)| names.iter().copied())
}

/// Every field of a file that a single line can edit; who answers for the family is said by a hand-over.
pub(super) fn one_line_fields() -> impl Iterator<Item = &'static str> {
    all_fields().filter(|name| *name != "responsible" && editor(name) != Editor::Rows)
}

/// States in which an entitlement is not paid though the person lives here.
pub(super) const HALTED: &[&str] = &["stopped", "suspended", "cancelled"];

/// What a field is edited with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Editor {
    /// One of its options.
    Choice,
    Yes,
    Day,
    Number,
    /// A whole number of years, or years and months in words as lists bring them.
    Years,
    /// Fen, typed as yuan.
    Money,
    Phone,
    /// A region code of 12 digits.
    Area,
    /// Degrees north and east.
    Position,
    /// Several rows, each with columns.
    Rows,
    Text,
}

/// What a field is edited with.
pub(super) fn editor(field: &str) -> Editor {
    match field {
        _ if options::is_flag(field) || field == "serious" => Editor::Yes,
        _ if options::choices(field).is_some() => Editor::Choice,
        _ if file_rows::columns(field).is_some() => Editor::Rows,
        "old_class" | "nation" => Editor::Choice,
        "live_code" | "domicile_code" => Editor::Area,
        "mobile" | "phone2" | "contact_phone" | "employer_phone" => Editor::Phone,
        "income_year" => Editor::Money,
        "family_size" | "family_minors" | "family_elders" | "rooms" | "grade" | "disabled_children"
        | "birth_year" => Editor::Number,
        "service_years" => Editor::Years,
        "geo" => Editor::Position,
        "birth" | "deceased_birth" | "from" | "to" | "service_from" | "service_to" => Editor::Day,
        _ if field.ends_with("_on") => Editor::Day,
        _ => Editor::Text,
    }
}

/// What there is to choose for a field.
pub(super) fn options(field: &str) -> Vec<Opt> {
    let opt = |code: &str| Opt::new(code, labels::value(field, &code.into()));
    match field {
        "old_class" => OldClass::ALL.iter().map(|class| opt(class.word())).collect(),
        "nation" => nation::codes().map(opt).collect(),
        "serious" => ["yes", "no"].map(|code| Opt::new(code, labels::value("orphan", &code.into()))).into(),
        _ => options::choices(field).unwrap_or_default().iter().map(|choice| opt(choice.code)).collect(),
    }
}

/// What was typed, as the value to store; nothing if it is none of this sort.
pub(super) fn typed(editor: Editor, text: &str) -> Option<Value> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Value::Null);
    }
    match editor {
        Editor::Choice | Editor::Day | Editor::Text | Editor::Phone | Editor::Rows => Some(Value::from(text)),
        Editor::Area => Some(Value::from(domain::text::narrow(text))),
        Editor::Yes => Some(Value::from(text == "yes")),
        Editor::Number => domain::text::narrow(text).parse::<i64>().ok().map(Value::from),
        Editor::Years => {
            Some(domain::text::narrow(text).parse::<i64>().map_or(Value::from(text), Value::from))
        }
        Editor::Position => Some(position_answer(text)).filter(Value::is_object),
        Editor::Money => domain::money::Money::parse_yuan(text).map(|money| Value::from(money.fen())),
    }
}

/// A stored value as it is typed. Masked values begin empty: what is not seen cannot be edited, only replaced.
pub(super) fn untyped(editor: Editor, view: Option<&FieldView>) -> String {
    let Some(view) = view.filter(|view| !view.masked) else { return String::new() };
    match (editor, &view.value) {
        (Editor::Yes, Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        (Editor::Money, Value::Number(fen)) => fen.as_i64().map(yuan).unwrap_or_default(),
        (Editor::Position, Value::Object(place)) => position_text(place),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn view(value: Value) -> FieldView {
        FieldView { value, masked: false, unsent: false, proposed: None }
    }

    #[test]
    fn nothing_imported_is_hidden_and_blank_fields_are() {
        let fields = BTreeMap::from([
            ("mobile".to_owned(), view(json!("13800000000"))),
            ("edu".to_owned(), view(json!(""))),
            ("shoe_size".to_owned(), view(json!(42))),
            ("area".to_owned(), view(json!("x"))),
        ]);
        let parts = layout(&fields);
        let names: Vec<_> =
            parts.iter().flat_map(|(_, lines)| lines.iter().map(|line| line.field.as_str())).collect();
        assert_eq!(names, ["mobile", "shoe_size"]);
    }

    #[test]
    fn a_village_worker_writes_phones_and_proposes_the_bank() {
        let contact = editable(Part::Contact, Role::VillageWorker);
        assert!(contact.contains(&("mobile", Right::Write)));
        let money = editable(Part::Money, Role::VillageWorker);
        assert!(money.contains(&("account_no", Right::Propose)));
        let office = editable(Part::Office, Role::VillageWorker);
        let proposed = ["plaque", "plaque_hung_on", "pref_card"].map(|name| (name, Right::Propose));
        assert_eq!(office, proposed);
        // Nobody can propose a part of a set.
        let service = editable(Part::Service, Role::VillageWorker);
        assert!(
            service.contains(&("unit", Right::Propose)) && !service.iter().any(|(name, _)| *name == "merits")
        );
    }

    #[test]
    fn a_village_worker_begins_what_he_can_see_for_himself() {
        for part in [Part::Contact, Part::Health, Part::Household, Part::Residence] {
            assert!(begins(part, Role::VillageWorker), "{part:?}");
        }
        assert!(!begins(Part::Money, Role::VillageWorker));
        assert!(!begins(Part::Office, Role::VillageWorker));
    }

    #[test]
    fn what_is_typed_becomes_the_stored_value_and_back() {
        for (editor, text, value) in [
            (Editor::Number, "３", json!(3)),
            (Editor::Money, "1200.5", json!(120_050)),
            (Editor::Yes, "yes", json!(true)),
            (Editor::Years, "４", json!(4)),
            (Editor::Years, "4年6个月", json!("4年6个月")),
            (Editor::Text, " 双桥镇 ", json!("双桥镇")),
        ] {
            assert_eq!(typed(editor, text), Some(value), "{text}");
        }
        assert_eq!(typed(Editor::Number, "许多"), None);
        assert_eq!(typed(Editor::Text, " "), Some(Value::Null));
        assert_eq!(untyped(Editor::Money, Some(&view(json!(120_050)))), "1200.50");
        assert_eq!(untyped(Editor::Number, Some(&view(json!(3)))), "3");
        assert_eq!(untyped(Editor::Years, Some(&view(json!("4年6个月")))), "4年6个月");
        assert_eq!(untyped(editor("service_years"), Some(&view(json!(4)))), "4");
    }

    #[test]
    fn illness_gives_six_grades_in_whichever_order_both_are_said() {
        let beside = |name: &str, value: Value| BTreeMap::from([(name.to_owned(), view(value))]);
        for (name, stands, field, value, clashes) in [
            ("cause", json!("illness"), "grade", json!(7), true),
            ("cause", json!("illness"), "grade", json!(6), false),
            ("cause", json!("war"), "grade", json!(10), false),
            ("grade", json!(8), "cause", json!("illness"), true),
            ("grade", json!(8), "unit", json!("illness"), false),
        ] {
            let said = contradiction(&beside(name, stands), field, &value);
            assert_eq!(said.is_some(), clashes, "{field} {value}");
        }
        assert_eq!(contradiction(&BTreeMap::new(), "grade", &json!(7)), None);
        // What waits for the office counts, not what it would replace.
        let waits = FieldView { proposed: Some(json!("illness")), ..view(json!("war")) };
        assert!(contradiction(&BTreeMap::from([("cause".to_owned(), waits)]), "grade", &json!(7)).is_some());
    }

    #[test]
    fn what_is_doubted_is_said_in_the_words_of_lists() {
        use crate::locale::words::import as w;
        let masked = FieldView { masked: true, ..view(json!("**************0019")) };
        let file = BTreeMap::from([("id_no".to_owned(), masked)]);
        assert_eq!(doubt(&file, "sex", "2", |_| true), w::why_sex_mismatch());
        assert_eq!(doubt(&file, "sex", "1", |_| true), "");
        assert_eq!(
            doubt(&file, "domicile_code", "339998100201", |county| county == "339999"),
            w::why_region_outside()
        );
        assert_eq!(doubt(&file, "domicile_code", "339999100201", |county| county == "339999"), "");
    }

    #[test]
    fn every_field_of_a_part_is_a_field_of_the_kind() {
        let kind = kind("recipient").expect("the kind is there");
        for name in all_fields().chain(UNSEEN.iter().copied()) {
            assert!(kind.field(name).is_some(), "{name}");
        }
    }
}
