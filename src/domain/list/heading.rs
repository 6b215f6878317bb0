//! What a heading means: the field it fills and how its cells are read.

pub(super) mod table;

use crate::category::Category;
use crate::text::bare;

/// How the cells below a heading are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parse {
    /// Known, but nothing is taken from it: serial numbers, sums.
    Ignore,
    /// A person's name.
    Name,
    /// The ID number.
    IdNo,
    /// The category.
    Category,
    /// The name of a village.
    Village,
    /// The name of the head of the household.
    HeadName,
    /// His ID number.
    HeadId,
    /// A region code.
    Region,
    /// A disability grade or an old class.
    Grade,
    /// One of a few values; another is refused.
    Choice,
    /// One of a few values; another is kept as its text.
    LooseChoice,
    /// A nation.
    Nation,
    /// A day.
    Date,
    /// Phone numbers.
    Phone,
    /// A bank account.
    Account,
    /// An amount in yuan.
    Money,
    /// A whole number.
    Whole,
    /// Any text of so many characters.
    Text(usize),
}

/// Which record of the row a field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// The person.
    Recipient,
    /// The entitlement.
    Entitlement,
}

/// The meaning of a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) field: &'static str,
    pub(crate) home: Home,
    pub(crate) parse: Parse,
}

/// A heading without what differs from list to list: spaces, width, stars, brackets, old spellings.
pub(crate) fn normal(heading: &str) -> String {
    let mut word: String = bare(heading)
        .chars()
        .filter(|c| !"*()[]{}【】〔〕<>《》:,，、。./\\\"'“”‘’-_…".contains(*c))
        .collect::<String>()
        .to_lowercase();
    for (old, new) in table::SPELLINGS {
        word = word.replace(old, new);
    }
    // Short lists write the number's heading without 号; within a longer word 身份证 is the paper itself.
    if word == "身份证" {
        word.push('号');
    }
    word
}

/// Whether the heading demands a value.
pub(crate) fn is_required(heading: &str) -> bool {
    let bare = bare(heading);
    bare.ends_with('*') || bare.starts_with('*')
}

/// The meaning of the `nth` column (from 0) with this normal heading. Templates repeat headings: after the first,
/// the place tells what is meant.
pub(crate) fn meaning(normal: &str, nth: usize) -> Option<Meaning> {
    if let Some((_, meaning)) = table::REPEATED.iter().find(|(words, _)| nth > 0 && words.contains(&normal)) {
        return Some(*meaning);
    }
    if nth > 0 {
        return None;
    }
    if is_own_id(normal) {
        return Some(table::ID_NO);
    }
    let of_dead = DEAD_PREFIXES.iter().find_map(|prefix| normal.strip_prefix(prefix));
    if let Some((_, meaning)) =
        of_dead.and_then(|rest| table::OF_THE_DEAD.iter().find(|(words, _)| words.contains(&rest)))
    {
        return Some(*meaning);
    }
    table::HEADINGS.iter().find(|(words, _)| words.contains(&normal)).map(|(_, meaning)| *meaning)
}

const DEAD_PREFIXES: [&str; 6] =
    ["烈士牺牲病故军人", "烈士因公牺牲病故军人", "牺牲病故军人", "牺牲病故人员", "牺牲者", "烈士"];

/// 身份证号 with or without the category in front, but not that of a relative.
fn is_own_id(normal: &str) -> bool {
    let Some(whose) = normal.strip_suffix("身份证号") else { return false };
    !["户主", "父", "母", "配偶", "领款", "代领", "联系人", "子女姓", "义务兵", "监护", "烈士"]
        .iter()
        .any(|w| whose.contains(w))
}

/// The category of a template whose sheet has no column for it, by the heading of the ID number.
pub(crate) fn template_category(id_heading: &str) -> Option<Category> {
    let whose = id_heading.strip_suffix("身份证号")?;
    let code = match whose {
        "在乡复员人员" | "在乡复员军人" | "在乡复员" => "41",
        "带病回乡人员" | "带病回乡" | "带病回乡退伍军人" | "带病回乡退役军人" => {
            "42"
        }
        "参战人员" | "参战" | "参战退役人员" => "51",
        "参试人员" | "参试" | "参试退役人员" => "61",
        "60岁退役士兵" | "60周岁退役士兵" | "60岁农村籍退役士兵" => "81",
        "老烈子女" | "老年烈士子女" => "B1",
        _ => return None,
    };
    code.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{is_required, meaning, normal, table, template_category};

    #[test]
    fn headings_are_known_whatever_their_spelling() {
        for (heading, nth, field) in [
            ("姓 名", 0, Some("name")),
            ("身份证号码", 0, Some("id_no")),
            ("身份证", 0, Some("id_no")),
            ("居民身份证", 0, Some("id_no")),
            ("身份证复印件", 0, None),
            ("伤残身份证号*", 0, Some("id_no")),
            ("公民身份号码", 0, Some("id_no")),
            ("户主身份证号", 0, Some("head_id")),
            ("户主", 0, Some("head_name")),
            ("户主电话", 0, None),
            ("村(社区)", 0, Some("village")),
            ("户口薄行政区划代码*", 0, Some("domicile_code")),
            ("银行帐号", 0, Some("account_no")),
            ("银行账户*", 0, Some("account_no")),
            ("名族", 0, Some("nation")),
            ("入伍（参加工作时间）*", 0, Some("enlisted_on")),
            ("健康状况", 0, Some("health")),
            ("健康状况*", 1, Some("body_state")),
            ("烈士(牺牲,病故军人)姓名*", 0, Some("deceased_name")),
            ("姓名*", 1, Some("deceased_name")),
            ("18岁（含）以下", 0, Some("family_minors")),
            ("爱好", 0, None),
            ("", 0, None),
        ] {
            assert_eq!(meaning(&normal(heading), nth).map(|m| m.field), field, "{heading}");
        }
        assert!(is_required("姓名 ＊") && !is_required("姓名"));
    }

    #[test]
    fn no_heading_means_two_things_and_every_field_exists() {
        let all: Vec<&str> = table::HEADINGS.iter().flat_map(|(words, _)| words.iter().copied()).collect();
        for (i, word) in all.iter().enumerate() {
            assert!(!all[..i].contains(word), "{word}");
            assert_eq!(normal(word), *word, "a heading is listed in its normal form");
        }
        let meanings =
            table::HEADINGS.iter().chain(table::REPEATED).chain(table::OF_THE_DEAD).map(|(_, m)| m);
        for meaning in
            meanings.filter(|m| !matches!(m.field, "" | "phone" | "village" | "head_name" | "head_id"))
        {
            let kind = if meaning.home == super::Home::Recipient { "recipient" } else { "entitlement" };
            assert!(crate::kinds::kind(kind).unwrap().field(meaning.field).is_some(), "{}", meaning.field);
        }
    }

    #[test]
    fn templates_name_their_category_in_the_heading_of_the_number() {
        let category = |heading| template_category(&normal(heading)).map(|category| category.code());
        assert_eq!(category("参试人员身份证号*"), Some("61"));
        assert_eq!(category("60岁退役士兵身份证号*"), Some("81"));
        assert_eq!(category("伤残身份证号*"), None);
        assert_eq!(category("身份证号"), None);
    }
}
