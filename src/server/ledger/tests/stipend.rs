use super::*;
use domain::stipend::{Entered, Standard};

const STIPEND: Ledger = Ledger::Stipend;
const MERIT: Ledger = Ledger::Merit;

fn standard(n: u128, said: Value) -> Standard {
    let mut said: Entered = serde_json::from_value(said).unwrap();
    said.doc_no = "双拥〔2026〕3号".to_owned();
    said.from = "2026-01-01".to_owned();
    said.judge(Uuid::from_u128(n), None).unwrap()
}

/// What a county of the tests pays in 2026.
pub(super) fn standards() -> Vec<Standard> {
    vec![
        standard(
            1,
            json!({"kind": "stipend", "of": "rural", "value": "14272", "pay": "annual_full", "early": "actual_months"}),
        ),
        standard(2, json!({"kind": "region", "of": "tibet", "value": "2.5倍"})),
        standard(3, json!({"kind": "supplement", "of": "merit_3", "value": "10%"})),
        standard(4, json!({"kind": "reward", "of": "merit_3", "value": "2000"})),
    ]
}

/// A family whose son enlisted a year ago, with more in its entitlement.
fn family(n: u128, name: &str, more: Value) -> Vec<Source> {
    let mut one = json!({
        "category": "71", "state": "paid", "conscript_name": "李小军", "service_from": "2025-09-15", "payee": name,
    });
    one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let file = json!({"name": name, "domicile_kind": "1", "id_no": "**************0019"});
    vec![recipient(n, file), entitlement(n + 1, n, one)]
}

pub(super) fn notice(n: u128, parent: u128, (number, award, on): (&str, &str, &str)) -> Source {
    let answers = json!({"M01": number, "M02": award, "M04.1": 200_000});
    visit(
        n,
        parent,
        json!({"kind": "merit_notice", "template": "MERIT", "completed_at": on, "answers": answers}),
    )
}

fn paid_by(records: Vec<Source>, standards: Vec<Standard>) -> Sources {
    Sources { standards, ..sources(records) }
}

fn of_2026(sources: &Sources) -> Given<'_> {
    given(sources, days("2026-01-01", "2026-12-31"))
}

#[test]
fn a_family_is_a_line_with_its_sums_and_the_rows_that_were_used() {
    let mut records = family(1, "李建国", json!({"conscript_region": "西藏"}));
    records.push(notice(9, 1, ("喜报1号", "三等功", "2026-08-01")));
    let sources = paid_by(records, standards());
    let table = table(STIPEND, &of_2026(&sources));
    let (line, said) = line_of(STIPEND, &table, "李建国");
    assert_eq!((line.state, line.recipient), ("due", Some(Uuid::from_u128(1))));
    let expected = json!({
        "village": "石桥村", "name": "李建国", "id_no": "**************0019", "conscript": "李小军", "enlisted_on": "2025-09-15",
        "domicile": "农村", "months": 12, "stipend": "14272.00", "more_region": "21408.00", "more_merit": "1427.20", "more_other": "",
        "all": "37107.20", "payee": "李建国", "remark": "",
        "standard": "优待金（农村） 14272.00 元，双拥〔2026〕3号；进藏进疆倍数（西藏） 250%，双拥〔2026〕3号；立功增发（三等功） 10%，双拥〔2026〕3号",
    });
    assert_eq!(said, expected);
    assert!(table.above.contains("2026-11-23"), "not beyond today: {}", table.above);
}

