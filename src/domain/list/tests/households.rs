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
