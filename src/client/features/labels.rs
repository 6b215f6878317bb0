//! Codes and values of records in words: fields, categories, needs, roles, and the options that files store as codes.
//!
//! Every function answers with the code itself where it knows no word, so that what a newer office sends is still readable.

use crate::locale::words::labels as w;
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

/// What an account is.
pub(crate) fn role(code: &str) -> String {
    role_word(code).unwrap_or(code).to_owned()
}

/// A field of a record.
pub(crate) fn field(code: &str) -> String {
    field_word(code).unwrap_or(code).to_owned()
}

/// The category in two to four characters, for a tag.
pub(crate) fn category_short(code: &str) -> String {
    match (crate::locale::active(), code.parse::<domain::category::Category>()) {
        (crate::locale::Lang::Zh, Ok(category)) => category.short().to_owned(),
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
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.is_empty() => w::none().to_owned(),
        Value::String(code) if field == "category" => category(code),
        Value::String(code) => {
            value_word(field, code).or_else(|| domain::options::label(field, code)).unwrap_or(code).to_owned()
        }
        Value::Array(items) => {
            items.iter().map(|item| self::value(field, item)).collect::<Vec<_>>().join(w::between())
        }
        Value::Object(part) => match part.get("show").and_then(Value::as_str) {
            Some(shown) => shown.to_owned(),
            None => value.to_string(),
        },
    }
}

fn value_word(field: &str, code: &str) -> Option<&'static str> {
    match field {
        "sex" => sex_word(code),
        "domicile_kind" => domicile_kind_word(code),
        "marriage" => marriage_word(code),
        "health" => health_word(code),
        "body_state" => body_state_word(code),
        "work_ability" => work_ability_word(code),
        "self_care" => self_care_word(code),
        "support" => support_word(code),
        "house_state" => house_state_word(code),
        "economy" => economy_word(code),
        "life_state" => life_state_word(code),
        "head_relation" => head_relation_word(code),
        "job" => job_word(code),
        "bank" => bank_word(code),
        "cause" => cause_word(code),
        "status" => status_word(code),
        "state" => state_word(code),
        "medical_scheme" => medical_scheme_word(code),
        "plaque" => plaque_word(code),
        "id_kind" => id_kind_word(code),
        "nation" => nation_word(code),
        _ => None,
    }
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

fn sex_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "1" => w::v_sex_1(),
        "2" => w::v_sex_2(),
        "0" => w::v_sex_0(),
        "9" => w::v_sex_9(),
        _ => return None,
    })
}

fn domicile_kind_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "1" => w::v_domicile_kind_1(),
        "2" => w::v_domicile_kind_2(),
        _ => return None,
    })
}

fn marriage_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "10" => w::v_marriage_10(),
        "20" => w::v_marriage_20(),
        "30" => w::v_marriage_30(),
        "40" => w::v_marriage_40(),
        _ => return None,
    })
}

fn health_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "10" => w::v_health_10(),
        "20" => w::v_health_20(),
        "30" => w::v_health_30(),
        "60" => w::v_health_60(),
        _ => return None,
    })
}

fn body_state_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "1" => w::v_body_state_1(),
        "2" => w::v_body_state_2(),
        "3" => w::v_body_state_3(),
        _ => return None,
    })
}

fn work_ability_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "1" => w::v_work_ability_1(),
        "2" => w::v_work_ability_2(),
        "3" => w::v_work_ability_3(),
        _ => return None,
    })
}

fn self_care_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "1" => w::v_self_care_1(),
        "3" => w::v_self_care_3(),
        "2" => w::v_self_care_2(),
        _ => return None,
    })
}

fn support_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "1" => w::v_support_1(),
        "2" => w::v_support_2(),
        "3" => w::v_support_3(),
        "4" => w::v_support_4(),
        "5" => w::v_support_5(),
        "6" => w::v_support_6(),
        _ => return None,
    })
}

fn house_state_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "1" => w::v_house_state_1(),
        "2" => w::v_house_state_2(),
        "3" => w::v_house_state_3(),
        _ => return None,
    })
}

fn economy_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "1" => w::v_economy_1(),
        "2" => w::v_economy_2(),
        "3" => w::v_economy_3(),
        _ => return None,
    })
}

fn life_state_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "1" => w::v_life_state_1(),
        "2" => w::v_life_state_2(),
        "3" => w::v_life_state_3(),
        _ => return None,
    })
}

