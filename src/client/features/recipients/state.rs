//! What the list was asked for, and where it was scrolled to; kept while the page does, so that the way back leads to the same place.

use crate::data::{AlarmFilter, DueFilter, RecipientQuery, RecipientSort};
use leptos::prelude::*;
use std::cell::RefCell;
use sync::id::AreaId;

/// Which due days are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum DueChoice {
    #[default]
    All,
    Due,
    Soon,
    Never,
    /// Whose birthday asks for something to be looked at.
    Age,
}

/// What the list is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) text: String,
    /// None: all villages.
    pub(super) village: Option<AreaId>,
    pub(super) due: DueChoice,
}

impl Asked {
    /// Whether anything narrows the list.
    pub(super) fn is_asked(&self) -> bool {
        *self != Asked::default()
    }

    /// The same as a question to the device.
    pub(super) fn query(&self) -> RecipientQuery {
        let due = match self.due {
            DueChoice::All | DueChoice::Age => DueFilter::All,
            DueChoice::Due => DueFilter::Due,
            DueChoice::Soon => DueFilter::Soon,
            DueChoice::Never => DueFilter::Never,
        };
        let sort = match self.due {
            DueChoice::Due | DueChoice::Soon => RecipientSort::Due,
            DueChoice::All | DueChoice::Never | DueChoice::Age => RecipientSort::Village,
        };
        let alarm = if self.due == DueChoice::Age { AlarmFilter::Any } else { AlarmFilter::All };
        RecipientQuery {
            text: self.text.trim().to_owned(),
            areas: self.village.into_iter().collect(),
            due,
            alarm,
            sort,
            ..RecipientQuery::default()
        }
    }
}

thread_local! {
    static ASKED: RefCell<Asked> = RefCell::default();
    static PLACE: ArcRwSignal<i32> = ArcRwSignal::new(0);
}

/// What was asked for last.
pub(super) fn remembered() -> Asked {
    ASKED.with_borrow(Clone::clone)
}

/// Keeps what is asked for. Another question begins at its top.
pub(super) fn remember(asked: Asked) {
    ASKED.set(asked);
}

/// Where the list was scrolled to.
pub(super) fn place() -> RwSignal<i32> {
    PLACE.with(|place| RwSignal::from(place.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_asked_is_everybody_by_village() {
        let asked = Asked::default();
        assert!(!asked.is_asked());
        assert!(asked.query() == RecipientQuery::default());
    }

    #[test]
    fn who_is_due_comes_in_the_order_of_the_days() {
        let asked = Asked { text: " lw ".to_owned(), due: DueChoice::Due, ..Asked::default() };
        let query = asked.query();
        assert_eq!(query.text, "lw");
        assert_eq!(query.sort, RecipientSort::Due);
        assert_eq!(query.due, DueFilter::Due);
    }

    #[test]
    fn whose_birthday_is_near_is_asked_for_by_itself() {
        let query = Asked { due: DueChoice::Age, ..Asked::default() }.query();
        assert_eq!((query.due, query.alarm), (DueFilter::All, AlarmFilter::Any));
    }
}
