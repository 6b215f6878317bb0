//! 取消: what the office has accepted no write of a village takes back, whatever build sent it.

use crate::kinds::{Fields, Guard, Turn};
use serde_json::Value;

/// The server's door before `visit.cancelled`.
pub const fn guard() -> Guard {
    Guard { field: "cancelled", names: &[], siblings: "", allows }
}

/// Whether the turn may stand: of a visit that was accepted and not completed anew since, only an office that is asked lets it be cancelled.
fn allows(turn: &Turn<'_>) -> bool {
    let is_cancelled =
        |fields: &dyn Fields| fields.field("cancelled").is_some_and(|reason| !reason.is_null());
    turn.is_decided || !is_cancelled(turn.after) || !is_accepted(turn.after)
}

/// Whether the office's last word on the last completion is that it is good.
fn is_accepted(visit: &dyn Fields) -> bool {
    let Some(completed_at) = visit.field("completed_at").and_then(Value::as_i64) else { return false };
    let reviews = visit.field("reviews").and_then(Value::as_array).into_iter().flatten();
    let said = reviews.filter_map(|review| Some((review["t"].as_i64()?, review["id"].as_str()?, review)));
    let last = said.max_by_key(|(at, id, _)| (*at, *id));
    last.is_some_and(|(at, _, review)| at >= completed_at && review["v"]["verdict"] == "accepted")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::Role, day::Day, kinds};
    use serde_json::{Map, json};
    use uuid::Uuid;

    fn check(visit: Value, is_decided: bool, is_allowed: bool) {
        let fields: &Map<String, Value> = visit.as_object().expect("fields");
        for role in Role::ALL {
            let turn = Turn {
                id: Uuid::nil(),
                role,
                day: "2026-11-27".parse::<Day>().expect("a day"),
                is_decided,
                before: None,
                after: fields,
                named: Vec::new(),
                siblings: Vec::new(),
            };
            assert_eq!((guard().allows)(&turn), is_allowed, "{role:?} {visit}");
        }
    }

    #[test]
    fn what_was_accepted_is_not_cancelled() {
        let review =
            |verdict: &str, t: i64| json!({"id": "1", "t": t, "author": "a", "v": {"verdict": verdict}});
        let visit = |reviews: Value, cancelled: Value| json!({"completed_at": 100, "reviews": reviews, "cancelled": cancelled});
        check(visit(json!([review("accepted", 200)]), json!("走错")), false, false);
        check(visit(json!([review("accepted", 100)]), json!("走错")), false, false);
        check(visit(json!([review("returned", 150), review("accepted", 200)]), json!("走错")), false, false);
        check(visit(json!([review("accepted", 150), review("returned", 200)]), json!("走错")), false, true);
        check(visit(json!([review("accepted", 50)]), json!("走错")), false, true);
        check(visit(json!([]), json!("走错")), false, true);
        check(visit(json!([review("accepted", 200)]), json!(null)), false, true);
        check(visit(json!([review("accepted", 200)]), json!("走错")), true, true);
        check(json!({"cancelled": "走错", "reviews": [review("accepted", 200)]}), false, true);
    }

    #[test]
    fn the_door_stands_in_the_table() {
        let visit = kinds::kind("visit").expect("a kind");
        assert_eq!(visit.guard.map(|guard| guard.field), Some("cancelled"));
    }
}
