//! What is typed into a question and must be read first: expressions and numbers. And options that are pasted.

use super::state::{Line, Slot};
use crate::features::answer_words::yuan;
use domain::{
    checklist::{Choice, Question, QuestionKind, Required, Rule, Words},
    expr::{Expr, Filter, ParseError, Value},
    money::Money,
};
use std::collections::BTreeMap;

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    Expression(ParseError),
    Number,
    /// Something must stand there, and nothing does.
    Nothing,
}

impl Line {
    /// What stands in a field: as it was typed, or as it is.
    pub(super) fn text(&self, slot: Slot) -> String {
        match self.typed.iter().find(|(own, _)| *own == slot) {
            Some((_, text)) => text.clone(),
            None => written(&self.question, slot),
        }
    }

    /// Takes over what is typed; what cannot be read stands beside the question, which stays as it was, until it can.
    pub(super) fn type_in(&mut self, slot: Slot, text: &str) {
        self.typed.retain(|(own, _)| *own != slot);
        match read(&self.question, slot, text.trim()) {
            Ok(read) => self.put(slot, read),
            Err(_) => self.typed.push((slot, text.to_owned())),
        }
    }

    /// It must be answered, or need not; what was typed of when is gone.
    pub(super) fn require(&mut self, required: Required) {
        self.typed.retain(|(own, _)| *own != Slot::Required);
        self.question.required = required;
    }

    /// What is wrong with what was typed.
    pub(super) fn unread(&self, slot: Slot) -> Option<Unread> {
        let (_, text) = self.typed.iter().find(|(own, _)| *own == slot)?;
        read(&self.question, slot, text.trim()).err()
    }

    fn put(&mut self, slot: Slot, read: Read) {
        let question = &mut self.question;
        let (expr, number) = match read {
            Read::Nothing => (None, None),
            Read::Expr(expr) => (Some(expr), None),
            Read::Number(number) => (None, Some(number)),
        };
        match slot {
            Slot::ShowIf => question.show_if = expr,
            Slot::Required => question.required = expr.map_or(Required::No, Required::When),
            Slot::Derive => question.derive = expr,
            Slot::Default => question.default = expr,
            Slot::Filter => question.filter = expr.map(Filter),
            Slot::Min => question.min = number,
            Slot::Max => question.max = number,
            Slot::Validate => {
                let say = question.validate.take().map(|rule| rule.say);
                let say = say.unwrap_or_else(|| Words { zh: String::new(), en: None });
                question.validate = expr.map(|expr| Rule { expr, say });
            }
        }
    }
}

enum Read {
    Nothing,
    Expr(Expr),
    Number(i64),
}

fn read(question: &Question, slot: Slot, text: &str) -> Result<Read, Unread> {
    match slot {
        // Else it would be published as optional.
        Slot::Required if text.is_empty() => return Err(Unread::Nothing),
        _ if text.is_empty() => return Ok(Read::Nothing),
        _ => {}
    }
    let expr = |parsed: Result<Expr, ParseError>| parsed.map(Read::Expr).map_err(Unread::Expression);
    match slot {
        Slot::Min | Slot::Max => {
            let tidy = domain::text::narrow(text);
            let number = match question.kind {
                QuestionKind::Money => Money::parse_yuan(tidy.trim()).map(Money::fen),
                _ => tidy.trim().parse().ok(),
            };
            number.map(Read::Number).ok_or(Unread::Number)
        }
        Slot::Filter => expr(text.parse::<Filter>().map(|filter| filter.0)),
        // As in a spreadsheet: a plain word stands there as itself.
        Slot::Default if !text.contains(['$', '(', '\'', '"']) => {
            Ok(Read::Expr(Expr::constant(Value::text(text))))
        }
        _ => expr(text.parse()),
    }
}

/// What a field of the question is, as it is typed.
fn written(question: &Question, slot: Slot) -> String {
    let text = |expr: Option<&Expr>| expr.map(|expr| expr.text().to_owned()).unwrap_or_default();
    let number = |number: Option<i64>| match (number, question.kind) {
        (None, _) => String::new(),
        (Some(fen), QuestionKind::Money) => yuan(fen),
        (Some(number), _) => number.to_string(),
    };
    match slot {
        Slot::ShowIf => text(question.show_if.as_ref()),
        Slot::Required => match &question.required {
            Required::When(expr) => expr.text().to_owned(),
            Required::No | Required::Yes => String::new(),
        },
        Slot::Validate => text(question.validate.as_ref().map(|rule| &rule.expr)),
        Slot::Derive => text(question.derive.as_ref()),
        Slot::Filter => text(question.filter.as_ref().map(|filter| &filter.0)),
        Slot::Min => number(question.min),
        Slot::Max => number(question.max),
        Slot::Default => match &question.default {
            Some(expr) if expr.is_constant() => expr.text().trim_matches(['\'', '"']).to_owned(),
            other => text(other.as_ref()),
        },
    }
}

