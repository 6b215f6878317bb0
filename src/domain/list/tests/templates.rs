//! The eight templates of the provincial system (domain.md §9.4).

use serde_json::{Value, json};

use super::{judge, n, t, text_row};
use crate::list::grid::{Cell, Grid};
use crate::list::report::RowReport;
use crate::list::report::Verdict::{Accept, Refuse};

const COMMON: &str = "序号 {}身份证号* 姓名* 出生日期* 民族* 性别* 与户主关系* 户籍类别* 户口薄行政区划代码* 户口簿住址 \
    实际居住地行政区划代码* 实际居住地址 医疗保障方式* 医疗保险号 养老保障方式 联系方式(手机) 其他联系方式 邮政编码 \
    婚姻状况 文化程度 健康状况 政治面貌 就业状况 年收入 工作单位名称 工作单位性质 工作单位电话 工作单位地址 \
    是否有房 住房性质 住房状况 房屋类型 房屋结构 房屋间数 住房建筑时间 家庭人口数* 总建筑面积 人均建筑面积";
const BANK: &str = "开户银行* 开户名称* 银行账户* 备注";
pub(super) const SERVICE: &str = "优抚对象状态* 证书编号* 批准日期* 入伍（参加工作时间）* 退伍时间*";

/// Words that fill a column, by what its heading contains; the first that fits.
const FILLS: &[(&str, &str)] = &[
    ("序号", "1"),
    ("身份证号", "33999919660905108X"),
    ("烈士(牺牲,病故军人)姓名", "李大"),
    ("姓名", "李梅"),
    ("烈士(牺牲,病故军人)性别", "男"),
    ("性别", "女"),
    ("牺牲病故时间", "1952-6-1"),
    ("牺牲时间", "1952-6-1"),
    ("出生日期", "1966/9/5"),
    ("民族", "汉族"),
    ("户主关系", "配偶"),
    ("军人关系", "子女"),
    ("牺牲者关系", "子女"),
    ("户籍类别", "农村"),
    ("行政区划代码", "339999100201"),
    ("住址", "红旗村3组"),
    ("居住地址", "红旗村3组"),
    ("医疗保障方式", "新农合"),
    ("养老保障方式", "新农保"),
    ("手机", "13800001234"),
    ("婚姻状况", "丧偶"),
    ("文化程度", "小学"),
    ("健康状况*", "一般"),
    ("健康状况", "有慢性病"),
    ("身体状况", "一般"),
    ("政治面貌", "群众"),
    ("就业状况", "无工作"),
    ("年收入", "12000.5"),
    ("是否有房", "是"),
    ("住房性质", "自建房"),
    ("住房状况", "完好"),
    ("房屋类型", "平房"),
    ("房屋结构", "砖木"),
    ("房屋间数", "3"),
    ("家庭人口", "2"),
    ("18岁", "0"),
    ("60岁", "1"),
    ("伤残类别", "残疾军人"),
    ("优抚对象类别", "烈士遗属"),
    ("等级", "七级"),
    ("伤残性质", "因战"),
    ("优抚对象状态", "享受待遇"),
    ("编号", "军浙52425"),
    ("字号", "烈字1号"),
    ("证件号", "退1号"),
    ("证号", "复1号"),
    ("批准", "1985/3/2"),
    ("入伍", "1978-12-1"),
    ("时期", "建国后"),
    ("属别", "在乡"),
    ("抗美援朝", "否"),
    ("孤老", "否"),
    ("孤儿", "否"),
    ("精神病", "否"),
    ("是否", "否"),
    ("劳动能力", "部分丧失"),
    ("生活能力", "自理"),
    ("供养方式", "分散供养"),
    ("开户银行", "农村信用社"),
    ("开户名称", "李梅"),
    ("银行账", "6222021001122334556"),
    ("经济状况", "困难"),
    ("生活状况", "一般"),
    ("参战类别", "抗美援朝"),
    ("参试类别", "原8023部队"),
    ("身份认证依据", "档案"),
    ("身份类别", "烈士子女"),
    ("子女数", "0"),
    ("年限", "3"),
    ("开始", "1978-12-1"),
    ("结束", "1981-12-1"),
    ("时间", "1981-12-1"),
];

