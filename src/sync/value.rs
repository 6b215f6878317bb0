//! JSON values as the merge compares them.

use serde_json::Value;

/// The compact JSON text of a value with its keys in code point order, whatever order they came in.
pub fn compact(value: &Value) -> String {
    let mut text = String::new();
    write_compact(value, &mut text);
    text
}

fn write_compact(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    text.push(',');
                }
                write_compact(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (i, (name, member)) in sorted.into_iter().enumerate() {
                if i > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write_compact(member, text);
            }
            text.push('}');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

/// A set as it is stored and compared: each item once, sorted by compact JSON text in code points.
pub fn sorted_set(mut items: Vec<Value>) -> Vec<Value> {
    items.sort_by_cached_key(compact);
    items.dedup_by(|a, b| compact(a) == compact(b));
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn compact_text_sorts_keys_at_every_depth() {
        let value = json!({"b": [1, {"z": null, "a": "水\n"}], "a": true});
        assert_eq!(compact(&value), r#"{"a":true,"b":[1,{"a":"水\n","z":null}]}"#);
    }

    #[test]
    fn a_set_is_sorted_by_text_and_not_by_number_and_holds_each_item_once() {
        let sorted = sorted_set(vec![json!(2), json!("b"), json!(10), json!("a"), json!(2), json!({"a": 1})]);
        assert_eq!(sorted, vec![json!("a"), json!("b"), json!(10), json!(2), json!({"a": 1})]);
    }

    #[test]
    fn a_set_is_sorted_in_code_points_and_not_in_utf16() {
        let sorted = sorted_set(vec![json!("\u{1F600}"), json!("\u{FF5E}")]);
        assert_eq!(sorted, vec![json!("\u{FF5E}"), json!("\u{1F600}")]);
    }
}
