//! What a file says as far as it is counted. The overview adds these up, and the ledgers behind its numbers choose their lines by them, so that a
//! number and its list cannot disagree.

use super::{
    Given, Period,
    file::{self, File, text},
    help,
};
use domain::{
    age_alarm::Born,
    day::Day,
    guardian,
    visit::{DueState, Plan, PlanFacts},
};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// The least and the most stars that a family gives.
pub(super) const STARS: std::ops::RangeInclusive<u8> = 1..=5;
/// How long a difficulty has been open, in days at most, and the word for it; the last has no end.
pub(super) const AGES: [(&str, i64); 4] =
    [("age_7", 7), ("age_30", 30), ("age_90", 90), ("age_more", i64::MAX)];

/// What one file says, without names and numbers of people.
#[derive(Clone, Debug)]
pub struct FileFacts {
    /// The village that it lies in.
    pub(super) area: Uuid,
    pub(super) household: String,
    /// The account that answers for the family.
    pub(super) responsible: Option<Uuid>,
    pub(super) visits: Vec<VisitFacts>,
    pub(super) needs: Vec<NeedFacts>,
    /// How many fields are empty that the forms ask for (`domain::completeness`), whatever the day.
    pub(super) gaps: usize,
    /// When the person was born, where no guardian's consent is in the file: it is asked for while he is a child.
    unconsented: Option<Born>,
    is_on_register: bool,
    plan: PlanFacts,
}

/// A visit that took place.
#[derive(Clone, Copy, Debug)]
pub(super) struct VisitFacts {
    pub(super) on: Day,
    /// How content the family is with the help.
    pub(super) stars: Option<u8>,
}

/// A difficulty.
#[derive(Clone, Debug)]
pub(super) struct NeedFacts {
    pub(super) kind: String,
    pub(super) is_open: bool,
    /// Until when the help was promised.
    pub(super) due: Option<Day>,
    pub(super) found: Option<Day>,
    pub(super) ended: Option<Day>,
    /// Of one that was closed, whether it was in time.
    pub(super) in_time: Option<bool>,
}

/// What things are counted by: the county's plan as it stands today, and the days that are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    pub(super) plan: Plan,
    pub(super) period: Period,
    pub(super) today: Day,
}

impl Measure {
    pub(super) fn of(given: &Given<'_>) -> Measure {
        Measure { plan: given.plan(), period: given.period, today: given.today }
    }
}

impl FileFacts {
    /// What the files among the records say.
    pub fn all(records: &[Arc<super::Source>]) -> Vec<FileFacts> {
        file::gather(records).iter().map(FileFacts::of).collect()
    }

    pub(super) fn of(file: &File<'_>) -> FileFacts {
        let visits = file.made().into_iter().map(|(on, visit)| VisitFacts { on, stars: stars(visit) });
        FileFacts {
            area: file.recipient.area,
            household: file.household(),
            responsible: file.text("responsible").parse().ok(),
            visits: visits.collect(),
            needs: file.needs.iter().map(|need| help::facts(file, need)).collect(),
            gaps: file.completeness(false).gaps.len(),
            unconsented: file.born().filter(|_| !file.has_consent()),
            is_on_register: file.is_on_register(),
            plan: file.facts(),
        }
    }

    /// Whether the family is one to be visited in the period: on the register today (who died, moved or was struck off is not), and with a file that was
    /// made before the period ended (domain.md §4.1).
    pub(super) fn is_counted(&self, by: &Measure) -> bool {
        let came_later = self.plan.since.zip(by.period.to).is_some_and(|(since, to)| since > to);
        self.is_on_register && !came_later
    }

    /// The visits of the period, whatever they were for: completed and not cancelled (domain.md §4.2).
    pub(super) fn visits_in(&self, period: Period) -> impl Iterator<Item = &VisitFacts> {
        self.visits.iter().filter(move |visit| period.holds(visit.on))
    }

    pub(super) fn is_visited(&self, period: Period) -> bool {
        self.visits_in(period).next().is_some()
    }

    /// Until when the next follow-up visit is due by the plan; none for a family that was never visited.
    pub(super) fn due_on(&self, by: &Measure) -> Option<Day> {
        by.plan.follow_up(&self.plan).and_then(|due| due.closes)
    }

    /// Whether the day of the follow-up visit has passed (domain.md §4.2, Missed). It is computed as of today, whatever the period.
    pub(super) fn is_overdue(&self, by: &Measure) -> bool {
        by.plan.follow_up(&self.plan).is_some_and(|due| due.state == DueState::Missed)
    }

    /// Whether nothing is empty that the forms ask for on a day (domain.md §3). What waits for the office is not in the file yet.
    pub(super) fn is_complete(&self, today: Day) -> bool {
        self.gaps == 0 && !guardian::is_asked(self.unconsented, today)
    }

    /// The letter of its class (domain.md §4.1).
    pub(super) fn class(&self) -> char {
        self.plan.priority.priority().letter()
    }
}

impl NeedFacts {
    /// Whether it was found before the period ended and not ended before it began. One that says nothing of when it was found has been there always.
    pub(super) fn was_dealt_with(&self, period: Period) -> bool {
        let found = self.found.is_none_or(|found| period.to.is_none_or(|to| found <= to));
        let ended = !self.is_open && self.ended.zip(period.from).is_some_and(|(ended, from)| ended < from);
        found && !ended
    }

    /// Being late is computed, and no state (domain.md §5.3).
    pub(super) fn is_overdue(&self, today: Day) -> bool {
        self.is_open && self.due.is_some_and(|due| due < today)
    }

    /// The word for how long it has been there.
    pub(super) fn age(&self, today: Day) -> &'static str {
        let days = self.found.map_or(i64::MAX, |found| today.days_since(found));
        AGES.into_iter().find(|(_, most)| days <= *most).map_or("", |(word, _)| word)
    }

    /// Whether it stands in the list of this word; no word is the list of all.
    pub(super) fn is(&self, word: &str, by: &Measure) -> bool {
        let is_within = |day: Option<Day>| day.is_some_and(|day| by.period.holds(day));
        match word {
            "" | "all" => true,
            "open" => self.is_open,
            "overdue" => self.is_overdue(by.today),
            "ended" => !self.is_open,
            "found" => is_within(self.found),
            "in_time" => self.in_time == Some(true) && is_within(self.ended),
            "late" => self.in_time == Some(false) && is_within(self.ended),
            word => match word.strip_prefix("overdue_") {
                Some(word) => self.is_overdue(by.today) && self.is(word, by),
                None => self.is_open && (word == self.kind || word == self.age(by.today)),
            },
        }
    }
}

/// How many stars a visit gives the help (A25).
pub(super) fn stars(visit: &super::Source) -> Option<u8> {
    let stars = match file::raw_answer(visit, "A25")? {
        Value::String(text) => text.parse().ok()?,
        value => u8::try_from(value.as_u64()?).ok()?,
    };
    STARS.contains(&stars).then_some(stars)
}

/// A day in a field.
pub(super) fn day_in(source: &super::Source, field: &str) -> Option<Day> {
    text(&source.fields, field).parse().ok()
}
