//! Fields that take one of a few values: the code that is stored, the word to show, words that lists use.

mod table;

use crate::text::bare;

/// Of `head_relation`: the head of the household himself.
pub const HEAD: &str = "01";

/// One value of such a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub code: &'static str,
    /// What is shown.
    pub label: &'static str,
    /// What lists write for it besides.
    pub aliases: &'static [&'static str],
}

/// The values of a field, in the order in which to offer them; none if the field is not of this sort.
pub fn choices(field: &str) -> Option<&'static [Choice]> {
    table::FIELDS.iter().find(|(names, _)| names.contains(&field)).map(|(_, choices)| *choices)
}

/// The field under which a field's values are named: several share theirs, as every yes or no does.
pub fn named_as(field: &str) -> &str {
    table::FIELDS.iter().find(|(names, _)| names.contains(&field)).map_or(field, |(names, _)| names[0])
}

/// Whether the field is a yes or no, stored as a JSON bool; its choices are `yes` and `no`.
pub fn is_flag(field: &str) -> bool {
    choices(field).is_some_and(|choices| choices == table::YES_NO)
}

/// The code that a list means by a text: word, alias or code; spaces, brackets and width do not count.
pub fn read(field: &str, text: &str) -> Option<&'static str> {
    let word = plain(text);
    if word.is_empty() {
        return None;
    }
    let choices = choices(field)?;
    let by_word =
        choices.iter().find(|c| plain(c.label) == word || c.aliases.iter().any(|a| plain(a) == word));
    by_word.or_else(|| choices.iter().find(|c| c.code == word)).map(|choice| choice.code)
}

/// The word of a stored code; a code this build does not know is shown as it is by the caller.
pub fn label(field: &str, code: &str) -> Option<&'static str> {
    choices(field)?.iter().find(|choice| choice.code == code).map(|choice| choice.label)
}

fn plain(text: &str) -> String {
    bare(text).chars().filter(|c| !"()[]/、,.-".contains(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::{choices, is_flag, label, read, table};

    #[test]
    fn unknown_words_and_fields_give_nothing() {
        assert_eq!(read("support", "自己过"), None);
        assert_eq!(read("support", ""), None);
        assert_eq!(read("name", "李伟"), None);
        assert_eq!(label("sex", "7"), None);
    }

    #[test]
    fn words_aliases_and_codes_are_read() {
        for (field, text, code) in [
            ("sex", "男", "1"),
            ("sex", " 女性 ", "2"),
            ("marriage", "已婚", "20"),
            ("domicile_kind", "农业", "1"),
            ("work_ability", "部分丧失", "2"),
            ("self_care", "半自理", "3"),
            ("support", "光荣院", "4"),
            ("head_relation", "户主/本人", "01"),
            ("medical_scheme", "新农合", "resident"),
            ("medical_scheme", "城乡居民基本医疗保险", "resident"),
            ("state", "享受待遇", "paid"),
            ("lone_elder", "否", "no"),
            ("job", "71", "71"),
            ("cause", "因公致残", "duty"),
            ("head_relation", "岳父", "50"),
            ("head_relation", "外孙", "40"),
            ("head_relation", "祖母", "60"),
            ("domicile_kind", "农村户口", "1"),
            ("structure", "砖木结构", "3"),
        ] {
            assert_eq!(read(field, text), Some(code), "{field} {text}");
        }
    }

    #[test]
    fn every_field_with_choices_is_a_field_of_a_kind_and_its_codes_and_words_are_unique() {
        for (names, choices) in table::FIELDS {
            for name in *names {
                let known = crate::kinds::kinds().iter().any(|kind| kind.field(name).is_some());
                assert!(known, "{name}");
            }
            for choice in *choices {
                assert_eq!(choices.iter().filter(|other| other.code == choice.code).count(), 1, "{names:?}");
                for word in choice.aliases.iter().chain([&choice.label]) {
                    assert_eq!(read(names[0], word), Some(choice.code), "{names:?} {word}");
                }
            }
        }
        assert!(choices("sex").is_some() && is_flag("orphan") && !is_flag("sex"));
    }
}
