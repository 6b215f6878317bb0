//! A task of the year's work plan and how far it is (domain.md §8.1).

use crate::day::Day;

/// How far a task is, as its unit says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanTaskState {
    /// 未开始.
    NotStarted,
    /// 进行中.
    InProgress,
    /// 已完成.
    Done,
}

impl PlanTaskState {
    /// Every state, in the order of the work.
    pub const ALL: [PlanTaskState; 3] =
        [PlanTaskState::NotStarted, PlanTaskState::InProgress, PlanTaskState::Done];

    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            PlanTaskState::NotStarted => "not_started",
            PlanTaskState::InProgress => "in_progress",
            PlanTaskState::Done => "done",
        }
    }

    /// The state of a stored word.
    pub fn from_word(word: &str) -> Option<PlanTaskState> {
        PlanTaskState::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether a task with so much evidence may be said to be so far: nothing is done on a word alone.
    pub fn stands_on(self, evidence_count: usize) -> bool {
        self != PlanTaskState::Done || evidence_count > 0
    }

    /// Whether it should be done by now; a task is due until the end of its day.
    pub fn is_overdue(self, due_on: Option<Day>, today: Day) -> bool {
        self != PlanTaskState::Done && due_on.is_some_and(|due_on| due_on < today)
    }
}

#[cfg(test)]
mod tests {
    use super::PlanTaskState::{self, Done, InProgress, NotStarted};

    #[test]
    fn every_word_finds_its_state_again() {
        for state in PlanTaskState::ALL {
            assert_eq!(PlanTaskState::from_word(state.word()), Some(state));
        }
        assert_eq!(PlanTaskState::from_word("overdue"), None, "is computed and never stored");
    }

    #[test]
    fn nothing_is_done_without_evidence() {
        assert!(!Done.stands_on(0) && Done.stands_on(1));
        assert!(InProgress.stands_on(0) && NotStarted.stands_on(0));
    }

    #[test]
    fn a_task_is_overdue_from_the_day_after_until_it_is_done() {
        let day = |text: &str| text.parse().unwrap();
        let due = Some(day("2026-11-30"));
        assert!(!InProgress.is_overdue(due, day("2026-11-30")));
        assert!(
            InProgress.is_overdue(due, day("2026-12-01")) && NotStarted.is_overdue(due, day("2026-12-01"))
        );
        assert!(!Done.is_overdue(due, day("2026-12-01")) && !InProgress.is_overdue(None, day("2026-12-01")));
    }
}
