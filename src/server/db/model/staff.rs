//! Accounts as an office sees and changes them, the set-up of a new office, and families that change hands.

use domain::access::Role;
use serde::Serialize;
use uuid::Uuid;

use super::{Account, Area, NewAccount};

/// A person and who stands in for whom.
#[derive(Clone, Debug)]
pub struct Staff {
    pub people: Vec<Account>,
    pub deputies: Vec<Deputy>,
    /// The areas of the caller's scope.
    pub areas: Vec<Area>,
}

/// Somebody who stands in for a worker on leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deputy {
    pub id: Uuid,
    pub account: Uuid,
    pub absent: Uuid,
    /// Milliseconds; the first moment, and the first after the last.
    pub from_at: i64,
    pub to_at: i64,
}

/// What an office or an administrator decides about an account.
#[derive(Clone, Debug)]
pub enum StaffAct {
    /// A new account, with a one-time password that is good until then.
    Add { new: NewAccount, password_until: i64 },
    /// Other areas, and for an administrator another role.
    Assign { account: Uuid, role: Option<Role>, areas: Vec<Uuid> },
    /// A one-time password.
    Password { account: Uuid, hash: String, until: i64 },
    /// The person left: nothing opens any more, and his devices hand over what they hold.
    End { account: Uuid },
    /// The person came back.
    Resume { account: Uuid },
    /// The second factor is set up anew at the next login.
    ForgetFactor { account: Uuid },
    /// Somebody stands in.
    Deputise(Deputy),
    /// And does so no more.
    EndDeputy { deputy: Uuid },
}

/// People who are given accounts at once, each with a one-time password that is good until then.
#[derive(Clone, Debug)]
pub struct NewStaff {
    pub people: Vec<NewAccount>,
    pub password_until: i64,
    /// Only judged.
    pub is_trial: bool,
    pub now: i64,
}

/// A new office: its areas, those above first, and its first administrator.
#[derive(Clone, Debug)]
pub struct SetUp {
    pub areas: Vec<(String, String)>,
    pub admin: NewAccount,
}

/// A second factor as it is stored.
#[derive(Clone, Debug)]
pub struct StoredFactor {
    /// Sealed, as JSON.
    pub secret: String,
    pub confirmed: bool,
    pub last_step: i64,
}

/// What a login does with a second factor.
#[derive(Clone, Debug)]
pub enum FactorUse {
    /// A new secret, which protects nothing before its first code.
    Begin { secret: String },
    /// The first right code; from now on these recovery codes are good.
    Confirm { step: i64, recovery: Vec<String> },
    /// A right code of that step.
    Step(i64),
    /// A recovery code, by the hashes under which it may be stored.
    Recovery(Vec<String>),
}

/// Families that change hands.
#[derive(Clone, Debug)]
pub struct NewHandover {
    pub id: Uuid,
    pub from: Option<Uuid>,
    pub to: Uuid,
    pub area: Uuid,
    pub families: Vec<Uuid>,
    /// Whether the one who hands over keeps the village.
    pub keeps_village: bool,
    pub reason: String,
    pub now: i64,
}

/// A hand-over that was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Handover {
    pub id: Uuid,
    pub at: i64,
    pub by: String,
    pub from: Option<Uuid>,
    pub from_name: Option<String>,
    pub to: Uuid,
    pub to_name: String,
    pub village: String,
    pub families: u64,
    pub village_left: bool,
    pub village_came: bool,
    pub reason: String,
}

/// What a worker's devices hold that is not at the office.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unsent {
    pub devices: u64,
    pub saves: u64,
    pub photos: u64,
    pub drafts: u64,
    /// The oldest last contact among them; nothing where one was never there.
    pub seen_at: Option<i64>,
}
