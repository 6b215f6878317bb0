//! An entry of the chain in words.

use super::state::Line;
use crate::{
    features::{labels, ledger::ledger_title},
    locale::words::audit as w,
};
use serde_json::Value;

/// Letters of an id that are shown.
const ID_TAIL: usize = 8;

/// What was done.
pub(super) fn action(action: &str) -> String {
    let known = match action {
        "login" => w::a_login(),
        "login_wrong" => w::a_login_wrong(),
        "logout" => w::a_logout(),
        "logout_elsewhere" => w::a_logout_elsewhere(),
        "enrol" => w::a_enrol(),
        "enrol_wrong" => w::a_enrol_wrong(),
        "grant_again" => w::a_grant_again(),
        "password_change" => w::a_password_change(),
        "password_given" => w::a_password_given(),
        "factor_begin" => w::a_factor_begin(),
        "factor_set" => w::a_factor_set(),
        "factor_recovery" => w::a_factor_recovery(),
        "factor_forget" => w::a_factor_forget(),
        "op" => w::a_op(),
        "view" => w::a_view(),
        "view_paper" => w::a_view_paper(),
        "history" => w::a_history(),
        "purged" => w::a_purged(),
        "unmask" => w::a_unmask(),
        "person_report" => w::a_person_report(),
        "import_preview" => w::a_import_preview(),
        "import_commit" => w::a_import_commit(),
        "import_undo" => w::a_import_undo(),
        "list" => w::a_list(),
        "list_print" => w::a_list_print(),
        "list_copy" => w::a_list_copy(),
        "export" => w::a_export(),
        "export_asked" => w::a_export_asked(),
        "export_approved" => w::a_export_approved(),
        "export_refused" => w::a_export_refused(),
        "export_used" => w::a_export_used(),
        "publication" => w::a_publication(),
        "publication_read" => w::a_publication_read(),
        "publication_withdrawn" => w::a_publication_withdrawn(),
        "device_code" => w::a_device_code(),
        "device_kind" => w::a_device_kind(),
        "device_set" => w::a_device_set(),
        "incident" => w::a_incident(),
        "incident_settled" => w::a_incident_settled(),
        "diverged" => w::a_diverged(),
        "witness_differs" => w::a_witness_differs(),
        "rescue_import" => w::a_rescue_import(),
        "set_up" => w::a_set_up(),
        "account_add" => w::a_account_add(),
        "account_change" => w::a_account_change(),
        "account_end" => w::a_account_end(),
        "account_resume" => w::a_account_resume(),
        "deputy_add" => w::a_deputy_add(),
        "deputy_begins" => w::a_deputy_begins(),
        "deputy_end" => w::a_deputy_end(),
        "deputy_ends" => w::a_deputy_ends(),
        "area_add" => w::a_area_add(),
        "area_rename" => w::a_area_rename(),
        "area_merge" => w::a_area_merge(),
        "handover" => w::a_handover(),
        other => return rule(other).map_or_else(|| w::other(other), str::to_owned),
    };
    known.to_owned()
}

/// What was done about the rules and the office itself. A newer server writes down more than this app knows.
fn rule(action: &str) -> Option<&'static str> {
    Some(match action {
        "settings" => w::a_settings(),
        "keeping" => w::a_keeping(),
        "notice_written" => w::a_notice_written(),
        "notice_approved" => w::a_notice_approved(),
        "standard_entered" => w::a_standard_entered(),
        "standard_published" => w::a_standard_published(),
        "standard_discarded" => w::a_standard_discarded(),
        "checklist_publish" => w::a_checklist_publish(),
        "retention" => w::a_retention(),
        "erased" => w::a_erased(),
        "restore" => w::a_restore(),
        "key_exchange" => w::a_key_exchange(),
        "key_forgotten" => w::a_key_forgotten(),
        _ => return None,
    })
}

/// A sort of entries.
pub(super) fn sort(sort: &str) -> &'static str {
    match sort {
        "logins" => w::s_logins(),
        "files" => w::s_files(),
        "numbers" => w::s_numbers(),
        "lists" => w::s_lists(),
        "devices" => w::s_devices(),
        "people" => w::s_people(),
        _ => w::s_rules(),
    }
}

