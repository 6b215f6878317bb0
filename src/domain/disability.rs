//! Disability: grades 1–10, causes, and the classes in use until 2004 (domain.md §2.4).

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::bare;

/// Why a person is disabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// 因战
    War,
    /// 因公
    Duty,
    /// 因病
    Illness,
}

impl Cause {
    /// Every cause, in the order of the codes 1, 2, 3.
    pub const ALL: [Cause; 3] = [Cause::War, Cause::Duty, Cause::Illness];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Cause::War => "war",
            Cause::Duty => "duty",
            Cause::Illness => "illness",
        }
    }

    /// The word to show.
    pub fn label(self) -> &'static str {
        match self {
            Cause::War => "因战",
            Cause::Duty => "因公",
            Cause::Illness => "因病",
        }
    }

    /// From the wire word.
    pub fn from_word(word: &str) -> Option<Cause> {
        Cause::ALL.into_iter().find(|cause| cause.word() == word)
    }

    /// From a list: 因战, 战, 因战致残, or the code 1–3.
    pub fn read(text: &str) -> Option<Cause> {
        let word = bare(text);
        let word = word.strip_suffix("致残").or(word.strip_suffix("伤残")).unwrap_or(&word);
        match word.strip_prefix('因').unwrap_or(word) {
            "战" | "1" | "01" => Some(Cause::War),
            "公" | "2" | "02" => Some(Cause::Duty),
            "病" | "3" | "03" => Some(Cause::Illness),
            _ => None,
        }
    }
}

/// A class in use until 2004. It is never turned into a grade: the rules for that are not certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OldClass {
    /// 特等
    Special,
    /// 一等
    First,
    /// 二等甲级
    SecondA,
    /// 二等乙级
    SecondB,
    /// 三等甲级
    ThirdA,
    /// 三等乙级
    ThirdB,
}

impl OldClass {
    /// Every class, the worst first.
    pub const ALL: [OldClass; 6] = [
        OldClass::Special,
        OldClass::First,
        OldClass::SecondA,
        OldClass::SecondB,
        OldClass::ThirdA,
        OldClass::ThirdB,
    ];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            OldClass::Special => "special",
            OldClass::First => "first",
            OldClass::SecondA => "second_a",
            OldClass::SecondB => "second_b",
            OldClass::ThirdA => "third_a",
            OldClass::ThirdB => "third_b",
        }
    }

    /// The word to show.
    pub fn label(self) -> &'static str {
        match self {
            OldClass::Special => "特等",
            OldClass::First => "一等",
            OldClass::SecondA => "二等甲级",
            OldClass::SecondB => "二等乙级",
            OldClass::ThirdA => "三等甲级",
            OldClass::ThirdB => "三等乙级",
        }
    }

    /// From the wire word.
    pub fn from_word(word: &str) -> Option<OldClass> {
        OldClass::ALL.into_iter().find(|class| class.word() == word)
    }

    /// From a list: 二等乙级, 二等乙, 2等乙级.
    pub fn read(text: &str) -> Option<OldClass> {
        let word: String = bare(text)
            .chars()
            .filter(|c| *c != '级')
            .map(|c| match c {
                '1' | '壹' => '一',
                '2' | '贰' => '二',
                '3' | '叁' => '三',
                c => c,
            })
            .collect();
        OldClass::ALL.into_iter().find(|class| class.label().trim_end_matches('级') == word)
    }

    /// Whether the class belongs to the pooled medical cover (二等乙级以上).
    pub fn is_pooled(self) -> bool {
        self <= OldClass::SecondB
    }
}

/// What a list says about a grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GradeText {
    /// A grade of today, with the cause if the same cell names it.
    Grade {
        /// 1–10.
        grade: u8,
        /// 因战七级.
        cause: Option<Cause>,
    },
    /// An old class.
    Old(OldClass),
}

/// Why a text is no grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum GradeError {
    /// A number, but not 1–10.
    #[error("not between 1 and 10")]
    OutOfRange,
    /// No grade at all.
    #[error("not a grade")]
    Unknown,
}

/// Reads a grade as lists write it: 7级, 七级, 柒级, 07, 伤残七级, 因战七级, 二等乙级.
///
/// # Errors
/// When it is no grade, or none between 1 and 10.
pub fn read_grade(text: &str) -> Result<GradeText, GradeError> {
    let mut word: String = bare(text).chars().filter(|c| !"()[]、,.".contains(*c)).collect();
    if let Some(class) = OldClass::read(&word) {
        return Ok(GradeText::Old(class));
    }
    let mut cause = None;
    for known in Cause::ALL {
        if let Some(at) = word.find(known.label()) {
            cause = Some(known);
            word.replace_range(at..at + known.label().len(), "");
        }
    }
    for noise in ["残疾等级", "伤残等级", "残疾", "伤残", "致残", "等级", "第"] {
        word = word.replace(noise, "");
    }
    let number = word.strip_suffix('级').unwrap_or(&word);
    match number_of(number).or_else(|| roman_of(number)) {
        Some(grade @ 1..=10) => Ok(GradeText::Grade { grade, cause }),
        Some(_) => Err(GradeError::OutOfRange),
        None if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => {
            Err(GradeError::OutOfRange)
        }
        None => Err(GradeError::Unknown),
    }
}

