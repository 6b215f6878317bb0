use super::*;
use std::collections::BTreeSet;

const NOW_MS: i64 = 1_795_400_000_000;

#[test]
fn the_same_seed_and_day_give_the_same_county() {
    let names = |seed| {
        families(seed, 40, NOW_MS).iter().map(|f| format!("{} {:?}", f.e, f.fields)).collect::<Vec<_>>()
    };
    assert_eq!(names(7), names(7));
    assert_ne!(names(7), names(8));
}

#[test]
fn every_village_has_families_and_most_are_elder_veterans() {
    let county = families(1, FAMILIES, NOW_MS);
    assert_eq!(county.len(), FAMILIES);
    let villages: BTreeSet<_> = county.iter().map(|family| family.village).collect();
    assert_eq!(villages.len(), 10);
    let elder = county.iter().filter(|family| family.entitlement.1["category"] == "81").count();
    assert!((95..=145).contains(&elder), "{elder} of {FAMILIES} are in category 81");
    let seen = county.iter().filter(|family| !family.visits.is_empty()).count();
    assert!(seen > 100 && seen < FAMILIES);
    assert!(county.iter().any(|family| family.visits.iter().any(|visit| !visit.needs.is_empty())));
}

#[test]
fn numbers_are_in_the_unassigned_area_and_unlike_each_other() {
    let county = families(1, FAMILIES, NOW_MS);
    let numbers: BTreeSet<_> = county.iter().filter_map(|family| family.fields["id_no"].as_str()).collect();
    assert_eq!(numbers.len(), FAMILIES);
    assert!(numbers.iter().all(|number| number.starts_with("339999") && number.len() == 18));
}

struct Plot;

impl Ground for Plot {
    fn area(&self, _: &str) -> AreaId {
        AreaId(Uuid::from_u128(1))
    }
    fn seal(&mut self, e: Uuid, field: &str, text: &str) -> SealedValue {
        let show = text.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        SealedValue { kid: "k".into(), alg: "intl-1".into(), enc: format!("{e}"), ct: field.into(), show }
    }
    fn clerk(&self) -> Uuid {
        Uuid::from_u128(2)
    }
    fn worker(&self) -> Uuid {
        Uuid::from_u128(3)
    }
    fn account(&self, user: &str) -> Option<Uuid> {
        (user == "worker").then_some(Uuid::from_u128(4))
    }
}

#[test]
fn sponsors_have_codes_that_check_out_and_adopt_needs_that_are_there() {
    let county = families(1, FAMILIES, NOW_MS);
    let text = serde_json::to_value(sponsors(&county, &mut Plot, &mut Dice::new(1), NOW_MS)).expect("JSON");
    let ops = text["ops"].as_array().expect("ops");
    let of = |kind: &str| ops.iter().filter(|op| op["type"] == kind).map(|op| &op["f"]).collect::<Vec<_>>();
    let codes = of("sponsor").into_iter().filter_map(|f| f["credit_code"].as_str());
    assert_eq!(codes.filter(|code| domain::sponsor::CreditCode::read(code).is_ok()).count(), 3);
    assert_eq!(of("pledge").iter().filter(|f| f["need"].is_string()).count(), 2);
    assert_eq!(of("donation").len(), 2);
}

#[test]
fn a_changeset_holds_the_numbers_sealed_only() {
    let county = families(1, 20, NOW_MS);
    for family in &county {
        let number = family.fields["id_no"].as_str().expect("a number");
        let text = serde_json::to_string(&changesets(family, &mut Plot, &mut Dice::new(1))).expect("JSON");
        assert!(!text.contains(number));
        assert!(text.contains("\"op\":\"create\""));
    }
}

#[test]
fn most_families_of_a_workers_villages_have_somebody_who_answers_for_them() {
    let county = families(1, FAMILIES, NOW_MS);
    let of = |village: &str| {
        county.iter().filter(|f| f.village == village).map(|f| f.responsible).collect::<Vec<_>>()
    };
    let count = |village: &str, user| of(village).iter().filter(|who| **who == user).count();
    assert_eq!((count("339999100203", Some("worker")), count("339999100203", None)), (19, 3));
    assert_eq!(count("339999100204", Some("worker2")), 19);
    assert!(of("339999100210").iter().all(Option::is_none), "nobody works there yet");
    let family = county.iter().find(|f| f.responsible == Some("worker")).expect("one");
    let file = serde_json::to_value(&changesets(family, &mut Plot, &mut Dice::new(1))[0]).expect("JSON");
    assert_eq!(file["ops"][0]["f"]["responsible"], Uuid::from_u128(4).to_string());
}
