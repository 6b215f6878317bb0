//! What a person at the office decides: conflicts, held changesets, proposals.

use crate::{
    authority::{
        Opener,
        apply::apply,
        batch::read_ops,
        check::{check_ops, chosen_value},
        work::{Act, Stop, Work},
    },
    id::AreaId,
    record::{AREA, CONFLICT, HELD, PROPOSAL, Record, Stored},
    wire::{Base, Op, Take, Why},
};
use domain::kinds::Right;
use serde_json::json;
use uuid::Uuid;

/// How many held changesets may lie inside each other.
const NESTED_MAX: usize = 8;
const BAD: Stop = Stop::Reject(Why::BadValue);

impl<O: Opener> Work<'_, O> {
    /// `resolve` on a conflict or a held record.
    pub(super) fn resolve(&mut self, act: &Act, op: &Op) -> Result<(), Stop> {
        let Op::Resolve { e, take, v, base, reason } = op else { return Ok(()) };
        self.alive(&[*e])?;
        match self.known(*e)?.kind.as_str() {
            CONFLICT => self.settle_conflict(act, *e, *take, v.as_ref(), base.as_ref().ok_or(BAD)?)?,
            HELD => self.settle_held(act, *e, *take)?,
            _ => return Err(BAD),
        }
        if let Some(reason) = reason {
            self.store(*e, "reason", Stored::Plain(json!(reason)), act)?;
        }
        Ok(())
    }

    fn settle_conflict(
        &mut self,
        act: &Act,
        e: Uuid,
        take: Take,
        v: Option<&serde_json::Value>,
        base: &Base,
    ) -> Result<(), Stop> {
        let conflict = self.known(e)?.clone();
        let (of, field) = subject(&conflict, "of")?;
        self.alive(&[of])?;
        let value = match take {
            Take::Current => None,
            Take::Other => Some(conflict.fields.get("other").ok_or(BAD)?.value.clone()),
            Take::Value => Some(chosen_value(self, &conflict, v.ok_or(BAD)?)?),
        };
        let area = if field == AREA { value.as_ref().map(area_in).transpose()? } else { None };
        if area.is_some_and(|area| !self.ctx.who.scope.holds(area)) {
            return Err(Stop::Hold(Why::OutOfScope));
        }
        self.office()?;
        if self.right(of, field)? != Right::Write {
            return Err(Stop::Hold(Why::Right));
        }
        if !conflict.is_open() || !self.is_present(base, of, field)? {
            return Err(Stop::Hold(Why::Stale));
        }
        match (area, value) {
            (Some(area), _) if self.known(of)?.area != area => self.relocate(act, of, area)?,
            (None, Some(value)) => {
                self.overwrite(act, of, field, value)?;
                self.note_decided(of, field);
            }
            _ => {}
        }
        let state = match take {
            Take::Current => "current",
            Take::Other => "other",
            Take::Value => "value",
        };
        self.close(e, state, act)
    }

    /// Whether `base` is the version that stands.
    fn is_present(&self, base: &Base, of: Uuid, field: &str) -> Result<bool, Stop> {
        let record = self.known(of)?;
        if field == AREA {
            return self.has_seen(base, record.entered, &record.placed.ops, (of, field));
        }
        match record.fields.get(field) {
            Some(state) => self.has_seen(base, state.fv, &state.origin.ops, (of, field)),
            None => Ok(true),
        }
    }

    /// Writes a value that a person chose; a value that stands already is only confirmed.
    fn overwrite(&mut self, act: &Act, of: Uuid, field: &str, value: Stored) -> Result<(), Stop> {
        let stands = self.known(of)?.fields.get(field).is_some_and(|state| state.value.is_same(&value));
        if !stands {
            return self.store(of, field, value, act);
        }
        if let Some(state) = self.note(of)?.fields.get_mut(field) {
            state.origin.repeat(act.id);
        }
        Ok(())
    }

    /// Drops a held changeset, or lets its ops through with the resolver's rights under the first changeset's id and time.
    fn settle_held(&mut self, act: &Act, e: Uuid, take: Take) -> Result<(), Stop> {
        self.office()?;
        let held = self.known(e)?.clone();
        if !held.is_open() {
            return Err(Stop::Hold(Why::Stale));
        }
        if take == Take::Current {
            return self.close(e, "current", act);
        }
        self.close(e, "other", act)?;
        let first = Act {
            id: held.id_in("changeset").ok_or(BAD)?,
            author: held.id_in("by").ok_or(BAD)?,
            t_eff: held.plain("t").and_then(serde_json::Value::as_i64).ok_or(BAD)?,
            rev: act.rev,
        };
        let ops = read_ops(held.plain("ops").ok_or(BAD)?).map_err(Stop::Reject)?;
        check_ops(self, &ops)?;
        // A held changeset may resolve another one, and that a third: each is closed before its ops run, so there is no loop.
        self.nested += 1;
        if self.nested > NESTED_MAX {
            return Err(Stop::Hold(Why::Stale));
        }
        (0..ops.len()).try_for_each(|n| apply(self, &first, &ops, n))?;
        for op in &ops {
            if let Op::Set { e: of, f: field, .. } = op {
                self.note_decided(*of, field);
            }
        }
        self.nested -= 1;
        Ok(())
    }

    /// `decide` on a proposal. The write that accepts it stands beside it in the same changeset.
    pub(super) fn decide(
        &mut self,
        act: &Act,
        e: Uuid,
        accept: bool,
        reason: Option<&str>,
    ) -> Result<(), Stop> {
        self.alive(&[e])?;
        let proposal = self.known(e)?.clone();
        if proposal.kind != PROPOSAL {
            return Err(BAD);
        }
        let (of, field) = subject(&proposal, "recipient")?;
        self.office()?;
        if self.right(of, field)? != Right::Write {
            return Err(Stop::Hold(Why::Right));
        }
        if !proposal.is_open() {
            return Err(Stop::Hold(Why::Stale));
        }
        self.close(e, if accept { "accepted" } else { "refused" }, act)?;
        match reason {
            Some(reason) => self.store(e, "reason", Stored::Plain(json!(reason)), act),
            None => Ok(()),
        }
    }
}

/// The record and field that a conflict or proposal speaks of.
fn subject<'r>(record: &'r Record, name: &str) -> Result<(Uuid, &'r str), Stop> {
    Ok((record.id_in(name).ok_or(BAD)?, record.text("field").ok_or(BAD)?))
}

fn area_in(value: &Stored) -> Result<AreaId, Stop> {
    match value {
        Stored::Plain(text) => text.as_str().and_then(|text| text.parse().ok()).ok_or(BAD),
        Stored::Sealed(_) => Err(BAD),
    }
}
