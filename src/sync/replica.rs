//! The device's engine: one door for events, a list of effects back. No clock, no storage, no network of its own.
//!
//! The driver performs effects and returns events; every decision of policy lies here. Rules are numbered in `SPEC.md`.

mod batch;
mod effect;
mod env;
mod event;
mod meta;
mod outbox;
mod status;

pub use batch::{Batch, OutMove, OutPut};
pub use effect::{Attention, Effect, PushPlan, RequestPlan, SaveProblem, Timer};
pub use env::{Env, Generator};
pub use event::{
    BlobStep, CommitFailure, Event, Loaded, Opened, RequestFailure, Save, StorageFacts, UnlockedFacts,
};
pub use meta::{AreaState, Identity, Meta, Position, Sentinel};
pub use outbox::{BlobHead, BlobPhase, DraftHead, OutboxHead};
pub use status::{Phase, Problem, Status};
