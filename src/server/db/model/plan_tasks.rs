//! Tasks of the work plan as they are given, reported on and shown.

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// A task for the contact of a unit.
#[derive(Clone, Debug)]
pub struct NewPlanTask {
    pub id: Uuid,
    pub title: String,
    /// The unit that leads it.
    pub unit: String,
    /// The account of the unit's contact.
    pub responsible: Uuid,
    pub due_on: String,
}

/// How far a task is, in a word, with what proves it.
#[derive(Clone, Debug)]
pub struct PlanTaskWord {
    pub task: Uuid,
    pub state: domain::plan_task::PlanTaskState,
    pub word: String,
    pub evidence: Option<String>,
    pub now: i64,
}

/// Another day or another contact for a task.
#[derive(Clone, Debug)]
pub struct PlanTaskChange {
    pub task: Uuid,
    pub due_on: Option<String>,
    pub responsible: Option<Uuid>,
}

/// What becomes of several tasks at once.
#[derive(Clone, Debug)]
pub struct PlanTaskChanges {
    pub changes: Vec<PlanTaskChange>,
    pub now: i64,
}

/// A task as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanTask {
    pub id: Uuid,
    pub title: String,
    pub unit: String,
    pub responsible: Option<Uuid>,
    pub responsible_name: String,
    pub due_on: String,
    pub state: &'static str,
    pub overdue: bool,
    /// `{state, word}` under `v`, with its author and time.
    pub progress: Vec<Value>,
    /// `{word, by, on}` each.
    pub evidence: Vec<Value>,
}

/// The tasks, and for an office the contacts to whom it may give one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanTasks {
    pub rows: Vec<PlanTask>,
    pub contacts: Vec<PlanContact>,
}

/// The contact of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanContact {
    pub id: Uuid,
    pub name: String,
}
