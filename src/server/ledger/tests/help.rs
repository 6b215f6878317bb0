use super::*;

const LEDGER: Ledger = Ledger::Help;

fn id(n: u128) -> String {
    Uuid::from_u128(n).to_string()
}

/// A need of 李伟 that was found in October, checked, and helped with two measures.
fn helped() -> Vec<Source> {
    let mut need = source(
        20,
        "need",
        Some(1),
        json!({"kind": "N-MED", "state": "in_progress", "responsible": "周敏", "due_on": "2026-10-20",
            "found_by": id(10), "verified_by": id(11)}),
    );
    need.dates.made = Some(day("2026-10-08"));
    vec![
        recipient(1, json!({"name": "李伟"})),
        entitlement(2, 1, json!({"category": "51", "state": "paid"})),
        visit(10, 1, json!({"completed_at": "2026-10-08", "answers": {"A19": ["患大病"]}})),
        visit(11, 1, json!({"completed_at": "2026-10-12", "template": "VERIFY", "answers": {"B05": "因病"}})),
        need,
        source(
            30,
            "measure",
            Some(1),
            json!({"need": id(20), "kind": "cash", "amount": 200_000, "due_on": "2026-12-01"}),
        ),
        source(
            31,
            "measure",
            Some(1),
            json!({"need": id(20), "kind": "medical_referral", "what": "县医院", "due_on": "2026-11-01", "done_on": "2026-10-30",
                "result": "已住院"}),
        ),
        source(32, "measure", Some(1), json!({"need": id(21), "kind": "goods", "due_on": "2027-12-01"})),
    ]
}

fn line(records: Vec<Source>, period: Period) -> Option<(&'static str, Value)> {
    let sources = sources(records);
    let table = table(LEDGER, &given(&sources, period));
    table.lines.first().map(|line| (line.state, said(LEDGER, line)))
}

#[test]
fn a_difficulty_is_a_line_with_its_cause_its_measures_and_where_it_stands() {
    let (state, said) = line(helped(), days("2026-10-01", "2026-12-31")).unwrap();
    let expected = json!({
        "village": "石桥村", "name": "李伟", "category": "参战", "hardship": "因病", "need": "医疗",
        "measures": "资金 2000.00 元；医疗转介 县医院", "responsible": "周敏", "limit_on": "2026-12-01",
        "progress": "帮扶中", "outcome": "已住院", "followed_on": "", "rating": "",
    });
    assert_eq!((state, said), ("open", expected));
}

#[test]
fn the_cause_is_what_the_check_found_else_what_had_happened_else_nothing() {
    let mut records = helped();
    records[3].fields.set("answers", Value::Null);
    assert_eq!(line(records.clone(), Period::default()).unwrap().1["hardship"], "患大病");
    records[2].fields.set("answers", json!({"A19": ["无"]}));
    assert_eq!(line(records, Period::default()).unwrap().1["hardship"], "");
}

#[test]
fn one_that_nobody_has_taken_up_is_due_by_the_limit_from_its_visit() {
    let mut records = helped();
    records.truncate(5);
    let need = &mut records[4].fields;
    need.set("due_on", Value::Null);
    need.set("state", json!("found"));
    let (state, said) = line(records.clone(), Period::default()).unwrap();
    assert_eq!(
        (state, &said["limit_on"]),
        ("overdue", &json!("2026-10-12")),
        "two working days from a Thursday"
    );
    records[2].fields.set("completed_at", Value::Null);
    records[4].dates.made = Some(day("2026-11-20"));
    let (state, said) = line(records, Period::default()).unwrap();
    assert_eq!((state, &said["limit_on"]), ("open", &json!("2026-11-24")));
}

#[test]
fn what_is_promised_and_not_done_in_time_is_overdue() {
    let mut records = helped();
    records[5].fields.set("due_on", json!("2026-11-20"));
    assert_eq!(line(records, Period::default()).unwrap().0, "overdue");
}

#[test]
fn a_closed_one_names_its_follow_up_and_how_content_the_family_is() {
    let mut records = helped();
    let closed = &mut records[4].fields;
    closed.set("state", json!("closed"));
    closed.set("follow_up", json!(id(12)));
    closed.set("steps", json!([{"id": "a", "v": {"to": "closed"}, "t": 1_794_960_000_000_i64}]));
    let seen = json!({"completed_at": "2026-11-17", "template": "FOLLOWUP", "answers": {"A25": 5}});
    records.push(visit(12, 1, seen));
    let (state, said) = line(records.clone(), days("2026-11-01", "2026-11-30")).unwrap();
    assert_eq!(
        (state, &said["followed_on"], &said["rating"], &said["progress"]),
        ("ended", &json!("2026-11-17"), &json!("5"), &json!("已销号"))
    );
    assert_eq!(line(records, days("2026-12-01", "2026-12-31")), None, "it had ended before");
}

#[test]
fn one_that_is_open_stands_in_every_period_since_it_was_found() {
    assert!(line(helped(), days("2026-12-01", "2026-12-31")).is_some());
    assert!(line(helped(), days("2026-09-01", "2026-09-30")).is_none());
}

#[test]
fn one_that_was_not_taken_up_says_why() {
    let need = json!({"kind": "N-JOB", "state": "dropped", "reason": "已找到工作"});
    let records = vec![recipient(1, json!({"name": "李伟"})), source(20, "need", Some(1), need)];
    let (state, said) = line(records, Period::default()).unwrap();
    assert_eq!((state, &said["outcome"]), ("ended", &json!("已找到工作")));
}

#[test]
fn where_nobody_is_in_need_the_ledger_counts_nothing() {
    let sources = sources(vec![recipient(1, json!({"name": "李伟"}))]);
    let table = table(LEDGER, &given(&sources, Period::default()));
    assert!(table.lines.is_empty());
    assert_eq!(counted(&table, "needs"), 0);
}
