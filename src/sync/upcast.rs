//! Changesets of older schemas, brought to the present one before they are judged.

use crate::wire::SCHEMA;
use serde_json::Value;

/// The oldest schema that is accepted: three before the present one, if there are that many.
pub const SCHEMA_MIN: u32 = if SCHEMA > 3 { SCHEMA - 3 } else { 1 };

/// The schema is older or newer than this server understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("schema is not understood here")]
pub struct UnknownSchema;

/// Brings the ops of a changeset from `schema` to the present one. There is one schema so far: nothing changes.
///
/// # Errors
/// When the schema is outside `SCHEMA_MIN..=SCHEMA`.
pub fn upcast(schema: u64, ops: Value) -> Result<Value, UnknownSchema> {
    if (u64::from(SCHEMA_MIN)..=u64::from(SCHEMA)).contains(&schema) { Ok(ops) } else { Err(UnknownSchema) }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
