use super::{FieldClass, Right, Seen, Whose, kind, kinds, kinds_json};
use crate::access::Role;

#[test]
fn the_printed_table_did_not_change_by_accident() {
    insta::assert_json_snapshot!(kinds_json());
}

#[test]
fn no_kind_or_field_occurs_twice_and_parents_exist() {
    for (i, one) in kinds().iter().enumerate() {
        assert!(kinds()[..i].iter().all(|other| other.name != one.name), "{}", one.name);
        assert!(one.parent.is_none_or(|parent| kind(parent).is_some()), "{}", one.name);
        for (j, field) in one.fields.iter().enumerate() {
            assert!(one.fields[..j].iter().all(|other| other.name != field.name), "{}", field.name);
        }
    }
}

#[test]
fn an_unknown_field_is_plain_with_the_right_of_the_default_group() {
    let recipient = kind("recipient").unwrap();
    assert_eq!(recipient.class("shoe_size"), FieldClass::Plain);
    assert_eq!(recipient.right(Role::VillageWorker, "shoe_size"), Right::None);
    assert_eq!(recipient.right(Role::TownshipClerk, "shoe_size"), Right::Write);
    assert_eq!(kind("visit").unwrap().right(Role::VillageWorker, "weather"), Right::Write);
}

#[test]
fn a_village_worker_writes_what_he_sees_and_proposes_the_rest() {
    let recipient = kind("recipient").unwrap();
    for field in ["mobile", "live_addr", "self_care", "family_size", "geo"] {
        assert_eq!(recipient.right(Role::VillageWorker, field), Right::Write, "{field}");
    }
    for field in ["name", "id_no", "birth", "status", "account_no", "died_on", "area", "plaque", "pref_card"]
    {
        assert_eq!(recipient.right(Role::VillageWorker, field), Right::Propose, "{field}");
    }
    assert_eq!(kind("entitlement").unwrap().right(Role::VillageWorker, "grade"), Right::Propose);
    assert_eq!(kind("visit").unwrap().right(Role::VillageWorker, "reviews"), Right::None);
    // What a visit finds is made by who made it (domain.md §4.7): a task of the village's would otherwise hold the whole visit.
    for made_by_a_visit in ["visit", "need", "task"] {
        assert!(kind(made_by_a_visit).unwrap().may_create(Role::VillageWorker), "{made_by_a_visit}");
        assert_eq!(kind(made_by_a_visit).unwrap().right(Role::VillageWorker, "kind"), Right::Write);
    }
    assert!(!kind("entitlement").unwrap().may_create(Role::VillageWorker));
}

#[test]
fn numbers_are_masked_for_everyone_and_accounts_never_reach_a_village() {
    let recipient = kind("recipient").unwrap();
    assert_eq!(recipient.seen(Role::TownshipClerk, "id_no"), Seen::Show);
    assert_eq!(recipient.seen(Role::VillageWorker, "id_no"), Seen::Show);
    assert_eq!(recipient.seen(Role::VillageWorker, "account_no"), Seen::None);
    assert_eq!(recipient.seen(Role::TownshipClerk, "account_no"), Seen::Show);
    assert_eq!(recipient.seen(Role::VillageWorker, "birth"), Seen::Show);
    assert_eq!(recipient.seen(Role::TownshipClerk, "birth"), Seen::Full);
    assert_eq!(recipient.seen(Role::Auditor, "name"), Seen::None);
    for field in ["id_no", "account_no", "birth"] {
        assert_eq!(recipient.class(field), FieldClass::Sealed, "{field}");
    }
    assert_eq!(kind("entitlement").unwrap().class("cert_no"), FieldClass::Sealed);
    assert_eq!(recipient.seen(Role::VillageWorker, "certs"), Seen::Show);
    assert_eq!(recipient.seen(Role::TownshipClerk, "certs"), Seen::Full);
    // Who is shown rows in part has no right to write them: he could not name one to be taken out.
    for (kind, field) in kinds().iter().flat_map(|kind| kind.fields.iter().map(move |field| (kind, field))) {
        for role in Role::ALL {
            let is_in_part =
                kind.has_numbers_in_rows(field.name) && kind.seen(role, field.name) == Seen::Show;
            assert!(!is_in_part || kind.right(role, field.name) == Right::None, "{}", field.name);
        }
    }
}

#[test]
fn roles_without_recipient_data_are_sent_no_family() {
    for one in kinds() {
        for role in [Role::Admin, Role::UnitContact, Role::Auditor] {
            // Whoever publishes checklists is sent them; nobody's family stands in one.
            let publishes = role == Role::Admin && one.name == "checklist_template";
            assert_eq!(one.is_pulled_by(role), publishes, "{} {role:?}", one.name);
        }
    }
}

#[test]
fn whose_values_a_kind_holds_is_said_of_every_kind() {
    // Fields that hold the id of a file or of what hangs below one.
    let of_somebody = ["recipient", "person", "head", "members", "need", "measure", "visit", "of"];
    for (at, one) in kinds().iter().enumerate() {
        let named = |field: &str| one.field(field).is_some();
        match one.whose {
            Whose::File => assert_eq!(one.name, "recipient"),
            Whose::Below => assert_eq!(one.parent, Some("recipient"), "{}", one.name),
            Whose::Named(fields) => {
                assert!(!fields.is_empty() && fields.iter().all(|field| named(field)), "{}", one.name);
                // What is named is judged first.
                let earlier = |field: &&str| kinds()[at..].iter().all(|later| *later.name != **field);
                assert!(fields.iter().all(earlier), "{}", one.name);
            }
            Whose::About => assert!(one.create.is_empty(), "{}", one.name),
            Whose::Nobody => assert!(!of_somebody.into_iter().any(named), "{} names somebody", one.name),
        }
        assert_eq!(one.parent.is_some(), one.whose == Whose::Below, "{}", one.name);
    }
}
