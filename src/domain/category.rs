//! Categories of recipients (domain.md §2.2): code, word to show, words to accept.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::bare;

/// One category. The code is what is stored; it follows the legacy provincial system.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Category(&'static Row);

/// What a category pays regularly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegularPay {
    /// 残疾抚恤金
    DisabilityPension,
    /// 定期抚恤金
    KinPension,
    /// 生活补助, 定期定量补助
    LivingSubsidy,
    /// 优待金
    Stipend,
    /// A local 定补.
    Local,
    /// Nothing.
    Nothing,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Row {
    code: &'static str,
    label: &'static str,
    short: &'static str,
    pay: RegularPay,
    aliases: &'static [&'static str],
}

/// The code is not in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("unknown category")]
pub struct UnknownCategory;

impl Category {
    /// Every category, in the order of the table.
    pub fn all() -> impl Iterator<Item = Category> {
        ROWS.iter().map(Category)
    }

    /// The code: `11` … `92`, `B1`, `S1`.
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// The full word to show.
    pub fn label(self) -> &'static str {
        self.0.label
    }

    /// A word of two to four characters for a tag.
    pub fn short(self) -> &'static str {
        self.0.short
    }

    /// What it pays regularly.
    pub fn pay(self) -> RegularPay {
        self.0.pay
    }

    /// Whether it is one of the disabled, 11–16: only they have grade and cause.
    pub fn is_disabled(self) -> bool {
        self.pay() == RegularPay::DisabilityPension
    }

    /// The category that a list means, by code, word, alias or old word; brackets and spaces do not count.
    /// A word that fits several (三红) is none.
    pub fn read(text: &str) -> Option<Category> {
        let word = plain(text);
        if word.is_empty() {
            return None;
        }
        let same = |known: &str| plain(known) == word;
        let mut hits = ROWS.iter().filter(|row| {
            row.code.eq_ignore_ascii_case(&word)
                || same(row.label)
                || row.aliases.iter().any(|alias| same(alias))
        });
        match (hits.next(), hits.next()) {
            (Some(row), None) => Some(Category(row)),
            _ => None,
        }
    }

    /// The one category that a title speaks of (2026年残疾军人花名册); none if it speaks of none or of several.
    pub fn within(title: &str) -> Option<Category> {
        let title = plain(title);
        let mut hits: Vec<(usize, &'static Row)> = Vec::new();
        for row in ROWS {
            let words = row
                .aliases
                .iter()
                .chain([&row.label])
                .filter(|word| !matches!(**word, "其他" | "伤残" | "军属"));
            let longest = words
                .map(|word| plain(word))
                .filter(|word| title.contains(word.as_str()))
                .max_by_key(String::len);
            hits.extend(longest.map(|word| (word.len(), row)));
        }
        let longest = hits.iter().map(|(length, _)| *length).max()?;
        let mut best = hits.into_iter().filter(|(length, _)| *length == longest);
        match (best.next(), best.next()) {
            (Some((_, row)), None) => Some(Category(row)),
            _ => None,
        }
    }
}

/// Old words become new, brackets and spaces go: what remains is compared.
fn plain(text: &str) -> String {
    let mut word: String =
        bare(text).chars().filter(|c| !"()[]【】〔〕《》\"“”、,.:;*-".contains(*c)).collect();
    for (old, new) in [
        ("退伍军人", "退役军人"),
        ("复员退役军人", "复员军人"),
        ("退伍", "退役"),
        ("士官", "军士"),
        ("伤残军人", "残疾军人"),
        ("革命残疾军人", "残疾军人"),
        ("六十", "60"),
        ("60周岁", "60岁"),
    ] {
        word = word.replace(old, new);
    }
    word
}

impl FromStr for Category {
    type Err = UnknownCategory;

    fn from_str(code: &str) -> Result<Category, UnknownCategory> {
        ROWS.iter().find(|row| row.code == code).map(Category).ok_or(UnknownCategory)
    }
}

impl TryFrom<String> for Category {
    type Error = UnknownCategory;

