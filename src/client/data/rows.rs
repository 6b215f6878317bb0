//! What pages show, as plain values. Days are ISO text, times milliseconds since 1970 UTC.
//!
//! Nothing here has `Debug`: it is about people.

use super::{ApartRow, AttachmentRow, Counted, HouseholdRow};
use super::{RoundRow, Share};
use domain::{
    age_alarm::AgeAlarm,
    checklist::{Checklist, Facts},
    door::Nearness,
    visit::{Cause, Due},
};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};
use sync::{
    id::{AreaId, BlobHash},
    wire::{Fields, VerdictState, Why},
};
use uuid::Uuid;

/// What a page wants to hear about; [`super::Data::changed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Topic {
    Recipients,
    Visits,
    Needs,
    Sponsors,
    Drafts,
    Outbox,
    Attention,
    Areas,
}

/// Which recipients, in which order.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct RecipientQuery {
    /// Name, pinyin, initials, tail of the ID number or phone, village. Empty: all.
    pub(crate) text: String,
    /// Empty: all.
    pub(crate) areas: Vec<AreaId>,
    /// Category codes. Empty: all.
    pub(crate) categories: Vec<String>,
    pub(crate) due: DueFilter,
    pub(crate) alarm: AlarmFilter,
    pub(crate) responsible: WhoseFilter,
    pub(crate) sort: RecipientSort,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DueFilter {
    #[default]
    All,
    /// Due today or before.
    Due,
    /// Due within 30 days.
    Soon,
    /// Never visited.
    Never,
}

/// Whose birthday is looked for (domain.md §2.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AlarmFilter {
    #[default]
    All,
    /// Anybody for whom something changes.
    Any,
    One(AgeAlarm),
}

/// Who answers for those who are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum WhoseFilter {
    #[default]
    All,
    /// Nobody yet.
    Nobody,
    One(Uuid),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RecipientSort {
    /// By village, then name; a search puts the best match first.
    #[default]
    Village,
    Due,
}

/// A recipient in a list.
#[derive(Clone, PartialEq)]
pub(crate) struct RecipientRow {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) area: AreaId,
    pub(crate) village: String,
    /// Code of domain.md §2.2, such as `11`.
    pub(crate) category: String,
    /// Wire code of the sex, `1` or `2`; may be empty.
    pub(crate) sex: String,
    pub(crate) birth_year: Option<i32>,
    /// Last four of the ID number; may be empty.
    pub(crate) id_tail: String,
    /// First three and last four of the mobile number; may be empty.
    pub(crate) phone: String,
    /// The account that answers for him.
    pub(crate) responsible: Option<Uuid>,
    /// `A`, `B` or `C`: how often a visit is due.
    pub(crate) priority: char,
    pub(crate) due_on: Option<String>,
    pub(crate) last_visit: Option<String>,
    pub(crate) open_needs: u32,
    /// Own work on the record that the office has not judged yet.
    pub(crate) unsent: bool,
    pub(crate) conflict: bool,
    /// A visit is under way on this device.
    pub(crate) draft: Option<Uuid>,
    /// The household that he is of.
    pub(crate) household: Option<Uuid>,
    /// Birthdays that are near and on which something changes for him.
    pub(crate) alarms: Vec<AgeAlarm>,
}

#[cfg(test)]
impl RecipientRow {
    /// Somebody of whom nothing is known.
    pub(crate) fn blank(id: Uuid) -> RecipientRow {
        RecipientRow {
            id,
            name: String::new(),
            area: AreaId::OWN,
            village: String::new(),
            category: String::new(),
            sex: String::new(),
            birth_year: None,
            id_tail: String::new(),
            phone: String::new(),
            responsible: None,
            priority: 'C',
            due_on: None,
            last_visit: None,
            open_needs: 0,
            unsent: false,
            conflict: false,
            draft: None,
            household: None,
            alarms: Vec::new(),
        }
    }
}

