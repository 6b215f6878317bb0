use super::*;
use crate::{day::Day, need::Thresholds, need_rules::findings, visit::VisitKind};
use serde_json::json;

fn today() -> Day {
    "2026-11-23".parse().unwrap()
}

fn photos(n: usize) -> Json {
    json!(vec!["ab".repeat(32); n])
}

/// A whole visit by each short form, in which nothing is wrong.
fn whole(template: &str) -> Json {
    let (one, sign) = (photos(1), photos(2));
    match template {
        FESTIVAL => json!({
            "F01": "镇政府", "F02": "入户", "F03": "本人", "F04": 50_000, "F05.1": "大米", "F05.2": 8_000, "F06": "健康或良好",
            "F07": "无", "F09": one, "F10": sign,
        }),
        CONFIRM => json!({
            "C01": "入户", "C02": "在世", "C04": true, "C06": "一致", "C07": ["无变化"], "C11": "无变化", "C13": "确认",
            "C15.1": sign, "C15.2": sign,
        }),
        PLAQUE => json!({
            "P01": "新挂", "P02": "新符合条件", "P04": false, "P05": "大门", "P06.1": one, "P06.2": one, "P07": sign,
        }),
        MERIT => json!({
            "M01": "喜2026-3", "M02": "三等功", "M03.1": "县退役军人事务局", "M03.2": "县级", "M04.1": 200_000, "M04.2": sign,
            "M05": one, "M06": "无",
        }),
        DEATH => json!({
            "D01": "2026-11-01", "D02.1": ["死亡证明", "火化证"], "D02.2": one, "D03": "2026-10-01", "D04": "待乡镇核定",
            "D05": false, "D07": "保留", "D08": ["无"], "D09": sign,
        }),
        _ => json!({
            "R01": "2026-09-01", "R02": "2026-09-20", "R05": "自主就业", "R06": "求职", "R07": ["技能培训"], "R08.1": "已办",
            "R08.2": "未办", "R08.3": "不是党员", "R09": ["优待证", "光荣牌"], "R10": sign,
        }),
    }
}

const SHORT: [&str; 6] = [FESTIVAL, CONFIRM, PLAQUE, MERIT, DEATH, NEWREPORT];

fn look(template: &str, changes: &Json) -> View {
    let mut answers: Answers = serde_json::from_value(whole(template)).unwrap();
    for (code, answer) in changes.as_object().unwrap() {
        answers.set(code, answer.clone());
    }
    builtin(template).unwrap().look(&answers, &Facts::default(), today())
}

/// With these changes exactly these problems.
fn check(template: &str, changes: Json, expected: &[(&str, Why)]) {
    let view = look(template, &changes);
    let found: Vec<_> =
        view.problems().iter().map(|problem| (problem.code.as_str(), problem.why.clone())).collect();
    assert_eq!(found, expected, "{template} {changes}");
}

/// Whether a question is shown: with the first changes it is, with the second not.
fn shows(template: &str, code: &str, on: Json, off: Json) {
    assert!(look(template, &on).is_shown(code), "{code} with {on}");
    assert!(!look(template, &off).is_shown(code), "{code} with {off}");
}

#[test]
fn every_built_in_template_is_whole_in_both_languages() {
    for id in builtin_ids() {
        let checklist = builtin(id).unwrap();
        assert_eq!((checklist.template().id.as_str(), checklist.template().version), (id, 1));
        assert!(checklist.template().title.en.is_some());
        for question in checklist.questions() {
            assert!(question.text.en.is_some(), "{}", question.code);
            assert!(question.hint.iter().all(|hint| hint.en.is_some()), "{}", question.code);
            for choice in &question.options {
                assert!(choice.text.en.is_some(), "{} {}", question.code, choice.code);
                assert_eq!(choice.code, choice.text.zh);
            }
        }
    }
}

#[test]
fn every_kind_of_visit_has_a_template() {
    for kind in VisitKind::ALL {
        assert!(builtin(template_of(kind)).is_some(), "{kind:?}");
    }
    for id in builtin_ids() {
        assert_eq!(template_of(kind_of(id)), id);
    }
    assert_eq!(template_of(VisitKind::AfterHelp), FOLLOWUP);
    assert_eq!(kind_of("COUNTY-1"), VisitKind::FollowUp);
}

#[test]
fn a_whole_visit_by_each_form_is_complete() {
    for template in SHORT {
        check(template, json!({}), &[]);
    }
}

#[test]
fn a_greeting_by_post_asks_for_nobody() {
    check(FESTIVAL, json!({"F02": "邮寄", "F03": null, "F06": null, "F09": null, "F10": null}), &[]);
    for code in ["F03", "F06", "F09", "F10"] {
        shows(FESTIVAL, code, json!({"F02": "座谈"}), json!({"F02": "邮寄"}));
    }
    shows(FESTIVAL, "F06", json!({"F03": "子女"}), json!({"F03": "未见到"}));
    shows(FESTIVAL, "F05.2", json!({}), json!({"F05.1": null}));
    shows(FESTIVAL, "F08", json!({"F07": "有"}), json!({"F07": "无"}));
    check(FESTIVAL, json!({"F07": "有"}), &[("F08", Why::Missing)]);
    check(FESTIVAL, json!({"F04": -1}), &[("F04", Why::Less(0))]);
    check(FESTIVAL, json!({"F09": photos(3)}), &[("F09", Why::More(2))]);
    check(FESTIVAL, json!({"F10": {"refused": "不便", "reason": "手抖"}}), &[]);
}