#[test]
fn who_cannot_be_computed_stands_behind_with_the_reason_and_in_no_sum() {
    let blank = json!({"service_from": null});
    let struck = json!({"state": "cancelled", "service_to": "2026-10-15"});
    let mut records = family(1, "甲", json!({}));
    for (n, (name, more)) in [
        ("乙", blank),
        ("丙", json!({"conscript_region": "进藏进疆"})),
        ("丁", json!({"state": "accepted"})),
        ("戊", json!({"state": "stopped"})),
        ("己", struck),
        ("庚", json!({"conscript_region": "新疆"})),
        ("辛", json!({"service_from": "2022-09-15", "service_to": "2024-09-01"})),
        ("子", json!({"service_to": "2025-01-01"})),
    ]
    .into_iter()
    .enumerate()
    {
        records.extend(family(100 + 10 * n as u128, name, more));
    }
    let mut died = family(300, "壬", json!({}));
    died[0].fields.set("status", json!("died"));
    let mut nowhere = family(400, "癸", json!({}));
    nowhere[0].fields.set("domicile_kind", Value::Null);
    records.extend(died.into_iter().chain(nowhere));
    let sources = paid_by(records, standards());
    let table = table(STIPEND, &of_2026(&sources));
    for (name, why) in [
        ("乙", "没有填义务兵的服役开始日期"),
        ("丙", "看不出在哪里服役"),
        ("丁", "受理中"),
        ("戊", "没有填终止日期"),
        ("己", "此前到期的 12 个月如已发放，应追回"),
        ("庚", "进藏进疆倍数（新疆）的标准没有公布"),
        ("壬", "已去世"),
        ("癸", "档案没有填户籍类别"),
        ("子", "早于起始日期"),
    ] {
        let (line, said) = line_of(STIPEND, &table, name);
        let remark = said["remark"].as_str().unwrap();
        assert!(line.state == "unclear" && remark.contains(why) && said["all"] == "", "{name}: {said}");
    }
    assert!(table.lines.iter().all(|line| said(STIPEND, line)["name"] != "辛"), "he served before");
    assert_eq!(
        (counted(&table, "due"), counted(&table, "unclear"), counted(&table, "fen")),
        (1, 9, 1_427_200)
    );
    let sums = keyed(STIPEND.columns(), table.sums.as_ref().unwrap());
    assert_eq!((&sums["village"], &sums["all"]), (&json!("合计"), &json!("14272.00")));
    let mut ordered = table.clone();
    let all = STIPEND.columns().iter().position(|column| column.key == "all").unwrap();
    ordered.order_by(all, true);
    assert_eq!(said(STIPEND, &ordered.lines[0])["name"], "甲");
}

#[test]
fn the_states_of_a_ledger_that_pays_are_its_filters() {
    let mut records = family(1, "甲", json!({}));
    records.extend(family(10, "乙", json!({"service_from": null})));
    let sources = paid_by(records, standards());
    let of = |state| table(STIPEND, &Given { state, ..of_2026(&sources) });
    let names = |table: &Table| {
        table.lines.iter().map(|line| said(STIPEND, line)["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((names(&of("due")), names(&of("unclear"))), (vec![json!("甲")], vec![json!("乙")]));
    assert!(of("due").sums.is_some() && of("unclear").sums.is_none());
}

#[test]
fn a_date_that_a_list_wrote_into_the_file_will_do_but_for_who_served_himself() {
    let mut records = family(1, "甲", json!({"service_from": null}));
    records[0].fields.set("enlisted_on", json!("2025-09-15"));
    let mut veteran = family(10, "乙", json!({"service_from": null}));
    veteran[0].fields.set("enlisted_on", json!("1985-11-01"));
    veteran.push(entitlement(12, 10, json!({"category": "90", "state": "recognised"})));
    records.extend(veteran);
    let sources = paid_by(records, standards());
    let table = table(STIPEND, &of_2026(&sources));
    assert_eq!(line_of(STIPEND, &table, "甲").1["all"], "14272.00");
    assert_eq!(line_of(STIPEND, &table, "乙").0.state, "unclear", "his own is not his son's");
}

#[test]
fn without_standards_every_family_says_so_and_none_is_paid() {
    let sources = sources(family(1, "甲", json!({})));
    let table = table(STIPEND, &of_2026(&sources));
    let remark = line_of(STIPEND, &table, "甲").1["remark"].clone();
    assert_eq!(remark, "优待金（农村）的标准没有公布（2026-11-23）");
    assert!(table.sums.is_none());
}

#[test]
fn each_notice_of_merit_is_rewarded_once() {
    let mut records = family(1, "甲", json!({}));
    records.extend([
        notice(5, 1, ("喜报1号", "三等功", "2026-03-01")),
        notice(6, 1, ("喜报 1 号", "三等功", "2026-05-01")),
        notice(7, 1, ("喜报2号", "二等功", "2026-06-01")),
        notice(8, 1, ("", "三等功", "2026-07-01")),
        notice(9, 1, ("喜报0号", "三等功", "2025-07-01")),
    ]);
    let sources = paid_by(records, standards());
    let table = table(MERIT, &of_2026(&sources));
    let brief = |line: &Line| {
        let said = said(MERIT, line);
        json!([said["delivered_on"], said["reward"], said["handed_over"], said["remark"]])
    };
    let lines: Vec<Value> = table.lines.iter().map(brief).collect();
    let expected = [
        json!(["2026-03-01", "2000.00", "2000.00", ""]),
        json!(["2026-05-01", "", "2000.00", "喜报编号已登记过，不重复发放"]),
        json!(["2026-06-01", "", "2000.00", "立功奖励（二等功）的标准没有公布（2026-06-01）"]),
        json!(["2026-07-01", "", "2000.00", "没有喜报编号"]),
    ];
    assert_eq!(lines, expected);
    assert_eq!((counted(&table, "due"), counted(&table, "unclear"), counted(&table, "fen")), (1, 3, 200_000));
}
