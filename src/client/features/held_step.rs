//! Why the office kept a save that a rule of the work forbids: a step of a need, or a visit that is not cancelled any more.

use crate::locale::words::attention as w;
use serde_json::Value;

/// By the ops of the save.
pub(crate) fn of_ops(ops: &Value) -> &'static str {
    let cancels = |op: &Value| op["f"] == "cancelled";
    if ops.as_array().is_some_and(|ops| ops.iter().any(cancels)) { w::why_accepted() } else { w::why_step() }
}

/// By what was saved: no visit takes a step of a need with it.
pub(crate) fn of_kind(kind: &str) -> &'static str {
    if kind == "visit" { w::why_accepted() } else { w::why_step() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_visit_that_was_accepted_is_told_from_a_step_of_a_need() {
        let ops = |f: &str| json!([{"op": "set", "e": "x", "f": f, "v": "走错"}]);
        assert_eq!(of_ops(&ops("cancelled")), w::why_accepted());
        assert_eq!(of_ops(&ops("state")), w::why_step());
        assert_eq!([of_kind("visit"), of_kind("need")], [w::why_accepted(), w::why_step()]);
    }
}