fn fill(heading: &str) -> &'static str {
    FILLS.iter().find(|(part, _)| heading.contains(part)).map_or("某处", |(_, value)| value)
}

pub(super) fn template(kind: &str, middle: &str) -> (Vec<String>, Vec<String>) {
    let all = format!("{} {middle} {BANK}", COMMON.replace("{}", kind));
    let headings: Vec<String> = all.split_whitespace().map(str::to_owned).collect();
    let values = headings.iter().map(|heading| fill(heading).to_owned()).collect();
    (headings, values)
}

pub(super) fn row(headings: &[String], values: Vec<Cell>) -> RowReport {
    let header: Vec<&str> = headings.iter().map(String::as_str).collect();
    judge(&Grid { rows: vec![text_row(&header), values], ..Grid::default() }).unwrap().rows.remove(0)
}

fn accepted(kind: &str, middle: &str) -> Value {
    let (headings, values) = template(kind, middle);
    let row = row(&headings, values.iter().map(|value| t(value)).collect());
    assert_eq!((row.verdict, row.codes()), (Accept, vec![]), "{kind}: {:?}", row.whys);
    json!(row.record())
}

const DISABLED: &str = "伤残类别* 伤残等级* 伤残性质* 优抚对象状态* 证书编号* 批准日期* 入伍（参加工作时间）* 伤残时期* 抗美援朝 \
    伤残属别* 致残时间* 退伍时间 离退休时间 致残时所在单位 致残地点* 致残情况* 致残原因* 是否孤老* 是否精神病* 劳动能力* 生活能力* 供养方式*";

pub(super) const KIN: &str = "优抚对象类别* 与牺牲病故军人关系* 优抚对象状态* 定期抚恤证编号* 批准时间* 是否正在上学* 是否残疾* 是否孤老* 是否孤儿* 劳动能力* \
    生活能力* 供养方式* 是否持证人* 烈士(牺牲,病故军人)证书字号 烈士(牺牲,病故军人)姓名* 烈士(牺牲,病故军人)性别* \
    烈士(牺牲,病故军人)出生日期 入伍(工作)时间 生前所在单位 生前职务 牺牲病故时间 牺牲病故地点 烈士(牺牲,病故军人)批准时间 牺牲病故原因";
const MORE: &str = "是否孤老* 劳动能力* 生活能力* 供养方式*";
/// The six whose category stands in the heading of the number: its word, its own columns, its code.
pub(super) const OTHERS: [(&str, &str, &str); 6] = [
    ("在乡复员人员", "属于时期* 是否抗美援朝* 定期定量补助证编号* 复员证号", "41"),
    ("带病回乡人员", "是否参战* 是否参试* 身体状况* 家庭经济状况 在部队期间患病信息 生活补助证编号*", "42"),
    ("参战人员", "参战类别* 健康状况* 生活状况*", "51"),
    ("参试人员", "参试类别* 健康状况* 职业健康检查* 本次查体时间 上次查体时间 先天性残疾子女数", "61"),
    (
        "60岁退役士兵",
        "退役证件号 服役部队名称（番号）* 服役部队代号* 服义务兵（开始时间）* 服义务兵（结束时间）* 所服义务兵折算年限 家庭人口 18岁（含）以下 60岁（含)以上 是否享受低保待遇 是否享受五保待遇 身份认证依据",
        "81",
    ),
    (
        "老烈子女",
        "身份类别* 牺牲者姓名 牺牲时间* 批准(平反)时间* 与牺牲者关系 是否享受过抚恤金 生活状况*",
        "B1",
    ),
];

