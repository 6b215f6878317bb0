//! The turns that end or halt a file: a death, a move, pay that stops. Each is one save, so that no half of it can be seen.

use super::{
    Data, SaveError,
    file::{children, text},
};
use crate::driver::Driver;
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
    },
    /// To a village that this device knows.
    MovedTo {
        area: AreaId,
        code: String,
    },
    /// The pay of one entitlement is stopped, suspended or cancelled.
    Halted {
        entitlement: Uuid,
        state: &'static str,
        on: Day,
    },
}

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
            Turn::MovedAway { on } => {
                put(recipient, "recipient", "status", json!("moved"))?;
                for (e, category) in running(&driver, recipient).await? {
                    put(e, "entitlement", "state", json!("moved"))?;
                    put(e, "entitlement", "to", json!(departure::paid_until_after_move(category, *on)))?;
                }
            }
            Turn::MovedTo { area, code } => {
                // What the office has not decided yet changes nothing else.
                if self.places_files() {
                    put(recipient, "recipient", "live_code", json!(code))?;
                }
                let base = Base::Fv(Rev::ZERO);
                ops.push(Op::Move { e: recipient, area: *area, base });
            }
            Turn::Halted { entitlement, state, on } => {
                put(*entitlement, "entitlement", "state", json!(state))?;
                put(*entitlement, "entitlement", "to", json!(on))?;
            }
        }
        if self.places_files() {
            ops.extend(tasks_done(&driver, recipient, &turn).await?);
        }
        self.save(ops).await
    }
}

/// The entitlements that run, of categories that this build knows. What was stopped, refused or cancelled before stays as it was decided.
async fn running(driver: &Driver, recipient: Uuid) -> Result<Vec<(Uuid, Category)>, SaveError> {
    let entitlements = below(driver, recipient, "entitlement").await?.into_iter();
    let running = entitlements.filter(|(_, view)| departure::runs(&text(&view.f, "state")));
    Ok(running.filter_map(|(id, view)| Some((id, text(&view.f, "category").parse().ok()?))).collect())
}

/// The visible records of a kind below a recipient; all of them, or the turn is not made.
async fn below(driver: &Driver, recipient: Uuid, kind: &str) -> Result<Vec<(Uuid, View)>, SaveError> {
    let ids = children(driver, recipient, &[kind]).into_iter().gather();
    let records = driver.store.load_live(&ids).await?;
    let views = records.into_values().map(|record| (record.id, record.view()));
    Ok(views.filter(|(_, view)| !view.hidden).collect())
}

/// Ends the tasks that asked for this very turn.
async fn tasks_done(driver: &Driver, recipient: Uuid, turn: &Turn) -> Result<Vec<Op>, SaveError> {
    let asked = match turn {
        Turn::Died { .. } => TaskKind::Death,
        Turn::MovedAway { .. } | Turn::MovedTo { .. } => TaskKind::Transfer,
        Turn::Halted { .. } => return Ok(Vec::new()),
    };
    let is_asked = |view: &View| text(&view.f, "kind") == asked.code() && text(&view.f, "state") == "open";
    let done = |e| Op::Set { e, f: "state".to_owned(), v: json!("done"), base: Base::Fv(Rev::ZERO) };
    let tasks = below(driver, recipient, "task").await?.into_iter();
    Ok(tasks.filter(|(_, view)| is_asked(view)).map(|(e, _)| done(e)).collect())
}
