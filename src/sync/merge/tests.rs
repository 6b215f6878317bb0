//! Laws of the merge, whatever the order in which writes arrive (M1–M7, I9).

use super::{Merge, Write, base_matches, judge, with_item, without_item};
use crate::{
    limits::VALUE_OPS_KEPT,
    record::{FieldState, Origin, Stored},
    rev::Rev,
    value::{compact, sorted_set},
    wire::Base,
};
use domain::kinds::FieldClass;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

/// A write by someone who had seen `seen`, an index into what was written before him, or nothing of it.
#[derive(Clone, Debug)]
struct Attempt {
    value: u8,
    t_eff: i64,
    seen: Option<usize>,
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let attempt = (0..4_u8, 0..50_i64, proptest::option::of(0..8_usize))
        .prop_map(|(value, t_eff, seen)| Attempt { value, t_eff, seen });
    proptest::collection::vec(attempt, 1..12)
}

fn op(i: usize) -> Uuid {
    Uuid::from_u128(i as u128 * 7919 % 1000)
}

/// What stands in the end, and the pairs (stands, set aside) of every conflict.
fn run(class: FieldClass, attempts: &[Attempt]) -> (FieldState, Vec<(Value, Value)>) {
    let mut field: Option<FieldState> = None;
    let mut conflicts = Vec::new();
    for (i, attempt) in attempts.iter().enumerate() {
        let value = Stored::Plain(json!(attempt.value));
        let base = attempt.seen.map_or(Base::Fv(Rev::ZERO), |seen| Base::Op(op(seen)));
        let seen = field.as_ref().is_none_or(|state| base_matches(&base, state.fv, &state.origin.ops));
        let write = Write { value: &value, op: op(i), t_eff: attempt.t_eff, seen };
        let new = FieldState {
            value: value.clone(),
            fv: Rev::new(1, i as u64 + 1),
            origin: Origin { ops: vec![op(i)], t_eff: attempt.t_eff, author: Uuid::nil() },
        };
        match (judge(class, field.as_ref(), &write), &mut field) {
            (Merge::Same, Some(state)) => state.origin.repeat(op(i)),
            (Merge::Conflict { new_stands: true }, Some(state)) => {
                conflicts.push((plain(&new.value), plain(&state.value)));
                *state = new;
            }
            (Merge::Conflict { new_stands: false }, Some(state)) => {
                conflicts.push((plain(&state.value), plain(&new.value)));
            }
            (_, field) => *field = Some(new),
        }
    }
    (field.unwrap(), conflicts)
}

fn plain(value: &Stored) -> Value {
    match value {
        Stored::Plain(value) => value.clone(),
        Stored::Sealed(_) => Value::Null,
    }
}

