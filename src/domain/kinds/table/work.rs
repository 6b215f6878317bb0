//! Kinds of the work around a file: visits, needs and what follows, sponsors, plans, rules, and the server's own.

use super::{append, critical, plain, set};
use crate::kinds::{Field, Group};

/// A visit (domain.md §4.2); `answers` is one JSON object by question code. `cancelled` has a door (`domain::visit::guard`).
pub(super) const VISIT: &[Field] = &[
    plain("kind", Group::Visit),
    plain("planned_on", Group::Visit),
    plain("due_on", Group::Visit),
    plain("started_at", Group::Visit),
    plain("ended_at", Group::Visit),
    plain("visitors", Group::Visit),
    plain("met", Group::Visit),
    plain("place", Group::Visit),
    plain("geo", Group::Visit),
    plain("template", Group::Visit),
    plain("template_version", Group::Visit),
    plain("answers", Group::Visit),
    plain("gift", Group::Visit),
    plain("result", Group::Visit),
    plain("next_due", Group::Visit),
    plain("completed_at", Group::Visit),
    plain("cancelled", Group::Visit),
    append("reviews", Group::Review),
    set("blobs", Group::Visit),
    // The version of the notice that was shown when this was collected (PIPL §17).
    plain("notice_version", Group::Visit),
];

/// Photos that lie in a file (domain.md §3.5): of a house or a person in a kind that phones are sent, of papers in one that they are not.
pub(super) const ATTACHMENT: &[Field] = &[
    plain("attachment_kind", Group::Visit),
    plain("taken_on", Group::Visit),
    plain("remark", Group::Visit),
    set("blobs", Group::Visit),
];

/// What a person, or his kin, asks about what is kept of him (PIPL §44–§49): anybody takes it down, the office decides.
pub(super) const RIGHTS_REQUEST: &[Field] = &[
    plain("kind", Group::Task),
    plain("asked_by", Group::Task),
    plain("asker", Group::Task),
    plain("relation", Group::Task),
    plain("asked_on", Group::Task),
    plain("what", Group::Task),
    plain("state", Group::Office),
    plain("decision", Group::Office),
    plain("decided_on", Group::Office),
    plain("decided_by", Group::Office),
];

/// A need (domain.md §5); `evidence` is the set of visits that showed it. `state` has a door (`domain::need::guard`); `steps` tells who took which
/// step when, `verified_by` and `follow_up` name the visits that two of them ask for.
pub(super) const NEED: &[Field] = &[
    plain("kind", Group::Need),
    plain("urgency", Group::Need),
    plain("found_by", Group::Need),
    plain("rule", Group::Need),
    set("evidence", Group::Need),
    plain("state", Group::Need),
    plain("reason", Group::Need),
    plain("responsible", Group::Need),
    plain("due_on", Group::Need),
    append("steps", Group::Need),
    plain("told_on", Group::Need),
    plain("verified_by", Group::Need),
    plain("notice_until", Group::Need),
    plain("follow_up_on", Group::Need),
    plain("follow_up", Group::Need),
];

/// Something to be done for a family, found by a visit or by the office.
pub(super) const TASK: &[Field] = &[
    plain("kind", Group::Task),
    plain("what", Group::Task),
    plain("found_by", Group::Task),
    plain("rule", Group::Task),
    plain("responsible", Group::Task),
    plain("due_on", Group::Task),
    plain("state", Group::Task),
];

/// Help against a need. The office plans it; whoever does it says that it is done and shows it.
pub(super) const MEASURE: &[Field] = &[
    plain("need", Group::Measure),
    plain("kind", Group::Measure),
    plain("what", Group::Measure),
    plain("amount", Group::Measure),
    plain("sponsor", Group::Measure),
    plain("responsible", Group::Measure),
    plain("due_on", Group::Measure),
    plain("state", Group::Measure),
    plain("done_on", Group::Need),
    set("evidence", Group::Need),
    plain("provider", Group::Measure),
    plain("result", Group::Need),
    set("blobs", Group::Need),
];

/// The people behind one door, joined by a person and never by a rule.
pub(super) const HOUSEHOLD: &[Field] = &[
    plain("head", Group::Household),
    plain("addr", Group::Household),
    set("members", Group::Household),
    plain("remark", Group::Household),
];

