//! The turns that end or halt a file: a death, a move, pay that stops. Each is one save, so that no half of it can be seen.

use super::{
    Data, SaveError,
    fields::set,
    file::{area_of, children, text},
    households::Leaving,
    new_file::task_op,
};
use crate::{
    driver::Driver,
    platform::{clock, entropy},
};
use domain::{
    category::Category,
    day::Day,
    departure,
    kinds::{Right, kind},
    need::TaskKind,
    order::Gather,
};
use serde_json::{Value, json};
use sync::{
    id::AreaId,
    local::View,
    rev::Rev,
    wire::{Base, Op},
};
use uuid::Uuid;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Died {
        on: Day,
        reason: String,
    },
    /// To a place outside of the county.
    MovedAway {
        on: Day,
        live_addr: String,
    },
    /// Within the county, to a village that this device does not know.
    MovedElsewhere {
        live_addr: String,
    },
    /// To a village that this device knows.
    MovedTo {
        area: AreaId,
        code: String,
        live_addr: String,
    },
    /// The pay of one entitlement is stopped, suspended or cancelled.
    Halted {
        entitlement: Uuid,
        state: &'static str,
        /// The first day that is not paid.
        from: Day,
    },
}

/// A write of a turn: the record, its kind, the field and the value.
type Put<'a> = &'a mut dyn FnMut(Uuid, &str, &str, Value) -> Result<(), SaveError>;

impl Data {
    /// Whether this role itself says where a file lies and what it is: the offices.
    fn places_files(self) -> bool {
        self.role()
            .is_some_and(|role| kind("recipient").is_some_and(|of| of.right(role, "area") == Right::Write))
    }

    /// Writes a turn of a person's file, or proposes it where the role only may do that.
    pub(crate) async fn turn(self, recipient: Uuid, turn: Turn) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let mut ops = Vec::new();
        let mut put = |e: Uuid, of: &str, field: &str, value: Value| -> Result<(), SaveError> {
            ops.push(self.field_op(&driver, e, of, field, value)?);
            Ok(())
        };
        match &turn {
            Turn::Died { on, reason } => {
                put(recipient, "recipient", "status", json!("died"))?;
                put(recipient, "recipient", "died_on", json!(on))?;
                if !reason.is_empty() {
                    put(recipient, "recipient", "death_reason", json!(reason))?;
                }
                for (e, category) in running(&driver, recipient).await? {
                    put(e, "entitlement", "state", json!("died"))?;
                    put(e, "entitlement", "to", json!(departure::paid_until_after_death(category, *on)))?;
                }
            }
            Turn::MovedAway { on, live_addr } => {
                put(recipient, "recipient", "status", json!("moved"))?;
                lives_now(recipient, Value::Null, live_addr, &mut put)?;
                for (e, category) in running(&driver, recipient).await? {
                    put(e, "entitlement", "state", json!("moved"))?;
                    put(e, "entitlement", "to", json!(departure::paid_until_after_move(category, *on)))?;
                }
            }
            Turn::MovedElsewhere { live_addr } => lives_now(recipient, Value::Null, live_addr, &mut put)?,
            Turn::MovedTo { area, code, live_addr } => {
                lives_now(recipient, json!(code), live_addr, &mut put)?;
                let base = Base::Fv(Rev::ZERO);
                ops.push(Op::Move { e: recipient, area: *area, base });
            }
            Turn::Halted { entitlement, state, from } => {
                put(*entitlement, "entitlement", "state", json!(state))?;
                put(*entitlement, "entitlement", "to", json!(departure::paid_until_before(*from)))?;
            }
        }
        match &turn {
            // The office looks for the village, and moves the file there.
            Turn::MovedElsewhere { live_addr } => {
                ops.push(asked_op(&driver, recipient, TaskKind::Transfer, live_addr).await?);
            }
            Turn::MovedAway { live_addr, .. } if !self.places_files() => {
                ops.push(asked_op(&driver, recipient, TaskKind::Transfer, live_addr).await?);
            }
            Turn::Died { .. } if self.places_files() => {
                ops.extend(tasks_done(&driver, recipient, TaskKind::Death).await?);
            }
            Turn::Died { on, .. } => {
                ops.push(asked_op(&driver, recipient, TaskKind::Death, &on.to_string()).await?);
            }
            Turn::MovedAway { .. } | Turn::MovedTo { .. } if self.places_files() => {
                ops.extend(self.leave_ops(&driver, recipient, Leaving::ForNone).await?);
                ops.extend(tasks_done(&driver, recipient, TaskKind::Transfer).await?);
            }
            _ => {}
        }
        self.save(ops).await
    }
}

/// Where a person lives is what whoever was there saw; whose the file is from now on is the office's to say.
fn lives_now(recipient: Uuid, code: Value, live_addr: &str, put: Put<'_>) -> Result<(), SaveError> {
    put(recipient, "recipient", "live_code", code)?;
    put(recipient, "recipient", "live_addr", json!(live_addr))
}

/// The task of a death or a transfer (D1, D2, domain.md §4.7) with its day or where to; one that is open already is told it.
async fn asked_op(driver: &Driver, recipient: Uuid, kind: TaskKind, what: &str) -> Result<Op, SaveError> {
    if let Some(e) = open_tasks(driver, recipient, kind).await?.next() {
        return Ok(set(e, "what", json!(what)));
    }
    let area = area_of(driver, recipient)?;
    Ok(task_op(entropy::uuid(clock::now_ms()), recipient, area, kind, what))
}

/// The entitlements that run, of categories that this build knows. What was stopped, refused or cancelled before stays as it was decided.
async fn running(driver: &Driver, recipient: Uuid) -> Result<Vec<(Uuid, Category)>, SaveError> {
    let entitlements = below(driver, recipient, "entitlement").await?.into_iter();
    let running = entitlements.filter(|(_, view)| departure::runs(&text(&view.f, "state")));
    Ok(running.filter_map(|(id, view)| Some((id, text(&view.f, "category").parse().ok()?))).collect())
}

/// The visible records of a kind below a recipient; all of them, or the turn is not made.
pub(super) async fn below(
    driver: &Driver,
    recipient: Uuid,
    kind: &str,
) -> Result<Vec<(Uuid, View)>, SaveError> {
    let ids = children(driver, recipient, &[kind]).into_iter().gather();
    let records = driver.store.load_live(&ids).await?;
    let views = records.into_values().map(|record| (record.id, record.view()));
    Ok(views.filter(|(_, view)| !view.hidden).collect())
}

/// The open tasks of a kind.
async fn open_tasks(
    driver: &Driver,
    recipient: Uuid,
    kind: TaskKind,
) -> Result<impl Iterator<Item = Uuid>, SaveError> {
    let is_asked =
        move |view: &View| text(&view.f, "kind") == kind.code() && text(&view.f, "state") == "open";
    let tasks = below(driver, recipient, "task").await?.into_iter();
    Ok(tasks.filter(move |(_, view)| is_asked(view)).map(|(e, _)| e))
}

/// Ends the tasks that asked for a turn.
pub(super) async fn tasks_done(
    driver: &Driver,
    recipient: Uuid,
    kind: TaskKind,
) -> Result<Vec<Op>, SaveError> {
    let done = |e| set(e, "state", json!("done"));
    Ok(open_tasks(driver, recipient, kind).await?.map(done).collect())
}
