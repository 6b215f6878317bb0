use super::*;

const LEDGER: Ledger = Ledger::Coverage;

fn half() -> Period {
    days("2026-07-01", "2026-12-31")
}

fn seen(n: u128, parent: u128, on: &str) -> Source {
    visit(n, parent, json!({"kind": "follow_up", "completed_at": on, "next_due": null}))
}

/// 李伟 was visited in the period, 王芳 long before it, 赵强 never; 孙立 has died, 周全 moved.
fn county() -> Vec<Source> {
    vec![
        recipient(1, json!({"name": "李伟", "responsible": "陈建国"})),
        entitlement(101, 1, json!({"category": "81", "state": "paid"})),
        seen(10, 1, "2026-11-20"),
        recipient(2, json!({"name": "王芳"})),
        entitlement(102, 2, json!({"category": "81", "state": "paid"})),
        seen(11, 2, "2026-02-01"),
        recipient(3, json!({"name": "赵强"})),
        recipient(4, json!({"name": "孙立", "status": "died"})),
        seen(12, 4, "2026-08-01"),
        recipient(5, json!({"name": "周全", "status": "moved"})),
    ]
}

fn names(records: &[Source], state: &str) -> Vec<String> {
    let sources = sources(records.to_vec());
    let table = table(LEDGER, &Given { state, ..given(&sources, half()) });
    let name = |line: &Line| said(LEDGER, line)["name"].as_str().unwrap().to_owned();
    table.lines.iter().map(name).collect()
}

#[test]
fn each_word_chooses_its_people_and_nobody_who_died_or_moved() {
    for (state, expected) in [
        ("", vec!["李伟", "王芳", "赵强"]),
        ("visited", vec!["李伟"]),
        ("unvisited", vec!["王芳", "赵强"]),
        ("overdue", vec!["王芳"]),
        ("never", vec!["赵强"]),
        ("complete", vec![]),
        ("incomplete", vec!["李伟", "王芳", "赵强"]),
        ("no such word", vec![]),
    ] {
        assert_eq!(names(&county(), state), expected, "{state:?}");
    }
}

#[test]
fn a_line_says_how_often_how_long_ago_and_what_the_file_lacks() {
    let sources = sources(county());
    let table = table(LEDGER, &given(&sources, half()));
    let (line, said) = line_of(LEDGER, &table, "李伟");
    assert_eq!(line.recipient, Some(Uuid::from_u128(1)));
    for (key, word) in [
        ("class", json!("B")),
        ("visits", json!(1)),
        ("last_on", json!("2026-11-20")),
        ("due_on", json!("2027-05-20")),
        ("covered", json!("已走访")),
    ] {
        assert_eq!(said[key], word, "{key}");
    }
    let lacks = said["lacks"].as_str().unwrap();
    assert!(lacks.contains("身份证号") && !lacks.contains("姓名"), "{lacks}");
    assert_eq!(line_of(LEDGER, &table, "王芳").1["covered"], "逾期未走访");
    assert_eq!(line_of(LEDGER, &table, "赵强").1["covered"], "从未走访");
    assert_eq!(table.counted(), json!({"people": 3, "visited": 1, "overdue": 1, "complete": 0}));
}

#[test]
fn a_visit_without_a_day_or_one_that_was_cancelled_is_none() {
    let mut county = county();
    county[2].fields.set("completed_at", Value::Null);
    county[5].fields.set("cancelled", json!({"reason": "外出"}));
    assert_eq!(names(&county, "visited"), [""; 0]);
    assert_eq!(names(&county, "never"), ["李伟", "王芳", "赵强"]);
}

