//! One invented person: name, numbers, category and circumstances in the mix of a real township.

use super::{DemoArea, dice::Dice, object};
use crate::day_text::year_of;
use serde_json::{Map, Value, json};

const SURNAMES: [(&str, u64); 40] = [
    ("王", 72),
    ("李", 72),
    ("张", 68),
    ("刘", 54),
    ("陈", 46),
    ("杨", 33),
    ("赵", 23),
    ("黄", 23),
    ("周", 21),
    ("吴", 20),
    ("徐", 17),
    ("孙", 15),
    ("胡", 13),
    ("朱", 13),
    ("高", 12),
    ("林", 11),
    ("何", 11),
    ("郭", 11),
    ("马", 10),
    ("罗", 9),
    ("梁", 8),
    ("宋", 8),
    ("郑", 8),
    ("谢", 7),
    ("韩", 7),
    ("唐", 6),
    ("冯", 6),
    ("于", 6),
    ("董", 6),
    ("萧", 6),
    ("程", 5),
    ("曹", 5),
    ("袁", 5),
    ("邓", 5),
    ("许", 5),
    ("曾", 4),
    ("单", 2),
    ("仇", 2),
    ("解", 2),
    ("欧阳", 1),
];
const MALE: [&str; 36] = [
    "伟", "强", "军", "勇", "杰", "涛", "明", "超", "刚", "平", "辉", "建国", "建军", "志强", "国强", "爱民",
    "卫国", "援朝", "解放", "德福", "永福", "长江", "忠义", "光荣", "玉林", "金山", "满仓", "土生", "水根",
    "来福", "文华", "学文", "守义", "春生", "秋生", "铁柱",
];
const FEMALE: [&str; 24] = [
    "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "玲", "桂英", "秀英", "玉兰", "淑珍", "秀兰", "桂兰",
    "凤英", "春梅", "腊梅", "翠花", "金凤", "玉珍", "素芬", "彩云", "月娥",
];
const BANKS: [&str; 5] = ["402", "309", "103", "102", "105"];

/// The category codes with their share, and the ages at which people are in them.
const CATEGORIES: [(&str, u64, i64, i64); 12] = [
    ("81", 55, 60, 86),
    ("51", 8, 62, 78),
    ("61", 4, 66, 82),
    ("42", 10, 52, 76),
    ("11", 8, 34, 84),
    ("14", 1, 55, 78),
    ("21", 2, 62, 92),
    ("22", 2, 45, 84),
    ("23", 1, 45, 84),
    ("B1", 6, 72, 88),
    ("41", 2, 90, 97),
    ("71", 1, 44, 56),
];

/// The fields of a file with its numbers in clear, and those of its entitlement.
pub(super) fn person(
    dice: &mut Dice,
    village: &DemoArea,
    now_ms: i64,
) -> (Map<String, Value>, Map<String, Value>) {
    let shares: Vec<(usize, u64)> = CATEGORIES.iter().enumerate().map(|(i, c)| (i, c.1)).collect();
    let (category, _, youngest, oldest) = CATEGORIES[dice.weighted(&shares)];
    let male = dice.chance(if matches!(category, "21" | "22" | "23" | "71" | "B1") { 40 } else { 97 });
    let age = dice.between(youngest, oldest);
    let birth = birth(dice, year_of(now_ms) - age);
    let name = name(dice, male);
    let mut fields = identity(dice, &name, male, &birth, village);
    circumstances(dice, &mut fields, age);
    money(dice, &mut fields, &name);
    let mut entitlement = entitlement(dice, category, year_of(now_ms) - age);
    if matches!(category, "11" | "14") {
        disability(dice, &mut entitlement);
    }
    fields.insert("status".to_owned(), json!("active"));
    entitlement.insert("state".to_owned(), json!("paid"));
    entitlement.insert("category".to_owned(), json!(category));
    (fields, entitlement)
}

fn name(dice: &mut Dice, male: bool) -> String {
    let surname = dice.weighted(&SURNAMES);
    let given = if male { dice.pick(&MALE) } else { dice.pick(&FEMALE) };
    format!("{surname}{given}")
}