fn head_relation_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "01" => w::v_head_relation_01(),
        "10" => w::v_head_relation_10(),
        "20" => w::v_head_relation_20(),
        "30" => w::v_head_relation_30(),
        "40" => w::v_head_relation_40(),
        "50" => w::v_head_relation_50(),
        "60" => w::v_head_relation_60(),
        "70" => w::v_head_relation_70(),
        "99" => w::v_head_relation_99(),
        _ => return None,
    })
}

fn job_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "11" => w::v_job_11(),
        "12" => w::v_job_12(),
        "13" => w::v_job_13(),
        "21" => w::v_job_21(),
        "22" => w::v_job_22(),
        "41" => w::v_job_41(),
        "61" => w::v_job_61(),
        "71" => w::v_job_71(),
        "99" => w::v_job_99(),
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

fn cause_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "war" => w::v_cause_war(),
        "duty" => w::v_cause_duty(),
        "illness" => w::v_cause_illness(),
        _ => return None,
    })
}

fn status_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "active" => w::v_status_active(),
        "died" => w::v_status_died(),
        "moved" => w::v_status_moved(),
        "closed" => w::v_status_closed(),
        _ => return None,
    })
}

fn state_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "accepted" => w::v_state_accepted(),
        "paid" => w::v_state_paid(),
        "recognised" => w::v_state_recognised(),
        "stopped" => w::v_state_stopped(),
        "moved" => w::v_state_moved(),
        "refused" => w::v_state_refused(),
        "died" => w::v_state_died(),
        "cancelled" => w::v_state_cancelled(),
        "suspended" => w::v_state_suspended(),
        _ => return None,
    })
}

fn medical_scheme_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "public" => w::v_medical_scheme_public(),
        "employee" => w::v_medical_scheme_employee(),
        "resident" => w::v_medical_scheme_resident(),
        "other" => w::v_medical_scheme_other(),
        "none" => w::v_medical_scheme_none(),
        _ => return None,
    })
}

fn plaque_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "none" => w::v_plaque_none(),
        "hung" => w::v_plaque_hung(),
        "damaged" => w::v_plaque_damaged(),
        "lost" => w::v_plaque_lost(),
        "unsuited" => w::v_plaque_unsuited(),
        "ended" => w::v_plaque_ended(),
        _ => return None,
    })
}

fn id_kind_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "id" => w::v_id_kind_id(),
        "officer" => w::v_id_kind_officer(),
        "soldier" => w::v_id_kind_soldier(),
        "other" => w::v_id_kind_other(),
        _ => return None,
    })
}

fn nation_word(code: &str) -> Option<&'static str> {
    Some(match code {
        "01" => w::v_nation_01(),
        "02" => w::v_nation_02(),
        "03" => w::v_nation_03(),
        "04" => w::v_nation_04(),
        "05" => w::v_nation_05(),
        "06" => w::v_nation_06(),
        "08" => w::v_nation_08(),
        "11" => w::v_nation_11(),
        "15" => w::v_nation_15(),
        "22" => w::v_nation_22(),
        _ => return None,
    })
}

/// A word in the active language.
type Word = fn() -> &'static str;

