//! What waits for a person, as sentences: reasons and contents of saves that the office keeps aside.

use crate::{
    features::{held_step, labels},
    locale::words::attention as w,
};
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

/// A new record: what it is, then its fields but for the many answers of a visit.
fn created(op: &Value) -> Vec<String> {
    let kind = match op.get("type").and_then(Value::as_str).unwrap_or_default() {
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
    let mut lines = vec![w::op_create(kind)];
    let fields = op.get("f").and_then(Value::as_object);
    for (name, value) in fields.into_iter().flatten().filter(|(name, _)| *name != "answers") {
        lines.push(w::op_set(labels::field(name), labels::value(name, value)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_save_kept_aside_says_what_it_holds() {
        let ops = json!([
            {"op": "set", "e": "x", "f": "mobile", "v": "13900001234", "base": {"fv": "0.0"}},
            {"op": "create", "e": "y", "type": "visit", "area": "z", "f": {"answers": {"A01": "入户"}, "place": "入户"}},
            {"op": "attach", "e": "y", "blob": "00", "kind": "photo", "bytes": 1},
            {"op": "teleport"}
        ]);
        assert_eq!(
            contents(&ops),
            ["手机:13900001234", "新建走访", "方式:入户", "附上照片或签名", "teleport"]
        );
    }

    #[test]
    fn a_reason_of_a_newer_office_is_shown_as_it_came() {
        assert_eq!(why(&Why::OutOfScope, &Value::Null), "不在他负责的村");
        assert!(why(&Why::Other("eclipse".to_owned()), &Value::Null).contains("eclipse"));
    }
}
