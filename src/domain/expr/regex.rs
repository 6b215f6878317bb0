//! Patterns of `regex(text, pattern)`, matched in linear time.
//!
//! The pattern becomes a program whose threads all step through the text together, so that no pattern can make a phone hang: the time is bounded
//! by the length of the program times that of the text. Known are characters, `.`, `[…]`, `\\d \\w \\s` and their opposites, `|`, groups, `^ $`, and
//! `* + ? {n} {n,} {n,m}`, lazy or not, which is the same where only the whole text counts. Looking around and references back are refused.

use std::{iter::Peekable, str::Chars};

/// What a pattern may become: its instructions, and the ranges of its classes, each of which is looked at for a character. `{n,m}` multiplies.
const PROGRAM_MAX: usize = 2_000;
/// Characters of a pattern. What `{0}` takes away again counts for nothing else.
const PATTERN_MAX: usize = 4 * PROGRAM_MAX;
/// Characters that a text may have to be matched at all.
const TEXT_MAX: usize = 4_096;
/// How deep groups may lie in each other.
const DEPTH_MAX: usize = 32;

/// A pattern, ready to match.
#[derive(Clone, Debug)]
pub struct Regex {
    program: Vec<Step>,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegexError {
    /// A bracket is not closed, or one is closed that was not opened.
    #[error("has a bracket without its other half")]
    Bracket,
    /// `*` and its like with nothing before it, or a range whose end lies before its beginning.
    #[error("repeats nothing, or has a range that runs backwards")]
    Repeat,
    /// Something that other engines have: looking around, references, named groups.
    #[error("uses what is not supported: looking around, references back, or a class such as \\p")]
    Unsupported,
    /// Too long, or repeated too often.
    #[error("is too long, or repeats too often")]
    TooLarge,
}

#[derive(Clone, Debug)]
enum Step {
    /// One character of these.
    One(Class),
    /// On to both.
    Split(usize, usize),
    Jump(usize),
    Start,
    End,
}

impl Step {
    /// What it costs to look at a character with it.
    fn weight(&self) -> usize {
        match self {
            Step::One(class) => class.ranges.len().max(1),
            _ => 1,
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Class {
    ranges: Vec<(char, char)>,
    negated: bool,
}

impl Class {
    fn holds(&self, c: char) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != self.negated
    }

    fn of(ranges: &[(char, char)], negated: bool) -> Class {
        Class { ranges: ranges.to_vec(), negated }
    }
}

const DIGIT: &[(char, char)] = &[('0', '9')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
const SPACE: &[(char, char)] = &[('\t', '\r'), (' ', ' ')];

impl Regex {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it is none, or asks for what is not matched here.
    pub fn new(pattern: &str) -> Result<Regex, RegexError> {
        if pattern.chars().nth(PATTERN_MAX).is_some() {
            return Err(RegexError::TooLarge);
        }
        let mut compiler =
            Compiler { rest: pattern.chars().peekable(), program: Vec::new(), weight: 0, depth: 0 };
        compiler.either()?;
        match compiler.rest.next() {
            None => Ok(Regex { program: compiler.program }),
            Some(_) => Err(RegexError::Bracket),
        }
    }

    /// Whether the whole text is matched.
    pub fn matches(&self, text: &str) -> bool {
        if text.chars().count() > TEXT_MAX {
            return false;
        }
        let mut threads = Threads::new(self.program.len());
        let mut next = Threads::new(self.program.len());
        let mut rest = text.chars().peekable();
        self.follow(0, &mut threads, true, rest.peek().is_none());
        while let Some(c) = rest.next() {
            next.clear();
            for at in std::mem::take(&mut threads.waiting) {
                if let Step::One(class) = &self.program[at]
                    && class.holds(c)
                {
                    self.follow(at + 1, &mut next, false, rest.peek().is_none());
                }
            }
            std::mem::swap(&mut threads, &mut next);
        }
        threads.is_done
    }

    /// Adds the steps that are reached from `at` without a character.
    fn follow(&self, at: usize, threads: &mut Threads, at_start: bool, at_end: bool) {
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            let Some(step) = self.program.get(at) else {
                threads.is_done = true;
                continue;
            };
            if std::mem::replace(&mut threads.seen[at], true) {
                continue;
            }
            match step {
                Step::One(_) => threads.waiting.push(at),
                Step::Split(first, second) => open.extend([*second, *first]),
                Step::Jump(to) => open.push(*to),
                Step::Start if at_start => open.push(at + 1),
                Step::End if at_end => open.push(at + 1),
                Step::Start | Step::End => {}
            }
        }
    }
}

struct Threads {
    waiting: Vec<usize>,
    seen: Vec<bool>,
    is_done: bool,
}

impl Threads {
    fn new(steps: usize) -> Threads {
        Threads { waiting: Vec::new(), seen: vec![false; steps], is_done: false }
    }

    fn clear(&mut self) {
        self.waiting.clear();
        self.seen.fill(false);
        self.is_done = false;
    }
}

struct Compiler<'a> {
    rest: Peekable<Chars<'a>>,
    program: Vec<Step>,
    /// Of the program, as [`Step::weight`] counts.
    weight: usize,
    depth: usize,
}

impl Compiler<'_> {
    fn put(&mut self, step: Step) -> Result<(), RegexError> {
        self.weight += step.weight();
        self.program.push(step);
        if self.weight > PROGRAM_MAX { Err(RegexError::TooLarge) } else { Ok(()) }
    }