proptest! {
    /// No value vanishes: it stands, or was written over by someone who had seen it, or lies in a conflict (I9).
    #[test]
    fn every_unseen_value_is_kept(attempts in attempts(), critical in any::<bool>()) {
        let class = if critical { FieldClass::Critical } else { FieldClass::Plain };
        let (state, conflicts) = run(class, &attempts);
        for (i, attempt) in attempts.iter().enumerate() {
            let value = json!(attempt.value);
            let stands = plain(&state.value) == value;
            let kept = conflicts.iter().any(|(a, b)| *a == value || *b == value);
            let seen_by_a_later = attempts[i + 1..].iter().any(|later| {
                later.seen.is_some_and(|seen| attempts.get(seen).is_some_and(|a| a.value == attempt.value))
            });
            prop_assert!(stands || kept || seen_by_a_later, "value {value} of write {i} is gone");
        }
    }

    /// A conflict never repeats one value twice: equal values are no conflict (M3).
    #[test]
    fn a_conflict_holds_two_values(attempts in attempts()) {
        let (_, conflicts) = run(FieldClass::Plain, &attempts);
        prop_assert!(conflicts.iter().all(|(stands, aside)| stands != aside));
    }

    /// Of writes that nobody saw, the latest stands whatever the order of arrival (M5): plain values converge.
    #[test]
    fn unseen_plain_writes_converge(mut attempts in attempts(), seed in any::<u64>()) {
        for (i, attempt) in attempts.iter_mut().enumerate() {
            (attempt.seen, attempt.value) = (None, i as u8);
        }
        let latest = |attempts: &[(usize, Attempt)]| {
            let mut field: Option<FieldState> = None;
            for (i, attempt) in attempts {
                let value = Stored::Plain(json!(attempt.value));
                let write = Write { value: &value, op: op(*i), t_eff: attempt.t_eff, seen: false };
                let merge = judge(FieldClass::Plain, field.as_ref(), &write);
                if matches!(merge, Merge::Apply | Merge::Conflict { new_stands: true }) {
                    let origin = Origin { ops: vec![op(*i)], t_eff: attempt.t_eff, author: Uuid::nil() };
                    field = Some(FieldState { value, fv: Rev::new(1, 1), origin });
                }
            }
            plain(&field.unwrap().value)
        };
        let order: Vec<(usize, Attempt)> = attempts.into_iter().enumerate().collect();
        let mut other = order.clone();
        other.sort_by_key(|(i, _)| (*i as u64 + 1).wrapping_mul(seed | 1));
        prop_assert_eq!(latest(&order), latest(&other));
    }

    /// An own chain never conflicts with itself, acknowledged or not (I9).
    #[test]
    fn an_own_chain_never_conflicts(values in proptest::collection::vec(0..3_u8, 1..20)) {
        let attempts: Vec<Attempt> = values.iter().enumerate()
            .map(|(i, value)| Attempt { value: *value, t_eff: 50 - i as i64, seen: i.checked_sub(1) })
            .collect();
        let (state, conflicts) = run(FieldClass::Critical, &attempts);
        prop_assert!(conflicts.is_empty());
        prop_assert_eq!(plain(&state.value), json!(values.last().unwrap()));
    }

    /// Items go in and out of a set alike in every order, and it stays sorted.
    #[test]
    fn a_set_is_a_set(items in proptest::collection::vec(0..20_i64, 0..20)) {
        let put = |items: &[i64]| items.iter().fold(json!([]), |set, item| with_item(Some(&set), &json!(item)).unwrap_or(set));
        let set = put(&items);
        let mut reversed = items.clone();
        reversed.reverse();
        prop_assert_eq!(&set, &put(&reversed));
        let sorted = sorted_set(set.as_array().unwrap().clone());
        prop_assert_eq!(&set, &json!(sorted));
        for item in &items {
            let without = without_item(Some(&set), &json!(item)).unwrap();
            prop_assert!(!without.as_array().unwrap().contains(&json!(item)));
            prop_assert_eq!(without_item(Some(&without), &json!(item)), None);
        }
    }

    /// Compact text is the same for values that are equal, and reads back as the value.
    #[test]
    fn compact_text_is_faithful(a in any::<i64>(), key in "[a-c]{1,2}", text in ".{0,8}") {
        let value = json!({key: [a, {"y": text, "x": null}], "z": {"b": 1, "a": 2}});
        let read: Value = serde_json::from_str(&compact(&value)).unwrap();
        prop_assert_eq!(compact(&read), compact(&value));
        prop_assert_eq!(read, value);
    }
}

#[test]
fn m1_the_changesets_of_a_value_are_bounded_and_the_first_is_kept() {
    let mut origin = Origin { ops: vec![op(0)], t_eff: 0, author: Uuid::nil() };
    for i in 1..200 {
        origin.repeat(op(i));
        origin.repeat(op(i));
    }
    assert_eq!(origin.ops.len(), VALUE_OPS_KEPT);
    assert_eq!((origin.ops[0], *origin.ops.last().unwrap()), (op(0), op(199)));
}
