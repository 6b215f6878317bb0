//! Rows that are no people, and columns that speak of each other.

use super::{GOOD, HEADER, grid, judge};
use crate::list::report::Verdict::Accept;

#[test]
fn signatures_sums_and_examples_are_no_people_wherever_they_stand() {
    let report = judge(&grid(&[
        &HEADER,
        &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
        &["例", "红旗村", "张三", "男", "339999192808010012", "参战"],
        &GOOD,
        &["", "", "", "", "", "", "", "合计", "", "1000"],
        &["负责人：王强", "", "", "", "", "审核：李四", "", "", "填表：赵五"],
    ]))
    .unwrap();
    let skipped: Vec<_> = report.skipped.iter().map(|skipped| (skipped.row, skipped.why)).collect();
    assert_eq!(skipped, [(2, "header"), (3, "example"), (5, "total"), (6, "footnote")]);
    assert_eq!(report.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [4]);
}

#[test]
fn phones_of_several_columns_are_all_kept() {
    let header = ["姓名", "身份证号", "类别", "联系电话", "其他联系方式"];
    for cells in [["13800001234/13900001234", "0570-6346681"], ["0570-6346681", "13900001234"]] {
        let row = ["李伟", "339999194803120019", "参战", cells[0], cells[1]];
        let report = judge(&grid(&[&header, &row])).unwrap();
        let phones = report.rows[0].text("phone2").unwrap_or_default().to_owned();
        assert!(phones.contains("13900001234") && phones.contains("0570-6346681"), "{phones}");
    }
}

#[test]
fn of_a_conscript_s_family_a_list_says_who_serves_since_when_and_where() {
    let header = ["姓名", "身份证号", "类别", "义务兵姓名", "义务兵入伍时间", "是否进藏进疆", "领款人"];
    let row = ["李伟", "339999194803120019", "义务兵家庭", "李小军", "2025年9月15日", "西藏", "李伟"];
    let report = judge(&grid(&[&header, &row])).unwrap();
    let said = |field: &str| report.rows[0].text(field).unwrap_or_default().to_owned();
    let fields = ["conscript_name", "service_from", "conscript_region", "payee"].map(said);
    assert_eq!(fields, ["李小军", "2025-09-15", "西藏", "李伟"]);
}

#[test]
fn an_account_that_fails_its_check_is_doubted_where_the_others_pass() {
    let header = ["姓名", "身份证号", "类别", "开户名称", "银行卡号"];
    let people = [
        ("李伟", "339999194803120019", "6222021001122334557"),
        ("李梅", "33999919660905108X", "6222021001122334565"),
        ("王强", "339999192808010012", "6222021001122334573"),
        ("王芳", "33999919710117215X", "6222021001122334579"),
    ];
    let codes = |accounts: &[&str]| {
        let rows: Vec<[&str; 5]> = people
            .iter()
            .zip(accounts)
            .map(|((name, id, _), account)| [*name, *id, "参战", *name, *account])
            .collect();
        let mut all: Vec<&[&str]> = vec![&header];
        all.extend(rows.iter().map(<[&str; 5]>::as_slice));
        let report = judge(&grid(&all)).unwrap();
        report.rows.iter().map(|row| row.codes().contains(&"account_check")).collect::<Vec<_>>()
    };
    let accounts = people.map(|(_, _, account)| account);
    assert_eq!(codes(&accounts), [false, false, false, true], "one slip among cards");
    let passbooks = accounts.map(|_| "6222021001122334579");
    assert_eq!(codes(&passbooks), [false; 4], "passbooks have no check digit");
}

#[test]
fn an_account_in_another_name_is_doubted() {
    let header = ["姓名", "身份证号", "类别", "联系电话", "村", "开户名称"];
    for (name, owner, doubted) in
        [("李伟", "李 伟", false), ("阿布都•热合曼", "阿布都.热合曼", false), ("李伟", "李大", true)]
    {
        let row = [name, "339999194803120019", "参战", "13800001234", "红旗村", owner];
        let report = judge(&grid(&[&header, &row])).unwrap();
        let expected: &[&str] = if doubted { &["account_of_another"] } else { &[] };
        assert_eq!((report.rows[0].verdict, report.rows[0].codes().as_slice()), (Accept, expected));
    }
}
