//! How characters are read, without tones, so that a name is found by its letters.

include!(concat!(env!("OUT_DIR"), "/pinyin_table.rs"));

/// The first character of the table.
const FIRST: u32 = 0x4e00;

/// Readings that only a surname has, or that a surname has first. The others stay possible: who types may not know.
const SURNAMES: &[(char, &str)] = &[
    ('仇', "qiu"),
    ('单', "shan"),
    ('曾', "zeng"),
    ('查', "zha"),
    ('解', "xie"),
    ('区', "ou"),
    ('朴', "piao"),
    ('盖', "ge"),
    ('任', "ren"),
    ('华', "hua"),
    ('纪', "ji"),
    ('缪', "miao"),
    ('乐', "yue"),
    ('员', "yun"),
    ('尉', "yu"),
    ('洗', "xian"),
    ('冼', "xian"),
    ('召', "shao"),
    ('折', "she"),
    ('秘', "bi"),
    ('种', "chong"),
    ('繁', "po"),
    ('瞿', "qu"),
    ('臧', "zang"),
    ('晁', "chao"),
    ('翟', "zhai"),
    ('逄', "pang"),
    ('宓', "mi"),
    ('覃', "qin"),
    ('谌', "chen"),
    ('黑', "he"),
    ('盛', "sheng"),
    ('车', "che"),
    ('吕', "lv"),
    ('万', "wan"),
    ('俞', "yu"),
    ('尹', "yin"),
    ('隗', "wei"),
    ('令', "ling"),
    ('哈', "ha"),
    ('都', "du"),
    ('过', "guo"),
    ('那', "na"),
    ('宿', "su"),
    ('燕', "yan"),
    ('应', "ying"),
    ('於', "yu"),
    ('祭', "zhai"),
    ('褚', "chu"),
    ('钭', "tou"),
    ('长', "zhang"),
    ('石', "shi"),
    ('柏', "bai"),
    ('贾', "jia"),
    ('沈', "shen"),
];

/// Every reading of a character, the most usual first; `v` stands for ü. Of the first character of a name the reading as a surname comes first.
/// Empty for what is no common ideograph.
///
/// ```
/// assert_eq!(domain::pinyin::readings('李', true), ["li"]);
/// assert_eq!(domain::pinyin::readings('单', true)[0], "shan");
/// ```
pub fn readings(char: char, is_surname: bool) -> Vec<&'static str> {
    let surname = SURNAMES.iter().find(|(one, _)| *one == char && is_surname).map(|(_, reading)| *reading);
    let set = usize::try_from(u32::from(char).wrapping_sub(FIRST)).ok().and_then(|place| PLACES.get(place));
    let set = set.and_then(|place| SETS.get(usize::from(*place))).copied().unwrap_or_default();
    let others = set.split('/').filter(|reading| !reading.is_empty() && Some(*reading) != surname);
    surname.into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::readings;

    #[test]
    fn a_character_has_its_readings_without_tones() {
        assert_eq!(readings('伟', false), ["wei"]);
        assert_eq!(readings('吕', false)[0], "lv");
        assert!(readings('乐', false).contains(&"le") && readings('乐', false).contains(&"yue"));
        assert!(readings('重', false).contains(&"chong") && readings('重', false).contains(&"zhong"));
    }

    #[test]
    fn a_surname_is_read_as_one_and_still_found_as_another() {
        for (char, reading) in [('单', "shan"), ('查', "zha"), ('仇', "qiu"), ('解', "xie"), ('曾', "zeng")]
        {
            assert_eq!(readings(char, true)[0], reading, "{char}");
            assert!(readings(char, true).len() > 1, "{char}");
        }
    }

    #[test]
    fn what_is_no_ideograph_has_no_reading() {
        for char in ['a', '·', '1', '\u{20000}', '\u{0}', '，'] {
            assert!(readings(char, true).is_empty(), "{char}");
        }
    }
}