#[test]
fn a_file_is_whole_when_nothing_is_empty_that_its_forms_ask_for() {
    let asked = domain::completeness::asked(&["90".parse().unwrap()]);
    let mut fields: serde_json::Map<String, Value> =
        asked.iter().map(|field| ((*field).to_owned(), json!("x"))).collect();
    fields.insert("id_no".to_owned(), json!({"show": "0019"}));
    let whole = vec![recipient(1, fields.clone().into()), entitlement(2, 1, json!({"category": "90"}))];
    assert_eq!(names(&whole, "complete").len(), 1);
    fields.insert("support".to_owned(), json!(""));
    let lacking = vec![recipient(1, fields.into()), entitlement(2, 1, json!({"category": "90"}))];
    assert_eq!(names(&lacking, "complete").len(), 0);
}

#[test]
fn the_file_of_a_child_is_whole_with_a_guardians_consent_and_of_age_without() {
    let asked = domain::completeness::asked(&["21".parse().unwrap()]);
    let of_kin = domain::completeness::asked_of("21".parse().unwrap());
    let filled = |fields: &[&str]| -> serde_json::Map<String, Value> {
        fields.iter().map(|field| ((*field).to_owned(), json!("x"))).collect()
    };
    let mut kin = filled(of_kin);
    kin.insert("category".to_owned(), json!("21"));
    let is_whole = |birth: Value, consent: Value| {
        let mut person = filled(&asked);
        person.extend([("birth".to_owned(), birth), ("guardian_consent".to_owned(), consent)]);
        let county = vec![recipient(1, person.into()), entitlement(2, 1, kin.clone().into())];
        let sources = sources(county.clone());
        let table = table(LEDGER, &given(&sources, half()));
        let line = said(LEDGER, &table.lines[0]);
        let is_whole = names(&county, "complete").len() == 1;
        let lacks =
            if is_whole { ("100%", "") } else { (line["filled"].as_str().unwrap(), "监护人同意") };
        assert_eq!((line["filled"].as_str().unwrap(), line["lacks"].as_str().unwrap()), lacks);
        is_whole
    };
    let consent = json!({"name": "李梅", "relation": "母亲", "on": "2026-11-20", "notice": "2026-1"});
    // Today is 2026-11-23.
    for (birth, whole) in [("2012-11-24", false), ("2012-11-23", true), ("1990-01-01", true), ("不详", true)]
    {
        assert_eq!(is_whole(json!(birth), Value::Null), whole, "{birth}");
        assert!(is_whole(json!(birth), consent.clone()), "{birth}");
    }
    assert!(!is_whole(json!({"show": "2012"}), Value::Null), "of who may be a child the consent is asked");
    assert!(is_whole(json!({"show": "2011"}), Value::Null));
}

#[test]
fn what_is_kept_of_a_file_asks_for_consent_until_the_fourteenth_birthday_and_not_longer() {
    let asked = domain::completeness::asked(&[]);
    let mut person: serde_json::Map<String, Value> =
        asked.iter().map(|field| ((*field).to_owned(), json!("x"))).collect();
    person.insert("birth".to_owned(), json!("2012-11-24"));
    let kept = [Arc::new(FileFacts::all(&[Arc::new(recipient(1, person.into()))]))];
    let complete = |today: &str| {
        let of = Counting {
            files: &kept,
            groups: &[],
            workers: None,
            period: half(),
            rules: PlanRules::default(),
            today: day(today),
        };
        overview(String::new(), &of).all.complete
    };
    assert_eq!((complete("2026-11-23"), complete("2026-11-24")), (0, 1));
}

#[test]
fn its_days_are_the_running_half_year_unless_others_are_named() {
    let of = |asked: Period, today: &str| LEDGER.period(asked, day(today));
    assert_eq!(of(Period::default(), "2026-11-23"), Ok(half()));
    assert_eq!(of(Period::default(), "2026-06-30"), Ok(days("2026-01-01", "2026-06-30")));
    let from = Period { from: Some(day("2026-03-01")), to: None };
    assert_eq!(of(from, "2026-11-23"), Ok(days("2026-03-01", "2026-06-30")));
    assert_eq!(of(days("2027-01-01", "2027-06-30"), "2026-11-23"), Err(NoPeriod::Ahead));
    assert_eq!(of(days("2026-02-01", "2026-01-01"), "2026-11-23"), Err(NoPeriod::Backwards));
}
