//! What waits for a person, as sentences: reasons and contents of saves that the office keeps aside.

use crate::{
    features::{dues, held_step, labels, people},
    locale::words::{attention as w, review},
};
use domain::visit::VisitKind;
use serde_json::Value;
use sync::wire::Why;

/// Why a save was kept aside.
pub(super) fn why(why: &Why, ops: &Value) -> String {
    let known = match why {
        Why::Missing => w::why_missing(),
        Why::Deleted => w::why_deleted(),
        Why::Exists => w::why_exists(),
        Why::MergedAway => w::why_merged_away(),
        Why::OutOfScope => w::why_out_of_scope(),
        Why::Readonly => w::why_readonly(),
        Why::Right => w::why_right(),
        Why::Changed => w::why_changed(),
        Why::Stale => w::why_stale(),
        Why::Step => held_step::of_ops(ops),
        Why::Draft => w::why_draft(),
        Why::Revoked => w::why_revoked(),
        other => return w::why_other(other),
    };
    known.to_owned()
}

/// The ops of a save, a sentence each.
pub(super) fn contents(ops: &Value) -> Vec<String> {
    ops.as_array().map(|ops| ops.iter().flat_map(sentences).collect()).unwrap_or_default()
}

fn sentences(op: &Value) -> Vec<String> {
    let text = |name: &str| op.get(name).and_then(Value::as_str).unwrap_or_default();
    let field = labels::field(text("f"));
    let value = |name: &str| labels::value(text("f"), op.get(name).unwrap_or(&Value::Null));
    vec![match text("op") {
        "create" => return created(op),
        "set" | "sealed" => w::op_set(field, value("v")),
        "add" => w::op_add(field, value("item")),
        "remove" => w::op_remove(field, value("item")),
        "append" => w::op_append(field),
        "attach" => w::op_attach().to_owned(),
        "detach" => w::op_detach().to_owned(),
        "move" => w::op_move().to_owned(),
        "delete" => w::op_delete(text("reason")),
        "merge" => w::op_merge(text("reason")),
        "unmerge" => w::op_unmerge(text("reason")),
        other => w::op_other(other),
    }]
}

/// What is in a new record for the program, and the many answers of a visit.
const UNSAID: [&str; 10] = [
    "answers",
    "template",
    "template_version",
    "started_at",
    "ended_at",
    "completed_at",
    "notice_version",
    "found_by",
    "rule",
    "state",
];

/// A new record: what it is, then its fields as far as they tell a person something.
fn created(op: &Value) -> Vec<String> {
    let kind = op.get("type").and_then(Value::as_str).unwrap_or_default();
    let word = match kind {
        "recipient" => w::kind_recipient(),
        "entitlement" => w::kind_entitlement(),
        "visit" => w::kind_visit(),
        "need" => w::kind_need(),
        "task" => w::kind_task(),
        "sponsor" => w::kind_sponsor(),
        "pledge" => w::kind_pledge(),
        "donation" => w::kind_donation(),
        _ => w::kind_other(),
    };
    let mut lines = vec![w::op_create(word)];
    let fields = op.get("f").and_then(Value::as_object);
    for (name, value) in fields.into_iter().flatten().filter(|(name, _)| !UNSAID.contains(&name.as_str())) {
        lines.push(w::op_set(labels::field(name), told(kind, name, value)));
    }
    lines
}

/// A value of a new record in words; what its kind is has words for each kind of record, and people are named.
fn told(kind: &str, field: &str, value: &Value) -> String {
    match (kind, field, value) {
        ("visit", "kind", Value::String(word)) => {
            VisitKind::from_word(word).map_or_else(|| word.clone(), |kind| dues::kind(kind).to_owned())
        }
        ("task", "kind", Value::String(code)) => labels::task_kind(code),
        ("need", "kind", Value::String(code)) => labels::need_kind(code),
        (_, "visitors", Value::Array(people)) => people
            .iter()
            .filter_map(Value::as_str)
            .map(people::name)
            .collect::<Vec<_>>()
            .join(review::between()),
        _ => labels::value(field, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_save_kept_aside_says_what_it_holds() {
        let ops = json!([
            {"op": "set", "e": "x", "f": "mobile", "v": "13900001234", "base": {"fv": "0.0"}},
            {"op": "create", "e": "y", "type": "visit", "area": "z", "f": {
                "answers": {"A01": "入户"}, "place": "入户", "kind": "follow_up", "template": "FOLLOWUP", "completed_at": 1}},
            {"op": "create", "e": "t", "type": "task", "area": "z", "f": {"kind": "D1", "state": "open", "rule": "D1"}},
            {"op": "attach", "e": "y", "blob": "00", "kind": "photo", "bytes": 1},
            {"op": "teleport"}
        ]);
        assert_eq!(
            contents(&ops),
            [
                "手机：13900001234",
                "新建走访",
                "种类：定期回访",
                "方式：入户",
                "新建任务",
                "种类：去世登记",
                "附上照片或签名",
                "teleport"
            ]
        );
    }

    #[test]
    fn a_reason_of_a_newer_office_is_shown_as_it_came() {
        assert_eq!(why(&Why::OutOfScope, &Value::Null), "不在他负责的村");
        assert!(why(&Why::Other("eclipse".to_owned()), &Value::Null).contains("eclipse"));
    }
}
