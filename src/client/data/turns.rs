//! The turns that end or halt a file: a death, a move, pay that stops. Each is one save, so that no half of it can be seen.

use super::{
    Data, SaveError,
    file::{children, view_of},
};
use crate::driver::Driver;
use domain::{
    category::Category,
    day::Day,
    departure,
    kinds::{Right, kind},
};
use serde_json::{Value, json};
use sync::{
    id::AreaId,
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
                for (e, category) in running(&driver, recipient).await {
                    put(e, "entitlement", "state", json!("died"))?;
                    put(e, "entitlement", "to", json!(departure::paid_until_after_death(category, *on)))?;
                }
            }
            Turn::MovedAway { on } => {
                put(recipient, "recipient", "status", json!("moved"))?;
                for (e, category) in running(&driver, recipient).await {
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
            ops.extend(tasks_done(&driver, recipient, &turn).await);
        }
        self.save(ops).await
    }
}

/// The entitlements that run, of categories that this build knows. What was stopped, refused or cancelled before stays as it was decided.
async fn running(driver: &Driver, recipient: Uuid) -> Vec<(Uuid, Category)> {
    let mut found = Vec::new();
    for id in children(driver, recipient, &["entitlement"]) {
        let Some(view) = view_of(driver, id).await else { continue };
        if !departure::runs(&super::file::text(&view.f, "state")) {
            continue;
        }
        if let Some(category) = view.f.get("category").and_then(|code| code.as_str()?.parse().ok()) {
            found.push((id, category));
        }
    }
    found
}

/// Ends the tasks that asked for this very turn.
async fn tasks_done(driver: &Driver, recipient: Uuid, turn: &Turn) -> Vec<Op> {
    let asked = match turn {
        Turn::Died { .. } => "D1",
        Turn::MovedAway { .. } | Turn::MovedTo { .. } => "D2",
        Turn::Halted { .. } => return Vec::new(),
    };
    let mut ops = Vec::new();
    for e in children(driver, recipient, &["task"]) {
        let Some(view) = view_of(driver, e).await else { continue };
        let is_one = |field: &str, value: &str| view.f.get(field).and_then(Value::as_str) == Some(value);
        if is_one("kind", asked) && is_one("state", "open") {
            ops.push(Op::Set { e, f: "state".to_owned(), v: json!("done"), base: Base::Fv(Rev::ZERO) });
        }
    }
    ops
}