/// A field of a file as this role sees it, with own unsent work on top.
#[derive(Clone, PartialEq)]
pub(crate) struct FieldView {
    /// The value; of a field seen only in part, the part as text.
    pub(crate) value: Value,
    /// Whether the office has more than is shown.
    pub(crate) masked: bool,
    /// The value is own work that the office has not judged yet.
    pub(crate) unsent: bool,
    /// A value that waits for the office's decision.
    pub(crate) proposed: Option<Value>,
}

/// A record with its fields, for lists inside a file.
#[derive(Clone, PartialEq)]
pub(crate) struct RecordView {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) fields: BTreeMap<String, FieldView>,
}

/// All about one recipient.
#[derive(Clone, PartialEq)]
pub(crate) struct RecipientFile {
    pub(crate) row: Arc<RecipientRow>,
    pub(crate) fields: BTreeMap<String, FieldView>,
    pub(crate) entitlements: Vec<RecordView>,
    /// What is to be done for the family.
    pub(crate) tasks: Vec<RecordView>,
    /// What the person, or his kin, asked about what is kept of him; newest first.
    pub(crate) requests: Vec<RecordView>,
    /// Newest first.
    pub(crate) visits: Vec<VisitRow>,
    /// Of the last visit that has any.
    pub(crate) photos: Vec<BlobHash>,
    pub(crate) needs: Vec<NeedRow>,
    pub(crate) conflicts: Vec<ConflictRow>,
    pub(crate) proposals: Vec<ProposalRow>,
    /// Who lives behind the same door, if anybody said so.
    pub(crate) household: Option<HouseholdRow>,
    /// Files that look alike and are of other people.
    pub(crate) apart: Vec<ApartRow>,
    /// Newest first.
    pub(crate) attachments: Vec<AttachmentRow>,
}

/// Somebody to be visited, and what for.
#[derive(Clone, PartialEq)]
pub(crate) struct DueRow {
    pub(crate) recipient: Arc<RecipientRow>,
    /// What is due now or was missed, the most pressing first.
    pub(crate) dues: Vec<Due>,
    /// Why he is visited as often as he is.
    pub(crate) cause: Option<Cause>,
    /// Where he lives within the village; may be empty.
    pub(crate) door: String,
    /// The name of somebody beside him who is due too.
    pub(crate) beside: Option<(Nearness, String)>,
}

/// The page 今日.
#[derive(Clone, PartialEq)]
pub(crate) struct Today {
    pub(crate) day: String,
    /// Due or overdue, as a round of the villages goes.
    pub(crate) due: Vec<DueRow>,
    /// How many people have a birthday near on which something changes for them.
    pub(crate) alarms: usize,
    pub(crate) drafts: Vec<DraftRow>,
    /// Events for many families that are under way.
    pub(crate) rounds: Vec<RoundRow>,
    pub(crate) done: Vec<VisitRow>,
    /// Visits of today that were cancelled: their families are due again.
    pub(crate) cancelled: Vec<VisitRow>,
    /// Visits that the office returned, open to be corrected.
    pub(crate) returned: Vec<VisitRow>,
}

/// Where a visit stands (domain.md §4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VisitState {
    InProgress,
    /// Completed, not yet acknowledged by the office.
    Completed,
    Submitted,
    Accepted,
    Returned,
    Cancelled,
}

/// A visit in a list.
#[derive(Clone, PartialEq)]
pub(crate) struct VisitRow {
    pub(crate) id: Uuid,
    pub(crate) recipient: Uuid,
    pub(crate) name: String,
    pub(crate) village: String,
    pub(crate) kind: String,
    pub(crate) template: String,
    pub(crate) state: VisitState,
    /// The day of the visit.
    pub(crate) day: String,
    pub(crate) completed_at: Option<i64>,
    /// When it was completed, or broken off.
    pub(crate) ended_at: Option<i64>,
    /// Why it was cancelled; else empty.
    pub(crate) why: String,
    /// Account ids, and names of people without an account.
    pub(crate) visitors: Vec<String>,
    pub(crate) photos: u32,
    /// Photos and signatures that the office has; known on the device that took them.
    pub(crate) photos_at_office: Option<u32>,
    pub(crate) needs: u32,
}

