//! Standards as the office enters and publishes them.

use domain::stipend::Standard;
use uuid::Uuid;

/// A standard, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandardRow {
    pub standard: Standard,
    pub entered_by: Uuid,
    pub entered_at: i64,
    pub published_by: Option<Uuid>,
    /// None while it waits.
    pub published_at: Option<i64>,
    /// The published row that corrects it.
    pub superseded_by: Option<Uuid>,
}

impl StandardRow {
    /// Whether it is published and not corrected.
    pub fn is_in_force(&self) -> bool {
        self.published_at.is_some() && self.superseded_by.is_none()
    }
}

/// Why no standard was entered, published or discarded; none is then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StandardRefused {
    /// There is none of this id any more.
    Gone(Uuid),
    /// It is published, and stays as it is.
    Published(Uuid),
    /// What it corrects is not published, is corrected already, or is of another item.
    NotToCorrect(Uuid),
    /// Another says the same item for some of its days.
    Meets { standard: Uuid, other: Uuid },
}
