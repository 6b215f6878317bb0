//! A pass phrase of the user's own in place of the machine-made code.
//!
//! How hard it is to guess is estimated after NIST SP 800-63-2, appendix A, which counts what people choose and not what they could
//! choose: 4 bits for the first letter, 2 for each of the next seven, 1.5 up to the twentieth and 1 for each beyond. A Han character stands for two letters, which
//! is less than what its spelling has. What repeats or is widely known counts as one letter.

use zeroize::Zeroizing;

/// The device code has as many; less is not taken in its place.
pub const BITS_MIN: u32 = 40;
/// Longer phrases are not taken: nobody types them every day.
pub const CHARACTERS_MAX: usize = 64;

/// What is quoted, sung or typed by everybody. A phrase is compared without spaces and signs.
const KNOWN: [&str; 26] = [
    "床前明月光",
    "疑是地上霜",
    "举头望明月",
    "低头思故乡",
    "春眠不觉晓",
    "处处闻啼鸟",
    "白日依山尽",
    "黄河入海流",
    "锄禾日当午",
    "汗滴禾下土",
    "为人民服务",
    "全心全意",
    "中华人民共和国",
    "中国共产党",
    "退役军人事务",
    "双拥回访",
    "社会主义",
    "不忘初心",
    "牢记使命",
    "人之初性本善",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "iloveyou",
    "password",
];

/// Why a phrase is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhraseFault {
    /// Too easy to guess.
    #[error("{bits} of {BITS_MIN} bits")]
    Weak {
        /// What it is worth.
        bits: u32,
    },
    /// Longer than anybody types.
    #[error("longer than {CHARACTERS_MAX} characters")]
    Long,
}

/// A phrase in the one writing that is stretched. No `Debug`, `Clone` or serde; overwritten when dropped.
pub struct Phrase(Zeroizing<String>);

impl Phrase {
    /// Reads what was typed: case, full-width forms, and how much space stands between words do not count.
    pub fn read(typed: &str) -> Phrase {
        let mut text = Zeroizing::new(String::with_capacity(typed.len() + 4));
        for word in typed.split_whitespace() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.extend(word.chars().map(narrow).map(|character| character.to_ascii_lowercase()));
        }
        Phrase(text)
    }

    /// Reads a phrase that is to be set.
    ///
    /// # Errors
    /// When it is too easy to guess, or too long.
    pub fn choose(typed: &str) -> Result<Phrase, PhraseFault> {
        let phrase = Phrase::read(typed);
        if phrase.0.chars().count() > CHARACTERS_MAX {
            return Err(PhraseFault::Long);
        }
        let bits = bits(&phrase.0);
        if bits < BITS_MIN { Err(PhraseFault::Weak { bits }) } else { Ok(phrase) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn narrow(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        other => other,
    }
}

/// What a phrase is worth, in whole bits.
fn bits(text: &str) -> u32 {
    let mut plain: Vec<char> = text.chars().filter(|character| character.is_alphanumeric()).collect();
    for known in KNOWN {
        forget(&mut plain, known);
    }
    let half_bits = |letter: usize| match letter {
        0 => 8,
        1..=7 => 4,
        8..=19 => 3,
        _ => 2,
    };
    (0..letters(&plain)).map(half_bits).sum::<u32>() / 2
}

/// How many letters the characters count for.
fn letters(plain: &[char]) -> usize {
    let mut count = 0;
    for (at, character) in plain.iter().enumerate() {
        let before = &plain[..at];
        let is_next = before.last().is_some_and(|last| u32::from(*last).abs_diff(u32::from(*character)) <= 1);
        // A pair that was there before begins a repetition.
        let repeats =
            at > 0 && before.windows(2).any(|pair| pair[0] == plain[at - 1] && pair[1] == *character);
        count += match character {
            _ if is_next || repeats => 0,
            '\u{3400}'..='\u{9fff}' if !before.contains(character) => 2,
            _ => 1,
        };
    }
    count
}

/// Every occurrence of what everybody knows becomes its first character.
fn forget(plain: &mut Vec<char>, known: &str) {
    let known: Vec<char> = known.chars().collect();
    while let Some(at) = plain.windows(known.len()).position(|part| part == known.as_slice()) {
        plain.drain(at + 1..at + known.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worth(typed: &str) -> u32 {
        bits(Phrase::read(typed).as_str())
    }

    #[test]
    fn a_sentence_of_ones_own_is_taken() {
        for typed in [
            "老槐树下第三家养着两只白鹅",
            "yellow tractor behind the mill sings",
            "去年腊月坐绿皮火车送蜂蜜给二舅",
        ] {
            assert!(Phrase::choose(typed).is_ok(), "{typed} {}", worth(typed));
        }
    }

    #[test]
    fn what_is_short_known_or_repeated_is_weak() {
        for typed in [
            "",
            "床前明月光疑是地上霜举头望明月低头思故乡",
            "为人民服务为人民服务为人民服务",
            "哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈",
            "abcdefghijklmnopqrstuvwxyz",
            "12345678901234567890123456789",
            "我爱我的家乡",
            "correct horse",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "ababababababababababababababababab",
        ] {
            assert!(
                matches!(Phrase::choose(typed), Err(PhraseFault::Weak { .. })),
                "{typed} {}",
                worth(typed)
            );
        }
    }

    #[test]
    fn the_estimate_is_that_of_sp_800_63_2() {
        assert_eq!(worth("a"), 4);
        assert_eq!(worth("tkmxzqbr"), 18);
        assert_eq!(worth("tkmxzqbrwgpnvcydfhjl"), 36);
    }

    #[test]
    fn case_width_and_space_do_not_count() {
        let phrase = Phrase::read("  Yellow　TRACTOR  ｂehind ");
        assert_eq!(phrase.as_str(), "yellow tractor behind");
    }

    #[test]
    fn nobody_types_a_page() {
        let typed = "老槐树下第三家养着两只白鹅".repeat(6);
        assert_eq!(Phrase::choose(&typed).err(), Some(PhraseFault::Long));
    }
}