    /// Takes the program from there on away again.
    fn take(&mut self, start: usize) -> Vec<Step> {
        let taken = self.program.split_off(start);
        self.weight -= taken.iter().map(Step::weight).sum::<usize>();
        taken
    }

    fn accept(&mut self, c: char) -> bool {
        self.rest.next_if_eq(&c).is_some()
    }

    /// `a|b|c`
    fn either(&mut self) -> Result<(), RegexError> {
        let start = self.program.len();
        self.chain()?;
        let mut ends = Vec::new();
        let mut branch = start;
        while self.accept('|') {
            // What stands there moves back by one to make room for the split before it.
            let moved = self.take(branch);
            self.put(Step::Split(branch + 1, branch + moved.len() + 2))?;
            for step in moved {
                self.put(shifted(step, 1))?;
            }
            ends.push(self.program.len());
            self.put(Step::Jump(0))?;
            branch = self.program.len();
            self.chain()?;
        }
        let end = self.program.len();
        for at in ends {
            self.program[at] = Step::Jump(end);
        }
        Ok(())
    }

    /// `abc`
    fn chain(&mut self) -> Result<(), RegexError> {
        while let Some(c) = self.rest.peek().copied() {
            if matches!(c, '|' | ')') {
                return Ok(());
            }
            let start = self.program.len();
            self.atom()?;
            self.repeated(start)?;
        }
        Ok(())
    }

    fn atom(&mut self) -> Result<(), RegexError> {
        let Some(c) = self.rest.next() else { return Ok(()) };
        let step = match c {
            '(' => return self.group(),
            '[' => Step::One(self.class()?),
            '.' => Step::One(Class::of(&[('\n', '\n'), ('\r', '\r')], true)),
            '^' => Step::Start,
            '$' => Step::End,
            '\\' => Step::One(self.escape()?),
            '*' | '+' | '?' => return Err(RegexError::Repeat),
            c => Step::One(Class::of(&[(c, c)], false)),
        };
        self.put(step)
    }

    fn group(&mut self) -> Result<(), RegexError> {
        if self.accept('?') && !self.accept(':') {
            return Err(RegexError::Unsupported);
        }
        if self.depth == DEPTH_MAX {
            return Err(RegexError::TooLarge);
        }
        self.depth += 1;
        self.either()?;
        self.depth -= 1;
        if self.accept(')') { Ok(()) } else { Err(RegexError::Bracket) }
    }

    fn escape(&mut self) -> Result<Class, RegexError> {
        let Some(c) = self.rest.next() else { return Err(RegexError::Bracket) };
        let one = |c: char| Class::of(&[(c, c)], false);
        Ok(match c {
            'd' => Class::of(DIGIT, false),
            'D' => Class::of(DIGIT, true),
            'w' => Class::of(WORD, false),
            'W' => Class::of(WORD, true),
            's' => Class::of(SPACE, false),
            'S' => Class::of(SPACE, true),
            't' => one('\t'),
            'n' => one('\n'),
            'r' => one('\r'),
            c if c.is_ascii_alphanumeric() => return Err(RegexError::Unsupported),
            c => one(c),
        })
    }