fn identity(dice: &mut Dice, name: &str, male: bool, birth: &str, village: &DemoArea) -> Map<String, Value> {
    let (group, door) = (dice.between(1, 12), dice.between(1, 99));
    let mut fields = object(json!({
        "name": name,
        "id_kind": "id",
        "id_no": id_no(dice, birth, male),
        "sex": if male { "1" } else { "2" },
        "birth": birth,
        "nation": dice.weighted(&[("01", 96), ("03", 2), ("22", 2)]),
        "domicile_kind": "1",
        "domicile_code": village.code,
        "live_code": village.code,
        "live_addr": format!("{}{group}组{door}号", village.name),
    }));
    if dice.chance(62) {
        fields.insert("mobile".to_owned(), json!(format!("1990000{:04}", dice.below(10_000))));
    } else if dice.chance(60) {
        fields.insert("phone2".to_owned(), json!(format!("0570-6{:06}", dice.below(1_000_000))));
    }
    fields
}

fn circumstances(dice: &mut Dice, fields: &mut Map<String, Value>, age: i64) {
    let frail = if age >= 80 { 30 } else { 8 };
    let more = object(json!({
        "family_size": dice.between(1, 6),
        "health": dice.weighted(&[("10", 40), ("20", 28), ("30", 24), ("60", 8)]),
        "self_care": if dice.chance(frail) { "3" } else { "1" },
        "support": "1",
        "lone_elder": age >= 60 && dice.chance(5),
        "medical_scheme": dice.weighted(&[("resident", 88), ("employee", 9), ("none", 3)]),
        "relief_basic": dice.chance(6),
        "relief_destitute": dice.chance(2),
        "has_house": true,
        "house_state": dice.weighted(&[("1", 88), ("2", 10), ("3", 2)]),
        "plaque": dice.weighted(&[("hung", 88), ("damaged", 6), ("none", 6)]),
        "pref_card": dice.weighted(&[("已领", 82), ("未办", 12), ("申请中", 6)]),
        "head_relation": "01",
        "marriage": if age >= 80 && dice.chance(45) { "30" } else { "20" },
    }));
    fields.extend(more);
}

fn money(dice: &mut Dice, fields: &mut Map<String, Value>, name: &str) {
    let digits: Vec<u32> = (0..16)
        .map(|i| {
            if i == 0 {
                6
            } else if i == 1 {
                2
            } else {
                u32::try_from(dice.below(10)).unwrap_or(0)
            }
        })
        .collect();
    fields.insert("bank".to_owned(), json!(dice.pick(&BANKS)));
    fields.insert("account_name".to_owned(), json!(name));
    fields.insert("account_no".to_owned(), json!(with_luhn(&digits)));
}

fn entitlement(dice: &mut Dice, category: &str, birth_year: i64) -> Map<String, Value> {
    let from = (birth_year + 60).clamp(2011, 2025);
    object(json!({
        "cert_no": format!("示{category}{:06}", dice.below(1_000_000)),
        "from": format!("{from}-{:02}-01", dice.between(1, 12)),
    }))
}

fn disability(dice: &mut Dice, entitlement: &mut Map<String, Value>) {
    let cause = dice.weighted(&[("war", 25), ("duty", 50), ("illness", 25)]);
    let grade = if cause == "illness" {
        dice.between(4, 6)
    } else {
        dice.weighted(&[(6, 15), (7, 25), (8, 30), (9, 20), (10, 10)])
    };
    entitlement.insert("grade".to_owned(), json!(grade));
    entitlement.insert("cause".to_owned(), json!(cause));
}

fn birth(dice: &mut Dice, year: i64) -> String {
    format!("{year}-{:02}-{:02}", dice.between(1, 12), dice.between(1, 28))
}

/// A number of GB 11643 in the unassigned area 339999.
fn id_no(dice: &mut Dice, birth: &str, male: bool) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let order = dice.below(499) * 2 + u64::from(male);
    let body = format!("339999{}{order:03}", birth.replace('-', ""));
    let sum: u32 =
        body.chars().zip(WEIGHTS).map(|(digit, weight)| digit.to_digit(10).unwrap_or(0) * weight).sum();
    let check = "10X98765432".as_bytes()[(sum % 11) as usize] as char;
    format!("{body}{check}")
}

fn with_luhn(digits: &[u32]) -> String {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, digit)| {
            if i % 2 == 0 {
                let twice = digit * 2;
                twice / 10 + twice % 10
            } else {
                *digit
            }
        })
        .sum();
    let mut text: String = digits.iter().map(u32::to_string).collect();
    text.push_str(&((10 - sum % 10) % 10).to_string());
    text
}
