//! The words of the report. It is handed over on paper, in Chinese, whatever the screen speaks; fields are called as the app calls them.

use domain::{access::Role, checklist::Question, options};
use serde_json::{Map, Value};
use std::sync::LazyLock;

use crate::db::Outcome;

/// The app's own catalog, so that paper and screen call a field alike.
static LABELS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let text = include_str!("../../client/locales/zh-CN/labels.json");
    serde_json::from_str(text).expect("the catalog is compiled into the app too, which would not build")
});

/// The words of help.
static HELP: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let text = include_str!("../../client/locales/zh-CN/needs.json");
    serde_json::from_str(text).expect("the catalog is compiled into the app too, which would not build")
});

/// A field's name; its code where there is none.
pub(crate) fn field_word(field: &str) -> String {
    let own = match field {
        "notice_version" => Some("告知书版本"),
        "guardian_consent" => Some("监护人同意"),
        "started_at" => Some("开始时间"),
        "ended_at" => Some("离开时间"),
        "completed_at" => Some("完成时间"),
        "template" => Some("表格"),
        "template_version" => Some("表格版本"),
        "visitors" => Some("走访人"),
        "answers" => Some("回答"),
        "reviews" => Some("镇里的意见"),
        "evidence" => Some("依据的走访"),
        "found_by" => Some("怎么发现的"),
        "kind" => Some("种类"),
        "what" => Some("内容"),
        "asked_by" => Some("谁提出"),
        "asker" => Some("提出人"),
        "relation" => Some("与本人关系"),
        "asked_on" => Some("提出日期"),
        "state" => Some("状态"),
        "decision" => Some("答复"),
        "decided_on" => Some("答复日期"),
        "decided_by" => Some("登记的办理人"),
        "steps" => Some("经过"),
        "told_on" => Some("告知本人日期"),
        "verified_by" => Some("核查的走访"),
        "notice_until" => Some("公示到"),
        "follow_up_on" => Some("计划回访日期"),
        "follow_up" => Some("帮扶后回访"),
        "provider" => Some("谁出"),
        "result" => Some("办的结果"),
        _ => None,
    };
    let label = LABELS.get(&format!("f_{field}")).and_then(Value::as_str);
    own.or(label).unwrap_or(field).to_owned()
}

/// A value as a person reads it.
pub(super) fn value_word(field: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "是".to_owned(),
        Value::Bool(false) => "否".to_owned(),
        Value::Number(number) if field.ends_with("_at") => {
            number.as_i64().map(crate::day_text::minute_of_ms).unwrap_or_default()
        }
        Value::Number(number) if field == "amount" => number.as_i64().map(yuan).unwrap_or_default(),
        Value::Number(number) => number.to_string(),
        Value::String(code) => word_of(field, code),
        Value::Array(items) => items
            .iter()
            .map(|item| value_word(field, item))
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join("、"),
        Value::Object(parts) if field == "reviews" => {
            let said = &parts.get("v").cloned().unwrap_or_default();
            let word = if said["verdict"] == "accepted" { "通过" } else { "退回" };
            format!("{word} {}", said["word"].as_str().unwrap_or_default()).trim().to_owned()
        }
        Value::Object(parts) if field == "steps" => {
            let said = &parts.get("v").cloned().unwrap_or_default();
            let word = word_of("state", said["to"].as_str().unwrap_or_default());
            format!("{word} {}", said["reason"].as_str().unwrap_or_default()).trim().to_owned()
        }
        Value::Object(parts) => match parts.get("show").and_then(Value::as_str) {
            Some(shown) => shown.to_owned(),
            None => parts
                .values()
                .map(|part| value_word("", part))
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
        },
    }
}

