//! What pages show of events for many families (集体走访).
//!
//! Nothing here has `Debug` that names people.

use super::{Counted, RecipientRow};
use domain::{checklist::Checklist, visit::Stand};
use std::sync::Arc;
use uuid::Uuid;

/// How a draft belongs to an event for many families.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Share {
    /// It does not.
    Alone,
    /// It is the event itself: what all have in common.
    Event,
    /// It is the visit to one of its families: the place in the round, from 1, and of how many.
    Family { event: Uuid, place: usize, all: usize },
}

/// An event for many families in a list.
#[derive(Clone, PartialEq)]
pub(crate) struct RoundRow {
    pub(crate) event: Uuid,
    pub(crate) template: String,
    pub(crate) families: usize,
    pub(crate) done: usize,
    /// The visit that was touched last among those begun.
    pub(crate) under_way: Option<Uuid>,
}

/// A family of an event.
#[derive(Clone, PartialEq)]
pub(crate) struct RoundFamily {
    pub(crate) recipient: Uuid,
    pub(crate) name: String,
    pub(crate) village: String,
    pub(crate) stand: Stand,
}

/// An event for many families.
#[derive(Clone, PartialEq)]
pub(crate) struct Round {
    pub(crate) event: Uuid,
    pub(crate) template: String,
    /// Nothing if this device has it not.
    pub(crate) checklist: Option<Arc<Checklist>>,
    pub(crate) families: Vec<RoundFamily>,
    /// Households and people among them.
    pub(crate) counted: Counted,
    /// Of the questions that all have in common and that must be answered, how many are, and how many there are.
    pub(crate) shared: (usize, usize),
}

/// Somebody to be taken into an event.
#[derive(Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) recipient: Arc<RecipientRow>,
    /// A visit of this kind is due.
    pub(crate) due: bool,
}
