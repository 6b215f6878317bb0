//! Checklists: what a visit asks, in which order, of whom, and what counts as an answer.
//!
//! A [`Template`] is data, as published and stored. [`Checklist`] is a template without faults, ready to be asked. Given answers and facts it
//! says which questions are shown, what is missing or wrong, and what a finished visit stores: [`View`].
//!
//! Answers lie flat under codes. Those of a repeat carry its instance before them, `child[2].name`, and the repeat's own code says how many instances
//! there are.

mod answer;
mod build;
mod builtin;
mod defaults;
pub mod published;
mod shared;
mod view;

use crate::expr::{Expr, Filter};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;

pub use answer::{
    Answers, Refusal, RegionAnswer, Why, coarse_position, decimal_answer, position_answer, position_text,
};
pub use build::{CHOICES_MAX, Checklist, Fault, FaultWhy, INSTANCES_MAX, LEVELS_MAX, QUESTIONS_MAX, judged};
pub use builtin::{
    CONFIRM, DEATH, FESTIVAL, FOLLOWUP, MERIT, NEWREPORT, PLAQUE, VERIFY, builtin, builtin_ids, kind_of,
    template_of,
};
pub use view::{Facts, Problem, View, is_fact};

/// A checklist as it is published. Published ones never change: an edit is a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// For example `FOLLOWUP`.
    pub id: String,
    /// From 1.
    pub version: u32,
    /// What people call it.
    pub title: Words,
    /// In the order they are asked.
    pub questions: Vec<Question>,
}

/// Words for people, in the languages there are. Chinese is always there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// 中文
    pub zh: String,
    /// English; a county's own templates may lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Words {
    /// The words in a language (`zh-CN`, `en`, …), Chinese where there are no others.
    pub fn in_language(&self, language: &str) -> &str {
        match &self.en {
            Some(en) if language.starts_with("en") => en,
            _ => &self.zh,
        }
    }
}

/// One question, or one part of a question that has parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Under which the answer is stored: `A12`; of a part `A30.1`.
    pub code: String,
    /// What is asked.
    pub text: Words,
    /// A line below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Words>,
    /// What kind of answer it takes.
    #[serde(rename = "type")]
    pub kind: QuestionKind,
    /// What may be chosen; of `single` and `multi`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Which of the options are offered, by what stands in their columns; all, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Filter>,
    /// What stands there when the visit begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Expr>,
    /// Whether the answer of last time is offered: 与上次相同.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub as_last: bool,
    /// Whether it must be answered when it is shown.
    #[serde(default, skip_serializing_if = "Required::is_no")]
    pub required: Required,
    /// When it is shown; always, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_if: Option<Expr>,
    /// What an answer must fulfil besides its type and limits; `.` is the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validate: Option<Rule>,
    /// Computed, never typed; of a `repeat`, how many instances it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derive: Option<Expr>,
    /// The least: value of `int`, `decimal` and `rating`, fen of `money`, number of `photo`, `multi` and `repeat`, characters of `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The most, counted as `min`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// Whether a signature may be refused with a reason.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_refuse: bool,
    /// Whether its photos are of papers, which are kept large enough to be read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paper: bool,
    /// Whether many families that are visited together (集体走访) have one answer. Nobody signs for another: of a signature it says nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// What a question of kind `parts` or `repeat` consists of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Question>,
}

/// What kind of answer a question takes, and how it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// One option's code.
    Single,
    /// A list of options' codes.
    Multi,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Decimal,
    /// Fen.
    Money,
    /// `"2026-11-23"`.
    Date,
    /// A text.
    Text,
    /// A text with a mobile or landline number.
    Phone,
    /// [`RegionAnswer`].
    Region,
    /// A list of SHA-256 of photos.
    Photo,
    /// A list of SHA-256, the picture first, or a [`Refusal`].
    Signature,
    /// `{lat, lon, accuracy}`: millionths of a degree and metres, whole numbers.
    Geo,
    /// A whole number, 1–5 unless the limits say otherwise.
    Rating,
    /// No answer of its own: its parts have.
    Parts,
    /// How many instances of its parts there are.
    Repeat,
    /// Words alone, no answer.
    Note,
    /// Computed and not shown: a text, or a number.
    Calculate,
}

/// An option of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is stored. In the built-in templates the paper form's word, so that the form's table reads the same on the wire.
    pub code: String,
    /// What is shown.
    pub text: Words,
    /// Whether it excludes all others, as 无 does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
    /// What a filter may ask for, by the column's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
}

/// Whether a question must be answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Required {
    /// It need not.
    #[default]
    #[serde(with = "no")]
    No,
    /// It must.
    #[serde(with = "yes")]
    Yes,
    /// When this holds.
    When(Expr),
}

impl Required {
    fn is_no(&self) -> bool {
        *self == Required::No
    }
}

/// What an answer must fulfil, and what to say when it does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Must hold; `.` is the answer.
    pub expr: Expr,
    /// Said when it does not.
    pub say: Words,
}

impl Question {
    /// A question of a code and kind, of which nothing else is said.
    pub fn new(code: &str, kind: QuestionKind, text: Words) -> Question {
        Question {
            code: code.to_owned(),
            text,
            hint: None,
            kind,
            options: Vec::new(),
            filter: None,
            default: None,
            as_last: false,
            required: Required::No,
            show_if: None,
            validate: None,
            derive: None,
            min: None,
            max: None,
            may_refuse: false,
            paper: false,
            shared: false,
            parts: Vec::new(),
        }
    }

    /// Whether it is shown to whoever answers; what is computed in silence and what holds others together is not.
    pub fn is_seen(&self) -> bool {
        !matches!(self.kind, QuestionKind::Parts | QuestionKind::Calculate)
    }

    /// The option of a code.
    pub fn choice(&self, code: &str) -> Option<&Choice> {
        self.options.iter().find(|choice| choice.code == code)
    }

    /// The limits that count, those of the kind where nothing is said.
    pub fn limits(&self) -> (i64, i64) {
        let (min, max) = match self.kind {
            QuestionKind::Rating => (1, 5),
            QuestionKind::Text => (0, 2_000),
            QuestionKind::Photo => (1, 10),
            QuestionKind::Multi => (1, i64::MAX),
            QuestionKind::Money => (0, 100_000_000_000),
            QuestionKind::Repeat => (0, build::INSTANCES_MAX),
            _ => (i64::MIN, i64::MAX),
        };
        (self.min.unwrap_or(min), self.max.unwrap_or(max))
    }
}

impl Choice {
    /// What stands in a column of the option; its code and words are columns too.
    pub fn column(&self, name: &str) -> &str {
        match (self.columns.get(name), name) {
            (Some(text), _) => text,
            (None, "name") => &self.code,
            (None, "label") => &self.text.zh,
            (None, _) => "",
        }
    }
}

/// What a visit stores of its answers: code → value.
pub type AnswerMap = BTreeMap<String, Json>;

macro_rules! fixed_bool {
    ($name:ident, $value:literal) => {
        mod $name {
            use serde::{Deserialize, Deserializer, Serializer, de};

            pub(super) fn serialize<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bool($value)
            }

            pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
                if bool::deserialize(deserializer)? == $value {
                    Ok(())
                } else {
                    Err(de::Error::custom("the other truth"))
                }
            }
        }
    };
}
fixed_bool!(yes, true);
fixed_bool!(no, false);

#[cfg(test)]
mod repeat_tests;
#[cfg(test)]
mod short_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod verify_tests;
