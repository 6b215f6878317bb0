use super::*;
use crate::checklist::{FOLLOWUP, Facts, builtin};
use crate::kinds::kind;

fn answers(json: Json) -> Answers {
    serde_json::from_value(json).unwrap()
}

fn thresholds() -> Thresholds {
    Thresholds { own_county: Some("339999".into()), ..Thresholds::default() }
}

fn found(json: Json) -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    findings(&answers(json), &thresholds())
        .iter()
        .map(|finding| (finding.rule(), finding.urgency.word(), finding.because.clone()))
        .collect()
}

/// One row of the table: these answers give exactly this.
fn check(json: Json, rule: &'static str, urgency: &'static str, because: &[&'static str]) {
    assert_eq!(found(json.clone()), [(rule, urgency, because.to_vec())], "{json}");
}

fn check_nothing(json: Json) {
    assert_eq!(found(json.clone()), [], "{json}");
}

#[test]
fn the_check_at_home_says_how_urgent_help_is_and_never_less_than_the_rule() {
    let urgency = |json| findings(&answers(json), &thresholds())[0].urgency;
    assert_eq!(urgency(json!({"B05": "因学"})), Urgency::Normal);
    assert_eq!(urgency(json!({"B05": "因学", "B29.1": "特急"})), Urgency::Critical);
    assert_eq!(urgency(json!({"B05": "交通等意外", "B29.1": "一般"})), Urgency::Critical);
    assert_eq!(urgency(json!({"A16": "未参加", "B29.1": "特急"})), Urgency::Normal);
}

#[test]
fn illness_is_a_medical_need() {
    check(json!({"A10": "重病"}), "N-MED", "急", &["A10"]);
    check(json!({"A11": true, "A12": 500_000}), "N-MED", "急", &["A12"]);
    check_nothing(json!({"A11": true, "A12": 499_999}));
    check(json!({"A13": "有,未治疗"}), "N-MED", "急", &["A13"]);
    check_nothing(json!({"A13": "有,已治疗"}));
    check(json!({"B18": 500_000}), "N-MED", "急", &["B18"]);
    check(json!({"A10": "重病", "A12": 900_000, "A13": "有,未治疗"}), "N-MED", "急", &["A10", "A12", "A13"]);
    check_nothing(json!({"A10": "有慢性病"}));
}

#[test]
fn who_needs_care_and_has_nobody_needs_it_at_once() {
    check(json!({"A14": "半自理", "A15": "无人"}), "N-CARE", "特急", &["A15"]);
    check(json!({"A14": "需要护理", "A15": "无人"}), "N-CARE", "特急", &["A15"]);
    check_nothing(json!({"A14": "半自理", "A15": "子女"}));
    check_nothing(json!({"A14": "自理"}));
}

#[test]
fn houses_are_told_apart_by_their_state() {
    check(json!({"A17": "较重危房"}), "N-HOUSE", "急", &["A17"]);
    check(json!({"A17": "无房"}), "N-HOUSE", "急", &["A17"]);
    check(json!({"A17": "一般危房"}), "N-HOUSE", "一般", &["A17"]);
    check(json!({"B21": "无房"}), "N-HOUSE", "急", &["B21"]);
    check(json!({"A17": "一般危房", "B21": "较重危房"}), "N-HOUSE", "急", &["A17", "B21"]);
    check_nothing(json!({"A17": "租住或借住"}));
}

#[test]
fn money_that_does_not_arrive_is_a_payment_need() {
    for answer in ["未到账", "金额不对", "卡丢失或冻结"] {
        check(json!({"A09": answer}), "N-PAY", "急", &["A09"]);
    }
    check_nothing(json!({"A09": "按时足额"}));
    check_nothing(json!({"A09": "不享受"}));
}

#[test]
fn blows_to_the_family_are_needs() {
    check(json!({"A16": "未参加"}), "N-INS", "一般", &["A16"]);
    check(json!({"A19": ["火灾水灾"]}), "N-DIS", "特急", &["A19"]);
    check(json!({"A19": ["意外伤害", "火灾水灾"]}), "N-DIS", "特急", &["A19"]);
    check(json!({"B05": "因灾(火灾水灾)"}), "N-DIS", "特急", &["B05"]);
    check(json!({"B05": "交通等意外"}), "N-DIS", "特急", &["B05"]);
    check(json!({"A19": ["失业"], "A20": 2}), "N-JOB", "一般", &["A19", "A20"]);
    check(json!({"A20": 1}), "N-JOB", "一般", &["A20"]);
    check_nothing(json!({"A20": 0}));
    check(json!({"B05": "失业下岗"}), "N-JOB", "一般", &["B05"]);
    check(json!({"A19": ["子女失学"]}), "N-EDU", "一般", &["A19"]);
    check(json!({"A21": "缺费用"}), "N-EDU", "一般", &["A21"]);
    check(json!({"A21": "入学转学难"}), "N-EDU", "一般", &["A21"]);
    check(json!({"B05": "因学"}), "N-EDU", "一般", &["B05"]);
    check_nothing(json!({"A21": "无困难", "A19": ["亲人去世"]}));
}

#[test]
fn less_income_after_a_blow_is_a_living_need() {
    check(json!({"A18": "减少", "A19": ["其他"]}), "N-LIFE", "急", &["A18"]);
    check_nothing(json!({"A18": "减少", "A19": ["无"]}));
    check_nothing(json!({"A18": "持平", "A19": ["其他"]}));
    check(json!({"B13": 599_999}), "N-LIFE", "急", &["B13"]);
    check_nothing(json!({"B13": 600_000}));
}

#[test]
fn deaths_moves_plaques_and_cards_are_tasks() {
    check(json!({"A03": "去世"}), "D1", "急", &["A03"]);
    check(json!({"A03": "搬迁"}), "D2", "一般", &["A03"]);
    check(json!({"A05": false, "A06": {"code": "330106001", "addr": "1号"}}), "D2", "一般", &["A05"]);
    check(json!({"A05": false, "A06": {"addr": "上海"}}), "D2", "一般", &["A05"]);
    check_nothing(json!({"A05": false, "A06": {"code": "339999100202", "addr": "1号"}}));
    check_nothing(json!({"A05": true}));
    for answer in ["破损", "丢失", "未挂"] {
        check(json!({"A22": answer}), "T-PLAQUE", "一般", &["A22"]);
    }
    check_nothing(json!({"A22": "不适合悬挂"}));
    for answer in ["未办", "丢失"] {
        check(json!({"A23": answer}), "T-CARD", "一般", &["A23"]);
    }
    check_nothing(json!({"A23": "信息变更"}));
}

#[test]
fn infringed_rights_are_a_case() {
    check(json!({"A26": ["医疗", "权益受侵害"]}), "C-RIGHT", "急", &["A26"]);
    check_nothing(json!({"A26": ["医疗"]}));
}

#[test]
fn the_county_sets_the_threshold() {
    let own = Thresholds { medical: Money::from_fen(100), ..thresholds() };
    assert_eq!(findings(&answers(json!({"A12": 100})), &own).len(), 1);
    assert_eq!(findings(&answers(json!({"A12": 99})), &own).len(), 0);
}

#[test]
fn an_open_need_of_the_kind_gets_the_visit_as_evidence() {
    let open = [
        OpenNeed { id: Uuid::from_u128(7), kind: NeedKind::Medical },
        OpenNeed { id: Uuid::from_u128(3), kind: NeedKind::Medical },
        OpenNeed { id: Uuid::from_u128(5), kind: NeedKind::Job },
    ];
    let findings = findings(&answers(json!({"A10": "重病", "A16": "未参加"})), &thresholds());
    let outcomes = outcomes(findings, &open);
    assert!(
        matches!(&outcomes[0], Outcome::AddEvidence { need, finding } if *need == Uuid::from_u128(3) && finding.rule() == "N-MED")
    );
    assert!(matches!(&outcomes[1], Outcome::Create(finding) if finding.rule() == "N-INS"));
    assert_eq!(outcomes.len(), 2);
}

#[test]
fn answers_of_hidden_questions_propose_nothing() {
    let given = answers(
        json!({"A01": "电话", "A02": "本人", "A17": "无房", "A11": false, "A12": 900_000, "A13": "有,未治疗"}),
    );
    let today = "2026-11-23".parse().unwrap();
    let view = builtin(FOLLOWUP).unwrap().look(&given, &Facts::default(), today);
    assert_eq!(findings(view.stored(), &thresholds()), []);
}

#[test]
fn every_option_that_a_rule_names_is_an_option_of_its_question() {
    for (template, code, option) in [
        ("FESTIVAL", "F07", "有"),
        ("MERIT", "M06", "有"),
        ("CONFIRM", "C02", "去世"),
        ("CONFIRM", "C07", "住址"),
        ("NEWREPORT", "R09", "光荣牌"),
        ("NEWREPORT", "R09", "优待证"),
    ] {
        assert!(
            builtin(template).unwrap().question(code).unwrap().choice(option).is_some(),
            "{code} {option}"
        );
    }
    let checklist = builtin(FOLLOWUP).unwrap();
    for (code, options) in [
        ("A03", &["去世", "搬迁"][..]),
        ("A09", &["未到账", "金额不对", "卡丢失或冻结"]),
        ("A10", &["重病"]),
        ("A13", &["有,未治疗"]),
        ("A14", &["半自理", "需要护理"]),
        ("A15", &["无人"]),
        ("A16", &["未参加"]),
        ("A17", &["较重危房", "无房", "一般危房"]),
        ("A18", &["减少"]),
        ("A19", &["无", "火灾水灾", "意外伤害", "失业", "子女失学"]),
        ("A21", &["缺费用", "入学转学难"]),
        ("A22", &["破损", "丢失", "未挂"]),
        ("A23", &["未办", "丢失"]),
        ("A26", &["权益受侵害"]),
    ] {
        for option in options {
            assert!(checklist.question(code).unwrap().choice(option).is_some(), "{code} {option}");
        }
    }
}

#[test]
fn new_records_have_fields_of_their_kind() {
    let all = findings(&answers(json!({"A10": "重病", "A03": "去世", "A26": ["权益受侵害"]})), &thresholds());
    assert_eq!(all.len(), 3);
    let (visit, recipient) = (Uuid::from_u128(1), Uuid::from_u128(2));
    for finding in &all {
        let kind = kind(finding.record_kind()).unwrap();
        for field in finding.fields(visit, recipient).keys() {
            assert!(kind.field(field).is_some(), "{} {field}", kind.name);
        }
    }
    let need = all[0].fields(visit, recipient);
    assert_eq!(need["evidence"], json!([visit.to_string()]));
    assert_eq!(need["state"], "found");
}

#[test]
fn the_short_forms_find_deaths_moves_difficulties_plaques_and_cards() {
    check(json!({"F07": "有"}), "N-OTH", "一般", &["F07"]);
    check_nothing(json!({"F07": "无"}));
    check(json!({"M06": "有"}), "N-OTH", "一般", &["M06"]);
    check_nothing(json!({"M06": "无"}));
    check(json!({"C02": "去世"}), "D1", "急", &["C02"]);
    check_nothing(json!({"C02": "失联"}));
    check(json!({"D01": "2026-11-01"}), "D1", "急", &["D01"]);
    check_nothing(json!({"D01": "x"}));
    check(json!({"C07": ["住址"], "C08": {"addr": "上海"}}), "D2", "一般", &["C07"]);
    check_nothing(json!({"C07": ["住址"], "C08": {"code": "339999100202", "addr": "1号"}}));
    check_nothing(json!({"C07": ["电话"]}));
    check(json!({"R09": ["光荣牌"]}), "T-PLAQUE", "一般", &["R09"]);
    check(json!({"R09": ["优待证"]}), "T-CARD", "一般", &["R09"]);
    check_nothing(json!({"R09": ["无"]}));
}