/// What the office said of a visit.
#[derive(Clone, PartialEq)]
pub(crate) struct ReviewRow {
    pub(crate) accepted: bool,
    pub(crate) question: Option<String>,
    pub(crate) word: String,
    pub(crate) author: String,
    pub(crate) at: i64,
}

/// A file attached to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BlobRow {
    pub(crate) hash: BlobHash,
    /// `photo id_photo paper sign strokes voice`.
    pub(crate) kind: String,
    pub(crate) bytes: u64,
    /// `absent partial complete verified rejected`; nothing if not asked yet.
    pub(crate) state: Option<String>,
    /// Whether the bytes are on this device.
    pub(crate) here: bool,
}

/// All about one visit.
#[derive(Clone, PartialEq)]
pub(crate) struct VisitFile {
    pub(crate) row: VisitRow,
    /// Fields of the record.
    pub(crate) fields: Fields,
    /// By question code; parts as `A30.1`; photos and signatures as lists of hashes.
    pub(crate) answers: Fields,
    pub(crate) template_version: u32,
    pub(crate) blobs: Vec<BlobRow>,
    pub(crate) reviews: Vec<ReviewRow>,
    pub(crate) needs: Vec<NeedRow>,
    /// Values that this visit proposed or set.
    pub(crate) proposals: Vec<ProposalRow>,
}

/// An unfinished visit in a list.
#[derive(Clone, PartialEq)]
pub(crate) struct DraftRow {
    pub(crate) visit: Uuid,
    pub(crate) recipient: Uuid,
    pub(crate) name: String,
    pub(crate) village: String,
    pub(crate) template: String,
    pub(crate) started_at: i64,
    pub(crate) saved_at: i64,
    pub(crate) answered: usize,
    /// A finished visit that is being corrected.
    pub(crate) reopened: bool,
    /// The event for many families that it belongs to, while that is under way.
    pub(crate) part_of: Option<Uuid>,
}

/// An unfinished visit.
#[derive(Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) row: DraftRow,
    pub(crate) template_version: u32,
    pub(crate) answers: Fields,
    /// The question that was open last.
    pub(crate) current: Option<String>,
    /// Corrections of the file that go with the visit, by recipient field.
    pub(crate) corrections: Fields,
    /// Who came along: account ids, and names.
    pub(crate) companions: Vec<String>,
    /// Photos of its printed sheet.
    pub(crate) sheets: Vec<BlobHash>,
    /// How it belongs to an event for many families.
    pub(crate) share: Share,
    pub(crate) blobs: BTreeMap<String, Vec<BlobRow>>,
    /// What `recipient.*` means in the template's conditions: category, open measures.
    pub(crate) recipient: DraftRecipient,
    /// What the template's conditions and defaults may ask for.
    pub(crate) facts: Facts,
    /// The checklist in the version that the visit was begun by; nothing if this device has it not.
    pub(crate) checklist: Option<Arc<Checklist>>,
}

/// What a template's conditions may ask of the recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DraftRecipient {
    /// The codes of all categories, with commas between.
    pub(crate) category: String,
    /// The codes of all categories.
    pub(crate) categories: Vec<String>,
    pub(crate) open_measures: u32,
    pub(crate) open_needs: Vec<String>,
}

/// A need in a list.
#[derive(Clone, PartialEq)]
pub(crate) struct NeedRow {
    pub(crate) id: Uuid,
    pub(crate) recipient: Uuid,
    pub(crate) name: String,
    pub(crate) village: String,
    /// Such as `N-MED`.
    pub(crate) kind: String,
    /// Wire word of the urgency.
    pub(crate) urgency: String,
    /// Wire word of the state.
    pub(crate) state: String,
    pub(crate) due_on: Option<String>,
    pub(crate) responsible: Option<String>,
    pub(crate) found_by: Option<Uuid>,
    pub(crate) rule: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) evidence: Vec<Uuid>,
    pub(crate) unsent: bool,
}

