//! Whom the table is asked for, in words as addresses and saved views hold them.

use crate::data::{AlarmFilter, DueFilter, RecipientQuery, WhoseFilter};
use domain::age_alarm::AgeAlarm;

/// The word for those for whom nobody answers.
pub(super) const NOBODY: &str = "none";

/// Each empty where all are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Id of an area.
    pub(super) village: String,
    pub(super) category: String,
    /// `any`, or a word of [`AgeAlarm`].
    pub(super) age: String,
    /// `due`, `soon` or `never`.
    pub(super) due: String,
    /// An account, or `none`.
    pub(super) whose: String,
}

impl Asked {
    /// What is named so.
    pub(super) fn of(named: impl Fn(&str) -> String) -> Asked {
        Asked {
            village: named("village"),
            category: named("category"),
            age: named("age"),
            due: named("due"),
            whose: named("whose"),
        }
    }

    pub(super) fn words(&self) -> [(&'static str, String); 5] {
        let Asked { village, category, age, due, whose } = self.clone();
        [("village", village), ("category", category), ("age", age), ("due", due), ("whose", whose)]
    }

    /// Those for whom it asks, and a text.
    pub(super) fn query(&self, text: &str) -> RecipientQuery {
        RecipientQuery {
            text: text.trim().to_owned(),
            areas: self.village.parse().into_iter().collect(),
            categories: Some(self.category.clone()).filter(|one| !one.is_empty()).into_iter().collect(),
            due: match self.due.as_str() {
                "due" => DueFilter::Due,
                "soon" => DueFilter::Soon,
                "never" => DueFilter::Never,
                _ => DueFilter::All,
            },
            alarm: match AgeAlarm::ALL.into_iter().find(|alarm| alarm.word() == self.age) {
                Some(alarm) => AlarmFilter::One(alarm),
                None if self.age == "any" => AlarmFilter::Any,
                None => AlarmFilter::All,
            },
            responsible: match self.whose.as_str() {
                NOBODY => WhoseFilter::Nobody,
                account => account.parse().map_or(WhoseFilter::All, WhoseFilter::One),
            },
            ..RecipientQuery::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn words_name_what_is_asked_for_and_nonsense_asks_for_all() {
        let account = Uuid::from_u128(7);
        let words = |name: &str| match name {
            "due" => "soon".to_owned(),
            "age" => "any".to_owned(),
            "category" => "81".to_owned(),
            "whose" => account.to_string(),
            _ => String::new(),
        };
        let asked = Asked::of(words);
        assert_eq!(asked.words().map(|(name, _)| words(name)), asked.words().map(|(_, value)| value));
        let query = asked.query("");
        assert_eq!((query.due, query.alarm), (DueFilter::Soon, AlarmFilter::Any));
        assert_eq!((query.categories, query.responsible), (vec!["81".to_owned()], WhoseFilter::One(account)));
        let nonsense = Asked::of(|_| "x".to_owned());
        assert_eq!(nonsense.query("").responsible, WhoseFilter::All);
        assert_eq!(nonsense.query("").areas, []);
        assert_eq!(
            Asked { whose: NOBODY.to_owned(), ..Asked::default() }.query("").responsible,
            WhoseFilter::Nobody
        );
    }
}