/// The words of fields; a table, since it is long.
const FIELDS: &[(&str, Word)] = &[
    ("name", w::f_name),
    ("id_kind", w::f_id_kind),
    ("id_no", w::f_id_no),
    ("sex", w::f_sex),
    ("birth", w::f_birth),
    ("nation", w::f_nation),
    ("political", w::f_political),
    ("edu", w::f_edu),
    ("marriage", w::f_marriage),
    ("domicile_kind", w::f_domicile_kind),
    ("domicile_code", w::f_domicile_code),
    ("domicile_addr", w::f_domicile_addr),
    ("status", w::f_status),
    ("died_on", w::f_died_on),
    ("death_reason", w::f_death_reason),
    ("area", w::f_area),
    ("mobile", w::f_mobile),
    ("phone2", w::f_phone2),
    ("contact_name", w::f_contact_name),
    ("contact_relation", w::f_contact_relation),
    ("contact_phone", w::f_contact_phone),
    ("postcode", w::f_postcode),
    ("live_code", w::f_live_code),
    ("live_addr", w::f_live_addr),
    ("has_house", w::f_has_house),
    ("house_own", w::f_house_own),
    ("house_state", w::f_house_state),
    ("house_type", w::f_house_type),
    ("structure", w::f_structure),
    ("rooms", w::f_rooms),
    ("built", w::f_built),
    ("house_area", w::f_house_area),
    ("area_per_head", w::f_area_per_head),
    ("geo", w::f_geo),
    ("health", w::f_health),
    ("body_state", w::f_body_state),
    ("diseases", w::f_diseases),
    ("work_ability", w::f_work_ability),
    ("self_care", w::f_self_care),
    ("support", w::f_support),
    ("lone_elder", w::f_lone_elder),
    ("orphan", w::f_orphan),
    ("mental_ill", w::f_mental_ill),
    ("medical_scheme", w::f_medical_scheme),
    ("medical_no", w::f_medical_no),
    ("pension_scheme", w::f_pension_scheme),
    ("household_id", w::f_household_id),
    ("head_relation", w::f_head_relation),
    ("family_size", w::f_family_size),
    ("family_minors", w::f_family_minors),
    ("family_elders", w::f_family_elders),
    ("members", w::f_members),
    ("job", w::f_job),
    ("employer", w::f_employer),
    ("employer_kind", w::f_employer_kind),
    ("employer_phone", w::f_employer_phone),
    ("employer_addr", w::f_employer_addr),
    ("income_year", w::f_income_year),
    ("relief_basic", w::f_relief_basic),
    ("relief_destitute", w::f_relief_destitute),
    ("economy", w::f_economy),
    ("life_state", w::f_life_state),
    ("enlisted_on", w::f_enlisted_on),
    ("discharged_on", w::f_discharged_on),
    ("retired_on", w::f_retired_on),
    ("unit", w::f_unit),
    ("unit_code", w::f_unit_code),
    ("duty", w::f_duty),
    ("discharge_cert_no", w::f_discharge_cert_no),
    ("placement", w::f_placement),
    ("merits", w::f_merits),
    ("bank", w::f_bank),
    ("account_name", w::f_account_name),
    ("account_no", w::f_account_no),
    ("plaque", w::f_plaque),
    ("plaque_hung_on", w::f_plaque_hung_on),
    ("pref_card", w::f_pref_card),
    ("certs", w::f_certs),
    ("responsible", w::f_responsible),
    ("is_key", w::f_is_key),
    ("village", w::f_village),
    ("remark", w::f_remark),
    ("category", w::f_category),
    ("cert_no", w::f_cert_no),
    ("state", w::f_state),
    ("approved_on", w::f_approved_on),
    ("from", w::f_from),
    ("to", w::f_to),
    ("grade", w::f_grade),
    ("cause", w::f_cause),
    ("old_class", w::f_old_class),
    ("period", w::f_period),
    ("korea", w::f_korea),
    ("attachment", w::f_attachment),
    ("injured_on", w::f_injured_on),
    ("injured_unit", w::f_injured_unit),
    ("injured_place", w::f_injured_place),
    ("injured_how", w::f_injured_how),
    ("injured_why", w::f_injured_why),
    ("kin_relation", w::f_kin_relation),
    ("cert_holder", w::f_cert_holder),
    ("in_school", w::f_in_school),
    ("disabled", w::f_disabled),
    ("deceased_name", w::f_deceased_name),
    ("deceased_on", w::f_deceased_on),
    ("deceased_place", w::f_deceased_place),
    ("deceased_cause", w::f_deceased_cause),
    ("war_kind", w::f_war_kind),
    ("test_kind", w::f_test_kind),
    ("service_from", w::f_service_from),
    ("service_to", w::f_service_to),
    ("service_years", w::f_service_years),
    ("proof", w::f_proof),
    ("identity_kind", w::f_identity_kind),
    ("payee", w::f_payee),
    ("kind", w::f_kind),
    ("planned_on", w::f_planned_on),
    ("due_on", w::f_due_on),
    ("visitors", w::f_visitors),
    ("met", w::f_met),
    ("place", w::f_place),
    ("result", w::f_result),
    ("next_due", w::f_next_due),
    ("answers", w::f_answers),
    ("reviews", w::f_reviews),
    ("urgency", w::f_urgency),
    ("reason", w::f_reason),
];

fn field_word(name: &str) -> Option<&'static str> {
    FIELDS.iter().find(|(field, _)| *field == name).map(|(_, word)| word())
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
        assert_eq!(value("shoe_size", &json!("42")), "42");
        assert_eq!(field("mobile"), "手机");
        assert_eq!(field("shoe_size"), "shoe_size");
    }

    #[test]
    fn every_category_has_a_word() {
        for one in domain::category::Category::all() {
            assert_eq!(category_word(one.code()), Some(one.label()), "{}", one.code());
        }
    }

    #[test]
    fn every_field_of_a_file_has_a_word() {
        for one in ["recipient"].into_iter().filter_map(domain::kinds::kind).flat_map(|kind| kind.fields) {
            assert!(field_word(one.name).is_some(), "{}", one.name);
        }
    }
}
