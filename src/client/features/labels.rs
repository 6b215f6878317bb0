//! Codes and values of records in words: fields, categories, needs, roles, and the options that files store as codes.
//!
//! Every function answers with the code itself where it knows no word, so that what a newer office sends is still readable.

mod fields;

use crate::locale::{
    self, Lang,
    words::{labels as w, pledges, sponsors},
};
use domain::{
    disability::OldClass,
    sponsor::{Agreement, SponsorKind},
    visit::Heed,
};
use serde_json::Value;

/// A category of recipients (domain.md §2.2).
pub(crate) fn category(code: &str) -> String {
    category_word(code).unwrap_or(code).to_owned()
}

/// The kind of a need.
pub(crate) fn need_kind(code: &str) -> String {
    need_kind_word(code).unwrap_or(code).to_owned()
}

/// Where a need stands.
pub(crate) fn need_state(code: &str) -> String {
    need_state_word(code).unwrap_or(code).to_owned()
}

/// What an answer asks for a second look at.
pub(crate) fn heed(heed: Heed) -> &'static str {
    match heed {
        Heed::Discontent => w::heed_discontent(),
        Heed::LongAgo => w::heed_long_ago(),
        Heed::NoLabour => w::heed_no_labour(),
        Heed::Barred => w::heed_barred(),
    }
}

/// Something to be done for a family.
pub(crate) fn task_kind(code: &str) -> String {
    let word = match code {
        "D1" => w::t_death(),
        "D2" => w::t_transfer(),
        "T-PLAQUE" => w::t_plaque(),
        "T-CARD" => w::t_card(),
        "T-FILE" => w::t_file(),
        "T-MERGE" => w::t_merge(),
        _ => code,
    };
    word.to_owned()
}

/// What a sponsor is.
pub(crate) fn sponsor_kind(kind: SponsorKind) -> &'static str {
    match kind {
        SponsorKind::PeopleRun => sponsors::k_people_run(),
        SponsorKind::Private => sponsors::k_private(),
        SponsorKind::StateOwned => sponsors::k_state_owned(),
        SponsorKind::Association => sponsors::k_association(),
        SponsorKind::Person => sponsors::k_person(),
        SponsorKind::PublicBody => sponsors::k_public_body(),
    }
}

/// What an account is.
pub(crate) fn role(code: &str) -> String {
    role_word(code).unwrap_or(code).to_owned()
}

/// What stands between the values of a list.
pub(crate) fn between() -> &'static str {
    w::between()
}

/// A field of a record.
pub(crate) fn field(code: &str) -> String {
    fields::word(code).unwrap_or(code).to_owned()
}

/// The category in two to four characters, for a tag.
pub(crate) fn category_short(code: &str) -> String {
    match (locale::active(), code.parse::<domain::category::Category>()) {
        (Lang::Zh, Ok(category)) => category.short().to_owned(),
        _ => category(code),
    }
}

/// A value of a field, as a person reads it.
pub(crate) fn value(field: &str, value: &Value) -> String {
    match value {
        Value::Null => w::none().to_owned(),
        Value::Bool(true) => w::yes().to_owned(),
        Value::Bool(false) => w::no().to_owned(),
        Value::Number(number) if field == "grade" => w::grade(number),
        Value::Number(fen) if field == "amount" => {
            pledges::yuan(super::answer_words::yuan(fen.as_i64().unwrap_or_default()))
        }
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.is_empty() => w::none().to_owned(),
        Value::String(code) if field == "category" => category(code),
        Value::String(code) => value_word(field, code).unwrap_or_else(|| code.clone()),
        Value::Array(items) => {
            items.iter().map(|item| self::value(field, item)).collect::<Vec<_>>().join(between())
        }
        Value::Object(part) => match part.get("show").and_then(Value::as_str) {
            Some(shown) => shown.to_owned(),
            None if field == "agreement" => agreement(value),
            None if field == "geo" => super::answer_words::position(part),
            None if super::file_rows::columns(field).is_some() => super::file_rows::masked(field, part),
            None => value.to_string(),
        },
    }
}

/// The days of an agreement and what it is about.
fn agreement(value: &Value) -> String {
    let Some(agreement) = Agreement::read(value) else { return w::none().to_owned() };
    let days = [agreement.from, agreement.to].into_iter().flatten().map(|day| day.to_string());
    days.chain([agreement.scope]).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The word of a stored code in the active language; in Chinese that of the lists where nobody has said it in English.
fn value_word(field: &str, code: &str) -> Option<String> {
    if field == "bank" {
        return bank_word(code).map(str::to_owned);
    }
    let english = || locale::option_en(domain::options::named_as(field), code).map(str::to_owned);
    let chinese = || match field {
        "nation" => domain::nation::label(code),
        "old_class" => OldClass::from_word(code).map(|class| class.label().to_owned()),
        _ => domain::options::label(field, code).map(str::to_owned),
    };
    let of_list = match locale::active() {
        Lang::Zh => chinese(),
        Lang::En => english().or_else(chinese),
    };
    // Needs have states too, and sponsors kinds.
    let other = || match field {
        "state" => need_state_word(code),
        "kind" => SponsorKind::from_word(code).map(sponsor_kind),
        _ => None,
    };
    of_list.or_else(|| other().map(str::to_owned))
}

fn category_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "11" => w::c_11(),
        "12" => w::c_12(),
        "13" => w::c_13(),
        "14" => w::c_14(),
        "15" => w::c_15(),
        "16" => w::c_16(),
        "21" => w::c_21(),
        "22" => w::c_22(),
        "23" => w::c_23(),
        "31" => w::c_31(),
        "32" => w::c_32(),
        "33" => w::c_33(),
        "41" => w::c_41(),
        "42" => w::c_42(),
        "51" => w::c_51(),
        "61" => w::c_61(),
        "62" => w::c_62(),
        "71" => w::c_71(),
        "72" => w::c_72(),
        "81" => w::c_81(),
        "90" => w::c_90(),
        "91" => w::c_91(),
        "92" => w::c_92(),
        "B1" => w::c_b1(),
        "S1" => w::c_s1(),
        _ => return None,
    })
}