    /// What follows a `[`.
    fn class(&mut self) -> Result<Class, RegexError> {
        let mut class = Class { ranges: Vec::new(), negated: self.accept('^') };
        loop {
            if class.ranges.len() > PROGRAM_MAX {
                return Err(RegexError::TooLarge);
            }
            let Some(c) = self.rest.next() else { return Err(RegexError::Bracket) };
            let from = match c {
                ']' if !class.ranges.is_empty() => return Ok(class),
                ']' => return Err(RegexError::Bracket),
                '[' | '&' if self.rest.peek() == Some(&'&') || c == '[' => {
                    return Err(RegexError::Unsupported);
                }
                '\\' => {
                    let escaped = self.escape()?;
                    match (escaped.negated, &escaped.ranges[..]) {
                        (false, [(one, other)]) if one == other => *one,
                        (false, ranges) => {
                            class.ranges.extend(ranges);
                            continue;
                        }
                        (true, _) => return Err(RegexError::Unsupported),
                    }
                }
                c => c,
            };
            class.ranges.push((from, self.range_end(from)?));
        }
    }

    /// The end of a range `a-z`; the character itself where there is none.
    fn range_end(&mut self, from: char) -> Result<char, RegexError> {
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('-') || matches!(ahead.peek(), Some(']') | None) {
            return Ok(from);
        }
        self.rest.next();
        let to = match self.rest.next() {
            Some('\\') => match &self.escape()?.ranges[..] {
                [(one, other)] if one == other => *one,
                _ => return Err(RegexError::Repeat),
            },
            Some(c) => c,
            None => return Err(RegexError::Bracket),
        };
        if from <= to { Ok(to) } else { Err(RegexError::Repeat) }
    }

    /// Repeats what stands from `start` on, as what follows says.
    fn repeated(&mut self, start: usize) -> Result<(), RegexError> {
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.counts()? {
                Some(counts) => counts,
                None => return Ok(()),
            },
            _ => return Ok(()),
        };
        if self.rest.peek().is_some_and(|c| matches!(c, '*' | '+' | '?')) {
            self.rest.next();
        }
        // Lazy is the same where only the whole text counts; possessive is not.
        self.accept('?');
        if matches!(self.rest.peek(), Some('*' | '+' | '?')) {
            return Err(RegexError::Repeat);
        }
        self.repeat(start, least, most)
    }

    /// `{n}`, `{n,}` or `{n,m}`.
    fn counts(&mut self) -> Result<Option<(usize, Option<usize>)>, RegexError> {
        self.rest.next();
        let least = self.count()?.ok_or(RegexError::Unsupported)?;
        let most = if self.accept(',') { self.count()? } else { Some(least) };
        if !self.accept('}') {
            return Err(RegexError::Bracket);
        }
        // What stands behind is judged as after any other repetition.
        match most {
            Some(most) if most < least => Err(RegexError::Repeat),
            most => Ok(Some((least, most))),
        }
    }

    fn count(&mut self) -> Result<Option<usize>, RegexError> {
        let mut count = None;
        while let Some(digit) = self.rest.peek().and_then(|c| c.to_digit(10)) {
            self.rest.next();
            let digit = usize::try_from(digit).unwrap_or_default();
            let next = count.unwrap_or(0) * 10 + digit;
            if next > PROGRAM_MAX {
                return Err(RegexError::TooLarge);
            }
            count = Some(next);
        }
        Ok(count)
    }

    fn repeat(&mut self, start: usize, least: usize, most: Option<usize>) -> Result<(), RegexError> {
        let body = self.take(start);
        let copy = |compiler: &mut Self| {
            let by = compiler.program.len().wrapping_sub(start);
            body.iter().try_for_each(|step| compiler.put(shifted(step.clone(), by)))
        };
        for _ in 0..least {
            copy(self)?;
        }
        let Some(most) = most else {
            let split = self.program.len();
            self.put(Step::Split(split + 1, 0))?;
            copy(self)?;
            self.put(Step::Jump(split))?;
            self.program[split] = Step::Split(split + 1, self.program.len());
            return Ok(());
        };
        let mut splits = Vec::new();
        for _ in least..most {
            splits.push(self.program.len());
            self.put(Step::Jump(0))?;
            copy(self)?;
        }
        let end = self.program.len();
        for split in splits {
            self.program[split] = Step::Split(split + 1, end);
        }
        Ok(())
    }
}

