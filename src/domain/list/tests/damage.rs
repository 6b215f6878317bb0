//! Damage that lists arrive with, one cell at a time.

use serde_json::json;

use super::{GOOD, HEADER, grid, judge, n, row_with, t, text_row};
use crate::list::grid::{Cell, Grid, Merge};
use crate::list::report::Verdict::{Accept, Refuse};
use crate::list::{Context, ListError, read};
use crate::region::{Area, AreaTree};

const VILLAGE: usize = 1;
const NAME: usize = 2;
const SEX: usize = 3;
const ID: usize = 4;
const CATEGORY: usize = 5;
const GRADE: usize = 6;
const PHONE: usize = 8;
const ACCOUNT: usize = 9;

#[test]
fn a_list_that_cannot_be_read_says_why() {
    assert_eq!(judge(&Grid::default()).err(), Some(ListError::Empty));
    assert_eq!(judge(&grid(&[&["", " ", "\u{a0}"], &[]])).err(), Some(ListError::Empty));
    assert_eq!(
        judge(&grid(&[&["姓名", "身份证号", "爱好"], &["李伟"]])).err(),
        Some(ListError::HeaderNotFound)
    );
    let mut late = vec![text_row(&["花名册"]); 10];
    late.push(text_row(&HEADER));
    assert_eq!(judge(&Grid { rows: late, ..Grid::default() }).err(), Some(ListError::HeaderNotFound));
    let nameless = grid(&[&["村", "身份证号", "类别", "住址"], &["红旗村"]]);
    assert_eq!(judge(&nameless).err(), Some(ListError::ColumnMissing { row: 1, field: "name".to_owned() }));
    let unsorted = grid(&[&["村", "姓名", "身份证号", "住址"], &["红旗村"]]);
    assert_eq!(
        judge(&unsorted).err(),
        Some(ListError::ColumnMissing { row: 1, field: "category".to_owned() })
    );
    let mut long = vec![text_row(&["姓名", "身份证号", "类别", "住址"])];
    long.resize(20_002, text_row(&["李伟", "339999194803120019", "参战"]));
    let too_long = Grid { rows: long.clone(), ..Grid::default() };
    assert_eq!(judge(&too_long).err(), Some(ListError::TooManyRows { rows: 20_001, row: 20_002 }));
    long.pop();
    assert!(judge(&Grid { rows: long, ..Grid::default() }).is_ok());
}

#[test]
fn a_person_who_could_be_mistaken_is_refused_with_the_reason() {
    for (changes, codes) in [
        (vec![(NAME, Cell::Empty)], vec!["name_missing", "required_missing"]),
        (vec![(NAME, t("\u{3000}"))], vec!["name_missing", "required_missing"]),
        (vec![(ID, Cell::Empty)], vec!["id_missing", "required_missing"]),
        (vec![(ID, t("无"))], vec!["id_missing", "required_missing"]),
        (vec![(ID, t("339999194803120018"))], vec!["id_checksum"]),
        (vec![(ID, t("33999919480312001"))], vec!["id_length", "id_checksum"]),
        (vec![(ID, t("33999919480312001Q"))], vec!["id_charset", "id_checksum"]),
        (vec![(ID, n("339999194803120019"))], vec!["id_precision_lost"]),
        (vec![(ID, n("339999194803120000"))], vec!["id_precision_lost"]),
        (vec![(ID, t("3.39999E+17"))], vec!["id_precision_lost"]),
        (vec![(ID, t("339999194505148000"))], vec!["id_precision_lost"]),
        (vec![(ID, n("33999948031200"))], vec!["id_length", "id_checksum"]),
        (vec![(ID, t("339999209901017698"))], vec!["birth_in_future"]),
        (vec![(CATEGORY, t("五保户"))], vec!["category_unknown"]),
        (vec![(CATEGORY, Cell::Empty)], vec!["category_unknown", "required_missing"]),
        (vec![(CATEGORY, t("残疾军人")), (GRADE, t("11级"))], vec!["grade_out_of_range"]),
        (vec![(CATEGORY, t("残疾军人")), (GRADE, t("因病八级"))], vec!["illness_grade"]),
        (vec![(CATEGORY, t("残疾军人")), (GRADE, t("很重"))], vec!["grade_out_of_range", "option_unknown"]),
    ] {
        let row = row_with(&changes);
        assert_eq!((row.verdict, row.codes()), (Refuse, codes), "{changes:?}");
    }
}