    fn try_from(code: String) -> Result<Category, UnknownCategory> {
        code.parse()
    }
}

impl From<Category> for String {
    fn from(category: Category) -> String {
        category.code().to_owned()
    }
}

impl fmt::Debug for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Category({})", self.code())
    }
}

const fn row(
    code: &'static str,
    label: &'static str,
    short: &'static str,
    pay: RegularPay,
    aliases: &'static [&'static str],
) -> Row {
    Row { code, label, short, pay, aliases }
}

use RegularPay::{DisabilityPension, KinPension, LivingSubsidy, Local, Nothing, Stipend};

static ROWS: &[Row] = &[
    row(
        "11",
        "残疾军人",
        "残疾军人",
        DisabilityPension,
        &["伤残军人", "革命伤残军人", "伤残", "伤残退役军人"],
    ),
    row(
        "12",
        "伤残国家机关工作人员",
        "伤残公务",
        DisabilityPension,
        &["伤残机关工作人员", "因公伤残国家机关工作人员"],
    ),
    row("13", "伤残人民警察", "伤残民警", DisabilityPension, &["行政编制人民警察", "伤残民警", "伤残警察"]),
    row(
        "14",
        "伤残民兵民工",
        "伤残民兵",
        DisabilityPension,
        &["伤残预备役人员", "伤残民兵", "伤残民工", "享受抚恤的伤残民兵民工"],
    ),
    row("15", "其他因战因公伤残人员", "其他伤残", DisabilityPension, &["因战因公伤残人员", "其他伤残人员"]),
    row("16", "非行政编制人民警察", "非编民警", DisabilityPension, &["伤残非行政编制人民警察"]),
    row("21", "烈士遗属", "烈属", KinPension, &["烈属", "烈士家属", "革命烈士遗属", "革命烈士家属"]),
    row("22", "因公牺牲军人遗属", "因公遗属", KinPension, &["因公牺牲军人家属", "因公牺牲遗属", "因公遗属"]),
    row("23", "病故军人遗属", "病故遗属", KinPension, &["病故军人家属", "病故遗属"]),
    row("31", "在乡退伍红军老战士", "老红军", LivingSubsidy, &["三红", "红军老战士"]),
    row("32", "在乡西路军红军老战士", "西路军", LivingSubsidy, &["三红", "西路军红军老战士", "西路军老战士"]),
    row("33", "红军失散人员", "红军失散", LivingSubsidy, &["三红", "失散红军"]),
    row(
        "41",
        "在乡复员军人",
        "复员军人",
        LivingSubsidy,
        &["老复员军人", "在乡老复员军人", "复员军人", "在乡复员人员", "在乡复员", "老复员"],
    ),
    row(
        "42",
        "带病回乡退役军人",
        "带病回乡",
        LivingSubsidy,
        &["带病回乡退伍军人", "带病回乡人员", "带病回乡"],
    ),
    row(
        "51",
        "参战退役军人",
        "参战",
        LivingSubsidy,
        &["参战", "两参", "两参人员", "参战人员", "参战退役人员", "参战老兵"],
    ),
    row(
        "61",
        "参试退役军人",
        "参试",
        LivingSubsidy,
        &[
            "原8023部队",
            "8023部队",
            "参核",
            "参试",
            "参试人员",
            "参试退役人员",
            "原8023部队退役人员",
            "参核退役人员",
        ],
    ),
    row("62", "铀矿开采军队退役人员", "铀矿", LivingSubsidy, &["铀矿开采", "铀矿开采退役人员"]),
    row("71", "义务兵家庭", "义务兵家", Stipend, &["义务兵家属"]),
    row(
        "72",
        "军士/军官家属",
        "军人家属",
        Nothing,
        &["现役军人家属", "士官家属", "军官家属", "军士家属", "军士军官家属", "现役军人家庭", "军属"],
    ),
    row(
        "81",
        "年满60周岁农村籍退役士兵",
        "60岁退兵",
        LivingSubsidy,
        &[
            "60周岁老兵",
            "老义务兵",
            "60岁退役士兵",
            "60周岁退役士兵",
            "60岁农村籍退役士兵",
            "农村籍退役士兵",
            "60岁以上农村籍退役士兵",
            "60周岁以上农村籍退役士兵",
            "年满60周岁退役士兵",
            "60岁老兵",
            "年满60岁农村籍退役士兵",
            "年满60周岁的农村籍退役士兵",
            "60周岁农村籍退役老兵",
        ],
    ),
    row(
        "90",
        "其他退役军人",
        "退役军人",
        Nothing,
        &["退役士兵", "退伍军人", "退役军人", "退伍士兵", "退伍义务兵", "其他"],
    ),
    row("91", "军队转业干部", "军转干部", Nothing, &["军转干部", "自主择业", "转业干部", "自主择业军转干部"]),
    row("92", "军休人员", "军休", Nothing, &["军队离退休干部", "军休干部", "军队离退休干部和退休士官"]),
    row(
        "B1",
        "部分烈士（错杀被平反人员）子女",
        "老烈子女",
        LivingSubsidy,
        &[
            "老烈子女",
            "烈士老年子女",
            "部分烈士子女",
            "年满60周岁烈士子女",
            "错杀被平反人员子女",
            "部分烈士含错杀被平反人员子女",
        ],
    ),
    row("S1", "三老人员（本地）", "三老", Local, &["三老", "五老", "三老人员", "五老人员"]),
];

