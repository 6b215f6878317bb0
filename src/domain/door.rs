//! Where a family lives within its village, and the way past the doors.

use crate::text;
use std::cmp::Ordering;

/// Doors whose numbers are so close stand side by side: 3号 and 4号 where they are counted along the lane, 3号 and 5号 where by its sides.
const NEXT_DOOR: u32 = 2;

/// Words that stand beside the numbers of an address.
const WORDS: [&str; 11] = ["号", "组", "队", "栋", "幢", "单元", "室", "巷", "弄", "排", "楼"];

/// How close two families live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// 同院: one door.
    SameYard,
    /// 隔壁: the next.
    NextDoor,
}

/// A piece of an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Number(u32),
    Words(String),
}

/// What of an address lies within the village: `双桥镇红旗村3组12号` is `3组12号`.
pub fn within(address: &str) -> &str {
    let address = address.trim();
    ["社区", "村"]
        .into_iter()
        .filter_map(|word| address.find(word).map(|at| &address[at + word.len()..]))
        .find(|rest| !rest.is_empty())
        .unwrap_or(address)
}

/// The order of a walk: by lane, then by number, so that 3号 comes before 12号. Whoever has no address comes last.
pub fn walk(a: &str, b: &str) -> Ordering {
    (a.is_empty(), pieces(a)).cmp(&(b.is_empty(), pieces(b)))
}

/// What stands for one door of a village in whichever way it is written; `None` where an address names a lane or a group alone.
pub fn key(address: &str) -> Option<String> {
    let pieces = pieces(within(address));
    names_a_door(&pieces)
        .then(|| written(&pieces).chars().filter(|letter| letter.is_alphanumeric()).collect())
}

/// Whether an address says which door it is of, and no lane or group alone.
fn names_a_door(pieces: &[Piece]) -> bool {
    let numbers = pieces.iter().filter(|piece| matches!(piece, Piece::Number(_))).count();
    let is_marked = pieces.windows(2).any(|pair| {
        matches!(pair, [Piece::Number(_), Piece::Words(words)] if words.starts_with(['号', '户', '室']))
    });
    is_marked || numbers > 1
}

/// An address as it is searched: numbers in plain figures, small letters, no spaces, so that `三组１２号` is `3组12号`.
pub fn plain(address: &str) -> String {
    written(&pieces(&text::bare(address).to_ascii_lowercase()))
}

/// Whether what was typed is of a door: `12`, `12号`, `3组12`, `十二组`. In figures, or with a word that only addresses have.
pub fn is_of_door(typed: &str) -> bool {
    let typed = text::narrow(typed);
    let has_number = |is_one: fn(char) -> bool| typed.chars().any(is_one);
    has_number(|letter| letter.is_ascii_digit())
        || has_number(|letter| digit(letter).is_some()) && WORDS.iter().any(|word| typed.contains(word))
}

/// Whether a door is what was typed of it, both [`plain`]. A number alone is the door's own; with words it may be any part of the address, and
/// whoever still types has not come to the end of its last number.
pub fn is_typed(door: &str, typed: &str) -> bool {
    let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    let is_number = !typed.is_empty() && typed.chars().all(|letter| letter.is_ascii_digit());
    let starts_a_number = is_digit(typed.chars().next());
    door.match_indices(typed).any(|(at, _)| {
        let (before, after) = (&door[..at], &door[at + typed.len()..]);
        if starts_a_number && is_digit(before.chars().next_back()) {
            return false;
        }
        !is_number || is_own_number(before, after)
    })
}

/// Whether what stands between is the number of the door: before the first 号, or the last of all where there is none.
fn is_own_number(before: &str, after: &str) -> bool {
    let is_last = || !after.contains('号') && !after.chars().any(|letter| letter.is_ascii_digit());
    !before.contains('号') && (after.starts_with('号') || is_last())
}

/// Whether two families of one village live in one yard or door to door; `None` where the addresses do not say so.
pub fn nearness(a: &str, b: &str) -> Option<Nearness> {
    let ((lane, number), (other_lane, other)) = (door(a)?, door(b)?);
    match number.abs_diff(other) {
        _ if lane != other_lane => None,
        0 => Some(Nearness::SameYard),
        1..=NEXT_DOOR => Some(Nearness::NextDoor),
        _ => None,
    }
}

/// The lane and the number of a door, which stands before 号 or last. The one number of an address is a door's where nothing follows it.
fn door(address: &str) -> Option<(Vec<Piece>, u32)> {
    let mut pieces = pieces(address);
    if !names_a_door(&pieces) && !matches!(pieces.last(), Some(Piece::Number(_))) {
        return None;
    }
    let marked = pieces
        .windows(2)
        .position(|pair| matches!(pair, [Piece::Number(_), Piece::Words(words)] if words.starts_with('号')));
    let at = marked.or_else(|| pieces.iter().rposition(|piece| matches!(piece, Piece::Number(_))))?;
    pieces.truncate(at + 1);
    match pieces.pop() {
        Some(Piece::Number(number)) => Some((pieces, number)),
        _ => None,
    }
}

fn written(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Number(number) => number.to_string(),
        Piece::Words(words) => words.clone(),
    };
    pieces.iter().map(piece).collect()
}

fn pieces(address: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut letters = address.chars().filter(|letter| !letter.is_whitespace()).peekable();
    while let Some(letter) = letters.peek().copied() {
        if digit(letter).is_some() {
            pieces.push(Piece::Number(number(&mut letters)));
            continue;
        }
        letters.next();
        match pieces.last_mut() {
            Some(Piece::Words(words)) => words.push(letter),
            _ => pieces.push(Piece::Words(letter.into())),
        }
    }
    pieces
}