#[test]
fn what_is_merely_odd_is_accepted_with_a_warning() {
    for (changes, codes) in [
        (vec![(ID, t(" 339999194803120019"))], vec!["id_normalised"]),
        (vec![(ID, t("'339999194803120019"))], vec!["id_normalised"]),
        (vec![(ID, t("339999194803120019\u{a0}"))], vec!["id_normalised"]),
        (vec![(ID, t("３３９９９９１９４８０３１２００１９"))], vec!["id_normalised"]),
        (vec![(ID, t("339999530506085"))], vec!["id_converted"]),
        (vec![(ID, n("339999530506085"))], vec!["id_converted"]),
        (vec![(SEX, t("女"))], vec!["sex_mismatch"]),
        (vec![(SEX, t("?"))], vec!["option_unknown"]),
        (vec![(NAME, t("李伟2"))], vec!["name_odd"]),
        (vec![(PHONE, Cell::Empty)], vec!["phone_missing"]),
        (vec![(PHONE, t("1380000"))], vec![]),
        (vec![(PHONE, t("138000012345"))], vec!["phone_invalid"]),
        (vec![(PHONE, t("8613800001234"))], vec![]),
        (vec![(PHONE, t("1.38E+10"))], vec!["phone_invalid", "phone_missing"]),
        (vec![(ACCOUNT, n("6222021001122334000"))], vec!["account_precision_lost"]),
        (vec![(ACCOUNT, t("6222"))], vec!["account_invalid"]),
        (vec![(CATEGORY, t("残疾军人"))], vec!["grade_missing"]),
        (vec![(CATEGORY, t("残疾军人")), (GRADE, t("二等乙级"))], vec!["grade_old_class"]),
        (vec![(GRADE, t("3级"))], vec!["grade_unexpected"]),
        (vec![(PHONE, Cell::Error("#N/A".into()))], vec!["cell_error", "phone_missing"]),
        (vec![(VILLAGE, Cell::Empty)], vec!["village_missing"]),
    ] {
        let row = row_with(&changes);
        assert_eq!((row.verdict, row.codes()), (Accept, codes), "{changes:?}");
    }
}

#[test]
fn clean_rows_have_neither_warnings_nor_lost_values() {
    let row = row_with(&[]);
    assert_eq!((row.verdict, row.codes()), (Accept, vec![]));
    let record = json!(row.record());
    for (field, value) in [
        ("name", json!("李伟")),
        ("id_no", json!("339999194803120019")),
        ("category", json!("51")),
        ("grade", json!(null)),
        ("birth", json!("1948-03-12")),
        ("sex", json!("1")),
        ("village", json!("红旗村")),
        ("phone", json!("13800001234")),
        ("account_no", json!("6222021001122334556")),
    ] {
        assert_eq!(record[field], value, "{field}");
    }
}

#[test]
fn values_are_understood_however_they_are_written() {
    for (changes, field, value) in [
        (vec![(NAME, t("李　伟"))], "name", json!("李伟")),
        (vec![(NAME, t(" 阿布都•热合曼 "))], "name", json!("阿布都·热合曼")),
        (vec![(PHONE, n("13800001234"))], "phone", json!("13800001234")),
        (vec![(PHONE, t("０５７０－６３４６６８１"))], "phone2", json!("0570-6346681")),
        (vec![(PHONE, t("138 0000 1234/0570-6346681"))], "phone", json!("138 0000 1234/0570-6346681")),
        (vec![(ACCOUNT, t("6222 0210 0112 2334 556"))], "account_no", json!("6222021001122334556")),
        (vec![(CATEGORY, t("残疾军人")), (GRADE, n("7"))], "grade", json!(7)),
        (vec![(CATEGORY, t("残疾军人")), (GRADE, t("因公柒级"))], "cause", json!("duty")),
        (vec![(CATEGORY, t("因战七级残疾军人"))], "grade", json!(7)),
        (vec![(CATEGORY, t("残疾军人(十级)"))], "grade", json!(10)),
        (vec![(CATEGORY, t("残疾军人")), (GRADE, t("二等乙级"))], "old_class", json!("second_b")),
        (vec![(CATEGORY, t("残疾军人")), (GRADE, t("Ⅵ级"))], "grade", json!(6)),
    ] {
        let row = row_with(&changes);
        if field == "phone" && value.as_str().is_some_and(|text| text.contains('/')) {
            assert_eq!(row.text("phone2"), Some("0570-6346681"), "the second number is kept");
            continue;
        }
        assert_eq!((row.verdict, &row.record()[field]), (Accept, &value), "{changes:?}");
    }
}

#[test]
fn of_two_rows_with_one_number_the_later_is_refused_unless_it_is_another_category() {
    let mut other = GOOD;
    other[CATEGORY] = "带病回乡退伍军人";
    other[PHONE] = "13900001234";
    let mut stranger = other;
    stranger[NAME] = "王强";
    stranger[CATEGORY] = "老烈子女";
    let report = judge(&grid(&[&HEADER, &GOOD, &GOOD, &other, &stranger])).unwrap();
    let verdicts: Vec<_> = report.rows.iter().map(|row| (row.verdict, row.codes())).collect();
    let twin = vec!["id_duplicate_in_file"];
    let differs = vec!["differs_from_other_row"];
    assert_eq!(verdicts, [(Accept, differs), (Refuse, twin.clone()), (Accept, vec![]), (Refuse, twin)]);
    assert_eq!(report.rows[1].whys[0].other_row, Some(2));
}

