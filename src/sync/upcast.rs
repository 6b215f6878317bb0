//! Changesets of older schemas, brought to the present one before they are judged.

use crate::wire::SCHEMA;
use serde_json::Value;

/// So many schemas before the present one are understood.
const BEHIND_MAX: u32 = 3;
/// The oldest schema that is accepted: three before the present one, if there are that many.
pub const SCHEMA_MIN: u32 = oldest(SCHEMA);

/// Brings ops of one schema to the next. What it does not know it leaves as it is.
type Step = fn(Value) -> Value;

/// The first step leads from schema 1 to 2. There is one schema so far; another needs its step here before it compiles.
const STEPS: [Step; SCHEMA as usize - 1] = [];

/// The schema is older or newer than this server understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("schema is not understood here")]
pub struct UnknownSchema;

/// Brings the ops of a changeset from `schema` to the present one.
///
/// # Errors
/// When the schema is outside `SCHEMA_MIN..=SCHEMA`.
pub fn upcast(schema: u64, ops: Value) -> Result<Value, UnknownSchema> {
    climb(&STEPS, SCHEMA, schema, ops)
}

const fn oldest(newest: u32) -> u32 {
    if newest > BEHIND_MAX { newest - BEHIND_MAX } else { 1 }
}

fn climb(steps: &[Step], newest: u32, schema: u64, ops: Value) -> Result<Value, UnknownSchema> {
    let known = u32::try_from(schema).ok().filter(|schema| (oldest(newest)..=newest).contains(schema));
    let passed = known.ok_or(UnknownSchema)? - 1;
    Ok(steps.iter().skip(passed as usize).fold(ops, |ops, step| step(ops)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn schemas_from_three_before_to_the_present_are_understood() {
        for (schema, is_known) in [
            (0, false),
            (u64::from(SCHEMA_MIN), true),
            (u64::from(SCHEMA), true),
            (u64::from(SCHEMA) + 1, false),
        ] {
            assert_eq!(upcast(schema, Value::Null).is_ok(), is_known, "{schema}");
        }
    }

    /// Each op on its own.
    fn each(mut ops: Value, step: impl Fn(&mut serde_json::Map<String, Value>)) -> Value {
        ops.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut).for_each(step);
        ops
    }

    /// Five schemas that never were: a field is renamed, a word is given another meaning, a number becomes text, a member is added.
    const PLANTED: [Step; 4] = [
        |ops| {
            each(ops, |op| {
                if op.get("f") == Some(&json!("phone")) {
                    op.insert("f".to_owned(), json!("mobile"));
                }
            })
        },
        |ops| {
            each(ops, |op| {
                if op.get("op") == Some(&json!("write")) {
                    op.insert("op".to_owned(), json!("set"));
                }
            })
        },
        |ops| {
            each(ops, |op| {
                if let Some(number) = op.get("v").and_then(Value::as_i64) {
                    op.insert("v".to_owned(), json!(number.to_string()));
                }
            })
        },
        |ops| {
            each(ops, |op| {
                op.entry("base").or_insert_with(|| json!({"fv": "0.0"}));
            })
        },
    ];

    #[test]
    fn i22_ops_of_three_schemas_before_become_those_of_the_present_one() {
        let present = json!([{"op": "set", "f": "mobile", "v": "7", "base": {"fv": "0.0"}, "x": {"b": 1, "a": [null]}}]);
        let sent = [
            json!([{"op": "write", "f": "phone", "v": 7, "x": {"b": 1, "a": [null]}}]),
            json!([{"op": "write", "f": "mobile", "v": 7, "x": {"b": 1, "a": [null]}}]),
            json!([{"op": "set", "f": "mobile", "v": 7, "x": {"b": 1, "a": [null]}}]),
            json!([{"op": "set", "f": "mobile", "v": "7", "x": {"b": 1, "a": [null]}}]),
            present.clone(),
        ];
        for (ops, schema) in sent.into_iter().zip(1..) {
            let expected = if schema == 1 { Err(UnknownSchema) } else { Ok(present.clone()) };
            assert_eq!(climb(&PLANTED, 5, schema, ops), expected, "{schema} of 5");
        }
        assert_eq!(climb(&PLANTED, 5, 6, present), Err(UnknownSchema));
    }

    #[test]
    fn i22_while_there_are_few_schemas_each_of_them_is_understood() {
        let first = json!([{"op": "write", "f": "phone", "v": 7}]);
        for (newest, expected) in [
            (1, json!([{"op": "write", "f": "phone", "v": 7}])),
            (2, json!([{"op": "write", "f": "mobile", "v": 7}])),
            (4, json!([{"op": "set", "f": "mobile", "v": "7"}])),
        ] {
            let steps = &PLANTED[..newest as usize - 1];
            assert_eq!(climb(steps, newest, 1, first.clone()), Ok(expected), "1 of {newest}");
        }
    }
}
