//! Whether a file is whole: which fields the paper forms ask of a person and of each of his categories (domain.md §3.1–§3.3, column R and the
//! lists of §3.3), and which of them are empty.

use crate::{category::Category, guardian};
use serde_json::Value;

/// Asked of everybody.
const EVERYBODY: &[&str] = &[
    "name",
    "id_no",
    "sex",
    "birth",
    "nation",
    "domicile_kind",
    "domicile_code",
    "live_code",
    "live_addr",
    "mobile",
    "head_relation",
    "family_size",
    "work_ability",
    "self_care",
    "support",
    "lone_elder",
    "orphan",
    "mental_ill",
    "medical_scheme",
    "responsible",
];

/// Asked besides of who served and came home.
const SERVED: &[&str] = &["enlisted_on", "discharged_on"];

/// Who served and came home. Officials, the police and militia (12–16) may never have.
const VETERANS: &[&str] = &["11", "31", "32", "33", "41", "42", "51", "61", "62", "81", "90", "91", "92"];

/// An empty field that the forms ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The entitlement, by its place in the list given; none for the person's own fields.
    pub entitlement: Option<usize>,
    /// Which field.
    pub field: &'static str,
}

/// How whole a file is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    /// Fields asked for.
    pub asked: usize,
    /// Those that are empty, in the order of the forms.
    pub gaps: Vec<Gap>,
}

impl Completeness {
    /// Whole per cent that are filled; 100 only when nothing is missing.
    pub fn percent(&self) -> usize {
        match self.asked {
            0 => 100,
            asked => (asked - self.gaps.len().min(asked)) * 100 / asked,
        }
    }
}

/// Whether a value says nothing.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Whether any of the categories is of a person who served.
pub fn served(categories: &[Category]) -> bool {
    categories.iter().any(|category| VETERANS.contains(&category.code()))
}

/// The person's fields that the forms of these categories ask for, each once.
pub fn asked(categories: &[Category]) -> Vec<&'static str> {
    let has = |codes: &[&str]| categories.iter().any(|category| codes.contains(&category.code()));
    let mut fields = EVERYBODY.to_vec();
    let mut also = |of: bool, names: &[&'static str]| fields.extend_from_slice(if of { names } else { &[] });
    also(served(categories), SERVED);
    also(has(&["42", "51", "61"]), &["body_state"]);
    also(has(&["51", "61", "B1"]), &["life_state"]);
    also(has(&["81"]), &["unit", "family_minors", "family_elders"]);
    fields
}

/// The fields of an entitlement that a category has, in the order of its form; the categories without a form of their own have the papers alone.
pub fn fields_of(category: Category) -> Vec<&'static str> {
    let own: &[&str] = match category.code() {
        _ if category.is_disabled() => &[
            "grade",
            "cause",
            "old_class",
            "attachment",
            "period",
            "korea",
            "injured_on",
            "injured_place",
            "injured_how",
            "injured_why",
            "injured_unit",
        ],
        "21" | "22" | "23" => &[
            "kin_relation",
            "cert_holder",
            "in_school",
            "disabled",
            "deceased_name",
            "deceased_sex",
            "deceased_birth",
            "deceased_enlisted_on",
            "deceased_unit",
            "deceased_duty",
            "deceased_on",
            "deceased_place",
            "deceased_cause",
            "deceased_cert_no",
            "deceased_approved_on",
        ],
        "41" => &["period", "korea"],
        "42" => &["in_war", "in_test", "service_illness"],
        "51" => &["war_kind"],
        "61" | "62" => &["test_kind", "exam", "exam_on", "exam_before_on", "grade", "disabled_children"],
        "71" => {
            &["conscript_name", "conscript_id_no", "service_from", "service_to", "conscript_region", "payee"]
        }
        "81" => &["service_from", "service_to", "service_years", "proof"],
        "B1" => &[
            "identity_kind",
            "deceased_name",
            "deceased_on",
            "rehabilitated_on",
            "kin_relation",
            "had_pension",
        ],
        _ => &[],
    };
    let papers = ["state", "cert_no", "approved_on", "from", "to"];
    own.iter().copied().chain(papers).chain(["remark"]).collect()
}

/// Those of an entitlement's fields that the category's form asks for.
pub fn asked_of(category: Category) -> &'static [&'static str] {
    match category.code() {
        _ if category.is_disabled() => &[
            "grade",
            "cause",
            "attachment",
            "period",
            "injured_on",
            "injured_place",
            "injured_how",
            "injured_why",
            "cert_no",
            "approved_on",
        ],
        "21" | "22" | "23" => &[
            "kin_relation",
            "cert_holder",
            "in_school",
            "disabled",
            "deceased_name",
            "deceased_sex",
            "cert_no",
            "approved_on",
        ],
        "41" => &["period", "korea", "cert_no"],
        "42" => &["in_war", "in_test", "cert_no"],
        "51" => &["war_kind"],
        "61" | "62" => &["test_kind", "exam"],
        "81" => &["service_from", "service_to"],
        "B1" => &["identity_kind", "deceased_on", "rehabilitated_on"],
        _ => &[],
    }
}