fn word_of(field: &str, code: &str) -> String {
    let own = match (field, code) {
        ("kind", "copy") => Some("查阅、复制"),
        ("kind", "correct") => Some("更正"),
        ("kind", "delete") => Some("删除"),
        ("kind", "explain") => Some("要求说明"),
        ("kind", "followup") => Some("回访"),
        ("kind", "verify") => Some("核查"),
        ("asked_by", "self") => Some("本人"),
        ("asked_by", "kin") => Some("近亲属"),
        ("state", "granted") => Some("同意"),
        ("state", "refused") => Some("不同意"),
        _ => None,
    };
    if let Some(word) = own {
        return word.to_owned();
    }
    if field == "category"
        && let Ok(category) = code.parse::<domain::category::Category>()
    {
        return category.label().to_owned();
    }
    if field == "state" {
        return LABELS
            .get(&format!("s_{code}"))
            .and_then(Value::as_str)
            .map_or_else(|| option(field, code), str::to_owned);
    }
    if field == "kind" && code.starts_with("N-") {
        return crate::ledger::LedgerWords::need(code).to_owned();
    }
    help_word(field, code)
}

/// What a measure is, and who provides it; of other fields what a file calls the value.
pub(crate) fn help_word(field: &str, code: &str) -> String {
    let of_help = match field {
        "kind" => HELP.get(&format!("m_{code}")),
        "provider" => HELP.get(&format!("by_{code}")),
        _ => None,
    };
    of_help.and_then(Value::as_str).map_or_else(|| option(field, code), str::to_owned)
}

fn option(field: &str, code: &str) -> String {
    let label = LABELS.get(&format!("v_{field}_{code}")).and_then(Value::as_str);
    label.or_else(|| options::label(field, code)).unwrap_or(code).to_owned()
}

/// Fen as yuan.
pub(super) fn yuan(fen: i64) -> String {
    domain::money::Money::from_fen(fen).to_string()
}

/// An answer as the form words it; a code that the form does not know stays as it is.
pub(super) fn answer(question: Option<&Question>, value: &Value) -> String {
    use domain::checklist::QuestionKind;
    match (question.map(|question| question.kind), value) {
        (Some(QuestionKind::Photo | QuestionKind::Signature), Value::Array(photos)) => {
            format!("{} 张", photos.len())
        }
        (Some(QuestionKind::Money), Value::Number(fen)) => fen.as_i64().map(yuan).unwrap_or_default(),
        (_, Value::String(code)) => {
            question.and_then(|question| question.choice(code)).map_or(code, |choice| &choice.text.zh).clone()
        }
        (_, Value::Array(items)) => {
            items.iter().map(|item| answer(question, item)).collect::<Vec<_>>().join("、")
        }
        (_, other) => value_word("", other),
    }
}

/// What a record is called.
pub(super) fn kind(kind: &str) -> &str {
    match kind {
        "entitlement" => "优待身份",
        "need" => "困难",
        "measure" => "帮扶措施",
        "task" => "待办",
        "rights_request" => "申请",
        "attachment" | "paper" => "附件",
        other => other,
    }
}

/// What somebody did.
pub(super) fn change(word: &str, outcome: Outcome) -> &'static str {
    match (outcome, word) {
        (Outcome::Proposed, _) => "提出修改",
        (Outcome::Clashed, _) => "与别人同时改",
        (_, "create") => "建档",
        (_, "begin") => "建档时填写",
        (_, "add") => "增加",
        (_, "remove") => "去掉",
        (_, "move") => "转到",
        (_, "delete") => "删除",
        (_, "undelete") => "恢复",
        (_, "merge") => "合并",
        (_, "unmerge") => "撤销合并",
        (_, "unmask") => "查看完整号码",
        _ => "修改",
    }
}

/// What an account is.
pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::VillageWorker => "村（社区）走访人员",
        Role::TownshipClerk => "乡镇经办人员",
        Role::TownshipLead => "乡镇负责人",
        Role::CountyClerk => "县经办人员",
        Role::CountyLead => "县负责人",
        Role::UnitContact => "单位联系人",
        Role::Auditor => "审计人员",
        Role::Admin => "系统管理员",
    }
}