#[cfg(test)]
mod tests {
    use super::Category;

    #[test]
    fn words_that_are_no_category_or_fit_several_are_refused() {
        for text in ["", "五保户", "低保", "三红", "参战、带病回乡", "110", "军人"] {
            assert_eq!(Category::read(text), None, "{text}");
        }
    }

    #[test]
    fn categories_are_found_by_word_alias_old_word_and_code() {
        for (text, code) in [
            ("残疾军人", "11"),
            ("革命伤残军人", "11"),
            ("伤残人民警察", "13"),
            ("烈属", "21"),
            ("带病回乡退伍军人", "42"),
            ("带病回乡退役军人", "42"),
            ("参 战", "51"),
            ("原８０２３部队", "61"),
            ("60周岁老兵", "81"),
            ("60岁农村籍退役士兵", "81"),
            ("老烈子女", "B1"),
            ("部分烈士（错杀被平反人员）子女", "B1"),
            ("b1", "B1"),
            ("士官家属", "72"),
            ("退伍军人", "90"),
            ("三老", "S1"),
            ("在乡退役红军老战士", "31"),
            ("享受抚恤的伤残民兵民工", "14"),
            ("年满60周岁的农村籍退伍士兵", "81"),
            ("８０２３部队", "61"),
            ("老复员", "41"),
        ] {
            assert_eq!(Category::read(text).map(Category::code), Some(code), "{text}");
        }
    }

    #[test]
    fn a_title_speaks_of_one_category_or_of_none() {
        assert_eq!(Category::within("双桥镇2026年残疾军人花名册").map(Category::code), Some("11"));
        assert_eq!(Category::within("参战退役人员名单").map(Category::code), Some("51"));
        assert_eq!(Category::within("双桥镇2026年重点优抚对象花名册"), None);
    }

    #[test]
    fn no_word_but_the_ambiguous_one_fits_two_categories() {
        for category in Category::all() {
            assert_eq!(Category::read(category.label()), Some(category));
            for alias in category.0.aliases.iter().filter(|alias| **alias != "三红") {
                assert_eq!(Category::read(alias), Some(category), "{alias}");
            }
        }
    }

    #[test]
    fn a_code_travels_as_text() {
        let category: Category = serde_json::from_str("\"B1\"").unwrap();
        assert_eq!(serde_json::to_string(&category).unwrap(), "\"B1\"");
        assert!(serde_json::from_str::<Category>("\"ZZ\"").is_err());
        assert!(category.label().contains("烈士") && !category.is_disabled());
    }
}
