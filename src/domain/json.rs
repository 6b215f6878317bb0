//! JSON into types.
//!
//! A derived `Deserialize` is compiled once for every reader that it meets, each time with a second half that reads a struct from a list.
//! The app has this one reader, which takes a struct only from an object: it is a third of what the readers of `serde_json` cost.

use serde::{
    Deserializer,
    de::{self, DeserializeOwned, DeserializeSeed, Visitor},
    forward_to_deserialize_any,
};
use serde_json::{Value, map};
use std::{fmt, vec};

/// The text is no JSON, or not of the shape asked for. What it lacked is not told: nobody on a phone could use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread;

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not of the shape agreed")
    }
}

impl std::error::Error for Unread {}

impl de::Error for Unread {
    fn custom<T: fmt::Display>(_: T) -> Unread {
        Unread
    }

    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Unread {
        Unread
    }

    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Unread {
        Unread
    }

    fn invalid_length(_: usize, _: &dyn de::Expected) -> Unread {
        Unread
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Unread {
        Unread
    }

    fn missing_field(_: &'static str) -> Unread {
        Unread
    }

    fn duplicate_field(_: &'static str) -> Unread {
        Unread
    }
}

/// Reads a type from JSON text.
///
/// # Errors
/// When it is no JSON or of another shape.
pub fn from_slice<T: DeserializeOwned>(text: &[u8]) -> Result<T, Unread> {
    from_value(value(text)?)
}

/// Reads a type from JSON text.
///
/// # Errors
/// When it is no JSON or of another shape.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
    from_slice(text.as_bytes())
}

/// Reads a type from parsed JSON.
///
/// # Errors
/// When it is of another shape.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, Unread> {
    T::deserialize(Reader(value))
}

fn value(text: &[u8]) -> Result<Value, Unread> {
    serde_json::from_slice(text).map_err(|_| Unread)
}

struct Reader(Value);

impl<'de> Deserializer<'de> for Reader {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(n), _) => visitor.visit_u64(n),
                (None, Some(n)) => visitor.visit_i64(n),
                (None, None) => visitor.visit_f64(number.as_f64().ok_or(Unread)?),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Object(members) => {
                visitor.visit_map(Members { rest: members.into_iter(), value: Value::Null })
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            _ => Err(Unread),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::Object(members) => {
                visitor.visit_map(Members { rest: members.into_iter(), value: Value::Null })
            }
            _ => Err(Unread),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(Variant { name, value: Value::Null }),
            Value::Object(members) if members.len() == 1 => {
                let (name, value) = members.into_iter().next().ok_or(Unread)?;
                visitor.visit_enum(Variant { name, value })
            }
            _ => Err(Unread),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Value::String(text) => visitor.visit_string(text),
            _ => Err(Unread),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_bool(self.0.as_bool().ok_or(Unread)?)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple_struct ignored_any
    }
}

struct Items(vec::IntoIter<Value>);

impl<'de> de::SeqAccess<'de> for Items {
    type Error = Unread;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unread> {
        self.0.next().map(|item| seed.deserialize(Reader(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Members {
    rest: map::IntoIter,
    /// Of the key that was read last.
    value: Value,
}

impl<'de> de::MapAccess<'de> for Members {
    type Error = Unread;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unread> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(Reader(Value::String(key))).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unread> {
        seed.deserialize(Reader(self.value.take()))
    }
}

struct Variant {
    name: String,
    value: Value,
}

impl<'de> de::EnumAccess<'de> for Variant {
    type Error = Unread;
    type Variant = Reader;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Reader), Unread> {
        Ok((seed.deserialize(Reader(Value::String(self.name)))?, Reader(self.value)))
    }
}

impl<'de> de::VariantAccess<'de> for Reader {
    type Error = Unread;

    fn unit_variant(self) -> Result<(), Unread> {
        if self.0.is_null() { Ok(()) } else { Err(Unread) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unread> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Plain,
        Named { by: String },
        Wrapped(u8),
        Pair(i64, f64),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Shape {
        kinds: Vec<Kind>,
        place: Option<(u32, i32)>,
        #[serde(default)]
        notes: BTreeMap<String, Value>,
        level: char,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Either {
        Shape(Shape),
        Flag(bool),
    }

    #[test]
    fn it_reads_what_serde_json_reads() {
        let shapes = [
            json!({
                "kinds": ["plain", { "named": { "by": "x" } }, { "wrapped": 3 }, { "pair": [-1, 2.5] }],
                "place": [7, -7],
                "notes": { "a": [1, null, true], "b": "二" },
                "level": "A",
                "later": 1,
            }),
            json!({ "kinds": [], "place": null, "level": "B" }),
            json!({ "kinds": [{ "pair": [1, 2] }], "level": "甲" }),
            json!(true),
        ];
        for shape in shapes {
            let read: Either = from_str(&shape.to_string()).expect("serde_json reads it");
            assert_eq!(read, serde_json::from_value(shape).expect("of the shape"));
        }
    }

    #[test]
    fn another_shape_is_refused() {
        for text in [
            "",
            "{",
            "[]",
            "7",
            "null",
            r#"{"kinds":[],"level":"AB"}"#,
            r#"{"kinds":["other"],"level":"A"}"#,
            r#"{"kinds":[{"plain":1}],"level":"A"}"#,
            r#"{"kinds":[],"level":"A","place":[1]}"#,
            r#"{"kinds":[{"wrapped":300}],"level":"A"}"#,
            r#"{"level":"A"}"#,
        ] {
            assert_eq!(from_str::<Shape>(text), Err(Unread), "{text}");
        }
    }
}
