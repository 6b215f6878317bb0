//! The gap of a sequence used as cursor, planted as `commit_gap`: what a transaction wrote is seen later than what a younger one wrote.

use sync::rev::Rev;

#[cfg(feature = "planted-bugs")]
mod planted {
    use super::Rev;
    use std::sync::{Mutex, PoisonError};
    use sync::planted::{Bug, planted};

    /// How many later transactions are seen before the one that hides.
    const BEHIND: u32 = 2;

    /// What readers do not see yet.
    #[derive(Default)]
    pub(crate) struct Gap(Mutex<Option<Hidden>>);

    #[derive(Clone, Copy)]
    struct Hidden {
        above: Rev,
        through: Rev,
        behind: u32,
    }

    impl Gap {
        fn hidden(&self) -> Option<Hidden> {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }

        /// A transaction was stored: what hid long enough is seen, and this one hides if none does.
        pub(crate) fn pass(&self, above: Rev, through: Rev) {
            if !planted(Bug::CommitGap) || through <= above {
                return;
            }
            let next = match self.hidden() {
                Some(hidden) if hidden.behind < BEHIND => Hidden { behind: hidden.behind + 1, ..hidden },
                _ => Hidden { above, through, behind: 0 },
            };
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(next);
        }

        /// Whether a row is not seen.
        pub(crate) fn hides(&self, rev: Rev) -> bool {
            self.hidden().is_some_and(|hidden| rev > hidden.above && rev <= hidden.through)
        }

        /// The head that a pull is told: the highest rev that it can see.
        pub(crate) fn head(&self, head: Rev) -> Rev {
            self.hidden().filter(|hidden| hidden.through == head).map_or(head, |hidden| hidden.above)
        }

        /// Every transaction is over.
        pub(crate) fn close(&self) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

#[cfg(feature = "planted-bugs")]
pub(crate) use planted::Gap;

/// Nothing hides in a build that ships.
#[cfg(not(feature = "planted-bugs"))]
#[derive(Default)]
pub(crate) struct Gap(());

#[cfg(not(feature = "planted-bugs"))]
impl Gap {
    pub(crate) fn pass(&self, _: Rev, _: Rev) {}

    pub(crate) fn hides(&self, _: Rev) -> bool {
        false
    }

    pub(crate) fn head(&self, head: Rev) -> Rev {
        head
    }
}
