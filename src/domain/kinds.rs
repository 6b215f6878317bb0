//! The table of record kinds: each kind's fields, the class and group of a field, and what a role may do.
//!
//! One row of [`kinds`] is all that sync, the server's rights and the client's stores need to know of a kind.
//! An unknown field of a known kind is stored as plain, with the right of the kind's default group.

mod guard;
mod table;

pub use guard::{Fields, Guard, Turn};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::access::Role;

/// How a clash on a field is settled, and how its value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldClass {
    /// The later write wins, and a conflict record keeps the other.
    Plain,
    /// The standing value stays, the other waits for a person.
    Critical,
    /// As critical, and the value is sealed to the server.
    Sealed,
    /// A set: items are added and removed, never in conflict.
    Set,
    /// A list that only grows, never in conflict.
    Append,
}

/// What a role may do with the fields of a group; the later in order the less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// The write is applied.
    Write,
    /// The write becomes a proposal for the office.
    Propose,
    /// The changeset is held for a person.
    None,
}

/// How much of a field a role is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// The value itself.
    Full,
    /// Only `{show, idx?}`: a tail or a year; of rows with numbers the rows, with the tails of their numbers.
    Show,
    /// Nothing at all.
    None,
}

/// A group of fields that share their rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Name, ID number, birth and what else a paper says about a person.
    Identity,
    /// Category, grade, cause, certificate, service.
    Category,
    /// Whether a file or an entitlement is running.
    Status,
    /// Bank, account.
    Bank,
    /// Death and its day.
    Death,
    /// The area a record lies in.
    Area,
    /// Phones and people to ask.
    Contact,
    /// Where and how a person lives.
    Residence,
    /// Health, care, insurance.
    Health,
    /// Family, work, income.
    Household,
    /// A place on earth.
    Position,
    /// 光荣牌 and 优待证.
    Plaque,
    /// Notes and duties of the office.
    Office,
    /// What a visitor records.
    Visit,
    /// What the office says about a visit.
    Review,
    /// A difficulty found.
    Need,
    /// Help against a need.
    Measure,
    /// Something to be done for a family.
    Task,
    /// Sponsors, pledges, donations.
    Sponsor,
    /// The year's work plan.
    Plan,
    /// Placement, rights and other cases.
    Case,
    /// Checklists.
    Template,
    /// Published standards and policy.
    Standard,
    /// Written by the server alone: conflicts, held changesets, proposals.
    Server,
}

/// Which roles see how much of a field of a kind that they pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// All of it, every role.
    Open,
    /// The tail, every role; in full only by a logged unmasking.
    Tail,
    /// The tail at the office, nothing in the village.
    OfficeTail,
    /// In full at the office, the year in the village.
    Year,
    /// Rows with numbers: in full at the office, with the tails of the numbers in the village.
    Rows,
}

/// One field of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The wire name, a snake_case identifier of domain.md.
    pub name: &'static str,
    /// How clashes are settled.
    pub class: FieldClass,
    /// Whose rights it shares.
    pub group: Group,
    pub(crate) view: View,
}

/// Whose values the records of a kind hold, and with whom they go in the end (PIPL §19, §47).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A person's: this is the file.
    File,
    /// The person's below whose file they hang.
    Below,
    /// Those people's whose files, or what hangs below them, these fields name: they go with the last of them.
    Named(&'static [&'static str]),
    /// They repeat what stands in the record that they are about.
    About,
    /// Nobody's.
    Nobody,
}

/// One kind of record.
#[derive(Debug)]
pub struct Kind {
    /// The wire name.
    pub name: &'static str,
    /// The kind whose record is the parent, for children.
    pub parent: Option<&'static str>,
    /// All fields this build knows.
    pub fields: &'static [Field],
    /// The group of fields this build does not know; `*` in the printed table.
    pub default_group: Group,
    /// What is asked before one of its fields may change.
    pub guard: Option<Guard>,
    /// Whose values its records hold.
    pub whose: Whose,
    pub(crate) create: &'static [Role],
    pub(crate) pull: &'static [Role],
}

