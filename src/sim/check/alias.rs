//! I26: a record hangs where the one it was made below is now, whatever was merged and taken apart since. Judged apart from the authority: from what
//! phones created, and from which record is an alias of which.

use crate::world::World;
use sync::{
    record::Record,
    wire::{Op, PushReceipt},
};
use uuid::Uuid;

impl World {
    /// Looks after each push that made or unmade an alias.
    pub(crate) fn check_aliases(&mut self, receipt: &PushReceipt) {
        let written = receipt.results.iter().filter(|verdict| verdict.st.is_written());
        let written = written.filter_map(|verdict| self.ledger.changesets.get(&verdict.id));
        let (mut merges, mut unmerges) = (0, 0);
        for op in written.flat_map(|changeset| &changeset.ops) {
            merges += u64::from(matches!(op, Op::Merge { .. }));
            unmerges += u64::from(matches!(op, Op::Unmerge { .. }));
        }
        if merges + unmerges > 0 {
            self.tally.add_many("merges_done", merges);
            self.tally.add_many("unmerges_done", unmerges);
            if let Some(what) = self.misplaced() {
                self.fail(what);
            }
        }
    }

    /// A record that hangs elsewhere than its home.
    pub(crate) fn misplaced(&self) -> Option<String> {
        self.office.books().records().find_map(|record| {
            let home = self.home_of(record)?;
            let end = self.end_of(home);
            let (kind, e, parent) = (&record.kind, record.id, record.parent);
            (parent != end).then(|| {
                format!("I26 {kind} {e} was made below {home} and hangs below {parent:?}, not {end:?}")
            })
        })
    }

    /// Below which record the changeset that made a record made it. Two may have tried, below different ones.
    fn home_of(&self, record: &Record) -> Option<Uuid> {
        let made = self.ledger.changesets.get(&record.changes.first()?.op)?;
        made.ops.iter().find_map(|op| match op {
            Op::Create { e, parent, .. } if *e == record.id => *parent,
            _ => None,
        })
    }

    /// What a record is now, over all that it was merged into.
    fn end_of(&self, from: Uuid) -> Option<Uuid> {
        let mut at = from;
        loop {
            let Some(into) = self.office.books().record(at)?.del.as_ref().and_then(|gone| gone.into) else {
                return Some(at);
            };
            at = into;
        }
    }
}