/// All eight: the word in the heading of the number, and the columns between the common ones and the bank.
fn all_eight() -> Vec<(&'static str, String)> {
    let others = OTHERS.iter().map(|(kind, middle, _)| (*kind, format!("{SERVICE} {middle} {MORE}")));
    [("伤残", DISABLED.to_owned()), ("三属人员", KIN.to_owned())].into_iter().chain(others).collect()
}

#[test]
fn a_demanded_column_of_any_template_refuses_an_empty_cell() {
    for (kind, middle) in all_eight() {
        let (headings, values) = template(kind, &middle);
        for at in (0..headings.len()).filter(|at| headings[*at].ends_with('*')) {
            let mut cells: Vec<Cell> = values.iter().map(|value| t(value)).collect();
            cells[at] = Cell::Empty;
            let row = row(&headings, cells);
            let place =
                |code: &str| row.whys.iter().find(|why| why.code == code).and_then(|why| why.heading.clone());
            assert_eq!(row.verdict, Refuse, "{kind} {}", headings[at]);
            assert_eq!(place("required_missing").as_ref(), Some(&headings[at]), "{kind}");
        }
    }
}

#[test]
fn damage_of_each_kind_is_found_in_any_template() {
    for (kind, middle) in all_eight() {
        let (headings, values) = template(kind, &middle);
        let id = headings.iter().position(|heading| heading.contains("身份证号")).unwrap();
        let at = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
        for (at, cell, verdict, code) in [
            (id, t("339999196609051081"), Refuse, "id_checksum"),
            (id, t("33999919660905108x"), Accept, "id_normalised"),
            (id, t("３３９９９９１９６６０９０５１０８Ｘ"), Accept, "id_normalised"),
            (id, n("339999660905108"), Accept, "id_converted"),
            (id, n("339999196609051000"), Refuse, "id_precision_lost"),
            (id, t("33999920990905108X"), Refuse, "id_checksum"),
            (at("性别*"), t("男"), Accept, "sex_mismatch"),
            (at("民族*"), t("火星"), Refuse, "option_unknown"),
            (at("出生日期*"), t("去年"), Refuse, "date_invalid"),
            (at("户口薄行政区划代码*"), t("110101001001"), Refuse, "region_outside"),
            (at("银行账户*"), n("6222021001122334000"), Refuse, "account_precision_lost"),
        ] {
            let mut cells: Vec<Cell> = values.iter().map(|value| t(value)).collect();
            cells[at] = cell;
            let row = row(&headings, cells);
            assert_eq!(row.verdict, verdict, "{kind} {code}: {:?}", row.codes());
            assert!(row.codes().contains(&code), "{kind} {code}: {:?}", row.codes());
        }
    }
}

#[test]
fn all_eight_are_accepted_with_their_category_and_fields() {
    let disabled = accepted("伤残", DISABLED);
    assert_eq!(
        (&disabled["category"], &disabled["grade"], &disabled["cause"]),
        (&json!("11"), &json!(7), &json!("war"))
    );
    assert_eq!((&disabled["health"], &disabled["lone_elder"]), (&json!("30"), &json!(false)));
    assert_eq!(disabled["income_year"], json!(1_200_050));
    let kin = accepted("三属人员", KIN);
    assert_eq!(
        (&kin["category"], &kin["name"], &kin["deceased_name"]),
        (&json!("21"), &json!("李梅"), &json!("李大"))
    );
    assert_eq!(
        (&kin["kin_relation"], &kin["deceased_sex"], &kin["sex"]),
        (&json!("child"), &json!("1"), &json!("2"))
    );
    assert_eq!((&kin["deceased_on"], &kin["deceased_cert_no"]), (&json!("1952-06-01"), &json!("烈字1号")));
    for (kind, middle, category) in OTHERS {
        let record = accepted(kind, &format!("{SERVICE} {middle} {MORE}"));
        assert_eq!(record["category"], json!(category), "{kind}");
        assert_eq!(record["self_care"], json!("1"), "{kind}");
    }
}

