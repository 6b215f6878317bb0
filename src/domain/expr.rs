//! The one expression engine: XLSForm (XPath) text parsed to a tree, evaluated without side effects.
//!
//! | Written | Means |
//! |---|---|
//! | `${A02}` | the answer to A02; a fact such as `${recipient.category}` |
//! | `${last-saved#A02}` | the answer to A02 at the last visit by the same checklist |
//! | `.` | the answer being checked |
//! | `..`, `../..` | in `position(…)` alone: the group or repeat around the question |
//! | `town` | in a filter of options alone: the column of the option |
//! | `'text'`, `"text"`, `12.5`, `true()` | constants |
//! | `or` `and` `= !=` `< <= > >=` `+ -` `* div mod` `-x` | operators, the loosest first |
//! | `f(x, y)` | see [`Function`] |
//!
//! An answer that was not given, or whose question is hidden, is *empty*, the empty text of XPath: compared with any option, number, day or truth `=`,
//! the orderings and `selected` are false, `!=` is true, and what is computed from it is empty. Two empty answers are equal, and `${A02} = ''`
//! is true when A02 has no answer. A number that is none (a division by zero) is empty too. Money counts in yuan, days as days since 1970 where
//! a number is asked for. A question in a repeat, asked for from outside, is a *list*: `=` and its like hold when they hold for one of it, `sum`, `count`,
//! `min`, `max` and `coalesce` take all of it, anything else the first.

pub mod functions;

mod compare;
mod eval;
mod lex;
mod parse;
mod regex;
mod value;

use crate::day::Day;
use functions::Function;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, collections::BTreeSet, fmt, str::FromStr};

pub use regex::{Regex, RegexError};
pub use value::{Value, decimal};

/// Characters an expression may have.
pub const CHARACTERS_MAX: usize = 4_096;
/// Operators, names and constants an expression may have.
pub const NODES_MAX: usize = 512;
/// How deep brackets and calls may lie in each other.
pub const DEPTH_MAX: usize = 32;

/// A parsed expression. Two are equal when their texts are; it travels as its text.
#[derive(Clone)]
pub struct Expr {
    text: String,
    root: Node,
}

/// Why a text is no expression, and where: `at` counts characters from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("character {at}: {why}")]
pub struct ParseError {
    /// The character, from 0; the length of the text when it ends too early.
    pub at: usize,
    /// What is wrong there.
    pub why: Why,
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The text goes on where an end was due, or the other way round.
    #[error("expected {0}")]
    Expected(&'static str),
    /// A character no expression has.
    #[error("the character {0:?} has no meaning here")]
    Character(char),
    /// A text constant or `${` that is not closed.
    #[error("not closed")]
    Unclosed,
    /// A function this engine does not have.
    #[error("unknown function {0}")]
    UnknownFunction(String),
    /// A function with too few or too many arguments.
    #[error("{name} takes {min} to {max} arguments, not {found}")]
    #[expect(missing_docs, reason = "each says itself")]
    Arguments { name: &'static str, min: usize, max: usize, found: usize },
    /// A pattern that this engine does not match by.
    #[error("the pattern {0}")]
    Pattern(RegexError),
    /// More than [`CHARACTERS_MAX`], [`NODES_MAX`] or [`DEPTH_MAX`].
    #[error("too long or too deep")]
    TooLarge,
}

/// What an expression sees.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The value of a name; empty if it has none.
    pub value_of: &'a dyn Fn(Name<'_>) -> Value,
    /// What `.` means.
    pub here: &'a Value,
    /// What `today()` says.
    pub today: Day,
}

/// What an expression asks its surroundings for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// `${…}`
    Answer(&'a str),
    /// A column of the option that a filter looks at.
    Column(&'a str),
    /// Which of its repeat the group so many levels above the question is, from 1.
    Position(usize),
}

/// Before a name: of the last visit by the same checklist.
pub const LAST: &str = "last-saved#";

#[derive(Clone, Debug)]
enum Node {
    Constant(Value),
    Name(String),
    Column(String),
    Position(usize),
    Here,
    Negate(Box<Node>),
    Binary(Op, Box<Node>, Box<Node>),
    Call(Function, Vec<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Expr {
    /// Evaluates; never fails and never loops: what cannot be computed is empty.
    pub fn eval(&self, scope: Scope<'_>) -> Value {
        eval::eval(&self.root, scope)
    }

    /// Evaluates to a truth: empty, `false`, zero and the empty text are none.
    pub fn holds(&self, scope: Scope<'_>) -> bool {
        self.eval(scope).is_true()
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names it asks for, sorted.
    pub fn names(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        self.root.collect_names(&mut names);
        names
    }

    /// A constant, written as the expression that gives it.
    pub fn constant(value: Value) -> Expr {
        let text = value.to_text();
        let quote = if text.contains('\'') { '"' } else { '\'' };
        Expr { text: format!("{quote}{text}{quote}"), root: Node::Constant(Value::text(&text)) }
    }

    /// Whether it asks for nothing: no answer, no fact, not even the day.
    pub fn is_constant(&self) -> bool {
        matches!(self.root, Node::Constant(_))
    }

    /// Whether a constant zero stands where it divides: what is computed there is never anything.
    pub fn divides_by_zero(&self) -> bool {
        self.root.divides_by_zero()
    }

    /// Whether it keeps what it gave first: `once(…)`.
    pub fn is_once(&self) -> bool {
        matches!(self.root, Node::Call(Function::Once, _))
    }
}

/// A filter of options: an expression in which a bare name is a column of the option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Filter(pub Expr);

impl FromStr for Filter {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Filter, ParseError> {
        Ok(Filter(Expr { root: parse::parse(text, parse::Words::Columns)?, text: text.to_owned() }))
    }
}

impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Filter, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Node {
    fn divides_by_zero(&self) -> bool {
        match self {
            Node::Binary(Op::Divide | Op::Remainder, _, by) if by.is_zero() => true,
            Node::Binary(_, left, right) => left.divides_by_zero() || right.divides_by_zero(),
            Node::Negate(node) => node.divides_by_zero(),
            Node::Call(_, arguments) => arguments.iter().any(Node::divides_by_zero),
            _ => false,
        }
    }

    fn is_zero(&self) -> bool {
        match self {
            Node::Constant(value) => value.as_number() == Some(0.0),
            Node::Negate(node) => node.is_zero(),
            _ => false,
        }
    }

    fn collect_names<'a>(&'a self, into: &mut BTreeSet<&'a str>) {
        match self {
            Node::Constant(_) | Node::Here | Node::Column(_) | Node::Position(_) => {}
            Node::Name(name) => {
                into.insert(name);
            }
            Node::Negate(node) => node.collect_names(into),
            Node::Binary(_, left, right) => {
                left.collect_names(into);
                right.collect_names(into);
            }
            Node::Call(_, arguments) => arguments.iter().for_each(|node| node.collect_names(into)),
        }
    }
}

impl FromStr for Expr {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Expr, ParseError> {
        Ok(Expr { root: parse::parse(text, parse::Words::None)?, text: text.to_owned() })
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        self.text == other.text
    }
}

impl Eq for Expr {}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({:?})", self.text)
    }
}

impl Serialize for Expr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Expr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Expr, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
