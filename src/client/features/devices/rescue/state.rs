//! What a rescue file holds, and what became of it.

use serde::Deserialize;
use sync::wire::{Verdict, VerdictState};

/// What an import would bring.
#[derive(Clone, Deserialize)]
pub(super) struct Preview {
    pub(super) user: String,
    pub(super) saves: Pieces,
    pub(super) drafts: usize,
    pub(super) photos: Pieces,
    #[serde(default)]
    pub(super) from: Option<i64>,
    #[serde(default)]
    pub(super) to: Option<i64>,
}

/// Pieces of one sort.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Pieces {
    pub(super) all: usize,
    /// How many the office has.
    pub(super) here: usize,
    pub(super) damaged: usize,
}

impl Preview {
    /// Whether an import would bring anything that is not here.
    pub(super) fn brings(&self) -> bool {
        self.drafts > 0 || [self.saves, self.photos].iter().any(|all| all.all > all.here)
    }
}

/// What became of the file.
#[derive(Clone, Deserialize)]
pub(super) struct Report {
    pub(super) user: String,
    changesets: Vec<Verdict>,
    drafts: Vec<String>,
    photos: Photos,
    damaged: Vec<String>,
}

#[derive(Clone, Deserialize)]
struct Photos {
    taken: usize,
    here_before: usize,
    rejected: Vec<String>,
}

/// The report in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) applied: usize,
    /// Applied, and a value or a proposal waits for a person.
    pub(super) merged: usize,
    pub(super) held: usize,
    pub(super) rejected: usize,
    pub(super) known: usize,
    pub(super) drafts: usize,
    pub(super) photos: usize,
    pub(super) photos_known: usize,
    pub(super) photos_rejected: usize,
    pub(super) damaged: usize,
}

impl Report {
    pub(super) fn counts(&self) -> Counts {
        let count = |state| self.changesets.iter().filter(|verdict| verdict.st == state).count();
        Counts {
            applied: count(VerdictState::Applied),
            merged: count(VerdictState::Merged),
            held: count(VerdictState::Held),
            rejected: count(VerdictState::Rejected),
            known: count(VerdictState::Duplicate),
            drafts: self.drafts.len(),
            photos: self.photos.taken,
            photos_known: self.photos.here_before,
            photos_rejected: self.photos.rejected.len(),
            damaged: self.damaged.len(),
        }
    }
}

impl Counts {
    /// Whether everything in the file was here before.
    pub(super) fn is_nothing_new(self) -> bool {
        let Counts { applied, merged, held, rejected, photos, photos_rejected, damaged, .. } = self;
        applied + merged + held + rejected + photos + photos_rejected + damaged == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_report_is_counted_and_one_of_known_things_alone_says_so() {
        let verdict = |st: &str| json!({"id": uuid::Uuid::nil(), "seq": 1, "st": st});
        let read = |changesets: Vec<serde_json::Value>| {
            let text = json!({"user": "worker", "changesets": changesets, "drafts": ["x"], "damaged": [],
                              "photos": {"taken": 0, "here_before": 2, "rejected": []}});
            domain::json::from_str::<Report>(&text.to_string()).expect("as the office writes it").counts()
        };
        let mixed = read(vec![verdict("applied"), verdict("held"), verdict("duplicate")]);
        assert_eq!((mixed.applied, mixed.held, mixed.known, mixed.drafts), (1, 1, 1, 1));
        assert!(!mixed.is_nothing_new());
        assert!(read(vec![verdict("duplicate")]).is_nothing_new());
    }
}