/// Whom and what it was about, how much, and why.
pub(super) fn about(line: &Line) -> String {
    let detail = &line.detail;
    let text = |name: &str| detail[name].as_str().filter(|text| !text.is_empty());
    // An entry of a change names its author once more.
    let others: Vec<&str> = line.named.iter().map(String::as_str).filter(|name| *name != line.who).collect();
    let named = (!others.is_empty()).then(|| others.join(labels::between()));
    let step = match text("op") {
        Some("create") => Some(w::op_create().to_owned()),
        Some("delete") => Some(w::op_delete().to_owned()),
        Some("merge") => Some(w::op_merge().to_owned()),
        Some("unmerge") => Some(w::op_unmerge().to_owned()),
        Some("decide") => Some(w::op_decide().to_owned()),
        _ => None,
    };
    let outcome = match text("st") {
        Some("held") => Some(w::held().to_owned()),
        Some("rejected") => Some(w::rejected().to_owned()),
        _ => None,
    };
    let parts = [
        named,
        factors(&detail["by"]),
        step,
        text("e").map(|id| w::record(tail(id))),
        text("f").map(labels::field),
        text("file").map(str::to_owned),
        text("version").map(str::to_owned),
        detail["files"].as_array().map(|files| w::files(files.len())),
        text("ledger").map(|word| ledger_title(word).to_owned()),
        count(&detail["lines"]).or(count(&detail["rows"])).map(w::lines),
        count(&detail["failed"]).map(w::failed_times),
        (detail["full"] == Value::Bool(true)).then(|| w::full().to_owned()),
        outcome,
        text("reason").map(w::because),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(w::between())
}

/// What a login rested on; entries of before do not say it.
fn factors(by: &Value) -> Option<String> {
    let factor = |word: &Value| match word.as_str().unwrap_or_default() {
        "password" => w::by_password(),
        "one_time_password" => w::by_one_time_password(),
        "grant" => w::by_grant(),
        "totp" => w::by_totp(),
        "recovery_code" => w::by_recovery_code(),
        "command_line" => w::by_command_line(),
        _ => w::by_other(),
    };
    let by: Vec<&str> = by.as_array()?.iter().map(factor).collect();
    (!by.is_empty()).then(|| w::login_by(by.join(labels::between())))
}

/// Ids begin with the time: those of one list differ at their ends.
fn tail(id: &str) -> &str {
    id.len().checked_sub(ID_TAIL).and_then(|from| id.get(from..)).unwrap_or(id)
}

fn count(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|n| usize::try_from(n).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(detail: Value, named: &[&str]) -> Line {
        Line {
            n: 1,
            at: 0,
            action: "unmask".to_owned(),
            detail,
            hash: String::new(),
            who: String::new(),
            named: named.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn an_entry_says_whom_what_and_why() {
        let shown = json!({"e": "0192f0c1-aaaa-7000-8000-000000000001", "f": "id_no", "reason": "核对证件"});
        assert_eq!(about(&line(shown, &[])), "档案 00000001，身份证号，原因：核对证件");
        assert_eq!(
            about(&line(json!({"user": "x", "state": "revoked"}), &["王芳", "红旗村"])),
            "王芳、红旗村"
        );
        assert_eq!(about(&line(json!({"failed": 3}), &[])), "连续错 3 次");
        let printed = json!({"ledger": "help", "area": "x", "rows": 40});
        assert_eq!(about(&line(printed, &["红旗村"])), "红旗村，困难帮扶台账，40 行");
        assert_eq!(about(&line(json!({"ledger": "of a newer server"}), &[])), "of a newer server");
        let made = line(json!({"op": "create", "e": "0192f0c1-aaaa-7000-8000-0000000000ab"}), &["clerk"]);
        assert_eq!(about(&Line { who: "clerk".to_owned(), ..made }), "新建，档案 000000ab");
        assert_eq!(about(&line(json!({}), &[])), "");
    }

    #[test]
    fn a_login_says_what_it_rested_on() {
        let login = |by: Value| about(&line(json!({"shared": true, "by": by}), &[]));
        assert_eq!(login(json!(["password", "totp"])), "凭密码、动态验证码");
        assert_eq!(login(json!(["password", "grant"])), "凭密码、启用过的设备");
        assert_eq!(login(json!(["one_time_password", "moon"])), "凭一次性密码、别的办法");
        assert_eq!(login(json!("command line")), "", "of another entry");
        assert_eq!(about(&line(json!({"shared": true}), &[])), "", "of before");
    }

    #[test]
    fn what_a_newer_server_did_is_named_as_it_names_it() {
        assert_eq!(action("key_rotate_twice"), "其他（key_rotate_twice）");
    }
}