/// Options out of pasted lines: the words alone, or a code, a tab or comma, and the words. Those whose code is there already are left out.
pub(super) fn pasted(text: &str, there: &[Choice]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (code, words) = line.split_once(['\t', ',', '，', '|']).unwrap_or((line, line));
        let (code, words) = (code.trim(), words.trim());
        let is_known = there.iter().chain(&choices).any(|choice| choice.code == code);
        if !code.is_empty() && !is_known {
            choices.push(choice(code, if words.is_empty() { code } else { words }));
        }
    }
    choices
}

pub(super) fn choice(code: &str, words: &str) -> Choice {
    let text = Words { zh: words.to_owned(), en: None };
    Choice { code: code.to_owned(), text, alone: false, columns: BTreeMap::new() }
}

/// The columns of an option as they are typed: `town=east; side=left`.
pub(super) fn columns_text(choice: &Choice) -> String {
    let column = |(name, value): (&String, &String)| format!("{name}={value}");
    choice.columns.iter().map(column).collect::<Vec<_>>().join("; ")
}

pub(super) fn columns_of(text: &str) -> BTreeMap<String, String> {
    let mut columns = BTreeMap::new();
    for (name, value) in text.split([';', '；']).filter_map(|one| one.split_once('=')) {
        columns.insert(name.trim().to_owned(), value.trim().to_owned());
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: QuestionKind) -> Line {
        let words = Words { zh: "问".to_owned(), en: None };
        Line { key: 1, depth: 0, question: Question::new("a", kind, words), typed: Vec::new() }
    }

    #[test]
    fn what_cannot_be_read_stays_as_it_was_typed_and_is_said() {
        let mut line = line(QuestionKind::Int);
        line.type_in(Slot::ShowIf, "${b} = 1");
        assert_eq!(line.question.show_if.as_ref().map(Expr::text), Some("${b} = 1"));
        line.type_in(Slot::ShowIf, "${b} = ");
        assert_eq!(line.text(Slot::ShowIf), "${b} = ");
        assert_eq!(line.question.show_if.as_ref().map(Expr::text), Some("${b} = 1"), "as it was last");
        assert!(matches!(line.unread(Slot::ShowIf), Some(Unread::Expression(error)) if error.at == 6));
        line.type_in(Slot::ShowIf, "");
        assert_eq!((line.text(Slot::ShowIf), line.unread(Slot::ShowIf)), (String::new(), None));
        line.type_in(Slot::Min, "三");
        assert_eq!(line.unread(Slot::Min), Some(Unread::Number));
    }

    #[test]
    fn when_something_must_be_answered_is_to_be_said() {
        let mut line = line(QuestionKind::Int);
        line.type_in(Slot::Required, "");
        assert_eq!(line.unread(Slot::Required), Some(Unread::Nothing));
        line.type_in(Slot::Required, "${b} = 1");
        assert_eq!((line.unread(Slot::Required), line.text(Slot::Required).as_str()), (None, "${b} = 1"));
        line.require(Required::Yes);
        assert_eq!((line.unread(Slot::Required), line.text(Slot::Required)), (None, String::new()));
        assert_eq!(line.question.required, Required::Yes);
    }

    #[test]
    fn amounts_are_typed_in_yuan_and_defaults_as_themselves() {
        let mut money = line(QuestionKind::Money);
        money.type_in(Slot::Max, "100.5");
        assert_eq!((money.question.max, money.text(Slot::Max)), (Some(10_050), "100.50".to_owned()));
        money.type_in(Slot::Default, "1.5");
        assert_eq!(money.question.default.as_ref().map(Expr::text), Some("'1.5'"));
        assert_eq!(money.text(Slot::Default), "1.5");
        money.type_in(Slot::Default, "${recipient.mobile}");
        assert_eq!(money.text(Slot::Default), "${recipient.mobile}");
    }

    #[test]
    fn the_words_of_a_rule_stay_while_the_rule_is_typed() {
        let mut line = line(QuestionKind::Int);
        line.type_in(Slot::Validate, ". > 1");
        line.question.validate.as_mut().expect("a rule").say.zh = "太小".to_owned();
        line.type_in(Slot::Validate, ". >");
        line.type_in(Slot::Validate, ". > 10");
        assert_eq!(line.question.validate.as_ref().map(|rule| &*rule.say.zh), Some("太小"));
    }

    #[test]
    fn many_options_are_pasted_at_once_and_none_twice() {
        let there = [choice("无", "无")];
        let found = pasted("无\n1\t东片\n2，西片\n\n 桥头 \n1,又一个", &there);
        let pairs: Vec<_> = found.iter().map(|one| (&*one.code, &*one.text.zh)).collect();
        assert_eq!(pairs, [("1", "东片"), ("2", "西片"), ("桥头", "桥头")]);
        let many: String = (0..500).map(|n| format!("o{n}\t第 {n} 项\n")).collect();
        assert_eq!(pasted(&many, &[]).len(), 500);
    }

    #[test]
    fn columns_are_typed_as_names_and_values() {
        let columns = columns_of("town=east; side = left；x");
        let choice = Choice { columns, ..choice("a", "甲") };
        assert_eq!(columns_text(&choice), "side=left; town=east");
    }
}