/// The table of kinds.
pub fn kinds() -> &'static [Kind] {
    table::KINDS
}

/// The kind of a wire name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    table::KINDS.iter().find(|kind| kind.name == name)
}

impl Kind {
    /// The field of a wire name, if this build knows it.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The class of a field; an unknown field is plain.
    pub fn class(&self, field: &str) -> FieldClass {
        self.field(field).map_or(FieldClass::Plain, |field| field.class)
    }

    /// The group of a field; an unknown field is in the default group.
    pub fn group(&self, field: &str) -> Group {
        self.field(field).map_or(self.default_group, |field| field.group)
    }

    /// What `role` may do with `field`.
    pub fn right(&self, role: Role, field: &str) -> Right {
        table::right(role, self.group(field))
    }

    /// How much of `field` is shown to `role`.
    pub fn seen(&self, role: Role, field: &str) -> Seen {
        if !self.is_pulled_by(role) {
            return Seen::None;
        }
        let village = role == Role::VillageWorker;
        match self.field(field).map_or(View::Open, |field| field.view) {
            View::Open => Seen::Full,
            View::Tail => Seen::Show,
            View::OfficeTail if village => Seen::None,
            View::OfficeTail => Seen::Show,
            View::Year | View::Rows if village => Seen::Show,
            View::Year | View::Rows => Seen::Full,
        }
    }

    /// Whether `field` holds rows with numbers, which are shown in part by [`crate::mask::rows`].
    pub fn has_numbers_in_rows(&self, field: &str) -> bool {
        self.field(field).is_some_and(|field| field.view == View::Rows)
    }

    /// Whether `role` may create a record of this kind.
    pub fn may_create(&self, role: Role) -> bool {
        self.create.contains(&role)
    }

    /// Whether `role` is sent records of this kind.
    pub fn is_pulled_by(&self, role: Role) -> bool {
        self.pull.contains(&role)
    }

    /// The groups that occur in this kind, its default group among them.
    fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = self.fields.iter().map(|field| field.group).collect();
        groups.push(self.default_group);
        groups.sort_unstable();
        groups.dedup();
        groups
    }
}

/// The whole table as `huifang kinds --json` prints it; what is not listed is none.
pub fn kinds_json() -> Value {
    table::KINDS.iter().map(|kind| (kind.name.to_owned(), kind_json(kind))).collect::<Map<_, _>>().into()
}

fn kind_json(kind: &Kind) -> Value {
    let names = kind.fields.iter().map(|field| field.name).chain(["*"]);
    let fields: Map<String, Value> = names.map(|name| (name.to_owned(), field_json(kind, name))).collect();
    let roles: Map<String, Value> = Role::ALL
        .into_iter()
        .filter_map(|role| Some((role.word().to_owned(), role_json(kind, role)?)))
        .collect();
    json!({ "parent": kind.parent, "fields": fields, "roles": roles })
}

fn field_json(kind: &Kind, name: &str) -> Value {
    let seen: Map<String, Value> = Role::ALL
        .into_iter()
        .map(|role| (role, kind.seen(role, name)))
        .filter(|(_, seen)| *seen != Seen::None)
        .map(|(role, seen)| (role.word().to_owned(), json!(seen)))
        .collect();
    json!({ "class": kind.class(name), "group": kind.group(name), "seen": seen })
}

fn role_json(kind: &Kind, role: Role) -> Option<Value> {
    let groups: Map<String, Value> = kind
        .groups()
        .into_iter()
        .map(|group| (group, table::right(role, group)))
        .filter(|(_, right)| *right != Right::None)
        .filter_map(|(group, right)| Some((json!(group).as_str()?.to_owned(), json!(right))))
        .collect();
    let (create, pull) = (kind.may_create(role), kind.is_pulled_by(role));
    (create || pull || !groups.is_empty())
        .then(|| json!({ "groups": groups, "create": create, "pull": pull }))
}

#[cfg(test)]
mod tests;