#[test]
fn only_a_living_person_who_was_seen_is_confirmed() {
    let refused = &[("C13", Why::Rule)];
    check(CONFIRM, json!({"C04": false}), refused);
    check(CONFIRM, json!({"C06": "不一致"}), refused);
    check(CONFIRM, json!({"C06": "未带证件"}), &[]);
    check(CONFIRM, json!({"C02": "失联"}), refused);
    check(CONFIRM, json!({"C02": "失联", "C13": "减员建议"}), &[("C14", Why::Missing)]);
    check(CONFIRM, json!({"C02": "去世", "C03": "2026-11-24"}), &[("C03", Why::Rule), ("C13", Why::Rule)]);
    check(CONFIRM, json!({"C02": "去世", "C03": "2026-11-23", "C13": "减员建议", "C14": "去世"}), &[]);
}

#[test]
fn a_confirmation_from_afar_takes_the_photo_of_the_day_and_no_signature() {
    shows(CONFIRM, "C05", json!({"C01": "视频"}), json!({"C01": "现场"}));
    shows(CONFIRM, "C05", json!({"C01": "照片"}), json!({"C01": "照片", "C02": "服刑"}));
    shows(CONFIRM, "C15.1", json!({"C01": "现场"}), json!({"C01": "视频"}));
    shows(CONFIRM, "C08", json!({"C07": ["住址", "电话"]}), json!({"C07": ["电话"]}));
    shows(CONFIRM, "C09", json!({"C07": ["住址", "电话"]}), json!({"C07": ["住址"]}));
    shows(CONFIRM, "C10", json!({"C07": ["银行账号"]}), json!({"C07": ["住址"]}));
    shows(CONFIRM, "C12", json!({"C11": "等级变化"}), json!({"C11": null}));
    check(CONFIRM, json!({"C07": ["无变化", "电话"]}), &[("C07", Why::Alone), ("C09", Why::Missing)]);
}

#[test]
fn a_household_has_one_plaque() {
    let second = json!({"P04": true});
    for code in ["P05", "P06.1", "P06.2"] {
        shows(PLAQUE, code, json!({}), second.clone());
    }
    check(PLAQUE, second, &[]);
    shows(PLAQUE, "P05", json!({"P01": "更换"}), json!({"P01": "收回"}));
    shows(PLAQUE, "P06.1", json!({"P01": "收回"}), json!({"P04": null}));
    shows(PLAQUE, "P06.2", json!({"P01": "更换"}), json!({"P01": "收回"}));
    shows(PLAQUE, "P04", json!({}), json!({"P01": "更换"}));
    shows(PLAQUE, "P03", json!({"P02": "其他"}), json!({}));
}

#[test]
fn a_reward_is_signed_for_when_there_is_one() {
    shows(MERIT, "M04.2", json!({"M04.1": 1}), json!({"M04.1": 0}));
    check(MERIT, json!({"M04.2": null}), &[("M04.2", Why::Missing)]);
    check(MERIT, json!({"M04.2": {"refused": "拒签", "reason": "忙"}}), &[("M04.2", Why::Refused)]);
    check(MERIT, json!({"M05": photos(5)}), &[("M05", Why::More(4))]);
    shows(MERIT, "M07", json!({"M06": "有"}), json!({}));
}

#[test]
fn a_death_lies_not_ahead_and_its_papers_are_photographed() {
    check(DEATH, json!({"D01": "2026-11-24"}), &[("D01", Why::Rule)]);
    check(DEATH, json!({"D03": "2026-12-01"}), &[("D03", Why::Rule)]);
    check(DEATH, json!({"D02.2": null}), &[("D02.2", Why::Missing)]);
    shows(DEATH, "D06", json!({"D05": true}), json!({}));
    check(DEATH, json!({"D08": ["无", "优待证"]}), &[("D08", Why::Alone)]);
    assert!(builtin(DEATH).unwrap().question("D02.2").unwrap().paper);
}

#[test]
fn who_reports_in_after_thirty_days_is_asked_why() {
    for (day, late) in [("2026-10-01", false), ("2026-10-02", true)] {
        let view = look(NEWREPORT, &json!({"R02": day}));
        assert_eq!(view.stored().bool("R03"), Some(late), "{day}");
        assert_eq!(view.is_shown("R04"), late, "{day}");
    }
    check(NEWREPORT, json!({"R02": "2026-08-31"}), &[("R02", Why::Rule)]);
    check(NEWREPORT, json!({"R02": "2026-11-24"}), &[("R02", Why::Rule), ("R04", Why::Missing)]);
    check(NEWREPORT, json!({"R01": "2026-11-24"}), &[("R01", Why::Rule), ("R02", Why::Rule)]);
    assert!(!look(NEWREPORT, &json!({"R01": null})).is_shown("R03"));
}

#[test]
fn what_the_forms_find_follows_from_what_they_store() {
    let found = |template: &str, changes: Json| -> Vec<&'static str> {
        let view = look(template, &changes);
        findings(view.stored(), &Thresholds::default()).iter().map(|finding| finding.rule()).collect()
    };
    assert_eq!(found(FESTIVAL, json!({"F07": "有", "F08": "缺煤"})), ["N-OTH"]);
    assert_eq!(found(MERIT, json!({"M06": "有", "M07": "病"})), ["N-OTH"]);
    assert_eq!(found(CONFIRM, json!({"C02": "去世"})), ["D1"]);
    assert_eq!(found(DEATH, json!({})), ["D1"]);
    assert_eq!(found(NEWREPORT, json!({})), ["T-PLAQUE", "T-CARD"]);
    assert_eq!(found(PLAQUE, json!({})), [] as [&str; 0]);
    assert_eq!(found(CONFIRM, json!({})), [] as [&str; 0]);
}
