//! The rows of the table of kinds. A new field is one line here.

mod recipient;
mod work;

use super::{
    Field, FieldClass, Group, Guard, Kind, Right, View,
    Whose::{self, About, Below, File, Named, Nobody},
};
use crate::access::Role;

/// Roles that keep files: all of the offices.
const OFFICE: &[Role] = &[Role::TownshipClerk, Role::TownshipLead, Role::CountyClerk, Role::CountyLead];
/// Roles of the county's office.
const COUNTY: &[Role] = &[Role::CountyClerk, Role::CountyLead];
/// Roles that publish checklists.
const TEMPLATES: &[Role] = &[Role::CountyClerk, Role::CountyLead, Role::Admin];
/// Roles that are sent checklists: who works by them, and who publishes them.
const TEMPLATE_READERS: &[Role] = &[
    Role::VillageWorker,
    Role::TownshipClerk,
    Role::TownshipLead,
    Role::CountyClerk,
    Role::CountyLead,
    Role::Admin,
];
/// The offices and the village.
const FIELD: &[Role] =
    &[Role::VillageWorker, Role::TownshipClerk, Role::TownshipLead, Role::CountyClerk, Role::CountyLead];
const NOBODY: &[Role] = &[];

/// All kinds; parents before their children, and what is named before what names it.
pub(super) static KINDS: &[Kind] = &[
    kind("recipient", recipient::RECIPIENT, Group::Office, FIELD, FIELD, File),
    child("entitlement", recipient::ENTITLEMENT, Group::Category, OFFICE, FIELD),
    guarded(child("visit", work::VISIT, Group::Visit, FIELD, FIELD), crate::visit::guard()),
    guarded(child("need", work::NEED, Group::Need, FIELD, FIELD), crate::need::guard()),
    child("task", work::TASK, Group::Task, FIELD, FIELD),
    child("measure", work::MEASURE, Group::Measure, OFFICE, FIELD),
    child("attachment", work::ATTACHMENT, Group::Visit, FIELD, FIELD),
    child("paper", work::ATTACHMENT, Group::Visit, FIELD, OFFICE),
    child("rights_request", work::RIGHTS_REQUEST, Group::Task, FIELD, FIELD),
    kind("household", work::HOUSEHOLD, Group::Household, FIELD, FIELD, Named(&["head", "members"])),
    kind("sponsor", work::SPONSOR, Group::Sponsor, OFFICE, OFFICE, Nobody),
    kind("pledge", work::PLEDGE, Group::Sponsor, OFFICE, OFFICE, Named(&["recipient", "need"])),
    kind("donation", work::DONATION, Group::Sponsor, OFFICE, OFFICE, Named(&["measure", "pledge"])),
    kind("plan_task", work::PLAN_TASK, Group::Plan, OFFICE, OFFICE, Nobody),
    kind("case", work::CASE, Group::Case, OFFICE, OFFICE, Named(&["person"])),
    kind(
        "checklist_template",
        work::CHECKLIST_TEMPLATE,
        Group::Template,
        TEMPLATES,
        TEMPLATE_READERS,
        Nobody,
    ),
    kind("standard", work::STANDARD, Group::Standard, COUNTY, FIELD, Nobody),
    kind("policy", work::POLICY, Group::Standard, COUNTY, FIELD, Nobody),
    kind("conflict", work::CONFLICT, Group::Server, NOBODY, FIELD, About),
    kind("held", work::HELD, Group::Server, NOBODY, FIELD, About),
    kind("proposal", work::PROPOSAL, Group::Server, NOBODY, FIELD, About),
];

/// What a role may do with a group; what is not named is none.
pub(super) fn right(role: Role, group: Group) -> Right {
    match role {
        Role::VillageWorker => village_right(group),
        Role::TownshipClerk | Role::TownshipLead => match group {
            Group::Template | Group::Standard | Group::Server => Right::None,
            _ => Right::Write,
        },
        Role::CountyClerk | Role::CountyLead if group == Group::Server => Right::None,
        Role::CountyClerk | Role::CountyLead => Right::Write,
        Role::Admin if group == Group::Template => Right::Write,
        Role::UnitContact | Role::Auditor | Role::Admin => Right::None,
    }
}

fn village_right(group: Group) -> Right {
    match group {
        Group::Contact | Group::Residence | Group::Health | Group::Household | Group::Position => {
            Right::Write
        }
        Group::Visit | Group::Need | Group::Task => Right::Write,
        Group::Identity | Group::Category | Group::Status | Group::Bank => Right::Propose,
        Group::Death | Group::Area | Group::Plaque => Right::Propose,
        _ => Right::None,
    }
}

const fn kind(
    name: &'static str,
    fields: &'static [Field],
    default_group: Group,
    create: &'static [Role],
    pull: &'static [Role],
    whose: Whose,
) -> Kind {
    Kind { name, parent: None, fields, default_group, guard: None, whose, create, pull }
}

/// A kind whose records hang below a recipient.
const fn child(
    name: &'static str,
    fields: &'static [Field],
    default_group: Group,
    create: &'static [Role],
    pull: &'static [Role],
) -> Kind {
    Kind { name, parent: Some("recipient"), fields, default_group, guard: None, whose: Below, create, pull }
}

/// A kind of which a field has a door of its own.
const fn guarded(kind: Kind, guard: Guard) -> Kind {
    Kind { guard: Some(guard), ..kind }
}

const fn field(name: &'static str, class: FieldClass, group: Group, view: View) -> Field {
    Field { name, class, group, view }
}

const fn plain(name: &'static str, group: Group) -> Field {
    field(name, FieldClass::Plain, group, View::Open)
}

const fn critical(name: &'static str, group: Group) -> Field {
    field(name, FieldClass::Critical, group, View::Open)
}

/// A sealed number of which everyone sees the tail.
const fn tail(name: &'static str, group: Group) -> Field {
    field(name, FieldClass::Sealed, group, View::Tail)
}

const fn set(name: &'static str, group: Group) -> Field {
    field(name, FieldClass::Set, group, View::Open)
}

const fn append(name: &'static str, group: Group) -> Field {
    field(name, FieldClass::Append, group, View::Open)
}
