//! The seven templates that came without an answer key: what each column of theirs is taken for, and what is refused.

use serde_json::{Value, json};

use super::templates::{KIN, OTHERS, SERVICE, row, template};
use super::{n, t};
use crate::list::grid::Cell;
use crate::list::report::RowReport;
use crate::list::report::Verdict::{Accept, Refuse};

const CARE: &str = "是否孤老* 劳动能力* 生活能力* 供养方式*";

/// The columns between the common ones and the bank.
fn middle(kind: &str) -> String {
    let others = OTHERS.iter().find(|(known, ..)| *known == kind);
    others.map_or_else(|| KIN.to_owned(), |(_, middle, _)| format!("{SERVICE} {middle} {CARE}"))
}

/// A good row of a template with one cell changed; of repeated headings the one that is written so.
fn with(kind: &str, heading: &str, cell: &Cell) -> RowReport {
    let (headings, values) = template(kind, &middle(kind));
    let at = headings.iter().position(|known| known == heading);
    let at = at.unwrap_or_else(|| panic!("{kind} has no column {heading}"));
    let mut cells: Vec<Cell> = values.iter().map(|value| t(value)).collect();
    cells[at] = cell.clone();
    row(&headings, cells)
}

#[test]
fn every_value_of_the_seven_is_stored_as_its_code() {
    for (kind, heading, text, field, value) in [
        ("三属人员", "优抚对象类别*", "因公牺牲军人家属", "category", json!("22")),
        ("三属人员", "优抚对象类别*", "烈属", "category", json!("21")),
        ("三属人员", "与牺牲病故军人关系*", "父母(抚养人)", "kin_relation", json!("parent")),
        ("三属人员", "与牺牲病故军人关系*", "兄弟姐妹", "kin_relation", json!("sibling")),
        ("三属人员", "是否持证人*", "是", "cert_holder", json!(true)),
        ("三属人员", "烈士(牺牲,病故军人)出生日期", "1930-2-3", "deceased_birth", json!("1930-02-03")),
        ("三属人员", "入伍(工作)时间", "1950/1/2", "deceased_enlisted_on", json!("1950-01-02")),
        ("三属人员", "烈士(牺牲,病故军人)批准时间", "1953/1/2", "deceased_approved_on", json!("1953-01-02")),
        ("在乡复员人员", "属于时期*", "解放战争", "period", json!("war_liberation")),
        ("在乡复员人员", "是否抗美援朝*", "是", "korea", json!(true)),
        ("带病回乡人员", "身体状况*", "差", "body_state", json!("3")),
        ("带病回乡人员", "家庭经济状况", "困难", "economy", json!("3")),
        ("带病回乡人员", "是否参试*", "是", "in_test", json!(true)),
        ("参战人员", "参战类别*", "中越边境自卫还击", "war_kind", json!("12")),
        ("参战人员", "参战类别*", "珍宝岛", "war_kind", json!("珍宝岛")),
        ("参战人员", "健康状况*", "良好", "body_state", json!("1")),
        ("参战人员", "健康状况", "残疾", "health", json!("60")),
        ("参战人员", "生活状况*", "差", "life_state", json!("3")),
        ("参试人员", "参试类别*", "其他核试验", "test_kind", json!("2")),
        ("参试人员", "先天性残疾子女数", "2", "disabled_children", json!(2)),
        ("参试人员", "本次查体时间", "2024-05-06", "exam_on", json!("2024-05-06")),
        ("60岁退役士兵", "家庭人口数*", "3", "family_size", json!(3)),
        ("60岁退役士兵", "60岁（含)以上", "2", "family_elders", json!(2)),
        ("60岁退役士兵", "服义务兵（结束时间）*", "1983/12/1", "service_to", json!("1983-12-01")),
        ("60岁退役士兵", "是否享受五保待遇", "是", "relief_destitute", json!(true)),
        ("60岁退役士兵", "身份认证依据", "书面证明", "proof", json!("witness")),
        ("老烈子女", "牺牲者姓名", "李大", "deceased_name", json!("李大")),
        ("老烈子女", "批准(平反)时间*", "1983-4-5", "rehabilitated_on", json!("1983-04-05")),
        ("老烈子女", "是否享受过抚恤金", "是", "had_pension", json!(true)),
        ("老烈子女", "生活能力*", "半自理", "self_care", json!("3")),
        ("老烈子女", "生活能力*", "享受护理", "self_care", json!("2")),
    ] {
        let row = with(kind, heading, &t(text));
        let record: Value = row.record().into();
        assert_eq!((row.verdict, row.codes()), (Accept, vec![]), "{kind} {heading} {text}");
        assert_eq!(record[field], value, "{kind} {heading} {text}");
    }
}