fn need_kind_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "N-LIFE" => w::n_life(),
        "N-MED" => w::n_med(),
        "N-CARE" => w::n_care(),
        "N-HOUSE" => w::n_house(),
        "N-JOB" => w::n_job(),
        "N-EDU" => w::n_edu(),
        "N-DIS" => w::n_dis(),
        "N-INS" => w::n_ins(),
        "N-PAY" => w::n_pay(),
        "N-PSY" => w::n_psy(),
        "N-LEGAL" => w::n_legal(),
        "N-OTH" => w::n_oth(),
        _ => return None,
    })
}

fn need_state_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "found" => w::s_found(),
        "assigned" => w::s_assigned(),
        "verifying" => w::s_verifying(),
        "planned" => w::s_planned(),
        "public_notice" => w::s_public_notice(),
        "approved" => w::s_approved(),
        "objection" => w::s_objection(),
        "in_progress" => w::s_in_progress(),
        "all_done" => w::s_all_done(),
        "await_follow_up" => w::s_await_follow_up(),
        "closed" => w::s_closed(),
        "reopened" => w::s_reopened(),
        "dropped" => w::s_dropped(),
        "rejected" => w::s_rejected(),
        "referred" => w::s_referred(),
        _ => return None,
    })
}

fn role_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "village_worker" => w::r_village_worker(),
        "township_clerk" => w::r_township_clerk(),
        "township_lead" => w::r_township_lead(),
        "county_clerk" => w::r_county_clerk(),
        "county_lead" => w::r_county_lead(),
        "unit_contact" => w::r_unit_contact(),
        "auditor" => w::r_auditor(),
        "admin" => w::r_admin(),
        _ => return None,
    })
}

fn bank_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "102" => w::v_bank_102(),
        "103" => w::v_bank_103(),
        "104" => w::v_bank_104(),
        "105" => w::v_bank_105(),
        "309" => w::v_bank_309(),
        "402" => w::v_bank_402(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn codes_have_words_and_strangers_stay_as_they_are() {
        assert_eq!(value("health", &json!("30")), "有慢性病");
        assert_eq!(value("grade", &json!(6)), "6 级");
        assert_eq!(value("account_no", &json!({"show": "***8427"})), "***8427");
        assert_eq!(value("relief_basic", &json!(true)), "是");
        assert_eq!(value("amount", &json!(120_050)), "1200.50 元");
        assert_eq!(value("kind", &json!("private")), "私营企业");
        assert_eq!(
            value("agreement", &json!({"from": "2026-01-01", "to": null, "scope": "助学"})),
            "2026-01-01 助学"
        );
        assert_eq!(value("shoe_size", &json!("42")), "42");
        assert_eq!(field("mobile"), "手机");
        assert_eq!(field("shoe_size"), "shoe_size");
    }

    #[test]
    fn every_code_that_a_picker_offers_is_said_in_english() {
        let kinds = ["recipient", "entitlement"].into_iter().filter_map(domain::kinds::kind);
        let mut offered = Vec::new();
        for name in kinds.flat_map(|kind| kind.fields).map(|field| field.name) {
            let choices = domain::options::choices(name).unwrap_or_default();
            offered.extend(choices.iter().map(|choice| (name, choice.code)));
        }
        offered.extend(domain::nation::codes().map(|code| ("nation", code)));
        offered.extend(OldClass::ALL.iter().map(|class| ("old_class", class.word())));
        for (field, code) in offered {
            let said = locale::option_en(domain::options::named_as(field), code);
            assert!(said.is_some_and(|word| word.is_ascii() && !word.is_empty()), "{field} {code}");
        }
        assert_eq!(locale::option_en("sex", "7"), None);
        assert_eq!(locale::option_en("political", "0"), None);
    }

    #[test]
    fn every_category_has_a_word() {
        for one in domain::category::Category::all() {
            assert_eq!(category_word(one.code()), Some(one.label()), "{}", one.code());
        }
    }

    #[test]
    fn every_field_of_a_file_or_a_sponsor_has_a_word() {
        for one in ["recipient", "entitlement", "sponsor", "pledge", "donation"]
            .into_iter()
            .filter_map(domain::kinds::kind)
            .flat_map(|kind| kind.fields)
        {
            assert!(fields::word(one.name).is_some(), "{}", one.name);
        }
    }
}
