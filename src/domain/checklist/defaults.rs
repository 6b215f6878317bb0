//! What stands in a checklist before anyone has answered, and what its instances move to when one is taken out.

use super::{Answers, Checklist, Facts, QuestionKind, answer, view::Looking};
use crate::{day::Day, expr::Value};
use serde_json::Value as Json;

impl Checklist {
    /// The defaults of the questions whose code begins with `prefix` and that have no answer yet: of all (`""`) when the visit begins, of `child[2].`
    /// when an instance is added. A default may ask for the file, for the last visit, and for other defaults that are constants.
    pub fn defaults(
        &self,
        answers: &Answers,
        facts: &Facts,
        today: Day,
        prefix: &str,
    ) -> Vec<(String, Json)> {
        let mut known = answers.clone();
        let mut defaults = Vec::new();
        for constant in [true, false] {
            let looking = Looking::new(self, &known, facts, today);
            let mut found = Vec::new();
            for (i, cells) in looking.cells.iter().enumerate() {
                let question = self.at(i);
                let Some(expr) = question.default.as_ref().filter(|expr| expr.is_constant() == constant)
                else {
                    continue;
                };
                for cell in cells {
                    let key = looking.key(i, &cell.path);
                    if !key.starts_with(prefix) || answers.get(&key).is_some() {
                        continue;
                    }
                    let value = looking.eval(i, &cell.path, expr, &Value::Empty);
                    let json = answer::from_value(question.kind, &value);
                    found.extend(json.map(|json| (key, json)));
                }
            }
            for (key, json) in &found {
                known.set(key, json.clone());
            }
            defaults.extend(found);
        }
        defaults
    }

    /// What was computed once and for all and is not among the answers yet: it must be kept, or it is computed anew another day.
    pub fn to_keep(&self, answers: &Answers, stored: &Answers) -> Vec<(String, Json)> {
        let is_once = |code: &str| {
            let derive = self.question(code).and_then(|question| question.derive.as_ref());
            derive.is_some_and(crate::expr::Expr::is_once)
        };
        let fresh = stored.0.iter().filter(|(code, _)| answers.get(code).is_none() && is_once(code));
        fresh.map(|(code, json)| (code.clone(), json.clone())).collect()
    }

    /// What changes among the answers when instance `n` of a repeat is taken out: those behind it move up, and there is one less. Null takes an
    /// answer away. Nothing where the code is no repeat's, or there is no such instance.
    pub fn without(&self, answers: &Answers, repeat: &str, n: usize) -> Vec<(String, Json)> {
        let is_repeat = self.question(repeat).is_some_and(|q| q.kind == QuestionKind::Repeat);
        let count = answers.int(repeat).and_then(|count| usize::try_from(count).ok()).unwrap_or_default();
        if !is_repeat || n == 0 || n > count {
            return Vec::new();
        }
        let of = |n: usize| format!("{repeat}[{n}].");
        let mut changes = Answers::default();
        for place in n..=count {
            for (key, _) in answers.0.iter().filter(|(key, _)| key.starts_with(&of(place))) {
                changes.0.insert(key.clone(), Json::Null);
            }
        }
        for place in n + 1..=count {
            for (key, json) in answers.0.iter() {
                if let Some(rest) = key.strip_prefix(&of(place)) {
                    changes.0.insert(of(place - 1) + rest, json.clone());
                }
            }
        }
        changes.0.insert(repeat.to_owned(), Json::from(count - 1));
        changes.0.into_iter().collect()
    }
}