/// 7, 07, 七, 柒, 十, 十一 …
fn number_of(text: &str) -> Option<u8> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let digit = |c: char| match c {
        '零' | '〇' => Some(0),
        '一' | '壹' => Some(1),
        '二' | '贰' | '两' => Some(2),
        '三' | '叁' => Some(3),
        '四' | '肆' => Some(4),
        '五' | '伍' => Some(5),
        '六' | '陆' => Some(6),
        '七' | '柒' => Some(7),
        '八' | '捌' => Some(8),
        '九' | '玖' => Some(9),
        _ => None,
    };
    match text.chars().collect::<Vec<_>>().as_slice() {
        ['十' | '拾'] => Some(10),
        ['十' | '拾', c] => Some(10 + digit(*c)?),
        [c, '十' | '拾'] => Some(10 * digit(*c)?),
        [c] => digit(*c),
        _ => None,
    }
}

/// Ⅵ in one character, VI in letters.
fn roman_of(text: &str) -> Option<u8> {
    const LETTERS: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let one = |c: char| ('Ⅰ'..='Ⅻ').position(|sign| sign == c).or(('ⅰ'..='ⅻ').position(|sign| sign == c));
    let at = match text.chars().collect::<Vec<_>>().as_slice() {
        [c] if one(*c).is_some() => one(*c),
        _ => LETTERS.iter().position(|letters| letters.eq_ignore_ascii_case(text)),
    };
    u8::try_from(at? + 1).ok()
}

/// The rule of the regulation: illness draws a pension in grades 1–6 only.
pub fn fits(cause: Cause, grade: u8) -> bool {
    cause != Cause::Illness || grade <= 6
}

/// Whether a person joins the pooled medical cover: grades 1–6, or an old class from 二等乙级 up.
pub fn pooled_medical(grade: Option<u8>, old: Option<OldClass>) -> bool {
    grade.is_some_and(|grade| (1..=6).contains(&grade)) || old.is_some_and(OldClass::is_pooled)
}

#[cfg(test)]
mod tests {
    use super::{Cause, GradeError, GradeText, OldClass, fits, pooled_medical, read_grade};

    fn grade(grade: u8) -> Result<GradeText, GradeError> {
        Ok(GradeText::Grade { grade, cause: None })
    }

    #[test]
    fn grades_are_read_as_lists_write_them() {
        for (text, expected) in [
            ("11级", Err(GradeError::OutOfRange)),
            ("0", Err(GradeError::OutOfRange)),
            ("十一级", Err(GradeError::OutOfRange)),
            ("999", Err(GradeError::OutOfRange)),
            ("重残", Err(GradeError::Unknown)),
            ("级", Err(GradeError::Unknown)),
            ("-1", Err(GradeError::Unknown)),
            ("7级", grade(7)),
            ("七级", grade(7)),
            ("柒级", grade(7)),
            ("壹级", grade(1)),
            ("07", grade(7)),
            ("１０级", grade(10)),
            ("十级", grade(10)),
            ("Ⅵ级", grade(6)),
            ("ⅵ", grade(6)),
            ("VI级", grade(6)),
            ("ｖｉ", grade(6)),
            ("因公Ⅹ级", Ok(GradeText::Grade { grade: 10, cause: Some(Cause::Duty) })),
            ("XI级", Err(GradeError::OutOfRange)),
            ("Ⅺ", Err(GradeError::OutOfRange)),
            ("伤残 七级", grade(7)),
            ("因战七级", Ok(GradeText::Grade { grade: 7, cause: Some(Cause::War) })),
            ("六级(因病)", Ok(GradeText::Grade { grade: 6, cause: Some(Cause::Illness) })),
            ("二等乙级", Ok(GradeText::Old(OldClass::SecondB))),
            ("2等甲", Ok(GradeText::Old(OldClass::SecondA))),
            ("特等", Ok(GradeText::Old(OldClass::Special))),
            ("一等", Ok(GradeText::Old(OldClass::First))),
        ] {
            assert_eq!(read_grade(text), expected, "{text}");
        }
    }

    #[test]
    fn illness_goes_to_grade_six_only() {
        assert!(!fits(Cause::Illness, 7) && fits(Cause::Illness, 6) && fits(Cause::Duty, 10));
    }

    #[test]
    fn pooled_cover_takes_grades_one_to_six_and_old_classes_from_second_b() {
        assert!(pooled_medical(Some(6), None) && !pooled_medical(Some(7), None));
        assert!(
            pooled_medical(None, Some(OldClass::SecondB)) && !pooled_medical(None, Some(OldClass::ThirdA))
        );
        assert!(!pooled_medical(None, None));
    }

    #[test]
    fn causes_are_read_and_travel_as_words() {
        assert_eq!(Cause::read("因公"), Some(Cause::Duty));
        assert_eq!(Cause::read("因病致残"), Some(Cause::Illness));
        assert_eq!(Cause::read("1"), Some(Cause::War));
        assert_eq!(Cause::read("工伤"), None);
        assert_eq!(serde_json::to_value(Cause::War).unwrap(), "war");
        assert_eq!(serde_json::to_value(OldClass::SecondB).unwrap(), OldClass::SecondB.word());
    }
}
