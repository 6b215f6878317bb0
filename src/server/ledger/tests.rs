use super::*;
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use domain::visit::{Plan, PlanRules};
use serde_json::{Value, json};
use std::io::Cursor;
use uuid::Uuid;

fn source(n: u128, kind: &str, parent: Option<u128>, fields: Value) -> Source {
    let Value::Object(fields) = fields else { panic!("fields are an object") };
    Source {
        e: Uuid::from_u128(n),
        kind: kind.to_owned(),
        parent: parent.map(Uuid::from_u128),
        village: "石桥村".to_owned(),
        fields,
    }
}

fn county() -> Vec<Source> {
    vec![
        source(
            1,
            "recipient",
            None,
            json!({"name": "李伟", "id_no": "339999194803120019", "mobile": "13900001234"}),
        ),
        source(2, "recipient", None, json!({"name": "王芳", "id_no": {"show": "0027"}})),
        source(3, "recipient", None, json!({"name": "=1+1"})),
        source(
            10,
            "visit",
            Some(1),
            json!({"completed_at": "2026-11-20", "next_due": "2027-05-20", "visitors": ["张三", "李四"],
            "template": "FOLLOWUP", "answers": {"A01": "入户", "A02": "本人", "A10": "重病", "A26": ["医疗"], "A27": "药费高"}}),
        ),
        source(
            11,
            "visit",
            Some(2),
            json!({"completed_at": "2026-02-01", "next_due": "2026-08-01", "answers": {}}),
        ),
        source(
            20,
            "need",
            Some(1),
            json!({"kind": "N-MED", "state": "found", "found_by": Uuid::from_u128(10).to_string()}),
        ),
    ]
}

/// The default plan on a day.
fn plan(today: &str) -> Plan {
    Plan::new(PlanRules::default(), today.parse().unwrap())
}

fn period() -> Period {
    Period { from: "2026-10-01".to_owned(), to: "2026-12-31".to_owned() }
}

#[test]
fn a_visit_is_a_line_with_its_answers_and_what_came_of_it() {
    let lines = entries(&county(), &period(), &plan("2026-11-23"), false);
    let line = lines.iter().find(|line| line.name == "李伟").expect("the visited family is in the ledger");
    assert_eq!(line.visited_on, "2026-11-20");
    assert_eq!((line.way.as_str(), line.health.as_str()), ("入户", "重病"));
    assert_eq!(line.wishes, "医疗:药费高");
    assert_eq!(line.result, "医疗:已发现");
    assert_eq!(line.visitors, "张三、李四");
    assert_eq!(line.state, EntryState::Done);
}

#[test]
fn a_family_that_was_not_visited_is_a_line_too() {
    let lines = entries(&county(), &period(), &plan("2026-11-23"), false);
    let overdue =
        lines.iter().find(|line| line.name == "王芳").expect("the unvisited family is in the ledger");
    assert_eq!((overdue.state, overdue.due_on.as_str()), (EntryState::Overdue, "2026-08-01"));
    assert_eq!(totals(&lines), Totals { families: 3, visits: 1, visited: 1, due: 2, overdue: 1 });
}

#[test]
fn when_a_family_is_due_follows_from_its_class_and_the_county_s_plan() {
    let mut sources = county();
    sources[1].fields.insert("relief_basic".to_owned(), json!(true));
    let due_on = |sources: &[Source], plan: &Plan| {
        let lines = entries(sources, &period(), plan, false);
        lines.into_iter().find(|line| line.name == "王芳").map(|line| (line.state, line.due_on))
    };
    // 重点 every quarter, before the day that was promised.
    let expected = Some((EntryState::Overdue, "2026-05-01".to_owned()));
    assert_eq!(due_on(&sources, &plan("2026-11-23")), expected);
    let mut rules = PlanRules::default();
    rules.take("follow_up_a", "12").unwrap();
    sources[4].fields.insert("next_due".to_owned(), Value::Null);
    let yearly = Plan::new(rules, "2026-11-23".parse().unwrap());
    assert_eq!(due_on(&sources, &yearly), None, "2027-02-01 lies after the period");
    let urgent = json!({"kind": "N-MED", "state": "found", "urgency": "急"});
    sources[1].fields.remove("relief_basic");
    sources.push(source(21, "need", Some(2), urgent));
    assert_eq!(due_on(&sources, &plan("2026-11-23")), expected);
}

#[test]
fn numbers_are_masked_unless_asked_in_full() {
    let shown = entries(&county(), &period(), &plan("2026-11-23"), false);
    let line = shown.iter().find(|line| line.name == "李伟").expect("present");
    assert_eq!((line.id_no.as_str(), line.phone.as_str()), ("**************0019", "139****1234"));
    let full = entries(&county(), &period(), &plan("2026-11-23"), true);
    let line = full.iter().find(|line| line.name == "李伟").expect("present");
    assert_eq!((line.id_no.as_str(), line.phone.as_str()), ("339999194803120019", "13900001234"));
}

#[test]
fn text_that_looks_like_a_formula_is_disarmed() {
    for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\0x"] {
        assert_eq!(text_cell(bad), format!("'{bad}"));
    }
    assert_eq!(text_cell("李伟"), "李伟");
}

#[test]
fn the_workbook_holds_text_cells_only_and_has_title_totals_and_signatures() {
    let lines = entries(&county(), &period(), &plan("2026-11-23"), false);
    let heading = Heading {
        unit: "双桥镇退役军人服务站".to_owned(),
        from: "2026-10-01".to_owned(),
        to: "2026-12-31".to_owned(),
        filled_on: "2026-11-23".to_owned(),
        made_by: "clerk".to_owned(),
        made_at: "2026-11-23 09:10".to_owned(),
        full: false,
    };
    let bytes = sheet(&heading, &lines, &totals(&lines)).expect("a small ledger fits");
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("it is an .xlsx");
    let range = book.worksheet_range("定期回访台账").expect("the sheet has the ledger's name");
    let mut texts = Vec::new();
    for row in range.rows() {
        for cell in row {
            match cell {
                Data::String(text) => texts.push(text.clone()),
                Data::Empty => {}
                other => panic!("a cell is not text: {other:?}"),
            }
        }
    }
    assert_eq!(texts[0], "定期回访台账");
    for wanted in [
        "填报单位：双桥镇退役军人服务站",
        "填报日期：2026-11-23",
        "'=1+1",
        "**************0019",
        "制表：",
        "审核：",
        "负责人：",
    ] {
        assert!(texts.iter().any(|text| text == wanted), "missing {wanted}");
    }
    assert!(texts.iter().any(|text| text.starts_with("合计：3 户")));
    assert!(!texts.iter().any(|text| text.contains("339999194803120019")));
}