#[test]
fn of_two_rows_of_one_person_the_same_decides_in_any_order() {
    let mut other = GOOD;
    other[CATEGORY] = "带病回乡退伍军人";
    other[PHONE] = "13900001234";
    other[VILLAGE] = "柳河村";
    for rows in [[&HEADER, &GOOD, &other], [&HEADER, &other, &GOOD]] {
        let report = judge(&grid(&rows.map(|row| row.as_slice()))).unwrap();
        for row in &report.rows {
            assert_eq!((row.text("mobile"), row.village.as_deref()), (Some("13900001234"), Some("柳河村")));
        }
    }
}

#[test]
fn a_bad_row_does_not_block_the_good_one_of_the_same_person() {
    let mut bad = GOOD;
    bad[CATEGORY] = "五保户";
    let report = judge(&grid(&[&HEADER, &bad, &GOOD])).unwrap();
    assert_eq!(report.rows.iter().map(|row| row.verdict).collect::<Vec<_>>(), [Refuse, Accept]);
}

#[test]
fn rows_that_are_no_people_are_skipped_with_the_reason() {
    let report = judge(&grid(&[
        &["双桥镇花名册"],
        &HEADER,
        &GOOD,
        &["2", "红旗村"],
        &["", "", ""],
        &["小计", "1人"],
        &["", "本页合计", "1人"],
        &HEADER,
        &["柳河村"],
        &["3", "", "王强", "男", "33999919710117215X", "参战"],
        &["总计", "", "", "", "2"],
        &["审核人:      制表人:      注:本表一式三份"],
        &["", "", "填表日期：", "2026年10月"],
        &["", ""],
    ]))
    .unwrap();
    assert_eq!(report.header_row, 2);
    let skipped: Vec<_> = report.skipped.iter().map(|skipped| (skipped.row, skipped.why)).collect();
    assert_eq!(
        skipped,
        [
            (4, "empty"),
            (5, "empty"),
            (6, "subtotal"),
            (7, "subtotal"),
            (8, "header"),
            (9, "section"),
            (11, "total"),
            (12, "footnote"),
            (13, "footnote"),
        ]
    );
    assert_eq!(report.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [3, 10]);
    assert_eq!(report.rows[1].village.as_deref(), Some("柳河村"));
}

#[test]
fn a_person_without_a_number_is_a_person_and_not_a_footnote() {
    let report =
        judge(&grid(&[&HEADER, &["1", "红旗村", "张三"], &["2", "红旗村", "", "男", "", "参战"]])).unwrap();
    assert_eq!(report.rows.iter().map(|row| row.verdict).collect::<Vec<_>>(), [Refuse, Refuse]);
    assert_eq!(report.skipped, []);
}

#[test]
fn merged_cells_lend_their_value_and_empty_ones_are_only_assumed() {
    let mut below = GOOD;
    below[VILLAGE] = "";
    below[ID] = "33999919710117215X";
    let mut merged = grid(&[&HEADER, &GOOD, &below]);
    merged.merges = vec![Merge { top: 1, left: VILLAGE, bottom: 2, right: VILLAGE }];
    let report = judge(&merged).unwrap();
    assert_eq!((report.rows[1].village.as_deref(), report.rows[1].codes()), (Some("红旗村"), vec![]));
    merged.merges.clear();
    let report = judge(&merged).unwrap();
    assert_eq!(
        (report.rows[1].village.as_deref(), report.rows[1].codes()),
        (Some("红旗村"), vec!["village_assumed"])
    );
}

#[test]
fn a_person_merged_over_two_rows_has_two_categories() {
    let mut second = [""; 10];
    second[CATEGORY] = "带病回乡退伍军人";
    let mut both = grid(&[&HEADER, &GOOD, &second]);
    both.merges = (0..10)
        .filter(|column| *column != CATEGORY)
        .map(|column| Merge { top: 1, left: column, bottom: 2, right: column })
        .collect();
    let report = judge(&both).unwrap();
    let found: Vec<_> = report.rows.iter().map(|row| (row.text("name"), row.text("category"))).collect();
    assert_eq!(found, [(Some("李伟"), Some("51")), (Some("李伟"), Some("42"))]);
}

