use super::*;

const LEDGER: Ledger = Ledger::FollowUp;

fn county() -> Vec<Source> {
    vec![
        recipient(1, json!({"name": "李伟", "id_no": "339999194803120019", "mobile": "13900001234"})),
        recipient(2, json!({"name": "王芳", "id_no": {"show": "0027"}})),
        recipient(3, json!({"name": "=1+1"})),
        visit(
            10,
            1,
            json!({"completed_at": "2026-11-20", "next_due": "2027-05-20", "visitors": ["张三", "李四"],
            "template": "FOLLOWUP", "answers": {"A01": "入户", "A02": "本人", "A10": "重病", "A26": ["医疗"], "A27": "药费高"}}),
        ),
        visit(11, 2, json!({"completed_at": "2026-02-01", "next_due": "2026-08-01", "answers": {}})),
        source(
            20,
            "need",
            Some(1),
            json!({"kind": "N-MED", "state": "found", "found_by": Uuid::from_u128(10).to_string()}),
        ),
    ]
}

fn quarter() -> Period {
    days("2026-10-01", "2026-12-31")
}

#[test]
fn a_visit_is_a_line_with_its_answers_and_what_came_of_it() {
    let sources = sources(county());
    let table = table(LEDGER, &given(&sources, quarter()));
    let (line, said) = line_of(LEDGER, &table, "李伟");
    assert_eq!((line.state, line.visit), ("done", Some(Uuid::from_u128(10))));
    for (key, word) in [
        ("visited_on", "2026-11-20"),
        ("way", "入户"),
        ("health", "重病"),
        ("wishes", "医疗:药费高"),
        ("result", "医疗:已发现"),
        ("visitors", "张三、李四"),
    ] {
        assert_eq!(said[key], word, "{key}");
    }
}

#[test]
fn a_family_that_was_not_visited_is_a_line_too() {
    let sources = sources(county());
    let table = table(LEDGER, &given(&sources, quarter()));
    let (line, said) = line_of(LEDGER, &table, "王芳");
    assert_eq!((line.state, &said["due_on"]), ("overdue", &json!("2026-08-01")));
    assert_eq!(table.counted(), json!({"families": 3, "visits": 1, "visited": 1, "due": 2, "overdue": 1}));
}

#[test]
fn one_state_is_shown_and_all_are_counted() {
    let sources = sources(county());
    let table = table(LEDGER, &Given { state: "overdue", ..given(&sources, quarter()) });
    assert_eq!((table.lines.len(), counted(&table, "families")), (1, 3));
}

#[test]
fn nobody_is_due_who_died_and_what_was_visited_before_stays() {
    let mut county = county();
    for person in &mut county[..2] {
        person.fields.set("status", json!("died"));
    }
    let sources = sources(county);
    let table = table(LEDGER, &given(&sources, quarter()));
    assert_eq!(line_of(LEDGER, &table, "李伟").0.state, "done");
    assert!(!table.lines.iter().any(|line| said(LEDGER, line)["name"] == "王芳"));
}

#[test]
fn a_visit_that_was_cancelled_is_none() {
    let mut county = county();
    county[3].fields.set("cancelled", json!({"reason": "外出"}));
    let sources = sources(county);
    let table = table(LEDGER, &given(&sources, quarter()));
    assert_eq!(line_of(LEDGER, &table, "李伟").0.state, "due");
}

#[test]
fn when_a_family_is_due_follows_from_its_class_and_the_county_s_plan() {
    let mut county = county();
    county[1].fields.set("relief_basic", json!(true));
    let due_on = |records: &[Source], rules: PlanRules| {
        let sources = sources(records.to_vec());
        let table = table(LEDGER, &Given { rules, ..given(&sources, quarter()) });
        let mut said = table.lines.iter().map(|line| (line.state, said(LEDGER, line)));
        said.find(|(_, said)| said["name"] == "王芳").map(|(state, said)| (state, said["due_on"].clone()))
    };
    // 重点 every quarter, before the day that was promised.
    let expected = Some(("overdue", json!("2026-05-01")));
    assert_eq!(due_on(&county, PlanRules::default()), expected);
    let mut yearly = PlanRules::default();
    yearly.take("follow_up_a", "12").unwrap();
    county[4].fields.set("next_due", Value::Null);
    assert_eq!(due_on(&county, yearly), None, "2027-02-01 lies after the period");
    let urgent = json!({"kind": "N-MED", "state": "found", "urgency": "急"});
    county[1].fields.set("relief_basic", Value::Null);
    county.push(source(21, "need", Some(2), urgent));
    assert_eq!(due_on(&county, PlanRules::default()), expected);
}

#[test]
fn numbers_are_masked_unless_asked_in_full() {
    let sources = sources(county());
    let given = given(&sources, quarter());
    for (full, id_no, phone) in
        [(false, "**************0019", "139****1234"), (true, "339999194803120019", "13900001234")]
    {
        let table = table(LEDGER, &Given { full, ..given });
        let (_, said) = line_of(LEDGER, &table, "李伟");
        assert_eq!((&said["id_no"], &said["phone"]), (&json!(id_no), &json!(phone)));
    }
}
