//! Readings that a character has only, or first, as a surname.

/// Surnames of one character that are read otherwise than the word.
const SINGLE: &[(char, &[&str])] = &[
    ('单', &["shan"]),
    ('仇', &["qiu"]),
    ('解', &["xie"]),
    ('曾', &["zeng"]),
    ('查', &["zha"]),
    ('朴', &["piao"]),
    ('盖', &["ge", "gai"]),
    ('区', &["ou"]),
    ('任', &["ren"]),
    ('华', &["hua"]),
    ('尉', &["wei", "yu"]),
    ('翟', &["zhai", "di"]),
    ('乐', &["yue", "le"]),
    ('员', &["yun"]),
    ('宓', &["mi", "fu"]),
    ('缪', &["miao"]),
    ('谌', &["chen", "shen"]),
    ('覃', &["qin", "tan"]),
    ('冼', &["xian"]),
    ('洗', &["xian"]),
    ('黑', &["he"]),
    ('秘', &["bi"]),
    ('种', &["chong"]),
    ('召', &["shao"]),
    ('折', &["she"]),
    ('繁', &["po"]),
    ('祭', &["zhai"]),
    ('訾', &["zi"]),
    ('隗', &["wei", "kui"]),
    ('燕', &["yan"]),
    ('应', &["ying"]),
    ('葛', &["ge"]),
    ('纪', &["ji"]),
    ('盛', &["sheng"]),
    ('车', &["che"]),
    ('郇', &["xun", "huan"]),
    ('逄', &["pang"]),
    ('逯', &["lu"]),
    ('郗', &["xi", "chi"]),
    ('郄', &["qie", "xi"]),
    ('沈', &["shen"]),
    ('石', &["shi"]),
    ('薄', &["bo"]),
    ('卜', &["bu"]),
    ('贾', &["jia"]),
    ('过', &["guo"]),
    ('牟', &["mou", "mu"]),
    ('万', &["wan"]),
    ('俞', &["yu"]),
    ('粘', &["nian"]),
    ('眭', &["sui"]),
    ('厍', &["she"]),
    ('乜', &["nie"]),
    ('亓', &["qi"]),
    ('柏', &["bai", "bo"]),
    ('於', &["yu"]),
    ('哈', &["ha"]),
    ('令', &["ling"]),
    ('那', &["na"]),
    ('句', &["gou"]),
    ('教', &["jiao"]),
    ('褚', &["chu"]),
    ('晁', &["chao"]),
    ('侯', &["hou"]),
    ('重', &["chong"]),
    ('戚', &["qi"]),
    ('宁', &["ning"]),
    ('颉', &["xie", "jie"]),
    ('洪', &["hong"]),
    ('相', &["xiang"]),
    ('适', &["kuo"]),
    ('幺', &["yao"]),
    ('都', &["du"]),
    ('占', &["zhan"]),
    ('干', &["gan"]),
    ('畲', &["she", "yu"]),
    ('佘', &["she"]),
];

/// Surnames of two characters; the readings of both.
const DOUBLE: &[(&str, [&str; 2])] = &[
    ("单于", ["chan", "yu"]),
    ("尉迟", ["yu", "chi"]),
    ("万俟", ["mo", "qi"]),
    ("长孙", ["zhang", "sun"]),
    ("澹台", ["tan", "tai"]),
    ("宰父", ["zai", "fu"]),
    ("令狐", ["ling", "hu"]),
    ("鲜于", ["xian", "yu"]),
    ("乐正", ["yue", "zheng"]),
    ("呼延", ["hu", "yan"]),
];

/// The surname readings of the character at a place; most have none.
pub(super) fn readings(chars: &[char], at: usize) -> &'static [&'static str] {
    for (surname, readings) in DOUBLE {
        let fits = chars.len() > 2 && surname.chars().zip(chars).all(|(a, b)| a == *b);
        if fits && at < 2 {
            return &readings[at..=at];
        }
    }
    if at != 0 {
        return &[];
    }
    SINGLE.iter().find(|(surname, _)| *surname == chars[0]).map_or(&[], |(_, readings)| readings)
}
