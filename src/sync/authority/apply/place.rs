//! Where records lie and whether they live: move, delete, undelete.

use crate::{
    authority::{
        Opener,
        apply::field::Clash,
        work::{Act, Stop, Work},
    },
    id::AreaId,
    record::{AREA, Exit, Origin, Stored, Tombstone},
    wire::{Base, DeleteBase, Op, Why},
};
use domain::kinds::Right;
use serde_json::json;
use uuid::Uuid;

impl<O: Opener> Work<'_, O> {
    /// `move`: an area is a critical field whose version is `entered`.
    pub(super) fn move_to(
        &mut self,
        act: &Act,
        ops: &[Op],
        i: usize,
        e: Uuid,
        area: AreaId,
        base: &Base,
    ) -> Result<(), Stop> {
        self.within(&[e])?;
        let right = self.right(e, AREA)?;
        if right != Right::Propose && !self.ctx.who.scope.holds(area) {
            return Err(Stop::Hold(Why::OutOfScope));
        }
        self.alive(&[e])?;
        let record = self.known(e)?;
        if record.parent.is_some() || right == Right::None {
            return Err(Stop::Hold(Why::Right));
        }
        if record.area == area {
            self.note(e)?.placed.repeat(act.id);
            return Ok(());
        }
        if right == Right::Propose {
            return self.propose(act, ops, i, (e, AREA), area_value(area));
        }
        if self.has_seen(base, record.entered, &record.placed.ops, (e, AREA))? {
            return self.relocate(act, e, area);
        }
        let clash = Clash {
            of: e,
            field: AREA,
            class: "critical",
            values: [area_value(record.area), area_value(area)],
            by: [record.placed.author, act.author],
            t: [record.placed.t_eff, act.t_eff],
        };
        self.conflict(act, i, clash)
    }

    /// Moves a record with all that hangs below it, leaving exits.
    pub(in crate::authority) fn relocate(&mut self, act: &Act, e: Uuid, area: AreaId) -> Result<(), Stop> {
        self.ask_below(&[e])?;
        self.carry(act, e, area)?;
        self.note(e)?.placed = Origin { ops: vec![act.id], t_eff: act.t_eff, author: act.author };
        Ok(())
    }

    /// What lies in an archive goes to the archive of the new area, if there is one.
    pub(super) fn carry(&mut self, act: &Act, e: Uuid, area: AreaId) -> Result<(), Stop> {
        let tree = self.ctx.tree;
        let old = self.known(e)?.area;
        let is_archived = tree.is_archive(old);
        let new = if is_archived { tree.archive(area).unwrap_or(area) } else { area };
        let children = self.children(e)?;
        if old != new {
            self.exit(Exit { area: old, rev: act.rev, e });
        }
        let record = self.edit(e, act)?;
        record.area = new;
        record.entered = act.rev;
        children.into_iter().try_for_each(|child| self.carry(act, child, area))
    }

    /// `delete` applies if every change after the base is the author's own. It touches no child.
    pub(super) fn delete(&mut self, act: &Act, e: Uuid, base: &DeleteBase) -> Result<(), Stop> {
        self.alive(&[e])?;
        self.office_may_write(e)?;
        let changes = &self.known(e)?.changes;
        let is_own = |op: &Uuid| base.ops.contains(op) || *op == act.id;
        let newer_are_own = changes.iter().filter(|change| change.rev > base.rev).all(|c| is_own(&c.op));
        // Older changes may have been forgotten: then what the author saw cannot be compared any more.
        let reaches_back = changes.len() < crate::limits::RECORD_CHANGES_KEPT
            || changes.first().is_some_and(|oldest| oldest.rev <= base.rev);
        if !newer_are_own || !reaches_back {
            return Err(Stop::Hold(Why::Changed));
        }
        self.edit(e, act)?.del = Some(Tombstone::default());
        Ok(())
    }

    /// `undelete` brings a record back as a full row; on one that lives it changes nothing.
    pub(super) fn undelete(&mut self, act: &Act, e: Uuid) -> Result<(), Stop> {
        self.within(&[e])?;
        match &self.known(e)?.del {
            Some(tombstone) if tombstone.into.is_some() => return Err(Stop::Hold(Why::MergedAway)),
            _ => self.office_may_write(e)?,
        }
        if self.known(e)?.del.is_none() {
            return Ok(());
        }
        let record = self.edit(e, act)?;
        record.del = None;
        record.entered = act.rev;
        Ok(())
    }
}

fn area_value(area: AreaId) -> Stored {
    Stored::Plain(json!(area.to_string()))
}