#[test]
fn the_second_health_column_of_a_template_is_the_body_state() {
    let record = accepted("参战人员", &format!("{SERVICE} 参战类别* 健康状况*"));
    assert_eq!((&record["health"], &record["body_state"]), (&json!("30"), &json!("2")));
}

#[test]
fn a_template_is_strict() {
    let (headings, values) = template("伤残", DISABLED);
    let column = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    for (heading, cell, code) in [
        ("致残时间*", t("八四年夏"), "date_invalid"),
        ("退伍时间", t("1981年"), "date_invalid"),
        ("供养方式*", t("自己过"), "option_unknown"),
        ("婚姻状况", t("单着"), "option_unknown"),
        ("民族*", t("火星"), "option_unknown"),
        ("证书编号*", Cell::Empty, "required_missing"),
        ("证书编号*", t(" "), "required_missing"),
        ("姓名*", Cell::Empty, "name_missing"),
        ("户口薄行政区划代码*", t("339998100201"), "region_outside"),
        ("户口薄行政区划代码*", t("339999101201"), "region_outside"),
        ("户口薄行政区划代码*", t("33999"), "region_outside"),
        ("伤残等级*", t("十一级"), "grade_out_of_range"),
        ("伤残性质*", t("工伤"), "option_unknown"),
        ("银行账户*", n("6222021001122334000"), "account_precision_lost"),
        ("家庭人口数*", t("好几个"), "number_invalid"),
    ] {
        let mut cells: Vec<Cell> = values.iter().map(|value| t(value)).collect();
        cells[column(heading)] = cell;
        let row = row(&headings, cells);
        assert!(row.verdict == Refuse && row.codes().contains(&code), "{heading}: {:?}", row.codes());
        let place = row.whys.iter().find(|why| why.code == code).unwrap();
        assert_eq!(place.heading.as_deref(), Some(heading));
    }
}

#[test]
fn numbers_and_dates_of_a_template_may_be_typed_cells() {
    let (headings, values) = template("伤残", DISABLED);
    let column = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let mut cells: Vec<Cell> = values.iter().map(|value| t(value)).collect();
    cells[column("户口薄行政区划代码*")] = n("339999100202");
    cells[column("批准日期*")] = Cell::Date(31_108);
    cells[column("致残时间*")] = n("31108");
    cells[column("是否孤老*")] = Cell::Bool(true);
    cells[column("实际居住地行政区划代码*")] = t("330102001001");
    let row = row(&headings, cells);
    let record = json!(row.record());
    assert_eq!((row.verdict, row.codes()), (Accept, vec!["region_outside"]), "one may live elsewhere");
    assert_eq!(
        (&record["domicile_code"], &record["approved_on"]),
        (&json!("339999100202"), &json!("1985-03-02"))
    );
    assert_eq!((&record["injured_on"], &record["lone_elder"]), (&json!("1985-03-02"), &json!(true)));
}

#[test]
fn options_that_the_file_itself_lists_are_kept_as_text() {
    let (headings, values) = template("伤残", DISABLED);
    let column = headings.iter().position(|heading| heading == "供养方式*").unwrap();
    let mut cells: Vec<Cell> = values.iter().map(|value| t(value)).collect();
    cells[column] = t("荣誉军人康复中心");
    let header: Vec<&str> = headings.iter().map(String::as_str).collect();
    let mut grid = Grid { rows: vec![text_row(&header), cells], ..Grid::default() };
    assert_eq!(judge(&grid).unwrap().rows[0].codes(), ["option_unknown"]);
    let options = Grid {
        rows: vec![text_row(&["供养方式 *"]), text_row(&["荣誉军人康复中心"])],
        ..Grid::default()
    };
    grid.add_options(&options);
    let row = judge(&grid).unwrap().rows.remove(0);
    assert_eq!((row.verdict, row.text("support")), (Accept, Some("荣誉军人康复中心")));
}
