//! What a run did: a simulator that did not do it proves nothing about it.

use std::collections::BTreeMap;

/// Counts by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<&'static str, u64>);

/// What none of a full run's counts may leave at zero.
pub const REQUIRED: &[&str] = &[
    "saves",
    "ops",
    "syncs",
    "conflicts",
    "proposals",
    "held",
    "rejected",
    "own_chains",
    "moves",
    "deletes",
    "merges",
    "merges_done",
    "unmerges",
    "unmerges_done",
    "crashes",
    "crashes_before_commit",
    "crashes_after_commit",
    "failed_commits",
    "requests_lost",
    "requests_delayed",
    "requests_doubled",
    "answers_lost",
    "answers_truncated",
    "offline_periods",
    "locked_periods",
    "clock_jumps",
    "disks_rolled_back",
    "disks_emptied",
    "disks_torn",
    "areas_mended",
    "divergences_reported",
    "rows_damaged",
    "rows_missing",
    "changesets_destroyed",
    "incidents_reported",
    "new_incarnations",
    "backups",
    "restores",
    "epochs_pulled",
    "scope_changes",
    "areas_pulled_again",
    "purges",
    "purges_refused",
    "drafts_saved",
    "drafts_handed_over",
    "readonly_periods",
    "saves_behind_saves",
    "grants_of_another_role",
    "pushes_of_another_role",
    "answers_late",
    "answers_reordered",
    "answers_flipped",
    "damage_noticed",
    "damage_harmless",
    "requests_flipped",
    "unknown_fields_kept",
    "changesets_of_tomorrow",
    "revocations",
    "revocations_in_a_sync",
    "requests_of_revoked",
    "keys_destroyed",
    "rescues_imported",
    "wipes_ordered",
    "wipes_done",
    "villages_merged",
    "records_moved_with_a_village",
    "codes_changed",
    "photos_taken",
    "photos_verified",
    "photos_destroyed",
    "uploads",
    "uploads_cut",
    "uploads_resumed",
    "chunks_flipped",
    "chunks_doubled",
    "chunk_answers_lost",
];

impl Tally {
    /// One more of `what`.
    pub fn add(&mut self, what: &'static str) {
        self.add_many(what, 1);
    }

    /// `n` more of `what`.
    pub fn add_many(&mut self, what: &'static str, n: u64) {
        *self.0.entry(what).or_default() += n;
    }

    /// How many of `what`.
    pub fn count(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// Adds the counts of another run.
    pub fn merge(&mut self, other: &Tally) {
        for (what, n) in &other.0 {
            self.add_many(what, *n);
        }
    }

    /// Required counts that are zero.
    pub fn missing(&self) -> Vec<&'static str> {
        REQUIRED.iter().copied().filter(|what| self.count(what) == 0).collect()
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<String> = self.0.iter().map(|(what, n)| format!("{what}={n}")).collect();
        f.write_str(&names.join(" "))
    }
}