/// A firm, association or person that helps.
pub(super) const SPONSOR: &[Field] = &[
    plain("name", Group::Sponsor),
    plain("kind", Group::Sponsor),
    plain("credit_code", Group::Sponsor),
    plain("contact", Group::Sponsor),
    plain("phone", Group::Sponsor),
    // `{from, to, scope}` (`domain::sponsor::Agreement`).
    plain("agreement", Group::Sponsor),
];

/// What a sponsor promised. It lies where the family lies that it names, else where its sponsor does.
pub(super) const PLEDGE: &[Field] = &[
    plain("sponsor", Group::Sponsor),
    plain("amount", Group::Sponsor),
    plain("goods", Group::Sponsor),
    plain("need", Group::Sponsor),
    plain("recipient", Group::Sponsor),
    plain("due_on", Group::Sponsor),
];

/// What a sponsor gave; `completes`: all goods of its pledge have come.
pub(super) const DONATION: &[Field] = &[
    plain("sponsor", Group::Sponsor),
    plain("pledge", Group::Sponsor),
    plain("given_on", Group::Sponsor),
    plain("amount", Group::Sponsor),
    plain("goods", Group::Sponsor),
    plain("receipt_no", Group::Sponsor),
    plain("measure", Group::Sponsor),
    plain("completes", Group::Sponsor),
];

/// One line of the year's work plan (domain.md §8.1).
pub(super) const PLAN_TASK: &[Field] = &[
    plain("title", Group::Plan),
    plain("parent_task", Group::Plan),
    plain("unit", Group::Plan),
    set("co_units", Group::Plan),
    plain("responsible", Group::Plan),
    plain("indicator", Group::Plan),
    plain("due_on", Group::Plan),
    plain("state", Group::Plan),
    append("progress", Group::Plan),
    set("evidence", Group::Plan),
    plain("seed_ref", Group::Plan),
];

/// Placement, rights, school places and other cases (domain.md §7).
pub(super) const CASE: &[Field] = &[
    plain("kind", Group::Case),
    plain("person", Group::Case),
    plain("level", Group::Case),
    plain("opened_on", Group::Case),
    plain("responsible", Group::Case),
    critical("state", Group::Case),
    plain("due_on", Group::Case),
    append("steps", Group::Case),
    plain("outcome", Group::Case),
];

/// A checklist; a published version never changes (`domain::checklist::published`). Of its text more pieces may follow: `body2`, …
pub(super) const CHECKLIST_TEMPLATE: &[Field] = &[
    plain("code", Group::Template),
    plain("version", Group::Template),
    plain("title", Group::Template),
    plain("state", Group::Template),
    plain("body", Group::Template),
];

/// A published standard (domain.md §6).
pub(super) const STANDARD: &[Field] = &[
    plain("kind", Group::Standard),
    plain("year", Group::Standard),
    plain("key", Group::Standard),
    critical("amount", Group::Standard),
    plain("basis", Group::Standard),
    plain("doc_no", Group::Standard),
    plain("published_on", Group::Standard),
    plain("effective_from", Group::Standard),
    plain("effective_to", Group::Standard),
    plain("supersedes", Group::Standard),
];

/// A parameter of the county or township.
pub(super) const POLICY: &[Field] = &[plain("name", Group::Standard), plain("value", Group::Standard)];

/// Two writes that did not know of each other (sync.md §5).
pub(super) const CONFLICT: &[Field] = &[
    plain("of", Group::Server),
    plain("field", Group::Server),
    plain("class", Group::Server),
    plain("current", Group::Server),
    plain("other", Group::Server),
    plain("by", Group::Server),
    plain("t", Group::Server),
    plain("state", Group::Server),
];

/// A changeset that waits for a person.
pub(super) const HELD: &[Field] = &[
    plain("changeset", Group::Server),
    plain("why", Group::Server),
    plain("ops", Group::Server),
    plain("by", Group::Server),
    plain("t", Group::Server),
    plain("state", Group::Server),
];

/// A worker's change that the office decides.
pub(super) const PROPOSAL: &[Field] = &[
    plain("recipient", Group::Server),
    plain("field", Group::Server),
    plain("value", Group::Server),
    plain("visit", Group::Server),
    plain("by", Group::Server),
    plain("t", Group::Server),
    plain("state", Group::Server),
];