/// A number in figures, half or full width, or in words below a thousand, as of the groups: 十二组.
fn number(letters: &mut std::iter::Peekable<impl Iterator<Item = char>>) -> u32 {
    let (mut sum, mut last) = (0_u32, None);
    while let Some(digit) = letters.peek().copied().and_then(digit) {
        letters.next();
        match digit {
            Digit::Figure(figure) => {
                last = Some(last.unwrap_or(0_u32).saturating_mul(10).saturating_add(figure))
            }
            Digit::Tens(unit) => sum = sum.saturating_add(last.take().unwrap_or(1).saturating_mul(unit)),
        }
    }
    sum.saturating_add(last.unwrap_or(0))
}

enum Digit {
    Figure(u32),
    /// 十 or 百, which multiply what stands before them.
    Tens(u32),
}

fn digit(letter: char) -> Option<Digit> {
    if ('０'..='９').contains(&letter) {
        return Some(Digit::Figure(u32::from(letter) - u32::from('０')));
    }
    match letter {
        '十' => Some(Digit::Tens(10)),
        '百' => Some(Digit::Tens(100)),
        _ => text::digit_of(letter).to_digit(10).map(Digit::Figure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_within_the_village_remains() {
        assert_eq!(within("示范县双桥镇红旗村3组12号"), "3组12号");
        assert_eq!(within(" 桃花社区5栋2单元301 "), "5栋2单元301");
        assert_eq!(within("红旗村"), "红旗村");
        assert_eq!(within("光明路7号"), "光明路7号");
        assert_eq!(within(""), "");
    }

    #[test]
    fn a_walk_goes_by_number_and_not_by_letter() {
        let mut doors = [
            "",
            "3组12号",
            "十二组1号",
            "3组3号",
            "３组２号",
            "二组40号",
            "3组3号附1号",
            "东头",
            "一百零二号",
        ];
        doors.sort_by(|a, b| walk(a, b));
        assert_eq!(
            doors,
            [
                "二组40号",
                "３组２号",
                "3组3号",
                "3组3号附1号",
                "3组12号",
                "十二组1号",
                "一百零二号",
                "东头",
                ""
            ]
        );
    }

    #[test]
    fn neighbours_are_of_one_lane() {
        for (a, b, expected) in [
            ("3组12号", "3组12号", Some(Nearness::SameYard)),
            ("3组12号", "三组１２号附2", Some(Nearness::SameYard)),
            ("3组12号", "3组13号", Some(Nearness::NextDoor)),
            ("3组12号", "3组10号", Some(Nearness::NextDoor)),
            ("3组12号", "3组15号", None),
            ("3组12号", "4组12号", None),
            ("一百零二号", "102号", Some(Nearness::SameYard)),
            ("东头", "东头", None),
            ("", "", None),
            ("5栋301", "5栋302", Some(Nearness::NextDoor)),
            ("12", "12", Some(Nearness::SameYard)),
            ("12", "14", Some(Nearness::NextDoor)),
            ("光明路7", "光明路8", Some(Nearness::NextDoor)),
            ("7户", "8户", Some(Nearness::NextDoor)),
            ("3组", "3组", None),
            ("三组", "3组东头", None),
            ("3组", "4组", None),
            ("3组", "3组3号", None),
            ("红旗村3组", "红旗村3组", None),
        ] {
            assert_eq!(nearness(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn a_door_has_one_key_in_whichever_way_it_is_written() {
        let same = ["双桥镇红旗村3组12号", "三组１２号", " 3组 12号 "];
        assert!(same.iter().all(|address| key(address).as_deref() == Some("3组12号")));
        for (address, expected) in [
            ("3组12号附1号", Some("3组12号附1号")),
            ("桃花社区5栋2单元301", Some("5栋2单元301")),
            ("5栋-301", Some("5栋301")),
            ("红旗村3组", None),
            ("红旗村", None),
            ("东头", None),
            ("", None),
        ] {
            assert_eq!(key(address).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn a_door_is_found_by_what_is_typed_of_it() {
        for (door, typed, expected) in [
            ("3组12号", "12", true),
            ("3组12号", "12号", true),
            ("3组12号", "3组12号", true),
            ("3组12号", "3组12", true),
            ("3组12号", "3组1", true),
            ("3组12号", "3组", true),
            ("3组12号", "3", false),
            ("3组12号", "1", false),
            ("3组12号", "2号", false),
            ("3组12号", "组12号", true),
            ("3组12号", "13号", false),
            ("13组12号", "3组12号", false),
            ("三组十二号", "3组12号", true),
            ("３组１２号", "三组12号", true),
            ("3 组 12 号", "12号", true),
            ("3组12", "12", true),
            ("5栋2单元301", "301", true),
            ("5栋2单元301", "5栋2单元", true),
            ("5栋2单元301", "2", false),
            ("3组12号附2", "12", true),
            ("3组12号附2", "2", false),
            ("3组12号附2", "12号附2", true),
            ("一百零二号", "102", true),
            ("3-12号", "12", true),
            ("3-12号", "3-12", true),
            ("Ａ栋3号", "a栋3", true),
            ("东头", "12", false),
            ("", "12号", false),
        ] {
            assert_eq!(is_typed(&plain(door), &plain(typed)), expected, "{door} by {typed}");
        }
    }

    #[test]
    fn names_with_numbers_in_words_are_no_doors() {
        for (typed, expected) in [
            ("12", true),
            ("１２", true),
            ("12号", true),
            ("十二组", true),
            ("王三", false),
            ("三", false),
            ("组", false),
            ("lw", false),
            ("", false),
        ] {
            assert_eq!(is_of_door(typed), expected, "{typed}");
        }
    }

    #[test]
    fn numbers_too_large_for_any_door_end_nothing() {
        assert_eq!(walk("99999999999999号", "9999999999999百号"), Ordering::Equal);
    }
}
