//! Equality and order of values.

use super::Value;
use std::cmp::Ordering;

/// Whether a comparison holds; of lists, for one pair.
pub(super) fn any(left: &Value, right: &Value, holds: &dyn Fn(&Value, &Value) -> bool) -> bool {
    match (left, right) {
        (Value::List(items), other) => items.iter().any(|item| any(item, other, holds)),
        (one, Value::List(items)) => items.iter().any(|item| holds(one, item)),
        _ => holds(left, right),
    }
}

/// `=` of two that are no lists. An empty value is the empty text, and equals nothing but that.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Empty, Value::Empty) => true,
        (Value::Empty, Value::Text(text)) | (Value::Text(text), Value::Empty) => text.is_empty(),
        (Value::Empty, _) | (_, Value::Empty) => false,
        (Value::Bool(truth), other) | (other, Value::Bool(truth)) => *truth == other.is_true(),
        (Value::Number(_), _) | (_, Value::Number(_)) => order(left, right) == Some(Ordering::Equal),
        (Value::Day(day), other) | (other, Value::Day(day)) => other.as_day() == Some(*day),
        _ => left.to_text() == right.to_text(),
    }
}

/// `<` and its like; `None` when the two cannot be ordered.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    let of_days = matches!(left, Value::Day(_)) || matches!(right, Value::Day(_));
    if of_days && let (Some(left), Some(right)) = (left.as_day(), right.as_day()) {
        return Some(left.cmp(&right));
    }
    left.as_number()?.partial_cmp(&right.as_number()?)
}
