//! Devices as whoever supervises them sees them.

use domain::day::Day;
use serde::Serialize;
use std::collections::BTreeMap;
use sync::id::{AreaId, DeviceId};
use uuid::Uuid;

use super::Account;

/// What a caller supervises.
#[derive(Clone, Debug, Default)]
pub struct SupervisedDevices {
    pub people: Vec<Account>,
    /// The names of the areas of each account.
    pub areas: BTreeMap<Uuid, Vec<String>>,
    pub devices: Vec<DeviceRow>,
}

/// A device on which the caller is logged in.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OwnSession {
    #[schema(value_type = String)]
    pub device: DeviceId,
    /// As in [`DeviceRow::kind`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether it is a PC that others use too.
    pub shared: bool,
    /// The last use, to a minute.
    pub used_at: i64,
    /// Whether it is the one that asks.
    pub own: bool,
}

/// An enrolled device: what it is, what it said last, and what was decided about it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DeviceRow {
    pub id: DeviceId,
    pub account: Uuid,
    /// `android harmony ios windows mac linux`, as its browser named it at the enrolment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `active readonly wipe revoked`.
    pub state: String,
    /// Who gave it that state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<StateWord>,
    pub enrolled_at: i64,
    /// The last contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<i64>,
    /// Nothing before the first contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    pub build: String,
    pub schema: u32,
    /// Whether its browser promised to keep the storage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persisted: Option<bool>,
    /// How far its clock is ahead, in minutes, where that is doubtful; else 0.
    pub clock_off_min: i64,
    /// When a rescue file of it was imported, after the last contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rescued_at: Option<i64>,
    pub incidents: Vec<IncidentRow>,
}

/// What a device holds that is not at the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Waiting {
    pub saves: u64,
    pub photos: u64,
    /// Unfinished visits.
    pub drafts: u64,
    /// When the oldest save was made, by the device's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest: Option<i64>,
}

/// A storage that lost something, a witness that does not fit the audit chain, or records that were not what the office has.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct IncidentRow {
    /// Its number in the audit chain.
    pub n: u64,
    pub at: i64,
    /// `empty went_back hole damaged witness digest torn purge`.
    pub kind: String,
    #[serde(skip)]
    pub inc: String,
    /// How many saves it lost, where the device knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<u64>,
    /// When records were found to differ, by the device's clock.
    #[serde(skip)]
    pub t: Option<i64>,
    /// Where they differed.
    #[serde(skip)]
    pub ids: Vec<AreaId>,
    /// The names of these areas.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<StateWord>,
}

impl IncidentRow {
    /// Whether `later` tells of the same loss, or of records that still differ while nobody has dealt with it.
    pub fn is_same(&self, later: &IncidentRow) -> bool {
        let told = |row: &IncidentRow| (row.kind.clone(), row.inc.clone(), row.lost, row.ids.clone());
        let is_open = self.t.is_some() && self.settled.is_none();
        told(self) == told(later) && (is_open || self.t == later.t) && self.kind != "witness"
    }
}

/// Who decided something, when, and in which words. The command line has no account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StateWord {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Uuid>,
    pub at: i64,
    pub reason: String,
    /// It followed from the end of the person's account.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
}

/// A new state for a device.
#[derive(Clone, Debug)]
pub struct DeviceChange {
    pub device: DeviceId,
    pub state: String,
    pub reason: String,
    pub now: i64,
}

/// An incident that somebody dealt with.
#[derive(Clone, Debug)]
pub struct Settlement {
    pub device: DeviceId,
    /// Its number in the audit chain.
    pub incident: u64,
    pub word: String,
    pub now: i64,
}

/// Whose files a device held when it was last in reach.
#[derive(Clone, Debug)]
pub struct Concerned {
    /// Whose device it is.
    pub user: String,
    /// The first area of that account.
    pub unit: String,
    pub seen_at: i64,
    /// The areas of the device that are the caller's.
    pub areas: Vec<Uuid>,
    pub families: Vec<ConcernedFamily>,
}

/// One of them, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcernedFamily {
    pub e: Uuid,
    pub village: String,
    pub name: String,
    /// Its first and last digits.
    pub phone: String,
    /// Who answers for the family.
    pub responsible: String,
    /// The last day on which the device showed the file, as far as it has told.
    pub opened_on: Option<Day>,
    /// What became of the file since: `deleted`, `moved`, or nothing.
    pub since: &'static str,
}
