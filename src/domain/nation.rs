//! The 56 nations, GB/T 3304.

use crate::text::bare;

/// Code and name without 族.
const NATIONS: [(&str, &str); 58] = [
    ("01", "汉"),
    ("02", "蒙古"),
    ("03", "回"),
    ("04", "藏"),
    ("05", "维吾尔"),
    ("06", "苗"),
    ("07", "彝"),
    ("08", "壮"),
    ("09", "布依"),
    ("10", "朝鲜"),
    ("11", "满"),
    ("12", "侗"),
    ("13", "瑶"),
    ("14", "白"),
    ("15", "土家"),
    ("16", "哈尼"),
    ("17", "哈萨克"),
    ("18", "傣"),
    ("19", "黎"),
    ("20", "傈僳"),
    ("21", "佤"),
    ("22", "畲"),
    ("23", "高山"),
    ("24", "拉祜"),
    ("25", "水"),
    ("26", "东乡"),
    ("27", "纳西"),
    ("28", "景颇"),
    ("29", "柯尔克孜"),
    ("30", "土"),
    ("31", "达斡尔"),
    ("32", "仫佬"),
    ("33", "羌"),
    ("34", "布朗"),
    ("35", "撒拉"),
    ("36", "毛南"),
    ("37", "仡佬"),
    ("38", "锡伯"),
    ("39", "阿昌"),
    ("40", "普米"),
    ("41", "塔吉克"),
    ("42", "怒"),
    ("43", "乌孜别克"),
    ("44", "俄罗斯"),
    ("45", "鄂温克"),
    ("46", "德昂"),
    ("47", "保安"),
    ("48", "裕固"),
    ("49", "京"),
    ("50", "塔塔尔"),
    ("51", "独龙"),
    ("52", "鄂伦春"),
    ("53", "赫哲"),
    ("54", "门巴"),
    ("55", "珞巴"),
    ("56", "基诺"),
    ("97", "其他"),
    ("98", "外国血统中国籍"),
];

/// Names that lists use for another.
const ALIASES: [(&str, &str); 4] = [("毛难", "36"), ("撤拉", "35"), ("畬", "22"), ("外国血统", "98")];

/// The code of a nation, from its name with or without 族, or from the code itself.
pub fn code(text: &str) -> Option<&'static str> {
    let bare = bare(text);
    let name = bare.strip_suffix('族').unwrap_or(&bare);
    let known = NATIONS.iter().find(|(code, known)| *known == name || *code == name).map(|(code, _)| *code);
    known.or_else(|| ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, code)| *code))
}

/// Every code, in the order of the standard.
pub fn codes() -> impl Iterator<Item = &'static str> {
    NATIONS.iter().map(|(code, _)| *code)
}

/// The name to show: 汉族.
pub fn label(code: &str) -> Option<String> {
    let (_, name) = NATIONS.iter().find(|(known, _)| *known == code)?;
    Some(if matches!(code, "97" | "98") { (*name).to_owned() } else { format!("{name}族") })
}

#[cfg(test)]
mod tests {
    use super::{code, label};

    #[test]
    fn nations_are_found_with_and_without_their_last_character() {
        for (text, expected) in [
            ("汉", Some("01")),
            ("汉族", Some("01")),
            (" 畲 族 ", Some("22")),
            ("03", Some("03")),
            ("毛难族", Some("36")),
            ("撤拉族", Some("35")),
            ("火星族", None),
            ("族", None),
            ("", None),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
        assert_eq!(label("22").as_deref(), Some("畲族"));
        assert_eq!(label("99"), None);
    }
}
