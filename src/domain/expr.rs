//! The one expression engine: XLSForm (XPath) text parsed to a tree, evaluated without side effects.
//!
//! | Written | Means |
//! |---|---|
//! | `${A02}` | the answer to A02; a fact such as `${recipient.category}` |
//! | `.` | the answer being checked |
//! | `'text'`, `"text"`, `12.5`, `true()` | constants |
//! | `or` `and` `= !=` `< <= > >=` `+ -` `* div mod` `-x` | operators, the loosest first |
//! | `f(x, y)` | see [`Function`] |
//!
//! An answer that was not given, or whose question is hidden, is *empty*: `=`, the orderings and `selected` are false with it, `!=` is true, and
//! what is computed from it is empty. Only the empty text tells it apart: `${A02} = ''` is true when A02 has no answer.
//! A number that is none (a division by zero) is empty too. Money counts in yuan, days as days since 1970 where a number is asked for.

pub mod functions;

mod compare;
mod eval;
mod lex;
mod parse;
mod value;

use crate::day::Day;
use functions::Function;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, collections::BTreeSet, fmt, str::FromStr};

pub use value::Value;

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
    /// More than [`CHARACTERS_MAX`], [`NODES_MAX`] or [`DEPTH_MAX`].
    #[error("too long or too deep")]
    TooLarge,
}

/// What an expression sees.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The value of a name; empty if it has none.
    pub value_of: &'a dyn Fn(&str) -> Value,
    /// What `.` means.
    pub here: &'a Value,
    /// What `today()` says.
    pub today: Day,
}

#[derive(Clone, Debug)]
enum Node {
    Constant(Value),
    Name(String),
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
}

impl Node {
    fn collect_names<'a>(&'a self, into: &mut BTreeSet<&'a str>) {
        match self {
            Node::Constant(_) | Node::Here => {}
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
        Ok(Expr { root: parse::parse(text)?, text: text.to_owned() })
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
