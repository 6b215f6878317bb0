//! Each ledger out of records, and each as the workbook that goes out.

mod books;
mod changes;
mod counts;
mod coverage;
mod follow_up;
mod help;
mod overview;
mod roster;
mod stipend;

use super::*;
use domain::{day::Day, visit::PlanRules};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// The villages of the tests: 石桥村, and 柳河村 where nobody is.
const VILLAGE: u128 = 900;
const EMPTY_VILLAGE: u128 = 901;

fn source(n: u128, kind: &'static str, parent: Option<u128>, fields: Value) -> Source {
    let Value::Object(fields) = fields else { panic!("fields are an object") };
    Source {
        e: Uuid::from_u128(n),
        kind,
        parent: parent.map(Uuid::from_u128),
        area: Uuid::from_u128(VILLAGE),
        fields: fields.into_iter().map(|(name, value)| (&*name.leak(), value)).collect(),
        dates: Dates::default(),
    }
}

fn recipient(n: u128, fields: Value) -> Source {
    source(n, "recipient", None, fields)
}

fn entitlement(n: u128, parent: u128, fields: Value) -> Source {
    source(n, "entitlement", Some(parent), fields)
}

fn visit(n: u128, parent: u128, fields: Value) -> Source {
    source(n, "visit", Some(parent), fields)
}

fn sources(records: Vec<Source>) -> Sources {
    let place = |n: u128, name: &str| Place { id: Uuid::from_u128(n), name: name.to_owned() };
    Sources {
        places: vec![place(VILLAGE, "石桥村"), place(EMPTY_VILLAGE, "柳河村")],
        records: records.into_iter().map(Arc::new).collect(),
        ..Sources::default()
    }
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn days(from: &str, to: &str) -> Period {
    Period { from: Some(day(from)), to: Some(day(to)) }
}

/// The default plan on 23 November 2026, nothing chosen and numbers masked.
fn given(sources: &Sources, period: Period) -> Given<'_> {
    Given { sources, period, rules: PlanRules::default(), today: day("2026-11-23"), full: false, state: "" }
}

/// The texts of a line by the keys of its columns.
fn said(ledger: Ledger, line: &Line) -> Value {
    Value::Object(keyed(ledger.columns(), &line.cells))
}

/// The line of the person of this name.
#[track_caller]
fn line_of<'t>(ledger: Ledger, table: &'t Table, name: &str) -> (&'t Line, Value) {
    let lines = table.lines.iter().map(|line| (line, said(ledger, line)));
    lines.into_iter().find(|(_, said)| said["name"] == name).expect("the person is in the ledger")
}

/// What a table counts under a name.
#[track_caller]
fn counted(table: &Table, name: &str) -> u64 {
    table.counted()[name].as_u64().expect("it is counted")
}
