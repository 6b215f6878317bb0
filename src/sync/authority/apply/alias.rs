//! Two records become one, and two again: merge and unmerge.

use crate::{
    authority::{
        Opener,
        work::{Act, Stop, Work},
    },
    planted::{Bug, planted},
    record::Tombstone,
    wire::Why,
};
use uuid::Uuid;

impl<O: Opener> Work<'_, O> {
    /// `merge`: `from` becomes an alias, its children become children of `into` where that lies.
    pub(super) fn merge(&mut self, act: &Act, from: Uuid, into: Uuid) -> Result<(), Stop> {
        self.alive(&[from, into])?;
        self.office_may_write(from)?;
        self.office_may_write(into)?;
        if self.hangs_below(into, from)? {
            return Err(Stop::Reject(Why::BadValue));
        }
        let area = self.place(self.known(into)?)?;
        let children = self.children(from)?;
        self.ask_below(&children)?;
        let brought = Some(children.iter().copied().collect());
        self.edit(from, act)?.del = Some(Tombstone { into: Some(into), brought });
        // Its history tells what became part of it.
        self.edit(into, act)?;
        for child in children {
            self.carry(act, child, area)?;
            self.edit(child, act)?.parent = Some(into);
        }
        Ok(())
    }

    /// `unmerge`: `from` lives again where it lies, and what the merge brought goes back to it from where that hangs now.
    pub(super) fn unmerge(&mut self, act: &Act, from: Uuid, into: Uuid) -> Result<(), Stop> {
        self.within(&[from])?;
        let Some(tombstone) = self.known(from)?.del.clone() else { return self.office_may_write(from) };
        let way = self.way_of(from)?;
        let Some((end, passed)) = way.split_last() else { return Err(Stop::Hold(Why::Deleted)) };
        self.within(&[*end])?;
        // What retention has emptied would live again as nobody.
        if self.known(*end)?.del.is_some() || self.known(from)?.fields.is_empty() {
            return Err(Stop::Hold(Why::Deleted));
        }
        self.office_may_write(from)?;
        self.office_may_write(*end)?;
        let brought = tombstone.brought.filter(|_| tombstone.into == Some(into));
        let brought = brought.ok_or(Stop::Hold(Why::Stale))?;
        let all = planted(Bug::UnmergeAll);
        let mut back = self.children(*end)?;
        back.retain(|child| all || brought.contains(child));
        self.ask_below(&back)?;
        let record = self.edit(from, act)?;
        record.del = None;
        record.entered = act.rev;
        self.edit(*end, act)?;
        let area = self.place(self.known(from)?)?;
        for child in back {
            if !self.hangs_below(from, child)? {
                self.carry(act, child, area)?;
                self.edit(child, act)?.parent = Some(from);
                self.forget_brought(child, passed)?;
            }
        }
        Ok(())
    }

    /// The records that one became part of, step by step: the last is where it is now.
    fn way_of(&self, from: Uuid) -> Result<Vec<Uuid>, Stop> {
        let mut way = Vec::new();
        let mut at = from;
        while let Some(next) = self.known(at)?.del.as_ref().and_then(|tombstone| tombstone.into) {
            // A merge needs both alive, so that no way comes back; should one be damaged, this ends all the same.
            if way.contains(&next) {
                return Err(Stop::Hold(Why::Stale));
            }
            way.push(next);
            at = next;
        }
        Ok(way)
    }

    /// What was given back is nothing that the merges on its way brought: taken back later, they would take it again.
    fn forget_brought(&mut self, child: Uuid, passed: &[Uuid]) -> Result<(), Stop> {
        for alias in passed {
            let brought = self.note(*alias)?.del.as_mut().and_then(|tombstone| tombstone.brought.as_mut());
            if let Some(brought) = brought {
                brought.remove(&child);
            }
        }
        Ok(())
    }

    fn hangs_below(&self, e: Uuid, above: Uuid) -> Result<bool, Stop> {
        let mut at = self.known(e)?.parent;
        while let Some(parent) = at {
            if parent == above {
                return Ok(true);
            }
            at = self.record(parent)?.and_then(|record| record.parent);
        }
        Ok(false)
    }
}