/// The step with its targets so much further on.
fn shifted(step: Step, by: usize) -> Step {
    match step {
        Step::Split(first, second) => Step::Split(first.wrapping_add(by), second.wrapping_add(by)),
        Step::Jump(to) => Step::Jump(to.wrapping_add(by)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let regex = Regex::new(pattern).unwrap();
        for text in yes {
            assert!(regex.matches(text), "{pattern} {text}");
        }
        for text in no {
            assert!(!regex.matches(text), "{pattern} {text}");
        }
    }

    #[test]
    fn the_whole_text_is_matched() {
        check("[0-9]{11}", &["13800000000"], &["1380000000", "138000000000", "a13800000000"]);
        check("^1[3-9]\\d{9}$", &["13800000000"], &["12800000000"]);
        check("(ab|c)*d?", &["", "ababc", "cd"], &["abd d", "a"]);
        check("a{2,3}", &["aa", "aaa"], &["a", "aaaa"]);
        check("a{2,}b{0}c??", &["aa", "aaaac"], &["ab"]);
        check("[^,]+", &["光荣牌"], &["", "a,b"]);
        check("[\\w.-]+@[\\w-]+(\\.[a-z]{2,})+", &["a.b-c@x-y.com.cn"], &["a@b", "@x.cn"]);
        check("[-a]|\\[x\\]", &["-", "a", "[x]"], &["b"]);
        check("男|女|", &["男", "女", ""], &["男女"]);
        check("x|y|zz", &["x", "y", "zz"], &["z"]);
        check("((a|b){2}|c){2}", &["abba", "cab", "cc"], &["abc c", "a"]);
        check(".", &["字"], &["\n", ""]);
    }

    #[test]
    fn what_is_not_matched_here_is_refused() {
        for (pattern, why) in [
            ("(", RegexError::Bracket),
            (")", RegexError::Bracket),
            ("[a", RegexError::Bracket),
            ("[]", RegexError::Bracket),
            ("a{2", RegexError::Bracket),
            ("*a", RegexError::Repeat),
            ("a**", RegexError::Repeat),
            ("[z-a]", RegexError::Repeat),
            ("a{3,2}", RegexError::Repeat),
            ("(?=a)", RegexError::Unsupported),
            ("(?<name>a)", RegexError::Unsupported),
            ("(a)\\1", RegexError::Unsupported),
            ("\\p{L}", RegexError::Unsupported),
            ("a{2001}", RegexError::TooLarge),
            ("((a{100}){100}){100}", RegexError::TooLarge),
        ] {
            assert_eq!(Regex::new(pattern).unwrap_err(), why, "{pattern}");
        }
        assert_eq!(Regex::new(&"(".repeat(100)).unwrap_err(), RegexError::TooLarge);
    }

    #[test]
    fn ranges_of_classes_count_like_steps() {
        let class = |ranges: usize| format!("[{}]", "a-b".repeat(ranges));
        assert!(Regex::new(&class(PROGRAM_MAX)).unwrap().matches("b"));
        for pattern in [
            class(100_000),
            class(PROGRAM_MAX + 1),
            format!("[{}]", "\\w".repeat(1_000)),
            format!("{}{{30}}", class(100)),
            class(1_500) + &class(1_500),
            format!("({}|{})", class(1_000), class(1_000)),
        ] {
            assert_eq!(
                Regex::new(&pattern).unwrap_err(),
                RegexError::TooLarge,
                "{} characters",
                pattern.len()
            );
        }
        assert!(
            Regex::new(&format!("{}{{0}}{}", class(1_500), class(1_500))).is_err(),
            "too many characters"
        );
        assert!(
            Regex::new(&format!("{}{{0}}{}", class(700), class(1_500))).is_ok(),
            "what is taken away is not counted"
        );
        assert_eq!(Regex::new(&"a{0}".repeat(100_000)).unwrap_err(), RegexError::TooLarge);
    }

    #[test]
    fn a_pattern_that_blows_up_elsewhere_takes_linear_time() {
        let text = "a".repeat(4_000) + "!";
        for pattern in ["(a+)+", "(a|aa)+b", "(a*)*b", "(.*)(.*)(.*)(.*)x", "(a?){500}a{500}"] {
            assert!(!Regex::new(pattern).unwrap().matches(&text), "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn it_matches_as_a_known_engine_does(
            pattern in r"([abc.]|\[[ab]-?c?\]|\(a\|b\)|\(a?b\)|\\d)([*+?]|\{1,2\}|\{2\})?([abc]|\|[ab]|\$)?[a-c]?",
            text in "[abc1]{0,6}",
        ) {
            let known = regex_lite::Regex::new(&format!("^(?:{pattern})$"));
            match (Regex::new(&pattern), known) {
                (Ok(ours), Ok(known)) => prop_assert_eq!(ours.matches(&text), known.is_match(&text), "{}", pattern),
                (ours, known) => prop_assert_eq!(ours.is_ok(), known.is_ok(), "{}", pattern),
            }
        }
    }
}