/// One entitlement as the question is put: its category, and which of its fields are filled.
pub type Entitled<'a> = (Category, &'a dyn Fn(&str) -> bool);

/// How whole a file is, by the fields of which the asker can tell whether they are filled. One telephone number is enough, and a class of before 2004
/// stands for a grade. `is_child`: whether a guardian is asked on the day (`guardian::is_asked`).
pub fn completeness(
    person: &dyn Fn(&str) -> bool,
    is_child: bool,
    entitlements: &[Entitled<'_>],
) -> Completeness {
    let categories: Vec<Category> = entitlements.iter().map(|(category, _)| *category).collect();
    let consent = is_child.then_some(guardian::FIELD);
    let mut whole = Completeness::default();
    for field in asked(&categories).into_iter().chain(consent) {
        whole.asked += 1;
        let is_there = person(field) || field == "mobile" && person("phone2");
        if !is_there {
            whole.gaps.push(Gap { entitlement: None, field });
        }
    }
    for (place, (category, has)) in entitlements.iter().enumerate() {
        for field in asked_of(*category) {
            whole.asked += 1;
            let is_there = has(field) || *field == "grade" && has("old_class");
            if !is_there {
                whole.gaps.push(Gap { entitlement: Some(place), field });
            }
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::kind;

    fn category(code: &str) -> Category {
        code.parse().expect("a category")
    }

    fn gaps(filled: &[&str], code: &str, filled_there: &[&str]) -> Vec<&'static str> {
        let person = |field: &str| filled.contains(&field);
        let there = |field: &str| filled_there.contains(&field);
        completeness(&person, false, &[(category(code), &there)])
            .gaps
            .into_iter()
            .map(|gap| gap.field)
            .collect()
    }

    #[test]
    fn an_empty_file_lacks_all_that_is_asked() {
        let whole = completeness(&|_| false, false, &[(category("51"), &|_| false)]);
        assert_eq!(whole.percent(), 0);
        assert_eq!(whole.asked, EVERYBODY.len() + SERVED.len() + 3);
        assert_eq!(whole.gaps.last(), Some(&Gap { entitlement: Some(0), field: "war_kind" }));
    }

    #[test]
    fn one_gap_keeps_it_from_a_hundred() {
        let whole = completeness(&|field| field != "support", false, &[(category("90"), &|_| true)]);
        assert_eq!(whole.gaps, [Gap { entitlement: None, field: "support" }]);
        assert!(whole.percent() < 100);
        assert_eq!(completeness(&|_| true, false, &[]).percent(), 100);
    }

    #[test]
    fn of_a_child_a_guardians_consent_is_asked_besides() {
        let but_consent = |field: &str| field != guardian::FIELD;
        let orphan = |is_child| completeness(&but_consent, is_child, &[(category("21"), &|_| true)]);
        assert_eq!(orphan(true).gaps, [Gap { entitlement: None, field: guardian::FIELD }]);
        assert_eq!(orphan(true).asked, orphan(false).asked + 1);
        assert!(orphan(true).percent() < 100 && orphan(false).percent() == 100);
        assert_eq!(completeness(&|_| true, true, &[]).gaps, []);
    }

    #[test]
    fn another_telephone_will_do_and_an_old_class_for_a_grade() {
        let everything = asked(&[category("11")]);
        let but_mobile: Vec<_> = everything.iter().copied().filter(|field| *field != "mobile").collect();
        let with_class: Vec<_> = asked_of(category("11")).iter().copied().filter(|f| *f != "grade").collect();
        assert_eq!(gaps(&but_mobile, "11", &with_class), ["mobile", "grade"]);
        let with_phone2: Vec<_> = but_mobile.into_iter().chain(["phone2"]).collect();
        let with_class: Vec<_> = with_class.into_iter().chain(["old_class"]).collect();
        assert_eq!(gaps(&with_phone2, "11", &with_class), [""; 0]);
    }

    #[test]
    fn only_who_served_is_asked_when() {
        for (code, is_asked) in [("51", true), ("11", true), ("13", false), ("21", false), ("71", false)] {
            assert_eq!(asked(&[category(code)]).contains(&"enlisted_on"), is_asked, "{code}");
        }
        assert!(asked(&[category("21"), category("81")]).contains(&"unit"));
        assert!(!asked(&[category("21"), category("51")]).contains(&"unit"));
    }

    #[test]
    fn each_field_is_one_of_its_kind_and_what_is_asked_is_on_the_form() {
        let (person, entitlement) = (kind("recipient").expect("there"), kind("entitlement").expect("there"));
        for one in Category::all() {
            assert!(asked(&[one]).iter().all(|field| person.field(field).is_some()));
            let fields = fields_of(one);
            assert!(fields.iter().all(|field| entitlement.field(field).is_some()), "{one:?}");
            assert!(asked_of(one).iter().all(|field| fields.contains(field)), "{one:?}");
            let mut once = fields.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), fields.len(), "{one:?}");
        }
    }
}