#[test]
fn a_header_of_two_rows_and_a_title_that_names_the_category_are_understood() {
    let mut list = grid(&[
        &["双桥镇残疾军人名单"],
        &["序号", "姓名", "身份证号", "伤残情况", "", "住址(详细)", "年收入(元)"],
        &["", "", "", "等级", "性质", "", ""],
        &["1", "李伟", "339999194803120019", "七级", "因战", "红旗村3组", "1,200.50"],
    ]);
    list.merges =
        vec![Merge { top: 1, left: 3, bottom: 1, right: 4 }, Merge { top: 1, left: 0, bottom: 2, right: 0 }];
    let report = judge(&list).unwrap();
    let record = json!(report.rows[0].record());
    assert_eq!(report.header_row, 2);
    assert_eq!(
        (&record["category"], &record["grade"], &record["cause"]),
        (&json!("11"), &json!(7), &json!("war"))
    );
    assert_eq!(record["income_year"], json!(120_050));
}

#[test]
fn births_are_compared_with_the_number_and_never_lost() {
    let header = ["姓名", "身份证号", "类别", "出生年月"];
    for (birth, codes, expected) in [
        (t("1948-03-12"), vec![], "1948-03-12"),
        (t("1948年3月"), vec![], "1948-03-12"),
        (t("1949年3月"), vec!["birth_mismatch"], "1948-03-12"),
        (t("1948-03-13"), vec!["birth_mismatch"], "1948-03-13"),
        (Cell::Date(17_604), vec![], "1948-03-12"),
        (t("民国三十七年"), vec!["date_invalid"], "1948-03-12"),
    ] {
        let mut cells = text_row(&["李伟", "339999194803120019", "参战", "x"]);
        cells[3] = birth.clone();
        let report = judge(&Grid { rows: vec![text_row(&header), cells], ..Grid::default() }).unwrap();
        let row = &report.rows[0];
        let found: Vec<_> = row.codes().into_iter().filter(|code| !code.ends_with("_missing")).collect();
        assert_eq!((row.verdict, found, row.text("birth")), (Accept, codes, Some(expected)), "{birth:?}");
    }
}

#[test]
fn a_village_that_stands_alone_under_the_registered_address_is_the_village() {
    let header = ["序号", "户籍地", "姓名", "身份证号", "类别"];
    for (address, village) in [
        ("红旗村", Some("红旗村")),
        ("双桥镇红旗村", Some("红旗村")),
        ("红旗村3组", None),
        ("双桥镇", None),
        ("", None),
    ] {
        let row = ["1", address, "李伟", "339999194803120019", "参战"];
        let report = judge(&grid(&[&header, &row])).unwrap();
        let read = &report.rows[0];
        assert_eq!((read.verdict, read.village.as_deref()), (Accept, village), "{address}");
    }
}

#[test]
fn of_two_columns_that_say_the_same_the_one_with_a_star_is_meant_wherever_it_stands() {
    for (sizes, values) in
        [(["家庭人口数*", "家庭人口"], ["5", "3"]), (["家庭人口", "家庭人口数*"], ["3", "5"])]
    {
        let header = ["村", "姓名", "身份证号", "类别", sizes[0], sizes[1]];
        let row = ["红旗村", "李伟", "339999194803120019", "参战", values[0], values[1]];
        let report = judge(&grid(&[&header, &row])).unwrap();
        assert_eq!(report.rows[0].recipient.get("family_size"), Some(&json!(5)), "{sizes:?}");
    }
}

#[test]
fn villages_that_the_tree_lacks_are_warned_of_and_listed_once() {
    let area = |id: &str, code: &str, name: &str, parent: Option<&str>| Area {
        id: id.into(),
        code: code.parse().ok(),
        name: name.into(),
        parent: parent.map(Into::into),
    };
    let tree = AreaTree::new([
        area("t", "339999100", "双桥镇", None),
        area("v", "339999100201", "红旗村", Some("t")),
    ]);
    let top = "339999100".parse().unwrap();
    let context = Context { today: "2026-11-23".parse().unwrap(), area: &top, tree: Some((&tree, "t")) };
    let mut far = GOOD;
    far[VILLAGE] = "柳河村";
    far[ID] = "33999919710117215X";
    let mut near = GOOD;
    near[VILLAGE] = "红旗";
    near[ID] = "339999192808010012";
    let report = read(&grid(&[&HEADER, &GOOD, &far, &near]), &context).unwrap();
    let areas: Vec<_> = report.rows.iter().map(|row| row.area.as_deref()).collect();
    assert_eq!(areas, [Some("v"), None, Some("v")]);
    assert_eq!(report.rows[1].codes(), ["village_unknown"]);
    let unknown: Vec<_> =
        report.villages_unknown.iter().map(|village| (village.name.as_str(), village.rows)).collect();
    assert_eq!(unknown, [("柳河村", 1)]);
}
