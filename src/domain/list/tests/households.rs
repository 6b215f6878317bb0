use super::{GOOD, HEADER, grid, judge};
use crate::list::households::{Proposal, propose};

fn proposed(rows: &[&[(usize, &'static str)]]) -> Vec<Proposal> {
    let changed = |changes: &[(usize, &'static str)]| {
        let mut cells = GOOD;
        for (at, text) in changes {
            cells[*at] = text;
        }
        cells
    };
    let cells: Vec<[&str; 10]> = rows.iter().map(|changes| changed(changes)).collect();
    let mut all: Vec<&[&str]> = vec![&HEADER];
    all.extend(cells.iter().map(|row| row.as_slice()));
    propose(&judge(&grid(&all)).unwrap().rows)
}

const NAME: usize = 2;
const ID_NO: usize = 4;
const CATEGORY: usize = 5;
const ADDR: usize = 7;
const WIFE: (usize, &str) = (ID_NO, "339999193508090027");
const NEIGHBOUR: (usize, &str) = (ID_NO, "33999919710117215X");

#[test]
fn one_door_of_a_village_is_proposed_as_one_household() {
    let found = proposed(&[
        &[(ADDR, "红旗村3组12号")],
        &[NEIGHBOUR, (NAME, "王强"), (ADDR, "红旗村3组13号")],
        &[WIFE, (NAME, "张兰"), (3, "女"), (ADDR, "三组12号")],
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].rows.as_slice(), found[0].addr.as_str()), (&[2, 4][..], "红旗村3组12号"));
    assert_eq!(found[0].names, ["李伟", "张兰"]);
}

#[test]
fn a_group_is_no_door_and_two_categories_are_no_two_people() {
    let group = proposed(&[&[(ADDR, "红旗村3组")], &[WIFE, (3, "女"), (ADDR, "红旗村3组")]]);
    assert!(group.is_empty(), "{group:?}");
    let twice = proposed(&[&[(ADDR, "3组12号")], &[(CATEGORY, "60岁"), (ADDR, "3组12号")]]);
    assert!(twice.is_empty(), "{twice:?}");
    let villages = proposed(&[&[(ADDR, "3组12号")], &[WIFE, (1, "石桥村"), (3, "女"), (ADDR, "3组12号")]]);
    assert!(villages.is_empty(), "{villages:?}");
}

/// Lists that name heads.
fn with_heads(header: &[&str], rows: &[&[&str]]) -> Vec<Vec<u32>> {
    let mut all: Vec<&[&str]> = vec![header];
    all.extend(rows);
    propose(&judge(&grid(&all)).unwrap().rows).into_iter().map(|proposal| proposal.rows).collect()
}

const LI: &str = "339999194803120019";
const SUN: &str = "339999193508090027";
const WANG: &str = "33999919710117215X";

#[test]
fn people_with_one_head_are_proposed_as_one_household() {
    let header = ["姓名", "身份证号", "类别", "村", "户主"];
    let row = |name, number, village, head| [name, number, "参战", village, head];
    let found = |rows: &[[&'static str; 5]]| {
        with_heads(&header, &rows.iter().map(|row| row.as_slice()).collect::<Vec<_>>())
    };
    let (li, wang) = (row("李伟", LI, "红旗村", "李伟"), row("王强", WANG, "红旗村", "赵六"));
    assert_eq!(found(&[li, wang, row("孙丽", SUN, "红旗村", "李伟")]), [[2, 4]]);
    assert_eq!(found(&[wang, row("孙丽", SUN, "红旗村", "赵六")]), [[2, 3]], "a head who is not in the list");
    assert!(found(&[li, wang, row("孙丽", SUN, "石桥村", "李伟")]).is_empty(), "another village");
    let twice =
        [row("李伟", LI, "红旗村", ""), row("李伟", WANG, "红旗村", ""), row("孙丽", SUN, "红旗村", "李伟")];
    assert!(found(&twice).is_empty(), "two of that name");
}

#[test]
fn a_head_is_known_by_his_number_in_any_village() {
    let header = ["姓名", "身份证号", "类别", "村", "户主身份证号"];
    let rows: [&[&str]; 2] = [&["李伟", LI, "参战", "红旗村", ""], &["孙丽", SUN, "参战", "红旗村", LI]];
    assert_eq!(with_heads(&header, &rows), [[2, 3]]);
}

#[test]
fn who_stands_right_below_his_head_with_his_address_is_proposed_with_him() {
    let header = ["姓名", "身份证号", "类别", "村", "住址", "与户主关系"];
    let row = |name, number, addr, relation| [name, number, "参战", "红旗村", addr, relation];
    let found = |rows: &[[&'static str; 6]]| {
        with_heads(&header, &rows.iter().map(|row| row.as_slice()).collect::<Vec<_>>())
    };
    let (head, wife) = (row("李伟", LI, "红旗村3组", "户主"), row("孙丽", SUN, "红旗村3组", "配偶"));
    let other = row("王强", WANG, "红旗村3组", "户主");
    assert_eq!(found(&[head, wife, other]), [[2, 3]]);
    assert!(found(&[head, other]).is_empty(), "two heads");
    assert!(found(&[wife, head]).is_empty(), "above her head");
    assert!(found(&[head, row("孙丽", SUN, "红旗村4组", "配偶")]).is_empty(), "another address");
}
