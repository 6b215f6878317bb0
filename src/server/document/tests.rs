use serde_json::Value;

use super::document;
use crate::rights::Operation;

fn as_json() -> Value {
    serde_json::to_value(document()).unwrap()
}

#[test]
fn the_document_has_the_routes_of_the_table_and_no_other() {
    let mut documented = Vec::new();
    for (path, item) in as_json()["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().keys();
        documented.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    documented.sort();
    let line = |operation: &Operation| {
        let declared = operation.declared();
        format!("{} {}", declared.method, declared.path)
    };
    let mut declared: Vec<String> = Operation::ALL.iter().map(line).collect();
    declared.sort();
    assert_eq!(documented, declared);
}

/// A name that nothing explains would make a reader of the document stop.
#[test]
fn every_shape_that_is_named_is_explained() {
    let document = as_json();
    let text = document.to_string();
    let named = text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
    for name in named {
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
}