#[test]
fn every_damage_of_the_seven_is_refused_at_its_column() {
    for (kind, heading, cell, codes) in [
        ("三属人员", "优抚对象类别*", t("五保户"), vec!["category_unknown"]),
        ("三属人员", "与牺牲病故军人关系*", t("邻居"), vec!["option_unknown"]),
        ("三属人员", "批准时间*", t("2012-2-30"), vec!["date_invalid"]),
        ("三属人员", "烈士(牺牲,病故军人)姓名*", t(" "), vec!["required_missing"]),
        ("三属人员", "烈士(牺牲,病故军人)性别*", t("先生"), vec!["option_unknown"]),
        ("在乡复员人员", "是否抗美援朝*", t("记不清"), vec!["option_unknown"]),
        ("在乡复员人员", "批准日期*", n("1985"), vec!["date_invalid"]),
        ("在乡复员人员", "批准日期*", t("不详"), vec!["date_invalid", "required_missing"]),
        ("带病回乡人员", "身体状况*", t("/"), vec!["option_unknown", "required_missing"]),
        ("带病回乡人员", "家庭经济状况", t("还行吧"), vec!["option_unknown"]),
        ("参战人员", "健康状况*", t("有慢性病"), vec!["option_unknown"]),
        ("参战人员", "健康状况*", Cell::Empty, vec!["required_missing"]),
        ("参战人员", "参战类别*", Cell::Empty, vec!["required_missing"]),
        ("参试人员", "参试类别*", t("越战"), vec!["option_unknown"]),
        ("参试人员", "本次查体时间", t("去年"), vec!["date_invalid"]),
        ("60岁退役士兵", "家庭人口数*", t("0"), vec!["number_range"]),
        ("60岁退役士兵", "家庭人口数*", n("31"), vec!["number_range"]),
        ("60岁退役士兵", "身份认证依据", t("听说"), vec!["option_unknown"]),
        ("60岁退役士兵", "服义务兵（开始时间）*", t("七八年底"), vec!["date_invalid"]),
        ("60岁退役士兵", "60岁退役士兵身份证号*", n("339999196609051000"), vec!["id_precision_lost"]),
        ("老烈子女", "身份类别*", Cell::Empty, vec!["required_missing"]),
        ("老烈子女", "牺牲时间*", t("1951年"), vec!["date_invalid"]),
        ("老烈子女", "民族*", t("不详"), vec!["option_unknown", "required_missing"]),
    ] {
        let row = with(kind, heading, &cell);
        assert_eq!((row.verdict, row.codes()), (Refuse, codes), "{kind} {heading} {cell:?}");
        let place = row.whys.iter().find(|why| why.refuses).and_then(|why| why.heading.as_deref());
        assert_eq!(place, Some(heading), "{kind}");
    }
}

#[test]
fn a_person_without_a_number_is_refused_whatever_his_remark_says() {
    for kind in OTHERS.iter().map(|(kind, ..)| *kind).chain(["三属人员"]) {
        for remark in ["联系人：儿子", "备注：待核", "合计", "说明：迁入"] {
            let (headings, values) = template(kind, &middle(kind));
            let mut cells: Vec<Cell> = values.iter().map(|value| t(value)).collect();
            cells[1] = Cell::Empty;
            *cells.last_mut().unwrap() = t(remark);
            let row = row(&headings, cells);
            assert_eq!(
                (row.verdict, row.codes()),
                (Refuse, vec!["id_missing", "required_missing"]),
                "{kind}"
            );
        }
    }
}

#[test]
fn a_word_for_nothing_leaves_a_column_that_is_not_demanded_empty() {
    for (kind, heading, text, field) in [
        ("参战人员", "婚姻状况", "/", "marriage"),
        ("参战人员", "文化程度", "不详", "edu"),
        ("60岁退役士兵", "身份认证依据", "-", "proof"),
        ("老烈子女", "住房性质", "—", "house_own"),
    ] {
        let row = with(kind, heading, &t(text));
        assert_eq!((row.verdict, row.codes(), row.text(field)), (Accept, vec![], None), "{kind} {heading}");
    }
    let none = with("参战人员", "养老保障方式", &t("无"));
    assert_eq!(none.text("pension_scheme"), Some("none"), "无 is one of the values there");
}