/// Where a save stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OutboxState {
    Queued,
    InFlight,
    Acked {
        st: VerdictState,
        why: Option<Why>,
    },
    /// The office has it in a backup too.
    Durable,
}

/// One save in the queue.
#[derive(Clone, PartialEq)]
pub(crate) struct OutboxItem {
    pub(crate) id: Uuid,
    pub(crate) seq: u64,
    pub(crate) saved_at: i64,
    /// Kind of the first record written, such as `visit`.
    pub(crate) kind: String,
    pub(crate) e: Uuid,
    /// Name of the recipient it is about.
    pub(crate) name: String,
    pub(crate) state: OutboxState,
    pub(crate) bytes: usize,
    /// Photos and signatures it attaches, and how many the office has.
    pub(crate) photos: u32,
    pub(crate) photos_at_office: u32,
}

/// Two values of one field.
#[derive(Clone, PartialEq)]
pub(crate) struct ConflictRow {
    pub(crate) id: Uuid,
    pub(crate) recipient: Option<Uuid>,
    pub(crate) name: String,
    /// The record whose field it is.
    pub(crate) of: Uuid,
    pub(crate) field: String,
    pub(crate) class: String,
    pub(crate) current: Value,
    pub(crate) other: Value,
    /// Account ids and times, of `current` and `other`.
    pub(crate) by: Vec<String>,
    pub(crate) at: Vec<i64>,
    /// `open current other value`.
    pub(crate) state: String,
    /// The recipient's village; empty where it is not known here.
    pub(crate) village: String,
    /// What stands in the file now, which a later write may have changed.
    pub(crate) now: Value,
}

/// A save that the office keeps for a person.
#[derive(Clone, PartialEq)]
pub(crate) struct HeldRow {
    pub(crate) id: Uuid,
    pub(crate) changeset: Uuid,
    pub(crate) why: Why,
    pub(crate) ops: Value,
    pub(crate) by: String,
    pub(crate) at: i64,
    /// `open current other`.
    pub(crate) state: String,
    pub(crate) name: String,
    pub(crate) village: String,
    pub(crate) recipient: Option<Uuid>,
}

/// A value that waits for the office.
#[derive(Clone, PartialEq)]
pub(crate) struct ProposalRow {
    pub(crate) id: Uuid,
    /// The record whose field it is: the file, or one of its entitlements.
    pub(crate) of: Uuid,
    /// The category of that entitlement; empty for the file.
    pub(crate) category: String,
    pub(crate) recipient: Uuid,
    pub(crate) name: String,
    pub(crate) village: String,
    pub(crate) field: String,
    /// The value, or what is shown of it.
    pub(crate) value: Value,
    /// What stands now.
    pub(crate) current: Value,
    pub(crate) visit: Option<Uuid>,
    pub(crate) by: String,
    pub(crate) at: i64,
    /// `open accepted refused`.
    pub(crate) state: String,
    /// What the office wrote when it refused; empty where it wrote nothing.
    pub(crate) reason: String,
}

/// A save that the office cannot take; it stays here.
#[derive(Clone, PartialEq)]
pub(crate) struct RejectedRow {
    pub(crate) changeset: Uuid,
    pub(crate) why: Why,
    pub(crate) saved_at: i64,
    pub(crate) kind: String,
    pub(crate) name: String,
}

/// What a person must look at.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Attention {
    pub(crate) conflicts: Vec<ConflictRow>,
    pub(crate) held: Vec<HeldRow>,
    pub(crate) proposals: Vec<ProposalRow>,
    pub(crate) rejected: Vec<RejectedRow>,
}

/// An area of the scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AreaRow {
    pub(crate) id: AreaId,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) parent: Option<AreaId>,
    /// Recipients on this device.
    pub(crate) counted: Counted,
    /// Held whole, at the cursor.
    pub(crate) complete: bool,
}

/// A question that keeps a visit from being finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MissingAnswer {
    /// The question; [`super::Data::current`] and the form jump to it.
    pub(crate) code: String,
    pub(crate) problem: AnswerProblem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AnswerProblem {
    Missing,
    /// Outside of the limits that the question names.
    Invalid,
}
